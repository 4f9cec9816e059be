// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: what is seen of one episode, in order. Out: the reasons why it can have ended.
 *
 * Evidence: __alloc_pages_slowpath(), __alloc_pages_direct_reclaim(), _direct_compact(),
 * __alloc_pages_may_oom(), should_reclaim_retry() in mm/page_alloc.c of 6.12.117 and 7.3.4, and what
 * differs in 5.10.262, 6.1.176, 6.6.87, 6.18.15, 7.1.13, 7.2.13, read on 2026-11-23.
 */
#include <stddef.h>
#include <string.h>

#include "sequence/exit.h"
#include "sequence/frame.h"
#include "sequence/sequence.h"

/* include/linux/gfp_types.h (5.10: gfp.h): the same in 5.10 to 7.3. */
#define GFP_DMA		   0x1U
#define GFP_DMA32	   0x4U
#define GFP_IO		   0x40U
#define GFP_DIRECT_RECLAIM 0x400U
#define GFP_RETRY_MAYFAIL  0x4000U
#define GFP_NOFAIL	   0x8000U
#define GFP_NORETRY	   0x10000U
#define GFP_NOMEMALLOC	   0x80000U
#define GFP_THISNODE	   0x200000U
#define GFP_ACCOUNT	   0x400000U

/* mm/internal.h, 7.3: mm/page_alloc.h; likewise. */
#define ALLOC_WMARK_MASK    0x003U
#define ALLOC_WMARK_HIGH    0x002U
#define ALLOC_NO_WATERMARKS 0x004U
#define ALLOC_OOM	    0x008U
#define ALLOC_NON_BLOCK	    0x010U /* ALLOC_HARDER in 5.10 */
#define ALLOC_MIN_RESERVE   0x020U /* ALLOC_HIGH in 5.10 */
#define ALLOC_CPUSET	    0x040U
#define ALLOC_NOFRAGMENT    0x100U

#define COSTLY_ORDER	    3U /* PAGE_ALLOC_COSTLY_ORDER */
#define MAX_RECLAIM_RETRIES 16U

#define END(reason) (NR_POINTS + (reason))
#define BIT(at)	    (1ULL << (at))
#define NR_PLACES   (NR_POINTS + NR_EXITS)

/* --- what the request, and what was seen so far, allow -------------------------------------- */

struct asked {
	const struct exit_view *view;
	const struct frame *frame;
	const struct went *went;
};

/* Has the request none of these flags, as far as is known? */
static bool may_lack(const struct asked *ask, uint64_t gfp)
{
	return !ask->frame->ep.has_gfp || !(ask->frame->ep.gfp & gfp);
}

static bool may_have(const struct asked *ask, uint64_t gfp)
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
	return may_lack(ask, GFP_DIRECT_RECLAIM);
}

static bool direct_reclaim(const struct asked *ask)
{
	return may_have(ask, GFP_DIRECT_RECLAIM);
}

/*
 * __GFP_NOFAIL without a zone, or where reclaim is not allowed, loops until somebody else helps. The
 * kernel warns of the latter; without attempts it is taken not to happen.
 */
static bool is_sane(const struct asked *ask)
{
	return may_lack(ask, GFP_NOFAIL) || ask->view->sees_attempts;
}

/*
 * The zone list is empty for this request: not even kswapd is woken. Not so in an interrupt, where
 * no memory policy and no cpuset holds (alloc_pages(), prepare_alloc_pages()), unless the request
 * itself asks for one node or a low zone.
 */
static bool no_zone(const struct asked *ask)
{
	bool may_be_barred = ask->frame->ep.level == LEVEL_TASK ||
			     may_have(ask, GFP_THISNODE | GFP_DMA | GFP_DMA32);

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
	bool no_reserves = may_have(ask, GFP_NOMEMALLOC);

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
	return may_have(ask, GFP_NORETRY) &&
	       (may_have(ask, GFP_THISNODE) || (may_be_costly(ask) && skipped(ask)));
}

/* gfp_compaction_allowed(): without __GFP_IO, and for order 0, there is none. */
static bool no_compaction(const struct asked *ask)
{
	const struct episode *ep = &ask->frame->ep;

	return !ep->has_order || !ep->order || may_lack(ask, GFP_IO) ||
	       (ask->view->hidden & SIGHT(SEE_COMPACT));
}

