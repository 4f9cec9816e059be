// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counts how often the processor really enters the slowpath of the page allocator while a command
 * runs: bpcount -- COMMAND [ARGUMENT...] prints the count.
 *
 * An execute breakpoint knows nothing of ftrace, kprobes and inlining, so this count is
 * independent of everything that pagetrail does; it shares no code with it either.
 */
#include <err.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOWPATH "__alloc_pages_slowpath"

/* The compiler adds a suffix to the symbol; its ".cold" part is not an entry. */
static int is_slowpath(const char *symbol)
{
	size_t len = strlen(SLOWPATH);

	return !strncmp(symbol, SLOWPATH, len) && (symbol[len] == '\0' || symbol[len] == '.') &&
	       !strstr(symbol, ".cold");
}

static uint64_t slowpath_address(void)
{
	char line[512], symbol[256];
	uint64_t found = 0;
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long address;

	if (!file)
		err(1, "/proc/kallsyms");
	while (!found && fgets(line, sizeof(line), file))
		if (sscanf(line, "%lx %*c %255s", &address, symbol) == 2 && is_slowpath(symbol))
			found = address;
	fclose(file);
	if (!found)
		errx(1, "/proc/kallsyms has no address of %s*", SLOWPATH);
	return found;
}

static int open_breakpoint(uint64_t address, int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attr),
		.bp_type = HW_BREAKPOINT_X,
		.bp_addr = address,
		.bp_len = sizeof(long),
		.exclude_user = 1,
		.disabled = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		err(1, "perf_event_open: breakpoint at %s on CPU %d", SLOWPATH, cpu);
	return fd;
}

static void on_all(const int *fds, int nr, unsigned long request)
{
	int i;

	for (i = 0; i < nr; i++)
		if (ioctl(fds[i], request, 0))
			err(1, "perf ioctl on CPU %d", i);
}

static uint64_t sum(const int *fds, int nr)
{
	uint64_t count, total = 0;
	int i;

	for (i = 0; i < nr; i++) {
		if (read(fds[i], &count, sizeof(count)) != sizeof(count))
			err(1, "reading the counter of CPU %d", i);
		total += count;
	}
	return total;
}

/* Its exit status, or 128 + the signal that killed it. */
static int run(char **command)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		execvp(command[0], command);
		err(127, "%s", command[0]);
	}
	if (waitpid(pid, &status, 0) < 0)
		err(1, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	int cpu, nr = (int)sysconf(_SC_NPROCESSORS_ONLN);
	int *fds = calloc((size_t)nr, sizeof(*fds));
	uint64_t address;
	int status;

	if (argc < 3 || strcmp(argv[1], "--"))
		errx(2, "usage: bpcount -- COMMAND [ARGUMENT...]");
	if (!fds)
		err(1, "calloc");
	address = slowpath_address();
	for (cpu = 0; cpu < nr; cpu++)
		fds[cpu] = open_breakpoint(address, cpu);
	on_all(fds, nr, PERF_EVENT_IOC_ENABLE);
	status = run(argv + 2);
	on_all(fds, nr, PERF_EVENT_IOC_DISABLE);
	printf("%llu\n", (unsigned long long)sum(fds, nr));
	free(fds);
	return status;
}
