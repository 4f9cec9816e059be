/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose the episodes are. In: episodes. Out: the times of tasks that waited, of kswapd and
 * kcompactd, whose work nobody waits for, of interrupts, and the time that is an episode's own.
 */
#ifndef PAGETRAIL_SUMMARY_ROLES_H
#define PAGETRAIL_SUMMARY_ROLES_H

#include "summary/summary.h"
#include "summary/tally.h"

struct role_tallies {
	struct tally self, stalls, interrupts;
	struct tally background[NR_BACKGROUNDS];
};

/*
 * An episode, or many like it, how long they took and how sure that is (bits of enum time_basis).
 * 0 or -ENOMEM.
 */
int roles_add(struct role_tallies *roles, const struct episode *ep, struct lot lot,
	      unsigned int basis);
void roles_fill(struct summary *out, const struct role_tallies *roles);
void roles_free(struct role_tallies *roles);

#endif
