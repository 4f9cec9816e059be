// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "record/breakpoint.h"

static int open_on(unsigned int cpu, uint64_t addr)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attr),
		.bp_type = HW_BREAKPOINT_X,
		.bp_addr = addr,
		.bp_len = sizeof(long),
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		.disabled = 1,
		.exclude_user = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attr, -1, (int)cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

int breakpoints_open(struct breakpoints *points, uint64_t addr, unsigned int nr_cpus,
		     struct err *err)
{
	unsigned int cpu;
	int fd, code = 0;

	points->nr = 0;
	points->fds = calloc(nr_cpus, sizeof(*points->fds));
	if (!points->fds)
		return err_set(err, -ENOMEM, "out of memory");
	for (cpu = 0; cpu < nr_cpus && !code; cpu++) {
		fd = open_on(cpu, addr);
		if (fd >= 0)
			points->fds[points->nr++] = fd;
		else if (errno != ENODEV) /* a CPU that is not online */
			code = -errno;
	}
	if (!code && points->nr)
		return 0;
	breakpoints_close(points);
	return err_set(
		err, code ? code : -ENODEV,
		"an execute breakpoint on the slowpath is refused (%s); record without --verify",
		strerror(code ? -code : ENODEV));
}

void breakpoints_close(struct breakpoints *points)
{
	while (points->nr)
		close(points->fds[--points->nr]);
	free(points->fds);
	points->fds = NULL;
}

static int control(const struct breakpoints *points, unsigned long request)
{
	unsigned int i;

	for (i = 0; i < points->nr; i++)
		if (ioctl(points->fds[i], request, 0))
			return -errno;
	return 0;
}

int breakpoints_enable(const struct breakpoints *points)
{
	return control(points, PERF_EVENT_IOC_ENABLE);
}

int breakpoints_disable(const struct breakpoints *points)
{
	return control(points, PERF_EVENT_IOC_DISABLE);
}

int breakpoints_read(const struct breakpoints *points, uint64_t *count)
{
	struct {
		uint64_t value, enabled_ns, running_ns;
	} got;
	unsigned int i;

	*count = 0;
	for (i = 0; i < points->nr; i++) {
		if (read(points->fds[i], &got, sizeof(got)) != sizeof(got))
			return -EIO;
		if (got.enabled_ns != got.running_ns)
			return -EBUSY;
		*count += got.value;
	}
	return 0;
}
