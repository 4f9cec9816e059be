// SPDX-License-Identifier: GPL-2.0-or-later
/* Summaries that are read back: the same again, or one sentence that says where and what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "readback/readback.h"
#include "render/render.h"

#define SAMPLE "samples/7.3-full-anon.json"

struct bytes {
	char *at;
	size_t len;
};

static struct bytes load(const char *path)
{
	FILE *file = fopen(path, "r");
	struct bytes bytes = { malloc(1 << 20), 0 };

	assert_non_null(file);
	assert_non_null(bytes.at);
	bytes.len = fread(bytes.at, 1, 1 << 20, file);
	assert_true(bytes.len > 1000 && bytes.len < 1 << 20);
	fclose(file);
	return bytes;
}

static int read_bytes(const char *at, size_t len, struct summary *summary, struct err *err)
{
	int fd = memfd_create("json", 0), ret;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, at, len), len);
	ret = readback_json(fd, "x.json", summary, err);
	close(fd);
	return ret;
}

/* Refused, with this sentence. */
static void refused(const char *at, size_t len, const char *sentence)
{
	struct summary summary = { 0 };
	struct err err = { "" };

	assert_true(read_bytes(at, len, &summary, &err) < 0);
	assert_string_equal(err.text, sentence);
	summary_free(&summary);
}

static void refused_text(const char *text, const char *sentence)
{
	refused(text, strlen(text), sentence);
}

/* --- the same again ------------------------------------------------------------------------ */

static struct bytes written(const struct summary *summary)
{
	struct bytes bytes;
	FILE *out = open_memstream(&bytes.at, &bytes.len);
	struct err err;

	assert_non_null(out);
	assert_int_equal(render_json(summary, out, &err), 0);
	fclose(out);
	return bytes;
}

static void same_again(const struct bytes *bytes)
{
	struct summary summary = { 0 };
	struct bytes again;
	struct err err = { "" };

	if (read_bytes(bytes->at, bytes->len, &summary, &err))
		fail_msg("%s", err.text);
	again = written(&summary);
	assert_int_equal(again.len, bytes->len);
	assert_memory_equal(again.at, bytes->at, bytes->len);
	free(again.at);
	summary_free(&summary);
}

static void test_sample(void **state)
{
	struct bytes bytes = load(SAMPLE);

	(void)state;
	same_again(&bytes);
	free(bytes.at);
}


