// SPDX-License-Identifier: GPL-2.0-or-later
/* summary/ledger: what is counted between which notes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/note.h"
#include "summary/ledger.h"

static void take_kind(struct ledger *ledger, enum ev_kind kind, unsigned int nr)
{
	while (nr--)
		ledger_take(ledger, &(struct event){ .kind = kind });
}

static void take_note(struct ledger *ledger, const char *key, const char *text)
{
	char marker[NOTE_TEXT_MAX];
	size_t len = note_format(marker, key, 1, text, strlen(text));

	ledger_take(ledger,
		    &(struct event){ .kind = EV_NOTE, .text = marker, .text_len = (uint32_t)len });
}

static void take_field(struct ledger *ledger, enum ev_kind kind, enum ev_field field,
		       uint64_t value)
{
	struct event ev = { .kind = kind, .have = 1U << field };

	event_set(&ev, field, value);
	ledger_take(ledger, &ev);
}

static void take_page(struct ledger *ledger, uint64_t pfn, uint64_t order, uint64_t gfp)
{
	struct event ev = { .kind = EV_PAGE_ALLOC,
			    .have = 1U << FIELD_PFN | 1U << FIELD_ORDER | 1U << FIELD_GFP };

	event_set(&ev, FIELD_PFN, pfn);
	event_set(&ev, FIELD_ORDER, order);
	event_set(&ev, FIELD_GFP, gfp);
	ledger_take(ledger, &ev);
}

/* The order of record/recorder.c, with another number of entries between any two of its notes. */
static void marks_lie_at_their_notes(void **state)
{
	static const char *const keys[] = {
		"tool",		"verify.enabling", "window.start",    "vmstat.start",
		"probes.start", "window.stop",	   "verify.disabled", "vmstat.stop",
	};
	static const struct {
		enum mark from, to;
		uint64_t entries;
	} spans[] = {
		{ MARK_NONE, MARK_END, 1 + 2 + 4 + 8 + 16 + 32 + 64 + 128 },
		{ MARK_WINDOW_START, MARK_WINDOW_STOP, 8 + 16 + 32 },
		{ MARK_BEFORE, MARK_WINDOW_START, 4 },
		{ MARK_BEFORE, MARK_AFTER, 4 + 8 + 16 + 32 + 64 },
		{ MARK_AFTER, MARK_END, 128 },
	};
	struct ledger ledger = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		take_kind(&ledger, EV_SLOW_ENTER, 1U << i);
		take_note(&ledger, keys[i], "");
	}
	for (i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		assert_int_equal(ledger_events(&ledger, EV_SLOW_ENTER, spans[i].from, spans[i].to),
				 spans[i].entries);
	assert_int_equal(ledger_events(&ledger, EV_NOTE, MARK_NONE, MARK_END), 8);
}

/* Without notes all is inside; with notes but no window nothing is; without its end all after it. */
static void a_window_may_be_missing(void **state)
{
	struct ledger foreign = { 0 }, never = { 0 }, open = { 0 };

	(void)state;
	take_kind(&foreign, EV_SLOW_ENTER, 3);
	assert_int_equal(
		ledger_events(&foreign, EV_SLOW_ENTER, MARK_WINDOW_START, MARK_WINDOW_STOP), 3);
	take_note(&never, "tool", "");
	take_kind(&never, EV_SLOW_ENTER, 3);
	take_note(&never, "window.stop", "");
	assert_int_equal(ledger_events(&never, EV_SLOW_ENTER, MARK_WINDOW_START, MARK_WINDOW_STOP),
			 0);
	take_kind(&open, EV_SLOW_ENTER, 3);
	take_note(&open, "window.start", "");
	take_kind(&open, EV_SLOW_ENTER, 4);
	assert_int_equal(ledger_events(&open, EV_SLOW_ENTER, MARK_WINDOW_START, MARK_WINDOW_STOP),
			 4);
}

static uint64_t sum_of(const struct ledger *ledger, enum sum sum)
{
	return ledger_sum(ledger, sum, MARK_NONE, MARK_END);
}

static void pages_are_summed(void **state)
{
	struct ledger ledger = { 0 };

	(void)state;
	take_field(&ledger, EV_RECLAIM_END, FIELD_NR_RECLAIMED, 32);
	take_field(&ledger, EV_RECLAIM_END, FIELD_NR_RECLAIMED, 1);
	take_field(&ledger, EV_MEMCG_RECLAIM_END, FIELD_NR_RECLAIMED, 7);
	take_field(&ledger, EV_NODE_RECLAIM_END, FIELD_NR_RECLAIMED, 5);
	take_field(&ledger, EV_NODE_RECLAIM_END, FIELD_NR_RECLAIMED, 0);
	take_field(&ledger, EV_ALLOC_EXIT, FIELD_PAGE, 0);
	take_field(&ledger, EV_ALLOC_EXIT, FIELD_PAGE, 0xffffea0000000000);
	take_page(&ledger, 77, 3, 0xcc0);
	take_page(&ledger, 78, 0, 0xcc0);
	take_page(&ledger, UINT64_MAX, 2, 0xcc0);
	take_page(&ledger, UINT64_MAX, 1, 0x400cc0);
	take_page(&ledger, 79, 63, 0xcc0); /* damage */
	assert_int_equal(sum_of(&ledger, SUM_RECLAIMED), 33);
	assert_int_equal(sum_of(&ledger, SUM_MEMCG_RECLAIMED), 7);
	assert_int_equal(sum_of(&ledger, SUM_NODE_RECLAIMED), 5);
	assert_int_equal(sum_of(&ledger, SUM_NODE_FRUITLESS), 1);
	assert_int_equal(sum_of(&ledger, SUM_ALLOC_NULLS), 1);
	assert_int_equal(sum_of(&ledger, SUM_ALLOCATED), 8 + 1);
	assert_int_equal(sum_of(&ledger, SUM_LARGEST), 8);
	assert_int_equal(sum_of(&ledger, SUM_FAILED), 2);
	assert_int_equal(sum_of(&ledger, SUM_FAILED_CHARGED), 1);
	assert_int_equal(sum_of(&ledger, SUM_FAILED_PAGES), 2);
	take_field(&ledger, EV_RECLAIM_END, FIELD_NR_RECLAIMED, UINT64_MAX);
	assert_int_equal(sum_of(&ledger, SUM_RECLAIMED), UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_lie_at_their_notes),
		cmocka_unit_test(a_window_may_be_missing),
		cmocka_unit_test(pages_are_summed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
