/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts that the kernel keeps for us beside the trace, by perf_event_open(2), one on each CPU:
 *  - how often an address was executed, by an execute breakpoint: an independent truth for the
 *    slowpath's entries, whatever ftrace and kprobes make of that function. It takes one of the
 * four debug registers, and one debug exception an entry;
 *  - how many hits of an event satisfy a filter.
 */
#ifndef PAGETRAIL_RECORD_COUNTER_H
#define PAGETRAIL_RECORD_COUNTER_H

#include <stdint.h>

#include "base/err.h"

struct counter {
	int *fds;
	unsigned int nr;
	unsigned int max;
};

/* Room for nr_events events on nr_cpus CPUs each. Returns 0 or -ENOMEM. */
int counter_init(struct counter *counter, unsigned int nr_events, unsigned int nr_cpus);
void counter_close(struct counter *counter);

/* Adds one event on every CPU that is online, not yet enabled. 0 or -errno. */
int counter_add_breakpoint(struct counter *counter, uint64_t addr, unsigned int nr_cpus);
int counter_add_event(struct counter *counter, uint64_t id, const char *filter,
		      unsigned int nr_cpus);

int counter_enable(const struct counter *counter);
int counter_disable(const struct counter *counter);

/* The sum. -EBUSY when it was not counting all the time: others had the debug registers. */
int counter_read(const struct counter *counter, uint64_t *count);

#endif
