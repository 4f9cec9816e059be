/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gfp flags as the kernel prints them, with the names that the capture's own formats give. */
#ifndef PAGETRAIL_SUMMARY_GFP_H
#define PAGETRAIL_SUMMARY_GFP_H

#include "summary/summary.h"

/* Each name takes at least one bit. */
#define GFP_TEXT_MAX (64 * (FLAG_NAME_MAX + 1) + 24)

/* Bits without a name in hex, 0 is "none". */
void gfp_write(char text[GFP_TEXT_MAX], const struct flag_name *names, size_t nr, uint64_t gfp);

/* The same, kept in `texts`. NULL without memory. */
const char *gfp_text(struct text_list *texts, const struct flag_name *names, size_t nr,
		     uint64_t gfp);

#endif
