/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Event lists for tests of the state machine, written as sentences in the alphabet in which the
 * grammar of the slowpath is written down. Each word makes the events that one profile would record
 * for it, 10 ns after the word before.
 *
 *	F- F+		the fast attempt: NULL, or a page
 *	[  ]+ ]-	the slowpath begins; returns a page, or NULL
 *	S- R- Rr- C- Ci- D- O- N0- N4- (or +)	slowpath attempts: first (7.x: every retry too),
 *retry, retry with reserve flags, after compaction (Ci: inlined into the slowpath), after reclaim,
 *under oom_lock, cpuset fallback at nopage, and after an OOM T- T+		alloc_pages_nolock's
 *attempt w w0		kswapd woken; by rmqueue(), without gfp flags rb re<N>	direct reclaim
 *begins; ends with N pages tc cb ce<N>	direct compaction; of a zone; its result u0 u1 u0+ u1+ dr
 *unreserve_highatomic_pageblock (by force: u1; +: it gave pages back), drain_all_pages rz<N> cr<N>	reclaim_retry_zone, compact_retry,
 *with their verdict oo om mv<pid>	out_of_memory: global, of a memcg; mark_victim wa wv
 *warn_alloc: the slowpath's, vmalloc's th<usec>	throttled pa+ pa- mm_page_alloc ( )+ )-
 *the buddy entry function begins, returns lost		records were lost tool start stop enabling
 *disabled	notes sysctl defrag	the note with the sysctls: vm.defrag_mode off, on Rv- Sv- Sf-
 *attempts with ALLOC_OOM, with ALLOC_NOFRAGMENT
 *	sl si pr gw	the task leaves its CPU: sleeps (D, S), is preempted, gives way
 *	wk in		it may run again; gets a CPU
 *	+<ns>		time passes, instead of the 10 ns
 *	kw<N> ks<N> cw<N> cs<N>	kswapd of node N woke, sleeps; kcompactd of node N
 *	nb ne<N> mb me<N>	node_reclaim, memcg reclaim: begins; ends with N pages
 *	)?	the buddy entry function returns, which the probe missed
 *	comm=<name>	what the tasks that speak next are called
 *	st<N>	call stack number N
 *	after<N>	N nanoseconds pass
 *	@<pid>[s|h]	go on in another task, on CPU pid % 4 [in softirq, hardirq]
 *	@<pid>[t|y|i]	the same, told by a trap [in the task, in softirq, in hardirq]
 *	o<N> g<hex>	order and gfp of what follows
 */
#ifndef PAGETRAIL_TESTS_SENTENCE_H
#define PAGETRAIL_TESTS_SENTENCE_H

#include <stddef.h>
#include <stdint.h>

#include "sequence/sequence.h"

enum profile { SITE, SITE_OLD, FREELIST_OLD, FREELIST, FULL, FULL_NO_SITE, TRACEPOINTS, NR_PROFILES };

/* Events that the profile records: bit per enum ev_kind. */
uint64_t profile_kinds(enum profile profile);

/*
 * Feeds the sentence and writes one line an episode, in the order of their ends, into out:
 *	PID OUTCOME: PATH | ATTEMPTS
 * where ATTEMPTS is there for profiles that see them. Copies the counts.
 */
void sentence_run(enum profile profile, const char *sentence, char *out, size_t size,
		  struct seq_counts *counts);

/* For laws over episodes. The pointer is valid during the call. `counts` may be NULL. */
void sentence_each(enum profile profile, const char *sentence,
		   void (*check)(const struct episode *ep, void *arg), void *arg,
		   struct seq_counts *counts);

/* Writes one line a detour, in the order of their ends: KIND RECLAIMS NS, the kind as a number. */
void sentence_detours(enum profile profile, const char *sentence, char *out, size_t size);

#endif
