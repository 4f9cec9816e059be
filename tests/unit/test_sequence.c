// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sequence/: every edge of the slowpath's state machine, in both shapes that kernels have had (two
 * attempt sites up to 6.18, one from 7.1), under every profile. The sentences follow the source of
 * __alloc_pages_slowpath in 5.10.262 to 7.3.4; what is expected is written by hand from it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sentence.h"

struct edge_case {
	const char *name;
	const char *sentence;
	const char *episode;  /* outcome and path */
	const char *attempts; /* labels, where the profile sees them */
};

static const struct edge_case edges[] = {
	/* Both shapes. */
	{ "first attempt gets a page", "( F- [ S+ ]+ pa+ )+", "ok: entry > ok", "first" },
	{ "kswapd is woken, the first attempt gets a page", "( F- [ w S+ ]+ pa+ )+",
	  "ok: entry > ok", "first" },
	{ "no eligible zone: no attempt at all", "( F- [ wa ]- pa- )-", "failed: entry > failed",
	  "" },
	{ "reclaim, then a page", "( F- [ w S- R- rb re32 D+ ]+ pa+ )+", "ok: entry > reclaim > ok",
	  "first retry reclaim" },
	{ "reclaim, pages drained from other CPUs, then a page",
	  "( F- [ S- R- rb re32 D- u0 dr0 D+ ]+ pa+ )+", "ok: entry > reclaim > ok",
	  "first retry reclaim reclaim" },
	{ "nothing reclaimed, zones promise more", "( F- [ S- R- rb re0 rz0 rz1 R+ ]+ pa+ )+",
	  "ok: entry > reclaim > retry > ok", "first retry retry" },
	{ "two rounds of reclaim", "( F- [ S- R- rb re0 rz1 R- rb re7 D+ ]+ pa+ )+",
	  "ok: entry > reclaim > retry > reclaim > ok", "first retry retry reclaim" },
	{ "reclaim is throttled", "( F- [ S- R- rb th1 re7 D+ ]+ pa+ )+",
	  "ok: entry > reclaim > throttle > reclaim > ok", "first retry reclaim" },
	{ "a throttle that did not sleep is none", "( F- [ S- R- rb th0 re7 D+ ]+ pa+ )+",
	  "ok: entry > reclaim > ok", "first retry reclaim" },
	{ "fatal signal while throttled before reclaim: no begin, no end",
	  "( F- [ S- R- R+ ]+ pa+ )+", "ok: entry > ok", "first retry retry" },
	{ "the OOM killer helps", "( F- [ S- R- rb re0 rz0 O- oo0 mv99 R+ ]+ pa+ )+",
	  "ok: entry > reclaim > retry > oom > ok", "first retry oom retry" },
	{ "under oom_lock the high watermark is met", "( F- [ S- R- rb re0 rz0 O+ ]+ pa+ )+",
	  "ok: entry > reclaim > retry > ok", "first retry oom" },
	{ "another task holds oom_lock: retry without an event",
	  "( F- [ S- R- rb re0 rz0 R- rb re0 rz0 O+ ]+ pa+ )+",
	  "ok: entry > reclaim > retry > reclaim > retry > ok", "first retry retry oom" },
	{ "the OOM killer may not kill: fails", "( F- [ S- R- rb re0 rz0 O- wa ]- pa- )-",
	  "failed: entry > reclaim > retry > failed", "first retry oom" },
	{ "the victim itself uses the reserves", "( F- [ S- R- rb re0 rz0 O- oo0 mv7 Rr+ ]+ pa+ )+",
	  "ok: entry > reclaim > retry > oom > ok", "first retry oom reserve" },
	{ "a memcg's OOM inside is not the slowpath's", "( F- [ S- R- rb om re7 D+ ]+ pa+ )+",
	  "ok: entry > reclaim > ok", "first retry reclaim" },
	{ "NOFAIL after an OOM kill: without watermarks",
	  "g108cc0 ( F- [ S- R- rb re0 rz0 O- oo0 mv9 N4+ ]+ pa+ )+",
	  "ok: entry > reclaim > retry > oom > ok", "first retry oom cpuset_fallback" },
	{ "NOFAIL at nopage: reserves with and without cpuset, then again",
	  "g108cc0 ( F- [ S- R- rb re0 rz0 O- N0- N1- R- rb re1 D+ ]+ pa+ )+",
	  "ok: entry > reclaim > retry > reclaim > ok",
	  "first retry oom cpuset_fallback cpuset_fallback retry reclaim" },
	{ "cpuset changed: restart repeats the first attempt, not the entry",
	  "( F- [ S- R- rb re0 S- R+ ]+ pa+ )+", "ok: entry > reclaim > ok", NULL },
	{ "rmqueue's wakeup of kswapd is no step", "( F- [ w0 S+ ]+ pa+ )+", "ok: entry > ok",
	  "first" },
	{ "vmalloc's warn_alloc ends nothing", "( F- [ S- R- wv rb re1 D+ ]+ pa+ )+",
	  "ok: entry > reclaim > ok", "first retry reclaim" },

	/* 5.10 to 6.18: two sites. */
	{ "non-blocking, fails: F- S- R-", "g800 ( F- [ w S- R- wa ]- pa- )-",
	  "failed: entry > failed", "first retry" },
	{ "first compaction's own attempt gets a page", "o9 ( F- [ S- tc cb ce8 C+ ]+ pa+ )+",
	  "ok: entry > compact > ok", "first compact" },
	{ "first compaction skipped, retry gets a page", "o9 ( F- [ S- tc R+ ]+ pa+ )+",
	  "ok: entry > compact > ok", "first retry" },
	{ "5.10: an attempt follows a compaction that did nothing",
	  "o9 ( F- [ S- tc C- R+ ]+ pa+ )+", "ok: entry > compact > ok", "first compact retry" },
	{ "5.10: an attempt follows a compaction that the gfp flags forbid",
	  "o1 gc00 ( F- [ S- C- R+ ]+ pa+ )+", "ok: entry > ok", "first compact retry" },
	{ "costly NORETRY, first compaction deferred: fails",
	  "o9 g1d20ca ( F- [ S- tc wa ]- pa- )-", "failed: entry > compact > failed", "first" },
	{ "compaction, reclaim, compaction, retry, reclaim",
	  "o2 ( F- [ S- tc cb ce5 C- R- rb re5 D- u0 dr0 D- tc cb ce5 C- rz0 cr1 R- rb re9 D+ ]+ "
	  "pa+ )+",
	  "ok: entry > compact > reclaim > compact > retry > reclaim > ok",
	  "first compact retry reclaim reclaim compact retry reclaim" },
	{ "compaction of two zones", "o3 ( F- [ S- tc cb ce5 cb ce8 C+ ]+ pa+ )+",
	  "ok: entry > compact > ok", "first compact" },

	/* 7.1 and later: one site, for the first attempt and every retry. */
	{ "7.x: flags adjusted, retry at once", "( F- [ w S- Sr+ ]+ pa+ )+", "ok: entry > ok",
	  "first reserve" },
	{ "7.x: GFP_ATOMIC retries once with the same flags and fails",
	  "g820 ( F- [ S- S- wa ]- pa- )-", "failed: entry > failed", "first retry" },
	{ "7.x: compaction first, then reclaim, then compaction",
	  "o9 ( F- [ S- tc cb ce5 Ci- S- rb re3 D- u0 dr0 D- tc cb ce8 Ci+ ]+ pa+ )+",
	  "ok: entry > compact > reclaim > compact > ok",
	  "first compact retry reclaim reclaim compact" },
	{ "7.x: compaction deferred, retry at the first site, reclaim",
	  "o9 ( F- [ S- tc S- rb re3 D+ ]+ pa+ )+", "ok: entry > compact > reclaim > ok",
	  "first retry reclaim" },
	{ "7.x: compaction ran, but the retry is told by its site",
	  "o9 ( F- [ S- tc cb ce5 S- rb re3 D+ ]+ pa+ )+", "ok: entry > compact > reclaim > ok",
	  "first retry reclaim" },
};

