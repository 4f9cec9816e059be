// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a confined reader may do and what it may not: each tried in a child of its own, after
 * confined_enter, with a thread that was started before.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/sanitizer.h"
#include "cmd/confined.h"

static const struct cmd cmd = { .name = "test" };

#define REFUSED 10 /* EPERM, EACCES or EMFILE */
#define WORKED	11
#define ODD	12

static char file[] = "/tmp/pagetrail-confined-XXXXXX";
static int file_fd; /* open before */

static int told(bool worked)
{
	if (worked)
		return WORKED;
	return errno == EPERM || errno == EMFILE || errno == ENOMEM ? REFUSED : ODD;
}

/* --- what is tried ------------------------------------------------------------------------- */

static int do_open(void)
{
	return told(open(file, O_RDONLY) >= 0);
}

static int do_create(void)
{
	return told(open("/tmp/pagetrail-confined-new", O_WRONLY | O_CREAT, 0600) >= 0);
}

static int do_rename(void)
{
	return told(!rename(file, "/tmp/pagetrail-confined-moved"));
}

static int do_unlink(void)
{
	return told(!unlink(file));
}

static int do_stat(void)
{
	struct stat st;

	return told(!stat(file, &st));
}

static int do_fork(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return told(pid > 0);
}

static int do_kill(void)
{
	return told(!kill(getppid(), 0));
}

static int do_dup(void)
{
	return told(dup(0) >= 0);
}

static int do_map_code(void)
{
	return told(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
		    MAP_FAILED);
}

static int do_make_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? ODD : told(!mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int do_take_all_memory(void)
{
	return told(mmap(NULL, 3UL << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0) != MAP_FAILED);
}

static int do_socket(void)
{
	return told(socket(AF_INET, SOCK_STREAM, 0) >= 0);
}

static int do_exec(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return told(false);
}

static int do_trace(void)
{
	return told(!ptrace(PTRACE_TRACEME, 0, 0, 0));
}

static int do_read(void)
{
	char byte;

	return told(pread(file_fd, &byte, 1, 0) == 1);
}

static int do_write(void)
{
	FILE *out = stdout;

	return told(fprintf(out, "# written by a confined reader\n") > 0 && !fflush(out));
}

static int do_allocate(void)
{
	char *room = malloc(64U << 20);

	if (!room)
		return told(false);
	memset(room, 1, 64U << 20);
	free(room);
	return WORKED;
}

static int do_fstat(void)
{
	struct stat st;

	return told(!fstat(file_fd, &st));
}

/* --- who tries ------------------------------------------------------------------------------ */

typedef int (*try_fn)(void);

struct trial {
	try_fn try;
	bool in_thread;
	bool go;
	int got;
	pthread_mutex_t lock;
	pthread_cond_t news;
};

static void *in_a_thread(void *arg)
{
	struct trial *trial = arg;

	pthread_mutex_lock(&trial->lock);
	while (!trial->go)
		pthread_cond_wait(&trial->news, &trial->lock);
	trial->got = trial->try();
	pthread_mutex_unlock(&trial->lock);
	return NULL;
}

/* A thread from before the filter is held by it, too. */
static int try_in_thread(struct trial *trial)
{
	struct err err;
	pthread_t thread;

	if (pthread_create(&thread, NULL, in_a_thread, trial) || confined_enter(&err))
		return ODD;
	pthread_mutex_lock(&trial->lock);
	trial->go = true;
	pthread_cond_signal(&trial->news);
	pthread_mutex_unlock(&trial->lock);
	pthread_join(thread, NULL);
	return trial->got;
}

static int work(const struct cmd *of, void *arg)
{
	struct trial *trial = arg;
	struct err err;

	(void)of;
	if (trial->in_thread)
		return try_in_thread(trial);
	return confined_enter(&err) ? ODD : trial->try();
}

static int outcome(try_fn try, bool in_thread)
{
	struct trial trial = { .try = try,
			       .in_thread = in_thread,
			       .lock = PTHREAD_MUTEX_INITIALIZER,
			       .news = PTHREAD_COND_INITIALIZER };
	int signal;

	return confined_run(&cmd, work, &trial, &signal);
}

struct expected {
	const char *what;
	try_fn try;
};

static void expect_all(const struct expected *row, size_t nr, int wanted)
{
	for (; nr--; row++) {
		int alone = outcome(row->try, false), in_thread = outcome(row->try, true);

		if (alone != wanted || in_thread != wanted)
			fail_msg("%s: %d, in a thread %d, not %d", row->what, alone, in_thread,
				 wanted);
	}
}

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

static void what_is_refused(void **state)
{
	static const struct expected rows[] = {
		{ "open", do_open },
		{ "create", do_create },
		{ "rename", do_rename },
		{ "unlink", do_unlink },
		{ "stat", do_stat },
		{ "fork", do_fork },
		{ "kill", do_kill },
		{ "dup", do_dup },
		{ "map code", do_map_code },
		{ "make code", do_make_code },
		{ "3 GB", do_take_all_memory },
	};

	(void)state;
	if (HAS_ASAN)
		skip(); /* the sanitizer needs what is refused here */
	expect_all(rows, NR_OF(rows), REFUSED);
	assert_int_equal(access(file, F_OK), 0);
}

/* It ends the reader, and the parent says so. */
static void what_is_deadly(void **state)
{
	static const struct expected rows[] = { { "socket", do_socket },
						{ "exec", do_exec },
						{ "ptrace", do_trace } };

	(void)state;
	if (HAS_ASAN)
		skip();
	expect_all(rows, NR_OF(rows), CMD_FAILED);
}

static void what_works(void **state)
{
	static const struct expected rows[] = {
		{ "read", do_read },
		{ "write", do_write },
		{ "64 MB", do_allocate },
		{ "fstat", do_fstat },
	};

	(void)state;
	expect_all(rows, NR_OF(rows), WORKED);
}

/* Without the filter all of it works here: the cases above are about the filter. */
static int unconfined(const struct cmd *of, void *arg)
{
	(void)of;
	return ((struct trial *)arg)->try();
}

static void it_is_the_filter_that_refuses(void **state)
{
	static const try_fn tries[] = { do_open, do_stat, do_fork, do_kill, do_dup, do_socket };
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(tries); i++) {
		struct trial trial = { .try = tries[i] };
		int signal;

		assert_int_equal(confined_run(&cmd, unconfined, &trial, &signal), WORKED);
	}
}

static int raise_in_child(const struct cmd *of, void *arg)
{
	(void)of;
	kill(*(pid_t *)arg, SIGTERM); /* the parent's, which passes it on */
	pause();
	return CMD_DONE;
}

static void a_signal_ends_both(void **state)
{
	pid_t self = getpid();
	int signal;

	(void)state;
	assert_int_equal(confined_run(&cmd, raise_in_child, &self, &signal), CMD_FAILED);
	assert_int_equal(signal, SIGTERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(what_is_deadly),
		cmocka_unit_test(what_works),
		cmocka_unit_test(it_is_the_filter_that_refuses),
		cmocka_unit_test(a_signal_ends_both),
	};
	int ret;

	file_fd = mkstemp(file);
	if (file_fd < 0 || write(file_fd, "x", 1) != 1)
		return 1;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	return ret;
}
