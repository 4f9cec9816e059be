// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/json_context.h"

/* --- who and where ------------------------------------------------------------------------- */

struct json_object *json_tool(struct json *json, const struct summary *summary)
{
	struct json_object *to = put_new_object(json);

	put_text(json, to, "name", "pagetrail");
	put_text(json, to, "version", summary->identity.tool_version);
	return put_line(json, to);
}

struct json_object *json_redacted(struct json *json, const struct summary *summary)
{
	struct json_object *to = put_new_array(json);
	enum redaction redaction;

	for (redaction = 0; redaction < NR_REDACTIONS; redaction++)
		if (summary->redacted & 1U << redaction)
			put_item(json, to, put_new_text(json, redaction_name(redaction)));
	return put_line(json, to);
}

static struct json_object *new_window(struct json *json, const struct identity *id)
{
	struct json_object *to = put_new_object(json);

	put_known(json, to, "start_ns", id->window_opened, id->start_ns);
	put_known(json, to, "stop_ns", id->window_closed, id->stop_ns);
	put_u64(json, to, "duration_ns", id->stop_ns - id->start_ns);
	return put_line(json, to);
}

static void put_number(struct json *json, struct json_object *to, const char *key,
		       const struct known *number)
{
	put_known(json, to, key, number->known, number->value);
}

static struct json_object *new_recorder(struct json *json, const struct identity *id)
{
	struct json_object *to;

	if (!id->recorder_version && !id->profile && !id->profile_why && !id->ended &&
	    !id->command_status.known && !id->buffer_kb.known && !id->only_pid.known)
		return NULL;
	to = put_new_object(json);
	put_text(json, to, "version", id->recorder_version);
	put_text(json, to, "profile", id->profile);
	put_text(json, to, "why", id->profile_why);
	put_text(json, to, "ended", id->ended);
	put_number(json, to, "command_status", &id->command_status);
	put_number(json, to, "buffer_kb", &id->buffer_kb);
	put_number(json, to, "only_pid", &id->only_pid);
	return to;
}

struct json_object *json_merged(struct json *json, const struct summary *summary)
{
	const struct merged *merged = &summary->merged;
	struct json_object *to;

	if (!merged->summaries)
		return NULL;
	to = put_new_object(json);
	put_u64(json, to, "summaries", merged->summaries);
	put_u64(json, to, "cpus", merged->cpus);
	return put_line(json, to);
}

struct json_object *json_capture(struct json *json, const struct summary *summary)
{
	const struct identity *id = &summary->identity;
	struct json_object *to = put_new_object(json);

	put_text(json, to, "file", id->file);
	put_text(json, to, "sha256", id->sha256);
	put_u64(json, to, "bytes", id->size);
	put_known(json, to, "format", id->version, id->version);
	put_text(json, to, "byte_order", !id->long_size ? NULL : id->big_endian ? "big" : "little");
	put_known(json, to, "long_bytes", id->long_size, id->long_size);
	put_known(json, to, "page_bytes", id->page_size, id->page_size);
	put_known(json, to, "cpus", !summary->merged.summaries, id->nr_cpus);
	put_text(json, to, "clock", id->clock);
	put(json, to, "window", new_window(json, id));
	put(json, to, "recorder", new_recorder(json, id));
	return to;
}

struct json_object *json_kernel(struct json *json, const struct summary *summary)
{
	const struct identity *id = &summary->identity;
	struct json_object *to = put_new_object(json);

	put_text(json, to, "release", id->kernel_release);
	put_text(json, to, "version", id->kernel_version);
	put_text(json, to, "machine", id->machine);
	return to;
}

struct json_object *json_host(struct json *json, const struct summary *summary)
{
	const struct identity *id = &summary->identity;
	struct json_object *to = put_new_object(json);

	put_number(json, to, "cpus_online", &id->cpus_online);
	put_number(json, to, "cpus_possible", &id->cpus_possible);
	put_number(json, to, "page_bytes", &id->page_bytes);
	put_number(json, to, "memory_kb", &id->memory_kb);
	return to;
}

/* --- state --------------------------------------------------------------------------------- */

static struct json_object *new_pairs(struct json *json, const struct pair_list *pairs)
{
	struct json_object *to = put_new_object(json);
	size_t i;

	for (i = 0; i < pairs->nr; i++)
		put_pair(json, to, pairs->items[i].name, put_new_text(json, pairs->items[i].text));
	return to;
}

static struct json_object *new_numbers(struct json *json, const struct number_list *numbers)
{
	struct json_object *to = put_new_object(json);
	size_t i;

	for (i = 0; i < numbers->nr; i++)
		put_pair(json, to, numbers->items[i].name,
			 put_new_i64(json, numbers->items[i].value));
	return to;
}

