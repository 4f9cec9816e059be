// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: events in the order of time. Out: episodes. Must not know where events come from, nor what
 * becomes of episodes.
 *
 * One handler per kind of event; each finds the open episode of the event's context and tells its
 * frame what happened. What opens and ends an episode depends on the basis, see sequence.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/note.h"
#include "sequence/attempt.h"
#include "sequence/context.h"
#include "sequence/frame.h"
#include "sequence/sequence.h"

#define GFP_DIRECT_RECLAIM 0x400U    /* __GFP_DIRECT_RECLAIM in 5.10 to 7.3 */
#define GFP_KSWAPD_RECLAIM 0x800U    /* __GFP_KSWAPD_RECLAIM, likewise */
#define GFP_HARDWALL	   0x100000U /* __GFP_HARDWALL, likewise */

/* A task's stack is THREAD_SIZE long and so aligned (x86-64 and arm64 with VMAP_STACK): 16 KiB. */
#define STACK_MASK (~(uint64_t)0x3fff)

enum window {
	WINDOW_ALL,    /* no note of ours so far: all events count */
	WINDOW_BEFORE, /* one of our captures, the recorder still starting */
	WINDOW_OPEN,
	WINDOW_AFTER,
};

struct seq {
	uint64_t kinds;
	enum window window;
	bool verifying; /* the execute breakpoint may be on */
	bool returned;	/* the first of the ended frames has been handed out */
	uint64_t last_id;
	struct contexts contexts;
	struct attempt_sites sites;
	struct frame *free_frames;
	struct frame *ended, **ended_tail;
	struct seq_counts counts;
};

typedef int (*handler_fn)(struct seq *seq, const struct event *ev);

static bool has_kind(const struct seq *seq, enum ev_kind kind)
{
	return seq->kinds & (1ULL << kind);
}

static bool counting(const struct seq *seq)
{
	return seq->window == WINDOW_ALL || seq->window == WINDOW_OPEN;
}

/* --- frames and contexts ------------------------------------------------------------------- */

static struct frame *frame_take(struct seq *seq)
{
	struct frame *frame = seq->free_frames;

	if (!frame)
		return malloc(sizeof(*frame));
	seq->free_frames = frame->next;
	return frame;
}

static void frame_give_back(struct seq *seq, struct frame *frame)
{
	frame->next = seq->free_frames;
	seq->free_frames = frame;
}

static void append_ended(struct seq *seq, struct frame *frame)
{
	frame->next = NULL;
	*seq->ended_tail = frame;
	seq->ended_tail = &frame->next;
}

/* Takes the top frame off its context, ended, and tells the frame below. */
static void end_top(struct seq *seq, struct context *ctx, uint64_t ts_ns, enum outcome outcome,
		    enum edge edge)
{
	struct frame *frame = ctx->frames[--ctx->depth];
	struct frame *below = context_top(ctx);
	uint64_t ns;

	frame_end(frame, ts_ns, outcome, edge);
	ns = frame->ep.end_ns - frame->ep.start_ns;
	if (below) {
		below->ep.nested_ns += ns;
		frame_add_step(below, ts_ns,
			       (struct step){ .kind = STEP_NESTED, .value = (int64_t)ns });
	}
	append_ended(seq, frame);
	if (!ctx->depth)
		contexts_put(&seq->contexts, ctx);
}

/* Gives up everything that is open in a context: its ends were not seen. */
static void abandon(struct seq *seq, struct context *ctx)
{
	uint32_t depth;

	for (depth = ctx->depth; depth; depth--)
		end_top(seq, ctx, context_top(ctx)->last_ns, OUTCOME_INCOMPLETE, EDGE_UNKNOWN);
}

static struct context *context_for_entry(struct seq *seq, const struct event *ev)
{
	struct context *ctx = contexts_get(&seq->contexts, ev->pid, ev->cpu);

	if (ctx)
		return ctx;
	seq->counts.evictions++;
	abandon(seq, contexts_oldest(&seq->contexts));
	return contexts_get(&seq->contexts, ev->pid, ev->cpu);
}

