// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Evidence: __alloc_pages_slowpath(), __alloc_pages_direct_reclaim(), _direct_compact(),
 * __alloc_pages_may_oom(), should_reclaim_retry() in mm/page_alloc.c of 6.12.117 and 7.3.4, and what
 * differs in 5.10.262, 6.1.176, 6.6.87, 6.18.15, 7.1.13, 7.2.13, read on 2026-11-23.
 */
#include "sequence/exit_rules.h"
#include "sequence/frame.h"

#define COSTLY_ORDER	    3U /* PAGE_ALLOC_COSTLY_ORDER */
#define MAX_RECLAIM_RETRIES 16U

/* --- what the request, and what was seen so far, allow -------------------------------------- */

bool exit_may_lack(const struct asked *ask, uint64_t gfp)
{
	return !ask->frame->ep.has_gfp || !(ask->frame->ep.gfp & gfp);
}

bool exit_may_have(const struct asked *ask, uint64_t gfp)
{
	return !ask->frame->ep.has_gfp || (ask->frame->ep.gfp & gfp);
}

static bool may_be_costly(const struct asked *ask)
{
	return !ask->frame->ep.has_order || ask->frame->ep.order > COSTLY_ORDER;
}

static bool may_be_cheap(const struct asked *ask)
{
	return !ask->frame->ep.has_order || ask->frame->ep.order <= COSTLY_ORDER;
}

static bool no_direct_reclaim(const struct asked *ask)
{
	return exit_may_lack(ask, GFP_DIRECT_RECLAIM);
}

static bool direct_reclaim(const struct asked *ask)
{
	return exit_may_have(ask, GFP_DIRECT_RECLAIM);
}

/*
 * __GFP_NOFAIL without a zone, or where reclaim is not allowed, loops until somebody else helps. The
 * kernel warns of the latter; without attempts it is taken not to happen.
 */
static bool is_sane(const struct asked *ask)
{
	return exit_may_lack(ask, GFP_NOFAIL) || ask->view->sees_attempts;
}

/*
 * The zone list is empty for this request: not even kswapd is woken. Not so in an interrupt, where
 * no memory policy and no cpuset holds (alloc_pages(), prepare_alloc_pages()), unless the request
 * itself asks for one node or a low zone.
 */
static bool no_zone(const struct asked *ask)
{
	bool may_be_barred = ask->frame->ep.level == LEVEL_TASK ||
			     exit_may_have(ask, GFP_THISNODE | GFP_DMA | GFP_DMA32);

	return may_be_barred && !ask->frame->trail.woke && is_sane(ask);
}

/*
 * With PF_MEMALLOC (inside reclaim or compaction, or set by a driver) there is no direct reclaim;
 * up to 6.18 the first compaction is left out too, unless __GFP_NOMEMALLOC forbids the reserves.
 * Else the attempt at retry: has had no watermarks.
 */
static bool memalloc(const struct asked *ask)
{
	const struct trail *trail = &ask->frame->trail;
	bool no_reserves = exit_may_have(ask, GFP_NOMEMALLOC);

	if (trail->nr_reclaims || !direct_reclaim(ask) || !is_sane(ask) ||
	    (trail->compacted && !no_reserves))
		return false;
	return !ask->view->sees_attempts || no_reserves || (trail->flags & ALLOC_NO_WATERMARKS);
}

/*
 * The attempt after a compaction is left out only where the compaction of every zone was skipped or
 * deferred; a zone that was worked on has a better result (compact_zone_order).
 */
static bool skipped(const struct asked *ask)
{
	return !ask->frame->compacted_zone;
}

/*
 * Up to 6.18 costly orders with __GFP_NORETRY fail where the first compaction was skipped or
 * deferred, in some versions with __GFP_THISNODE too; from 7.1 on all orders with both flags do.
 */
static bool noretry_compaction(const struct asked *ask)
{
	return exit_may_have(ask, GFP_NORETRY) &&
	       (exit_may_have(ask, GFP_THISNODE) || (may_be_costly(ask) && skipped(ask)));
}

