// SPDX-License-Identifier: GPL-2.0-or-later
/* record/stack_symbols: which addresses the pages of a recording hold, and the lines they need. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/hash.h"
#include "record/stack_symbols.h"
#include "trace_file.h"

#define PAGE	 4096
#define ID_STACK 4

/* Of 6.12.118. */
static const char format_text[] =
	"name: kernel_stack\nID: 4\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	"\tfield:int size;\toffset:8;\tsize:4;\tsigned:1;\n"
	"\tfield:unsigned long caller[8];\toffset:16;\tsize:64;\tsigned:0;\n\n"
	"print fmt: \"\"\n";

static struct stack_format format(void)
{
	struct stack_format known;

	assert_true(stack_format_read(&known, format_text));
	return known;
}

static void the_format_is_read(void **state)
{
	static const char *const others[] = {
		"",
		"name: kernel_stack\nID: 4\nformat:\n",
		"name: kernel_stack\nID: 4\nformat:\n\tfield:int size;\toffset:8;\n",
		/* The addresses before their number. */
		"name: kernel_stack\nID: 4\nformat:\n\tfield:int size;\toffset:16;\n"
		"\tfield:unsigned long caller[8];\toffset:8;\n",
	};
	struct stack_format known = format();
	size_t i;

	(void)state;
	assert_int_equal(known.id, 4);
	assert_int_equal(known.size_at, 8);
	assert_int_equal(known.caller_at, 16);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(stack_format_read(&known, others[i]));
}

/* A record of that id with these addresses. */
static void add_stack(struct page_maker *page, uint16_t id, uint32_t size, const uint64_t *words,
		      size_t nr)
{
	struct blob body = { 0 };
	size_t i;

	put_u16(&body, id);
	put_room(&body, 6);
	put_u32(&body, size);
	put_room(&body, 4);
	for (i = 0; i < nr; i++)
		put_u64(&body, words[i]);
	if (body.len > 112)
		page_long_record(page, 1, body.data, body.len);
	else
		page_record(page, 1, body.data, body.len);
	blob_free(&body);
}

static bool has(const struct stack_addresses *addresses, uint64_t address)
{
	uint32_t at;

	return hash_find(addresses->index, address, &at);
}

static void addresses_of_stacks_are_found(void **state)
{
	const uint64_t few[] = { 0x1000, 0x2000 }, others[] = { 0x9000, 0x9100 };
	const uint64_t uncounted[] = { 0x3000, 0xbad0 }, closed[] = { 0x4000, UINT64_MAX, 0 };
	uint64_t many[40];
	struct stack_format known = format();
	struct stack_addresses addresses;
	struct page_maker page;
	struct blob bytes = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 40; i++)
		many[i] = 0x10000 + 0x100 * i;
	page = page_start(&bytes, PAGE, 8, 1000);
	add_stack(&page, 9, 2, others, 2);
	add_stack(&page, ID_STACK, 2, few, 2);
	page_extend(&page, 1000000);
	add_stack(&page, ID_STACK, 40, many, 40);
	page_padding(&page, 1, 16);
	add_stack(&page, ID_STACK, 1, uncounted, 2);
	add_stack(&page, ID_STACK, 3, closed, 3);
	add_stack(&page, ID_STACK, 2, few, 2);
	page_finish(&page, MISSED_EVENTS | MISSED_STORED, 3);
	assert_int_equal(stack_addresses_open(&addresses, &known), 0);
	stack_addresses_take(&addresses, bytes.data, PAGE);
	/* Each, and the byte before it. */
	assert_int_equal(addresses.nr, 2 * (2 + 40 + 1 + 1));
	assert_true(has(&addresses, 0x1000) && has(&addresses, 0xfff));
	assert_true(has(&addresses, 0x2000) && has(&addresses, 0x12700));
	assert_true(has(&addresses, 0x3000) && has(&addresses, 0x4000));
	assert_false(has(&addresses, 0x9000) || has(&addresses, 0xbad0));
	stack_addresses_close(&addresses);
	blob_free(&bytes);
}

