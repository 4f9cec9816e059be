/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The product of merge/: many summaries to one that says of all of them together what each says of
 * one recording.
 *
 * In: summaries, of one profile. Out: a summary that is read, shown and merged again as any other.
 * Merging is associative and commutative: in whatever order, and over whatever merges of parts, the
 * same summary comes out. So each rule is one of these: a sum, a maximum, an OR; what all agree on,
 * and else null; the first so many in a total order that depends on the rows alone. Must not know
 * where summaries come from.
 *
 * What is told of a moment (the timeline, snapshots, time ranges of losses) has no place on another
 * host's clock and is left out.
 */
#ifndef PAGETRAIL_MERGE_MERGER_H
#define PAGETRAIL_MERGE_MERGER_H

#include "base/err.h"
#include "summary/summary.h"

#define MERGE_TOP_MAX 10000

/* Keys of a table that are kept, the first in their own order; the rest is one row. */
#define MERGE_KEYS_MAX 1024

struct merger;

/* Lists the `top` slowest episodes. NULL without memory. */
struct merger *merger_new(size_t top);
void merger_free(struct merger *merge);

/*
 * One more, which is not needed afterwards; `name` is what it is called in sentences. 0, or -errno
 * with the sentence: then what was merged so far is as it was.
 */
int merger_add(struct merger *merge, const struct summary *summary, const char *name,
	       struct err *err);

/*
 * What was merged so far; all zero before the first. Borrowed until the next call. Who changes it adds
 * nothing afterwards.
 */
struct summary *merger_result(struct merger *merge);

#endif