static struct json_object *new_lines(struct json *json, const struct text_list *lines)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < lines->nr; i++)
		put_item(json, to, put_new_text(json, lines->items[i]));
	return to;
}

static struct json_object *new_pressure_line(struct json *json, const struct pressure *from)
{
	const struct {
		const char *key, *digits;
	} averages[] = {
		{ "avg10_pct", from->avg10 },
		{ "avg60_pct", from->avg60 },
		{ "avg300_pct", from->avg300 },
	};
	struct json_object *to;
	size_t i;

	if (!from->avg10)
		return NULL;
	to = put_new_object(json);
	for (i = 0; i < sizeof(averages) / sizeof(averages[0]); i++)
		put(json, to, averages[i].key,
		    averages[i].digits ? put_new_decimal(json, averages[i].digits) : NULL);
	put_u64(json, to, "total_us", from->total_us);
	return put_line(json, to);
}

static struct json_object *new_pressure(struct json *json, const struct snapshot *from)
{
	struct json_object *to = put_new_object(json);

	put(json, to, "some", new_pressure_line(json, &from->some));
	put(json, to, "full", new_pressure_line(json, &from->full));
	return to;
}

static struct json_object *new_snapshot(struct json *json, const struct snapshot *from)
{
	struct json_object *to = put_new_object(json);

	put(json, to, "meminfo", from->has_meminfo ? new_numbers(json, &from->meminfo) : NULL);
	put(json, to, "pressure", from->has_pressure ? new_pressure(json, from) : NULL);
	put(json, to, "sysctl", from->has_sysctl ? new_pairs(json, &from->sysctl) : NULL);
	put(json, to, "buddyinfo", from->has_buddyinfo ? new_lines(json, &from->buddyinfo) : NULL);
	put(json, to, "zoneinfo", from->has_zoneinfo ? new_lines(json, &from->zoneinfo) : NULL);
	return to;
}

struct json_object *json_state(struct json *json, const struct summary *summary)
{
	const struct state *state = &summary->state;
	struct json_object *to = put_new_object(json);

	put(json, to, "vmstat_change",
	    state->has_vmstat ? new_numbers(json, &state->vmstat) : NULL);
	put(json, to, "start", new_snapshot(json, &state->start));
	put(json, to, "stop", new_snapshot(json, &state->stop));
	return to;
}

/* --- reconciliation ------------------------------------------------------------------------ */

struct json_object *json_reconciliation(struct json *json, const struct summary *summary)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < summary->nr_relations; i++) {
		const struct relation *from = &summary->relations[i];
		struct json_object *row = put_new_object(json);

		put_text(json, row, "what", from->what);
		put_text(json, row, "traced_is", from->traced_is);
		put_text(json, row, "kernel_is", from->kernel_is);
		put_known(json, row, "traced", from->has_traced, from->traced);
		put_known(json, row, "traced_max", from->has_traced, from->traced_max);
		put_known(json, row, "kernel", from->has_kernel, from->kernel);
		put_text(json, row, "relation", from->relation);
		put_text(json, row, "verdict", verdict_name(from->verdict));
		put_text(json, row, "why", from->why);
		put_item(json, to, row);
	}
	return to;
}

/* --- limits -------------------------------------------------------------------------------- */

static struct json_object *new_gaps(struct json *json, const struct limits *limits)
{
	struct json_object *to = put_new_array(json);
	enum gap gap;

	for (gap = 0; gap < NR_GAPS; gap++)
		if (limits->gaps & (1U << gap))
			put_item(json, to, put_new_text(json, gap_name(gap)));
	return put_line(json, to);
}

static struct json_object *new_ranges(struct json *json, const struct cpu_loss *loss)
{
	struct json_object *to = put_new_array(json);
	unsigned int i;

	for (i = 0; i < loss->nr_ranges; i++) {
		const struct loss_range *range = &loss->ranges[i];
		struct json_object *row = put_new_object(json);

		put_known(json, row, "from_ns", range->from_ns, range->from_ns);
		put_known(json, row, "to_ns", range->to_ns != UINT64_MAX, range->to_ns);
		put_known(json, row, "records", range->has_records, range->records);
		put_item(json, to, put_line(json, row));
	}
	return to;
}

static struct json_object *new_losses(struct json *json, const struct limits *limits)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < limits->nr_losses; i++) {
		const struct cpu_loss *loss = &limits->losses[i];
		struct json_object *row = put_new_object(json);

