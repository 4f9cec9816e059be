/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of all CPUs in the order of time; at equal times in the order of the lanes.
 *
 * In: lanes. Out: the next record, or a loss. A loss is told where it begins: right after the last
 * record before it on its CPU, so before any later record of another. A heap of the lanes by the
 * time of their next record; as long as one lane stays earliest it is drained without touching the
 * heap.
 */
#ifndef PAGETRAIL_CAPTURE_MERGE_H
#define PAGETRAIL_CAPTURE_MERGE_H

#include "capture/lane.h"

struct merge_slot {
	uint64_t ts;
	uint32_t lane;
};

#define LOSS_OPEN UINT64_MAX

/* Records are missing on `cpu` between the times of the two around them. */
struct loss {
	uint32_t cpu;
	bool counted;
	uint64_t from_ns; /* 0: no record came before */
	uint64_t to_ns;	  /* LOSS_OPEN: none came after */
	uint64_t count;
};

struct merge {
	struct lane *lanes;
	uint32_t nr_lanes;
	struct merge_slot *heap; /* nr_heap lanes that have a record, earliest first */
	uint32_t nr_heap;
	uint32_t nr_begun; /* lanes asked for a gap before their first record */
	bool begun;
	struct lane *run;   /* the first lane, when its record was handed out */
	struct lane *moved; /* it went on to another page: there may be a gap before that */
	uint64_t run_until; /* it stays the first up to this time */
	const struct record *record; /* after MERGE_RECORD: lives until the next call */
	struct loss loss;	     /* after MERGE_LOSS */
};

enum { MERGE_END, MERGE_RECORD, MERGE_LOSS };

/* Room for nr lanes, which the caller then initialises. 0 or -ENOMEM. */
int merge_init(struct merge *m, uint32_t nr);
void merge_close(struct merge *m);

/* As merge_next, when the run of a lane is over: `walk` is how its page went on. */
int merge_turn(struct merge *m, enum walk walk, struct err *err);

/* MERGE_RECORD, MERGE_LOSS, MERGE_END; or -errno with the sentence. */
static inline int merge_next(struct merge *m, struct err *err)
{
	struct lane *lane = m->run;
	enum walk walk = WALK_END;

	if (lane) {
		lane->head.since = lane->head.ts;
		walk = page_next(&lane->walk, &lane->head);
		if (walk == WALK_RECORD && lane->head.ts <= m->run_until) {
			lane->found++;
			return MERGE_RECORD;
		}
	}
	return merge_turn(m, walk, err);
}

#endif
