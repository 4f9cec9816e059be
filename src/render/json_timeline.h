/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The section of the JSON summary that follows the window through time. */
#ifndef PAGETRAIL_RENDER_JSON_TIMELINE_H
#define PAGETRAIL_RENDER_JSON_TIMELINE_H

#include "render/put.h"
#include "summary/summary.h"

struct json_object *json_timeline(struct json *json, const struct summary *summary);

#endif
