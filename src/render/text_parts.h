/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of the text report that stand in files of their own, and what they share. */
#ifndef PAGETRAIL_RENDER_TEXT_PARTS_H
#define PAGETRAIL_RENDER_TEXT_PARTS_H

#include <stdio.h>

#include "summary/summary.h"

/* Columns of every table with times. */
extern const char text_times_head[];
void text_times(FILE *out, const struct times *times);

/* Why the episodes ended; how often they went round again. */
void text_exits(const struct summary *summary, FILE *out);

#endif
