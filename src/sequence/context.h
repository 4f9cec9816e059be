/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contexts that have an episode open, each with its stack of frames. Private to sequence/.
 *
 * A context is a task, or a CPU for the idle task (pid 0 is one task per CPU). Interrupts that
 * allocate while the task runs lie on the same stack of frames: they end before the task goes on,
 * so last in, first out holds across interrupt levels too; each frame knows its level.
 *
 * A context exists only while it has a frame, so the table is as large as what happens at once.
 */
#ifndef PAGETRAIL_SEQUENCE_CONTEXT_H
#define PAGETRAIL_SEQUENCE_CONTEXT_H

#include <stdint.h>

#include "base/hash.h"
#include "sequence/frame.h"

#define CONTEXT_DEPTH_MAX 8

struct context {
	uint64_t key;
	uint32_t newer, older; /* in the order of last use; CONTEXT_NONE beyond the ends */
	uint32_t slot;	       /* its own */
	uint32_t depth;
	struct frame *frames[CONTEXT_DEPTH_MAX];
};

#define CONTEXT_NONE 0 /* no context, but where the order of use begins and ends */

/*
 * PID_MAX_LIMIT of a 64-bit kernel, include/linux/threads.h (5.10 to 7.3). The fuzzers, which make a
 * machine for each input, have tables that are small (Makefile); so with REQUEST_SETS and MAX_CONTEXTS.
 */
#ifndef CONTEXT_PIDS
#define CONTEXT_PIDS (4U << 20)
#endif

struct contexts {
	/*
	 * Which slot each pid has. Entering and leaving a slowpath is what happens most, and an array
	 * costs one access for it; of its 16 MB as much is used as there are pids.
	 */
	uint32_t *by_pid;
	struct hash index;     /* of the idle tasks, and of what no kernel calls a pid */
	struct context *slots; /* nr_max of them, from 1 on */
	uint32_t *free_slots;
	uint32_t nr_free, nr_max;
};

/* Of the task that an event happened in. Never 0. */
static inline uint64_t context_key(int32_t pid, uint32_t cpu)
{
	const uint64_t idle = 1ULL << 32;

	return pid ? (uint32_t)pid : idle | cpu;
}

int contexts_init(struct contexts *table, uint32_t nr_max); /* 0, -EINVAL, -ENOMEM */
void contexts_free(struct contexts *table);		    /* not the frames */

/* The context of the task that an event happened in, or NULL when it has nothing open. */
struct context *contexts_find(struct contexts *table, int32_t pid, uint32_t cpu);

/* The same, made when it is not there; NULL when the table is full. */
struct context *contexts_get(struct contexts *table, int32_t pid, uint32_t cpu);

/*
 * From the one used last to the one used longest ago: the slot after `at`. Begins after CONTEXT_NONE and
 * ends with it.
 */
static inline uint32_t contexts_older(const struct contexts *table, uint32_t at)
{
	return table->slots[at].older;
}

/* The one used longest ago, or NULL. */
struct context *contexts_oldest(struct contexts *table);

/* Gives back a context whose frames have all been taken off. */
void contexts_put(struct contexts *table, struct context *ctx);

static inline struct frame *context_top(const struct context *ctx)
{
	return ctx && ctx->depth ? ctx->frames[ctx->depth - 1] : NULL;
}

#endif
