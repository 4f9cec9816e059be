// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "summary/exits.h"
#include "summary/text.h"

#define BIT(reason) (1U << (reason))

/* What a row is about, as one number. */
static uint64_t key_of(const struct episode *ep)
{
	return ep->exits | (uint64_t)ep->outcome << 32 | (uint64_t)ep->watermark << 40;
}

static enum outcome outcome_of(uint64_t key)
{
	return (enum outcome)(key >> 32 & 0xff);
}

static enum watermark watermark_of(uint64_t key)
{
	return (enum watermark)(key >> 40);
}

const char *exits_name(uint32_t reasons)
{
	enum exit_reason reason;

	if (reasons == (BIT(EXIT_FIRST_ATTEMPT) | BIT(EXIT_NEXT_ATTEMPT)))
		return "free_page";
	for (reason = 0; reason < NR_EXITS; reason++)
		if (reasons == BIT(reason))
			return exit_name(reason);
	return "unknown";
}

/* --- one episode --------------------------------------------------------------------------- */

static void sum_add(struct between_sum *sum, struct between by, uint64_t nr)
{
	sum->total_min += nr * by.min;
	sum->total_max += nr * by.max;
	if (by.min > sum->most_min)
		sum->most_min = by.min;
	if (by.max > sum->most_max)
		sum->most_max = by.max;
	sum->some_min += by.min > 0 ? nr : 0;
	sum->some_max += by.max > 0 ? nr : 0;
	sum->open |= by.max == BETWEEN_OPEN;
}

/* 0, 1, 2 to 3, 4 to 7, ...; the last one is open. */
static size_t class_of(uint64_t retries)
{
	size_t class = 0;

	while (retries && class + 1 < RETRIES_CLASSES) {
		retries >>= 1;
		class ++;
	}
	return class;
}

int exits_init(struct exits_tally *tally)
{
	return table_init(&tally->table, EXITS_MAX);
}

void exits_free(struct exits_tally *tally)
{
	table_free(&tally->table);
}

int exits_add(struct exits_tally *tally, const struct episode *ep, struct lot lot,
	      unsigned int basis)
{
	struct tally *row;

	if (ep->outcome != OUTCOME_OK && ep->outcome != OUTCOME_FAILED)
		return 0;
	sum_add(&tally->retries, ep->retries, lot.nr);
	sum_add(&tally->oom_lock_waits, ep->oom_lock_waits, lot.nr);
	if (ep->retries.min == ep->retries.max)
		tally->exact[class_of(ep->retries.min)] += lot.nr;
	else
		tally->not_exact += lot.nr;
	row = table_find(&tally->table, key_of(ep), "");
	return row ? tally_add(row, lot, basis) : -ENOMEM;
}

/* --- the tables ---------------------------------------------------------------------------- */

const char *exits_text(uint32_t reasons, struct text_list *texts)
{
	char text[EXITS_TEXT_MAX];
	enum exit_reason reason;
	size_t len = 0;

	if (!reasons || strcmp(exits_name(reasons), "unknown"))
		return exits_name(reasons);
	for (reason = 0; reason < NR_EXITS; reason++)
		if (reasons & BIT(reason))
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
						len ? " or " : "", exit_name(reason));
	return texts_keep(texts, span_of(text));
}

static int compare_rows(const void *a, const void *b)
{
	const struct exit_row *x = a, *y = b;

	if (x->times.count != y->times.count)
		return x->times.count < y->times.count ? 1 : -1;
	if (x->outcome != y->outcome)
		return x->outcome < y->outcome ? -1 : 1;
	if (x->reasons != y->reasons)
		return x->reasons < y->reasons ? -1 : 1;
	return x->watermark < y->watermark ? -1 : x->watermark > y->watermark;
}

static struct number_between bounds_of(uint64_t min, uint64_t max, bool open)
{
	return (struct number_between){ .min = min, .max = { .known = !open, .value = max } };
}

static void finish_retries(const struct exits_tally *tally, struct exits *exits)
{
	const struct between_sum *retries = &tally->retries, *waits = &tally->oom_lock_waits;

	exits->retries = bounds_of(retries->total_min, retries->total_max, retries->open);
	exits->most_retries = bounds_of(retries->most_min, retries->most_max, retries->open);
	exits->oom_lock_waits = bounds_of(waits->total_min, waits->total_max, waits->open);
	exits->oom_lock_waiters = bounds_of(waits->some_min, waits->some_max, false);
	memcpy(exits->by_retries, tally->exact, sizeof(exits->by_retries));
	exits->retries_not_exact = tally->not_exact;
}

static struct exit_row row_of(const struct table_row *from, struct summary *out)
{
	uint32_t reasons = (uint32_t)from->number;

	return (struct exit_row){
		.reasons = reasons,
		.outcome = outcome_of(from->number),
		.watermark = watermark_of(from->number),
		.exit = exits_name(reasons),
		.text = exits_text(reasons, &out->texts),
		.times = tally_times(&from->tally, out),
	};
}

int exits_finish(const struct exits_tally *tally, bool known, struct summary *out)
{
	const struct table *table = &tally->table;
	struct exits *exits = &out->exits;
	size_t i;

	exits->known = known;
	if (!known)
		return 0;
	exits->rows = calloc(table->nr + 1, sizeof(*exits->rows));
	if (!exits->rows)
		return -ENOMEM;
	for (i = 0; i < table->nr; i++) {
		exits->rows[i] = row_of(&table->rows[i], out);
		if (!exits->rows[i].text)
			return -ENOMEM;
	}
	exits->nr = table->nr;
	qsort(exits->rows, exits->nr, sizeof(*exits->rows), compare_rows);
	finish_retries(tally, exits);
	return 0;
}
