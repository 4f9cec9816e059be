// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "base/note.h"

unsigned int note_parts(size_t len)
{
	return len ? (unsigned int)((len + NOTE_PAYLOAD_MAX - 1) / NOTE_PAYLOAD_MAX) : 1;
}

size_t note_format(char *buf, const char *key, unsigned int part, const char *text, size_t len)
{
	size_t from = (size_t)(part - 1) * NOTE_PAYLOAD_MAX;
	size_t take = from < len ? len - from : 0;
	int head;

	if (take > NOTE_PAYLOAD_MAX)
		take = NOTE_PAYLOAD_MAX;
	head = snprintf(buf, NOTE_TEXT_MAX, NOTE_MAGIC "%.*s %u/%u ", NOTE_KEY_MAX - 1, key, part,
			note_parts(len));
	memcpy(buf + head, text + from, take);
	/* The kernel appends a newline only where there is none: always give it one to be stripped.
	 */
	buf[(size_t)head + take] = '\n';
	buf[(size_t)head + take + 1] = '\0';
	return (size_t)head + take + 1;
}

/* A decimal number of 1 to 6 digits at *at; moves *at past it. */
static bool parse_number(const char *text, size_t len, size_t *at, unsigned int *number)
{
	size_t first = *at;

	*number = 0;
	while (*at < len && text[*at] >= '0' && text[*at] <= '9' && *at - first < 6)
		*number = *number * 10 + (unsigned int)(text[(*at)++] - '0');
	return *at > first;
}

static bool parse_key(const char *text, size_t len, size_t *at, char key[NOTE_KEY_MAX])
{
	size_t n = 0;

	while (*at < len && text[*at] > ' ' && n < NOTE_KEY_MAX - 1)
		key[n++] = text[(*at)++];
	key[n] = '\0';
	return n > 0;
}

static bool expect(const char *text, size_t len, size_t *at, char wanted)
{
	return *at < len && text[(*at)++] == wanted;
}

bool note_parse(const char *marker, size_t len, struct note_part *out)
{
	size_t at = strlen(NOTE_MAGIC);

	if (len < at || memcmp(marker, NOTE_MAGIC, at))
		return false;
	if (marker[len - 1] != '\n')
		return false;
	len--;
	if (!parse_key(marker, len, &at, out->key) || !expect(marker, len, &at, ' ') ||
	    !parse_number(marker, len, &at, &out->part) || !expect(marker, len, &at, '/') ||
	    !parse_number(marker, len, &at, &out->parts) || !expect(marker, len, &at, ' '))
		return false;
	out->payload = marker + at;
	out->payload_len = len - at;
	return out->part >= 1 && out->part <= out->parts && out->payload_len <= NOTE_PAYLOAD_MAX;
}
