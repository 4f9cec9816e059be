// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the summary takes from a capture's notes and losses: identity, state, limits. Texts are cut
 * from real kernels' files, or broken by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "summary/digest.h"
#include "summary/limits.h"
#include "summary/state.h"
#include "summary/text.h"
#include "summary_fixture.h"

static void summarize(struct fixture *fix, struct summary *summary)
{
	struct aggregate *agg = aggregate_new(1);

	assert_non_null(agg);
	assert_int_equal(aggregate_finish(agg, &fix->input, summary), 0);
	aggregate_free(agg);
}

static int64_t number_of(const struct number_list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		if (!strcmp(list->items[i].name, name))
			return list->items[i].value;
	fail_msg("no %s", name);
	return 0;
}

static const char *text_of(const struct pair_list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		if (!strcmp(list->items[i].name, name))
			return list->items[i].text;
	fail_msg("no %s", name);
	return NULL;
}

/* --- identity ------------------------------------------------------------------------------ */

static void identity_is_read_and_the_host_stays_unnamed(void **state)
{
	struct fixture fix;
	struct summary s;
	size_t i;

	(void)state;
	fixture_init(&fix);
	fix.input.ended = "the command ended with status 3";
	summarize(&fix, &s);
	assert_string_equal(s.identity.kernel_release, "6.12.94-cloud-amd64");
	assert_int_equal(s.identity.release, 6012);
	assert_string_equal(s.identity.machine, "x86_64");
	assert_string_equal(s.identity.profile, "site");
	assert_string_equal(s.identity.profile_why, "found 1 call site");
	assert_true(s.identity.command_status.known);
	assert_int_equal(s.identity.command_status.value, 3);
	assert_int_equal(s.identity.cpus_online.value, 2);
	assert_int_equal(s.identity.memory_kb.value, 497320);
	assert_false(s.identity.only_pid.known);
	for (i = 0; i < s.texts.nr; i++)
		assert_null(strstr(s.texts.items[i], "secret"));
	summary_free(&s);
}

static void captures_of_others_have_an_uname(void **state)
{
	struct fixture fix;
	struct summary s;

	(void)state;
	fixture_init(&fix);
	fix.input.host = fix.input.profile = fix.input.tool = NULL;
	strcpy(fix.info.uname, "Linux secret 6.1.0-50-cloud-amd64 x86_64");
	summarize(&fix, &s);
	assert_string_equal(s.identity.kernel_release, "6.1.0-50-cloud-amd64");
	assert_string_equal(s.identity.machine, "x86_64");
	assert_null(s.identity.profile);
	summary_free(&s);
	strcpy(fix.info.uname, "Linux 6.18.44-fc-v669 #1 SMP PREEMPT_DYNAMIC @0 aarch64");
	summarize(&fix, &s);
	assert_string_equal(s.identity.kernel_release, "6.18.44-fc-v669");
	assert_string_equal(s.identity.machine, "aarch64");
	summary_free(&s);
	strcpy(fix.info.uname, "Linux 6.1");
	summarize(&fix, &s);
	assert_null(s.identity.kernel_release);
	assert_int_equal(s.identity.release, 0);
	summary_free(&s);
}

/* --- state --------------------------------------------------------------------------------- */

static void vmstat_is_compared_by_name(void **state)
{
	struct fixture fix;
	struct summary s;

	(void)state;
	fixture_init(&fix);
	/* 7.1 moved lines: the order at the stop is another one. */
	fix.input.start.vmstat =
		"nr_free_pages 5000\npgfault 10\nallocstall_normal 7\nsame 1\ngone 1\n";
	fix.input.stop.vmstat = "new 4\nsame 1\nallocstall_normal 9\nnr_free_pages 4000\n"
				"pgfault 18446744073709551615\nbad x\nno_value\n";
	summarize(&fix, &s);
	assert_true(s.state.has_vmstat);
	assert_int_equal(s.state.vmstat.nr, 3);
	assert_string_equal(s.state.vmstat.items[0].name, "allocstall_normal");
	assert_int_equal(s.state.vmstat.items[0].value, 2);
	assert_int_equal(number_of(&s.state.vmstat, "nr_free_pages"), -1000);
	assert_int_equal(number_of(&s.state.vmstat, "pgfault"), -11);
	summary_free(&s);
	fix.input.stop.vmstat = NULL;
	summarize(&fix, &s);
	assert_false(s.state.has_vmstat);
	summary_free(&s);
}

