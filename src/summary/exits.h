/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why the episodes ended, and how often they went round again: the tables `exits` and `retries`.
 * Owners call exits_free.
 */
#ifndef PAGETRAIL_SUMMARY_EXITS_H
#define PAGETRAIL_SUMMARY_EXITS_H

#include "summary/summary.h"
#include "summary/tally.h"

/*
 * More than there can be rows: 2^8 sets of reasons for a page by 6 watermarks, 2^9 for none. A few
 * dozen occur.
 */
#define EXITS_MAX 4096

#define EXITS_TEXT_MAX 512 /* every reason, every " or ", the NUL */

/* A total, and the largest, of numbers of which only bounds may be known. */
struct between_sum {
	uint64_t total_min, total_max, most_min, most_max;
	uint64_t some_min, some_max; /* episodes whose number surely is, may be, above 0 */
	bool open;		     /* there is no upper bound */
};

struct exits_tally {
	struct table table; /* by outcome, reasons, watermark */
	struct between_sum retries, oom_lock_waits;
	uint64_t exact[RETRIES_CLASSES]; /* episodes whose retries are known, by their number */
	uint64_t not_exact;
};

int exits_init(struct exits_tally *tally); /* 0 or -ENOMEM */
void exits_free(struct exits_tally *tally);

/* An episode, or many like it. Only those that ended are counted. 0 or -ENOMEM. */
int exits_add(struct exits_tally *tally, const struct episode *ep, struct lot lot,
	      unsigned int basis);

/* Fills the tables; `known`: the capture can tell. 0 or -ENOMEM. */
int exits_finish(const struct exits_tally *tally, bool known, struct summary *out);

/* One name for the reasons that are left over; "unknown" where there is none. A constant. */
const char *exits_name(uint32_t reasons);

#endif
