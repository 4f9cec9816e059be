// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: what is seen of one episode, in order. Out: the reasons why it can have ended. The rules are
 * those of exit_rules.c; here they are followed.
 */
#include <string.h>

#include "sequence/exit_rules.h"
#include "sequence/frame.h"
#include "sequence/sequence.h"

#define BIT(at)	  (1ULL << (at))
#define NR_PLACES (NR_POINTS + NR_EXITS)

/* The ends with a page, and without. */
#define PAGES	 ((BIT(END(EXIT_NO_ZONE)) - 1) & ~(BIT(NR_POINTS) - 1))
#define FAILURES (~(BIT(END(EXIT_NO_ZONE)) - 1))

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
	bool may_persist = is_failure(rule->to) && exit_may_have(ask, GFP_NOFAIL) &&
			   exit_may_have(ask, GFP_DIRECT_RECLAIM);
	bool must_persist = may_persist && !exit_may_lack(ask, GFP_NOFAIL) &&
			    !exit_may_lack(ask, GFP_DIRECT_RECLAIM);
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
	size_t nr;
	const struct rule *rule = exit_rules(&nr);

	for (; nr--; rule++) {
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
	struct trail next;

	if (!view->can_tell)
		return;
	if (!(sights & SIGHT(SEE_WAKE))) {
		settle(view, frame);
		next = frame->trail;
		next.at = sights & SIGHT(SEE_WARN) ? next.at & FAILURES : 0;
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
		return view->sees_ends || !exit_may_have(&ask, GFP_ACCOUNT)
			       ? at & FAILURES
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
	{ SIGHT(SEE_FREED_SOME) | SIGHT(SEE_FREED_NONE), KIND(EV_UNRESERVED) },
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
