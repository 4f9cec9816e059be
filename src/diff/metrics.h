/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers that are compared: what each is in one summary. Private to diff/. */
#ifndef PAGETRAIL_DIFF_METRICS_H
#define PAGETRAIL_DIFF_METRICS_H

#include "diff/diff.h"

struct metric {
	const char *group, *what;
	enum diff_unit unit;
	bool judged;
	/* NAN: the summary does not know it. `arg` says which of its kind. */
	double (*of)(const struct summary *summary, int64_t arg);
	int64_t arg;
};

/* Those that every summary may have. */
const struct metric *metrics_fixed(size_t *nr);

/* Of the rows of a table with that key: how often, and the p99 of their times. */
double metric_key_rate(const struct summary *summary, enum by by, int64_t key);
double metric_key_p99(const struct summary *summary, enum by by, int64_t key);

#endif
