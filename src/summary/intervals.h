/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The intervals that a window is cut into, with what is summed in each. Every moment lies in exactly
 * one: the first one has no beginning and the last one no end. There are at most INTERVALS_MAX: when
 * one more is opened, neighbours are joined, so that no sum changes.
 *
 * The owner of the struct calls intervals_free.
 */
#ifndef PAGETRAIL_SUMMARY_INTERVALS_H
#define PAGETRAIL_SUMMARY_INTERVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/saturate.h"
#include "kernel/readings.h"
#include "summary/summary.h"

#define INTERVALS_MAX 512 /* even */

/* What the recorder read of the kernel at one moment. */
struct tick {
	uint64_t ts_ns; /* 0: none */
	uint32_t have;	/* bit per enum reading */
	uint64_t value[NR_READINGS];
};

struct interval {
	uint64_t start_ns; /* it ends where the next one starts */
	uint64_t entries, stalled_ns;
	uint64_t stage_ns[NR_TIMED_STAGES];
	uint64_t awake_ns;	 /* some kswapd certainly was, */
	uint64_t maybe_awake_ns; /* or may have been */
	struct tick first;	 /* in it */
	bool lossy;		 /* records are missing in it */
	struct known free_min;	 /* of its ticks */
};

struct intervals {
	struct interval *rows; /* INTERVALS_MAX of them */
	size_t nr;	       /* at least one */
	uint64_t stride;       /* 1, doubled each time that neighbours were joined */
};

int intervals_init(struct intervals *all); /* 0 or -ENOMEM */
void intervals_free(struct intervals *all);

/* One empty interval, from 0 on. */
void intervals_restart(struct intervals *all);

static inline struct interval *intervals_last(const struct intervals *all)
{
	return &all->rows[all->nr - 1];
}

/* What intervals_at does where it is not the last one. */
struct interval *intervals_search(const struct intervals *all, uint64_t ts_ns);

/* Nearly always the last one. */
static inline struct interval *intervals_at(const struct intervals *all, uint64_t ts_ns)
{
	struct interval *last = intervals_last(all);

	return ts_ns >= last->start_ns ? last : intervals_search(all, ts_ns);
}

/* `offset` is that of a uint64_t: offsetof(struct interval, stalled_ns). */
static inline uint64_t *interval_member(struct interval *row, size_t offset)
{
	return (uint64_t *)((char *)row + offset);
}

/* UINT64_MAX for the last one. */
uint64_t intervals_end(const struct intervals *all, const struct interval *row);

/* Ends the last interval at `ts_ns`, which is not before its start, and begins the next one. */
void intervals_open(struct intervals *all, uint64_t ts_ns);

/* Joins the last two; there must be two. */
void intervals_join_last(struct intervals *all);

/* Adds the time from..to to a member of the intervals, to each the part that lies in it. */
void intervals_spread_over(struct intervals *all, size_t offset, uint64_t from_ns, uint64_t to_ns);

/* The same. Nearly always all of it lies in the last one. */
static inline void intervals_spread(struct intervals *all, size_t offset, uint64_t from_ns,
				    uint64_t to_ns)
{
	struct interval *last = intervals_last(all);
	uint64_t *sum = interval_member(last, offset);

	if (from_ns >= last->start_ns && from_ns <= to_ns)
		*sum = sat_plus(*sum, to_ns - from_ns);
	else
		intervals_spread_over(all, offset, from_ns, to_ns);
}

/* Sets a member of the intervals to all of their time up to `to_ns`. */
void intervals_fill(struct intervals *all, size_t offset, uint64_t to_ns);

/* *least becomes the lower one of what is known. */
void known_lower(struct known *least, const struct known *value);

#endif
