// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * summary/reconcile: for each relation numbers that hold, that differ for a known reason, and that
 * contradict each other. Expected verdicts follow from the kernel's sources, see reconcile.c.
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

/* One capture in a few numbers. */
struct scene {
	const char *what; /* the relation that is looked at */
	unsigned int release;
	enum ev_kind kind; /* recorded, this often in the window, this often at all */
	uint64_t inside, all;
	struct number vmstat[VMSTAT_MAX];
	uint64_t in_flight, direct_compacts;
	bool lost;
	enum verdict verdict;
};

#define V612 RELEASE(6, 12)
#define V510 RELEASE(5, 10)
#define V515 RELEASE(5, 15)

static const struct scene scenes[] = {
	/* Once per pass: equal, or more where a pass was repeated; at most four per reclaim. */
	{ "direct reclaim",
	  V612,
	  EV_RECLAIM_BEGIN,
	  10,
	  10,
	  { { "allocstall_normal", 10 } },
	  .verdict = VERDICT_OK },
	{ "direct reclaim",
	  V612,
	  EV_RECLAIM_BEGIN,
	  10,
	  12,
	  { { "allocstall_normal", 11 } },
	  .verdict = VERDICT_OK },
	{ "direct reclaim",
	  V612,
	  EV_RECLAIM_BEGIN,
	  10,
	  10,
	  { { "allocstall_dma32", 8 }, { "allocstall_movable", 4 } },
	  .verdict = VERDICT_EXPLAINED },
	{ "direct reclaim",
	  V612,
	  EV_RECLAIM_BEGIN,
	  10,
	  10,
	  { { "allocstall_normal", 41 } },
	  .verdict = VERDICT_MISMATCH },
	{ "direct reclaim",
	  V612,
	  EV_RECLAIM_BEGIN,
	  10,
	  10,
	  { { "allocstall_normal", 41 } },
	  .lost = true,
	  .verdict = VERDICT_EXPLAINED },
	{ "direct reclaim",
	  V612,
	  EV_RECLAIM_BEGIN,
	  10,
	  10,
	  { { "allocstall_normal", 9 } },
	  .verdict = VERDICT_MISMATCH },
	/* Fewer cannot come from records that are missing. */
	{ "direct reclaim",
	  V612,
	  EV_RECLAIM_BEGIN,
	  10,
	  10,
	  { { "allocstall_normal", 9 } },
	  .lost = true,
	  .verdict = VERDICT_MISMATCH },
	{ "direct reclaim",
	  V612,
	  EV_RECLAIM_BEGIN,
	  10,
	  10,
	  { { "allocstall_normal", 9 } },
	  .in_flight = 1,
	  .verdict = VERDICT_EXPLAINED },
	{ "direct reclaim",
	  V612,
	  EV_RECLAIM_BEGIN,
	  10,
	  10,
	  { { "pgscan_direct", 9 } },
	  .verdict = VERDICT_UNKNOWN },
	{ "direct reclaim",
	  V612,
	  EV_UNKNOWN,
	  0,
	  0,
	  { { "allocstall_normal", 9 } },
	  .verdict = VERDICT_UNKNOWN },

	/* 5.10 counts all, with or without an event; later ones leave out what was skipped. */
	{ "direct compaction",
	  V510,
	  EV_COMPACT_TRY,
	  88,
	  88,
	  { { "compact_stall", 88 } },
	  .verdict = VERDICT_OK },
	{ "direct compaction",
	  V510,
	  EV_COMPACT_TRY,
	  88,
	  88,
	  { { "compact_stall", 90 } },
	  .verdict = VERDICT_EXPLAINED },
	{ "direct compaction",
	  V510,
	  EV_COMPACT_TRY,
	  88,
	  88,
	  { { "compact_stall", 87 } },
	  .verdict = VERDICT_MISMATCH },
	{ "direct compaction",
	  V510,
	  EV_DIRECT_COMPACT,
	  200,
	  200,
	  { { "compact_stall", 88 } },
	  .direct_compacts = 88,
	  .verdict = VERDICT_OK },
	{ "direct compaction",
	  V510,
	  EV_DIRECT_COMPACT,
	  200,
	  200,
	  { { "compact_stall", 89 } },
	  .direct_compacts = 88,
	  .verdict = VERDICT_MISMATCH },
	{ "direct compaction",
	  V612,
	  EV_COMPACT_TRY,
	  66,
	  66,
	  { { "compact_stall", 51 } },
	  .verdict = VERDICT_OK },
	{ "direct compaction",
	  V612,
	  EV_COMPACT_TRY,
	  66,
	  66,
	  { { "compact_stall", 67 } },
	  .verdict = VERDICT_MISMATCH },
	{ "direct compaction",
	  V515,
	  EV_COMPACT_TRY,
	  66,
	  66,
	  { { "compact_stall", 67 } },
	  .verdict = VERDICT_EXPLAINED },
	{ "direct compaction",
	  V515,
	  EV_COMPACT_TRY,
	  66,
	  66,
	  { { "compact_stall", 60 } },
	  .verdict = VERDICT_OK },
	{ "direct compaction",
	  0,
	  EV_COMPACT_TRY,
	  66,
	  66,
	  { { "compact_stall", 67 } },
	  .verdict = VERDICT_EXPLAINED },

	{ "compaction results",
	  V612,
	  EV_UNKNOWN,
	  0,
	  0,
	  { { "compact_fail", 33 }, { "compact_stall", 75 }, { "compact_success", 42 } },
	  .verdict = VERDICT_OK },
	{ "compaction results",
	  V612,
	  EV_UNKNOWN,
	  0,
	  0,
	  { { "compact_fail", 33 }, { "compact_stall", 76 }, { "compact_success", 42 } },
	  .verdict = VERDICT_MISMATCH },
	{ "compaction results",
	  V612,
	  EV_UNKNOWN,
	  0,
	  0,
	  { { "compact_fail", 33 }, { "compact_stall", 76 }, { "compact_success", 42 } },
	  .in_flight = 1,
	  .verdict = VERDICT_EXPLAINED },
	{ "compaction results",
	  V612,
	  EV_UNKNOWN,
	  0,
	  0,
	  { { "compact_fail", 33 }, { "compact_stall", 75 } },
	  .verdict = VERDICT_UNKNOWN },

	{ "OOM kills", V612, EV_MARK_VICTIM, 3, 3, { { "oom_kill", 3 } }, .verdict = VERDICT_OK },
	{ "OOM kills", V612, EV_MARK_VICTIM, 3, 3, { { "oom_kill", 1 } }, .verdict = VERDICT_OK },
	{ "OOM kills",
	  V612,
	  EV_MARK_VICTIM,
	  3,
	  3,
	  { { "oom_kill", 4 } },
	  .verdict = VERDICT_MISMATCH },

	{ "kswapd runs",
	  V612,
	  EV_KSWAPD_WAKE,
	  7,
	  9,
	  { { "pageoutrun", 8 } },
	  .verdict = VERDICT_OK },
	{ "kswapd runs",
	  V612,
	  EV_KSWAPD_WAKE,
	  7,
	  9,
	  { { "pageoutrun", 10 } },
	  .verdict = VERDICT_MISMATCH },
	{ "kswapd runs",
	  V612,
	  EV_KSWAPD_WAKE,
	  7,
	  9,
	  { { "pageoutrun", 10 } },
	  .lost = true,
	  .verdict = VERDICT_EXPLAINED },
	{ "kswapd runs",
	  V612,
	  EV_KSWAPD_WAKE,
	  7,
	  9,
	  { { "pageoutrun", 6 } },
	  .verdict = VERDICT_MISMATCH },

	{ "node reclaim",
	  V612,
	  EV_NODE_RECLAIM_END,
	  5,
	  5,
	  { { "zone_reclaim_failed", 2 }, { "zone_reclaim_success", 3 } },
	  .verdict = VERDICT_OK },
	{ "node reclaim",
	  V510,
	  EV_NODE_RECLAIM_END,
	  5,
	  5,
	  { { "zone_reclaim_failed", 2 } },
	  .verdict = VERDICT_OK },
	{ "node reclaim",
	  V612,
	  EV_NODE_RECLAIM_END,
	  5,
	  5,
	  { { "zone_reclaim_failed", 3 }, { "zone_reclaim_success", 3 } },
	  .verdict = VERDICT_MISMATCH },
};

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

