/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts and sums over the events of a capture, and what they were at the notes that matter to the
 * reconciliation: each number of the kernel has an interval of its own, and is compared with what
 * was traced between two of these moments.
 *
 * In: every event, in the order of time. Out: struct ledger, plain values. Must not know episodes.
 *
 * The recorder does, in this order (record/recorder.c, open_window and close_window), and the notes
 * bear the names in quotes:
 *
 *	opens the buffer; reads /proc/vmstat; "verify.enabling"; enables the execute breakpoint;
 *	reads the hits of the probes; "window.start"; notes what it read; the load runs;
 *	"window.stop"; reads the hits; disables the breakpoint; "verify.disabled"; reads /proc/vmstat;
 *	disables the events; notes what it read; closes the buffer
 *
 * So the counters of /proc/vmstat cover the window and an edge on both sides, of which everything
 * is in the capture. The hits cover less: between the note before the window and the one after it.
 */
#ifndef PAGETRAIL_SUMMARY_LEDGER_H
#define PAGETRAIL_SUMMARY_LEDGER_H

#include "capture/event.h"

enum sum {
	SUM_RECLAIMED,	     /* pages, of direct_reclaim_end */
	SUM_MEMCG_RECLAIMED, /* pages, of memcg_reclaim_end */
	SUM_NODE_RECLAIMED,  /* pages, of node_reclaim_end, */
	SUM_NODE_FRUITLESS,  /* and its events with 0 pages */
	SUM_ALLOCATED,	     /* pages, of mm_page_alloc with a page, */
	SUM_LARGEST,	     /* at most, in one of them, so far; */
	SUM_FAILED,	     /* its events without one, */
	SUM_FAILED_CHARGED,  /* of these the ones with __GFP_ACCOUNT, */
	SUM_FAILED_PAGES,    /* and the pages that these asked for */
	SUM_ALLOC_NULLS,     /* returns of the allocator without a page */
	NR_SUMS
};

struct moment {
	uint64_t events[NR_EV_KINDS]; /* those of a group (kernel/joints.h) as the group */
	uint64_t sums[NR_SUMS];
};

enum mark {
	MARK_NONE,	   /* before the first event: all 0 */
	MARK_WINDOW_START, /* the first event where there is no such note */
	MARK_WINDOW_STOP,  /* the last event where there is no such note */
	MARK_BEFORE,	   /* the last note before the window, */
	MARK_AFTER,	   /* and the first after it */
	MARK_END,	   /* after the last event */
	NR_MARKS
};

struct ledger {
	struct moment at[NR_MARKS];
	bool expected; /* a window: there is a note of ours */
	bool seen[NR_MARKS];
};

void ledger_take(struct ledger *ledger, const struct event *ev);

/* From one mark to another: a number of events, or a sum. */
uint64_t ledger_events(const struct ledger *ledger, enum ev_kind kind, enum mark from,
		       enum mark to);
uint64_t ledger_sum(const struct ledger *ledger, enum sum sum, enum mark from, enum mark to);

#endif