static void snapshots_become_values(void **state)
{
	const struct snapshot *start;
	struct fixture fix;
	struct summary s;

	(void)state;
	fixture_init(&fix);
	fix.input.start = (struct snapshot_notes){
		.meminfo = "MemTotal:         497320 kB\nActive(anon):      8 kB\n"
			   "HugePages_Total:       3\nno colon\nBad: x kB\n",
		.pressure = "some avg10=12.34 avg60=0.50 avg300=0.00 total=123456\n"
			    "full avg10=1.00 avg60=nan avg300=0.00 total=9\n",
		.sysctl = "vm.min_free_kbytes = 67584\n"
			  "transparent_hugepage/enabled = always [madvise] never\n",
		.buddyinfo =
			"Node 0, zone      DMA      1      0\nNode 0, zone    DMA32      2      3\n",
		.zoneinfo = "",
	};
	summarize(&fix, &s);
	start = &s.state.start;
	assert_int_equal(start->meminfo.nr, 3);
	assert_int_equal(number_of(&start->meminfo, "MemTotal_kb"), 497320);
	assert_int_equal(number_of(&start->meminfo, "Active(anon)_kb"), 8);
	assert_int_equal(number_of(&start->meminfo, "HugePages_Total"), 3);
	assert_string_equal(start->some.avg10, "12.34");
	assert_int_equal(start->some.total_us, 123456);
	assert_null(start->full.avg60);
	assert_string_equal(start->full.avg10, "1.00");
	assert_string_equal(text_of(&start->sysctl, "vm.min_free_kbytes"), "67584");
	assert_string_equal(text_of(&start->sysctl, "transparent_hugepage/enabled"),
			    "always [madvise] never");
	assert_int_equal(start->buddyinfo.nr, 2);
	assert_string_equal(start->buddyinfo.items[1], "Node 0, zone    DMA32      2      3");
	assert_true(start->has_zoneinfo);
	assert_int_equal(start->zoneinfo.nr, 0);
	assert_false(s.state.stop.has_zoneinfo);
	summary_free(&s);
}

/* --- limits -------------------------------------------------------------------------------- */

static struct event loss(uint32_t cpu, uint64_t from_ns, uint64_t until_ns, uint64_t records)
{
	struct event ev = { .kind = EV_LOST, .cpu = cpu, .ts_ns = from_ns };

	event_set(&ev, FIELD_UNTIL, until_ns);
	if (records)
		event_set(&ev, FIELD_COUNT, records);
	return ev;
}

static unsigned int gaps_after(const struct event *losses, size_t nr, struct summary *s)
{
	struct aggregate *agg = aggregate_new(1);
	struct fixture fix;
	size_t i;

	fixture_init(&fix);
	for (i = 0; i < nr; i++)
		assert_int_equal(aggregate_event(agg, &losses[i]), 0);
	assert_int_equal(aggregate_finish(agg, &fix.input, s), 0);
	aggregate_free(agg);
	return s->limits.gaps;
}

