// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff/diff.h"
#include "diff/metrics.h"
#include "diff/ranks.h"

/* Keys of a table that are compared: the most frequent ones of both sides. */
#define KEYS_MAX 8

/* Less than one time in twenty by chance. */
#define UNLIKELY 0.05

/* What is being put together, and from what. */
struct maker {
	const struct diff_side *before, *after;
	struct diff *out;
	size_t cap;
	bool no_memory;
};

/* What a number is in a summary: a fixed one, or one of a key. */
struct source {
	const struct metric *metric; /* NULL: of a key */
	enum by by;
	int64_t key;
	bool is_rate;
};

static double value_of(const struct source *source, const struct summary *summary)
{
	if (source->metric)
		return source->metric->of(summary, source->metric->arg);
	return source->is_rate ? metric_key_rate(summary, source->by, source->key)
			       : metric_key_p99(summary, source->by, source->key);
}

/* --- one row ------------------------------------------------------------------------------- */

/* The values of the runs that know it, into `values`. */
static struct diff_value side_value(const struct source *source, const struct diff_side *side,
				    double *values)
{
	struct diff_value to = { .value = value_of(source, side->whole) };
	size_t i;

	to.known = !isnan(to.value);
	for (i = 0; i < side->nr; i++) {
		double value = value_of(source, &side->runs[i]);

		if (isnan(value))
			continue;
		to.least = !to.nr || value < to.least ? value : to.least;
		to.most = !to.nr || value > to.most ? value : to.most;
		values[to.nr++] = value;
	}
	return to;
}

static bool are_apart(const struct diff_value *a, const struct diff_value *b)
{
	return a->most < b->least || b->most < a->least;
}

