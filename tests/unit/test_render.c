// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * render/: what is written is read back and compared, bytes do not depend on anything but the
 * summary, and no byte of a capture can break the form.
 *
 * With an argument: writes example summaries into that folder instead, for tests/schema.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <json-c/json.h>

#include "render/check.h"
#include "render/clean.h"
#include "render/render.h"
#include "summary_fixture.h"

/* --- examples ------------------------------------------------------------------------------ */

static const struct visit quick[] = { { STAGE_ENTRY, 2500 } };
static const struct visit slow[] = {
	{ STAGE_ENTRY, 900 },	 { STAGE_COMPACT, 70000 }, { STAGE_RECLAIM, 800000 },
	{ STAGE_THROTTLE, 400 }, { STAGE_RECLAIM, 50 },	   { STAGE_RETRY, 20 },
	{ STAGE_OOM, 3000000 },
};

static const struct step all_steps[] = {
	{ .kind = STEP_STAGE, .detail = STAGE_ENTRY },
	{ .kind = STEP_WAKE, .at_ns = 10, .value = 1 },
	{ .kind = STEP_ATTEMPT, .at_ns = 20, .detail = ATTEMPT_FIRST, .alloc_flags = 0x840 },
	{ .kind = STEP_COMPACTED, .at_ns = 30, .value = 8 },
	{ .kind = STEP_COMPACTED, .at_ns = 31, .value = 99 },
	{ .kind = STEP_RECLAIMED, .at_ns = 40, .value = 32 },
	{ .kind = STEP_THROTTLED, .at_ns = 50, .value = 4000 },
	{ .kind = STEP_DRAIN, .at_ns = 60 },
	{ .kind = STEP_UNRESERVE, .at_ns = 61, .value = 1 },
	{ .kind = STEP_VICTIM, .at_ns = 70, .value = 4242 },
	{ .kind = STEP_NESTED, .at_ns = 80, .value = 1234 },
	{ .kind = STEP_WARN, .at_ns = 90 },
	{ .kind = STEP_ATTEMPT,
	  .at_ns = 99,
	  .detail = ATTEMPT_OOM,
	  .alloc_flags = 0x42,
	  .value = 1 },
};

static struct episode make_slow(uint64_t id, enum outcome outcome)
{
	struct episode ep = fixture_episode(id, 50000, outcome, slow, NR_OF(slow));

	fixture_request(&ep, "stress-ng-vm", 3, 0x40cc0, 1);
	ep.stack = 3;
	memcpy(ep.steps, all_steps, sizeof(all_steps));
	ep.nr_steps = NR_OF(all_steps);
	ep.nr_attempts = 7;
	ep.nr_null_attempts = 6;
	ep.nr_reclaimed = 32;
	ep.parent = 5;
	ep.depth = 1;
	fixture_run(&ep);
	return ep;
}

/* Only `full` looks at them. */
static struct stacks *stacks;

static void add(struct aggregate *agg, struct episode ep)
{
	assert_int_equal(aggregate_episode(agg, &ep), 0);
}

static void feed(struct aggregate *agg)
{
	struct episode ep;
	uint64_t id;

	for (id = 1; id <= 8; id++) {
		ep = fixture_episode(id, 2000 * id, OUTCOME_OK, quick, NR_OF(quick));
		ep.in_crowd = true;
		ep.stack = id <= 4 ? (uint32_t)id : id == 5 ? STACK_NOT_KEPT : 1;
		fixture_request(&ep, id % 2 ? "dd" : "a\xff\"\\\x1b[31m", 0, 0x100cca, 5);
		add(agg, ep);
	}
	add(agg, make_slow(9, OUTCOME_OK));
	ep = make_slow(10, OUTCOME_FAILED);
	ep.background = BACKGROUND_KSWAPD;
	ep.depth = 0;
	ep.nested_ns = 1370;
	add(agg, ep);
	add(agg, make_slow(11, OUTCOME_IN_FLIGHT));
	ep = fixture_episode(12, 90000, OUTCOME_INCOMPLETE, quick, NR_OF(quick));
	ep.start_edge = EDGE_OUTSIDE;
	add(agg, ep);
}

