// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * summary/reconcile: for each relation numbers that hold, that differ for a known reason, and that
 * contradict each other, just beside the limit. Expected verdicts follow from the kernel's sources,
 * see reconcile_*.c.
 *
 * A scene is one capture in a few words:
 *
 *	EVENT=IN/ALL	an event was recorded, IN times in the window, ALL times in the capture
 *	s:SUM=IN/ALL	a sum of the ledger
 *	v:COUNTER=N	a counter of /proc/vmstat grew by N
 *	c:COUNT=N	a count of the sequence, or an outcome
 *	h:PROBE=N/M	hits of a probe, just before the window and just after it
 *	@WORD		a circumstance, see circumstances[]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "kernel/flags.h"
#include "summary/reconcile.h"
#include "summary_fixture.h"

#define VMSTAT_MAX 4

struct scene {
	const char *what; /* the relation that is looked at */
	unsigned int release;
	const char *words;
	enum verdict verdict;
};

#define V510 RELEASE(5, 10)
#define V515 RELEASE(5, 15)
#define V61  RELEASE(6, 1)
#define V612 RELEASE(6, 12)
#define V618 RELEASE(6, 18)
#define V73  RELEASE(7, 3)

#define OK	  VERDICT_OK
#define EXPLAINED VERDICT_EXPLAINED
#define MISMATCH  VERDICT_MISMATCH
#define UNKNOWN	  VERDICT_UNKNOWN