/*
 * A probe in the middle of a function goes off by a breakpoint trap, which the kernel enters as if
 * by NMI (x86 exc_int3 calls irqentry_nmi_enter, which counts a hard interrupt too): the flags then
 * tell softirq, but not hardirq from task. A request that may block is a task's; the idle task
 * makes none; another stack than the outer episode's is an interrupt's.
 */
static enum level level_of(const struct event *ev, const struct frame *outer)
{
	if (event_has(ev, FIELD_GFP) && (event_get(ev, FIELD_GFP) & GFP_DIRECT_RECLAIM))
		return LEVEL_TASK;
	if (ev->flags & EVENT_NMI) {
		if (ev->flags & EVENT_SOFTIRQ)
			return LEVEL_SOFTIRQ;
		if (!ev->pid)
			return LEVEL_HARDIRQ;
		if (outer && outer->sp && event_has(ev, FIELD_SP) &&
		    ((outer->sp ^ event_get(ev, FIELD_SP)) & STACK_MASK))
			return LEVEL_HARDIRQ;
		return LEVEL_TASK;
	}
	if (ev->flags & EVENT_HARDIRQ)
		return LEVEL_HARDIRQ;
	return ev->flags & EVENT_SOFTIRQ ? LEVEL_SOFTIRQ : LEVEL_TASK;
}

/* The episode that an event is part of, or NULL: the innermost one, if it is of the same level. */
static struct frame *frame_of(struct seq *seq, const struct event *ev)
{
	struct frame *top = context_top(contexts_find(&seq->contexts, ev->pid, ev->cpu));

	if (!top || (!(ev->flags & EVENT_NMI) && level_of(ev, top) != top->ep.level))
		return NULL;
	top->last_ns = ev->ts_ns;
	return top;
}

static void count_entry(struct seq *seq)
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

static int push_frame(struct seq *seq, struct context *ctx, const struct event *ev, enum edge edge)
{
	struct frame *outer = context_top(ctx);
	struct frame *frame;

	count_entry(seq);
	if (ctx->depth == CONTEXT_DEPTH_MAX) {
		seq->counts.overflows++;
		return 0;
	}
	frame = frame_take(seq);
	if (!frame) {
		if (!ctx->depth)
			contexts_put(&seq->contexts, ctx);
		return -ENOMEM;
	}
	frame_begin(frame, ev, level_of(ev, outer));
	frame->ep.id = ++seq->last_id;
	frame->ep.parent = outer ? outer->ep.id : 0;
	frame->ep.depth = ctx->depth;
	frame->ep.start_edge = edge;
	frame->ep.in_window = counting(seq);
	ctx->frames[ctx->depth++] = frame;
	return 0;
}

/* --- entry and exit, basis SITE ------------------------------------------------------------ */

static int on_slow_enter(struct seq *seq, const struct event *ev)
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

static int on_slow_exit(struct seq *seq, const struct event *ev)
{
	struct context *ctx = contexts_find(&seq->contexts, ev->pid, ev->cpu);
	uint32_t depth = ctx ? depth_of_exit(ctx, ev) : 0;
	bool got_page = event_get(ev, FIELD_PAGE);
	struct frame *frame;

	if (!depth) {
		seq->counts.orphan_exits++;
		return 0;
	}
	while (ctx->depth > depth) {
		seq->counts.lost_breaks++;
		end_top(seq, ctx, context_top(ctx)->last_ns, OUTCOME_INCOMPLETE, EDGE_UNKNOWN);
	}
	frame = context_top(ctx);
	frame->ep.captured = got_page && frame->any_attempt && frame_may_be_captured(frame);
	end_top(seq, ctx, ev->ts_ns, got_page ? OUTCOME_OK : OUTCOME_FAILED, EDGE_EXACT);
	return 0;
}

/* --- entry and exit, basis FAST_NULL ------------------------------------------------------- */

/* In `full`, without the slowpath's own sites, the return of the allocation ends an episode. */
static bool ends_with_allocation(const struct seq *seq)
{
	return has_kind(seq, EV_ALLOC_EXIT);
}

/*
 * A new allocation of the context fails its fast attempt. An open episode that cannot contain it
 * has ended without a word: by capture, or unseen.
 */
