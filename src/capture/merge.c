// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "capture/merge.h"

int merge_init(struct merge *m, uint32_t nr)
{
	*m = (struct merge){ 0 };
	m->lanes = calloc(nr ? nr : 1, sizeof(*m->lanes));
	m->heap = calloc(nr ? nr : 1, sizeof(*m->heap));
	if (!m->lanes || !m->heap) {
		merge_close(m);
		return -ENOMEM;
	}
	m->nr_lanes = nr;
	return 0;
}

void merge_close(struct merge *m)
{
	uint32_t i;

	for (i = 0; i < m->nr_lanes; i++)
		lane_close(&m->lanes[i]);
	free(m->lanes);
	free(m->heap);
	*m = (struct merge){ 0 };
}

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

static int begin(struct merge *m, struct err *err)
{
	uint32_t i;

	for (i = 0; i < m->nr_lanes; i++) {
		int ret = lane_next_page(&m->lanes[i], err);

		if (ret < 0)
			return ret;
		if (ret)
			m->heap[m->nr_heap++] = (struct merge_slot){ m->lanes[i].head.ts, i };
	}
	for (i = m->nr_heap; i-- > 0;)
		sift_down(m, i);
	set_run(m);
	m->begun = true;
	return 0;
}

/* The first lane has moved on to a later record, or has ended. */
static void reorder(struct merge *m, const struct lane *lane, bool ended)
{
	if (ended)
		m->heap[0] = m->heap[--m->nr_heap];
	else
		m->heap[0].ts = lane->head.ts;
	if (m->nr_heap)
		sift_down(m, 0);
	set_run(m);
}

/* Tells the gap of a lane, if it has one. */
static bool give_loss(struct merge *m, struct lane *lane)
{
	if (!lane->gap)
		return false;
	m->loss = (struct loss){
		.cpu = lane->head.cpu,
		.counted = lane->gap_counted,
		.from_ns = lane->head.since,
		.to_ns = lane->ended ? LOSS_OPEN : lane->head.ts,
		.count = lane->gap_count,
	};
	lane->gap = false;
	return true;
}

/* Where they are missing is not known: anywhere. */
static bool give_unplaced(struct merge *m, struct lane *lane)
{
	if (!lane->unplaced)
		return false;
	m->loss = (struct loss){
		.cpu = lane->head.cpu,
		.counted = true,
		.to_ns = LOSS_OPEN,
		.count = lane->unplaced,
	};
	lane->unplaced = 0;
	return true;
}

static bool give_first_losses(struct merge *m)
{
	for (; m->nr_begun < m->nr_lanes; m->nr_begun++) {
		struct lane *lane = &m->lanes[m->nr_begun];

		if (give_unplaced(m, lane) || give_loss(m, lane))
			return true;
	}
	return false;
}

/* The lane that ran goes on to its next record, and the others may come before it. */
static int advance(struct merge *m, enum walk walk, struct err *err)
{
	struct lane *lane = m->run;
	int ret = walk == WALK_RECORD ? 1 : lane_next_page(lane, err);

	m->run = NULL;
	m->moved = lane;
	if (ret >= 0)
		reorder(m, lane, !ret);
	return ret;
}

int merge_turn(struct merge *m, enum walk walk, struct err *err)
{
	struct lane *lane;
	int ret = 0;

	if (m->run)
		ret = advance(m, walk, err);
	else if (!m->begun)
		ret = begin(m, err);
	if (ret < 0)
		return ret;
	if (give_first_losses(m) || (m->moved && give_loss(m, m->moved)))
		return MERGE_LOSS;
	if (!m->nr_heap)
		return MERGE_END;
	lane = &m->lanes[m->heap[0].lane];
	lane->found++;
	m->run = lane;
	m->record = &lane->head;
	return MERGE_RECORD;
}
