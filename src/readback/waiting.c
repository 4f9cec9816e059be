// SPDX-License-Identifier: GPL-2.0-or-later
/* Who waits for whom: the inverse of render/json_waiting.c. */
#include "readback/episode.h"
#include "readback/sections.h"

/* --- in flight ----------------------------------------------------------------------------- */

/* Only ages are told: the times count from its beginning. */
static void take_stalled(struct taker *take, struct json_object *from, void *to)
{
	struct worst *worst = to;
	struct episode *ep = worst->episode = episode_new(take);

	if (!ep)
		return;
	episode_take_request(take, from, worst);
	ep->outcome = OUTCOME_IN_FLIGHT;
	ep->end_ns = take_u64(take, from, "age_ns");
	ep->stage = take_name(take, from, "stage", &names_timed);
	ep->stage_since_ns = ep->end_ns - take_u64(take, from, "stage_age_ns");
	ep->last_event_ns = ep->end_ns - take_u64(take, from, "last_event_age_ns");
	ep->run = take_name_or(take, from, "run", &names_run, RUN_ON_CPU);
	ep->in_window = take_bool(take, from, "counted");
}

static void take_in_flight(struct taker *take, struct json_object *from, void *to)
{
	struct waiting *waiting = to;

	waiting->nr_in_flight_all = take_u64(take, from, "count");
	take_list(take, from, "episodes", take_stalled, &waiting->in_flight,
		  sizeof(*waiting->in_flight), &waiting->nr_in_flight);
	if (waiting->nr_in_flight > waiting->nr_in_flight_all)
		take_refuse(take, "episodes", "at most as many as count");
}

void readback_in_flight(struct taker *take, struct json_object *top)
{
	take_part(take, top, "in_flight", take_in_flight, &take->summary->waiting);
}

/* --- concurrency --------------------------------------------------------------------------- */

static void take_number(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "from", TAKE_U64, offsetof(struct crowd_row, from) },
		{ "to", TAKE_U64, offsetof(struct crowd_row, to) },
		{ "ns", TAKE_U64, offsetof(struct crowd_row, ns) },
		{ "task_ns", TAKE_U64, offsetof(struct crowd_row, task_ns) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), to);
}

struct stage_crowd {
	enum stage stage;
	uint64_t max, task_ns;
};

static void take_stage(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "max", TAKE_U64, offsetof(struct stage_crowd, max) },
		{ "task_ns", TAKE_U64, offsetof(struct stage_crowd, task_ns) },
	};
	struct stage_crowd *crowd = to;

	crowd->stage = take_name(take, from, "name", &names_timed);
	take_fields(take, from, fields, TAKE_NR(fields), crowd);
}

static void take_stages(struct taker *take, struct json_object *from, struct concurrency *crowd)
{
	struct stage_crowd rows[NR_TIMED_STAGES];
	size_t nr = take_rows(take, from, "stages", take_stage, rows, sizeof(rows[0]),
			      NR_TIMED_STAGES);
	size_t i;

	for (i = 0; i < nr; i++) {
		crowd->stage_max[rows[i].stage] = rows[i].max;
		crowd->stage_task_ns[rows[i].stage] = rows[i].task_ns;
	}
}

static void take_concurrency(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "max", TAKE_U64, offsetof(struct concurrency, max) },
		{ "max_at_ns", TAKE_U64_OR_0, offsetof(struct concurrency, max_at_ns) },
		{ "window_ns", TAKE_U64, offsetof(struct concurrency, window_ns) },
		{ "task_ns", TAKE_U64, offsetof(struct concurrency, task_ns) },
		{ "late_changes", TAKE_U64, offsetof(struct concurrency, nr_late) },
	};
	struct concurrency *crowd = to;

	crowd->basis = take_name(take, from, "basis", &names_time_basis);
	take_fields(take, from, fields, TAKE_NR(fields), crowd);
	crowd->nr_rows = take_rows(take, from, "by_number", take_number, crowd->rows,
				   sizeof(crowd->rows[0]), NR_CROWD_ROWS);
	take_stages(take, from, crowd);
}

void readback_concurrency(struct taker *take, struct json_object *top)
{
	take_part(take, top, "concurrency", take_concurrency, &take->summary->waiting.crowd);
}

/* --- holes --------------------------------------------------------------------------------- */

/* Without sched events it is not told how the time divides. */
static void take_holes(struct taker *take, struct json_object *from, void *to)
{
	struct waiting *waiting = to;
	uint64_t ns = take_u64(take, from, "total_ns");

	waiting->nr_holes = take_u64(take, from, "count");
	waiting->nr_lost_holes = take_u64(take, from, "lost");
	waiting->has_sched = take_part(take, from, "run_ns", take_run, waiting->holes_ns);
	if (!waiting->has_sched)
		waiting->holes_ns[RUN_ON_CPU] = ns;
}

void readback_holes(struct taker *take, struct json_object *top)
{
	take_part(take, top, "holes", take_holes, &take->summary->waiting);
}
