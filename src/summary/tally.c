// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "summary/tally.h"

int tally_add(struct tally *tally, struct lot lot, unsigned int basis)
{
	tally->basis |= basis;
	return lot.many ? histogram_join(&tally->hist, lot.many)
			: histogram_add(&tally->hist, lot.ns);
}

void tally_free(struct tally *tally)
{
	histogram_free(&tally->hist);
}

static struct times times_of(const struct histogram *hist)
{
	return (struct times){
		.count = hist->count,
		.total_ns = hist->total_ns,
		.p50_ns = histogram_quantile(hist, 500),
		.p90_ns = histogram_quantile(hist, 900),
		.p99_ns = histogram_quantile(hist, 990),
		.p999_ns = histogram_quantile(hist, 999),
		.max_ns = hist->max_ns,
	};
}

static size_t count_buckets(const struct histogram *hist)
{
	struct bucket bucket;
	size_t at = 0, nr = 0;

	while (histogram_next(hist, &at, &bucket))
		nr++;
	return nr;
}

/* Those with a value, kept by the summary. */
static const struct bucket *keep_buckets(struct summary *owner, const struct histogram *hist,
					 size_t nr)
{
	struct bucket *buckets = nr ? summary_keep(owner, nr, sizeof(*buckets)) : NULL;
	size_t at = 0, i;

	for (i = 0; buckets && i < nr; i++)
		histogram_next(hist, &at, &buckets[i]);
	return buckets;
}

struct times tally_times(const struct tally *tally, struct summary *owner)
{
	struct times times = times_of(&tally->hist);

	times.basis = (enum time_basis)tally->basis;
	times.has_buckets = true;
	times.nr_buckets = count_buckets(&tally->hist);
	times.buckets = keep_buckets(owner, &tally->hist, times.nr_buckets);
	return times;
}

int table_init(struct table *table, size_t max)
{
	*table = (struct table){ .max = max };
	return hash_init(&table->index, (uint32_t)max);
}

void table_free(struct table *table)
{
	size_t i;

	for (i = 0; i < table->nr; i++) {
		free(table->rows[i].text);
		tally_free(&table->rows[i].tally);
	}
	tally_free(&table->unknown);
	tally_free(&table->other);
	free(table->rows);
	hash_free(&table->index);
	*table = (struct table){ 0 };
}

static struct tally *add_row(struct table *table, uint64_t slot, uint64_t number, const char *text)
{
	struct table_row *row;

	if (table->nr == table->max)
		return &table->other;
	if (vec_reserve((void **)&table->rows, &table->cap, table->nr + 1, sizeof(*table->rows)))
		return NULL;
	row = &table->rows[table->nr];
	*row = (struct table_row){ .number = number, .text = strdup(text) };
	if (!row->text || hash_set(&table->index, slot, (uint32_t)table->nr)) {
		free(row->text);
		return NULL;
	}
	table->last = table->nr++;
	return &row->tally;
}

static bool is_key_of(const struct table_row *row, uint64_t number, const char *text)
{
	return row->number == number && !strcmp(row->text, text);
}

struct tally *table_find(struct table *table, uint64_t number, const char *text)
{
	uint64_t slot;
	uint32_t at;

	if (table->nr && is_key_of(&table->rows[table->last], number, text))
		return &table->rows[table->last].tally;
	slot = number ^ hash_string(text);

	/* Two keys with one slot: the later one takes the next free slot. */
	for (; hash_find(&table->index, slot, &at); slot++) {
		if (!is_key_of(&table->rows[at], number, text))
			continue;
		table->last = at;
		return &table->rows[at].tally;
	}
	return add_row(table, slot, number, text);
}
