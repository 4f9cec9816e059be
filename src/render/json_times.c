// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/json_times.h"

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
	return put_line(json, to);
}