static bool noretry(const struct asked *ask)
{
	return may_have(ask, GFP_NORETRY);
}

static bool costly(const struct asked *ask)
{
	return may_lack(ask, GFP_NORETRY) && may_be_costly(ask) &&
	       (may_lack(ask, GFP_RETRY_MAYFAIL) || may_lack(ask, GFP_IO));
}

static bool goes_on(const struct asked *ask)
{
	return may_lack(ask, GFP_NORETRY) &&
	       (may_be_cheap(ask) || (may_have(ask, GFP_RETRY_MAYFAIL) && may_have(ask, GFP_IO)));
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
	return may_be_cheap(ask) && may_lack(ask, GFP_RETRY_MAYFAIL | GFP_THISNODE);
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
	       !(trail->flags & ALLOC_CPUSET) || may_have(ask, GFP_NOMEMALLOC);
}

static bool no_progress(const struct asked *ask)
{
	return !ask->view->sees_attempts || !surely_victim(&ask->frame->trail);
}

static bool may_fail(const struct asked *ask)
{
	return may_lack(ask, GFP_NOFAIL);
}

static bool nofail(const struct asked *ask)
{
	return may_have(ask, GFP_NOFAIL);
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

/* --- the automaton -------------------------------------------------------------------------- */

enum adds { ADDS_NOTHING, ADDS_RETRY, ADDS_WAIT };

struct rule {
	uint8_t from, see, to, adds;
	bool (*when)(const struct asked *ask); /* NULL: always */
};

/* clang-format off */
static const struct rule rules[] = {
	{ AT_START, SEE_NOTHING, END(EXIT_NO_ZONE), 0, no_zone },
	{ AT_START, SEE_LOOP_PAGE, END(EXIT_FIRST_ATTEMPT), 0, NULL },
	{ AT_START, SEE_LOOP_NULL, FIRST_FAILED, 0, NULL },

	/* Up to 6.18 an attempt at retry: follows; from 7.1 on this was the one at retry:. */
	{ FIRST_FAILED, SEE_COMPACT, IN_FIRST_COMPACT, 0, direct_reclaim },
	{ FIRST_FAILED, SEE_NOTHING, AT_LOOP, 0, NULL },
	{ FIRST_FAILED, SEE_NOTHING, LOOP_FAILED, 0, NULL },

	{ AT_LOOP, SEE_LOOP_PAGE, END(EXIT_NEXT_ATTEMPT), 0, before_any_round },
	{ AT_LOOP, SEE_LOOP_PAGE, END(EXIT_RETRY), 0, after_a_round },
	{ AT_LOOP, SEE_LOOP_NULL, LOOP_FAILED, 0, NULL },

	/* At once again: flags adjusted for the first time (7.1), NOFRAGMENT dropped (7.2), restart. */
	{ LOOP_FAILED, SEE_NOTHING, AT_LOOP, 0, attempts_seen },
	{ LOOP_FAILED, SEE_NOTHING, END(EXIT_NO_DIRECT_RECLAIM), 0, no_direct_reclaim },
	{ LOOP_FAILED, SEE_NOTHING, END(EXIT_MEMALLOC), 0, memalloc },
	{ LOOP_FAILED, SEE_COMPACT, IN_FIRST_COMPACT, 0, direct_reclaim }, /* 7.1: compact_first */
	{ LOOP_FAILED, SEE_RECLAIM, IN_RECLAIM, 0, direct_reclaim },

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
	{ UNRESERVING, SEE_NOTHING, AT_LOOP, ADDS_RETRY, NULL },
	{ UNRESERVING, SEE_NOTHING, NOT_RECLAIM, 0, NULL },
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
	{ OOM_LOCKED, SEE_NOTHING, AT_LOOP, ADDS_RETRY, attempts_seen }, /* restart */
	{ OOM_LOCKED, SEE_OOM, IN_OOM, 0, may_kill },
	{ IN_OOM, SEE_VICTIM, OOM_KILLED, 0, NULL },
	{ IN_OOM, SEE_NOTHING, AT_LOOP, ADDS_RETRY, may_fail },
	{ IN_OOM, SEE_NOTHING, END(EXIT_OOM_VICTIM), 0, oom_victim },
	{ IN_OOM, SEE_NOTHING, END(EXIT_NO_PROGRESS), 0, no_progress },
	{ IN_OOM, SEE_FALLBACK_PAGE, END(EXIT_FALLBACK), 0, nofail },
	{ IN_OOM, SEE_FALLBACK_NULL, FELL_BACK, 0, nofail },
	{ OOM_KILLED, SEE_VICTIM, OOM_KILLED, 0, NULL },
	{ OOM_KILLED, SEE_NOTHING, AT_LOOP, ADDS_RETRY, may_fail },
	{ OOM_KILLED, SEE_NOTHING, END(EXIT_OOM_VICTIM), 0, oom_victim },
	{ OOM_KILLED, SEE_FALLBACK_PAGE, END(EXIT_FALLBACK), 0, nofail },
	{ OOM_KILLED, SEE_FALLBACK_NULL, FELL_BACK, 0, nofail },

	{ NEVER_FAILS, SEE_FALLBACK_PAGE, END(EXIT_FALLBACK), 0, NULL },
	{ NEVER_FAILS, SEE_FALLBACK_NULL, FELL_BACK, 0, NULL },
	{ FELL_BACK, SEE_FALLBACK_PAGE, END(EXIT_FALLBACK), 0, NULL }, /* without ALLOC_CPUSET */
	{ FELL_BACK, SEE_FALLBACK_NULL, FELL_BACK, 0, NULL },
	{ FELL_BACK, SEE_NOTHING, AT_LOOP, ADDS_RETRY, NULL },
	{ FELL_BACK, SEE_NOTHING, END(EXIT_OOM_VICTIM), 0, oom_victim },
};
/* clang-format on */

/* --- trails --------------------------------------------------------------------------------- */

static bool between_widen(struct between *it, struct between by)
{
	struct between old = *it;

	if (by.min < it->min)
		it->min = by.min;
	if (by.max > it->max)
		it->max = by.max;
	return it->min != old.min || it->max != old.max;
}

static void between_add_one(struct between *it)
{
	it->min += it->min < BETWEEN_OPEN;
	it->max += it->max < BETWEEN_OPEN;
}

/* Is there anything new in being at `to` after `went`? */
static bool arrive(struct trail *trail, unsigned int to, const struct went *went)
{
	bool widened;

	if (!(trail->at & BIT(to))) {
		trail->at |= BIT(to);
		trail->went[to] = *went;
		return true;
	}
	widened = between_widen(&trail->went[to].retries, went->retries);
	return between_widen(&trail->went[to].oom_lock_waits, went->oom_lock_waits) || widened;
}

static bool is_failure(unsigned int to)
{
	return to >= END(EXIT_NO_ZONE);
}

/* What a rule leads to is added to `next`. */
static bool follow(const struct asked *ask, const struct rule *rule, struct trail *next)
{
	struct went went = *ask->went;
	bool may_persist = is_failure(rule->to) && may_have(ask, GFP_NOFAIL) && direct_reclaim(ask);
	bool must_persist = may_persist && !may_lack(ask, GFP_NOFAIL) &&
			    !may_lack(ask, GFP_DIRECT_RECLAIM);
	bool is_new = false;

	if (rule->adds)
		between_add_one(&went.retries);
	if (rule->adds == ADDS_WAIT)
		between_add_one(&went.oom_lock_waits);
	if (may_persist)
		is_new = arrive(next, NEVER_FAILS, &went);
	if (!must_persist)
		is_new = arrive(next, rule->to, &went) || is_new;
	return is_new;
}

/* Follows the rules for `sights` from where the trail is; adds to `next`, which may be the trail. */
static bool advance(const struct exit_view *view, struct frame *frame, uint32_t sights,
		    struct trail *next)
{
	bool is_new = false;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *rule = &rules[i];
		struct went went = frame->trail.went[rule->from];
		struct asked ask = { view, frame, &went };

		if ((frame->trail.at & BIT(rule->from)) && (SIGHT(rule->see) & sights) &&
		    (!rule->when || rule->when(&ask)))
			is_new = follow(&ask, rule, next) || is_new;
	}
	return is_new;
}

