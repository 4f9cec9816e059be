/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of its call sites an attempt (one get_page_from_freelist) came from. Private to sequence/.
 *
 * ALLOC_WMARK_MASK of alloc_flags is 1 (LOW) for the fast path's call and only for it, 2 (HIGH)
 * only under oom_lock, 0 (MIN) for the rest, in mm/page_alloc.c of all of 5.10 to 7.3. The rest is
 * told apart by the caller's address, which is constant per boot, and by what happened just before.
 */
#ifndef PAGETRAIL_SEQUENCE_ATTEMPT_H
#define PAGETRAIL_SEQUENCE_ATTEMPT_H

#include "sequence/frame.h"

#define ATTEMPT_SITES_MAX 8

/*
 * Return addresses of first attempts, of those after a compaction and of those after a reclaim,
 * learnt as they are seen: the slowpath has one or a few.
 */
struct attempt_sites {
	uint64_t first[ATTEMPT_SITES_MAX], compact[ATTEMPT_SITES_MAX], reclaim[ATTEMPT_SITES_MAX];
	unsigned int nr, nr_compact, nr_reclaim;
};

/*
 * Is it the fast path's call? From its flags, or where the event has none (return probes before
 * 6.6 cannot fetch arguments), from the function that it returns to. False when neither tells.
 */
bool attempt_is_fast(const struct event *ev);

/* alloc_pages_nolock's call (6.18 and later): never part of a slowpath. */
bool attempt_is_nolock(const struct event *ev);

/* The label of an attempt that begins in the open episode `frame`. */
enum attempt attempt_label(struct attempt_sites *sites, const struct frame *frame,
			   const struct event *ev);

/*
 * Where in the kernel an attempt of that label may have been made: SIGHT bits of the *_NULL.
 * `compacts_in_function`: __alloc_pages_direct_compact is a function of its own (up to 6.18).
 */
uint32_t attempt_places(const struct attempt_sites *sites, const struct frame *frame,
			const struct event *ev, enum attempt label, bool compacts_in_function);

#endif
