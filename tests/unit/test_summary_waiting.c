// SPDX-License-Identifier: GPL-2.0-or-later
/* summary/ and render/: in flight, concurrency and holes, from hand-made episodes to their texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "render/render.h"
#include "summary_fixture.h"

#define WINDOW_END 1000000

static void add(struct aggregate *agg, struct episode ep)
{
	assert_int_equal(aggregate_episode(agg, &ep), 0);
}

/* Entered `age` before the window closed, and since `age` / 2 in its reclaim, without an event. */
static struct episode stalled(uint64_t id, uint64_t age)
{
	const struct visit visits[] = { { STAGE_ENTRY, age - age / 2 },
					{ STAGE_RECLAIM, age / 2 } };
	struct episode ep = fixture_episode(id, WINDOW_END - age, OUTCOME_IN_FLIGHT, visits, 2);

	fixture_request(&ep, "stress-ng-vm", 2, 0xcc0, 1);
	ep.pid = (int32_t)(1000 + id);
	ep.stage = STAGE_RECLAIM;
	ep.stage_since_ns = ep.last_event_ns = WINDOW_END - age / 2;
	ep.run = RUN_SLEEPING;
	ep.in_crowd = true;
	return ep;
}

static void summarize(struct fixture *fix, struct aggregate *agg, struct summary *s)
{
	assert_int_equal(aggregate_finish(agg, &fix->input, s), 0);
	aggregate_free(agg);
}

static char *render(int (*write)(const struct summary *, FILE *, struct err *),
		    const struct summary *s)
{
	struct err err;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_int_equal(write(s, out, &err), 0);
	fclose(out);
	return text;
}

static void assert_says(int (*write)(const struct summary *, FILE *, struct err *),
			const struct summary *s, const char *const *parts, size_t nr)
{
	char *text = render(write, s);
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strstr(text, parts[i]))
			fail_msg("no '%s' in:\n%s", parts[i], text);
	free(text);
}

static int wide_text(const struct summary *summary, FILE *out, struct err *err)
{
	static const struct text_style wide = { .width = 0 };

	return render_text_as(summary, &wide, out, err);
}

static void the_oldest_come_first(void **state)
{
	static const uint64_t ages[] = { 300, 999000, 1200000, 20 };
	static const char *const json[] = {
		"\"in_flight\": {\n    \"count\": 4,\n    \"not_listed\": 0,",
		"{ \"id\": 2, \"origin\": null, \"comm\": \"stress-ng-vm\", \"pid\": 1002, \"level\": \"task\", \"depth\": 0, "
		"\"order\": 2, \"gfp\": \"0xcc0\", \"gfp_names\": \"GFP_KERNEL\", \"stack\": null, \"stack_offsets\": null, \"age_ns\": 1200000, "
		"\"path\": \"entry > reclaim > in_flight\", \"stage\": \"reclaim\", \"stage_age_ns\": 600000, "
		"\"last_event_age_ns\": 600000, \"run\": null, \"counted\": false }",
	};
	static const char *const text[] = {
		"Still stalled when the recording ended: 4\n"
		"  1.20 ms  stress-ng-vm[1002] reclaim for 600 us, its last event 600 us ago\n",
	};
	struct aggregate *agg = aggregate_new(1);
	struct fixture fix;
	struct summary s;
	uint64_t i;

	(void)state;
	fixture_init(&fix);
	for (i = 0; i < NR_OF(ages); i++) {
		struct episode ep = stalled(i, ages[i]);

		ep.in_window = ages[i] < 1000000;
		add(agg, ep);
	}
	summarize(&fix, agg, &s);
	assert_int_equal(s.waiting.nr_in_flight_all, 4);
	assert_int_equal(s.waiting.nr_in_flight, 4);
	assert_int_equal(s.slowpath.outcomes[OUTCOME_IN_FLIGHT], 3);
	assert_int_equal(s.waiting.in_flight[0].episode->pid, 1002);
	assert_int_equal(s.waiting.in_flight[1].episode->pid, 1001);
	assert_int_equal(s.waiting.in_flight[3].episode->pid, 1003);
	assert_says(render_json, &s, json, NR_OF(json));
	assert_says(wide_text, &s, text, NR_OF(text));
	summary_free(&s);
}

