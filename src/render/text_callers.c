// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdlib.h>

#include "render/clean.h"
#include "render/text_parts.h"

#define ROWS_CALLERS 4
#define FUNCTIONS    9 /* of a row */
#define INDENT	     "             "

static int by_time(const void *a, const void *b)
{
	const struct caller_row *const *x = a, *const *y = b;
	uint64_t one = (*x)->times.total_ns, other = (*y)->times.total_ns;

	/* Where equal, in the order that they have. */
	if (one != other)
		return one < other ? 1 : -1;
	return *x < *y ? -1 : *x > *y;
}

static void print_function(const char *function, bool is_last, FILE *out)
{
	char *clean = clean_dup(function ? function : "?", true);

	fprintf(out, "%s%s", clean ? clean : "?", is_last ? "" : MARK_TIE "< ");
	free(clean);
}

/* From its caller outward; the entry function of the allocator is the same in all. */
static void print_frames(const struct frame_list *frames, FILE *out)
{
	size_t first = frames->nr > 1 ? 1 : 0, i;

	fputs(INDENT, out);
	for (i = first; i < frames->nr && i < first + FUNCTIONS; i++)
		print_function(frames->rows[i].function, i + 1 == frames->nr, out);
	fputs(frames->nr > first + FUNCTIONS ? "...\n" : "\n", out);
}

static void print_row(const struct caller_row *row, FILE *out)
{
	fprintf(out, "%9" PRIu64, row->times.count);
	text_times(out, &row->times);
	if (row->kind != KEY_KNOWN) {
		fputs(row->kind == KEY_OTHER ? "  (others)\n" : "  (not seen)\n", out);
		return;
	}
	fputs("\n", out);
	print_frames(&row->frames, out);
}

void text_callers(const struct summary *summary, FILE *out)
{
	const struct caller_table *callers = &summary->callers;
	const struct caller_row **rows = calloc(callers->nr + 1, sizeof(*rows));
	size_t i;

	for (i = 0; rows && i < callers->nr; i++)
		rows[i] = &callers->rows[i];
	if (rows && callers->nr) {
		qsort(rows, callers->nr, sizeof(*rows), by_time);
		fprintf(out,
			"\n" MARK_HEAD
			"%9s%s  Who asked: callee < caller" MARK_END "\n",
			"count", text_times_head);
	}
	for (i = 0; rows && i < callers->nr && i < ROWS_CALLERS; i++)
		print_row(rows[i], out);
	if (callers->nr > ROWS_CALLERS)
		fprintf(out, "          and %zu more, see the JSON\n", callers->nr - ROWS_CALLERS);
	free(rows);
}
