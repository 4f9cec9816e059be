// SPDX-License-Identifier: GPL-2.0-or-later
/* summary/aggregate: hand-made episodes with sums worked out by hand, and the laws of sums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "summary_fixture.h"

static void add(struct aggregate *agg, const struct episode *ep)
{
	assert_int_equal(aggregate_episode(agg, ep), 0);
}

static void finish(struct aggregate *agg, struct fixture *fix, struct summary *summary)
{
	assert_int_equal(aggregate_finish(agg, &fix->input, summary), 0);
	aggregate_free(agg);
}

/* --- by hand ------------------------------------------------------------------------------- */

static const struct visit quick[] = { { STAGE_ENTRY, 100 } };
static const struct visit slow[] = {
	{ STAGE_ENTRY, 10 },   { STAGE_COMPACT, 20 },  { STAGE_RECLAIM, 30 }, { STAGE_RETRY, 40 },
	{ STAGE_RECLAIM, 50 }, { STAGE_THROTTLE, 60 }, { STAGE_RECLAIM, 1 },
};
static const struct visit stuck[] = { { STAGE_ENTRY, 7 }, { STAGE_RECLAIM, 900 } };

/*
 * Three quick ones (two of A, one of B), one slow one of A inside another, a failure, one in
 * flight, one whose end was lost; and one from before the window, which counts nowhere.
 */
static void feed_by_hand(struct aggregate *agg)
{
	struct episode ep;
	uint64_t id;

	for (id = 1; id <= 3; id++) {
		ep = fixture_episode(id, 1000 * id, OUTCOME_OK, quick, NR_OF(quick));
		fixture_request(&ep, id == 3 ? "B" : "A", 0, 0xcc0, 1);
		add(agg, &ep);
	}
	ep = fixture_episode(4, 5000, OUTCOME_OK, slow, NR_OF(slow));
	fixture_request(&ep, "A", 9, 0xc00, 0);
	ep.depth = 1;
	ep.parent = 3;
	add(agg, &ep);
	ep = fixture_episode(5, 6000, OUTCOME_FAILED, quick, NR_OF(quick));
	add(agg, &ep);
	ep = fixture_episode(6, 7000, OUTCOME_IN_FLIGHT, stuck, NR_OF(stuck));
	fixture_request(&ep, "A", 0, 0xcc0, 1);
	add(agg, &ep);
	ep = fixture_episode(7, 8000, OUTCOME_INCOMPLETE, quick, NR_OF(quick));
	ep.start_edge = EDGE_OUTSIDE;
	fixture_request(&ep, "A", 0, 0xcc0, 1);
	add(agg, &ep);
	ep = fixture_episode(8, 10, OUTCOME_OK, slow, NR_OF(slow));
	ep.in_window = false;
	add(agg, &ep);
}

static void summarize_by_hand(struct fixture *fix, struct summary *summary, size_t top)
{
	struct aggregate *agg = aggregate_new(top);

	assert_non_null(agg);
	fixture_init(fix);
	fix->counts.entries = 7;
	feed_by_hand(agg);
	finish(agg, fix, summary);
}

static void counts_are_those_worked_out_by_hand(void **state)
{
	struct fixture fix;
	struct summary s;

	(void)state;
	summarize_by_hand(&fix, &s, 3);
	assert_int_equal(s.slowpath.entries.count, 7);
	assert_int_equal(s.slowpath.entries.certainty, CERTAINTY_EXACT);
	assert_int_equal(s.slowpath.outcomes[OUTCOME_OK], 4);
	assert_int_equal(s.slowpath.outcomes[OUTCOME_FAILED], 1);
	assert_int_equal(s.slowpath.outcomes[OUTCOME_IN_FLIGHT], 1);
	assert_int_equal(s.slowpath.outcomes[OUTCOME_INCOMPLETE], 1);
	assert_int_equal(s.slowpath.nested.count, 1);
	assert_int_equal(s.slowpath.nested.total_ns, 211);
	/* 3 * 100 + 211 + 100 + 907 + 100 */
	assert_int_equal(s.slowpath.times.total_ns, 1618);
	assert_int_equal(s.slowpath.times.max_ns, 907);
	assert_int_equal(s.slowpath.times.basis, TIME_APPROXIMATE);
	assert_int_equal(s.slowpath.time_basis[TIME_EXACT], 5);
	assert_int_equal(s.slowpath.time_basis[TIME_AT_LEAST], 1);
	assert_int_equal(s.slowpath.time_basis[TIME_AT_MOST], 0);
	assert_int_equal(s.slowpath.time_basis[TIME_APPROXIMATE], 1);
	summary_free(&s);
}

