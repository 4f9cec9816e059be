// SPDX-License-Identifier: GPL-2.0-or-later
/* In: an attempt's event and the episode around it. Out: a label. Changes nothing but `sites`. */
#include "kernel/alloc_flags.h"
#include "sequence/attempt.h"

static uint32_t flags_of(const struct event *ev)
{
	return (uint32_t)event_get(ev, FIELD_ALLOC_FLAGS);
}

bool attempt_is_fast(const struct event *ev)
{
	if (event_has(ev, FIELD_ALLOC_FLAGS))
		return alloc_flags_are_fast(flags_of(ev));
	return ev->caller_role == FN_ENTRY;
}

bool attempt_is_nolock(const struct event *ev)
{
	return alloc_flags_are_nolock(event_get(ev, FIELD_ALLOC_FLAGS));
}

/*
 * __alloc_pages_cpuset_fallback() for __GFP_NOFAIL: without watermarks after an OOM kill, else with
 * nothing but HARDER (5.10) or MIN_RESERVE (6.1 and later), with and then without CPUSET.
 */
static bool is_fallback(const struct frame *frame, uint32_t flags)
{
	uint32_t bare = flags & ~ALLOC_CPUSET;

	if (!frame->ep.has_gfp || !(frame->ep.gfp & GFP_NOFAIL))
		return false;
	if (frame->stage == STAGE_OOM && bare == ALLOC_NO_WATERMARKS)
		return true;
	return bare == ALLOC_NON_BLOCK || bare == ALLOC_MIN_RESERVE;
}

static bool is_one_of(const uint64_t *callers, unsigned int nr, uint64_t caller)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (callers[i] == caller)
			return true;
	return false;
}

static bool is_first_site(const struct attempt_sites *sites, uint64_t caller)
{
	return is_one_of(sites->first, sites->nr, caller);
}

static void learn(uint64_t *callers, unsigned int *nr, const struct event *ev)
{
	uint64_t caller = event_get(ev, FIELD_CALLER);

	if (event_has(ev, FIELD_CALLER) && *nr < ATTEMPT_SITES_MAX &&
	    !is_one_of(callers, *nr, caller))
		callers[(*nr)++] = caller;
}

/*
 * After a compaction comes its own attempt, unless that was skipped or deferred, or the attempt at
 * retry:. The former is called from __alloc_pages_direct_compact, a function of its own up to 6.18;
 * where it is inlined (7.2, 7.3) the retry is at the site of the first attempt. A compaction that
 * found a zone good as it is looks at none, but its attempt comes from a site that is known by then.
 */
static bool is_compactions_own(struct attempt_sites *sites, const struct frame *frame,
			       const struct event *ev)
{
	uint64_t caller = event_get(ev, FIELD_CALLER);

	if (ev->caller_role == FN_DIRECT_COMPACT)
		return true;
	if (event_has(ev, FIELD_CALLER) && is_one_of(sites->compact, sites->nr_compact, caller))
		return true;
	if (frame->stage != STAGE_COMPACT || frame->attempted || !frame->compacted_zone)
		return false;
	if (event_has(ev, FIELD_CALLER) && is_first_site(sites, caller))
		return false;
	learn(sites->compact, &sites->nr_compact, ev);
	return true;
}

/*
 * After a reclaim that freed pages comes its own attempt, and nothing else. From the site that is
 * known then it comes without a reclaim, too: throttle_direct_reclaim() puts a task to sleep before
 * try_to_free_pages() begins its reclaim, and that returns 1 at once for one that was killed
 * meanwhile (mm/vmscan.c, 5.10 to 7.3). Nothing but this attempt tells of it.
 */
static bool is_reclaims_own(struct attempt_sites *sites, const struct frame *frame,
			    const struct event *ev)
{
	if (event_has(ev, FIELD_CALLER) &&
	    is_one_of(sites->reclaim, sites->nr_reclaim, event_get(ev, FIELD_CALLER)))
		return true;
	if (frame->stage != STAGE_RECLAIM || !frame->reclaim_won)
		return false;
	if (!frame->attempted)
		learn(sites->reclaim, &sites->nr_reclaim, ev);
	return true;
}

enum attempt attempt_label(struct attempt_sites *sites, const struct frame *frame,
			   const struct event *ev)
{
	uint32_t flags = flags_of(ev);

	if ((flags & ALLOC_WMARK_MASK) == ALLOC_WMARK_HIGH)
		return ATTEMPT_OOM;
	if (is_fallback(frame, flags))
		return ATTEMPT_FALLBACK;
	if (!frame->any_attempt) {
		learn(sites->first, &sites->nr, ev);
		return ATTEMPT_FIRST;
	}
	if (is_compactions_own(sites, frame, ev))
		return ATTEMPT_COMPACT;
	if (is_reclaims_own(sites, frame, ev))
		return ATTEMPT_RECLAIM;
	if (flags & (ALLOC_NO_WATERMARKS | ALLOC_OOM))
		return ATTEMPT_RESERVE;
	return ATTEMPT_RETRY;
}

/*
 * The label says what an attempt most likely was; this only what is certain by its site and flags.
 * What follows from the order of things is left to the automaton of exit.c.
 */
uint32_t attempt_places(const struct attempt_sites *sites, const struct frame *frame,
			const struct event *ev, enum attempt label, bool compacts_in_function)
{
	uint64_t caller = event_get(ev, FIELD_CALLER);
	uint32_t places = SIGHT(SEE_LOOP_NULL);

	if (label == ATTEMPT_OOM)
		return SIGHT(SEE_OOM_NULL);
	if (label == ATTEMPT_FALLBACK)
		return SIGHT(SEE_FALLBACK_NULL);
	if (ev->caller_role == FN_DIRECT_COMPACT)
		return SIGHT(SEE_COMPACT_NULL);
	if (event_has(ev, FIELD_CALLER) && is_first_site(sites, caller))
		return SIGHT(SEE_LOOP_NULL);
	if (event_has(ev, FIELD_CALLER) && is_one_of(sites->reclaim, sites->nr_reclaim, caller))
		return SIGHT(SEE_RECLAIM_NULL);
	if (frame->reclaim_won)
		places |= SIGHT(SEE_RECLAIM_NULL);
	if (frame->stage == STAGE_COMPACT && !frame->attempted &&
	    (frame->compacted_zone || !compacts_in_function))
		places |= SIGHT(SEE_COMPACT_NULL);
	return places;
}
