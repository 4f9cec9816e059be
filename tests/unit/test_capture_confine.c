// SPDX-License-Identifier: GPL-2.0-or-later
/* The confined child: its answer comes back, and nothing else gets out. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "capture/confine.h"

struct outcome {
	char *answer;
	size_t len;
	char why[CONFINE_WHY_MAX];
};

static struct outcome run(confined_work work, const void *arg, size_t max)
{
	struct outcome o = { 0 };
	void *answer = NULL;

	assert_int_equal(confine_run(work, arg, max, &answer, &o.len, o.why), 0);
	o.answer = answer;
	return o;
}

static int repeat_it(const void *arg, int out)
{
	return confined_write(out, arg, strlen(arg));
}

static void answers_come_back(void **state)
{
	char *text = malloc(300001);
	struct outcome o;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 300000);
	text[300000] = '\0';
	o = run(repeat_it, text, 300000);
	assert_string_equal(o.why, "");
	assert_int_equal(o.len, 300000);
	assert_memory_equal(o.answer, text, 300000);
	free(o.answer);
	free(text);
}

static int die(const void *arg, int out)
{
	(void)arg;
	(void)confined_write(out, "so far", 6);
	abort();
}

static int fail_it(const void *arg, int out)
{
	(void)arg;
	(void)out;
	return -1;
}

/* What was written before the end is there, and how it ended is told. */
static void deaths_are_told(void **state)
{
	struct outcome o = run(die, NULL, 100);

	(void)state;
	assert_true(o.why[0]);
	assert_int_equal(o.len, 6);
	assert_memory_equal(o.answer, "so far", 6);
	free(o.answer);
	o = run(fail_it, NULL, 100);
	assert_string_equal(o.why, "failed");
	assert_int_equal(o.len, 0);
	free(o.answer);
}

static int write_without_end(const void *arg, int out)
{
	char block[4096] = { 0 };

	(void)arg;
	while (!confined_write(out, block, sizeof(block)))
		;
	return 0;
}

static void answers_without_end(void **state)
{
	struct outcome o = run(write_without_end, NULL, 100000);

	(void)state;
	assert_string_equal(o.why, "gave an answer without end");
	assert_int_equal(o.len, 100000);
	free(o.answer);
}

/* Each of these must fail; answers with a letter for each that does not. */
static int try_to_get_out(const void *arg, int out)
{
	const int *fd = arg;
	char byte;

	if (open("/etc/passwd", O_RDONLY) >= 0)
		(void)confined_write(out, "o", 1);
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0)
		(void)confined_write(out, "s", 1);
	if (fork() >= 0)
		(void)confined_write(out, "f", 1);
	if (read(*fd, &byte, 1) >= 0)
		(void)confined_write(out, "r", 1);
	if (write(STDERR_FILENO, "x", 1) >= 0)
		(void)confined_write(out, "w", 1);
	if (kill(getppid(), 0) >= 0)
		(void)confined_write(out, "k", 1);
	return confined_write(out, ".", 1);
}

static void nothing_gets_out(void **state)
{
	int fd = open("/dev/zero", O_RDONLY);
	struct outcome o = run(try_to_get_out, &fd, 100);

	(void)state;
	assert_string_equal(o.why, "");
	assert_int_equal(o.len, 1);
	assert_memory_equal(o.answer, ".", 1);
	free(o.answer);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_come_back),
		cmocka_unit_test(deaths_are_told),
		cmocka_unit_test(answers_without_end),
		cmocka_unit_test(nothing_gets_out),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
