// SPDX-License-Identifier: GPL-2.0-or-later
/* A diff for people: the headline, then a table of what changed. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/render.h"
#include "render/text_parts.h"

#define VALUE_TEXT_MAX 32

/* --- numbers ------------------------------------------------------------------------------- */

static void value_text(char to[VALUE_TEXT_MAX], enum diff_unit unit, double value)
{
	char ns[UNIT_TEXT_MAX];

	switch (unit) {
	case DIFF_NS:
	case DIFF_NS_PER_SECOND:
		text_of_ns(ns, value < 1.8e19 ? (uint64_t)value : UINT64_MAX);
		snprintf(to, VALUE_TEXT_MAX, "%s%s", ns, unit == DIFF_NS ? "" : "/s");
		break;
	case DIFF_PER_SECOND:
		snprintf(to, VALUE_TEXT_MAX, "%.*f/s",
			 value < 10	? 2
			 : value < 1000 ? 1
					: 0,
			 value);
		break;
	case DIFF_PERCENT:
		snprintf(to, VALUE_TEXT_MAX, "%.*f %%", value < 10 ? 2 : 1, value);
		break;
	case DIFF_TASKS:
		snprintf(to, VALUE_TEXT_MAX, "%.3f", value);
		break;
	}
}

static void print_value(FILE *out, enum diff_unit unit, const struct diff_value *value)
{
	char text[VALUE_TEXT_MAX] = "-";

	if (value->known)
		value_text(text, unit, value->value);
	fprintf(out, " %12s", text);
}

/* 2.5 times is easier to read than +150 %. */
static void print_change(FILE *out, const struct diff_row *row)
{
	char text[VALUE_TEXT_MAX] = "-";

	if (row->has_change && row->change < 1)
		snprintf(text, sizeof(text), "%+.1f %%", 100 * row->change);
	else if (row->has_change)
		snprintf(text, sizeof(text), "x %.*f", row->change < 9 ? 2 : 0, row->change + 1);
	fprintf(out, " %9s", text);
}

/* --- the table ----------------------------------------------------------------------------- */

static void print_verdict(FILE *out, const struct diff_row *row)
{
	char text[VALUE_TEXT_MAX];

	if (row->has_p && row->verdict != DIFF_UNKNOWN)
		snprintf(text, sizeof(text), "%s (p %s %.3f)", diff_verdict_name(row->verdict),
			 row->p < 0.001 ? "<" : "=", fmax(row->p, 0.001));
	else
		snprintf(text, sizeof(text), "%s", diff_verdict_name(row->verdict));
	fprintf(out, "  %-19s", text);
}

static void print_row(FILE *out, const struct diff_row *row)
{
	print_value(out, row->unit, &row->before);
	print_value(out, row->unit, &row->after);
	print_change(out, row);
	print_verdict(out, row);
	fputs("  ", out);
	text_print_clean(out, row->what);
	putc('\n', out);
}

static void print_rows(FILE *out, const struct diff *diff)
{
	const char *group = "";
	size_t i;

	for (i = 0; i < diff->nr; i++) {
		if (strcmp(group, diff->rows[i].group)) {
			group = diff->rows[i].group;
			fprintf(out, "\n%s\n%13s %12s %9s\n", group, "before", "after", "change");
		}
		print_row(out, &diff->rows[i]);
	}
}

/* --- the headline -------------------------------------------------------------------------- */

static void print_side(FILE *out, const char *what, const struct diff_side *side)
{
	const struct identity *id = &side->whole->identity;
	char window[UNIT_TEXT_MAX];

	fprintf(out, "%-7s %zu %s, %s, %" PRIu64 " entries; profile %s, kernel ", what, side->nr,
		side->nr == 1 ? "run" : "runs", text_of_ns(window, id->stop_ns - id->start_ns),
		side->whole->slowpath.entries.count, id->profile ? id->profile : "?");
	text_print_clean(out, id->kernel_release ? id->kernel_release : "differs");
	putc('\n', out);
}

/* How far the verdicts can be trusted, once for all rows. */
static void print_test(FILE *out, const struct diff_side *before, const struct diff_side *after)
{
	if (before->nr < 2 || after->nr < 2)
		fputs("\nOne run on a side: how much runs that are alike differ is not known. With two "
		      "and more on\neach side (--before FILE... --after FILE...) it is judged; for less "
		      "than one in twenty by\nchance it takes 4 and 4, or 3 and 5.\n",
		      out);
	else
		fputs("\np: how often runs that are alike would differ so much (rank sum test, "
		      "two-sided).\nchanged: p < 0.05. noise: not. too few: the runs of both sides are "
		      "apart, but so few\nthat chance does that more often.\n",
		      out);
}

int render_diff_text(const struct diff *diff, const struct diff_side *before,
		     const struct diff_side *after, FILE *out, struct err *err)
{
	struct text_page page;

	if (text_begin(&page)) {
		print_side(page.file, "before", before);
		print_side(page.file, "after", after);
		print_rows(page.file, diff);
		print_test(page.file, before, after);
	}
	return text_end(&page, out, "comparison", err);
}
