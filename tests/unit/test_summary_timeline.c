// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * summary/timeline: rows worked out by hand, and random windows against an oracle that cuts every
 * episode at every edge one by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "summary/timeline.h"
#include "summary_fixture.h"

#define SECOND 1000000000ULL

/* A timeline under test, the window that it follows, and what comes out of it. */
struct lapse {
	struct timeline timeline;
	struct seq *seq;
	const char *buddyinfo;
	struct timeline_row *rows;
	size_t nr;
};

static void lapse_begin(struct lapse *lapse)
{
	*lapse = (struct lapse){ .seq = seq_new(0, 16),
				 .buddyinfo = "Node 0, zone      DMA      1      0\n"
					      "Node 0, zone    DMA32      7      2\n" };
	assert_non_null(lapse->seq);
	assert_int_equal(timeline_init(&lapse->timeline), 0);
}

static void feed(struct lapse *lapse, const struct event *ev)
{
	assert_true(seq_feed(lapse->seq, ev) >= 0);
	timeline_event(&lapse->timeline, ev, lapse->seq);
}

static void note(struct lapse *lapse, uint64_t ts_ns, const char *key, const char *text)
{
	char marker[NOTE_TEXT_MAX];
	struct event ev = { .kind = EV_NOTE, .ts_ns = ts_ns, .text = marker };

	ev.text_len = (uint32_t)note_format(marker, key, 1, text, strlen(text));
	feed(lapse, &ev);
}

/* `value`: the node, or the end of a loss. */
static void event(struct lapse *lapse, uint64_t ts_ns, enum ev_kind kind, uint64_t value)
{
	enum ev_field field = kind == EV_LOST ? FIELD_UNTIL : FIELD_NID;
	struct event ev = { .kind = kind, .ts_ns = ts_ns, .have = 1U << field };

	event_set(&ev, field, value);
	feed(lapse, &ev);
}

static void episode(struct lapse *lapse, uint64_t start_ns, const struct visit *visits, size_t nr,
		    uint32_t depth)
{
	struct episode ep = fixture_episode(1, start_ns, OUTCOME_OK, visits, nr);

	ep.depth = depth;
	timeline_episode(&lapse->timeline, &ep);
}

static void lapse_finish(struct lapse *lapse)
{
	const struct summary_input input = { .counts = seq_counts(lapse->seq),
					     .start.buddyinfo = lapse->buddyinfo };

	assert_int_equal(timeline_finish(&lapse->timeline, &input, &lapse->rows, &lapse->nr), 0);
}

static void lapse_free(struct lapse *lapse)
{
	free(lapse->rows);
	timeline_free(&lapse->timeline);
	seq_free(lapse->seq);
}

/* --- by hand ------------------------------------------------------------------------------- */

/* Window 100 to 1000, ticks at 110, 400, 700 and 990. */
static void feed_four_ticks(struct lapse *lapse)
{
	static const struct visit across[] = { { STAGE_ENTRY, 50 },
					       { STAGE_RECLAIM, 300 },
					       { STAGE_COMPACT, 250 } };
	static const struct visit within[] = { { STAGE_ENTRY, 10 } };

	note(lapse, 50, NOTE_TOOL, "0.1");
	note(lapse, 100, NOTE_WINDOW_START, "");
	episode(lapse, 100, within, 1, 0);
	note(lapse, 110, NOTE_TICK, "nr_free_pages 900 allocstall 5 psi_some_us 1000");
	note(lapse, 400, NOTE_TICK, "nr_free_pages 300 allocstall 7 psi_some_us 1500");
	note(lapse, 700, NOTE_TICK, "nr_free_pages 500 allocstall 7 psi_some_us 1500 new_one 1");
	/* 350 to 950: in the first row 50, all its entry; then 300; then 250, all in compaction. */
	episode(lapse, 350, across, 3, 0);
	episode(lapse, 500, within, 1, 1);
	note(lapse, 990, NOTE_TICK, "nr_free_pages 400 allocstall 17 psi_some_us 1600");
	episode(lapse, 990, within, 1, 0);
	note(lapse, 1000, NOTE_WINDOW_STOP, "");
	note(lapse, 1100, NOTE_TICK, "nr_free_pages 1 allocstall 99 psi_some_us 9999");
}