static void fill_notes(struct fixture *fix)
{
	const struct snapshot_notes start = {
		.vmstat = "allocstall_normal 1\nnr_free_pages 500\n",
		.zoneinfo = "Node 0, zone      DMA\n  pages free     3840\n",
		.buddyinfo = "Node 0, zone      DMA      1      0\n",
		.pressure = "some avg10=0.25 avg60=0.00 avg300=0.00 total=77\n"
			    "full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n",
		.meminfo = "MemTotal:         497320 kB\nHugePages_Total:       0\n",
		.sysctl = "vm.swappiness = 60\n",
		.probes = "slow_enter_0 0 0\n",
	};

	fix->input.start = fix->input.stop = start;
	fix->input.stop.vmstat = "allocstall_normal 3\nnr_free_pages 100\n";
	fix->input.stop.probes = "slow_enter_0 12 0\nslow_exit_0 11 0\n";
	fix->input.plan = "missing mm_vmscan_throttled not an event of this kernel\n"
			  "limit attempts are not seen\n";
	fix->input.ended = "the command ended with status 0";
	fix->input.verify = "count 12 cpus 2\n";
	fix->counts.entries = fix->counts.entries_verify = 12;
	fix->info.kinds |= 1ULL << EV_RECLAIM_BEGIN;
	fix->counts.sched_switches = fix->counts.sched_wakeups = 1;
	fix->counts.crowd = (struct crowd_counts){ .ns = { 900000, 99000 },
						   .task_ns = { 0, 99000 },
						   .max = 1,
						   .max_at_ns = 50000,
						   .stage_max = { 1 },
						   .stage_task_ns = { 99000 } };
}

static void lose(struct aggregate *agg)
{
	struct event ev = { .kind = EV_LOST,
			    .cpu = 1,
			    .have = 1U << FIELD_COUNT | 1U << FIELD_UNTIL };

	event_set(&ev, FIELD_UNTIL, 70000);
	event_set(&ev, FIELD_COUNT, 40);
	assert_int_equal(aggregate_event(agg, &ev), 0);
	ev.have = 1U << FIELD_UNTIL;
	ev.ts_ns = 80000;
	event_set(&ev, FIELD_UNTIL, 90000);
	assert_int_equal(aggregate_event(agg, &ev), 0);
	ev.cpu = 0;
	ev.have |= 1U << FIELD_COUNT;
	assert_int_equal(aggregate_event(agg, &ev), 0);
}

/* The window of the fixture, with two ticks between which every number grows by one. */
static void tick(struct aggregate *agg, unsigned int readings)
{
	struct seq *seq = seq_new(0, 1);
	char text[NOTE_PAYLOAD_MAX];
	enum reading reading;
	unsigned int when;

	assert_non_null(seq);
	fixture_note(agg, seq, 1000, NOTE_WINDOW_START, "");
	for (when = 0; when < 2; when++) {
		int len = 0;

		for (reading = 0; reading < readings; reading++)
			len += snprintf(text + len, sizeof(text) - (size_t)len, "%s %u ",
					kernel_reading_name(reading), 40 + when);
		fixture_note(agg, seq, 2000 + 996000 * when, NOTE_TICK, text);
	}
	fixture_note(agg, seq, 1000000, NOTE_WINDOW_STOP, "");
	seq_free(seq);
}

static void make_summary(struct fixture *fix, struct summary *summary)
{
	struct aggregate *agg = aggregate_new(3);
	const struct detour node = { DETOUR_NODE, 2, 5000 };
	const struct detour memcg = { DETOUR_MEMCG_ELSEWHERE, 1, 700 };
	struct event ev = { .kind = EV_RECLAIM_BEGIN };

	assert_non_null(agg);
	if (fix->readings)
		tick(agg, fix->readings);
	feed(agg);
	assert_int_equal(aggregate_detour(agg, &node), 0);
	assert_int_equal(aggregate_detour(agg, &memcg), 0);
	assert_int_equal(aggregate_event(agg, &ev), 0);
	assert_int_equal(aggregate_event(agg, &ev), 0);
	if (fix->lost)
		lose(agg);
	assert_int_equal(aggregate_finish(agg, &fix->input, summary), 0);
	aggregate_free(agg);
}

