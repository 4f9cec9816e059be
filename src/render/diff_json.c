// SPDX-License-Identifier: GPL-2.0-or-later
/* A diff as JSON: schema/diff.schema.json. */
#include <errno.h>
#include <stdio.h>

#include "render/put.h"
#include "render/render.h"

/* As many digits as tell any two apart that the test could. */
static struct json_object *new_number(struct json *json, double value)
{
	char digits[40];

	snprintf(digits, sizeof(digits), "%.9g", value);
	return put_new_decimal(json, digits);
}

static struct json_object *new_value(struct json *json, const struct diff_value *value)
{
	struct json_object *to = put_new_object(json);

	put(json, to, "value", value->known ? new_number(json, value->value) : NULL);
	put(json, to, "least", value->nr ? new_number(json, value->least) : NULL);
	put(json, to, "most", value->nr ? new_number(json, value->most) : NULL);
	put_u64(json, to, "runs", value->nr);
	return to;
}

static struct json_object *new_row(struct json *json, const struct diff_row *row)
{
	struct json_object *to = put_new_object(json);

	put_text(json, to, "group", row->group);
	put_text(json, to, "what", row->what);
	put_text(json, to, "unit", diff_unit_name(row->unit));
	put_bool(json, to, "judged", row->judged);
	put(json, to, "before", new_value(json, &row->before));
	put(json, to, "after", new_value(json, &row->after));
	put(json, to, "change", row->has_change ? new_number(json, row->change) : NULL);
	put(json, to, "p", row->has_p ? new_number(json, row->p) : NULL);
	put_text(json, to, "verdict", diff_verdict_name(row->verdict));
	return put_line(json, to);
}

static struct json_object *new_side(struct json *json, const struct diff_side *side)
{
	const struct identity *id = &side->whole->identity;
	struct json_object *to = put_new_object(json);
	struct json_object *files = put_new_array(json);
	size_t i;

	for (i = 0; i < side->nr; i++)
		put_item(json, files, put_new_text(json, side->names[i]));
	put(json, to, "summaries", files);
	put_text(json, to, "kernel", id->kernel_release);
	put_text(json, to, "profile", id->profile);
	put_u64(json, to, "window_ns", id->stop_ns - id->start_ns);
	put_u64(json, to, "entries", side->whole->slowpath.entries.count);
	return to;
}

int render_diff_json(const struct diff *diff, const struct diff_side *before,
		     const struct diff_side *after, FILE *out, struct err *err)
{
	struct json json = { .failed = false };
	struct json_object *tree = put_new_object(&json), *rows = put_new_array(&json);
	size_t i;
	int ret;

	put_text(&json, tree, "schema", "pagetrail.diff/1");
	put(&json, tree, "before", new_side(&json, before));
	put(&json, tree, "after", new_side(&json, after));
	for (i = 0; i < diff->nr; i++)
		put_item(&json, rows, new_row(&json, &diff->rows[i]));
	put(&json, tree, "rows", rows);
	ret = json.failed ? err_set(err, -ENOMEM, "out of memory for the JSON")
			  : put_write(tree, "JSON of the comparison", out, err);
	json_object_put(tree);
	return ret;
}
