// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "capture/container.h"

#define MAGIC		 "\x17\x08\x44tracing"
#define HEADER_TEXT_MAX	 65536U
#define NR_SYSTEMS_MAX	 65536U
#define PACKING_NAME_MAX 16

static int out_of_memory(struct cursor *cursor)
{
	if (!cursor->failed)
		cursor->failed =
			err_set(cursor->err, -ENOMEM, "%s: out of memory", cursor->in->path);
	return cursor->failed;
}

/* Byte order, size of a long, size of a page; the numbers after the first byte have that order. */
static void read_machine(struct container *c, struct cursor *cursor)
{
	uint8_t order = cursor_u8(cursor, "a byte order");
	uint8_t user_long;

	if (order > 1)
		cursor_fail(cursor, "expected a byte order of 0 or 1, found %u", order);
	c->file.big_endian = order;
	user_long = cursor_u8(cursor, "the size of a long");
	if (!cursor->failed && user_long != 4 && user_long != 8)
		cursor_fail(cursor, "expected longs of 4 or 8 bytes, found %u", user_long);
	c->host_page_size = cursor_u32(cursor, "the size of a page");
}

static void read_head_v7(struct container *c, struct cursor *cursor)
{
	char name[PACKING_NAME_MAX], version[PACKING_NAME_MAX];
	int ret;

	cursor_text(cursor, name, sizeof(name), "the name of a compression");
	cursor_text(cursor, version, sizeof(version), "the version of a compression");
	c->options_at = cursor_u64(cursor, "the offset of the options");
	if (cursor->failed)
		return;
	ret = unpacker_new(name, &c->unpacker);
	if (ret == -ENOTSUP)
		cursor_fail(cursor, "expected compression none, zlib or zstd, found '%s'", name);
	else if (ret)
		out_of_memory(cursor);
}

static void read_head(struct container *c, struct cursor *cursor)
{
	char magic[sizeof(MAGIC) - 1];
	char version[8];

	if (c->file.size < sizeof(magic)) {
		cursor_fail(cursor, "expected a trace.dat, found %s",
			    c->file.size ? "a file that is too short" : "an empty file");
		return;
	}
	cursor_bytes(cursor, magic, sizeof(magic), "the magic of a trace.dat");
	if (!cursor->failed && memcmp(magic, MAGIC, sizeof(magic))) {
		cursor->at = 0;
		cursor_fail(cursor, "expected a trace.dat, found something else");
		return;
	}
	cursor_text(cursor, version, sizeof(version), "the version of a trace.dat");
	if (!strcmp(version, "6") || !strcmp(version, "7"))
		c->version = (unsigned int)(version[0] - '0');
	else if (!cursor->failed)
		cursor_fail(cursor, "expected version 6 or 7 of trace.dat, found another; "
				    "trace-cmd convert can change it");
	read_machine(c, cursor);
	if (c->version == 7)
		read_head_v7(c, cursor);
}

/* A line of header_page: "field: TYPE NAME; offset:N; size:N; ...". */
static bool header_field(const char *text, const char *name, uint32_t *offset, uint32_t *size)
{
	const char *at = strstr(text, name);
	unsigned int o, s;

	if (!at || sscanf(at + strlen(name), " offset:%5u; size:%7u;", &o, &s) != 2)
		return false;
	*offset = o;
	*size = s;
	return true;
}

static void read_layout(struct container *c, struct cursor *cursor, const char *text)
{
	uint32_t ts_at, ts_size, commit_at, data_size;
	struct page_layout *layout = &c->layout;
	uint32_t page_size;

	if (!header_field(text, " timestamp;", &ts_at, &ts_size) ||
	    !header_field(text, " commit;", &commit_at, &layout->commit_size) ||
	    !header_field(text, " data;", &layout->data_at, &data_size) || ts_at || ts_size != 8 ||
	    commit_at != 8 || (layout->commit_size != 4 && layout->commit_size != 8) ||
	    layout->data_at < 8 + layout->commit_size || layout->data_at > 64) {
		cursor_fail(cursor, "expected a header_page with timestamp, commit and data, as "
				    "kernels since 2.6.31 have it");
		return;
	}
	page_size = layout->data_at + data_size;
	if (page_size < PAGE_SIZE_MIN || page_size > PAGE_SIZE_MAX || page_size & (page_size - 1) ||
	    c->host_page_size < PAGE_SIZE_MIN || c->host_page_size & (c->host_page_size - 1) ||
	    page_size % c->host_page_size) {
		cursor_fail(cursor,
			    "expected pages of a power of two, found %" PRIu32
			    " bytes in header_page and %" PRIu32 " in the head of the file",
			    page_size, c->host_page_size);
		return;
	}
	layout->page_size = page_size;
	layout->big_endian = c->file.big_endian;
	c->has_layout = true;
}

