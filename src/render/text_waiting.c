// SPDX-License-Identifier: GPL-2.0-or-later
/* The report on who waits for whom: how many at once, doing what, and who still was at the end. */
#include <inttypes.h>

#include "render/text_parts.h"

#define ROWS_IN_FLIGHT 10

static const char *const run_words[NR_RUNS] = {
	[RUN_ON_CPU] = "on a CPU",
	[RUN_RUNNABLE] = "waiting for one",
	[RUN_SLEEPING] = "asleep",
};

static void print_crowd(const struct concurrency *crowd, FILE *out)
{
	uint64_t mean, nobody = crowd->nr_rows && !crowd->rows[0].from ? crowd->rows[0].ns : 0;

	if (!crowd->window_ns || !crowd->max)
		return;
	mean = text_per_mille(crowd->task_ns, crowd->window_ns);
	fprintf(out,
		"\nStalled at once: %" PRIu64 " at most, %" PRIu64 ".%03" PRIu64
		" on average (%s); nobody for %" PRIu64 " %% of the time.\n",
		crowd->max, mean / 1000, mean % 1000, time_basis_name(crowd->basis),
		text_per_mille(nobody, crowd->window_ns) / 10);
}

static void print_run(FILE *out, const uint64_t ns[NR_RUNS])
{
	char buf[UNIT_TEXT_MAX];
	enum run_state run;

	for (run = 0; run < NR_RUNS; run++)
		fprintf(out, "%s%s %s", run ? ", " : "", run_words[run], text_of_ns(buf, ns[run]));
}

static void print_stage_runs(const struct summary *summary, FILE *out)
{
	enum stage stage;

	if (!summary->waiting.has_sched)
		return;
	for (stage = 0; stage < NR_TIMED_STAGES; stage++) {
		if (!summary->stages[stage].episodes)
			continue;
		fprintf(out, "  %-10s", stage_name(stage));
		print_run(out, summary->stages[stage].run_ns);
		putc('\n', out);
	}
}

static void print_holes(const struct waiting *waiting, FILE *out)
{
	char min[UNIT_TEXT_MAX], total[UNIT_TEXT_MAX];
	uint64_t ns = 0;
	enum run_state run;

	if (!waiting->nr_holes && !waiting->nr_lost_holes)
		return;
	for (run = 0; run < NR_RUNS; run++)
		ns += waiting->holes_ns[run];
	fprintf(out, "No event for %s or longer: %" PRIu64 " times, %s in all",
		text_of_ns(min, HOLE_MIN_NS), waiting->nr_holes, text_of_ns(total, ns));
	if (waiting->has_sched) {
		fputs(": ", out);
		print_run(out, waiting->holes_ns);
	}
	if (waiting->nr_lost_holes)
		fprintf(out, "; and %" PRIu64 " times until records were lost",
			waiting->nr_lost_holes);
	fputs(".\n", out);
}

static void print_stalled(const struct worst *worst, bool has_sched, FILE *out)
{
	const struct episode *ep = worst->episode;
	char age[UNIT_TEXT_MAX], stage[UNIT_TEXT_MAX], event[UNIT_TEXT_MAX];

	fprintf(out, "%9s  ", text_of_ns(age, ep->end_ns - ep->start_ns));
	text_print_clean(out, worst->comm);
	fprintf(out, "[%" PRId32 "] %s for %s, its last event %s ago", ep->pid,
		stage_name(ep->stage), text_of_ns(stage, ep->end_ns - ep->stage_since_ns),
		text_of_ns(event, ep->end_ns - ep->last_event_ns));
	if (has_sched)
		fprintf(out, ", %s", run_words[ep->run]);
	putc('\n', out);
}

static void print_in_flight(const struct waiting *waiting, FILE *out)
{
	size_t i;

	if (!waiting->nr_in_flight_all)
		return;
	fprintf(out,
		"\n" MARK_HEAD "Still stalled when the recording ended: %" PRIu64 MARK_END "\n",
		waiting->nr_in_flight_all);
	for (i = 0; i < waiting->nr_in_flight && i < ROWS_IN_FLIGHT; i++)
		print_stalled(&waiting->in_flight[i], waiting->has_sched, out);
	if (waiting->nr_in_flight_all > i)
		fprintf(out, "          and %" PRIu64 " more, see the JSON\n",
			waiting->nr_in_flight_all - i);
}

void text_waiting(const struct summary *summary, FILE *out)
{
	const struct waiting *waiting = &summary->waiting;

	print_crowd(&waiting->crowd, out);
	print_stage_runs(summary, out);
	print_holes(waiting, out);
	print_in_flight(waiting, out);
}