static void settle(struct seq *seq, const struct event *ev)
{
	struct context *ctx = contexts_find(&seq->contexts, ev->pid, ev->cpu);
	struct frame *top = context_top(ctx);

	while (top && top->ep.level == level_of(ev, top) && !frame_is_inside(top)) {
		bool captured = frame_may_be_captured(top);
		bool last = ctx->depth == 1;

		top->ep.captured = captured;
		end_top(seq, ctx, top->last_ns, captured ? OUTCOME_OK : OUTCOME_INCOMPLETE,
			captured ? EDGE_BOUND : EDGE_UNKNOWN);
		top = last ? NULL : context_top(ctx);
	}
}

static int on_fast_null(struct seq *seq, const struct event *ev)
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

static void end_by_result(struct seq *seq, const struct event *ev, bool got_page, enum edge edge)
{
	struct context *ctx = contexts_find(&seq->contexts, ev->pid, ev->cpu);
	struct frame *top = context_top(ctx);

	top->ep.captured = got_page && top->any_attempt && frame_may_be_captured(top);
	end_top(seq, ctx, ev->ts_ns, got_page ? OUTCOME_OK : OUTCOME_FAILED, edge);
}

/* --- attempts ------------------------------------------------------------------------------ */

static int on_attempt_enter(struct seq *seq, const struct event *ev)
{
	struct frame *frame;
	enum attempt label;

	if (attempt_is_nolock(ev)) {
		seq->counts.attempts[ATTEMPT_NOLOCK] += counting(seq);
		return 0;
	}
	if (attempt_is_fast(ev)) {
		seq->counts.attempts[ATTEMPT_FAST] += counting(seq);
		return 0;
	}
	frame = frame_of(seq, ev);
	if (!frame) {
		seq->counts.attempts_unpaired += counting(seq);
		return 0;
	}
	frame_learn(frame, ev);
	label = attempt_label(&seq->sites, frame, ev);
	seq->counts.attempts[label] += counting(seq);
	seq->counts.attempts_unpaired += counting(seq) && frame->in_attempt;
	frame->attempt = label;
	frame->alloc_flags = (uint32_t)event_get(ev, FIELD_ALLOC_FLAGS);
	frame->in_attempt = frame->any_attempt = true;
	frame->ep.nr_attempts++;
	return 0;
}

static void attempt_returned(struct seq *seq, struct frame *frame, const struct event *ev)
{
	bool got_page = event_get(ev, FIELD_PAGE);

	if (!frame->in_attempt) {
		seq->counts.attempts_unpaired += counting(seq);
		return;
	}
	frame->in_attempt = false;
	frame->attempted = true;
	frame->ep.nr_null_attempts += !got_page;
	seq->counts.null_attempts[frame->attempt] += counting(seq) && !got_page;
	frame_add_step(frame, ev->ts_ns,
		       (struct step){ .kind = STEP_ATTEMPT,
				      .detail = (uint8_t)frame->attempt,
				      .alloc_flags = frame->alloc_flags,
				      .value = got_page });
}

static int on_fast_exit(struct seq *seq, const struct event *ev, bool got_page)
{
	if (got_page)
		return 0;
	seq->counts.null_attempts[ATTEMPT_FAST] += counting(seq);
	return seq->counts.basis == BASIS_FAST_NULL ? on_fast_null(seq, ev) : 0;
}

static int on_attempt_exit(struct seq *seq, const struct event *ev)
{
	bool got_page = event_get(ev, FIELD_PAGE);
	struct frame *frame;

	seq->counts.null_returns += counting(seq) && !got_page;
	if (attempt_is_nolock(ev)) {
		seq->counts.null_attempts[ATTEMPT_NOLOCK] += counting(seq) && !got_page;
		return 0;
	}
	if (attempt_is_fast(ev))
		return on_fast_exit(seq, ev, got_page);
	frame = frame_of(seq, ev);
	if (!frame) {
		seq->counts.attempts_unpaired += counting(seq);
		return 0;
	}
	attempt_returned(seq, frame, ev);
	if (got_page && seq->counts.basis == BASIS_FAST_NULL && !ends_with_allocation(seq))
		end_by_result(seq, ev, true, EDGE_BOUND);
	return 0;
}

/* --- allocations --------------------------------------------------------------------------- */

