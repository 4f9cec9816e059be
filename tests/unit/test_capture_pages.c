// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The page walker against pages made by hand: every kind of entry and every border, in both byte
 * orders and with longs of 4 and 8 bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/pages.h"
#include "trace_file.h"

#define PAGE 4096
#define TS   1000000000000ULL

/* The four kinds of machine. */
static const struct kind {
	bool be;
	uint32_t long_size;
} kinds[] = { { false, 8 }, { false, 4 }, { true, 8 }, { true, 4 } };

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* One page, its layout, and the walk over it. */
struct fixture {
	struct blob blob;
	struct page_maker page;
	struct page_layout layout;
	struct page_head head;
	struct page_walk walk;
	struct record rec;
};

static void start(struct fixture *f, const struct kind *kind)
{
	*f = (struct fixture){ .blob = { .be = kind->be } };
	f->page = page_start(&f->blob, PAGE, kind->long_size, TS);
	f->layout = (struct page_layout){
		.page_size = PAGE,
		.data_at = 8 + kind->long_size,
		.commit_size = kind->long_size,
		.big_endian = kind->be,
	};
}

/* Ends the page and begins the walk. */
static void finish(struct fixture *f, uint32_t flags, uint64_t missed)
{
	page_finish(&f->page, flags, missed);
	assert_int_equal(f->blob.len, PAGE);
	assert_null(page_head(&f->layout, f->blob.data, &f->head));
	page_begin(&f->walk, &f->layout, f->blob.data, &f->head, PAGE_TS_MAX);
}

static void expect_record(struct fixture *f, uint64_t ts, const char *data, uint32_t len)
{
	assert_int_equal(page_next(&f->walk, &f->rec), WALK_RECORD);
	assert_int_equal(f->rec.ts, ts);
	assert_int_equal(f->rec.len, len);
	assert_memory_equal(f->rec.data, data, strlen(data));
}

static void expect_end(struct fixture *f)
{
	assert_int_equal(page_next(&f->walk, &f->rec), WALK_END);
	assert_int_equal(page_next(&f->walk, &f->rec), WALK_END);
	blob_free(&f->blob);
}

/* The walk stops with damage at `at` bytes after the first entry. */
static void expect_damage(struct fixture *f, uint32_t at)
{
	assert_int_equal(page_next(&f->walk, &f->rec), WALK_DAMAGED);
	assert_non_null(f->walk.why);
	assert_int_equal(f->walk.at - f->blob.data, f->layout.data_at + at);
	blob_free(&f->blob);
}

static void every_entry(void **state)
{
	char longest[200];
	size_t i;

	(void)state;
	memset(longest, 'l', sizeof(longest));
	for (i = 0; i < NR_KINDS; i++) {
		struct fixture f;

		start(&f, &kinds[i]);
		page_record(&f.page, 0, "abcd", 4);
		page_record(&f.page, 5, longest, 112);
		page_long_record(&f.page, 7, longest, sizeof(longest));
		page_padding(&f.page, 3, 12);
		page_record(&f.page, 0x7ffffff, "after padding", 13);
		page_extend(&f.page, (1ULL << 30) + 9);
		page_record(&f.page, 1, "extended", 8);
		page_stamp(&f.page, TS + (1ULL << 40));
		page_record(&f.page, 2, "stamped!", 8);
		finish(&f, 0, 0);
		assert_false(f.head.missed);
		expect_record(&f, TS, "abcd", 4);
		expect_record(&f, TS + 5, "llll", 112);
		expect_record(&f, TS + 12, "llll", 200);
		expect_record(&f, TS + 15 + 0x7ffffff, "after padding", 16);
		expect_record(&f, TS + 15 + 0x7ffffff + (1ULL << 30) + 9 + 1, "extended", 8);
		expect_record(&f, TS + (1ULL << 40) + 2, "stamped!", 8);
		expect_end(&f);
	}
}

/* 59 bits of a stamp: the bits above come from the time before, one more when they wrapped. */
static void stamps_above_59_bits(void **state)
{
	const uint64_t high = 3ULL << 59;
	struct fixture f;

	(void)state;
	start(&f, &kinds[0]);
	store(&f.blob, 0, high + 100, 8);
	page_stamp(&f.page, high + 200);
	page_record(&f.page, 0, "same", 4);
	page_stamp(&f.page, high + (1ULL << 59) + 50);
	page_record(&f.page, 0, "wrap", 4);
	finish(&f, 0, 0);
	expect_record(&f, high + 200, "same", 4);
	expect_record(&f, high + (1ULL << 59) + 50, "wrap", 4);
	expect_end(&f);
}

static void page_without_records(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NR_KINDS; i++) {
		struct fixture f;

		start(&f, &kinds[i]);
		finish(&f, 0, 0);
		expect_end(&f);
	}
}

/* Entries that fill the page to its last byte, with the kernel's padding of 4 or of 8 bytes. */
static void full_pages(void **state)
{
	static const uint32_t rest[] = { 0, 4, 8 };
	size_t i, k;

	(void)state;
	for (i = 0; i < NR_KINDS; i++)
		for (k = 0; k < 3; k++) {
			uint32_t room = PAGE - 8 - kinds[i].long_size - rest[k];
			char last[64] = "last";
			struct fixture f;
			uint32_t nr = 0;

			start(&f, &kinds[i]);
			for (; room >= 24; room -= 8, nr++)
				page_record(&f.page, 1, "8bit", 4);
			page_long_record(&f.page, 1, last, room - 8);
			if (rest[k] == 4)
				page_entry(&f.page, 29, 0);
			if (rest[k] == 8)
				page_padding(&f.page, 1, 4);
			finish(&f, 0, 0);
			assert_int_equal(f.head.commit, PAGE - 8 - kinds[i].long_size);
			while (nr--)
				assert_int_equal(page_next(&f.walk, &f.rec), WALK_RECORD);
			assert_int_equal(page_next(&f.walk, &f.rec), WALK_RECORD);
			assert_int_equal(f.rec.len, room - 8);
			expect_end(&f);
		}
}

