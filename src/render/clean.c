// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/clean.h"

#define ESCAPED_LEN 4 /* \xNN */

/* Table 3-7 of the Unicode standard: what may follow a first byte, and how many bytes there are. */
static const struct {
	unsigned char first, last; /* of the sequence's first byte */
	unsigned char low, high;   /* of its second byte */
	unsigned char len;
} sequences[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static bool continues(const unsigned char *at, size_t len)
{
	size_t i;

	/* The NUL at the end is no continuation, so this stops there. */
	for (i = 2; i < len; i++)
		if ((at[i] & 0xc0) != 0x80)
			return false;
	return true;
}

/* Bytes of the well-formed character at `at`, 0 when there is none. */
static size_t character_len(const unsigned char *at)
{
	size_t i;

	if (*at < 0x80)
		return 1;
	for (i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		if (*at >= sequences[i].first && *at <= sequences[i].last)
			return at[1] >= sequences[i].low && at[1] <= sequences[i].high &&
					       continues(at, sequences[i].len)
				       ? sequences[i].len
				       : 0;
	return 0;
}

/* C1 controls (U+0080 to U+009F) act on some terminals too. */
static bool is_control(const unsigned char *at, size_t len)
{
	if (len == 1)
		return *at < 0x20 || *at == 0x7f;
	return len == 2 && at[0] == 0xc2 && at[1] < 0xa0;
}

size_t clean_len(const char *at)
{
	return character_len((const unsigned char *)at);
}

bool clean_is_control(const char *at, size_t len)
{
	return is_control((const unsigned char *)at, len);
}

char *clean_dup(const char *text, bool controls)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t room;
	char *copy, *to;

	if (__builtin_mul_overflow(strlen(text), ESCAPED_LEN, &room))
		return NULL;
	to = copy = malloc(room + 1);
	if (!copy)
		return NULL;
	while (*at) {
		size_t len = character_len(at);

		if (len && !(controls && is_control(at, len))) {
			memcpy(to, at, len);
			to += len;
			at += len;
		} else {
			to += sprintf(to, "\\x%02x", *at++);
		}
	}
	*to = '\0';
	return copy;
}