static void more_than_are_listed_are_told(void **state)
{
	static const char *const json[] = { "\"count\": 1250,\n    \"not_listed\": 250," };
	static const char *const text[] = { "recording ended: 1250\n", "and 1240 more" };
	struct aggregate *agg = aggregate_new(1);
	struct fixture fix;
	struct summary s;
	uint64_t i;

	(void)state;
	fixture_init(&fix);
	for (i = 1; i <= IN_FLIGHT_MAX + 250; i++)
		add(agg, stalled(i, 10 * i));
	summarize(&fix, agg, &s);
	assert_int_equal(s.waiting.in_flight[0].episode->id, 1250);
	assert_int_equal(s.waiting.in_flight[IN_FLIGHT_MAX - 1].episode->id, 251);
	assert_says(render_json, &s, json, NR_OF(json));
	assert_says(wide_text, &s, text, NR_OF(text));
	summary_free(&s);
}

/* What is not seen of one of the crowd makes it less, or unsure; of an episode inside it does not. */
static void the_crowd_is_as_sure_as_its_edges(void **state)
{
	static const struct {
		enum outcome outcome;
		enum edge start, end;
		bool in_crowd;
		enum time_basis basis;
	} cases[] = {
		{ OUTCOME_OK, EDGE_EXACT, EDGE_EXACT, true, TIME_EXACT },
		{ OUTCOME_IN_FLIGHT, EDGE_EXACT, EDGE_UNKNOWN, true, TIME_EXACT },
		{ OUTCOME_INCOMPLETE, EDGE_EXACT, EDGE_UNKNOWN, true, TIME_AT_LEAST },
		{ OUTCOME_INCOMPLETE, EDGE_EXACT, EDGE_UNKNOWN, false, TIME_EXACT },
		{ OUTCOME_OK, EDGE_OUTSIDE, EDGE_EXACT, true, TIME_AT_MOST },
		{ OUTCOME_OK, EDGE_OUTSIDE, EDGE_BOUND, true, TIME_APPROXIMATE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(cases); i++) {
		struct aggregate *agg = aggregate_new(1);
		struct episode ep = stalled(1, 100);
		struct fixture fix;
		struct summary s;

		fixture_init(&fix);
		ep.outcome = cases[i].outcome;
		ep.start_edge = cases[i].start;
		ep.end_edge = cases[i].end;
		ep.in_crowd = cases[i].in_crowd;
		add(agg, ep);
		summarize(&fix, agg, &s);
		assert_int_equal(s.waiting.crowd.basis, cases[i].basis);
		summary_free(&s);
	}
}

static void entries_that_may_be_missing_make_it_at_least(void **state)
{
	struct aggregate *agg = aggregate_new(1);
	struct fixture fix;
	struct summary s;

	(void)state;
	fixture_init(&fix);
	fix.damage.nr = 1;
	summarize(&fix, agg, &s);
	assert_int_equal(s.waiting.crowd.basis, TIME_AT_LEAST);
	summary_free(&s);
	agg = aggregate_new(1);
	fixture_init(&fix);
	fix.counts.crowd.nr_late = 1;
	summarize(&fix, agg, &s);
	assert_int_equal(s.waiting.crowd.basis, TIME_APPROXIMATE);
	summary_free(&s);
}

static void rows_of_the_crowd_are_told(void **state)
{
	static const char *const json[] = {
		"\"max\": 70,\n    \"max_at_ns\": 5000,\n    \"mean\": 8.108,",
		"{ \"from\": 0, \"to\": 0, \"ns\": 600000, \"task_ns\": 0 },\n"
		"      { \"from\": 2, \"to\": 2, \"ns\": 300000, \"task_ns\": 600000 },\n"
		"      { \"from\": 64, \"to\": 127, \"ns\": 99000, \"task_ns\": 7500000 }\n",
		"{ \"name\": \"reclaim\", \"max\": 69, \"mean\": 7.507, \"task_ns\": 7500000 }",
	};
	static const char *const text[] = {
		"Stalled at once: 70 at most, 8.108 on average (exact); nobody for 60 % of the time.",
	};
	struct aggregate *agg = aggregate_new(1);
	struct crowd_counts *crowd;
	struct fixture fix;
	struct summary s;

	(void)state;
	fixture_init(&fix);
	crowd = &fix.counts.crowd;
	crowd->ns[0] = 600000;
	crowd->ns[2] = 300000;
	crowd->ns[64] = 99000;
	crowd->task_ns[2] = 600000;
	crowd->task_ns[64] = 7500000;
	crowd->max = 70;
	crowd->max_at_ns = 5000;
	crowd->stage_max[STAGE_RECLAIM] = 69;
	crowd->stage_task_ns[STAGE_RECLAIM] = 7500000;
	summarize(&fix, agg, &s);
	assert_int_equal(s.waiting.crowd.window_ns, 999000);
	assert_int_equal(s.waiting.crowd.task_ns, 8100000);
	assert_says(render_json, &s, json, NR_OF(json));
	assert_says(wide_text, &s, text, NR_OF(text));
	summary_free(&s);
}

/* Unknown is not 0: without the scheduler's events nothing divides. */
static void times_divide_where_the_scheduler_was_recorded(void **state)
{
	static const struct visit visits[] = { { STAGE_ENTRY, 400 }, { STAGE_RECLAIM, 4000000 } };
	static const char *const unknown[] = {
		("\"holes\": { \"min_ns\": 1000000, \"count\": 1, \"total_ns\": 4000400, "
		 "\"run_ns\": null, \"lost\": 0 }"),
		"\"run_ns\": null,\n      \"stages_run_ns\": null,",
		"\"what\": \"sched_switch\"",
	};
	static const char *const known[] = {
		"\"total_ns\": 4000400, \"run_ns\": { \"on_cpu\": 2000200, \"runnable\": 1000100, "
		"\"sleeping\": 1000100 }, \"lost\": 0 }",
		"\"stages_run_ns\": { \"entry\": { \"on_cpu\": 200, \"runnable\": 100, \"sleeping\": 100 }, "
		"\"reclaim\": { \"on_cpu\": 2000000, \"runnable\": 1000000, \"sleeping\": 1000000 } },",
	};
	static const char *const text[] = {
		"  entry     on a CPU 200 ns, waiting for one 100 ns, asleep 100 ns\n",
		"No event for 1.00 ms or longer: 1 times, 4.00 ms in all: on a CPU 2.00 ms, waiting "
		"for one 1.00 ms, asleep 1.00 ms.\n",
	};
	bool sched;

	(void)state;
	for (sched = false;; sched = true) {
		struct aggregate *agg = aggregate_new(1);
		struct episode ep = fixture_episode(1, 5000, OUTCOME_OK, visits, 2);
		struct fixture fix;
		struct summary s;

		fixture_init(&fix);
		fixture_run(&ep);
		add(agg, ep);
		fix.counts.sched_switches = fix.counts.sched_wakeups = sched;
		summarize(&fix, agg, &s);
		assert_int_equal(s.waiting.has_sched, sched);
		if (sched)
			assert_says(wide_text, &s, text, NR_OF(text));
		assert_says(render_json, &s, sched ? known : unknown,
			    sched ? NR_OF(known) : NR_OF(unknown));
		summary_free(&s);
		if (sched)
			break;
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oldest_come_first),
		cmocka_unit_test(more_than_are_listed_are_told),
		cmocka_unit_test(the_crowd_is_as_sure_as_its_edges),
		cmocka_unit_test(entries_that_may_be_missing_make_it_at_least),
		cmocka_unit_test(rows_of_the_crowd_are_told),
		cmocka_unit_test(times_divide_where_the_scheduler_was_recorded),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