static void rows_are_those_worked_out_by_hand(void **state)
{
	struct lapse lapse;
	const struct timeline_row *row;

	(void)state;
	lapse_begin(&lapse);
	feed_four_ticks(&lapse);
	lapse_finish(&lapse);
	assert_int_equal(lapse.nr, 3);
	row = &lapse.rows[0];
	assert_int_equal(row->start_ns, 100);
	assert_int_equal(row->duration_ns, 300);
	assert_int_equal(row->entries, 2);
	assert_int_equal(row->stalled_ns, 60);
	assert_int_equal(row->stage_ns[STAGE_ENTRY], 60);
	assert_int_equal(row->stage_ns[STAGE_RECLAIM], 0);
	assert_int_equal(row->counted_ns, 290);
	row++;
	assert_int_equal(row->start_ns, 400);
	assert_int_equal(row->duration_ns, 300);
	assert_int_equal(row->entries, 1);
	assert_int_equal(row->stalled_ns, 300);
	assert_int_equal(row->stage_ns[STAGE_RECLAIM], 300);
	assert_int_equal(row->counted_ns, 300);
	row++;
	assert_int_equal(row->start_ns, 700);
	assert_int_equal(row->duration_ns, 300);
	assert_int_equal(row->entries, 1);
	assert_int_equal(row->stalled_ns, 260);
	assert_int_equal(row->stage_ns[STAGE_COMPACT], 250);
	assert_int_equal(row->stage_ns[STAGE_ENTRY], 10);
	assert_int_equal(row->counted_ns, 290);
	lapse_free(&lapse);
}

static void counters_are_those_between_two_ticks(void **state)
{
	static const struct {
		uint64_t free_pages, free_pages_min;
		int64_t allocstall, some_us;
	} expected[] = { { 300, 300, 2, 500 }, { 500, 300, 0, 0 }, { 400, 400, 10, 100 } };
	struct lapse lapse;
	size_t i;

	(void)state;
	lapse_begin(&lapse);
	feed_four_ticks(&lapse);
	lapse_finish(&lapse);
	for (i = 0; i < NR_OF(expected); i++) {
		const struct timeline_row *row = &lapse.rows[i];

		assert_true(row->free_pages.known && row->free_pages_min.known);
		assert_int_equal(row->free_pages.value, expected[i].free_pages);
		assert_int_equal(row->free_pages_min.value, expected[i].free_pages_min);
		assert_int_equal(row->has_change, 1U << READING_FREE_PAGES |
							  1U << READING_ALLOCSTALL |
							  1U << READING_PSI_SOME_US);
		assert_int_equal(row->change[READING_ALLOCSTALL], expected[i].allocstall);
		assert_int_equal(row->change[READING_PSI_SOME_US], expected[i].some_us);
	}
	lapse_free(&lapse);
}