static void missed_events(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NR_KINDS; i++) {
		struct fixture f;

		start(&f, &kinds[i]);
		page_record(&f.page, 0, "abcd", 4);
		finish(&f, MISSED_EVENTS, 0);
		assert_true(f.head.missed);
		assert_false(f.head.missed_counted);
		expect_record(&f, TS, "abcd", 4);
		expect_end(&f);

		start(&f, &kinds[i]);
		page_record(&f.page, 0, "abcd", 4);
		finish(&f, MISSED_EVENTS | MISSED_STORED, 123456789);
		assert_true(f.head.missed_counted);
		assert_int_equal(f.head.nr_missed, 123456789);
		expect_record(&f, TS, "abcd", 4);
		expect_end(&f);

		/* No count at all, or one that cannot be: the number is not known. */
		start(&f, &kinds[i]);
		finish(&f, MISSED_EVENTS | MISSED_STORED, 0);
		assert_true(f.head.missed);
		assert_false(f.head.missed_counted);
		blob_free(&f.blob);
	}
}

/* What page_head must refuse; `commit` is the whole word. */
static void expect_bad_head(const struct kind *kind, uint64_t ts, uint64_t commit)
{
	struct fixture f;

	start(&f, kind);
	page_finish(&f.page, 0, 0);
	store(&f.blob, 0, ts, 8);
	store(&f.blob, 8, commit, kind->long_size);
	assert_non_null(page_head(&f.layout, f.blob.data, &f.head));
	blob_free(&f.blob);
}

static void bad_heads(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NR_KINDS; i++) {
		uint32_t room = PAGE - 8 - kinds[i].long_size;

		expect_bad_head(&kinds[i], TS, room + 4);
		expect_bad_head(&kinds[i], TS, 128U << 20);
		expect_bad_head(&kinds[i], TS, 6);
		expect_bad_head(&kinds[i], 1ULL << 63, 8);
		expect_bad_head(&kinds[i], TS, MISSED_EVENTS | MISSED_STORED | room);
		if (kinds[i].long_size == 8) {
			expect_bad_head(&kinds[i], TS, 1ULL << 32 | 8);
			expect_bad_head(&kinds[i], TS, 0xffffffffULL << 32 | 8);
		}
	}
}

/* After one good record of 8 bytes, an entry made of these words. */
static void expect_bad_entry(const struct kind *kind, uint32_t type, uint32_t delta, uint32_t word)
{
	struct fixture f;

	start(&f, kind);
	page_record(&f.page, 0, "abcd", 4);
	page_entry(&f.page, type, delta);
	put_u32(&f.blob, word);
	put_room(&f.blob, 16);
	finish(&f, 0, 0);
	expect_record(&f, TS, "abcd", 4);
	expect_damage(&f, 8);
}

static void bad_entries(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NR_KINDS; i++) {
		expect_bad_entry(&kinds[i], 28, 1, 0);		 /* beyond the commit */
		expect_bad_entry(&kinds[i], 6, 1, 0);		 /* by 4 bytes */
		expect_bad_entry(&kinds[i], 0, 1, 0);		 /* no length */
		expect_bad_entry(&kinds[i], 0, 1, 4);		 /* no record in it */
		expect_bad_entry(&kinds[i], 0, 1, 10);		 /* not in words */
		expect_bad_entry(&kinds[i], 0, 1, 24);		 /* beyond the commit */
		expect_bad_entry(&kinds[i], 0, 1, (uint32_t)-8); /* negative */
		expect_bad_entry(&kinds[i], 0, 1, 2000000000);
		expect_bad_entry(&kinds[i], 29, 0, 16); /* the end, before the end */
		expect_bad_entry(&kinds[i], 29, 1, 0);
		expect_bad_entry(&kinds[i], 29, 1, 24);
		expect_bad_entry(&kinds[i], 29, 1, (uint32_t)-20);
		expect_bad_entry(&kinds[i], 31, 1, 0); /* back in time */
	}
}

/* A last entry whose second word lies beyond the commit. */
static void cut_entries(void **state)
{
	static const uint32_t types[] = { 0, 1, 30, 31 };
	size_t i, k;

	(void)state;
	for (i = 0; i < NR_KINDS; i++)
		for (k = 0; k < sizeof(types) / sizeof(types[0]); k++) {
			struct fixture f;

			start(&f, &kinds[i]);
			page_entry(&f.page, types[k], 1);
			finish(&f, 0, 0);
			expect_damage(&f, 0);
		}
}

/* No record may be later than the first of the next page. */
static void bounded_times(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, &kinds[0]);
	page_record(&f.page, 0, "abcd", 4);
	page_record(&f.page, 10, "efgh", 4);
	page_record(&f.page, 1, "ijkl", 4);
	finish(&f, 0, 0);
	f.walk.bound = TS + 10;
	expect_record(&f, TS, "abcd", 4);
	expect_record(&f, TS + 10, "efgh", 4);
	expect_damage(&f, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entry),		cmocka_unit_test(stamps_above_59_bits),
		cmocka_unit_test(page_without_records), cmocka_unit_test(full_pages),
		cmocka_unit_test(missed_events),	cmocka_unit_test(bad_heads),
		cmocka_unit_test(bad_entries),		cmocka_unit_test(cut_entries),
		cmocka_unit_test(bounded_times),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
