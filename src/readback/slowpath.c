// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts: of entries, allocations, attempts, and of what was slow elsewhere. */
#include <stdlib.h>

#include "readback/sections.h"

/* --- counts -------------------------------------------------------------------------------- */

static void take_count(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "count", TAKE_U64_OR_0, offsetof(struct count, count) },
		{ "min", TAKE_U64_OR_0, offsetof(struct count, min) },
		{ "max", TAKE_U64_OR_MAX, offsetof(struct count, max) },
	};
	struct count *count = to;

	count->certainty = take_name(take, from, "certainty", &names_certainty);
	take_fields(take, from, fields, TAKE_NR(fields), count);
	if (count->certainty == CERTAINTY_EXACT &&
	    (count->min != count->count || count->max != count->count))
		take_refuse(take, "certainty", "equal count, min and max of what is exact");
	if (count->min > count->count || count->count > count->max)
		take_refuse(take, "count", "a number from min to max");
}

/* --- the slowpath -------------------------------------------------------------------------- */

static void take_outcomes(struct taker *take, struct json_object *from, void *to)
{
	uint64_t *outcomes = to;
	enum outcome outcome;

	for (outcome = 0; outcome < NR_OUTCOMES; outcome++)
		outcomes[outcome] = take_u64(take, from, outcome_name(outcome));
}

static void take_time_basis(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "exact", TAKE_U64, TIME_EXACT * sizeof(uint64_t) },
		{ "at_least", TAKE_U64, TIME_AT_LEAST * sizeof(uint64_t) },
		{ "at_most", TAKE_U64, TIME_AT_MOST * sizeof(uint64_t) },
		{ "approximate", TAKE_U64, TIME_APPROXIMATE * sizeof(uint64_t) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), to);
}

static void take_tally_part(struct taker *take, struct json_object *from, void *to)
{
	take_tally(take, from, to);
}

static void take_background(struct taker *take, struct json_object *from, void *to)
{
	struct times *background = to;
	enum background what;

	for (what = BACKGROUND_KSWAPD; what < NR_BACKGROUNDS; what++)
		take_needed(take, from, background_name(what), take_tally_part, &background[what]);
}

/* What the capture can show of episodes. */
static void take_episodes(struct taker *take, struct json_object *from, struct slowpath *slow)
{
	slow->rebuilt = take_u64(take, from, "rebuilt");
	slow->captured = take_known(take, from, "captured").value;
	take_needed(take, from, "unseen", take_count, &slow->unseen);
	take_needed(take, from, "outcomes", take_outcomes, slow->outcomes);
	take_needed(take, from, "nested", take_tally_part, &slow->nested);
	take_needed(take, from, "stalls", take_tally_part, &slow->stalls);
	take_needed(take, from, "background", take_background, slow->background);
	take_needed(take, from, "interrupts", take_tally_part, &slow->interrupts);
	take_times(take, from, "time_ns", slow->rebuilt, &slow->times);
	take_times(take, from, "self_time_ns", slow->rebuilt, &slow->self);
	take_needed(take, from, "time_basis", take_time_basis, slow->time_basis);
}

static void take_slowpath(struct taker *take, struct json_object *from, void *to)
{
	struct slowpath *slow = to;

	slow->basis = take_name(take, from, "basis", &names_basis);
	take_needed(take, from, "entries", take_count, &slow->entries);
	if (slow->entries.certainty == CERTAINTY_UNKNOWN)
		return;
	/* The histogram is that of time_ns once more. */
	take_episodes(take, from, slow);
}

void readback_slowpath(struct taker *take, struct json_object *top)
{
	take_needed(take, top, "slowpath", take_slowpath, &take->summary->slowpath);
}

/* --- allocations and attempts -------------------------------------------------------------- */

void readback_allocations(struct taker *take, struct json_object *top)
{
	struct attempts *attempts = &take->summary->attempts;

	attempts->has_allocations =
		take_part(take, top, "allocations", take_count, &attempts->allocations);
}