static void losses_are_kept_per_cpu_with_their_ranges(void **state)
{
	const struct event losses[] = {
		loss(1, 2000, 2500, 10),
		loss(0, 3000, 3100, 0),
		loss(1, 4000, 4500, 7),
	};
	struct summary s;

	(void)state;
	assert_int_equal(gaps_after(losses, NR_OF(losses), &s), 1U << GAP_LOST);
	assert_false(summary_is_complete(&s));
	assert_int_equal(s.limits.nr_losses, 2);
	assert_int_equal(s.limits.losses[0].cpu, 0);
	assert_true(s.limits.losses[0].uncounted);
	assert_int_equal(s.limits.losses[1].places, 2);
	assert_int_equal(s.limits.losses[1].records, 17);
	assert_false(s.limits.losses[1].uncounted);
	assert_int_equal(s.limits.losses[1].ranges[1].from_ns, 4000);
	assert_int_equal(s.limits.losses[1].ranges[1].to_ns, 4500);
	assert_int_equal(s.limits.losses[1].last_ns, 4500);
	summary_free(&s);
}

/* The window is 1,000 to 1,000,000. */
static void only_losses_that_touch_the_window_matter(void **state)
{
	const struct event before = loss(0, 100, 999, 5), after = loss(0, 1000001, 1000002, 5);
	const struct event into = loss(0, 100, 1000, 5), from_start = loss(0, 0, 1001, 5);
	struct event many[LOSS_RANGES_MAX + 3];
	struct summary s;
	size_t i;

	(void)state;
	assert_int_equal(gaps_after(&before, 1, &s), 0);
	summary_free(&s);
	assert_int_equal(gaps_after(&after, 1, &s), 0);
	summary_free(&s);
	assert_int_equal(gaps_after(&into, 1, &s), 1U << GAP_LOST);
	summary_free(&s);
	assert_int_equal(gaps_after(&from_start, 1, &s), 1U << GAP_LOST);
	summary_free(&s);
	/* Ranges beyond those kept are somewhere between the first and the last. */
	for (i = 0; i < NR_OF(many); i++)
		many[i] = loss(0, 10 * i, 10 * i + 1, 1);
	assert_int_equal(gaps_after(many, NR_OF(many), &s), 0);
	assert_int_equal(s.limits.losses[0].nr_ranges, LOSS_RANGES_MAX);
	assert_int_equal(s.limits.losses[0].places, LOSS_RANGES_MAX + 3);
	summary_free(&s);
	event_set(&many[NR_OF(many) - 1], FIELD_UNTIL, 5000);
	assert_int_equal(gaps_after(many, NR_OF(many), &s), 1U << GAP_LOST);
	summary_free(&s);
}

static void what_was_not_probed_is_told(void **state)
{
	struct fixture fix;
	struct summary s;

	(void)state;
	fixture_init(&fix);
	fix.input.plan = "write kprobe_events p:pagetrail_1/slow_enter f+0x1\n"
			 "missing mm_vmscan_throttled this kernel has no such event\n"
			 "limit attempts are not seen\n";
	fix.input.verify = "failed debug registers were shared\n";
	fix.input.stop.probes = "slow_enter 12 0\nwarn_alloc 3 2\nbad line\n";
	fix.input.loss = "0 10 0 0 0\n1 12 5 0 1\n";
	summarize(&fix, &s);
	assert_int_equal(s.limits.not_probed.nr, 6);
	assert_non_null(text_of(&s.limits.not_probed, "slow_not_slowpath"));
	assert_non_null(text_of(&s.limits.not_probed, "sched_switch"));
	assert_string_equal(text_of(&s.limits.not_probed, "execute breakpoint"),
			    "debug registers were shared");
	assert_string_equal(text_of(&s.limits.not_probed, "mm_vmscan_throttled"),
			    "this kernel has no such event");
	assert_string_equal(text_of(&s.limits.not_probed, "limit"), "attempts are not seen");
	/* There are no ticks. */
	assert_non_null(strstr(text_of(&s.limits.not_probed, "timeline"), "no PSI"));
	assert_int_equal(s.limits.nr_probes, 2);
	assert_int_equal(s.limits.probes[1].missed, 2);
	assert_int_equal(s.limits.nr_ring_losses, 1);
	assert_int_equal(s.limits.ring_losses[0].cpu, 1);
	assert_int_equal(s.limits.ring_losses[0].overrun, 5);
	assert_int_equal(s.limits.gaps, 1U << GAP_LOST | 1U << GAP_MISSED_OTHER);
	summary_free(&s);
}