/* A name with its NUL, a 64-bit size, and the text. To be freed; NULL after a failure. */
static char *read_header_text(struct cursor *cursor, const char *name)
{
	char found[16] = "";
	size_t len = strlen(name) + 1;
	uint64_t size;

	cursor_bytes(cursor, found, len, name);
	if (!cursor->failed && memcmp(found, name, len)) {
		cursor->at -= len;
		cursor_fail(cursor, "expected '%s', found something else", name);
	}
	size = cursor_u64(cursor, "the size of a header text");
	return cursor_dup(cursor, size, HEADER_TEXT_MAX, name);
}

void container_read_header_info(struct container *c, struct cursor *cursor)
{
	char *page = read_header_text(cursor, "header_page");
	char *event = page ? read_header_text(cursor, "header_event") : NULL;

	if (event)
		read_layout(c, cursor, page);
	free(page);
	free(event);
}

static void read_format(struct container *c, struct cursor *cursor, const char *system)
{
	uint64_t size = cursor_u64(cursor, "the size of an event format");
	struct format_text format = { .offset = cursor->at };

	if (c->nr_formats == NR_FORMATS_MAX || c->format_bytes + size > METADATA_MAX)
		cursor_fail(cursor, "expected event formats of at most %u bytes in all, found more",
			    METADATA_MAX);
	format.text = cursor_dup(cursor, size, FORMAT_TEXT_MAX, "an event format");
	if (!format.text)
		return;
	format.system = strdup(system);
	if (!format.system ||
	    vec_reserve((void **)&c->formats, &c->formats_cap, c->nr_formats + 1, sizeof(format))) {
		free(format.system);
		free(format.text);
		out_of_memory(cursor);
		return;
	}
	c->formats[c->nr_formats++] = format;
	c->format_bytes += size;
}

static void read_formats(struct container *c, struct cursor *cursor, const char *system)
{
	uint32_t nr = cursor_u32(cursor, "the number of event formats");

	while (nr-- && !cursor->failed)
		read_format(c, cursor, system);
}

void container_read_ftrace_formats(struct container *c, struct cursor *cursor)
{
	read_formats(c, cursor, "ftrace");
}

void container_read_event_formats(struct container *c, struct cursor *cursor)
{
	uint32_t nr = cursor_u32(cursor, "the number of event systems");

	if (!cursor->failed && nr > NR_SYSTEMS_MAX)
		cursor_fail(cursor, "expected at most %u event systems, found %" PRIu32,
			    NR_SYSTEMS_MAX, nr);
	while (nr-- && !cursor->failed) {
		char system[SYSTEM_NAME_MAX];

		cursor_text(cursor, system, sizeof(system), "the name of an event system");
		read_formats(c, cursor, system);
	}
}

/* The first bytes of an option of `size` bytes, as a text; the whole option is consumed. */
static void read_text_option(struct cursor *cursor, uint64_t size, char *to, size_t room,
			     const char *what)
{
	size_t len = size < room - 1 ? (size_t)size : room - 1;

	cursor_bytes(cursor, to, len, what);
	to[len] = '\0';
	cursor_skip(cursor, size - len, what);
}

/* "local global [mono] boot": the one in brackets; a text without brackets is the clock itself. */
void container_set_clock(struct container *c, char *text)
{
	char *open = strchr(text, '[');
	char *name = open ? open + 1 : text;

	name[strcspn(name, "] \n")] = '\0';
	if (strlen(name) < sizeof(c->clock))
		memcpy(c->clock, name, strlen(name) + 1);
}

void container_read_clock(struct container *c, struct cursor *cursor, uint64_t size)
{
	char text[CLOCK_TEXT_MAX];

	read_text_option(cursor, size, text, sizeof(text), "the trace clock");
	container_set_clock(c, text);
}

void container_read_uname(struct container *c, struct cursor *cursor, uint64_t size)
{
	read_text_option(cursor, size, c->uname, sizeof(c->uname), "the name of the system");
}

/* The number after "\nname: ". False when there is none. */
static bool stat_number(const char *text, const char *name, uint64_t *number)
{
	const char *at = strstr(text, name);
	char *end;

	if (!at || !isdigit((unsigned char)at[strlen(name)]))
		return false;
	errno = 0;
	*number = strtoull(at + strlen(name), &end, 10);
	return !errno && *end == '\n';
}

/* The recorder's text: "CPU: N" and what the kernel says (tracing_stats_read, kernel/trace/trace.c).
 */
static bool parse_cpu_stat(const char *text, struct cpu_stat *stat)
{
	uint64_t cpu;

	if (!stat_number(text, "CPU: ", &cpu) || cpu >= NR_CPUS_MAX ||
	    !stat_number(text, "\noverrun: ", &stat->overrun) ||
	    !stat_number(text, "\ncommit overrun: ", &stat->commit_overrun) ||
	    !stat_number(text, "\ndropped events: ", &stat->dropped) ||
	    !stat_number(text, "\nread events: ", &stat->read))
		return false;
	stat->cpu = (uint32_t)cpu;
	return true;
}