static struct relation play(const struct scene *scene)
{
	uint64_t events[NR_EV_KINDS] = { 0 };
	struct number items[VMSTAT_MAX];
	struct number_list vmstat = { .items = items };
	struct summary summary = { .identity.release = scene->release };
	struct fixture fix;
	struct evidence evidence = { &fix.input, &summary, &vmstat, events };

	fixture_init(&fix);
	memcpy(items, scene->vmstat, sizeof(items));
	while (vmstat.nr < VMSTAT_MAX && items[vmstat.nr].name)
		vmstat.nr++;
	fix.info.kinds = scene->kind ? 1ULL << scene->kind : 0;
	fix.counts.events[scene->kind] = scene->inside;
	events[scene->kind] = scene->all;
	fix.counts.direct_compacts = scene->direct_compacts;
	summary.slowpath.outcomes[OUTCOME_IN_FLIGHT] = scene->in_flight;
	summary.limits.gaps = scene->lost ? 1U << GAP_LOST : 0;
	return relation_of(scene->what, &evidence);
}

static void verdicts_follow_from_the_numbers(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(scenes); i++) {
		struct relation row = play(&scenes[i]);

		if (row.verdict != scenes[i].verdict)
			fail_msg("scene %zu, %s: %s, not %s", i, row.what,
				 verdict_name(row.verdict), verdict_name(scenes[i].verdict));
		if ((row.verdict == VERDICT_EXPLAINED) != (row.why != NULL))
			fail_msg("scene %zu, %s: reason %s", i, row.what, row.why);
	}
}

