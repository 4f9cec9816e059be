// SPDX-License-Identifier: GPL-2.0-or-later
/* Evidence: mm/vmscan.c and mm/vmstat.c of the versions in reconcile_rule.h. */
#include <string.h>

#include "base/saturate.h"
#include "summary/reconcile_rule.h"

/*
 * do_try_to_free_pages counts once per pass. A pass that reclaimed nothing is repeated, at most
 * once for each of memcg_full_walk (6.12 and later), skipped_deactivate and memcg_low_skipped.
 */
#define PASSES_MAX 4

/* From it on a write to /sys/devices/system/node/nodeN/reclaim has the events of node_reclaim. */
#define RELEASE_SYSFS RELEASE(6, 18)

/* calculate_normal_threshold(): what a CPU may keep of a node's counter for itself. */
#define STAT_THRESHOLD_MAX 125

/*
 * One row per way in which the kernel counts what tasks other than kswapd reclaim. It is told by
 * the order of /proc/vmstat, not by the release: up to 6.18 these are events, printed after
 * allocstall_*, and memory cgroups' own reclaim is left out (cgroup_reclaim()); as items of a node
 * (7.1 and later, mod_lruvec_state()) they come first, and it is in them.
 */
struct counting {
	bool of_nodes;
	bool has_memcgs;
	uint64_t kept_per_cpu; /* and node: counted, but not yet in /proc/vmstat */
};

static const struct counting countings[] = {
	{ .of_nodes = false },
	{ .of_nodes = true, .has_memcgs = true, .kept_per_cpu = STAT_THRESHOLD_MAX },
};

static const struct counting *counting_of(const struct evidence *ev)
{
	const char *text = ev->input->start.vmstat;
	const char *steal = text ? strstr(text, "pgsteal_direct ") : NULL;
	const char *stall = text ? strstr(text, "allocstall_") : NULL;

	return &countings[steal && stall && steal < stall];
}

/* How far the change of a counter may be off, in either direction. */
static uint64_t kept_back(const struct evidence *ev)
{
	const struct known *cpus = &ev->summary->identity.cpus_possible;
	uint64_t nr = cpus->known ? cpus->value : ev->input->info->nr_cpus;

	return sat_times(sat_times(counting_of(ev)->kept_per_cpu, nr), evidence_nodes(ev));
}

/*
 * khugepaged's share has a counter of its own from 6.6, and from 6.18 that of a write to
 * /sys/devices/system/node/nodeN/reclaim (7.1 and later: to memory.reclaim too).
 */
static bool by_tasks(const struct evidence *ev, const char *const counters[3], uint64_t *pages)
{
	bool has_direct = evidence_counter(ev, counters[0], pages);
	uint64_t more;
	size_t i;

	for (i = 1; i < 3; i++) {
		evidence_counter(ev, counters[i], &more);
		*pages += more;
	}
	return has_direct;
}

static bool stolen(const struct evidence *ev, uint64_t *pages)
{
	static const char *const counters[] = { "pgsteal_direct", "pgsteal_khugepaged",
						"pgsteal_proactive" };

	return by_tasks(ev, counters, pages);
}

static bool scanned(const struct evidence *ev, uint64_t *pages)
{
	static const char *const counters[] = { "pgscan_direct", "pgscan_khugepaged",
						"pgscan_proactive" };

	return by_tasks(ev, counters, pages);
}

static bool fill_allocstall(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	bool both = evidence_compare(ev, EV_RECLAIM_BEGIN, "allocstall_*", rel, bounds);

	bounds->most_explained = sat_times(rel->traced_max, PASSES_MAX);
	bounds->why_more = "a pass of reclaim that frees nothing is repeated and counted again";
	return both;
}

static bool fill_reclaim_ends(const struct evidence *ev, struct relation *rel,
			      struct bounds *bounds)
{
	rel->has_traced = evidence_recorded(ev, EV_RECLAIM_BEGIN);
	rel->traced = rel->traced_max = evidence_inside(ev, EV_RECLAIM_BEGIN);
	rel->has_kernel = evidence_recorded(ev, EV_RECLAIM_END);
	rel->kernel = evidence_inside(ev, EV_RECLAIM_END);
	*bounds = bounds_equal(rel->traced, evidence_in_flight(ev) + ev->input->counts->orphans);
	bounds->both_traced = true;
	return rel->has_traced && rel->has_kernel;
}

