/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a capture cannot tell, and why: losses, damage, missed probe hits, what was not probed.
 *
 * In: the EV_LOST events of the stream; at its end the counts, the damage and the notes. Out:
 * struct limits. The owner of the struct calls limits_free.
 */
#ifndef PAGETRAIL_SUMMARY_LIMITS_H
#define PAGETRAIL_SUMMARY_LIMITS_H

#include "summary/input.h"
#include "summary/summary.h"

/* Takes an EV_LOST. 0 or -ENOMEM. */
int limits_lost(struct limits *limits, const struct event *ev);

/* 0 or -ENOMEM. */
int limits_fill(struct limits *limits, struct text_list *texts, const struct summary_input *input);
void limits_free(struct limits *limits);

/* Does the recorder's plan (NULL: none) say that it could not have this event? */
bool limits_plan_lacks(const char *plan, const char *event);

/* Does it reach into the window? */
bool limits_range_meets(const struct loss_range *range, const struct seq_counts *counts);

/* Hits that the probes which show entries missed; not those that the ring buffer lost. */
uint64_t limits_entries_missed(const struct limits *limits, enum seq_basis basis);

/* Nothing that matters to the count of entries is missing. */
bool limits_entries_whole(const struct limits *limits);

/* No record is missing that the profile should have made. */
bool limits_records_whole(const struct limits *limits);

#endif
