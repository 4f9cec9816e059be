// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdlib.h>

#include "diff/ranks.h"

struct ranked {
	double value;
	int of_a;
	unsigned int rank2; /* twice the rank: equal values share the mean of theirs */
};

static int compare(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

static void set_ranks(struct ranked *all, size_t nr)
{
	size_t first, next, i;

	for (first = 0; first < nr; first = next) {
		for (next = first + 1; next < nr && all[next].value == all[first].value; next++)
			;
		for (i = first; i < next; i++)
			all[i].rank2 = (unsigned int)(first + 1 + next);
	}
}

static size_t sum_of(const struct ranked *all, size_t nr, int only_a)
{
	size_t i, sum = 0;

	for (i = 0; i < nr; i++)
		sum += !only_a || all[i].of_a ? all[i].rank2 : 0;
	return sum;
}

/* |sum - expected|, times nr: whole numbers, so that equal distances are equal. */
static size_t distance(size_t sum, size_t nr_a, size_t total, size_t nr)
{
	size_t expected = total * nr_a;

	return sum * nr > expected ? sum * nr - expected : expected - sum * nr;
}

/*
 * ways[k][s]: in how many ways k of the values seen so far have rank sum s. Doubles hold 40 over 20
 * exactly.
 */
static double exact(const struct ranked *all, size_t nr, size_t nr_a)
{
	size_t total = sum_of(all, nr, 0), far = distance(sum_of(all, nr, 1), nr_a, total, nr);
	size_t width = total + 1, i, k, s;
	double *ways = calloc((nr_a + 1) * width, sizeof(*ways)), every = 0, as_far = 0;

	if (!ways)
		return -1;
	ways[0] = 1;
	for (i = 0; i < nr; i++)
		for (k = nr_a; k; k--)
			for (s = all[i].rank2; s < width; s++)
				ways[k * width + s] += ways[(k - 1) * width + s - all[i].rank2];
	for (s = 0; s < width; s++) {
		every += ways[nr_a * width + s];
		if (distance(s, nr_a, total, nr) >= far)
			as_far += ways[nr_a * width + s];
	}
	free(ways);
	return as_far / every;
}

/* With the correction for ties, and for continuity. */
static double normal(const struct ranked *all, size_t nr, size_t nr_a)
{
	double n = (double)nr, a = (double)nr_a, ties = 0, mean = a * (n + 1) / 2, var, off;
	size_t first, next;

	for (first = 0; first < nr; first = next) {
		double t;

		for (next = first + 1; next < nr && all[next].value == all[first].value; next++)
			;
		t = (double)(next - first);
		ties += t * t * t - t;
	}
	var = a * (n - a) / 12 * (n + 1 - ties / (n * (n - 1)));
	off = fabs((double)sum_of(all, nr, 1) / 2 - mean) - 0.5;
	return var > 0 && off > 0 ? erfc(off / sqrt(2 * var)) : 1;
}

double ranks_p(const double *a, size_t nr_a, const double *b, size_t nr_b)
{
	size_t nr = nr_a + nr_b, i;
	struct ranked *all;
	double p;

	if (!nr_a || !nr_b)
		return 1;
	all = calloc(nr, sizeof(*all));
	if (!all)
		return -1;
	for (i = 0; i < nr; i++)
		all[i] = (struct ranked){ i < nr_a ? a[i] : b[i - nr_a], i < nr_a, 0 };
	qsort(all, nr, sizeof(*all), compare);
	set_ranks(all, nr);
	p = nr <= RANKS_EXACT_MAX ? exact(all, nr, nr_a) : normal(all, nr, nr_a);
	free(all);
	return p;
}
