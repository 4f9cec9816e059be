// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/hint.h"
#include "capture/damage.h"
#include "capture/lane.h"
#include "capture/joint.h"

void lane_init(struct lane *lane, uint32_t cpu, const struct page_layout *layout,
	       const struct decoder *decoder)
{
	*lane = (struct lane){ .cpu = cpu, .layout = layout, .decoder = decoder };
}

void lane_close(struct lane *lane)
{
	stream_close(&lane->stream);
}

/* --- gaps and damage ----------------------------------------------------------------------- */

/* A gap beside one that is not told yet: together their count is known only if both are. */
static void add_gap(struct lane *lane, bool counted, uint64_t count)
{
	if (!lane->gap)
		lane->gap_count = 0;
	lane->gap_counted = counted && (!lane->gap || lane->gap_counted);
	lane->gap_count += count;
	lane->gap = true;
}

static void add_damage(struct lane *lane, struct slab *slab, uint64_t offset, uint64_t bytes,
		       const char *what)
{
	damage_add(&slab->damage, lane->cpu, offset, bytes, what);
	add_gap(lane, false, 0);
}

static void put_loss(struct slab *slab, uint64_t from_ns, uint64_t to_ns, bool counted,
		     uint64_t count)
{
	slab->items[slab->nr++] = (struct item){ .ts = from_ns,
						 .len = slab->nr_gaps,
						 .sort = { .kind = ITEM_ALONE | EV_LOST } };
	slab->gaps[slab->nr_gaps++] =
		(struct gap){ .counted = counted, .to_ns = to_ns, .count = count };
}

/* Of what is missing, the end is known now. */
static void close_gap(struct lane *lane, struct slab *slab, uint64_t to_ns)
{
	if (lane->gap)
		put_loss(slab, lane->since, to_ns, lane->gap_counted, lane->gap_count);
	lane->gap = false;
}

/* --- pages --------------------------------------------------------------------------------- */

/*
 * The latest time that a record of this page can have: that of the page after it. It does not count
 * when it lies before what was read already: then the page after this one is the damaged one.
 */
static uint64_t bound_of(const struct lane *lane, const uint8_t *next)
{
	struct page_head head;

	if (!next || page_head(lane->layout, next, &head) || !head.commit)
		return PAGE_TS_MAX;
	return head.ts < lane->since ? PAGE_TS_MAX : head.ts;
}

static void begin_page(struct lane *lane, struct slab *slab, const struct page_ref *ref)
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
	if (!why && head.commit && (head.ts < lane->since || head.ts > bound))
		why = "a page with a time outside those of the pages around it";
	if (why) {
		add_damage(lane, slab, ref->offset, size, why);
		return;
	}
	lane->page = ref->page;
	lane->page_used = head.used;
	page_begin(&lane->walk, lane->layout, ref->page, &head, bound);
}

/* Offset in the file; unpacked pages have none of their own, so that of the chunk has to do. */
static uint64_t offset_of(const struct lane *lane, uint32_t within)
{
	return lane->page_at + (lane->stream.packed ? 0 : within);
}

/* The page that was walked is over: was that all of it? */
static void end_page(struct lane *lane, struct slab *slab)
{
	struct page_walk *walk = &lane->walk;
	uint32_t size = lane->layout->page_size;

	if (!lane->page)
		return;
	if (walk->why)
		add_damage(lane, slab, offset_of(lane, (uint32_t)(walk->at - lane->page)),
			   (uint64_t)(walk->end - walk->at), walk->why);
	else if (!page_rest_is_zero(lane->layout, lane->page, lane->page_used))
		add_damage(lane, slab, offset_of(lane, lane->page_used), size - lane->page_used,
			   "data after the commit of a page");
	lane->page = NULL;
	walk->at = walk->end;
	walk->why = NULL;
}

/* The pages are over. The kernel counted what it gave to be written: is that here? */
static void end_lane(struct lane *lane, struct slab *slab)
{
	if (lane->found < lane->expected) {
		lane->gap = lane->gap_counted = true;
		lane->gap_count = lane->expected - lane->found;
	} else if (lane->open_end) {
		add_gap(lane, false, 0);
	}
	close_gap(lane, slab, LOSS_OPEN);
	slab->last = true;
}

