// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: what is seen of one episode, in order. Out: the reasons why it can have ended. The rules are
 * those of exit_rules.c; here they are followed.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/hint.h"
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
	enum point from;

	for (from = 0; from < NR_POINTS; from++) {
		const struct rule *rule;
		size_t nr;

		if (!(frame->trail.at & BIT(from)))
			continue;
		for (rule = exit_rules(from, &nr); nr--; rule++) {
			struct went went = frame->trail.went[from];
			struct asked ask = { view, frame, &went };

			if ((SIGHT(rule->see) & sights) && (!rule->when || rule->when(&ask)))
				is_new = follow(&ask, rule, next) || is_new;
		}
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
	struct trail *trail = &frame->trail;

	memset(trail, 0, offsetof(struct trail, notes.notes));
	trail->at = BIT(AT_START);
	trail->went[AT_START] = (struct went){ { 0, 0 }, { 0, 0 } };
}

static void note_facts(struct trail *trail, uint32_t sights)
{
	trail->nr_reclaims += !!(sights & SIGHT(SEE_RECLAIM));
	trail->compacted |= !!(sights & SIGHT(SEE_COMPACT));
	trail->woke |= !!(sights & SIGHT(SEE_WAKE));
}

/*
 * A drain that nothing else explains is that of a task which was killed while it was throttled, and
 * began no reclaim (exit_rules.c). Only then: what is rare would else widen what is common.
 */
static void explain_drain(const struct exit_view *view, const struct frame *frame,
			  struct trail *next)
{
	const struct asked ask = { view, frame, NULL };

	if ((frame->trail.at & BIT(LOOP_FAILED)) && exit_may_have(&ask, GFP_DIRECT_RECLAIM))
		arrive(next, DRAINED, &frame->trail.went[LOOP_FAILED]);
}

static void follow_sights(const struct exit_view *view, struct frame *frame, uint32_t sights)
{
	struct trail next;

	if (!view->can_tell)
		return;
	if (!(sights & SIGHT(SEE_WAKE))) {
		settle(view, frame);
		next = frame->trail;
		next.at = sights & SIGHT(SEE_WARN) ? next.at & FAILURES : 0;
		advance(view, frame, sights, &next);
		if (!next.at && (sights & SIGHT(SEE_DRAIN)))
			explain_drain(view, frame, &next);
		frame->trail = next;
	}
	note_facts(&frame->trail, sights);
}

/* Both kinds of attempts that have flags of their own. */
#define WITH_OWN_FLAGS (SIGHT(SEE_OOM_NULL) | SIGHT(SEE_FALLBACK_NULL))

static APART void follow_note(const struct exit_view *view, struct frame *frame,
			      const struct exit_note *note)
{
	struct trail *trail = &frame->trail;

	const bool got_page = note->facts & NOTE_GOT_PAGE;

	if (!(note->facts & NOTE_ATTEMPT)) {
		follow_sights(view, frame, note->sights);
		return;
	}
	follow_sights(view, frame,
		      got_page ? SIGHTS_PAGE(note->sights) : SIGHTS_NULL(note->sights));
	if (!(note->sights & WITH_OWN_FLAGS))
		trail->flags = note->alloc_flags;
	trail->has_page_flags = got_page;
	trail->page_flags = note->alloc_flags;
}

/* --- what is noted down --------------------------------------------------------------------- */

/* Follows the notes, each as if it were seen now. */
static APART void follow_notes(const struct exit_view *view, struct frame *frame)
{
	const bool has_gfp = frame->ep.has_gfp, has_order = frame->ep.has_order;
	const bool compacted_zone = frame->compacted_zone;
	uint32_t i;

	for (i = 0; i < frame->trail.notes.nr; i++) {
		struct exit_note note = frame->trail.notes.notes[i];

		frame->ep.has_gfp = note.facts & NOTE_HAS_GFP;
		frame->ep.has_order = note.facts & NOTE_HAS_ORDER;
		frame->compacted_zone = note.facts & NOTE_COMPACTED_ZONE;
		follow_note(view, frame, &note);
	}
	frame->ep.has_gfp = has_gfp;
	frame->ep.has_order = has_order;
	frame->compacted_zone = compacted_zone;
}

static void take_note(const struct exit_view *view, struct frame *frame, struct exit_note note)
{
	struct exit_notes *notes = &frame->trail.notes;

	if (!view->can_tell && !(note.facts & NOTE_ATTEMPT))
		return;
	note.facts |=
		(uint32_t)(frame->ep.has_gfp * NOTE_HAS_GFP | frame->ep.has_order * NOTE_HAS_ORDER |
			   frame->compacted_zone * NOTE_COMPACTED_ZONE);
	if (notes->nr < EXIT_NOTES_MAX) {
		notes->notes[notes->nr++] = note;
		return;
	}
	if (!notes->full)
		follow_notes(view, frame);
	notes->full = true;
	follow_note(view, frame, &note);
}

void exit_saw(const struct exits *exits, struct frame *frame, uint32_t sights)
{
	take_note(&exits->view, frame, (struct exit_note){ .sights = sights });
}