static const enum profile with_probes[] = { SITE, FREELIST_OLD, FREELIST, FULL, FULL_NO_SITE };
#define NR_WITH_PROBES (sizeof(with_probes) / sizeof(with_probes[0]))

static bool sees_attempts(enum profile profile)
{
	return profile_kinds(profile) & (1ULL << EV_ATTEMPT_ENTER);
}

static void every_edge_under_every_profile(void **state)
{
	char got[1024], wanted[1024];
	size_t i, p;

	(void)state;
	for (i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		for (p = 0; p < NR_WITH_PROBES; p++) {
			bool attempts = sees_attempts(with_probes[p]);
			struct seq_counts counts;

			if (attempts && !edges[i].attempts)
				continue;
			snprintf(wanted, sizeof(wanted), "7 %s%s%s%s\n", edges[i].episode,
				 attempts ? " |" : "", attempts && *edges[i].attempts ? " " : "",
				 attempts ? edges[i].attempts : "");
			sentence_run(with_probes[p], edges[i].sentence, got, sizeof(got), &counts);
			if (strcmp(got, wanted))
				fail_msg("%s, profile %zu:\n got: %s want: %s", edges[i].name, p,
					 got, wanted);
			assert_int_equal(counts.entries, 1);
			assert_int_equal(counts.orphans + counts.orphan_exits, 0);
			assert_int_equal(counts.attempts_unpaired, 0);
		}
	}
}

