// SPDX-License-Identifier: GPL-2.0-or-later
/* What opens and ends an episode: it depends on what the capture can show, see sequence.h. */
#include "base/hint.h"
#include "sequence/machine.h"

bool ends_with_allocation(const struct seq *seq)
{
	return has_kind(seq, EV_ALLOC_EXIT);
}

bool is_entry(const struct seq *seq, const struct event *ev)
{
	if (seq->counts.basis == BASIS_SITE)
		return ev->kind == EV_SLOW_ENTER || ev->kind == EV_ENTERED;
	if (seq->counts.basis != BASIS_FAST_NULL)
		return false;
	return ev->kind == EV_FAST_NULL ||
	       (ev->kind == EV_ATTEMPT_EXIT && !event_get(ev, FIELD_PAGE) &&
		!attempt_is_nolock(ev) && attempt_is_fast(ev));
}

/* --- its call stack --- */

/*
 * The kernel writes it right behind the event that it belongs to, before the task goes on
 * (trace_event_buffer_commit, then event_triggers_post_call; 5.10 to 7.3): on the same CPU, and before
 * any other event of the episode. An interrupt between the two comes and goes before it. A loss
 * between them ends the episode (on_lost), so that none is given the stack of another one.
 */
int on_stack(struct seq *seq, const struct event *ev)
{
	struct frame *top = context_top(contexts_find(&seq->contexts, ev->pid, ev->cpu));

	if (!top || !top->awaits_stack || top->ep.cpu != ev->cpu) {
		seq->counts.stacks_alone += counting(seq);
		return 0;
	}
	top->awaits_stack = false;
	top->ep.stack = (uint32_t)event_get(ev, FIELD_STACK);
	seq->counts.stacks += top->ep.in_window && top->ep.stack;
	return 0;
}

/* --- basis SITE --- */

ALL_INLINE int on_slow_enter(struct seq *seq, const struct event *ev)
{
	return push_frame(seq, context_for_entry(seq, ev), ev, EDGE_EXACT);
}

/* Depth (from 1) of the frame that an exit belongs to: the stack pointer is that of its entry. */
static uint32_t depth_of_exit(const struct context *ctx, const struct event *ev)
{
	uint32_t depth = ctx->depth;

	if (!event_has(ev, FIELD_SP))
		return depth;
	while (depth && ctx->frames[depth - 1]->sp != event_get(ev, FIELD_SP))
		depth--;
	return depth;
}

void slow_exits(struct seq *seq, struct context *ctx, const struct event *ev, bool got_page)
{
	uint32_t depth = ctx ? depth_of_exit(ctx, ev) : 0;
	struct frame *frame;

	if (!depth) {
		seq->counts.orphan_exits++;
		return;
	}
	while (ctx->depth > depth) {
		seq->counts.lost_breaks++;
		end_top(seq, ctx, context_top(ctx)->last_ns, OUTCOME_INCOMPLETE, EDGE_UNKNOWN);
	}
	frame = context_top(ctx);
	frame->ep.captured = got_page && frame->any_attempt && frame_may_be_captured(frame);
	end_top(seq, ctx, ev->ts_ns, got_page ? OUTCOME_OK : OUTCOME_FAILED, EDGE_EXACT);
}

ALL_INLINE int on_slow_exit(struct seq *seq, const struct event *ev)
{
	slow_exits(seq, contexts_find(&seq->contexts, ev->pid, ev->cpu), ev,
		   event_get(ev, FIELD_PAGE));
	return 0;
}

/* --- basis FAST_NULL --- */

/* out_of_memory() prints and kills before it returns; what follows it is an attempt, or warn_alloc.
 */
static bool can_contain(const struct frame *frame)
{
	return frame_is_inside(frame) || frame->stage == STAGE_OOM;
}

/*
 * A new allocation of the context fails its fast attempt. An open episode that cannot contain it
 * has ended without a word: by capture, or unseen.
 */
