// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "capture/damage.h"
#include "capture/merge.h"
#include "capture/joint.h"

int merge_init(struct merge *m, uint32_t nr, uint32_t slab_items, struct unpacker *unpacker,
	       struct capture_damage *damage)
{
	int ret;

	*m = (struct merge){ .damage = damage, .nr_lanes = nr };
	ret = crew_init(&m->crew, nr, slab_items, unpacker);
	m->lanes = calloc(nr ? nr : 1, sizeof(*m->lanes));
	m->heap = calloc(nr ? nr : 1, sizeof(*m->heap));
	if (!ret && m->lanes && m->heap)
		return 0;
	merge_close(m);
	return -ENOMEM;
}

void merge_close(struct merge *m)
{
	uint32_t i;

	crew_close(&m->crew);
	for (i = 0; m->lanes && i < m->nr_lanes; i++)
		free(m->lanes[i].parts);
	free(m->lanes);
	free(m->heap);
	*m = (struct merge){ 0 };
}

/* --- the heap ------------------------------------------------------------------------------ */

static bool earlier(const struct merge_slot *a, const struct merge_slot *b)
{
	return a->ts < b->ts || (a->ts == b->ts && a->lane < b->lane);
}

static void sift_down(struct merge *m, uint32_t at)
{
	struct merge_slot moved = m->heap[at];

	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child >= m->nr_heap)
			break;
		if (child + 1 < m->nr_heap && earlier(&m->heap[child + 1], &m->heap[child]))
			child++;
		if (!earlier(&m->heap[child], &moved))
			break;
		m->heap[at] = m->heap[child];
		at = child;
	}
	m->heap[at] = moved;
}

/* Up to which time the first lane stays first: that of the second, in the order of `earlier`. */
static void set_run(struct merge *m)
{
	const struct merge_slot *second = m->nr_heap > 1 ? &m->heap[1] : NULL;

	if (m->nr_heap > 2 && earlier(&m->heap[2], second))
		second = &m->heap[2];
	m->run_until = UINT64_MAX;
	if (second)
		m->run_until = second->ts - (second->lane < m->heap[0].lane);
}

static void build_heap(struct merge *m)
{
	uint32_t i;

	m->nr_heap = 0;
	for (i = 0; i < m->nr_lanes; i++)
		if (m->lanes[i].at < m->lanes[i].end)
			m->heap[m->nr_heap++] = (struct merge_slot){ m->lanes[i].at->ts_ns, i };
	for (i = m->nr_heap; i-- > 0;)
		sift_down(m, i);
}

/* The first lane has moved on to a later event, or has ended. */
static void reorder(struct merge *m)
{
	const struct merge_lane *lane = &m->lanes[m->heap[0].lane];

	if (lane->at == lane->end)
		m->heap[0] = m->heap[--m->nr_heap];
	else
		m->heap[0].ts = lane->at->ts_ns;
	if (m->nr_heap)
		sift_down(m, 0);
}

/* --- slabs --------------------------------------------------------------------------------- */

static int next_slab(struct merge *m, struct merge_lane *it, struct err *err)
{
	struct slab *slab = crew_take(&m->crew, (uint32_t)(it - m->lanes));

	damage_join(m->damage, &slab->damage);
	if (slab->failed) {
		*err = slab->err;
		return slab->failed;
	}
	it->slab = slab;
	it->at = slab->events;
	it->end = slab->events + slab->nr_events;
	it->done = slab->done;
	return 0;
}

/* The next event of the lane, from its next slab where need be. 0, or -errno with the sentence. */
static int feed(struct merge *m, struct merge_lane *it, struct err *err)
{
	int ret = 0;

	if (it->at == it->end && it->next) {
		it->at = it->next;
		it->end = it->next_end;
		it->next = NULL;
	}
	while (!ret && it->at == it->end && !(it->slab && it->slab->last))
		ret = next_slab(m, it, err);
	return ret;
}

static int begin(struct merge *m, struct err *err)
{
	uint32_t i;

	m->begun = true;
	for (i = 0; i < m->nr_lanes; i++) {
		int ret = feed(m, &m->lanes[i], err);

		if (ret)
			return ret;
	}
	build_heap(m);
	return 0;
}

/* Puts in the place of a group, the first event of a lane, its records. 0 or -ENOMEM. */
static int part(struct merge *m, struct merge_lane *it)
{
	const struct lane *lane = &m->crew.lanes[it - m->lanes].lane;
	const struct item *items = &it->slab->items[it->at->origin];
	unsigned int nr = joint_size(it->at), i;

	if (!it->parts)
		it->parts = malloc(JOINT_RECORDS_MAX * sizeof(*it->parts));
	if (!it->parts)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		it->parts[i].cpu = lane->cpu;
		it->parts[i].origin = it->at->origin + i;
		/* Its records were decoded before. */
		(void)decode(lane->decoder, &items[i], &it->parts[i]);
	}
	it->next = it->at + 1;
	it->next_end = it->end;
	it->at = it->parts;
	it->end = it->parts + nr;
	return 0;
}

/* Parts what the mark at the beginning of the heap would cut: of each lane, at most its first group. */
static int part_around(struct merge *m, struct err *err)
{
	const struct merge_slot mark = m->heap[0];
	bool parted = false;
	uint32_t i;

	for (i = 0; i < m->nr_lanes; i++) {
		struct merge_lane *it = &m->lanes[i];
		struct merge_slot begins = { 0, i };

		if (it->at == it->end || !joint_is(it->at))
			continue;
		begins.ts = it->at->part_ns[0];
		if (!earlier(&begins, &mark))
			continue;
		if (part(m, it))
			return err_set(err, -ENOMEM, "out of memory");
		parted = true;
	}
	if (parted)
		build_heap(m);
	return 0;
}

/* The lane that ran goes on to its next event, and the others may come before it. */
static int advance(struct merge *m, struct err *err)
{
	int ret = 0;

	if (m->run)
		ret = feed(m, m->run, err);
	else if (!m->begun)
		return begin(m, err);
	if (!ret && m->run)
		reorder(m);
	m->run = NULL;
	return ret;
}

int merge_turn(struct merge *m, const struct event **ev, struct err *err)
{
	int ret = advance(m, err);

	if (ret || !m->nr_heap)
		return ret;
	if (merge_is_mark(m->lanes[m->heap[0].lane].at)) {
		ret = part_around(m, err);
		if (ret)
			return ret;
	}
	set_run(m);
	m->run = &m->lanes[m->heap[0].lane];
	*ev = m->run->at++;
	return 1;
}

const struct item *merge_record(const struct merge *m, const struct event *ev)
{
	return &m->run->slab->items[ev->origin];
}
