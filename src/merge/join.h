/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How two values become one. Private to merge/.
 *
 * Each function takes the place of the result and the two values; the first of these is NULL where
 * there is none, and then the result is the second one.
 */
#ifndef PAGETRAIL_MERGE_JOIN_H
#define PAGETRAIL_MERGE_JOIN_H

#include "summary/summary.h"

struct joiner {
	const struct summary *a, *b; /* a is NULL where b is the first one */
	struct summary *out;
	size_t top;
	const char *refused; /* why they cannot be merged; NULL: they can */
};

typedef void (*join_fn)(struct joiner *join, void *to, const void *a, const void *b);

/* No memory: sticks in join->out. */
bool join_failed(const struct joiner *join);
const char *join_keep(struct joiner *join, const char *text); /* NULL stays NULL */

void join_sum(struct joiner *join, void *to, const void *a, const void *b);	  /* uint64_t */
void join_max(struct joiner *join, void *to, const void *a, const void *b);	  /* uint64_t */
void join_and(struct joiner *join, void *to, const void *a, const void *b);	  /* bool */
void join_or(struct joiner *join, void *to, const void *a, const void *b);	  /* bool */
void join_bits(struct joiner *join, void *to, const void *a, const void *b);	  /* unsigned int */
void join_common_bits(struct joiner *join, void *to, const void *a,
		      const void *b); /* the same; those that both have */
void join_same(struct joiner *join, void *to, const void *a, const void *b);	  /* const char * */
void join_agree(struct joiner *join, void *to, const void *a, const void *b);	  /* struct known */
void join_sum_known(struct joiner *join, void *to, const void *a, const void *b); /* the same */
void join_count(struct joiner *join, void *to, const void *a, const void *b);	  /* struct count */
void join_times(struct joiner *join, void *to, const void *a, const void *b);	  /* struct times */
void join_frames(struct joiner *join, void *to, const void *a,
		 const void *b); /* struct frame_list */
void join_certainty(struct joiner *join, void *to, const void *a, const void *b);
void join_between(struct joiner *join, void *to, const void *a,
		  const void *b); /* sums of number_between */
void join_most(struct joiner *join, void *to, const void *a, const void *b); /* its maxima */

/* `nr` values one after the other, `size` bytes each, from `at` on in a struct. */
struct join_field {
	size_t at;
	join_fn fn;
	size_t size;
	size_t nr;
};

#define JOIN_FIELD(type, field, fn)                                      \
	{                                                                \
		offsetof(type, field), fn, sizeof(((type *)0)->field), 1 \
	}
#define JOIN_ARRAY(type, field, fn)                                                \
	{                                                                          \
		offsetof(type, field), fn, sizeof(((type *)0)->field[0]),          \
			sizeof(((type *)0)->field) / sizeof(((type *)0)->field[0]) \
	}
#define JOIN_END              \
	{                     \
		0, NULL, 0, 0 \
	}

/* All fields of a table, which ends with JOIN_END. */
void join_fields(struct joiner *join, const struct join_field *fields, void *to, const void *a,
		 const void *b);

/* --- rows ---------------------------------------------------------------------------------- */

/*
 * Rows with a key: the key is copied with the row, texts in it are kept; the fields are joined. A row
 * that only one of them has is as it is there, unless `alone` says what becomes of it.
 */
struct join_rule {
	size_t size;
	int (*compare)(const void *a, const void *b); /* by key: a total order */
	void (*copy)(struct joiner *join, void *to, const void *from);
	const struct join_field *fields;
	void (*alone)(struct joiner *join, void *row);
};

struct join_list {
	const void *rows;
	size_t nr;
};

/* Room for both lists is in `to`. Their rows, joined, in the order of the keys; the number of them. */
size_t join_rows(struct joiner *join, const struct join_rule *rule, void *to, struct join_list a,
		 struct join_list b);

/* The same into an array of its own, which belongs to the summary by its name. */
size_t join_new_rows(struct joiner *join, const struct join_rule *rule, void *array,
		     struct join_list a, struct join_list b);

/* The tables of the summary that have keys of their own kind. */
void join_tables(struct joiner *join);
void join_limits(struct joiner *join);
void join_episodes(struct joiner *join);

#endif
