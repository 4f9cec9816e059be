// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>

#include "render/json_callers.h"
#include "render/json_waiting.h"

struct json_object *json_run(struct json *json, const struct summary *summary,
			     const uint64_t ns[NR_RUNS])
{
	struct json_object *to;
	enum run_state run;

	if (!summary->waiting.has_sched)
		return NULL;
	to = put_new_object(json);
	for (run = 0; run < NR_RUNS; run++)
		put_u64(json, to, run_name(run), ns[run]);
	return put_line(json, to);
}

static uint64_t sum_of(const uint64_t ns[NR_RUNS])
{
	uint64_t sum = 0;
	enum run_state run;

	for (run = 0; run < NR_RUNS; run++)
		sum += ns[run];
	return sum;
}

/* --- one episode --------------------------------------------------------------------------- */

static struct json_object *new_others(struct json *json, const struct episode *ep)
{
	struct json_object *to;

	if (!ep->in_crowd)
		return NULL;
	to = put_new_object(json);
	put_u64(json, to, "at_start", ep->others_at_start);
	put_u64(json, to, "max", ep->others_max);
	return put_line(json, to);
}

static struct json_object *new_episode_holes(struct json *json, const struct summary *summary,
					     const struct episode *ep)
{
	struct json_object *to = put_new_array(json);
	uint32_t i;

	for (i = 0; i < ep->nr_holes_kept; i++) {
		const struct hole *hole = &ep->holes[i];
		struct json_object *row = put_new_object(json);

		put_u64(json, row, "at_ns", hole->at_ns);
		put_u64(json, row, "duration_ns", sum_of(hole->run_ns));
		put_text(json, row, "stage", stage_name(hole->stage));
		put(json, row, "run_ns", json_run(json, summary, hole->run_ns));
		put_bool(json, row, "lost", hole->lost);
		put_item(json, to, put_line(json, row));
	}
	return to;
}

static struct json_object *new_stages_run(struct json *json, const struct summary *summary,
					  const struct episode *ep)
{
	struct json_object *to;
	enum stage stage;

	if (!summary->waiting.has_sched)
		return NULL;
	to = put_new_object(json);
	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		if (ep->visits[stage])
			put(json, to, stage_name(stage),
			    json_run(json, summary, ep->run_ns[stage]));
	return put_line(json, to);
}

void json_put_waiting(struct json *json, struct json_object *to, const struct summary *summary,
		      const struct episode *ep)
{
	uint64_t ns[NR_RUNS] = { 0 };
	enum run_state run;
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		for (run = 0; run < NR_RUNS; run++)
			ns[run] += ep->run_ns[stage][run];
	put(json, to, "run_ns", json_run(json, summary, ns));
	put(json, to, "stages_run_ns", new_stages_run(json, summary, ep));
	put(json, to, "others", new_others(json, ep));
	put_u64(json, to, "nr_holes", ep->nr_holes);
	put(json, to, "holes", new_episode_holes(json, summary, ep));
}

/* --- in flight ----------------------------------------------------------------------------- */

static struct json_object *new_stalled(struct json *json, const struct summary *summary,
				       const struct worst *worst)
{
	const struct episode *ep = worst->episode;
	struct json_object *to = put_new_object(json);

	put_u64(json, to, "id", ep->id);
	put_text(json, to, "origin", worst->origin);
	put_text(json, to, "comm", worst->comm);
	put_i64(json, to, "pid", ep->pid);
	put_text(json, to, "level", level_name(ep->level));
	put_u64(json, to, "depth", ep->depth);
	put_known(json, to, "order", ep->has_order, ep->order);
	put(json, to, "gfp", ep->has_gfp ? put_new_hex(json, ep->gfp) : NULL);
	put_text(json, to, "gfp_names", ep->has_gfp ? worst->gfp : NULL);
	json_put_frames(json, to, "stack", "stack_offsets", &worst->stack);
	put_u64(json, to, "age_ns", ep->end_ns - ep->start_ns);
	put_text(json, to, "path", worst->path);
	put_text(json, to, "stage", stage_name(ep->stage));
	put_u64(json, to, "stage_age_ns", ep->end_ns - ep->stage_since_ns);
	put_u64(json, to, "last_event_age_ns", ep->end_ns - ep->last_event_ns);
	put_text(json, to, "run", summary->waiting.has_sched ? run_name(ep->run) : NULL);
	put_bool(json, to, "counted", ep->in_window);
	return put_line(json, to);
}

