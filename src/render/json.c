// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The JSON summary: slowpath, attempts, stages, keys, episodes. Who and where, the state and the
 * limits are in json_context.c. Keys are added in minor versions, never changed; what is not known
 * is null, never 0.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "kernel/flags.h"
#include "render/json_callers.h"
#include "render/json_context.h"
#include "render/json_detours.h"
#include "render/json_exits.h"
#include "render/json_timeline.h"
#include "render/json_times.h"
#include "render/json_waiting.h"
#include "render/put.h"
#include "render/render.h"

typedef struct json_object *(*section_fn)(struct json *json, const struct summary *summary);

/* --- counts ------------------------------------------------------------------------------- */

static struct json_object *new_count(struct json *json, const struct count *count)
{
	struct json_object *to = put_new_object(json);
	bool known = count->certainty != CERTAINTY_UNKNOWN;

	put_known(json, to, "count", known, count->count);
	put_known(json, to, "min", known, count->min);
	put_known(json, to, "max", known && count->certainty != CERTAINTY_LOWER_BOUND, count->max);
	put_text(json, to, "certainty", certainty_name(count->certainty));
	return put_line(json, to);
}

/* --- slowpath ------------------------------------------------------------------------------ */

static struct json_object *new_outcomes(struct json *json, const struct slowpath *slow)
{
	struct json_object *to = put_new_object(json);
	enum outcome outcome;

	for (outcome = 0; outcome < NR_OUTCOMES; outcome++)
		put_u64(json, to, outcome_name(outcome), slow->outcomes[outcome]);
	return put_line(json, to);
}

static struct json_object *new_time_basis(struct json *json, const struct slowpath *slow)
{
	static const char *const keys[] = {
		[TIME_EXACT] = "exact",
		[TIME_AT_LEAST] = "at_least",
		[TIME_AT_MOST] = "at_most",
		[TIME_APPROXIMATE] = "approximate",
	};
	struct json_object *to = put_new_object(json);
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		put_u64(json, to, keys[i], slow->time_basis[i]);
	return put_line(json, to);
}

static struct json_object *new_histogram(struct json *json, const struct slowpath *slow)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < slow->times.nr_buckets; i++) {
		const struct bucket *bucket = &slow->times.buckets[i];
		struct json_object *row = put_new_array(json);

		put_item(json, row, put_new_u64(json, bucket->lower_ns));
		put_item(json, row, put_new_u64(json, bucket->upper_ns));
		put_item(json, row, put_new_u64(json, bucket->count));
		put_item(json, to, put_line(json, row));
	}
	return to;
}

/* So many episodes, so long. */
static struct json_object *new_tally(struct json *json, const struct times *times)
{
	struct json_object *to = put_new_object(json);

	put_u64(json, to, "count", times->count);
	put(json, to, "time_ns", json_times(json, times));
	return to;
}

static struct json_object *new_background(struct json *json, const struct slowpath *slow)
{
	struct json_object *to = put_new_object(json);
	enum background what;

	for (what = BACKGROUND_KSWAPD; what < NR_BACKGROUNDS; what++)
		put(json, to, background_name(what), new_tally(json, &slow->background[what]));
	return to;
}

/* 1/HISTOGRAM_SUB by its digits: 1/64 is 0.015625. */
static struct json_object *new_quantile_error(struct json *json)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "0.%06u", 1000000 / HISTOGRAM_SUB);
	return put_new_decimal(json, digits);
}

/* Nothing is said about episodes where the capture cannot show one. */
static bool sees_episodes(const struct summary *summary)
{
	return summary->slowpath.entries.certainty != CERTAINTY_UNKNOWN;
}

static struct json_object *new_slowpath(struct json *json, const struct summary *summary)
{
	const struct slowpath *slow = &summary->slowpath;
	struct json_object *to = put_new_object(json);
	bool sees = sees_episodes(summary);

	put_text(json, to, "basis", basis_name(slow->basis));
	put(json, to, "entries", new_count(json, &slow->entries));
	put_known(json, to, "rebuilt", sees, slow->rebuilt);
	put(json, to, "unseen", sees ? new_count(json, &slow->unseen) : NULL);
	put(json, to, "outcomes", sees ? new_outcomes(json, slow) : NULL);
	put_known(json, to, "captured", sees && summary->attempts.has_attempts, slow->captured);
	put(json, to, "nested", sees ? new_tally(json, &slow->nested) : NULL);
	put(json, to, "stalls", sees ? new_tally(json, &slow->stalls) : NULL);
	put(json, to, "background", sees ? new_background(json, slow) : NULL);
	put(json, to, "interrupts", sees ? new_tally(json, &slow->interrupts) : NULL);
	put(json, to, "time_ns", sees ? json_times(json, &slow->times) : NULL);
	put(json, to, "self_time_ns", sees ? json_times(json, &slow->self) : NULL);
	put(json, to, "time_basis", sees ? new_time_basis(json, slow) : NULL);
	put(json, to, "quantile_error", new_quantile_error(json));
	put(json, to, "histogram",
	    sees && slow->times.has_buckets ? new_histogram(json, slow) : NULL);
	return to;
}

