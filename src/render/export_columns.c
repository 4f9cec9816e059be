// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The columns of an episode: what it truly knows, under the names of the summary where that has them.
 * What is not known is VALUE_NULL, never 0.
 */
#include "kernel/flags.h"
#include "render/export_format.h"

static const struct value nothing = { .kind = VALUE_NULL };

static struct value u64(uint64_t value)
{
	return (struct value){ .kind = VALUE_U64, .u64 = value };
}

static struct value i64(int64_t value)
{
	return (struct value){ .kind = VALUE_I64, .i64 = value };
}

static struct value word(const char *value)
{
	return (struct value){ .kind = VALUE_WORD, .text = value };
}

static struct value text(const char *value)
{
	return value ? (struct value){ .kind = VALUE_TEXT, .text = value } : nothing;
}

static struct value boolean(bool value)
{
	return (struct value){ .kind = VALUE_BOOL, .u64 = value };
}

/* --- members as they are: `at` is their offset ---------------------------------------------- */

static const void *member(const struct export_row *row, size_t at)
{
	return (const char *)row->ep + at;
}

static struct value get_u64(const struct export_row *row, size_t at)
{
	return u64(*(const uint64_t *)member(row, at));
}

static struct value get_u32(const struct export_row *row, size_t at)
{
	return u64(*(const uint32_t *)member(row, at));
}

static struct value get_i32(const struct export_row *row, size_t at)
{
	return i64(*(const int32_t *)member(row, at));
}

/* --- times --------------------------------------------------------------------------------- */

static uint64_t length_of(const struct export_row *row)
{
	return row->ep->end_ns - row->ep->start_ns;
}

static struct value get_duration(const struct export_row *row, size_t at)
{
	(void)at;
	return u64(length_of(row));
}

static struct value get_self(const struct export_row *row, size_t at)
{
	uint64_t ns = length_of(row);

	(void)at;
	return u64(ns > row->ep->nested_ns ? ns - row->ep->nested_ns : 0);
}

static struct value get_edge(const struct export_row *row, size_t at)
{
	static const char *const names[] = {
		[EDGE_EXACT] = "exact",
		[EDGE_BOUND] = "inside",
		[EDGE_OUTSIDE] = "outside",
		[EDGE_UNKNOWN] = "unseen",
	};

	return row->sight->whole ? word(names[*(const enum edge *)member(row, at)]) : nothing;
}

static struct value get_basis(const struct export_row *row, size_t at)
{
	(void)at;
	return word(time_basis_name(row->view->basis));
}

static struct value get_run(const struct export_row *row, size_t at)
{
	uint64_t ns = 0;
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		ns += row->ep->run_ns[stage][at];
	return row->sight->sched ? u64(ns) : nothing;
}

/* --- who asked, for what ------------------------------------------------------------------- */

static struct value get_parent(const struct export_row *row, size_t at)
{
	(void)at;
	return row->ep->parent ? u64(row->ep->parent) : nothing;
}

static struct value get_comm(const struct export_row *row, size_t at)
{
	(void)at;
	return text(row->view->comm);
}

static struct value get_level(const struct export_row *row, size_t at)
{
	(void)at;
	return word(level_name(row->ep->level));
}

static struct value get_background(const struct export_row *row, size_t at)
{
	(void)at;
	return row->ep->background ? word(background_name(row->ep->background)) : nothing;
}

static struct value get_order(const struct export_row *row, size_t at)
{
	return row->ep->has_order ? get_u32(row, at) : nothing;
}

static struct value get_gfp(const struct export_row *row, size_t at)
{
	(void)at;
	return row->ep->has_gfp ? text(row->view->gfp) : nothing;
}

static struct value get_gfp_bits(const struct export_row *row, size_t at)
{
	(void)at;
	return row->ep->has_gfp ? (struct value){ .kind = VALUE_HEX, .u64 = row->ep->gfp }
				: nothing;
}

static struct value get_migratetype(const struct export_row *row, size_t at)
{
	return row->ep->has_migratetype ? get_i32(row, at) : nothing;
}

static struct value get_migratetype_name(const struct export_row *row, size_t at)
{
	(void)at;
	return row->ep->has_migratetype ? text(kernel_migratetype_name(row->ep->migratetype))
					: nothing;
}

/* --- what became of it --------------------------------------------------------------------- */

static struct value get_outcome(const struct export_row *row, size_t at)
{
	(void)at;
	return word(outcome_name(row->ep->outcome));
}

