// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: a filled aggregate and what else the capture says. Out: the summary. All orders are total, so
 * that equal captures give equal summaries.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/vec.h"
#include "kernel/flags.h"
#include "summary/aggregate.h"
#include "summary/aggregate_struct.h"
#include "summary/bounds.h"
#include "summary/callers.h"
#include "summary/gfp.h"
#include "summary/identity.h"
#include "summary/limits.h"
#include "summary/path.h"
#include "summary/reconcile.h"
#include "summary/state.h"
#include "summary/text.h"
#include "summary/view.h"

/* What is being put together, and from what. */
struct maker {
	struct aggregate *agg;
	const struct summary_input *input;
	struct summary *out;
};

/* --- the slowpath -------------------------------------------------------------------------- */

static bool recorded(const struct maker *make, enum ev_kind kind)
{
	return make->input->info->kinds & (1ULL << kind);
}

static int make_slowpath(struct maker *make)
{
	const struct seq_counts *counts = make->input->counts;
	struct slowpath *slow = &make->out->slowpath;
	struct aggregate *agg = make->agg;

	slow->basis = counts->basis;
	slow->entries = bounds_entries(make->input, make->out);
	slow->rebuilt = counts->entries - counts->entries_too_deep;
	slow->unseen = bounds_unseen(&slow->entries, counts->entries);
	memcpy(slow->outcomes, agg->outcomes, sizeof(slow->outcomes));
	memcpy(slow->time_basis, agg->time_basis, sizeof(slow->time_basis));
	slow->captured = agg->captured;
	slow->nested = tally_times(&agg->nested, make->out);
	slow->times = tally_times(&agg->all, make->out);
	roles_fill(make->out, &agg->roles);
	return 0;
}

static int make_attempts(struct maker *make)
{
	const struct seq_counts *counts = make->input->counts;
	const char *profile = make->out->identity.profile;
	bool full = profile && !strcmp(profile, "full");
	bool freelist = profile && !strcmp(profile, "freelist");
	struct attempts *out = &make->out->attempts;
	struct sight sight = view_sight(make->input);

	out->has_results = sight.results;
	out->has_attempts = sight.attempts;
	out->has_all = out->has_results && full;
	out->has_nulls = out->has_results && (full || freelist);
	memcpy(out->attempts, counts->attempts, sizeof(out->attempts));
	memcpy(out->null_attempts, counts->null_attempts, sizeof(out->null_attempts));
	out->null_returns = counts->null_returns;
	if (counts->entries)
		out->overcount_per_mille =
			(out->null_returns * 1000 + counts->entries / 2) / counts->entries;
	out->has_allocations = full;
	out->allocations = bounds_seen(&make->out->limits, counts->allocations);
	return 0;
}

static int make_detours(struct maker *make)
{
	return detours_fill(make->out, &make->agg->detours, make->input);
}

static int make_stages(struct maker *make)
{
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++) {
		const struct stage_tally *from = &make->agg->stages[stage];

		make->out->stages[stage] = (struct stage_row){
			.episodes = from->episodes,
			.visits = from->visits,
			.succeeded = from->succeeded,
			.times = tally_times(&from->tally, make->out),
		};
		memcpy(make->out->stages[stage].run_ns, from->run_ns, sizeof(from->run_ns));
	}
	return 0;
}

static int make_transitions(struct maker *make)
{
	struct summary *out = make->out;
	enum stage from, to;

	out->transitions = calloc((size_t)NR_TIMED_STAGES * NR_STAGES, sizeof(*out->transitions));
	if (!out->transitions)
		return -ENOMEM;
	for (from = 0; from < NR_TIMED_STAGES; from++)
		for (to = 0; to < NR_STAGES; to++) {
			struct times times =
				tally_times(&make->agg->transitions[from][to], make->out);

			if (times.count)
				out->transitions[out->nr_transitions++] =
					(struct transition_row){ from, to, times };
		}
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	const struct path_row *x = a, *y = b;
	int order = compare_u64(y->times.count, x->times.count);

	return order ? order : strcmp(x->path, y->path);
}

