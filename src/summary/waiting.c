// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "summary/aggregate_struct.h"
#include "summary/waiting.h"

int waiting_init(struct waiting_sums *sums)
{
	return top_init(&sums->in_flight, IN_FLIGHT_MAX);
}

void waiting_free(struct waiting_sums *sums)
{
	top_free(&sums->in_flight);
}

/* What is in flight was there until the window closed: its end is as good as seen. */
static unsigned int crowd_basis(const struct episode *ep)
{
	unsigned int basis = aggregate_edge_basis(ep->start_edge);

	return ep->outcome == OUTCOME_IN_FLIGHT ? basis
						: basis | aggregate_edge_basis(ep->end_edge);
}

static void add_holes(struct waiting_sums *sums, const struct episode *ep)
{
	enum run_state run;
	uint32_t i;

	if (!ep->nr_holes_kept)
		return;
	sums->nr_holes += ep->nr_holes;
	for (i = 0; i < ep->nr_holes_kept; i++)
		sums->nr_lost_holes += ep->holes[i].lost;
	for (run = 0; run < NR_RUNS; run++)
		sums->holes_ns[run] += ep->holes_ns[run];
}

int waiting_add(struct waiting_sums *sums, const struct episode *ep)
{
	if (ep->in_crowd)
		sums->basis |= crowd_basis(ep);
	if (ep->in_window)
		add_holes(sums, ep);
	if (ep->outcome != OUTCOME_IN_FLIGHT)
		return 0;
	sums->nr_in_flight++;
	return top_offer(&sums->in_flight, ep);
}

static void add_row(struct concurrency *out, const struct crowd_counts *from, unsigned int row)
{
	bool last = row == NR_CROWD_ROWS - 1;

	out->window_ns += from->ns[row];
	out->task_ns += from->task_ns[row];
	if (from->ns[row])
		out->rows[out->nr_rows++] = (struct crowd_row){
			.from = seq_crowd_row_from(row),
			.to = last ? UINT64_MAX : seq_crowd_row_from(row + 1) - 1,
			.ns = from->ns[row],
			.task_ns = from->task_ns[row],
		};
}

static void fill_crowd(struct concurrency *out, const struct crowd_counts *from)
{
	unsigned int row;

	for (row = 0; row < NR_CROWD_ROWS; row++)
		add_row(out, from, row);
	out->max = from->max;
	out->max_at_ns = from->max_at_ns;
	memcpy(out->stage_max, from->stage_max, sizeof(out->stage_max));
	memcpy(out->stage_task_ns, from->stage_task_ns, sizeof(out->stage_task_ns));
	out->nr_late = from->nr_late;
}

/* Entries that were not seen would make it more; changes at the wrong time either. */
static enum time_basis whole_basis(const struct waiting_sums *sums,
				   const struct crowd_counts *crowd, bool all_seen)
{
	unsigned int basis = sums->basis;

	if (!all_seen)
		basis |= TIME_AT_LEAST;
	if (crowd->nr_late)
		basis |= TIME_APPROXIMATE;
	return (enum time_basis)basis;
}

void waiting_fill(struct waiting *waiting, const struct waiting_sums *sums,
		  const struct seq_counts *counts, bool all_seen)
{
	waiting->has_sched = counts->sched_switches && counts->sched_wakeups;
	waiting->nr_in_flight_all = sums->nr_in_flight;
	waiting->nr_holes = sums->nr_holes;
	waiting->nr_lost_holes = sums->nr_lost_holes;
	memcpy(waiting->holes_ns, sums->holes_ns, sizeof(waiting->holes_ns));
	fill_crowd(&waiting->crowd, &counts->crowd);
	waiting->crowd.basis = whole_basis(sums, &counts->crowd, all_seen);
}