static int on_alloc_enter(struct seq *seq, const struct event *ev)
{
	struct frame *top = context_top(contexts_find(&seq->contexts, ev->pid, ev->cpu));

	seq->counts.allocations += counting(seq);
	if (top)
		top->nested_allocs++;
	return 0;
}

static int on_alloc_exit(struct seq *seq, const struct event *ev)
{
	struct frame *top = context_top(contexts_find(&seq->contexts, ev->pid, ev->cpu));

	if (!top)
		return 0;
	if (top->nested_allocs)
		top->nested_allocs--;
	else if (seq->counts.basis == BASIS_FAST_NULL)
		end_by_result(seq, ev, event_get(ev, FIELD_PAGE), EDGE_OUTSIDE);
	return 0;
}

static int on_page_alloc(struct seq *seq, const struct event *ev)
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

/* --- what happens inside an episode -------------------------------------------------------- */

/*
 * Basis EVIDENCE: what proves that the context is in a slowpath opens an episode where none is
 * open. Without mm_page_alloc nothing ends one; then a request of another order or gfp is another
 * one.
 */
static int open_by_evidence(struct seq *seq, const struct event *ev, struct frame *frame,
			    struct frame **out)
{
	struct context *ctx;
	int ret;

	if (frame && event_has(ev, FIELD_ORDER) && frame->ep.has_order &&
	    !has_kind(seq, EV_PAGE_ALLOC) && frame->ep.order != event_get(ev, FIELD_ORDER)) {
		ctx = contexts_find(&seq->contexts, ev->pid, ev->cpu);
		end_top(seq, ctx, frame->last_ns, OUTCOME_INCOMPLETE, EDGE_UNKNOWN);
		frame = NULL;
	}
	if (!frame) {
		ctx = context_for_entry(seq, ev);
		ret = push_frame(seq, ctx, ev, EDGE_BOUND);
		if (ret)
			return ret;
		frame = context_top(ctx);
	}
	*out = frame;
	return 0;
}

/* The open episode of an event that only a slowpath makes; NULL when its entry was not seen. */
static int slowpath_frame(struct seq *seq, const struct event *ev, struct frame **out)
{
	struct frame *frame = frame_of(seq, ev);

	*out = frame;
	if (seq->counts.basis == BASIS_EVIDENCE && seq->window != WINDOW_AFTER)
		return open_by_evidence(seq, ev, frame, out);
	if (!frame)
		seq->counts.orphans += counting(seq);
	else
		frame_learn(frame, ev);
	return 0;
}

static int on_wakeup_kswapd(struct seq *seq, const struct event *ev)
{
	struct frame *frame;
	int ret;

	/* Without flags it is rmqueue()'s, for a boosted watermark, or NUMA balancing's. */
	if (!(event_get(ev, FIELD_GFP) & GFP_KSWAPD_RECLAIM))
		return 0;
	ret = slowpath_frame(seq, ev, &frame);
	if (frame)
		frame_add_step(frame, ev->ts_ns,
			       (struct step){ .kind = STEP_WAKE,
					      .value = (int64_t)event_get(ev, FIELD_NID) });
	return ret;
}

static int on_reclaim_begin(struct seq *seq, const struct event *ev)
{
	struct frame *frame;
	int ret = slowpath_frame(seq, ev, &frame);

	if (!frame)
		return ret;
	seq->counts.reclaims += frame->ep.in_window && counting(seq);
	frame_enter_stage(frame, STAGE_RECLAIM, ev->ts_ns);
	frame->in_reclaim = true;
	frame->reclaim_won = false;
	return 0;
}

static int on_reclaim_end(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);
	uint64_t pages = event_get(ev, FIELD_NR_RECLAIMED);

	if (!frame || !frame->in_reclaim) {
		seq->counts.orphans += counting(seq);
		return 0;
	}
	frame->in_reclaim = false;
	frame->reclaim_won = pages != 0;
	frame->ep.nr_reclaimed += pages;
	frame_add_step(frame, ev->ts_ns,
		       (struct step){ .kind = STEP_RECLAIMED, .value = (int64_t)pages });
	return 0;
}

static int on_throttled(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);
	uint64_t usec = event_get(ev, FIELD_USEC);

	/* kswapd and writers wait here too: without an episode it is theirs. */
	if (frame && usec && usec < UINT64_MAX / 1000)
		frame_throttle(frame, usec * 1000, ev->ts_ns);
	return 0;
}

