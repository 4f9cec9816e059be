/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The allocations under way, by context, and the node or memcg reclaim that each context is in.
 * Private to sequence/.
 *
 * With the profile `full` every allocation of the host passes here, most of them within
 * microseconds. So this is no hash with insertions and removals but a set-associative table like a
 * processor's cache: a context keeps its place when its allocation ends, and the next one finds it
 * there. A context without a place takes an idle one of its set; when none is idle, the one whose
 * allocation began longest ago is given up, and counted.
 */
#ifndef PAGETRAIL_SEQUENCE_REQUESTS_H
#define PAGETRAIL_SEQUENCE_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sequence/episode.h"

enum reclaim_kind { RECLAIM_NODE, RECLAIM_MEMCG, NR_RECLAIM_KINDS };

#define REQUEST_DEPTH_MAX 4
#define REQUEST_WAYS	  8
#ifndef REQUEST_SETS
#define REQUEST_SETS	  1024
#endif

/* One allocation: one call of the buddy entry function. */
struct request {
	uint64_t since_ns;
	uint64_t sp; /* stack pointer at the call; 0: not known */
	uint64_t reclaim_ns[NR_RECLAIM_KINDS];
	uint32_t nr_reclaims[NR_RECLAIM_KINDS];
	enum level level;
	bool level_sure;
	bool counts;   /* began inside the window, while nothing was missing */
	bool got_page; /* its fast attempt returned one, */
	bool slow;     /* or none: it went on into the slowpath */
};

struct requester {
	uint32_t depth; /* of requests; those beyond REQUEST_DEPTH_MAX are not kept */
	bool in_reclaim;
	bool reclaim_counts; /* began inside the window, while nothing was missing */
	enum reclaim_kind reclaim;
	uint64_t reclaim_since_ns;
	struct request requests[REQUEST_DEPTH_MAX];
};

struct requests {
	uint64_t (*keys)[REQUEST_WAYS]; /* of REQUEST_SETS sets; 0: nobody's yet */
	struct requester (*ways)[REQUEST_WAYS];
	uint64_t given_up; /* requests, for want of room */
	uint64_t last_key; /* that was found last: events of one task come in a row; 0: none */
	struct requester *last;
};

int requests_init(struct requests *table); /* 0 or -ENOMEM */
void requests_free(struct requests *table);

/* Fibonacci hashing: the high bits of the product depend on all bits of the key. */
static inline uint32_t requests_set(uint64_t key)
{
	return (uint32_t)((key * 0x9e3779b97f4a7c15ULL) >> 32) % REQUEST_SETS;
}

/* What the context has under way, or NULL when it has no place in the table. */
static inline struct requester *requests_find(struct requests *table, uint64_t key)
{
	uint32_t set;
	int way;

	if (key == table->last_key)
		return table->last;
	set = requests_set(key);
	for (way = 0; way < REQUEST_WAYS; way++)
		if (table->keys[set][way] == key) {
			table->last_key = key;
			return table->last = &table->ways[set][way];
		}
	return NULL;
}

/* Gives a context that has none a place. */
struct requester *requests_add(struct requests *table, uint64_t key);

static inline struct requester *requests_get(struct requests *table, uint64_t key)
{
	struct requester *who = requests_find(table, key);

	return who ? who : requests_add(table, key);
}

/* Forgets everything that is under way. */
void requests_clear(struct requests *table);

#endif
