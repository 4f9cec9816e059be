// SPDX-License-Identifier: GPL-2.0-or-later
/* In: what happened to one episode, step by step. Out: the episode. Knows no event kinds. */
#include <stddef.h>
#include <string.h>

#include "sequence/frame.h"

static void push_path(struct episode *ep, enum stage stage)
{
	if (ep->path_len < EPISODE_PATH_MAX) {
		ep->path[ep->path_len] = (uint8_t)stage;
		ep->path_ns[ep->path_len] = 0;
	}
	ep->path_len++;
	ep->visits[stage]++;
}

static void open_visit(struct frame *frame, enum stage stage, uint64_t ts_ns)
{
	frame->stage = stage;
	frame->stage_since = ts_ns;
	frame->attempted = false;
	if (frame->crowd)
		crowd_change(frame->crowd, stage, 1, ts_ns);
	push_path(&frame->ep, stage);
	frame_add_step(frame, ts_ns, (struct step){ .kind = STEP_STAGE, .detail = (uint8_t)stage });
}

static void close_visit(struct frame *frame, uint64_t ts_ns)
{
	struct episode *ep = &frame->ep;
	uint64_t ns = ts_ns - frame->stage_since;

	if (frame->crowd)
		crowd_change(frame->crowd, frame->stage, -1, ts_ns);
	ep->stage_ns[frame->stage] += ns;
	if (ep->path_len <= EPISODE_PATH_MAX)
		ep->path_ns[ep->path_len - 1] = ns;
}

static void join_crowd(struct frame *frame, struct crowd *crowd)
{
	if (!crowd)
		return;
	frame->crowd = crowd;
	frame->came = crowd_arrive(crowd);
	frame->ep.in_crowd = true;
	frame->ep.others_at_start = crowd->size - 1;
}

/*
 * By the library: for a size that it knows the compiler writes an instruction, rep stos, that takes as
 * long to begin as the whole of this.
 */
static void clear(struct frame *frame)
{
	size_t size = offsetof(struct frame, ep) + offsetof(struct episode, path) -
		      offsetof(struct frame, stage);

	__asm__("" : "+r"(size));
	memset(&frame->stage, 0, size);
}

void frame_begin(struct frame *frame, const struct event *ev, enum level level, struct crowd *crowd)
{
	clear(frame);
	frame->crowd = NULL;
	frame->awaits_stack = true;
	frame->sp = event_get(ev, FIELD_SP);
	frame->last_ns = ev->ts_ns;
	frame->ep.start_ns = ev->ts_ns;
	frame->ep.pid = ev->pid;
	frame->ep.cpu = ev->cpu;
	frame->ep.level = level;
	if (event_has(ev, FIELD_COMM))
		memcpy(frame->ep.comm, ev->comm, COMM_LEN);
	frame_learn(frame, ev);
	run_begin(&frame->run, ev->ts_ns);
	join_crowd(frame, crowd);
	exit_start(frame);
	open_visit(frame, STAGE_ENTRY, ev->ts_ns);
}

void frame_learn(struct frame *frame, const struct event *ev)
{
	struct episode *ep = &frame->ep;

	if (ep->has_gfp && ep->has_order && ep->has_migratetype)
		return;
	if (!ep->has_gfp && event_has(ev, FIELD_GFP)) {
		ep->has_gfp = true;
		ep->gfp = event_get(ev, FIELD_GFP);
	}
	if (!ep->has_order && event_has(ev, FIELD_ORDER)) {
		ep->has_order = true;
		ep->order = (uint32_t)event_get(ev, FIELD_ORDER);
	}
	if (!ep->has_migratetype && event_has(ev, FIELD_MIGRATETYPE)) {
		ep->has_migratetype = true;
		ep->migratetype = (int32_t)event_get(ev, FIELD_MIGRATETYPE);
	}
}