/* --- relations inside the trace ------------------------------------------------------------ */

struct entries_scene {
	enum seq_basis basis;
	uint64_t entries, entries_verify;
	const char *verify;
	bool lost;
	enum verdict verdict;
};

static void entries_lie_below_the_breakpoint(void **state)
{
	static const struct entries_scene entries[] = {
		{ BASIS_SITE, 100, 100, "count 100 cpus 2\n", false, VERDICT_OK },
		{ BASIS_SITE, 100, 103, "count 102 cpus 2\n", false, VERDICT_OK },
		{ BASIS_SITE, 100, 103, "count 99 cpus 2\n", false, VERDICT_MISMATCH },
		{ BASIS_SITE, 100, 103, "count 99 cpus 2\n", true, VERDICT_MISMATCH },
		{ BASIS_SITE, 100, 103, "count 104 cpus 2\n", false, VERDICT_MISMATCH },
		{ BASIS_SITE, 100, 103, "count 104 cpus 2\n", true, VERDICT_EXPLAINED },
		{ BASIS_EVIDENCE, 20, 20, "count 104 cpus 2\n", false, VERDICT_EXPLAINED },
		{ BASIS_SITE, 100, 103, "failed debug registers were shared\n", false,
		  VERDICT_UNKNOWN },
		{ BASIS_SITE, 100, 100, NULL, false, VERDICT_UNKNOWN },
		{ BASIS_NONE, 0, 0, "count 3 cpus 2\n", false, VERDICT_UNKNOWN },
	};
	uint64_t events[NR_EV_KINDS] = { 0 };
	struct number_list vmstat = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(entries); i++) {
		struct summary summary = { 0 };
		struct fixture fix;
		struct evidence evidence = { &fix.input, &summary, &vmstat, events };
		struct relation row;

		fixture_init(&fix);
		fix.counts.basis = entries[i].basis;
		fix.counts.entries = entries[i].entries;
		fix.counts.entries_verify = entries[i].entries_verify;
		fix.input.verify = entries[i].verify;
		summary.limits.gaps = entries[i].lost ? 1U << GAP_LOST : 0;
		row = relation_of("slowpath entries", &evidence);
		if (row.verdict != entries[i].verdict)
			fail_msg("scene %zu: %s", i, verdict_name(row.verdict));
	}
}