		put_u64(json, row, "cpu", loss->cpu);
		put_u64(json, row, "places", loss->places);
		put_known(json, row, "records", !loss->uncounted, loss->records);
		put_u64(json, row, "records_min", loss->records);
		put_known(json, row, "first_ns", loss->first_ns, loss->first_ns);
		put_known(json, row, "last_ns", loss->last_ns != UINT64_MAX, loss->last_ns);
		put(json, row, "ranges", new_ranges(json, loss));
		put_u64(json, row, "ranges_dropped", loss->places - loss->nr_ranges);
		put_item(json, to, row);
	}
	return to;
}

static struct json_object *new_ring_losses(struct json *json, const struct limits *limits)
{
	struct json_object *to;
	size_t i;

	if (!limits->has_ring_losses)
		return NULL;
	to = put_new_array(json);
	for (i = 0; i < limits->nr_ring_losses; i++) {
		const struct ring_loss *loss = &limits->ring_losses[i];
		struct json_object *row = put_new_object(json);

		put_u64(json, row, "cpu", loss->cpu);
		put_u64(json, row, "overrun", loss->overrun);
		put_u64(json, row, "commit_overrun", loss->commit_overrun);
		put_u64(json, row, "dropped", loss->dropped);
		put_item(json, to, put_line(json, row));
	}
	return to;
}

static struct json_object *new_probes(struct json *json, const struct limits *limits)
{
	struct json_object *to;
	size_t i;

	if (!limits->has_probes)
		return NULL;
	to = put_new_array(json);
	for (i = 0; i < limits->nr_probes; i++) {
		const struct probe_count *probe = &limits->probes[i];
		struct json_object *row = put_new_object(json);

		put_text(json, row, "probe", probe->name);
		put_u64(json, row, "hits", probe->hits);
		put_u64(json, row, "missed", probe->missed);
		put_item(json, to, put_line(json, row));
	}
	return to;
}

static struct json_object *new_damage(struct json *json, const struct limits *limits)
{
	const struct capture_damage *damage = &limits->damage;
	struct json_object *to = put_new_object(json);
	struct json_object *places = put_new_array(json);
	unsigned int i;

	put_u64(json, to, "places", damage->nr);
	put_u64(json, to, "bytes", damage->bytes);
	put_u64(json, to, "undecodable_records", damage->nr_undecodable);
	put_u64(json, to, "unknown_records", damage->nr_unknown_events);
	put_bool(json, to, "unfinished", limits->unfinished);
	for (i = 0; i < damage->nr_kept; i++) {
		struct json_object *row = put_new_object(json);

		put_u64(json, row, "cpu", damage->kept[i].cpu);
		put_u64(json, row, "offset", damage->kept[i].offset);
		put_text(json, row, "what", damage->kept[i].what);
		put_item(json, places, put_line(json, row));
	}
	put(json, to, "first", places);
	return to;
}

static struct json_object *new_not_probed(struct json *json, const struct limits *limits)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < limits->not_probed.nr; i++) {
		struct json_object *row = put_new_object(json);

		put_text(json, row, "what", limits->not_probed.items[i].name);
		put_text(json, row, "why", limits->not_probed.items[i].text);
		put_item(json, to, put_line(json, row));
	}
	return to;
}

struct json_object *json_limits(struct json *json, const struct summary *summary)
{
	const struct limits *limits = &summary->limits;
	const struct {
		const char *key;
		uint64_t value;
	} numbers[] = {
		{ "orphan_exits", limits->orphan_exits },
		{ "orphan_events", limits->orphans },
		{ "broken_at_losses", limits->lost_breaks },
		{ "unpaired_attempts", limits->unpaired_attempts },
		{ "entries_before_window", limits->entries_before },
		{ "entries_after_window", limits->entries_after },
		{ "evicted_contexts", limits->evicted_contexts },
		{ "nested_too_deep", limits->nested_too_deep },
		{ "long_paths", limits->path_tails },
		{ "paths_not_kept", limits->folded_paths },
		{ "keys_not_kept", limits->folded_keys },
		{ "steps_dropped", limits->dropped_steps },
		{ "notes_dropped", limits->notes_dropped },
	};
	struct json_object *to = put_new_object(json);
	size_t i;

	put_bool(json, to, "complete", summary_is_complete(summary));
	put(json, to, "gaps", new_gaps(json, limits));
	put_known(json, to, "lost_max", limits->lost.known, limits->lost.value);
	put(json, to, "losses", new_losses(json, limits));
	put(json, to, "ring_losses", new_ring_losses(json, limits));
	put(json, to, "probes", new_probes(json, limits));
	put(json, to, "damage", new_damage(json, limits));
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		put_u64(json, to, numbers[i].key, numbers[i].value);
	put_known(json, to, "stacks_alone", limits->stacks_alone.known, limits->stacks_alone.value);
	put(json, to, "not_probed", new_not_probed(json, limits));
	return to;
}