static int on_compact_try(struct seq *seq, const struct event *ev)
{
	struct frame *frame;
	int ret = slowpath_frame(seq, ev, &frame);

	if (!frame)
		return ret;
	seq->counts.compactions += frame->ep.in_window && counting(seq);
	frame_enter_stage(frame, STAGE_COMPACT, ev->ts_ns);
	frame->compacted_zone = false;
	return 0;
}

/* kcompactd, hugetlb and /proc compact too: only inside an episode is it the slowpath's. */
static int on_compact_begin(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);

	if (frame && frame->stage == STAGE_COMPACT)
		frame->in_zone = true;
	return 0;
}

static int on_compact_end(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);

	if (!frame || !frame->in_zone)
		return 0;
	frame->in_zone = false;
	frame->compacted_zone = true;
	frame_add_step(frame, ev->ts_ns,
		       (struct step){ .kind = STEP_COMPACTED,
				      .value = (int64_t)event_get(ev, FIELD_RESULT) });
	return 0;
}

/* reclaim_retry_zone comes once per zone, compact_retry after it: one decision, one visit. */
static int on_retry_decision(struct seq *seq, const struct event *ev)
{
	struct frame *frame;
	int ret = slowpath_frame(seq, ev, &frame);

	if (frame && (frame->stage != STAGE_RETRY || frame->attempted))
		frame_enter_stage(frame, STAGE_RETRY, ev->ts_ns);
	return ret;
}

static int on_out_of_memory(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);

	/* With a memory cgroup it is that cgroup's limit, not the allocator's end. */
	if (!frame || event_get(ev, FIELD_MEMCG))
		return 0;
	seq->counts.oom_entries += frame->ep.in_window && counting(seq);
	frame_enter_stage(frame, STAGE_OOM, ev->ts_ns);
	return 0;
}

static int on_mark_victim(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);

	if (!frame)
		return 0;
	seq->counts.victims += frame->ep.in_window && counting(seq);
	if (frame->stage != STAGE_OOM)
		frame_enter_stage(frame, STAGE_OOM, ev->ts_ns);
	frame_add_step(frame, ev->ts_ns,
		       (struct step){ .kind = STEP_VICTIM,
				      .value = (int64_t)event_get(ev, FIELD_VICTIM) });
	return 0;
}

static int add_step(struct seq *seq, const struct event *ev, enum step_kind kind, int64_t value)
{
	struct frame *frame = frame_of(seq, ev);

	if (frame)
		frame_add_step(frame, ev->ts_ns, (struct step){ .kind = kind, .value = value });
	return 0;
}

static int on_direct_compact(struct seq *seq, const struct event *ev)
{
	/* Called for order 0 too, where it returns at once. */
	seq->counts.direct_compacts += counting(seq) && event_get(ev, FIELD_ORDER);
	return 0;
}

static int on_drain(struct seq *seq, const struct event *ev)
{
	/* For one zone it is memory hotplug's or CMA's. */
	return event_get(ev, FIELD_ZONE) ? 0 : add_step(seq, ev, STEP_DRAIN, 0);
}

static int on_unreserve(struct seq *seq, const struct event *ev)
{
	return add_step(seq, ev, STEP_UNRESERVE, (int64_t)event_get(ev, FIELD_FORCE));
}

/* Called once per failed slowpath, also with __GFP_NOWARN; and by vmalloc, whose gfp differs. */
static int on_warn_alloc(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);

	if (!frame || (frame->ep.has_gfp && event_has(ev, FIELD_GFP) &&
		       ((frame->ep.gfp ^ event_get(ev, FIELD_GFP)) & ~(uint64_t)GFP_HARDWALL)))
		return 0;
	frame_add_step(frame, ev->ts_ns, (struct step){ .kind = STEP_WARN });
	if (seq->counts.basis == BASIS_FAST_NULL && !ends_with_allocation(seq))
		end_by_result(seq, ev, false, EDGE_BOUND);
	return 0;
}

/* --- losses and the window ----------------------------------------------------------------- */

/*
 * What was lost may have been the end of any open episode: a task can have moved to the CPU that
 * lost records. None is paired across the gap.
 */
