/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what was asked for to an open session: the profile, by what the kernel really accepts. */
#ifndef PAGETRAIL_RECORD_CHOOSE_H
#define PAGETRAIL_RECORD_CHOOSE_H

#include "base/err.h"
#include "record/plan.h"
#include "record/session.h"

struct choice {
	const char *profile; /* a name, or NULL for the best that works */
	bool sched;	     /* the scheduler's events too */
	bool stack;	     /* and the call stacks of entries */
};

/*
 * Tries what the plan says on the kernel; for
 * the best, what it refuses makes room for the next. Returns 0 with an open session, or -errno with
 * the sentence. Learns inv->fast_site where that is needed.
 */
int choose_session(struct session *session, struct plan *plan, struct inventory *inv,
		   const struct choice *choice, const struct session_settings *set,
		   struct err *err);

/* Only the plan, changing nothing on the host. */
int choose_plan(struct plan *plan, const struct inventory *inv, const struct choice *choice,
		struct err *err);

#endif
