/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The window over time: what was entered, stalled and awake in each interval, and what the kernel's
 * counters did meanwhile.
 *
 * The ticks of the recorder (NOTE_TICK) are the edges. Before the first tick, and in a capture that
 * has none, every full second since the window opened is one. What lies before the first tick or
 * after the last is part of the interval beside it, so that the intervals cover the window.
 *
 * In: events in the order of time, and episodes, each after the event that ended it. Out: the rows.
 * The owner of the struct calls timeline_free.
 */
#ifndef PAGETRAIL_SUMMARY_TIMELINE_H
#define PAGETRAIL_SUMMARY_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/event.h"
#include "summary/input.h"
#include "summary/intervals.h"
#include "summary/kswapds.h"
#include "summary/summary.h"

struct timeline {
	struct intervals all;
	struct kswapds kswapds;
	bool begun;
	struct tick latest;
	uint64_t phase;	  /* ticks since the last interval began */
	uint64_t next_ns; /* from then on any event matters; before that few kinds do */
};

int timeline_init(struct timeline *timeline); /* 0 or -ENOMEM */
void timeline_free(struct timeline *timeline);

/* Does the event matter? Most do not. Every note does, and only a note moves the window. */
static inline bool timeline_awaits(const struct timeline *timeline, const struct event *ev)
{
	const uint64_t kinds = 1ULL << EV_NOTE | 1ULL << EV_LOST | 1ULL << EV_KSWAPD_WAKE |
			       1ULL << EV_KSWAPD_SLEEP;

	return ev->ts_ns >= timeline->next_ns || kinds >> ev->kind & 1;
}

/* After the sequence took the event, which knows the window. */
void timeline_event(struct timeline *timeline, const struct event *ev, const struct seq *seq);

/*
 * An episode of the window. Nested ones count as entries only: their time is part of another's.
 * Stages beyond those that an episode keeps (EPISODE_PATH_MAX) are in its stalled time alone.
 */
void timeline_episode(struct timeline *timeline, const struct episode *ep);

/* The rows, into an array that the caller frees. Call once. 0 or -ENOMEM. */
int timeline_finish(struct timeline *timeline, const struct summary_input *input,
		    struct timeline_row **rows, size_t *nr);

#endif
