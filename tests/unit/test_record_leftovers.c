// SPDX-License-Identifier: GPL-2.0-or-later
/* What is removed after a recorder was killed, and what is not; on plain directories and files. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "record/file.h"
#include "record/leftovers.h"
#include "record/process.h"
#include "record/session.h"

struct fixture {
	char dir[64];
	char live[PLAN_GROUP_MAX];   /* this process */
	char dead[PLAN_GROUP_MAX];   /* a process that is gone */
	char reused[PLAN_GROUP_MAX]; /* our number, but another start time */
	unsigned int told;
	struct err err;
};

static void make_instance(const struct fixture *f, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/instances/%s", f->dir, name);
	assert_int_equal(mkdir(path, 0755), 0);
}

static bool has_instance(const struct fixture *f, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/instances/%s", f->dir, name);
	return !access(path, F_OK);
}

/* The number of a process that has ended and was reaped. */
static pid_t dead_pid(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return pid;
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char path[256];
	FILE *out;

	assert_non_null(f);
	*state = f;
	strcpy(f->dir, "/tmp/test_leftovers.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(path, sizeof(path), "%s/instances", f->dir);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_equal(session_name(f->live, &f->err), 0);
	snprintf(f->dead, sizeof(f->dead), "pagetrail_%d_12345", dead_pid());
	snprintf(f->reused, sizeof(f->reused), "pagetrail_%d_1", getpid());
	make_instance(f, f->live);
	make_instance(f, f->dead);
	make_instance(f, f->reused);
	make_instance(f, "pagetrail_notes");
	make_instance(f, "mine");
	snprintf(path, sizeof(path), "%s/kprobe_events", f->dir);
	out = fopen(path, "w");
	assert_non_null(out);
	fprintf(out, "p:%s/slow_enter f+0x1 gfp=%%di:x32\nr512:%s/attempt_exit g\n", f->dead,
		f->dead);
	fprintf(out, "p:%s/slow_enter f+0x1\np:kprobes/mine out_of_memory\n", f->live);
	fprintf(out, "p:others/e mod:sym arg=@x/%s\n", f->dead);
	fclose(out);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static void tell(void *data, const char *kind, const char *name)
{
	struct fixture *f = data;

	assert_true(!strcmp(kind, "instance") || !strcmp(kind, "probe"));
	assert_true(!strncmp(name, f->dead, strlen(f->dead)) || !strcmp(name, f->reused));
	f->told++;
}

/* Probes are removed by a line of text, which a plain file keeps: "-:GROUP/EVENT". */
static void only_the_dead_are_removed(void **state)
{
	struct fixture *f = *state;
	char *list, expected[256];

	assert_int_equal(leftovers_remove(f->dir, false, tell, f, &f->err), 4);
	assert_int_equal(f->told, 4);
	assert_false(has_instance(f, f->dead));
	assert_false(has_instance(f, f->reused));
	assert_true(has_instance(f, f->live));
	assert_true(has_instance(f, "mine"));
	assert_true(has_instance(f, "pagetrail_notes"));
	list = file_read_at(f->dir, "kprobe_events", NULL);
	assert_non_null(list);
	snprintf(expected, sizeof(expected), "arg=@x/%s\n-:%s/slow_enter-:%s/attempt_exit", f->dead,
		 f->dead, f->dead);
	assert_string_equal(strstr(list, "arg=@x"), expected);
	free(list);
}

static void a_dry_run_changes_nothing(void **state)
{
	struct fixture *f = *state;
	char *before = file_read_at(f->dir, "kprobe_events", NULL), *after;

	assert_int_equal(leftovers_remove(f->dir, true, tell, f, &f->err), 4);
	after = file_read_at(f->dir, "kprobe_events", NULL);
	assert_string_equal(before, after);
	assert_true(has_instance(f, f->dead));
	free(before);
	free(after);
}

/* A directory that is not empty stands for an instance in use. */
static void what_cannot_be_removed_is_named(void **state)
{
	struct fixture *f = *state;
	char path[256];

	snprintf(path, sizeof(path), "%s/instances/%s/x", f->dir, f->dead);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_equal(leftovers_remove(f->dir, false, tell, f, &f->err), -ENOTEMPTY);
	assert_non_null(strstr(f->err.text, f->dead));
	assert_int_equal(f->told, 3);
}

static void start_times_tell_processes_apart(void **state)
{
	uint64_t own, again, init;

	(void)state;
	assert_int_equal(process_start_time(getpid(), &own), 0);
	assert_int_equal(process_start_time(getpid(), &again), 0);
	assert_int_equal(own, again);
	assert_int_equal(process_start_time(1, &init), 0);
	assert_true(init < own);
	assert_int_equal(process_start_time(dead_pid(), &own), -ENOENT);
}

/* kprobe_profile has no groups: its lines are those of kprobe_events, in the same order. */
static void hits_are_those_of_our_own_group(void **state)
{
	static const char list[] =
		"p:a/slow_enter f\np:pagetrail_1_2/slow_enter f+1 c=:pagetrail_1_2/\n"
		"p:b/x f a=:pagetrail_1_2/\nr512:pagetrail_1_2/attempt_exit g\n";
	static const char profile[] = "  slow_enter      1      2\n  slow_enter   10  20\n"
				      "  x       5     6\n  attempt_exit  100   200\n";
	struct session session = { .name = "pagetrail_1_2", .text_size = 8192 };
	char a[] = "/tmp/test_leftovers.XXXXXX", b[] = "/tmp/test_leftovers.XXXXXX", got[128];
	size_t len;

	(void)state;
	session.text = calloc(1, session.text_size);
	session.list_fd = mkstemp(a);
	session.profile_fd = mkstemp(b);
	assert_int_equal(write(session.list_fd, list, strlen(list)), strlen(list));
	assert_int_equal(write(session.profile_fd, profile, strlen(profile)), strlen(profile));
	len = session_print_probes(&session, got, sizeof(got));
	assert_int_equal(len, strlen(got));
	assert_string_equal(got, "slow_enter 10 20\nattempt_exit 100 200\n");
	assert_true(session_print_probes(&session, got, 20) < 20);
	close(session.list_fd);
	close(session.profile_fd);
	unlink(a);
	unlink(b);
	free(session.text);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(only_the_dead_are_removed),
		WITH(a_dry_run_changes_nothing),
		WITH(what_cannot_be_removed_is_named),
		cmocka_unit_test(start_times_tell_processes_apart),
		cmocka_unit_test(hits_are_those_of_our_own_group),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