/* gfp_compaction_allowed(): without __GFP_IO, and for order 0, there is none. */
static bool no_compaction(const struct asked *ask)
{
	const struct episode *ep = &ask->frame->ep;

	return !ep->has_order || !ep->order || exit_may_lack(ask, GFP_IO) ||
	       (ask->view->hidden & SIGHT(SEE_COMPACT));
}

static bool noretry(const struct asked *ask)
{
	return exit_may_have(ask, GFP_NORETRY);
}

static bool costly(const struct asked *ask)
{
	return exit_may_lack(ask, GFP_NORETRY) && may_be_costly(ask) &&
	       (exit_may_lack(ask, GFP_RETRY_MAYFAIL) || exit_may_lack(ask, GFP_IO));
}

static bool goes_on(const struct asked *ask)
{
	return exit_may_lack(ask, GFP_NORETRY) &&
	       (may_be_cheap(ask) ||
		(exit_may_have(ask, GFP_RETRY_MAYFAIL) && exit_may_have(ask, GFP_IO)));
}

/* reclaim_retry_zone is silent after so many rounds without progress. */
static bool many_rounds(const struct asked *ask)
{
	return ask->frame->trail.nr_reclaims >= MAX_RECLAIM_RETRIES;
}

/* defrag_mode (6.18 and later): allows fragmentation at last, and tries again. */
static bool defragmenting(const struct asked *ask)
{
	if (ask->view->sees_attempts)
		return ask->frame->trail.flags & ALLOC_NOFRAGMENT;
	return ask->view->may_be_defrag;
}

static bool may_kill(const struct asked *ask)
{
	return may_be_cheap(ask) && exit_may_lack(ask, GFP_RETRY_MAYFAIL | GFP_THISNODE);
}

static bool surely_victim(const struct trail *trail)
{
	return trail->flags & ALLOC_OOM;
}

/*
 * alloc_flags get ALLOC_OOM and lose ALLOC_CPUSET at the same place of the loop, and from 7.1 on an
 * attempt with them need not follow if they had been changed before.
 */
static bool oom_victim(const struct asked *ask)
{
	const struct trail *trail = &ask->frame->trail;

	return !ask->view->sees_attempts || surely_victim(trail) ||
	       !(trail->flags & ALLOC_CPUSET) || exit_may_have(ask, GFP_NOMEMALLOC);
}

static bool no_progress(const struct asked *ask)
{
	return !ask->view->sees_attempts || !surely_victim(&ask->frame->trail);
}

static bool may_fail(const struct asked *ask)
{
	return exit_may_lack(ask, GFP_NOFAIL);
}

static bool nofail(const struct asked *ask)
{
	return exit_may_have(ask, GFP_NOFAIL);
}

static bool before_any_round(const struct asked *ask)
{
	return !ask->went->retries.min;
}

static bool after_a_round(const struct asked *ask)
{
	return ask->went->retries.max;
}

static bool attempts_seen(const struct asked *ask)
{
	return ask->view->sees_attempts;
}

/*
 * try_to_free_pages() without a reclaim, for a task that was killed while it was throttled
 * (attempt.c). Where attempts are not seen it is taken not to happen, unless nothing else explains a
 * drain (exit.c).
 */
static bool killed_while_throttled(const struct asked *ask)
{
	return ask->view->sees_attempts && direct_reclaim(ask) &&
	       ask->frame->ep.level == LEVEL_TASK;
}

/* --- the automaton -------------------------------------------------------------------------- */

