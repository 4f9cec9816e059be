// SPDX-License-Identifier: GPL-2.0-or-later
/* In: when a task left a CPU, woke, got one. Out: sums. Knows no events and no stages. */
#include <string.h>

#include "sequence/run.h"

static void remember(struct run *run, uint64_t ts_ns)
{
	run->past[run->nr_changes % RUN_PAST_MAX] =
		(struct run_change){ .since_ns = ts_ns, .run = run->now };
	run->nr_changes++;
}

/* Time that runs backwards, in a damaged capture, counts as none. */
static void count_until(struct run *run, uint64_t ts_ns)
{
	if (ts_ns <= run->counted_ns)
		return;
	run->open_ns[run->now] += ts_ns - run->counted_ns;
	run->counted_ns = ts_ns;
}

void run_begin(struct run *run, uint64_t ts_ns)
{
	run->now = RUN_ON_CPU;
	run->counted_ns = ts_ns;
	run->nr_changes = 0;
	memset(run->open_ns, 0, sizeof(run->open_ns));
	remember(run, ts_ns);
}

void run_change(struct run *run, enum run_state now, uint64_t ts_ns)
{
	if (now == run->now)
		return;
	count_until(run, ts_ns);
	run->now = now;
	remember(run, ts_ns);
}

static void move(uint64_t *from, uint64_t *to, uint64_t *wanted)
{
	uint64_t ns = *wanted < *from ? *wanted : *from;

	*from -= ns;
	*to += ns;
	*wanted -= ns;
}

void run_take(const struct run *run, uint64_t from_ns, uint64_t to_ns, uint64_t from[NR_RUNS],
	      uint64_t to[NR_RUNS])
{
	static const enum run_state likely[] = { RUN_SLEEPING, RUN_RUNNABLE, RUN_ON_CPU };
	uint32_t kept = run->nr_changes < RUN_PAST_MAX ? run->nr_changes : RUN_PAST_MAX;
	uint64_t rest = to_ns - from_ns, ns;
	uint32_t i;

	for (i = 1; i <= kept && to_ns > from_ns; i++) {
		const struct run_change *change = &run->past[(run->nr_changes - i) % RUN_PAST_MAX];
		uint64_t begin = change->since_ns > from_ns ? change->since_ns : from_ns;

		if (begin >= to_ns)
			continue;
		rest -= ns = to_ns - begin;
		move(&from[change->run], &to[change->run], &ns);
		rest += ns;
		to_ns = begin;
	}
	for (i = 0; i < NR_RUNS; i++)
		move(&from[likely[i]], &to[likely[i]], &rest);
}

void run_settle(struct run *run, uint64_t from_ns, uint64_t ts_ns, uint64_t ns[NR_RUNS])
{
	count_until(run, ts_ns);
	memset(ns, 0, NR_RUNS * sizeof(*ns));
	run_take(run, from_ns, ts_ns, run->open_ns, ns);
}
