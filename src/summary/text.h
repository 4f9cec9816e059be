/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small tools for the notes of a capture, which are texts of lines and words that nobody has
 * checked: cutting them, reading numbers, keeping copies.
 */
#ifndef PAGETRAIL_SUMMARY_TEXT_H
#define PAGETRAIL_SUMMARY_TEXT_H

#include "summary/summary.h"

/* A part of a text: not terminated. */
struct span {
	const char *at;
	size_t len;
};

/* The whole of a text; empty for NULL. */
struct span span_of(const char *text);

/* Cuts the next line off *rest, without its newline. False at the end. */
bool span_line(struct span *rest, struct span *line);

/* Cuts the next word off *rest; words are parted by blanks and tabs. False at the end. */
bool span_word(struct span *rest, struct span *word);

/* Cuts what lies before the first `mark` off *rest, and the mark. False when there is none. */
bool span_until(struct span *rest, char mark, struct span *head);

struct span span_trim(struct span span);

bool span_is(struct span span, const char *text);

/* The span is one decimal number, and nothing else. */
bool span_u64(struct span span, uint64_t *number);

/* A copy that lives as long as `texts`; NULL without memory. */
const char *texts_keep(struct text_list *texts, struct span span);
void texts_free(struct text_list *texts);

/* Append; 0 or -ENOMEM. Names and texts are kept in `texts`. */
int text_list_add(struct text_list *list, struct text_list *texts, struct span text);
int number_list_add(struct number_list *list, struct text_list *texts, struct span name,
		    int64_t value);
int pair_list_add(struct pair_list *list, struct text_list *texts, struct span name,
		  struct span text);

#endif
