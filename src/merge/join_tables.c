// SPDX-License-Identifier: GPL-2.0-or-later
/* Transitions, paths, keys, reasons: tables whose rows have times. */
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/saturate.h"
#include "merge/join.h"
#include "merge/merger.h"

/* Most frequent first. */
static int compare_counts(const struct times *a, const struct times *b)
{
	return compare_u64(b->count, a->count);
}

/* --- transitions --------------------------------------------------------------------------- */

static int compare_transitions(const void *a, const void *b)
{
	const struct transition_row *x = a, *y = b;
	int order = compare_u64(x->from, y->from);

	return order ? order : compare_u64(x->to, y->to);
}

static const struct join_field transition_fields[] = {
	JOIN_FIELD(struct transition_row, times, join_times),
	JOIN_END,
};

static const struct join_rule transitions = {
	.size = sizeof(struct transition_row),
	.compare = compare_transitions,
	.fields = transition_fields,
};

/* --- paths --------------------------------------------------------------------------------- */

static int compare_paths(const void *a, const void *b)
{
	const struct path_row *x = a, *y = b;

	return compare_texts(x->path, y->path);
}

static int compare_path_counts(const void *a, const void *b)
{
	const struct path_row *x = a, *y = b;
	int order = !x->path - !y->path;

	if (!order)
		order = compare_counts(&x->times, &y->times);
	return order ? order : compare_paths(a, b);
}

static void copy_path(struct joiner *join, void *to, const void *from)
{
	((struct path_row *)to)->path = join_keep(join, ((const struct path_row *)from)->path);
}

static const struct join_field path_fields[] = {
	JOIN_FIELD(struct path_row, times, join_times),
	JOIN_END,
};

static const struct join_rule paths = {
	.size = sizeof(struct path_row),
	.compare = compare_paths,
	.copy = copy_path,
	.fields = path_fields,
};

/*
 * All after the first MERGE_KEYS_MAX, by their key, are added to the last row, the others'. The first
 * so many of all are among the first so many of any part, so what is kept does not depend on how it
 * was merged.
 */
static void fold_times(struct joiner *join, struct times *rest, const struct times *more)
{
	struct times before = *rest;

	join_times(join, rest, before.count ? &before : NULL, more);
}

static void fold_paths(struct joiner *join)
{
	struct summary *out = join->out;
	struct path_row *rows = out->paths, rest = { 0 };
	size_t i, nr = out->nr_paths < MERGE_KEYS_MAX ? out->nr_paths : MERGE_KEYS_MAX;

	while (nr && !rows[nr - 1].path)
		nr--;
	for (i = nr; i < out->nr_paths; i++)
		fold_times(join, &rest.times, &rows[i].times);
	if (rest.times.count)
		rows[nr++] = rest;
	out->nr_paths = nr;
	out->limits.folded_paths = rest.times.count;
}

/* --- by key -------------------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b)
{
	const struct key_row *x = a, *y = b;
	int order = (x->kind > y->kind) - (x->kind < y->kind);

	if (!order)
		order = (x->number > y->number) - (x->number < y->number);
	if (!order)
		order = (x->order > y->order) - (x->order < y->order);
	return order ? order : compare_texts(x->text, y->text);
}

static int compare_key_counts(const void *a, const void *b)
{
	const struct key_row *x = a, *y = b;
	int order = (x->kind > y->kind) - (x->kind < y->kind);

	if (!order)
		order = compare_counts(&x->times, &y->times);
	return order ? order : compare_keys(a, b);
}

static void copy_key(struct joiner *join, void *to, const void *from)
{
	((struct key_row *)to)->text = join_keep(join, ((const struct key_row *)from)->text);
}

static const struct join_field key_fields[] = {
	JOIN_FIELD(struct key_row, times, join_times),
	JOIN_END,
};

static const struct join_rule keys = {
	.size = sizeof(struct key_row),
	.compare = compare_keys,
	.copy = copy_key,
	.fields = key_fields,
};

/* Of a redacted summary: task-1 of one is another task than task-1 of the next. */
static bool is_pseudonym(const struct summary *from, enum by by, const struct key_row *row)
{
	static const char prefix[] = "task-";

	return by == BY_COMM && from->redacted & (1U << REDACTED_COMMS) && row->text &&
	       !strncmp(row->text, prefix, sizeof(prefix) - 1);
}

