/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walks one page of the kernel's ring buffer (struct buffer_data_page, kernel/trace/ring_buffer.c).
 *
 * In: the bytes of a page, none of which is trusted. Out: its records with their times, in order;
 * what was lost before it; or why the rest of it cannot be read. Allocates nothing, copies nothing,
 * and must not know what a record means.
 *
 *	page	u64 time of the first record; long commit; then `commit` bytes of entries
 *	entry	u32 { type_len:5, time_delta:27 }, then by type_len
 *	1-28	a record of type_len * 4 bytes
 *	0	u32 length, counting itself; a record of length - 4 bytes
 *	29	padding: u32 length, counting itself; with a time_delta of 0 up to the page's end
 *	30	u32: time_delta + (that << 27) is added to the time
 *	31	u32: time_delta + (that << 27) is the low 59 bits of the time
 */
#ifndef PAGETRAIL_CAPTURE_PAGES_H
#define PAGETRAIL_CAPTURE_PAGES_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PAGE_SIZE_MIN 4096U
#define PAGE_SIZE_MAX (1U << 20)

/* enum ring_buffer_type, include/linux/ring_buffer.h. */
#define TYPE_DATA_MAX	 28
#define TYPE_PADDING	 29
#define TYPE_TIME_EXTEND 30
#define TYPE_TIME_STAMP	 31

/* struct ring_buffer_event: its first word. */
#define ENTRY_HEAD 4
#define TYPE_BITS  5
#define TYPE_MASK  ((1U << TYPE_BITS) - 1)
#define DELTA_BITS 27
#define DELTA_MASK ((1U << DELTA_BITS) - 1)

/* A later time than this is damage: so that sums of times cannot overflow. */
#define PAGE_TS_MAX ((uint64_t)INT64_MAX)

/* Where things lie in a page, from the capture's own header_page. */
struct page_layout {
	uint32_t page_size;
	uint32_t data_at;     /* offset of the first entry */
	uint32_t commit_size; /* 4 or 8: a long of the recorded kernel */
	bool big_endian;
};

struct page_head {
	uint64_t ts;
	uint32_t commit;     /* bytes of entries */
	bool missed;	     /* records were lost before this page, */
	bool missed_counted; /* and it says how many */
	uint64_t nr_missed;
	uint32_t used; /* offset of the first byte that the kernel did not write */
};

struct page_walk {
	const uint8_t *at, *end;
	uint64_t ts;	/* of the last entry */
	uint64_t bound; /* no record of the page can be later */
	bool big_endian;
	const char *why; /* after WALK_DAMAGED: what was found at `at` */
};

struct record {
	uint64_t ts;
	const uint8_t *data; /* points into the page */
	uint32_t len;
};

enum walk { WALK_END, WALK_RECORD, WALK_DAMAGED };

/* Unaligned: fields of probe events are packed. */
static inline uint32_t load_u32(const uint8_t *from, bool big_endian)
{
	uint32_t value;

	memcpy(&value, from, sizeof(value));
	return big_endian ? be32toh(value) : le32toh(value);
}

static inline uint64_t load_u64(const uint8_t *from, bool big_endian)
{
	uint64_t value;

	memcpy(&value, from, sizeof(value));
	return big_endian ? be64toh(value) : le64toh(value);
}

/* NULL, or what is wrong with the head of the page. */
const char *page_head(const struct page_layout *layout, const uint8_t *page,
		      struct page_head *head);

/* False when something lies where the kernel leaves zeros: the commit cannot be right then. */
bool page_rest_is_zero(const struct page_layout *layout, const uint8_t *page, uint32_t used);

/* Begins the page; `bound` is the time of the first record after it, PAGE_TS_MAX when not known. */
void page_begin(struct page_walk *walk, const struct page_layout *layout, const uint8_t *page,
		const struct page_head *head, uint64_t bound);

/* As page_next, for every kind of entry. */
enum walk page_next_any(struct page_walk *walk, struct record *rec);

/*
 * Nearly all entries are small records in their place: those can be taken without a call. False for
 * any other entry. `at` is before the end, by a word at least: a commit is a multiple of 4. `ts` is
 * that of the entry before, and becomes this one's. It cannot overflow: ts <= bound <= PAGE_TS_MAX,
 * and a delta has 27 bits.
 */
static inline bool page_take_small(const uint8_t *at, const uint8_t *end, uint64_t bound, bool be,
				   uint64_t *ts, uint32_t *len)
{
	uint32_t head = load_u32(at, be), type = be ? head >> DELTA_BITS : head & TYPE_MASK;
	uint64_t then = *ts + (be ? head & DELTA_MASK : head >> TYPE_BITS);

	/* As numbers: a pointer must not lie beyond its buffer. */
	if (type - 1 >= TYPE_DATA_MAX || (uintptr_t)at + ENTRY_HEAD + type * 4 > (uintptr_t)end ||
	    then > bound)
		return false;
	*ts = then;
	*len = type * 4;
	return true;
}

/* Fills ts, data and len on WALK_RECORD. After WALK_DAMAGED the page has no more to give. */
static inline enum walk page_next(struct page_walk *walk, struct record *rec)
{
	if (walk->at >= walk->end || !page_take_small(walk->at, walk->end, walk->bound,
						      walk->big_endian, &walk->ts, &rec->len))
		return page_next_any(walk, rec);
	rec->ts = walk->ts;
	rec->data = walk->at + ENTRY_HEAD;
	walk->at = rec->data + rec->len;
	return WALK_RECORD;
}

#endif
