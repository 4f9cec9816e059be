/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of one CPU, in order, with the gaps between them.
 *
 * In: the pages of the CPU (stream.h), and what its records are (decode.h). Out: slabs (slab.h).
 * A page that cannot be read, or its rest, is skipped: the next page begins anew. Records of events
 * that nobody asks for are left out here.
 */
#ifndef PAGETRAIL_CAPTURE_LANE_H
#define PAGETRAIL_CAPTURE_LANE_H

#include "capture/decode.h"
#include "capture/pages.h"
#include "capture/slab.h"
#include "capture/stream.h"

struct lane {
	uint32_t cpu;
	uint64_t since;	  /* time of the last record; 0: none so far */
	bool gap;	  /* records are missing after it; */
	bool gap_counted; /* and how many is known: */
	uint64_t gap_count;
	uint64_t found;	     /* records so far */
	uint64_t expected;   /* that the file should have, where that is known: else 0 */
	uint64_t unplaced;   /* records that the kernel dropped without marking where */
	bool open_end;	     /* whatever was recorded after the last record is not in the file */
	uint64_t page_at;    /* offset in the file of the page that is walked */
	const uint8_t *page; /* NULL when it could not be walked */
	uint32_t page_used;  /* where what the kernel wrote in it ends */
	struct page_walk walk;
	const struct page_layout *layout;
	const struct decoder *decoder; /* NULL: all records are given, as they are */
	bool apart;		       /* what could be told together is told record by record */
	struct stream stream;
};

/* Nothing is read yet. The lane owns its stream; the rest is the caller's. */
void lane_init(struct lane *lane, uint32_t cpu, const struct page_layout *layout,
	       const struct decoder *decoder);
void lane_close(struct lane *lane);

/*
 * The next slab. What the LOADS_KEPT-th before it held is gone; `items` and `max` are the caller's. A
 * slab may be empty; after the one that is the `last`, or `failed`, there are no more.
 */
void lane_fill(struct lane *lane, struct slab *slab, struct unpacker *unpacker);

#endif
