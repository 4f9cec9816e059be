/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes out of episodes and summaries who it was: names of tasks, pids, names of captures, addresses.
 * A name gets the pseudonym task-N, a pid a number above all that a kernel gives, by the order of first
 * appearance: one redactor gives equal ones the same. Which tasks are the kernel's own threads stays.
 * The name of the host, command lines and symbols are in no summary to begin with.
 *
 * What reads a capture redacts each episode before anything is summed up; so a summary and an export
 * of one capture have the same pseudonyms. Memory is bounded: the names and pids that come when the
 * tables are full share one pseudonym.
 */
#ifndef PAGETRAIL_SUMMARY_REDACT_H
#define PAGETRAIL_SUMMARY_REDACT_H

#include "summary/summary.h"

/* PID_MAX_LIMIT of 64-bit kernels (include/linux/threads.h): pids are below it. */
#define REDACT_PID_BASE 4194304

#define REDACT_COMMS_MAX 65535U
#define REDACT_PIDS_MAX	 262143U
#define REDACT_FILES_MAX 65535U

struct redactor;

/* NULL without memory. The owner calls redactor_free. */
struct redactor *redactor_new(void);
void redactor_free(struct redactor *redactor);

/* 0 or -ENOMEM. */
int redact_episode(struct redactor *redactor, struct episode *ep);

/*
 * The whole of a summary; names and pids only where its episodes were not redacted one by one, by this
 * redactor or before the summary was written. 0 or -ENOMEM, with a part of it done.
 */
int redact_summary(struct redactor *redactor, struct summary *summary);

#endif
