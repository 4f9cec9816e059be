/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What recorders that were killed left in the kernel: instances and probe groups of the name
 * pagetrail_PID_STARTTIME whose process is gone. Those of recorders that run are not touched: a
 * later process of the same number has another start time, and of one that cannot be seen from
 * here (another pid namespace) the kernel refuses to remove an instance whose files are open.
 */
#ifndef PAGETRAIL_RECORD_LEFTOVERS_H
#define PAGETRAIL_RECORD_LEFTOVERS_H

#include <stdbool.h>

#include "base/err.h"

/* Told of each thing that was removed, or that would be. */
typedef void (*leftovers_fn)(void *data, const char *kind, const char *name);

/*
 * Returns the number of things removed (dry_run: found), or -errno with the sentence for the first
 * that could not be; the others are removed all the same.
 */
int leftovers_remove(const char *tracefs, bool dry_run, leftovers_fn tell, void *data,
		     struct err *err);

#endif