/* A text that is not understood tells nothing; it is no damage. */
void container_read_cpu_stat(struct container *c, struct cursor *cursor, uint64_t size)
{
	char text[CPU_STAT_MAX];
	struct cpu_stat stat;

	read_text_option(cursor, size, text, sizeof(text), "the statistics of a CPU");
	if (cursor->failed || c->nr_stats == NR_EXTENTS_MAX || !parse_cpu_stat(text, &stat))
		return;
	if (vec_reserve((void **)&c->stats, &c->stats_cap, c->nr_stats + 1, sizeof(stat)))
		out_of_memory(cursor);
	else
		c->stats[c->nr_stats++] = stat;
}

void container_add_extent(struct container *c, struct cursor *cursor, const struct extent *extent)
{
	if (!extent->size || cursor->failed)
		return;
	if (extent->size > UINT64_MAX - extent->offset)
		cursor_fail(cursor,
			    "expected the place of a CPU's pages, found %" PRIu64
			    " bytes at offset %" PRIu64,
			    extent->size, extent->offset);
	else if (c->nr_extents == NR_EXTENTS_MAX)
		cursor_fail(cursor, "expected the pages of at most %u CPUs in all, found more",
			    NR_EXTENTS_MAX);
	else if (vec_reserve((void **)&c->extents, &c->extents_cap, c->nr_extents + 1,
			     sizeof(*extent)))
		out_of_memory(cursor);
	else
		c->extents[c->nr_extents++] = *extent;
}

static int by_place(const void *a, const void *b)
{
	const struct extent *x = *(const struct extent *const *)a;
	const struct extent *y = *(const struct extent *const *)b;

	if (x->in != y->in)
		return x->in < y->in ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Pages that were told to belong to two CPUs would be read twice, or thousands of times. */
static int check_overlaps(const struct container *c, struct err *err)
{
	const struct extent **sorted = calloc(c->nr_extents + 1, sizeof(struct extent *));
	size_t i;
	int ret = 0;

	if (!sorted)
		return err_set(err, -ENOMEM, "%s: out of memory", c->file.path);
	for (i = 0; i < c->nr_extents; i++)
		sorted[i] = &c->extents[i];
	qsort(sorted, c->nr_extents, sizeof(struct extent *), by_place);
	for (i = 1; i < c->nr_extents && !ret; i++) {
		const struct extent *x = sorted[i - 1], *y = sorted[i];

		if (x->in == y->in && x->offset + x->size > y->offset)
			ret = err_set(err, -EBADMSG,
				      "%s: offset %" PRIu64 ": expected the pages of CPU %" PRIu32
				      " alone, found those of CPU %" PRIu32 " in the same place",
				      c->file.path, y->offset, y->cpu, x->cpu);
	}
	free(sorted);
	return ret;
}

static int check(const struct container *c, struct err *err)
{
	if (!c->has_layout)
		return err_set(err, -EBADMSG, "%s: expected a header_page, found none",
			       c->file.path);
	if (!c->nr_cpus)
		return err_set(err, -EBADMSG,
			       "%s: expected the pages of at least one CPU, found no CPUs",
			       c->file.path);
	return check_overlaps(c, err);
}

int container_open(struct container *c, const char *path, struct err *err)
{
	struct cursor cursor;
	int ret;

	*c = (struct container){ .file = { .fd = -1 } };
	ret = input_open(&c->file, path, err);
	if (ret)
		return ret;
	cursor_file(&cursor, &c->file, 0, UINT64_MAX, err);
	read_head(c, &cursor);
	ret = cursor.failed;
	if (!ret)
		ret = c->version == 6 ? container_read_v6(c, &cursor)
				      : container_read_v7(c, &cursor);
	if (!ret)
		ret = check(c, err);
	if (ret)
		container_close(c);
	return ret;
}

void container_free_formats(struct container *c)
{
	size_t i;

	for (i = 0; i < c->nr_formats; i++) {
		free(c->formats[i].system);
		free(c->formats[i].text);
	}
	free(c->formats);
	c->formats = NULL;
	c->nr_formats = c->formats_cap = 0;
}

void container_close(struct container *c)
{
	uint32_t i;

	container_free_formats(c);
	for (i = 0; i < c->nr_parts; i++)
		input_close(&c->parts[i]);
	free(c->parts);
	free(c->stats);
	free(c->extents);
	free(c->buffers);
	unpacker_free(c->unpacker);
	input_close(&c->file);
	*c = (struct container){ .file = { .fd = -1 } };
}

void section_close(struct section *section)
{
	free(section->unpacked);
	section->unpacked = NULL;
}

int container_symbols(const struct container *c, struct section *section, struct err *err)
{
	uint32_t size;
	int ret;

	if (c->version == 6) {
		section->unpacked = NULL;
		cursor_file(&section->cursor, &c->file, c->symbols_at,
			    c->symbols_at + c->symbols_size, err);
		return section->cursor.failed;
	}
	ret = section_open_v7(c, c->symbols_at, OPTION_SYMBOLS, section, err);
	if (ret)
		return ret;
	size = cursor_u32(&section->cursor, "the size of the symbols");
	if (!section->cursor.failed && section->cursor.end - section->cursor.at > size)
		section->cursor.end = section->cursor.at + size;
	if (section->cursor.failed)
		section_close(section);
	return section->cursor.failed;
}