/* A capture of a recorder that has no ticks, or of somebody else. */
static void without_ticks_rows_are_seconds(void **state)
{
	static const struct visit long_one[] = { { STAGE_ENTRY, SECOND }, { STAGE_OOM, SECOND } };
	struct lapse lapse;

	(void)state;
	lapse_begin(&lapse);
	event(&lapse, 500, EV_RECLAIM_BEGIN, 0);
	event(&lapse, 500 + 2 * SECOND + 7, EV_RECLAIM_BEGIN, 0);
	episode(&lapse, 500 + SECOND / 2, long_one, 2, 0);
	event(&lapse, 500 + 3 * SECOND, EV_RECLAIM_BEGIN, 0);
	event(&lapse, 500 + 3 * SECOND + 9, EV_RECLAIM_BEGIN, 0);
	lapse_finish(&lapse);
	assert_int_equal(lapse.nr, 4);
	assert_int_equal(lapse.rows[0].start_ns, 500);
	assert_int_equal(lapse.rows[1].start_ns, 500 + SECOND);
	assert_int_equal(lapse.rows[3].start_ns, 500 + 3 * SECOND);
	assert_int_equal(lapse.rows[3].duration_ns, 9);
	assert_int_equal(lapse.rows[0].entries, 1);
	assert_int_equal(lapse.rows[1].entries, 0);
	assert_int_equal(lapse.rows[0].stalled_ns, SECOND / 2);
	assert_int_equal(lapse.rows[1].stage_ns[STAGE_ENTRY], SECOND / 2);
	assert_int_equal(lapse.rows[1].stage_ns[STAGE_OOM], SECOND / 2);
	assert_int_equal(lapse.rows[2].stage_ns[STAGE_OOM], SECOND / 2);
	assert_int_equal(lapse.rows[0].counted_ns, 0);
	assert_int_equal(lapse.rows[0].has_change, 0);
	assert_false(lapse.rows[0].free_pages.known || lapse.rows[0].free_pages_min.known);
	lapse_free(&lapse);
}

/* The first ticks were lost; the recorder was killed after the last. */
static void what_no_two_ticks_span_is_not_counted(void **state)
{
	struct lapse lapse;

	(void)state;
	lapse_begin(&lapse);
	note(&lapse, SECOND, NOTE_WINDOW_START, "");
	note(&lapse, 2 * SECOND + 100, NOTE_TICK, "allocstall 3");
	note(&lapse, 3 * SECOND + 100, NOTE_TICK, "allocstall 4");
	event(&lapse, 3 * SECOND + 900, EV_RECLAIM_BEGIN, 0);
	lapse_finish(&lapse);
	assert_int_equal(lapse.nr, 2);
	assert_int_equal(lapse.rows[0].duration_ns, SECOND);
	assert_int_equal(lapse.rows[0].counted_ns, 0);
	assert_int_equal(lapse.rows[1].duration_ns, SECOND + 900);
	assert_int_equal(lapse.rows[1].counted_ns, SECOND);
	assert_int_equal(lapse.rows[1].change[READING_ALLOCSTALL], 1);
	lapse_free(&lapse);
}

static void one_tick_counts_nothing(void **state)
{
	struct lapse lapse;

	(void)state;
	lapse_begin(&lapse);
	note(&lapse, 100, NOTE_WINDOW_START, "");
	note(&lapse, 110, NOTE_TICK, "allocstall 3 nr_free_pages 8");
	note(&lapse, 900, NOTE_WINDOW_STOP, "");
	lapse_finish(&lapse);
	assert_int_equal(lapse.nr, 1);
	assert_int_equal(lapse.rows[0].duration_ns, 800);
	assert_int_equal(lapse.rows[0].counted_ns, 0);
	assert_int_equal(lapse.rows[0].has_change, 0);
	assert_false(lapse.rows[0].free_pages.known);
	assert_int_equal(lapse.rows[0].free_pages_min.value, 8);
	lapse_free(&lapse);
}

static void without_a_window_there_are_no_rows(void **state)
{
	struct lapse lapse;

	(void)state;
	lapse_begin(&lapse);
	event(&lapse, 10, EV_RECLAIM_BEGIN, 0);
	note(&lapse, 100, NOTE_TOOL, "0.1");
	note(&lapse, 110, NOTE_PROFILE, "site");
	lapse_finish(&lapse);
	assert_int_equal(lapse.nr, 0);
	lapse_free(&lapse);
}

/* --- kswapd -------------------------------------------------------------------------------- */

struct kswapd_case {
	const char *name;
	struct {
		uint64_t ts_ns;
		enum ev_kind kind;
		uint64_t value; /* as event() takes it */
	} events[6];		/* until the first without a time */
	uint64_t awake_ns[2], maybe_ns[2];
};

