// SPDX-License-Identifier: GPL-2.0-or-later
/* summary/exits: the tables of reasons and retries add up, and say what is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "summary/exits.h"
#include "summary/text.h"

#define BIT(reason) (1U << (reason))

static void names(void **state)
{
	(void)state;
	assert_string_equal(exits_name(BIT(EXIT_CAPTURED)), "captured");
	assert_string_equal(exits_name(BIT(EXIT_FIRST_ATTEMPT) | BIT(EXIT_NEXT_ATTEMPT)),
			    "free_page");
	assert_string_equal(exits_name(BIT(EXIT_FIRST_ATTEMPT) | BIT(EXIT_RETRY)), "unknown");
	assert_string_equal(exits_name(0), "unknown");
}

static const struct episode episodes[] = {
	{ .outcome = OUTCOME_OK, .exits = BIT(EXIT_RECLAIM), .end_ns = 10 },
	{ .outcome = OUTCOME_OK,
	  .exits = BIT(EXIT_RECLAIM),
	  .end_ns = 30,
	  .retries = { 3, 3 },
	  .oom_lock_waits = { 0, 2 } },
	{ .outcome = OUTCOME_OK,
	  .exits = BIT(EXIT_RECLAIM),
	  .watermark = WATERMARK_MIN,
	  .end_ns = 5,
	  .retries = { 64, 64 },
	  .oom_lock_waits = { 1, 1 } },
	{ .outcome = OUTCOME_FAILED,
	  .exits = BIT(EXIT_OOM_VICTIM) | BIT(EXIT_NO_PROGRESS),
	  .end_ns = 7,
	  .retries = { 1, 2 } },
	{ .outcome = OUTCOME_IN_FLIGHT, .retries = { 9, 9 } },
	{ .outcome = OUTCOME_INCOMPLETE, .retries = { 9, BETWEEN_OPEN } },
};

#define NR_EPISODES (sizeof(episodes) / sizeof(episodes[0]))

struct tables {
	struct exits_tally tally;
	struct summary out;
};

static int add(struct tables *tables, const struct episode *ep)
{
	return exits_add(&tables->tally, ep, lot_of(ep->end_ns - ep->start_ns), TIME_EXACT);
}

static void make(struct tables *tables, const struct episode *more)
{
	size_t i;

	memset(tables, 0, sizeof(*tables));
	assert_int_equal(exits_init(&tables->tally), 0);
	for (i = 0; i < NR_EPISODES; i++)
		assert_int_equal(add(tables, &episodes[i]), 0);
	if (more)
		assert_int_equal(add(tables, more), 0);
	assert_int_equal(exits_finish(&tables->tally, true, &tables->out), 0);
}

static void drop(struct tables *tables)
{
	summary_free(&tables->out);
	exits_free(&tables->tally);
}

static void most_frequent_first(void **state)
{
	struct tables tables;
	const struct exit_row *rows;

	(void)state;
	make(&tables, NULL);
	rows = tables.out.exits.rows;
	assert_int_equal(tables.out.exits.nr, 3);
	assert_string_equal(rows[0].exit, "after_reclaim");
	assert_int_equal(rows[0].times.count, 2);
	assert_int_equal(rows[0].times.total_ns, 40);
	assert_int_equal(rows[1].watermark, WATERMARK_MIN);
	assert_int_equal(rows[2].outcome, OUTCOME_FAILED);
	assert_string_equal(rows[2].exit, "unknown");
	assert_string_equal(rows[2].text, "oom_victim or no_progress");
	drop(&tables);
}

static void expect_between(const struct number_between *number, uint64_t min, uint64_t max)
{
	assert_int_equal(number->min, min);
	assert_true(number->max.known);
	assert_int_equal(number->max.value, max);
}

static void retries_add_up(void **state)
{
	struct tables tables;

	(void)state;
	make(&tables, NULL);
	expect_between(&tables.out.exits.retries, 0 + 3 + 64 + 1, 0 + 3 + 64 + 2);
	expect_between(&tables.out.exits.most_retries, 64, 64);
	expect_between(&tables.out.exits.oom_lock_waits, 1, 3);
	expect_between(&tables.out.exits.oom_lock_waiters, 1, 2);
	assert_int_equal(tables.out.exits.by_retries[0], 1);
	assert_int_equal(tables.out.exits.by_retries[2], 1); /* 2 to 3 */
	assert_int_equal(tables.out.exits.by_retries[RETRIES_CLASSES - 1], 1);
	assert_int_equal(tables.out.exits.retries_not_exact, 1);
	drop(&tables);
}

static void no_bound_is_no_number(void **state)
{
	static const struct episode open = { .outcome = OUTCOME_FAILED,
					     .retries = { 2, BETWEEN_OPEN } };
	struct tables tables;

	(void)state;
	make(&tables, &open);
	assert_int_equal(tables.out.exits.retries.min, 70);
	assert_false(tables.out.exits.retries.max.known);
	assert_false(tables.out.exits.most_retries.max.known);
	assert_true(tables.out.exits.oom_lock_waits.max.known);
	drop(&tables);
}

static void what_cannot_be_told_is_not(void **state)
{
	struct tables tables = { 0 };

	(void)state;
	assert_int_equal(exits_init(&tables.tally), 0);
	assert_int_equal(add(&tables, &episodes[0]), 0);
	assert_int_equal(exits_finish(&tables.tally, false, &tables.out), 0);
	assert_false(tables.out.exits.known);
	assert_null(tables.out.exits.rows);
	drop(&tables);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(most_frequent_first),
		cmocka_unit_test(retries_add_up),
		cmocka_unit_test(no_bound_is_no_number),
		cmocka_unit_test(what_cannot_be_told_is_not),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
