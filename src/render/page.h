/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page without its summary, as bytes: page/page.html with the files that it includes. The C is
 * made by page/embed when pagetrail is built.
 */
#ifndef PAGETRAIL_RENDER_PAGE_H
#define PAGETRAIL_RENDER_PAGE_H

#include <stddef.h>

struct page_part {
	const unsigned char *bytes;
	size_t len;
};

/* Between the first two goes the summary as text, between the last two the summary as JSON. */
#define PAGE_PARTS 3

extern const struct page_part page_parts[PAGE_PARTS];

#endif
