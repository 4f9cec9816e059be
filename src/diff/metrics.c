// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>

#include "diff/metrics.h"

static double window_s(const struct summary *summary)
{
	return (double)(summary->identity.stop_ns - summary->identity.start_ns) / 1e9;
}

static double per_second(const struct summary *summary, double number)
{
	double seconds = window_s(summary);

	return seconds > 0 ? number / seconds : NAN;
}

static bool sees_episodes(const struct summary *summary)
{
	return summary->slowpath.entries.certainty != CERTAINTY_UNKNOWN;
}

/* --- how much ------------------------------------------------------------------------------ */

static double entries(const struct summary *summary, int64_t arg)
{
	(void)arg;
	return sees_episodes(summary) ? per_second(summary, (double)summary->slowpath.entries.count)
				      : NAN;
}

static double outcome_share(const struct summary *summary, int64_t outcome)
{
	uint64_t all = summary->slowpath.rebuilt;

	return all ? 100.0 * (double)summary->slowpath.outcomes[outcome] / (double)all : NAN;
}

static double stalled(const struct summary *summary, int64_t arg)
{
	(void)arg;
	return sees_episodes(summary)
		       ? per_second(summary, (double)summary->slowpath.stalls.total_ns)
		       : NAN;
}

static double at_once(const struct summary *summary, int64_t arg)
{
	const struct concurrency *crowd = &summary->waiting.crowd;

	(void)arg;
	return crowd->window_ns ? (double)crowd->task_ns / (double)crowd->window_ns : NAN;
}

/* --- how long ------------------------------------------------------------------------------ */

enum quantile { P50, P90, P99, P999, LONGEST };

static double quantile_of(const struct times *times, enum quantile which)
{
	const uint64_t ns[] = {
		[P50] = times->p50_ns,	 [P90] = times->p90_ns,	    [P99] = times->p99_ns,
		[P999] = times->p999_ns, [LONGEST] = times->max_ns,
	};

	return times->count ? (double)ns[which] : NAN;
}

static double duration(const struct summary *summary, int64_t which)
{
	return quantile_of(&summary->slowpath.times, (enum quantile)which);
}

/* --- stages -------------------------------------------------------------------------------- */

static double stage_share(const struct summary *summary, int64_t stage)
{
	double all = 0;
	int i;

	for (i = 0; i < NR_TIMED_STAGES; i++)
		all += (double)summary->stages[i].times.total_ns;
	return all > 0 ? 100 * (double)summary->stages[stage].times.total_ns / all : NAN;
}

static double stage_rate(const struct summary *summary, int64_t stage)
{
	return sees_episodes(summary) ? per_second(summary, (double)summary->stages[stage].episodes)
				      : NAN;
}

static double stage_p99(const struct summary *summary, int64_t stage)
{
	return quantile_of(&summary->stages[stage].times, P99);
}

/* --- keys ---------------------------------------------------------------------------------- */

static const struct key_row *row_of(const struct summary *summary, enum by by, int64_t key)
{
	const struct key_table *table = &summary->by[by];
	size_t i;

	for (i = 0; i < table->nr; i++)
		if (table->rows[i].kind == KEY_KNOWN && table->rows[i].number == key)
			return &table->rows[i];
	return NULL;
}

double metric_key_rate(const struct summary *summary, enum by by, int64_t key)
{
	const struct key_row *row = row_of(summary, by, key);

	return sees_episodes(summary) ? per_second(summary, row ? (double)row->times.count : 0)
				      : NAN;
}

double metric_key_p99(const struct summary *summary, enum by by, int64_t key)
{
	const struct key_row *row = row_of(summary, by, key);

	return row ? quantile_of(&row->times, P99) : NAN;
}

/* --- the table ----------------------------------------------------------------------------- */

#define EACH_STAGE(group, unit, of)                                     \
	{ group, "entry", unit, false, of, STAGE_ENTRY },               \
		{ group, "compact", unit, false, of, STAGE_COMPACT },   \
		{ group, "reclaim", unit, false, of, STAGE_RECLAIM },   \
		{ group, "throttle", unit, false, of, STAGE_THROTTLE }, \
		{ group, "retry", unit, false, of, STAGE_RETRY },       \
	{                                                               \
		group, "oom", unit, false, of, STAGE_OOM                \
	}

static const struct metric fixed[] = {
	{ "slowpath", "entries", DIFF_PER_SECOND, true, entries, 0 },
	{ "slowpath", "stalled time", DIFF_NS_PER_SECOND, true, stalled, 0 },
	{ "slowpath", "stalled at once, mean", DIFF_TASKS, false, at_once, 0 },
	{ "outcomes", "ok", DIFF_PERCENT, false, outcome_share, OUTCOME_OK },
	{ "outcomes", "failed", DIFF_PERCENT, true, outcome_share, OUTCOME_FAILED },
	{ "outcomes", "in flight", DIFF_PERCENT, false, outcome_share, OUTCOME_IN_FLIGHT },
	{ "outcomes", "incomplete", DIFF_PERCENT, false, outcome_share, OUTCOME_INCOMPLETE },
	{ "times", "p50", DIFF_NS, false, duration, P50 },
	{ "times", "p90", DIFF_NS, false, duration, P90 },
	{ "times", "p99", DIFF_NS, true, duration, P99 },
	{ "times", "p999", DIFF_NS, false, duration, P999 },
	{ "times", "max", DIFF_NS, false, duration, LONGEST },
	EACH_STAGE("share of time by stage", DIFF_PERCENT, stage_share),
	EACH_STAGE("episodes by stage", DIFF_PER_SECOND, stage_rate),
	EACH_STAGE("p99 by stage", DIFF_NS, stage_p99),
};

const struct metric *metrics_fixed(size_t *nr)
{
	*nr = sizeof(fixed) / sizeof(fixed[0]);
	return fixed;
}