static void stages_and_transitions_are_those_worked_out_by_hand(void **state)
{
	const struct stage_row *row;
	struct fixture fix;
	struct summary s;
	size_t i, found = 0;

	(void)state;
	summarize_by_hand(&fix, &s, 3);
	row = &s.stages[STAGE_ENTRY];
	assert_int_equal(row->episodes, 7);
	assert_int_equal(row->visits, 7);
	assert_int_equal(row->succeeded, 3);
	assert_int_equal(row->times.total_ns, 3 * 100 + 10 + 100 + 7 + 100);
	row = &s.stages[STAGE_RECLAIM];
	assert_int_equal(row->episodes, 2);
	assert_int_equal(row->visits, 4);
	assert_int_equal(row->succeeded, 1);
	assert_int_equal(row->times.total_ns, 30 + 50 + 1 + 900);
	assert_int_equal(row->times.max_ns, 900);
	assert_int_equal(row->times.basis, TIME_AT_LEAST);
	assert_int_equal(s.stages[STAGE_OOM].episodes, 0);
	assert_int_equal(s.stages[STAGE_COMPACT].times.basis, TIME_EXACT);
	for (i = 0; i < s.nr_transitions; i++) {
		const struct transition_row *step = &s.transitions[i];

		if (step->from == STAGE_RECLAIM && step->to == STAGE_OK) {
			found++;
			assert_int_equal(step->times.count, 1);
			assert_int_equal(step->times.total_ns, 1);
		}
		if (step->from == STAGE_ENTRY && step->to == STAGE_RECLAIM) {
			found++;
			assert_int_equal(step->times.count, 1);
			assert_int_equal(step->times.total_ns, 7);
		}
	}
	assert_int_equal(found, 2);
	/* entry>compact, entry>reclaim, entry>ok, entry>failed, compact>reclaim, reclaim>throttle,
	 * reclaim>retry, reclaim>ok, throttle>reclaim, retry>reclaim */
	assert_int_equal(s.nr_transitions, 10);
	summary_free(&s);
}

/* Over the rows of the joint table that have this order, or these gfp flags: what the key's own row says. */
static void check_margin(const struct summary *s, enum by by, const struct key_row *key)
{
	const struct key_table *joint = &s->by[BY_ORDER_GFP];
	uint64_t count = 0, ns = 0;
	size_t i;

	for (i = 0; i < joint->nr; i++) {
		const struct key_row *row = &joint->rows[i];

		if (row->kind != key->kind)
			continue;
		if ((by == BY_ORDER ? row->order : row->number) != key->number)
			continue;
		count += row->times.count;
		ns += row->times.total_ns;
	}
	assert_int_equal(count, key->times.count);
	assert_int_equal(ns, key->times.total_ns);
}

/* Where all episodes show both or neither, and all keys fit. */
static void check_margins(const struct summary *s)
{
	enum by by;
	size_t i;

	for (by = BY_ORDER; by <= BY_GFP; by++)
		for (i = 0; i < s->by[by].nr; i++)
			check_margin(s, by, &s->by[by].rows[i]);
}

