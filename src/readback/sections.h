/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a summary: each takes what stands under its key at the top of the file. */
#ifndef PAGETRAIL_READBACK_SECTIONS_H
#define PAGETRAIL_READBACK_SECTIONS_H

#include "readback/take.h"

typedef void (*section_fn)(struct taker *take, struct json_object *top);

/* context.c */
void readback_tool(struct taker *take, struct json_object *top);
void readback_merged(struct taker *take, struct json_object *top);
void readback_redacted(struct taker *take, struct json_object *top);
void readback_capture(struct taker *take, struct json_object *top);
void readback_kernel(struct taker *take, struct json_object *top);
void readback_host(struct taker *take, struct json_object *top);
void readback_state(struct taker *take, struct json_object *top);

/* slowpath.c */
void readback_slowpath(struct taker *take, struct json_object *top);
void readback_allocations(struct taker *take, struct json_object *top);
void readback_attempts(struct taker *take, struct json_object *top);
void readback_detours(struct taker *take, struct json_object *top);

/* tables.c */
/* How a time divides: uint64_t[NR_RUNS]. */
void take_run(struct taker *take, struct json_object *from, void *to);
void readback_stages(struct taker *take, struct json_object *top);
void readback_transitions(struct taker *take, struct json_object *top);
void readback_paths(struct taker *take, struct json_object *top);
void readback_by(struct taker *take, struct json_object *top);
void readback_exits(struct taker *take, struct json_object *top);
void readback_retries(struct taker *take, struct json_object *top);

/* callers.c */
/* The frames of a call stack: names under one key, offsets under another. */
void take_frames(struct taker *take, struct json_object *from, const char *functions,
		 const char *offsets, struct frame_list *to);
/* What stands in `by`. */
void take_callers(struct taker *take, struct json_object *from, struct caller_table *to);

/* timeline.c */
void readback_timeline(struct taker *take, struct json_object *top);

/* episodes.c */
void readback_episodes(struct taker *take, struct json_object *top);

/* waiting.c */
void readback_in_flight(struct taker *take, struct json_object *top);
void readback_concurrency(struct taker *take, struct json_object *top);
void readback_holes(struct taker *take, struct json_object *top);

/* limits.c */
void readback_reconciliation(struct taker *take, struct json_object *top);
void readback_limits(struct taker *take, struct json_object *top);

#endif
