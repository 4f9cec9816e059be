/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A histogram of nanoseconds with buckets of bounded relative width. Count, total and maximum are
 * exact; a quantile is never below the true one, and above it by at most 1/HISTOGRAM_SUB of it.
 *
 * Below HISTOGRAM_SUB each value has a bucket of its own. Above, each power of two is cut into
 * HISTOGRAM_SUB buckets of equal width: the width is at most 1/HISTOGRAM_SUB of the bucket's lower
 * end. Every histogram has the same buckets. A power of two takes memory (512 bytes) once it has a
 * value: 59 of them at most.
 *
 * A zeroed struct is an empty histogram. Its owner calls histogram_free.
 */
#ifndef PAGETRAIL_SUMMARY_HISTOGRAM_H
#define PAGETRAIL_SUMMARY_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_SUB_BITS 6
#define HISTOGRAM_SUB	   (1U << HISTOGRAM_SUB_BITS)
#define HISTOGRAM_OCTAVES  (64 - HISTOGRAM_SUB_BITS + 1)

struct histogram {
	uint64_t count;
	uint64_t total_ns; /* stays at its maximum instead of wrapping */
	uint64_t max_ns;
	uint64_t *octaves[HISTOGRAM_OCTAVES];
};

struct bucket {
	uint64_t lower_ns, upper_ns; /* both included */
	uint64_t count;
};

/* 0 or -ENOMEM. */
int histogram_add(struct histogram *hist, uint64_t ns);
/* Adds all of `from`. 0, or -ENOMEM with a part of it added. */
int histogram_join(struct histogram *hist, const struct histogram *from);
void histogram_free(struct histogram *hist);

/*
 * The least time that at least `per_mille` of 1,000 values do not exceed, by the bound above.
 * 0 for an empty histogram.
 */
uint64_t histogram_quantile(const struct histogram *hist, unsigned int per_mille);

/* The bucket, still empty, that begins at `lower_ns`. False when none does. */
bool histogram_bucket(uint64_t lower_ns, struct bucket *bucket);

/* The same of a list of buckets, in their order, whose longest value is `max_ns`. */
uint64_t buckets_quantile(const struct bucket *buckets, size_t nr, uint64_t max_ns,
			  unsigned int per_mille);

/* The next bucket with a value, from *at on (0 at first). False when there is none. */
bool histogram_next(const struct histogram *hist, size_t *at, struct bucket *bucket);

#endif
