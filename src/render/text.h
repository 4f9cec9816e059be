/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the report for people share. */
#ifndef PAGETRAIL_RENDER_TEXT_H
#define PAGETRAIL_RENDER_TEXT_H

#include <stdint.h>
#include <stdio.h>

#include "summary/summary.h"

#define UNIT_TEXT_MAX 24

/* Three significant digits, in a unit that people use: "12.3 us". */
const char *text_of_ns(char buf[UNIT_TEXT_MAX], uint64_t ns);

/* A text of the capture; what would act on a terminal is shown as \xNN. */
void text_print_clean(FILE *out, const char *text);

/* The section of text_waiting.c. */
void text_waiting(const struct summary *summary, FILE *out);

#endif