/* clang-format off */
static const struct scene scenes[] = {
	/* At least those of the window, at most those while the breakpoint may be on. */
	{ "slowpath entries", V612, "c:entries=100 c:verify=100 @break100", OK },
	{ "slowpath entries", V612, "c:entries=98 c:verify=101 @break100", OK },
	{ "slowpath entries", V612, "c:entries=101 c:verify=103 @break100", MISMATCH },
	{ "slowpath entries", V612, "c:entries=101 c:verify=103 @break100 @lost", MISMATCH },
	{ "slowpath entries", V612, "c:entries=99 c:verify=99 @break100", MISMATCH },
	{ "slowpath entries", V612, "c:entries=99 c:verify=99 @break100 @lost", EXPLAINED },
	{ "slowpath entries", V612, "c:entries=20 c:verify=20 @break100 @evidence", EXPLAINED },
	{ "slowpath entries", V612, "c:entries=101 c:verify=101 @break100 @evidence", MISMATCH },
	{ "slowpath entries", V612, "c:entries=100 c:verify=100 @breakfailed", UNKNOWN },
	{ "slowpath entries", V612, "c:entries=100 c:verify=100", UNKNOWN },
	{ "slowpath entries", V612, "@break100 @nothing", UNKNOWN },

	/* One for one; per CPU one may straddle the edge. The fixture has two. */
	{ "fast path failures", V612, "c:entries=50 c:fast_nulls=50 @nulls", OK },
	{ "fast path failures", V612, "c:entries=50 c:fast_nulls=52 @nulls", EXPLAINED },
	{ "fast path failures", V612, "c:entries=50 c:fast_nulls=53 @nulls", MISMATCH },
	{ "fast path failures", V612, "c:entries=50 c:fast_nulls=48 @nulls", EXPLAINED },
	{ "fast path failures", V612, "c:entries=50 c:fast_nulls=47 @nulls", MISMATCH },
	{ "fast path failures", V612, "c:entries=50 c:fast_nulls=47 @nulls @lost", EXPLAINED },
	{ "fast path failures", V612, "c:entries=50 c:fast_nulls=53", UNKNOWN },

	/* warn_alloc outside any episode is vmalloc's: 4 - 2 = 2. */
	{ "failed requests", V612, "c:failed=2 warn_alloc=2/2 c:warned=2", OK },
	{ "failed requests", V612, "c:failed=2 warn_alloc=4/4 c:warned=2", EXPLAINED },
	{ "failed requests", V612, "c:failed=2 warn_alloc=3/3 c:warned=3", MISMATCH },
	{ "failed requests", V612, "c:failed=2 warn_alloc=3/3 c:warned=3 c:in_flight=1", EXPLAINED },
	{ "failed requests", V612, "c:failed=2 warn_alloc=3/3 c:warned=3 c:before=1", EXPLAINED },
	{ "failed requests", V612, "c:failed=2 warn_alloc=1/1 c:warned=1", MISMATCH },
	{ "failed requests", V612, "c:failed=2 warn_alloc=9/9 c:warned=9 @evidence", EXPLAINED },
	{ "failed requests", V612, "c:failed=2 warn_alloc=1/1 c:warned=1 @lost", EXPLAINED },
	{ "failed requests", V612, "c:failed=2", UNKNOWN },

	{ "slowpath attempts", V612, "attempt_enter=9/9 attempt_exit=9/9 c:tries=9 c:returns=9", OK },
	{ "slowpath attempts", V612, "attempt_enter=9/9 attempt_exit=9/9 c:tries=9 c:returns=8",
	  MISMATCH },
	{ "slowpath attempts", V612, "attempt_enter=9/9 attempt_exit=9/9 c:tries=8 c:returns=9",
	  MISMATCH },
	{ "slowpath attempts", V612,
	  "attempt_enter=9/9 attempt_exit=9/9 c:tries=9 c:returns=8 c:in_flight=1", EXPLAINED },
	{ "slowpath attempts", V612,
	  "attempt_enter=9/9 attempt_exit=9/9 c:tries=8 c:returns=9 c:before=1", EXPLAINED },
	{ "slowpath attempts", V612,
	  "attempt_enter=9/9 attempt_exit=9/9 c:tries=9 c:returns=7 c:in_flight=1", MISMATCH },
	{ "slowpath attempts", V612,
	  "attempt_enter=9/9 attempt_exit=9/9 c:tries=9 c:returns=8 @lost", EXPLAINED },
	{ "slowpath attempts", V612, "attempt_enter=9/9 c:tries=9", UNKNOWN },

	/* An allocation that is refused at once returns NULL without an event. */
	{ "allocations", V612, "alloc_enter=50/50 mm_page_alloc=50/50", OK },
	{ "allocations", V612, "alloc_enter=50/50 mm_page_alloc=48/48", EXPLAINED },
	{ "allocations", V612, "alloc_enter=50/50 mm_page_alloc=47/47", MISMATCH },
	{ "allocations", V612, "alloc_enter=50/50 mm_page_alloc=47/47 s:nulls=3/3 s:failed=2/2",
	  EXPLAINED },
	{ "allocations", V612, "alloc_enter=50/50 mm_page_alloc=46/46 s:nulls=3/3 s:failed=2/2",
	  MISMATCH },
	{ "allocations", V612, "alloc_enter=50/50 mm_page_alloc=53/53", MISMATCH },
	{ "allocations", V618, "alloc_enter=50/50 mm_page_alloc=53/53 c:nolock=1", EXPLAINED },
	{ "allocations", V618, "alloc_enter=50/50 mm_page_alloc=54/54 c:nolock=1", MISMATCH },
	{ "allocations", V73, "alloc_enter=50/50 mm_page_alloc=53/53 c:nolock=1", MISMATCH },
	{ "allocations", V612, "alloc_enter=50/50 mm_page_alloc=40/40 @lost", EXPLAINED },
	{ "allocations", V612, "mm_page_alloc=50/50", UNKNOWN },

	{ "failed allocations", V612, "mm_page_alloc=50/50 s:failed=4/4 warn_alloc=4/4 c:warned=4",
	  OK },
	{ "failed allocations", V612, "mm_page_alloc=50/50 s:failed=4/4 warn_alloc=3/3 c:warned=3",
	  MISMATCH },
	{ "failed allocations", V612,
	  "mm_page_alloc=50/50 s:failed=4/4 s:charged=1/1 warn_alloc=3/3 c:warned=3", EXPLAINED },
	{ "failed allocations", V618,
	  "mm_page_alloc=50/50 s:failed=4/4 c:nolock_nulls=1 warn_alloc=3/3 c:warned=3", EXPLAINED },
	{ "failed allocations", V612, "mm_page_alloc=50/50 s:failed=4/4 warn_alloc=5/5 c:warned=5",
	  MISMATCH },
	{ "failed allocations", V612, "mm_page_alloc=50/50 s:failed=4/4 warn_alloc=5/5 c:warned=4",
	  EXPLAINED },
	{ "failed allocations", V612,
	  "mm_page_alloc=50/50 s:failed=4/4 warn_alloc=3/3 c:warned=3 @lost", EXPLAINED },
	/* The format alone is in every capture. */
	{ "failed allocations", V612, "mm_page_alloc=0/0 warn_alloc=5/5 c:warned=5", UNKNOWN },

	{ "allocated pages", V510, "mm_page_alloc=9/9 s:pages=70/80 v:pgalloc_normal=75", OK },
	{ "allocated pages", V510, "mm_page_alloc=9/9 s:pages=70/70 c:captured_pages=8 v:pgalloc_dma=62",
	  OK },
	{ "allocated pages", V510, "mm_page_alloc=9/9 s:pages=5000/5000 s:largest=9/1024 v:pgalloc_normal=2952",
	  EXPLAINED }, /* two CPUs, at most 1,024 pages each */
	{ "allocated pages", V510, "mm_page_alloc=9/9 s:pages=5000/5000 s:largest=9/1024 v:pgalloc_normal=2951",
	  MISMATCH },
	{ "allocated pages", V510, "mm_page_alloc=9/9 s:pages=70/70 s:largest=9/1024 v:pgalloc_normal=2118",
	  EXPLAINED },
	{ "allocated pages", V510, "mm_page_alloc=9/9 s:pages=70/70 s:largest=9/1024 v:pgalloc_normal=2119", MISMATCH },
	{ "allocated pages", V510,
	  "mm_page_alloc=9/9 s:pages=70/70 s:given_back=1/1 s:largest=9/1024 v:pgalloc_normal=2119", EXPLAINED },
	{ "allocated pages", V515, "mm_page_alloc=9/9 s:pages=70/70 v:pgalloc_normal=9999",
	  EXPLAINED },
	{ "allocated pages", V510, "mm_page_alloc=0/0 v:pgalloc_normal=9999", UNKNOWN },

	/* Once per pass: equal, or more where a pass was repeated; at most four per reclaim. */
	{ "direct reclaim", V612, "mm_vmscan_direct_reclaim_begin=10/10 v:allocstall_normal=10", OK },
	{ "direct reclaim", V612, "mm_vmscan_direct_reclaim_begin=10/12 v:allocstall_normal=11", OK },
	{ "direct reclaim", V612,
	  "mm_vmscan_direct_reclaim_begin=10/10 v:allocstall_dma32=8 v:allocstall_movable=4",
	  EXPLAINED },
	{ "direct reclaim", V612, "mm_vmscan_direct_reclaim_begin=10/10 v:allocstall_normal=40",
	  EXPLAINED },
	{ "direct reclaim", V612, "mm_vmscan_direct_reclaim_begin=10/10 v:allocstall_normal=41",
	  MISMATCH },
	{ "direct reclaim", V612, "mm_vmscan_direct_reclaim_begin=10/10 v:allocstall_normal=41 @lost",
	  EXPLAINED },
	{ "direct reclaim", V612, "mm_vmscan_direct_reclaim_begin=10/10 v:allocstall_normal=9",
	  MISMATCH },
	/* Fewer cannot come from records that are missing. */
	{ "direct reclaim", V612, "mm_vmscan_direct_reclaim_begin=10/10 v:allocstall_normal=9 @lost",
	  MISMATCH },
	{ "direct reclaim", V612,
	  "mm_vmscan_direct_reclaim_begin=10/10 v:allocstall_normal=9 c:in_flight=1", EXPLAINED },
	{ "direct reclaim", V612, "mm_vmscan_direct_reclaim_begin=10/10 v:pgscan_direct=9", UNKNOWN },
	{ "direct reclaim", V612, "v:allocstall_normal=9", UNKNOWN },

	{ "direct reclaim ends", V612,
	  "mm_vmscan_direct_reclaim_begin=5/5 mm_vmscan_direct_reclaim_end=5/5", OK },
	{ "direct reclaim ends", V612,
	  "mm_vmscan_direct_reclaim_begin=5/5 mm_vmscan_direct_reclaim_end=4/4", MISMATCH },
	{ "direct reclaim ends", V612,
	  "mm_vmscan_direct_reclaim_begin=5/5 mm_vmscan_direct_reclaim_end=6/6", MISMATCH },
	{ "direct reclaim ends", V612,
	  "mm_vmscan_direct_reclaim_begin=5/5 mm_vmscan_direct_reclaim_end=4/4 c:in_flight=1",
	  EXPLAINED },
	{ "direct reclaim ends", V612,
	  "mm_vmscan_direct_reclaim_begin=5/5 mm_vmscan_direct_reclaim_end=4/4 @lost", EXPLAINED },

	/* From 6.12 both results have counters: one for one, but for sysfs from 6.18. */
	{ "node reclaim", V612,
	  "mm_vmscan_node_reclaim_end=5/5 v:zone_reclaim_failed=2 v:zone_reclaim_success=3", OK },
	{ "node reclaim", V612,
	  "mm_vmscan_node_reclaim_end=5/5 v:zone_reclaim_failed=3 v:zone_reclaim_success=3",
	  MISMATCH },
	{ "node reclaim", V612,
	  "mm_vmscan_node_reclaim_end=5/5 v:zone_reclaim_failed=0 v:zone_reclaim_success=3",
	  EXPLAINED }, /* one per CPU */
	{ "node reclaim", V612,
	  "mm_vmscan_node_reclaim_end=5/5 v:zone_reclaim_failed=0 v:zone_reclaim_success=2",
	  MISMATCH },
	{ "node reclaim", V618,
	  "mm_vmscan_node_reclaim_end=5/5 v:zone_reclaim_failed=0 v:zone_reclaim_success=2",
	  EXPLAINED },
	{ "node reclaim", V510, "mm_vmscan_node_reclaim_end=5/5 s:fruitless=2/2 v:zone_reclaim_failed=2",
	  OK },
	{ "node reclaim", V510, "mm_vmscan_node_reclaim_end=9/9 s:fruitless=4/4 v:zone_reclaim_failed=2",
	  EXPLAINED },
	{ "node reclaim", V510, "mm_vmscan_node_reclaim_end=9/9 s:fruitless=4/4 v:zone_reclaim_failed=1",
	  MISMATCH },
	{ "node reclaim", V510, "mm_vmscan_node_reclaim_end=9/9 v:zone_reclaim_failed=10", MISMATCH },

	/* Up to 6.18 without memory cgroups; from 7.1 with them, and kept back per CPU and node. */
	{ "reclaimed pages", V612, "@reclaim s:reclaimed=300/320 v:pgsteal_direct=310", OK },
	{ "reclaimed pages", V612,
	  "@reclaim s:reclaimed=300/300 v:pgsteal_direct=200 v:pgsteal_khugepaged=100", OK },
	{ "reclaimed pages", V618,
	  "@reclaim s:reclaimed=300/300 v:pgsteal_direct=200 v:pgsteal_proactive=101", MISMATCH },
	{ "reclaimed pages", V612, "@reclaim s:reclaimed=300/300 v:pgsteal_direct=299", EXPLAINED },
	{ "reclaimed pages", V612, "@reclaim s:reclaimed=300/300 v:pgsteal_direct=301", MISMATCH },
	{ "reclaimed pages", V612, "@reclaim s:reclaimed=300/300 v:pgsteal_direct=301 @lost",
	  EXPLAINED },
	{ "reclaimed pages", V612, "@reclaim s:reclaimed=300/300 s:node=1/1 v:pgsteal_direct=301", OK },
	{ "reclaimed pages", V612, "@reclaim s:reclaimed=300/300 s:memcg=1/1 v:pgsteal_direct=301",
	  MISMATCH },
	{ "reclaimed pages", V73, "@reclaim @nodestat s:reclaimed=300/300 s:memcg=1/1 v:pgsteal_direct=301",
	  OK },
	/* 4 possible CPUs, 2 nodes, 125 pages each: 1,000. */
	{ "reclaimed pages", V73, "@reclaim @nodestat s:reclaimed=300/300 v:pgsteal_direct=1300",
	  EXPLAINED },
	{ "reclaimed pages", V73, "@reclaim @nodestat s:reclaimed=300/300 v:pgsteal_direct=1301",
	  MISMATCH },
	{ "reclaimed pages", V612,
	  "@reclaim mm_vmscan_direct_reclaim_begin=2/2 mm_vmscan_direct_reclaim_end=1/1 "
	  "s:reclaimed=30/30 v:pgsteal_direct=31", EXPLAINED },
	{ "reclaimed pages", V612, "@reclaim s:reclaimed=300/300", UNKNOWN },

	{ "scanned pages", V612, "v:pgsteal_direct=30 v:pgscan_direct=30", OK },
	{ "scanned pages", V612, "v:pgsteal_direct=30 v:pgscan_direct=500", OK },
	{ "scanned pages", V612, "v:pgsteal_direct=30 v:pgscan_direct=29", MISMATCH },
	{ "scanned pages", V612, "v:pgsteal_khugepaged=30 v:pgsteal_direct=0 v:pgscan_direct=29",
	  MISMATCH },
	{ "scanned pages", V612,
	  "mm_vmscan_direct_reclaim_begin=1/2 v:pgsteal_direct=30 v:pgscan_direct=29", EXPLAINED },
	{ "scanned pages", V73, "@nodestat v:pgsteal_direct=3000 v:pgscan_direct=1000", EXPLAINED },
	{ "scanned pages", V73, "@nodestat v:pgsteal_direct=3000 v:pgscan_direct=999", MISMATCH },
	{ "scanned pages", V612, "v:pgscan_direct=29", UNKNOWN },

	{ "throttled reclaim", V612, "mm_vmscan_direct_reclaim_begin=3/3 v:pgscan_direct_throttle=3",
	  OK },
	{ "throttled reclaim", V612,
	  "mm_vmscan_direct_reclaim_begin=3/3 c:entries=4 v:pgscan_direct_throttle=7", EXPLAINED },
	{ "throttled reclaim", V612,
	  "mm_vmscan_direct_reclaim_begin=3/3 c:entries=4 v:pgscan_direct_throttle=8", MISMATCH },
	{ "throttled reclaim", V612,
	  "mm_vmscan_direct_reclaim_begin=3/3 @evidence v:pgscan_direct_throttle=8", EXPLAINED },

	/* 5.10 counts all, with or without an event; later ones leave out what was skipped. */
	{ "direct compaction", V510, "mm_compaction_try_to_compact_pages=88/88 v:compact_stall=88",
	  OK },
	{ "direct compaction", V510, "mm_compaction_try_to_compact_pages=88/88 v:compact_stall=90",
	  EXPLAINED },
	{ "direct compaction", V510, "mm_compaction_try_to_compact_pages=88/88 v:compact_stall=87",
	  MISMATCH },
	{ "direct compaction", V510, "direct_compact=200/200 c:direct_compacts=88 v:compact_stall=88",
	  OK },
	{ "direct compaction", V510, "direct_compact=200/200 c:direct_compacts=88 v:compact_stall=89",
	  MISMATCH },
	{ "direct compaction", V510,
	  "direct_compact=200/200 c:direct_compacts=88 c:in_flight=1 v:compact_stall=87", EXPLAINED },
	{ "direct compaction", V612, "mm_compaction_try_to_compact_pages=66/66 v:compact_stall=51",
	  OK },
	{ "direct compaction", V612, "mm_compaction_try_to_compact_pages=66/66 v:compact_stall=67",
	  MISMATCH },
	{ "direct compaction", V515, "mm_compaction_try_to_compact_pages=66/66 v:compact_stall=67",
	  EXPLAINED },
	{ "direct compaction", V515, "mm_compaction_try_to_compact_pages=66/66 v:compact_stall=60",
	  OK },
	{ "direct compaction", 0, "mm_compaction_try_to_compact_pages=66/66 v:compact_stall=67",
	  EXPLAINED },

	{ "compaction results", V612, "v:compact_fail=33 v:compact_success=42 v:compact_stall=75",
	  OK },
	{ "compaction results", V612, "v:compact_fail=33 v:compact_success=42 v:compact_stall=76",
	  MISMATCH },
	{ "compaction results", V612, "v:compact_fail=33 v:compact_success=42 v:compact_stall=74",
	  MISMATCH },
	{ "compaction results", V612,
	  "v:compact_fail=33 v:compact_success=42 v:compact_stall=76 c:in_flight=1", EXPLAINED },
	{ "compaction results", V612, "v:compact_fail=33 v:compact_stall=75", UNKNOWN },

	{ "failed compactions", V612, "@compact c:compact_nulls=8 v:compact_fail=8", OK },
	{ "failed compactions", V612, "@compact c:compact_nulls=8 v:compact_fail=9", MISMATCH },
	{ "failed compactions", V612, "@compact c:compact_nulls=8 v:compact_fail=7", MISMATCH },
	{ "failed compactions", V612, "@compact c:compact_nulls=8 v:compact_fail=7 c:in_flight=1",
	  EXPLAINED },
	{ "failed compactions", V612, "@compact c:compact_nulls=8 v:compact_fail=9 c:before=1",
	  EXPLAINED },
	{ "failed compactions", V612, "@compact c:compact_nulls=8 v:compact_fail=9 @lost", EXPLAINED },
	{ "failed compactions", V612, "@compact c:compact_nulls=8 v:compact_fail=7 @lost", EXPLAINED },
	/* One was tried outside the window, and one is under way: 8 to 9, and 10. */
	{ "failed compactions", V612,
	  "@compact mm_compaction_try_to_compact_pages=8/9 c:compact_nulls=8 v:compact_fail=9", OK },
	{ "failed compactions", V612,
	  "@compact mm_compaction_try_to_compact_pages=8/9 c:compact_nulls=8 v:compact_fail=10 "
	  "c:in_flight=1", EXPLAINED },
	{ "failed compactions", V612,
	  "@compact mm_compaction_try_to_compact_pages=8/9 c:compact_nulls=8 v:compact_fail=10",
	  MISMATCH },
	/* Inlined: 20 compactions, of which 18 are accounted for by attempts and captures. */
	{ "failed compactions", V73,
	  "@inlined c:compacts=17 c:captured=1 c:compact_nulls=8 v:compact_fail=10", EXPLAINED },
	{ "failed compactions", V73,
	  "@inlined c:compacts=17 c:captured=1 c:compact_nulls=8 v:compact_fail=11", MISMATCH },
	{ "failed compactions", V510, "@compact c:compact_nulls=8 v:compact_fail=8", OK },
	{ "failed compactions", V510, "@inlined c:compact_nulls=8 v:compact_fail=8", UNKNOWN },
	{ "failed compactions", V612, "direct_compact=9/9 c:compact_nulls=8 v:compact_fail=9", UNKNOWN },

	{ "successful compactions", V612,
	  "@compact c:compacts=17 c:compact_nulls=8 c:captured=3 v:compact_success=12", OK },
	{ "successful compactions", V612,
	  "@compact c:compacts=17 c:compact_nulls=8 c:captured=3 v:compact_success=11", MISMATCH },
	{ "successful compactions", V612,
	  "@compact c:compacts=17 c:compact_nulls=8 c:captured=3 v:compact_success=13", MISMATCH },
	{ "successful compactions", V612,
	  "@compact c:compacts=17 c:compact_nulls=8 c:captured=3 v:compact_success=13 c:incomplete=1",
	  EXPLAINED },
	{ "successful compactions", V73,
	  "@inlined c:compacts=16 c:compact_nulls=8 c:captured=3 v:compact_success=12", EXPLAINED },

	{ "OOM kills", V612, "mark_victim=3/3 v:oom_kill=3", OK },
	{ "OOM kills", V612, "mark_victim=3/3 v:oom_kill=1", OK },
	{ "OOM kills", V612, "mark_victim=3/3 v:oom_kill=4", MISMATCH },
	{ "OOM kills", V612, "mark_victim=3/3 v:oom_kill=4 @lost", EXPLAINED },

	{ "OOM victims", V612, "out_of_memory=3/3 mark_victim=3/3", OK },
	{ "OOM victims", V612, "out_of_memory=3/3 mark_victim=0/0", OK },
	{ "OOM victims", V612, "out_of_memory=3/3 mark_victim=7/7", EXPLAINED },
	{ "OOM victims", V612, "out_of_memory=0/0 mark_victim=1/1", MISMATCH },
	{ "OOM victims", V612, "out_of_memory=0/0 mark_victim=1/1 @lost", EXPLAINED },
	{ "OOM victims", V612, "mark_victim=1/1", UNKNOWN },

	/* A thread of a node may stand between the event and its counter: two nodes. */
	{ "kswapd runs", V612, "mm_vmscan_kswapd_wake=7/9 v:pageoutrun=8", OK },
	{ "kswapd runs", V612, "mm_vmscan_kswapd_wake=7/9 v:pageoutrun=10", MISMATCH },
	{ "kswapd runs", V612, "mm_vmscan_kswapd_wake=7/9 v:pageoutrun=10 @lost", EXPLAINED },
	{ "kswapd runs", V612, "mm_vmscan_kswapd_wake=7/9 v:pageoutrun=6", EXPLAINED },
	{ "kswapd runs", V612, "mm_vmscan_kswapd_wake=7/9 v:pageoutrun=5", MISMATCH },
	{ "kswapd runs", V612, "@twonodes mm_vmscan_kswapd_wake=7/9 v:pageoutrun=5", EXPLAINED },

	{ "kcompactd runs", V612, "mm_compaction_kcompactd_wake=7/9 v:compact_daemon_wake=8", OK },
	{ "kcompactd runs", V612, "mm_compaction_kcompactd_wake=7/9 v:compact_daemon_wake=10",
	  MISMATCH },
	{ "kcompactd runs", V612, "mm_compaction_kcompactd_wake=7/9 v:compact_daemon_wake=6",
	  EXPLAINED },
	{ "kcompactd runs", V612, "mm_compaction_kcompactd_wake=7/9 v:compact_daemon_wake=5",
	  MISMATCH },
	{ "kcompactd runs", V612, "v:compact_daemon_wake=6", UNKNOWN },

	/* Between 80 and 84 records, and per CPU a hit before its record. */
	{ "entry probe", V612, "h:slow_enter=20/100 slow_enter=80/84", OK },
	{ "entry probe", V612, "h:slow_enter=20/104 slow_enter=80/84", OK },
	{ "entry probe", V612, "h:slow_enter=20/106 slow_enter=80/84", EXPLAINED },
	{ "entry probe", V612, "h:slow_enter=20/107 slow_enter=80/84", MISMATCH },
	{ "entry probe", V612, "h:slow_enter=20/98 slow_enter=80/84", EXPLAINED },
	{ "entry probe", V612, "h:slow_enter=20/97 slow_enter=80/84", MISMATCH },
	{ "entry probe", V612, "h:slow_enter=20/107 slow_enter=80/84 @lost", EXPLAINED },
	{ "entry probe", V612, "h:slow_enter_1=20/60 h:slow_enter_2=0/40 slow_enter=80/84", OK },
	{ "entry probe", V612, "slow_enter=80/84", UNKNOWN },
	{ "exit probe", V612, "h:slow_exit=20/100 slow_exit=80/84", OK },
	{ "exit probe", V612, "h:slow_exit=20/106 slow_exit=80/84", EXPLAINED },
	{ "exit probe", V612, "h:slow_exit=20/107 slow_exit=80/84", MISMATCH },
	{ "exit probe", V612, "h:slow_exit=20/97 slow_exit=80/84", MISMATCH },

	{ "attempt probes", V612, "h:attempt_enter=5/900 h:attempt_exit=6/901", OK },
	{ "attempt probes", V612, "h:attempt_enter=5/900 h:attempt_exit=6/905", EXPLAINED },
	{ "attempt probes", V612, "h:attempt_enter=5/900 h:attempt_exit=6/906", MISMATCH },
	{ "attempt probes", V612, "h:attempt_enter=5/900 h:attempt_exit=6/897", EXPLAINED },
	{ "attempt probes", V612, "h:attempt_enter=5/900 h:attempt_exit=6/896", MISMATCH },
	{ "attempt probes", V612, "h:attempt_enter=5/900 h:attempt_exit=6/896 @refused", EXPLAINED },
	{ "attempt probes", V612, "h:attempt_enter=5/900 h:attempt_exit=6/906 @refused", EXPLAINED },
	{ "attempt probes", V612, "h:attempt_exit=6/300", UNKNOWN },
};
/* clang-format on */

