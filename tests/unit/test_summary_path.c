// SPDX-License-Identifier: GPL-2.0-or-later
/* summary/path: the line of an episode, and how repetitions fold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "summary/path.h"
#include "summary_fixture.h"

#define E STAGE_ENTRY
#define C STAGE_COMPACT
#define R STAGE_RECLAIM
#define T STAGE_THROTTLE
#define Y STAGE_RETRY
#define O STAGE_OOM

static struct episode episode_of(const enum stage *stages, size_t nr, enum outcome outcome)
{
	struct visit visits[EPISODE_PATH_MAX * 2];
	size_t i;

	for (i = 0; i < nr; i++)
		visits[i] = (struct visit){ stages[i], 1 };
	return fixture_episode(1, 0, outcome, visits, nr);
}

static void check(const enum stage *stages, size_t nr, enum outcome outcome, const char *expected)
{
	struct episode ep = episode_of(stages, nr, outcome);
	char key[PATH_KEY_MAX], text[PATH_TEXT_MAX];

	path_key(key, &ep);
	path_text(text, key);
	assert_string_equal(text, expected);
}

#define CHECK(outcome, expected, ...)                            \
	do {                                                     \
		const enum stage stages[] = { __VA_ARGS__ };     \
		check(stages, NR_OF(stages), outcome, expected); \
	} while (0)

static void lines_read_as_written(void **state)
{
	(void)state;
	CHECK(OUTCOME_OK, "entry > ok", E);
	CHECK(OUTCOME_FAILED, "entry > failed", E);
	CHECK(OUTCOME_OK, "entry > compact > reclaim > ok", E, C, R);
	CHECK(OUTCOME_IN_FLIGHT, "entry > reclaim > throttle > in_flight", E, R, T);
	CHECK(OUTCOME_INCOMPLETE, "entry > incomplete", E);
}

static void cycles_fold(void **state)
{
	(void)state;
	CHECK(OUTCOME_OK, "entry > (reclaim > retry) x3 > oom > ok", E, R, Y, R, Y, R, Y, O);
	CHECK(OUTCOME_OK, "entry > reclaim x2 > ok", E, R, R);
	/* Two ways to fold three: as many as fit, from the left. */
	CHECK(OUTCOME_OK, "entry > (reclaim > retry) x2 > reclaim > ok", E, R, Y, R, Y, R);
	/* A longer cycle beats a shorter one that covers less. */
	CHECK(OUTCOME_FAILED, "entry > (reclaim > reclaim > retry) x2 > failed", E, R, R, Y, R, R,
	      Y);
	/* Of equal cover the shortest period: four, not two pairs. */
	CHECK(OUTCOME_OK, "entry > reclaim x4 > ok", E, R, R, R, R);
	CHECK(OUTCOME_OK, "entry > (compact > reclaim > retry) x2 > compact > ok", E, C, R, Y, C, R,
	      Y, C);
}

static void what_is_not_kept_shows(void **state)
{
	enum stage stages[EPISODE_PATH_MAX + 10];
	char expected[64];
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(stages); i++)
		stages[i] = !i ? E : i % 2 ? R : Y;
	/* 64 kept: the entry, 31 pairs, one more reclaim. */
	snprintf(expected, sizeof(expected), "entry > (reclaim > retry) x31 > reclaim > ... > ok");
	check(stages, EPISODE_PATH_MAX + 10, OUTCOME_OK, expected);
	snprintf(expected, sizeof(expected), "entry > (reclaim > retry) x31 > ok");
	check(stages, EPISODE_PATH_MAX - 1, OUTCOME_OK, expected);
	/* The 64 timed stages fit, their end does not. */
	snprintf(expected, sizeof(expected), "entry > (reclaim > retry) x31 > reclaim > ... > ok");
	check(stages, EPISODE_PATH_MAX, OUTCOME_OK, expected);
}

/* Law: different paths have different keys and lines; equal ones have equal. */
static void lines_are_as_different_as_paths(void **state)
{
	static char keys[3 * 3 * 3 * 3 * 3 * 3][PATH_KEY_MAX];
	static char texts[3 * 3 * 3 * 3 * 3 * 3][PATH_TEXT_MAX];
	size_t nr = NR_OF(keys), i, j, at;

	(void)state;
	for (i = 0; i < nr; i++) {
		enum stage stages[7] = { E };
		size_t rest = i;
		struct episode ep;

		for (at = 1; at < 7; at++, rest /= 3)
			stages[at] = C + (enum stage)(rest % 3);
		ep = episode_of(stages, 7, OUTCOME_OK);
		path_key(keys[i], &ep);
		path_text(texts[i], keys[i]);
	}
	for (i = 0; i < nr; i++)
		for (j = i + 1; j < nr; j++)
			if (!strcmp(keys[i], keys[j]) || !strcmp(texts[i], texts[j]))
				fail_msg("%s", texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_read_as_written),
		cmocka_unit_test(cycles_fold),
		cmocka_unit_test(what_is_not_kept_shows),
		cmocka_unit_test(lines_are_as_different_as_paths),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
