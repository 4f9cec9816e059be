// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sanitizer.h"
#include "cmd/confined.h"

/* A reader takes some 10 MB, and what it lists; its threads reserve addresses. */
#define MEMORY_MAX (2UL << 30)
#define OUTPUT_MIN (1UL << 30) /* that may be written at least */

/* --- what the child may do ----------------------------------------------------------------- */

/*
 * Without condition: bytes of what is open, memory, locks, time, the end; what a thread does that is
 * only just starting. json-c seeds its hashes, and qsort(3) asks how much memory there is.
 */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(readv),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(lseek),
	SCMP_SYS(_llseek),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(fstat64),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(futex_time64),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(sched_yield),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigreturn),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(getrandom),
	SCMP_SYS(sysinfo),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* With one argument that has to have a value, under a mask. */
static const struct {
	int call;
	unsigned int argument;
	scmp_datum_t mask, value;
} conditional[] = {
	/* Nothing that is executed. */
	{ SCMP_SYS(mmap), 2, PROT_EXEC, 0 },
	{ SCMP_SYS(mmap2), 2, PROT_EXEC, 0 },
	{ SCMP_SYS(mprotect), 2, PROT_EXEC, 0 },
	/* fstat(3) of newer C libraries: of what is open, by no name. */
	{ SCMP_SYS(newfstatat), 3, AT_EMPTY_PATH, AT_EMPTY_PATH },
	/* isatty(3), and the width of a terminal. */
	{ SCMP_SYS(ioctl), 1, 0xffffffff, TCGETS },
	{ SCMP_SYS(ioctl), 1, 0xffffffff, TIOCGWINSZ },
};

/* What no reader asks for by mistake: whoever does has taken it over. Other calls fail with EPERM. */
static const int deadly[] = {
	SCMP_SYS(execve),      SCMP_SYS(execveat),     SCMP_SYS(ptrace),
	SCMP_SYS(socket),      SCMP_SYS(socketpair),   SCMP_SYS(connect),
	SCMP_SYS(bpf),	       SCMP_SYS(mount),	       SCMP_SYS(process_vm_writev),
	SCMP_SYS(init_module), SCMP_SYS(finit_module),
};

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

static int add_rules(scmp_filter_ctx filter)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < NR_OF(allowed) && !ret; i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (i = 0; i < NR_OF(conditional) && !ret; i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, conditional[i].call, 1,
				       SCMP_CMP(conditional[i].argument, SCMP_CMP_MASKED_EQ,
						conditional[i].mask, conditional[i].value));
	for (i = 0; i < NR_OF(deadly) && !ret; i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
	/* abort(3), of this process alone. */
	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				       SCMP_CMP(0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
	return ret;
}

/* libseccomp sets no_new_privs before. TSYNC: the threads that were started are held by it, too. */
static int filter_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int ret = filter ? add_rules(filter) : -ENOMEM;

	if (!ret)
		ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!ret)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	return ret;
}

static int limit_resources(uint64_t output_max)
{
	const struct {
		int what;
		rlim_t max;
	} limits[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_NOFILE, 0 }, /* what is open stays */
		{ RLIMIT_FSIZE, output_max > OUTPUT_MIN ? output_max : OUTPUT_MIN },
		{ RLIMIT_AS, MEMORY_MAX },
	};
	size_t i;

	for (i = 0; i < NR_OF(limits); i++) {
		struct rlimit limit;

		if (getrlimit((__rlimit_resource_t)limits[i].what, &limit))
			return -errno;
		if (limit.rlim_max > limits[i].max)
			limit.rlim_max = limits[i].max;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
		if (setrlimit((__rlimit_resource_t)limits[i].what, &limit))
			return -errno;
	}
	return 0;
}

int confined_enter(struct err *err)
{
	return confined_enter_for(0, err);
}

int confined_enter_for(uint64_t output_max, struct err *err)
{
	int ret;

	/* The address sanitizer reserves terabytes, and reads files of /proc to make its reports. */
	if (HAS_ASAN)
		return 0;
	ret = limit_resources(output_max);
	if (!ret)
		ret = filter_calls();
	if (ret)
		err_set(err, ret, "cannot give up the rights of this process before it reads (%s)",
			strerror(-ret));
	return ret;
}

/* --- the parent ---------------------------------------------------------------------------- */

static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static void fill_signals(sigset_t *signals)
{
	size_t i;

	sigemptyset(signals);
	sigaddset(signals, SIGCHLD);
	for (i = 0; i < NR_OF(ends); i++)
		sigaddset(signals, ends[i]);
}

static int say(const struct cmd *cmd, int status)
{
	struct err err;

	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (WTERMSIG(status) == SIGSYS)
		err_set(&err, -EPERM,
			"the reader did what no reader does, and was stopped; is the file an attack? "
			"Please report it");
	else
		err_set(&err, -EINTR, "the reader was ended by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	return cmd_failed(cmd, &err);
}

/* Waits for the child; passes on what asks for the end. */
static int wait_for(pid_t child, const sigset_t *signals, int *signal)
{
	int status;

	for (;;) {
		int got = sigwaitinfo(signals, NULL);

		if (waitpid(child, &status, WNOHANG) == child)
			return status;
		if (got > 0 && got != SIGCHLD) {
			*signal = got;
			kill(child, got);
		}
	}
}

int confined_run(const struct cmd *cmd, confined_fn work, void *arg, int *signal)
{
	sigset_t signals, before;
	struct err err;
	int status;
	pid_t child;

	*signal = 0;
	fflush(NULL);
	fill_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, &before);
	child = fork();
	if (!child) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		exit(work(cmd, arg));
	}
	if (child < 0) {
		err_set(&err, -errno, "cannot start the reader: %m");
		status = cmd_failed(cmd, &err);
	} else {
		status = wait_for(child, &signals, signal);
		status = *signal && WIFSIGNALED(status) ? CMD_FAILED : say(cmd, status);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

int confined_run_into(const struct cmd *cmd, confined_fn work, void *arg, struct output *out,
		      int *signal)
{
	int status = confined_run(cmd, work, arg, signal);
	struct err err;

	if ((status == CMD_DONE || status == CMD_INCOMPLETE) && output_commit(out, &err))
		status = cmd_failed(cmd, &err);
	output_close(out);
	return status;
}
