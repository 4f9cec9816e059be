/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fast writing of many short pieces: a buffer before a FILE, numbers, and texts in the three ways in
 * which the formats of `export` quote them. A failure sticks; it is asked for once, after a piece of
 * work. Texts are bytes of the capture: a piece may be as long as it likes.
 */
#ifndef PAGETRAIL_RENDER_SINK_H
#define PAGETRAIL_RENDER_SINK_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SINK_ROOM (64U << 10)

struct sink {
	FILE *out;  /* NULL: what does not fit into the buffer is cut off */
	int failed; /* 0 or a negative errno */
	size_t len;
	char bytes[SINK_ROOM];
};

/* Hands what is there on to the FILE, and that to the kernel. */
void sink_flush(struct sink *sink);

/* What does not fit into the buffer. */
void sink_bytes_slowly(struct sink *sink, const char *bytes, size_t len);

static inline void sink_bytes(struct sink *sink, const char *bytes, size_t len)
{
	if (len > SINK_ROOM - sink->len) {
		sink_bytes_slowly(sink, bytes, len);
		return;
	}
	memcpy(sink->bytes + sink->len, bytes, len);
	sink->len += len;
}

/* The first `len` of `size` bytes; with a constant size it takes no call to copy them. */
static inline void sink_padded(struct sink *sink, const char *bytes, size_t size, size_t len)
{
	if (size > SINK_ROOM - sink->len) {
		sink_bytes_slowly(sink, bytes, len);
		return;
	}
	memcpy(sink->bytes + sink->len, bytes, size);
	sink->len += len;
}

static inline void sink_byte(struct sink *sink, char byte)
{
	sink_bytes(sink, &byte, 1);
}

/* As it is: words of ours. */
static inline void sink_word(struct sink *sink, const char *word)
{
	sink_bytes(sink, word, strlen(word));
}

void sink_u64(struct sink *sink, uint64_t value);
void sink_i64(struct sink *sink, int64_t value);
void sink_hex(struct sink *sink, uint64_t value); /* 0xcc0 */

/* Nanoseconds as microseconds with three digits after the point: exact. */
void sink_us(struct sink *sink, int64_t ns);

/* A JSON string, in quotes; what is no UTF-8 as \xNN, as in the summary. */
void sink_json(struct sink *sink, const char *text);
void sink_json_part(struct sink *sink, const char *text); /* without the quotes */

/*
 * A field of CSV (RFC 4180), in quotes where it needs them. What is no UTF-8, control characters and
 * semicolons are written as \xNN: a field has one line, and is one cell everywhere. What a spreadsheet
 * program may take for a formula gets an apostrophe in front; so does a text that begins with one.
 */
void sink_csv(struct sink *sink, const char *text);

/* A frame of a folded stack: the same \xNN. */
void sink_frame(struct sink *sink, const char *text);

#endif