/* To the digits that doubles can be trusted with. */
static bool are_equal(double a, double b)
{
	return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static enum diff_verdict verdict_of(const struct diff_row *row)
{
	if (!row->before.known || !row->after.known)
		return DIFF_UNKNOWN;
	if (are_equal(row->before.value, row->after.value) && !row->has_p)
		return DIFF_SAME;
	if (!row->has_p)
		return DIFF_ALONE;
	if (row->p < UNLIKELY)
		return DIFF_REAL;
	return are_apart(&row->before, &row->after) ? DIFF_FEW : DIFF_NOISE;
}

static void compare(struct maker *make, const struct source *source, struct diff_row *row)
{
	double *before = calloc(make->before->nr + 1, sizeof(*before));
	double *after = calloc(make->after->nr + 1, sizeof(*after));

	make->no_memory |= !before || !after;
	if (!make->no_memory) {
		row->before = side_value(source, make->before, before);
		row->after = side_value(source, make->after, after);
		row->has_change = row->before.known && row->after.known && row->before.value != 0;
		row->change = row->has_change ? row->after.value / row->before.value - 1 : 0;
		row->has_p = row->before.nr > 1 && row->after.nr > 1;
		if (row->has_p)
			row->p = ranks_p(before, row->before.nr, after, row->after.nr);
		make->no_memory |= row->p < 0;
		row->verdict = verdict_of(row);
	}
	free(before);
	free(after);
}

static void *grow(struct maker *make, void *items, size_t nr, size_t size)
{
	void *grown = realloc(items, (nr + 1) * size);

	make->no_memory |= !grown;
	return grown ? grown : items;
}

static const char *keep(struct maker *make, const char *text)
{
	struct diff *out = make->out;
	char *copy = strdup(text);

	make->no_memory |= !copy;
	out->texts = grow(make, out->texts, out->nr_texts, sizeof(*out->texts));
	if (make->no_memory) {
		free(copy);
		return "";
	}
	return out->texts[out->nr_texts++] = copy;
}

static void add_row(struct maker *make, const struct source *source, struct diff_row row)
{
	struct diff *out = make->out;

	row.group = keep(make, row.group);
	row.what = keep(make, row.what);
	out->rows = grow(make, out->rows, out->nr, sizeof(*out->rows));
	if (make->no_memory)
		return;
	compare(make, source, &row);
	out->rows[out->nr++] = row;
}

/* --- all rows ------------------------------------------------------------------------------ */

static bool is_zero(const struct diff_value *value)
{
	return !value->known || value->value == 0;
}

/* What neither side ever saw is left out. */
static void drop_empty(struct diff *diff)
{
	const struct diff_row *last = diff->nr ? &diff->rows[diff->nr - 1] : NULL;

	if (last && is_zero(&last->before) && is_zero(&last->after))
		diff->nr--;
}

static void add_fixed(struct maker *make)
{
	const struct metric *metrics;
	size_t i, nr;

	metrics = metrics_fixed(&nr);
	for (i = 0; i < nr && !make->no_memory; i++) {
		struct source source = { .metric = &metrics[i] };

		add_row(make, &source,
			(struct diff_row){ .group = metrics[i].group,
					   .what = metrics[i].what,
					   .unit = metrics[i].unit,
					   .judged = metrics[i].judged });
		if (!metrics[i].judged)
			drop_empty(make->out);
	}
}

static void name_key(char *to, size_t size, enum by by, const struct key_row *row)
{
	if (by == BY_GFP)
		snprintf(to, size, "%s", row->text ? row->text : "?");
	else
		snprintf(to, size, "order %" PRId64, row->number);
}

struct keys {
	const struct key_row *rows[2 * KEYS_MAX];
	size_t nr;
};

static void add_keys_of(struct keys *keys, const struct summary *summary, enum by by)
{
	const struct key_table *table = &summary->by[by];
	size_t i, k, taken = 0;

	for (i = 0; i < table->nr && taken < KEYS_MAX; i++) {
		if (table->rows[i].kind != KEY_KNOWN)
			continue;
		taken++;
		for (k = 0; k < keys->nr; k++)
			if (keys->rows[k]->number == table->rows[i].number)
				break;
		if (k == keys->nr)
			keys->rows[keys->nr++] = &table->rows[i];
	}
}

static void add_keys(struct maker *make, enum by by, bool is_rate, const char *group)
{
	struct keys keys = { .nr = 0 };
	size_t i;

	add_keys_of(&keys, make->before->whole, by);
	add_keys_of(&keys, make->after->whole, by);
	for (i = 0; i < keys.nr && !make->no_memory; i++) {
		struct source source = { .by = by,
					 .key = keys.rows[i]->number,
					 .is_rate = is_rate };
		char what[512];

		name_key(what, sizeof(what), by, keys.rows[i]);
		add_row(make, &source,
			(struct diff_row){ .group = group,
					   .what = what,
					   .unit = is_rate ? DIFF_PER_SECOND : DIFF_NS });
	}
}

int diff_make(const struct diff_side *before, const struct diff_side *after, struct diff *diff)
{
	struct maker make = { .before = before, .after = after, .out = diff };

	*diff = (struct diff){ 0 };
	add_fixed(&make);
	add_keys(&make, BY_ORDER, true, "entries by order");
	add_keys(&make, BY_ORDER, false, "p99 by order");
	add_keys(&make, BY_GFP, true, "entries by gfp");
	add_keys(&make, BY_GFP, false, "p99 by gfp");
	return make.no_memory ? -ENOMEM : 0;
}

void diff_free(struct diff *diff)
{
	size_t i;

	for (i = 0; i < diff->nr_texts; i++)
		free(diff->texts[i]);
	free(diff->texts);
	free(diff->rows);
	*diff = (struct diff){ 0 };
}

/* --- may they be compared ------------------------------------------------------------------- */

static int check_side(const struct diff_side *side, struct err *err)
{
	size_t i;

	for (i = 0; i < side->nr; i++)
		if (!summary_is_complete(&side->runs[i]))
			return err_set(
				err, -EINVAL,
				"%s: incomplete (see its limits), so its counts are too low by "
				"something that is not known; --force compares it all the same",
				side->names[i]);
	return 0;
}

static const char *profile_of(const struct diff_side *side)
{
	const char *profile = side->whole->identity.profile;

	return profile ? profile : "(unknown)";
}

int diff_check(const struct diff_side *before, const struct diff_side *after, struct err *err)
{
	int ret;

	if (strcmp(profile_of(before), profile_of(after)) ||
	    before->whole->slowpath.basis != after->whole->slowpath.basis)
		return err_set(
			err, -EINVAL,
			"%s was recorded with the profile %s (entries by %s), %s with %s (by "
			"%s): what they count differs; --force compares them all the same",
			before->names[0], profile_of(before),
			basis_name(before->whole->slowpath.basis), after->names[0],
			profile_of(after), basis_name(after->whole->slowpath.basis));
	ret = check_side(before, err);
	return ret ? ret : check_side(after, err);
}

/* --- what a row says ------------------------------------------------------------------------ */

bool diff_exceeds(const struct diff_row *row, double percent)
{
	bool more = row->before.known && row->after.known && row->after.value > row->before.value;

	if (!row->judged || !more || row->verdict == DIFF_NOISE)
		return false;
	/* From nothing to something is more than any share. */
	return !row->has_change || row->change * 100 > percent;
}

const char *diff_verdict_name(enum diff_verdict verdict)
{
	static const char *const names[] = {
		[DIFF_UNKNOWN] = "unknown", [DIFF_SAME] = "same",   [DIFF_ALONE] = "no spread",
		[DIFF_FEW] = "too few",	    [DIFF_NOISE] = "noise", [DIFF_REAL] = "changed",
	};

	return names[verdict];
}

const char *diff_unit_name(enum diff_unit unit)
{
	static const char *const names[] = {
		[DIFF_PER_SECOND] = "1/s", [DIFF_NS] = "ns",	   [DIFF_NS_PER_SECOND] = "ns/s",
		[DIFF_PERCENT] = "%",	   [DIFF_TASKS] = "tasks",
	};

	return names[unit];
}
