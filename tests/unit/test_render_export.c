// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * render/sink and render/export: numbers by their digits, no byte of a name breaks a format, and what
 * no bundled capture has: paths longer than are kept, more stacks than are kept, unknown values.
 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <json-c/json.h>

#include "render/clean.h"
#include "render/export.h"
#include "render/sink.h"
#include "summary_fixture.h"

/* --- the sink ------------------------------------------------------------------------------ */

/* A sink into memory. */
struct memory {
	struct sink sink;
	char *text;
	size_t len;
};

static struct memory *memory_new(void)
{
	struct memory *mem = calloc(1, sizeof(*mem));

	assert_non_null(mem);
	mem->sink.out = open_memstream(&mem->text, &mem->len);
	assert_non_null(mem->sink.out);
	return mem;
}

static const char *written(struct memory *mem)
{
	sink_flush(&mem->sink);
	assert_int_equal(mem->sink.failed, 0);
	return mem->text;
}

static void memory_free(struct memory *mem)
{
	fclose(mem->sink.out);
	free(mem->text);
	free(mem);
}

static void check_number(uint64_t value)
{
	struct memory *mem = memory_new();
	char expected[128];

	sink_u64(&mem->sink, value);
	sink_byte(&mem->sink, ' ');
	sink_i64(&mem->sink, (int64_t)value);
	sink_byte(&mem->sink, ' ');
	sink_hex(&mem->sink, value);
	snprintf(expected, sizeof(expected), "%" PRIu64 " %" PRId64 " 0x%" PRIx64, value,
		 (int64_t)value, value);
	assert_string_equal(written(mem), expected);
	memory_free(mem);
}

static void numbers_have_their_digits(void **state)
{
	uint64_t power, i;

	(void)state;
	for (i = 0; i < 1200; i++)
		check_number(i);
	for (power = 1; power <= UINT64_MAX / 10; power *= 10) {
		check_number(power * 10 - 1);
		check_number(power * 10);
		check_number(power * 10 + 1);
		check_number(-power);
	}
	check_number(UINT64_MAX);
	check_number((uint64_t)INT64_MAX);
	check_number((uint64_t)INT64_MIN);
}

