/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command that is run while recording. It is forked before tracing starts, since a recorder
 * under memory pressure must not fork, and waits for its release.
 */
#ifndef PAGETRAIL_RECORD_WORKLOAD_H
#define PAGETRAIL_RECORD_WORKLOAD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct workload {
	const char *name; /* borrowed */
	pid_t pid;	  /* 0: there is none, or it was reaped */
	int cork;	  /* closed to let it go */
	int outcome;	  /* an errno arrives here when it could not be executed */
	int status;	  /* of waitpid, once it was reaped */
};

#define WORKLOAD_NONE ((struct workload){ .cork = -1, .outcome = -1 })

/*
 * argv ends with NULL; no words mean no command. Refuses what is not an executable file in PATH.
 * The command runs with no signal blocked. Returns 0, or -errno with the sentence.
 */
int workload_prepare(struct workload *work, char **argv, struct err *err);

/* Lets the command go, if there is one. 0, or -errno with the sentence when it could not be
 * executed. */
int workload_release(struct workload *work, struct err *err);

/* True once the command has ended; work->status is set then. Does not wait. */
bool workload_ended(struct workload *work);

/* Ends a command that still runs with SIGTERM, without waiting for it. */
void workload_terminate(struct workload *work);

/* Ends a command that was not released. */
void workload_close(struct workload *work);

#endif
