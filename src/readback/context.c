// SPDX-License-Identifier: GPL-2.0-or-later
/* Who and where, and what the kernel said of itself: the inverse of render/json_context.c. */
#include "kernel/flags.h"
#include "readback/sections.h"

#define ID(member) offsetof(struct identity, member)

/* --- who and where ------------------------------------------------------------------------- */

static void take_tool(struct taker *take, struct json_object *from, void *to)
{
	struct identity *id = to;

	id->tool_version = take_text(take, from, "version");
}

void readback_tool(struct taker *take, struct json_object *top)
{
	take_needed(take, top, "tool", take_tool, &take->summary->identity);
}

static void take_merged(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "summaries", TAKE_U64, offsetof(struct merged, summaries) },
		{ "cpus", TAKE_U64, offsetof(struct merged, cpus) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), to);
}

void readback_merged(struct taker *take, struct json_object *top)
{
	take_part(take, top, "merged", take_merged, &take->summary->merged);
}

/* Where the window has no edge, its length is that of what there is. */
static void take_window(struct taker *take, struct json_object *from, void *to)
{
	struct identity *id = to;
	struct known start = take_known(take, from, "start_ns");
	struct known stop = take_known(take, from, "stop_ns");
	uint64_t ns = take_u64(take, from, "duration_ns");

	if (start.known && stop.known && stop.value - start.value != ns)
		take_refuse(take, "duration_ns", "the time from start_ns to stop_ns");
	id->window_opened = start.known;
	id->window_closed = stop.known;
	id->start_ns = start.known || !stop.known ? start.value : stop.value - ns;
	id->stop_ns = id->start_ns + ns;
}

static void take_recorder(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "version", TAKE_TEXT, ID(recorder_version) },
		{ "profile", TAKE_TEXT, ID(profile) },
		{ "why", TAKE_TEXT, ID(profile_why) },
		{ "ended", TAKE_TEXT, ID(ended) },
		{ "command_status", TAKE_KNOWN, ID(command_status) },
		{ "buffer_kb", TAKE_KNOWN, ID(buffer_kb) },
		{ "only_pid", TAKE_KNOWN, ID(only_pid) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), to);
}

static void take_capture(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "file", TAKE_TEXT, ID(file) },
		{ "sha256", TAKE_TEXT, ID(sha256) },
		{ "bytes", TAKE_U64, ID(size) },
		{ "format", TAKE_U32_OR_0, ID(version) },
		{ "long_bytes", TAKE_U32_OR_0, ID(long_size) },
		{ "page_bytes", TAKE_U32_OR_0, ID(page_size) },
		{ "cpus", TAKE_U32_OR_0, ID(nr_cpus) },
		{ "clock", TAKE_TEXT, ID(clock) },
	};
	struct identity *id = to;

	take_fields(take, from, fields, TAKE_NR(fields), id);
	id->big_endian = take_name_or(take, from, "byte_order", &names_byte_order, 0);
	take_needed(take, from, "window", take_window, id);
	take_part(take, from, "recorder", take_recorder, id);
}

void readback_capture(struct taker *take, struct json_object *top)
{
	take_needed(take, top, "capture", take_capture, &take->summary->identity);
}

static void take_kernel(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "release", TAKE_TEXT, ID(kernel_release) },
		{ "version", TAKE_TEXT, ID(kernel_version) },
		{ "machine", TAKE_TEXT, ID(machine) },
	};
	struct identity *id = to;

	take_fields(take, from, fields, TAKE_NR(fields), id);
	id->release = id->kernel_release ? kernel_release(id->kernel_release) : 0;
}

void readback_kernel(struct taker *take, struct json_object *top)
{
	take_needed(take, top, "kernel", take_kernel, &take->summary->identity);
}

static void take_host(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "cpus_online", TAKE_KNOWN, ID(cpus_online) },
		{ "cpus_possible", TAKE_KNOWN, ID(cpus_possible) },
		{ "page_bytes", TAKE_KNOWN, ID(page_bytes) },
		{ "memory_kb", TAKE_KNOWN, ID(memory_kb) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), to);
}

void readback_host(struct taker *take, struct json_object *top)
{
	take_needed(take, top, "host", take_host, &take->summary->identity);
}

/* --- state --------------------------------------------------------------------------------- */

static void take_pressure_line(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "avg10_pct", TAKE_DECIMAL, offsetof(struct pressure, avg10) },
		{ "avg60_pct", TAKE_DECIMAL, offsetof(struct pressure, avg60) },
		{ "avg300_pct", TAKE_DECIMAL, offsetof(struct pressure, avg300) },
		{ "total_us", TAKE_U64, offsetof(struct pressure, total_us) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), to);
}

static void take_pressure(struct taker *take, struct json_object *from, void *to)
{
	struct snapshot *snapshot = to;

	take_part(take, from, "some", take_pressure_line, &snapshot->some);
	take_part(take, from, "full", take_pressure_line, &snapshot->full);
}

static void take_snapshot(struct taker *take, struct json_object *from, void *to)
{
	struct snapshot *at = to;

	at->has_meminfo = take_number_list(take, from, "meminfo", &at->meminfo);
	at->has_pressure = take_part(take, from, "pressure", take_pressure, at);
	at->has_sysctl = take_pair_list(take, from, "sysctl", &at->sysctl);
	at->has_buddyinfo = take_text_list(take, from, "buddyinfo", &at->buddyinfo);
	at->has_zoneinfo = take_text_list(take, from, "zoneinfo", &at->zoneinfo);
}

static void take_state(struct taker *take, struct json_object *from, void *to)
{
	struct state *state = to;

	state->has_vmstat = take_number_list(take, from, "vmstat_change", &state->vmstat);
	take_needed(take, from, "start", take_snapshot, &state->start);
	take_needed(take, from, "stop", take_snapshot, &state->stop);
}

void readback_state(struct taker *take, struct json_object *top)
{
	take_needed(take, top, "state", take_state, &take->summary->state);
}
