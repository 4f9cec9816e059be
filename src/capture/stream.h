/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages of one CPU, one after the other, read in blocks or unpacked by a few chunks.
 *
 * In: where they lie in the file. Out: each page together with the one after it (which bounds the
 * times in it), or what was damaged between two pages. Holds LOADS_KEPT blocks, each a page and a chunk
 * longer where pages are packed: what was read last, and what was read before that, for those who still
 * look at it. Must not know what is in a page.
 *
 * Packed pages (trace-cmd.dat.v7): u32 number of chunks, and for each u32 packed size, u32 size,
 * packed bytes. The size of the whole that the file states leaves out the number of chunks.
 */
#ifndef PAGETRAIL_CAPTURE_STREAM_H
#define PAGETRAIL_CAPTURE_STREAM_H

#include "base/err.h"
#include "capture/cursor.h"
#include "capture/unpack.h"

#define CHUNK_MAX (4U << 20) /* bytes; trace-cmd packs 10 pages to a chunk */

/* What is read stays until so many loads later: one is looked at while others are filled. */
#define LOADS_KEPT 3

/* To unpack at once, as long as there is room in a block. */
#define CHUNKS_AT_ONCE 8

/* Ten empty pages shrink to a 400th. More than this is made to keep the reader busy. */
#define CHUNK_RATIO_MAX 4096

struct extent {
	const struct input *in;
	uint32_t cpu;
	bool packed;
	uint64_t offset, size; /* as the file states them */
};

/* Buffers of all streams together, of any thread: one file must not take all memory. */
struct budget {
	_Atomic size_t left;
};

struct page_ref {
	const uint8_t *page; /* lives until the LOADS_KEPT-th next call of stream_load */
	const uint8_t *next; /* NULL when it is the last, or what follows is not known */
	uint64_t offset;     /* in the file: of the page, or of its chunk */
};

/* Something between two pages that could not be read. */
struct stream_damage {
	uint64_t offset, bytes;
	const char *what; /* what was found there */
};

/* What lies in a buffer from `from` on came from the chunk at `offset` of the file. */
struct chunk_mark {
	size_t from;
	uint64_t offset;
};

struct buffer {
	uint8_t *data;
	size_t cap;
};

struct stream {
	const struct input *in;
	bool packed;
	struct budget *budget;
	uint32_t page_size;
	uint32_t block_size; /* bytes to read at once */
	uint64_t start;
	uint64_t at, end; /* of the file: the next byte to read, the first not to read */
	uint64_t missing; /* bytes that should lie beyond the end of the file */
	uint32_t chunks_left;
	bool started;
	struct buffer buffers[LOADS_KEPT]; /* which take turns */
	uint32_t now;
	size_t pos, len; /* the pages not yet taken are [pos, len) of the buffer `now` */
	uint64_t buf_end; /* not packed: offset in the file of what follows them */
	struct chunk_mark marks[CHUNKS_AT_ONCE + 1]; /* packed: nr_marks of them, in order */
	uint32_t nr_marks;
	bool broken; /* `damage` is to be told once the pages before it are taken */
	struct stream_damage damage;
};

enum {
	STREAM_END,
	STREAM_PAGE,
	STREAM_DAMAGED,
	STREAM_SPENT, /* what was read is taken: go on with stream_load */
};

/* Nothing is read yet. */
void stream_init(struct stream *s, const struct extent *extent, struct budget *budget,
		 uint32_t page_size, uint32_t block_size);
void stream_close(struct stream *s);

/* STREAM_PAGE, STREAM_DAMAGED with s->damage, STREAM_SPENT, STREAM_END. */
int stream_next(struct stream *s, struct page_ref *ref);

/*
 * Reads the next block, or the next chunk, for which it needs the `unpacker`. 0, or -errno with the
 * sentence.
 */
int stream_load(struct stream *s, struct unpacker *unpacker, struct err *err);

/* Bytes of the file consumed so far, and in all. */
void stream_progress(const struct stream *s, uint64_t *done, uint64_t *total);

#endif
