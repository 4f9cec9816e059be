/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The second product of sequence/: what made allocations slow outside the slowpath. The slowpath is
 * a matter of how the code is organised: the fast attempt can reclaim on its own node, and a page
 * that was got at once can still have to be charged to a memory cgroup that is full.
 *
 * The classes are of allocations, one detour each, that never entered the slowpath and ended inside
 * the window; they need every allocation and every attempt recorded (profile `full`). The rest are
 * the reclaims of the same kinds that belong to no such allocation, one detour each.
 */
#ifndef PAGETRAIL_SEQUENCE_DETOUR_H
#define PAGETRAIL_SEQUENCE_DETOUR_H

#include <stdbool.h>
#include <stdint.h>

enum detour_kind {
	DETOUR_NODE,  /* node_reclaim() inside the fast attempt: vm.zone_reclaim_mode */
	DETOUR_MEMCG, /* reclaim while the page was charged, for __GFP_ACCOUNT */
	DETOUR_LONG,  /* neither, and the call took at least DETOUR_LONG_NS */
	NR_DETOUR_CLASSES,
	DETOUR_NODE_SLOWPATH = NR_DETOUR_CLASSES, /* in an allocation that did enter it */
	DETOUR_NODE_ELSEWHERE,
	DETOUR_MEMCG_SLOWPATH,
	DETOUR_MEMCG_ELSEWHERE,
	NR_DETOURS
};

/* A fast attempt takes microseconds; what takes this long was preempted, interrupted or waited. */
#define DETOUR_LONG_NS 1000000

struct detour {
	enum detour_kind kind;
	uint32_t reclaims; /* that it is made of: 0 for DETOUR_LONG */
	uint64_t ns;	   /* in these reclaims; DETOUR_LONG: from call to return */
};

/* The rest is told apart only where these are in the capture: bits per enum ev_kind. */
bool detour_sees_allocations(uint64_t kinds);

/* Can the capture show detours of this kind? */
bool detour_is_seen(uint64_t kinds, enum detour_kind kind);

/* "node_reclaim", ...: of a class. Never NULL. */
const char *detour_name(enum detour_kind kind);

#endif
