/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who waits for whom: what was still stalled at the end, how many were stalled at a time, and what
 * tasks did where they made no events.
 *
 * In: every episode, also those entered before the window; at the end, the counts of sequence/. Out:
 * struct waiting, but for its list. The owner of the struct calls waiting_free.
 */
#ifndef PAGETRAIL_SUMMARY_WAITING_H
#define PAGETRAIL_SUMMARY_WAITING_H

#include "summary/summary.h"
#include "summary/top.h"

struct waiting_sums {
	struct top in_flight; /* IN_FLIGHT_MAX of them */
	uint64_t nr_in_flight;
	unsigned int basis; /* bits of enum time_basis, of the crowd */
	uint64_t nr_holes, nr_lost_holes, holes_ns[NR_RUNS];
};

int waiting_init(struct waiting_sums *sums); /* 0 or -ENOMEM */
void waiting_free(struct waiting_sums *sums);

int waiting_add(struct waiting_sums *sums, const struct episode *ep); /* 0 or -ENOMEM */

/* all_seen: no entry can be missing. */
void waiting_fill(struct waiting *waiting, const struct waiting_sums *sums,
		  const struct seq_counts *counts, bool all_seen);

#endif
