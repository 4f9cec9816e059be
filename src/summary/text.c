// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "summary/text.h"

struct span span_of(const char *text)
{
	return (struct span){ .at = text, .len = text ? strlen(text) : 0 };
}

static void span_skip(struct span *span, size_t len)
{
	span->at += len;
	span->len -= len;
}

bool span_until(struct span *rest, char mark, struct span *head)
{
	const char *found = rest->len ? memchr(rest->at, mark, rest->len) : NULL;

	if (!found)
		return false;
	*head = (struct span){ .at = rest->at, .len = (size_t)(found - rest->at) };
	span_skip(rest, head->len + 1);
	return true;
}

bool span_line(struct span *rest, struct span *line)
{
	if (!rest->len)
		return false;
	if (!span_until(rest, '\n', line)) {
		*line = *rest;
		span_skip(rest, rest->len);
	}
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool span_word(struct span *rest, struct span *word)
{
	while (rest->len && is_blank(*rest->at))
		span_skip(rest, 1);
	*word = (struct span){ .at = rest->at };
	while (rest->len && !is_blank(*rest->at)) {
		span_skip(rest, 1);
		word->len++;
	}
	return word->len;
}

struct span span_trim(struct span span)
{
	while (span.len && is_blank(*span.at))
		span_skip(&span, 1);
	while (span.len && is_blank(span.at[span.len - 1]))
		span.len--;
	return span;
}

bool span_is(struct span span, const char *text)
{
	return span.len == strlen(text) && !memcmp(span.at, text, span.len);
}

bool span_u64(struct span span, uint64_t *number)
{
	size_t i;

	*number = 0;
	for (i = 0; i < span.len; i++) {
		unsigned int digit = (unsigned int)(unsigned char)span.at[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, digit, number))
			return false;
	}
	return span.len;
}

const char *texts_keep(struct text_list *texts, struct span span)
{
	char *copy;

	if (vec_reserve((void **)&texts->items, &texts->cap, texts->nr + 1, sizeof(*texts->items)))
		return NULL;
	copy = strndup(span.len ? span.at : "", span.len);
	if (copy)
		texts->items[texts->nr++] = copy;
	return copy;
}

void texts_free(struct text_list *texts)
{
	size_t i;

	for (i = 0; i < texts->nr; i++)
		free((char *)texts->items[i]);
	free(texts->items);
	*texts = (struct text_list){ 0 };
}

int text_list_add(struct text_list *list, struct text_list *texts, struct span text)
{
	const char *copy = texts_keep(texts, text);

	if (!copy || vec_reserve((void **)&list->items, &list->cap, list->nr + 1, sizeof(copy)))
		return -ENOMEM;
	list->items[list->nr++] = copy;
	return 0;
}

int number_list_add(struct number_list *list, struct text_list *texts, struct span name,
		    int64_t value)
{
	struct number item = { .name = texts_keep(texts, name), .value = value };

	if (!item.name ||
	    vec_reserve((void **)&list->items, &list->cap, list->nr + 1, sizeof(item)))
		return -ENOMEM;
	list->items[list->nr++] = item;
	return 0;
}

int pair_list_add(struct pair_list *list, struct text_list *texts, struct span name,
		  struct span text)
{
	struct pair item = { .name = texts_keep(texts, name), .text = texts_keep(texts, text) };

	if (!item.name || !item.text ||
	    vec_reserve((void **)&list->items, &list->cap, list->nr + 1, sizeof(item)))
		return -ENOMEM;
	list->items[list->nr++] = item;
	return 0;
}
