/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of an aggregate, shared by what fills it (aggregate.c) and what makes a summary of it
 * (finish.c).
 */
#ifndef PAGETRAIL_SUMMARY_AGGREGATE_STRUCT_H
#define PAGETRAIL_SUMMARY_AGGREGATE_STRUCT_H

#include "summary/alike.h"
#include "summary/detours.h"
#include "summary/exits.h"
#include "summary/roles.h"
#include "summary/ledger.h"
#include "summary/summary.h"
#include "summary/tally.h"
#include "summary/timeline.h"
#include "summary/top.h"
#include "summary/waiting.h"

struct stage_tally {
	uint64_t episodes, visits, succeeded;
	uint64_t run_ns[NR_RUNS];
	struct tally tally;
};

struct aggregate {
	struct ledger ledger;
	bool expects_window;
	bool has_episodes;
	uint64_t outcomes[NR_OUTCOMES];
	uint64_t captured, path_tails;
	uint64_t captured_pages; /* that may be, where attempts are not seen */
	uint64_t time_basis[TIME_APPROXIMATE + 1];
	struct tally all, nested;
	struct role_tallies roles;
	struct detour_tallies detours;
	struct stage_tally stages[NR_TIMED_STAGES];
	struct tally transitions[NR_TIMED_STAGES][NR_STAGES];
	struct table paths, by[NR_BY];
	struct table stacks; /* by number */
	struct exits_tally exits;
	struct top slowest, in_flight;
	struct waiting_sums waiting;
	struct timeline timeline;
	struct alike alike;   /* that the above does not have so far */
	struct limits limits; /* its losses, so far */
};

/*
 * The order, in the key of BY_ORDER_GFP whose number is the gfp flags: as a text, of at most five bytes
 * of which none is 0. What a capture says is an order may be any number.
 */
#define ORDER_KEY_MAX 6
void aggregate_order_key(char key[ORDER_KEY_MAX], uint32_t order);
uint32_t aggregate_key_order(const char *key);

/* Adds to the tables what is only put together so far. 0 or -ENOMEM. */
int aggregate_settle(struct aggregate *agg);

/* How sure the time of a whole episode is: bits of enum time_basis. */
unsigned int aggregate_basis(const struct episode *ep);

/* What not having seen an edge does to a time: the same bits. */
unsigned int aggregate_edge_basis(enum edge edge);

#endif
