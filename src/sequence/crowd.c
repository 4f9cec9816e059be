// SPDX-License-Identifier: GPL-2.0-or-later
/* In: who enters and leaves which stage when. Out: for how long how many were there. */
#include <errno.h>
#include <stdlib.h>

#include "base/hint.h"
#include "base/saturate.h"
#include "sequence/crowd.h"

int crowd_init(struct crowd *crowd, struct crowd_counts *counts, uint32_t size_max)
{
	*crowd = (struct crowd){ .counts = counts };
	crowd_start(crowd, CROWD_NOT_YET);
	crowd->queue = calloc(CROWD_WAITING_MAX, sizeof(*crowd->queue));
	crowd->late = calloc(CROWD_WAITING_MAX, sizeof(*crowd->late));
	crowd->peaks = calloc(size_max, sizeof(*crowd->peaks));
	if (crowd->queue && crowd->late && crowd->peaks)
		return 0;
	crowd_free(crowd);
	return -ENOMEM;
}

void crowd_free(struct crowd *crowd)
{
	free(crowd->queue);
	free(crowd->late);
	free(crowd->peaks);
	crowd->queue = crowd->late = NULL;
	crowd->peaks = NULL;
}

/* --- the time that passes ------------------------------------------------------------------ */

uint64_t seq_crowd_row_from(unsigned int row)
{
	if (row < CROWD_SINGLE_ROWS)
		return row;
	return (uint64_t)CROWD_SINGLE_ROWS << (row - CROWD_SINGLE_ROWS);
}

static unsigned int row_of(uint64_t size)
{
	unsigned int row = CROWD_SINGLE_ROWS;

	if (size < CROWD_SINGLE_ROWS)
		return (unsigned int)size;
	while (size >= 2 * CROWD_SINGLE_ROWS && row < NR_CROWD_ROWS - 1) {
		size /= 2;
		row++;
	}
	return row;
}

static void add_product(uint64_t *sum, uint64_t nr, uint64_t ns)
{
	*sum = sat_plus(*sum, sat_times(nr, ns));
}

/* `size` were there for `ns`, from `since_ns` on. */
static void count_size(struct crowd_counts *counts, uint64_t size, uint64_t since_ns, uint64_t ns)
{
	unsigned int row = row_of(size);

	add_product(&counts->ns[row], 1, ns);
	/* In a row of one size this follows from the other. */
	if (row >= CROWD_SINGLE_ROWS)
		add_product(&counts->task_ns[row], size, ns);
	if (size > counts->max) {
		counts->max = size;
		counts->max_at_ns = since_ns;
	}
}

static void fill_single_rows(struct crowd_counts *counts)
{
	unsigned int row;

	for (row = 0; row < CROWD_SINGLE_ROWS; row++)
		counts->task_ns[row] = sat_times(row, counts->ns[row]);
}

/* Nobody has come or gone since this was counted last. */
static void count_stage(struct crowd *crowd, enum stage stage, uint64_t ts_ns)
{
	struct crowd_counts *counts = crowd->counts;
	struct crowd_stage *in = &crowd->stages[stage];
	uint64_t size = (uint64_t)in->size;

	if (ts_ns <= in->counted_ns)
		return;
	add_product(&counts->stage_task_ns[stage], size, ts_ns - in->counted_ns);
	if (size > counts->stage_max[stage])
		counts->stage_max[stage] = size;
	in->counted_ns = ts_ns;
}

static void count_all(struct crowd *crowd, uint64_t ts_ns)
{
	if (ts_ns <= crowd->counted_ns)
		return;
	count_size(crowd->counts, (uint64_t)crowd->in_stages, crowd->counted_ns,
		   ts_ns - crowd->counted_ns);
	crowd->counted_ns = ts_ns;
}

/* --- the changes that wait ----------------------------------------------------------------- */

static void swap(struct crowd *crowd, size_t a, size_t b)
{
	struct crowd_change kept = crowd->late[a];

	crowd->late[a] = crowd->late[b];
	crowd->late[b] = kept;
}

