// SPDX-License-Identifier: GPL-2.0-or-later
/* Evidence: mm/page_alloc.c and mm/vmalloc.c of the versions in reconcile_rule.h. */
#include "base/saturate.h"
#include "summary/reconcile_rule.h"
#include "summary/text.h"

/* Nolock allocations have an attempt and an mm_page_alloc of their own from 6.18 to 7.2. */
#define RELEASE_NOLOCK_SHARED RELEASE(7, 3)

/* alloc_pages_bulk: pages that it takes at once are counted, without an event. Since 5.13. */
#define RELEASE_BULK RELEASE(5, 13)

/* Allocations outside the slowpath do not sleep: one per CPU is under way. */
static uint64_t allocations_straddling(const struct evidence *ev)
{
	return evidence_straddling(ev) + ev->input->info->nr_cpus;
}

/* The format of mm_page_alloc, with its names of flags, is in captures that did not enable it. */
static bool has_page_alloc(const struct evidence *ev)
{
	return ledger_events(ev->ledger, EV_PAGE_ALLOC, MARK_NONE, MARK_END);
}

/* Calls of warn_alloc that no episode made: those of vmalloc. */
static uint64_t warned_outside(const struct evidence *ev)
{
	return sat_less(evidence_inside(ev, EV_WARN_ALLOC), ev->input->counts->warned);
}

/* "count N cpus M"; "failed WHY" where the breakpoint could not be had. */
static bool breakpoint_count(const char *text, uint64_t *count)
{
	struct span rest = span_of(text), word;

	return span_word(&rest, &word) && span_is(word, "count") && span_word(&rest, &word) &&
	       span_u64(word, count);
}

/* Each execution of the slowpath stops the processor once at the breakpoint. */
static bool fill_entries(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	const struct seq_counts *counts = ev->input->counts;

	rel->has_traced = counts->basis != BASIS_NONE;
	rel->has_kernel = breakpoint_count(ev->input->verify, &rel->kernel);
	rel->traced = counts->entries;
	rel->traced_max = rel->has_kernel ? counts->entries_verify : counts->entries;
	bounds->least = bounds->least_explained = rel->traced;
	bounds->most = bounds->most_explained = rel->traced_max;
	if (counts->basis == BASIS_EVIDENCE) {
		bounds->most_explained = UINT64_MAX;
		bounds->why_more =
			"tracepoints show only the entries that did more than one attempt";
	}
	return rel->has_traced && rel->has_kernel;
}

/* The fast attempt's NULL return leads into the slowpath with nothing in between. */
static bool fill_fast_nulls(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	const struct seq_counts *counts = ev->input->counts;

	rel->has_traced = counts->basis == BASIS_SITE;
	rel->traced = rel->traced_max = counts->entries;
	rel->has_kernel = ev->summary->attempts.has_nulls;
	rel->kernel = counts->null_attempts[ATTEMPT_FAST];
	*bounds = bounds_equal(rel->traced, ev->input->info->nr_cpus);
	bounds->both_traced = true;
	return rel->has_traced && rel->has_kernel;
}

/* Every failing slowpath ends in warn_alloc, __GFP_NOWARN or not. */
static bool fill_failures(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	const struct seq_counts *counts = ev->input->counts;

	rel->has_traced = counts->basis != BASIS_NONE;
	rel->traced = rel->traced_max = ev->summary->slowpath.outcomes[OUTCOME_FAILED];
	rel->has_kernel = evidence_recorded(ev, EV_WARN_ALLOC);
	rel->kernel = evidence_inside(ev, EV_WARN_ALLOC);
	*bounds = (struct bounds){
		.least = rel->traced,
		.most = rel->traced,
		.least_explained = rel->traced,
		.most_explained = rel->traced + warned_outside(ev) + evidence_straddling(ev),
		.why_more =
			"vmalloc calls warn_alloc too, and so do entries from before the window",
		.both_traced = true,
	};
	if (counts->basis == BASIS_EVIDENCE)
		bounds->most_explained = UINT64_MAX;
	return rel->has_traced && rel->has_kernel;
}

/* Both probes are on the same function, or at the same call. */
static bool fill_attempts(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	const struct seq_counts *counts = ev->input->counts;

	rel->has_traced = evidence_recorded(ev, EV_ATTEMPT_ENTER);
	rel->traced = rel->traced_max = counts->slow_attempts;
	rel->has_kernel = evidence_recorded(ev, EV_ATTEMPT_EXIT);
	rel->kernel = counts->slow_returns;
	*bounds = bounds_equal(rel->traced, evidence_straddling(ev));
	bounds->both_traced = true;
	return rel->has_traced && rel->has_kernel;
}

/*
 * Each allocation that passes the first checks ends in one mm_page_alloc. The others return NULL at
 * once: order too large, should_fail_alloc_page(), 7.3 alloc_nolock_allowed().
 */