static void as_site(struct fixture *fix)
{
	fixture_init(fix);
	fill_notes(fix);
}

static void as_full(struct fixture *fix)
{
	as_site(fix);
	fix->input.profile = "full\nasked for\n";
	fix->readings = NR_READINGS;
	fix->input.host = "release=6.12.94-cloud-amd64\npid=77\n";
	fix->info.kinds |= 1ULL << EV_ATTEMPT_ENTER | 1ULL << EV_ATTEMPT_EXIT |
			   1ULL << EV_ALLOC_ENTER | 1ULL << EV_ALLOC_EXIT |
			   1ULL << EV_NODE_RECLAIM_BEGIN | 1ULL << EV_NODE_RECLAIM_END |
			   1ULL << EV_MEMCG_RECLAIM_BEGIN | 1ULL << EV_MEMCG_RECLAIM_END;
	fix->counts.attempts[ATTEMPT_FAST] = 1000;
	fix->counts.null_attempts[ATTEMPT_FAST] = 12;
	fix->counts.null_returns = 17;
	fix->counts.allocations = 1000;
	fix->input.stacks = stacks;
	fix->counts.stacks = 11;
	fix->counts.stacks_alone = 2;
}

static void as_damaged(struct fixture *fix)
{
	as_site(fix);
	fix->input.loss = "0 1 2 3 4\n";
	fix->input.stop.probes = "slow_enter_0 12 1\nwarn_alloc 1 1\n";
	fix->info.unfinished = true;
	fix->readings = NR_READINGS - 1;
	fix->counts.window_closed = false;
	fix->counts.evictions = 1;
	fix->lost = true;
	fix->input.stop.vmstat = "allocstall_normal 4\n";
	fix->damage = (struct capture_damage){
		.nr = 2, .bytes = 4096, .nr_undecodable = 1, .nr_kept = 1
	};
	fix->damage.kept[0].offset = 8192;
	strcpy(fix->damage.kept[0].what, "a page whose commit is beyond its end");
}

/* Somebody else's capture, without anything of ours. */
static void as_foreign(struct fixture *fix)
{
	fixture_init(fix);
	fix->input = (struct summary_input){ .file = "x.dat",
					     .sha256 = "ab",
					     .info = &fix->info,
					     .damage = &fix->damage,
					     .counts = &fix->counts };
	fix->info.clock[0] = '\0';
	fix->info.kinds = 0;
	fix->info.nr_gfp_names = 0;
	fix->counts = (struct seq_counts){ .basis = BASIS_NONE };
}

static const struct {
	const char *name;
	void (*make)(struct fixture *fix);
} examples[] = {
	{ "site", as_site },
	{ "full", as_full },
	{ "damaged", as_damaged },
	{ "foreign", as_foreign },
};

/* The rendered bytes, which the caller frees. */
static char *render(int (*write)(const struct summary *, FILE *, struct err *),
		    void (*make)(struct fixture *fix))
{
	struct fixture fix;
	struct summary summary;
	struct err err;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	make(&fix);
	make_summary(&fix, &summary);
	assert_int_equal(write(&summary, out, &err), 0);
	fclose(out);
	summary_free(&summary);
	return text;
}

static void write_examples(const char *folder)
{
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < NR_OF(examples); i++) {
		char *text = render(render_json, examples[i].make);
		FILE *out;

		snprintf(path, sizeof(path), "%s/%s.json", folder, examples[i].name);
		out = fopen(path, "w");
		if (!out || fputs(text, out) == EOF || fclose(out))
			exit(1);
		free(text);
	}
}