static void microseconds_are_exact(void **state)
{
	static const struct {
		int64_t ns;
		const char *us;
	} rows[] = {
		{ 0, "0.000" },
		{ 1, "0.001" },
		{ 10, "0.010" },
		{ 999, "0.999" },
		{ 1000, "1.000" },
		{ 1234567, "1234.567" },
		{ -1, "-0.001" },
		{ -1500, "-1.500" },
		{ INT64_MAX, "9223372036854775.807" },
		{ INT64_MIN, "-9223372036854775.808" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(rows); i++) {
		struct memory *mem = memory_new();

		sink_us(&mem->sink, rows[i].ns);
		assert_string_equal(written(mem), rows[i].us);
		memory_free(mem);
	}
}

static void check_text(void (*put)(struct sink *, const char *), const char *text,
		       const char *expected)
{
	struct memory *mem = memory_new();

	put(&mem->sink, text);
	assert_string_equal(written(mem), expected);
	memory_free(mem);
}

static void names_stay_names(void **state)
{
	static const struct {
		const char *raw, *json, *csv, *frame;
	} rows[] = {
		{ "load", "\"load\"", "load", "load" },
		{ "", "\"\"", "", "" },
		{ "a b", "\"a b\"", "a b", "a b" },
		{ " a", "\" a\"", "\" a\"", " a" },
		{ "a ", "\"a \"", "\"a \"", "a " },
		{ "a,b", "\"a,b\"", "\"a,b\"", "a,b" },
		{ "a\"b", "\"a\\\"b\"", "\"a\"\"b\"", "a\"b" },
		{ "\"", "\"\\\"\"", "\"\"\"\"", "\"" },
		{ "a\\b", "\"a\\\\b\"", "a\\b", "a\\b" },
		{ "a;b", "\"a;b\"", "a\\x3bb", "a\\x3bb" },
		{ "a\nb", "\"a\\nb\"", "a\\x0ab", "a\\x0ab" },
		{ "\r\n", "\"\\r\\n\"", "\\x0d\\x0a", "\\x0d\\x0a" },
		{ "\t=1", "\"\\t=1\"", "\\x09=1", "\\x09=1" },
		{ "\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\"", "\\x01\\x1f\\x7f", "\\x01\\x1f\\x7f" },
		{ "=1+1", "\"=1+1\"", "'=1+1", "=1+1" },
		{ "+1", "\"+1\"", "'+1", "+1" },
		{ "-bash", "\"-bash\"", "'-bash", "-bash" },
		{ "@A1", "\"@A1\"", "'@A1", "@A1" },
		{ "'=1", "\"'=1\"", "''=1", "'=1" },
		{ "=a,\"b\"", "\"=a,\\\"b\\\"\"", "\"'=a,\"\"b\"\"\"", "=a,\"b\"" },
		{ "a=1", "\"a=1\"", "a=1", "a=1" },
		{ "\xc3\xa4", "\"\xc3\xa4\"", "\xc3\xa4", "\xc3\xa4" },
		{ "\xc2\x9b", "\"\xc2\x9b\"", "\\xc2\\x9b", "\\xc2\\x9b" },
		{ "\xff(", "\"\\\\xff(\"", "\\xff(", "\\xff(" },
		{ "\xed\xa0\x80", "\"\\\\xed\\\\xa0\\\\x80\"", "\\xed\\xa0\\x80",
		  "\\xed\\xa0\\x80" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(rows); i++) {
		check_text(sink_json, rows[i].raw, rows[i].json);
		check_text(sink_csv, rows[i].raw, rows[i].csv);
		check_text(sink_frame, rows[i].raw, rows[i].frame);
	}
}

/* What a JSON reader gets is what the summary's own writer gives it. */
static void check_json(const char *raw)
{
	struct memory *mem = memory_new();
	struct json_object *value;
	char *clean = clean_dup(raw, false);

	sink_json(&mem->sink, raw);
	value = json_tokener_parse(written(mem));
	assert_non_null(value);
	assert_string_equal(json_object_get_string(value), clean);
	json_object_put(value);
	free(clean);
	memory_free(mem);
}

static void any_two_bytes_are_json(void **state)
{
	unsigned int a, b;

	(void)state;
	for (a = 1; a < 256; a++)
		for (b = 0; b<256; b += a> 0x7f || !b ? 1 : 37) {
			const char raw[] = { (char)a, (char)b, 'x', '\0' };

			check_json(raw);
		}
}

static void long_texts_pass(void **state)
{
	struct memory *mem = memory_new();
	size_t len = 3 * SINK_ROOM, i;
	char *text = malloc(len + 1);

	(void)state;
	assert_non_null(text);
	for (i = 0; i < len; i++)
		text[i] = "abc,\""[i % 5];
	text[len] = '\0';
	sink_word(&mem->sink, "before ");
	sink_bytes(&mem->sink, text, len);
	sink_word(&mem->sink, " after");
	written(mem);
	assert_int_equal(mem->len, len + strlen("before  after"));
	assert_memory_equal(mem->text + strlen("before "), text, len);
	check_json(text);
	free(text);
	memory_free(mem);
}

static void a_sink_without_a_file_cuts(void **state)
{
	struct sink *sink = calloc(1, sizeof(*sink));
	size_t i;

	(void)state;
	assert_non_null(sink);
	for (i = 0; i < SINK_ROOM; i++)
		sink_word(sink, "abc");
	assert_int_equal(sink->len, SINK_ROOM);
	assert_memory_equal(sink->bytes, "abcabc", 6);
	free(sink);
}

static void a_failure_sticks(void **state)
{
	struct sink *sink = calloc(1, sizeof(*sink));
	size_t i;

	(void)state;
	assert_non_null(sink);
	sink->out = fopen("/dev/full", "w");
	assert_non_null(sink->out);
	for (i = 0; i < SINK_ROOM; i++)
		sink_word(sink, "abc");
	sink_flush(sink);
	assert_int_equal(sink->failed, -ENOSPC);
	fclose(sink->out);
	free(sink);
}

/* --- exports ------------------------------------------------------------------------------- */

static const struct sight nothing_seen = { .whole = true, .start_ns = 1000 };
static const struct sight all_seen = { .whole = true,
				       .attempts = true,
				       .results = true,
				       .exits = true,
				       .sched = true,
				       .start_ns = 1000 };

static struct episode_view view_of(const struct episode *ep)
{
	return (struct episode_view){ .episode = ep,
				      .path = "entry > ok",
				      .comm = *ep->comm ? ep->comm : NULL,
				      .gfp = "GFP_KERNEL",
				      .exit = "free_page" };
}

/* The export of some episodes, which the caller frees. */
static char *export_with(const char *format, const struct episode *eps, size_t nr,
			 const struct sight *sight, const struct summary *summary)
{
	struct export *export;
	struct err err;
	char *text = NULL;
	size_t len, i;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	export = export_new(export_find(format), out, &err);
	assert_non_null(export);
	for (i = 0; i < nr; i++) {
		struct episode_view view = view_of(&eps[i]);

		assert_int_equal(export_episode(export, &view, sight, &err), 0);
	}
	assert_int_equal(export_nr_episodes(export), nr);
	assert_int_equal(export_end(export, summary, sight, &err), 0);
	export_free(export);
	fclose(out);
	return text;
}

static char *export_all(const char *format, const struct episode *eps, size_t nr,
			const struct sight *sight)
{
	const struct summary summary = { .slowpath.rebuilt = nr };

	return export_with(format, eps, nr, sight, &summary);
}

static void check_key(struct json_object *row, const char *key, const char *expected)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(row, key, &value));
	assert_string_equal(json_object_to_json_string(value), expected);
}

