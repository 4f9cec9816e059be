// SPDX-License-Identifier: GPL-2.0-or-later
/* Notes put together from their markers: whole, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "capture/notes.h"

static void feed_text(struct notes *notes, uint64_t ts_ns, const char *text)
{
	struct event ev = {
		.kind = EV_NOTE,
		.ts_ns = ts_ns,
		.text = text,
		.text_len = (uint32_t)strlen(text),
	};

	assert_int_equal(notes_feed(notes, &ev), 0);
}

/* Part `part` of the note, as the recorder writes it. */
static void feed_part(struct notes *notes, uint64_t ts_ns, const char *key, unsigned int part,
		      const char *text)
{
	char marker[NOTE_TEXT_MAX];

	note_format(marker, key, part, text, strlen(text));
	feed_text(notes, ts_ns, marker);
}

/* 'a' and newlines, so that parts begin and end with either. */
static char *long_text(size_t len)
{
	char *text = malloc(len + 1);
	size_t i;

	assert_non_null(text);
	for (i = 0; i < len; i++)
		text[i] = i % 7 ? (char)('a' + i % 26) : '\n';
	text[len] = '\0';
	return text;
}

static void whole_notes(void **state)
{
	char *text = long_text(5 * NOTE_PAYLOAD_MAX + 3);
	struct notes *notes = notes_new();
	unsigned int part;
	uint64_t ts = 0;

	(void)state;
	assert_non_null(notes);
	feed_part(notes, 5, NOTE_PROFILE, 1, "site\nit resolves");
	for (part = 1; part <= 6; part++) {
		feed_part(notes, 100 + part, NOTE_VMSTAT "start", part, text);
		feed_part(notes, 200 + part, NOTE_VMSTAT "stop", part, text);
	}
	feed_part(notes, 300, NOTE_WINDOW_START, 1, "");
	assert_string_equal(notes_get(notes, "vmstat.start", &ts), text);
	assert_int_equal(ts, 101);
	assert_string_equal(notes_get(notes, "vmstat.stop", &ts), text);
	assert_int_equal(ts, 201);
	assert_string_equal(notes_get(notes, "profile", &ts), "site\nit resolves");
	assert_string_equal(notes_get(notes, "window.start", &ts), "");
	assert_int_equal(ts, 300);
	assert_null(notes_get(notes, "absent", &ts));
	assert_int_equal(notes_nr_dropped(notes), 0);
	notes_free(notes);
	free(text);
}

/* A second a marker of one name: no note, and nothing that is missing. */
static void ticks_are_left_to_others(void **state)
{
	struct notes *notes = notes_new();
	unsigned int second;
	uint64_t ts;

	(void)state;
	assert_non_null(notes);
	for (second = 0; second < 2 * NOTES_MAX; second++)
		feed_part(notes, second, NOTE_TICK, 1, "allocstall 1");
	assert_null(notes_get(notes, NOTE_TICK, &ts));
	assert_int_equal(notes_nr_dropped(notes), 0);
	notes_free(notes);
}

static void markers_of_others(void **state)
{
	struct notes *notes = notes_new();
	uint64_t ts;

	(void)state;
	feed_text(notes, 1, "hello\n");
	feed_text(notes, 1, "");
	assert_int_equal(notes_nr_dropped(notes), 0);
	feed_text(notes, 1, "pagetrail broken\n");
	assert_int_equal(notes_nr_dropped(notes), 1);
	assert_null(notes_get(notes, "broken", &ts));
	notes_free(notes);
}

/* Parts 1 to 3 of a note, in this order; 0 ends it. */
static void expect_spoilt(const unsigned int parts[], uint64_t nr_dropped)
{
	char *text = long_text(3 * NOTE_PAYLOAD_MAX);
	struct notes *notes = notes_new();
	uint64_t ts;
	size_t i;

	for (i = 0; parts[i]; i++)
		feed_part(notes, 1, "key", parts[i], text);
	assert_null(notes_get(notes, "key", &ts));
	assert_int_equal(notes_nr_dropped(notes), nr_dropped);
	notes_free(notes);
	free(text);
}

static void incomplete_notes(void **state)
{
	(void)state;
	expect_spoilt((const unsigned int[]){ 1, 2, 0 }, 2);
	expect_spoilt((const unsigned int[]){ 2, 3, 0 }, 2);
	expect_spoilt((const unsigned int[]){ 1, 3, 2, 0 }, 3);
	expect_spoilt((const unsigned int[]){ 1, 2, 2, 3, 0 }, 4);
	expect_spoilt((const unsigned int[]){ 3, 1, 2, 3, 0 }, 4);
}

/* What is complete stays so, whatever comes under its name later. */
static void repeated_notes(void **state)
{
	struct notes *notes = notes_new();
	uint64_t ts;

	(void)state;
	feed_part(notes, 1, "key", 1, "first");
	feed_part(notes, 2, "key", 1, "second");
	assert_string_equal(notes_get(notes, "key", &ts), "first");
	assert_int_equal(ts, 1);
	assert_int_equal(notes_nr_dropped(notes), 1);
	notes_free(notes);
}

static void bounds(void **state)
{
	struct notes *notes = notes_new();
	char key[16], marker[NOTE_TEXT_MAX];
	unsigned int i, parts = NOTES_TEXT_MAX / NOTE_PAYLOAD_MAX + 2;
	char payload[NOTE_PAYLOAD_MAX + 1];
	uint64_t ts;

	(void)state;
	for (i = 0; i < NOTES_MAX + 5; i++) {
		snprintf(key, sizeof(key), "key%u", i);
		feed_part(notes, i, key, 1, "x");
	}
	assert_non_null(notes_get(notes, "key63", &ts));
	assert_null(notes_get(notes, "key64", &ts));
	assert_int_equal(notes_nr_dropped(notes), 5);
	notes_free(notes);

	notes = notes_new();
	memset(payload, 'p', NOTE_PAYLOAD_MAX);
	payload[NOTE_PAYLOAD_MAX] = '\0';
	for (i = 1; i <= parts; i++) {
		snprintf(marker, sizeof(marker), "pagetrail big %u/%u %s\n", i, parts, payload);
		feed_text(notes, i, marker);
	}
	assert_null(notes_get(notes, "big", &ts));
	assert_int_equal(notes_nr_dropped(notes), parts);
	notes_free(notes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_notes),
		cmocka_unit_test(markers_of_others),
		cmocka_unit_test(ticks_are_left_to_others),
		cmocka_unit_test(incomplete_notes),
		cmocka_unit_test(repeated_notes),
		cmocka_unit_test(bounds),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