/* What samples have none of: losses, damage, sched events, what is in flight, unknown values. */
static void test_rare_values(void **state)
{
	static struct cpu_loss losses[2] = {
		{ .cpu = 3,
		  .places = 20,
		  .records = 77,
		  .uncounted = true,
		  .first_ns = 0,
		  .last_ns = UINT64_MAX,
		  .nr_ranges = 2,
		  .ranges = { { 0, 5, false, 0 }, { 7, UINT64_MAX, true, UINT64_MAX } } },
		{ .cpu = UINT32_MAX, .places = 1, .records = 5, .first_ns = 2, .last_ns = 3 },
	};
	static struct ring_loss ring = { 1, 2, 3, 4 };
	static struct probe_count probe = { "se", UINT64_MAX, 9 };
	static struct episode episode = {
		.id = 9,
		.parent = 8,
		.start_ns = 1000,
		.end_ns = 5000,
		.outcome = OUTCOME_IN_FLIGHT,
		.level = LEVEL_HARDIRQ,
		.background = BACKGROUND_KSWAPD,
		.pid = -1,
		.retries = { 2, BETWEEN_OPEN },
		.oom_lock_waits = { 0, 65534 },
		.visits = { [STAGE_ENTRY] = 1, [STAGE_THROTTLE] = 1 },
		.stage_ns = { [STAGE_ENTRY] = 1500, [STAGE_THROTTLE] = 2500 },
		.run_ns = { [STAGE_ENTRY] = { 1000, 300, 200 }, [STAGE_THROTTLE] = { 0, 0, 2500 } },
		.stage = STAGE_THROTTLE,
		.stage_since_ns = 2500,
		.last_event_ns = 2600,
		.run = RUN_SLEEPING,
		.nr_holes = 1,
		.nr_holes_kept = 1,
		.holes = { { 5, { 1, 2, 3 }, STAGE_THROTTLE, true } },
		.in_crowd = true,
		.others_at_start = 4,
		.others_max = UINT32_MAX,
		.nr_steps = 3,
		.steps = { { 0, STAGE_ENTRY, 0, STEP_STAGE, STAGE_ENTRY },
			   { 1, 99, 0, STEP_COMPACTED, 0 },
			   { 2, INT64_MIN, 0, STEP_NESTED, 0 } },
	};
	static struct frame_row frames[] = { { "f\xff [m]\033", { true, UINT64_MAX } },
					     { NULL, { false, 0 } },
					     { "", { true, 0 } } };
	static struct caller_row callers[] = {
		{ KEY_KNOWN, { true, frames, 3 }, { 1, 4000, 4000, 4000, 4000, 4000, 4000, TIME_EXACT, false, NULL, 0 } },
		{ KEY_UNKNOWN, { false, NULL, 0 }, { .count = 0 } },
		{ KEY_OTHER, { false, NULL, 0 }, { .count = 0 } },
	};
	struct worst worst = { &episode, TIME_APPROXIMATE, "entry > throttle", "a\tb", NULL, NULL,
			       "web7.dat", { true, frames, 3 } };
	struct summary summary = {
		.merged = { 7, 99 },
		.identity = { .tool_version = "0", .clock = "mono", .stop_ns = 10, .start_ns = 3,
			      .window_closed = true, .ended = "a signal", .kernel_release = "6.12.1" },
		.slowpath = { .basis = BASIS_SITE,
			      .entries = { CERTAINTY_BOUNDED, 1, 1, 3 },
			      .unseen = { CERTAINTY_LOWER_BOUND, 0, 0, 0 },
			      .rebuilt = 1,
			      .outcomes = { [OUTCOME_IN_FLIGHT] = 1 },
			      .times = { 1, 4000, 4000, 4000, 4000, 4000, 4000, TIME_AT_LEAST },
			      .self = { 1, 4000, 4000, 4000, 4000, 4000, 4000, TIME_AT_MOST } },
		.callers = { true, callers, 3 },
		.worst = &worst,
		.nr_worst = 1,
		.waiting = { .has_sched = true, .in_flight = &worst, .nr_in_flight = 1,
			     .nr_in_flight_all = 12, .holes_ns = { 1, 2, 3 } },
		.limits = { .gaps = 1U << GAP_LOST | 1U << GAP_DAMAGED,
			    .stacks_alone = { true, UINT64_MAX },
			    .losses = losses,
			    .nr_losses = 2,
			    .has_ring_losses = true,
			    .ring_losses = &ring,
			    .nr_ring_losses = 1,
			    .has_probes = true,
			    .probes = &probe,
			    .nr_probes = 1,
			    .damage = { .nr = 5, .bytes = 6, .nr_kept = 1,
					.kept = { { 1, UINT64_MAX, "a hole" } } } },
	};
	struct bytes bytes = written(&summary);

	(void)state;
	assert_non_null(strstr(bytes.at, "\"records_min\": 77"));
	assert_non_null(strstr(bytes.at, "[ \"f\\\\xff [m]\\u001b\", \"?\", \"\" ]"));
	assert_non_null(strstr(bytes.at, "[ \"0xffffffffffffffff\", null, \"0x0\" ]"));
	assert_non_null(strstr(bytes.at, "\"ended\": \"a signal\""));
	assert_non_null(strstr(bytes.at, "\"merged\": { \"summaries\": 7, \"cpus\": 99 }"));
	assert_non_null(strstr(bytes.at, "\"origin\": \"web7.dat\""));
	same_again(&bytes);
	free(bytes.at);
}

/* --- one value that cannot be ---------------------------------------------------------------- */

/* Puts `value` at a place such as "episodes[0].steps[2].what"; the last part is a key. */
static void change(struct json_object *at, const char *place, struct json_object *value)
{
	char part[64];
	int len;

	for (; sscanf(place, "%63[^.[]%n", part, &len) == 1; place++) {
		place += len;
		if (!*place) {
			json_object_object_add(at, part, value);
			return;
		}
		at = json_object_object_get(at, part);
		while (*place == '[') {
			at = json_object_array_get_idx(at, strtoul(place + 1, NULL, 10));
			place = strchr(place, ']') + 1;
		}
		assert_non_null(at);
	}
	fail_msg("no such place");
}

#define U64 "expected a whole number from 0 to 2^64 - 1, found something else"
#define U32 "expected a whole number from 0 to 2^32 - 1, found something else"
#define TEXT "expected a text without NUL, found something else"

