// SPDX-License-Identifier: GPL-2.0-or-later
/* The lists of episodes: the slowest, and those in flight. Each says from which capture it is. */
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "merge/join.h"

/* The longest first; of equal ones an order that does not depend on who was merged first. */
static int compare_episodes(const void *a, const void *b)
{
	const struct worst *x = a, *y = b;
	const struct episode *left = x->episode, *right = y->episode;
	int order = compare_u64(right->end_ns - right->start_ns, left->end_ns - left->start_ns);

	if (!order)
		order = compare_texts(x->origin, y->origin);
	if (!order)
		order = compare_u64(left->start_ns, right->start_ns);
	if (!order)
		order = compare_u64(left->id, right->id);
	if (!order)
		order = compare_texts(x->comm, y->comm);
	/* Of redacted summaries: the same recording, given other numbers. */
	if (!order)
		order = (left->pid > right->pid) - (left->pid < right->pid);
	return order ? order : compare_texts(x->path, y->path);
}

/* capture-1 of a redacted summary of many is another capture than capture-1 of the next. */
static const char *origin_of(const struct summary *from, const struct worst *row)
{
	if (!row->origin)
		return from->identity.file;
	return from->redacted & (1U << REDACTED_FILE) ? REDACT_FILE : row->origin;
}

struct listed {
	struct worst *rows;
	size_t nr, max; /* so many are kept */
};

/* Borrows all of the summary's; the texts and the episode are kept later. */
static void append(struct listed *list, const struct summary *from, const struct worst *rows,
		   size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		struct worst *row = &list->rows[list->nr++];

		*row = rows[i];
		row->origin = origin_of(from, row);
	}
}

static void keep(struct joiner *join, struct worst *row)
{
	struct episode *ep = malloc(sizeof(*ep));
	struct frame_list stack;

	join->out->no_memory |= !ep;
	if (ep)
		*ep = *row->episode;
	row->episode = ep;
	row->path = join_keep(join, row->path);
	row->comm = join_keep(join, row->comm);
	row->gfp = join_keep(join, row->gfp);
	row->exit = join_keep(join, row->exit);
	row->origin = join_keep(join, row->origin);
	stack = row->stack;
	join_frames(join, &row->stack, NULL, &stack);
}

static void join_list(struct joiner *join, struct worst **to, size_t *nr, struct join_list a,
		      struct join_list b, size_t max)
{
	struct listed list = { .rows = calloc(a.nr + b.nr + 1, sizeof(*list.rows)) };
	size_t i;

	*nr = 0;
	*to = list.rows;
	join->out->no_memory |= !list.rows;
	if (!list.rows)
		return;
	if (join->a)
		append(&list, join->a, a.rows, a.nr);
	append(&list, join->b, b.rows, b.nr);
	qsort(list.rows, list.nr, sizeof(*list.rows), compare_episodes);
	for (i = 0; i < list.nr && i < max; i++) {
		keep(join, &list.rows[i]);
		++*nr;
	}
}

void join_episodes(struct joiner *join)
{
	static const struct summary none;
	const struct summary *a = join->a ? join->a : &none, *b = join->b;
	struct summary *out = join->out;

	join_list(join, &out->worst, &out->nr_worst, (struct join_list){ a->worst, a->nr_worst },
		  (struct join_list){ b->worst, b->nr_worst }, join->top);
	join_list(join, &out->waiting.in_flight, &out->waiting.nr_in_flight,
		  (struct join_list){ a->waiting.in_flight, a->waiting.nr_in_flight },
		  (struct join_list){ b->waiting.in_flight, b->waiting.nr_in_flight },
		  IN_FLIGHT_MAX);
}
