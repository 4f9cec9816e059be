// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds, opens and ends the episodes of a context. Knows no kinds of events. */
#include <errno.h>
#include <stdlib.h>

#include "base/hint.h"
#include "kernel/alloc_flags.h"
#include "sequence/machine.h"

static struct frame *frame_take(struct seq *seq)
{
	struct frame *frame = seq->free_frames;

	if (!frame)
		return malloc(sizeof(*frame));
	seq->free_frames = frame->next;
	return frame;
}

static void append_ended(struct seq *seq, struct frame *frame)
{
	seq->told |= SEQ_EPISODES;
	frame->next = NULL;
	*seq->ended_tail = frame;
	seq->ended_tail = &frame->next;
}

void drop_first_ended(struct seq *seq)
{
	struct frame *frame = seq->ended;

	seq->ended = frame->next;
	if (!seq->ended)
		seq->ended_tail = &seq->ended;
	frame->next = seq->free_frames;
	seq->free_frames = frame;
}

void end_top(struct seq *seq, struct context *ctx, uint64_t ts_ns, enum outcome outcome,
	     enum edge edge)
{
	struct frame *frame = ctx->frames[--ctx->depth];
	struct frame *below = context_top(ctx);
	uint64_t ns;

	if (frame->broken) {
		frame_forget(frame);
		ts_ns = frame->ep.start_ns;
		outcome = OUTCOME_INCOMPLETE;
		edge = EDGE_UNKNOWN;
	}
	frame->ep.last_event_ns = outcome == OUTCOME_IN_FLIGHT ? frame->last_ns : ts_ns;
	frame_touch(frame, ts_ns);
	frame_end(frame, ts_ns, outcome, edge);
	exit_derive(&seq->exits, frame);
	ns = frame->ep.end_ns - frame->ep.start_ns;
	if (below) {
		/* The outer one was still there: it cannot be given up at an earlier time. */
		frame_pass(below, frame->ep.end_ns);
		below->ep.nested_ns += ns;
		below->ep.nested_unsure |= frame->ep.start_edge != EDGE_EXACT || edge != EDGE_EXACT;
		frame_add_step(below, ts_ns,
			       (struct step){ .kind = STEP_NESTED, .value = (int64_t)ns });
	}
	append_ended(seq, frame);
	if (!ctx->depth)
		contexts_put(&seq->contexts, ctx);
}

APART void abandon(struct seq *seq, struct context *ctx)
{
	uint32_t depth;

	for (depth = ctx->depth; depth; depth--)
		end_top(seq, ctx, context_top(ctx)->last_ns, OUTCOME_INCOMPLETE, EDGE_UNKNOWN);
}

struct context *context_for_entry(struct seq *seq, const struct event *ev)
{
	struct context *ctx = contexts_get(&seq->contexts, ev->pid, ev->cpu);

	if (ctx)
		return ctx;
	seq->counts.evictions++;
	abandon(seq, contexts_oldest(&seq->contexts));
	return contexts_get(&seq->contexts, ev->pid, ev->cpu);
}

static bool is_on_another_stack(const struct event *ev, const struct frame *outer)
{
	return outer && outer->sp && event_has(ev, FIELD_SP) &&
	       stack_region(outer->sp) != stack_region(event_get(ev, FIELD_SP));
}

static bool may_block(const struct event *ev)
{
	return event_get(ev, FIELD_GFP) & GFP_DIRECT_RECLAIM;
}

/*
 * A probe in the middle of a function goes off by a breakpoint trap, which the kernel enters as if
 * by NMI (x86 exc_int3 calls irqentry_nmi_enter, which counts a hard interrupt too): the flags then
 * tell softirq, but not hardirq from task. A request that may block is a task's; the idle task
 * makes none; another stack than the outer episode's is an interrupt's.
 */
enum level level_of(const struct event *ev, const struct frame *outer)
{
	if (may_block(ev))
		return LEVEL_TASK;
	if (ev->flags & EVENT_NMI) {
		if (ev->flags & EVENT_SOFTIRQ)
			return LEVEL_SOFTIRQ;
		if (!ev->pid)
			return LEVEL_HARDIRQ;
		return is_on_another_stack(ev, outer) ? LEVEL_HARDIRQ : LEVEL_TASK;
	}
	if (ev->flags & EVENT_HARDIRQ)
		return LEVEL_HARDIRQ;
	return ev->flags & EVENT_SOFTIRQ ? LEVEL_SOFTIRQ : LEVEL_TASK;
}

