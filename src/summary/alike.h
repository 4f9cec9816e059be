/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Short episodes that differ in nothing but their times: nearly all. Each is put to those like it,
 * and only these are added to the dozen tables of the summary, all at once.
 *
 * In: episodes. Out: lots of them, each with an episode that stands for all. A cache: a group that
 * has to make room for another one is taken out first, so nothing is lost and the order of the
 * tables depends on the capture alone. The owner of the struct calls alike_free.
 */
#ifndef PAGETRAIL_SUMMARY_ALIKE_H
#define PAGETRAIL_SUMMARY_ALIKE_H

#include "sequence/episode.h"
#include "summary/histogram.h"

#define ALIKE_GROUPS 256 /* a power of two */

/* All but its times that an episode adds to the tables. Has no padding. */
struct alike_key {
	char comm[COMM_LEN];
	uint64_t gfp;
	uint32_t order;
	int32_t migratetype;
	uint32_t exits;
	struct between retries, oom_lock_waits;
	uint8_t has_gfp, has_order, has_migratetype, outcome;
	uint8_t watermark, level, background, is_nested;
	uint8_t start_edge, end_edge, attempts_seen, unused;
	uint32_t stack;
};

struct alike_group {
	struct alike_key key;
	struct histogram times; /* empty: no group */
	uint64_t run_ns[NR_RUNS];
};

struct alike {
	struct alike_group *groups;
	struct alike_group *last; /* that an episode was put to; NULL: none */
};

int alike_init(struct alike *alike); /* 0 or -ENOMEM */
void alike_free(struct alike *alike);

/* Is it one that groups are for: entered, and ended with or without a page, with nothing between? */
static inline bool alike_is_for(const struct episode *ep)
{
	return ep->path_len == 2 && ep->path[0] == STAGE_ENTRY && ep->outcome <= OUTCOME_FAILED &&
	       !ep->nested_ns && !ep->nested_unsure;
}

/* The group of such an episode, if the one before it was of the same; else NULL. */
struct alike_group *alike_last(struct alike *alike, const struct episode *ep);

/*
 * The group of any such episode. When its `times` are not empty and its key is another one's, that
 * group is to be taken out first, and then emptied by alike_begin.
 */
struct alike_group *alike_find(struct alike *alike, const struct episode *ep,
			       struct alike_key *key);
bool alike_is_key(const struct alike_group *group, const struct alike_key *key);
void alike_begin(struct alike_group *group, const struct alike_key *key);

/* 0 or -ENOMEM. */
int alike_put(struct alike *alike, struct alike_group *group, const struct episode *ep);

/* An episode that stands for all of a group: sums of run times, and a start and end that are 0. */
void alike_stand_in(const struct alike_group *group, struct episode *ep);

#endif
