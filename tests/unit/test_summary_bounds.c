// SPDX-License-Identifier: GPL-2.0-or-later
/* How many there were when records are missing: each kind of evidence, written out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/note.h"
#include "summary/aggregate.h"
#include "summary_fixture.h"

/* 100 entries were rebuilt. Each CPU gave 1,000 records, and they are all in the file. */
struct scene {
	struct fixture fix;
	struct capture_cpu cpus[2];
	struct event losses[4];
	size_t nr_losses;
};

static void scene_init(struct scene *scene)
{
	*scene = (struct scene){ 0 };
	fixture_init(&scene->fix);
	scene->fix.counts.entries = scene->fix.counts.entries_sure = 100;
	scene->cpus[0] =
		(struct capture_cpu){ .cpu = 0, .found = 1000, .has_stat = true, .read = 1000 };
	scene->cpus[1] =
		(struct capture_cpu){ .cpu = 1, .found = 1000, .has_stat = true, .read = 1000 };
	scene->fix.input.cpus = scene->cpus;
	scene->fix.input.nr_cpus = 2;
}

/* `records` 0: not counted. */
static void lose(struct scene *scene, uint32_t cpu, uint64_t from_ns, uint64_t until_ns,
		 uint64_t records)
{
	struct event *ev = &scene->losses[scene->nr_losses++];

	ev->kind = EV_LOST;
	ev->cpu = cpu;
	ev->ts_ns = from_ns;
	ev->have = 0;
	event_set(ev, FIELD_UNTIL, until_ns);
	if (records)
		event_set(ev, FIELD_COUNT, records);
}

static void expect(struct scene *scene, enum certainty certainty, uint64_t count, uint64_t min,
		   uint64_t max)
{
	struct aggregate *agg = aggregate_new(1);
	const struct count *entries;
	struct summary s;
	size_t i;

	assert_non_null(agg);
	for (i = 0; i < scene->nr_losses; i++)
		assert_int_equal(aggregate_event(agg, &scene->losses[i]), 0);
	assert_int_equal(aggregate_finish(agg, &scene->fix.input, &s), 0);
	entries = &s.slowpath.entries;
	assert_string_equal(certainty_name(entries->certainty), certainty_name(certainty));
	assert_int_equal(entries->count, count);
	assert_int_equal(entries->min, min);
	assert_int_equal(entries->max, max);
	assert_int_equal(s.slowpath.rebuilt, scene->fix.counts.entries);
	assert_int_equal(s.slowpath.unseen.min, min > 100 ? min - 100 : 0);
	summary_free(&s);
	aggregate_free(agg);
}

/* What is nested too deep is an entry, but no episode: it has no outcome. */
static void too_deep(void **state)
{
	struct aggregate *agg = aggregate_new(1);
	struct scene scene;
	struct summary s;

	(void)state;
	scene_init(&scene);
	scene.fix.counts.entries_too_deep = 8;
	assert_int_equal(aggregate_finish(agg, &scene.fix.input, &s), 0);
	assert_int_equal(s.slowpath.entries.count, 100);
	assert_int_equal(s.slowpath.rebuilt, 92);
	assert_int_equal(s.slowpath.unseen.count, 0);
	summary_free(&s);
	aggregate_free(agg);
}

static void nothing_was_lost(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	expect(&scene, CERTAINTY_EXACT, 100, 100, 100);
	/* Nothing in the window: before it, and after. */
	lose(&scene, 0, 0, 999, 50);
	lose(&scene, 1, 1000001, UINT64_MAX, 70);
	scene.cpus[0].overrun = 50;
	scene.cpus[1].found = 930;
	expect(&scene, CERTAINTY_EXACT, 100, 100, 100);
}

static void one_entry_at_most_per_lost_record(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	lose(&scene, 0, 2000, 3000, 7);
	lose(&scene, 1, 2000, 3000, 0);
	scene.cpus[0].overrun = 7;
	scene.cpus[1].overrun = 5;
	expect(&scene, CERTAINTY_BOUNDED, 100, 100, 112);
	/* Those that the kernel placed outside the window are not among them. */
	lose(&scene, 0, 100, 200, 3);
	scene.cpus[0].overrun = 10;
	expect(&scene, CERTAINTY_BOUNDED, 100, 100, 112);
	/* The file lacks more, after the window; but of the uncounted gap it is not known. */
	lose(&scene, 1, 2000000, UINT64_MAX, 4);
	scene.cpus[1].found = 996;
	expect(&scene, CERTAINTY_BOUNDED, 100, 100, 116);
}