static void keys_are_most_frequent_first(void **state)
{
	const struct key_table *comm, *gfp;
	struct fixture fix;
	struct summary s;

	(void)state;
	summarize_by_hand(&fix, &s, 3);
	comm = &s.by[BY_COMM];
	assert_int_equal(comm->nr, 3);
	assert_string_equal(comm->rows[0].text, "A");
	assert_int_equal(comm->rows[0].times.count, 5);
	assert_string_equal(comm->rows[1].text, "B");
	assert_int_equal(comm->rows[1].times.count, 1);
	assert_int_equal(comm->rows[2].kind, KEY_UNKNOWN);
	assert_int_equal(comm->rows[2].times.count, 1);
	gfp = &s.by[BY_GFP];
	assert_int_equal(gfp->rows[0].number, 0xcc0);
	assert_string_equal(gfp->rows[0].text, "GFP_KERNEL");
	assert_string_equal(gfp->rows[1].text, "__GFP_DIRECT_RECLAIM|__GFP_KSWAPD_RECLAIM");
	assert_int_equal(s.by[BY_ORDER].rows[1].number, 9);
	assert_string_equal(s.by[BY_MIGRATETYPE].rows[0].text, "Movable");
	check_margins(&s);
	summary_free(&s);
}

static void add_request(struct aggregate *agg, uint64_t id, uint32_t order, uint64_t gfp)
{
	struct episode ep = fixture_episode(id, id, OUTCOME_OK, slow, NR_OF(slow));

	fixture_request(&ep, "A", order, gfp, 0);
	add(agg, &ep);
}

static void check_pair(const struct key_row *row, int64_t order, int64_t gfp, uint64_t count)
{
	assert_int_equal(row->kind, KEY_KNOWN);
	assert_int_equal(row->order, order);
	assert_int_equal(row->number, gfp);
	assert_int_equal(row->times.count, count);
	assert_int_equal(row->times.total_ns, 211 * count);
}

/* Orders and flags that no kernel has, but a file may say, are pairs of their own. */
static void orders_and_gfp_flags_are_counted_in_pairs(void **state)
{
	static const uint32_t orders[] = { 0, 0x7f, 0x80, 0x4000, UINT32_MAX };
	struct aggregate *agg = aggregate_new(1);
	const struct key_table *joint;
	struct episode ep;
	struct fixture fix;
	struct summary s;
	uint64_t id = 0;
	size_t i;

	(void)state;
	assert_non_null(agg);
	fixture_init(&fix);
	for (i = 0; i < NR_OF(orders); i++)
		add_request(agg, ++id, orders[i], 0xcc0);
	add_request(agg, ++id, 0x80, 0xcc0);
	add_request(agg, ++id, 0x80, (1ULL << 32) | 0xcc0);
	ep = fixture_episode(++id, 100, OUTCOME_OK, slow, NR_OF(slow));
	ep.has_order = true;
	add(agg, &ep);
	ep.has_order = false;
	ep.has_gfp = true;
	add(agg, &ep);
	finish(agg, &fix, &s);
	joint = &s.by[BY_ORDER_GFP];
	assert_true(joint->known);
	assert_int_equal(joint->nr, 7);
	check_pair(&joint->rows[0], 0x80, 0xcc0, 2);
	check_pair(&joint->rows[1], 0, 0xcc0, 1);
	check_pair(&joint->rows[2], 0x7f, 0xcc0, 1);
	check_pair(&joint->rows[3], 0x4000, 0xcc0, 1);
	check_pair(&joint->rows[4], UINT32_MAX, 0xcc0, 1);
	check_pair(&joint->rows[5], 0x80, (1LL << 32) | 0xcc0, 1);
	assert_string_equal(joint->rows[0].text, "GFP_KERNEL");
	assert_int_equal(joint->rows[6].kind, KEY_UNKNOWN);
	assert_int_equal(joint->rows[6].times.count, 2);
	summary_free(&s);
}

/* The last row has all beyond so many, and they are counted among what was not kept. */
static void pairs_beyond_the_table_are_others(void **state)
{
	struct aggregate *agg = aggregate_new(1);
	const struct key_table *joint;
	struct fixture fix;
	struct summary s;
	uint64_t id;

	(void)state;
	assert_non_null(agg);
	fixture_init(&fix);
	for (id = 0; id < AGGREGATE_ORDER_GFPS_MAX + 50; id++)
		add_request(agg, id + 1, (uint32_t)id % 11, 0x100 + id / 11);
	finish(agg, &fix, &s);
	joint = &s.by[BY_ORDER_GFP];
	assert_int_equal(joint->nr, AGGREGATE_ORDER_GFPS_MAX + 1);
	assert_int_equal(joint->rows[joint->nr - 1].kind, KEY_OTHER);
	assert_int_equal(joint->rows[joint->nr - 1].times.count, 50);
	assert_int_equal(s.limits.folded_keys, 50);
	summary_free(&s);
}