static const char *keep_path(struct summary *out, const char *key)
{
	char text[PATH_TEXT_MAX];

	path_text(text, key);
	return texts_keep(&out->texts, span_of(text));
}

static int make_paths(struct maker *make)
{
	const struct table *table = &make->agg->paths;
	struct summary *out = make->out;
	size_t i;

	out->paths = calloc(table->nr + 1, sizeof(*out->paths));
	if (!out->paths)
		return -ENOMEM;
	for (i = 0; i < table->nr; i++) {
		out->paths[i].path = keep_path(out, table->rows[i].text);
		out->paths[i].times = tally_times(&table->rows[i].tally, make->out);
		if (!out->paths[i].path)
			return -ENOMEM;
	}
	qsort(out->paths, table->nr, sizeof(*out->paths), compare_paths);
	out->nr_paths = table->nr;
	if (table->other.hist.count)
		out->paths[out->nr_paths++].times = tally_times(&table->other, make->out);
	return 0;
}

/* --- by key -------------------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b)
{
	const struct key_row *x = a, *y = b;
	int order = compare_u64(y->times.count, x->times.count);

	if (!order)
		order = (x->number > y->number) - (x->number < y->number);
	if (!order)
		order = (x->order > y->order) - (x->order < y->order);
	return order || !x->text ? order : strcmp(x->text, y->text);
}

/* What a key is called, beside its number; *text stays NULL where it has no name. */
static int name_key(struct maker *make, enum by by, const struct table_row *from, const char **text)
{
	const struct capture_info *info = make->input->info;
	struct text_list *texts = &make->out->texts;

	if (by == BY_GFP || by == BY_ORDER_GFP)
		*text = gfp_text(texts, info->gfp_names, info->nr_gfp_names, from->number);
	else if (by == BY_COMM)
		*text = texts_keep(texts, span_of(from->text));
	else if (by == BY_MIGRATETYPE)
		*text = kernel_migratetype_name((int64_t)from->number);
	return *text || by == BY_ORDER || by == BY_MIGRATETYPE ? 0 : -ENOMEM;
}

static void append_rest(struct maker *make, struct key_table *to, const struct tally *tally,
			enum key_kind kind)
{
	if (tally->hist.count)
		to->rows[to->nr++] = (struct key_row){
			.kind = kind,
			.times = tally_times(tally, make->out),
		};
}

static int make_by(struct maker *make, enum by by)
{
	const struct table *table = &make->agg->by[by];
	struct key_table *out = &make->out->by[by];
	size_t i;

	out->rows = calloc(table->nr + 2, sizeof(*out->rows));
	if (!out->rows)
		return -ENOMEM;
	for (i = 0; i < table->nr; i++) {
		struct key_row *row = &out->rows[i];

		row->number = (int64_t)table->rows[i].number;
		if (by == BY_ORDER_GFP)
			row->order = aggregate_key_order(table->rows[i].text);
		row->times = tally_times(&table->rows[i].tally, make->out);
		if (name_key(make, by, &table->rows[i], &row->text))
			return -ENOMEM;
	}
	qsort(out->rows, table->nr, sizeof(*out->rows), compare_keys);
	out->nr = table->nr;
	out->known = true;
	append_rest(make, out, &table->unknown, KEY_UNKNOWN);
	append_rest(make, out, &table->other, KEY_OTHER);
	return 0;
}

static int make_keys(struct maker *make)
{
	enum by by;
	int ret = 0;

	for (by = 0; by < NR_BY && !ret; by++)
		ret = make_by(make, by);
	return ret;
}

static int make_callers(struct maker *make)
{
	return callers_fill(make->out, &make->agg->stacks, make->input);
}

/* --- the slowest episodes ------------------------------------------------------------------ */

static bool has_episode(const struct summary *out, uint64_t id)
{
	size_t i;

	for (i = 0; i < out->nr_worst; i++)
		if (out->worst[i].episode->id == id)
			return true;
	return false;
}

