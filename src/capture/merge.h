/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of all CPUs in the order of time; at equal times in the order of the lanes.
 *
 * In: slabs of each lane. Out: the next event: of a record, of a group (joint.h), or a loss. A loss
 * is told where it begins: right after the last record before it on its CPU. A heap of the lanes by
 * the time of their next event; as long as one lane stays earliest it is drained without touching the
 * heap.
 *
 * A group is told at the time of its last record, so records of other CPUs that lie inside of it
 * come before it. That makes no difference: what its other records do concerns their task alone,
 * which is on this CPU all the while; or, in a run of allocations that were served, it only adds up.
 * But what is before a note or a loss and what is after it are counted apart: a group that such a
 * moment would cut is told record by record.
 */
#ifndef PAGETRAIL_CAPTURE_MERGE_H
#define PAGETRAIL_CAPTURE_MERGE_H

#include "capture/crew.h"
#include "capture/joint.h"

struct merge_lane {
	const struct event *at, *end; /* not given out so far; then come: */
	const struct event *next,
		*next_end;   /* the rest of the slab, when `at` are parts of a group */
	struct event *parts; /* room for JOINT_RECORDS_MAX, made when needed */
	const struct slab *slab;
	uint64_t done; /* bytes of the file */
};

struct merge_slot {
	uint64_t ts;
	uint32_t lane;
};

struct merge {
	struct crew crew;
	struct merge_lane *lanes; /* as many as the crew has */
	uint32_t nr_lanes;
	struct merge_slot *heap; /* nr_heap lanes that have an event, earliest first */
	uint32_t nr_heap;
	bool begun;
	struct merge_lane *run; /* the first lane, when an event of it was given out */
	uint64_t run_until;	/* it stays the first up to this time */
	struct capture_damage *damage;
};

/*
 * Room for nr lanes, those of the crew, which the caller then initialises; their slabs have room for
 * `slab_items`. Damage is added to *damage as it is met. 0 or -ENOMEM.
 */
int merge_init(struct merge *m, uint32_t nr, uint32_t slab_items, struct unpacker *unpacker,
	       struct capture_damage *damage);
void merge_close(struct merge *m);

/* As merge_next, for all but the next event of a run. */
int merge_turn(struct merge *m, const struct event **ev, struct err *err);

/* Notes and losses: what is before one of them and what is after it may be counted apart. */
static inline bool merge_is_mark(const struct event *ev)
{
	return ev->kind == EV_NOTE || ev->kind == EV_LOST;
}

/* 1: the next event, which lives until the next call. 0: the end. -errno with the sentence. */
static inline int merge_next(struct merge *m, const struct event **ev, struct err *err)
{
	struct merge_lane *run = m->run;

	if (!run || run->at == run->end || run->at->ts_ns > m->run_until || merge_is_mark(run->at))
		return merge_turn(m, ev, err);
	*ev = run->at++;
	return 1;
}

/* The record that an event was made of, the last one that was given: not for groups and losses. */
const struct item *merge_record(const struct merge *m, const struct event *ev);

#endif
