// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/pages.h"

/* RB_MISSED_EVENTS and RB_MISSED_STORED, kernel/trace/ring_buffer.c. */
#define MISSED_EVENTS (1U << 31)
#define MISSED_STORED (1U << 30)

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
	head->used += layout->commit_size;
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
	head->used = layout->data_at + head->commit;
	if (!upper_half_fits(word) || head->commit > layout->page_size - layout->data_at)
		return "a commit larger than the page";
	if (head->commit % sizeof(uint32_t))
		return "a commit that is not a multiple of 4";
	if (head->ts > PAGE_TS_MAX)
		return "a time beyond all clocks";
	return head->missed && (word & MISSED_STORED) ? read_missed(layout, page, head) : NULL;
}

/* ring_buffer_read_page clears what it does not fill, since the page goes to user space. */
bool page_rest_is_zero(const struct page_layout *layout, const uint8_t *page, uint32_t used)
{
	const uint8_t *rest = page + used;
	uint32_t len = layout->page_size - used;

	return !len || (!rest[0] && !memcmp(rest, rest + 1, len - 1));
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
static uint64_t whole_stamp(uint64_t stamp, uint64_t before)
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
static const char *read_word(struct entry *entry, uint32_t left, uint64_t ts, bool be)
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

/* The entry at `at`, which is not beyond the end. NULL, or what is wrong with it. */
static const char *read_entry(const struct page_walk *walk, const uint8_t *at, uint64_t ts,
			      struct entry *entry)
{
	const bool be = walk->big_endian;
	uint32_t head = load_u32(at, be);

	entry->type = be ? head >> DELTA_BITS : head & TYPE_MASK;
	entry->delta = be ? head & DELTA_MASK : head >> TYPE_BITS;
	entry->data = at + ENTRY_HEAD;
	entry->len = entry->type * 4;
	if (entry->type - 1 >= TYPE_DATA_MAX) {
		const char *why = read_word(entry, (uint32_t)(walk->end - entry->data), ts, be);

		if (why)
			return why;
	}
	return entry->len > walk->end - entry->data ? "an entry that ends beyond the commit" : NULL;
}

/* Padding up to the end of a page that has no room for a length (rb_reset_tail). */
static bool is_last_padding(const struct page_walk *walk, const uint8_t *at)
{
	uint32_t head = load_u32(at, walk->big_endian);

	return walk->end - at <= 2 * ENTRY_HEAD &&
	       head == (walk->big_endian ? (uint32_t)TYPE_PADDING << DELTA_BITS : TYPE_PADDING);
}

/*
 * The time_delta of padding counts, as for all readers of these files. A discarded event whose
 * delta was 0 has 1 (rb_event_discard): that is all the error there can be.
 */
enum walk page_next_any(struct page_walk *walk, struct record *rec)
{
	const uint8_t *at = walk->at;
	uint64_t ts = walk->ts;

	while (at < walk->end && !is_last_padding(walk, at)) {
		struct entry entry;
		const char *why = read_entry(walk, at, ts, &entry);

		if (why)
			return damaged(walk, at, why);
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