/* --- a scene as what reconcile() takes ----------------------------------------------------- */

struct world {
	struct fixture fix;
	struct summary summary;
	struct ledger ledger;
	struct number items[VMSTAT_MAX];
	struct number_list vmstat;
	struct evidence evidence;
	char names[VMSTAT_MAX][32];
	char before[256], after[256], hits[640];
	bool refused;
};

static const char *const two_nodes[] = { "Node 0, zone   Normal", "Node 1, zone   Normal" };

static void set_evidence(struct world *world)
{
	world->fix.counts.basis = BASIS_EVIDENCE;
}

static void set_nothing(struct world *world)
{
	world->fix.counts.basis = BASIS_NONE;
}

static void set_nulls(struct world *world)
{
	world->summary.attempts.has_nulls = true;
}

static void set_kind(struct world *world, enum ev_kind kind)
{
	world->fix.info.kinds |= 1ULL << kind;
}

static void set_reclaim(struct world *world)
{
	set_kind(world, EV_RECLAIM_END);
	set_kind(world, EV_NODE_RECLAIM_END);
	set_kind(world, EV_MEMCG_RECLAIM_END);
}

/* The attempts are seen, and those after a compaction told by their caller. */
static void set_compact(struct world *world)
{
	world->summary.attempts.has_attempts = true;
	world->summary.attempts.has_results = world->summary.attempts.has_nulls = true;
	set_kind(world, EV_COMPACT_TRY);
	set_kind(world, EV_DIRECT_COMPACT);
}

