/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is read from a lane in one go: its next events, with the losses among them, and the account of
 * what could not be read.
 *
 * A lane fills slabs, the merge takes them; the two may be different threads. The struct and its
 * room belong to who made it; `data` of an item and the text of a note point into the lane's
 * buffers, which keep what the last LOADS_KEPT slabs of the lane hold (stream.h).
 */
#ifndef PAGETRAIL_CAPTURE_SLAB_H
#define PAGETRAIL_CAPTURE_SLAB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "capture/capture.h"
#include "capture/event.h"
#include "kernel/events.h"

/* Of gaps, and of places that could not be read: a slab with so many of either is full. */
#define SLAB_PLACES 8

/* What a record is, by the id of its event. */
struct item_sort {
	uint16_t binding; /* of the decoder */
	uint16_t kind;	  /* enum ev_kind; and */
};

/* with its kind: no group (joint.h) reaches over what is before the item. */
#define ITEM_ALONE 0x100

struct item {
	uint64_t ts;
	const uint8_t *data;
	uint32_t len; /* bytes; of EV_LOST: the number of the gap */
	struct item_sort sort;
};

#define LOSS_OPEN UINT64_MAX /* FIELD_UNTIL: no record came after */

/* Records are missing, up to the time of an item that was to follow. */
struct gap {
	bool counted;
	uint64_t to_ns, count;
};

struct slab {
	struct event *events; /* in the order of time; room for as many as there are items */
	uint32_t nr_events;
	struct item *items; /* what they were made of; room for JOINT_EVENTS_MAX more than `max` */
	uint32_t nr, max;
	struct gap gaps[SLAB_PLACES];
	unsigned int nr_gaps;
	struct capture_damage damage; /* of its part of the lane; keeps SLAB_PLACES places */
	uint64_t done;		      /* bytes of the file that the lane has consumed by now */
	bool last;		      /* the lane has no more */
	int failed;		      /* 0, or the -errno that ended it, with the sentence: */
	struct err err;
};

#endif