static void what_no_one_counted_has_no_bound(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	lose(&scene, 0, 2000, 3000, 0);
	scene.cpus[0].has_stat = false;
	expect(&scene, CERTAINTY_LOWER_BOUND, 100, 100, UINT64_MAX);
	/* A CPU without a number of its own, but the recorder noted that it lost nothing. */
	scene_init(&scene);
	lose(&scene, 0, 2000, 3000, 7);
	scene.cpus[0].overrun = 7;
	scene.cpus[1].has_stat = false;
	expect(&scene, CERTAINTY_BOUNDED, 100, 100, 107);
	scene.fix.input.loss = NULL;
	expect(&scene, CERTAINTY_LOWER_BOUND, 100, 100, UINT64_MAX);
	/* Who counts fewer than there are cannot say how many are missing. */
	scene_init(&scene);
	lose(&scene, 0, 2000, 3000, 7);
	scene.cpus[1].read = 999;
	expect(&scene, CERTAINTY_LOWER_BOUND, 100, 100, UINT64_MAX);
}

static void missed_hits_are_entries(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.fix.input.stop.probes = "slow_enter_1 60 0\nslow_enter_2 40 3\nslow_exit 103 9\n";
	expect(&scene, CERTAINTY_BOUNDED, 100, 100, 103);
}

static void a_window_without_its_end(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	lose(&scene, 0, 900000, 950000, 10);
	scene.cpus[0].overrun = 10;
	scene.fix.counts.window_closed = false;
	scene.fix.counts.entries_sure = 80;
	expect(&scene, CERTAINTY_BOUNDED, 100, 80, 110);
	scene.fix.counts.window_opened = false;
	scene.fix.counts.entries_before = 5;
	expect(&scene, CERTAINTY_BOUNDED, 100, 80, 115);
}

#define HITS(a, b, c, d)                                                     \
	"at " HITS_BEFORE_START "\nslow_enter " a " 0\nwarn_alloc 99999 0\n" \
	"at " HITS_AFTER_START "\nslow_enter " b " 0\n"                      \
	"at " HITS_BEFORE_STOP "\nwarn_alloc 99999 0\nslow_enter " c " 2\n"  \
	"at " HITS_AFTER_STOP "\nslow_enter " d " 2\n"

static void hits_are_not_lost_with_records(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	lose(&scene, 0, 2000, 3000, 5000);
	scene.cpus[0].overrun = 5000;
	/* Inner readings: 322 - 15 = 307 with 2 missed; outer: 327 - 10 = 317. Each CPU blurs by 1. */
	scene.fix.input.hits = HITS("10", "15", "320", "325");
	expect(&scene, CERTAINTY_BOUNDED, 305, 305, 319);
	/* Few records lost: they say more. */
	scene.cpus[0].overrun = 208;
	event_set(&scene.losses[0], FIELD_COUNT, 208);
	expect(&scene, CERTAINTY_BOUNDED, 305, 305, 308);
	/* A reading is missing: nothing of them counts. */
	scene.fix.input.hits = "at " HITS_BEFORE_START "\nslow_enter 1 0\n";
	expect(&scene, CERTAINTY_BOUNDED, 100, 100, 308);
	/* They contradict what was found: nothing of them counts. */
	scene.fix.input.hits = HITS("10", "15", "16", "20");
	expect(&scene, CERTAINTY_BOUNDED, 100, 100, 308);
	/* They counted other tasks too. */
	scene.fix.input.hits = HITS("10", "15", "320", "325");
	scene.fix.input.host = "pid=7\n";
	expect(&scene, CERTAINTY_BOUNDED, 100, 100, 308);
}

/* Evidence of one entry may be taken for two where a loss broke the episode. */
static void evidence_is_a_lower_bound(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.fix.counts.basis = BASIS_EVIDENCE;
	expect(&scene, CERTAINTY_LOWER_BOUND, 100, 100, UINT64_MAX);
	lose(&scene, 0, 2000, 3000, 7);
	scene.fix.counts.lost_breaks = 4;
	expect(&scene, CERTAINTY_LOWER_BOUND, 100, 96, UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_was_lost),
		cmocka_unit_test(too_deep),
		cmocka_unit_test(one_entry_at_most_per_lost_record),
		cmocka_unit_test(what_no_one_counted_has_no_bound),
		cmocka_unit_test(missed_hits_are_entries),
		cmocka_unit_test(a_window_without_its_end),
		cmocka_unit_test(hits_are_not_lost_with_records),
		cmocka_unit_test(evidence_is_a_lower_bound),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
