// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/saturate.h"
#include "base/note.h"
#include "kernel/events.h"
#include "summary/bounds.h"
#include "summary/hits.h"
#include "summary/limits.h"

#define BIT(n) (1U << (n))

/* From `min` to `max`, both included; max is UINT64_MAX when there is no bound. */
struct range {
	uint64_t min, max;
};

/* --- lost records --------------------------------------------------------------------------- */

static const struct cpu_loss *loss_of(const struct limits *limits, uint32_t cpu)
{
	size_t i;

	for (i = 0; i < limits->nr_losses; i++)
		if (limits->losses[i].cpu == cpu)
			return &limits->losses[i];
	return NULL;
}

/* Records that are known to have been lost on a CPU before or after the window. */
static uint64_t lost_outside(const struct cpu_loss *loss, const struct seq_counts *counts)
{
	uint64_t outside = 0;
	unsigned int i;

	for (i = 0; loss && i < loss->nr_ranges; i++) {
		const struct loss_range *range = &loss->ranges[i];
		/* Of what the file lacks it is known how much, not in which of its gaps. */
		bool placed = range->to_ns != UINT64_MAX || !loss->uncounted;

		if (range->has_records && placed && !limits_range_meets(range, counts))
			outside = sat_plus(outside, range->records);
	}
	return outside;
}

static bool ring_lost(const struct limits *limits, uint32_t cpu)
{
	size_t i;

	for (i = 0; i < limits->nr_ring_losses; i++)
		if (limits->ring_losses[i].cpu == cpu)
			return true;
	return false;
}

static struct known lost_on(const struct capture_cpu *cpu, const struct summary_input *input,
			    const struct limits *limits)
{
	const struct cpu_loss *loss = loss_of(limits, cpu->cpu);
	uint64_t total;

	/* Of what trace-cmd reads by mmap (6.12) the kernel counts only a part as read. */
	if (cpu->has_stat && cpu->found > cpu->read)
		return (struct known){ false, 0 };
	if (!cpu->has_stat)
		return (struct known){ .known = limits->has_ring_losses && !loss &&
						!ring_lost(limits, cpu->cpu) };
	total = sat_plus(sat_plus(cpu->overrun, cpu->commit_overrun), cpu->dropped);
	total = sat_plus(total, sat_less(cpu->read, cpu->found));
	return (struct known){ true, sat_less(total, lost_outside(loss, input->counts)) };
}

struct known bounds_lost(const struct summary_input *input, const struct limits *limits)
{
	struct known sum = { true, limits->damage.nr_undecodable };
	uint32_t i;

	for (i = 0; i < input->nr_cpus && sum.known; i++) {
		struct known lost = lost_on(&input->cpus[i], input, limits);

		sum.known = lost.known;
		sum.value = sat_plus(sum.value, lost.value);
	}
	sum.known = sum.known && input->nr_cpus;
	return sum.known ? sum : (struct known){ false, 0 };
}

/* --- hits of the probes --------------------------------------------------------------------- */

/*
 * Executions of the call into the slowpath up to a moment of the note, over all its sites: hits, and
 * those that were missed as another probe was running on that CPU.
 */
static bool executions(const char *note, const char *moment, uint64_t *sum)
{
	struct hits hits;
	bool there = hits_at(note, moment, EV_SLOW_ENTER, &hits);

	*sum = sat_plus(hits.hits, hits.missed);
	return there;
}

/*
 * The readings lie on either side of the edges of the window, so the hits between the inner two are
 * inside it, and those inside it are between the outer two. A CPU that is between counting a hit and
 * time-stamping its record blurs that by one (hits.h). False when the capture does not say what the probes counted,
 * or when they counted for others too.
 */
static bool range_by_hits(const struct summary_input *input, const struct summary *summary,
			  struct range *range)
{
	uint64_t before_start, after_start, before_stop, after_stop;
	uint64_t blur = input->info->nr_cpus;

