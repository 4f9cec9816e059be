/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state machine that rebuilds episodes from events. Pure: no I/O, no library, no clock.
 *
 * In: events in the order of time. Out: episodes, each once, when it has ended (or at seq_finish).
 * It trusts no order of stages: kernels differ (7.1 merged two attempt sites into one, promoted
 * orders, moved the restart check), so it accepts any order and records what it saw.
 *
 * What opens an episode depends on what the capture can show (struct seq_basis.kinds), best first:
 *   SITE       EV_SLOW_ENTER                             exact
 *   FAST_NULL  the fast attempt's NULL return            exact
 *   EVIDENCE   tracepoints of the slowpath               lower bound
 *
 * Memory is bounded: at most `max_contexts` contexts with something open at once; the one idle
 * longest is evicted and counted. struct seq is owned by who made it.
 */
#ifndef PAGETRAIL_SEQUENCE_SEQUENCE_H
#define PAGETRAIL_SEQUENCE_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "sequence/detour.h"
#include "sequence/episode.h"

enum seq_basis { BASIS_NONE, BASIS_SITE, BASIS_FAST_NULL, BASIS_EVIDENCE };

/* Numbers of stalled tasks that have a row of their own, 0 among them; then one per power of two. */
#define CROWD_SINGLE_ROWS 64
#define NR_CROWD_ROWS	  (CROWD_SINGLE_ROWS + 12)

/*
 * How many were in the slowpath at a time, inside the window: tasks, or CPUs whose idle task was
 * interrupted. Episodes inside others are not counted again, and those of kswapd and kcompactd not at
 * all.
 */
struct crowd_counts {
	uint64_t ns[NR_CROWD_ROWS];	 /* time with so many; all rows: the window */
	uint64_t task_ns[NR_CROWD_ROWS]; /* number * time; all rows: the time of the episodes */
	uint64_t max, max_at_ns;
	uint64_t stage_task_ns[NR_TIMED_STAGES], stage_max[NR_TIMED_STAGES];
	uint64_t nr_late; /* changes that were known too late to be counted at their time */
};

struct seq_counts {
	enum seq_basis basis;
	bool has_notes;			   /* the capture is one of ours: it should have a window */
	bool window_opened, window_closed; /* its notes were in the stream */
	uint64_t first_ns,
		last_ns;  /* the window, or the first and last event where there is none */
	uint64_t entries; /* episodes entered inside the window */
	uint64_t sched_switches, sched_wakeups; /* inside the window */
	uint64_t allocations; /* EV_ALLOC_ENTER, or EV_PAGE_ALLOC, inside the window */
	uint64_t attempts[NR_ATTEMPTS], null_attempts[NR_ATTEMPTS];
	uint64_t null_returns; /* every NULL from get_page_from_freelist: the naive count */
	uint64_t slow_attempts, slow_returns; /* of the slowpath, paired or not */
	uint64_t attempts_unpaired; /* slowpath returns without a recorded entry, and the reverse */
	uint64_t entries_before;    /* entries before the window opened, */
	uint64_t entries_after;	    /* and after it closed: the recorder's own edges */
	uint64_t
		entries_verify; /* between the notes around the execute breakpoint: a superset of */
				/* the window, so entries <= breakpoint count <= entries_verify */
	uint64_t orphan_exits;	/* exits whose entry lies before the capture */
	uint64_t orphans;	/* reclaim, compaction, OOM events outside any episode */
	uint64_t evictions;	/* contexts dropped for room */
	uint64_t requests_given_up; /* allocations of which no detour can be told, for room */
	uint64_t overflows;	    /* episodes that were nested deeper than is tracked, */
	uint64_t entries_too_deep;  /* and those of them that are among the entries */
	uint64_t lost_breaks;	    /* episodes given up because records were lost during them */
	uint64_t entries_sure;	    /* surely inside the window, also where its end was not seen */
	uint64_t reclaims, compactions, oom_entries, victims; /* inside episodes of the window */
	struct crowd_counts crowd;
	uint64_t warned;	  /* calls of warn_alloc by an episode */
	uint64_t stacks;	  /* call stacks that episodes got, */
	uint64_t stacks_alone;	  /* and those that no episode can be found for */
	uint64_t direct_compacts; /* calls of __alloc_pages_direct_compact for order > 0 */
};

struct seq;

/* `kinds`: bit per enum ev_kind, what the capture can contain. NULL without memory. */
struct seq *seq_new(uint64_t kinds, uint32_t max_contexts);
void seq_free(struct seq *seq);

/* What an event ended. Bits: */
#define SEQ_EPISODES 1 /* to be fetched with seq_next */
#define SEQ_DETOURS  2 /* to be fetched with seq_next_detour */

/* Takes one event. Such bits, 0 for most events, or -ENOMEM. */
int seq_feed(struct seq *seq, const struct event *ev);

/* Closes what is open: in flight. Call once, at the end of the stream. */
int seq_finish(struct seq *seq);

/* The next ended episode, or NULL. Borrowed until the next call of seq_feed or seq_next. */
const struct episode *seq_next(struct seq *seq);

/* The next detour that the last event ended, or NULL. Those not taken are gone with the next one. */
const struct detour *seq_next_detour(struct seq *seq);

/* Does what happens now count: is the window open, after the last event that was fed? */
bool seq_is_open(const struct seq *seq);

const struct seq_counts *seq_counts(const struct seq *seq);

/* The least number of tasks that a row of struct crowd_counts stands for. */
uint64_t seq_crowd_row_from(unsigned int row);

/* Are there the events without which no reason to end, and no retry, can be derived? */
bool seq_tells_exits(uint64_t kinds);

#endif