static void run_all(const char *sentence, const char *const wanted[NR_PROFILES])
{
	char got[1024];
	int p;

	for (p = 0; p < NR_PROFILES; p++) {
		if (!wanted[p])
			continue;
		sentence_run((enum profile)p, sentence, got, sizeof(got), NULL);
		if (strcmp(got, wanted[p]))
			fail_msg("%s, profile %d:\n got: %s want: %s", sentence, p, got, wanted[p]);
	}
}

/* A page captured by compaction leaves no attempt: the next allocation, or the exit, tells. */
static void captured_pages(void **state)
{
	static const char *const wanted[NR_PROFILES] = {
		[SITE] = "7 ok: entry > compact > ok\n7 ok: entry > ok\n",
		[FREELIST_OLD] =
			"7 captured: entry > compact > ok | first\n7 ok: entry > ok | first\n",
		[FREELIST] = "7 captured: entry > compact > ok | first\n7 ok: entry > ok | first\n",
		[FULL] = "7 captured: entry > compact > ok | first\n7 ok: entry > ok | first\n",
		[FULL_NO_SITE] =
			"7 captured: entry > compact > ok | first\n7 ok: entry > ok | first\n",
	};

	(void)state;
	run_all("o9 ( F- [ S- tc cb ce8 ]+ pa+ )+ o0 ( F- [ S+ ]+ pa+ )+", wanted);
}

/* Reclaim swaps to zram, which allocates with PF_MEMALLOC: an episode inside an episode. */
static void nested_in_reclaim(void **state)
{
	static const char *const wanted[NR_PROFILES] = {
		[SITE] = "7 ok: entry > ok\n7 ok: entry > reclaim > ok\n",
		[FREELIST_OLD] = "7 ok: entry > ok | first reserve\n"
				 "7 ok: entry > reclaim > ok | first retry reclaim\n",
		[FREELIST] = "7 ok: entry > ok | first reserve\n"
			     "7 ok: entry > reclaim > ok | first retry reclaim\n",
		[FULL] = "7 ok: entry > ok | first reserve\n"
			 "7 ok: entry > reclaim > ok | first retry reclaim\n",
		[FULL_NO_SITE] = "7 ok: entry > ok | first reserve\n"
				 "7 ok: entry > reclaim > ok | first retry reclaim\n",
		[TRACEPOINTS] = "7 ok: entry > ok\n7 ok: entry > reclaim > ok\n",
	};

	(void)state;
	run_all("( F- [ S- R- rb ( F+ pa+ )+ ( F- [ w S- Rr+ ]+ pa+ )+ ( F+ pa+ )+ re3 D+ ]+ pa+ )+",
		wanted);
}

