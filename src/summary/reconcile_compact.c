// SPDX-License-Identifier: GPL-2.0-or-later
/* Evidence: __alloc_pages_direct_compact in mm/page_alloc.c of the versions in reconcile_rule.h. */
#include <limits.h>

#include "base/saturate.h"
#include "summary/reconcile_rule.h"

/*
 * Which direct compactions compact_stall counts, and an attempt follows if they captured no page.
 * The first row that the kernel is older than holds.
 */
struct counting {
	unsigned int before;
	bool all;     /* every call for order > 0, also where the gfp flags forbid compaction, */
	bool unknown; /* or maybe: neither a symbol nor a counter tells */
};

static const struct counting countings[] = {
	{ RELEASE(5, 11), .all = true },    /* 5.10.262:4129 */
	{ RELEASE(6, 1), .unknown = true }, /* not read */
	{ UINT_MAX, .all = false },	    /* 6.1.176:4579 not the skipped, 7.2.13 nor deferred */
};

static const struct counting *counting_of(const struct evidence *ev)
{
	static const struct counting unknown = { .unknown = true };
	const struct counting *row = countings;

	if (!ev->summary->identity.release)
		return &unknown;
	while (!evidence_is_before(ev, row->before))
		row++;
	return row;
}

/* The event of each compaction that may be counted. Without its probe 5.10 shows only some. */
static enum ev_kind calls_of(const struct evidence *ev)
{
	return counting_of(ev)->all && evidence_recorded(ev, EV_DIRECT_COMPACT) ? EV_DIRECT_COMPACT
										: EV_COMPACT_TRY;
}

static bool fill_stall(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	const struct counting *counting = counting_of(ev);
	enum ev_kind calls = calls_of(ev);
	bool both = evidence_compare(ev, calls, "compact_stall", rel, bounds);

	if (calls == EV_DIRECT_COMPACT) {
		rel->traced_is = "calls of __alloc_pages_direct_compact for order > 0";
		rel->traced = bounds->least = ev->input->counts->direct_compacts;
		rel->traced_max = rel->traced + evidence_outside(ev, calls);
		bounds->least_explained = sat_less(rel->traced, evidence_in_flight(ev));
		bounds->most = bounds->most_explained = rel->traced_max;
		return both;
	}
	if (!counting->all)
		bounds->least = 0;
	if (counting->all || counting->unknown) {
		bounds->most_explained = UINT64_MAX;
		bounds->why_more = "requests whose gfp flags forbid compaction count too, "
				   "without an event";
	}
	return both;
}

/* Counted one after the other. */
static bool fill_results(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	uint64_t fail, success;
	bool has_fail = evidence_counter(ev, "compact_fail", &fail);
	bool has_success = evidence_counter(ev, "compact_success", &success);

	rel->has_traced = has_fail && has_success;
	rel->traced = rel->traced_max = fail + success;
	rel->has_kernel = evidence_counter(ev, "compact_stall", &rel->kernel);
	*bounds = bounds_equal(rel->traced, evidence_straddling(ev));
	return rel->has_traced && rel->has_kernel;
}

/*
 * The attempt after a compaction is told from others by its caller where
 * __alloc_pages_direct_compact is a function of its own; where it is inlined, by a zone having been
 * compacted, or by a call site that was learnt so. What came before it was learnt is a retry.
 */
static uint64_t not_told_apart(const struct evidence *ev)
{
	const struct seq_counts *counts = ev->input->counts;

	if (evidence_recorded(ev, EV_DIRECT_COMPACT))
		return 0;
	return sat_less(evidence_inside(ev, EV_COMPACT_TRY),
			counts->attempts[ATTEMPT_COMPACT] + ev->summary->slowpath.captured);
}

/* Both are counted right after the attempt, or after the compaction that captured a page. */
static bool fill_result(const struct evidence *ev, uint64_t traced, const char *counter,
			struct relation *rel, struct bounds *bounds)
{
	enum ev_kind calls = calls_of(ev);

	rel->has_traced = ev->summary->attempts.has_attempts && ev->summary->attempts.has_results &&
			  ev->summary->attempts.has_nulls && evidence_recorded(ev, calls) &&
			  (calls == EV_DIRECT_COMPACT || !counting_of(ev)->all);
	rel->traced = traced;
	rel->traced_max = traced + evidence_outside(ev, calls);
	rel->has_kernel = evidence_counter(ev, counter, &rel->kernel);
	*bounds = bounds_equal(traced, evidence_straddling(ev));
	bounds->most = rel->traced_max;
	bounds->most_explained = sat_plus(rel->traced_max, evidence_straddling(ev));
	if (not_told_apart(ev)) {
		bounds->most_explained = sat_plus(bounds->most_explained, not_told_apart(ev));
		bounds->why_more = "an attempt after a compaction of no zone looks like a retry";
	}
	bounds->both_traced = true;
	return rel->has_traced && rel->has_kernel;
}

static bool fill_fail(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	const struct seq_counts *counts = ev->input->counts;

	return fill_result(ev, counts->null_attempts[ATTEMPT_COMPACT], "compact_fail", rel, bounds);
}

static bool fill_success(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	const struct seq_counts *counts = ev->input->counts;

	return fill_result(ev,
			   sat_less(counts->attempts[ATTEMPT_COMPACT],
				    counts->null_attempts[ATTEMPT_COMPACT]) +
				   ev->summary->slowpath.captured,
			   "compact_success", rel, bounds);
}

/* clang-format off */
static const struct rule rules[] = {
	{ "direct compaction", "mm_compaction_try_to_compact_pages", "vmstat compact_stall",
	  "kernel <= traced_max; on 5.10 kernel >= traced", true, fill_stall },
	{ "compaction results", "vmstat compact_fail + compact_success", "vmstat compact_stall",
	  "kernel = traced", false, fill_results },
	{ "failed compactions", "attempts after a compaction without a page",
	  "vmstat compact_fail", "traced <= kernel <= traced_max", true, fill_fail },
	{ "successful compactions", "attempts after a compaction with a page, and captured pages",
	  "vmstat compact_success", "traced <= kernel <= traced_max", true, fill_success },
};
/* clang-format on */

const struct rules reconcile_compact = { rules, sizeof(rules) / sizeof(rules[0]) };