static void paths_are_most_frequent_first(void **state)
{
	static const char *const expected[] = {
		"entry > ok",
		"entry > compact > reclaim > retry > reclaim > throttle > reclaim > ok",
		"entry > failed",
		"entry > incomplete",
		"entry > reclaim > in_flight",
	};
	struct fixture fix;
	struct summary s;
	size_t i;

	(void)state;
	summarize_by_hand(&fix, &s, 3);
	assert_int_equal(s.nr_paths, NR_OF(expected));
	for (i = 0; i < NR_OF(expected); i++)
		assert_string_equal(s.paths[i].path, expected[i]);
	assert_int_equal(s.paths[0].times.count, 3);
	summary_free(&s);
}

static void the_slowest_are_listed_and_what_was_in_flight(void **state)
{
	struct fixture fix;
	struct summary s;

	(void)state;
	summarize_by_hand(&fix, &s, 2);
	assert_int_equal(s.nr_worst, 2);
	assert_int_equal(s.worst[0].episode->id, 6);
	assert_int_equal(s.worst[0].basis, TIME_AT_LEAST);
	assert_int_equal(s.worst[1].episode->id, 4);
	summary_free(&s);
}

/* In flight, but the shortest of all: listed beside the one slowest. */
static void what_was_in_flight_is_listed_even_when_others_were_slower(void **state)
{
	struct aggregate *agg = aggregate_new(1);
	struct fixture fix;
	struct summary s;
	struct episode ep;

	(void)state;
	fixture_init(&fix);
	ep = fixture_episode(1, 1000, OUTCOME_OK, slow, NR_OF(slow));
	add(agg, &ep);
	ep = fixture_episode(2, 1000, OUTCOME_IN_FLIGHT, quick, NR_OF(quick));
	add(agg, &ep);
	finish(agg, &fix, &s);
	assert_int_equal(s.nr_worst, 2);
	assert_int_equal(s.worst[0].episode->id, 1);
	assert_int_equal(s.worst[1].episode->id, 2);
	summary_free(&s);
}

/* --- certainty ----------------------------------------------------------------------------- */

static enum certainty certainty_of(struct fixture *fix)
{
	struct aggregate *agg = aggregate_new(1);
	enum certainty certainty;
	struct summary s;

	finish(agg, fix, &s);
	certainty = s.slowpath.entries.certainty;
	summary_free(&s);
	return certainty;
}

static void a_count_is_exact_only_when_nothing_can_be_missing(void **state)
{
	struct fixture fix;

	(void)state;
	fixture_init(&fix);
	assert_int_equal(certainty_of(&fix), CERTAINTY_EXACT);
	fix.counts.basis = BASIS_FAST_NULL;
	assert_int_equal(certainty_of(&fix), CERTAINTY_EXACT);
	fix.counts.basis = BASIS_EVIDENCE;
	assert_int_equal(certainty_of(&fix), CERTAINTY_LOWER_BOUND);
	fix.counts.basis = BASIS_NONE;
	assert_int_equal(certainty_of(&fix), CERTAINTY_UNKNOWN);

	fixture_init(&fix);
	fix.damage.nr = 1;
	assert_int_equal(certainty_of(&fix), CERTAINTY_LOWER_BOUND);
	fixture_init(&fix);
	fix.damage.nr_undecodable = 1;
	assert_int_equal(certainty_of(&fix), CERTAINTY_LOWER_BOUND);
	fixture_init(&fix);
	fix.info.unfinished = true;
	assert_int_equal(certainty_of(&fix), CERTAINTY_LOWER_BOUND);
	fixture_init(&fix);
	fix.counts.window_closed = false;
	assert_int_equal(certainty_of(&fix), CERTAINTY_LOWER_BOUND);
	fixture_init(&fix);
	fix.input.loss = "0 10 0 0 0\n1 12 0 0 1\n";
	assert_int_equal(certainty_of(&fix), CERTAINTY_LOWER_BOUND);
	fixture_init(&fix);
	fix.input.loss = NULL;
	assert_int_equal(certainty_of(&fix), CERTAINTY_LOWER_BOUND);
	fixture_init(&fix);
	fix.input.stop.probes = "slow_enter_0 5 1\nslow_exit_0 5 0\n";
	assert_int_equal(certainty_of(&fix), CERTAINTY_LOWER_BOUND);
	/* Steps may be missing, entries are not. */
	fix.input.stop.probes = "slow_enter_0 5 0\nout_of_memory 5 3\n";
	assert_int_equal(certainty_of(&fix), CERTAINTY_EXACT);
}

