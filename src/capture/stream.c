// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "capture/pages.h"
#include "capture/stream.h"

#define COUNT_SIZE 4 /* the number of chunks */
#define HEAD_SIZE  8 /* of a chunk: its two sizes */

void stream_init(struct stream *s, const struct extent *extent, struct budget *budget,
		 uint32_t page_size, uint32_t block_size)
{
	uint64_t size = extent->size;
	uint64_t room = extent->in->size;

	*s = (struct stream){
		.in = extent->in,
		.packed = extent->packed,
		.budget = budget,
		.page_size = page_size,
		.block_size = block_size,
	};
	room -= extent->offset < room ? extent->offset : room;
	if (extent->packed && size && size <= UINT64_MAX - COUNT_SIZE)
		size += COUNT_SIZE;
	s->missing = size > room ? size - room : 0;
	s->start = s->at = size > s->missing ? extent->offset : extent->in->size;
	s->end = s->at + (size - s->missing);
}

static struct buffer *in_use(struct stream *s)
{
	return &s->buffers[s->now];
}

void stream_close(struct stream *s)
{
	size_t i;

	if (!s->budget)
		return;
	for (i = 0; i < LOADS_KEPT; i++) {
		s->budget->left += s->buffers[i].cap;
		free(s->buffers[i].data);
		s->buffers[i] = (struct buffer){ 0 };
	}
	s->pos = s->len = 0;
}

/* `bytes` from `offset` on were skipped: to be told when the pages before them were taken. */
static void broken(struct stream *s, uint64_t offset, uint64_t bytes, const char *what)
{
	s->broken = true;
	s->damage = (struct stream_damage){ .offset = offset, .bytes = bytes, .what = what };
}

/* Nothing after this can be found. */
static void give_up(struct stream *s, const char *what)
{
	broken(s, s->at, s->end - s->at, what);
	s->at = s->end;
	s->chunks_left = 0;
}

/* The data end within something: where that is because the file was cut, check_end tells it. */
static void ends_within(struct stream *s, const char *what)
{
	if (!s->missing) {
		give_up(s, what);
		return;
	}
	s->missing += s->end - s->at;
	s->at = s->end;
	s->chunks_left = 0;
}

static bool take_budget(struct budget *budget, size_t bytes)
{
	size_t left = budget->left;

	while (bytes <= left)
		if (atomic_compare_exchange_weak(&budget->left, &left, left - bytes))
			return true;
	return false;
}

/* Room for `more` bytes after the pages not yet taken. */
static int make_room(struct stream *s, size_t more, struct err *err)
{
	struct buffer *buffer = in_use(s);
	size_t need = s->len + more;
	uint8_t *grown;

	if (need <= buffer->cap)
		return 0;
	if (!take_budget(s->budget, need - buffer->cap))
		return err_set(err, -ENOMEM,
			       "%s: so many CPUs with pages or chunks so large would need more "
			       "than the memory that a reader may take; is it damaged?",
			       s->in->path);
	grown = realloc(buffer->data, need);
	if (!grown) {
		s->budget->left += need - buffer->cap;
		return err_set(err, -ENOMEM, "%s: out of memory", s->in->path);
	}
	*buffer = (struct buffer){ grown, need };
	return 0;
}

/* Of the page at `pos` of the buffer: the offset of its chunk. */
static uint64_t chunk_of(const struct stream *s, size_t pos)
{
	uint32_t nr = s->nr_marks;

	while (nr > 1 && s->marks[nr - 1].from > pos)
		nr--;
	return nr ? s->marks[nr - 1].offset : 0;
}

/* The buffer of longest ago, with what is not yet taken, a page at most, at its beginning. */
static int turn(struct stream *s, struct err *err)
{
	size_t pos = s->pos, left = s->len - s->pos;
	const struct buffer *last = in_use(s);
	int ret;

	s->marks[0] = (struct chunk_mark){ 0, chunk_of(s, pos) };
	s->nr_marks = left > 0;
	s->now = (s->now + 1) % LOADS_KEPT;
	s->pos = s->len = 0;
	ret = make_room(s, left, err);
	if (ret)
		return ret;
	if (left)
		memcpy(in_use(s)->data, last->data + pos, left);
	s->len = left;
	return 0;
}

static int fill_block(struct stream *s, struct err *err)
{
	uint64_t left = s->end - s->at;
	uint64_t size = left < s->block_size ? left - left % s->page_size : s->block_size;
	int ret;

	if (!size) {
		ends_within(s, "part of a page");
		return 0;
	}
	ret = make_room(s, size, err);
	if (!ret)
		ret = input_read(s->in, s->at, in_use(s)->data + s->len, size, err);
	if (ret)
		return ret;
	s->at += size;
	s->len += size;
	s->buf_end = s->at;
	return 0;
}