/* A packet arrives inside a task's slowpath; trap-based probes hide the hard interrupt. */
static void interrupts_have_their_own_episodes(void **state)
{
	static const char *const softirq[NR_PROFILES] = {
		[SITE] = "7 failed: entry > failed\n7 ok: entry > reclaim > ok\n",
		[FREELIST] = "7 failed: entry > failed | first retry\n"
			     "7 ok: entry > reclaim > ok | first retry reclaim\n",
		[FULL] = "7 failed: entry > failed | first retry\n"
			 "7 ok: entry > reclaim > ok | first retry reclaim\n",
	};
	static const char *const idle[NR_PROFILES] = {
		[SITE] = "0 ok: entry > ok\n",
		[FREELIST] = "0 ok: entry > ok | first\n",
	};

	(void)state;
	run_all("( F- [ S- R- rb @7s g820 ( F- [ w S- R- wa ]- pa- )- @7 g100cca re3 D+ ]+ pa+ )+",
		softirq);
	run_all("@0s g820 ( F- [ S+ ]+ pa+ )+", idle);
}

/* Tasks do not mix, however their events interleave. */
static void tasks_are_apart(void **state)
{
	static const char *const wanted[NR_PROFILES] = {
		[SITE] = "8 failed: entry > failed\n7 ok: entry > reclaim > ok\n",
		[FREELIST_OLD] = "8 failed: entry > failed | first retry\n"
				 "7 ok: entry > reclaim > ok | first retry reclaim\n",
		[FULL] = "8 failed: entry > failed | first retry\n"
			 "7 ok: entry > reclaim > ok | first retry reclaim\n",
		[TRACEPOINTS] = "8 failed: entry > failed\n7 ok: entry > reclaim > ok\n",
	};

	(void)state;
	run_all("@7 ( F- [ S- @8 ( F- [ w S- @7 R- rb @8 R- wa ]- @7 re3 @8 pa- )- @7 D+ ]+ pa+ )+",
		wanted);
}

/* alloc_pages_nolock never enters the slowpath, whatever it returns. */
static void nolock_is_no_entry(void **state)
{
	struct seq_counts counts;
	char got[256];

	(void)state;
	sentence_run(FULL, "( T- pa- )- ( T+ pa+ )+ ( F+ pa+ )+", got, sizeof(got), &counts);
	assert_string_equal(got, "");
	assert_int_equal(counts.entries, 0);
	assert_int_equal(counts.allocations, 3);
	assert_int_equal(counts.attempts[ATTEMPT_NOLOCK], 2);
	assert_int_equal(counts.null_attempts[ATTEMPT_NOLOCK], 1);
	assert_int_equal(counts.attempts[ATTEMPT_FAST], 1);
}

/* The naive count takes every NULL return for an entry: 5 here, where there are 2. */
static void naive_count_overcounts(void **state)
{
	struct seq_counts counts;
	char got[256];

	(void)state;
	sentence_run(FULL, "( F- [ S- R- rb re3 D+ ]+ pa+ )+ ( F+ pa+ )+ ( F- [ S- R+ ]+ pa+ )+",
		     got, sizeof(got), &counts);
	assert_int_equal(counts.entries, 2);
	assert_int_equal(counts.null_returns, 5);
	assert_int_equal(counts.null_attempts[ATTEMPT_FAST], 2);
	assert_int_equal(counts.null_attempts[ATTEMPT_FIRST], 2);
	assert_int_equal(counts.null_attempts[ATTEMPT_RETRY], 1);
	assert_int_equal(counts.attempts[ATTEMPT_RECLAIM], 1);
	assert_int_equal(counts.null_attempts[ATTEMPT_RECLAIM], 0);
	assert_int_equal(counts.slow_attempts, 5);
	assert_int_equal(counts.slow_returns, 5);
}

/* 7.2 and later: the site of the attempt after a compaction is learnt where a zone was compacted. */
static void site_after_compaction_is_learnt(void **state)
{
	struct seq_counts counts;
	char got[512];

	(void)state;
	sentence_run(FREELIST,
		     "o9 ( F- [ S- tc Ci- S+ ]+ pa+ )+ ( F- [ S- tc cb ce8 Ci+ ]+ pa+ )+ "
		     "( F- [ S- tc Ci+ ]+ pa+ )+",
		     got, sizeof(got), &counts);
	assert_string_equal(got, "7 ok: entry > compact > ok | first retry retry\n"
				 "7 ok: entry > compact > ok | first compact\n"
				 "7 ok: entry > compact > ok | first compact\n");
	assert_int_equal(counts.attempts[ATTEMPT_COMPACT], 2);
}

