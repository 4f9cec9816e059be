// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The window lies inside the interval of the kernel's counters, and that inside what was traced
 * (ledger.h). So an event that the kernel counts once each time obeys
 *
 *	events in the window <= change of the counter <= events in the capture
 *
 * and each rule says how its counter departs from that, and what explains a larger difference.
 */
#include "summary/limits.h"
#include "summary/reconcile_rule.h"

static const struct rules *const tables[] = {
	&reconcile_slowpath, &reconcile_reclaim, &reconcile_compact,
	&reconcile_oom,	     &reconcile_daemons, &reconcile_probes,
};

#define NR_TABLES (sizeof(tables) / sizeof(tables[0]))

static const char one_task[] = "only one task and its children were recorded";
static const char lost[] = "records are missing from the trace, see limits";

size_t reconcile_max(void)
{
	size_t i, nr = 0;

	for (i = 0; i < NR_TABLES; i++)
		nr += tables[i]->nr;
	return nr;
}

static void judge(const struct evidence *ev, struct relation *rel, const struct bounds *bounds)
{
	bool low = rel->kernel<bounds->least, high = rel->kernel> bounds->most;
	bool explained = low ? rel->kernel >= bounds->least_explained
			     : rel->kernel <= bounds->most_explained;

	if (!low && !high) {
		rel->verdict = VERDICT_OK;
	} else if (explained) {
		rel->verdict = VERDICT_EXPLAINED;
		rel->why = low ? bounds->why_less : bounds->why_more;
	} else if ((high || bounds->both_traced) && !limits_records_whole(&ev->summary->limits)) {
		rel->verdict = VERDICT_EXPLAINED;
		rel->why = lost;
	} else {
		rel->verdict = VERDICT_MISMATCH;
	}
}

static void apply(const struct rule *rule, struct relation *rel, const struct evidence *evidence)
{
	struct bounds bounds = { 0 };

	*rel = (struct relation){
		.what = rule->what,
		.traced_is = rule->traced_is,
		.kernel_is = rule->kernel_is,
		.relation = rule->relation,
		.verdict = VERDICT_UNKNOWN,
	};
	if (!rule->fill(evidence, rel, &bounds))
		return;
	if (rule->of_host && evidence->summary->identity.only_pid.known)
		rel->why = one_task;
	else
		judge(evidence, rel, &bounds);
}

void reconcile(struct relation *relations, const struct evidence *evidence)
{
	size_t i, at;

	for (i = 0; i < NR_TABLES; i++)
		for (at = 0; at < tables[i]->nr; at++)
			apply(&tables[i]->rules[at], relations++, evidence);
}
