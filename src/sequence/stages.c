// SPDX-License-Identifier: GPL-2.0-or-later
/* What happens inside an episode: its stages, and what it did in them. */
#include "kernel/alloc_flags.h"
#include "sequence/machine.h"

int on_wakeup_kswapd(struct seq *seq, const struct event *ev)
{
	struct frame *frame;
	int ret;

	/* Without flags it is rmqueue()'s, for a boosted watermark, or NUMA balancing's. */
	if (!(event_get(ev, FIELD_GFP) & GFP_KSWAPD_RECLAIM))
		return 0;
	ret = slowpath_frame(seq, ev, &frame);
	if (!frame)
		return ret;
	exit_saw(&seq->exits, frame, SIGHT(SEE_WAKE));
	frame_add_step(
		frame, ev->ts_ns,
		(struct step){ .kind = STEP_WAKE, .value = (int64_t)event_get(ev, FIELD_NID) });
	return 0;
}

int on_reclaim_begin(struct seq *seq, const struct event *ev)
{
	struct frame *frame;
	int ret = slowpath_frame(seq, ev, &frame);

	if (!frame)
		return ret;
	seq->counts.reclaims += frame->ep.in_window && counting(seq);
	exit_saw(&seq->exits, frame, SIGHT(SEE_RECLAIM));
	frame_enter_stage(frame, STAGE_RECLAIM, ev->ts_ns);
	frame->in_reclaim = true;
	frame->reclaim_won = false;
	return 0;
}

int on_reclaim_end(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);
	uint64_t pages = event_get(ev, FIELD_NR_RECLAIMED);

	if (!frame || !frame->in_reclaim) {
		seq->counts.orphans += counting(seq);
		return 0;
	}
	exit_saw(&seq->exits, frame, SIGHT(pages ? SEE_RECLAIMED_SOME : SEE_RECLAIMED_NONE));
	frame->in_reclaim = false;
	frame->reclaim_won = pages != 0;
	frame->ep.nr_reclaimed += pages;
	frame_add_step(frame, ev->ts_ns,
		       (struct step){ .kind = STEP_RECLAIMED, .value = (int64_t)pages });
	return 0;
}

int on_throttled(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);
	uint64_t usec = event_get(ev, FIELD_USEC);

	/* kswapd and writers wait here too: without an episode it is theirs. */
	if (frame && usec && usec < UINT64_MAX / 1000)
		frame_throttle(frame, usec * 1000, ev->ts_ns);
	return 0;
}

int on_compact_try(struct seq *seq, const struct event *ev)
{
	struct frame *frame;
	int ret = slowpath_frame(seq, ev, &frame);

	if (!frame)
		return ret;
	seq->counts.compactions += frame->ep.in_window && counting(seq);
	exit_saw(&seq->exits, frame, SIGHT(SEE_COMPACT));
	frame_enter_stage(frame, STAGE_COMPACT, ev->ts_ns);
	frame->compacted_zone = false;
	return 0;
}

/* kcompactd, hugetlb and /proc compact too: only inside an episode is it the slowpath's. */
int on_compact_begin(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);

	if (frame && frame->stage == STAGE_COMPACT)
		frame->in_zone = true;
	return 0;
}

int on_compact_end(struct seq *seq, const struct event *ev)
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

static enum sight decision_of(const struct event *ev)
{
	bool again = event_get(ev, FIELD_RESULT);

	if (ev->kind == EV_RECLAIM_RETRY_ZONE)
		return again ? SEE_ZONE_OK : SEE_ZONE_SHORT;
	return again ? SEE_COMPACT_AGAIN : SEE_COMPACT_ENOUGH;
}

/* reclaim_retry_zone comes once per zone, compact_retry after it: one decision, one visit. */
int on_retry_decision(struct seq *seq, const struct event *ev)
{
	struct frame *frame;
	int ret = slowpath_frame(seq, ev, &frame);

	if (!frame)
		return ret;
	exit_saw(&seq->exits, frame, SIGHT(decision_of(ev)));
	if (frame->stage != STAGE_RETRY || frame->attempted)
		frame_enter_stage(frame, STAGE_RETRY, ev->ts_ns);
	return 0;
}

