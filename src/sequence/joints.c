// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Groups of events (kernel/joints.h). In: a group. Out: what its events do one by one, with those
 * left out that do nothing.
 */
#include "kernel/joints.h"
#include "sequence/machine.h"

_Static_assert(SERVED_NS_MAX <= DETOUR_LONG_NS, "a long allocation is not told as a group");

/* One of the records before the last one, without values. */
static void begin_part(struct event *part, const struct event *ev, enum ev_kind kind,
		       uint64_t ts_ns)
{
	part->ts_ns = ts_ns;
	part->cpu = ev->cpu;
	part->pid = ev->pid;
	part->kind = kind;
	part->caller_role = FN_OTHER;
	part->flags = ev->part_flags;
	part->have = 0;
}

/*
 * It got its page without a slowpath, so nothing that is open begins or ends by it: what its call
 * changes its return changes back.
 */
int on_served(struct seq *seq, const struct event *ev)
{
	if (counting(seq)) {
		seq->counts.allocations++;
		seq->counts.attempts[ATTEMPT_FAST]++;
	}
	detour_request_served(seq, ev);
	return 0;
}

/* Its call and its fast attempt are a task's, by their flags (capture/joint.c). */
int on_entered(struct seq *seq, const struct event *ev)
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

/* Its attempt is a task's: of the innermost episode, unless that is an interrupt's. */
int on_left(struct seq *seq, const struct event *ev)
{
	struct context *ctx = contexts_find(&seq->contexts, ev->pid, ev->cpu);
	struct frame *frame = context_top(ctx);

	if (frame && frame->ep.level != LEVEL_TASK)
		frame = NULL;
	if (frame)
		frame_touch(frame, ev->part_ns[0]);
	slow_attempt_enters(seq, frame, ev);
	if (frame)
		frame_touch(frame, ev->part_ns[1]);
	slow_attempt_returns(seq, frame, ev->part_ns[1], true);
	slow_exits(seq, ctx, ev, true);
	return 0;
}

/* Where the slowpath's own sites are seen, a page that is handed over means nothing. */
static int hand_over(struct seq *seq, const struct event *ev)
{
	struct event part;

	if (seq->counts.basis == BASIS_SITE && has_kind(seq, EV_ALLOC_ENTER))
		return 0;
	begin_part(&part, ev, EV_PAGE_ALLOC, ev->part_ns[0]);
	event_set(&part, FIELD_PFN, 0);
	return on_page_alloc(seq, &part);
}

int on_handed(struct seq *seq, const struct event *ev)
{
	struct event part;
	int ret = hand_over(seq, ev);

	if (ret)
		return ret;
	begin_part(&part, ev, EV_ALLOC_EXIT, ev->ts_ns);
	part.flags = ev->flags;
	event_set(&part, FIELD_PAGE, 1);
	return on_alloc_exit(seq, &part);
}