static void test_one_value(void **state)
{
	static const struct {
		const char *place, *value, *sentence;
	} rows[] = {
		{ "schema", "null", "schema: expected \"pagetrail.summary/1\", found something else" },
		{ "schema", "\"pagetrail.summary/2\"",
		  "schema: expected \"pagetrail.summary/1\", found something else" },
		{ "schema", "7", "schema: " TEXT },
		{ "tool", "null", "tool: expected an object, found something else" },
		{ "tool", "[]", "tool: expected an object, found something else" },
		{ "capture.bytes", "-1", "capture.bytes: " U64 },
		{ "capture.bytes", "1.5", "capture.bytes: " U64 },
		{ "capture.bytes", "1e3", "capture.bytes: " U64 },
		{ "capture.bytes", "\"1\"", "capture.bytes: " U64 },
		{ "capture.bytes", "null", "capture.bytes: " U64 },
		{ "capture.cpus", "4294967296", "capture.cpus: " U32 },
		{ "capture.file", "\"a\\u0000b\"", "capture.file: " TEXT },
		{ "capture.file", "{}", "capture.file: " TEXT },
		{ "capture.byte_order", "\"middle\"",
		  "capture.byte_order: expected a byte order, found something else" },
		{ "capture.window.duration_ns", "1",
		  "capture.window.duration_ns: expected the time from start_ns to stop_ns, found "
		  "something else" },
		{ "slowpath.basis", "\"guess\"",
		  "slowpath.basis: expected the basis of the entries, found something else" },
		{ "slowpath.entries.max", "9",
		  "slowpath.entries.certainty: expected equal count, min and max of what is exact, "
		  "found something else" },
		{ "slowpath.entries.certainty", "\"sure\"",
		  "slowpath.entries.certainty: expected a certainty, found something else" },
		{ "slowpath.outcomes.ok", "true", "slowpath.outcomes.ok: " U64 },
		{ "slowpath.nested", "null", "slowpath.nested: expected an object, found something else" },
		{ "slowpath.time_ns.p50", "null",
		  "slowpath.time_ns.p50: expected a time, found something else" },
		{ "slowpath.time_ns.basis", "\"exactly\"",
		  "slowpath.time_ns.basis: expected the basis of a time, found something else" },
		{ "slowpath.time_ns.buckets", "[[129,1]]",
		  "slowpath.time_ns.buckets[0]: expected the lower end of a bucket, found "
		  "something else" },
		{ "slowpath.time_ns.buckets", "[[128,-3]]", "slowpath.time_ns.buckets[0]: " U64 },
		{ "slowpath.time_ns.buckets", "[[128,0]]",
		  "slowpath.time_ns.buckets[0]: expected a bucket with a value, found something else" },
		{ "slowpath.time_ns.buckets", "[[128,1],[128,1]]",
		  "slowpath.time_ns.buckets: expected the shortest times first, found something else" },
		{ "slowpath.time_ns.buckets", "[[0,18446744073709551615],[1,2]]",
		  "slowpath.time_ns.buckets: expected as many values as are counted, found "
		  "something else" },
		{ "slowpath.time_ns.buckets", "[]",
		  "slowpath.time_ns.buckets: expected as many values as are counted, found "
		  "something else" },
		{ "slowpath.time_ns.max", "1",
		  "slowpath.time_ns.buckets: expected the longest time in the last one, found "
		  "something else" },
		{ "slowpath.time_ns.buckets", "[{}]",
		  "slowpath.time_ns.buckets[0]: expected an array, found something else" },
		{ "slowpath.time_ns.buckets", "[[]]", "slowpath.time_ns.buckets[0]: " U64 },
		{ "slowpath.time_ns.buckets", "3",
		  "slowpath.time_ns.buckets: expected an array, found something else" },
		{ "attempts.by_label[0].label", "\"slow\"",
		  "attempts.by_label[0].label: expected the label of an attempt, found something else" },
		{ "attempts.by_label", "[1]",
		  "attempts.by_label[0]: expected an object, found something else" },
		{ "slow_not_slowpath.classes", "[{},{},{},{}]",
		  "slow_not_slowpath.classes: expected fewer items, found something else" },
		{ "stages[0].name", "\"ok\"",
		  "stages[0].name: expected a stage that has a time, found something else" },
		{ "stages", "[{},{},{},{},{},{},{}]",
		  "stages: expected fewer items, found something else" },
		{ "transitions[0].to", "null",
		  "transitions[0].to: expected a stage, found something else" },
		{ "by.gfp[0].gfp", "\"12\"",
		  "by.gfp[0].gfp: expected a text with a hexadecimal number such as \"0xcc0\", found "
		  "something else" },
		{ "by.gfp[0].gfp", "\"0x10000000000000000\"",
		  "by.gfp[0].gfp: expected a text with a hexadecimal number such as \"0xcc0\", found "
		  "something else" },
		{ "by.order[0].order", "9223372036854775808",
		  "by.order[0].order: expected a whole number from -2^63 to 2^63 - 1, found something "
		  "else" },
		{ "by.order[0].other", "true",
		  "by.order[0].other: expected no key beside it, found something else" },
		{ "exits[0].exit_may_be", "[\"magic\"]",
		  "exits[0].exit_may_be: expected a reason of an exit, found something else" },
		{ "retries", "null", "retries: expected an object, found something else" },
		{ "episodes[0].pid", "2147483648",
		  "episodes[0].pid: expected a whole number from -2^31 to 2^31 - 1, found something "
		  "else" },
		{ "episodes[1].retries.max", "65536",
		  "episodes[1].retries.max: expected a whole number from 0 to 65535, found something "
		  "else" },
		{ "episodes[0].path", "null", "episodes[0].path: expected a text, found something else" },
		{ "episodes[0].steps[1].what", "\"slept\"",
		  "episodes[0].steps[1].what: expected the name of a step, found something else" },
		{ "episodes[0].holes", "[{},{},{},{},{}]",
		  "episodes[0].holes: expected fewer items, found something else" },
		{ "by.caller", "{}", "by.caller: expected an array, found something else" },
		{ "by.caller", "[3]", "by.caller[0]: expected an object, found something else" },
		{ "by.caller", "[{\"frames\":[\"f\"],\"offsets\":null,\"count\":1}]",
		  "by.caller[0].offsets: expected one for each function, found something else" },
		{ "by.caller", "[{\"frames\":[\"f\"],\"offsets\":[],\"count\":1}]",
		  "by.caller[0].offsets: expected one for each function, found something else" },
		{ "by.caller", "[{\"frames\":[7],\"offsets\":[null]}]", "by.caller[0].frames: " TEXT },
		{ "by.caller", "[{\"frames\":[null],\"offsets\":[null]}]",
		  "by.caller[0].frames: expected texts, found something else" },
		{ "by.caller", "[{\"frames\":[\"f\"],\"offsets\":[\"12\"]}]",
		  "by.caller[0].offsets: expected a text with a hexadecimal number such as \"0xcc0\", "
		  "found something else" },
		{ "by.caller", "[{\"frames\":[],\"offsets\":[],\"other\":true}]",
		  "by.caller[0].other: expected no frames beside it, found something else" },
		{ "episodes[0].stack", "[\"f\"]",
		  "episodes[0].stack_offsets: expected one for each function, found something else" },
		{ "limits.stacks_alone", "-1", "limits.stacks_alone: " U64 },
		{ "in_flight.count", "0.0", "in_flight.count: " U64 },
		{ "concurrency.basis", "3",
		  "concurrency.basis: expected the basis of a time, found something else" },
		{ "timeline[0].lossy", "0",
		  "timeline[0].lossy: expected true or false, found something else" },
		{ "state.start.meminfo", "[]",
		  "state.start.meminfo: expected an object, found something else" },
		/* A key of the file's own, which could act on a terminal, is not repeated. */
		{ "state.start.meminfo", "{\"\\u001b[2J\":\"x\"}",
		  "state.start.meminfo: expected a whole number from -2^63 to 2^63 - 1, found something "
		  "else" },
		{ "state.start.pressure.some.avg10_pct", "\"0.1\"",
		  "state.start.pressure.some.avg10_pct: expected a number such as 0.25, found something "
		  "else" },
		{ "state.start.pressure.some.avg10_pct", "1e999",
		  "state.start.pressure.some.avg10_pct: expected a number such as 0.25, found something "
		  "else" },
		{ "state.stop.zoneinfo", "[\"a\",3]", "state.stop.zoneinfo: " TEXT },
		{ "reconciliation[2].verdict", "\"fine\"",
		  "reconciliation[2].verdict: expected a verdict, found something else" },
		{ "limits.gaps", "[\"hole\"]", "limits.gaps: expected a gap, found something else" },
		{ "limits.damage.unfinished", "null",
		  "limits.damage.unfinished: expected true or false, found something else" },
		{ "limits.damage.places", "1",
		  "limits.damage.first: expected a place where there are any, and none where not, found "
		  "something else" },
	};
	struct bytes bytes = load(SAMPLE);
	size_t i;

	(void)state;
	bytes.at[bytes.len] = '\0';
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json_object *tree = json_tokener_parse(bytes.at);
		char sentence[512];

		change(tree, rows[i].place, json_tokener_parse(rows[i].value));
		snprintf(sentence, sizeof(sentence), "x.json: %s", rows[i].sentence);
		refused_text(json_object_to_json_string_ext(tree, JSON_C_TO_STRING_PLAIN), sentence);
		json_object_put(tree);
	}
	free(bytes.at);
}

