/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The snapshots of /proc that the recorder took at both ends, as values. In: the texts of its
 * notes. Out: struct state, and the change of every vmstat counter for the reconciliation.
 */
#ifndef PAGETRAIL_SUMMARY_STATE_H
#define PAGETRAIL_SUMMARY_STATE_H

#include "summary/input.h"
#include "summary/summary.h"

/* 0 or -ENOMEM. What it allocated is freed by state_free also when it failed. */
int state_fill(struct state *state, struct text_list *texts, const struct summary_input *input);
void state_free(struct state *state);

/* The change of every counter that is in both texts, by name. 0 or -ENOMEM. */
int state_vmstat_deltas(struct number_list *deltas, struct text_list *texts, const char *start,
			const char *stop);

#endif
