// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>

#include "summary/kswapds.h"
#include "summary/text.h"

#define CERTAIN	 offsetof(struct interval, awake_ns)
#define POSSIBLE offsetof(struct interval, maybe_awake_ns)

void kswapds_begin(struct kswapds *all, uint64_t ts_ns)
{
	*all = (struct kswapds){
		.settled_ns = ts_ns,
		.nr[KSWAPD_UNSEEN] = KSWAPDS_MAX,
		.dark_until = all->dark_until,
		.lost = all->dark_until > ts_ns,
	};
}

/* Brings the intervals up to `ts_ns`: so far nothing changed. */
static void settle(struct kswapds *all, struct intervals *to, uint64_t ts_ns)
{
	if (ts_ns <= all->settled_ns)
		return;
	if (all->nr[KSWAPD_AWAKE])
		intervals_spread(to, CERTAIN, all->settled_ns, ts_ns);
	if (all->nr[KSWAPD_AWAKE] || all->nr[KSWAPD_UNKNOWN])
		intervals_spread(to, POSSIBLE, all->settled_ns, ts_ns);
	all->settled_ns = ts_ns;
}

/*
 * What the first event of a kswapd says about the time before it. One that goes to sleep was awake
 * all the time. One that begins a run may have slept, or have ended another run just before: a nap
 * that is cut short leaves no event.
 */
static void look_back(const struct kswapds *all, struct intervals *to, const struct event *ev)
{
	if (ev->kind == EV_KSWAPD_SLEEP && !all->lost)
		intervals_fill(to, CERTAIN, ev->ts_ns);
	intervals_fill(to, POSSIBLE, ev->ts_ns);
}

static void set_state(struct kswapds *all, uint64_t node, enum kswapd_state state)
{
	all->nr[all->state[node]]--;
	all->nr[state]++;
	all->state[node] = (uint8_t)state;
}

void kswapds_event(struct kswapds *all, struct intervals *to, const struct event *ev)
{
	uint64_t node = event_get(ev, FIELD_NID);

	if (node >= KSWAPDS_MAX)
		return;
	settle(all, to, ev->ts_ns);
	if (all->state[node] == KSWAPD_UNSEEN)
		look_back(all, to, ev);
	/* Inside a gap the next event may be missing. */
	if (ev->ts_ns < all->dark_until)
		set_state(all, node, KSWAPD_UNKNOWN);
	else
		set_state(all, node, ev->kind == EV_KSWAPD_WAKE ? KSWAPD_AWAKE : KSWAPD_ASLEEP);
}

void kswapds_lose(struct kswapds *all, struct intervals *to, const struct event *ev)
{
	uint64_t until_ns = event_get(ev, FIELD_UNTIL), node;

	settle(all, to, ev->ts_ns);
	all->lost = true;
	if (until_ns > all->dark_until)
		all->dark_until = until_ns;
	for (node = 0; node < KSWAPDS_MAX; node++)
		if (all->state[node] != KSWAPD_UNSEEN)
			set_state(all, node, KSWAPD_UNKNOWN);
}

/* "Node 0, zone   Normal ..." */
static bool parse_node(struct span line, uint64_t *node)
{
	struct span word, number;

	return span_word(&line, &word) && span_is(word, "Node") &&
	       span_until(&line, ',', &number) && span_u64(span_trim(number), node);
}

static bool were_all_seen(const struct kswapds *all, const char *buddyinfo)
{
	struct span rest = span_of(buddyinfo), line;
	uint64_t node;

	while (span_line(&rest, &line))
		if (parse_node(line, &node) &&
		    (node >= KSWAPDS_MAX || all->state[node] == KSWAPD_UNSEEN))
			return false;
	return buddyinfo;
}

void kswapds_finish(struct kswapds *all, struct intervals *to, uint64_t ts_ns,
		    const char *buddyinfo)
{
	settle(all, to, ts_ns);
	if (all->lost && !were_all_seen(all, buddyinfo))
		intervals_fill(to, POSSIBLE, ts_ns);
}
