/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An independent count of the slowpath's entries: an execute breakpoint on its first instruction,
 * counted by the processor whatever ftrace and kprobes make of that function. Takes one of the four
 * debug registers, and one debug exception an entry.
 */
#ifndef PAGETRAIL_RECORD_BREAKPOINT_H
#define PAGETRAIL_RECORD_BREAKPOINT_H

#include <stdint.h>

#include "base/err.h"

struct breakpoints {
	int *fds;
	unsigned int nr; /* CPUs that it is on */
};

/* On every CPU that is online, not yet enabled. Returns 0, or -errno with the sentence. */
int breakpoints_open(struct breakpoints *points, uint64_t addr, unsigned int nr_cpus,
		     struct err *err);
void breakpoints_close(struct breakpoints *points);

int breakpoints_enable(const struct breakpoints *points);
int breakpoints_disable(const struct breakpoints *points);

/* The sum. -EBUSY when it was not counting all the time: somebody else had the debug registers. */
int breakpoints_read(const struct breakpoints *points, uint64_t *count);

#endif