/* --- reading back -------------------------------------------------------------------------- */

/* The value at a path such as "slowpath/entries/count" or "by/order/0/count". */
static struct json_object *at(struct json_object *tree, const char *path)
{
	char copy[200], *word, *rest = copy;

	snprintf(copy, sizeof(copy), "%s", path);
	while ((word = strsep(&rest, "/"))) {
		if (json_object_is_type(tree, json_type_array))
			tree = json_object_array_get_idx(tree, strtoul(word, NULL, 10));
		else if (!json_object_object_get_ex(tree, word, &tree))
			fail_msg("no key %s of %s", word, path);
	}
	return tree;
}

static void check_number(struct json_object *tree, const char *path, uint64_t expected)
{
	struct json_object *value = at(tree, path);

	assert_true(json_object_is_type(value, json_type_int));
	assert_int_equal(json_object_get_uint64(value), expected);
}

static void check_text(struct json_object *tree, const char *path, const char *expected)
{
	struct json_object *value = at(tree, path);

	assert_true(json_object_is_type(value, json_type_string));
	assert_string_equal(json_object_get_string(value), expected);
}

static struct json_object *parse(void (*make)(struct fixture *fix))
{
	char *text = render(render_json, make);
	struct json_object *tree = json_tokener_parse(text);

	assert_non_null(tree);
	free(text);
	return tree;
}

static void values_are_read_back(void **state)
{
	struct json_object *tree = parse(as_site);

	(void)state;
	check_text(tree, "schema", "pagetrail.summary/1");
	check_text(tree, "capture/file", "trace.dat");
	check_number(tree, "capture/window/duration_ns", 999000);
	check_number(tree, "capture/recorder/command_status", 0);
	check_text(tree, "kernel/release", "6.12.94-cloud-amd64");
	check_number(tree, "host/cpus_online", 2);
	check_number(tree, "slowpath/entries/count", 12);
	check_number(tree, "slowpath/entries/max", 12);
	check_text(tree, "slowpath/entries/certainty", "exact");
	check_number(tree, "slowpath/outcomes/ok", 9);
	check_number(tree, "slowpath/outcomes/in_flight", 1);
	/* Of 12 two are inside others, one is kswapd's; that one's own time is 1370 ns less. */
	check_number(tree, "slowpath/nested/count", 2);
	check_number(tree, "slowpath/stalls/count", 9);
	check_number(tree, "slowpath/stalls/time_ns/total", 9 * 2500);
	check_number(tree, "slowpath/background/kswapd/count", 1);
	check_number(tree, "slowpath/background/kswapd/time_ns/max", 3871370);
	check_number(tree, "slowpath/background/kcompactd/count", 0);
	check_number(tree, "slowpath/interrupts/count", 0);
	check_number(tree, "slowpath/self_time_ns/total", 11636610 - 1370);
	assert_null(at(tree, "slow_not_slowpath/classes/0/count"));
	assert_null(at(tree, "slow_not_slowpath/other_reclaims/3/count"));
	/* 8 * 2500 + 3 * 3871370 + 2500 */
	check_number(tree, "slowpath/time_ns/total", 11636610);
	check_number(tree, "slowpath/time_ns/max", 3871370);
	check_text(tree, "slowpath/time_ns/basis", "approximate");
	assert_null(at(tree, "allocations"));
	assert_null(at(tree, "attempts"));
	check_text(tree, "stages/5/name", "oom");
	check_number(tree, "stages/5/succeeded", 1);
	check_text(tree, "paths/0/path", "entry > ok");
	check_number(tree, "by/order/0/count", 8);
	check_text(tree, "by/gfp/0/gfp", "0x100cca");
	check_number(tree, "state/vmstat_change/allocstall_normal", 2);
	check_number(tree, "state/start/pressure/some/total_us", 77);
	check_text(tree, "reconciliation/0/verdict", "ok");
	check_text(tree, "limits/not_probed/0/what", "mm_vmscan_throttled");
	assert_true(json_object_get_boolean(at(tree, "limits/complete")));
	json_object_put(tree);
}

