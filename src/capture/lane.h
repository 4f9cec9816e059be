/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of one CPU, in order, with the gaps between them.
 *
 * In: the pages of the CPU (stream.h). Out: one record at a time; whether records are missing
 * before it, and how many if that is known; places that could not be read go to the account.
 * A page that cannot be read, or its rest, is skipped: the next page begins anew.
 */
#ifndef PAGETRAIL_CAPTURE_LANE_H
#define PAGETRAIL_CAPTURE_LANE_H

#include "capture/capture.h"
#include "capture/pages.h"
#include "capture/stream.h"

struct lane {
	struct record head; /* the record last read */
	struct page_walk walk;
	bool ended;	  /* there is no record after the head */
	bool gap;	  /* records are missing before the head, or after it when ended; */
	bool gap_counted; /* and how many is known: */
	uint64_t gap_count;
	uint64_t found;	     /* records taken by the merge */
	uint64_t expected;   /* that the file should have, where that is known: else 0 */
	uint64_t unplaced;   /* records that the kernel dropped without marking where */
	bool open_end;	     /* whatever was recorded after the last record is not in the file */
	uint64_t page_at;    /* offset in the file of the page that is walked */
	const uint8_t *page; /* NULL when it could not be walked */
	uint32_t page_used;  /* where what the kernel wrote in it ends */
	const struct page_layout *layout;
	struct capture_damage *damage;
	struct stream stream;
};

/* Nothing is read yet. The lane owns its stream; the rest is the caller's. */
void lane_init(struct lane *lane, uint32_t cpu, const struct page_layout *layout,
	       struct capture_damage *damage);
void lane_close(struct lane *lane);

/*
 * Goes on to the next page with a record, when the one that is walked has no more. 1: head is set.
 * 0: the end. -errno with the sentence.
 */
int lane_next_page(struct lane *lane, struct err *err);

#endif
