/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of all CPUs in the order of time; at equal times in the order of the lanes.
 *
 * In: lanes. Out: the next record, or the loss that comes before it. A heap of the lanes by the
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

/* Records are missing on `cpu` between since_ns and ts_ns. */
struct loss {
	uint32_t cpu;
	bool counted;
	uint64_t ts_ns, since_ns; /* since_ns 0: no record came before */
	uint64_t count;
};

struct merge {
	struct lane *lanes;
	uint32_t nr_lanes;
	struct merge_slot *heap; /* nr_heap lanes that have a record, earliest first */
	uint32_t nr_heap;
	uint32_t nr_ended;  /* at the end: lanes asked for a gap after their last record */
	uint64_t run_until; /* the first lane stays first up to this time */
	bool begun;
	bool taken; /* the first lane's record was handed out */
	uint64_t last_ts;
	const struct record *record; /* after MERGE_RECORD: lives until the next call */
	struct loss loss;	     /* after MERGE_LOSS */
};

enum { MERGE_END, MERGE_RECORD, MERGE_LOSS };

/* Room for nr lanes, which the caller then initialises. 0 or -ENOMEM. */
int merge_init(struct merge *m, uint32_t nr);
void merge_close(struct merge *m);

/* MERGE_RECORD, MERGE_LOSS, MERGE_END; or -errno with the sentence. */
int merge_next(struct merge *m, struct err *err);

#endif