static void what_is_not_known_is_null(void **state)
{
	static const char *const keys[] = {
		"parent",	 "comm",
		"background",	 "order",
		"gfp",		 "gfp_bits",
		"migratetype",	 "migratetype_name",
		"exit",		 "exit_may_be",
		"watermark",	 "retries_min",
		"retries_max",	 "attempts",
		"null_attempts", "captured",
		"on_cpu_ns",	 "runnable_ns",
		"sleeping_ns",	 "longest_hole_ns",
		"others_max",	 "others_at_start",
	};
	const struct visit visits[] = { { STAGE_ENTRY, 5 } };
	const struct episode ep = fixture_episode(1, 2000, OUTCOME_OK, visits, 1);
	char *text = export_all("ndjson", &ep, 1, &nothing_seen);
	struct json_object *row = json_tokener_parse(text);
	size_t i;

	(void)state;
	assert_non_null(row);
	for (i = 0; i < NR_OF(keys); i++)
		check_key(row, keys[i], "null");
	check_key(row, "entry_ns", "5");
	check_key(row, "compact_ns", "0");
	json_object_put(row);
	free(text);
}

static void what_is_known_is_there(void **state)
{
	const struct visit visits[] = { { STAGE_ENTRY, 8 } };
	struct episode ep = fixture_episode(7, 2000, OUTCOME_OK, visits, 1);
	struct json_object *row;
	char *text;

	(void)state;
	fixture_request(&ep, "load", 3, 0xcc0, 1);
	fixture_run(&ep);
	ep.exits = 1U << EXIT_FIRST_ATTEMPT | 1U << EXIT_NEXT_ATTEMPT;
	ep.retries = (struct between){ 2, BETWEEN_OPEN };
	ep.oom_lock_waits = (struct between){ 0, 1 };
	ep.watermark = WATERMARK_MIN;
	ep.nr_attempts = 3;
	text = export_all("ndjson", &ep, 1, &all_seen);
	row = json_tokener_parse(text);
	assert_non_null(row);
	check_key(row, "order", "3");
	check_key(row, "gfp_bits", "\"0xcc0\"");
	check_key(row, "migratetype_name", "\"Movable\"");
	check_key(row, "exit_may_be", "[ \"first_attempt\", \"next_attempt\" ]");
	check_key(row, "watermark", "\"min\"");
	check_key(row, "retries_min", "2");
	check_key(row, "retries_max", "null");
	check_key(row, "oom_lock_waits_max", "1");
	check_key(row, "attempts", "3");
	check_key(row, "null_attempts", "0");
	check_key(row, "captured", "false");
	check_key(row, "on_cpu_ns", "4");
	check_key(row, "longest_hole_ns", "8");
	json_object_put(row);
	free(text);
}

