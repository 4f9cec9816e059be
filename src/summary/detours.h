/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slow, but not the slowpath: in, detours; out, their numbers and times by kind. */
#ifndef PAGETRAIL_SUMMARY_DETOURS_H
#define PAGETRAIL_SUMMARY_DETOURS_H

#include "summary/input.h"
#include "summary/summary.h"
#include "summary/tally.h"

struct detour_tallies {
	struct tally tallies[NR_DETOURS];
	uint64_t reclaims[NR_DETOURS];
};

int detours_add(struct detour_tallies *detours, const struct detour *detour); /* 0 or -ENOMEM */

/* Reads the limits of the summary, and adds to them what the profile cannot show. 0 or -ENOMEM. */
int detours_fill(struct summary *out, const struct detour_tallies *detours,
		 const struct summary_input *input);
void detours_free(struct detour_tallies *detours);

#endif