/*
 * Everything that can have happened unseen. A way round without any sight goes on for ever, with
 * __GFP_NOFAIL in the kernel too: then there is no upper bound.
 */
static void settle(const struct exit_view *view, struct frame *frame)
{
	struct trail *trail = &frame->trail;
	unsigned int rounds = 0, at;

	while (advance(view, frame, view->hidden | SIGHT(SEE_NOTHING), trail))
		if (++rounds == NR_PLACES)
			for (at = 0; at < NR_PLACES; at++)
				trail->went[at].retries.max = trail->went[at].oom_lock_waits.max =
					BETWEEN_OPEN;
}

void exit_start(struct frame *frame)
{
	frame->trail.at = BIT(AT_START);
}

static void note_facts(struct trail *trail, uint32_t sights)
{
	trail->nr_reclaims += !!(sights & SIGHT(SEE_RECLAIM));
	trail->compacted |= !!(sights & SIGHT(SEE_COMPACT));
	trail->woke |= !!(sights & SIGHT(SEE_WAKE));
}

void exit_saw(const struct exit_view *view, struct frame *frame, uint32_t sights)
{
	const uint64_t failures = ~(BIT(END(EXIT_NO_ZONE)) - 1);
	struct trail next;

	if (!view->can_tell)
		return;
	if (!(sights & SIGHT(SEE_WAKE))) {
		settle(view, frame);
		next = frame->trail;
		next.at = sights & SIGHT(SEE_WARN) ? next.at & failures : 0;
		advance(view, frame, sights, &next);
		frame->trail = next;
	}
	note_facts(&frame->trail, sights);
}