/* A copy of the rows, in which pseudonyms are among the others. NULL without memory. */
static struct key_row *own_rows(struct joiner *join, const struct summary *from, enum by by)
{
	const struct key_table *table = &from->by[by];
	struct key_row *rows = calloc(table->nr + 1, sizeof(*rows));
	size_t i;

	join->out->no_memory |= !rows;
	for (i = 0; rows && i < table->nr; i++) {
		rows[i] = table->rows[i];
		if (is_pseudonym(from, by, &rows[i]))
			rows[i] = (struct key_row){ .kind = KEY_OTHER, .times = rows[i].times };
	}
	return rows;
}

/* Those without a key stay apart from those whose key did not fit. */
static void fold_keys(struct joiner *join, struct key_table *table)
{
	struct key_row *rows = table->rows, rest = { .kind = KEY_OTHER };
	size_t i, nr = 0;

	for (i = 0; i < table->nr; i++)
		if (rows[i].kind == KEY_UNKNOWN ||
		    (rows[i].kind == KEY_KNOWN && i < MERGE_KEYS_MAX))
			rows[nr++] = rows[i];
		else
			fold_times(join, &rest.times, &rows[i].times);
	if (rest.times.count)
		rows[nr++] = rest;
	table->nr = nr;
	join->out->limits.folded_keys = sat_plus(join->out->limits.folded_keys, rest.times.count);
}

/* --- callers ------------------------------------------------------------------------------- */

static int compare_callers(const void *a, const void *b)
{
	const struct caller_row *x = a, *y = b;
	int order = (x->kind > y->kind) - (x->kind < y->kind);
	size_t i;

	for (i = 0; !order && i < x->frames.nr && i < y->frames.nr; i++)
		order = compare_texts(x->frames.rows[i].function, y->frames.rows[i].function);
	return order ? order : compare_u64(x->frames.nr, y->frames.nr);
}

static int compare_caller_counts(const void *a, const void *b)
{
	const struct caller_row *x = a, *y = b;
	int order = (x->kind > y->kind) - (x->kind < y->kind);

	if (!order)
		order = compare_counts(&x->times, &y->times);
	return order ? order : compare_callers(a, b);
}

static const struct join_field caller_fields[] = {
	JOIN_FIELD(struct caller_row, frames, join_frames),
	JOIN_FIELD(struct caller_row, times, join_times),
	JOIN_END,
};

static const struct join_rule callers = {
	.size = sizeof(struct caller_row),
	.compare = compare_callers,
	.fields = caller_fields,
};

static void fold_callers(struct joiner *join, struct caller_table *table)
{
	struct caller_row *rows = table->rows, rest = { .kind = KEY_OTHER };
	size_t i, nr = 0;

	for (i = 0; i < table->nr; i++)
		if (rows[i].kind == KEY_UNKNOWN ||
		    (rows[i].kind == KEY_KNOWN && i < MERGE_KEYS_MAX)) {
			rows[nr++] = rows[i];
		} else {
			fold_times(join, &rest.times, &rows[i].times);
			free(rows[i].frames.rows);
		}
	if (rest.times.count)
		rows[nr++] = rest;
	table->nr = nr;
	join->out->limits.folded_keys = sat_plus(join->out->limits.folded_keys, rest.times.count);
}

/* Recorded in all of them, or not known. */
static void join_callers(struct joiner *join)
{
	static const struct caller_table none = { .known = true };
	const struct caller_table *a = join->a ? &join->a->callers : &none;
	const struct caller_table *b = &join->b->callers;
	struct caller_table *to = &join->out->callers;

	to->known = a->known && b->known;
	if (!to->known)
		return;
	to->nr = join_new_rows(join, &callers, &to->rows, (struct join_list){ a->rows, a->nr },
			       (struct join_list){ b->rows, b->nr });
	if (join_failed(join))
		return;
	fold_callers(join, to);
	qsort(to->rows, to->nr, sizeof(*to->rows), compare_caller_counts);
}

/* --- why they ended ------------------------------------------------------------------------ */