static void set_inlined(struct world *world)
{
	set_compact(world);
	world->fix.info.kinds &= ~(1ULL << EV_DIRECT_COMPACT);
	world->ledger.at[MARK_WINDOW_STOP].events[EV_COMPACT_TRY] = 20;
	world->ledger.at[MARK_END].events[EV_COMPACT_TRY] = 20;
}

static void set_two_nodes(struct world *world)
{
	world->summary.state.start.zoneinfo.items = (const char **)two_nodes;
	world->summary.state.start.zoneinfo.nr = 2;
}

static void set_nodestat(struct world *world)
{
	world->fix.input.start.vmstat = "pgsteal_direct 0\nallocstall_normal 0\n";
	world->summary.identity.cpus_possible = (struct known){ true, 4 };
	set_two_nodes(world);
}

static void set_lost(struct world *world)
{
	world->summary.limits.gaps = 1U << GAP_LOST;
}

static void set_break(struct world *world)
{
	world->fix.input.verify = "count 100 cpus 2\n";
}

static void set_break_failed(struct world *world)
{
	world->fix.input.verify = "failed debug registers were shared\n";
}

static void set_refused(struct world *world)
{
	world->refused = true;
}

static const struct {
	const char *word;
	void (*set)(struct world *world);
} circumstances[] = {
	{ "evidence", set_evidence },
	{ "nothing", set_nothing },
	{ "nulls", set_nulls },
	{ "reclaim", set_reclaim },
	{ "compact", set_compact },
	{ "inlined", set_inlined },
	{ "nodestat", set_nodestat },
	{ "twonodes", set_two_nodes },
	{ "lost", set_lost },
	{ "break100", set_break },
	{ "breakfailed", set_break_failed },
	{ "refused", set_refused },
};

