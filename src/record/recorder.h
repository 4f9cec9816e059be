/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One recording, from the inventory to the finished file.
 *
 * In: what the command line asked for. Out: a trace.dat, and the kernel as it was before. It is
 * built to run under the memory pressure that it records: memory is allocated and locked before
 * tracing starts, and until it has ended nothing is allocated and nothing forked.
 */
#ifndef PAGETRAIL_RECORD_RECORDER_H
#define PAGETRAIL_RECORD_RECORDER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "record/plan.h"

struct recorder_options {
	const char *output;
	const char *profile;  /* NULL: the best that works */
	uint64_t duration_ns; /* 0: until something else ends it */
	uint64_t buffer_kb;   /* per CPU; 0: chosen from the size of memory */
	uint64_t pid;	      /* 0: everything */
	bool sched;	      /* the scheduler's events too */
	bool stack;	      /* and the call stacks of entries */
	bool verify;
	bool dry_run;
	char **command; /* ends with NULL; no words: none */
};

/* Returns 0 when a complete file was written, else -errno with the sentence. */
int recorder_run(const struct recorder_options *options, struct err *err);

#endif
