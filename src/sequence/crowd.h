/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many are in the slowpath at a time, and in which stage. Private to sequence/; its product,
 * struct crowd_counts, is part of sequence.h.
 *
 * Most changes come in the order of time, some late: a throttle is told when it is over, and an
 * episode whose end was not seen ended at its last event. So changes wait, those that came in order
 * in a queue and the others in a heap, and are counted when CROWD_LATE_MAX later ones are known; what
 * comes later still is counted at the oldest time that is open, and said to be.
 */
#ifndef PAGETRAIL_SEQUENCE_CROWD_H
#define PAGETRAIL_SEQUENCE_CROWD_H

#include "sequence/episode.h"
#include "sequence/sequence.h"

#define CROWD_LATE_MAX	  16384
#define CROWD_WAITING_MAX (CROWD_LATE_MAX + 2048)

struct crowd_change {
	uint64_t ts_ns;
	int32_t by; /* 1 or -1 */
	enum stage stage;
};

struct crowd_stage {
	uint64_t counted_ns; /* time up to which its counts are complete; CROWD_NOT_YET */
	int64_t size;	     /* at that time */
};

/* There were as many at once since the arrival with that number. */
struct crowd_peak {
	uint64_t arrival;
	uint32_t size;
};

struct crowd {
	struct crowd_counts *counts;
	struct crowd_change *queue; /* a ring of CROWD_WAITING_MAX, in the order of time: */
	uint32_t first, nr_queued;
	uint64_t newest_ns;	   /* of the last one */
	struct crowd_change *late; /* a heap, the oldest first */
	uint32_t nr_late;
	uint64_t start_ns;
	struct crowd_stage stages[NR_TIMED_STAGES];
	uint64_t counted_ns; /* the same of all stages together */
	int64_t in_stages;

	uint32_t size; /* now */
	uint64_t nr_arrivals;
	struct crowd_peak *peaks; /* later and lower ones */
	size_t nr_peaks;
};

#define CROWD_NOT_YET UINT64_MAX

/* At most `size_max` at once. 0 or -ENOMEM. */
int crowd_init(struct crowd *crowd, struct crowd_counts *counts, uint32_t size_max);
void crowd_free(struct crowd *crowd);

/* Counts from now on; CROWD_NOT_YET: not before the next call. The counts must be empty. */
void crowd_start(struct crowd *crowd, uint64_t ts_ns);

/* Counts what is known up to the end of the window; nothing is counted after. */
void crowd_stop(struct crowd *crowd, uint64_t ts_ns);

/* One of them enters (by 1) or leaves (by -1) a stage. */
void crowd_change(struct crowd *crowd, enum stage stage, int by, uint64_t ts_ns);

/* One more; returns its number. crowd->size counts it. */
uint64_t crowd_arrive(struct crowd *crowd);
void crowd_leave(struct crowd *crowd);

/* The most at once since an arrival that has not left. */
uint32_t crowd_peak_since(const struct crowd *crowd, uint64_t arrival);

#endif
