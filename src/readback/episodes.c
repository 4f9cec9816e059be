// SPDX-License-Identifier: GPL-2.0-or-later
/* The slowest episodes, one by one. */
#include <stdlib.h>

#include "readback/episode.h"
#include "readback/sections.h"

#define EP(member) offsetof(struct episode, member)

/* --- why it ended -------------------------------------------------------------------------- */

static uint16_t take_bound(struct taker *take, struct json_object *from, const char *key,
			   uint16_t none)
{
	struct known bound = take_known(take, from, key);

	if (bound.value > UINT16_MAX)
		take_refuse(take, key, "a whole number from 0 to 65535");
	return bound.known ? (uint16_t)bound.value : none;
}

static void take_between(struct taker *take, struct json_object *from, void *to)
{
	struct between *between = to;

	between->min = take_bound(take, from, "min", 0);
	between->max = take_bound(take, from, "max", BETWEEN_OPEN);
}

static void take_exit(struct taker *take, struct json_object *from, struct worst *worst)
{
	struct episode *ep = worst->episode;

	worst->exit = take_text(take, from, "exit");
	ep->exits = take_name_bits(take, from, "exit_may_be", &names_exit);
	ep->watermark = take_name_or(take, from, "watermark", &names_watermark, WATERMARK_UNKNOWN);
	take_part(take, from, "retries", take_between, &ep->retries);
	take_part(take, from, "oom_lock_waits", take_between, &ep->oom_lock_waits);
}

/* --- who asked, for what ------------------------------------------------------------------- */

void episode_take_request(struct taker *take, struct json_object *from, struct worst *worst)
{
	static const struct take_field fields[] = {
		{ "id", TAKE_U64, EP(id) },
		{ "pid", TAKE_I32, EP(pid) },
		{ "depth", TAKE_U32, EP(depth) },
	};
	struct episode *ep = worst->episode;
	struct known gfp = take_hex(take, from, "gfp");

	take_fields(take, from, fields, TAKE_NR(fields), ep);
	worst->comm = take_text(take, from, "comm");
	worst->origin = take_text(take, from, "origin");
	ep->level = take_name(take, from, "level", &names_level);
	ep->has_order = json_object_object_get(from, "order");
	if (ep->has_order)
		ep->order = take_u32(take, from, "order");
	ep->has_gfp = gfp.known;
	ep->gfp = gfp.value;
	worst->gfp = take_text(take, from, "gfp_names");
	take_frames(take, from, "stack", "stack_offsets", &worst->stack);
	worst->path = take_text(take, from, "path");
	if (!worst->path)
		take_refuse(take, "path", "a text");
}

/* --- where its time went ------------------------------------------------------------------- */

/* The stages that it visited are those that are named. */
static void take_stages(struct taker *take, struct json_object *from, void *to)
{
	struct episode *ep = to;
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++) {
		if (!json_object_object_get(from, stage_name(stage)))
			continue;
		ep->visits[stage] = 1;
		ep->stage_ns[stage] = take_u64(take, from, stage_name(stage));
	}
}

static void take_stage_runs(struct taker *take, struct json_object *from, void *to)
{
	struct episode *ep = to;
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		take_part(take, from, stage_name(stage), take_run, ep->run_ns[stage]);
}

static void take_others(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "at_start", TAKE_U32, EP(others_at_start) },
		{ "max", TAKE_U32, EP(others_max) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), to);
}

/* Without sched events it is not told how the time divides. */
static void take_hole(struct taker *take, struct json_object *from, void *to)
{
	struct hole *hole = to;
	uint64_t ns = take_u64(take, from, "duration_ns");

	hole->at_ns = take_u64(take, from, "at_ns");
	hole->stage = take_name(take, from, "stage", &names_timed);
	hole->lost = take_bool(take, from, "lost");
	if (!take_part(take, from, "run_ns", take_run, hole->run_ns))
		hole->run_ns[RUN_ON_CPU] = ns;
}

