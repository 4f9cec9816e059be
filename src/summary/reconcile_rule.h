/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a relation is made of. Private to the files reconcile*.c:
 *
 *	reconcile.c		the table of all rules, and the judge
 *	reconcile_evidence.c	what more than one rule asks of the evidence
 *	reconcile_slowpath.c	entries, attempts, allocations
 *	reconcile_reclaim.c	direct reclaim, node reclaim, kswapd
 *	reconcile_compact.c	direct compaction, kcompactd
 *	reconcile_oom.c		the OOM killer
 *	reconcile_probes.c	how often the probes went off
 *
 * Versions named in comments are those whose sources were read: 5.10.262, 6.1.176, 6.6.87,
 * 6.12.107 and 6.12.117, 6.18.15, 7.1.13, 7.2.13, 7.3.4.
 */
#ifndef PAGETRAIL_SUMMARY_RECONCILE_RULE_H
#define PAGETRAIL_SUMMARY_RECONCILE_RULE_H

#include "kernel/flags.h"
#include "summary/reconcile.h"

/* What the kernel's number may be, and what it may be for a reason that is known. */
struct bounds {
	uint64_t least, most;
	uint64_t least_explained, most_explained;
	const char *why_less, *why_more;
	bool both_traced; /* both numbers come from the trace: records may be missing in either */
};

struct rule {
	const char *what, *traced_is, *kernel_is, *relation;
	bool of_host; /* the kernel counts for all tasks, whichever were recorded */
	/* False when a side was not recorded. Fills the relation's numbers and the bounds. */
	bool (*fill)(const struct evidence *ev, struct relation *rel, struct bounds *bounds);
};

struct rules {
	const struct rule *rules;
	size_t nr;
};

extern const struct rules reconcile_slowpath, reconcile_reclaim, reconcile_compact, reconcile_oom,
	reconcile_daemons, reconcile_probes;

/* --- reconcile_evidence.c --- */

extern const char reconcile_under_way[]; /* why numbers differ by what straddles an edge */

bool evidence_recorded(const struct evidence *ev, enum ev_kind kind);

/* Events inside the window, and in the whole capture but there. */
uint64_t evidence_inside(const struct evidence *ev, enum ev_kind kind);
uint64_t evidence_outside(const struct evidence *ev, enum ev_kind kind);

/* Episodes that were under way when the window closed; or at either of its edges. */
uint64_t evidence_in_flight(const struct evidence *ev);
uint64_t evidence_straddling(const struct evidence *ev);

/* The kernel is known to be older than this release. */
bool evidence_is_before(const struct evidence *ev, unsigned int release);

/* Memory nodes of the host, at least 1: each has a kswapd and a kcompactd. */
uint64_t evidence_nodes(const struct evidence *ev);

/* The sum of the counters whose names begin with `name`, or are equal to it without a final '*'. */
bool evidence_counter(const struct evidence *ev, const char *name, uint64_t *sum);

/* Both numbers of a row of one event and one counter that grows by 1 at each. */
bool evidence_compare(const struct evidence *ev, enum ev_kind kind, const char *counter,
		      struct relation *rel, struct bounds *bounds);

/* Bounds of a row where both numbers are equal, but for what straddles an edge. */
struct bounds bounds_equal(uint64_t number, uint64_t straddling);

#endif