/* Whatever stands in a page, nothing beyond it is read (the sanitizers see to that). */
static void a_page_of_anything_is_survived(void **state)
{
	struct stack_format known = format();
	struct stack_addresses addresses;
	uint8_t *bytes = malloc(PAGE);
	unsigned int round, i;

	(void)state;
	assert_non_null(bytes);
	assert_int_equal(stack_addresses_open(&addresses, &known), 0);
	srand(1);
	for (round = 0; round < 20000; round++) {
		for (i = 0; i < PAGE; i++)
			bytes[i] = (uint8_t)(rand() % (round % 3 ? 256 : 8));
		memset(bytes + 8, 0, 8);
		bytes[8] = (uint8_t)rand();
		bytes[9] = (uint8_t)(rand() % 17);
		stack_addresses_take(&addresses, bytes, PAGE);
	}
	stack_addresses_close(&addresses);
	free(bytes);
}

static void too_many_addresses_are_told(void **state)
{
	struct stack_format known = format();
	struct stack_addresses addresses;
	struct err err;
	size_t i, len;
	char *text;

	(void)state;
	assert_int_equal(stack_addresses_open(&addresses, &known), 0);
	for (i = 0; i <= STACK_ADDRESSES_MAX / 2; i++) {
		const uint64_t word = 0x1000 + 2 * i;
		struct blob bytes = { 0 };
		struct page_maker page = page_start(&bytes, PAGE, 8, 1000);

		assert_false(addresses.too_many);
		add_stack(&page, ID_STACK, 1, &word, 1);
		page_finish(&page, 0, 0);
		stack_addresses_take(&addresses, bytes.data, PAGE);
		blob_free(&bytes);
	}
	assert_true(addresses.too_many);
	assert_int_equal(stack_symbols(&addresses, "/dev/null", &text, &len, &err), -E2BIG);
	stack_addresses_close(&addresses);
}

static const char kallsyms[] = "ffffffff81000000 T _stext\n"
			       "ffffffff81000100 t inner\n"
			       "ffffffff81000100 t alias\n"
			       "ffffffff81000200 T outer\n"
			       "ffffffff81000300 D data\n"
			       "ffffffff81000400 T last\n"
			       "ffffffffc0000000 t of_a_module\t[ext4]\n"
			       "ffffffffc0000100 t the_end\t[ext4]\n";

static void only_what_is_needed_is_written(void **state)
{
	const uint64_t words[] = { 0xffffffff81000150, 0xffffffff81000180, 0xffffffff81000400,
				   0xffffffffc0000010, 0x7fffffffffffffff };
	char path[] = "/tmp/test_record_stacks.XXXXXX";
	struct stack_format known = format();
	struct stack_addresses addresses;
	struct page_maker page;
	struct blob bytes = { 0 };
	struct err err;
	char *text;
	size_t len;
	int fd = mkstemp(path);

	(void)state;
	assert_true(write(fd, kallsyms, strlen(kallsyms)) == (ssize_t)strlen(kallsyms));
	close(fd);
	page = page_start(&bytes, PAGE, 8, 1000);
	add_stack(&page, ID_STACK, 5, words, 5);
	page_finish(&page, 0, 0);
	assert_int_equal(stack_addresses_open(&addresses, &known), 0);
	stack_addresses_take(&addresses, bytes.data, PAGE);
	assert_int_equal(stack_symbols(&addresses, path, &text, &len, &err), 0);
	/*
	 * `outer` since the call at the end of it returns to what follows; the last one, which the
	 * readers of others want.
	 */
	assert_string_equal(text, "ffffffff81000100 t inner\n"
				  "ffffffff81000200 t outer\n"
				  "ffffffff81000400 t last\n"
				  "ffffffffc0000000 t of_a_module\t[ext4]\n"
				  "ffffffffc0000100 t the_end\t[ext4]\n");
	assert_int_equal(len, strlen(text));
	free(text);
	unlink(path);
	assert_int_equal(stack_symbols(&addresses, path, &text, &len, &err), -ENOENT);
	assert_non_null(strstr(err.text, path));
	stack_addresses_close(&addresses);
	blob_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_format_is_read),
		cmocka_unit_test(addresses_of_stacks_are_found),
		cmocka_unit_test(a_page_of_anything_is_survived),
		cmocka_unit_test(too_many_addresses_are_told),
		cmocka_unit_test(only_what_is_needed_is_written),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
