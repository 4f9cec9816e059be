/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections and keys of the JSON summary that say who waits for whom. */
#ifndef PAGETRAIL_RENDER_JSON_WAITING_H
#define PAGETRAIL_RENDER_JSON_WAITING_H

#include "render/put.h"
#include "summary/summary.h"

struct json_object *json_in_flight(struct json *json, const struct summary *summary);
struct json_object *json_concurrency(struct json *json, const struct summary *summary);
struct json_object *json_holes(struct json *json, const struct summary *summary);

/* How a time divides; null where sched events were not recorded. */
struct json_object *json_run(struct json *json, const struct summary *summary,
			     const uint64_t ns[NR_RUNS]);

/* What one of the listed episodes tells of it. */
void json_put_waiting(struct json *json, struct json_object *to, const struct summary *summary,
		      const struct episode *ep);

#endif