static void check_texts(struct json_object *tree, const char *path, const char *const *expected)
{
	struct json_object *list = at(tree, path);
	size_t i;

	for (i = 0; expected[i]; i++) {
		struct json_object *item = json_object_array_get_idx(list, i);

		assert_string_equal(item ? json_object_get_string(item) : "null", expected[i]);
	}
	assert_int_equal(json_object_array_length(list), i);
}

static void call_stacks_are_read_back(void **state)
{
	static const char *const faults[] = { "__alloc_pages_noprof", "handle_mm_fault",
					      "exc_page_fault", NULL };
	static const char *const faults_at[] = { "0x2f7", "null", "0x10", NULL };
	static const char *const zram[] = { "__alloc_pages_noprof", "zs_malloc [zsmalloc]", "?",
					    "handle_mm_fault", NULL };
	static const char *const zram_at[] = { "0x2f7", "0x10", "null", "0x70", NULL };
	struct json_object *tree = parse(as_full);

	(void)state;
	/* Of the short ones five have the same functions, one the last stack, one none that was kept. */
	assert_int_equal(json_object_array_length(at(tree, "by/caller")), 4);
	check_texts(tree, "by/caller/0/frames", faults);
	check_texts(tree, "by/caller/0/offsets", faults_at);
	check_number(tree, "by/caller/0/count", 5);
	check_number(tree, "by/caller/0/time_ns/total", 5 * 2500);
	check_texts(tree, "by/caller/1/frames", zram);
	check_texts(tree, "by/caller/1/offsets", zram_at);
	check_number(tree, "by/caller/1/count", 4);
	check_number(tree, "by/caller/1/time_ns/total", 2500 + 3 * 3871370);
	/* One that shows nobody, and one that has no stack; */
	assert_null(at(tree, "by/caller/2/frames"));
	assert_null(at(tree, "by/caller/2/offsets"));
	check_number(tree, "by/caller/2/count", 2);
	/* those for which there was no room. */
	assert_null(at(tree, "by/caller/3/frames"));
	assert_true(json_object_get_boolean(at(tree, "by/caller/3/other")));
	check_number(tree, "by/caller/3/count", 1);
	check_number(tree, "limits/keys_not_kept", 1);
	check_number(tree, "limits/stacks_alone", 2);
	check_text(tree, "limits/not_probed/2/what", "call stacks");
	check_texts(tree, "episodes/0/stack", zram);
	check_texts(tree, "episodes/0/stack_offsets", zram_at);
	check_texts(tree, "in_flight/episodes/0/stack", zram);
	json_object_put(tree);
	/* Not recorded is not none. */
	tree = parse(as_site);
	assert_null(at(tree, "by/caller"));
	assert_null(at(tree, "episodes/0/stack"));
	assert_null(at(tree, "episodes/0/stack_offsets"));
	assert_null(at(tree, "in_flight/episodes/0/stack"));
	assert_null(at(tree, "limits/stacks_alone"));
	json_object_put(tree);
}

static void the_text_names_the_callers(void **state)
{
	char *text = render(render_text, as_full);
	const char *zram = strstr(text, "zs_malloc [zsmalloc] < ? < handle_mm_fault\n");
	const char *faults = strstr(text, "handle_mm_fault < exc_page_fault\n");

	(void)state;
	/* Whoever took the most time first. */
	assert_true(zram && faults && zram < faults);
	assert_null(strstr(text, "__alloc_pages_noprof"));
	free(text);
	text = render(render_text, as_site);
	assert_null(strstr(text, "Who asked"));
	free(text);
}