/* --- allocations and attempts -------------------------------------------------------------- */

static struct json_object *new_allocations(struct json *json, const struct summary *summary)
{
	const struct attempts *attempts = &summary->attempts;

	return attempts->has_allocations ? new_count(json, &attempts->allocations) : NULL;
}

/* Does the profile see attempts of this label? */
static bool sees_label(const struct attempts *attempts, enum attempt label)
{
	bool slow = label != ATTEMPT_FAST && label != ATTEMPT_NOLOCK;

	return slow ? attempts->has_attempts : attempts->has_all;
}

static struct json_object *new_labels(struct json *json, const struct attempts *attempts)
{
	struct json_object *to = put_new_array(json);
	enum attempt label;

	for (label = 0; label < NR_ATTEMPTS; label++) {
		struct json_object *row = put_new_object(json);
		bool nulls = label == ATTEMPT_FAST
				     ? attempts->has_nulls
				     : sees_label(attempts, label) && attempts->has_results;

		put_text(json, row, "label", attempt_name(label));
		put_known(json, row, "count", sees_label(attempts, label),
			  attempts->attempts[label]);
		put_known(json, row, "null_returns", nulls, attempts->null_attempts[label]);
		put_item(json, to, put_line(json, row));
	}
	return to;
}

static struct json_object *new_overcount(struct json *json, const struct attempts *attempts)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%" PRIu64 ".%03" PRIu64,
		 attempts->overcount_per_mille / 1000, attempts->overcount_per_mille % 1000);
	return put_new_decimal(json, digits);
}

static struct json_object *new_attempts(struct json *json, const struct summary *summary)
{
	const struct attempts *attempts = &summary->attempts;
	bool ratio = attempts->has_nulls && summary->slowpath.entries.count;
	struct json_object *to;

	if (!attempts->has_attempts && !attempts->has_nulls)
		return NULL;
	to = put_new_object(json);
	put_known(json, to, "null_returns", attempts->has_nulls, attempts->null_returns);
	put(json, to, "overcount", ratio ? new_overcount(json, attempts) : NULL);
	put_known(json, to, "overcount_per_mille", ratio, attempts->overcount_per_mille);
	put(json, to, "by_label", new_labels(json, attempts));
	return to;
}

/* --- stages, transitions, paths, keys ------------------------------------------------------ */

static struct json_object *new_stages(struct json *json, const struct summary *summary)
{
	struct json_object *to = put_new_array(json);
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++) {
		const struct stage_row *from = &summary->stages[stage];
		struct json_object *row = put_new_object(json);

		put_text(json, row, "name", stage_name(stage));
		put_u64(json, row, "episodes", from->episodes);
		put_u64(json, row, "visits", from->visits);
		put_u64(json, row, "succeeded", from->succeeded);
		put(json, row, "time_ns", json_times(json, &from->times));
		put(json, row, "run_ns", json_run(json, summary, from->run_ns));
		put_item(json, to, put_line(json, row));
	}
	return to;
}

static struct json_object *new_transitions(struct json *json, const struct summary *summary)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < summary->nr_transitions; i++) {
		const struct transition_row *from = &summary->transitions[i];
		struct json_object *row = put_new_object(json);

		put_text(json, row, "from", stage_name(from->from));
		put_text(json, row, "to", stage_name(from->to));
		put_u64(json, row, "count", from->times.count);
		put(json, row, "time_ns", json_times(json, &from->times));
		put_item(json, to, put_line(json, row));
	}
	return to;
}

static struct json_object *new_paths(struct json *json, const struct summary *summary)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < summary->nr_paths; i++) {
		const struct path_row *from = &summary->paths[i];
		struct json_object *row = put_new_object(json);

		put_text(json, row, "path", from->path);
		put_u64(json, row, "count", from->times.count);
		put(json, row, "time_ns", json_times(json, &from->times));
		put_item(json, to, put_line(json, row));
	}
	return to;
}