/* --- slabs --------------------------------------------------------------------------------- */

/* Room for a gap and a record, and for what comes with a page. */
static bool has_room(const struct slab *slab)
{
	return slab->max - slab->nr >= 2 && SLAB_PLACES - slab->nr_gaps >= 2 &&
	       SLAB_PLACES - slab->damage.nr >= 2;
}

/* A record of ours that cannot be decoded is as good as lost. */
static void put_short(struct slab *slab, uint64_t ts)
{
	slab->damage.nr_undecodable++;
	put_loss(slab, ts, ts, true, 1);
}

/* A record that is not plainly one of ours. */
static void put_other(struct slab *slab, const struct sort *sort, uint64_t ts)
{
	if (sort->min_len == SORT_UNKNOWN)
		slab->damage.nr_unknown_events++;
	else if (sort->min_len != SORT_FOREIGN)
		put_short(slab, ts);
}

static void put_record(struct lane *lane, struct slab *slab, const struct record *rec, bool be)
{
	const struct sort *sort = sort_by(lane->decoder->by_id, rec->data, be);

	if (lane->gap)
		close_gap(lane, slab, rec->ts);
	lane->since = rec->ts;
	lane->found++;
	if (rec->len < sort->min_len)
		put_other(slab, sort, rec->ts);
	else
		slab->items[slab->nr++] = (struct item){
			rec->ts,
			rec->data,
			rec->len,
			{ sort->as.binding, sort->as.kind | ITEM_ALONE },
		};
}

/* Where one record ends the next one begins: with no more than that known, their lines come late. */
#define AHEAD 512

/*
 * The run of small records that are ours, up to `stop`: the hot loop of all reading. Ends at anything
 * else. Works on copies, which the stores to the items cannot change. There is one per byte order, each
 * a function of its own, which has all registers for itself.
 */
static inline __attribute__((always_inline)) struct item *
take_run_of(struct lane *lane, struct item *item, const uint8_t *stop, const bool be)
{
	const struct sort *by_id = lane->decoder->by_id;
	const uint8_t *at = lane->walk.at, *const end = lane->walk.end;
	uint64_t ts = lane->walk.ts, bound = lane->walk.bound, next_ts = ts;
	uint32_t len;

	while (at < stop && page_take_small(at, end, bound, be, &next_ts, &len)) {
		const uint8_t *data = at + ENTRY_HEAD;
		const struct sort *sort = sort_by(by_id, data, be);

		__builtin_prefetch((const void *)((uintptr_t)at + AHEAD));
		if (len < sort->min_len)
			break;
		*item++ = (struct item){ next_ts, data, len, sort->as };
		at = data + len;
		ts = next_ts;
	}
	lane->walk.at = at;
	lane->walk.ts = ts;
	return item;
}

static __attribute__((noinline)) struct item *take_run(struct lane *lane, struct item *item,
						       const uint8_t *stop)
{
	return take_run_of(lane, item, stop, false);
}

static __attribute__((noinline)) struct item *take_run_be(struct lane *lane, struct item *item,
							  const uint8_t *stop)
{
	return take_run_of(lane, item, stop, true);
}

/* All that the page or the room has of them. No record is smaller than a word and its head. */
static void take_runs(struct lane *lane, struct slab *slab)
{
	const uint32_t least = ENTRY_HEAD + sizeof(uint32_t);
	struct page_walk *walk = &lane->walk;
	uint32_t took;

	do {
		size_t room = (size_t)(slab->max - 1 - slab->nr) * least;
		size_t left = (size_t)(walk->end - walk->at);
		const uint8_t *stop = walk->at + (room < left ? room : left);
		struct item *from = slab->items + slab->nr;

		took = (uint32_t)((walk->big_endian ? take_run_be(lane, from, stop)
						    : take_run(lane, from, stop)) -
				  from);
		slab->nr += took;
		lane->found += took;
		if (took)
			lane->since = walk->ts;
		if (walk->at < stop)
			return;
	} while (took);
}