/* The window is 1000 to 3000, with an edge at 2000. */
static const struct kswapd_case kswapd_cases[] = {
	{ "no event", { { 0 } }, { 0, 0 }, { 0, 0 } },
	{ "sleeps first: was awake", { { 1300, EV_KSWAPD_SLEEP, 0 } }, { 300, 0 }, { 300, 0 } },
	{ "sleeps first, late", { { 2300, EV_KSWAPD_SLEEP, 0 } }, { 1000, 300 }, { 1000, 300 } },
	{ "wakes first: unknown before",
	  { { 1300, EV_KSWAPD_WAKE, 0 }, { 1400, EV_KSWAPD_SLEEP, 0 } },
	  { 100, 0 },
	  { 400, 0 } },
	{ "awake over an edge and at the end",
	  { { 1000, EV_KSWAPD_SLEEP, 0 },
	    { 1900, EV_KSWAPD_WAKE, 0 },
	    { 2100, EV_KSWAPD_WAKE, 0 },
	    { 2200, EV_KSWAPD_SLEEP, 0 },
	    { 2900, EV_KSWAPD_WAKE, 0 } },
	  { 100, 300 },
	  { 100, 300 } },
	{ "two nodes, overlapping, count once",
	  { { 1000, EV_KSWAPD_SLEEP, 0 },
	    { 1000, EV_KSWAPD_SLEEP, 7 },
	    { 1100, EV_KSWAPD_WAKE, 0 },
	    { 1200, EV_KSWAPD_WAKE, 7 },
	    { 1300, EV_KSWAPD_SLEEP, 0 },
	    { 1500, EV_KSWAPD_SLEEP, 7 } },
	  { 400, 0 },
	  { 400, 0 } },
	{ "the second node is seen late",
	  { { 1100, EV_KSWAPD_SLEEP, 0 },
	    { 1200, EV_KSWAPD_WAKE, 0 },
	    { 1300, EV_KSWAPD_SLEEP, 0 },
	    { 1800, EV_KSWAPD_WAKE, 1 },
	    { 1900, EV_KSWAPD_SLEEP, 1 } },
	  { 300, 0 },
	  { 900, 0 } },
	{ "the second node was awake all the time",
	  { { 1200, EV_KSWAPD_WAKE, 0 }, { 2500, EV_KSWAPD_SLEEP, 1 } },
	  { 1000, 1000 },
	  { 1000, 1000 } },
	{ "after a loss it may be either, until its next event",
	  { { 1000, EV_KSWAPD_SLEEP, 0 },
	    { 1500, EV_KSWAPD_WAKE, 0 },
	    { 1600, EV_LOST, 1700 },
	    { 2300, EV_KSWAPD_SLEEP, 0 } },
	  { 100, 0 },
	  { 500, 300 } },
	{ "a first event after a loss proves nothing",
	  { { 1600, EV_LOST, 1700 }, { 2300, EV_KSWAPD_SLEEP, 0 } },
	  { 0, 0 },
	  { 1000, 300 } },
	{ "inside a gap events are not all",
	  { { 1000, EV_KSWAPD_SLEEP, 0 },
	    { 1200, EV_LOST, 1800 },
	    { 1400, EV_KSWAPD_WAKE, 0 },
	    { 2100, EV_KSWAPD_SLEEP, 0 } },
	  { 0, 0 },
	  { 800, 100 } },
	{ "first seen inside a gap",
	  { { 1200, EV_LOST, 1800 }, { 1500, EV_KSWAPD_WAKE, 0 }, { 1900, EV_KSWAPD_SLEEP, 0 } },
	  { 0, 0 },
	  { 900, 0 } },
	{ "the gap began before the window",
	  { { 500, EV_LOST, 1400 }, { 1600, EV_KSWAPD_SLEEP, 0 } },
	  { 0, 0 },
	  { 600, 0 } },
	{ "after a loss, none that was seen",
	  { { 1200, EV_LOST, 1300 } },
	  { 0, 0 },
	  { 1000, 1000 } },
	{ "after a loss, only another node's was seen",
	  { { 1000, EV_KSWAPD_SLEEP, 1 }, { 1200, EV_LOST, 1300 }, { 1400, EV_KSWAPD_SLEEP, 1 } },
	  { 0, 0 },
	  { 1000, 1000 } },
	{ "no such node", { { 1600, EV_KSWAPD_SLEEP, UINT64_MAX } }, { 0, 0 }, { 0, 0 } },
};

