/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Episodes for other tools: each is written as it comes, in one of several formats, and what a
 * summary tells beside episodes at the end. docs/export.md says what they hold.
 *
 * In: views of episodes, a summary. Out: bytes, the same for the same input. Memory does not grow with
 * the number of episodes.
 */
#ifndef PAGETRAIL_RENDER_EXPORT_H
#define PAGETRAIL_RENDER_EXPORT_H

#include <stdio.h>

#include "base/err.h"
#include "summary/summary.h"

struct export_format;
struct export;

/* NULL: there is none of that name. */
const struct export_format *export_find(const char *name);

/* "perfetto, ndjson, csv or folded". */
#define EXPORT_FORMATS "perfetto, ndjson, csv or folded"

/* NULL without memory, with the sentence. `out` is borrowed. The owner calls export_free. */
struct export *export_new(const struct export_format *format, FILE *out, struct err *err);
void export_free(struct export *export);

/* Both: 0 or a negative errno with the sentence. */
int export_episode(struct export *export, const struct episode_view *view,
		   const struct sight *sight, struct err *err);
int export_end(struct export *export, const struct summary *summary, const struct sight *sight,
	       struct err *err);

/* Those that were written. */
uint64_t export_nr_episodes(const struct export *export);

#endif
