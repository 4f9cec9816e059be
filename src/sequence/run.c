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

void run_settle(struct run *run, uint64_t ts_ns, uint64_t ns[NR_RUNS])
{
	count_until(run, ts_ns);
	memcpy(ns, run->open_ns, sizeof(run->open_ns));
	memset(run->open_ns, 0, sizeof(run->open_ns));
}

void run_recall(const struct run *run, uint64_t from_ns, uint64_t to_ns, uint64_t ns[NR_RUNS])
{
	uint32_t kept = run->nr_changes < RUN_PAST_MAX ? run->nr_changes : RUN_PAST_MAX;
	uint32_t i;

	memset(ns, 0, NR_RUNS * sizeof(*ns));
	for (i = 1; i <= kept && to_ns > from_ns; i++) {
		const struct run_change *change = &run->past[(run->nr_changes - i) % RUN_PAST_MAX];
		uint64_t begin = change->since_ns > from_ns ? change->since_ns : from_ns;

		if (begin >= to_ns)
			continue;
		ns[change->run] += to_ns - begin;
		to_ns = begin;
	}
}
