/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as every section of the JSON summary writes them. */
#ifndef PAGETRAIL_RENDER_JSON_TIMES_H
#define PAGETRAIL_RENDER_JSON_TIMES_H

#include "render/put.h"
#include "summary/summary.h"

struct json_object *json_times(struct json *json, const struct times *times);

#endif
