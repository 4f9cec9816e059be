/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The product of diff/: what changed between two groups of summaries, and whether the spread within
 * the groups explains it.
 *
 * In: the summaries of each group, one per run, and their merge. Out: a row per number. The value of
 * a group is that of all its runs together (times: of their joined histograms); beside it stands the
 * range of the single runs. Must not know where summaries come from.
 */
#ifndef PAGETRAIL_DIFF_DIFF_H
#define PAGETRAIL_DIFF_DIFF_H

#include "base/err.h"
#include "summary/summary.h"

/* Runs of one side. All is borrowed; `whole` is their merge. */
struct diff_side {
	const struct summary *runs;
	const char **names; /* what each is called in sentences */
	size_t nr;
	const struct summary *whole;
};

enum diff_unit {
	DIFF_PER_SECOND,
	DIFF_NS,
	DIFF_NS_PER_SECOND,
	DIFF_PERCENT,
	DIFF_TASKS,
};

struct diff_value {
	bool known;
	double value;
	double least, most; /* of the runs that know it, */
	size_t nr;	    /* and how many these are */
};

enum diff_verdict {
	DIFF_UNKNOWN, /* one side does not know it */
	DIFF_SAME,    /* not different at all */
	DIFF_ALONE,   /* one run on a side: nothing is known of its spread */
	DIFF_FEW,     /* the runs are apart, but too few for that to be unlikely by chance */
	DIFF_NOISE,   /* runs alike would differ so much more often than one time in twenty */
	DIFF_REAL,    /* they would not */
};

struct diff_row {
	const char *group, *what; /* "times", "p99"; kept by the diff */
	enum diff_unit unit;
	bool judged; /* more of it is worse, and --threshold looks at it */
	struct diff_value before, after;
	bool has_change; /* after / before - 1, where that is a number */
	double change;
	bool has_p; /* both sides have two runs or more */
	double p;   /* rank sum test, two-sided: how often runs alike would be as far apart */
	enum diff_verdict verdict;
};

struct diff {
	struct diff_row *rows;
	size_t nr;
	char **texts;
	size_t nr_texts;
};

/*
 * Can they be compared? Of one profile, and complete. 0, or -EINVAL with the sentence. The merge of
 * both sides' `whole` must have succeeded before.
 */
int diff_check(const struct diff_side *before, const struct diff_side *after, struct err *err);

/* 0 or -ENOMEM; the caller frees it with diff_free in any case. */
int diff_make(const struct diff_side *before, const struct diff_side *after, struct diff *diff);
void diff_free(struct diff *diff);

/*
 * Is a judged row worse by more than this, and not by chance as far as that is known? A single run
 * per side is taken at its word.
 */
bool diff_exceeds(const struct diff_row *row, double percent);

const char *diff_verdict_name(enum diff_verdict verdict);
const char *diff_unit_name(enum diff_unit unit);

#endif
