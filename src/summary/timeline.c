// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/note.h"
#include "base/saturate.h"
#include "summary/path.h"
#include "summary/text.h"
#include "summary/timeline.h"

#define SECOND_NS 1000000000ULL

/* --- edges --------------------------------------------------------------------------------- */

static void restart(struct timeline *timeline)
{
	intervals_restart(&timeline->all);
	timeline->begun = false;
	timeline->latest.ts_ns = 0;
	timeline->phase = 0;
}

static void begin(struct timeline *timeline, uint64_t ts_ns)
{
	timeline->begun = true;
	timeline->all.rows[0].start_ns = ts_ns;
	kswapds_begin(&timeline->kswapds, ts_ns);
	timeline->all.rows[0].lossy = timeline->kswapds.lost;
}

static void open_row(struct timeline *timeline, uint64_t ts_ns)
{
	intervals_open(&timeline->all, ts_ns);
	intervals_last(&timeline->all)->lossy = ts_ns < timeline->kswapds.dark_until;
}

/* Without ticks so far, every full second is an edge. With them none is: UINT64_MAX. */
static uint64_t next_second(const struct timeline *timeline)
{
	const struct intervals *all = &timeline->all;

	if (timeline->latest.ts_ns)
		return UINT64_MAX;
	return sat_plus(intervals_last(all)->start_ns, sat_times(all->stride, SECOND_NS));
}

static void follow_seconds(struct timeline *timeline, uint64_t ts_ns)
{
	uint64_t next_ns;

	while ((next_ns = next_second(timeline)) <= ts_ns && next_ns < UINT64_MAX)
		open_row(timeline, next_ns);
}

static enum reading find_reading(struct span name)
{
	enum reading reading;

	for (reading = 0; reading < NR_READINGS; reading++)
		if (span_is(name, kernel_reading_name(reading)))
			break;
	return reading;
}

/* "name value name value ...", as record/ticker.c writes it; what is not known here is left out. */
static struct tick parse_tick(uint64_t ts_ns, struct span text)
{
	struct tick tick = { .ts_ns = ts_ns };
	struct span name, number;

	while (span_word(&text, &name) && span_word(&text, &number)) {
		enum reading reading = find_reading(name);
		uint64_t value;

		if (reading == NR_READINGS || !span_u64(number, &value))
			continue;
		tick.have |= 1U << reading;
		tick.value[reading] = value;
	}
	return tick;
}

static struct known reading_of(const struct tick *tick, enum reading reading)
{
	return (struct known){ tick->have & 1U << reading, tick->value[reading] };
}

/* The first tick is no edge: it is the first reading of the interval that it lies in. */
static void take_tick(struct timeline *timeline, const struct tick *tick)
{
	struct known free_pages = reading_of(tick, READING_FREE_PAGES);
	struct interval *row;

	if (timeline->latest.ts_ns && tick->ts_ns > timeline->latest.ts_ns &&
	    ++timeline->phase >= timeline->all.stride) {
		open_row(timeline, tick->ts_ns);
		timeline->phase = 0;
	}
	timeline->latest = *tick;
	row = intervals_last(&timeline->all);
	if (!row->first.ts_ns)
		row->first = *tick;
	known_lower(&row->free_min, &free_pages);
}

/* --- what comes in ------------------------------------------------------------------------- */

static void take_note(struct timeline *timeline, const struct event *ev)
{
	struct note_part part;
	struct tick tick;

	if (!note_parse(ev->text, ev->text_len, &part) || strcmp(part.key, NOTE_TICK))
		return;
	tick = parse_tick(ev->ts_ns, (struct span){ part.payload, part.payload_len });
	take_tick(timeline, &tick);
}

static void take_kswapd(struct timeline *timeline, const struct event *ev)
{
	kswapds_event(&timeline->kswapds, &timeline->all, ev);
}

static void take_loss(struct timeline *timeline, const struct event *ev)
{
	kswapds_lose(&timeline->kswapds, &timeline->all, ev);
	intervals_last(&timeline->all)->lossy = true;
}

static const struct {
	enum ev_kind kind;
	void (*take)(struct timeline *timeline, const struct event *ev);
} takers[] = {
	{ EV_NOTE, take_note },
	{ EV_LOST, take_loss },
	{ EV_KSWAPD_WAKE, take_kswapd },
	{ EV_KSWAPD_SLEEP, take_kswapd },
};

/* Before the window, a gap may begin that reaches into it. */
static void take_outside(struct timeline *timeline, const struct event *ev)
{
	if (!timeline->begun && ev->kind == EV_LOST)
		kswapds_lose(&timeline->kswapds, &timeline->all, ev);
}

