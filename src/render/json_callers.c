// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/json_callers.h"
#include "render/json_times.h"

typedef struct json_object *(*frame_fn)(struct json *json, const struct frame_row *frame);

static struct json_object *new_function(struct json *json, const struct frame_row *frame)
{
	return put_new_text(json, frame->function ? frame->function : "?");
}

static struct json_object *new_offset(struct json *json, const struct frame_row *frame)
{
	return frame->offset.known ? put_new_hex(json, frame->offset.value) : NULL;
}

/* Something of each frame, on one line; null where they are not known. */
static struct json_object *new_list(struct json *json, const struct frame_list *frames, frame_fn of)
{
	struct json_object *to;
	size_t i;

	if (!frames->known)
		return NULL;
	to = put_new_array(json);
	for (i = 0; i < frames->nr; i++)
		put_item(json, to, of(json, &frames->rows[i]));
	return put_line(json, to);
}

void json_put_frames(struct json *json, struct json_object *to, const char *functions,
		     const char *offsets, const struct frame_list *frames)
{
	put(json, to, functions, new_list(json, frames, new_function));
	put(json, to, offsets, new_list(json, frames, new_offset));
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
