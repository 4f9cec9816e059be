/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line from a capture to its summary, capture -> sequence -> summary, for every sub-command
 * that shows one.
 */
#ifndef PAGETRAIL_CMD_PIPELINE_H
#define PAGETRAIL_CMD_PIPELINE_H

#include <stdint.h>

#include "base/err.h"
#include "summary/summary.h"

/*
 * Fills *summary, which is all zero, from the trace.dat at `path`, with the `top` slowest episodes.
 * 0 or a negative errno with the sentence. The caller frees it with summary_free in any case.
 */
int pipeline_run(const char *path, uint64_t top, struct summary *summary, struct err *err);

/*
 * False when the file is damaged or cut short, with the sentence: what is whole was read, but it is
 * not all. Records that the kernel lost while recording are no damage.
 */
bool pipeline_file_is_whole(const char *path, const struct summary *summary, struct err *err);

/* False when anything is missing, or contradicts what the kernel counted, with the sentence. */
bool pipeline_is_certain(const char *path, const struct summary *summary, struct err *err);

#endif