void exit_saw_attempt(const struct exit_view *view, struct frame *frame, uint32_t places,
		      uint32_t alloc_flags, bool got_page)
{
	const uint32_t with_own_flags = SIGHT(SEE_OOM_NULL) | SIGHT(SEE_FALLBACK_NULL);

	exit_saw(view, frame, got_page ? SIGHTS_PAGE(places) : SIGHTS_NULL(places));
	if (!(places & with_own_flags))
		frame->trail.flags = alloc_flags;
	frame->trail.has_page_flags = got_page;
	frame->trail.page_flags = alloc_flags;
}

/* --- what is left over ---------------------------------------------------------------------- */

/*
 * __zone_watermark_ok() lowers the mark for these flags; NON_BLOCK alone only in 5.10, where it is
 * called HARDER.
 */
static enum watermark watermark_of(uint32_t flags)
{
	if (flags & ALLOC_NO_WATERMARKS)
		return WATERMARK_NONE;
	if ((flags & ALLOC_WMARK_MASK) == ALLOC_WMARK_HIGH)
		return WATERMARK_HIGH;
	if (flags & (ALLOC_OOM | ALLOC_MIN_RESERVE))
		return WATERMARK_BELOW_MIN;
	return flags & ALLOC_NON_BLOCK ? WATERMARK_MIN_OR_BELOW : WATERMARK_MIN;
}

#define PAGES	 ((BIT(END(EXIT_NO_ZONE)) - 1) & ~(BIT(NR_POINTS) - 1))
#define FAILURES (~(BIT(END(EXIT_NO_ZONE)) - 1))

/* Where the trail can have ended, given the outcome. */
static uint64_t ends_that_fit(const struct exit_view *view, const struct frame *frame)
{
	const struct asked ask = { view, frame, NULL };
	uint64_t at = frame->trail.at;

	switch (frame->ep.outcome) {
	case OUTCOME_OK:
		return at & PAGES;
	case OUTCOME_FAILED:
		/* The charge to a memory cgroup comes after the slowpath, and can fail. */
		return view->sees_ends || !may_have(&ask, GFP_ACCOUNT) ? at & FAILURES
								       : at & (PAGES | FAILURES);
	default:
		return 0;
	}
}

static uint32_t reasons_of(const struct episode *ep, uint64_t ends)
{
	uint64_t charged = ep->outcome == OUTCOME_FAILED && (ends & PAGES);

	if (ep->outcome == OUTCOME_FAILED)
		ends &= FAILURES;
	return (uint32_t)(ends >> NR_POINTS | charged << EXIT_NOT_CHARGED);
}