/* --- attempts ------------------------------------------------------------------------------ */

static void attempts_are_told_only_where_the_profile_saw_them(void **state)
{
	struct aggregate *agg = aggregate_new(1);
	struct fixture fix;
	struct summary s;

	(void)state;
	fixture_init(&fix);
	finish(agg, &fix, &s);
	assert_false(s.attempts.has_attempts || s.attempts.has_nulls || s.attempts.has_allocations);
	summary_free(&s);

	fix.info.kinds |= 1ULL << EV_ATTEMPT_ENTER | 1ULL << EV_ATTEMPT_EXIT;
	fix.input.profile = "freelist";
	fix.counts.entries = 3000;
	fix.counts.null_returns = 4294;
	agg = aggregate_new(1);
	finish(agg, &fix, &s);
	assert_true(s.attempts.has_attempts && s.attempts.has_results && s.attempts.has_nulls);
	assert_false(s.attempts.has_all || s.attempts.has_allocations);
	/* 4294 / 3000 = 1.43133... */
	assert_int_equal(s.attempts.overcount_per_mille, 1431);
	summary_free(&s);

	fix.input.profile = "full\n";
	fix.counts.allocations = 99;
	agg = aggregate_new(1);
	finish(agg, &fix, &s);
	assert_true(s.attempts.has_all && s.attempts.has_allocations);
	assert_int_equal(s.attempts.allocations.count, 99);
	assert_int_equal(s.attempts.allocations.certainty, CERTAINTY_EXACT);
	summary_free(&s);
}

/* --- laws ---------------------------------------------------------------------------------- */

static struct episode random_episode(uint64_t id, unsigned int *seed)
{
	struct visit visits[90] = { { STAGE_ENTRY, (uint64_t)rand_r(seed) } };
	size_t nr = 1 + (size_t)(rand_r(seed) % 8 ? rand_r(seed) % 6 : rand_r(seed) % 89), i;
	char comm[COMM_LEN];
	struct episode ep;

	for (i = 1; i < nr; i++)
		visits[i] = (struct visit){ 1 + (enum stage)(rand_r(seed) % 5),
					    (uint64_t)rand_r(seed) % 100000 };
	ep = fixture_episode(id, 1000 + (uint64_t)rand_r(seed) % 1000,
			     (enum outcome)(rand_r(seed) % NR_OUTCOMES), visits, nr);
	/* More tasks than the table of names has room for. */
	snprintf(comm, sizeof(comm), "task %d", rand_r(seed) % (2 * AGGREGATE_COMMS_MAX));
	if (rand_r(seed) % 10)
		fixture_request(&ep, comm, (uint32_t)rand_r(seed) % 11,
				(uint64_t)rand_r(seed) % 300, rand_r(seed) % 6);
	return ep;
}

static uint64_t sum_of_keys(const struct key_table *table, uint64_t *total_ns)
{
	uint64_t count = 0;
	size_t i;

	*total_ns = 0;
	for (i = 0; i < table->nr; i++) {
		count += table->rows[i].times.count;
		*total_ns += table->rows[i].times.total_ns;
	}
	return count;
}

