// SPDX-License-Identifier: GPL-2.0-or-later
/* The report in words: what the slowest waited for, and whether stalls come in clusters. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/saturate.h"
#include "render/text_parts.h"

/* Fewer intervals say nothing about clusters. */
#define INTERVALS_MIN 6
#define ROWS_CLUSTERS 6

static const char *const stage_words[NR_TIMED_STAGES] = {
	[STAGE_ENTRY] = "waking kswapd and the first attempts",
	[STAGE_COMPACT] = "direct compaction",
	[STAGE_RECLAIM] = "direct reclaim",
	[STAGE_THROTTLE] = "being throttled in reclaim",
	[STAGE_RETRY] = "deciding to retry",
	[STAGE_OOM] = "the OOM killer",
};

static uint64_t percent(uint64_t part, uint64_t of)
{
	return of ? text_per_mille(part, of) / 10 : 0;
}

/* --- what the slowest waited for ------------------------------------------------------------ */

struct source {
	uint64_t ns, stage_ns[NR_TIMED_STAGES];
	uint64_t nr, nr_exact;
};

static void add_episode(struct source *source, const struct worst *worst)
{
	const struct episode *ep = worst->episode;
	enum stage stage;

	source->nr++;
	source->nr_exact += worst->basis == TIME_EXACT;
	for (stage = 0; stage < NR_TIMED_STAGES; stage++) {
		source->stage_ns[stage] = sat_plus(source->stage_ns[stage], ep->stage_ns[stage]);
		source->ns = sat_plus(source->ns, ep->stage_ns[stage]);
	}
}

static enum stage largest(const struct source *source)
{
	enum stage stage, most = 0;

	for (stage = 1; stage < NR_TIMED_STAGES; stage++)
		if (source->stage_ns[stage] > source->stage_ns[most])
			most = stage;
	return most;
}

/* How sure: a time is exact where both edges of the episode were seen. */
static void print_sureness(const struct source *source, FILE *out)
{
	if (source->nr == source->nr_exact)
		fputs("; seen from entry to exit.\n", out);
	else
		fprintf(out, "; of %" PRIu64 " of them an end was not seen.\n",
			source->nr - source->nr_exact);
}

static void print_stalls(uint64_t nr, FILE *out)
{
	if (nr == 1)
		fputs("The slowest stall", out);
	else
		fprintf(out, "The slowest %" PRIu64 " stalls", nr);
}

void text_source(const struct summary *summary, FILE *out)
{
	struct source source = { 0 };
	char ns[UNIT_TEXT_MAX], all[UNIT_TEXT_MAX];
	uint64_t share;
	enum stage stage;
	size_t i;

	for (i = 0; i < summary->nr_worst; i++)
		if (episode_is_stall(summary->worst[i].episode))
			add_episode(&source, &summary->worst[i]);
	if (!source.ns)
		return;
	stage = largest(&source);
	share = percent(source.stage_ns[stage], source.ns);
	print_stalls(source.nr, out);
	if (share >= 50)
		fprintf(out, " spent %" PRIu64 " %% of %s in %s", share, text_of_ns(ns, source.ns),
			stage_words[stage]);
	else
		fprintf(out, " spent %s on several things, the most of it, %" PRIu64 " %%, in %s",
			text_of_ns(ns, source.ns), share, stage_words[stage]);
	fprintf(out, "; they are %" PRIu64 " %% of %s stalled in all",
		percent(source.ns, summary->slowpath.stalls.total_ns),
		text_of_ns(all, summary->slowpath.stalls.total_ns));
	print_sureness(&source, out);
}

/* --- clusters in time ----------------------------------------------------------------------- */

static int compare_stalled(const void *a, const void *b)
{
	const struct timeline_row *const *x = a, *const *y = b;

	if ((*x)->stalled_ns != (*y)->stalled_ns)
		return (*x)->stalled_ns < (*y)->stalled_ns ? 1 : -1;
	return ((*x)->start_ns > (*y)->start_ns) - ((*x)->start_ns < (*y)->start_ns);
}

static int compare_start(const void *a, const void *b)
{
	const struct timeline_row *const *x = a, *const *y = b;

	return ((*x)->start_ns > (*y)->start_ns) - ((*x)->start_ns < (*y)->start_ns);
}

/* The fewest intervals that hold half of the stalled time; `rows` are the most stalled first. */
static size_t half_of(const struct timeline_row **rows, size_t nr, uint64_t all_ns)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < nr && sum < all_ns - all_ns / 2; i++)
		sum = sat_plus(sum, rows[i]->stalled_ns);
	return i;
}

static void print_known(FILE *out, bool known, uint64_t value)
{
	if (known)
		fprintf(out, " %9" PRIu64, value);
	else
		fprintf(out, " %9s", "-");
}

