/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sections of the JSON summary that say why episodes ended. */
#ifndef PAGETRAIL_RENDER_JSON_EXITS_H
#define PAGETRAIL_RENDER_JSON_EXITS_H

#include "render/put.h"
#include "summary/summary.h"

/* NULL where the capture cannot tell. */
struct json_object *json_exits(struct json *json, const struct summary *summary);
struct json_object *json_retries(struct json *json, const struct summary *summary);

/* The keys of one episode. */
void json_put_exit(struct json *json, struct json_object *to, const struct summary *summary,
		   const struct worst *worst);

#endif