static void apply_circumstance(struct world *world, const char *word)
{
	size_t i;

	for (i = 0; i < NR_OF(circumstances); i++)
		if (!strcmp(word, circumstances[i].word)) {
			circumstances[i].set(world);
			return;
		}
	fail_msg("no circumstance %s", word);
}

/* All that is outside the window comes after it, and before the next note. */
static void apply_event(struct world *world, const char *name, uint64_t inside, uint64_t all)
{
	enum ev_kind kind = EV_UNKNOWN + 1;

	while (kind < NR_EV_KINDS && strcmp(kernel_event_name(kind), name))
		kind++;
	if (kind == NR_EV_KINDS)
		fail_msg("no event %s", name);
	set_kind(world, kind);
	world->ledger.at[MARK_WINDOW_STOP].events[kind] = inside;
	world->ledger.at[MARK_AFTER].events[kind] = all;
	world->ledger.at[MARK_END].events[kind] = all;
}

static void apply_sum(struct world *world, const char *name, uint64_t inside, uint64_t all)
{
	static const char *const names[NR_SUMS] = {
		[SUM_RECLAIMED] = "reclaimed",	   [SUM_MEMCG_RECLAIMED] = "memcg",
		[SUM_NODE_RECLAIMED] = "node",	   [SUM_NODE_FRUITLESS] = "fruitless",
		[SUM_ALLOCATED] = "pages",	   [SUM_LARGEST] = "largest",
		[SUM_FAILED] = "failed",	   [SUM_FAILED_CHARGED] = "charged",
		[SUM_FAILED_PAGES] = "given_back", [SUM_ALLOC_NULLS] = "nulls",
	};
	enum sum sum = 0;

	while (sum < NR_SUMS && strcmp(names[sum], name))
		sum++;
	if (sum == NR_SUMS)
		fail_msg("no sum %s", name);
	world->ledger.at[MARK_WINDOW_STOP].sums[sum] = inside;
	world->ledger.at[MARK_END].sums[sum] = all;
}

