// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "record/counter.h"

int counter_init(struct counter *counter, unsigned int nr_events, unsigned int nr_cpus)
{
	*counter = (struct counter){ .max = nr_events * nr_cpus };
	counter->fds = calloc(counter->max + 1, sizeof(*counter->fds));
	return counter->fds ? 0 : -ENOMEM;
}

void counter_close(struct counter *counter)
{
	while (counter->nr)
		close(counter->fds[--counter->nr]);
	free(counter->fds);
	counter->fds = NULL;
}

static int open_on(const struct perf_event_attr *attr, unsigned int cpu)
{
	return (int)syscall(SYS_perf_event_open, attr, -1, (int)cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

/* A CPU that is not online (ENODEV) runs nothing that could be counted. */
static int add(struct counter *counter, const struct perf_event_attr *attr, const char *filter,
	       unsigned int nr_cpus)
{
	unsigned int cpu, before = counter->nr;
	int fd;

	for (cpu = 0; cpu < nr_cpus && counter->nr < counter->max; cpu++) {
		fd = open_on(attr, cpu);
		if (fd < 0 && errno == ENODEV)
			continue;
		if (fd < 0)
			return -errno;
		counter->fds[counter->nr++] = fd;
		if (filter && ioctl(fd, PERF_EVENT_IOC_SET_FILTER, filter))
			return -errno;
	}
	return counter->nr > before ? 0 : -ENODEV;
}

int counter_add_breakpoint(struct counter *counter, uint64_t addr, unsigned int nr_cpus)
{
	const struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attr),
		.bp_type = HW_BREAKPOINT_X,
		.bp_addr = addr,
		.bp_len = sizeof(long),
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		.disabled = 1,
		.exclude_user = 1,
	};

	return add(counter, &attr, NULL, nr_cpus);
}

int counter_add_event(struct counter *counter, uint64_t id, const char *filter,
		      unsigned int nr_cpus)
{
	const struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = id,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		.disabled = 1,
	};

	return add(counter, &attr, filter, nr_cpus);
}

static int control(const struct counter *counter, unsigned long request)
{
	unsigned int i;

	for (i = 0; i < counter->nr; i++)
		if (ioctl(counter->fds[i], request, 0))
			return -errno;
	return 0;
}

int counter_enable(const struct counter *counter)
{
	return control(counter, PERF_EVENT_IOC_ENABLE);
}

int counter_disable(const struct counter *counter)
{
	return control(counter, PERF_EVENT_IOC_DISABLE);
}

int counter_read(const struct counter *counter, uint64_t *count)
{
	struct {
		uint64_t value, enabled_ns, running_ns;
	} got;
	unsigned int i;

	*count = 0;
	for (i = 0; i < counter->nr; i++) {
		if (read(counter->fds[i], &got, sizeof(got)) != sizeof(got))
			return -EIO;
		if (got.enabled_ns != got.running_ns)
			return -EBUSY;
		*count += got.value;
	}
	return 0;
}