/* The widest of what led to any of `places`. */
static void bound(struct frame *frame, uint64_t places)
{
	struct went all = { { BETWEEN_OPEN, 0 }, { BETWEEN_OPEN, 0 } };
	unsigned int at;

	for (at = 0; at < NR_PLACES; at++) {
		if (!(places & BIT(at)))
			continue;
		between_widen(&all.retries, frame->trail.went[at].retries);
		between_widen(&all.oom_lock_waits, frame->trail.went[at].oom_lock_waits);
	}
	frame->ep.retries = all.retries;
	frame->ep.oom_lock_waits = all.oom_lock_waits;
}

void exit_derive(const struct exit_view *view, struct frame *frame)
{
	struct episode *ep = &frame->ep;
	uint64_t ends, places;

	if (view->can_tell)
		settle(view, frame);
	ends = view->can_tell ? ends_that_fit(view, frame) : 0;
	ep->exits = reasons_of(ep, ends);
	if (ep->outcome == OUTCOME_OK && frame->trail.has_page_flags)
		ep->watermark = watermark_of(frame->trail.page_flags);
	places = ep->outcome <= OUTCOME_FAILED ? ends : frame->trail.at;
	if (view->can_tell && places)
		bound(frame, places);
	else
		ep->retries = ep->oom_lock_waits = (struct between){ 0, BETWEEN_OPEN };
	if (ep->outcome == OUTCOME_INCOMPLETE)
		ep->retries.max = ep->oom_lock_waits.max = BETWEEN_OPEN;
}

/* --- what a capture can show ---------------------------------------------------------------- */

#define KIND(kind) (1ULL << (kind))

static const struct {
	uint32_t sights;
	uint64_t kinds; /* any of them shows it */
} shown[] = {
	{ SIGHT(SEE_RECLAIM), KIND(EV_RECLAIM_BEGIN) },
	{ SIGHT(SEE_RECLAIMED_SOME) | SIGHT(SEE_RECLAIMED_NONE), KIND(EV_RECLAIM_END) },
	{ SIGHT(SEE_DRAIN), KIND(EV_DRAIN_ALL_PAGES) | KIND(EV_UNRESERVE_HIGHATOMIC) },
	{ SIGHT(SEE_UNRESERVE), KIND(EV_UNRESERVE_HIGHATOMIC) },
	{ SIGHT(SEE_COMPACT), KIND(EV_COMPACT_TRY) },
	{ SIGHT(SEE_ZONE_OK) | SIGHT(SEE_ZONE_SHORT), KIND(EV_RECLAIM_RETRY_ZONE) },
	{ SIGHT(SEE_COMPACT_AGAIN) | SIGHT(SEE_COMPACT_ENOUGH), KIND(EV_COMPACT_RETRY) },
	{ SIGHT(SEE_OOM), KIND(EV_OUT_OF_MEMORY) },
	{ SIGHT(SEE_VICTIM), KIND(EV_MARK_VICTIM) },
};

#define ATTEMPT_SIGHTS ((SIGHT(SEE_FALLBACK_PAGE) << 1) - SIGHT(SEE_LOOP_NULL))

bool seq_tells_exits(uint64_t kinds)
{
	const uint64_t needed = KIND(EV_RECLAIM_BEGIN) | KIND(EV_RECLAIM_END) |
				KIND(EV_RECLAIM_RETRY_ZONE);

	return (kinds & needed) == needed;
}

struct exit_view exit_view_of(uint64_t kinds)
{
	const uint64_t attempts = KIND(EV_ATTEMPT_ENTER) | KIND(EV_ATTEMPT_EXIT);
	struct exit_view view = {
		.sees_attempts = (kinds & attempts) == attempts,
		.sees_ends = kinds & KIND(EV_SLOW_EXIT),
		.can_tell = seq_tells_exits(kinds),
		.may_be_defrag = true,
	};
	size_t i;

	for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (!(kinds & shown[i].kinds))
			view.hidden |= shown[i].sights;
	if (!view.sees_attempts)
		view.hidden |= ATTEMPT_SIGHTS;
	return view;
}

void exit_learn_sysctls(struct exit_view *view, const char *text, size_t len)
{
	static const char on[] = "vm.defrag_mode = 1";

	view->may_be_defrag = memmem(text, len, on, sizeof(on) - 1);
}
