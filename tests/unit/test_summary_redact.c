// SPDX-License-Identifier: GPL-2.0-or-later
/* summary/redact: who keeps a name, what becomes of texts, and tables that are full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "summary/redact.h"
#include "summary_fixture.h"

static struct episode episode_of(const char *comm, int32_t pid)
{
	struct episode ep = { .pid = pid };

	/* Something behind the NUL, which would tell names apart where whole arrays are compared. */
	memset(ep.comm, 'x', sizeof(ep.comm) - 1);
	snprintf(ep.comm, sizeof(ep.comm), "%s", comm);
	return ep;
}

static struct redactor *new_redactor(void)
{
	struct redactor *redactor = redactor_new();

	assert_non_null(redactor);
	return redactor;
}

static void check_name(struct redactor *redactor, const char *comm, const char *expected)
{
	struct episode ep = episode_of(comm, 7);

	assert_int_equal(redact_episode(redactor, &ep), 0);
	assert_string_equal(ep.comm, expected);
}

static void kernel_threads_keep_their_names(void **state)
{
	static const char *const kept[] = { "kswapd0",	   "kswapd12",	   "kcompactd1",
					    "ksoftirqd/3", "kworker/u8:1", "kworker/0:1H",
					    "khugepaged",  "oom_reaper",   "swapper/0" };
	static const char *const others[] = { "kswapd0 ",
					      "kswapdx",
					      "my-kswapd0",
					      "kworker/u8:a",
					      "kworker/0:1-ext4",
					      "khugepagedx",
					      "ksoftirqd/3/me",
					      "load",
					      "-" };
	struct redactor *redactor = new_redactor();
	char expected[32];
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(kept); i++)
		check_name(redactor, kept[i], kept[i]);
	for (i = 0; i < NR_OF(others); i++) {
		snprintf(expected, sizeof(expected), "task-%zu", i + 1);
		check_name(redactor, others[i], expected);
	}
	redactor_free(redactor);
}

static void equal_names_are_equal(void **state)
{
	struct redactor *redactor = new_redactor();
	struct episode one = episode_of("load", 100), two = episode_of("load", 200);
	struct episode three = episode_of("other", 100);

	(void)state;
	memset(two.comm + 5, 'y', 4);
	assert_int_equal(redact_episode(redactor, &one), 0);
	assert_int_equal(redact_episode(redactor, &two), 0);
	assert_int_equal(redact_episode(redactor, &three), 0);
	assert_memory_equal(one.comm, two.comm, COMM_LEN);
	assert_string_equal(one.comm, "task-1");
	assert_string_equal(three.comm, "task-2");
	assert_int_equal(one.pid, REDACT_PID_BASE + 1);
	assert_int_equal(two.pid, REDACT_PID_BASE + 2);
	assert_int_equal(three.pid, one.pid);
	redactor_free(redactor);
}

static void unknown_names_and_idle_tasks_stay(void **state)
{
	struct redactor *redactor = new_redactor();
	struct episode ep = { .pid = 0 };

	(void)state;
	assert_int_equal(redact_episode(redactor, &ep), 0);
	assert_string_equal(ep.comm, "");
	assert_int_equal(ep.pid, 0);
	redactor_free(redactor);
}

static void victims_are_pids(void **state)
{
	struct redactor *redactor = new_redactor();
	struct episode ep = episode_of("load", 100);

	(void)state;
	ep.steps[0] = (struct step){ .kind = STEP_VICTIM, .value = 100 };
	ep.steps[1] = (struct step){ .kind = STEP_VICTIM, .value = 300 };
	ep.steps[2] = (struct step){ .kind = STEP_RECLAIMED, .value = 300 };
	ep.nr_steps = 3;
	assert_int_equal(redact_episode(redactor, &ep), 0);
	assert_int_equal(ep.steps[0].value, ep.pid);
	assert_int_equal(ep.steps[1].value, REDACT_PID_BASE + 2);
	assert_int_equal(ep.steps[2].value, 300);
	redactor_free(redactor);
}

