/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a summary down. In: struct summary. Out: bytes, the same for the same summary: no clock,
 * no locale, no path but those in the summary. Rendering computes nothing that is not in it.
 */
#ifndef PAGETRAIL_RENDER_RENDER_H
#define PAGETRAIL_RENDER_RENDER_H

#include <stdio.h>

#include "base/err.h"
#include "diff/diff.h"
#include "render/text_page.h"
#include "summary/summary.h"

/* All: 0 or a negative errno with the sentence; a short write is a failure. */

/* schema/summary.schema.json says what it holds. */
int render_json(const struct summary *summary, FILE *out, struct err *err);

/* For people: a mail's worth of lines, of at most so many columns; and in another style. */
#define TEXT_WIDTH 100
int render_text(const struct summary *summary, FILE *out, struct err *err);
int render_text_as(const struct summary *summary, const struct text_style *style, FILE *out,
		   struct err *err);

/* What changed from one group to the other: schema/diff.schema.json, and for people. */
int render_diff_json(const struct diff *diff, const struct diff_side *before,
		     const struct diff_side *after, FILE *out, struct err *err);
int render_diff_text(const struct diff *diff, const struct diff_side *before,
		     const struct diff_side *after, const struct text_style *style, FILE *out,
		     struct err *err);

/* Of the json-c that is loaded. */
const char *render_jsonc_version(void);

#endif