/*
 * node_reclaim counts when __node_reclaim, which has the events, returns: with its pages or with
 * fewer than were asked for. Up to 6.6 only the latter have a counter.
 */
static bool fill_node_reclaim(const struct evidence *ev, struct relation *rel,
			      struct bounds *bounds)
{
	bool both = evidence_compare(ev, EV_NODE_RECLAIM_END, "zone_reclaim_*", rel, bounds);
	uint64_t success;

	bounds->least_explained = sat_less(bounds->least, ev->input->info->nr_cpus);
	if (!evidence_counter(ev, "zone_reclaim_success", &success)) {
		bounds->least = ledger_sum(ev->ledger, SUM_NODE_FRUITLESS, MARK_WINDOW_START,
					   MARK_WINDOW_STOP);
		bounds->least_explained = sat_less(bounds->least, ev->input->info->nr_cpus);
	} else if (!evidence_is_before(ev, RELEASE_SYSFS)) {
		bounds->least_explained = 0;
		bounds->why_less = "reclaim of a node by a write to sysfs is not counted";
	}
	return both;
}

/*
 * Every page that a task takes off the LRU lists adds to what the end of its reclaim tells, and so
 * does what shrinkers free, which has no counter. A reclaim that only made compaction possible
 * tells 1. What node_reclaim takes is counted alike.
 */
static bool fill_reclaimed(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	const struct counting *counting = counting_of(ev);
	const enum sum sums[] = { SUM_RECLAIMED, SUM_NODE_RECLAIMED, SUM_MEMCG_RECLAIMED };
	size_t i, nr = counting->has_memcgs ? 3 : 2;

	rel->has_traced = evidence_recorded(ev, EV_RECLAIM_END) &&
			  evidence_recorded(ev, EV_NODE_RECLAIM_END) &&
			  (!counting->has_memcgs || evidence_recorded(ev, EV_MEMCG_RECLAIM_END));
	rel->has_kernel = stolen(ev, &rel->kernel);
	rel->traced = rel->traced_max = 0;
	for (i = 0; i < nr; i++) {
		rel->traced += ledger_sum(ev->ledger, sums[i], MARK_WINDOW_START, MARK_WINDOW_STOP);
		rel->traced_max += ledger_sum(ev->ledger, sums[i], MARK_NONE, MARK_END);
	}
	bounds->least = rel->traced;
	bounds->most = rel->traced_max;
	bounds->least_explained = 0;
	bounds->why_less =
		"what shrinkers free is not counted, nor the one page that a reclaim tells "
		"of when it only made compaction possible";
	bounds->most_explained = sat_plus(rel->traced_max, kept_back(ev));
	bounds->why_more = "each CPU keeps a part of a node's counters to itself for a while";
	if (ledger_events(ev->ledger, EV_RECLAIM_BEGIN, MARK_NONE, MARK_END) >
	    ledger_events(ev->ledger, EV_RECLAIM_END, MARK_NONE, MARK_END)) {
		bounds->most_explained = UINT64_MAX;
		bounds->why_more = "a reclaim that did not end has not told its pages";
	}
	return rel->has_traced && rel->has_kernel;
}

/*
 * A page is counted as scanned when it is isolated, and as reclaimed later, if it can be: isolation
 * takes SWAP_CLUSTER_MAX pages at a time, or more where they are parts of large ones.
 */
static bool fill_scanned(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	uint64_t edge = kept_back(ev) + kept_back(ev);

	rel->has_traced = stolen(ev, &rel->traced);
	rel->traced_max = rel->traced;
	rel->has_kernel = scanned(ev, &rel->kernel);
	bounds->least = rel->traced;
	bounds->most = bounds->most_explained = UINT64_MAX;
	bounds->least_explained = sat_less(rel->traced, edge);
	bounds->why_less = "each CPU keeps a part of a node's counters to itself for a while";
	if (evidence_outside(ev, EV_RECLAIM_BEGIN)) {
		bounds->least_explained = 0;
		bounds->why_less = reconcile_under_way;
	}
	return rel->has_traced && rel->has_kernel;
}