static int on_lost(struct seq *seq, const struct event *ev)
{
	struct context *ctx;

	if (seq->window == WINDOW_AFTER)
		return 0;
	seq->counts.losses++;
	if (event_has(ev, FIELD_COUNT))
		seq->counts.lost_records += event_get(ev, FIELD_COUNT);
	else
		seq->counts.lost_unknown = true;
	while ((ctx = contexts_oldest(&seq->contexts))) {
		seq->counts.lost_breaks += ctx->depth;
		abandon(seq, ctx);
	}
	return 0;
}

static struct frame *top_of_oldest(struct seq *seq, struct context **ctx)
{
	*ctx = contexts_oldest(&seq->contexts);
	return context_top(*ctx);
}

/* Ends what is open as in flight; where a capture leaves no trace, it may as well have ended. */
static void end_all(struct seq *seq, uint64_t ts_ns)
{
	struct context *ctx;
	struct frame *top;

	while ((top = top_of_oldest(seq, &ctx))) {
		bool unsure = seq->counts.basis != BASIS_SITE && frame_may_be_captured(top);

		end_top(seq, ctx, ts_ns, unsure ? OUTCOME_INCOMPLETE : OUTCOME_IN_FLIGHT,
			EDGE_UNKNOWN);
	}
}

/* The first note of ours: what came before it was the recorder starting. */
static void expect_window(struct seq *seq)
{
	struct seq_counts *counts = &seq->counts;
	struct seq_counts fresh = { .basis = counts->basis,
				    .entries_before = counts->entries,
				    .has_notes = true };
	uint32_t at, depth;

	*counts = fresh;
	seq->window = WINDOW_BEFORE;
	for (at = seq->contexts.newest; at != CONTEXT_NONE; at = seq->contexts.slots[at].older)
		for (depth = 0; depth < seq->contexts.slots[at].depth; depth++)
			seq->contexts.slots[at].frames[depth]->ep.in_window = false;
}

static void open_window(struct seq *seq, uint64_t ts_ns)
{
	seq->window = WINDOW_OPEN;
	seq->counts.window_opened = true;
	seq->counts.first_ns = seq->counts.last_ns = ts_ns;
}

static void close_window(struct seq *seq, uint64_t ts_ns)
{
	end_all(seq, ts_ns);
	seq->window = WINDOW_AFTER;
	seq->counts.window_closed = true;
	seq->counts.last_ns = ts_ns;
}

static int on_note(struct seq *seq, const struct event *ev)
{
	struct note_part part;

	if (!note_parse(ev->text, ev->text_len, &part))
		return 0;
	if (seq->window == WINDOW_ALL)
		expect_window(seq);
	if (!strcmp(part.key, NOTE_WINDOW_START) && seq->window == WINDOW_BEFORE)
		open_window(seq, ev->ts_ns);
	else if (!strcmp(part.key, NOTE_WINDOW_STOP) && seq->window == WINDOW_OPEN)
		close_window(seq, ev->ts_ns);
	else if (!strcmp(part.key, NOTE_VERIFY_ENABLING))
		seq->verifying = true;
	else if (!strcmp(part.key, NOTE_VERIFY_DISABLED))
		seq->verifying = false;
	return 0;
}

/* --- the machine --------------------------------------------------------------------------- */

static const handler_fn handlers[NR_EV_KINDS] = {
	[EV_LOST] = on_lost,
	[EV_NOTE] = on_note,
	[EV_SLOW_ENTER] = on_slow_enter,
	[EV_SLOW_EXIT] = on_slow_exit,
	[EV_FAST_NULL] = on_fast_null,
	[EV_ATTEMPT_ENTER] = on_attempt_enter,
	[EV_ATTEMPT_EXIT] = on_attempt_exit,
	[EV_ALLOC_ENTER] = on_alloc_enter,
	[EV_ALLOC_EXIT] = on_alloc_exit,
	[EV_DIRECT_COMPACT] = on_direct_compact,
	[EV_UNRESERVE_HIGHATOMIC] = on_unreserve,
	[EV_DRAIN_ALL_PAGES] = on_drain,
	[EV_OUT_OF_MEMORY] = on_out_of_memory,
	[EV_WARN_ALLOC] = on_warn_alloc,
	[EV_PAGE_ALLOC] = on_page_alloc,
	[EV_WAKEUP_KSWAPD] = on_wakeup_kswapd,
	[EV_RECLAIM_BEGIN] = on_reclaim_begin,
	[EV_RECLAIM_END] = on_reclaim_end,
	[EV_THROTTLED] = on_throttled,
	[EV_COMPACT_TRY] = on_compact_try,
	[EV_COMPACT_BEGIN] = on_compact_begin,
	[EV_COMPACT_END] = on_compact_end,
	[EV_RECLAIM_RETRY_ZONE] = on_retry_decision,
	[EV_COMPACT_RETRY] = on_retry_decision,
	[EV_MARK_VICTIM] = on_mark_victim,
};