/*
 * Of an entry more can be known. Where the call of its allocation was recorded, that probe, at the
 * beginning of a function, told the level. Else the stack tells, once it is known which one the
 * interrupts of this CPU have. What comes inside a soft interrupt's episode is a hard interrupt's:
 * soft interrupts do not nest, and an atomic request makes no other.
 */
static enum level level_of_entry(struct seq *seq, const struct event *ev, const struct frame *outer)
{
	enum level level = level_of(ev, outer);
	uint64_t sp = event_get(ev, FIELD_SP);

	/* Of a group the call was seen, and was a task's. */
	if (ev->kind == EV_ENTERED && may_block(ev))
		return LEVEL_TASK;
	if (!(ev->flags & EVENT_NMI) || detour_request_level(seq, ev, &level))
		return level;
	if (outer && outer->ep.level == LEVEL_SOFTIRQ && level == LEVEL_SOFTIRQ)
		return LEVEL_HARDIRQ;
	if (level != LEVEL_TASK && sp && (!ev->pid || is_on_another_stack(ev, outer)))
		stacks_learn(&seq->stacks, ev->cpu, sp);
	if (level == LEVEL_TASK && stacks_is_irq(&seq->stacks, ev->cpu, sp))
		return LEVEL_HARDIRQ;
	return level;
}

struct frame *frame_of(struct seq *seq, const struct event *ev)
{
	struct frame *top = context_top(contexts_find(&seq->contexts, ev->pid, ev->cpu));

	if (!top || (!(ev->flags & EVENT_NMI) && level_of(ev, top) != top->ep.level))
		return NULL;
	top->awaits_stack = false;
	frame_touch(top, ev->ts_ns);
	return top;
}

void count_entry(struct seq *seq)
{
	struct seq_counts *counts = &seq->counts;

	switch (seq->window) {
	case WINDOW_ALL:
	case WINDOW_OPEN:
		counts->entries++;
		break;
	case WINDOW_BEFORE:
		counts->entries_before++;
		break;
	case WINDOW_AFTER:
		counts->entries_after++;
		break;
	}
	if (seq->verifying)
		counts->entries_verify++;
}

/*
 * Stalled are those that are in nobody else's episode and work for themselves; of one that begins in
 * the dark only the entry is known.
 */
static void begin(struct seq *seq, struct frame *frame, struct frame *outer, const struct event *ev)
{
	enum level level = level_of_entry(seq, ev, outer);
	bool broken = ev->ts_ns <= seq->dark_until;
	enum background background = BACKGROUND_NONE;

	if (level == LEVEL_TASK)
		background = daemons_who(&seq->daemons, ev);
	if (outer)
		frame_touch(outer, ev->ts_ns);
	frame_begin(frame, ev, level, outer || background || broken ? NULL : &seq->crowd);
	frame->ep.background = background;
	frame->broken = broken;
	seq->counts.lost_breaks += broken;
}

int push_frame(struct seq *seq, struct context *ctx, const struct event *ev, enum edge edge)
{
	struct frame *outer = context_top(ctx);
	struct frame *frame;

	count_entry(seq);
	if (ctx->depth == CONTEXT_DEPTH_MAX) {
		seq->counts.overflows++;
		seq->counts.entries_too_deep += counting(seq);
		return 0;
	}
	frame = frame_take(seq);
	if (!frame) {
		if (!ctx->depth)
			contexts_put(&seq->contexts, ctx);
		return -ENOMEM;
	}
	begin(seq, frame, outer, ev);
	frame->ep.id = ++seq->last_id;
	frame->ep.parent = outer ? outer->ep.id : 0;
	frame->ep.depth = ctx->depth;
	frame->ep.start_edge = edge;
	frame->ep.in_window = counting(seq);
	ctx->frames[ctx->depth++] = frame;
	return 0;
}

void end_by_result(struct seq *seq, const struct event *ev, bool got_page, enum edge edge)
{
	struct context *ctx = contexts_find(&seq->contexts, ev->pid, ev->cpu);
	struct frame *top = context_top(ctx);

	top->ep.captured = got_page && top->any_attempt && frame_may_be_captured(top);
	end_top(seq, ctx, ev->ts_ns, got_page ? OUTCOME_OK : OUTCOME_FAILED, edge);
}
