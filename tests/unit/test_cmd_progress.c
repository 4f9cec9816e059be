// SPDX-License-Identifier: GPL-2.0-or-later
/* The line of progress: what it says, and that it fits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "cmd/progress.h"

static void it_says_how_much_how_fast_how_long(void **state)
{
	char text[PROGRESS_TEXT_MAX];

	(void)state;
	/* A quarter of 8 GB in 2 s. */
	progress_line(text, "reading", 2000000000, 8000000000, 2000000000, 60);
	assert_string_equal(text, "reading  25 % [======                   ] 1.0 GB/s  6 s left");
	/* No room for a bar. */
	progress_line(text, "reading", 50000000, 100000000000, 1000000000, 40);
	assert_string_equal(text, "reading   0 % 50 MB/s  33 min left");
}

static void it_fits(void **state)
{
	char text[PROGRESS_TEXT_MAX];
	uint64_t done;
	size_t columns;

	(void)state;
	for (columns = 0; columns < 130; columns++)
		for (done = 0; done <= 1000; done += 50) {
			progress_line(text, "reading", done, 1000, 1 + done, columns);
			assert_true(strlen(text) <= columns);
		}
}

static void it_can_be_over(void **state)
{
	char text[PROGRESS_TEXT_MAX];

	(void)state;
	progress_line(text, "reading", 10, 10, 1000000000, 40);
	assert_non_null(strstr(text, "100 %"));
	assert_non_null(strstr(text, "0 s left"));
	/* A total that is not known, or too small. */
	progress_line(text, "reading", 10, 0, 1000000000, 40);
	assert_non_null(strstr(text, "100 %"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_how_much_how_fast_how_long),
		cmocka_unit_test(it_fits),
		cmocka_unit_test(it_can_be_over),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