static void apply_count(struct world *world, const char *name, uint64_t n)
{
	struct seq_counts *counts = &world->fix.counts;
	uint64_t *outcomes = world->summary.slowpath.outcomes;
	const struct {
		const char *name;
		uint64_t *to;
	} rows[] = {
		{ "entries", &counts->entries },
		{ "verify", &counts->entries_verify },
		{ "fast_nulls", &counts->null_attempts[ATTEMPT_FAST] },
		{ "failed", &outcomes[OUTCOME_FAILED] },
		{ "in_flight", &outcomes[OUTCOME_IN_FLIGHT] },
		{ "incomplete", &outcomes[OUTCOME_INCOMPLETE] },
		{ "before", &counts->entries_before },
		{ "warned", &counts->warned },
		{ "tries", &counts->slow_attempts },
		{ "returns", &counts->slow_returns },
		{ "nolock", &counts->attempts[ATTEMPT_NOLOCK] },
		{ "nolock_nulls", &counts->null_attempts[ATTEMPT_NOLOCK] },
		{ "captured_pages", &world->evidence.captured_pages },
		{ "direct_compacts", &counts->direct_compacts },
		{ "compacts", &counts->attempts[ATTEMPT_COMPACT] },
		{ "compact_nulls", &counts->null_attempts[ATTEMPT_COMPACT] },
		{ "captured", &world->summary.slowpath.captured },
	};
	size_t i;

	for (i = 0; i < NR_OF(rows); i++)
		if (!strcmp(name, rows[i].name)) {
			*rows[i].to = n;
			return;
		}
	fail_msg("no count %s", name);
}