struct json_object *json_in_flight(struct json *json, const struct summary *summary)
{
	const struct waiting *waiting = &summary->waiting;
	struct json_object *to = put_new_object(json);
	struct json_object *list = put_new_array(json);
	size_t i;

	for (i = 0; i < waiting->nr_in_flight; i++)
		put_item(json, list, new_stalled(json, summary, &waiting->in_flight[i]));
	put_u64(json, to, "count", waiting->nr_in_flight_all);
	put_u64(json, to, "not_listed", waiting->nr_in_flight_all - waiting->nr_in_flight);
	put(json, to, "episodes", list);
	return to;
}

/* --- concurrency --------------------------------------------------------------------------- */

/* With three digits after the point; null for a window without length. */
static struct json_object *new_mean(struct json *json, uint64_t task_ns, uint64_t window_ns)
{
	uint64_t rest = window_ns ? task_ns % window_ns : 0;
	char digits[40];

	if (!window_ns)
		return NULL;
	/* A window of centuries loses digits that do not show. */
	rest = window_ns > UINT64_MAX / 1000 ? rest / (window_ns / 1000) : rest * 1000 / window_ns;
	snprintf(digits, sizeof(digits), "%" PRIu64 ".%03" PRIu64, task_ns / window_ns,
		 rest < 1000 ? rest : 999);
	return put_new_decimal(json, digits);
}

static struct json_object *new_numbers(struct json *json, const struct concurrency *crowd)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < crowd->nr_rows; i++) {
		const struct crowd_row *from = &crowd->rows[i];
		struct json_object *row = put_new_object(json);

		put_u64(json, row, "from", from->from);
		put_u64(json, row, "to", from->to);
		put_u64(json, row, "ns", from->ns);
		put_u64(json, row, "task_ns", from->task_ns);
		put_item(json, to, put_line(json, row));
	}
	return to;
}

static struct json_object *new_stage_crowds(struct json *json, const struct concurrency *crowd)
{
	struct json_object *to = put_new_array(json);
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++) {
		struct json_object *row = put_new_object(json);

		put_text(json, row, "name", stage_name(stage));
		put_u64(json, row, "max", crowd->stage_max[stage]);
		put(json, row, "mean",
		    new_mean(json, crowd->stage_task_ns[stage], crowd->window_ns));
		put_u64(json, row, "task_ns", crowd->stage_task_ns[stage]);
		put_item(json, to, put_line(json, row));
	}
	return to;
}

struct json_object *json_concurrency(struct json *json, const struct summary *summary)
{
	const struct concurrency *crowd = &summary->waiting.crowd;
	struct json_object *to = put_new_object(json);

	put_text(json, to, "basis", time_basis_name(crowd->basis));
	put_u64(json, to, "max", crowd->max);
	put_known(json, to, "max_at_ns", crowd->max && !summary->merged.summaries,
		  crowd->max_at_ns);
	put(json, to, "mean", new_mean(json, crowd->task_ns, crowd->window_ns));
	put_u64(json, to, "window_ns", crowd->window_ns);
	put_u64(json, to, "task_ns", crowd->task_ns);
	put(json, to, "by_number", new_numbers(json, crowd));
	put(json, to, "stages", new_stage_crowds(json, crowd));
	put_u64(json, to, "late_changes", crowd->nr_late);
	return to;
}

/* --- holes --------------------------------------------------------------------------------- */

struct json_object *json_holes(struct json *json, const struct summary *summary)
{
	const struct waiting *waiting = &summary->waiting;
	struct json_object *to = put_new_object(json);

	put_u64(json, to, "min_ns", HOLE_MIN_NS);
	put_u64(json, to, "count", waiting->nr_holes);
	put_u64(json, to, "total_ns", sum_of(waiting->holes_ns));
	put(json, to, "run_ns", json_run(json, summary, waiting->holes_ns));
	put_u64(json, to, "lost", waiting->nr_lost_holes);
	return put_line(json, to);
}
