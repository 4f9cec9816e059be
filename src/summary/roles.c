// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "summary/roles.h"

/* Of an episode that is inside no other: those inside are part of that one. */
static struct tally *role_of(struct role_tallies *roles, const struct episode *ep)
{
	if (episode_is_stall(ep))
		return &roles->stalls;
	return ep->level == LEVEL_TASK ? &roles->background[ep->background] : &roles->interrupts;
}

int roles_add(struct role_tallies *roles, const struct episode *ep, struct lot lot,
	      unsigned int basis)
{
	if (!ep->depth && tally_add(role_of(roles, ep), lot, basis))
		return -ENOMEM;
	/* An inner one can seem longer than the outer one only in a damaged capture. */
	lot.ns = lot.ns > ep->nested_ns ? lot.ns - ep->nested_ns : 0;
	return tally_add(&roles->self, lot,
			 basis | (ep->nested_unsure ? TIME_APPROXIMATE : TIME_EXACT));
}

void roles_fill(struct summary *out, const struct role_tallies *roles)
{
	struct slowpath *slow = &out->slowpath;
	enum background what;

	slow->self = tally_times(&roles->self, out);
	slow->stalls = tally_times(&roles->stalls, out);
	slow->interrupts = tally_times(&roles->interrupts, out);
	for (what = 0; what < NR_BACKGROUNDS; what++)
		slow->background[what] = tally_times(&roles->background[what], out);
}

void roles_free(struct role_tallies *roles)
{
	enum background what;

	tally_free(&roles->self);
	tally_free(&roles->stalls);
	tally_free(&roles->interrupts);
	for (what = 0; what < NR_BACKGROUNDS; what++)
		tally_free(&roles->background[what]);
}
