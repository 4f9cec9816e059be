// SPDX-License-Identifier: GPL-2.0-or-later
/* Evidence: mm/oom_kill.c of the versions in reconcile_rule.h. */
#include "summary/reconcile_rule.h"

/* mark_oom_victim is also called for tasks that exit anyway, which __oom_kill_process never sees.
 */
static bool fill_kills(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	bool both = evidence_compare(ev, EV_MARK_VICTIM, "oom_kill", rel, bounds);

	bounds->least = 0;
	return both;
}

/*
 * Only out_of_memory chooses victims, one a call, for the page allocator, memory cgroups and sysrq
 * alike; with memory.oom.group it kills all tasks of the victim's cgroup as well.
 */
static bool fill_victims(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	rel->has_traced = evidence_recorded(ev, EV_OUT_OF_MEMORY);
	rel->traced = evidence_inside(ev, EV_OUT_OF_MEMORY);
	rel->traced_max = rel->traced + evidence_outside(ev, EV_OUT_OF_MEMORY);
	rel->has_kernel = evidence_recorded(ev, EV_MARK_VICTIM);
	rel->kernel = evidence_inside(ev, EV_MARK_VICTIM);
	bounds->most = rel->traced_max;
	bounds->most_explained = rel->traced_max ? UINT64_MAX : 0;
	bounds->why_more = "all tasks of a memory cgroup were killed at once";
	bounds->both_traced = true;
	return rel->has_traced && rel->has_kernel;
}

/* clang-format off */
static const struct rule rules[] = {
	{ "OOM kills", "mark_victim", "vmstat oom_kill",
	  "kernel <= traced_max", true, fill_kills },
	{ "OOM victims", "calls of out_of_memory", "mark_victim",
	  "kernel <= traced_max", false, fill_victims },
};
/* clang-format on */

const struct rules reconcile_oom = { rules, sizeof(rules) / sizeof(rules[0]) };