/*
 * throttle_direct_reclaim counts and sleeps before the reclaim begins. A task that is killed while
 * it sleeps there reclaims nothing, and never sleeps there again.
 */
static bool fill_throttled(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	const struct seq_counts *counts = ev->input->counts;

	rel->has_traced = evidence_recorded(ev, EV_RECLAIM_BEGIN);
	rel->traced = evidence_inside(ev, EV_RECLAIM_BEGIN);
	rel->traced_max = rel->traced + evidence_outside(ev, EV_RECLAIM_BEGIN);
	rel->has_kernel = evidence_counter(ev, "pgscan_direct_throttle", &rel->kernel);
	bounds->most = rel->traced_max;
	bounds->most_explained = counts->basis == BASIS_EVIDENCE || counts->basis == BASIS_NONE
					 ? UINT64_MAX
					 : rel->traced_max + counts->entries +
						   counts->entries_before + counts->entries_after +
						   counts->orphan_exits;
	bounds->why_more = "a task that is killed while it is throttled begins no reclaim";
	return rel->has_traced && rel->has_kernel;
}

/* kswapd counts in balance_pgdat, right after mm_vmscan_kswapd_wake. */
static bool fill_kswapd(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	bool both = evidence_compare(ev, EV_KSWAPD_WAKE, "pageoutrun", rel, bounds);

	bounds->least_explained = sat_less(bounds->least, evidence_nodes(ev));
	return both;
}

/* kcompactd_do_work counts right after mm_compaction_kcompactd_wake. */
static bool fill_kcompactd(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	bool both = evidence_compare(ev, EV_KCOMPACTD_WAKE, "compact_daemon_wake", rel, bounds);

	bounds->least_explained = sat_less(bounds->least, evidence_nodes(ev));
	return both;
}

/* clang-format off */
static const struct rule rules[] = {
	{ "direct reclaim", "mm_vmscan_direct_reclaim_begin", "vmstat allocstall_*",
	  "kernel >= traced", true, fill_allocstall },
	{ "direct reclaim ends", "mm_vmscan_direct_reclaim_begin", "mm_vmscan_direct_reclaim_end",
	  "kernel = traced", false, fill_reclaim_ends },
	{ "node reclaim", "mm_vmscan_node_reclaim_end", "vmstat zone_reclaim_*",
	  "kernel <= traced_max; where successes are counted kernel >= traced",
	  true, fill_node_reclaim },
	{ "reclaimed pages",
	  "pages of direct_reclaim_end, node_reclaim_end; from 7.1 memcg_reclaim_end",
	  "vmstat pgsteal_direct + pgsteal_khugepaged + pgsteal_proactive",
	  "kernel <= traced_max; traced exceeds it by what shrinkers free", true,
	  fill_reclaimed },
	{ "scanned pages", "vmstat pgsteal_direct + pgsteal_khugepaged + pgsteal_proactive",
	  "vmstat pgscan_direct + pgscan_khugepaged + pgscan_proactive", "kernel >= traced", false, fill_scanned },
	{ "throttled reclaim", "mm_vmscan_direct_reclaim_begin", "vmstat pgscan_direct_throttle",
	  "kernel <= traced_max", true, fill_throttled },
};

static const struct rule daemons[] = {
	{ "kswapd runs", "mm_vmscan_kswapd_wake", "vmstat pageoutrun",
	  "traced <= kernel <= traced_max", true, fill_kswapd },
	{ "kcompactd runs", "mm_compaction_kcompactd_wake", "vmstat compact_daemon_wake",
	  "traced <= kernel <= traced_max", true, fill_kcompactd },
};
/* clang-format on */

const struct rules reconcile_reclaim = { rules, sizeof(rules) / sizeof(rules[0]) };
const struct rules reconcile_daemons = { daemons, sizeof(daemons) / sizeof(daemons[0]) };