/* vmalloc's is another request's, wherever it is called. */
static void warnings_of_episodes_are_counted(void **state)
{
	struct seq_counts counts;
	char got[256];

	(void)state;
	sentence_run(SITE, "( F- [ S- R- wa ]- pa- )- ( F- [ S- R- wv rb re1 D+ ]+ pa+ )+ wa", got,
		     sizeof(got), &counts);
	assert_int_equal(counts.warned, 1);
}

/* Without probes only what leaves a tracepoint is seen: a lower bound. */
static void tracepoints_give_a_lower_bound(void **state)
{
	static const struct {
		const char *sentence, *episodes;
	} cases[] = {
		{ "( F- [ S+ ]+ pa+ )+", "" },
		{ "( F- [ w S+ ]+ pa+ )+", "7 ok: entry > ok\n" },
		{ "( F- [ S- R- rb re0 rz0 O- oo0 mv9 R+ ]+ pa+ )+",
		  "7 ok: entry > reclaim > retry > oom > ok\n" },
		{ "( F- [ S- R- rb re0 rz0 O- wa ]- pa- )-",
		  "7 failed: entry > reclaim > retry > failed\n" },
		{ "( F- [ S- R- rb re3 D+ ]+ pa+ )+ ( F- [ S- R- rb re3 D+ ]+ pa+ )+",
		  "7 ok: entry > reclaim > ok\n7 ok: entry > reclaim > ok\n" },
		{ "( F+ pa+ )+ w0 cb ce5 th3", "" },
	};
	char got[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sentence_run(TRACEPOINTS, cases[i].sentence, got, sizeof(got), NULL);
		assert_string_equal(got, cases[i].episodes);
	}
}

/* What the recorder does before and after the window is known, and not counted. */
static void only_the_window_counts(void **state)
{
	struct seq_counts counts;
	char got[1024];

	(void)state;
	sentence_run(
		SITE,
		"tool ( F- [ S+ ]+ pa+ )+ enabling ( F- [ S+ ]+ pa+ )+ @9 ( F- [ S- @7 start "
		"@9 ]+ pa+ )+ @7 ( F- [ S+ ]+ pa+ )+ @8 ( F- [ S- R- rb @7 stop @8 re3 D+ ]+ pa+ )+ "
		"( F- [ S+ ]+ pa+ )+ disabled ( F- [ S+ ]+ pa+ )+",
		got, sizeof(got), &counts);
	assert_string_equal(got, "7 outside ok: entry > ok\n7 outside ok: entry > ok\n"
				 "9 outside ok: entry > ok\n7 ok: entry > ok\n"
				 "8 in_flight: entry > reclaim\n");
	assert_true(counts.has_notes && counts.window_opened && counts.window_closed);
	assert_int_equal(counts.entries, 2);
	assert_int_equal(counts.entries_before, 3);
	assert_int_equal(counts.entries_after, 2);
	assert_int_equal(counts.entries_verify, 5);
	assert_int_equal(counts.reclaims, 1);
}

/* A foreign capture has no notes: all of it counts. */
static void without_notes_everything_counts(void **state)
{
	struct seq_counts counts;
	char got[256];

	(void)state;
	sentence_run(SITE, "( F- [ S+ ]+ pa+ )+ ( F- [ S- rb", got, sizeof(got), &counts);
	assert_string_equal(got, "7 ok: entry > ok\n7 in_flight: entry > reclaim\n");
	assert_false(counts.has_notes);
	assert_int_equal(counts.entries, 2);
}