static bool fill_allocations(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	uint64_t slack = allocations_straddling(ev);
	uint64_t nulls =
		ledger_sum(ev->ledger, SUM_ALLOC_NULLS, MARK_WINDOW_START, MARK_WINDOW_STOP);
	uint64_t failed = ledger_sum(ev->ledger, SUM_FAILED, MARK_WINDOW_START, MARK_WINDOW_STOP);

	rel->has_traced = evidence_recorded(ev, EV_ALLOC_ENTER);
	rel->traced = rel->traced_max = evidence_inside(ev, EV_ALLOC_ENTER);
	rel->has_kernel = has_page_alloc(ev);
	rel->kernel = evidence_inside(ev, EV_PAGE_ALLOC);
	*bounds = bounds_equal(rel->traced, slack);
	bounds->both_traced = true;
	if (nulls > failed) {
		bounds->least_explained = sat_less(bounds->least_explained, nulls - failed);
		bounds->why_less = "requests that are refused at once have no event";
	}
	if (evidence_is_before(ev, RELEASE_NOLOCK_SHARED) &&
	    ev->input->counts->attempts[ATTEMPT_NOLOCK]) {
		bounds->most_explained = sat_plus(bounds->most_explained,
						  ev->input->counts->attempts[ATTEMPT_NOLOCK]);
		bounds->why_more = "nolock allocations have the event, and another entry";
	}
	return rel->has_traced && rel->has_kernel;
}

/*
 * A failing slowpath calls warn_alloc, then mm_page_alloc tells of no page. That one also tells of
 * pages that were given back because their memory cgroup could not be charged (__GFP_ACCOUNT), and
 * of nolock allocations, which give up without a word.
 */
static bool fill_failed_allocations(const struct evidence *ev, struct relation *rel,
				    struct bounds *bounds)
{
	uint64_t charged =
		ledger_sum(ev->ledger, SUM_FAILED_CHARGED, MARK_WINDOW_START, MARK_WINDOW_STOP);
	uint64_t nolock = ev->input->counts->null_attempts[ATTEMPT_NOLOCK];

	rel->has_traced = has_page_alloc(ev);
	rel->traced = ledger_sum(ev->ledger, SUM_FAILED, MARK_WINDOW_START, MARK_WINDOW_STOP);
	rel->traced_max = rel->traced;
	rel->has_kernel = evidence_recorded(ev, EV_WARN_ALLOC);
	rel->kernel = evidence_inside(ev, EV_WARN_ALLOC);
	*bounds = bounds_equal(rel->traced, evidence_straddling(ev));
	bounds->both_traced = true;
	if (charged || nolock) {
		bounds->least_explained = sat_less(bounds->least_explained, charged + nolock);
		bounds->why_less =
			"a memory cgroup that cannot be charged and a nolock allocation fail "
			"without warn_alloc";
	}
	if (warned_outside(ev)) {
		bounds->most_explained = sat_plus(bounds->most_explained, warned_outside(ev));
		bounds->why_more = "vmalloc calls warn_alloc too";
	}
	return rel->has_traced && rel->has_kernel;
}

/*
 * rmqueue counts the pages that it takes off a free list; a page captured by compaction never was
 * on one. What a memory cgroup could not be charged for is counted, and an event without a page.
 */
static bool fill_pages(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	uint64_t edge = sat_times(ledger_sum(ev->ledger, SUM_LARGEST, MARK_NONE, MARK_END),
				  ev->input->info->nr_cpus);
	uint64_t given_back = ledger_sum(ev->ledger, SUM_FAILED_PAGES, MARK_NONE, MARK_END);

	rel->has_traced = has_page_alloc(ev);
	rel->traced = ledger_sum(ev->ledger, SUM_ALLOCATED, MARK_WINDOW_START, MARK_WINDOW_STOP);
	rel->traced_max = ledger_sum(ev->ledger, SUM_ALLOCATED, MARK_NONE, MARK_END);
	rel->has_kernel = evidence_counter(ev, "pgalloc_*", &rel->kernel);
	bounds->least = sat_less(rel->traced, ev->captured_pages);
	bounds->most = rel->traced_max;
	bounds->least_explained = sat_less(bounds->least, edge);
	bounds->why_less = reconcile_under_way;
	bounds->most_explained = sat_plus(rel->traced_max, given_back + edge);
	bounds->why_more = "pages that a memory cgroup could not be charged for are counted";
	bounds->both_traced = true; /* how many pages may have been captured */
	if (!evidence_is_before(ev, RELEASE_BULK)) {
		bounds->most_explained = UINT64_MAX;
		bounds->why_more = "pages that are allocated in bulk have no event";
	}
	return rel->has_traced && rel->has_kernel;
}

/* clang-format off */
static const struct rule rules[] = {
	{ "slowpath entries", "entries in the window; at most: while the breakpoint may be on",
	  "execute breakpoint on __alloc_pages_slowpath", "traced <= kernel <= traced_max",
	  true, fill_entries },
	{ "fast path failures", "slowpath entries", "NULL returns of the fast path's attempt",
	  "kernel = traced", false, fill_fast_nulls },
	{ "failed requests", "failed episodes", "calls of warn_alloc",
	  "kernel >= traced", false, fill_failures },
	{ "slowpath attempts", "slowpath's calls of get_page_from_freelist", "returns from them",
	  "kernel = traced", false, fill_attempts },
	{ "allocations", "calls of the allocator", "mm_page_alloc",
	  "kernel = traced", false, fill_allocations },
	{ "failed allocations", "mm_page_alloc without a page", "calls of warn_alloc",
	  "kernel = traced", false, fill_failed_allocations },
	{ "allocated pages", "pages of mm_page_alloc", "vmstat pgalloc_*",
	  "kernel >= traced less captured pages; before 5.13 kernel <= traced_max",
	  true, fill_pages },
};
/* clang-format on */

const struct rules reconcile_slowpath = { rules, sizeof(rules) / sizeof(rules[0]) };
