// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Evidence of the tracepoint rows: the format files of Debian's kernels 5.10.0-46, 6.1.0-56,
 * 6.12.117, 7.3.4, read on 2026-11-23, and include/trace/events/{kmem,vmscan,compaction,oom,
 * sched,writeback}.h of the same sources. Two names for a field: the newer one first.
 */
#include <ctype.h>
#include <string.h>

#include "kernel/events.h"

/* clang-format off */
static const struct event_rule rules[] = {
	/* Our own probes: the names are ours (record/plan.c writes them). */
	{ EV_SLOW_ENTER, NULL, "slow_enter", {
		{ FIELD_GFP, { "gfp" } }, { FIELD_ORDER, { "order" } },
		{ FIELD_MIGRATETYPE, { "migratetype" } }, { FIELD_SP, { "sp" } }, { FIELD_COMM, { "comm" } } } },
	{ EV_SLOW_EXIT, NULL, "slow_exit", {
		{ FIELD_PAGE, { "page" } }, { FIELD_SP, { "sp" } } } },
	{ EV_FAST_NULL, NULL, "fast_null", {
		{ FIELD_PAGE, { "page" } }, { FIELD_SP, { "sp" } }, { FIELD_COMM, { "comm" } } } },
	{ EV_ATTEMPT_ENTER, NULL, "attempt_enter", {
		{ FIELD_GFP, { "gfp" } }, { FIELD_ORDER, { "order" } },
		{ FIELD_ALLOC_FLAGS, { "alloc_flags" } }, { FIELD_MIGRATETYPE, { "migratetype" } },
		{ FIELD_CALLER, { "caller" } } } },
	{ EV_ATTEMPT_EXIT, NULL, "attempt_exit", {
		{ FIELD_PAGE, { "page" } }, { FIELD_GFP, { "gfp" } }, { FIELD_ORDER, { "order" } },
		{ FIELD_ALLOC_FLAGS, { "alloc_flags" } }, { FIELD_CALLER, { "caller", "__probe_ret_ip" } }, { FIELD_SP, { "sp" } },
		{ FIELD_COMM, { "comm" } } } },
	{ EV_ALLOC_ENTER, NULL, "alloc_enter", {
		{ FIELD_GFP, { "gfp" } }, { FIELD_SP, { "sp" } } } },
	{ EV_ALLOC_EXIT, NULL, "alloc_exit", {
		{ FIELD_PAGE, { "page" } }, { FIELD_SP, { "sp" } } } },
	{ EV_DIRECT_COMPACT, NULL, "direct_compact", {
		{ FIELD_GFP, { "gfp" } }, { FIELD_ORDER, { "order" } } } },
	{ EV_UNRESERVE_HIGHATOMIC, NULL, "unreserve_highatomic", {
		{ FIELD_FORCE, { "force" } } } },
	{ EV_UNRESERVED, NULL, "unreserved", {
		{ FIELD_RESULT, { "freed" } } } },
	{ EV_DRAIN_ALL_PAGES, NULL, "drain_all_pages", {
		{ FIELD_ZONE, { "zone" } } } },
	{ EV_OUT_OF_MEMORY, NULL, "out_of_memory", {
		{ FIELD_MEMCG, { "memcg" } }, { FIELD_GFP, { "gfp" } }, { FIELD_ORDER, { "order" } } } },
	{ EV_WARN_ALLOC, NULL, "warn_alloc", {
		{ FIELD_GFP, { "gfp" } } } },

	/* ftrace's own: they need no enabling. The addresses are the rest of the record. */
	{ EV_NOTE, "ftrace", "print", { { 0 } } },
	{ EV_STACK, "ftrace", "kernel_stack", {
		{ FIELD_COUNT, { "size" } } } },

	{ EV_PAGE_ALLOC, "kmem", "mm_page_alloc", {
		{ FIELD_PFN, { "pfn" } }, { FIELD_ORDER, { "order" } },
		{ FIELD_GFP, { "gfp_flags" } } } },

	{ EV_WAKEUP_KSWAPD, "vmscan", "mm_vmscan_wakeup_kswapd", {
		{ FIELD_NID, { "nid" } }, { FIELD_ZONE, { "zid" } }, { FIELD_ORDER, { "order" } },
		{ FIELD_GFP, { "gfp_flags" } } } },
	{ EV_KSWAPD_WAKE, "vmscan", "mm_vmscan_kswapd_wake", {
		{ FIELD_NID, { "nid" } }, { FIELD_ZONE, { "zid" } }, { FIELD_ORDER, { "order" } } } },
	{ EV_KSWAPD_SLEEP, "vmscan", "mm_vmscan_kswapd_sleep", {
		{ FIELD_NID, { "nid" } } } },
	{ EV_RECLAIM_BEGIN, "vmscan", "mm_vmscan_direct_reclaim_begin", {
		{ FIELD_ORDER, { "order" } }, { FIELD_GFP, { "gfp_flags" } } } },
	{ EV_RECLAIM_END, "vmscan", "mm_vmscan_direct_reclaim_end", {
		{ FIELD_NR_RECLAIMED, { "nr_reclaimed" } } } },
	{ EV_MEMCG_RECLAIM_BEGIN, "vmscan", "mm_vmscan_memcg_reclaim_begin", {
		{ FIELD_ORDER, { "order" } }, { FIELD_GFP, { "gfp_flags" } } } },
	{ EV_MEMCG_RECLAIM_END, "vmscan", "mm_vmscan_memcg_reclaim_end", {
		{ FIELD_NR_RECLAIMED, { "nr_reclaimed" } } } },
	{ EV_NODE_RECLAIM_BEGIN, "vmscan", "mm_vmscan_node_reclaim_begin", {
		{ FIELD_NID, { "nid" } }, { FIELD_ORDER, { "order" } }, { FIELD_GFP, { "gfp_flags" } } } },
	{ EV_NODE_RECLAIM_END, "vmscan", "mm_vmscan_node_reclaim_end", {
		{ FIELD_NR_RECLAIMED, { "nr_reclaimed" } } } },
	/* From 5.16; before it the waits of reclaim were those of writeback congestion. */
	{ EV_THROTTLED, "vmscan", "mm_vmscan_throttled", {
		{ FIELD_NID, { "nid" } }, { FIELD_USEC, { "usec_delayed" } } } },
	{ EV_THROTTLED, "writeback", "writeback_congestion_wait", {
		{ FIELD_USEC, { "usec_delayed" } } } },
	{ EV_THROTTLED, "writeback", "writeback_wait_iff_congested", {
		{ FIELD_USEC, { "usec_delayed" } } } },

	{ EV_COMPACT_TRY, "compaction", "mm_compaction_try_to_compact_pages", {
		{ FIELD_ORDER, { "order" } }, { FIELD_GFP, { "gfp_mask" } } } },
	{ EV_COMPACT_BEGIN, "compaction", "mm_compaction_begin", { { 0 } } },
	{ EV_COMPACT_END, "compaction", "mm_compaction_end", {
		{ FIELD_RESULT, { "status" } } } },
	{ EV_KCOMPACTD_WAKE, "compaction", "mm_compaction_kcompactd_wake", {
		{ FIELD_NID, { "nid" } }, { FIELD_ORDER, { "order" } } } },
	{ EV_KCOMPACTD_SLEEP, "compaction", "mm_compaction_kcompactd_sleep", {
		{ FIELD_NID, { "nid" } } } },

	{ EV_RECLAIM_RETRY_ZONE, "oom", "reclaim_retry_zone", {
		{ FIELD_NID, { "node" } }, { FIELD_ZONE, { "zone_idx" } }, { FIELD_ORDER, { "order" } },
		{ FIELD_COUNT, { "no_progress_loops" } }, { FIELD_RESULT, { "wmark_check" } } } },
	{ EV_COMPACT_RETRY, "oom", "compact_retry", {
		{ FIELD_ORDER, { "order" } }, { FIELD_COUNT, { "retries" } }, { FIELD_RESULT, { "ret" } } } },
	{ EV_MARK_VICTIM, "oom", "mark_victim", {
		{ FIELD_VICTIM, { "pid" } } } },

	{ EV_SCHED_SWITCH, "sched", "sched_switch", {
		{ FIELD_PREV_PID, { "prev_pid" } }, { FIELD_PREV_STATE, { "prev_state" } },
		{ FIELD_NEXT_PID, { "next_pid" } } } },
	{ EV_SCHED_WAKEUP, "sched", "sched_wakeup", {
		{ FIELD_WAKEE, { "pid" } } } },
};
/* clang-format on */

