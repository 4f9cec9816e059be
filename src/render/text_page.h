/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text for people, on its way to a terminal or a file: lines that are too long are folded between
 * words, under the column that they belong to, and marks become colours or nothing.
 *
 * It is written in one go, so that what is wrong with the file is known: of a FILE whose buffer was
 * full in between, errno is gone.
 */
#ifndef PAGETRAIL_RENDER_TEXT_PAGE_H
#define PAGETRAIL_RENDER_TEXT_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

/* Marks in what is printed. Texts of a capture cannot hold them: they are cleaned (clean.h). */
#define MARK_HEAD  "\001" /* a heading */
#define MARK_BAD   "\002"
#define MARK_GOOD  "\003"
#define MARK_DOUBT "\004"
#define MARK_END   "\005"
#define MARK_TIE   "\006" /* a blank, and no place to fold */

struct text_style {
	unsigned int width; /* columns; 0: lines stay as they are */
	bool colour;
};

struct text_page {
	FILE *file;
	char *bytes;
	size_t len;
};

/* Where to print; NULL without memory, which text_end then tells. */
FILE *text_begin(struct text_page *page);

/* Writes the page, and frees it. 0, or a negative errno with the sentence about `what`. */
int text_end(struct text_page *page, const struct text_style *style, FILE *out, const char *what,
	     struct err *err);

#endif
