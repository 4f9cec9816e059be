// SPDX-License-Identifier: GPL-2.0-or-later
/* diff/ranks: against values counted by hand, and all arrangements of small groups. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stddef.h>
#include <cmocka.h>

#include "diff/ranks.h"

static void assert_near(double got, double want, double off)
{
	if (fabs(got - want) > off)
		fail_msg("%.9f, should be %.9f", got, want);
}

/* All of one below all of the other: two of the 70 arrangements are as far apart. */
static void apart(void **state)
{
	static const double low[] = { 1, 2, 3, 4 }, high[] = { 10, 11, 12, 13 };

	(void)state;
	assert_near(ranks_p(low, 4, high, 4), 2.0 / 70, 1e-12);
	assert_near(ranks_p(high, 4, low, 4), 2.0 / 70, 1e-12);
	assert_near(ranks_p(low, 3, high, 3), 2.0 / 20, 1e-12);
	assert_near(ranks_p(low, 2, high, 2), 2.0 / 6, 1e-12);
}

/* One pair is out of order: U = 1, which 2 arrangements on each side reach or pass. */
static void nearly_apart(void **state)
{
	static const double low[] = { 1, 2, 3, 10.5 }, high[] = { 10, 11, 12, 13 };

	(void)state;
	assert_near(ranks_p(low, 4, high, 4), 4.0 / 70, 1e-12);
}

/* {1, 1} and {1, 2}: the 2 is in either group equally often, so nothing is unlikely. */
static void ties(void **state)
{
	static const double a[] = { 1, 1 }, b[] = { 1, 2 };
	static const double same[] = { 7, 7, 7 };
	/* 0 0 0 against 0 1 1: of 20 ways to place the ones, 2 * C(3, 2) = 6 leave a group without. */
	static const double none[] = { 0, 0, 0 }, two[] = { 0, 1, 1 };

	(void)state;
	assert_near(ranks_p(a, 2, b, 2), 1, 1e-12);
	assert_near(ranks_p(same, 3, same, 3), 1, 1e-12);
	assert_near(ranks_p(none, 3, two, 3), 6.0 / 15, 1e-12);
}

static void empty(void **state)
{
	static const double a[] = { 1 };

	(void)state;
	assert_near(ranks_p(a, 1, NULL, 0), 1, 0);
}

/* Values of two groups that interleave; the second lies higher by `shift`. */
static double interleaved(size_t each, double shift)
{
	double a[200], b[200];
	size_t i;

	for (i = 0; i < each; i++) {
		a[i] = (double)i;
		b[i] = (double)i + shift;
	}
	return ranks_p(a, each, b, each);
}

/* Above RANKS_EXACT_MAX the answer goes on where the exact one ended. */
static void the_normal_one_goes_on(void **state)
{
	double shift;

	(void)state;
	for (shift = 0.25; shift < 12; shift += 1.5) {
		double exact = interleaved(20, shift), next = interleaved(21, shift * 21 / 20);

		if (next > exact * 1.25 + 0.02 || next < exact * 0.7 - 0.02)
			fail_msg("shift %.2f: exact %.4f, normal %.4f", shift, exact, next);
	}
	assert_true(interleaved(150, 100) < 1e-6);
	assert_near(interleaved(150, 0), 1, 0.01);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(apart), cmocka_unit_test(nearly_apart), cmocka_unit_test(ties),
		cmocka_unit_test(empty), cmocka_unit_test(the_normal_one_goes_on),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
