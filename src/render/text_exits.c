// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>

#include "render/text_parts.h"

#define ROWS_EXITS 12

static void print_row(const struct exit_row *row, FILE *out)
{
	fprintf(out, "%9" PRIu64, row->times.count);
	text_times(out, &row->times);
	fprintf(out, "  %s: %s", outcome_name(row->outcome), row->text);
	if (row->watermark != WATERMARK_UNKNOWN)
		fprintf(out, ", watermark %s", watermark_name(row->watermark));
	putc('\n', out);
}

static void print_between(FILE *out, const struct number_between *number)
{
	if (!number->max.known)
		fprintf(out, "at least %" PRIu64, number->min);
	else if (number->min == number->max.value)
		fprintf(out, "%" PRIu64, number->min);
	else
		fprintf(out, "%" PRIu64 " to %" PRIu64, number->min, number->max.value);
}

static void print_retries(const struct exits *exits, FILE *out)
{
	fputs("Rounds begun anew: ", out);
	print_between(out, &exits->retries);
	fputs(", in one episode at most ", out);
	print_between(out, &exits->most_retries);
	fputs("; of them because another task held oom_lock: ", out);
	print_between(out, &exits->oom_lock_waits);
	fputs(".\n", out);
}

void text_exits(const struct summary *summary, FILE *out)
{
	const struct exits *exits = &summary->exits;
	size_t i;

	if (!exits->known || !exits->nr)
		return;
	fprintf(out, "\n" MARK_HEAD "%9s%s  Why they ended" MARK_END "\n", "count",
		text_times_head);
	for (i = 0; i < exits->nr && i < ROWS_EXITS; i++)
		print_row(&exits->rows[i], out);
	if (exits->nr > ROWS_EXITS)
		fprintf(out, "          and %zu more, see the JSON\n", exits->nr - ROWS_EXITS);
	print_retries(exits, out);
}