static void time_is_read_back(void **state)
{
	struct json_object *tree = parse(as_full);

	(void)state;
	assert_int_equal(json_object_array_length(at(tree, "timeline")), 1);
	check_number(tree, "timeline/0/start_ns", 1000);
	check_number(tree, "timeline/0/duration_ns", 999000);
	assert_false(json_object_get_boolean(at(tree, "timeline/0/lossy")));
	check_number(tree, "timeline/0/entries", 12);
	/* 8 * 2500 + 2500: the slow ones are nested */
	check_number(tree, "timeline/0/stalled_ns", 22500);
	check_number(tree, "timeline/0/stages_ns/entry", 22500);
	assert_null(at(tree, "timeline/0/kswapd_awake_ns"));
	check_number(tree, "timeline/0/counted_ns", 996000);
	check_number(tree, "timeline/0/free_pages", 41);
	check_number(tree, "timeline/0/free_pages_min", 40);
	check_number(tree, "timeline/0/psi_full_us", 1);
	check_number(tree, "timeline/0/vmstat/allocstall", 1);
	check_number(tree, "timeline/0/vmstat/workingset_refault_file", 1);
	assert_int_equal(json_object_array_length(at(tree, "limits/not_probed")), 3);
	json_object_put(tree);
	tree = parse(as_damaged);
	check_number(tree, "timeline/0/vmstat/workingset_refault_anon", 1);
	assert_null(at(tree, "timeline/0/vmstat/workingset_refault_file"));
	json_object_put(tree);
	tree = parse(as_site);
	check_number(tree, "timeline/0/entries", 12);
	assert_null(at(tree, "timeline/0/counted_ns"));
	assert_null(at(tree, "timeline/0/free_pages"));
	assert_null(at(tree, "timeline/0/psi_some_us"));
	assert_null(at(tree, "timeline/0/vmstat"));
	check_text(tree, "limits/not_probed/3/what", "timeline");
	json_object_put(tree);
}

static void episodes_carry_their_steps(void **state)
{
	struct json_object *tree = parse(as_site);

	(void)state;
	assert_int_equal(json_object_array_length(at(tree, "episodes")), 3);
	check_number(tree, "episodes/0/id", 9);
	check_number(tree, "episodes/0/duration_ns", 3871370);
	check_number(tree, "episodes/0/stages_ns/reclaim", 800050);
	check_text(tree, "episodes/0/gfp_names", "GFP_KERNEL|0x40000");
	check_text(tree, "episodes/0/steps/2/label", "first");
	check_text(tree, "episodes/0/steps/2/names", "WMARK_MIN|CPUSET|KSWAPD");
	check_text(tree, "episodes/0/steps/3/result", "success");
	assert_null(at(tree, "episodes/0/steps/4/result"));
	check_number(tree, "episodes/0/steps/6/slept_ns", 4000);
	check_number(tree, "episodes/0/steps/9/pid", 4242);
	/* The profile `site` does not see attempts: not 7, and not 0. */
	assert_null(at(tree, "episodes/0/attempts"));
	json_object_put(tree);
	tree = parse(as_full);
	check_number(tree, "episodes/0/attempts", 7);
	check_number(tree, "attempts/null_returns", 17);
	/* 17 / 12 = 1.41666... */
	check_number(tree, "attempts/overcount_per_mille", 1417);
	assert_string_equal(json_object_to_json_string(at(tree, "attempts/overcount")), "1.417");
	check_number(tree, "attempts/by_label/0/count", 1000);
	check_number(tree, "allocations/count", 1000);
	check_number(tree, "capture/recorder/only_pid", 77);
	check_text(tree, "slow_not_slowpath/certainty", "exact");
	check_number(tree, "slow_not_slowpath/classes/0/count", 1);
	check_number(tree, "slow_not_slowpath/classes/0/reclaims", 2);
	check_number(tree, "slow_not_slowpath/classes/0/time_ns/total", 5000);
	check_number(tree, "slow_not_slowpath/classes/1/count", 0);
	check_number(tree, "slow_not_slowpath/other_reclaims/3/count", 1);
	check_text(tree, "episodes/1/background", "kswapd");
	check_number(tree, "episodes/1/self_ns", 3870000);
	assert_null(at(tree, "episodes/0/background"));
	json_object_put(tree);
}