/* Nothing is paired across a loss. */
static void losses_break_what_is_open(void **state)
{
	static const enum profile profiles[] = { SITE, FREELIST, FULL, FULL_NO_SITE };
	struct seq_counts counts;
	char got[512];
	size_t p;

	(void)state;
	for (p = 0; p < 4; p++) {
		sentence_run(profiles[p], "( F- [ S- rb @8 ( F- [ S- @7 lost re3 D+ ]+ pa+ )+", got,
			     sizeof(got), &counts);
		assert_non_null(strstr(got, "7 incomplete: entry > reclaim"));
		assert_non_null(strstr(got, "8 incomplete: entry"));
		assert_null(strstr(got, "ok"));
		assert_int_equal(counts.entries, 2);
		assert_int_equal(counts.lost_breaks, 2);
	}
}

/* An entry is seen while another CPU loses records: its end may be that of a later one. */
static void what_begins_in_a_gap_has_no_end(void **state)
{
	struct seq_counts counts;
	char got[512];

	(void)state;
	/* Words are 10 ns apart from 1010 on: the gap is over before the third entry. */
	sentence_run(SITE, "[ ]+ until1066 lost [ rb re3 ]+ [ ]+ [ ]-", got, sizeof(got), &counts);
	assert_string_equal(got, "7 ok: entry > ok\n7 incomplete: entry\n7 ok: entry > ok\n"
				 "7 failed: entry > failed\n");
	assert_int_equal(counts.entries, 4);
	assert_int_equal(counts.lost_breaks, 1);
}

/* What is known of the edges of the window when records are missing there. */
static void the_edges_of_the_window_in_a_gap(void **state)
{
	static const struct {
		const char *sentence;
		uint64_t entries, sure;
		bool opened, closed;
	} cases[] = {
		{ "tool lost start [ ]+ [ ]+ stop", 2, 2, true, true },
		{ "tool until1045 lost start [ ]+ stop", 1, 1, true, true },
		{ "tool start lost [ ]+ stop", 1, 1, true, true },
		{ "tool start until2000 lost stop [ ]+", 0, 0, true, true },
		/* The note of the end is lost, one that follows it is not. */
		{ "tool start [ ]+ lost [ ]+ [ ]- vmstop [ ]+", 3, 1, true, false },
		/* A note that is written only while the window is open proves what came before. */
		{ "tool start lost [ ]+ vmstart [ ]- lost [ ]+", 3, 2, true, false },
		{ "tool start until9999 lost [ ]+ vmstart [ ]- exit", 2, 1, true, false },
		/* The note of the start is lost. */
		{ "tool [ ]+ lost [ ]+ vmstart [ ]- stop", 1, 1, false, true },
		{ "tool [ ]+ lost [ ]+ stop [ ]+", 0, 0, false, true },
		/* No note at all. */
		{ "[ ]+ [ ]+", 2, 2, false, false },
		{ "[ ]+ lost [ ]+", 2, 1, false, false },
	};
	struct seq_counts counts;
	char got[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sentence_run(SITE, cases[i].sentence, got, sizeof(got), &counts);
		if (counts.entries != cases[i].entries || counts.entries_sure != cases[i].sure ||
		    counts.window_opened != cases[i].opened ||
		    counts.window_closed != cases[i].closed)
			fail_msg("%s: %d entries, %d sure, opened %d, closed %d", cases[i].sentence,
				 (int)counts.entries, (int)counts.entries_sure,
				 counts.window_opened, counts.window_closed);
	}
}

