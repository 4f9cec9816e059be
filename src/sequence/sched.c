// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When the task of an episode gives up its CPU, may run again, and does: sched events, where they
 * were recorded. They are told by whoever runs at that moment, so that the episode is found by the
 * pids in the event. They are no events of the episode's own: a hole stays one.
 */
#include "sequence/machine.h"

/* An interrupt's episode is over before its task leaves the CPU, and pid 0 is one task per CPU. */
static void change_run(struct seq *seq, const struct event *ev, enum ev_field field,
		       enum run_state from, enum run_state to)
{
	int32_t pid = (int32_t)event_get(ev, field);
	struct context *ctx = pid ? contexts_find(&seq->contexts, pid, ev->cpu) : NULL;
	uint32_t depth;

	for (depth = 0; ctx && depth < ctx->depth; depth++) {
		struct frame *frame = ctx->frames[depth];

		if (frame->ep.level == LEVEL_TASK && (from == NR_RUNS || frame->run.now == from))
			run_change(&frame->run, to, ev->ts_ns);
	}
}

int on_sched_switch(struct seq *seq, const struct event *ev)
{
	bool sleeps = event_get(ev, FIELD_PREV_STATE) & SCHED_SLEEPS;

	seq->counts.sched_switches += counting(seq);
	change_run(seq, ev, FIELD_PREV_PID, NR_RUNS, sleeps ? RUN_SLEEPING : RUN_RUNNABLE);
	change_run(seq, ev, FIELD_NEXT_PID, NR_RUNS, RUN_ON_CPU);
	return 0;
}

/* try_to_wake_up() tells it also of a task that did not come to leave its CPU. */
int on_sched_wakeup(struct seq *seq, const struct event *ev)
{
	seq->counts.sched_wakeups += counting(seq);
	change_run(seq, ev, FIELD_WAKEE, RUN_SLEEPING, RUN_RUNNABLE);
	return 0;
}
