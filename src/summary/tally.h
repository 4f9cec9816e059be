/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tally: how many episodes, how long, and how sure the times are. A table: a tally per key, of a
 * bounded number of keys; what comes when it is full is tallied together under `other`, so that the
 * sum over a table is always the number of what was added.
 *
 * A key is a number and a text (either may be constant). Owners call tally_free and table_free.
 */
#ifndef PAGETRAIL_SUMMARY_TALLY_H
#define PAGETRAIL_SUMMARY_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "summary/histogram.h"
#include "summary/summary.h"

struct tally {
	struct histogram hist;
	unsigned int basis; /* bits of enum time_basis, of all that was added */
};

struct table_row {
	uint64_t number;
	char *text;
	struct tally tally;
};

struct table {
	struct hash index;
	struct table_row *rows;
	size_t nr, cap, max;
	size_t last;	      /* the row that was found last: keys come in runs */
	struct tally unknown; /* added without a key */
	struct tally other;   /* added when the table was full */
};

/* The times of episodes that are added in one go: of one, or of `many` that are alike. */
struct lot {
	uint64_t nr;
	uint64_t ns;
	const struct histogram *many; /* NULL: one */
};

static inline struct lot lot_of(uint64_t ns)
{
	return (struct lot){ .nr = 1, .ns = ns };
}

int tally_add(struct tally *tally, struct lot lot, unsigned int basis); /* 0 or -ENOMEM */
void tally_free(struct tally *tally);
/* Its buckets belong to the summary, which is told when there is no memory for them. */
struct times tally_times(const struct tally *tally, struct summary *owner);

int table_init(struct table *table, size_t max); /* 0 or -ENOMEM */
void table_free(struct table *table);

/* The tally of a key, made if need be; NULL without memory. */
struct tally *table_find(struct table *table, uint64_t number, const char *text);

#endif
