// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "merge/join.h"
#include "summary/text.h"

bool join_failed(const struct joiner *join)
{
	return join->out->no_memory || join->refused;
}

const char *join_keep(struct joiner *join, const char *text)
{
	const char *kept = text ? texts_keep(&join->out->texts, span_of(text)) : NULL;

	join->out->no_memory |= text && !kept;
	return kept;
}

/* --- numbers ------------------------------------------------------------------------------- */

void join_sum(struct joiner *join, void *to, const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	(void)join;
	*(uint64_t *)to = sat_plus(x ? *x : 0, *y);
}

void join_max(struct joiner *join, void *to, const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	(void)join;
	*(uint64_t *)to = x && *x > *y ? *x : *y;
}

void join_and(struct joiner *join, void *to, const void *a, const void *b)
{
	const bool *x = a, *y = b;

	(void)join;
	*(bool *)to = (!x || *x) && *y;
}

void join_or(struct joiner *join, void *to, const void *a, const void *b)
{
	const bool *x = a, *y = b;

	(void)join;
	*(bool *)to = (x && *x) || *y;
}

void join_bits(struct joiner *join, void *to, const void *a, const void *b)
{
	const unsigned int *x = a, *y = b;

	(void)join;
	*(unsigned int *)to = (x ? *x : 0) | *y;
}

void join_common_bits(struct joiner *join, void *to, const void *a, const void *b)
{
	const unsigned int *x = a, *y = b;

	(void)join;
	*(unsigned int *)to = x ? *x & *y : *y;
}

/* --- what all agree on --------------------------------------------------------------------- */

void join_same(struct joiner *join, void *to, const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	bool agree = !x || (*x && *y && !strcmp(*x, *y));

	*(const char **)to = agree ? join_keep(join, *y) : NULL;
}

void join_agree(struct joiner *join, void *to, const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	bool agree = !x || (x->known && x->value == y->value);

	(void)join;
	*(struct known *)to = agree && y->known ? *y : (struct known){ 0 };
}

void join_sum_known(struct joiner *join, void *to, const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	struct known *sum = to;

	(void)join;
	sum->known = (!x || x->known) && y->known;
	sum->value = sum->known ? sat_plus(x ? x->value : 0, y->value) : 0;
}

/* --- numbers with bounds ------------------------------------------------------------------- */

/* Exact while both are; nothing is known at most where one of them does not know it. */
static enum certainty certainty_of(enum certainty a, enum certainty b)
{
	if (a == b)
		return a;
	if (a == CERTAINTY_UNKNOWN || b == CERTAINTY_UNKNOWN)
		return CERTAINTY_LOWER_BOUND;
	return a > b ? a : b;
}

void join_certainty(struct joiner *join, void *to, const void *a, const void *b)
{
	const enum certainty *x = a, *y = b;

	(void)join;
	*(enum certainty *)to = x ? certainty_of(*x, *y) : *y;
}

static bool has_max(const struct count *count)
{
	return count->certainty == CERTAINTY_EXACT || count->certainty == CERTAINTY_BOUNDED;
}

void join_count(struct joiner *join, void *to, const void *a, const void *b)
{
	static const struct count nothing = { .certainty = CERTAINTY_EXACT };
	const struct count *x = a ? a : &nothing, *y = b;
	bool x_known = x->certainty != CERTAINTY_UNKNOWN;
	bool y_known = y->certainty != CERTAINTY_UNKNOWN;

	(void)join;
	*(struct count *)to = (struct count){
		.certainty = a ? certainty_of(x->certainty, y->certainty) : y->certainty,
		.count = sat_plus(x_known ? x->count : 0, y_known ? y->count : 0),
		.min = sat_plus(x_known ? x->min : 0, y_known ? y->min : 0),
		.max = has_max(x) && has_max(y) ? sat_plus(x->max, y->max) : UINT64_MAX,
	};
}

void join_between(struct joiner *join, void *to, const void *a, const void *b)
{
	const struct number_between *x = a, *y = b;
	struct number_between *sum = to;

	join_sum(join, &sum->min, x ? &x->min : NULL, &y->min);
	join_sum_known(join, &sum->max, x ? &x->max : NULL, &y->max);
}

void join_most(struct joiner *join, void *to, const void *a, const void *b)
{
	const struct number_between *x = a, *y = b;
	struct number_between *most = to;

	join_max(join, &most->min, x ? &x->min : NULL, &y->min);
	join_max(join, &most->max.value, x ? &x->max.value : NULL, &y->max.value);
	join_and(join, &most->max.known, x ? &x->max.known : NULL, &y->max.known);
	if (!most->max.known)
		most->max.value = 0;
}

/* --- call stacks --------------------------------------------------------------------------- */

/* Of the same functions: a return address that is not in all of them is in none. */
void join_frames(struct joiner *join, void *to, const void *a, const void *b)
{
	const struct frame_list *x = a, *y = b;
	struct frame_list *list = to;
	size_t i;

	*list = (struct frame_list){ .known = y->known };
	if (!y->known)
		return;
	list->rows = calloc(y->nr + 1, sizeof(*list->rows));
	join->out->no_memory |= !list->rows;
	for (i = 0; list->rows && i < y->nr; i++, list->nr++) {
		list->rows[i].function = join_keep(join, y->rows[i].function);
		join_agree(join, &list->rows[i].offset, x && i < x->nr ? &x->rows[i].offset : NULL,
			   &y->rows[i].offset);
	}
}

/* --- times --------------------------------------------------------------------------------- */