/* With --pid the kernel's counters are of other tasks too; those among themselves still agree. */
static void one_task_is_not_compared_with_the_host(void **state)
{
	uint64_t events[NR_EV_KINDS] = { [EV_RECLAIM_BEGIN] = 3 };
	struct number items[] = { { "allocstall_normal", 500 },
				  { "compact_fail", 1 },
				  { "compact_stall", 3 },
				  { "compact_success", 1 } };
	struct number_list vmstat = { .items = items, .nr = NR_OF(items) };
	struct summary summary = { .identity.only_pid = { true, 77 } };
	struct fixture fix;
	struct evidence evidence = { &fix.input, &summary, &vmstat, events };
	struct relation row;

	(void)state;
	fixture_init(&fix);
	fix.info.kinds |= 1ULL << EV_RECLAIM_BEGIN;
	fix.counts.events[EV_RECLAIM_BEGIN] = 3;
	row = relation_of("direct reclaim", &evidence);
	assert_int_equal(row.verdict, VERDICT_UNKNOWN);
	assert_non_null(row.why);
	assert_int_equal(row.kernel, 500);
	row = relation_of("compaction results", &evidence);
	assert_int_equal(row.verdict, VERDICT_MISMATCH);
}

static void two_sides_of_the_trace_agree(void **state)
{
	uint64_t events[NR_EV_KINDS] = { 0 };
	struct number_list vmstat = { 0 };
	struct summary summary = { .attempts.has_nulls = true };
	struct fixture fix;
	struct evidence evidence = { &fix.input, &summary, &vmstat, events };

	(void)state;
	fixture_init(&fix);
	fix.info.kinds |= 1ULL << EV_RECLAIM_BEGIN | 1ULL << EV_RECLAIM_END | 1ULL << EV_WARN_ALLOC;
	fix.counts.events[EV_RECLAIM_BEGIN] = fix.counts.events[EV_RECLAIM_END] = 5;
	fix.counts.entries = fix.counts.null_attempts[ATTEMPT_FAST] = 50;
	fix.counts.events[EV_WARN_ALLOC] = summary.slowpath.outcomes[OUTCOME_FAILED] = 2;
	assert_int_equal(relation_of("direct reclaim ends", &evidence).verdict, VERDICT_OK);
	assert_int_equal(relation_of("fast path failures", &evidence).verdict, VERDICT_OK);
	assert_int_equal(relation_of("failed requests", &evidence).verdict, VERDICT_OK);

	fix.counts.events[EV_RECLAIM_END] = 4;
	fix.counts.null_attempts[ATTEMPT_FAST] = 53;
	fix.counts.events[EV_WARN_ALLOC] = 1;
	assert_int_equal(relation_of("direct reclaim ends", &evidence).verdict, VERDICT_MISMATCH);
	assert_int_equal(relation_of("fast path failures", &evidence).verdict, VERDICT_MISMATCH);
	assert_int_equal(relation_of("failed requests", &evidence).verdict, VERDICT_MISMATCH);

	summary.slowpath.outcomes[OUTCOME_IN_FLIGHT] = 1;
	fix.counts.null_attempts[ATTEMPT_FAST] = 52; /* two CPUs */
	fix.counts.events[EV_WARN_ALLOC] = 3;
	assert_int_equal(relation_of("direct reclaim ends", &evidence).verdict, VERDICT_EXPLAINED);
	assert_int_equal(relation_of("fast path failures", &evidence).verdict, VERDICT_EXPLAINED);
	assert_int_equal(relation_of("failed requests", &evidence).verdict, VERDICT_EXPLAINED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_from_the_numbers),
		cmocka_unit_test(entries_lie_below_the_breakpoint),
		cmocka_unit_test(one_task_is_not_compared_with_the_host),
		cmocka_unit_test(two_sides_of_the_trace_agree),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
