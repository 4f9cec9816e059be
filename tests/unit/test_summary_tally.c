// SPDX-License-Identifier: GPL-2.0-or-later
/* summary/tally: keys that fall on one slot, and keys that do not fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "summary/tally.h"

static void add(struct table *table, uint64_t number, const char *text, uint64_t ns)
{
	struct tally *tally = table_find(table, number, text);

	assert_non_null(tally);
	assert_int_equal(tally_add(tally, lot_of(ns), TIME_EXACT), 0);
}

/* The slot of a key is its number combined with the hash of its text: these three share one. */
static void keys_on_one_slot_stay_apart(void **state)
{
	uint64_t other = 5 ^ hash_string("a") ^ hash_string("b");
	uint64_t third = 5 ^ hash_string("a") ^ hash_string("c");
	struct table table;

	(void)state;
	assert_int_equal(table_init(&table, 8), 0);
	add(&table, 5, "a", 1);
	add(&table, other, "b", 10);
	add(&table, third, "c", 100);
	add(&table, 5, "a", 2);
	add(&table, other, "b", 20);
	assert_int_equal(table.nr, 3);
	assert_int_equal(table.rows[0].tally.hist.total_ns, 3);
	assert_int_equal(table.rows[1].tally.hist.total_ns, 30);
	assert_int_equal(table.rows[2].tally.hist.total_ns, 100);
	table_free(&table);
}

static void what_does_not_fit_is_tallied_together(void **state)
{
	struct table table;
	uint64_t i;

	(void)state;
	assert_int_equal(table_init(&table, 4), 0);
	for (i = 0; i < 10; i++)
		add(&table, i, "", 1);
	/* A key that is in stays in. */
	add(&table, 3, "", 1);
	assert_int_equal(table.nr, 4);
	assert_int_equal(table.rows[3].tally.hist.count, 2);
	assert_int_equal(table.other.hist.count, 6);
	table_free(&table);
}

static void a_tally_remembers_how_sure_it_is(void **state)
{
	struct summary owner = { 0 };
	struct tally tally = { 0 };
	struct times times = tally_times(&tally, &owner);

	(void)state;
	assert_int_equal(times.count, 0);
	assert_int_equal(tally_add(&tally, lot_of(10), TIME_EXACT), 0);
	assert_int_equal(tally_times(&tally, &owner).basis, TIME_EXACT);
	assert_int_equal(tally_add(&tally, lot_of(30), TIME_AT_MOST), 0);
	assert_int_equal(tally_times(&tally, &owner).basis, TIME_AT_MOST);
	assert_int_equal(tally_add(&tally, lot_of(20), TIME_AT_LEAST), 0);
	times = tally_times(&tally, &owner);
	assert_int_equal(times.basis, TIME_APPROXIMATE);
	assert_int_equal(times.total_ns, 60);
	assert_int_equal(times.p50_ns, 20);
	assert_int_equal(times.max_ns, 30);
	/* Its buckets outlive it. */
	tally_free(&tally);
	assert_true(times.has_buckets);
	assert_int_equal(times.nr_buckets, 3);
	assert_int_equal(times.buckets[1].lower_ns, 20);
	assert_int_equal(times.buckets[1].count, 1);
	summary_free(&owner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_on_one_slot_stay_apart),
		cmocka_unit_test(what_does_not_fit_is_tallied_together),
		cmocka_unit_test(a_tally_remembers_how_sure_it_is),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
