/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of the text report that stand in files of their own, and what they share. */
#ifndef PAGETRAIL_RENDER_TEXT_PARTS_H
#define PAGETRAIL_RENDER_TEXT_PARTS_H

#include <stdint.h>
#include <stdio.h>

#include "summary/summary.h"

/*
 * A text that is written in one go, so that what is wrong with the file is known: of a FILE whose
 * buffer was full in between, errno is gone. text_begin returns where to print, or NULL without memory;
 * text_end writes it to `out`, frees it, and is 0 or -errno with the sentence about `what`.
 */
struct text_page {
	FILE *file;
	char *bytes;
	size_t len;
};

FILE *text_begin(struct text_page *page);
int text_end(struct text_page *page, FILE *out, const char *what, struct err *err);

#define UNIT_TEXT_MAX 24

/* Three significant digits, in a unit that people use: "12.3 us". */
const char *text_of_ns(char buf[UNIT_TEXT_MAX], uint64_t ns);

/* A text of the capture; what would act on a terminal is shown as \xNN. */
void text_print_clean(FILE *out, const char *text);

/* Columns of every table with times. */
extern const char text_times_head[];
void text_times(FILE *out, const struct times *times);

/* Why the episodes ended; how often they went round again. */
void text_exits(const struct summary *summary, FILE *out);

/* Who waits for whom: how many at once, doing what, and who still was at the end. */
void text_waiting(const struct summary *summary, FILE *out);

#endif