/* clang-format off */
static const struct rule rules[] = {
	{ AT_START, SEE_NOTHING, END(EXIT_NO_ZONE), 0, no_zone },
	{ AT_START, SEE_LOOP_PAGE, END(EXIT_FIRST_ATTEMPT), 0, NULL },
	{ AT_START, SEE_LOOP_NULL, LOOP_FAILED, 0, NULL },

	{ AT_LOOP, SEE_LOOP_PAGE, END(EXIT_NEXT_ATTEMPT), 0, before_any_round },
	{ AT_LOOP, SEE_LOOP_PAGE, END(EXIT_RETRY), 0, after_a_round },
	{ AT_LOOP, SEE_LOOP_NULL, LOOP_FAILED, 0, NULL },

	/*
	 * At once again: up to 6.18 after the first attempt, which was not at retry:; from 7.1 on with
	 * flags adjusted for the first time, from 7.2 on without NOFRAGMENT; after a restart.
	 */
	{ LOOP_FAILED, SEE_NOTHING, AT_LOOP, 0, NULL },
	{ LOOP_FAILED, SEE_NOTHING, END(EXIT_NO_DIRECT_RECLAIM), 0, no_direct_reclaim },
	{ LOOP_FAILED, SEE_NOTHING, END(EXIT_MEMALLOC), 0, memalloc },
	/* Up to 6.18 after the very first attempt, from 7.1 on after any in the loop. */
	{ LOOP_FAILED, SEE_COMPACT, IN_FIRST_COMPACT, 0, direct_reclaim },
	{ LOOP_FAILED, SEE_RECLAIM, IN_RECLAIM, 0, NULL },
	{ LOOP_FAILED, SEE_NOTHING, RECLAIMED, 0, killed_while_throttled },

	{ IN_FIRST_COMPACT, SEE_NOTHING, END(EXIT_CAPTURED), 0, NULL },
	{ IN_FIRST_COMPACT, SEE_COMPACT_PAGE, END(EXIT_COMPACTION), 0, NULL },
	{ IN_FIRST_COMPACT, SEE_COMPACT_NULL, FIRST_COMPACTED, 0, NULL },
	{ IN_FIRST_COMPACT, SEE_NOTHING, FIRST_COMPACTED, 0, skipped },
	{ FIRST_COMPACTED, SEE_NOTHING, END(EXIT_NORETRY_COMPACTION), 0, noretry_compaction },
	{ FIRST_COMPACTED, SEE_NOTHING, AT_LOOP, 0, NULL },

	{ IN_RECLAIM, SEE_RECLAIMED_SOME, RECLAIMED, 0, NULL },
	{ IN_RECLAIM, SEE_RECLAIMED_NONE, AFTER_RECLAIM, 0, NULL },
	{ RECLAIMED, SEE_RECLAIM_PAGE, END(EXIT_RECLAIM), 0, NULL },
	{ RECLAIMED, SEE_RECLAIM_NULL, RECLAIM_FAILED, 0, NULL },
	{ RECLAIM_FAILED, SEE_DRAIN, DRAINED, 0, NULL },
	{ DRAINED, SEE_DRAIN, DRAINED, 0, NULL },
	{ DRAINED, SEE_FREED_SOME, DRAINED, 0, NULL },
	{ DRAINED, SEE_FREED_NONE, DRAINED, 0, NULL },
	{ DRAINED, SEE_RECLAIM_PAGE, END(EXIT_RECLAIM), 0, NULL },
	{ DRAINED, SEE_RECLAIM_NULL, AFTER_RECLAIM, 0, NULL },

	{ AFTER_RECLAIM, SEE_COMPACT, IN_COMPACT, 0, NULL },
	{ AFTER_RECLAIM, SEE_NOTHING, AT_TESTS, 0, no_compaction },
	{ IN_COMPACT, SEE_NOTHING, END(EXIT_CAPTURED), 0, NULL },
	{ IN_COMPACT, SEE_COMPACT_PAGE, END(EXIT_COMPACTION), 0, NULL },
	{ IN_COMPACT, SEE_COMPACT_NULL, AT_TESTS, 0, NULL },
	{ IN_COMPACT, SEE_NOTHING, AT_TESTS, 0, skipped },

	{ AT_TESTS, SEE_NOTHING, END(EXIT_NORETRY), 0, noretry },
	{ AT_TESTS, SEE_NOTHING, END(EXIT_COSTLY), 0, costly },
	{ AT_TESTS, SEE_NOTHING, DECIDING, 0, goes_on },
	{ AT_TESTS, SEE_NOTHING, AT_LOOP, ADDS_RETRY, attempts_seen }, /* restart */

	{ DECIDING, SEE_ZONE_OK, AT_LOOP, ADDS_RETRY, NULL },
	{ DECIDING, SEE_ZONE_SHORT, ZONES_SHORT, 0, NULL },
	{ DECIDING, SEE_NOTHING, ZONES_SHORT, 0, many_rounds },
	{ ZONES_SHORT, SEE_ZONE_OK, AT_LOOP, ADDS_RETRY, NULL },
	{ ZONES_SHORT, SEE_ZONE_SHORT, ZONES_SHORT, 0, NULL },
	{ ZONES_SHORT, SEE_UNRESERVE, UNRESERVING, 0, NULL },
	{ ZONES_SHORT, SEE_NOTHING, NOT_RECLAIM, 0, NULL }, /* 5.10 up to 16 rounds */
	{ UNRESERVING, SEE_FREED_SOME, AT_LOOP, ADDS_RETRY, NULL },
	{ UNRESERVING, SEE_FREED_NONE, NOT_RECLAIM, 0, NULL },
	{ NOT_RECLAIM, SEE_COMPACT_AGAIN, AT_LOOP, ADDS_RETRY, NULL },
	{ NOT_RECLAIM, SEE_COMPACT_ENOUGH, AT_OOM, 0, NULL },
	{ NOT_RECLAIM, SEE_NOTHING, AT_OOM, 0, NULL },
	{ NOT_RECLAIM, SEE_NOTHING, AT_LOOP, ADDS_RETRY, defragmenting },

	/* oom_lock is held by another task: a sleep of one jiffy, progress is taken for granted. */
	{ AT_OOM, SEE_NOTHING, AT_LOOP, ADDS_WAIT, NULL },
	{ AT_OOM, SEE_NOTHING, END(EXIT_OOM_VICTIM), 0, oom_victim },
	{ AT_OOM, SEE_OOM_PAGE, END(EXIT_OOM_LOCK), 0, NULL },
	{ AT_OOM, SEE_OOM_NULL, OOM_LOCKED, 0, NULL },
	{ OOM_LOCKED, SEE_NOTHING, END(EXIT_OOM_VICTIM), 0, oom_victim },
	{ OOM_LOCKED, SEE_NOTHING, END(EXIT_NO_PROGRESS), 0, no_progress },
	{ OOM_LOCKED, SEE_OOM, IN_OOM, 0, may_kill },
	{ IN_OOM, SEE_VICTIM, OOM_KILLED, 0, NULL },
	{ IN_OOM, SEE_NOTHING, AT_LOOP, ADDS_RETRY, may_fail },
	{ IN_OOM, SEE_NOTHING, END(EXIT_OOM_VICTIM), 0, oom_victim },
	{ IN_OOM, SEE_NOTHING, END(EXIT_NO_PROGRESS), 0, no_progress },
	{ OOM_KILLED, SEE_VICTIM, OOM_KILLED, 0, NULL },
	{ OOM_KILLED, SEE_NOTHING, AT_LOOP, ADDS_RETRY, may_fail },
	{ OOM_KILLED, SEE_NOTHING, END(EXIT_OOM_VICTIM), 0, oom_victim },
	{ OOM_KILLED, SEE_NOTHING, NEVER_FAILS, 0, nofail },

	{ NEVER_FAILS, SEE_FALLBACK_PAGE, END(EXIT_FALLBACK), 0, NULL },
	{ NEVER_FAILS, SEE_FALLBACK_NULL, FELL_BACK, 0, NULL },
	{ FELL_BACK, SEE_FALLBACK_PAGE, END(EXIT_FALLBACK), 0, NULL }, /* without ALLOC_CPUSET */
	{ FELL_BACK, SEE_FALLBACK_NULL, FELL_BACK, 0, NULL },
	{ FELL_BACK, SEE_NOTHING, AT_LOOP, ADDS_RETRY, NULL },
};
/* clang-format on */

/* The table is in the order of the points. */
const struct rule *exit_rules(enum point from, size_t *nr)
{
	size_t low = 0, high = sizeof(rules) / sizeof(rules[0]), end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rules[middle].from < from)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < sizeof(rules) / sizeof(rules[0]) && rules[end].from == from; end++)
		;
	*nr = end - low;
	return &rules[low];
}
