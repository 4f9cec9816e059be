// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "capture/damage.h"
#include "capture/lane.h"

void lane_init(struct lane *lane, uint32_t cpu, const struct page_layout *layout,
	       struct capture_damage *damage)
{
	*lane = (struct lane){
		.head = { .cpu = cpu },
		.layout = layout,
		.damage = damage,
	};
}

void lane_close(struct lane *lane)
{
	stream_close(&lane->stream);
}

/* A gap beside one that is not told yet: together their count is known only if both are. */
static void add_gap(struct lane *lane, bool counted, uint64_t count)
{
	if (!lane->gap)
		lane->gap_count = 0;
	lane->gap_counted = counted && (!lane->gap || lane->gap_counted);
	lane->gap_count += count;
	lane->gap = true;
}

static void add_damage(struct lane *lane, uint64_t offset, uint64_t bytes, const char *what)
{
	damage_add(lane->damage, lane->head.cpu, offset, bytes, what);
	add_gap(lane, false, 0);
}

/*
 * The latest time that a record of this page can have: that of the page after it. It does not count
 * when it lies before what was read already: then the page after this one is the damaged one.
 */
static uint64_t bound_of(const struct lane *lane, const uint8_t *next)
{
	struct page_head head;

	if (!next || page_head(lane->layout, next, &head) || !head.commit)
		return PAGE_TS_MAX;
	return head.ts < lane->head.ts ? PAGE_TS_MAX : head.ts;
}

static void begin_page(struct lane *lane, const struct page_ref *ref)
{
	uint32_t size = lane->layout->page_size;
	struct page_head head;
	const char *why = page_head(lane->layout, ref->page, &head);
	uint64_t bound = bound_of(lane, ref->next);

	lane->page_at = ref->offset;
	if (!why && head.missed)
		add_gap(lane, head.missed_counted, head.nr_missed);
	/* The kernel gives no page without a record (tracing_buffers_read): a hole in the file. */
	if (!why && !head.commit && !head.ts)
		why = "a page of zeros";
	if (!why && head.commit && (head.ts < lane->head.ts || head.ts > bound))
		why = "a page with a time outside those of the pages around it";
	if (why) {
		add_damage(lane, ref->offset, size, why);
		return;
	}
	lane->page = ref->page;
	lane->page_used = head.used;
	page_begin(&lane->walk, lane->layout, ref->page, &head, bound);
}

/* Offset in the file; unpacked pages have none of their own, so that of the chunk has to do. */
static uint64_t offset_of(const struct lane *lane, uint32_t within)
{
	return lane->page_at + (lane->stream.unpacker ? 0 : within);
}

/* The page that was walked is over: was that all of it? */
static void end_page(struct lane *lane)
{
	struct page_walk *walk = &lane->walk;
	uint32_t size = lane->layout->page_size;

	if (!lane->page)
		return;
	if (walk->why)
		add_damage(lane, offset_of(lane, (uint32_t)(walk->at - lane->page)),
			   (uint64_t)(walk->end - walk->at), walk->why);
	else if (!page_rest_is_zero(lane->layout, lane->page, lane->page_used))
		add_damage(lane, offset_of(lane, lane->page_used), size - lane->page_used,
			   "data after the commit of a page");
	lane->page = NULL;
	walk->at = walk->end;
	walk->why = NULL;
}

/* The pages are over. The kernel counted what it gave to be written: is that here? */
static int end_lane(struct lane *lane)
{
	lane->ended = true;
	if (lane->found < lane->expected) {
		lane->gap = lane->gap_counted = true;
		lane->gap_count = lane->expected - lane->found;
	} else if (lane->open_end) {
		add_gap(lane, false, 0);
	}
	return 0;
}

int lane_next_page(struct lane *lane, struct err *err)
{
	do {
		struct page_ref ref;
		int ret;

		end_page(lane);
		ret = stream_next(&lane->stream, &ref, err);
		if (ret == STREAM_DAMAGED)
			add_damage(lane, lane->stream.damage.offset, lane->stream.damage.bytes,
				   lane->stream.damage.what);
		else if (ret == STREAM_PAGE)
			begin_page(lane, &ref);
		else
			return ret ? ret : end_lane(lane);
	} while (page_next(&lane->walk, &lane->head) != WALK_RECORD);
	return 1;
}
