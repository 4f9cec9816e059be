// SPDX-License-Identifier: GPL-2.0-or-later
/* The window through time: the inverse of render/json_timeline.c. */
#include "readback/sections.h"

#define ROW(member) offsetof(struct timeline_row, member)

static void take_stages(struct taker *take, struct json_object *from, void *to)
{
	uint64_t *ns = to;
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		ns[stage] = take_u64(take, from, stage_name(stage));
}

static void take_awake(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "min", TAKE_U64, ROW(awake_ns) },
		{ "max", TAKE_U64, ROW(maybe_awake_ns) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), to);
}

static void take_change(struct taker *take, struct json_object *from, enum reading reading,
			struct timeline_row *row)
{
	const char *key = kernel_reading_name(reading);

	if (!json_object_object_get(from, key))
		return;
	row->has_change |= 1U << reading;
	row->change[reading] = take_i64(take, from, key);
}

static void take_vmstat(struct taker *take, struct json_object *from, void *to)
{
	enum reading reading;

	for (reading = READING_ALLOCSTALL; reading < NR_READINGS; reading++)
		take_change(take, from, reading, to);
}

static void take_row(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "start_ns", TAKE_U64, ROW(start_ns) },
		{ "duration_ns", TAKE_U64, ROW(duration_ns) },
		{ "lossy", TAKE_BOOL, ROW(lossy) },
		{ "entries", TAKE_U64_OR_0, ROW(entries) },
		{ "stalled_ns", TAKE_U64_OR_0, ROW(stalled_ns) },
		{ "counted_ns", TAKE_U64_OR_0, ROW(counted_ns) },
		{ "free_pages", TAKE_KNOWN, ROW(free_pages) },
		{ "free_pages_min", TAKE_KNOWN, ROW(free_pages_min) },
	};
	struct timeline_row *row = to;

	take_fields(take, from, fields, TAKE_NR(fields), row);
	take_part(take, from, "stages_ns", take_stages, row->stage_ns);
	if (take_part(take, from, "kswapd_awake_ns", take_awake, row))
		take->summary->has_kswapd = true;
	take_change(take, from, READING_PSI_SOME_US, row);
	take_change(take, from, READING_PSI_FULL_US, row);
	take_part(take, from, "vmstat", take_vmstat, row);
}

void readback_timeline(struct taker *take, struct json_object *top)
{
	struct summary *summary = take->summary;

	take_list(take, top, "timeline", take_row, &summary->timeline, sizeof(*summary->timeline),
		  &summary->nr_timeline);
}