/* Episodes whose keys did not fit: the last row, where it is that. */
static uint64_t others_of(const struct key_table *table)
{
	const struct key_row *last = table->nr ? &table->rows[table->nr - 1] : NULL;

	return last && last->kind == KEY_OTHER ? last->times.count : 0;
}

static void check_sums(const struct summary *s, uint64_t nr, uint64_t total_ns)
{
	uint64_t count = 0, ns = 0;
	enum stage stage;
	enum by by;
	size_t i;

	assert_int_equal(s->slowpath.times.count, nr);
	assert_int_equal(s->slowpath.times.total_ns, total_ns);
	for (i = 0; i < NR_OUTCOMES; i++)
		count += s->slowpath.outcomes[i];
	assert_int_equal(count, nr);
	for (i = count = 0; i < s->slowpath.times.nr_buckets; i++)
		count += s->slowpath.times.buckets[i].count;
	assert_int_equal(count, nr);
	for (i = count = 0; i < 4; i++)
		count += s->slowpath.time_basis[i];
	assert_int_equal(count, nr);
	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		ns += s->stages[stage].times.total_ns;
	assert_int_equal(ns, total_ns);
	for (by = 0; by < NR_BY; by++) {
		assert_int_equal(sum_of_keys(&s->by[by], &ns), nr);
		assert_int_equal(ns, total_ns);
	}
	for (i = count = ns = 0; i < s->nr_paths; i++) {
		count += s->paths[i].times.count;
		ns += s->paths[i].times.total_ns;
	}
	assert_int_equal(count, nr);
	assert_int_equal(ns, total_ns);
}

/* Whatever overflows its table, nothing disappears from a sum. */
static void sums_agree_however_they_are_cut(void **state)
{
	struct aggregate *agg = aggregate_new(10);
	unsigned int seed = 11;
	uint64_t id, total_ns = 0;
	struct fixture fix;
	struct summary s;

	(void)state;
	fixture_init(&fix);
	for (id = 1; id <= 20000; id++) {
		struct episode ep = random_episode(id, &seed);

		total_ns += ep.end_ns - ep.start_ns;
		add(agg, &ep);
	}
	finish(agg, &fix, &s);
	check_sums(&s, 20000, total_ns);
	assert_true(others_of(&s.by[BY_COMM]) > 0);
	assert_int_equal(s.limits.folded_keys,
			 others_of(&s.by[BY_COMM]) + others_of(&s.by[BY_ORDER_GFP]));
	assert_int_equal(s.nr_paths, AGGREGATE_PATHS_MAX + 1);
	assert_null(s.paths[s.nr_paths - 1].path);
	assert_int_equal(s.limits.folded_paths, s.paths[s.nr_paths - 1].times.count);
	assert_true(s.limits.path_tails > 0);
	summary_free(&s);
}

static void an_empty_capture_has_a_summary(void **state)
{
	struct aggregate *agg = aggregate_new(0);
	struct fixture fix;
	struct summary s;

	(void)state;
	fixture_init(&fix);
	finish(agg, &fix, &s);
	assert_int_equal(s.slowpath.entries.count, 0);
	check_sums(&s, 0, 0);
	assert_int_equal(s.nr_worst, 0);
	summary_free(&s);
}

/* --- many that are alike ---------------------------------------------------------------------- */

#define NR_COMMS  7
#define NR_GFPS	  11
#define NR_ORDERS 5
#define NR_ALIKE  20000

/*
 * More different ones than are kept apart, in any order, with some between that are not put
 * together: what each table holds is what was added, by key.
 */
