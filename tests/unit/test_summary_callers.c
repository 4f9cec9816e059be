// SPDX-License-Identifier: GPL-2.0-or-later
/* summary/callers: rows by the names of functions, whatever happens the sum of all episodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "summary_fixture.h"

static const struct visit quick[] = { { STAGE_ENTRY, 100 } };
static const struct visit slow[] = { { STAGE_ENTRY, 100 }, { STAGE_RECLAIM, 900 } };

static void add(struct aggregate *agg, uint64_t id, uint32_t stack, bool is_slow)
{
	struct episode ep =
		is_slow ? fixture_episode(id, 1000 * id, OUTCOME_OK, slow, NR_OF(slow))
			: fixture_episode(id, 1000 * id, OUTCOME_OK, quick, NR_OF(quick));

	ep.stack = stack;
	assert_int_equal(aggregate_episode(agg, &ep), 0);
}

static void finish(struct aggregate *agg, struct fixture *fix, struct summary *summary)
{
	assert_int_equal(aggregate_finish(agg, &fix->input, summary), 0);
	aggregate_free(agg);
}

/* --- many stacks of one row ---------------------------------------------------------------- */

/* Number i calls from another place in the same function. */
static struct stacks *many_stacks(size_t nr)
{
	static const struct capture_info info = { .long_size = 8 };
	struct stacks *stacks = stacks_new(&info);
	size_t i;

	for (i = 1; i <= nr; i++) {
		const uint64_t words[] = { 0x3010, 0x5000 + i };
		struct event ev = { .kind = EV_STACK,
				    .text = (const char *)words,
				    .text_len = sizeof(words) };

		assert_int_equal(stacks_take(stacks, &ev), i);
	}
	assert_int_equal(stacks_ask_names(stacks), 0);
	stacks_take_symbol(stacks, "0000000000003000 T __alloc_pages_noprof");
	stacks_take_symbol(stacks, "0000000000005000 T caller");
	assert_int_equal(stacks_finish_names(stacks), 0);
	return stacks;
}

static void what_does_not_fit_is_other(void **state)
{
	const uint32_t nr = AGGREGATE_STACKS_MAX + 5;
	struct aggregate *agg = aggregate_new(0);
	struct stacks *stacks = many_stacks(nr);
	struct summary s;
	struct fixture fix;
	uint32_t i;

	(void)state;
	fixture_init(&fix);
	fix.input.stacks = stacks;
	fix.counts.stacks = nr;
	for (i = 1; i <= nr; i++)
		add(agg, i, i, i % 2);
	finish(agg, &fix, &s);
	assert_true(s.callers.known);
	assert_int_equal(s.callers.nr, 2);
	assert_int_equal(s.callers.rows[0].kind, KEY_KNOWN);
	assert_int_equal(s.callers.rows[0].times.count, AGGREGATE_STACKS_MAX);
	assert_int_equal(s.callers.rows[1].kind, KEY_OTHER);
	assert_int_equal(s.callers.rows[1].times.count, 5);
	assert_int_equal(s.limits.folded_keys, 5);
	/* 515 took 1000, 514 took 100. */
	assert_int_equal(s.callers.rows[0].times.total_ns + s.callers.rows[1].times.total_ns,
			 515 * 1000 + 514 * 100);
	assert_true(s.callers.rows[0].frames.rows[0].offset.known);
	assert_int_equal(s.callers.rows[0].frames.rows[0].offset.value, 0x10);
	assert_false(s.callers.rows[0].frames.rows[1].offset.known);
	summary_free(&s);
	stacks_free(stacks);
}

/* --- what is known ------------------------------------------------------------------------- */

static struct caller_table known_by(const char *plan, uint64_t nr_stacks, uint64_t nr_alone,
				    struct summary *s)
{
	struct aggregate *agg = aggregate_new(0);
	struct fixture fix;

	fixture_init(&fix);
	fix.input.plan = plan;
	fix.counts.stacks = nr_stacks;
	fix.counts.stacks_alone = nr_alone;
	add(agg, 1, 0, true);
	finish(agg, &fix, s);
	return s->callers;
}

static void recorded_or_not(void **state)
{
	static const char plan[] = "write instances/g/events/g/slow_enter/trigger stacktrace\n";
	struct caller_table callers;
	struct summary s;

	(void)state;
	callers = known_by("write instances/g/events/g/slow_enter/enable 1\n", 0, 0, &s);
	assert_false(callers.known);
	assert_int_equal(callers.nr, 0);
	assert_false(s.limits.stacks_alone.known);
	summary_free(&s);
	/* Asked for, and none came: the episode's is not known. */
	callers = known_by(plan, 0, 0, &s);
	assert_true(callers.known);
	assert_int_equal(callers.nr, 1);
	assert_int_equal(callers.rows[0].kind, KEY_UNKNOWN);
	assert_int_equal(callers.rows[0].times.count, 1);
	assert_true(s.limits.stacks_alone.known);
	summary_free(&s);
	/* Somebody else's recording tells nothing of what was asked for. */
	callers = known_by(NULL, 0, 3, &s);
	assert_true(callers.known);
	assert_int_equal(s.limits.stacks_alone.value, 3);
	summary_free(&s);
}

/* Whatever number an episode bears: without such a stack it has none. */
static void a_number_that_is_none(void **state)
{
	struct aggregate *agg = aggregate_new(3);
	struct stacks *stacks = fixture_stacks();
	struct summary s;
	struct fixture fix;

	(void)state;
	fixture_init(&fix);
	fix.input.stacks = stacks;
	fix.counts.stacks = 3;
	add(agg, 1, 77, true);
	add(agg, 2, 1, true);
	add(agg, 3, STACK_NOT_KEPT, true);
	finish(agg, &fix, &s);
	assert_int_equal(s.callers.nr, 3);
	assert_int_equal(s.callers.rows[0].frames.nr, 3);
	assert_int_equal(s.callers.rows[1].kind, KEY_UNKNOWN);
	assert_int_equal(s.callers.rows[2].kind, KEY_OTHER);
	assert_false(s.worst[0].stack.known);
	assert_true(s.worst[1].stack.known);
	assert_string_equal(s.worst[1].stack.rows[1].function, "handle_mm_fault");
	assert_false(s.worst[2].stack.known);
	summary_free(&s);
	stacks_free(stacks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_fit_is_other),
		cmocka_unit_test(recorded_or_not),
		cmocka_unit_test(a_number_that_is_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
