/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process, told from a later one of the same number by the time at which it started. */
#ifndef PAGETRAIL_RECORD_PROCESS_H
#define PAGETRAIL_RECORD_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/* Clock ticks since boot. Returns 0, or -errno: -ENOENT when there is no such process. */
int process_start_time(pid_t pid, uint64_t *ticks);

#endif
