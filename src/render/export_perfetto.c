// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The JSON form of the Trace Event Format, which ui.perfetto.dev and chrome://tracing open: a track
 * per task with an episode, and inside it its stages, as slices; steps as instants; counters of the
 * timeline.
 *
 * Times are microseconds since the window opened: readers take them for doubles, which hold
 * nanoseconds exactly for 104 days, and the uptime of a host may be more. A slice is its two edges, and
 * not a start and a length: their sum, as doubles, may lie beyond the end of what is around it, and
 * readers then drop a slice or close the wrong one. Equal times are equal texts, in the order in which
 * they happened.
 */
#include <string.h>

#include "base/hash.h"
#include "base/saturate.h"
#include "kernel/flags.h"
#include "render/export_format.h"

/*
 * The processes that tracks are grouped by. Which process a task belongs to is not in a capture. All
 * numbers are above what a task can have (PID_MAX_LIMIT, 4194304).
 */
#define PID_TASKS    10000001
#define PID_IDLE     10000002
#define PID_COUNTERS 10000003
#define TID_IDLE     20000000 /* and the number of the CPU */

/* A task gets its name when it is first seen, and again when it, or its place here, changed. */
#define NAMES_KEPT 8192

struct name {
	int64_t tid; /* 0: none */
	uint64_t hash;
};

struct perfetto {
	struct name names[NAMES_KEPT];
	uint64_t counted_until_ns;
};

struct track {
	int64_t pid, tid;
};

/* A visit of a stage, in nanoseconds since the start of the episode. */
struct visit {
	const char *name;
	uint64_t at_ns, ns;
};

#define VISITS_MAX (EPISODE_STEPS_MAX + 1)

/* --- events -------------------------------------------------------------------------------- */

static int64_t since_start(const struct sight *sight, uint64_t ns)
{
	return (int64_t)(ns - sight->start_ns);
}

static void put_key_i64(struct sink *sink, const char *key, int64_t value)
{
	sink_word(sink, key);
	sink_i64(sink, value);
}

static void put_key_us(struct sink *sink, const char *key, int64_t ns)
{
	sink_word(sink, key);
	sink_us(sink, ns);
}

static void put_event(struct sink *sink, const char *between, const char *ph, struct track track)
{
	sink_word(sink, between);
	sink_word(sink, "\n{\"ph\":\"");
	sink_word(sink, ph);
	put_key_i64(sink, "\",\"pid\":", track.pid);
	if (track.tid)
		put_key_i64(sink, ",\"tid\":", track.tid);
}

static void put_track(struct sink *sink, const char *ph, struct track track)
{
	put_event(sink, ",", ph, track);
}

/* "B" or "E", at `at_ns` since the window opened. */
static void put_edge(struct sink *sink, const char *ph, struct track track, int64_t at_ns)
{
	put_track(sink, ph, track);
	put_key_us(sink, ",\"ts\":", at_ns);
}

static void put_process_name(struct sink *sink, const char *between, int64_t pid, const char *name)
{
	put_event(sink, between, "M", (struct track){ .pid = pid });
	sink_word(sink, ",\"name\":\"process_name\",\"args\":{\"name\":");
	sink_json(sink, name);
	sink_word(sink, "}}");
}

static void begin(struct export *export)
{
	struct sink *sink = &export->sink;

	sink_word(sink, "{\"traceEvents\":[");
	put_process_name(sink, "", PID_TASKS, "Tasks in the slowpath");
	put_process_name(sink, ",", PID_IDLE, "Idle tasks (interrupts)");
	put_process_name(sink, ",", PID_COUNTERS, "Memory");
}

/* --- tracks -------------------------------------------------------------------------------- */

/* Every CPU has an idle task, and all of them have pid 0. */
static struct track track_of(const struct export_row *row)
{
	const struct episode *ep = row->ep;

	return ep->pid ? (struct track){ PID_TASKS, ep->pid }
		       : (struct track){ PID_IDLE, TID_IDLE + (int64_t)ep->cpu };
}

static void put_thread_name(struct sink *sink, const struct export_row *row, struct track track)
{
	put_track(sink, "M", track);
	sink_word(sink, ",\"name\":\"thread_name\",\"args\":{\"name\":");
	if (track.pid == PID_IDLE) {
		sink_word(sink, "\"CPU ");
		sink_u64(sink, row->ep->cpu);
		sink_byte(sink, '"');
	} else {
		sink_json(sink, row->view->comm ? row->view->comm : "(unknown task)");
	}
	sink_word(sink, "}}");
}

