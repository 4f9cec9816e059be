// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/note.h"
#include "record/file.h"
#include "record/tracefile.h"

#define NAMES_SIZE   65536
#define NAME_SIZE    32 /* "PID COMM\n" */
#define OPTIONS_SIZE 4096
#define CPUSTAT_SIZE 512

#define NO_SYMBOLS_LINE "0000000000000000 a " NO_STACK_SYMBOLS "\n"

/* As many as the kernel keeps (a table of the whole host), and some. */
static size_t names_size(const char *tracefs)
{
	char *text = file_read_at(tracefs, "saved_cmdlines_size", NULL);
	size_t nr = text ? strtoul(text, NULL, 10) : 0;

	free(text);
	return NAMES_SIZE + nr * NAME_SIZE;
}

/* An option more or less does not decide whether the file can be read. */
static void add_option(struct tracefile *file, enum head_option id, const char *text)
{
	head_option(file->options, &file->options_len, file->options_size, id, text);
}

static void add_first_options(struct tracefile *file)
{
	struct utsname uts;
	char text[sizeof(uts)];

	add_option(file, OPTION_TRACECLOCK, "[mono]");
	if (uname(&uts))
		return;
	snprintf(text, sizeof(text), "%s %s %s %s", uts.sysname, uts.nodename, uts.release,
		 uts.machine);
	add_option(file, OPTION_UNAME, text);
}

static int allocate(struct tracefile *file, const struct session *session, struct err *err)
{
	file->names_size = names_size(session->tracefs);
	file->options_size = OPTIONS_SIZE + session->nr_cpus * (size_t)CPUSTAT_SIZE;
	file->names = calloc(1, file->names_size);
	file->options = calloc(1, file->options_size);
	return file->names && file->options ? 0 : err_set(err, -ENOMEM, "out of memory");
}

static int finish_head(struct tracefile *file)
{
	return head_finish(&file->head, file->names, file->names_len, file->options,
			   file->options_len, file->writer.table, file->writer.nr_cpus);
}

static bool plan_has_stacks(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->nr_probes; i++)
		if (*plan->probes[i].trigger)
			return true;
	return false;
}

/* Until they are found, the head says that they are not there. */
static int expect_stacks(struct tracefile *file, const char *dir, struct err *err)
{
	char *text = file_read_at(dir, "events/ftrace/kernel_stack/format", NULL);
	bool known = text && stack_format_read(&file->stack_format, text);

	free(text);
	file->has_stacks = true;
	if (!known)
		return err_set(
			err, -ENOTSUP,
			"the format %s/events/ftrace/kernel_stack cannot be understood; leave "
			"--stack out",
			dir);
	if (head_set_symbols(&file->head, file->inv, NO_SYMBOLS_LINE, strlen(NO_SYMBOLS_LINE)))
		return err_set(err, -ENOMEM, "out of memory");
	return 0;
}

static int make_head(struct tracefile *file, const struct session *session, const struct plan *plan,
		     const struct inventory *inv, struct err *err)
{
	char dir[INV_PATH_MAX + PLAN_GROUP_MAX + 16];
	int ret;

	snprintf(dir, sizeof(dir), "%s/instances/%s", session->tracefs, session->name);
	ret = head_open(&file->head, dir, plan, inv, session->name,
			file->names_size + file->options_size, session->nr_cpus, err);
	if (!ret && plan_has_stacks(plan))
		ret = expect_stacks(file, dir, err);
	if (ret)
		return ret;
	add_first_options(file);
	ret = finish_head(file);
	return ret ? err_set(err, ret, "the head of the file does not fit its buffer") : 0;
}

int tracefile_open(struct tracefile *file, const char *path, const struct session *session,
		   const struct plan *plan, const struct inventory *inv, uint64_t reserve,
		   struct err *err)
{
	int ret;

	*file = (struct tracefile){ .inv = inv };
	ret = writer_open(&file->writer, path, session->nr_cpus, reserve, err);
	if (ret)
		return ret;
	ret = allocate(file, session, err);
	if (!ret)
		ret = make_head(file, session, plan, inv, err);
	if (!ret)
		ret = writer_write_head(&file->writer, &file->head, err);
	if (ret) {
		tracefile_discard(file);
		tracefile_close(file);
	}
	return ret;
}

void tracefile_close(struct tracefile *file)
{
	writer_close(&file->writer);
	head_close(&file->head);
	free(file->names);
	free(file->options);
	file->names = file->options = NULL;
}

