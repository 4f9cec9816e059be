/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When at least one kswapd was awake, by its own two events: from the start of a run of
 * balance_pgdat() to the moment at which it goes to sleep. The nap of up to 100 ms that it takes
 * before, to see whether the zones stay balanced, leaves no event and is part of it
 * (kswapd_try_to_sleep, mm/vmscan.c, 5.10 to 7.3).
 *
 * Two bounds are summed, in the members awake_ns and maybe_awake_ns of the intervals: what is
 * certain, and what is possible. They differ before the first event of a kswapd, and from a loss to
 * the first event after it. A kswapd without any event, which neither began nor ended a run, is taken
 * as asleep, unless records are missing.
 */
#ifndef PAGETRAIL_SUMMARY_KSWAPDS_H
#define PAGETRAIL_SUMMARY_KSWAPDS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/event.h"
#include "summary/intervals.h"

#define KSWAPDS_MAX 1024 /* nodes: MAX_NUMNODES of x86-64 and arm64 is not more */

enum kswapd_state {
	KSWAPD_UNSEEN,	/* no event so far */
	KSWAPD_UNKNOWN, /* what it did last may be lost */
	KSWAPD_ASLEEP,
	KSWAPD_AWAKE,
	NR_KSWAPD_STATES
};

struct kswapds {
	uint8_t state[KSWAPDS_MAX]; /* by node: enum kswapd_state */
	unsigned int nr[NR_KSWAPD_STATES];
	uint64_t settled_ns; /* all before this is in the intervals */
	uint64_t dark_until; /* up to here records are missing */
	bool lost;	     /* some were, so that a first event proves little */
};

/* From here on. */
void kswapds_begin(struct kswapds *all, uint64_t ts_ns);

/* Takes an EV_KSWAPD_WAKE or EV_KSWAPD_SLEEP. */
void kswapds_event(struct kswapds *all, struct intervals *to, const struct event *ev);

/* Takes an EV_LOST: one before kswapds_begin too. */
void kswapds_lose(struct kswapds *all, struct intervals *to, const struct event *ev);

/* Until `ts_ns`. `buddyinfo`: /proc/buddyinfo, which names the nodes with memory; NULL: not known. */
void kswapds_finish(struct kswapds *all, struct intervals *to, uint64_t ts_ns,
		    const char *buddyinfo);

#endif