int on_out_of_memory(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);

	/* With a memory cgroup it is that cgroup's limit, not the allocator's end. */
	if (!frame || event_get(ev, FIELD_MEMCG))
		return 0;
	seq->counts.oom_entries += frame->ep.in_window && counting(seq);
	exit_saw(&seq->exits, frame, SIGHT(SEE_OOM));
	frame_enter_stage(frame, STAGE_OOM, ev->ts_ns);
	return 0;
}

int on_mark_victim(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);

	if (!frame)
		return 0;
	seq->counts.victims += frame->ep.in_window && counting(seq);
	exit_saw(&seq->exits, frame, SIGHT(SEE_VICTIM));
	if (frame->stage != STAGE_OOM)
		frame_enter_stage(frame, STAGE_OOM, ev->ts_ns);
	frame_add_step(frame, ev->ts_ns,
		       (struct step){ .kind = STEP_VICTIM,
				      .value = (int64_t)event_get(ev, FIELD_VICTIM) });
	return 0;
}

static int add_step(struct seq *seq, const struct event *ev, uint32_t sights, struct step step)
{
	struct frame *frame = frame_of(seq, ev);

	if (!frame)
		return 0;
	exit_saw(&seq->exits, frame, sights);
	/* The drain follows a reclaim that called itself won, seen or not (exit_rules.c). */
	frame->reclaim_won |= sights == SIGHT(SEE_DRAIN);
	frame_add_step(frame, ev->ts_ns, step);
	return 0;
}

int on_direct_compact(struct seq *seq, const struct event *ev)
{
	/* Called for order 0 too, where it returns at once. */
	seq->counts.direct_compacts += counting(seq) && event_get(ev, FIELD_ORDER);
	return 0;
}

int on_drain(struct seq *seq, const struct event *ev)
{
	/* For one zone it is memory hotplug's or CMA's. */
	if (event_get(ev, FIELD_ZONE))
		return 0;
	return add_step(seq, ev, SIGHT(SEE_DRAIN), (struct step){ .kind = STEP_DRAIN });
}

/* Not by force it goes with the drain after a reclaim; a compiler's clone hides which it is. */
int on_unreserve(struct seq *seq, const struct event *ev)
{
	uint64_t force = event_get(ev, FIELD_FORCE);
	uint32_t sights = SIGHT(force ? SEE_UNRESERVE : SEE_DRAIN);

	if (!event_has(ev, FIELD_FORCE))
		sights = SIGHT(SEE_UNRESERVE) | SIGHT(SEE_DRAIN);
	return add_step(seq, ev, sights,
			(struct step){ .kind = STEP_UNRESERVE, .value = (int64_t)force });
}

int on_unreserved(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);

	if (frame)
		exit_saw(&seq->exits, frame,
			 SIGHT(event_get(ev, FIELD_RESULT) ? SEE_FREED_SOME : SEE_FREED_NONE));
	return 0;
}

/* Called once per failed slowpath, also with __GFP_NOWARN; and by vmalloc, whose gfp differs. */
int on_warn_alloc(struct seq *seq, const struct event *ev)
{
	struct frame *frame = frame_of(seq, ev);

	if (!frame || (frame->ep.has_gfp && event_has(ev, FIELD_GFP) &&
		       ((frame->ep.gfp ^ event_get(ev, FIELD_GFP)) & ~(uint64_t)GFP_HARDWALL)))
		return 0;
	seq->counts.warned += counting(seq);
	exit_saw(&seq->exits, frame, SIGHT(SEE_WARN));
	frame_add_step(frame, ev->ts_ns, (struct step){ .kind = STEP_WARN });
	if (seq->counts.basis == BASIS_FAST_NULL && !ends_with_allocation(seq))
		end_by_result(seq, ev, false, EDGE_BOUND);
	return 0;
}