void tracefile_discard(struct tracefile *file)
{
	writer_discard(&file->writer);
}

static void read_names(struct tracefile *file, const char *tracefs)
{
	char path[INV_PATH_MAX + 32];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "%s/saved_cmdlines", tracefs);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	while (file->names_len < file->names_size &&
	       (got = read(fd, file->names + file->names_len, file->names_size - file->names_len)) >
		       0)
		file->names_len += (size_t)got;
	close(fd);
	while (file->names_len && file->names[file->names_len - 1] != '\n')
		file->names_len--;
}

/* As `trace-cmd report --stat` shows them. */
static void add_cpu_stats(struct tracefile *file, const struct session *session, unsigned int cpu)
{
	struct session_stats stats;
	char text[CPUSTAT_SIZE / 2];

	if (session_read_stats(session, cpu, &stats))
		return;
	snprintf(text, sizeof(text),
		 "CPU: %u\nentries: %" PRIu64 "\noverrun: %" PRIu64 "\ncommit overrun: %" PRIu64
		 "\ndropped events: %" PRIu64 "\nread events: %" PRIu64 "\n",
		 cpu, stats.entries, stats.overrun, stats.commit_overrun, stats.dropped,
		 stats.read);
	add_option(file, OPTION_CPUSTAT, text);
}

void tracefile_collect(struct tracefile *file, const struct session *session)
{
	unsigned int cpu;

	read_names(file, session->tracefs);
	for (cpu = 0; cpu < session->nr_cpus; cpu++)
		add_cpu_stats(file, session, cpu);
}

struct rereading {
	struct tracefile *file;
	struct stack_addresses addresses;
	writer_stop_fn stop;
	void *data;
	uint64_t done;
};

static int reread_cpu(struct rereading *all, unsigned int cpu)
{
	struct writer *writer = &all->file->writer;
	const uint8_t *pages;
	uint64_t at = 0;
	ssize_t got, i;

	while ((got = writer_reread(writer, cpu, at, &pages)) > 0) {
		for (i = 0; i < got; i += (ssize_t)writer->page_size)
			stack_addresses_take(&all->addresses, pages + i, writer->page_size);
		at += (uint64_t)got;
		all->done += (uint64_t)got;
		if (all->stop(all->data, all->done, writer_bytes(writer)))
			return -EINTR;
	}
	return (int)got;
}

static int set_symbols(struct rereading *all, struct err *err)
{
	struct tracefile *file = all->file;
	char *text;
	size_t len;
	int ret = stack_symbols(&all->addresses, "/proc/kallsyms", &text, &len, err);

	if (!ret) {
		ret = head_set_symbols(&file->head, file->inv, text, len);
		err_set(err, ret, "out of memory");
	}
	free(text);
	return ret;
}

/* Without their symbols the stacks are still there, and the head says so. */
static int name_stacks(struct tracefile *file, writer_stop_fn stop, void *data)
{
	struct rereading all = { .file = file, .stop = stop, .data = data };
	unsigned int cpu;
	int ret = stack_addresses_open(&all.addresses, &file->stack_format);

	for (cpu = 0; cpu < file->writer.nr_cpus && !ret; cpu++)
		ret = reread_cpu(&all, cpu);
	if (ret)
		err_set(&file->nameless, ret, "%s cannot be looked through again (%s)",
			file->writer.path, strerror(-ret));
	else
		ret = set_symbols(&all, &file->nameless);
	if (!ret)
		*file->nameless.text = '\0';
	stack_addresses_close(&all.addresses);
	return ret == -EINTR ? ret : 0;
}

/* The head is made twice: its length has to be known for the offsets that it contains. */
int tracefile_finish(struct tracefile *file, writer_stop_fn stop, void *data, struct err *err)
{
	int ret = file->has_stacks ? name_stacks(file, stop, data) : 0;

	if (ret)
		return err_set(err, ret, "given up: the pages are still in %s.cpu*",
			       file->writer.path);
	ret = finish_head(file);
	writer_lay_out(&file->writer, file->head.len);
	if (!ret)
		ret = finish_head(file);
	if (ret)
		return err_set(err, ret,
			       "the head of %s does not fit its buffer; the pages are in %s.cpu*",
			       file->writer.path, file->writer.path);
	return writer_assemble(&file->writer, &file->head, stop, data, err);
}