/* 6.12 built with the slowpath inlined: three attempts lie where nothing can be probed. */
static void attempts_out_of_reach_are_not_counted(void **state)
{
	struct capture_info info;
	struct fixture fix;
	struct summary s;

	(void)state;
	fixture_init(&fix);
	info = *fix.input.info;
	info.kinds |= 1ULL << EV_ATTEMPT_ENTER;
	fix.input.info = &info;
	summarize(&fix, &s);
	assert_true(s.attempts.has_attempts);
	summary_free(&s);
	fixture_init(&fix);
	fix.input.info = &info;
	fix.input.plan = "missing attempt_enter __alloc_pages_may_oom+0x76 cannot be probed\n";
	summarize(&fix, &s);
	assert_false(s.attempts.has_attempts);
	summary_free(&s);
}

/* Any bytes as any note: nothing is read past its end, nothing is believed that is no number. */
static void notes_may_hold_anything(void **state)
{
	unsigned int seed = 5;
	char text[200];
	int round;

	(void)state;
	for (round = 0; round < 2000; round++) {
		struct snapshot_notes all = { text, text, text, text, text, text, text };
		struct fixture fix;
		struct summary s;
		size_t i, len = (size_t)rand_r(&seed) % sizeof(text);

		for (i = 0; i < len; i++)
			text[i] = "0123456789 \n\t=:.akBsomefull\xff\x01"[rand_r(&seed) % 29];
		text[len] = '\0';
		fixture_init(&fix);
		fix.input.start = fix.input.stop = all;
		fix.input.tool = fix.input.profile = fix.input.host = fix.input.plan = text;
		fix.input.loss = fix.input.ended = fix.input.verify = text;
		summarize(&fix, &s);
		summary_free(&s);
	}
}

/* --- texts and digest ---------------------------------------------------------------------- */

static void numbers_are_digits_and_fit(void **state)
{
	uint64_t number;

	(void)state;
	assert_true(span_u64(span_of("18446744073709551615"), &number));
	assert_true(number == UINT64_MAX);
	assert_false(span_u64(span_of("18446744073709551616"), &number));
	assert_false(span_u64(span_of(""), &number));
	assert_false(span_u64(span_of("-1"), &number));
	assert_false(span_u64(span_of("1a"), &number));
	assert_false(span_u64(span_of(NULL), &number));
}

/* FIPS 180-2, appendix B.1: the digest of "abc". */
static void the_digest_is_sha256(void **state)
{
	char path[] = "/tmp/pagetrail-digest-XXXXXX", text[DIGEST_TEXT_MAX];
	int fd = mkstemp(path);
	struct err err;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "abc", 3), 3);
	close(fd);
	assert_int_equal(digest_file(path, text, NULL, NULL, &err), 0);
	assert_string_equal(text,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	unlink(path);
	assert_true(digest_file(path, text, NULL, NULL, &err) < 0);
	assert_non_null(strstr(err.text, path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity_is_read_and_the_host_stays_unnamed),
		cmocka_unit_test(captures_of_others_have_an_uname),
		cmocka_unit_test(vmstat_is_compared_by_name),
		cmocka_unit_test(snapshots_become_values),
		cmocka_unit_test(losses_are_kept_per_cpu_with_their_ranges),
		cmocka_unit_test(only_losses_that_touch_the_window_matter),
		cmocka_unit_test(what_was_not_probed_is_told),
		cmocka_unit_test(attempts_out_of_reach_are_not_counted),
		cmocka_unit_test(notes_may_hold_anything),
		cmocka_unit_test(numbers_are_digits_and_fit),
		cmocka_unit_test(the_digest_is_sha256),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
