/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The section of the JSON summary about allocations that were slow outside the slowpath. */
#ifndef PAGETRAIL_RENDER_JSON_DETOURS_H
#define PAGETRAIL_RENDER_JSON_DETOURS_H

#include "render/put.h"
#include "summary/summary.h"

struct json_object *json_detours(struct json *json, const struct summary *summary);

#endif
