// SPDX-License-Identifier: GPL-2.0-or-later
/* summary/histogram: the bound of its quantiles, its edges, and that nothing is lost in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "summary/histogram.h"

static void small_values_are_exact(void **state)
{
	struct histogram hist = { 0 };
	struct bucket bucket;
	size_t at = 0;
	uint64_t ns;

	(void)state;
	for (ns = 0; ns < 100; ns++)
		assert_int_equal(histogram_add(&hist, ns % 50), 0);
	for (ns = 0; ns < 50; ns++) {
		assert_true(histogram_next(&hist, &at, &bucket));
		assert_int_equal(bucket.lower_ns, ns);
		assert_int_equal(bucket.upper_ns, ns);
		assert_int_equal(bucket.count, 2);
	}
	assert_false(histogram_next(&hist, &at, &bucket));
	/* 100 values, 0 0 1 1 ... 49 49: the 50th is 24, the 90th 44, the 99th and 100th 49. */
	assert_int_equal(histogram_quantile(&hist, 500), 24);
	assert_int_equal(histogram_quantile(&hist, 900), 44);
	assert_int_equal(histogram_quantile(&hist, 990), 49);
	assert_int_equal(hist.total_ns, 2450);
	histogram_free(&hist);
}

/* Around every power of two and at both ends of the range: the bucket holds the value, and is
 * as narrow as promised. */
static void buckets_hold_their_values(void **state)
{
	unsigned int bit;
	int delta;

	(void)state;
	for (bit = 0; bit < 64; bit++) {
		for (delta = -1; delta <= 1; delta++) {
			uint64_t ns = (1ULL << bit) + (uint64_t)delta;
			struct histogram hist = { 0 };
			struct bucket bucket;
			size_t at = 0;

			assert_int_equal(histogram_add(&hist, ns), 0);
			assert_true(histogram_next(&hist, &at, &bucket));
			assert_true(bucket.lower_ns <= ns && ns <= bucket.upper_ns);
			assert_true(bucket.upper_ns - bucket.lower_ns <=
				    bucket.lower_ns / HISTOGRAM_SUB);
			assert_false(histogram_next(&hist, &at, &bucket));
			assert_int_equal(histogram_quantile(&hist, 500), ns);
			histogram_free(&hist);
		}
	}
}

static void totals_do_not_wrap(void **state)
{
	struct histogram hist = { 0 };
	struct bucket bucket;
	size_t at = 0;

	(void)state;
	assert_int_equal(histogram_add(&hist, UINT64_MAX), 0);
	assert_int_equal(histogram_add(&hist, UINT64_MAX), 0);
	assert_true(hist.total_ns == UINT64_MAX);
	assert_true(hist.max_ns == UINT64_MAX);
	assert_true(histogram_next(&hist, &at, &bucket));
	assert_true(bucket.upper_ns == UINT64_MAX);
	assert_int_equal(bucket.count, 2);
	histogram_free(&hist);
}

static void an_empty_one_has_nothing(void **state)
{
	struct histogram hist = { 0 };
	struct bucket bucket;
	size_t at = 0;

	(void)state;
	assert_false(histogram_next(&hist, &at, &bucket));
	assert_int_equal(histogram_quantile(&hist, 500), 0);
	histogram_free(&hist);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Nearest rank, on the sorted values themselves. */
static uint64_t true_quantile(const uint64_t *sorted, size_t nr, unsigned int per_mille)
{
	size_t rank = (nr * per_mille + 999) / 1000;

	return sorted[rank ? rank - 1 : 0];
}

/* Values over twelve orders of magnitude, in samples of many sizes. */
static void quantiles_keep_their_bound(void **state)
{
	static const unsigned int per_mille[] = { 1, 10, 250, 500, 900, 990, 999, 1000 };
	static uint64_t values[5000];
	unsigned int seed = 7;
	size_t nr, i, q;

	(void)state;
	for (nr = 1; nr <= 5000; nr = nr * 3 + 1) {
		struct histogram hist = { 0 };
		uint64_t total = 0;

		for (i = 0; i < nr; i++) {
			uint64_t high = (uint64_t)rand_r(&seed) << 20;

			values[i] = (high ^ (uint64_t)rand_r(&seed)) >> (rand_r(&seed) % 50);
			total += values[i];
			assert_int_equal(histogram_add(&hist, values[i]), 0);
		}
		qsort(values, nr, sizeof(values[0]), compare);
		for (q = 0; q < sizeof(per_mille) / sizeof(per_mille[0]); q++) {
			uint64_t truth = true_quantile(values, nr, per_mille[q]);
			uint64_t got = histogram_quantile(&hist, per_mille[q]);

			assert_true(got >= truth);
			assert_true(got - truth <= truth / HISTOGRAM_SUB);
		}
		assert_int_equal(hist.count, nr);
		assert_int_equal(hist.total_ns, total);
		assert_int_equal(hist.max_ns, values[nr - 1]);
		histogram_free(&hist);
	}
}

/* Of parts of any size, among them none. */
static void joined_as_if_added_one_by_one(void **state)
{
	unsigned int seed = 11;
	int round, i;

	(void)state;
	for (round = 0; round < 50; round++) {
		struct histogram all = { 0 }, parts = { 0 }, part = { 0 };
		struct bucket a, b;
		size_t at_a = 0, at_b = 0;

		for (i = rand_r(&seed) % 300; i >= 0; i--) {
			uint64_t ns = (uint64_t)rand_r(&seed) >> (rand_r(&seed) % 30);

			assert_int_equal(histogram_add(&all, ns), 0);
			assert_int_equal(histogram_add(&part, ns), 0);
			if (rand_r(&seed) % 20)
				continue;
			assert_int_equal(histogram_join(&parts, &part), 0);
			histogram_free(&part);
		}
		assert_int_equal(histogram_join(&parts, &part), 0);
		assert_int_equal(parts.count, all.count);
		assert_int_equal(parts.total_ns, all.total_ns);
		assert_int_equal(parts.max_ns, all.max_ns);
		while (histogram_next(&all, &at_a, &a)) {
			assert_true(histogram_next(&parts, &at_b, &b));
			assert_memory_equal(&a, &b, sizeof(a));
		}
		assert_false(histogram_next(&parts, &at_b, &b));
		histogram_free(&all);
		histogram_free(&parts);
		histogram_free(&part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_values_are_exact),
		cmocka_unit_test(buckets_hold_their_values),
		cmocka_unit_test(totals_do_not_wrap),
		cmocka_unit_test(an_empty_one_has_nothing),
		cmocka_unit_test(quantiles_keep_their_bound),
		cmocka_unit_test(joined_as_if_added_one_by_one),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
