// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/json_timeline.h"

static struct json_object *new_stages(struct json *json, const struct timeline_row *from)
{
	struct json_object *to = put_new_object(json);
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		put_u64(json, to, stage_name(stage), from->stage_ns[stage]);
	return to;
}

static struct json_object *new_awake(struct json *json, const struct timeline_row *from)
{
	struct json_object *to = put_new_object(json);

	put_u64(json, to, "min", from->awake_ns);
	put_u64(json, to, "max", from->maybe_awake_ns);
	return to;
}

static void put_change(struct json *json, struct json_object *to, const struct timeline_row *from,
		       enum reading reading)
{
	if (from->has_change & 1U << reading)
		put_i64(json, to, kernel_reading_name(reading), from->change[reading]);
	else
		put_null(json, to, kernel_reading_name(reading));
}

static struct json_object *new_vmstat(struct json *json, const struct timeline_row *from)
{
	struct json_object *to;
	enum reading reading;

	if (!from->counted_ns)
		return NULL;
	to = put_new_object(json);
	for (reading = READING_ALLOCSTALL; reading < NR_READINGS; reading++)
		put_change(json, to, from, reading);
	return to;
}

static struct json_object *new_row(struct json *json, const struct summary *summary,
				   const struct timeline_row *from)
{
	bool sees = summary->slowpath.entries.certainty != CERTAINTY_UNKNOWN;
	struct json_object *to = put_new_object(json);

	put_u64(json, to, "start_ns", from->start_ns);
	put_u64(json, to, "duration_ns", from->duration_ns);
	put_bool(json, to, "lossy", from->lossy);
	put_known(json, to, "entries", sees, from->entries);
	put_known(json, to, "stalled_ns", sees, from->stalled_ns);
	put(json, to, "stages_ns", sees ? new_stages(json, from) : NULL);
	put(json, to, "kswapd_awake_ns", summary->has_kswapd ? new_awake(json, from) : NULL);
	put_known(json, to, "counted_ns", from->counted_ns, from->counted_ns);
	put_known(json, to, "free_pages", from->free_pages.known, from->free_pages.value);
	put_known(json, to, "free_pages_min", from->free_pages_min.known,
		  from->free_pages_min.value);
	put_change(json, to, from, READING_PSI_SOME_US);
	put_change(json, to, from, READING_PSI_FULL_US);
	put(json, to, "vmstat", new_vmstat(json, from));
	return put_line(json, to);
}

struct json_object *json_timeline(struct json *json, const struct summary *summary)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < summary->nr_timeline; i++)
		put_item(json, to, new_row(json, summary, &summary->timeline[i]));
	return to;
}
