/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who asked for the pages: the call stacks of the entries, by name.
 *
 * In: tallies by the number of a stack, and the stacks. Out: rows by the names of their functions.
 * Stacks that differ only in where in a function the call lies are one row.
 */
#ifndef PAGETRAIL_SUMMARY_CALLERS_H
#define PAGETRAIL_SUMMARY_CALLERS_H

#include "summary/input.h"
#include "summary/summary.h"
#include "summary/tally.h"

/* Fills summary->callers, and what its limits say of stacks. 0 or -ENOMEM. */
int callers_fill(struct summary *summary, struct table *stacks, const struct summary_input *input);
void callers_free(struct caller_table *callers);

/* The frames of one stack, whose rows belong to the caller; not known for a number that is none. */
int callers_frames(struct frame_list *frames, struct text_list *texts,
		   const struct summary_input *input, uint32_t stack);

#endif