static struct value get_exit(const struct export_row *row, size_t at)
{
	bool ended = row->ep->outcome != OUTCOME_IN_FLIGHT;

	(void)at;
	return row->sight->exits && ended ? text(row->view->exit) : nothing;
}

static struct value get_reasons(const struct export_row *row, size_t at)
{
	(void)at;
	return row->sight->exits ? (struct value){ .kind = VALUE_REASONS, .u64 = row->ep->exits }
				 : nothing;
}

static struct value get_watermark(const struct export_row *row, size_t at)
{
	enum watermark watermark = row->ep->watermark;

	(void)at;
	return watermark == WATERMARK_UNKNOWN ? nothing : word(watermark_name(watermark));
}

static struct value get_min(const struct export_row *row, size_t at)
{
	const struct between *between = member(row, at);

	return row->sight->exits ? u64(between->min) : nothing;
}

static struct value get_max(const struct export_row *row, size_t at)
{
	const struct between *between = member(row, at);

	return row->sight->exits && between->max != BETWEEN_OPEN ? u64(between->max) : nothing;
}

static struct value get_attempts(const struct export_row *row, size_t at)
{
	return row->sight->attempts ? get_u32(row, at) : nothing;
}

static struct value get_null_attempts(const struct export_row *row, size_t at)
{
	return row->sight->results ? get_u32(row, at) : nothing;
}

static struct value get_captured(const struct export_row *row, size_t at)
{
	(void)at;
	return row->sight->whole && row->sight->attempts ? boolean(row->ep->captured) : nothing;
}

static struct value get_path(const struct export_row *row, size_t at)
{
	(void)at;
	return text(row->view->path);
}

static struct value get_visits(const struct export_row *row, size_t at)
{
	return row->sight->whole ? get_u32(row, at) : nothing;
}

static struct value get_longest_hole(const struct export_row *row, size_t at)
{
	uint64_t longest = 0, ns;
	uint32_t i;

	(void)at;
	for (i = 0; i < row->ep->nr_holes_kept; i++) {
		const uint64_t *run_ns = row->ep->holes[i].run_ns;

		ns = run_ns[RUN_ON_CPU] + run_ns[RUN_RUNNABLE] + run_ns[RUN_SLEEPING];
		longest = ns > longest ? ns : longest;
	}
	return longest ? u64(longest) : nothing;
}

static struct value get_others(const struct export_row *row, size_t at)
{
	return row->ep->in_crowd ? get_u32(row, at) : nothing;
}

/* --- the table ----------------------------------------------------------------------------- */

#define KEY(name)     ",\"" name "\":", sizeof(name) - 1
#define EP(what)      offsetof(struct episode, what)
#define NS(stage)     EP(stage_ns) + (stage) * sizeof(uint64_t)
#define VISITS(stage) EP(visits) + (stage) * sizeof(uint32_t)