static void name_track(struct export *export, const struct export_row *row, struct track track)
{
	struct perfetto *perfetto = export->own;
	struct name *known = &perfetto->names[(uint64_t)track.tid % NAMES_KEPT];
	uint64_t hash = hash_string(row->view->comm ? row->view->comm : "");

	if (known->tid == track.tid && known->hash == hash)
		return;
	*known = (struct name){ track.tid, hash };
	put_thread_name(&export->sink, row, track);
}

/* --- an episode ---------------------------------------------------------------------------- */

/* All columns that are known, so that a slice tells what a line of the other formats does. */
static void put_columns(struct sink *sink, const struct export_row *row)
{
	const struct export_column *column;
	bool first = true;

	for (column = export_columns; column->name_len; column++) {
		struct value value = column->get(row, column->at);

		if (value.kind == VALUE_NULL)
			continue;
		export_put_key(sink, column, first);
		export_put_json(sink, &value);
		first = false;
	}
}

/* "ok: after_reclaim" */
static void put_whole_edge(struct sink *sink, const struct export_row *row, const char *ph,
			   struct track track, uint64_t at_ns)
{
	const struct episode *ep = row->ep;
	bool has_exit = row->sight->exits && ep->outcome != OUTCOME_IN_FLIGHT && row->view->exit;

	put_edge(sink, ph, track, since_start(row->sight, at_ns));
	sink_word(sink, ",\"cat\":\"episode\",\"name\":\"");
	sink_word(sink, outcome_name(ep->outcome));
	if (has_exit) {
		sink_word(sink, ": ");
		sink_json_part(sink, row->view->exit);
	}
	sink_byte(sink, '"');
}

static void begin_whole(struct sink *sink, const struct export_row *row, struct track track)
{
	put_whole_edge(sink, row, "B", track, row->ep->start_ns);
	sink_word(sink, ",\"args\":{");
	put_columns(sink, row);
	sink_word(sink, "}}");
}

static void end_whole(struct sink *sink, const struct export_row *row, struct track track)
{
	put_whole_edge(sink, row, "E", track, row->ep->end_ns);
	sink_byte(sink, '}');
}

/* --- its stages ---------------------------------------------------------------------------- */

static const char more_stages[] = "more stages";

static size_t visits_of_path(const struct episode *ep, struct visit *visits)
{
	uint64_t at_ns = 0, length_ns = ep->end_ns - ep->start_ns;
	size_t nr = 0, i;

	for (i = 0; i < ep->path_len && i < EPISODE_PATH_MAX; i++) {
		if (ep->path[i] >= NR_TIMED_STAGES)
			continue;
		visits[nr++] = (struct visit){ stage_name((enum stage)ep->path[i]), at_ns,
					       ep->path_ns[i] };
		at_ns += ep->path_ns[i];
	}
	if (ep->path_len > EPISODE_PATH_MAX && at_ns < length_ns)
		visits[nr++] = (struct visit){ more_stages, at_ns, length_ns - at_ns };
	return nr;
}

/* What a summary lists of an episode: the steps at which stages began. Nobody vouches for their order. */
static size_t visits_of_steps(const struct episode *ep, struct visit *visits)
{
	uint64_t end_ns = ep->end_ns - ep->start_ns;
	size_t nr = 0, i;

	for (i = 0; i < ep->nr_steps; i++) {
		uint64_t at_ns = ep->steps[i].at_ns;

		if (ep->steps[i].kind != STEP_STAGE || at_ns > end_ns ||
		    (nr && at_ns < visits[nr - 1].at_ns))
			continue;
		visits[nr++] = (struct visit){ .name = stage_name((enum stage)ep->steps[i].detail),
					       .at_ns = at_ns };
	}
	/* After the last step that is told, there may have been others. */
	if (nr && ep->nr_steps_dropped && ep->nr_steps &&
	    ep->steps[ep->nr_steps - 1].at_ns >= visits[nr - 1].at_ns &&
	    ep->steps[ep->nr_steps - 1].at_ns <= end_ns)
		visits[nr++] = (struct visit){ .name = more_stages,
					       .at_ns = ep->steps[ep->nr_steps - 1].at_ns };
	for (i = 0; i < nr; i++)
		visits[i].ns = (i + 1 < nr ? visits[i + 1].at_ns : end_ns) - visits[i].at_ns;
	return nr;
}