/* Microseconds of all slices of one kind; *last: the name of the last of them. */
static double slices_us(struct json_object *trace, const char *category, const char **last)
{
	struct json_object *events, *cat, *value;
	double us = 0, at_us;
	size_t i;

	assert_true(json_object_object_get_ex(trace, "traceEvents", &events));
	for (i = 0; i < json_object_array_length(events); i++) {
		struct json_object *event = json_object_array_get_idx(events, i);

		if (!json_object_object_get_ex(event, "cat", &cat) ||
		    strcmp(json_object_get_string(cat), category))
			continue;
		at_us = json_object_get_double(json_object_object_get(event, "ts"));
		json_object_object_get_ex(event, "ph", &value);
		us += *json_object_get_string(value) == 'E' ? at_us : -at_us;
		json_object_object_get_ex(event, "name", &value);
		*last = json_object_get_string(value);
	}
	return us;
}

static void stages_beyond_those_kept_are_one_slice(void **state)
{
	struct visit visits[EPISODE_PATH_MAX + 20];
	struct json_object *trace;
	const char *last = "";
	struct episode ep;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(visits); i++)
		visits[i] = (struct visit){ i % 2 ? STAGE_RECLAIM : STAGE_RETRY, 1000 };
	ep = fixture_episode(1, 2000, OUTCOME_OK, visits, NR_OF(visits));
	text = export_all("perfetto", &ep, 1, &all_seen);
	trace = json_tokener_parse(text);
	assert_non_null(trace);
	assert_true(slices_us(trace, "episode", &last) == NR_OF(visits));
	assert_string_equal(last, "ok: free_page");
	assert_true(slices_us(trace, "stage", &last) == NR_OF(visits));
	assert_string_equal(last, "more stages");
	json_object_put(trace);
	free(text);
}

static void idle_tasks_have_a_track_per_cpu(void **state)
{
	const struct visit visits[] = { { STAGE_ENTRY, 5 } };
	struct episode eps[2];
	char *text;

	(void)state;
	eps[0] = eps[1] = fixture_episode(1, 2000, OUTCOME_OK, visits, 1);
	eps[0].pid = eps[1].pid = 0;
	eps[1].cpu = 3;
	text = export_all("perfetto", eps, 2, &all_seen);
	assert_non_null(strstr(text, "\"tid\":20000000,\"name\":\"thread_name\""));
	assert_non_null(strstr(text, "\"tid\":20000003,\"name\":\"thread_name\""));
	assert_non_null(strstr(text, "{\"name\":\"CPU 3\"}"));
	free(text);
}

#define STACKS_KEPT 65536