struct label_row {
	enum attempt label;
	struct known count, nulls;
};

static void take_label(struct taker *take, struct json_object *from, void *to)
{
	struct label_row *row = to;

	row->label = take_name(take, from, "label", &names_attempt);
	row->count = take_known(take, from, "count");
	row->nulls = take_known(take, from, "null_returns");
}

/* What the profile saw is what is not null. */
static void take_labels(struct taker *take, struct json_object *from, struct attempts *attempts)
{
	struct label_row rows[NR_ATTEMPTS];
	size_t nr = take_rows(take, from, "by_label", take_label, rows, sizeof(rows[0]), NR_ATTEMPTS);
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct label_row *row = &rows[i];

		attempts->attempts[row->label] = row->count.value;
		attempts->null_attempts[row->label] = row->nulls.value;
		attempts->has_attempts |= row->label == ATTEMPT_FIRST && row->count.known;
		attempts->has_all |= row->label == ATTEMPT_FAST && row->count.known;
		attempts->has_results |= row->label == ATTEMPT_FIRST && row->nulls.known;
	}
}

static void take_attempts(struct taker *take, struct json_object *from, void *to)
{
	struct attempts *attempts = to;
	struct known nulls = take_known(take, from, "null_returns");

	attempts->has_nulls = nulls.known;
	attempts->null_returns = nulls.value;
	attempts->overcount_per_mille = take_known(take, from, "overcount_per_mille").value;
	take_labels(take, from, attempts);
}

void readback_attempts(struct taker *take, struct json_object *top)
{
	take_part(take, top, "attempts", take_attempts, &take->summary->attempts);
}

/* --- slow, but not the slowpath ------------------------------------------------------------ */

struct detour_part {
	enum detour_kind kind;
	struct detour_row row;
};

/* Classes count allocations; the others count reclaims, each with a time. */
static void take_detour_row(struct taker *take, struct json_object *from, const char *reclaims,
			    struct detour_row *row)
{
	struct known count = take_known(take, from, "count");

	row->known = count.known;
	row->reclaims = take_known(take, from, reclaims).value;
	if (row->known)
		take_times(take, from, "time_ns", count.value, &row->times);
}

static void take_class(struct taker *take, struct json_object *from, void *to)
{
	struct detour_part *part = to;

	part->kind = take_name(take, from, "class", &names_detour);
	take_detour_row(take, from, "reclaims", &part->row);
}

static void take_other_reclaim(struct taker *take, struct json_object *from, void *to)
{
	struct detour_part *part = to;
	bool memcg = take_name(take, from, "reclaim", &names_reclaim);
	bool elsewhere = take_name(take, from, "where", &names_where);

	if (memcg)
		part->kind = elsewhere ? DETOUR_MEMCG_ELSEWHERE : DETOUR_MEMCG_SLOWPATH;
	else
		part->kind = elsewhere ? DETOUR_NODE_ELSEWHERE : DETOUR_NODE_SLOWPATH;
	take_detour_row(take, from, "count", &part->row);
}

static void take_detours(struct taker *take, struct json_object *from, void *to)
{
	struct summary *summary = to;
	struct detour_part parts[NR_DETOURS] = { 0 };
	size_t nr = take_rows(take, from, "classes", take_class, parts, sizeof(parts[0]),
			      NR_DETOUR_CLASSES);
	size_t i;

	nr += take_rows(take, from, "other_reclaims", take_other_reclaim, parts + nr,
			sizeof(parts[0]), NR_DETOURS - NR_DETOUR_CLASSES);
	for (i = 0; i < nr; i++)
		summary->detours[parts[i].kind] = parts[i].row;
	summary->detours_certainty = take_name(take, from, "certainty", &names_certainty);
}

void readback_detours(struct taker *take, struct json_object *top)
{
	take_needed(take, top, "slow_not_slowpath", take_detours, take->summary);
}