static void play_kswapd(struct lapse *lapse, const struct kswapd_case *one)
{
	const struct {
		uint64_t ts_ns;
		const char *key;
	} notes[] = { { 400, NOTE_TOOL },  { 1000, NOTE_WINDOW_START }, { 1000, NOTE_TICK },
		      { 2000, NOTE_TICK }, { 3000, NOTE_TICK },		{ 3000, NOTE_WINDOW_STOP },
		      { UINT64_MAX, NULL } };
	size_t at = 0, next = 0;

	while (notes[next].key) {
		bool is_event = at < NR_OF(one->events) && one->events[at].ts_ns;

		if (is_event && one->events[at].ts_ns < notes[next].ts_ns) {
			event(lapse, one->events[at].ts_ns, one->events[at].kind,
			      one->events[at].value);
			at++;
		} else {
			note(lapse, notes[next].ts_ns, notes[next].key, "");
			next++;
		}
	}
	event(lapse, 3500, EV_KSWAPD_WAKE, 0);
}

static void kswapd_is_awake_between_its_events(void **state)
{
	size_t i, row;

	(void)state;
	for (i = 0; i < NR_OF(kswapd_cases); i++) {
		const struct kswapd_case *one = &kswapd_cases[i];
		struct lapse lapse;

		lapse_begin(&lapse);
		play_kswapd(&lapse, one);
		lapse_finish(&lapse);
		assert_int_equal(lapse.nr, 2);
		for (row = 0; row < 2; row++)
			if (lapse.rows[row].awake_ns != one->awake_ns[row] ||
			    lapse.rows[row].maybe_awake_ns != one->maybe_ns[row])
				fail_msg("%s, row %zu: %llu to %llu", one->name, row,
					 (unsigned long long)lapse.rows[row].awake_ns,
					 (unsigned long long)lapse.rows[row].maybe_awake_ns);
		lapse_free(&lapse);
	}
}

/* --- losses -------------------------------------------------------------------------------- */

static void rows_that_a_gap_touches_are_lossy(void **state)
{
	static const struct {
		uint64_t from, until;
		const char *lossy; /* a letter per row: 1000, 2000, 3000, 4000 to 5000 */
	} cases[] = {
		{ 500, 900, "...." },	{ 500, 1001, "x..." },	{ 1500, 1600, "x..." },
		{ 2500, 3500, ".xx." }, { 2500, 4000, ".xx." }, { 1000, UINT64_MAX, "xxxx" },
		{ 5001, 6000, "...." },
	};
	size_t i, row;

	(void)state;
	for (i = 0; i < NR_OF(cases); i++) {
		struct lapse lapse;
		uint64_t now;

		lapse_begin(&lapse);
		note(&lapse, 400, NOTE_TOOL, "");
		for (now = 1000; now <= 5000; now += 1000) {
			if (cases[i].from < now && cases[i].from >= now - 1000)
				event(&lapse, cases[i].from, EV_LOST, cases[i].until);
			if (now == 1000)
				note(&lapse, now, NOTE_WINDOW_START, "");
			note(&lapse, now, NOTE_TICK, "");
		}
		note(&lapse, 5000, NOTE_WINDOW_STOP, "");
		event(&lapse, 5001, EV_LOST, 6000);
		lapse_finish(&lapse);
		assert_int_equal(lapse.nr, 4);
		for (row = 0; row < 4; row++)
			assert_int_equal(lapse.rows[row].lossy, cases[i].lossy[row] == 'x');
		lapse_free(&lapse);
	}
}

