// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/json_callers.h"
#include "render/json_times.h"

static struct json_object *new_functions(struct json *json, const struct frame_list *frames)
{
	struct json_object *to;
	size_t i;

	if (!frames->known)
		return NULL;
	to = put_new_array(json);
	for (i = 0; i < frames->nr; i++) {
		const char *function = frames->rows[i].function;

		put_item(json, to, put_new_text(json, function ? function : "?"));
	}
	return to;
}

static struct json_object *new_offsets(struct json *json, const struct frame_list *frames)
{
	struct json_object *to;
	size_t i;

	if (!frames->known)
		return NULL;
	to = put_new_array(json);
	for (i = 0; i < frames->nr; i++) {
		const struct known *offset = &frames->rows[i].offset;

		put_item(json, to, offset->known ? put_new_hex(json, offset->value) : NULL);
	}
	return to;
}

void json_put_frames(struct json *json, struct json_object *to, const char *functions,
		     const char *offsets, const struct frame_list *frames)
{
	struct json_object *list = new_functions(json, frames);

	put(json, to, functions, list ? put_line(json, list) : NULL);
	list = new_offsets(json, frames);
	put(json, to, offsets, list ? put_line(json, list) : NULL);
}

struct json_object *json_callers(struct json *json, const struct summary *summary)
{
	const struct caller_table *callers = &summary->callers;
	struct json_object *to;
	size_t i;

	if (!callers->known)
		return NULL;
	to = put_new_array(json);
	for (i = 0; i < callers->nr; i++) {
		const struct caller_row *from = &callers->rows[i];
		struct json_object *row = put_new_object(json);

		json_put_frames(json, row, "frames", "offsets", &from->frames);
		if (from->kind == KEY_OTHER)
			put_bool(json, row, "other", true);
		put_u64(json, row, "count", from->times.count);
		put(json, row, "time_ns", json_times(json, &from->times));
		put_item(json, to, put_line(json, row));
	}
	return to;
}