static void put_stage_edge(struct sink *sink, const char *ph, struct track track, int64_t at_ns,
			   const char *name)
{
	put_edge(sink, ph, track, at_ns);
	sink_word(sink, ",\"cat\":\"stage\",\"name\":\"");
	sink_word(sink, name);
	sink_word(sink, "\"}");
}

static void put_stages(struct sink *sink, const struct export_row *row, struct track track)
{
	const struct episode *ep = row->ep;
	struct visit visits[VISITS_MAX];
	size_t nr = row->sight->whole ? visits_of_path(ep, visits) : visits_of_steps(ep, visits);
	size_t i;

	for (i = 0; i < nr; i++) {
		int64_t at_ns = since_start(row->sight, ep->start_ns + visits[i].at_ns);

		put_stage_edge(sink, "B", track, at_ns, visits[i].name);
		put_stage_edge(sink, "E", track, at_ns + (int64_t)visits[i].ns, visits[i].name);
	}
}

/* --- its steps ----------------------------------------------------------------------------- */

static void put_attempt(struct sink *sink, const struct export_row *row, const struct step *step)
{
	char names[ALLOC_FLAGS_TEXT_MAX];

	kernel_alloc_flags_text(names, step->alloc_flags, row->sight->release);
	sink_word(sink, "\"label\":\"");
	sink_word(sink, attempt_name((enum attempt)step->detail));
	sink_word(sink, step->value ? "\",\"page\":true" : "\",\"page\":false");
	sink_word(sink, ",\"alloc_flags\":");
	sink_json(sink, names);
}

static void put_step_args(struct sink *sink, const struct export_row *row, const struct step *step)
{
	const char *name = step_value_name((enum step_kind)step->kind);
	const char *result = kernel_compact_result_name(step->value);

	if (step->kind == STEP_ATTEMPT) {
		put_attempt(sink, row, step);
	} else if (step->kind == STEP_COMPACTED && result) {
		sink_word(sink, "\"result\":");
		sink_json(sink, result);
	} else if (name) {
		sink_byte(sink, '"');
		sink_word(sink, name);
		sink_word(sink, "\":");
		sink_i64(sink, step->value);
	}
}

/* Stages and nested episodes are slices of their own. */
static bool is_instant(const struct step *step)
{
	return step->kind != STEP_STAGE && step->kind != STEP_NESTED;
}

static void put_steps(struct sink *sink, const struct export_row *row, struct track track)
{
	const struct episode *ep = row->ep;
	uint32_t i;

	for (i = 0; i < ep->nr_steps; i++) {
		const struct step *step = &ep->steps[i];

		if (!is_instant(step))
			continue;
		put_track(sink, "i", track);
		put_key_us(sink, ",\"s\":\"t\",\"ts\":",
			   since_start(row->sight, ep->start_ns + step->at_ns));
		sink_word(sink, ",\"cat\":\"step\",\"name\":\"");
		sink_word(sink, step_name((enum step_kind)step->kind));
		sink_word(sink, "\",\"args\":{");
		put_step_args(sink, row, step);
		sink_word(sink, "}}");
	}
}

static void put_episode(struct export *export, const struct export_row *row)
{
	struct track track = track_of(row);

	name_track(export, row, track);
	begin_whole(&export->sink, row, track);
	put_stages(&export->sink, row, track);
	put_steps(&export->sink, row, track);
	end_whole(&export->sink, row, track);
}

/* --- counters ------------------------------------------------------------------------------ */

/* Readers show a counter as its name and its unit. */
struct counter {
	const char *name, *unit;
};

static const struct counter entries = { "slowpath entries", "per interval" };
static const struct counter stalled = { "tasks stalled", "% of time" };
static const struct counter awake = { "kswapd surely awake", "% of time" };
static const struct counter psi_some = { "PSI some", "% of time" };
static const struct counter psi_full = { "PSI full", "% of time" };
static const struct counter free_pages = { "free", "pages" };

static void open_counter(struct sink *sink, const struct sight *sight, struct counter counter,
			 uint64_t at_ns)
{
	put_track(sink, "C", (struct track){ .pid = PID_COUNTERS });
	put_key_us(sink, ",\"ts\":", since_start(sight, at_ns));
	sink_word(sink, ",\"name\":\"");
	sink_word(sink, counter.name);
	sink_word(sink, "\",\"args\":{\"");
	sink_word(sink, counter.unit);
	sink_word(sink, "\":");
}