/* Takes the records of the page that is walked. True when that is over, false when the slab is full. */
static bool take_records(struct lane *lane, struct slab *slab)
{
	const bool be = lane->walk.big_endian;
	struct record rec;

	while (has_room(slab)) {
		/* The first record is never joined to others: a window may begin with it. */
		if (!lane->gap && lane->found)
			take_runs(lane, slab);
		if (!has_room(slab))
			return false;
		if (page_next(&lane->walk, &rec) != WALK_RECORD)
			return true;
		put_record(lane, slab, &rec, be);
	}
	return false;
}

/* The next page. False when the slab has to end here. */
static bool next_page(struct lane *lane, struct slab *slab, struct unpacker *unpacker, bool *loaded)
{
	struct page_ref ref;

	end_page(lane, slab);
	switch (stream_next(&lane->stream, &ref)) {
	case STREAM_DAMAGED:
		add_damage(lane, slab, lane->stream.damage.offset, lane->stream.damage.bytes,
			   lane->stream.damage.what);
		return true;
	case STREAM_PAGE:
		begin_page(lane, slab, &ref);
		return true;
	case STREAM_SPENT:
		/* What is in the slab points into the buffers; so a slab is filled from one load. */
		if (*loaded || slab->nr)
			return false;
		*loaded = true;
		slab->failed = stream_load(&lane->stream, unpacker, &slab->err);
		return !slab->failed;
	default:
		end_lane(lane, slab);
		return false;
	}
}

/* --- events -------------------------------------------------------------------------------- */

static void tell_loss(const struct gap *gap, uint64_t from_ns, struct event *ev)
{
	ev->ts_ns = from_ns;
	ev->pid = 0;
	ev->kind = EV_LOST;
	ev->caller_role = FN_OTHER;
	ev->flags = 0;
	ev->have = 0;
	event_set(ev, FIELD_UNTIL, gap->to_ns);
	if (gap->counted)
		event_set(ev, FIELD_COUNT, gap->count);
}

/* A record that cannot be decoded after all is as good as lost. */
static APART void tell_alone(const struct lane *lane, struct slab *slab, const struct item *item,
			     struct event *ev)
{
	const struct gap gap = { .counted = true, .to_ns = item->ts, .count = 1 };

	if ((item->sort.kind & ~ITEM_ALONE) == EV_LOST) {
		tell_loss(&slab->gaps[item->len], item->ts, ev);
		return;
	}
	if (decode(lane->decoder, item, ev))
		return;
	slab->damage.nr_undecodable++;
	tell_loss(&gap, item->ts, ev);
}

/* What stands after the last item, for who looks ahead. */
static void end_items(struct slab *slab)
{
	unsigned int i;

	for (i = 0; i < JOINT_EVENTS_MAX; i++)
		slab->items[slab->nr + i].sort.kind = ITEM_ALONE;
}

/* All items to events. */
static ALL_INLINE void tell(const struct lane *lane, struct slab *slab)
{
	const bool joins = !lane->apart;
	const struct item *item = slab->items;
	struct event *ev = slab->events;
	uint32_t at = 0, nr;

	end_items(slab);
	for (; at < slab->nr; at += nr, item += nr, ev++) {
		ev->cpu = lane->cpu;
		ev->origin = at;
		nr = joins ? joint_tell(lane->decoder, item, ev) : 0;
		if (!nr) {
			tell_alone(lane, slab, item, ev);
			nr = 1;
		}
	}
	slab->nr_events = (uint32_t)(ev - slab->events);
}

void lane_fill(struct lane *lane, struct slab *slab, struct unpacker *unpacker)
{
	uint64_t total;
	bool loaded = false;

	slab->nr = slab->nr_gaps = 0;
	slab->damage = (struct capture_damage){ 0 };
	slab->last = false;
	slab->failed = 0;
	if (lane->unplaced)
		put_loss(slab, 0, LOSS_OPEN, true, lane->unplaced);
	lane->unplaced = 0;
	while (has_room(slab) && take_records(lane, slab))
		if (!next_page(lane, slab, unpacker, &loaded))
			break;
	tell(lane, slab);
	stream_progress(&lane->stream, &slab->done, &total);
}
