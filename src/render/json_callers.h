/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PAGETRAIL_RENDER_JSON_CALLERS_H
#define PAGETRAIL_RENDER_JSON_CALLERS_H

#include "render/put.h"
#include "summary/summary.h"

/* by.caller; NULL where no call stacks were recorded. */
struct json_object *json_callers(struct json *json, const struct summary *summary);

/* The stack of one episode: its functions, and the offsets in them. */
void json_put_frames(struct json *json, struct json_object *to, const char *functions,
		     const char *offsets, const struct frame_list *frames);

#endif