static void settle(struct seq *seq, const struct event *ev)
{
	struct context *ctx = contexts_find(&seq->contexts, ev->pid, ev->cpu);
	struct frame *top = context_top(ctx);

	while (top && top->ep.level == level_of(ev, top) && !can_contain(top)) {
		bool captured = frame_may_be_captured(top);
		bool last = ctx->depth == 1;

		top->ep.captured = captured;
		end_top(seq, ctx, top->last_ns, captured ? OUTCOME_OK : OUTCOME_INCOMPLETE,
			captured ? EDGE_BOUND : EDGE_UNKNOWN);
		top = last ? NULL : context_top(ctx);
	}
}

ALL_INLINE int on_fast_null(struct seq *seq, const struct event *ev)
{
	struct context *ctx;
	struct frame *outer;

	if (!ends_with_allocation(seq))
		settle(seq, ev);
	ctx = context_for_entry(seq, ev);
	outer = context_top(ctx);
	if (outer && outer->nested_allocs)
		outer->nested_allocs--;
	return push_frame(seq, ctx, ev, EDGE_OUTSIDE);
}

/* --- allocations, which end an episode where nothing better does --- */

int on_alloc_enter(struct seq *seq, const struct event *ev)
{
	struct frame *top = context_top(contexts_find(&seq->contexts, ev->pid, ev->cpu));

	seq->counts.allocations += counting(seq);
	detour_request_begins(seq, ev);
	if (top)
		top->nested_allocs++;
	return 0;
}

void allocation_exits(struct seq *seq, const struct event *ev, bool got_page)
{
	struct frame *top = context_top(contexts_find(&seq->contexts, ev->pid, ev->cpu));

	detour_request_ends(seq, ev);
	if (!top)
		return;
	if (top->nested_allocs)
		top->nested_allocs--;
	else if (seq->counts.basis == BASIS_FAST_NULL)
		end_by_result(seq, ev, got_page, EDGE_OUTSIDE);
}

int on_alloc_exit(struct seq *seq, const struct event *ev)
{
	allocation_exits(seq, ev, event_get(ev, FIELD_PAGE));
	return 0;
}

int on_page_alloc(struct seq *seq, const struct event *ev)
{
	struct frame *frame;

	if (!has_kind(seq, EV_ALLOC_ENTER))
		seq->counts.allocations += counting(seq);
	if (seq->counts.basis != BASIS_EVIDENCE)
		return 0;
	frame = frame_of(seq, ev);
	if (frame && !frame_is_inside(frame))
		end_by_result(seq, ev, event_get(ev, FIELD_PFN) != UINT64_MAX, EDGE_OUTSIDE);
	return 0;
}

/* --- basis EVIDENCE --- */

/*
 * Without mm_page_alloc nothing ends an episode; then a request of another order is another one.
 * With it, a wakeup of kswapd from inside a reclaim or compaction is that of a request within.
 */
static bool is_another(const struct seq *seq, const struct frame *frame, const struct event *ev)
{
	if (has_kind(seq, EV_PAGE_ALLOC))
		return ev->kind == EV_WAKEUP_KSWAPD && (frame->in_reclaim || frame->in_zone);
	return event_has(ev, FIELD_ORDER) && frame->ep.has_order &&
	       frame->ep.order != event_get(ev, FIELD_ORDER);
}

/* What proves that the context is in a slowpath opens an episode where none is open. */
static int open_by_evidence(struct seq *seq, const struct event *ev, struct frame **frame)
{
	struct context *ctx = context_for_entry(seq, ev);
	int ret;

	if (*frame && !has_kind(seq, EV_PAGE_ALLOC)) {
		end_top(seq, ctx, (*frame)->last_ns, OUTCOME_INCOMPLETE, EDGE_UNKNOWN);
		ctx = context_for_entry(seq, ev);
	}
	ret = push_frame(seq, ctx, ev, EDGE_BOUND);
	*frame = ret ? NULL : context_top(ctx);
	return ret;
}

int slowpath_frame(struct seq *seq, const struct event *ev, struct frame **out)
{
	struct frame *frame = frame_of(seq, ev);
	int ret = 0;

	if (seq->counts.basis == BASIS_EVIDENCE && (!frame || is_another(seq, frame, ev)))
		ret = open_by_evidence(seq, ev, &frame);
	else if (frame)
		frame_learn(frame, ev);
	else
		seq->counts.orphans += counting(seq);
	*out = frame;
	return ret;
}
