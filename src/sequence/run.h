/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the time of one task goes: on a CPU, waiting for one, asleep. Private to sequence/.
 *
 * The time since the last settled moment is kept apart, so that an episode that ends in the past
 * (its true end was not seen) can leave it out. The changes of late are remembered: a throttle is
 * told when it is over.
 */
#ifndef PAGETRAIL_SEQUENCE_RUN_H
#define PAGETRAIL_SEQUENCE_RUN_H

#include "sequence/episode.h"

#define RUN_PAST_MAX 32

struct run_change {
	uint64_t since_ns;
	enum run_state run;
};

struct run {
	enum run_state now;
	uint64_t counted_ns;	   /* time up to which open_ns is complete */
	uint64_t open_ns[NR_RUNS]; /* since the last settled moment */
	uint32_t nr_changes;	   /* so far; the last RUN_PAST_MAX are kept, in a ring */
	struct run_change past[RUN_PAST_MAX];
};

/* Is all since the last settled moment, `from_ns`, of one kind: run->now? Mostly it is. */
static inline bool run_is_plain(const struct run *run, uint64_t from_ns)
{
	return run->nr_changes == 1 && run->counted_ns == from_ns;
}

/* On a CPU, as what makes an event is. */
void run_begin(struct run *run, uint64_t ts_ns);

void run_change(struct run *run, enum run_state now, uint64_t ts_ns);

/*
 * Settles the time from the last settled moment, `from_ns`, to `ts_ns`, which may lie in the past: ns
 * says how it divides.
 */
void run_settle(struct run *run, uint64_t from_ns, uint64_t ts_ns, uint64_t ns[NR_RUNS]);

/*
 * Moves the time from `from_ns` to `to_ns` from one sum to another. As far as it is longer ago than
 * the changes that are kept, it is taken for sleep while there is some: what is told so late is a
 * throttle, or was not seen to end.
 */
void run_take(const struct run *run, uint64_t from_ns, uint64_t to_ns, uint64_t from[NR_RUNS],
	      uint64_t to[NR_RUNS]);

#endif
