// SPDX-License-Identifier: GPL-2.0-or-later
/* capture/decode.c: the name of a task, wherever it lies in a record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "capture/decode.h"

#define RECORD_LEN 40
#define NR_RECORDS 300

/* What follows the name, and what stands before it, is never 0, so that none of it goes unseen. */
static void fill(uint8_t *record, uint32_t at, uint32_t size)
{
	uint32_t i;

	for (i = 0; i < RECORD_LEN; i++)
		record[i] = (uint8_t)(1 + rand() % 255);
	for (i = at; i < at + size; i++)
		if (!(rand() % 12))
			record[i] = 0;
}

static void expect(const uint8_t *from, uint32_t size, char name[COMM_LEN])
{
	uint32_t i;

	memset(name, 0, COMM_LEN);
	for (i = 0; i < size && i < COMM_LEN - 1 && from[i]; i++)
		name[i] = (char)from[i];
}

/* A page that begins with it, behind one that nobody may read. */
static uint8_t *map_record(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *pages = mmap(NULL, 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(pages, MAP_FAILED);
	assert_int_equal(mprotect(pages + page, page, PROT_READ | PROT_WRITE), 0);
	return pages + page;
}

static void unmap_record(uint8_t *record)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	assert_int_equal(munmap(record - page, 2 * page), 0);
}

static void check(uint32_t at, uint32_t size)
{
	struct binding binding = { .text_how = TEXT_FIXED,
				   .text_at = (uint16_t)at,
				   .text_size = (uint16_t)size };
	struct decoder decoder = { .bindings = &binding };
	uint8_t *record = map_record();
	struct item item = { .data = record, .len = RECORD_LEN };
	struct event ev = { .kind = EV_SLOW_ENTER };
	char name[COMM_LEN];
	int i;

	for (i = 0; i < NR_RECORDS; i++) {
		fill(record, at, size);
		expect(record + at, size, name);
		memset(ev.comm, 'x', COMM_LEN);
		assert_true(decode_text(&decoder, &item, &ev));
		assert_memory_equal(ev.comm, name, COMM_LEN);
	}
	unmap_record(record);
}

static void a_name_is_what_comes_before_its_end(void **state)
{
	uint32_t at, size;

	(void)state;
	for (at = 0; at < RECORD_LEN; at++)
		for (size = 0; at + size <= RECORD_LEN; size++)
			check(at, size);
}

static void a_name_beyond_the_record_is_none(void **state)
{
	struct binding binding = { .text_how = TEXT_FIXED, .text_at = 30, .text_size = 11 };
	struct decoder decoder = { .bindings = &binding };
	uint8_t record[RECORD_LEN] = { 0 };
	struct item item = { .data = record, .len = RECORD_LEN };
	struct event ev = { .kind = EV_SLOW_ENTER };

	(void)state;
	assert_false(decode_text_fits(&decoder, &item));
	assert_false(decode_text(&decoder, &item, &ev));
	binding.text_size = 10;
	assert_true(decode_text_fits(&decoder, &item));
	assert_true(decode_text(&decoder, &item, &ev));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_what_comes_before_its_end),
		cmocka_unit_test(a_name_beyond_the_record_is_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