static void test_lists_have_room(void **state)
{
	struct bytes bytes = load(SAMPLE);
	struct json_object *tree, *steps, *step;
	size_t i;

	(void)state;
	bytes.at[bytes.len] = '\0';
	tree = json_tokener_parse(bytes.at);
	steps = json_object_object_get(
		json_object_array_get_idx(json_object_object_get(tree, "episodes"), 0), "steps");
	step = json_object_array_get_idx(steps, 0);
	for (i = json_object_array_length(steps); i <= EPISODE_STEPS_MAX; i++)
		json_object_array_add(steps, json_object_get(step));
	refused_text(json_object_to_json_string_ext(tree, JSON_C_TO_STRING_PLAIN),
		     "x.json: episodes[0].steps: expected fewer items, found something else");
	json_object_put(tree);
	free(bytes.at);
}

/* --- what is no JSON ------------------------------------------------------------------------- */

static void test_no_json(void **state)
{
	char deep[4096];

	(void)state;
	refused_text("", "x.json: offset 0: expected more of the summary, found the end of the file");
	refused_text("{", "x.json: offset 1: expected more of the summary, found the end of the file");
	refused_text("[]", "x.json: offset 2: expected an object, found something else");
	refused_text("{} x", "x.json: offset 3: expected JSON, found unexpected character");
	refused_text("{\"a\":\"\xff\"}", "x.json: offset 6: expected JSON, found invalid utf-8 string");
	refused_text("{\"a\":18446744073709551616}",
		     "x.json: offset 24: expected a number of 64 bits, found a larger one");
	refused_text("{\"a\":-9223372036854775809}",
		     "x.json: offset 24: expected a number of 64 bits, found a larger one");
	refused_text("{\"\\\"9\":\"99999999999999999999999\",\"b\":18446744073709551615}",
		     "x.json: schema: expected \"pagetrail.summary/1\", found something else");
	refused("{}\0", 3, "x.json: offset 2: expected the end of the summary, found more");
	memset(deep, '[', sizeof(deep));
	refused(deep, sizeof(deep), "x.json: offset 12: expected JSON, found nesting too deep");
	refused_text("{\"schema\":\"pagetrail.summary/1\"}",
		     "x.json: tool: expected an object, found something else");
}

