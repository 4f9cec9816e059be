// SPDX-License-Identifier: GPL-2.0-or-later
/* The attempts (get_page_from_freelist): of the fast path, of an episode, of neither. */
#include "base/hint.h"
#include "sequence/machine.h"

void slow_attempt_enters(struct seq *seq, struct frame *frame, const struct event *ev)
{
	enum attempt label;

	seq->counts.slow_attempts += counting(seq);
	if (!frame) {
		seq->counts.attempts_unpaired += counting(seq);
		return;
	}
	frame_learn(frame, ev);
	label = attempt_label(&seq->sites, frame, ev);
	frame->places =
		attempt_places(&seq->sites, frame, ev, label, has_kind(seq, EV_DIRECT_COMPACT));
	seq->counts.attempts[label] += counting(seq);
	seq->counts.attempts_unpaired += counting(seq) && frame->in_attempt;
	frame->attempt = label;
	frame->alloc_flags = (uint32_t)event_get(ev, FIELD_ALLOC_FLAGS);
	frame->in_attempt = frame->any_attempt = true;
	frame->ep.nr_attempts++;
}

int on_attempt_enter(struct seq *seq, const struct event *ev)
{
	if (attempt_is_nolock(ev)) {
		seq->counts.attempts[ATTEMPT_NOLOCK] += counting(seq);
		return 0;
	}
	if (attempt_is_fast(ev)) {
		seq->counts.attempts[ATTEMPT_FAST] += counting(seq);
		return 0;
	}
	slow_attempt_enters(seq, frame_of(seq, ev), ev);
	return 0;
}

void slow_attempt_returns(struct seq *seq, struct frame *frame, uint64_t ts_ns, bool got_page)
{
	seq->counts.slow_returns += counting(seq);
	if (!frame || !frame->in_attempt) {
		seq->counts.attempts_unpaired += counting(seq);
		return;
	}
	exit_saw_attempt(&seq->exits, frame, frame->places, frame->alloc_flags, got_page);
	frame->in_attempt = false;
	frame->attempted = true;
	frame->ep.nr_null_attempts += !got_page;
	seq->counts.null_attempts[frame->attempt] += counting(seq) && !got_page;
	frame_add_step(frame, ts_ns,
		       (struct step){ .kind = STEP_ATTEMPT,
				      .detail = (uint8_t)frame->attempt,
				      .alloc_flags = frame->alloc_flags,
				      .value = got_page });
}

static int on_fast_exit(struct seq *seq, const struct event *ev, bool got_page)
{
	detour_fast_attempt(seq, ev, got_page);
	if (got_page)
		return 0;
	seq->counts.null_attempts[ATTEMPT_FAST] += counting(seq);
	return seq->counts.basis == BASIS_FAST_NULL ? on_fast_null(seq, ev) : 0;
}

ALL_INLINE int on_attempt_exit(struct seq *seq, const struct event *ev)
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
	slow_attempt_returns(seq, frame, ev->ts_ns, got_page);
	if (frame && got_page && seq->counts.basis == BASIS_FAST_NULL && !ends_with_allocation(seq))
		end_by_result(seq, ev, true, EDGE_BOUND);
	return 0;
}
