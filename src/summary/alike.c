// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "summary/alike.h"

_Static_assert(sizeof(struct alike_key) == 64, "the key has padding, which has no value");

int alike_init(struct alike *alike)
{
	*alike = (struct alike){ .groups = calloc(ALIKE_GROUPS, sizeof(*alike->groups)) };
	return alike->groups ? 0 : -ENOMEM;
}

void alike_free(struct alike *alike)
{
	size_t i;

	for (i = 0; alike->groups && i < ALIKE_GROUPS; i++)
		histogram_free(&alike->groups[i].times);
	free(alike->groups);
	*alike = (struct alike){ 0 };
}

static bool same(struct between a, struct between b)
{
	return a.min == b.min && a.max == b.max;
}

static void fill_key(struct alike_key *key, const struct episode *ep)
{
	*key = (struct alike_key){
		.gfp = ep->gfp,
		.order = ep->order,
		.migratetype = ep->migratetype,
		.exits = ep->exits,
		.retries = ep->retries,
		.oom_lock_waits = ep->oom_lock_waits,
		.has_gfp = ep->has_gfp,
		.has_order = ep->has_order,
		.has_migratetype = ep->has_migratetype,
		.outcome = (uint8_t)ep->outcome,
		.watermark = (uint8_t)ep->watermark,
		.level = (uint8_t)ep->level,
		.background = (uint8_t)ep->background,
		.is_nested = ep->depth > 0,
		.start_edge = (uint8_t)ep->start_edge,
		.end_edge = (uint8_t)ep->end_edge,
		.attempts_seen = ep->nr_attempts > 0,
		.stack = ep->stack,
	};
	memcpy(key->comm, ep->comm, COMM_LEN);
}

/*
 * Is its key this one? Most often asked. A key that was just filled in, byte by byte, could not be read
 * in words before all of its bytes have arrived in the cache.
 */
static bool is_key_of(const struct alike_key *key, const struct episode *ep)
{
	return key->gfp == ep->gfp && key->exits == ep->exits && key->stack == ep->stack &&
	       key->order == ep->order && key->migratetype == ep->migratetype &&
	       !memcmp(key->comm, ep->comm, COMM_LEN) && same(key->retries, ep->retries) &&
	       same(key->oom_lock_waits, ep->oom_lock_waits) && key->has_gfp == ep->has_gfp &&
	       key->has_order == ep->has_order && key->has_migratetype == ep->has_migratetype &&
	       key->outcome == ep->outcome && key->watermark == ep->watermark &&
	       key->level == ep->level && key->background == ep->background &&
	       key->is_nested == (ep->depth > 0) && key->start_edge == ep->start_edge &&
	       key->end_edge == ep->end_edge && key->attempts_seen == (ep->nr_attempts > 0);
}

static size_t place_of(const struct alike_key *key)
{
	uint64_t words[sizeof(*key) / sizeof(uint64_t)], sum = 0;
	size_t i;

	memcpy(words, key, sizeof(words));
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		sum = (sum ^ words[i]) * 0x9e3779b97f4a7c15ULL;
	return (size_t)(sum >> 32) % ALIKE_GROUPS;
}

bool alike_is_key(const struct alike_group *group, const struct alike_key *key)
{
	return !memcmp(&group->key, key, sizeof(*key));
}

struct alike_group *alike_last(struct alike *alike, const struct episode *ep)
{
	return alike->last && is_key_of(&alike->last->key, ep) ? alike->last : NULL;
}

struct alike_group *alike_find(struct alike *alike, const struct episode *ep, struct alike_key *key)
{
	fill_key(key, ep);
	return &alike->groups[place_of(key)];
}

void alike_begin(struct alike_group *group, const struct alike_key *key)
{
	histogram_free(&group->times);
	group->key = *key;
	memset(group->run_ns, 0, sizeof(group->run_ns));
}

int alike_put(struct alike *alike, struct alike_group *group, const struct episode *ep)
{
	enum run_state run;

	alike->last = group;
	for (run = 0; run < NR_RUNS; run++)
		group->run_ns[run] += ep->run_ns[STAGE_ENTRY][run];
	return histogram_add(&group->times, ep->end_ns - ep->start_ns);
}

void alike_stand_in(const struct alike_group *group, struct episode *ep)
{
	const struct alike_key *key = &group->key;

	memset(ep, 0, sizeof(*ep));
	memcpy(ep->comm, key->comm, COMM_LEN);
	ep->gfp = key->gfp;
	ep->order = key->order;
	ep->migratetype = key->migratetype;
	ep->exits = key->exits;
	ep->retries = key->retries;
	ep->oom_lock_waits = key->oom_lock_waits;
	ep->has_gfp = key->has_gfp;
	ep->has_order = key->has_order;
	ep->has_migratetype = key->has_migratetype;
	ep->outcome = (enum outcome)key->outcome;
	ep->watermark = (enum watermark)key->watermark;
	ep->level = (enum level)key->level;
	ep->background = (enum background)key->background;
	ep->depth = key->is_nested;
	ep->start_edge = (enum edge)key->start_edge;
	ep->end_edge = (enum edge)key->end_edge;
	ep->nr_attempts = key->attempts_seen;
	ep->stack = key->stack;
	ep->in_window = true;
	ep->visits[STAGE_ENTRY] = 1;
	ep->path_len = 2;
	ep->path[0] = STAGE_ENTRY;
	ep->path[1] = ep->outcome == OUTCOME_OK ? STAGE_OK : STAGE_FAILED;
	memcpy(ep->run_ns[STAGE_ENTRY], group->run_ns, sizeof(group->run_ns));
}