static void stacks_are_bounded(void **state)
{
	const struct visit visits[] = { { STAGE_ENTRY, 7 } };
	size_t nr = STACKS_KEPT + 3, i, lines = 0;
	struct episode *eps = calloc(nr, sizeof(*eps));
	char *text, *at;

	(void)state;
	assert_non_null(eps);
	for (i = 0; i < nr; i++) {
		eps[i] = fixture_episode(1, 2000, OUTCOME_OK, visits, 1);
		snprintf(eps[i].comm, sizeof(eps[i].comm), "t%zu", i);
	}
	text = export_all("folded", eps, nr, &all_seen);
	for (at = text; (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, STACKS_KEPT + 1);
	assert_non_null(strstr(text, "\nt65535;entry > ok;entry 7\n"));
	assert_non_null(strstr(text, "\n(stacks that were not kept) 21\n"));
	free(text);
	free(eps);
}

static void equal_stacks_are_one_line(void **state)
{
	const struct visit visits[] = { { STAGE_ENTRY, 7 }, { STAGE_RECLAIM, 50 } };
	struct episode eps[2];
	char *text;

	(void)state;
	eps[0] = eps[1] = fixture_episode(1, 2000, OUTCOME_OK, visits, 2);
	text = export_all("folded", eps, 2, &all_seen);
	assert_string_equal(text, "(unknown task);entry > ok;entry 14\n"
				  "(unknown task);entry > ok;reclaim 100\n");
	free(text);
}

/* By the summary's rows: two stacks of one, a nameless one, one that has no row, and none at all. */
static void call_stacks_get_their_names(void **state)
{
	struct frame_row near[] = { { .function = "__alloc_pages" }, { .function = "a;b [m]" } };
	struct frame_row far[] = { { .function = "__alloc_pages" }, { 0 }, { .function = "..." } };
	struct stack_row rows[] = {
		{ .kind = KEY_OTHER },
		{ .kind = KEY_KNOWN, .frames = { true, near, NR_OF(near) } },
		{ .kind = KEY_KNOWN, .frames = { true, near, NR_OF(near) } },
		{ .kind = KEY_UNKNOWN },
		{ .kind = KEY_KNOWN, .frames = { true, far, NR_OF(far) } },
	};
	const struct summary summary = {
		.callers = { .known = true, .stacks = rows, .nr_stacks = NR_OF(rows) },
	};
	const uint32_t numbers[] = { 2, 0, 1, 3, UINT32_MAX, 4, 1, 2, 77 };
	struct episode eps[NR_OF(numbers)];
	uint64_t ns = 1;
	size_t i;
	char *text;

	(void)state;
	for (i = 0; i < NR_OF(eps); i++, ns *= 10) {
		const struct visit visits[] = { { STAGE_ENTRY, ns } };

		eps[i] = fixture_episode(i + 1, 2000, OUTCOME_OK, visits, 1);
		eps[i].stack = numbers[i];
		strcpy(eps[i].comm, "t");
	}
	text = export_with("folded", eps, NR_OF(eps), &all_seen, &summary);
	assert_string_equal(text, "t;(callers that were not kept);entry > ok;entry 100010000\n"
				  "t;(unknown callers);entry > ok;entry 1010\n"
				  "t;...;(unknown);__alloc_pages;entry > ok;entry 100000\n"
				  "t;a\\x3bb [m];__alloc_pages;entry > ok;entry 11000101\n");
	free(text);
}

static void unknown_formats_are_none(void **state)
{
	(void)state;
	assert_null(export_find("xml"));
	assert_null(export_find(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_their_digits),
		cmocka_unit_test(microseconds_are_exact),
		cmocka_unit_test(names_stay_names),
		cmocka_unit_test(any_two_bytes_are_json),
		cmocka_unit_test(long_texts_pass),
		cmocka_unit_test(a_sink_without_a_file_cuts),
		cmocka_unit_test(a_failure_sticks),
		cmocka_unit_test(what_is_not_known_is_null),
		cmocka_unit_test(what_is_known_is_there),
		cmocka_unit_test(stages_beyond_those_kept_are_one_slice),
		cmocka_unit_test(idle_tasks_have_a_track_per_cpu),
		cmocka_unit_test(stacks_are_bounded),
		cmocka_unit_test(equal_stacks_are_one_line),
		cmocka_unit_test(call_stacks_get_their_names),
		cmocka_unit_test(unknown_formats_are_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
