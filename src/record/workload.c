// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/workload.h"

static int is_executable(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	return access(path, X_OK) ? -errno : 0;
}

/* Looks where execvp(3) will, so that a mistyped command is refused before anything is touched. */
static int check_command(const char *name)
{
	const char *dir = getenv("PATH");
	char path[PATH_MAX];
	int ret = -ENOENT;
	size_t len;

	if (strchr(name, '/'))
		return is_executable(name);
	for (dir = dir ? dir : "/bin:/usr/bin"; dir && ret; dir = dir[len] ? dir + len + 1 : NULL) {
		len = strcspn(dir, ":");
		snprintf(path, sizeof(path), "%.*s/%s", (int)len, len ? dir : ".", name);
		if (is_executable(path) != -ENOENT)
			ret = is_executable(path);
	}
	return ret;
}

/* The child: waits until the cork is drawn; a recorder that gives up closes it without a word. */
static void run_child(char **argv, int cork, int outcome)
{
	sigset_t none;
	char go;
	int code;

	if (read(cork, &go, 1) != 1)
		_exit(0);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(argv[0], argv);
	code = errno;
	if (write(outcome, &code, sizeof(code)) < 0)
		_exit(126);
	_exit(127);
}

static int open_pipes(int cork[2], int outcome[2])
{
	int ret;

	if (pipe2(cork, O_CLOEXEC))
		return -errno;
	if (!pipe2(outcome, O_CLOEXEC))
		return 0;
	ret = -errno;
	close(cork[0]);
	close(cork[1]);
	return ret;
}

static int start_child(struct workload *work, char **argv)
{
	int cork[2], outcome[2];
	int ret = open_pipes(cork, outcome);

	if (ret)
		return ret;
	work->pid = fork();
	if (!work->pid) {
		close(cork[1]);
		run_child(argv, cork[0], outcome[1]);
	}
	ret = -errno;
	close(cork[0]);
	close(outcome[1]);
	work->cork = cork[1];
	work->outcome = outcome[0];
	if (work->pid > 0)
		return 0;
	work->pid = 0;
	workload_close(work);
	return ret;
}

int workload_prepare(struct workload *work, char **argv, struct err *err)
{
	int ret;

	*work = WORKLOAD_NONE;
	if (!argv[0])
		return 0;
	work->name = argv[0];
	ret = check_command(argv[0]);
	if (ret)
		return err_set(err, ret, "the command %s cannot be executed (%s)", argv[0],
			       strerror(-ret));
	ret = start_child(work, argv);
	if (ret)
		err_set(err, ret, "a process for %s cannot be made (%s)", argv[0], strerror(-ret));
	return ret;
}

/* An executed command closes its end of the pipe unwritten. */
int workload_release(struct workload *work, struct err *err)
{
	int code = 0;

	if (!work->pid)
		return 0;
	if (write(work->cork, "", 1) != 1)
		return err_set(err, -errno, "the command %s cannot be started (%s)", work->name,
			       strerror(errno));
	if (read(work->outcome, &code, sizeof(code)) == sizeof(code))
		return err_set(err, -code, "the command %s cannot be executed (%s)", work->name,
			       strerror(code));
	return 0;
}

bool workload_ended(struct workload *work)
{
	if (!work->pid || waitpid(work->pid, &work->status, WNOHANG) != work->pid)
		return false;
	work->pid = 0;
	return true;
}

void workload_terminate(struct workload *work)
{
	if (work->pid)
		kill(work->pid, SIGTERM);
}

void workload_close(struct workload *work)
{
	if (work->cork >= 0)
		close(work->cork);
	if (work->outcome >= 0)
		close(work->outcome);
	work->cork = work->outcome = -1;
}
