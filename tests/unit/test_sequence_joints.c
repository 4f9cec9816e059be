// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The group of an attempt and the exit (EV_LEFT) does what its three events do, whichever of the open
 * episodes it ends, and however long it took. What captures show of all groups is held in
 * tests/law/t-joints; there no group ends another episode than the innermost one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sequence/sequence.h"

#define NR_SCENES 600
#define DEPTH_MAX 3
#define PID	  77
#define TOP_SP	  0xffffc90000003f00ULL

struct scene {
	uint32_t depth;	    /* episodes inside each other */
	uint32_t leaves;    /* which of them the group ends, from 0; depth: none that is known */
	bool has_sp;	    /* else the innermost one */
	uint64_t gap_ns[4]; /* before the last entry, and before each part of the group */
};

struct heard {
	struct episode list[DEPTH_MAX + 1];
	size_t nr;
	struct seq_counts counts;
};

static uint64_t kinds(void)
{
	return 1ULL << EV_SLOW_ENTER | 1ULL << EV_SLOW_EXIT | 1ULL << EV_ATTEMPT_ENTER |
	       1ULL << EV_ATTEMPT_EXIT | 1ULL << EV_RECLAIM_BEGIN | 1ULL << EV_RECLAIM_END |
	       1ULL << EV_RECLAIM_RETRY_ZONE;
}

static struct scene make_scene(void)
{
	static const uint64_t gaps[] = { 10, 400000, 999990, 1000000, 3000000 };
	struct scene scene = { .depth = 1 + (uint32_t)rand() % DEPTH_MAX, .has_sp = rand() % 4 };
	size_t i;

	scene.leaves = (uint32_t)rand() % (scene.depth + 1);
	for (i = 0; i < 4; i++)
		scene.gap_ns[i] = gaps[(size_t)rand() % (sizeof(gaps) / sizeof(gaps[0]))];
	return scene;
}

static void hear(struct heard *heard, struct seq *seq)
{
	const struct episode *ep;

	while ((ep = seq_next(seq))) {
		assert_true(heard->nr <= DEPTH_MAX);
		heard->list[heard->nr++] = *ep;
	}
}

static void say(struct seq *seq, struct heard *heard, const struct event *ev)
{
	assert_true(seq_feed(seq, ev) >= 0);
	hear(heard, seq);
}

static struct event event_at(enum ev_kind kind, uint64_t ts_ns)
{
	return (struct event){ .kind = (uint8_t)kind, .ts_ns = ts_ns, .pid = PID, .cpu = 1 };
}

static void say_entry(struct seq *seq, struct heard *heard, uint64_t ts_ns, uint32_t depth)
{
	struct event ev = event_at(EV_SLOW_ENTER, ts_ns);

	event_set(&ev, FIELD_GFP, 0x400 | 0xc0 | depth);
	event_set(&ev, FIELD_ORDER, depth);
	event_set(&ev, FIELD_MIGRATETYPE, 1);
	event_set(&ev, FIELD_SP, TOP_SP - 0x100 * depth);
	say(seq, heard, &ev);
}

static void say_sp(struct event *ev, const struct scene *scene)
{
	if (scene->has_sp)
		event_set(ev, FIELD_SP, TOP_SP - 0x100 * scene->leaves);
}

static void say_parts(struct seq *seq, struct heard *heard, const struct scene *scene,
		      const uint64_t at_ns[3])
{
	struct event enter = event_at(EV_ATTEMPT_ENTER, at_ns[0]);
	struct event exit = event_at(EV_ATTEMPT_EXIT, at_ns[1]);
	struct event left = event_at(EV_SLOW_EXIT, at_ns[2]);

	event_set(&enter, FIELD_ALLOC_FLAGS, 0x840);
	event_set(&exit, FIELD_ALLOC_FLAGS, 0x840);
	event_set(&exit, FIELD_PAGE, 1);
	event_set(&left, FIELD_PAGE, 1);
	say_sp(&left, scene);
	say(seq, heard, &enter);
	say(seq, heard, &exit);
	say(seq, heard, &left);
}

static void say_group(struct seq *seq, struct heard *heard, const struct scene *scene,
		      const uint64_t at_ns[3])
{
	struct event ev = event_at(EV_LEFT, at_ns[2]);

	ev.part_ns[0] = at_ns[0];
	ev.part_ns[1] = at_ns[1];
	event_set(&ev, FIELD_ALLOC_FLAGS, 0x840);
	say_sp(&ev, scene);
	say(seq, heard, &ev);
}

static void play(const struct scene *scene, bool in_group, struct heard *heard)
{
	struct seq *seq = seq_new(kinds(), 8);
	uint64_t now = 1000, at_ns[3];
	uint32_t depth;
	size_t i;

	assert_non_null(seq);
	memset(heard, 0, sizeof(*heard));
	for (depth = 0; depth < scene->depth; depth++, now += scene->gap_ns[0])
		say_entry(seq, heard, now, depth);
	for (i = 0; i < 3; i++)
		at_ns[i] = now += scene->gap_ns[1 + i];
	if (in_group)
		say_group(seq, heard, scene, at_ns);
	else
		say_parts(seq, heard, scene, at_ns);
	seq_finish(seq);
	hear(heard, seq);
	heard->counts = *seq_counts(seq);
	seq_free(seq);
}

static void check_episode(const struct episode *a, const struct episode *b)
{
	size_t i;

	assert_memory_equal(a, b, offsetof(struct episode, path));
	assert_memory_equal(a->path, b->path, a->path_len);
	assert_memory_equal(a->path_ns, b->path_ns, a->path_len * sizeof(a->path_ns[0]));
	for (i = 0; i < a->nr_holes_kept; i++)
		assert_memory_equal(&a->holes[i], &b->holes[i], offsetof(struct hole, stage));
	for (i = 0; i < a->nr_steps; i++)
		assert_memory_equal(&a->steps[i], &b->steps[i], offsetof(struct step, kind));
}

static void a_group_does_what_its_parts_do(void **state)
{
	static struct heard whole, apart;
	size_t scene, i;

	(void)state;
	for (scene = 0; scene < NR_SCENES; scene++) {
		struct scene now = make_scene();

		play(&now, true, &whole);
		play(&now, false, &apart);
		assert_int_equal(whole.nr, now.depth);
		assert_int_equal(apart.nr, now.depth);
		for (i = 0; i < whole.nr; i++)
			check_episode(&whole.list[i], &apart.list[i]);
		assert_memory_equal(&whole.counts, &apart.counts, sizeof(whole.counts));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_does_what_its_parts_do),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
