// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hits of the probes (hits.h) against their records. They are read just before the window and
 * just after it, between two notes (ledger.h).
 */
#include "base/saturate.h"
#include "base/note.h"
#include "summary/hits.h"
#include "summary/reconcile_rule.h"

/* What both grew by from just before the window to just after it. */
static bool grown(const struct evidence *ev, enum ev_kind kind, struct hits *by)
{
	struct hits from;

	if (!hits_at(ev->input->hits, HITS_BEFORE_START, kind, &from) ||
	    !hits_at(ev->input->hits, HITS_AFTER_STOP, kind, by))
		return false;
	by->hits = sat_less(by->hits, from.hits);
	by->missed = sat_less(by->missed, from.missed);
	return true;
}

static bool fill_hits(const struct evidence *ev, enum ev_kind kind, struct relation *rel,
		      struct bounds *bounds)
{
	struct hits by;

	rel->has_traced = evidence_recorded(ev, kind);
	rel->traced = evidence_inside(ev, kind);
	rel->traced_max = ledger_events(ev->ledger, kind, MARK_BEFORE, MARK_AFTER);
	rel->has_kernel = grown(ev, kind, &by);
	rel->kernel = by.hits;
	bounds->least = rel->traced;
	bounds->most = rel->traced_max;
	bounds->least_explained = sat_less(rel->traced, ev->input->info->nr_cpus);
	bounds->most_explained = sat_plus(rel->traced_max, ev->input->info->nr_cpus);
	bounds->why_less = bounds->why_more = "a hit is counted before its record is made";
	return rel->has_traced && rel->has_kernel;
}

static bool fill_entry_hits(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	return fill_hits(ev, EV_SLOW_ENTER, rel, bounds);
}

static bool fill_exit_hits(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	return fill_hits(ev, EV_SLOW_EXIT, rel, bounds);
}

/*
 * Filtered or not: entries and returns of one function. Those of the slowpath may take long; of the
 * fast path's at most one per CPU is under way at each reading.
 */
static bool fill_attempt_hits(const struct evidence *ev, struct relation *rel,
			      struct bounds *bounds)
{
	uint64_t slack = evidence_straddling(ev) + 2 * (uint64_t)ev->input->info->nr_cpus;
	struct hits entries, returns;

	rel->has_traced = grown(ev, EV_ATTEMPT_ENTER, &entries);
	rel->traced = rel->traced_max = entries.hits;
	rel->has_kernel = grown(ev, EV_ATTEMPT_EXIT, &returns);
	rel->kernel = returns.hits;
	*bounds = bounds_equal(rel->traced, slack);
	if (entries.missed || returns.missed) {
		bounds->least_explained = sat_less(bounds->least_explained, returns.missed);
		bounds->most_explained = sat_plus(bounds->most_explained, entries.missed);
		bounds->why_less = bounds->why_more = "the kernel refused some hits";
	}
	return rel->has_traced && rel->has_kernel;
}

/* clang-format off */
static const struct rule rules[] = {
	{ "entry probe", "records of the probe at the slowpath's entry", "hits of it",
	  "traced <= kernel <= traced_max", true, fill_entry_hits },
	{ "exit probe", "records of the probe at the slowpath's exit", "hits of it",
	  "traced <= kernel <= traced_max", true, fill_exit_hits },
	{ "attempt probes", "hits of the probe at the entry of get_page_from_freelist",
	  "hits of the probe at its return", "kernel = traced", false, fill_attempt_hits },
};
/* clang-format on */

const struct rules reconcile_probes = { rules, sizeof(rules) / sizeof(rules[0]) };