/* The marker that opens the window was lost: the first tick shows that it is open. */
static void a_tick_opens_the_window(void **state)
{
	struct lapse lapse;

	(void)state;
	lapse_begin(&lapse);
	note(&lapse, 400, NOTE_TOOL, "");
	note(&lapse, 1000, NOTE_TICK, "allocstall 1");
	note(&lapse, 2000, NOTE_TICK, "allocstall 3");
	note(&lapse, 3000, NOTE_WINDOW_STOP, "");
	lapse_finish(&lapse);
	assert_int_equal(lapse.nr, 1);
	assert_int_equal(lapse.rows[0].start_ns, 1000);
	assert_int_equal(lapse.rows[0].duration_ns, 2000);
	assert_int_equal(lapse.rows[0].counted_ns, 1000);
	assert_int_equal(lapse.rows[0].change[READING_ALLOCSTALL], 2);
	lapse_free(&lapse);
}

/* --- laws ---------------------------------------------------------------------------------- */

struct made {
	uint64_t start_ns;
	struct visit visits[3];
	uint32_t depth;
};

static uint64_t overlap(uint64_t a, uint64_t b, uint64_t from, uint64_t to)
{
	uint64_t low = a > from ? a : from, high = b < to ? b : to;

	return high > low ? high - low : 0;
}

/* What a row should hold, visit by visit. */
static void check_row(const struct timeline_row *row, const struct made *made, size_t nr)
{
	uint64_t from = row->start_ns, to = from + row->duration_ns;
	uint64_t stage_ns[NR_TIMED_STAGES] = { 0 }, entries = 0, stalled = 0;
	enum stage stage;
	size_t i, v;

	for (i = 0; i < nr; i++) {
		uint64_t at = made[i].start_ns;

		entries += at >= from && at < to;
		for (v = 0; v < NR_OF(made[i].visits) && !made[i].depth; v++) {
			const struct visit *visit = &made[i].visits[v];
			uint64_t ns = overlap(at, at + visit->ns, from, to);

			stage_ns[visit->stage] += ns;
			stalled += ns;
			at += visit->ns;
		}
	}
	assert_int_equal(row->entries, entries);
	assert_int_equal(row->stalled_ns, stalled);
	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		assert_int_equal(row->stage_ns[stage], stage_ns[stage]);
}

static uint64_t end_of(const struct made *made)
{
	return made->start_ns + made->visits[0].ns + made->visits[1].ns + made->visits[2].ns;
}

static int compare_ends(const void *a, const void *b)
{
	uint64_t x = end_of(a), y = end_of(b);

	return (x > y) - (x < y);
}

/* Episodes of up to a fifth of the window, in the order of their ends. */
static void make_episodes(struct made *made, size_t nr, uint64_t first_ns, uint64_t last_ns)
{
	uint64_t most = (last_ns - first_ns) / 15;
	size_t i, v;

	for (i = 0; i < nr; i++) {
		uint64_t left;

		made[i].start_ns = first_ns + (uint64_t)random() % (last_ns - first_ns);
		left = last_ns - made[i].start_ns;
		made[i].depth = random() % 8 == 0;
		for (v = 0; v < NR_OF(made[i].visits); v++) {
			uint64_t ns = (uint64_t)random() % (random() % 4 ? 1000 : most);

			ns = ns < left ? ns : left;
			left -= ns;
			made[i].visits[v] =
				(struct visit){ (enum stage)(random() % NR_TIMED_STAGES), ns };
		}
	}
	qsort(made, nr, sizeof(*made), compare_ends);
}

