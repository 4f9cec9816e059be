/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a capture of somebody else's is read: a child that, from a certain moment on, can read and
 * write what is open, compute, and end. It cannot open, connect, start or trace anything.
 *
 * Two processes, since what is to be written must get its name when it is complete, and renaming is
 * nothing that a confined process may do. And whatever happens to the child, this one says so in a
 * sentence and leaves nothing behind.
 */
#ifndef PAGETRAIL_CMD_CONFINED_H
#define PAGETRAIL_CMD_CONFINED_H

#include <stdint.h>

#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/output.h"

/* The work of the child; returns an enum cmd_exit. */
typedef int (*confined_fn)(const struct cmd *cmd, void *arg);

/*
 * Runs `work` in a child and returns its status. Where the child did not end by itself, that is told
 * on stderr and CMD_FAILED is returned; where a signal asked for the end (SIGINT, SIGTERM, SIGHUP,
 * SIGQUIT), it is in *signal, else that is 0. What the child is to write must be open, and its buffers
 * empty.
 */
int confined_run(const struct cmd *cmd, confined_fn work, void *arg, int *signal);

/* The same for work that writes to `out`, which is put in its place when it is done, and closed. */
int confined_run_into(const struct cmd *cmd, confined_fn work, void *arg, struct output *out,
		      int *signal);

/*
 * In the child: from here on it is confined, with all its threads. 0, or -errno with the sentence:
 * where the kernel has no seccomp, nothing is read.
 */
int confined_enter(struct err *err);

/* The same, where the output may be longer than most: so many bytes, or 1 GiB if that is more. */
int confined_enter_for(uint64_t output_max, struct err *err);

#endif