static void apply_counter(struct world *world, const char *name, uint64_t n)
{
	size_t at = world->vmstat.nr++;

	assert_true(at < VMSTAT_MAX);
	snprintf(world->names[at], sizeof(world->names[at]), "%s", name);
	world->items[at] = (struct number){ world->names[at], (int64_t)n };
}

static void apply_hits(struct world *world, const char *name, uint64_t before, uint64_t after)
{
	size_t at = strlen(world->before), to = strlen(world->after);

	snprintf(world->before + at, sizeof(world->before) - at, "%s %d 0\n", name, (int)before);
	snprintf(world->after + to, sizeof(world->after) - to, "%s %d %d\n", name, (int)after,
		 world->refused);
	snprintf(world->hits, sizeof(world->hits),
		 "at window.start-\n%sat window.start+\n%sat window.stop-\n%sat window.stop+\n%s",
		 world->before, world->before, world->before, world->after);
	world->fix.input.hits = world->hits;
}

static void apply_word(struct world *world, char *word)
{
	unsigned long long a = 0, b = 0;
	char *value = strchr(word, '=');

	if (*word == '@') {
		apply_circumstance(world, word + 1);
		return;
	}
	assert_non_null(value);
	*value++ = '\0';
	assert_true(sscanf(value, "%llu/%llu", &a, &b) > 0);
	if (!strncmp(word, "s:", 2))
		apply_sum(world, word + 2, a, b);
	else if (!strncmp(word, "v:", 2))
		apply_counter(world, word + 2, a);
	else if (!strncmp(word, "c:", 2))
		apply_count(world, word + 2, a);
	else if (!strncmp(word, "h:", 2))
		apply_hits(world, word + 2, a, b);
	else
		apply_event(world, word, a, b);
}

