/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a recorder will turn on, and why. Pure: an inventory in, a plan out, nothing is touched.
 *
 * A plan is a list of probes and a list of tracepoints. What a profile cannot do without is
 * `required`: a plan without it is not made, and a session that cannot create it fails. The rest is
 * recorded as missing, and the recording goes on.
 *
 * As text (dry runs, the note "plan") a plan has one line each of the form
 *	write FILE TEXT		what is written to which file below the tracefs directory
 *	missing EVENT WHY	what could not be had
 *	limit WHY		what the events of this plan cannot tell
 */
#ifndef PAGETRAIL_RECORD_PLAN_H
#define PAGETRAIL_RECORD_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "record/inventory.h"

enum profile { PROFILE_SITE, PROFILE_FREELIST, PROFILE_FULL, PROFILE_TRACEPOINTS, NR_PROFILES };

#define PLAN_PROBES_MAX	 48
#define PLAN_EVENTS_MAX	 INV_EVENTS_MAX
#define PLAN_MISSING_MAX 48
#define PLAN_LIMITS_MAX	 8
#define PLAN_GROUP_MAX	 48
#define PLAN_STACKTRACE	 "stacktrace" /* the trigger; a condition follows */

struct plan_probe {
	char event[32]; /* "slow_enter", "attempt_enter_3" */
	char place[96]; /* "function+0x12" */
	char args[320];
	char filter[256];  /* "" for none */
	char trigger[320]; /* "" for none */
	size_t site;	   /* at a call site: its index in the inventory's list */
	bool is_return;
	bool required;
	bool doubtful; /* arguments in registers that a compiler may have assigned otherwise */
	bool created;  /* by the session: is to be removed in the end */
	bool dropped;  /* was to be, but the kernel refused it */
};

struct plan_event {
	const char *system, *name;
	bool dropped;
};

struct plan_missing {
	char event[48];
	char why[ERR_TEXT_MAX];
};

struct plan {
	enum profile profile;
	char why[2 * ERR_TEXT_MAX];		   /* why this profile */
	struct plan_probe probes[PLAN_PROBES_MAX]; /* in the order in which to create them */
	size_t nr_probes;
	struct plan_event events[PLAN_EVENTS_MAX];
	size_t nr_events;
	struct plan_missing missing[PLAN_MISSING_MAX];
	size_t nr_missing;
	char limits[PLAN_LIMITS_MAX][160];
	size_t nr_limits;
};

/* "site", ... and back; profile_parse returns false for an unknown name. */
const char *profile_name(enum profile profile);
bool profile_parse(const char *name, enum profile *profile);

/* True when the profile needs inv->fast_site to be learnt first (the slowpath is inlined). */
bool plan_needs_trial(const struct inventory *inv, enum profile profile);

/* Probes on each inner call of get_page_from_freelist, for the trial to find the fast path's. */
int plan_build_trial(struct plan *plan, const struct inventory *inv, struct err *err);

/* Returns 0, or -errno with the reason why this kernel cannot do the profile, as a sentence. */
int plan_build(struct plan *plan, const struct inventory *inv, enum profile profile,
	       struct err *err);

/*
 * The best profile that resolves: site, freelist, tracepoints. plan->why says why the better ones
 * were passed over; profiles below `from` are not considered, `refused` (may be "") says why.
 */
int plan_choose(struct plan *plan, const struct inventory *inv, enum profile from,
		const char *refused, struct err *err);

/*
 * Also the scheduler's switches and wakeups, of every task: the kernel cannot tell beforehand which
 * will be in the slowpath.
 */
void plan_add_sched(struct plan *plan, const struct inventory *inv);

/*
 * Also the call stack of each entry into the slowpath: a trigger on the events that open episodes,
 * and on nothing else. Returns 0, or -errno with the reason why it cannot be had, as a sentence.
 */
int plan_add_stack(struct plan *plan, const struct inventory *inv, struct err *err);

/* Notes that an event cannot be had. */
void plan_miss(struct plan *plan, const char *event, const char *why);

/* The text form, for a group and instance of that name. */
void plan_print(const struct plan *plan, const char *group, FILE *out);

/* The line that creates a probe, as kprobe_events takes it. */
int plan_probe_text(const struct plan_probe *probe, const char *group, char *buf, size_t size);

#endif