static int read_u32(const struct stream *s, uint64_t offset, uint32_t *value, struct err *err)
{
	uint8_t raw[sizeof(*value)];
	int ret = input_read(s->in, offset, raw, sizeof(raw), err);

	*value = ret ? 0 : load_u32(raw, s->in->big_endian);
	return ret;
}

/* The packed bytes lie at s->at; on return they are consumed. */
static int unpack_chunk(struct stream *s, uint32_t packed, uint32_t size, struct unpacker *unpacker,
			struct err *err)
{
	uint64_t chunk = s->at - HEAD_SIZE;
	void *room = unpacker_room(unpacker, packed);
	int ret;

	if (!room)
		return err_set(err, -ENOMEM, "%s: out of memory", s->in->path);
	ret = make_room(s, size, err);
	if (!ret)
		ret = input_read(s->in, s->at, room, packed, err);
	if (ret)
		return ret;
	s->at += packed;
	s->chunks_left--;
	if (unpack(unpacker, packed, in_use(s)->data + s->len, size)) {
		broken(s, chunk, size, "a chunk that cannot be unpacked");
		return 0;
	}
	s->marks[s->nr_marks++] = (struct chunk_mark){ s->len, chunk };
	s->len += size;
	return 0;
}

static int fill_chunk(struct stream *s, struct unpacker *unpacker, struct err *err)
{
	uint32_t packed, size;
	int ret;

	if (!s->chunks_left) {
		give_up(s, "bytes after the last chunk");
		return 0;
	}
	if (s->end - s->at < HEAD_SIZE) {
		ends_within(s, "part of a chunk");
		return 0;
	}
	ret = read_u32(s, s->at, &packed, err);
	if (!ret)
		ret = read_u32(s, s->at + sizeof(packed), &size, err);
	if (ret)
		return ret;
	if (!size || size > CHUNK_MAX || size % s->page_size || size / CHUNK_RATIO_MAX > packed) {
		give_up(s, "a chunk of an impossible size");
		return 0;
	}
	if (!packed || packed > s->end - s->at - HEAD_SIZE || packed > 2 * CHUNK_MAX) {
		ends_within(s, "a chunk that ends beyond the data of its CPU");
		return 0;
	}
	s->at += HEAD_SIZE;
	return unpack_chunk(s, packed, size, unpacker, err);
}

static int begin(struct stream *s, struct err *err)
{
	int ret;

	s->started = true;
	if (!s->packed)
		return 0;
	if (s->end - s->at < COUNT_SIZE) {
		ends_within(s, "part of a number of chunks");
		return 0;
	}
	ret = read_u32(s, s->at, &s->chunks_left, err);
	s->at += COUNT_SIZE;
	return ret;
}

/* A page is read with the one after it: two are kept in the buffer while there are more. */
static bool is_short(const struct stream *s)
{
	return !s->broken && s->at < s->end && s->len - s->pos < 2 * (size_t)s->page_size;
}

/* Chunks are small: to go from one to the next costs more when it is done for each alone. */
static bool has_room(const struct stream *s)
{
	return s->packed && !s->broken && s->at < s->end && s->len < s->block_size &&
	       s->nr_marks < CHUNKS_AT_ONCE + 1;
}

int stream_load(struct stream *s, struct unpacker *unpacker, struct err *err)
{
	int ret = turn(s, err);

	while (!ret && (is_short(s) || has_room(s))) {
		ret = s->started ? 0 : begin(s, err);
		if (!ret && s->at < s->end)
			ret = s->packed ? fill_chunk(s, unpacker, err) : fill_block(s, err);
	}
	return ret;
}

/* At the end of what is there: was it all? */
static void check_end(struct stream *s)
{
	if (s->chunks_left && !s->missing)
		broken(s, s->end, 0, "fewer chunks than their number says");
	s->chunks_left = 0;
	if (s->missing)
		broken(s, s->end, s->missing,
		       "the end of the file, before that of this CPU's data");
	s->missing = 0;
}

int stream_next(struct stream *s, struct page_ref *ref)
{
	if (is_short(s))
		return STREAM_SPENT;
	if (s->pos == s->len && !s->broken)
		check_end(s);
	if (s->pos == s->len && s->broken) {
		s->broken = false;
		return STREAM_DAMAGED;
	}
	if (s->pos == s->len)
		return STREAM_END;
	ref->page = in_use(s)->data + s->pos;
	ref->next = s->len - s->pos > s->page_size ? ref->page + s->page_size : NULL;
	if (s->packed)
		ref->offset = chunk_of(s, s->pos);
	else
		ref->offset = s->buf_end - (s->len - s->pos);
	s->pos += s->page_size;
	return STREAM_PAGE;
}

void stream_progress(const struct stream *s, uint64_t *done, uint64_t *total)
{
	*done = s->at - s->start;
	*total = s->end - s->start;
}
