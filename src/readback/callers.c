// SPDX-License-Identifier: GPL-2.0-or-later
/* Call stacks: the inverse of render/json_callers.c. */
#include <stdlib.h>

#include "readback/sections.h"

static void take_rows_of(struct taker *take, struct json_object *functions, const char *key,
			 struct json_object *offsets, const char *offsets_key,
			 struct frame_list *to)
{
	size_t nr = json_object_array_length(functions);

	to->rows = calloc(nr + 1, sizeof(*to->rows));
	if (!to->rows) {
		take_no_memory(take);
		return;
	}
	for (; to->nr < nr && !take->failed; to->nr++) {
		struct frame_row *row = &to->rows[to->nr];

		row->function = take_item_text(take, functions, to->nr, key);
		row->offset = take_item_hex(take, offsets, to->nr, offsets_key);
		if (!row->function)
			take_refuse(take, key, "texts");
	}
}

void take_frames(struct taker *take, struct json_object *from, const char *functions,
		 const char *offsets, struct frame_list *to)
{
	struct json_object *names = take_array(take, from, functions);
	struct json_object *numbers = take_array(take, from, offsets);

	if (take->failed)
		return;
	to->known = names;
	if (!names != !numbers ||
	    (names && json_object_array_length(names) != json_object_array_length(numbers)))
		take_refuse(take, offsets, "one for each function");
	else if (names)
		take_rows_of(take, names, functions, numbers, offsets, to);
}

static void take_caller(struct taker *take, struct json_object *from, void *to)
{
	bool other = json_object_object_get(from, "other") && take_bool(take, from, "other");
	struct caller_row *row = to;

	take_frames(take, from, "frames", "offsets", &row->frames);
	if (row->frames.known && other)
		take_refuse(take, "other", "no frames beside it");
	row->kind = other ? KEY_OTHER : row->frames.known ? KEY_KNOWN : KEY_UNKNOWN;
	take_tally(take, from, &row->times);
}

void take_callers(struct taker *take, struct json_object *from, struct caller_table *to)
{
	to->known =
		take_list(take, from, "caller", take_caller, &to->rows, sizeof(*to->rows), &to->nr);
}
