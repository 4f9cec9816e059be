// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/hint.h"
#include "base/saturate.h"
#include "base/note.h"
#include "kernel/alloc_flags.h"
#include "kernel/joints.h"
#include "summary/ledger.h"

/* Orders beyond any MAX_ORDER are no orders, but damage. */
#define ORDER_LIMIT 32

static void add(struct moment *now, enum sum sum, uint64_t amount)
{
	now->sums[sum] = sat_plus(now->sums[sum], amount);
}

static uint64_t pages_of(const struct event *ev)
{
	uint64_t order = event_get(ev, FIELD_ORDER);

	return order < ORDER_LIMIT ? 1ULL << order : 0;
}

/* Of `nr` allocations. */
static void take_pages(struct moment *now, uint64_t pages, uint64_t nr)
{
	add(now, SUM_ALLOCATED, sat_times(pages, nr));
	if (now->sums[SUM_LARGEST] < pages)
		now->sums[SUM_LARGEST] = pages;
}

static void take_allocation(struct moment *now, const struct event *ev)
{
	bool charged = event_get(ev, FIELD_GFP) & GFP_ACCOUNT;

	if (event_get(ev, FIELD_PFN) != UINT64_MAX) {
		take_pages(now, pages_of(ev), 1);
		return;
	}
	add(now, SUM_FAILED, 1);
	add(now, SUM_FAILED_CHARGED, charged);
	add(now, SUM_FAILED_PAGES, charged ? pages_of(ev) : 0);
}

static void take_sums(struct moment *now, const struct event *ev)
{
	switch (ev->kind) {
	case EV_RECLAIM_END:
		add(now, SUM_RECLAIMED, event_get(ev, FIELD_NR_RECLAIMED));
		break;
	case EV_MEMCG_RECLAIM_END:
		add(now, SUM_MEMCG_RECLAIMED, event_get(ev, FIELD_NR_RECLAIMED));
		break;
	case EV_NODE_RECLAIM_END:
		add(now, SUM_NODE_RECLAIMED, event_get(ev, FIELD_NR_RECLAIMED));
		add(now, SUM_NODE_FRUITLESS, !event_get(ev, FIELD_NR_RECLAIMED));
		break;
	case EV_PAGE_ALLOC:
		take_allocation(now, ev);
		break;
	case EV_ALLOC_EXIT:
		add(now, SUM_ALLOC_NULLS, !event_get(ev, FIELD_PAGE));
		break;
	default:
		break;
	}
}

static void set_mark(struct ledger *ledger, enum mark mark)
{
	if (ledger->seen[mark])
		return;
	ledger->seen[mark] = true;
	ledger->at[mark] = ledger->at[MARK_END];
}

static void take_note(struct ledger *ledger, const struct event *ev)
{
	struct note_part part;

	if (!note_parse(ev->text, ev->text_len, &part))
		return;
	ledger->expected = true;
	if (ledger->seen[MARK_WINDOW_STOP])
		set_mark(ledger, MARK_AFTER);
	if (!strcmp(part.key, NOTE_WINDOW_START))
		set_mark(ledger, MARK_WINDOW_START);
	else if (!strcmp(part.key, NOTE_WINDOW_STOP) && ledger->seen[MARK_WINDOW_START])
		set_mark(ledger, MARK_WINDOW_STOP);
	if (!ledger->seen[MARK_WINDOW_START])
		ledger->at[MARK_BEFORE] = ledger->at[MARK_END];
}

/* What is no group. */
static APART void take_other(struct ledger *ledger, const struct event *ev)
{
	take_sums(&ledger->at[MARK_END], ev);
	if (ev->kind == EV_NOTE)
		take_note(ledger, ev);
}

void ledger_take(struct ledger *ledger, const struct event *ev)
{
	const uint64_t nr = ev->kind == EV_SERVED ? event_get(ev, FIELD_COUNT) : 1;
	struct moment *now = &ledger->at[MARK_END];

	now->events[ev->kind] += nr;
	if (ev->kind == EV_SERVED || ev->kind == EV_HANDED)
		take_pages(now, pages_of(ev), nr);
	else if (ev->kind != EV_ENTERED && ev->kind != EV_LEFT)
		take_other(ledger, ev);
}

/* A window that never closed lasts to the end; one that never opened holds nothing. */
static const struct moment *moment_of(const struct ledger *ledger, enum mark mark)
{
	if (mark == MARK_WINDOW_START && !ledger->seen[mark] && ledger->expected)
		mark = MARK_END;
	if ((mark == MARK_WINDOW_STOP || mark == MARK_AFTER) && !ledger->seen[mark])
		mark = MARK_END;
	return &ledger->at[mark];
}

/* Alone, and in groups. */
static uint64_t events_of(const struct moment *moment, enum ev_kind kind)
{
	uint64_t nr = moment->events[kind];
	enum joint joint;
	unsigned int i;

	for (joint = 0; joint < NR_JOINTS; joint++)
		for (i = 0; i < kernel_joints[joint].nr; i++)
			if (kernel_joints[joint].kinds[i] == kind)
				nr += moment->events[kernel_joints[joint].kind];
	return nr;
}

uint64_t ledger_events(const struct ledger *ledger, enum ev_kind kind, enum mark from, enum mark to)
{
	return events_of(moment_of(ledger, to), kind) - events_of(moment_of(ledger, from), kind);
}

uint64_t ledger_sum(const struct ledger *ledger, enum sum sum, enum mark from, enum mark to)
{
	return moment_of(ledger, to)->sums[sum] - moment_of(ledger, from)->sums[sum];
}
