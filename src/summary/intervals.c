// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "base/saturate.h"
#include "summary/intervals.h"

struct interval *intervals_search(const struct intervals *all, uint64_t ts_ns)
{
	size_t low = 0, high = all->nr;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (all->rows[middle].start_ns <= ts_ns)
			low = middle;
		else
			high = middle;
	}
	return &all->rows[low];
}

uint64_t intervals_end(const struct intervals *all, const struct interval *row)
{
	return row < intervals_last(all) ? row[1].start_ns : UINT64_MAX;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Damaged captures can hold any time: sums stay at their maximum instead of wrapping. */
static void add(uint64_t *sum, uint64_t ns)
{
	*sum = sat_plus(*sum, ns);
}

void intervals_spread_over(struct intervals *all, size_t offset, uint64_t from_ns, uint64_t to_ns)
{
	struct interval *row = intervals_at(all, from_ns);

	for (; from_ns < to_ns; row++) {
		uint64_t until_ns = earlier(to_ns, intervals_end(all, row));

		add(interval_member(row, offset), until_ns - from_ns);
		from_ns = until_ns;
	}
}

void intervals_fill(struct intervals *all, size_t offset, uint64_t to_ns)
{
	struct interval *row = all->rows;

	for (; row <= intervals_last(all) && row->start_ns < to_ns; row++)
		*interval_member(row, offset) =
			earlier(to_ns, intervals_end(all, row)) - row->start_ns;
}

void known_lower(struct known *least, const struct known *value)
{
	if (value->known && (!least->known || value->value < least->value))
		*least = *value;
}

/* What is in `next` goes into `row`. */
static void join(struct interval *row, const struct interval *next)
{
	enum stage stage;

	row->entries += next->entries;
	add(&row->stalled_ns, next->stalled_ns);
	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		add(&row->stage_ns[stage], next->stage_ns[stage]);
	add(&row->awake_ns, next->awake_ns);
	add(&row->maybe_awake_ns, next->maybe_awake_ns);
	if (!row->first.ts_ns)
		row->first = next->first;
	known_lower(&row->free_min, &next->free_min);
	row->lossy |= next->lossy;
}

void intervals_join_last(struct intervals *all)
{
	all->nr--;
	join(intervals_last(all), &all->rows[all->nr]);
}

static void halve(struct intervals *all)
{
	size_t i;

	for (i = 0; i < all->nr / 2; i++) {
		all->rows[i] = all->rows[2 * i];
		join(&all->rows[i], &all->rows[2 * i + 1]);
	}
	all->nr /= 2;
	all->stride *= 2;
}

void intervals_open(struct intervals *all, uint64_t ts_ns)
{
	if (all->nr == INTERVALS_MAX)
		halve(all);
	all->rows[all->nr++] = (struct interval){ .start_ns = ts_ns };
}

void intervals_restart(struct intervals *all)
{
	all->rows[0] = (struct interval){ 0 };
	all->nr = 1;
	all->stride = 1;
}

int intervals_init(struct intervals *all)
{
	all->rows = calloc(INTERVALS_MAX, sizeof(*all->rows));
	if (!all->rows)
		return -ENOMEM;
	intervals_restart(all);
	return 0;
}

void intervals_free(struct intervals *all)
{
	free(all->rows);
	all->rows = NULL;
}
