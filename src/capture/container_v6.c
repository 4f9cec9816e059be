// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Version 6: everything in one fixed order, then options, then a table of the CPUs' pages. Named
 * trace instances have tables of their own, pointed to by options.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "capture/container.h"

#define TAG_SIZE 10

static void read_tag(struct cursor *cursor, char tag[TAG_SIZE + 1])
{
	cursor_bytes(cursor, tag, TAG_SIZE, "options, flyrecord or latency");
	tag[TAG_SIZE] = '\0';
}

static void read_symbols(struct container *c, struct cursor *cursor)
{
	c->symbols_size = cursor_u32(cursor, "the size of the symbols");
	c->symbols_at = cursor->at;
	c->has_symbols = c->symbols_size != 0;
	cursor_skip(cursor, c->symbols_size, "the text of the symbols");
}

static void read_nr_cpus(struct container *c, struct cursor *cursor)
{
	c->nr_cpus = cursor_u32(cursor, "the number of CPUs");
	if (!cursor->failed && (!c->nr_cpus || c->nr_cpus > NR_CPUS_MAX)) {
		cursor->at -= sizeof(c->nr_cpus);
		cursor_fail(cursor, "expected 1 to %u CPUs, found %u", NR_CPUS_MAX, c->nr_cpus);
	}
}

static void read_buffer(struct container *c, struct cursor *cursor, uint32_t size)
{
	uint64_t at = cursor_u64(cursor, "the offset of a trace instance");

	cursor_skip(cursor, size < sizeof(at) ? 0 : size - sizeof(at),
		    "the name of a trace instance");
	if (cursor->failed || !at)
		return;
	if (c->nr_buffers == NR_BUFFERS_MAX)
		cursor_fail(cursor, "expected at most %u trace instances, found more",
			    NR_BUFFERS_MAX);
	else if (vec_reserve((void **)&c->buffers, &c->buffers_cap, c->nr_buffers + 1, sizeof(at)))
		cursor->failed =
			err_set(cursor->err, -ENOMEM, "%s: out of memory", cursor->in->path);
	else
		c->buffers[c->nr_buffers++] = at;
}

static void read_options(struct container *c, struct cursor *cursor)
{
	uint16_t id;

	while ((id = cursor_u16(cursor, "an option")) != 0) {
		uint32_t size = cursor_u32(cursor, "the size of an option");

		if (++c->nr_options > NR_OPTIONS_MAX)
			cursor_fail(cursor, "expected at most %u options, found more",
				    NR_OPTIONS_MAX);
		switch (id) {
		case OPTION_BUFFER:
			read_buffer(c, cursor, size);
			break;
		case OPTION_CPU_COUNT:
			read_nr_cpus(c, cursor);
			cursor_skip(cursor, size < 4 ? 0 : size - 4, "the number of CPUs");
			break;
		case OPTION_CLOCK:
			container_read_clock(c, cursor, size);
			break;
		case OPTION_CPU_STAT:
			container_read_cpu_stat(c, cursor, size);
			break;
		case OPTION_UNAME:
			container_read_uname(c, cursor, size);
			break;
		default:
			cursor_skip(cursor, size, "an option");
		}
	}
}

static void read_table(struct container *c, struct cursor *cursor)
{
	uint32_t cpu;

	for (cpu = 0; cpu < c->nr_cpus && !cursor->failed; cpu++) {
		struct extent extent = { .in = &c->file, .cpu = cpu };

		extent.offset = cursor_u64(cursor, "the offset of a CPU's pages");
		extent.size = cursor_u64(cursor, "the size of a CPU's pages");
		container_add_extent(c, cursor, &extent);
	}
}

/* What follows the number of CPUs, for the top instance and again for each named one. */
static void read_instance(struct container *c, struct cursor *cursor, bool top)
{
	char tag[TAG_SIZE + 1];

	read_tag(cursor, tag);
	if (top && !strcmp(tag, "options  ")) {
		read_options(c, cursor);
		read_tag(cursor, tag);
	}
	if (cursor->failed)
		return;
	if (!strcmp(tag, "flyrecord"))
		read_table(c, cursor);
	else if (!strcmp(tag, "latency  "))
		cursor_fail(cursor, "expected events, found the text of a latency tracer");
	else
		cursor_fail(cursor, "expected options, flyrecord or latency, found something else");
}

static void read_instances(struct container *c, struct err *err, int *ret)
{
	size_t i;

	for (i = 0; i < c->nr_buffers && !*ret; i++) {
		struct cursor cursor;

		cursor_file(&cursor, &c->file, c->buffers[i], UINT64_MAX, err);
		if (!cursor.failed)
			read_instance(c, &cursor, false);
		*ret = cursor.failed;
	}
}

/* FILE.cpuN, where it exists. */
static int add_part(struct container *c, struct cursor *cursor, uint32_t cpu)
{
	struct extent extent = { .cpu = cpu };
	char *path;
	struct input *part = &c->parts[c->nr_parts];
	int ret;

	if (asprintf(&path, "%s.cpu%u", c->file.path, cpu) < 0)
		return err_set(cursor->err, -ENOMEM, "%s: out of memory", c->file.path);
	ret = input_open(part, path, cursor->err);
	free(path);
	if (ret == -ENOENT)
		return 0;
	if (ret)
		return ret;
	part->big_endian = c->file.big_endian;
	c->nr_parts++;
	c->unfinished = true;
	extent.in = part;
	extent.size = part->size;
	container_add_extent(c, cursor, &extent);
	return cursor->failed;
}

/*
 * Our recorder writes the head first, with an empty table, and the pages into part files beside it,
 * which it puts into the file at the end. Where it was killed before that, they are still there.
 */
static int read_parts(struct container *c, struct cursor *cursor)
{
	uint32_t cpu;
	int ret = 0;

	c->parts = calloc(c->nr_cpus, sizeof(*c->parts));
	if (!c->parts)
		return err_set(cursor->err, -ENOMEM, "%s: out of memory", c->file.path);
	for (cpu = 0; cpu < c->nr_cpus && !ret; cpu++)
		ret = add_part(c, cursor, cpu);
	return ret;
}

int container_read_v6(struct container *c, struct cursor *cursor)
{
	int ret;

	container_read_header_info(c, cursor);
	container_read_ftrace_formats(c, cursor);
	container_read_event_formats(c, cursor);
	read_symbols(c, cursor);
	cursor_skip(cursor, cursor_u32(cursor, "the size of the printk formats"),
		    "the printk formats");
	cursor_skip(cursor, cursor_u64(cursor, "the size of the command lines"),
		    "the command lines");
	read_nr_cpus(c, cursor);
	read_instance(c, cursor, true);
	ret = cursor->failed;
	read_instances(c, cursor->err, &ret);
	if (!ret && !c->nr_extents)
		ret = read_parts(c, cursor);
	return ret;
}