static void world_init(struct world *world, const struct scene *scene)
{
	char words[512], *word, *rest = words;

	memset(world, 0, sizeof(*world));
	fixture_init(&world->fix);
	world->fix.info.kinds = 0;
	world->summary.identity.release = scene->release;
	world->ledger.seen[MARK_WINDOW_START] = world->ledger.seen[MARK_WINDOW_STOP] = true;
	world->ledger.seen[MARK_AFTER] = true;
	world->vmstat.items = world->items;
	world->refused = strstr(scene->words, "@refused");
	world->evidence = (struct evidence){ &world->fix.input, &world->summary, &world->vmstat,
					     &world->ledger, 0 };
	assert_true(strlen(scene->words) < sizeof(words));
	strcpy(words, scene->words);
	while ((word = strtok_r(rest, " ", &rest)))
		apply_word(world, word);
}

static struct relation relation_of(const char *what, const struct evidence *evidence)
{
	struct relation *rows = calloc(reconcile_max(), sizeof(*rows));
	struct relation found = { 0 };
	size_t i;

	assert_non_null(rows);
	reconcile(rows, evidence);
	for (i = 0; i < reconcile_max(); i++)
		if (!strcmp(rows[i].what, what))
			found = rows[i];
	free(rows);
	assert_non_null(found.what);
	return found;
}

/* --- the tests ----------------------------------------------------------------------------- */

static void verdicts_follow_from_the_numbers(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(scenes); i++) {
		struct world world;
		struct relation row;

		world_init(&world, &scenes[i]);
		row = relation_of(scenes[i].what, &world.evidence);
		if (row.verdict != scenes[i].verdict)
			fail_msg("%s: %s: %s, not %s", row.what, scenes[i].words,
				 verdict_name(row.verdict), verdict_name(scenes[i].verdict));
		if ((row.verdict == VERDICT_EXPLAINED) != (row.why != NULL))
			fail_msg("%s: %s: reason %s", row.what, scenes[i].words, row.why);
	}
}

static bool has_scene(const char *what, enum verdict verdict)
{
	size_t i;

	for (i = 0; i < NR_OF(scenes); i++)
		if (!strcmp(scenes[i].what, what) && scenes[i].verdict == verdict)
			return true;
	return false;
}

static void every_relation_can_hold_and_fail(void **state)
{
	struct relation *rows = calloc(reconcile_max(), sizeof(*rows));
	struct world world;
	size_t i;

	(void)state;
	assert_non_null(rows);
	world_init(&world, &scenes[0]);
	reconcile(rows, &world.evidence);
	for (i = 0; i < reconcile_max(); i++)
		if (!has_scene(rows[i].what, VERDICT_OK) ||
		    !has_scene(rows[i].what, VERDICT_EXPLAINED) ||
		    !has_scene(rows[i].what, VERDICT_MISMATCH))
			fail_msg("%s: a verdict has no scene", rows[i].what);
	free(rows);
}

/* With --pid the kernel's counters are of other tasks too; those among themselves still agree. */
static void one_task_is_not_compared_with_the_host(void **state)
{
	static const struct scene scene = {
		NULL, V612,
		"mm_vmscan_direct_reclaim_begin=3/3 v:allocstall_normal=500 v:compact_fail=1 "
		"v:compact_stall=3 v:compact_success=1",
		VERDICT_UNKNOWN
	};
	struct world world;
	struct relation row;

	(void)state;
	world_init(&world, &scene);
	world.summary.identity.only_pid = (struct known){ true, 77 };
	row = relation_of("direct reclaim", &world.evidence);
	assert_int_equal(row.verdict, VERDICT_UNKNOWN);
	assert_non_null(row.why);
	assert_int_equal(row.kernel, 500);
	row = relation_of("compaction results", &world.evidence);
	assert_int_equal(row.verdict, VERDICT_MISMATCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_from_the_numbers),
		cmocka_unit_test(every_relation_can_hold_and_fail),
		cmocka_unit_test(one_task_is_not_compared_with_the_host),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
