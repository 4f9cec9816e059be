// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Groups of events (kernel/joints.h). In: a group. Out: what its events do one by one, with those
 * left out that do nothing.
 */
#include "base/hint.h"
#include "kernel/joints.h"
#include "sequence/machine.h"

_Static_assert(SERVED_NS_MAX <= DETOUR_LONG_NS, "a long allocation is not told as a group");

/*
 * They got their pages without a slowpath, so nothing that is open begins or ends by them: what a call
 * changes its return changes back.
 */
ALL_INLINE int on_served(struct seq *seq, const struct event *ev)
{
	if (counting(seq)) {
		seq->counts.allocations += event_get(ev, FIELD_COUNT);
		seq->counts.attempts[ATTEMPT_FAST] += event_get(ev, FIELD_COUNT);
	}
	detour_request_served(seq, ev);
	return 0;
}

/* Its call and its fast attempt are a task's, by their flags (capture/joint.c). */
ALL_INLINE int on_entered(struct seq *seq, const struct event *ev)
{
	struct context *ctx = context_for_entry(seq, ev);
	struct frame *outer = context_top(ctx);

	if (counting(seq)) {
		seq->counts.allocations++;
		seq->counts.attempts[ATTEMPT_FAST]++;
		seq->counts.null_attempts[ATTEMPT_FAST]++;
		seq->counts.null_returns++;
	}
	if (outer)
		outer->nested_allocs++;
	detour_request_entered(seq, ev, ev->part_ns[0], event_get(ev, FIELD_CALL_SP));
	return push_frame(seq, ctx, ev, EDGE_EXACT);
}

/*
 * Ends the group this episode, soon after its last event? Then there is no hole and no other stage in
 * between, and what the parts of the group do to its time its end does.
 */
static bool ends_soon(const struct frame *frame, const struct event *ev)
{
	bool its_own = !event_has(ev, FIELD_SP) || event_get(ev, FIELD_SP) == frame->sp;

	return its_own && ev->ts_ns - frame->last_ns < HOLE_MIN_NS;
}

/* Its attempt is a task's: of the innermost episode, unless that is an interrupt's. */
ALL_INLINE int on_left(struct seq *seq, const struct event *ev)
{
	struct context *ctx = contexts_find(&seq->contexts, ev->pid, ev->cpu);
	struct frame *frame = context_top(ctx);
	bool touches;

	if (frame && frame->ep.level != LEVEL_TASK)
		frame = NULL;
	touches = frame && !ends_soon(frame, ev);
	if (touches)
		frame_touch(frame, ev->part_ns[0]);
	slow_attempt_enters(seq, frame, ev);
	if (touches)
		frame_touch(frame, ev->part_ns[1]);
	slow_attempt_returns(seq, frame, ev->part_ns[1], true);
	slow_exits(seq, ctx, ev, true);
	return 0;
}

static APART int hand_over(struct seq *seq, const struct event *ev)
{
	const struct event part = {
		.ts_ns = ev->part_ns[0],
		.cpu = ev->cpu,
		.pid = ev->pid,
		.kind = EV_PAGE_ALLOC,
		.caller_role = FN_OTHER,
		.flags = ev->part_flags,
		.have = 1U << FIELD_PFN,
	};

	return on_page_alloc(seq, &part);
}

ALL_INLINE int on_handed(struct seq *seq, const struct event *ev)
{
	/* Where the slowpath's own sites are seen, a page that is handed over means nothing. */
	bool matters = seq->counts.basis != BASIS_SITE || !has_kind(seq, EV_ALLOC_ENTER);
	int ret = matters ? hand_over(seq, ev) : 0;

	if (!ret)
		allocation_exits(seq, ev, true);
	return ret;
}
