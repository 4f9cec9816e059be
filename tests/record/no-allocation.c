// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded under a recorder: says so on stderr when it allocates, frees or forks while its window
 * is open. The window is known by the markers that the recorder itself writes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool open_window, ever_open;

static void complain(const char *what)
{
	static const char text[] = " while recording\n";

	if (!open_window)
		return;
	syscall(SYS_write, 2, what, strlen(what));
	syscall(SYS_write, 2, text, sizeof(text) - 1);
}

static bool begins(const void *buf, size_t len, const char *with)
{
	return len >= strlen(with) && !memcmp(buf, with, strlen(with));
}

ssize_t write(int fd, const void *buf, size_t len)
{
	if (begins(buf, len, "pagetrail window.start "))
		open_window = ever_open = true;
	if (begins(buf, len, "pagetrail exit "))
		open_window = false;
	return syscall(SYS_write, fd, buf, len);
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t nr, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void __libc_free(void *mem);

void *malloc(size_t size)
{
	complain("malloc");
	return __libc_malloc(size);
}

void *calloc(size_t nr, size_t size)
{
	complain("calloc");
	return __libc_calloc(nr, size);
}

void *realloc(void *old, size_t size)
{
	complain("realloc");
	return __libc_realloc(old, size);
}

void free(void *mem)
{
	if (mem)
		complain("free");
	__libc_free(mem);
}

pid_t fork(void)
{
	pid_t (*real)(void) = (pid_t(*)(void))dlsym(RTLD_NEXT, "fork");

	complain("fork");
	return real();
}

__attribute__((destructor)) static void finish(void)
{
	static const char text[] = "watched a window\n";

	if (ever_open)
		syscall(SYS_write, 2, text, sizeof(text) - 1);
}
