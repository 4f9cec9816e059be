// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "base/hint.h"
#include "base/saturate.h"
#include "summary/histogram.h"

#define NR_BUCKETS ((size_t)HISTOGRAM_OCTAVES * HISTOGRAM_SUB)

static size_t bucket_of(uint64_t ns)
{
	unsigned int shift;

	if (ns < HISTOGRAM_SUB)
		return (size_t)ns;
	shift = 63 - (unsigned int)__builtin_clzll(ns) - HISTOGRAM_SUB_BITS;
	return (size_t)(shift + 1) * HISTOGRAM_SUB + (size_t)(ns >> shift) - HISTOGRAM_SUB;
}

static struct bucket bucket_at(const struct histogram *hist, size_t at)
{
	size_t octave = at / HISTOGRAM_SUB, sub = at % HISTOGRAM_SUB;
	unsigned int shift = octave ? (unsigned int)octave - 1 : 0;
	uint64_t lower_ns = (uint64_t)(octave ? sub + HISTOGRAM_SUB : sub) << shift;

	return (struct bucket){
		.lower_ns = lower_ns,
		.upper_ns = lower_ns + ((1ULL << shift) - 1),
		.count = hist->octaves[octave] ? hist->octaves[octave][sub] : 0,
	};
}

/* NULL without memory. */
static APART uint64_t *new_octave(struct histogram *hist, size_t octave)
{
	return hist->octaves[octave] = calloc(HISTOGRAM_SUB, sizeof(**hist->octaves));
}

static uint64_t *octave_of(struct histogram *hist, size_t octave)
{
	return hist->octaves[octave] ? hist->octaves[octave] : new_octave(hist, octave);
}

static void add_sums(struct histogram *hist, uint64_t count, uint64_t total_ns, uint64_t max_ns)
{
	hist->count += count;
	hist->total_ns = sat_plus(hist->total_ns, total_ns);
	if (max_ns > hist->max_ns)
		hist->max_ns = max_ns;
}

int histogram_add(struct histogram *hist, uint64_t ns)
{
	size_t at = bucket_of(ns);
	uint64_t *octave = octave_of(hist, at / HISTOGRAM_SUB);

	if (!octave)
		return -ENOMEM;
	octave[at % HISTOGRAM_SUB]++;
	add_sums(hist, 1, ns, ns);
	return 0;
}

int histogram_join(struct histogram *hist, const struct histogram *from)
{
	size_t i, sub;

	for (i = 0; i < HISTOGRAM_OCTAVES; i++) {
		uint64_t *octave;

		if (!from->octaves[i])
			continue;
		octave = octave_of(hist, i);
		if (!octave)
			return -ENOMEM;
		for (sub = 0; sub < HISTOGRAM_SUB; sub++)
			octave[sub] += from->octaves[i][sub];
	}
	add_sums(hist, from->count, from->total_ns, from->max_ns);
	return 0;
}

void histogram_free(struct histogram *hist)
{
	size_t i;

	for (i = 0; i < HISTOGRAM_OCTAVES; i++)
		free(hist->octaves[i]);
	*hist = (struct histogram){ 0 };
}

/* How many values, in order, the quantile must cover: at least one. */
static uint64_t rank_of(uint64_t count, unsigned int per_mille)
{
	uint64_t rank = count / 1000 * per_mille + (count % 1000 * per_mille + 999) / 1000;

	return rank ? rank : 1;
}

uint64_t histogram_quantile(const struct histogram *hist, unsigned int per_mille)
{
	uint64_t rank = rank_of(hist->count, per_mille);
	struct bucket bucket;
	uint64_t seen = 0;
	size_t at = 0;

	while (histogram_next(hist, &at, &bucket)) {
		seen += bucket.count;
		if (seen >= rank)
			return bucket.upper_ns < hist->max_ns ? bucket.upper_ns : hist->max_ns;
	}
	return hist->max_ns;
}

uint64_t buckets_quantile(const struct bucket *buckets, size_t nr, uint64_t max_ns,
			  unsigned int per_mille)
{
	uint64_t count = 0, seen = 0, rank;
	size_t i;

	for (i = 0; i < nr; i++)
		count = sat_plus(count, buckets[i].count);
	rank = rank_of(count, per_mille);
	for (i = 0; i < nr && seen < rank; i++)
		seen = sat_plus(seen, buckets[i].count);
	if (!i || seen < rank || buckets[i - 1].upper_ns > max_ns)
		return max_ns;
	return buckets[i - 1].upper_ns;
}

bool histogram_bucket(uint64_t lower_ns, struct bucket *bucket)
{
	static const struct histogram none;

	*bucket = bucket_at(&none, bucket_of(lower_ns));
	return bucket->lower_ns == lower_ns;
}

bool histogram_next(const struct histogram *hist, size_t *at, struct bucket *bucket)
{
	while (*at < NR_BUCKETS) {
		if (!hist->octaves[*at / HISTOGRAM_SUB]) {
			*at = (*at / HISTOGRAM_SUB + 1) * HISTOGRAM_SUB;
			continue;
		}
		*bucket = bucket_at(hist, (*at)++);
		if (bucket->count)
			return true;
	}
	return false;
}
