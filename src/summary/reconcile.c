// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The window lies inside the interval of the kernel's counters, and that inside what was traced
 * (base/note.h). So an event that the kernel counts once each time obeys
 *
 *	events in the window <= change of the counter <= events in the capture
 *
 * and each row says how its counter departs from that. Evidence: mm/vmscan.c, mm/page_alloc.c,
 * mm/oom_kill.c of 5.10.262, 6.1.176, 6.6.87, 6.12.107, 6.18.15, 7.1.13, 7.2.13, 7.3.4.
 */
#include <string.h>

#include "kernel/flags.h"
#include "summary/limits.h"
#include "summary/reconcile.h"
#include "summary/text.h"

/* What the kernel's number may be, and what it may be for a reason that is known. */
struct bounds {
	uint64_t least, most;
	uint64_t least_explained, most_explained;
	const char *why_less, *why_more;
	bool both_traced; /* both numbers come from the trace: records may be missing in either */
};

struct rule {
	const char *what, *traced_is, *kernel_is, *relation;
	bool of_host; /* the kernel counts for all tasks, whichever were recorded */
	/* False when a side was not recorded. Fills the relation's numbers and the bounds. */
	bool (*fill)(const struct evidence *ev, struct relation *rel, struct bounds *bounds);
};

static const char under_way[] = "the others were under way at an edge of the window";
static const char one_task[] = "only one task and its children were recorded";
static const char lost[] = "records are missing from the trace, see limits";

static bool recorded(const struct evidence *ev, enum ev_kind kind)
{
	return ev->input->info->kinds & (1ULL << kind);
}

