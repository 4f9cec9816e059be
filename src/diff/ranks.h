/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wilcoxon's rank sum test (Mann and Whitney's U). Private to diff/. */
#ifndef PAGETRAIL_DIFF_RANKS_H
#define PAGETRAIL_DIFF_RANKS_H

#include <stddef.h>

/* Up to so many values in all the answer is exact, ties or not; above, the normal distribution's. */
#define RANKS_EXACT_MAX 40

/*
 * How often two groups of these sizes, drawn at random from all the values, have rank sums at least as
 * far from what is expected: two-sided. 1 where a group is empty; -1 without memory.
 */
double ranks_p(const double *a, size_t nr_a, const double *b, size_t nr_b);

#endif
