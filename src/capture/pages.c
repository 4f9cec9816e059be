// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/pages.h"

/* RB_MISSED_EVENTS and RB_MISSED_STORED, kernel/trace/ring_buffer.c. */
#define MISSED_EVENTS (1U << 31)
#define MISSED_STORED (1U << 30)

/* enum ring_buffer_type, include/linux/ring_buffer.h. */
#define TYPE_DATA_MAX	 28
#define TYPE_PADDING	 29
#define TYPE_TIME_EXTEND 30
#define TYPE_TIME_STAMP	 31

#define TYPE_BITS  5
#define TYPE_MASK  ((1U << TYPE_BITS) - 1)
#define DELTA_BITS 27
#define DELTA_MASK ((1U << DELTA_BITS) - 1)
#define STAMP_BITS 59

/* A count that no ring buffer can reach says that the count is not one. */
#define NR_MISSED_MAX (1ULL << 48)

static uint64_t load_long(const struct page_layout *layout, const uint8_t *from)
{
	return layout->commit_size == 8 ? load_u64(from, layout->big_endian)
					: load_u32(from, layout->big_endian);
}

/*
 * The flags are added to the commit as ints: RB_MISSED_EVENTS is negative, so on a 64-bit kernel it
 * sets the upper half as well (local_add in ring_buffer_read_page).
 */
static bool upper_half_fits(uint64_t word)
{
	uint32_t upper = (uint32_t)(word >> 32);

	return !upper || (upper == UINT32_MAX && (word & MISSED_EVENTS));
}

/* Where there is room for it, the count follows the entries. */
static const char *read_missed(const struct page_layout *layout, const uint8_t *page,
			       struct page_head *head)
{
	uint32_t at = layout->data_at + head->commit;

	if (layout->page_size - at < layout->commit_size)
		return "a count of lost events beyond the end of the page";
	head->nr_missed = load_long(layout, page + at);
	head->missed_counted = head->nr_missed && head->nr_missed <= NR_MISSED_MAX;
	return NULL;
}

const char *page_head(const struct page_layout *layout, const uint8_t *page, struct page_head *head)
{
	uint64_t word = load_long(layout, page + sizeof(uint64_t));

	head->ts = load_u64(page, layout->big_endian);
	head->commit = (uint32_t)word & ~(MISSED_EVENTS | MISSED_STORED);
	head->missed = word & MISSED_EVENTS;
	head->missed_counted = false;
	head->nr_missed = 0;
	if (!upper_half_fits(word) || head->commit > layout->page_size - layout->data_at)
		return "a commit larger than the page";
	if (head->commit % sizeof(uint32_t))
		return "a commit that is not a multiple of 4";
	if (head->ts > PAGE_TS_MAX)
		return "a time beyond all clocks";
	return head->missed && (word & MISSED_STORED) ? read_missed(layout, page, head) : NULL;
}

void page_begin(struct page_walk *walk, const struct page_layout *layout, const uint8_t *page,
		const struct page_head *head, uint64_t bound)
{
	walk->at = page + layout->data_at;
	walk->end = walk->at + head->commit;
	walk->ts = head->ts;
	walk->bound = bound;
	walk->big_endian = layout->big_endian;
	walk->why = NULL;
}

static enum walk damaged(struct page_walk *walk, const uint8_t *at, const char *why)
{
	walk->at = at;
	walk->why = why;
	return WALK_DAMAGED;
}

/*
 * The writer stores only 59 bits; the rest is that of the time before, plus one when they wrapped
 * (rb_fix_abs_ts).
 */
static inline uint64_t whole_stamp(uint64_t stamp, uint64_t before)
{
	uint64_t whole = stamp | (before >> STAMP_BITS << STAMP_BITS);

	return whole < before && before >> STAMP_BITS ? whole + (1ULL << STAMP_BITS) : whole;
}

struct entry {
	uint32_t type;
	uint32_t len; /* bytes from data on */
	uint64_t delta;
	const uint8_t *data;
};

/* An entry whose next word matters: all but the small records. NULL, or what is wrong with it. */
static inline const char *read_word(struct entry *entry, uint32_t left, uint64_t ts, bool be)
{
	uint32_t word;

	if (left < sizeof(word))
		return "an entry that ends beyond the commit";
	word = load_u32(entry->data, be);
	switch (entry->type) {
	case TYPE_TIME_EXTEND:
	case TYPE_TIME_STAMP:
		entry->delta |= (uint64_t)word << DELTA_BITS;
		if (entry->type == TYPE_TIME_STAMP)
			entry->delta = whole_stamp(entry->delta, ts) - ts;
		entry->len = sizeof(word);
		return NULL;
	case TYPE_PADDING:
		entry->len = word;
		return !entry->delta || word < sizeof(word) || word % 4
			       ? "padding of an impossible length"
			       : NULL;
	default:
		entry->data += sizeof(word);
		entry->len = word - sizeof(word);
		return word < 2 * sizeof(word) || word % 4 ? "a record of an impossible length"
							   : NULL;
	}
}

/*
 * One body for both byte orders, compiled twice: the order is a constant in each.
 *
 * The sums cannot overflow: ts <= bound <= PAGE_TS_MAX, and no delta has more than 59 bits.
 *
 * The time_delta of padding counts, as for all readers of these files. A discarded event whose
 * delta was 0 has 1 (rb_event_discard): that is all the error there can be.
 */
static inline __attribute__((always_inline)) enum walk walk_on(struct page_walk *walk,
							       struct record *rec, const bool be)
{
	const uint8_t *at = walk->at;
	uint64_t ts = walk->ts;

	while (at < walk->end) {
		uint32_t head = load_u32(at, be);
		struct entry entry = {
			.type = be ? head >> DELTA_BITS : head & TYPE_MASK,
			.delta = be ? head & DELTA_MASK : head >> TYPE_BITS,
			.data = at + sizeof(head),
		};

		entry.len = entry.type * 4;
		if (entry.type - 1 >= TYPE_DATA_MAX) {
			uint32_t left = (uint32_t)(walk->end - entry.data);
			const char *why;

			/* Too short for a length (rb_reset_tail). */
			if (entry.type == TYPE_PADDING && !entry.delta && left <= sizeof(head))
				break;
			why = read_word(&entry, left, ts, be);
			if (why)
				return damaged(walk, at, why);
		}
		if (entry.len > walk->end - entry.data)
			return damaged(walk, at, "an entry that ends beyond the commit");
		ts += entry.delta;
		if (ts > walk->bound || ts < walk->ts)
			return damaged(walk, at, "a time outside those of the records around it");
		at = entry.data + entry.len;
		if (entry.type < TYPE_PADDING) {
			walk->at = at;
			walk->ts = ts;
			rec->ts = ts;
			rec->data = entry.data;
			rec->len = entry.len;
			return WALK_RECORD;
		}
	}
	walk->at = walk->end;
	return WALK_END;
}

enum walk page_next(struct page_walk *walk, struct record *rec)
{
	return walk->big_endian ? walk_on(walk, rec, true) : walk_on(walk, rec, false);
}