static const char *const made_by_reader[] = {
	[EV_UNKNOWN] = "unknown", [EV_LOST] = "lost",	    [EV_NOTE] = "print",
	[EV_SERVED] = "served",	  [EV_ENTERED] = "entered", [EV_LEFT] = "left",
	[EV_HANDED] = "handed",
};

const struct event_rule *kernel_event_rules(size_t *nr)
{
	*nr = sizeof(rules) / sizeof(rules[0]);
	return rules;
}

/* "slow_enter_3" is the row "slow_enter". */
static bool same_but_suffix(const char *name, const char *row)
{
	size_t len = strlen(row);

	if (strncmp(name, row, len))
		return false;
	name += len;
	if (!*name)
		return true;
	if (*name++ != '_' || !*name)
		return false;
	while (isdigit((unsigned char)*name))
		name++;
	return !*name;
}

const struct event_rule *kernel_event_find(const char *system, const char *name)
{
	bool own = !strncmp(system, PROBE_GROUP_PREFIX, strlen(PROBE_GROUP_PREFIX));
	size_t nr;
	const struct event_rule *rule = kernel_event_rules(&nr);

	for (; nr--; rule++) {
		if (own && !rule->system && same_but_suffix(name, rule->name))
			return rule;
		if (rule->system && !strcmp(system, rule->system) && !strcmp(name, rule->name))
			return rule;
	}
	return NULL;
}

const char *kernel_event_name(enum ev_kind kind)
{
	size_t nr;
	const struct event_rule *rule = kernel_event_rules(&nr);

	for (; nr--; rule++)
		if (rule->kind == kind)
			return rule->name;
	return made_by_reader[kind <= EV_HANDED ? kind : EV_UNKNOWN];
}