static void push_late(struct crowd *crowd, const struct crowd_change *change)
{
	const struct crowd_change *heap = crowd->late;
	size_t at = crowd->nr_late++;

	crowd->late[at] = *change;
	while (at && heap[at].ts_ns < heap[(at - 1) / 2].ts_ns) {
		swap(crowd, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

static struct crowd_change pop_late(struct crowd *crowd)
{
	const struct crowd_change *heap = crowd->late;
	struct crowd_change oldest = heap[0];
	size_t nr = --crowd->nr_late, at = 0, child;

	crowd->late[0] = heap[nr];
	while ((child = 2 * at + 1) < nr) {
		if (child + 1 < nr && heap[child + 1].ts_ns < heap[child].ts_ns)
			child++;
		if (heap[at].ts_ns <= heap[child].ts_ns)
			break;
		swap(crowd, at, child);
		at = child;
	}
	return oldest;
}

static uint32_t place(const struct crowd *crowd, uint32_t nr)
{
	uint32_t at = crowd->first + nr;

	return at < CROWD_WAITING_MAX ? at : at - CROWD_WAITING_MAX;
}

/* The oldest of both; there must be one. */
static struct crowd_change pop(struct crowd *crowd)
{
	const struct crowd_change *first = &crowd->queue[crowd->first];

	if (!crowd->nr_queued || (crowd->nr_late && crowd->late->ts_ns < first->ts_ns))
		return pop_late(crowd);
	crowd->first = place(crowd, 1);
	crowd->nr_queued--;
	return *first;
}

static uint32_t nr_waiting(const struct crowd *crowd)
{
	return crowd->nr_queued + crowd->nr_late;
}

/* The oldest `nr`, those after the limit as if they were there. */
static APART ALL_INLINE void count_oldest(struct crowd *crowd, uint32_t nr, uint64_t limit_ns)
{
	for (; nr; nr--) {
		const struct crowd_change change = pop(crowd);
		uint64_t ts_ns = change.ts_ns < limit_ns ? change.ts_ns : limit_ns;

		/* Too late: at the oldest time that is open, in its stage as in all of them. */
		if (ts_ns < crowd->counted_ns)
			ts_ns = crowd->counted_ns;
		count_stage(crowd, change.stage, ts_ns);
		count_all(crowd, ts_ns);
		crowd->stages[change.stage].size += change.by;
		crowd->in_stages += change.by;
	}
}

static void make_room(struct crowd *crowd)
{
	if (nr_waiting(crowd) == CROWD_WAITING_MAX)
		count_oldest(crowd, CROWD_WAITING_MAX - CROWD_LATE_MAX, UINT64_MAX - 1);
}

static APART void change_late(struct crowd *crowd, const struct crowd_change *change)
{
	/* What was before the window is not late. */
	crowd->counts->nr_late += change->ts_ns < crowd->counted_ns &&
				  crowd->counted_ns > crowd->start_ns;
	push_late(crowd, change);
	make_room(crowd);
}

void crowd_change(struct crowd *crowd, enum stage stage, int by, uint64_t ts_ns)
{
	const struct crowd_change change = { .ts_ns = ts_ns, .by = by, .stage = stage };

	if (ts_ns < crowd->newest_ns) {
		change_late(crowd, &change);
		return;
	}
	crowd->newest_ns = ts_ns;
	crowd->queue[place(crowd, crowd->nr_queued++)] = change;
	make_room(crowd);
}

static void set_counted(struct crowd *crowd, uint64_t ts_ns)
{
	enum stage stage;

	crowd->counted_ns = ts_ns;
	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		crowd->stages[stage].counted_ns = ts_ns;
}

void crowd_start(struct crowd *crowd, uint64_t ts_ns)
{
	crowd->start_ns = ts_ns;
	set_counted(crowd, ts_ns);
}

void crowd_stop(struct crowd *crowd, uint64_t ts_ns)
{
	enum stage stage;

	count_oldest(crowd, nr_waiting(crowd), ts_ns);
	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		count_stage(crowd, stage, ts_ns);
	count_all(crowd, ts_ns);
	fill_single_rows(crowd->counts);
	set_counted(crowd, CROWD_NOT_YET);
}

/* --- the most at once ---------------------------------------------------------------------- */

uint64_t crowd_arrive(struct crowd *crowd)
{
	uint64_t arrival = ++crowd->nr_arrivals;

	crowd->size++;
	while (crowd->nr_peaks && crowd->peaks[crowd->nr_peaks - 1].size <= crowd->size)
		crowd->nr_peaks--;
	crowd->peaks[crowd->nr_peaks++] =
		(struct crowd_peak){ .arrival = arrival, .size = crowd->size };
	return arrival;
}

void crowd_leave(struct crowd *crowd)
{
	crowd->size--;
}

uint32_t crowd_peak_since(const struct crowd *crowd, uint64_t arrival)
{
	size_t low = 0, high = crowd->nr_peaks;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (crowd->peaks[middle].arrival < arrival)
			low = middle + 1;
		else
			high = middle;
	}
	return crowd->peaks[low].size;
}