/* Those that come when the tables are full share one, and tell nobody. */
static void tables_are_bounded(void **state)
{
	struct redactor *redactor = new_redactor();
	struct episode ep;
	char comm[COMM_LEN];
	uint32_t i;

	(void)state;
	for (i = 0; i < REDACT_PIDS_MAX; i++) {
		snprintf(comm, sizeof(comm), "n%u", i);
		ep = episode_of(comm, (int32_t)i + 1);
		assert_int_equal(redact_episode(redactor, &ep), 0);
	}
	assert_string_equal(ep.comm, "task-other");
	assert_int_equal(ep.pid, REDACT_PID_BASE + REDACT_PIDS_MAX);
	ep = episode_of("more", (int32_t)REDACT_PIDS_MAX + 1);
	assert_int_equal(redact_episode(redactor, &ep), 0);
	assert_int_equal(ep.pid, REDACT_PID_BASE);
	check_name(redactor, "n0", "task-1");
	check_name(redactor, "n65534", "task-65535");
	check_name(redactor, "n65535", "task-other");
	redactor_free(redactor);
}

/* --- summaries ----------------------------------------------------------------------------- */

static void check_text(const char *text, const char *expected)
{
	struct redactor *redactor = new_redactor();
	struct summary summary = { .identity = { .profile_why = text, .file = "web17.dat" } };
	struct episode ep = episode_of("load", 100);

	assert_int_equal(redact_episode(redactor, &ep), 0);
	assert_int_equal(redact_summary(redactor, &summary), 0);
	assert_string_equal(summary.identity.profile_why, expected);
	assert_string_equal(summary.identity.file, "(redacted)");
	assert_int_equal(summary.redacted, (1U << NR_REDACTIONS) - 1);
	summary_free(&summary);
	redactor_free(redactor);
}

static void texts_tell_nobody(void **state)
{
	static const char *const rows[][2] = {
		{ "asked for", "asked for" },
		{ "", "" },
		{ "load is in load, workload is not", "task-1 is in task-1, workload is not" },
		{ "no call at 0xffffffff81234567 was found", "no call at (address) was found" },
		{ "ffff88810a0b0c0d", "(address)" },
		{ "0xcc0 and 0x7f are none", "0xcc0 and 0x7f are none" },
		{ "feedface is a word", "feedface is a word" },
		{ "pagetrail_119_856 is there", "pagetrail_(recorder) is there" },
		{ "pagetrail_x", "pagetrail_x" },
		{ "\xff\xfe(load)\n", "\xff\xfe(task-1)\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(rows); i++)
		check_text(rows[i][0], rows[i][1]);
}

/* A summary that was read back: names stand in its tables and lists. */
static void tables_of_a_summary_are_redacted(void **state)
{
	struct redactor *redactor = new_redactor();
	struct summary summary = { .identity.only_pid = { true, 100 } };
	struct key_row rows[] = { { .text = "often" },
				  { .text = "kswapd0" },
				  { .text = "seldom" } };
	struct episode eps[] = { episode_of("", 100), episode_of("", 200) };
	struct worst list[] = { { .episode = &eps[0], .comm = "seldom" },
				{ .episode = &eps[1], .comm = NULL } };
	unsigned int round;

	(void)state;
	summary.by[BY_COMM] = (struct key_table){ true, rows, NR_OF(rows) };
	summary.worst = list;
	summary.nr_worst = NR_OF(list);
	/* The second time it is redacted already. */
	for (round = 0; round < 2; round++) {
		assert_int_equal(redact_summary(redactor, &summary), 0);
		assert_string_equal(rows[0].text, "task-1");
		assert_string_equal(rows[1].text, "kswapd0");
		assert_string_equal(rows[2].text, "task-2");
		assert_string_equal(list[0].comm, "task-2");
		assert_null(list[1].comm);
		assert_int_equal(eps[0].pid, REDACT_PID_BASE + 1);
		assert_int_equal(eps[1].pid, REDACT_PID_BASE + 2);
		assert_int_equal(summary.identity.only_pid.value, REDACT_PID_BASE + 1);
	}
	summary.by[BY_COMM] = (struct key_table){ 0 };
	summary.worst = NULL;
	summary.nr_worst = 0;
	summary_free(&summary);
	redactor_free(redactor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_threads_keep_their_names),
		cmocka_unit_test(equal_names_are_equal),
		cmocka_unit_test(unknown_names_and_idle_tasks_stay),
		cmocka_unit_test(victims_are_pids),
		cmocka_unit_test(tables_are_bounded),
		cmocka_unit_test(texts_tell_nobody),
		cmocka_unit_test(tables_of_a_summary_are_redacted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