static void what_is_not_known_is_null(void **state)
{
	static const char *const nulls[] = {
		"capture/clock",
		"capture/recorder",
		"capture/window/start_ns",
		"kernel/release",
		"slowpath/entries/count",
		"slowpath/entries/max",
		"slowpath/outcomes",
		"slowpath/nested",
		"slowpath/stalls",
		"slowpath/background",
		"slowpath/interrupts",
		"slowpath/self_time_ns",
		"slow_not_slowpath/classes/2/count",
		"slow_not_slowpath/classes/2/time_ns",
		"slowpath/time_ns",
		"slowpath/histogram",
		"stages",
		"transitions",
		"paths",
		"by",
		"episodes",
		"state/vmstat_change",
		"state/start/zoneinfo",
		"limits/probes",
		"reconciliation/0/traced",
	};
	struct json_object *tree = parse(as_foreign);
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(nulls); i++)
		if (at(tree, nulls[i]))
			fail_msg("%s is not null", nulls[i]);
	check_text(tree, "slowpath/entries/certainty", "unknown");
	json_object_put(tree);
	tree = parse(as_damaged);
	check_text(tree, "slowpath/entries/certainty", "lower bound");
	assert_null(at(tree, "slowpath/entries/max"));
	check_number(tree, "limits/damage/first/0/offset", 8192);
	check_text(tree, "reconciliation/7/verdict", "explained");
	check_number(tree, "limits/losses/0/records", 40);
	check_number(tree, "limits/losses/1/places", 2);
	assert_null(at(tree, "limits/losses/1/records"));
	check_number(tree, "limits/losses/1/ranges/0/records", 40);
	assert_null(at(tree, "limits/losses/1/ranges/0/from_ns"));
	check_number(tree, "limits/losses/1/ranges/1/to_ns", 90000);
	check_number(tree, "limits/ring_losses/0/dropped", 4);
	assert_false(json_object_get_boolean(at(tree, "limits/complete")));
	json_object_put(tree);
}

/* --- bytes --------------------------------------------------------------------------------- */

static void the_same_summary_gives_the_same_bytes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(examples); i++) {
		char *json = render(render_json, examples[i].make);
		char *text = render(render_text, examples[i].make);
		char *json_again = render(render_json, examples[i].make);
		char *text_again = render(render_text, examples[i].make);

		assert_string_equal(json, json_again);
		assert_string_equal(text, text_again);
		assert_int_equal(json[strlen(json) - 1], '\n');
		free(json);
		free(text);
		free(json_again);
		free(text_again);
	}
}

static void names_cannot_break_the_form(void **state)
{
	struct json_object *tree = parse(as_site);
	char *text;
	const char *c;

	(void)state;
	check_text(tree, "by/comm/0/comm", "a\\xff\"\\\x1b[31m");
	json_object_put(tree);
	text = render(render_text, as_site);
	assert_non_null(strstr(text, "a\\xff\"\\\\x1b[31m"));
	for (c = text; *c; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c < 0x7f));
	free(text);
}

static void a_full_disk_is_an_error(void **state)
{
	struct fixture fix;
	struct summary summary;
	struct err err;
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	as_site(&fix);
	make_summary(&fix, &summary);
	assert_true(render_json(&summary, full, &err) < 0);
	assert_non_null(strstr(err.text, "No space left"));
	clearerr(full);
	assert_true(render_text(&summary, full, &err) < 0);
	summary_free(&summary);
	fclose(full);
}

/* --- clean --------------------------------------------------------------------------------- */

static void check_clean(const char *text, bool controls, const char *expected)
{
	char *clean = clean_dup(text, controls);

	assert_non_null(clean);
	assert_string_equal(clean, expected);
	free(clean);
}

