// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/json_detours.h"
#include "render/json_times.h"

static struct json_object *new_classes(struct json *json, const struct summary *summary)
{
	struct json_object *to = put_new_array(json);
	enum detour_kind kind;

	for (kind = 0; kind < NR_DETOUR_CLASSES; kind++) {
		const struct detour_row *from = &summary->detours[kind];
		struct json_object *row = put_new_object(json);

		put_text(json, row, "class", detour_name(kind));
		put_known(json, row, "count", from->known, from->times.count);
		put_known(json, row, "reclaims", from->known, from->reclaims);
		put(json, row, "time_ns", from->known ? json_times(json, &from->times) : NULL);
		put_item(json, to, put_line(json, row));
	}
	return to;
}

static struct json_object *new_other_reclaims(struct json *json, const struct summary *summary)
{
	static const struct {
		enum detour_kind kind;
		const char *reclaim, *where;
	} rows[] = {
		{ DETOUR_NODE_SLOWPATH, "node", "slowpath" },
		{ DETOUR_NODE_ELSEWHERE, "node", "elsewhere" },
		{ DETOUR_MEMCG_SLOWPATH, "memcg", "slowpath" },
		{ DETOUR_MEMCG_ELSEWHERE, "memcg", "elsewhere" },
	};
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct detour_row *from = &summary->detours[rows[i].kind];
		struct json_object *row = put_new_object(json);

		put_text(json, row, "reclaim", rows[i].reclaim);
		put_text(json, row, "where", rows[i].where);
		put_known(json, row, "count", from->known, from->reclaims);
		put(json, row, "time_ns", from->known ? json_times(json, &from->times) : NULL);
		put_item(json, to, put_line(json, row));
	}
	return to;
}

struct json_object *json_detours(struct json *json, const struct summary *summary)
{
	struct json_object *to = put_new_object(json);

	put_u64(json, to, "threshold_ns", DETOUR_LONG_NS);
	put_text(json, to, "certainty", certainty_name(summary->detours_certainty));
	put(json, to, "classes", new_classes(json, summary));
	put(json, to, "other_reclaims", new_other_reclaims(json, summary));
	return to;
}