/* Takes the episode out of the heap's hands, to the end of a list. */
static int take_episode(struct maker *make, struct worst *list, size_t *nr, struct episode **from)
{
	const struct capture_info *info = make->input->info;
	struct summary *out = make->out;
	struct worst *worst = &list[(*nr)++];
	char key[PATH_KEY_MAX];

	worst->episode = *from;
	*from = NULL;
	worst->basis = (enum time_basis)aggregate_basis(worst->episode);
	path_key(key, worst->episode);
	worst->path = keep_path(out, key);
	worst->comm = *worst->episode->comm ? worst->episode->comm : NULL;
	worst->gfp =
		gfp_text(&out->texts, info->gfp_names, info->nr_gfp_names, worst->episode->gfp);
	worst->exit = exits_name(worst->episode->exits);
	if (!worst->path || !worst->gfp)
		return -ENOMEM;
	return callers_frames(&worst->stack, &out->texts, make->input, worst->episode->stack);
}

static int take_worst(struct maker *make, struct episode **from)
{
	struct summary *out = make->out;

	out->limits.dropped_steps += (*from)->nr_steps_dropped;
	return take_episode(make, out->worst, &out->nr_worst, from);
}

static int compare_worst(const void *a, const void *b)
{
	const struct worst *x = a, *y = b;

	return top_compare(x->episode, y->episode);
}

/* Those that were still under way are listed even where others were slower. */
static int make_worst(struct maker *make)
{
	struct top *tops[] = { &make->agg->slowest, &make->agg->in_flight };
	struct summary *out = make->out;
	size_t i, at;

	out->worst = calloc(tops[0]->nr + tops[1]->nr + 1, sizeof(*out->worst));
	if (!out->worst)
		return -ENOMEM;
	for (i = 0; i < 2; i++)
		for (at = 0; at < tops[i]->nr; at++)
			if (!has_episode(out, tops[i]->heap[at]->id) &&
			    take_worst(make, &tops[i]->heap[at]))
				return -ENOMEM;
	qsort(out->worst, out->nr_worst, sizeof(*out->worst), compare_worst);
	return 0;
}

/* --- who waits for whom -------------------------------------------------------------------- */

/* They all end with the window: the longest is the oldest. */
static int make_waiting(struct maker *make)
{
	struct waiting *out = &make->out->waiting;
	struct top *from = &make->agg->waiting.in_flight;
	const struct seq_counts *counts = make->input->counts;
	size_t i;

	waiting_fill(out, &make->agg->waiting, counts,
		     counts->basis != BASIS_EVIDENCE && limits_entries_whole(&make->out->limits));
	out->in_flight = calloc(from->nr + 1, sizeof(*out->in_flight));
	if (!out->in_flight)
		return -ENOMEM;
	for (i = 0; i < from->nr; i++)
		if (take_episode(make, out->in_flight, &out->nr_in_flight, &from->heap[i]))
			return -ENOMEM;
	qsort(out->in_flight, out->nr_in_flight, sizeof(*out->in_flight), compare_worst);
	return 0;
}

static int make_exits(struct maker *make)
{
	return exits_finish(&make->agg->exits, view_sight(make->input).exits, make->out);
}

/* --- over time ----------------------------------------------------------------------------- */

/* Recorders before the ticks, and others, leave only what was traced. */
static int note_missing_readings(struct summary *out)
{
	static const char why[] = "the kernel was not read while the recording ran: no PSI, free "
				  "pages or counters over time";
	size_t i;

	for (i = 0; i < out->nr_timeline; i++)
		if (out->timeline[i].counted_ns)
			return 0;
	return pair_list_add(&out->limits.not_probed, &out->texts, span_of("timeline"),
			     span_of(why));
}