/* Wherever it is cut, it is refused; without its last newline it is whole. */
static void test_cut(void **state)
{
	struct bytes bytes = load(SAMPLE);
	size_t len;

	(void)state;
	for (len = 0; len + 1 < bytes.len; len += len < 2000 || len + 2000 > bytes.len ? 1 : 61) {
		struct summary summary = { 0 };
		struct err err = { "" };

		assert_true(read_bytes(bytes.at, len, &summary, &err) < 0);
		assert_non_null(strstr(err.text, "found the end of the file"));
		summary_free(&summary);
	}
	bytes.len--;
	bytes.at[bytes.len] = ' ';
	refused(bytes.at, 0, "x.json: offset 0: expected more of the summary, found the end of the file");
	{
		struct summary summary = { 0 };
		struct err err = { "" };

		assert_int_equal(read_bytes(bytes.at, bytes.len, &summary, &err), 0);
		summary_free(&summary);
	}
	free(bytes.at);
}

static void test_too_much(void **state)
{
	size_t len = READBACK_SIZE_MAX + 1, i;
	char *large = malloc(len);

	(void)state;
	assert_non_null(large);
	memset(large, ' ', len);
	large[0] = '{';
	refused(large, len, "x.json: more than 64 MiB: no summary is so large");
	for (i = 0; i < 3 * 500001; i += 3)
		memcpy(large + i, "[],", 3);
	memcpy(large, "{\"a\":[", 6);
	refused(large, i, "x.json: more than 500000 objects and arrays: no summary has so many");
	memset(large, ',', len);
	memcpy(large, "{\"a\":[0", 7);
	for (i = 8; i < 2 * 1000002 + 8; i += 2)
		large[i] = '0';
	refused(large, i, "x.json: more than 1000000 values: no summary has so many");
	free(large);
}

static void test_looks_like_json(void **state)
{
	(void)state;
	assert_true(readback_is_json("{", 1));
	assert_true(readback_is_json(" \t\r\n{\"a\"", 8));
	assert_false(readback_is_json("", 0));
	assert_false(readback_is_json(" ", 1));
	assert_false(readback_is_json("\x17\x08\x44tracing", 10));
	assert_false(readback_is_json("[", 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_rare_values),
		cmocka_unit_test(test_one_value),
		cmocka_unit_test(test_lists_have_room),
		cmocka_unit_test(test_no_json),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_looks_like_json),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
