/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes a summary: takes every event and every episode of a capture, once, then the rest of what
 * the capture says, and fills a struct summary. Memory is bounded by the number of different keys
 * that are kept, not by the length of the capture: a few MB, at the very worst 128 MB (a histogram
 * takes 30 KB when its times are spread over all powers of two).
 *
 * Only episodes that were entered inside the window are counted.
 */
#ifndef PAGETRAIL_SUMMARY_AGGREGATE_H
#define PAGETRAIL_SUMMARY_AGGREGATE_H

#include "summary/input.h"
#include "summary/summary.h"

#define AGGREGATE_PATHS_MAX	   512
#define AGGREGATE_ORDERS_MAX	   32
#define AGGREGATE_GFPS_MAX	   512
#define AGGREGATE_ORDER_GFPS_MAX   1024
#define AGGREGATE_MIGRATETYPES_MAX 16
#define AGGREGATE_COMMS_MAX	   1024
#define AGGREGATE_STACKS_MAX	   1024
#define AGGREGATE_TOP_MAX	   10000

struct aggregate;

/* Keeps the `top` slowest episodes, and as many that were still under way. NULL without memory. */
struct aggregate *aggregate_new(size_t top);
void aggregate_free(struct aggregate *agg);

/* All: 0 or -ENOMEM. */
int aggregate_event(struct aggregate *agg, const struct event *ev);
/* Follows time: every event, after the sequence took it and before the episodes that it ended. */
int aggregate_follow(struct aggregate *agg, const struct event *ev, const struct seq *seq);
int aggregate_episode(struct aggregate *agg, const struct episode *ep);
int aggregate_detour(struct aggregate *agg, const struct detour *detour);

/* Fills *summary, which the caller frees with summary_free in any case. Call once. */
int aggregate_finish(struct aggregate *agg, const struct summary_input *input,
		     struct summary *summary);

#endif
