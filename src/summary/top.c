// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "base/compare.h"
#include "base/hint.h"
#include "summary/top.h"

int top_init(struct top *top, size_t max)
{
	*top = (struct top){ .max = max };
	if (!max)
		return 0;
	top->heap = calloc(max, sizeof(*top->heap));
	return top->heap ? 0 : -ENOMEM;
}

void top_free(struct top *top)
{
	size_t i;

	for (i = 0; i < top->nr; i++)
		free(top->heap[i]);
	free(top->heap);
	*top = (struct top){ 0 };
}

static uint64_t time_of(const struct episode *ep)
{
	return ep->end_ns - ep->start_ns;
}

int top_compare(const struct episode *a, const struct episode *b)
{
	int order = compare_u64(time_of(b), time_of(a));

	if (!order)
		order = compare_u64(a->start_ns, b->start_ns);
	return order ? order : compare_u64(a->id, b->id);
}

static void swap(struct top *top, size_t a, size_t b)
{
	struct episode *kept = top->heap[a];

	top->heap[a] = top->heap[b];
	top->heap[b] = kept;
}

/* A parent in the heap is never slower than its children. */
static void sift_up(struct top *top, size_t at)
{
	while (at && top_compare(top->heap[(at - 1) / 2], top->heap[at]) < 0) {
		swap(top, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

static void sift_down(struct top *top, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < top->nr && top_compare(top->heap[child], top->heap[child + 1]) < 0)
			child++;
		if (child >= top->nr || top_compare(top->heap[at], top->heap[child]) >= 0)
			return;
		swap(top, at, child);
		at = child;
	}
}

static APART int keep(struct top *top, const struct episode *ep)
{
	struct episode *kept;

	if (top->nr == top->max) {
		if (top_compare(ep, top->heap[0]) >= 0)
			return 0;
		*top->heap[0] = *ep;
		sift_down(top, 0);
		return 0;
	}
	kept = malloc(sizeof(*kept));
	if (!kept)
		return -ENOMEM;
	*kept = *ep;
	top->heap[top->nr++] = kept;
	sift_up(top, top->nr - 1);
	return 0;
}

int top_offer(struct top *top, const struct episode *ep)
{
	/* Nearly all are quicker than all that are kept. */
	if (!top->max || (top->nr == top->max && time_of(ep) < time_of(top->heap[0])))
		return 0;
	return keep(top, ep);
}
