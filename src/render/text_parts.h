/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of the text report that stand in files of their own, and what they share. */
#ifndef PAGETRAIL_RENDER_TEXT_PARTS_H
#define PAGETRAIL_RENDER_TEXT_PARTS_H

#include <stdint.h>
#include <stdio.h>

#include "render/text_page.h"
#include "summary/summary.h"

#define UNIT_TEXT_MAX 24

/* Three significant digits, in a unit that people use: "12.3 us". */
const char *text_of_ns(char buf[UNIT_TEXT_MAX], uint64_t ns);

/* In thousandths; the ratio of two times, the second not 0. */
uint64_t text_per_mille(uint64_t ns, uint64_t of_ns);

/* A text of the capture; what would act on a terminal is shown as \xNN. */
void text_print_clean(FILE *out, const char *text);

/* Columns of every table with times. */
extern const char text_times_head[];
void text_times(FILE *out, const struct times *times);

/* Why the episodes ended; how often they went round again. */
void text_exits(const struct summary *summary, FILE *out);

/* What the slowest stalls waited for, in a sentence. */
void text_source(const struct summary *summary, FILE *out);

/* How the times spread, as bars. */
void text_spread(const struct times *times, FILE *out);

/* Whether the stalls come in clusters, and when. */
void text_clusters(const struct summary *summary, FILE *out);

void text_episodes(const struct summary *summary, FILE *out);

/* Whose requests they were, where call stacks were recorded. */
void text_callers(const struct summary *summary, FILE *out);

/* Who waits for whom: how many at once, doing what, and who still was at the end. */
void text_waiting(const struct summary *summary, FILE *out);

#endif