static int compare_exits(const void *a, const void *b)
{
	const struct exit_row *x = a, *y = b;
	int order = compare_u64(x->outcome, y->outcome);

	if (!order)
		order = compare_u64(x->reasons, y->reasons);
	if (!order)
		order = compare_u64(x->watermark, y->watermark);
	return order ? order : compare_texts(x->exit, y->exit);
}

static int compare_exit_counts(const void *a, const void *b)
{
	const struct exit_row *x = a, *y = b;
	int order = compare_counts(&x->times, &y->times);

	return order ? order : compare_exits(a, b);
}

static void copy_exit(struct joiner *join, void *to, const void *from)
{
	const struct exit_row *row = from;

	((struct exit_row *)to)->exit = join_keep(join, row->exit);
	((struct exit_row *)to)->text = join_keep(join, row->text);
}

static const struct join_field exit_fields[] = {
	JOIN_FIELD(struct exit_row, times, join_times),
	JOIN_END,
};

static const struct join_rule exits = {
	.size = sizeof(struct exit_row),
	.compare = compare_exits,
	.copy = copy_exit,
	.fields = exit_fields,
};

static const struct join_field retry_fields[] = {
	JOIN_FIELD(struct exits, known, join_and),
	JOIN_FIELD(struct exits, retries, join_between),
	JOIN_FIELD(struct exits, most_retries, join_most),
	JOIN_FIELD(struct exits, oom_lock_waits, join_between),
	JOIN_FIELD(struct exits, oom_lock_waiters, join_between),
	JOIN_ARRAY(struct exits, by_retries, join_sum),
	JOIN_FIELD(struct exits, retries_not_exact, join_sum),
	JOIN_END,
};

/* Reasons that one of them does not know are not known of all. */
static void join_exits(struct joiner *join)
{
	static const struct exits none = { .known = true };
	const struct exits *a = join->a ? &join->a->exits : NULL, *b = &join->b->exits;
	struct exits *to = &join->out->exits;

	join_fields(join, retry_fields, to, a, b);
	if (!to->known) {
		*to = (struct exits){ 0 };
		return;
	}
	a = a ? a : &none;
	to->nr = join_new_rows(join, &exits, &to->rows, (struct join_list){ a->rows, a->nr },
			       (struct join_list){ b->rows, b->nr });
	qsort(to->rows, to->nr, sizeof(*to->rows), compare_exit_counts);
}

/* --- all ----------------------------------------------------------------------------------- */

/* In all of them, or not known. */
static void join_key(struct joiner *join, enum by by)
{
	static const struct summary none;
	const struct summary *a = join->a ? join->a : &none, *b = join->b;
	struct key_table *to = &join->out->by[by];
	struct key_row *x, *y;

	to->known = (!join->a || a->by[by].known) && b->by[by].known;
	if (!to->known)
		return;
	x = own_rows(join, a, by);
	y = own_rows(join, b, by);
	if (x && y) {
		to->nr = join_new_rows(join, &keys, &to->rows,
				       (struct join_list){ x, a->by[by].nr },
				       (struct join_list){ y, b->by[by].nr });
		fold_keys(join, to);
		qsort(to->rows, to->nr, sizeof(*to->rows), compare_key_counts);
	}
	free(x);
	free(y);
}

static void join_keys(struct joiner *join)
{
	enum by by;

	for (by = 0; by < NR_BY && !join_failed(join); by++)
		join_key(join, by);
}

void join_tables(struct joiner *join)
{
	static const struct summary none;
	const struct summary *a = join->a ? join->a : &none, *b = join->b;
	struct summary *out = join->out;

	out->nr_transitions =
		join_new_rows(join, &transitions, &out->transitions,
			      (struct join_list){ a->transitions, a->nr_transitions },
			      (struct join_list){ b->transitions, b->nr_transitions });
	out->nr_paths = join_new_rows(join, &paths, &out->paths,
				      (struct join_list){ a->paths, a->nr_paths },
				      (struct join_list){ b->paths, b->nr_paths });
	if (join_failed(join))
		return;
	fold_paths(join);
	qsort(out->paths, out->nr_paths, sizeof(*out->paths), compare_path_counts);
	join_keys(join);
	join_callers(join);
	join_exits(join);
}