/* Each episode comes when it has ended: after the ticks before that, before the next one. */
static void play(struct lapse *lapse, const struct made *made, size_t nr, uint64_t first_ns,
		 uint64_t last_ns, size_t nr_ticks)
{
	uint64_t now = first_ns, stalls = 0;
	char text[64];
	size_t i = 0, tick;

	note(lapse, first_ns - 10, NOTE_TOOL, "0.1");
	note(lapse, first_ns, NOTE_WINDOW_START, "");
	for (tick = 0; tick < nr_ticks; tick++) {
		for (; i < nr && end_of(&made[i]) < now; i++)
			episode(lapse, made[i].start_ns, made[i].visits, NR_OF(made[i].visits),
				made[i].depth);
		stalls += tick ? (uint64_t)random() % 100 : 0;
		snprintf(text, sizeof(text), "nr_free_pages %llu allocstall %llu",
			 1 + 2 * (unsigned long long)tick, (unsigned long long)stalls);
		note(lapse, now, NOTE_TICK, text);
		now += 1 + (uint64_t)random() % ((last_ns - first_ns) / nr_ticks);
	}
	event(lapse, last_ns, EV_RECLAIM_BEGIN, 0);
	for (; i < nr; i++)
		episode(lapse, made[i].start_ns, made[i].visits, NR_OF(made[i].visits),
			made[i].depth);
	note(lapse, last_ns, NOTE_WINDOW_STOP, "");
	lapse_finish(lapse);
	/* Before the first tick it was 0. */
	for (i = 0; i < lapse->nr; i++)
		stalls -= (uint64_t)lapse->rows[i].change[READING_ALLOCSTALL];
	assert_int_equal(stalls, 0);
}

static void check_cover(const struct lapse *lapse, uint64_t first_ns, uint64_t last_ns)
{
	size_t i;

	assert_in_range(lapse->nr, 1, INTERVALS_MAX);
	for (i = 0; i < lapse->nr; i++) {
		assert_int_equal(lapse->rows[i].start_ns, first_ns);
		first_ns += lapse->rows[i].duration_ns;
	}
	assert_int_equal(first_ns, last_ns);
}

static void every_episode_is_cut_at_every_edge(void **state)
{
	static const size_t ticks[] = { 1, 2, 3, 10, 100, 511, 512, 513, 514, 1500, 5000 };
	const uint64_t first_ns = 1000, last_ns = first_ns + 60 * SECOND;
	struct made made[300];
	size_t i, row;

	(void)state;
	srandom(1);
	for (i = 0; i < NR_OF(ticks); i++) {
		struct lapse lapse;

		lapse_begin(&lapse);
		make_episodes(made, NR_OF(made), first_ns, last_ns);
		play(&lapse, made, NR_OF(made), first_ns, last_ns, ticks[i]);
		check_cover(&lapse, first_ns, last_ns);
		for (row = 0; row < lapse.nr; row++)
			check_row(&lapse.rows[row], made, NR_OF(made));
		lapse_free(&lapse);
	}
}

/*
 * n ticks are the edges of n - 1 rows, and the n-th begins one more until it is known to be the
 * last: 512 ticks make 511 rows, the 513th makes pairs of them.
 */
static void rows_double_when_they_are_too_many(void **state)
{
	static const struct {
		uint64_t ticks, rows, ticks_a_row;
	} cases[] = {
		{ 512, 511, 1 },  { 513, 256, 2 },  { 514, 257, 2 },
		{ 1024, 512, 2 }, { 1025, 256, 4 }, { 1026, 257, 4 },
	};
	size_t i, row;

	(void)state;
	for (i = 0; i < NR_OF(cases); i++) {
		struct lapse lapse;
		uint64_t tick;

		lapse_begin(&lapse);
		note(&lapse, 10, NOTE_WINDOW_START, "");
		for (tick = 0; tick < cases[i].ticks; tick++)
			note(&lapse, 10 + 10 * tick, NOTE_TICK, "");
		note(&lapse, 10 * cases[i].ticks, NOTE_WINDOW_STOP, "");
		lapse_finish(&lapse);
		assert_int_equal(lapse.nr, cases[i].rows);
		for (row = 0; row + 1 < lapse.nr; row++)
			assert_int_equal(lapse.rows[row].duration_ns, 10 * cases[i].ticks_a_row);
		lapse_free(&lapse);
	}
}

