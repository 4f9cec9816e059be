// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/json_times.h"

/* The upper end follows from the lower one (summary/histogram.h). */
static struct json_object *new_buckets(struct json *json, const struct times *times)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < times->nr_buckets; i++) {
		struct json_object *bucket = put_new_array(json);

		put_item(json, bucket, put_new_u64(json, times->buckets[i].lower_ns));
		put_item(json, bucket, put_new_u64(json, times->buckets[i].count));
		put_item(json, to, bucket);
	}
	return to;
}

struct json_object *json_times(struct json *json, const struct times *times)
{
	struct json_object *to = put_new_object(json);
	bool known = times->count;

	put_u64(json, to, "total", times->total_ns);
	put_known(json, to, "p50", known, times->p50_ns);
	put_known(json, to, "p90", known, times->p90_ns);
	put_known(json, to, "p99", known, times->p99_ns);
	put_known(json, to, "p999", known, times->p999_ns);
	put_known(json, to, "max", known, times->max_ns);
	put_text(json, to, "basis", known ? time_basis_name(times->basis) : NULL);
	put(json, to, "buckets", times->has_buckets ? new_buckets(json, times) : NULL);
	return put_line(json, to);
}