void timeline_event(struct timeline *timeline, const struct event *ev, const struct seq *seq)
{
	uint64_t first_ns = seq_counts(seq)->first_ns;
	size_t i;

	timeline->next_ns = 0;
	/* What seemed to be the window was the recorder starting. */
	if (timeline->begun && first_ns != timeline->all.rows[0].start_ns)
		restart(timeline);
	if (!seq_is_open(seq) || !first_ns) {
		take_outside(timeline, ev);
		return;
	}
	if (!timeline->begun)
		begin(timeline, first_ns);
	follow_seconds(timeline, ev->ts_ns);
	for (i = 0; i < sizeof(takers) / sizeof(takers[0]); i++)
		if (takers[i].kind == ev->kind)
			takers[i].take(timeline, ev);
	timeline->next_ns = next_second(timeline);
}

void timeline_episode(struct timeline *timeline, const struct episode *ep)
{
	size_t kept = path_kept(ep), i;
	uint64_t at_ns = ep->start_ns;

	intervals_at(&timeline->all, at_ns)->entries++;
	if (!episode_is_stall(ep))
		return;
	intervals_spread(&timeline->all, offsetof(struct interval, stalled_ns), at_ns, ep->end_ns);
	for (i = 0; i < kept && ep->path[i] < NR_TIMED_STAGES; i++) {
		intervals_spread(&timeline->all, offsetof(struct interval, stage_ns[ep->path[i]]),
				 at_ns, at_ns + ep->path_ns[i]);
		at_ns += ep->path_ns[i];
	}
}

/* --- what goes out ------------------------------------------------------------------------- */

/* What follows the last tick is no interval of its own: it has no reading at its end. */
static void join_tail(struct timeline *timeline)
{
	struct intervals *all = &timeline->all;

	if (all->nr > 1 && intervals_last(all)->start_ns == timeline->latest.ts_ns)
		intervals_join_last(all);
}

static void take_changes(struct timeline_row *out, const struct tick *from, const struct tick *to)
{
	enum reading reading;

	if (!from->ts_ns || to->ts_ns <= from->ts_ns)
		return;
	out->counted_ns = to->ts_ns - from->ts_ns;
	out->has_change = from->have & to->have;
	for (reading = 0; reading < NR_READINGS; reading++)
		out->change[reading] = (int64_t)(to->value[reading] - from->value[reading]);
	out->free_pages = reading_of(to, READING_FREE_PAGES);
	known_lower(&out->free_pages_min, &out->free_pages);
}

static void make_row(const struct timeline *timeline, const struct interval *row, uint64_t stop_ns,
		     struct timeline_row *out)
{
	bool is_last = row == intervals_last(&timeline->all);
	uint64_t end_ns = is_last ? stop_ns : row[1].start_ns;

	*out = (struct timeline_row){
		.start_ns = row->start_ns,
		.duration_ns = end_ns > row->start_ns ? end_ns - row->start_ns : 0,
		.lossy = row->lossy,
		.entries = row->entries,
		.stalled_ns = row->stalled_ns,
		.awake_ns = row->awake_ns,
		.maybe_awake_ns = row->maybe_awake_ns,
		.free_pages_min = row->free_min,
	};
	memcpy(out->stage_ns, row->stage_ns, sizeof(out->stage_ns));
	take_changes(out, &row->first, is_last ? &timeline->latest : &row[1].first);
}

int timeline_finish(struct timeline *timeline, const struct summary_input *input,
		    struct timeline_row **rows, size_t *nr)
{
	const struct seq_counts *counts = input->counts;
	size_t i;

	timeline->all.rows[0].start_ns = counts->first_ns;
	join_tail(timeline);
	kswapds_finish(&timeline->kswapds, &timeline->all, counts->last_ns, input->start.buddyinfo);
	/* No window: nothing was counted. */
	*nr = counts->first_ns ? timeline->all.nr : 0;
	*rows = calloc(timeline->all.nr, sizeof(**rows));
	if (!*rows)
		return -ENOMEM;
	for (i = 0; i < *nr; i++)
		make_row(timeline, &timeline->all.rows[i], counts->last_ns, &(*rows)[i]);
	return 0;
}

/* --- life ---------------------------------------------------------------------------------- */

int timeline_init(struct timeline *timeline)
{
	*timeline = (struct timeline){ .begun = false };
	return intervals_init(&timeline->all);
}

void timeline_free(struct timeline *timeline)
{
	intervals_free(&timeline->all);
}
