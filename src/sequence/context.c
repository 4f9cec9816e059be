// SPDX-License-Identifier: GPL-2.0-or-later
/* In: pids and CPUs. Out: the stack of frames of each. Knows nothing of stages. */
#include <errno.h>
#include <stdlib.h>

#include "sequence/context.h"

int contexts_init(struct contexts *table, uint32_t nr_max)
{
	uint32_t i;
	int ret = hash_init(&table->index, nr_max);

	if (ret)
		return ret;
	table->by_pid = calloc(CONTEXT_PIDS, sizeof(*table->by_pid));
	table->slots = calloc((size_t)nr_max + 1, sizeof(*table->slots));
	table->free_slots = calloc(nr_max, sizeof(*table->free_slots));
	if (!table->by_pid || !table->slots || !table->free_slots) {
		contexts_free(table);
		return -ENOMEM;
	}
	for (i = 0; i < nr_max; i++)
		table->free_slots[i] = nr_max - i;
	table->nr_free = table->nr_max = nr_max;
	return 0;
}

void contexts_free(struct contexts *table)
{
	hash_free(&table->index);
	free(table->by_pid);
	free(table->slots);
	free(table->free_slots);
	table->by_pid = NULL;
	table->slots = NULL;
	table->free_slots = NULL;
}

/* --- which slot ----------------------------------------------------------------------------- */

/* Keys of tasks are their pids (context_key). */
static bool is_pid(uint64_t key)
{
	return key < CONTEXT_PIDS;
}

static uint32_t slot_of(const struct contexts *table, uint64_t key)
{
	uint32_t at;

	if (is_pid(key))
		return table->by_pid[key];
	return hash_find(&table->index, key, &at) ? at : CONTEXT_NONE;
}

/* 0, or -ENOSPC where the index is full. */
static int set_slot(struct contexts *table, uint64_t key, uint32_t at)
{
	if (!is_pid(key))
		return hash_set(&table->index, key, at);
	table->by_pid[key] = at;
	return 0;
}

static void forget_slot(struct contexts *table, uint64_t key)
{
	if (is_pid(key))
		table->by_pid[key] = 0;
	else
		hash_remove(&table->index, key);
}

/* --- in the order of use -------------------------------------------------------------------- */

static void unlink_slot(struct contexts *table, const struct context *ctx)
{
	table->slots[ctx->newer].older = ctx->older;
	table->slots[ctx->older].newer = ctx->newer;
}

static void link_newest(struct contexts *table, struct context *ctx)
{
	struct context *ends = &table->slots[CONTEXT_NONE];

	ctx->newer = CONTEXT_NONE;
	ctx->older = ends->older;
	table->slots[ends->older].newer = ctx->slot;
	ends->older = ctx->slot;
}

struct context *contexts_find(struct contexts *table, int32_t pid, uint32_t cpu)
{
	uint32_t newest = contexts_older(table, CONTEXT_NONE), at;
	struct context *ctx;

	/* With `full` most events come while nobody is in the slowpath. */
	if (newest == CONTEXT_NONE)
		return NULL;
	at = slot_of(table, context_key(pid, cpu));
	if (at == CONTEXT_NONE)
		return NULL;
	ctx = &table->slots[at];
	if (newest != at) {
		unlink_slot(table, ctx);
		link_newest(table, ctx);
	}
	return ctx;
}

struct context *contexts_get(struct contexts *table, int32_t pid, uint32_t cpu)
{
	struct context *ctx = contexts_find(table, pid, cpu);
	uint32_t at;

	if (ctx)
		return ctx;
	if (!table->nr_free)
		return NULL;
	at = table->free_slots[table->nr_free - 1];
	if (set_slot(table, context_key(pid, cpu), at))
		return NULL;
	table->nr_free--;
	ctx = &table->slots[at];
	ctx->key = context_key(pid, cpu);
	ctx->slot = at;
	ctx->depth = 0;
	link_newest(table, ctx);
	return ctx;
}

struct context *contexts_oldest(struct contexts *table)
{
	uint32_t oldest = table->slots[CONTEXT_NONE].newer;

	return oldest == CONTEXT_NONE ? NULL : &table->slots[oldest];
}

void contexts_put(struct contexts *table, struct context *ctx)
{
	unlink_slot(table, ctx);
	forget_slot(table, ctx->key);
	table->free_slots[table->nr_free++] = ctx->slot;
}