void frame_enter_stage(struct frame *frame, enum stage stage, uint64_t ts_ns)
{
	if (ts_ns < frame->stage_since)
		ts_ns = frame->stage_since;
	close_visit(frame, ts_ns);
	open_visit(frame, stage, ts_ns);
}

void frame_throttle(struct frame *frame, uint64_t slept_ns, uint64_t ts_ns)
{
	enum stage around = frame->stage;
	uint64_t in_stage = ts_ns > frame->stage_since ? ts_ns - frame->stage_since : 0;

	/* The kernel tells the sleep in jiffies, so it can seem longer than the visit was. */
	if (slept_ns > in_stage)
		slept_ns = in_stage;
	run_take(&frame->run, ts_ns - slept_ns, ts_ns, frame->ep.run_ns[around],
		 frame->ep.run_ns[STAGE_THROTTLE]);
	frame_enter_stage(frame, STAGE_THROTTLE, ts_ns - slept_ns);
	frame_add_step(frame, ts_ns,
		       (struct step){ .kind = STEP_THROTTLED, .value = (int64_t)slept_ns });
	frame_enter_stage(frame, around, ts_ns);
}

void frame_add_step(struct frame *frame, uint64_t ts_ns, struct step step)
{
	struct episode *ep = &frame->ep;

	if (ep->nr_steps == EPISODE_STEPS_MAX) {
		ep->nr_steps_dropped++;
		return;
	}
	step.at_ns = ts_ns - ep->start_ns;
	ep->steps[ep->nr_steps++] = step;
}

void frame_forget(struct frame *frame)
{
	struct episode *ep = &frame->ep;

	memset(ep->visits, 0, sizeof(ep->visits));
	memset(ep->stage_ns, 0, sizeof(ep->stage_ns));
	memset(ep->run_ns, 0, sizeof(ep->run_ns));
	memset(ep->holes_ns, 0, sizeof(ep->holes_ns));
	ep->nr_holes = ep->nr_holes_kept = 0;
	ep->path_len = 0;
	ep->nr_steps = ep->nr_steps_dropped = 0;
	ep->nr_attempts = ep->nr_null_attempts = 0;
	ep->nr_reclaimed = ep->nested_ns = 0;
	ep->captured = false;
	frame->last_ns = ep->start_ns;
	open_visit(frame, STAGE_ENTRY, ep->start_ns);
}

void frame_end(struct frame *frame, uint64_t ts_ns, enum outcome outcome, enum edge edge)
{
	struct episode *ep = &frame->ep;

	/* Time runs backwards only in a damaged capture. */
	if (ts_ns < frame->last_ns)
		ts_ns = frame->last_ns;
	close_visit(frame, ts_ns);
	if (frame->crowd) {
		ep->others_max = crowd_peak_since(frame->crowd, frame->came) - 1;
		crowd_leave(frame->crowd);
	}
	ep->stage = frame->stage;
	ep->stage_since_ns = frame->stage_since;
	ep->run = frame->run.now;
	ep->end_ns = ts_ns;
	ep->outcome = outcome;
	ep->end_edge = edge;
	if (outcome == OUTCOME_OK)
		push_path(ep, STAGE_OK);
	else if (outcome == OUTCOME_FAILED)
		push_path(ep, STAGE_FAILED);
}

/*
 * Reclaim and migration call into file systems and block devices, which allocate; an attempt can
 * reclaim on its own node (node_reclaim).
 */
bool frame_is_inside(const struct frame *frame)
{
	return frame->in_reclaim || frame->in_zone || frame->in_attempt;
}

/*
 * __alloc_pages_direct_compact() returns a page taken by compact_zone's capture control without
 * get_page_from_freelist (5.10:4137 to 7.3:4226 try the free lists only where none was captured).
 */
bool frame_may_be_captured(const struct frame *frame)
{
	return frame->stage == STAGE_COMPACT && frame->compacted_zone && !frame->in_zone &&
	       !frame->attempted;
}