static void take_waiting(struct taker *take, struct json_object *from, struct episode *ep)
{
	take_part(take, from, "stages_run_ns", take_stage_runs, ep);
	ep->in_crowd = take_part(take, from, "others", take_others, ep);
	ep->nr_holes = take_u64(take, from, "nr_holes");
	ep->nr_holes_kept = (uint32_t)take_rows(take, from, "holes", take_hole, ep->holes,
						sizeof(ep->holes[0]), EPISODE_HOLES_MAX);
}

/* --- steps --------------------------------------------------------------------------------- */

static void take_attempt(struct taker *take, struct json_object *from, struct step *step)
{
	struct known flags = take_hex(take, from, "alloc_flags");

	step->detail = (uint8_t)take_name(take, from, "label", &names_attempt);
	step->value = take_bool(take, from, "page");
	step->alloc_flags = (uint32_t)flags.value;
	if (!flags.known || flags.value > UINT32_MAX)
		take_refuse(take, "alloc_flags", "a text with 32 bits in hex");
}

static void take_step(struct taker *take, struct json_object *from, void *to)
{
	struct step *step = to;
	const char *key;

	step->at_ns = take_u64(take, from, "at_ns");
	step->kind = (uint8_t)take_name(take, from, "what", &names_step);
	key = step_value_name((enum step_kind)step->kind);
	if (step->kind == STEP_STAGE)
		step->detail = (uint8_t)take_name(take, from, "stage", &names_stage);
	else if (step->kind == STEP_ATTEMPT)
		take_attempt(take, from, step);
	else if (step->kind == STEP_COMPACTED)
		step->value = (int32_t)take_name_or(take, from, "result", &names_compact, UINT32_MAX);
	else if (key)
		step->value = take_i64(take, from, key);
}

/* --- the whole ----------------------------------------------------------------------------- */

struct episode *episode_new(struct taker *take)
{
	struct episode *ep = calloc(1, sizeof(*ep));

	if (!ep)
		take_no_memory(take);
	return ep;
}

static void take_counts(struct taker *take, struct json_object *from, struct episode *ep)
{
	static const struct take_field fields[] = {
		{ "start_ns", TAKE_U64, EP(start_ns) },
		{ "cpu", TAKE_U32, EP(cpu) },
		{ "parent", TAKE_U64_OR_0, EP(parent) },
		{ "nested_ns", TAKE_U64, EP(nested_ns) },
		{ "reclaimed_pages", TAKE_U64, EP(nr_reclaimed) },
		{ "steps_dropped", TAKE_U32, EP(nr_steps_dropped) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), ep);
	ep->end_ns = ep->start_ns + take_u64(take, from, "duration_ns");
	ep->outcome = take_name(take, from, "outcome", &names_outcome);
	ep->background = take_name_or(take, from, "background", &names_background, BACKGROUND_NONE);
	ep->nr_attempts = take_u32_or_0(take, from, "attempts");
	ep->nr_null_attempts = take_u32_or_0(take, from, "null_attempts");
	ep->has_migratetype = json_object_object_get(from, "migratetype");
	if (ep->has_migratetype)
		ep->migratetype = take_i32(take, from, "migratetype");
}

static void take_episode(struct taker *take, struct json_object *from, void *to)
{
	struct worst *worst = to;
	struct episode *ep = worst->episode = episode_new(take);

	if (!ep)
		return;
	take_counts(take, from, ep);
	worst->basis = take_name(take, from, "time_basis", &names_time_basis);
	take_exit(take, from, worst);
	episode_take_request(take, from, worst);
	take_needed(take, from, "stages_ns", take_stages, ep);
	take_waiting(take, from, ep);
	ep->nr_steps = (uint32_t)take_rows(take, from, "steps", take_step, ep->steps,
					   sizeof(ep->steps[0]), EPISODE_STEPS_MAX);
}

void readback_episodes(struct taker *take, struct json_object *top)
{
	struct summary *summary = take->summary;

	take_list(take, top, "episodes", take_episode, &summary->worst, sizeof(*summary->worst),
		  &summary->nr_worst);
}