static void alike_ones_are_all_counted(void **state)
{
	static const struct visit twice[] = { { STAGE_ENTRY, 3 }, { STAGE_RECLAIM, 4 } };
	struct aggregate *agg = aggregate_new(3);
	uint64_t orders[NR_ORDERS] = { 0 }, orders_ns[NR_ORDERS] = { 0 }, gfps[NR_GFPS] = { 0 };
	uint64_t comms[NR_COMMS] = { 0 }, failed = 0, reclaimed = 0, total_ns = 0;
	struct summary summary;
	struct fixture fix;
	unsigned int seed = 3;
	uint64_t id;
	size_t i;

	(void)state;
	fixture_init(&fix);
	for (id = 1; id <= NR_ALIKE; id++) {
		uint32_t order = (uint32_t)rand_r(&seed) % NR_ORDERS;
		uint32_t gfp = (uint32_t)rand_r(&seed) % NR_GFPS;
		uint32_t comm = (uint32_t)rand_r(&seed) % NR_COMMS;
		bool fails = rand_r(&seed) % 2, reclaims = !(rand_r(&seed) % 50);
		struct visit visit = { STAGE_ENTRY, (uint64_t)rand_r(&seed) % 5000 };
		char name[2] = { (char)('a' + comm), 0 };
		struct episode ep = reclaims ? fixture_episode(id, id, OUTCOME_OK, twice, 2)
					     : fixture_episode(id, id,
							       fails ? OUTCOME_FAILED : OUTCOME_OK,
							       &visit, 1);

		fixture_request(&ep, name, order, 0x100 + gfp, 1);
		add(agg, &ep);
		orders[order]++;
		orders_ns[order] += ep.end_ns - ep.start_ns;
		total_ns += ep.end_ns - ep.start_ns;
		gfps[gfp]++;
		comms[comm]++;
		failed += !reclaims && fails;
		reclaimed += reclaims;
	}
	finish(agg, &fix, &summary);
	assert_int_equal(summary.slowpath.times.count, NR_ALIKE);
	assert_int_equal(summary.slowpath.times.total_ns, total_ns);
	assert_int_equal(summary.slowpath.outcomes[OUTCOME_FAILED], failed);
	assert_int_equal(summary.stages[STAGE_ENTRY].episodes, NR_ALIKE);
	assert_int_equal(summary.stages[STAGE_RECLAIM].episodes, reclaimed);
	assert_int_equal(summary.nr_paths, 3);
	assert_int_equal(summary.by[BY_ORDER].nr, NR_ORDERS);
	for (i = 0; i < NR_ORDERS; i++) {
		const struct key_row *row = &summary.by[BY_ORDER].rows[i];

		assert_int_equal(row->times.count, orders[row->number]);
		assert_int_equal(row->times.total_ns, orders_ns[row->number]);
	}
	assert_int_equal(summary.by[BY_GFP].nr, NR_GFPS);
	for (i = 0; i < NR_GFPS; i++)
		assert_int_equal(summary.by[BY_GFP].rows[i].times.count,
				 gfps[summary.by[BY_GFP].rows[i].number - 0x100]);
	assert_int_equal(summary.by[BY_COMM].nr, NR_COMMS);
	for (i = 0; i < NR_COMMS; i++)
		assert_int_equal(summary.by[BY_COMM].rows[i].times.count,
				 comms[*summary.by[BY_COMM].rows[i].text - 'a']);
	assert_int_equal(summary.by[BY_ORDER_GFP].nr, NR_ORDERS * NR_GFPS);
	check_margins(&summary);
	summary_free(&summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_those_worked_out_by_hand),
		cmocka_unit_test(stages_and_transitions_are_those_worked_out_by_hand),
		cmocka_unit_test(keys_are_most_frequent_first),
		cmocka_unit_test(orders_and_gfp_flags_are_counted_in_pairs),
		cmocka_unit_test(pairs_beyond_the_table_are_others),
		cmocka_unit_test(paths_are_most_frequent_first),
		cmocka_unit_test(the_slowest_are_listed_and_what_was_in_flight),
		cmocka_unit_test(what_was_in_flight_is_listed_even_when_others_were_slower),
		cmocka_unit_test(a_count_is_exact_only_when_nothing_can_be_missing),
		cmocka_unit_test(attempts_are_told_only_where_the_profile_saw_them),
		cmocka_unit_test(sums_agree_however_they_are_cut),
		cmocka_unit_test(an_empty_capture_has_a_summary),
		cmocka_unit_test(alike_ones_are_all_counted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