static void put_number(struct json *json, struct json_object *row, const char *key, bool known,
		       int64_t number)
{
	if (known)
		put_i64(json, row, key, number);
	else
		put_null(json, row, key);
}

static void put_gfp(struct json *json, struct json_object *row, bool known,
		    const struct key_row *from)
{
	put(json, row, "gfp", known ? put_new_hex(json, (uint64_t)from->number) : NULL);
	put_text(json, row, "names", from->text);
}

/* The key itself: null where it was not seen, and where several are tallied together. */
static void put_key(struct json *json, struct json_object *row, enum by by,
		    const struct key_row *from)
{
	bool known = from->kind == KEY_KNOWN;

	if (by == BY_COMM)
		put_text(json, row, "comm", from->text);
	if (by == BY_ORDER || by == BY_MIGRATETYPE)
		put_number(json, row, by_name(by), known, from->number);
	if (by == BY_MIGRATETYPE)
		put_text(json, row, "name", from->text);
	if (by == BY_ORDER_GFP)
		put_number(json, row, "order", known, from->order);
	if (by == BY_GFP || by == BY_ORDER_GFP)
		put_gfp(json, row, known, from);
	if (from->kind == KEY_OTHER)
		put_bool(json, row, "other", true);
}

static struct json_object *new_key_table(struct json *json, const struct summary *summary,
					 enum by by)
{
	struct json_object *to;
	size_t i;

	if (!summary->by[by].known)
		return NULL;
	to = put_new_array(json);
	for (i = 0; i < summary->by[by].nr; i++) {
		const struct key_row *from = &summary->by[by].rows[i];
		struct json_object *row = put_new_object(json);

		put_key(json, row, by, from);
		put_u64(json, row, "count", from->times.count);
		put(json, row, "time_ns", json_times(json, &from->times));
		put_item(json, to, put_line(json, row));
	}
	return to;
}

static struct json_object *new_by(struct json *json, const struct summary *summary)
{
	struct json_object *to = put_new_object(json);
	enum by by;

	for (by = 0; by < NR_BY; by++)
		put(json, to, by_name(by), new_key_table(json, summary, by));
	put(json, to, "caller", json_callers(json, summary));
	return to;
}

/* --- episodes ------------------------------------------------------------------------------ */

static void put_attempt(struct json *json, struct json_object *row, const struct summary *summary,
			const struct step *step)
{
	char names[ALLOC_FLAGS_TEXT_MAX];

	kernel_alloc_flags_text(names, step->alloc_flags, summary->identity.release);
	put_text(json, row, "label", attempt_name((enum attempt)step->detail));
	put_bool(json, row, "page", step->value);
	put(json, row, "alloc_flags", put_new_hex(json, step->alloc_flags));
	put_text(json, row, "names", names);
}

static struct json_object *new_step(struct json *json, const struct summary *summary,
				    const struct step *step)
{
	const char *value_name = step_value_name((enum step_kind)step->kind);
	struct json_object *row = put_new_object(json);

	put_u64(json, row, "at_ns", step->at_ns);
	put_text(json, row, "what", step_name((enum step_kind)step->kind));
	if (step->kind == STEP_STAGE)
		put_text(json, row, "stage", stage_name((enum stage)step->detail));
	else if (step->kind == STEP_ATTEMPT)
		put_attempt(json, row, summary, step);
	else if (step->kind == STEP_COMPACTED)
		put_text(json, row, "result", kernel_compact_result_name(step->value));
	else if (value_name)
		put_i64(json, row, value_name, step->value);
	return put_line(json, row);
}

static struct json_object *new_steps(struct json *json, const struct summary *summary,
				     const struct episode *ep)
{
	struct json_object *to = put_new_array(json);
	uint32_t i;

	for (i = 0; i < ep->nr_steps; i++)
		put_item(json, to, new_step(json, summary, &ep->steps[i]));
	return to;
}

static struct json_object *new_stage_times(struct json *json, const struct episode *ep)
{
	struct json_object *to = put_new_object(json);
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		if (ep->visits[stage])
			put_u64(json, to, stage_name(stage), ep->stage_ns[stage]);
	return put_line(json, to);
}