static enum seq_basis basis_of(uint64_t kinds)
{
	const uint64_t evidence = 1ULL << EV_RECLAIM_BEGIN | 1ULL << EV_COMPACT_TRY |
				  1ULL << EV_WAKEUP_KSWAPD | 1ULL << EV_RECLAIM_RETRY_ZONE |
				  1ULL << EV_COMPACT_RETRY;

	if (kinds & (1ULL << EV_SLOW_ENTER))
		return BASIS_SITE;
	if (kinds & (1ULL << EV_FAST_NULL | 1ULL << EV_ATTEMPT_EXIT))
		return BASIS_FAST_NULL;
	return kinds & evidence ? BASIS_EVIDENCE : BASIS_NONE;
}

/* After the window only what would have been an entry is of interest, to know the edges. */
static bool is_entry(const struct seq *seq, const struct event *ev)
{
	if (seq->counts.basis == BASIS_SITE)
		return ev->kind == EV_SLOW_ENTER;
	if (seq->counts.basis != BASIS_FAST_NULL)
		return false;
	return ev->kind == EV_FAST_NULL ||
	       (ev->kind == EV_ATTEMPT_EXIT && !event_get(ev, FIELD_PAGE) &&
		!attempt_is_nolock(ev) && attempt_is_fast(ev));
}

struct seq *seq_new(uint64_t kinds, uint32_t max_contexts)
{
	struct seq *seq = calloc(1, sizeof(*seq));

	if (!seq)
		return NULL;
	if (contexts_init(&seq->contexts, max_contexts)) {
		free(seq);
		return NULL;
	}
	seq->kinds = kinds;
	seq->counts.basis = basis_of(kinds);
	seq->ended_tail = &seq->ended;
	return seq;
}

static void free_list(struct frame *frame)
{
	while (frame) {
		struct frame *next = frame->next;

		free(frame);
		frame = next;
	}
}

void seq_free(struct seq *seq)
{
	if (!seq)
		return;
	end_all(seq, 0);
	free_list(seq->ended);
	free_list(seq->free_frames);
	contexts_free(&seq->contexts);
	free(seq);
}

int seq_feed(struct seq *seq, const struct event *ev)
{
	struct seq_counts *counts = &seq->counts;
	handler_fn handler = handlers[ev->kind];

	if (counting(seq) && ev->kind != EV_LOST) {
		counts->events[ev->kind]++;
		if (!counts->first_ns)
			counts->first_ns = ev->ts_ns;
		counts->last_ns = ev->ts_ns;
	} else {
		counts->events_outside++;
	}
	if (seq->window == WINDOW_AFTER && ev->kind != EV_NOTE) {
		if (is_entry(seq, ev))
			count_entry(seq);
		return 0;
	}
	return handler ? handler(seq, ev) : 0;
}

int seq_finish(struct seq *seq)
{
	if (seq->window != WINDOW_AFTER)
		end_all(seq, seq->counts.last_ns);
	return 0;
}

const struct episode *seq_next(struct seq *seq)
{
	struct frame *frame = seq->ended;

	if (frame && seq->returned) {
		seq->ended = frame->next;
		if (!seq->ended)
			seq->ended_tail = &seq->ended;
		frame_give_back(seq, frame);
		frame = seq->ended;
	}
	seq->returned = frame != NULL;
	return frame ? &frame->ep : NULL;
}

const struct seq_counts *seq_counts(const struct seq *seq)
{
	return &seq->counts;
}
