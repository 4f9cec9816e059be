// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What lies between two events of an episode. In: when the events were. Out: what its task did
 * meanwhile, by stage, and the holes.
 */
#include <string.h>

#include "base/hint.h"
#include "sequence/frame.h"

static uint64_t hole_ns(const struct hole *hole)
{
	uint64_t ns = 0;
	enum run_state run;

	for (run = 0; run < NR_RUNS; run++)
		ns += hole->run_ns[run];
	return ns;
}

/* The shortest is left out where there is no room, of equal ones the later; a lost one stays. */
static void add_hole(struct episode *ep, const struct hole *hole)
{
	size_t kept = ep->nr_holes_kept;
	size_t shortest = 0, i;

	if (kept == EPISODE_HOLES_MAX) {
		for (i = 1; i < kept; i++)
			if (hole_ns(&ep->holes[i]) <= hole_ns(&ep->holes[shortest]))
				shortest = i;
		if (!hole->lost && hole_ns(hole) <= hole_ns(&ep->holes[shortest]))
			return;
		for (i = shortest; i + 1 < kept; i++)
			ep->holes[i] = ep->holes[i + 1];
		kept--;
	}
	ep->holes[kept] = *hole;
	ep->nr_holes_kept = (uint32_t)kept + 1;
}

static APART void note_hole(struct frame *frame, const uint64_t ns[NR_RUNS], bool lost)
{
	struct episode *ep = &frame->ep;
	struct hole hole = { .at_ns = frame->last_ns - ep->start_ns,
			     .stage = frame->stage,
			     .lost = lost };
	enum run_state run;

	memcpy(hole.run_ns, ns, sizeof(hole.run_ns));
	add_hole(ep, &hole);
	if (lost)
		return;
	ep->nr_holes++;
	for (run = 0; run < NR_RUNS; run++)
		ep->holes_ns[run] += ns[run];
}

/* The usual: no time to tell of, and all of it spent in one way. */
static bool is_short(const struct frame *frame, uint64_t ts_ns)
{
	return ts_ns > frame->last_ns && ts_ns - frame->last_ns < HOLE_MIN_NS &&
	       run_is_plain(&frame->run, frame->last_ns);
}

static void settle_short(struct frame *frame, uint64_t ts_ns)
{
	frame->ep.run_ns[frame->stage][frame->run.now] += ts_ns - frame->last_ns;
	frame->run.counted_ns = frame->last_ns = ts_ns;
}

/* False when no time has passed. */
static APART bool settle(struct frame *frame, uint64_t ts_ns, uint64_t ns[NR_RUNS])
{
	enum run_state run;

	if (ts_ns <= frame->last_ns)
		return false;
	run_settle(&frame->run, frame->last_ns, ts_ns, ns);
	for (run = 0; run < NR_RUNS; run++)
		frame->ep.run_ns[frame->stage][run] += ns[run];
	return true;
}

void frame_touch(struct frame *frame, uint64_t ts_ns)
{
	uint64_t ns[NR_RUNS];

	if (is_short(frame, ts_ns)) {
		settle_short(frame, ts_ns);
		return;
	}
	if (!settle(frame, ts_ns, ns))
		return;
	if (ts_ns - frame->last_ns >= HOLE_MIN_NS)
		note_hole(frame, ns, false);
	frame->last_ns = ts_ns;
}

void frame_pass(struct frame *frame, uint64_t ts_ns)
{
	uint64_t ns[NR_RUNS];

	if (settle(frame, ts_ns, ns))
		frame->last_ns = ts_ns;
}

void frame_lose(struct frame *frame, uint64_t ts_ns)
{
	uint64_t ns[NR_RUNS];

	if (ts_ns <= frame->last_ns)
		return;
	run_settle(&frame->run, frame->last_ns, ts_ns, ns);
	if (ts_ns - frame->last_ns >= HOLE_MIN_NS)
		note_hole(frame, ns, true);
}
