/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the recorder checks beside the trace, with counters of the kernel (counter.h): the number of
 * entries by an execute breakpoint, when asked for, and always whether the arguments that the
 * probes fetch from registers can be what they are taken for. Results go into the capture as notes.
 */
#ifndef PAGETRAIL_RECORD_VERIFY_H
#define PAGETRAIL_RECORD_VERIFY_H

#include <stdbool.h>

#include "base/err.h"
#include "record/counter.h"
#include "record/journal.h"

struct verify {
	struct counter truth; /* executions of the slowpath */
	struct counter odd;   /* entries with arguments that cannot be */
	bool wanted;	      /* the truth is */
};

/* Returns 0, or -errno with the sentence. Owned by the caller, who calls verify_close. */
int verify_open(struct verify *verify, bool wanted, const struct inventory *inv,
		const struct plan *plan, const struct session *session, struct err *err);
void verify_close(struct verify *verify);

/* Counts from now on. 0, or -errno with the sentence. */
int verify_start(struct verify *verify, struct journal *journal, struct err *err);

/* Counts no more, and notes the number of entries. */
void verify_stop(struct verify *verify, struct journal *journal);

/* Notes, and returns, the number of entries with implausible arguments. */
uint64_t verify_arguments(struct verify *verify, struct journal *journal);

#endif
