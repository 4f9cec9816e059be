// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables over all episodes. */
#include "readback/sections.h"

/* --- stages -------------------------------------------------------------------------------- */

void take_run(struct taker *take, struct json_object *from, void *to)
{
	uint64_t *ns = to;
	enum run_state run;

	for (run = 0; run < NR_RUNS; run++)
		ns[run] = take_u64(take, from, run_name(run));
}

struct stage_part {
	enum stage stage;
	struct stage_row row;
};

static void take_stage(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "episodes", TAKE_U64, offsetof(struct stage_row, episodes) },
		{ "visits", TAKE_U64, offsetof(struct stage_row, visits) },
		{ "succeeded", TAKE_U64, offsetof(struct stage_row, succeeded) },
	};
	struct stage_part *part = to;

	part->stage = take_name(take, from, "name", &names_timed);
	take_fields(take, from, fields, TAKE_NR(fields), &part->row);
	take_times(take, from, "time_ns", part->row.episodes, &part->row.times);
	take_part(take, from, "run_ns", take_run, part->row.run_ns);
}

void readback_stages(struct taker *take, struct json_object *top)
{
	struct stage_part parts[NR_TIMED_STAGES] = { 0 };
	size_t nr = take_rows(take, top, "stages", take_stage, parts, sizeof(parts[0]),
			      NR_TIMED_STAGES);
	size_t i;

	for (i = 0; i < nr; i++)
		take->summary->stages[parts[i].stage] = parts[i].row;
}

/* --- transitions, paths -------------------------------------------------------------------- */

static void take_transition(struct taker *take, struct json_object *from, void *to)
{
	struct transition_row *row = to;

	row->from = take_name(take, from, "from", &names_timed);
	row->to = take_name(take, from, "to", &names_stage);
	take_tally(take, from, &row->times);
}

void readback_transitions(struct taker *take, struct json_object *top)
{
	struct summary *summary = take->summary;

	take_list(take, top, "transitions", take_transition, &summary->transitions,
		  sizeof(*summary->transitions), &summary->nr_transitions);
}

static void take_path(struct taker *take, struct json_object *from, void *to)
{
	struct path_row *row = to;

	row->path = take_text(take, from, "path");
	take_tally(take, from, &row->times);
}

void readback_paths(struct taker *take, struct json_object *top)
{
	struct summary *summary = take->summary;

	take_list(take, top, "paths", take_path, &summary->paths, sizeof(*summary->paths),
		  &summary->nr_paths);
}

/* --- by key -------------------------------------------------------------------------------- */

/* A row without its key is of those whose key was not seen, or of all the others. */
static void finish_key(struct taker *take, struct json_object *from, bool known,
		       struct key_row *row)
{
	bool other = json_object_object_get(from, "other") && take_bool(take, from, "other");

	if (known && other)
		take_refuse(take, "other", "no key beside it");
	row->kind = other ? KEY_OTHER : known ? KEY_KNOWN : KEY_UNKNOWN;
	take_tally(take, from, &row->times);
}

static bool take_number_key(struct taker *take, struct json_object *from, const char *key,
			    struct key_row *row)
{
	if (!json_object_object_get(from, key))
		return false;
	row->number = take_i64(take, from, key);
	return true;
}

static void take_by_order(struct taker *take, struct json_object *from, void *to)
{
	finish_key(take, from, take_number_key(take, from, "order", to), to);
}

static void take_by_gfp(struct taker *take, struct json_object *from, void *to)
{
	struct known gfp = take_hex(take, from, "gfp");
	struct key_row *row = to;

	row->number = (int64_t)gfp.value;
	row->text = take_text(take, from, "names");
	finish_key(take, from, gfp.known, row);
}

static void take_by_migratetype(struct taker *take, struct json_object *from, void *to)
{
	struct key_row *row = to;

	row->text = take_text(take, from, "name");
	finish_key(take, from, take_number_key(take, from, "migratetype", row), row);
}

static void take_by_comm(struct taker *take, struct json_object *from, void *to)
{
	struct key_row *row = to;

	row->text = take_text(take, from, "comm");
	finish_key(take, from, row->text, row);
}

/* An episode shows both, or it is among those that did not show them. */
static void take_by_order_gfp(struct taker *take, struct json_object *from, void *to)
{
	struct known gfp = take_hex(take, from, "gfp");
	struct key_row *row = to, order = { 0 };

	if (take_number_key(take, from, "order", &order) != gfp.known)
		take_refuse(take, "order", "a number exactly where gfp is known");
	row->number = (int64_t)gfp.value;
	row->order = order.number;
	row->text = take_text(take, from, "names");
	finish_key(take, from, gfp.known, row);
}

static void take_by(struct taker *take, struct json_object *from, void *to)
{
	static const take_fn fns[NR_BY] = {
		[BY_ORDER] = take_by_order,
		[BY_GFP] = take_by_gfp,
		[BY_MIGRATETYPE] = take_by_migratetype,
		[BY_COMM] = take_by_comm,
		[BY_ORDER_GFP] = take_by_order_gfp,
	};
	struct key_table *tables = to;
	enum by by;

	for (by = 0; by < NR_BY; by++)
		tables[by].known = take_list(take, from, by_name(by), fns[by], &tables[by].rows,
					     sizeof(*tables[by].rows), &tables[by].nr);
	take_callers(take, from, &take->summary->callers);
}

void readback_by(struct taker *take, struct json_object *top)
{
	take_part(take, top, "by", take_by, take->summary->by);
}

/* --- why they ended ------------------------------------------------------------------------ */

static void take_exit(struct taker *take, struct json_object *from, void *to)
{
	struct exit_row *row = to;

	row->outcome = take_name(take, from, "outcome", &names_outcome);
	row->exit = take_text(take, from, "exit");
	row->reasons = take_name_bits(take, from, "exit_may_be", &names_exit);
	row->watermark = take_name_or(take, from, "watermark", &names_watermark, WATERMARK_UNKNOWN);
	row->text = exits_text(row->reasons, &take->summary->texts);
	if (!row->text)
		take_no_memory(take);
	take_tally(take, from, &row->times);
}

void readback_exits(struct taker *take, struct json_object *top)
{
	struct exits *exits = &take->summary->exits;

	exits->known = take_list(take, top, "exits", take_exit, &exits->rows, sizeof(*exits->rows),
				 &exits->nr);
}

static void take_between(struct taker *take, struct json_object *from, void *to)
{
	struct number_between *number = to;

	number->min = take_u64(take, from, "min");
	number->max = take_known(take, from, "max");
}

static void take_class(struct taker *take, struct json_object *from, void *to)
{
	*(uint64_t *)to = take_u64(take, from, "episodes");
}

static void take_retries(struct taker *take, struct json_object *from, void *to)
{
	struct exits *exits = to;

	take_needed(take, from, "total", take_between, &exits->retries);
	take_needed(take, from, "most", take_between, &exits->most_retries);
	take_needed(take, from, "oom_lock_waits", take_between, &exits->oom_lock_waits);
	take_needed(take, from, "oom_lock_waiters", take_between, &exits->oom_lock_waiters);
	take_rows(take, from, "by_number", take_class, exits->by_retries,
		  sizeof(exits->by_retries[0]), RETRIES_CLASSES);
	exits->retries_not_exact = take_u64(take, from, "not_exact");
}

void readback_retries(struct taker *take, struct json_object *top)
{
	if (take->summary->exits.known)
		take_needed(take, top, "retries", take_retries, &take->summary->exits);
}
