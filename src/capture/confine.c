// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/sanitizer.h"
#include "base/vec.h"
#include "capture/confine.h"

#define OUT	  3 /* where the child finds its pipe */
#define FILES_MAX 16384

/* The filter must know whose system call numbers it sees; elsewhere the child goes without. */
#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__i386__)
#define ARCH AUDIT_ARCH_I386
#else
#define ARCH 0
#endif

static const int allowed_calls[] = {
	SYS_write,	 SYS_exit,    SYS_exit_group, SYS_brk,		SYS_munmap,
	SYS_mremap,	 SYS_madvise, SYS_futex,      SYS_rt_sigreturn,
#if HAS_ASAN
	SYS_sigaltstack, /* its runtime looks at the stack before each function that does not return
			  */
#endif
#ifdef SYS_mmap
	SYS_mmap,
#endif
#ifdef SYS_mmap2
	SYS_mmap2,
#endif
};

#define NR_ALLOWED (sizeof(allowed_calls) / sizeof(allowed_calls[0]))

/* Other calls fail with EPERM instead of killing: libraries cope with that, and get nowhere. */
static int filter_calls(void)
{
	struct sock_filter code[NR_ALLOWED + 6];
	struct sock_fprog program = { .filter = code };
	size_t n = 0, i;

	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, arch));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr));
	for (i = 0; i < NR_ALLOWED; i++)
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							 (uint32_t)allowed_calls[i],
							 (uint8_t)(NR_ALLOWED - i), 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = (unsigned short)n;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int limit_resources(void)
{
	static const struct {
		int what;
		rlim_t max;
	} limits[] = {
		{ RLIMIT_CPU, CONFINE_SECONDS },
		{ RLIMIT_FSIZE, 0 },
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_NOFILE, 0 },
		{ RLIMIT_AS, CONFINE_MEMORY_MAX },
	};
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit = { limits[i].max, limits[i].max };

		/* The address sanitizer reserves terabytes of addresses. */
		if (limits[i].what == RLIMIT_AS && HAS_ASAN)
			continue;
		if (setrlimit((__rlimit_resource_t)limits[i].what, &limit))
			return -1;
	}
	return 0;
}

/*
 * Kernels before 5.9 have no close_range: there, one by one. Not up to the limit, which may be a
 * billion; numbers are given out from the lowest, and a reader opens a file per CPU at most.
 */
static void close_from(int first)
{
	int fd;

#ifdef SYS_close_range
	if (!syscall(SYS_close_range, first, ~0U, 0))
		return;
#endif
	for (fd = first; fd < FILES_MAX; fd++)
		close(fd);
}

static int keep_only(int out)
{
	int fd;

	if (out != OUT && dup2(out, OUT) < 0)
		return -1;
	for (fd = 0; fd < OUT; fd++)
		close(fd);
	close_from(OUT + 1);
	return 0;
}

static void __attribute__((noreturn)) be_the_child(confined_work work, const void *arg, int out)
{
	int ret = -1;

	if (!keep_only(out) && !limit_resources() && !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		/* Where the kernel has no seccomp, the limits have to do. */
		if (ARCH)
			(void)filter_calls();
		ret = work(arg, OUT);
	}
	_exit(ret ? 1 : 0);
}

int confined_write(int out, const void *data, size_t len)
{
	const char *next = data;

	while (len) {
		ssize_t done = write(out, next, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		next += done;
		len -= (size_t)done;
	}
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct answer {
	void *data;
	size_t len, cap, max;
};

/* One read. 1: there may be more. 0: the end. -errno. */
static int collect_some(int in, struct answer *answer)
{
	ssize_t got;

	if (vec_reserve(&answer->data, &answer->cap, answer->len + 65536, 1))
		return -ENOMEM;
	got = read(in, (char *)answer->data + answer->len, answer->cap - answer->len);
	if (got < 0)
		return errno == EINTR ? 1 : -errno;
	answer->len += (size_t)got;
	if (answer->len > answer->max)
		return -EFBIG;
	return got > 0;
}

/* Until the child closes its end. -ETIMEDOUT, -EFBIG, or another -errno. */
static int collect(int in, struct answer *answer)
{
	int64_t deadline = now_ms() + CONFINE_SECONDS * 1000;

	for (;;) {
		struct pollfd wait = { .fd = in, .events = POLLIN };
		int64_t left = deadline - now_ms();
		int ret = poll(&wait, 1, left > 0 ? (int)left : 0);

		if (ret < 0 && errno == EINTR)
			continue;
		if (ret < 0)
			return -errno;
		if (!ret)
			return -ETIMEDOUT;
		ret = collect_some(in, answer);
		if (ret <= 0)
			return ret;
	}
}

static void say_end(char why[CONFINE_WHY_MAX], int collected, int status)
{
	why[0] = '\0';
	if (collected == -ETIMEDOUT)
		snprintf(why, CONFINE_WHY_MAX, "took more than %d seconds", CONFINE_SECONDS);
	else if (collected == -EFBIG)
		snprintf(why, CONFINE_WHY_MAX, "gave an answer without end");
	else if (collected)
		snprintf(why, CONFINE_WHY_MAX, "could not be heard: %s", strerror(-collected));
	else if (WIFSIGNALED(status))
		snprintf(why, CONFINE_WHY_MAX, "was killed by signal %d", WTERMSIG(status));
	else if (!WIFEXITED(status) || WEXITSTATUS(status))
		snprintf(why, CONFINE_WHY_MAX, "failed");
}

/* Ends the child, whatever it is doing, and returns its status. */
static int reap(pid_t child, int collected)
{
	int status = 0;

	if (collected)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

int confine_run(confined_work work, const void *arg, size_t max, void **answer, size_t *len,
		char why[CONFINE_WHY_MAX])
{
	struct answer got = { .max = max };
	int ends[2];
	pid_t child;
	int collected;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	child = fork();
	if (child < 0) {
		collected = -errno;
		close(ends[0]);
		close(ends[1]);
		return collected;
	}
	if (!child)
		be_the_child(work, arg, ends[1]);
	close(ends[1]);
	collected = collect(ends[0], &got);
	close(ends[0]);
	say_end(why, collected, reap(child, collected));
	*answer = got.data;
	*len = got.len < max ? got.len : max;
	return 0;
}