/* Rows are joined while a counter, kswapd and the least number of free pages go on. */
static void what_is_joined_is_summed(void **state)
{
	uint64_t tick, awake = 0, least = UINT64_MAX;
	struct lapse lapse;
	char text[64];
	size_t row;

	(void)state;
	lapse_begin(&lapse);
	note(&lapse, 1, NOTE_WINDOW_START, "");
	for (tick = 0; tick < 4096; tick++) {
		snprintf(text, sizeof(text), "nr_free_pages %u", tick == 77 ? 5U : 100U);
		note(&lapse, 1 + 100 * tick, NOTE_TICK, text);
		event(&lapse, 31 + 100 * tick, EV_KSWAPD_WAKE, 0);
		event(&lapse, 51 + 100 * tick, EV_KSWAPD_SLEEP, 0);
	}
	note(&lapse, 1 + 409600, NOTE_WINDOW_STOP, "");
	lapse_finish(&lapse);
	for (row = 0; row < lapse.nr; row++) {
		awake += lapse.rows[row].awake_ns;
		if (lapse.rows[row].free_pages_min.value < least)
			least = lapse.rows[row].free_pages_min.value;
	}
	assert_int_equal(awake, 20 * 4096);
	assert_int_equal(lapse.rows[0].maybe_awake_ns - lapse.rows[0].awake_ns, 30);
	assert_int_equal(least, 5);
	/* Rows of 8 ticks: 77 is in the tenth, and at the end of none. */
	assert_int_equal(lapse.rows[9].free_pages_min.value, 5);
	assert_int_equal(lapse.rows[9].free_pages.value, 100);
	lapse_free(&lapse);
}

/* --- what no recorder writes --------------------------------------------------------------- */

static void damaged_times_are_survived(void **state)
{
	static const struct visit endless[] = { { STAGE_ENTRY, UINT64_MAX - 5 } };
	struct lapse lapse;

	(void)state;
	lapse_begin(&lapse);
	event(&lapse, 5, EV_RECLAIM_BEGIN, 0);
	event(&lapse, UINT64_MAX, EV_RECLAIM_BEGIN, 0);
	event(&lapse, UINT64_MAX, EV_KSWAPD_SLEEP, 0);
	episode(&lapse, 5, endless, 1, 0);
	episode(&lapse, 5, endless, 1, 0);
	event(&lapse, 7, EV_KSWAPD_WAKE, 0);
	lapse_finish(&lapse);
	assert_in_range(lapse.nr, INTERVALS_MAX / 2, INTERVALS_MAX);
	assert_int_equal(lapse.rows[0].entries, 2);
	lapse_free(&lapse);

	lapse_begin(&lapse);
	note(&lapse, 1000, NOTE_WINDOW_START, "");
	note(&lapse, 1000, NOTE_TICK, "allocstall 99999999999999999999999 nr_free_pages x");
	note(&lapse, 2000, NOTE_TICK, "allocstall 18446744073709551615 nr_free_pages");
	note(&lapse, 1500, NOTE_TICK, "allocstall 1 allocstall 2");
	note(&lapse, 2500, NOTE_TICK, "oom_kill 1 allocstall 4");
	note(&lapse, 3000, NOTE_WINDOW_STOP, "");
	lapse_finish(&lapse);
	assert_int_equal(lapse.nr, 2);
	assert_int_equal(lapse.rows[0].has_change, 0);
	/* Counters that wrapped: the difference of what was read. */
	assert_int_equal(lapse.rows[1].change[READING_ALLOCSTALL], 5);
	lapse_free(&lapse);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_those_worked_out_by_hand),
		cmocka_unit_test(counters_are_those_between_two_ticks),
		cmocka_unit_test(without_ticks_rows_are_seconds),
		cmocka_unit_test(what_no_two_ticks_span_is_not_counted),
		cmocka_unit_test(one_tick_counts_nothing),
		cmocka_unit_test(without_a_window_there_are_no_rows),
		cmocka_unit_test(kswapd_is_awake_between_its_events),
		cmocka_unit_test(rows_that_a_gap_touches_are_lossy),
		cmocka_unit_test(a_tick_opens_the_window),
		cmocka_unit_test(every_episode_is_cut_at_every_edge),
		cmocka_unit_test(rows_double_when_they_are_too_many),
		cmocka_unit_test(what_is_joined_is_summed),
		cmocka_unit_test(damaged_times_are_survived),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
