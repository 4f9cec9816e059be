/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who fills the slabs: threads that read ahead, and whoever needs one that nobody has filled.
 *
 * In: lanes. Out: their slabs, of each lane in order. A lane is filled by one thread at a time, so
 * what a slab holds does not depend on who fills it. Without threads everything is done when it is
 * asked for. The owner of the struct calls crew_close.
 */
#ifndef PAGETRAIL_CAPTURE_CREW_H
#define PAGETRAIL_CAPTURE_CREW_H

#include <pthread.h>

#include "capture/lane.h"

#define CREW_SLABS LOADS_KEPT /* of a lane: one is looked at while the next ones are filled */

struct crew_lane {
	struct lane lane;
	struct slab slabs[CREW_SLABS];
	uint64_t filled, taken, returned; /* slabs so far */
	bool busy;			  /* somebody fills one */
	bool done;			  /* the last one is filled */
};

struct crew {
	struct crew_lane *lanes;
	uint32_t nr_lanes;
	uint32_t next;		   /* lane to look at first */
	struct unpacker *unpacker; /* of who asks; borrowed */
	pthread_mutex_t lock;	   /* of all counters of the lanes */
	pthread_cond_t work, news; /* there is something to fill; something was filled */
	_Atomic uint32_t changes;  /* of what one may wait for; wraps */
	pthread_t *threads;
	unsigned int nr_threads;
	bool going; /* somebody has asked for a slab: before that nothing is read */
	bool quit;
};

/* Room for nr lanes, which the caller then initialises, and their slabs. 0 or -ENOMEM. */
int crew_init(struct crew *crew, uint32_t nr, uint32_t slab_items, struct unpacker *unpacker);
void crew_close(struct crew *crew);

/* Starts so many threads, or fewer where the system refuses. Once, before the first crew_take. */
void crew_start(struct crew *crew, unsigned int nr_threads);

/* The next slab of a lane whose last one was not taken. The one taken before is given back. */
struct slab *crew_take(struct crew *crew, uint32_t lane);

#endif