void exit_saw_attempt(const struct exits *exits, struct frame *frame, uint32_t places,
		      uint32_t alloc_flags, bool got_page)
{
	take_note(&exits->view, frame,
		  (struct exit_note){ .sights = places,
				      .alloc_flags = alloc_flags,
				      .facts = NOTE_ATTEMPT | (got_page ? NOTE_GOT_PAGE : 0) });
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
static struct went bound(const struct trail *trail, uint64_t places)
{
	struct went all = { { BETWEEN_OPEN, 0 }, { BETWEEN_OPEN, 0 } };
	unsigned int at;

	for (at = 0; at < NR_PLACES; at++) {
		if (!(places & BIT(at)))
			continue;
		between_widen(&all.retries, trail->went[at].retries);
		between_widen(&all.oom_lock_waits, trail->went[at].oom_lock_waits);
	}
	return all;
}

static APART void derive(const struct exit_view *view, struct frame *frame, struct exit_known *is)
{
	const struct episode *ep = &frame->ep;
	uint64_t ends, places;

	if (!frame->trail.notes.full)
		follow_notes(view, frame);
	if (view->can_tell)
		settle(view, frame);
	ends = view->can_tell ? ends_that_fit(view, frame) : 0;
	is->exits = reasons_of(ep, ends);
	is->watermark = WATERMARK_UNKNOWN;
	if (ep->outcome == OUTCOME_OK && frame->trail.has_page_flags)
		is->watermark = watermark_of(frame->trail.page_flags);
	places = ep->outcome <= OUTCOME_FAILED ? ends : frame->trail.at;
	if (view->can_tell && places)
		is->went = bound(&frame->trail, places);
	else
		is->went = (struct went){ { 0, BETWEEN_OPEN }, { 0, BETWEEN_OPEN } };
	if (ep->outcome == OUTCOME_INCOMPLETE)
		is->went.retries.max = is->went.oom_lock_waits.max = BETWEEN_OPEN;
}

/* --- what is known already ------------------------------------------------------------------ */

#define NR_KNOWN 1024 /* a power of two */

static struct exit_known question_of(const struct frame *frame)
{
	const struct exit_notes *notes = &frame->trail.notes;
	struct exit_known is = {
		.gfp = frame->ep.gfp,
		.order = frame->ep.order,
		.has_gfp = frame->ep.has_gfp,
		.has_order = frame->ep.has_order,
		.compacted_zone = frame->compacted_zone,
		.level = (uint8_t)frame->ep.level,
		.outcome = (uint8_t)frame->ep.outcome,
		.nr = notes->nr + 1,
	};

	memcpy(is.notes, notes->notes, notes->nr * sizeof(is.notes[0]));
	return is;
}

static struct exit_known *place_of(struct exits *exits, const struct frame *frame)
{
	const struct exit_notes *notes = &frame->trail.notes;
	uint64_t key = frame->ep.gfp * 31 + frame->ep.order * 7 + frame->ep.outcome;
	uint32_t i;

	for (i = 0; i < notes->nr; i++)
		key = (key ^ notes->notes[i].sights ^ (uint64_t)notes->notes[i].alloc_flags << 32) *
		      0x9e3779b97f4a7c15ULL;
	return &exits->known[(key ^ key >> 32) % NR_KNOWN];
}

static bool same_notes(const struct exit_note *a, const struct exit_note *b, uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++)
		if (a[i].sights != b[i].sights || a[i].alloc_flags != b[i].alloc_flags ||
		    a[i].facts != b[i].facts)
			return false;
	return true;
}

static bool is_asked(const struct exit_known *known, const struct frame *frame)
{
	const struct exit_notes *notes = &frame->trail.notes;
	const struct episode *ep = &frame->ep;

	return known->nr == notes->nr + 1 && known->gfp == ep->gfp && known->order == ep->order &&
	       known->has_gfp == ep->has_gfp && known->has_order == ep->has_order &&
	       known->compacted_zone == frame->compacted_zone && known->level == ep->level &&
	       known->outcome == ep->outcome && same_notes(known->notes, notes->notes, notes->nr);
}

static APART struct exit_known *look_up(struct exits *exits, struct frame *frame)
{
	struct exit_known *known = place_of(exits, frame), fresh;

	if (!is_asked(known, frame)) {
		fresh = question_of(frame);
		derive(&exits->view, frame, &fresh);
		*known = fresh;
	}
	return known;
}

static void answer(struct episode *ep, const struct exit_known *is)
{
	ep->exits = is->exits;
	ep->watermark = is->watermark;
	ep->retries = is->went.retries;
	ep->oom_lock_waits = is->went.oom_lock_waits;
}

void exit_derive(struct exits *exits, struct frame *frame)
{
	struct exit_known fresh;

	if (frame->trail.notes.full) {
		derive(&exits->view, frame, &fresh);
		answer(&frame->ep, &fresh);
		return;
	}
	if (!is_asked(exits->last, frame))
		exits->last = look_up(exits, frame);
	answer(&frame->ep, exits->last);
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

static struct exit_view exit_view_of(uint64_t kinds)
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

void exit_learn_sysctls(struct exits *exits, const char *text, size_t len)
{
	static const char on[] = "vm.defrag_mode = 1";

	exits->view.may_be_defrag = memmem(text, len, on, sizeof(on) - 1);
	memset(exits->known, 0, NR_KNOWN * sizeof(*exits->known));
}

int exit_init(struct exits *exits, uint64_t kinds)
{
	exits->view = exit_view_of(kinds);
	exits->known = exits->last = calloc(NR_KNOWN, sizeof(*exits->known));
	return exits->known ? 0 : -ENOMEM;
}

void exit_free(struct exits *exits)
{
	free(exits->known);
	exits->known = NULL;
}
