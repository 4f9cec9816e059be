/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The N slowest episodes of all that were offered; among equally slow ones the earlier, then the
 * one with the lower id. Copies of them are kept; the owner of the struct calls top_free.
 */
#ifndef PAGETRAIL_SUMMARY_TOP_H
#define PAGETRAIL_SUMMARY_TOP_H

#include <stddef.h>

#include "sequence/episode.h"

struct top {
	struct episode **heap; /* the least slow of them first */
	size_t nr, max;
};

int top_init(struct top *top, size_t max); /* 0 or -ENOMEM; max may be 0 */
void top_free(struct top *top);

/* 0 or -ENOMEM. */
int top_offer(struct top *top, const struct episode *ep);

/* -1, 0, 1 as for qsort: the slower one first. */
int top_compare(const struct episode *a, const struct episode *b);

#endif