static void only_well_formed_utf8_passes(void **state)
{
	(void)state;
	check_clean("plain", false, "plain");
	check_clean("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7", false,
		    "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7");
	check_clean("\x80", false, "\\x80");
	check_clean("\xc3", false, "\\xc3");
	check_clean("\xe2\x82", false, "\\xe2\\x82");
	check_clean("\xe2\x82z", false, "\\xe2\\x82z");
	check_clean("\xc0\x80", false, "\\xc0\\x80");			/* overlong NUL */
	check_clean("\xe0\x9f\xbf", false, "\\xe0\\x9f\\xbf");		/* overlong */
	check_clean("\xed\xa0\x80", false, "\\xed\\xa0\\x80");		/* surrogate */
	check_clean("\xf4\x90\x80\x80", false, "\\xf4\\x90\\x80\\x80"); /* over U+10FFFF */
	check_clean("a\x1b\n", false, "a\x1b\n");
	check_clean("a\x1b\n\x7f", true, "a\\x1b\\x0a\\x7f");
	check_clean("\xc2\x9b"
		    "31m",
		    true, "\\xc2\\x9b31m"); /* U+009B, CSI */
	check_clean("\xc2\xa0", true, "\xc2\xa0");
}

/* What `check` found is the same in both forms; what is not known to be wrong is null. */
static void check_is_shown_in_both_forms(void **state)
{
	static const struct check_profile profiles[] = { { "site", "no \"kcore\"", false },
							 { "freelist", NULL, true } };
	static const struct check_missing missing[] = { { "oom:mark_victim", "not here" } };
	const struct check_report report = {
		.release = "6.12",
		.machine = "x86_64",
		.memory_kb = 42,
		.cpus = 2,
		.tracefs = "/t",
		.lockdown = "none",
		.kprobes = true,
		.profiles = profiles,
		.nr_profiles = 2,
		.chosen = "freelist",
		.chosen_why = "y",
		.missing = missing,
		.nr_missing = 1,
	};
	char text[2048] = "", json[4096] = "";
	struct json_object *root, *value;
	struct err err;
	FILE *out;

	(void)state;
	out = fmemopen(text, sizeof(text), "w");
	assert_int_equal(render_check_text(&report, out, &err), 0);
	fclose(out);
	assert_non_null(strstr(text, "\n  site         no \"kcore\"\n"));
	assert_non_null(strstr(text, "\nmissing      oom:mark_victim: not here\n"));
	out = fmemopen(json, sizeof(json), "w");
	assert_int_equal(render_check_json(&report, out, &err), 0);
	fclose(out);
	root = json_tokener_parse(json);
	assert_true(json_object_object_get_ex(root, "profiles", &value));
	value = json_object_array_get_idx(value, 0);
	assert_string_equal(json_object_get_string(json_object_object_get(value, "why_not")),
			    "no \"kcore\"");
	assert_true(json_object_object_get_ex(root, "host", &value));
	assert_int_equal(json_object_get_int(json_object_object_get(value, "memory_kb")), 42);
	assert_null(json_object_object_get(value, "symbols_hidden_why"));
	json_object_put(root);
}

static int make_stacks(void **state)
{
	(void)state;
	stacks = fixture_stacks();
	return 0;
}

static int free_stacks(void **state)
{
	(void)state;
	stacks_free(stacks);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read_back),
		cmocka_unit_test(time_is_read_back),
		cmocka_unit_test(call_stacks_are_read_back),
		cmocka_unit_test(the_text_names_the_callers),
		cmocka_unit_test(episodes_carry_their_steps),
		cmocka_unit_test(what_is_not_known_is_null),
		cmocka_unit_test(the_same_summary_gives_the_same_bytes),
		cmocka_unit_test(names_cannot_break_the_form),
		cmocka_unit_test(a_full_disk_is_an_error),
		cmocka_unit_test(only_well_formed_utf8_passes),
		cmocka_unit_test(check_is_shown_in_both_forms),
	};

	if (argc > 1) {
		make_stacks(NULL);
		write_examples(argv[1]);
		return free_stacks(NULL);
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_stacks, free_stacks);
}
