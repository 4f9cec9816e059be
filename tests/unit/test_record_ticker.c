// SPDX-License-Identifier: GPL-2.0-or-later
/* record/ticker: what is found in the kernel's texts, and when a tick is due. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "kernel/readings.h"
#include "record/ticker.h"

static int text_file(const char *text)
{
	char path[] = "/tmp/test_ticker.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

/* A ticker that reads these texts instead of /proc; NULL: the kernel has no such file. */
static void open_on(struct ticker *ticker, const char *vmstat, const char *pressure)
{
	struct err err;

	assert_int_equal(ticker_open(ticker, &err), 0);
	close(ticker->vmstat);
	if (ticker->pressure >= 0)
		close(ticker->pressure);
	ticker->vmstat = vmstat ? text_file(vmstat) : -1;
	ticker->pressure = pressure ? text_file(pressure) : -1;
}

static void expect_line(const char *vmstat, const char *pressure, const char *expected)
{
	struct ticker ticker;

	open_on(&ticker, vmstat, pressure);
	assert_string_equal(ticker_read(&ticker), expected);
	assert_string_equal(ticker_read(&ticker), expected);
	ticker_close(&ticker);
}

static const char pressure[] = "some avg10=0.25 avg60=0.00 avg300=0.00 total=77\n"
			       "full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n";

static void counters_are_found_by_name(void **state)
{
	(void)state;
	expect_line("pgscan_direct_throttle 4\n"
		    "allocstall_dma 1\n"
		    "nr_free_pages 300\n"
		    "allocstall_movable 20\n"
		    "pgscan_direct 5\n"
		    "nr_free_pages_blocks 512\n"
		    "oom_kill 18446744073709551615\n",
		    pressure,
		    "psi_some_us 77 psi_full_us 7 nr_free_pages 300 allocstall 21 pgscan_direct 5 "
		    "pgscan_direct_throttle 4 oom_kill 18446744073709551615");
}

static void what_a_kernel_has_not_is_left_out(void **state)
{
	(void)state;
	expect_line("compact_stall 0\n", NULL, "compact_stall 0");
	expect_line(NULL, pressure, "psi_some_us 77 psi_full_us 7");
	expect_line(NULL, "some avg10=0.00 avg60=0.00 avg300=0.00 total=5\n", "psi_some_us 5");
	expect_line(NULL, NULL, "");
	expect_line("", "", "");
	expect_line("\n\nallocstall_\npageoutrun\npswpin 3", "", "pswpin 3");
}

/* All of them, with numbers as long as they can be, are one marker. */
static void the_longest_line_fits(void **state)
{
	char vmstat[4096];
	const char *line;
	struct ticker ticker;
	enum reading reading;
	int len = 0;

	(void)state;
	for (reading = READING_FREE_PAGES; reading < NR_READINGS; reading++)
		len += snprintf(vmstat + len, sizeof(vmstat) - (size_t)len, "%s%s %llu\n",
				kernel_reading_name(reading),
				reading == READING_ALLOCSTALL ? "_dma" : "",
				18446744073709551615ULL);
	open_on(&ticker, vmstat,
		"some total=18446744073709551615\nfull total=18446744073709551615\n");
	line = ticker_read(&ticker);
	assert_in_range(strlen(line), 1, NOTE_PAYLOAD_MAX);
	for (reading = 0; reading < NR_READINGS; reading++)
		assert_non_null(strstr(line, kernel_reading_name(reading)));
	assert_string_equal(line + strlen(line) - 21, " 18446744073709551615");
	ticker_close(&ticker);
}

static void this_kernel_is_read(void **state)
{
	struct ticker ticker;
	struct err err;

	(void)state;
	assert_int_equal(ticker_open(&ticker, &err), 0);
	assert_non_null(strstr(ticker_read(&ticker), "nr_free_pages "));
	ticker_close(&ticker);
	ticker_close(&ticker);
}

static void a_late_tick_does_not_move_the_next(void **state)
{
	struct ticker ticker = { .due_ns = 1000 };
	const uint64_t second = 1000000000;

	(void)state;
	assert_false(ticker_is_due(&ticker, 999));
	assert_true(ticker_is_due(&ticker, 1000));
	assert_false(ticker_is_due(&ticker, 1000 + second - 1));
	assert_true(ticker_is_due(&ticker, 1000 + second + 20));
	assert_int_equal(ticker.due_ns, 1000 + 2 * second);
	/* Two were missed. */
	assert_true(ticker_is_due(&ticker, 1000 + 4 * second + 5));
	assert_false(ticker_is_due(&ticker, 1000 + 5 * second - 1));
	assert_true(ticker_is_due(&ticker, 1000 + 5 * second));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_are_found_by_name),
		cmocka_unit_test(what_a_kernel_has_not_is_left_out),
		cmocka_unit_test(the_longest_line_fits),
		cmocka_unit_test(this_kernel_is_read),
		cmocka_unit_test(a_late_tick_does_not_move_the_next),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
