// SPDX-License-Identifier: GPL-2.0-or-later
/* The command of a recording: refused early, held until it is released, its status told. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "record/workload.h"

static char script[] = "/tmp/test_workload.XXXXXX";

/* Waits for the end as a recorder does, for at most ten seconds. */
static void wait_for_end(struct workload *work)
{
	int turns = 1000;

	while (!workload_ended(work) && turns--)
		usleep(10000);
	assert_true(turns > 0);
}

static void no_words_are_no_command(void **state)
{
	char *argv[] = { NULL };
	struct workload work;
	struct err err;

	(void)state;
	assert_int_equal(workload_prepare(&work, argv, &err), 0);
	assert_int_equal(work.pid, 0);
	assert_int_equal(workload_release(&work, &err), 0);
	assert_false(workload_ended(&work));
	workload_terminate(&work);
	workload_close(&work);
}

static void what_is_no_command_is_refused(void **state)
{
	static char *const names[] = { "no-such-command-anywhere", "/nonexistent", "/tmp",
				       "/etc/passwd" };
	struct workload work;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *argv[] = { names[i], NULL };

		assert_true(workload_prepare(&work, argv, &err) < 0);
		assert_int_equal(work.pid, 0);
		assert_non_null(strstr(err.text, names[i]));
	}
}

static void it_runs_when_released_and_not_before(void **state)
{
	char mark[] = "/tmp/test_workload.XXXXXX";
	char *argv[] = { "sh", "-c", "rm \"$0\"; exit 3", mark, NULL };
	struct workload work;
	struct err err;

	(void)state;
	close(mkstemp(mark));
	assert_int_equal(workload_prepare(&work, argv, &err), 0);
	usleep(200000);
	assert_int_equal(access(mark, F_OK), 0);
	assert_int_equal(workload_release(&work, &err), 0);
	wait_for_end(&work);
	assert_int_equal(access(mark, F_OK), -1);
	assert_int_equal(WEXITSTATUS(work.status), 3);
	workload_close(&work);
}

static void given_up_it_never_runs(void **state)
{
	char mark[] = "/tmp/test_workload.XXXXXX";
	char *argv[] = { "rm", mark, NULL };
	struct workload work;
	struct err err;

	(void)state;
	close(mkstemp(mark));
	assert_int_equal(workload_prepare(&work, argv, &err), 0);
	workload_close(&work);
	wait_for_end(&work);
	assert_int_equal(access(mark, F_OK), 0);
	unlink(mark);
}

/* Found in PATH, allowed, and yet not to be executed: its interpreter does not exist. */
static void a_failed_exec_is_told(void **state)
{
	char *argv[] = { script, NULL };
	struct workload work;
	struct err err;
	int fd = mkstemp(script);

	(void)state;
	assert_int_equal(write(fd, "#!/nonexistent\n", 15), 15);
	fchmod(fd, 0755);
	close(fd);
	assert_int_equal(workload_prepare(&work, argv, &err), 0);
	assert_int_equal(workload_release(&work, &err), -ENOENT);
	assert_non_null(strstr(err.text, script));
	wait_for_end(&work);
	workload_close(&work);
	unlink(script);
}

/* Signals that the recorder blocks or ignores reach the command. */
static void the_command_takes_signals(void **state)
{
	char *argv[] = { "sleep", "60", NULL };
	struct workload work;
	struct err err;
	sigset_t set;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	assert_int_equal(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	assert_int_equal(workload_prepare(&work, argv, &err), 0);
	assert_int_equal(workload_release(&work, &err), 0);
	workload_terminate(&work);
	wait_for_end(&work);
	assert_true(WIFSIGNALED(work.status));
	assert_int_equal(WTERMSIG(work.status), SIGTERM);
	workload_close(&work);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_words_are_no_command),
		cmocka_unit_test(what_is_no_command_is_refused),
		cmocka_unit_test(it_runs_when_released_and_not_before),
		cmocka_unit_test(given_up_it_never_runs),
		cmocka_unit_test(a_failed_exec_is_told),
		cmocka_unit_test(the_command_takes_signals),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