const struct export_column export_columns[] = {
	{ KEY("id"), get_u64, EP(id) },
	{ KEY("parent"), get_parent, 0 },
	{ KEY("depth"), get_u32, EP(depth) },
	{ KEY("start_ns"), get_u64, EP(start_ns) },
	{ KEY("end_ns"), get_u64, EP(end_ns) },
	{ KEY("duration_ns"), get_duration, 0 },
	{ KEY("nested_ns"), get_u64, EP(nested_ns) },
	{ KEY("self_ns"), get_self, 0 },
	{ KEY("time_basis"), get_basis, 0 },
	{ KEY("start_edge"), get_edge, EP(start_edge) },
	{ KEY("end_edge"), get_edge, EP(end_edge) },
	{ KEY("pid"), get_i32, EP(pid) },
	{ KEY("comm"), get_comm, 0 },
	{ KEY("cpu"), get_u32, EP(cpu) },
	{ KEY("level"), get_level, 0 },
	{ KEY("background"), get_background, 0 },
	{ KEY("order"), get_order, EP(order) },
	{ KEY("gfp"), get_gfp, 0 },
	{ KEY("gfp_bits"), get_gfp_bits, 0 },
	{ KEY("migratetype"), get_migratetype, EP(migratetype) },
	{ KEY("migratetype_name"), get_migratetype_name, 0 },
	{ KEY("outcome"), get_outcome, 0 },
	{ KEY("exit"), get_exit, 0 },
	{ KEY("exit_may_be"), get_reasons, 0 },
	{ KEY("watermark"), get_watermark, 0 },
	{ KEY("retries_min"), get_min, EP(retries) },
	{ KEY("retries_max"), get_max, EP(retries) },
	{ KEY("oom_lock_waits_min"), get_min, EP(oom_lock_waits) },
	{ KEY("oom_lock_waits_max"), get_max, EP(oom_lock_waits) },
	{ KEY("attempts"), get_attempts, EP(nr_attempts) },
	{ KEY("null_attempts"), get_null_attempts, EP(nr_null_attempts) },
	{ KEY("captured"), get_captured, 0 },
	{ KEY("reclaimed_pages"), get_u64, EP(nr_reclaimed) },
	{ KEY("path"), get_path, 0 },
	{ KEY("entry_ns"), get_u64, NS(STAGE_ENTRY) },
	{ KEY("compact_ns"), get_u64, NS(STAGE_COMPACT) },
	{ KEY("reclaim_ns"), get_u64, NS(STAGE_RECLAIM) },
	{ KEY("throttle_ns"), get_u64, NS(STAGE_THROTTLE) },
	{ KEY("retry_ns"), get_u64, NS(STAGE_RETRY) },
	{ KEY("oom_ns"), get_u64, NS(STAGE_OOM) },
	{ KEY("entry_visits"), get_visits, VISITS(STAGE_ENTRY) },
	{ KEY("compact_visits"), get_visits, VISITS(STAGE_COMPACT) },
	{ KEY("reclaim_visits"), get_visits, VISITS(STAGE_RECLAIM) },
	{ KEY("throttle_visits"), get_visits, VISITS(STAGE_THROTTLE) },
	{ KEY("retry_visits"), get_visits, VISITS(STAGE_RETRY) },
	{ KEY("oom_visits"), get_visits, VISITS(STAGE_OOM) },
	{ KEY("on_cpu_ns"), get_run, RUN_ON_CPU },
	{ KEY("runnable_ns"), get_run, RUN_RUNNABLE },
	{ KEY("sleeping_ns"), get_run, RUN_SLEEPING },
	{ KEY("holes"), get_u64, EP(nr_holes) },
	{ KEY("longest_hole_ns"), get_longest_hole, 0 },
	{ KEY("others_at_start"), get_others, EP(others_at_start) },
	{ KEY("others_max"), get_others, EP(others_max) },
	{ "", 0, NULL, 0 },
};

/* --- as JSON ------------------------------------------------------------------------------- */

static void put_word(struct sink *sink, const struct value *value)
{
	sink_byte(sink, '"');
	sink_word(sink, value->text);
	sink_byte(sink, '"');
}

static void put_hex(struct sink *sink, const struct value *value)
{
	sink_byte(sink, '"');
	sink_hex(sink, value->u64);
	sink_byte(sink, '"');
}

static void put_reasons(struct sink *sink, const struct value *value)
{
	const char *between = "\"";
	enum exit_reason reason;

	sink_byte(sink, '[');
	for (reason = 0; reason < NR_EXITS; reason++) {
		if (!(value->u64 >> reason & 1))
			continue;
		sink_word(sink, between);
		sink_word(sink, exit_name(reason));
		sink_byte(sink, '"');
		between = ",\"";
	}
	sink_byte(sink, ']');
}

static void put_u64(struct sink *sink, const struct value *value)
{
	sink_u64(sink, value->u64);
}

static void put_i64(struct sink *sink, const struct value *value)
{
	sink_i64(sink, value->i64);
}

static void put_bool(struct sink *sink, const struct value *value)
{
	sink_word(sink, value->u64 ? "true" : "false");
}

static void put_text(struct sink *sink, const struct value *value)
{
	sink_json(sink, value->text);
}

static void put_null(struct sink *sink, const struct value *value)
{
	(void)value;
	sink_word(sink, "null");
}

void export_put_json(struct sink *sink, const struct value *value)
{
	static void (*const puts[])(struct sink *, const struct value *) = {
		[VALUE_NULL] = put_null, [VALUE_U64] = put_u64,		[VALUE_I64] = put_i64,
		[VALUE_BOOL] = put_bool, [VALUE_WORD] = put_word,	[VALUE_TEXT] = put_text,
		[VALUE_HEX] = put_hex,	 [VALUE_REASONS] = put_reasons,
	};

	puts[value->kind](sink, value);
}
