// SPDX-License-Identifier: GPL-2.0-or-later
/* In: keys of contexts. Out: their places in the table. Knows no events. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hint.h"
#include "sequence/requests.h"

int requests_init(struct requests *table)
{
	*table = (struct requests){
		.keys = calloc(REQUEST_SETS, sizeof(*table->keys)),
		.ways = calloc(REQUEST_SETS, sizeof(*table->ways)),
	};
	if (table->keys && table->ways)
		return 0;
	requests_free(table);
	return -ENOMEM;
}

void requests_free(struct requests *table)
{
	free(table->keys);
	free(table->ways);
	*table = (struct requests){ 0 };
}

static bool is_idle(const struct requester *who)
{
	return !who->depth && !who->in_reclaim;
}

static uint64_t busy_since(const struct requester *who)
{
	return who->depth ? who->requests[0].since_ns : who->reclaim_since_ns;
}

/* Nobody's way, an idle one, or the one that has been busy longest. */
static int way_to_take(const uint64_t keys[REQUEST_WAYS], const struct requester *ways)
{
	int way, longest = 0;

	for (way = 0; way < REQUEST_WAYS; way++) {
		if (!keys[way] || is_idle(&ways[way]))
			return way;
		if (busy_since(&ways[way]) < busy_since(&ways[longest]))
			longest = way;
	}
	return longest;
}

APART struct requester *requests_add(struct requests *table, uint64_t key)
{
	uint32_t set = requests_set(key);
	struct requester *ways = table->ways[set];
	int way = way_to_take(table->keys[set], ways);

	if (table->keys[set][way])
		table->given_up += ways[way].depth;
	table->keys[set][way] = key;
	table->last_key = 0;
	ways[way].depth = 0;
	ways[way].in_reclaim = false;
	return &ways[way];
}

void requests_clear(struct requests *table)
{
	table->last_key = 0;
	memset(table->keys, 0, REQUEST_SETS * sizeof(*table->keys));
}
