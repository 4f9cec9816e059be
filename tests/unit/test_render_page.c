// SPDX-License-Identifier: GPL-2.0-or-later
/* render/text_page, text_source: lines fold where they should, marks become colours or nothing, and
 * the sentences say what the numbers are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "render/render.h"
#include "render/text_parts.h"

static char *shown(const char *text, unsigned int width, bool colour)
{
	const struct text_style style = { width, colour };
	struct text_page page;
	struct err err;
	char *bytes;
	size_t len;
	FILE *out = open_memstream(&bytes, &len);

	assert_non_null(out);
	assert_non_null(text_begin(&page));
	fputs(text, page.file);
	assert_int_equal(text_end(&page, &style, out, "page", &err), 0);
	fclose(out);
	return bytes;
}

static void expect(const char *text, unsigned int width, const char *wanted)
{
	char *got = shown(text, width, false);

	assert_string_equal(got, wanted);
	free(got);
}

static void lines_fold_between_words(void **state)
{
	(void)state;
	expect("short\n\nlines\n", 40, "short\n\nlines\n");
	expect("one two three four five six seven eight nine ten\n", 40,
	       "one two three four five six seven eight\nnine ten\n");
	/* Under the last column. */
	expect("ok      12  a relation that is too long for the line\n", 40,
	       "ok      12  a relation that is too long\n            for the line\n");
	/* Too narrow for that. */
	expect("                              a relation that is too long\n", 40,
	       "                              a relation\n    that is too long\n");
	/* Between flags; and what has no such place stays. */
	expect("By gfp: GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP\n", 40,
	       "By gfp: GFP_HIGHUSER_MOVABLE|__GFP_ZERO|\n__GFP_COMP\n");
	expect("a_word_that_is_longer_than_the_whole_of_the_line\n", 40,
	       "a_word_that_is_longer_than_the_whole_of_the_line\n");
	expect("one two three four five six seven eight nine ten\n", 0,
	       "one two three four five six seven eight nine ten\n");
}

static void a_tie_is_no_place_to_fold(void **state)
{
	(void)state;
	expect("    callee_of_all_the_other" MARK_TIE "< its_caller" MARK_TIE "< a_caller\n", 40,
	       "    callee_of_all_the_other <\n    its_caller < a_caller\n");
}

static void columns_are_characters(void **state)
{
	(void)state;
	expect("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 "
	       "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 1234567 1234567 12345\n",
	       41,
	       "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 "
	       "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 1234567 1234567 12345\n");
	expect(MARK_HEAD "one two three four five six seven eigh" MARK_END " ni\n", 41,
	       "one two three four five six seven eigh ni\n");
}

static void marks(void **state)
{
	char *got = shown(MARK_HEAD "a" MARK_END " " MARK_BAD "b" MARK_END "\n", 40, true);

	(void)state;
	assert_string_equal(got, "\033[1ma\033[0m \033[31mb\033[0m\n");
	free(got);
	expect(MARK_HEAD "a" MARK_END " " MARK_GOOD "b" MARK_END "\n", 40, "a b\n");
}

/* --- sentences ------------------------------------------------------------------------------ */

static char *printed(void (*print)(const struct summary *summary, FILE *out),
		     const struct summary *summary)
{
	char *bytes;
	size_t len;
	FILE *out = open_memstream(&bytes, &len);

	assert_non_null(out);
	print(summary, out);
	fclose(out);
	return bytes;
}

static void expect_of(void (*print)(const struct summary *summary, FILE *out),
		      const struct summary *summary, const char *wanted)
{
	char *got = printed(print, summary);

	assert_string_equal(got, wanted);
	free(got);
}

static void what_the_slowest_waited_for(void **state)
{
	static struct episode one = { .end_ns = 1000000000 }, two = { .end_ns = 500000000 };
	static struct episode kswapd = { .end_ns = 9000000000, .background = BACKGROUND_KSWAPD };
	struct worst worst[] = { { .episode = &kswapd }, { .episode = &one }, { .episode = &two } };
	struct summary summary = { .worst = worst, .nr_worst = 3 };

	(void)state;
	kswapd.stage_ns[STAGE_RECLAIM] = kswapd.end_ns;
	one.stage_ns[STAGE_COMPACT] = one.end_ns;
	two.stage_ns[STAGE_OOM] = two.end_ns;
	summary.slowpath.stalls = (struct times){ .count = 9, .total_ns = 3000000000 };
	expect_of(text_source, &summary,
		  "The slowest 2 stalls spent 66 % of 1.50 s in direct compaction; they are 50 % of "
		  "3.00 s stalled in all; seen from entry to exit.\n");

	worst[1].basis = TIME_AT_LEAST;
	one.stage_ns[STAGE_COMPACT] = 400000000;
	one.stage_ns[STAGE_ENTRY] = 600000000;
	expect_of(text_source, &summary,
		  "The slowest 2 stalls spent 1.50 s on several things, the most of it, 40 %, in "
		  "waking kswapd and the first attempts; they are 50 % of 3.00 s stalled in all; of 1 "
		  "of them an end was not seen.\n");

	summary.nr_worst = 1;
	expect_of(text_source, &summary, "");
}

static void clusters(void **state)
{
	struct timeline_row rows[12] = { 0 };
	struct summary summary = { .timeline = rows, .nr_timeline = 12 };
	char *got;
	size_t i;

	(void)state;
	for (i = 0; i < 12; i++)
		rows[i] = (struct timeline_row){ .start_ns = i * 1000000000,
						 .duration_ns = 1000000000,
						 .entries = i,
						 .stalled_ns = 10 };
	rows[7].stalled_ns = 60;
	rows[3].stalled_ns = 50;
	/* 210 in all: 60 + 50 is the half. */
	got = printed(text_clusters, &summary);
	assert_non_null(strstr(got, "half of the stalled time lies in 2 of 12 intervals; it comes in "
				    "clusters."));
	assert_true(strstr(got, "   3.00 s") < strstr(got, "   7.00 s"));
	free(got);
	for (i = 0; i < 12; i++)
		rows[i].stalled_ns = 10;
	got = printed(text_clusters, &summary);
	assert_non_null(strstr(got, "half of the stalled time lies in 6 of 12 intervals.\n"));
	free(got);
	summary.nr_timeline = 5;
	expect_of(text_clusters, &summary, "");
}

static void the_spread(void **state)
{
	static const struct bucket buckets[] = { { 0, 0, 2 },
						 { 1, 1, 1 },
						 { 17, 17, 80 },
						 { 1024, 1039, 1 } };
	const struct times times = { .count = 84, .buckets = buckets, .nr_buckets = 4 };
	char *bytes;
	size_t len;
	FILE *out = open_memstream(&bytes, &len);

	(void)state;
	assert_non_null(out);
	text_spread(&times, out);
	fclose(out);
	assert_string_equal(bytes, "\n" MARK_HEAD "     from  episodes  How long they took" MARK_END "\n"
				   "     1 ns         3  #\n"
				   "     4 ns         0  \n"
				   "    16 ns        80  ########################################\n"
				   "    64 ns         0  \n"
				   "   256 ns         0  \n"
				   "  1.02 us         1  .\n");
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_fold_between_words),
		cmocka_unit_test(a_tie_is_no_place_to_fold), cmocka_unit_test(columns_are_characters),
		cmocka_unit_test(marks), cmocka_unit_test(what_the_slowest_waited_for),
		cmocka_unit_test(clusters), cmocka_unit_test(the_spread),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
