// SPDX-License-Identifier: GPL-2.0-or-later
/* In: who enters and leaves which stage when. Out: for how long how many were there. */
#include <errno.h>
#include <stdlib.h>

#include "base/saturate.h"
#include "sequence/crowd.h"

int crowd_init(struct crowd *crowd, struct crowd_counts *counts, uint32_t size_max)
{
	*crowd = (struct crowd){ .counts = counts,
				 .start_ns = CROWD_NOT_YET,
				 .counted_ns = CROWD_NOT_YET };
	crowd->queue = calloc(CROWD_LATE_MAX, sizeof(*crowd->queue));
	crowd->late = calloc(CROWD_LATE_MAX, sizeof(*crowd->late));
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
	add_product(&counts->task_ns[row], size, ns);
	if (size > counts->max) {
		counts->max = size;
		counts->max_at_ns = since_ns;
	}
}

static void count_stage(struct crowd_counts *counts, enum stage stage, uint64_t size, uint64_t ns)
{
	add_product(&counts->stage_task_ns[stage], size, ns);
	if (size > counts->stage_max[stage])
		counts->stage_max[stage] = size;
}

static void count_until(struct crowd *crowd, uint64_t ts_ns)
{
	uint32_t busy;
	uint64_t ns;

	if (ts_ns <= crowd->counted_ns)
		return;
	ns = ts_ns - crowd->counted_ns;
	for (busy = crowd->busy; busy; busy &= busy - 1) {
		enum stage stage = (enum stage)__builtin_ctz(busy);

		count_stage(crowd->counts, stage, (uint64_t)crowd->in_stage[stage], ns);
	}
	count_size(crowd->counts, (uint64_t)crowd->in_stages, crowd->counted_ns, ns);
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

static struct crowd_change *queued(const struct crowd *crowd, uint32_t nr)
{
	return &crowd->queue[(crowd->first + nr) % CROWD_LATE_MAX];
}

static void push(struct crowd *crowd, const struct crowd_change *change)
{
	uint32_t nr = crowd->nr_queued;

	if (nr && queued(crowd, nr - 1)->ts_ns > change->ts_ns) {
		push_late(crowd, change);
		return;
	}
	*queued(crowd, nr) = *change;
	crowd->nr_queued++;
}

/* The oldest of both; there must be one. */
static struct crowd_change pop(struct crowd *crowd)
{
	const struct crowd_change *first = queued(crowd, 0);

	if (!crowd->nr_queued || (crowd->nr_late && crowd->late->ts_ns < first->ts_ns))
		return pop_late(crowd);
	crowd->first = (crowd->first + 1) % CROWD_LATE_MAX;
	crowd->nr_queued--;
	return *first;
}

static uint32_t nr_waiting(const struct crowd *crowd)
{
	return crowd->nr_queued + crowd->nr_late;
}

static void count_oldest(struct crowd *crowd, uint64_t limit_ns)
{
	struct crowd_change change = pop(crowd);

	count_until(crowd, change.ts_ns < limit_ns ? change.ts_ns : limit_ns);
	crowd->in_stage[change.stage] += change.by;
	crowd->in_stages += change.by;
	if (crowd->in_stage[change.stage])
		crowd->busy |= 1U << change.stage;
	else
		crowd->busy &= ~(1U << change.stage);
}

void crowd_change(struct crowd *crowd, enum stage stage, int by, uint64_t ts_ns)
{
	const struct crowd_change change = { .ts_ns = ts_ns, .by = by, .stage = stage };

	/* What was before the window is not late. */
	crowd->counts->nr_late += ts_ns < crowd->counted_ns && crowd->counted_ns > crowd->start_ns;
	if (nr_waiting(crowd) == CROWD_LATE_MAX)
		count_oldest(crowd, UINT64_MAX - 1);
	push(crowd, &change);
}

void crowd_start(struct crowd *crowd, uint64_t ts_ns)
{
	crowd->start_ns = crowd->counted_ns = ts_ns;
}

void crowd_stop(struct crowd *crowd, uint64_t ts_ns)
{
	while (nr_waiting(crowd))
		count_oldest(crowd, ts_ns);
	count_until(crowd, ts_ns);
	crowd->counted_ns = CROWD_NOT_YET;
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