static uint64_t in_flight(const struct evidence *ev)
{
	return ev->summary->slowpath.outcomes[OUTCOME_IN_FLIGHT];
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static uint64_t times(uint64_t a, uint64_t b)
{
	uint64_t product;

	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/* The sum of the counters whose names begin with `name`, or are equal to it without a final '*'. */
static bool vmstat_change(const struct evidence *ev, const char *name, uint64_t *sum)
{
	const struct number_list *list = ev->vmstat;
	size_t len = strlen(name);
	bool prefix = name[len - 1] == '*';
	bool found = false;
	size_t i;

	*sum = 0;
	for (i = 0; i < list->nr; i++) {
		if (prefix ? strncmp(list->items[i].name, name, len - 1)
			   : strcmp(list->items[i].name, name))
			continue;
		found = true;
		*sum += (uint64_t)list->items[i].value;
	}
	return found;
}

/* Both numbers of a row of one event and one counter, and the bounds that hold for all of them. */
static bool compare_event(const struct evidence *ev, enum ev_kind kind, const char *counter,
			  struct relation *rel, struct bounds *bounds)
{
	rel->has_traced = recorded(ev, kind);
	rel->traced = ev->input->counts->events[kind];
	rel->traced_max = ev->events[kind];
	rel->has_kernel = vmstat_change(ev, counter, &rel->kernel);
	bounds->least = rel->traced;
	bounds->most = rel->traced_max;
	bounds->least_explained = less(rel->traced, in_flight(ev));
	bounds->why_less = under_way;
	bounds->most_explained = rel->traced_max;
	return rel->has_traced && rel->has_kernel;
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

/*
 * do_try_to_free_pages counts once per pass. A pass that reclaimed nothing is repeated, at most
 * once for each of memcg_full_walk (6.12 and later), skipped_deactivate and memcg_low_skipped.
 */
static bool fill_allocstall(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	bool both = compare_event(ev, EV_RECLAIM_BEGIN, "allocstall_*", rel, bounds);

	bounds->most_explained = times(rel->traced_max, 4);
	bounds->why_more = "a pass of reclaim that frees nothing is repeated and counted again";
	return both;
}

static bool fill_reclaim_ends(const struct evidence *ev, struct relation *rel,
			      struct bounds *bounds)
{
	const uint64_t *events = ev->input->counts->events;
	uint64_t slack = in_flight(ev) + ev->input->counts->orphans;

	rel->has_traced = recorded(ev, EV_RECLAIM_BEGIN);
	rel->traced = rel->traced_max = events[EV_RECLAIM_BEGIN];
	rel->has_kernel = recorded(ev, EV_RECLAIM_END);
	rel->kernel = events[EV_RECLAIM_END];
	*bounds = (struct bounds){
		.least = rel->traced,
		.most = rel->traced,
		.least_explained = less(rel->traced, slack),
		.most_explained = rel->traced + slack,
		.why_less = under_way,
		.why_more = under_way,
		.both_traced = true,
	};
	return rel->has_traced && rel->has_kernel;
}

/*
 * 5.10 counts every call of __alloc_pages_direct_compact for order > 0, also when the gfp flags
 * forbid compaction and no event tells of it. 6.1 leaves out what was skipped, 7.2 also what was
 * deferred. In between either may hold; neither a symbol nor a counter tells the two apart.
 */
static bool fill_compact_stall(const struct evidence *ev, struct relation *rel,
			       struct bounds *bounds)
{
	const struct seq_counts *counts = ev->input->counts;
	unsigned int release = ev->summary->identity.release;
	bool both = compare_event(ev, EV_COMPACT_TRY, "compact_stall", rel, bounds);
	uint64_t outside;

	if (release && release < RELEASE(5, 11) && recorded(ev, EV_DIRECT_COMPACT)) {
		both = compare_event(ev, EV_DIRECT_COMPACT, "compact_stall", rel, bounds);
		outside = rel->traced_max - rel->traced;
		rel->traced_is = "calls of __alloc_pages_direct_compact for order > 0";
		rel->traced = bounds->least = counts->direct_compacts;
		rel->traced_max = bounds->most = bounds->most_explained = rel->traced + outside;
		bounds->least_explained = less(rel->traced, in_flight(ev));
		return both;
	}
	if (!release || release >= RELEASE(5, 11))
		bounds->least = 0;
	if (release < RELEASE(6, 1)) {
		bounds->most_explained = UINT64_MAX;
		bounds->why_more = "requests whose gfp flags forbid compaction count too, "
				   "without an event";
	}
	return both;
}

/* Counted one after the other in __alloc_pages_direct_compact. */
static bool fill_compact_results(const struct evidence *ev, struct relation *rel,
				 struct bounds *bounds)
{
	const struct seq_counts *counts = ev->input->counts;
	uint64_t slack = in_flight(ev) + counts->entries_before + counts->orphan_exits;
	uint64_t fail, success;
	bool has_fail = vmstat_change(ev, "compact_fail", &fail);
	bool has_success = vmstat_change(ev, "compact_success", &success);

	rel->has_traced = has_fail && has_success;
	rel->traced = rel->traced_max = fail + success;
	rel->has_kernel = vmstat_change(ev, "compact_stall", &rel->kernel);
	*bounds = (struct bounds){
		.least = rel->traced,
		.most = rel->traced,
		.least_explained = less(rel->traced, slack),
		.most_explained = rel->traced + slack,
		.why_less = under_way,
		.why_more = under_way,
	};
	return rel->has_traced && rel->has_kernel;
}

/* mark_oom_victim is also called for tasks that exit anyway, which __oom_kill_process never sees.
 */
static bool fill_oom_kill(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	bool both = compare_event(ev, EV_MARK_VICTIM, "oom_kill", rel, bounds);

	bounds->least = 0;
	return both;
}

/* trace_mm_vmscan_kswapd_wake directly precedes balance_pgdat, which counts. */
static bool fill_pageoutrun(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	return compare_event(ev, EV_KSWAPD_WAKE, "pageoutrun", rel, bounds);
}

/* Successes are counted from 6.12 on only; /sys/devices/system/node/.../reclaim is not counted. */
static bool fill_node_reclaim(const struct evidence *ev, struct relation *rel,
			      struct bounds *bounds)
{
	bool both = compare_event(ev, EV_NODE_RECLAIM_END, "zone_reclaim_*", rel, bounds);

	bounds->least = 0;
	return both;
}

/* The fast attempt's NULL return leads into the slowpath with nothing in between. */
static bool fill_fast_nulls(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	const struct seq_counts *counts = ev->input->counts;
	uint64_t slack = ev->input->info->nr_cpus;

	rel->has_traced = counts->basis == BASIS_SITE;
	rel->traced = rel->traced_max = counts->entries;
	rel->has_kernel = ev->summary->attempts.has_nulls;
	rel->kernel = counts->null_attempts[ATTEMPT_FAST];
	*bounds = (struct bounds){
		.least = rel->traced,
		.most = rel->traced,
		.least_explained = less(rel->traced, slack),
		.most_explained = rel->traced + slack,
		.why_less = under_way,
		.why_more = under_way,
		.both_traced = true,
	};
	return rel->has_traced && rel->has_kernel;
}

/* Every failing slowpath ends in warn_alloc, __GFP_NOWARN or not. */
static bool fill_failures(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	rel->has_traced = ev->input->counts->basis != BASIS_NONE;
	rel->traced = rel->traced_max = ev->summary->slowpath.outcomes[OUTCOME_FAILED];
	rel->has_kernel = recorded(ev, EV_WARN_ALLOC);
	rel->kernel = ev->input->counts->events[EV_WARN_ALLOC];
	*bounds = (struct bounds){
		.least = rel->traced,
		.most = rel->traced,
		.least_explained = rel->traced,
		.most_explained = UINT64_MAX,
		.why_more =
			"vmalloc calls warn_alloc too, and so do entries from before the window",
		.both_traced = true,
	};
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
	{ "direct reclaim", "mm_vmscan_direct_reclaim_begin", "vmstat allocstall_*",
	  "kernel >= traced", true, fill_allocstall },
	{ "direct reclaim ends", "mm_vmscan_direct_reclaim_begin", "mm_vmscan_direct_reclaim_end",
	  "kernel = traced", false, fill_reclaim_ends },
	{ "node reclaim", "mm_vmscan_node_reclaim_end", "vmstat zone_reclaim_*",
	  "kernel <= traced_max", true, fill_node_reclaim },
	{ "direct compaction", "mm_compaction_try_to_compact_pages", "vmstat compact_stall",
	  "kernel <= traced_max; on 5.10 kernel >= traced", true, fill_compact_stall },
	{ "compaction results", "vmstat compact_fail + compact_success", "vmstat compact_stall",
	  "kernel = traced", false, fill_compact_results },
	{ "OOM kills", "mark_victim", "vmstat oom_kill",
	  "kernel <= traced_max", true, fill_oom_kill },
	{ "kswapd runs", "mm_vmscan_kswapd_wake", "vmstat pageoutrun",
	  "traced <= kernel <= traced_max", true, fill_pageoutrun },
};
/* clang-format on */

size_t reconcile_max(void)
{
	return sizeof(rules) / sizeof(rules[0]);
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

void reconcile(struct relation *relations, const struct evidence *evidence)
{
	size_t i;

	for (i = 0; i < reconcile_max(); i++) {
		const struct rule *rule = &rules[i];
		struct relation *rel = &relations[i];
		struct bounds bounds = { 0 };

		*rel = (struct relation){
			.what = rule->what,
			.traced_is = rule->traced_is,
			.kernel_is = rule->kernel_is,
			.relation = rule->relation,
			.verdict = VERDICT_UNKNOWN,
		};
		if (!rule->fill(evidence, rel, &bounds))
			continue;
		if (rule->of_host && evidence->summary->identity.only_pid.known)
			rel->why = one_task;
		else
			judge(evidence, rel, &bounds);
	}
}
