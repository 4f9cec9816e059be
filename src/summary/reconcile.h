/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares what was rebuilt from the trace with what the kernel counted itself over the same time.
 *
 * In: counts of the sequence, changes of /proc/vmstat, the notes, and the summary so far (outcomes,
 * limits). Out: one struct relation per row of a table, always all of them, in its order.
 */
#ifndef PAGETRAIL_SUMMARY_RECONCILE_H
#define PAGETRAIL_SUMMARY_RECONCILE_H

#include "summary/input.h"
#include "summary/ledger.h"
#include "summary/summary.h"

struct evidence {
	const struct summary_input *input;
	const struct summary *summary;
	const struct number_list
		*vmstat; /* change of every counter, by name; empty: not recorded */
	const struct ledger *ledger;
	uint64_t captured_pages; /* at most; captured by compaction, so on no free list */
};

/* Number of relations. */
size_t reconcile_max(void);

/* Fills reconcile_max() relations. */
void reconcile(struct relation *relations, const struct evidence *evidence);

#endif
