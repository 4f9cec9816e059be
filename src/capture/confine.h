/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a function in a short-lived child that can do nothing but compute and answer.
 *
 * In: a function, whose arguments the child inherits as they are in memory. Out: the bytes that it
 * wrote to its pipe, bounded in number and time, and how it ended. The child has no files but that
 * pipe, limits on memory, time and stack, no new privileges, and system calls for memory, writing
 * and leaving only. What comes back is to be treated as hostile.
 */
#ifndef PAGETRAIL_CAPTURE_CONFINE_H
#define PAGETRAIL_CAPTURE_CONFINE_H

#include <stddef.h>

#define CONFINE_SECONDS	   20
#define CONFINE_MEMORY_MAX (1024UL << 20)

/* Runs in the child; writes its answer to `out`. 0, or anything else when it failed. */
typedef int (*confined_work)(const void *arg, int out);

/* How a child ended, in words that complete "the parser ...". */
#define CONFINE_WHY_MAX 80

/*
 * 0 and the answer, also when the child failed: then why[] is not "", and the answer is what it had
 * written by then. -errno when there is no answer at all. The caller frees *answer.
 */
int confine_run(confined_work work, const void *arg, size_t max, void **answer, size_t *len,
		char why[CONFINE_WHY_MAX]);

/* For the child: all of it, or -1. */
int confined_write(int out, const void *data, size_t len);

#endif