static void strange_orders_do_no_harm(void **state)
{
	static const char *const sentences[] = {
		"]+ )+ re3 D+ C- cr1 rz1 oo0 mv1 wa th9 ce3 stop start",
		"[ [ [ [ [ [ [ [ [ [ [ [ ]+ ]+ ]+ ]+ ]+ ]+ ]+ ]+ ]+ ]+ ]+ ]+",
		"( ( ( F- F- F- F- F- F- F- F- F- F- F- S- R- )+ )+ )+ )+",
		"@1 [ @2 [ @3 [ @4 [ @5 [ @6 [ @1 ]+ @2 ]+ @3 ]+ @4 ]+ @5 ]+ @6 ]+",
		"[ rb rb tc tc cb cb re1 re1 ce1 ce1 oo0 oo0 rz1 rz1 ]- ]-",
	};
	struct seq_counts counts;
	char got[4096];
	size_t i;
	int p;

	(void)state;
	for (i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		for (p = 0; p < NR_PROFILES; p++)
			sentence_run((enum profile)p, sentences[i], got, sizeof(got), &counts);
	/* The second sentence nests deeper than is tracked; the fourth opens more than 4 contexts.
	 */
	sentence_run(SITE, sentences[1], got, sizeof(got), &counts);
	assert_int_equal(counts.entries, 12);
	assert_int_equal(counts.overflows, 4);
	assert_int_equal(counts.entries_too_deep, 4);
	sentence_run(SITE, sentences[3], got, sizeof(got), &counts);
	assert_int_equal(counts.entries, 6);
	assert_int_equal(counts.evictions, 2);
	assert_int_equal(counts.orphan_exits, 2);
}

/* Each nanosecond of an episode belongs to exactly one visit of one stage. */
static void check_times(const struct episode *ep, void *arg)
{
	uint64_t by_stage = 0, by_visit = 0;
	uint32_t i;

	for (i = 0; i < NR_TIMED_STAGES; i++)
		by_stage += ep->stage_ns[i];
	for (i = 0; i < ep->path_len; i++)
		by_visit += ep->path_ns[i];
	assert_int_equal(by_stage, ep->end_ns - ep->start_ns);
	assert_int_equal(by_visit, ep->end_ns - ep->start_ns);
	assert_true(ep->nested_ns <= ep->end_ns - ep->start_ns);
	++*(unsigned int *)arg;
}

static void stage_times_add_up(void **state)
{
	unsigned int nr = 0;
	size_t i, p;

	(void)state;
	for (i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		for (p = 0; p < NR_WITH_PROBES; p++)
			sentence_each(with_probes[p], edges[i].sentence, check_times, &nr, NULL);
	assert_int_equal(nr, NR_WITH_PROBES * sizeof(edges) / sizeof(edges[0]));
}

/* Words take 10 ns, attempts 15: [ at 1035, rb at 1075, re at 1085, ] at 1110. */
static void check_reclaim_times(const struct episode *ep, void *arg)
{
	(void)arg;
	assert_int_equal(ep->start_ns, 1035);
	assert_int_equal(ep->end_ns, 1110);
	assert_int_equal(ep->stage_ns[STAGE_ENTRY], 1075 - 1035);
	assert_int_equal(ep->stage_ns[STAGE_RECLAIM], 1110 - 1075);
	assert_int_equal(ep->nr_reclaimed, 32);
	assert_int_equal(ep->nr_attempts, 3);
	assert_int_equal(ep->nr_null_attempts, 2);
	assert_int_equal(ep->start_edge, EDGE_EXACT);
	assert_int_equal(ep->end_edge, EDGE_EXACT);
	assert_string_equal(ep->comm, "task");
	assert_int_equal(ep->gfp, 0x100cca);
}

static void times_are_those_of_the_events(void **state)
{
	(void)state;
	sentence_each(FULL, "( F- [ S- R- rb re32 D+ ]+ pa+ )+", check_reclaim_times, NULL, NULL);
}

static void check_nested(const struct episode *ep, void *arg)
{
	uint64_t *inner_ns = arg;

	if (ep->depth) {
		assert_int_equal(ep->parent, 1);
		*inner_ns = ep->end_ns - ep->start_ns;
	} else {
		assert_int_equal(ep->parent, 0);
		assert_int_equal(ep->nested_ns, *inner_ns);
	}
}

static void nested_time_is_known_to_the_outer(void **state)
{
	uint64_t inner_ns = 0;

	(void)state;
	sentence_each(SITE, "( F- [ S- rb ( F- [ S- Rr+ ]+ pa+ )+ re3 D+ ]+ pa+ )+", check_nested,
		      &inner_ns, NULL);
	assert_true(inner_ns > 0);
}

static void check_level(const struct episode *ep, void *arg)
{
	assert_int_equal(ep->level, *(enum level *)arg);
}

static void levels_of_interrupts(void **state)
{
	static const struct {
		const char *sentence;
		enum level level;
	} cases[] = {
		{ "( F- [ S+ ]+ pa+ )+", LEVEL_TASK },
		{ "@7s g820 ( F- [ S+ ]+ pa+ )+", LEVEL_SOFTIRQ },
		{ "@7h g820 ( F- [ S+ ]+ pa+ )+", LEVEL_HARDIRQ },
		{ "@7i ( F- [ S+ ]+ pa+ )+", LEVEL_TASK },
		{ "@0i g820 ( F- [ S+ ]+ pa+ )+", LEVEL_HARDIRQ },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum level level = cases[i].level;

		sentence_each(SITE, cases[i].sentence, check_level, &level, NULL);
	}
}

struct tally {
	unsigned int nr;
	uint64_t in_window;
};

static void check_any(const struct episode *ep, void *arg)
{
	struct tally *tally = arg;

	check_times(ep, &tally->nr);
	tally->in_window += ep->in_window;
	assert_true(ep->end_ns >= ep->start_ns);
	assert_true(ep->parent < ep->id);
	assert_true(ep->nr_null_attempts <= ep->nr_attempts);
	assert_true(ep->depth < 8);
}

static void random_sentence(char *out, size_t nr_words, unsigned int *seed)
{
	static const char *const vocabulary[] = {
		"F-",  "F+",  "S-", "S+",  "R-",   "R+",       "Rr-",	   "C+",   "Ci-",
		"D-",  "D+",  "O-", "N0-", "N4+",  "T-",       "w",	   "w0",   "rb",
		"re0", "re9", "tc", "cb",  "ce8",  "u1",       "dr0",	   "rz0",  "rz1",
		"cr0", "oo0", "om", "mv7", "wa",   "wv",       "th1",	   "pa+",  "pa-",
		"[",   "[",   "]+", "]-",  "(",	   ")+",       "@7",	   "@7s",  "@8",
		"@9i", "@0h", "o0", "o9",  "g800", "start",    "stop",	   "tool", "lost",
		"@1",  "@2",  "@3", "@4",  "@5",   "enabling", "disabled",
	};
	const size_t nr = sizeof(vocabulary) / sizeof(vocabulary[0]);

	*out = '\0';
	while (nr_words--) {
		out = stpcpy(out, vocabulary[(size_t)rand_r(seed) % nr]);
		out = stpcpy(out, " ");
	}
}

/* Whatever comes, each entry counted in the window becomes one episode, and times add up. */
static void any_sentence_keeps_the_laws(void **state)
{
	char sentence[4096];
	unsigned int seed = 20261123;
	int i, p;

	(void)state;
	for (i = 0; i < 1500; i++) {
		random_sentence(sentence, 300, &seed);
		for (p = 0; p < NR_PROFILES; p++) {
			struct tally tally = { 0 };
			struct seq_counts counts;

			sentence_each((enum profile)p, sentence, check_any, &tally, &counts);
			if (!counts.has_notes)
				assert_int_equal(tally.in_window,
						 counts.entries - counts.overflows);
			else
				assert_true(tally.in_window >=
					    counts.entries - counts.entries_too_deep);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_edge_under_every_profile),
		cmocka_unit_test(captured_pages),
		cmocka_unit_test(nested_in_reclaim),
		cmocka_unit_test(interrupts_have_their_own_episodes),
		cmocka_unit_test(tasks_are_apart),
		cmocka_unit_test(nolock_is_no_entry),
		cmocka_unit_test(naive_count_overcounts),
		cmocka_unit_test(site_after_compaction_is_learnt),
		cmocka_unit_test(warnings_of_episodes_are_counted),
		cmocka_unit_test(tracepoints_give_a_lower_bound),
		cmocka_unit_test(only_the_window_counts),
		cmocka_unit_test(without_notes_everything_counts),
		cmocka_unit_test(losses_break_what_is_open),
		cmocka_unit_test(what_begins_in_a_gap_has_no_end),
		cmocka_unit_test(the_edges_of_the_window_in_a_gap),
		cmocka_unit_test(strange_orders_do_no_harm),
		cmocka_unit_test(stage_times_add_up),
		cmocka_unit_test(times_are_those_of_the_events),
		cmocka_unit_test(nested_time_is_known_to_the_outer),
		cmocka_unit_test(levels_of_interrupts),
		cmocka_unit_test(any_sentence_keeps_the_laws),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