/* Recorded with -p, the events of kswapd, which is another task, are left out. */
static int make_timeline(struct maker *make)
{
	struct summary *out = make->out;
	int ret;

	out->has_kswapd = recorded(make, EV_KSWAPD_WAKE) && recorded(make, EV_KSWAPD_SLEEP) &&
			  !out->identity.only_pid.known;
	ret = timeline_finish(&make->agg->timeline, make->input, &out->timeline, &out->nr_timeline);
	return ret ? ret : note_missing_readings(out);
}

/* --- the whole ----------------------------------------------------------------------------- */

static int make_identity(struct maker *make)
{
	return identity_fill(&make->out->identity, &make->out->texts, make->input);
}

static int make_state(struct maker *make)
{
	return state_fill(&make->out->state, &make->out->texts, make->input);
}

static int make_limits(struct maker *make)
{
	struct limits *limits = &make->out->limits;
	enum by by;

	*limits = make->agg->limits;
	make->agg->limits = (struct limits){ 0 };
	limits->path_tails = make->agg->path_tails;
	limits->folded_paths = make->agg->paths.other.hist.count;
	for (by = 0; by < NR_BY; by++)
		limits->folded_keys += make->agg->by[by].other.hist.count;
	limits->folded_keys += make->agg->stacks.other.hist.count;
	return limits_fill(limits, &make->out->texts, make->input);
}

static int make_relations(struct maker *make)
{
	struct summary *out = make->out;
	struct number_list vmstat = { 0 };
	struct evidence evidence = { make->input, out, &vmstat, &make->agg->ledger,
				     make->agg->captured_pages };
	int ret;

	out->relations = calloc(reconcile_max(), sizeof(*out->relations));
	if (!out->relations)
		return -ENOMEM;
	ret = state_vmstat_deltas(&vmstat, &out->texts, make->input->start.vmstat,
				  make->input->stop.vmstat);
	if (!ret) {
		reconcile(out->relations, &evidence);
		out->nr_relations = reconcile_max();
	}
	free(vmstat.items);
	return ret;
}

int aggregate_finish(struct aggregate *agg, const struct summary_input *input,
		     struct summary *summary)
{
	/* Later ones read what earlier ones filled: the profile, the gaps, the outcomes. */
	static int (*const steps[])(struct maker * make) = {
		make_identity, make_limits,   make_slowpath,	make_attempts,
		make_detours,  make_stages,   make_transitions, make_paths,
		make_keys,     make_callers,  make_worst,	make_exits,
		make_waiting,  make_timeline, make_state,	make_relations,
	};
	struct maker make = { .agg = agg, .input = input, .out = summary };
	int ret = aggregate_settle(agg);
	size_t i;

	*summary = (struct summary){ 0 };
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]) && !ret; i++)
		ret = steps[i](&make);
	return !ret && summary->no_memory ? -ENOMEM : ret;
}

void *summary_keep(struct summary *summary, size_t nr, size_t size)
{
	struct block_list *list = &summary->blocks;
	void *block = NULL;

	if (!vec_reserve((void **)&list->items, &list->cap, list->nr + 1, sizeof(*list->items)))
		block = calloc(nr, size);
	if (block)
		list->items[list->nr++] = block;
	summary->no_memory |= !block;
	return block;
}

static void free_worst(struct worst *list, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		free(list[i].episode);
		free(list[i].stack.rows);
	}
	free(list);
}

void summary_free(struct summary *summary)
{
	enum by by;
	size_t i;

	free(summary->transitions);
	free(summary->paths);
	for (by = 0; by < NR_BY; by++)
		free(summary->by[by].rows);
	callers_free(&summary->callers);
	free_worst(summary->worst, summary->nr_worst);
	free_worst(summary->waiting.in_flight, summary->waiting.nr_in_flight);
	free(summary->exits.rows);
	free(summary->timeline);
	free(summary->relations);
	state_free(&summary->state);
	limits_free(&summary->limits);
	texts_free(&summary->texts);
	for (i = 0; i < summary->blocks.nr; i++)
		free(summary->blocks.items[i]);
	free(summary->blocks.items);
	*summary = (struct summary){ 0 };
}