/* Microseconds that a counter of the kernel grew by. */
static const char *psi_text(char buf[UNIT_TEXT_MAX], const struct timeline_row *row)
{
	int64_t us = row->change[READING_PSI_SOME_US];

	if (!(row->has_change & (1U << READING_PSI_SOME_US)) || us < 0)
		return "-";
	return text_of_ns(buf, sat_times((uint64_t)us, 1000));
}

static void print_interval(const struct summary *summary, const struct timeline_row *row, FILE *out)
{
	char buf[UNIT_TEXT_MAX];

	fprintf(out, "%9s", text_of_ns(buf, row->start_ns - summary->timeline[0].start_ns));
	fprintf(out, " %9s %9" PRIu64, text_of_ns(buf, row->duration_ns), row->entries);
	fprintf(out, " %9s", text_of_ns(buf, row->stalled_ns));
	fprintf(out, " %9s", summary->has_kswapd ? text_of_ns(buf, row->awake_ns) : "-");
	print_known(out, row->free_pages_min.known, row->free_pages_min.value);
	fprintf(out, " %9s\n", psi_text(buf, row));
}

static void print_clusters(const struct summary *summary, const struct timeline_row **rows,
			   uint64_t all_ns, FILE *out)
{
	size_t nr = summary->nr_timeline, half = half_of(rows, nr, all_ns), i;
	size_t shown = half < ROWS_CLUSTERS ? half : ROWS_CLUSTERS;

	fprintf(out,
		"\n" MARK_HEAD "Over time" MARK_END ": half of the stalled time lies in %zu of %zu "
		"intervals%s.\n",
		half, nr, half * 4 <= nr ? "; it comes in clusters" : "");
	fputs(MARK_HEAD
	      "       at       for   entries   stalled    kswapd min. free  PSI some" MARK_END "\n",
	      out);
	qsort(rows, shown, sizeof(*rows), compare_start);
	for (i = 0; i < shown; i++)
		print_interval(summary, rows[i], out);
}

void text_clusters(const struct summary *summary, FILE *out)
{
	size_t nr = summary->nr_timeline, i;
	const struct timeline_row **rows;
	uint64_t all_ns = 0;

	if (nr < INTERVALS_MIN)
		return;
	rows = calloc(nr, sizeof(*rows));
	for (i = 0; rows && i < nr; i++) {
		rows[i] = &summary->timeline[i];
		all_ns = sat_plus(all_ns, rows[i]->stalled_ns);
	}
	if (rows && all_ns) {
		qsort(rows, nr, sizeof(*rows), compare_stalled);
		print_clusters(summary, rows, all_ns, out);
	}
	free(rows);
}

/* --- how the times spread ------------------------------------------------------------------- */

#define BAR_MAX	   40
#define SPREAD_MAX 40 /* a factor of 4 per row: 32 of them hold all */

struct spread_row {
	uint64_t from_ns, count;
};

static size_t spread(const struct times *times, struct spread_row rows[SPREAD_MAX])
{
	size_t i, nr = 0;

	for (i = 0; i < times->nr_buckets; i++) {
		const struct bucket *bucket = &times->buckets[i];
		unsigned int bits =
			bucket->lower_ns ? 63 - (unsigned int)__builtin_clzll(bucket->lower_ns) : 0;
		uint64_t from = 1ULL << (bits & ~1U);

		while (nr && nr < SPREAD_MAX - 1 && rows[nr - 1].from_ns * 4 < from) {
			rows[nr] = (struct spread_row){ rows[nr - 1].from_ns * 4, 0 };
			nr++;
		}
		if (!nr || rows[nr - 1].from_ns != from)
			rows[nr++] = (struct spread_row){ from, 0 };
		rows[nr - 1].count = sat_plus(rows[nr - 1].count, bucket->count);
	}
	return nr;
}

static void print_bar(uint64_t count, uint64_t most, FILE *out)
{
	unsigned int nr = most ? (unsigned int)(count / ((most + BAR_MAX - 1) / BAR_MAX)) : 0;

	for (; nr; nr--)
		putc('#', out);
	if (count && count < (most + BAR_MAX - 1) / BAR_MAX)
		putc('.', out);
}

void text_spread(const struct times *times, FILE *out)
{
	struct spread_row rows[SPREAD_MAX];
	size_t i, nr = spread(times, rows);
	char from[UNIT_TEXT_MAX];
	uint64_t most = 0;

	if (nr < 2)
		return;
	for (i = 0; i < nr; i++)
		most = rows[i].count > most ? rows[i].count : most;
	fprintf(out, "\n" MARK_HEAD "%9s %9s  How long they took" MARK_END "\n", "from",
		"episodes");
	for (i = 0; i < nr; i++) {
		fprintf(out, "%9s %9" PRIu64 "  ", text_of_ns(from, rows[i].from_ns),
			rows[i].count);
		print_bar(rows[i].count, most, out);
		putc('\n', out);
	}
}