/* Both lists are in order, and of the same buckets. */
static size_t join_buckets(struct bucket *to, const struct times *a, const struct times *b)
{
	size_t x = 0, y = 0, nr = 0;

	while (x < a->nr_buckets || y < b->nr_buckets) {
		const struct bucket *left = x < a->nr_buckets ? &a->buckets[x] : NULL;
		const struct bucket *right = y < b->nr_buckets ? &b->buckets[y] : NULL;
		bool takes_left = left && (!right || left->lower_ns <= right->lower_ns);
		bool takes_right = right && (!left || right->lower_ns <= left->lower_ns);

		to[nr] = takes_left ? *left : *right;
		if (takes_left && takes_right)
			to[nr].count = sat_plus(left->count, right->count);
		x += takes_left;
		y += takes_right;
		nr++;
	}
	return nr;
}

static void set_quantiles(struct times *times)
{
	const struct {
		uint64_t *to;
		unsigned int per_mille;
	} quantiles[] = {
		{ &times->p50_ns, 500 },
		{ &times->p90_ns, 900 },
		{ &times->p99_ns, 990 },
		{ &times->p999_ns, 999 },
	};
	size_t i;

	for (i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
		*quantiles[i].to = buckets_quantile(times->buckets, times->nr_buckets,
						    times->max_ns, quantiles[i].per_mille);
}

void join_times(struct joiner *join, void *to, const void *a, const void *b)
{
	static const struct times nothing = { .has_buckets = true };
	const struct times *x = a ? a : &nothing, *y = b;
	struct times *sum = to;
	size_t room = x->nr_buckets + y->nr_buckets;
	struct bucket *buckets = NULL;

	if ((x->count && !x->has_buckets) || (y->count && !y->has_buckets))
		join->refused = "does not tell how its times spread, as summaries of before "
				"'buckets' do not: analyze its capture again";
	if (room && !join->refused)
		buckets = summary_keep(join->out, room, sizeof(*buckets));
	*sum = (struct times){
		.count = sat_plus(x->count, y->count),
		.total_ns = sat_plus(x->total_ns, y->total_ns),
		.max_ns = x->max_ns > y->max_ns ? x->max_ns : y->max_ns,
		.basis = x->basis | y->basis,
		.has_buckets = true,
		.buckets = buckets,
	};
	if (!buckets)
		return;
	sum->nr_buckets = join_buckets(buckets, x, y);
	set_quantiles(sum);
}

/* --- structs and rows ---------------------------------------------------------------------- */

void join_fields(struct joiner *join, const struct join_field *fields, void *to, const void *a,
		 const void *b)
{
	for (; fields->fn; fields++) {
		size_t i, at = fields->at;

		for (i = 0; i < fields->nr; i++, at += fields->size)
			fields->fn(join, (char *)to + at, a ? (const char *)a + at : NULL,
				   (const char *)b + at);
	}
}

/* Borrowed pointers to the rows, in the order of their keys. */
static const void **sorted(struct joiner *join, const struct join_rule *rule, struct join_list list)
{
	const char *rows = list.rows;
	char *copy = malloc(list.nr * rule->size + 1);
	const void **refs = malloc((list.nr + 1) * sizeof(*refs));
	size_t i;

	if (!copy || !refs) {
		free(copy);
		free(refs);
		join->out->no_memory = true;
		return NULL;
	}
	if (list.nr)
		memcpy(copy, rows, list.nr * rule->size);
	qsort(copy, list.nr, rule->size, rule->compare);
	for (i = 0; i < list.nr; i++)
		refs[i] = copy + i * rule->size;
	refs[list.nr] = copy;
	return refs;
}

static void free_sorted(const void **refs, size_t nr)
{
	if (refs)
		free((void *)refs[nr]);
	free(refs);
}

/* One row of the result, of one or both. */
static void join_row(struct joiner *join, const struct join_rule *rule, void *to, const void *a,
		     const void *b)
{
	memcpy(to, b ? b : a, rule->size);
	if (rule->copy)
		rule->copy(join, to, b ? b : a);
	if (b)
		join_fields(join, rule->fields, to, a, b);
	else
		join_fields(join, rule->fields, to, NULL, a);
	/* Without a first summary there is nobody who lacks it. */
	if (rule->alone && join->a && (!a || !b))
		rule->alone(join, to);
}

static size_t join_sorted(struct joiner *join, const struct join_rule *rule, char *to,
			  const void **a, size_t nr_a, const void **b, size_t nr_b)
{
	size_t x = 0, y = 0, nr = 0;

	while ((x < nr_a || y < nr_b) && !join_failed(join)) {
		int order = x == nr_a ? 1 : y == nr_b ? -1 : rule->compare(a[x], b[y]);

		join_row(join, rule, to + nr++ * rule->size, order <= 0 ? a[x] : NULL,
			 order >= 0 ? b[y] : NULL);
		x += order <= 0;
		y += order >= 0;
	}
	return nr;
}

size_t join_rows(struct joiner *join, const struct join_rule *rule, void *to, struct join_list a,
		 struct join_list b)
{
	const void **x = sorted(join, rule, a), **y = sorted(join, rule, b);
	size_t nr = x && y ? join_sorted(join, rule, to, x, a.nr, y, b.nr) : 0;

	free_sorted(x, a.nr);
	free_sorted(y, b.nr);
	return nr;
}

size_t join_new_rows(struct joiner *join, const struct join_rule *rule, void *array,
		     struct join_list a, struct join_list b)
{
	void *rows = calloc(a.nr + b.nr + 1, rule->size);

	memcpy(array, &rows, sizeof(rows));
	if (rows)
		return join_rows(join, rule, rows, a, b);
	join->out->no_memory = true;
	return 0;
}