static void put_counter(struct sink *sink, const struct sight *sight, struct counter counter,
			uint64_t at_ns, uint64_t value)
{
	open_counter(sink, sight, counter, at_ns);
	sink_u64(sink, value);
	sink_word(sink, "}}");
}

/* A part of a whole in per cent, with three digits. */
static void put_share(struct sink *sink, const struct sight *sight, struct counter counter,
		      uint64_t at_ns, uint64_t part, uint64_t whole)
{
	open_counter(sink, sight, counter, at_ns);
	sink_us(sink, whole ? (int64_t)((double)part * 100000 / (double)whole) : 0);
	sink_word(sink, "}}");
}

static void put_pressure(struct sink *sink, const struct sight *sight,
			 const struct timeline_row *row, enum reading reading,
			 struct counter counter)
{
	int64_t us = row->change[reading];

	if (row->has_change & 1U << reading && row->counted_ns && us >= 0)
		put_share(sink, sight, counter, row->start_ns, sat_times((uint64_t)us, 1000),
			  row->counted_ns);
}

/* What is of an interval stands at its start, what was read at its end there. */
static void put_sample(struct export *export, const struct summary *summary,
		       const struct sight *sight, const struct timeline_row *row)
{
	struct perfetto *perfetto = export->own;
	struct sink *sink = &export->sink;
	uint64_t start_ns = row->start_ns, end_ns = start_ns + row->duration_ns;

	if (summary->slowpath.entries.certainty != CERTAINTY_UNKNOWN) {
		put_counter(sink, sight, entries, start_ns, row->entries);
		put_share(sink, sight, stalled, start_ns, row->stalled_ns, row->duration_ns);
	}
	if (summary->has_kswapd)
		put_share(sink, sight, awake, start_ns, row->awake_ns, row->duration_ns);
	put_pressure(sink, sight, row, READING_PSI_SOME_US, psi_some);
	put_pressure(sink, sight, row, READING_PSI_FULL_US, psi_full);
	if (row->free_pages.known)
		put_counter(sink, sight, free_pages, end_ns, row->free_pages.value);
	perfetto->counted_until_ns = end_ns;
}

/* --- the end of the file ------------------------------------------------------------------- */

static void put_text(struct sink *sink, const char *key, const char *text)
{
	sink_word(sink, key);
	if (text)
		sink_json(sink, text);
	else
		sink_word(sink, "null");
}

static void put_metadata(struct export *export, const struct summary *summary,
			 const struct sight *sight)
{
	const struct identity *id = &summary->identity;
	struct sink *sink = &export->sink;

	put_text(sink, "\"tool\":\"pagetrail\",\"version\":", id->tool_version);
	put_text(sink, ",\"capture\":", id->file);
	put_text(sink, ",\"kernel\":", id->kernel_release);
	put_text(sink, ",\"profile\":", id->profile);
	put_text(sink, ",\"clock\":", id->clock);
	sink_word(sink, ",\"time_zero_ns\":");
	sink_u64(sink, sight->start_ns);
	sink_word(sink, ",\"episodes\":");
	sink_u64(sink, export->nr_episodes);
	sink_word(sink, ",\"episodes_of_summary\":");
	sink_u64(sink, summary->slowpath.rebuilt);
	sink_word(sink, sight->whole ? ",\"only_listed_episodes\":false"
				     : ",\"only_listed_episodes\":true");
	sink_word(sink, summary->redacted ? ",\"redacted\":true" : ",\"redacted\":false");
	sink_word(sink,
		  summary_is_complete(summary) ? ",\"complete\":true" : ",\"complete\":false");
}

static void end(struct export *export, const struct summary *summary, const struct sight *sight)
{
	struct perfetto *perfetto = export->own;
	struct sink *sink = &export->sink;

	/* A counter goes on at its last value to the end of everything. */
	if (perfetto->counted_until_ns)
		put_counter(sink, sight, entries, perfetto->counted_until_ns, 0);
	sink_word(sink, "\n],\n\"displayTimeUnit\":\"ns\",\n\"metadata\":{");
	put_metadata(export, summary, sight);
	sink_word(sink, "}}\n");
}

const struct export_format export_perfetto = {
	.name = "perfetto",
	.own_size = sizeof(struct perfetto),
	.begin = begin,
	.episode = put_episode,
	.sample = put_sample,
	.end = end,
};