	if (input->counts->basis != BASIS_SITE || summary->identity.only_pid.known ||
	    !executions(input->hits, HITS_BEFORE_START, &before_start) ||
	    !executions(input->hits, HITS_AFTER_START, &after_start) ||
	    !executions(input->hits, HITS_BEFORE_STOP, &before_stop) ||
	    !executions(input->hits, HITS_AFTER_STOP, &after_stop) || after_stop < before_start)
		return false;
	range->min = sat_less(sat_less(before_stop, after_start), blur);
	range->max = sat_plus(after_stop - before_start, blur);
	return true;
}

/* --- entries -------------------------------------------------------------------------------- */

/* A capture of ours should have a window; without its edges, what lies inside is not sure. */
static struct range range_by_records(const struct summary_input *input, const struct limits *limits)
{
	const struct seq_counts *counts = input->counts;
	bool ours = counts->has_notes || counts->basis == BASIS_SITE ||
		    counts->basis == BASIS_FAST_NULL;
	struct range range = { counts->entries, counts->entries };

	if (ours && !counts->window_closed)
		range.min = counts->entries_sure;
	/* An episode that a loss broke may have been taken for another one after it. */
	if (counts->basis == BASIS_EVIDENCE)
		range.min = sat_less(range.min, counts->lost_breaks);
	if (ours && !counts->window_opened)
		range.max = sat_plus(range.max, counts->entries_before);
	range.max = sat_plus(range.max, sat_plus(limits->lost.value,
						 limits_entries_missed(limits, counts->basis)));
	if (counts->basis == BASIS_EVIDENCE || !limits->lost.known)
		range.max = UINT64_MAX;
	return range;
}

static struct count count_in(struct range range, uint64_t rebuilt)
{
	struct count count = {
		.certainty = CERTAINTY_BOUNDED,
		.count = rebuilt,
		.min = range.min,
		.max = range.max,
	};

	if (range.max == UINT64_MAX)
		count.certainty = CERTAINTY_LOWER_BOUND;
	else if (range.min == range.max)
		count.certainty = CERTAINTY_EXACT;
	if (count.count < range.min)
		count.count = range.min;
	if (count.count > range.max)
		count.count = range.max;
	return count;
}

struct count bounds_entries(const struct summary_input *input, const struct summary *summary)
{
	const struct seq_counts *counts = input->counts;
	struct range range, hits;

	if (counts->basis == BASIS_NONE)
		return (struct count){ .certainty = CERTAINTY_UNKNOWN };
	if (counts->basis != BASIS_EVIDENCE && limits_entries_whole(&summary->limits))
		return count_in((struct range){ counts->entries, counts->entries },
				counts->entries);
	range = range_by_records(input, &summary->limits);
	/* Where they do not overlap the notes are wrong, which the reconciliation tells. */
	if (range_by_hits(input, summary, &hits) && hits.min <= range.max &&
	    range.min <= hits.max) {
		range.min = hits.min > range.min ? hits.min : range.min;
		range.max = hits.max < range.max ? hits.max : range.max;
	}
	return count_in(range, counts->entries);
}

struct count bounds_unseen(const struct count *entries, uint64_t rebuilt)
{
	struct count unseen = { .certainty = entries->certainty };

	unseen.count = unseen.min = sat_less(entries->min, rebuilt);
	unseen.max = entries->certainty == CERTAINTY_LOWER_BOUND ? UINT64_MAX
								 : sat_less(entries->max, rebuilt);
	return unseen;
}

struct count bounds_seen(const struct limits *limits, uint64_t seen)
{
	const unsigned int missed = BIT(GAP_MISSED) | BIT(GAP_MISSED_OTHER);
	struct range range = { seen, UINT64_MAX };

	if (limits_records_whole(limits))
		range.max = seen;
	else if (limits->gaps & BIT(GAP_NO_WINDOW))
		return (struct count){ .certainty = CERTAINTY_UNKNOWN };
	else if (limits->lost.known && !(limits->gaps & missed))
		range.max = sat_plus(seen, limits->lost.value);
	return count_in(range, seen);
}