/* Who asked, for what. */
static void put_request(struct json *json, struct json_object *to, const struct worst *worst)
{
	const struct episode *ep = worst->episode;

	put_text(json, to, "comm", worst->comm);
	put_i64(json, to, "pid", ep->pid);
	put_u64(json, to, "cpu", ep->cpu);
	put_text(json, to, "level", level_name(ep->level));
	put_text(json, to, "background", ep->background ? background_name(ep->background) : NULL);
	put_known(json, to, "order", ep->has_order, ep->order);
	put(json, to, "gfp", ep->has_gfp ? put_new_hex(json, ep->gfp) : NULL);
	put_text(json, to, "gfp_names", ep->has_gfp ? worst->gfp : NULL);
	if (ep->has_migratetype)
		put_i64(json, to, "migratetype", ep->migratetype);
	else
		put_null(json, to, "migratetype");
}

static struct json_object *new_episode(struct json *json, const struct summary *summary,
				       const struct worst *worst)
{
	const struct attempts *attempts = &summary->attempts;
	const struct episode *ep = worst->episode;
	struct json_object *to = put_new_object(json);
	uint64_t ns = ep->end_ns - ep->start_ns;

	put_u64(json, to, "id", ep->id);
	put_text(json, to, "origin", worst->origin);
	put_u64(json, to, "start_ns", ep->start_ns);
	put_u64(json, to, "duration_ns", ns);
	put_text(json, to, "time_basis", time_basis_name(worst->basis));
	put_text(json, to, "outcome", outcome_name(ep->outcome));
	json_put_exit(json, to, summary, worst);
	put_request(json, to, worst);
	json_put_frames(json, to, "stack", "stack_offsets", &worst->stack);
	put_known(json, to, "parent", ep->parent, ep->parent);
	put_u64(json, to, "depth", ep->depth);
	put_u64(json, to, "nested_ns", ep->nested_ns);
	put_u64(json, to, "self_ns", ns > ep->nested_ns ? ns - ep->nested_ns : 0);
	put_known(json, to, "attempts", attempts->has_attempts, ep->nr_attempts);
	put_known(json, to, "null_attempts", attempts->has_results, ep->nr_null_attempts);
	put_u64(json, to, "reclaimed_pages", ep->nr_reclaimed);
	put_text(json, to, "path", worst->path);
	put(json, to, "stages_ns", new_stage_times(json, ep));
	json_put_waiting(json, to, summary, ep);
	put(json, to, "steps", new_steps(json, summary, ep));
	put_u64(json, to, "steps_dropped", ep->nr_steps_dropped);
	return to;
}

static struct json_object *new_episodes(struct json *json, const struct summary *summary)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < summary->nr_worst; i++)
		put_item(json, to, new_episode(json, summary, &summary->worst[i]));
	return to;
}

/* --- the whole ----------------------------------------------------------------------------- */

static const struct {
	const char *key;
	section_fn make;
	bool of_episodes;
} sections[] = {
	{ "tool", json_tool, false },
	{ "merged", json_merged, false },
	{ "redacted", json_redacted, false },
	{ "capture", json_capture, false },
	{ "kernel", json_kernel, false },
	{ "host", json_host, false },
	{ "slowpath", new_slowpath, false },
	{ "allocations", new_allocations, false },
	{ "attempts", new_attempts, false },
	{ "slow_not_slowpath", json_detours, false },
	{ "stages", new_stages, true },
	{ "transitions", new_transitions, true },
	{ "paths", new_paths, true },
	{ "by", new_by, true },
	{ "exits", json_exits, true },
	{ "retries", json_retries, true },
	{ "episodes", new_episodes, true },
	{ "in_flight", json_in_flight, true },
	{ "concurrency", json_concurrency, true },
	{ "holes", json_holes, true },
	{ "timeline", json_timeline, false },
	{ "state", json_state, false },
	{ "reconciliation", json_reconciliation, false },
	{ "limits", json_limits, false },
};

static struct json_object *new_tree(struct json *json, const struct summary *summary)
{
	struct json_object *tree = put_new_object(json);
	size_t i;

	put_text(json, tree, "schema", SUMMARY_SCHEMA);
	for (i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		bool known = !sections[i].of_episodes || sees_episodes(summary);

		put(json, tree, sections[i].key, known ? sections[i].make(json, summary) : NULL);
	}
	return tree;
}

int render_json(const struct summary *summary, FILE *out, struct err *err)
{
	struct json json = { .failed = false };
	struct json_object *tree = new_tree(&json, summary);
	int ret;

	if (json.failed)
		ret = err_set(err, -ENOMEM, "out of memory for the JSON summary");
	else
		ret = put_write(tree, "JSON summary", out, err);
	json_object_put(tree);
	return ret;
}

const char *render_jsonc_version(void)
{
	return json_c_version();
}
