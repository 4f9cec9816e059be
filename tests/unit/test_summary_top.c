// SPDX-License-Identifier: GPL-2.0-or-later
/* summary/top against a full sort. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "summary/top.h"
#include "summary_fixture.h"

#define NR 2000

static int compare_episodes(const void *a, const void *b)
{
	return top_compare(*(struct episode *const *)a, *(struct episode *const *)b);
}

static int compare_ids(const void *a, const void *b)
{
	const struct episode *x = *(struct episode *const *)a, *y = *(struct episode *const *)b;

	return (x->id > y->id) - (x->id < y->id);
}

static void ties_have_an_order(void **state)
{
	struct episode slow = { .id = 9, .start_ns = 50, .end_ns = 150 };
	struct episode early = { .id = 8, .start_ns = 10, .end_ns = 20 };
	struct episode late = { .id = 2, .start_ns = 11, .end_ns = 21 };
	struct episode twin = { .id = 3, .start_ns = 11, .end_ns = 21 };

	(void)state;
	assert_true(top_compare(&slow, &early) < 0);
	assert_true(top_compare(&early, &late) < 0);
	assert_true(top_compare(&late, &twin) < 0);
	assert_true(top_compare(&twin, &late) > 0);
	assert_int_equal(top_compare(&late, &late), 0);
}

/* Few different durations, so that ties decide often. */
static void keeps_what_a_sort_puts_first(void **state)
{
	static struct episode all[NR];
	static struct episode *sorted[NR];
	unsigned int seed = 3;
	size_t max, i;

	(void)state;
	for (i = 0; i < NR; i++) {
		all[i].id = i + 1;
		all[i].start_ns = (uint64_t)rand_r(&seed) % 7;
		all[i].end_ns = all[i].start_ns + (uint64_t)rand_r(&seed) % 40;
		sorted[i] = &all[i];
	}
	qsort(sorted, NR, sizeof(sorted[0]), compare_episodes);
	for (max = 0; max <= NR + 1; max = max * 4 + 1) {
		size_t kept = max < NR ? max : NR;
		struct top top;

		assert_int_equal(top_init(&top, max), 0);
		for (i = 0; i < NR; i++)
			assert_int_equal(top_offer(&top, &all[i]), 0);
		assert_int_equal(top.nr, kept);
		if (kept)
			qsort(top.heap, kept, sizeof(top.heap[0]), compare_episodes);
		for (i = 0; i < kept; i++)
			assert_int_equal(top.heap[i]->id, sorted[i]->id);
		top_free(&top);
	}
}

static void order_of_offers_does_not_matter(void **state)
{
	struct top forward, backward;
	struct episode ep = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(top_init(&forward, 5), 0);
	assert_int_equal(top_init(&backward, 5), 0);
	for (i = 1; i <= 100; i++) {
		ep.id = i;
		ep.end_ns = i % 10;
		assert_int_equal(top_offer(&forward, &ep), 0);
		ep.id = 101 - i;
		ep.end_ns = (101 - i) % 10;
		assert_int_equal(top_offer(&backward, &ep), 0);
	}
	qsort(forward.heap, 5, sizeof(forward.heap[0]), compare_ids);
	qsort(backward.heap, 5, sizeof(backward.heap[0]), compare_ids);
	for (i = 0; i < 5; i++) {
		/* Nine long, the first five of them by id: 9 19 29 39 49. */
		assert_int_equal(forward.heap[i]->id, 9 + 10 * i);
		assert_int_equal(backward.heap[i]->id, 9 + 10 * i);
	}
	top_free(&forward);
	top_free(&backward);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ties_have_an_order),
		cmocka_unit_test(keeps_what_a_sort_puts_first),
		cmocka_unit_test(order_of_offers_does_not_matter),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
