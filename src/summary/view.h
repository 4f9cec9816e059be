/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Episodes as they are shown, one after the other while a capture is read: for who wants all of them
 * and not only the slowest ones that a summary lists.
 *
 * Of the texts the last few are kept, so that memory does not grow with the number of episodes.
 */
#ifndef PAGETRAIL_SUMMARY_VIEW_H
#define PAGETRAIL_SUMMARY_VIEW_H

#include "summary/input.h"
#include "summary/summary.h"

struct views;

/* `info` is borrowed, and lives longer. NULL without memory. The owner calls views_free. */
struct views *views_new(const struct capture_info *info);
void views_free(struct views *views);

/* Its texts live until the next call. */
struct episode_view views_show(struct views *views, const struct episode *ep);

/* What can be told of episodes, by the `info`, `counts` and `plan` of the input. */
struct sight view_sight(const struct summary_input *input);

/* The release of the kernel, by `info` and `host` (kernel/flags.h); 0: not known. */
unsigned int view_release(const struct summary_input *input);

#endif
