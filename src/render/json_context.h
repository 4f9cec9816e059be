/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections of the JSON summary that say where its numbers come from and how far they reach. */
#ifndef PAGETRAIL_RENDER_JSON_CONTEXT_H
#define PAGETRAIL_RENDER_JSON_CONTEXT_H

#include "render/put.h"
#include "summary/summary.h"

struct json_object *json_tool(struct json *json, const struct summary *summary);
/* null for a summary of one capture */
struct json_object *json_merged(struct json *json, const struct summary *summary);
struct json_object *json_capture(struct json *json, const struct summary *summary);
struct json_object *json_kernel(struct json *json, const struct summary *summary);
struct json_object *json_host(struct json *json, const struct summary *summary);
struct json_object *json_state(struct json *json, const struct summary *summary);
struct json_object *json_reconciliation(struct json *json, const struct summary *summary);
struct json_object *json_limits(struct json *json, const struct summary *summary);

#endif
