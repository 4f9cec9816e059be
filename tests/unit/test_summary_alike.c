// SPDX-License-Identifier: GPL-2.0-or-later
/* summary/alike.c: which episodes are put together. What becomes of them: test_summary_aggregate.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "summary/alike.h"

static struct episode make_episode(void)
{
	struct episode ep = {
		.id = 9,
		.start_ns = 1000,
		.end_ns = 5000,
		.outcome = OUTCOME_OK,
		.level = LEVEL_SOFTIRQ,
		.pid = 77,
		.comm = "load",
		.stack = 3,
		.has_gfp = true,
		.has_order = true,
		.has_migratetype = true,
		.gfp = 0x1400c0,
		.order = 2,
		.migratetype = 1,
		.in_window = true,
		.nr_attempts = 1,
		.exits = 1 << EXIT_FIRST_ATTEMPT,
		.watermark = WATERMARK_MIN,
		.retries = { 2, 4 },
		.oom_lock_waits = { 6, 8 },
		.visits = { [STAGE_ENTRY] = 1, [STAGE_OK] = 1 },
		.path_len = 2,
		.path = { STAGE_ENTRY, STAGE_OK },
	};

	return ep;
}

/* Whatever a key is made of, the short way to compare an episode with it looks at. */
static void what_is_alike_has_one_key(void **state)
{
	struct episode ep = make_episode();
	struct alike_key key, other;
	struct alike_group *group;
	struct alike alike;
	size_t at, nr_different = 0;

	(void)state;
	assert_int_equal(alike_init(&alike), 0);
	assert_null(alike_last(&alike, &ep));
	group = alike_find(&alike, &ep, &key);
	alike_begin(group, &key);
	assert_int_equal(alike_put(&alike, group, &ep), 0);
	assert_ptr_equal(alike_last(&alike, &ep), group);
	for (at = 0; at < offsetof(struct episode, path); at++) {
		struct episode changed = ep;
		bool differs;

		((uint8_t *)&changed)[at] ^= 1;
		alike_find(&alike, &changed, &other);
		differs = memcmp(&key, &other, sizeof(key));
		nr_different += differs;
		if (differs)
			assert_null(alike_last(&alike, &changed));
	}
	/* gfp, comm, exits and stack have more than one byte each. */
	assert_in_range(nr_different, 40, sizeof(key));
	alike_free(&alike);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_alike_has_one_key),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
