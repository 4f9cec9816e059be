// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Version 7: sections in any order, found through options; the options sections form a list. Each
 * trace instance is one BUFFER option.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "capture/container.h"

#define SECTION_PACKED	  1
#define INSTANCE_NAME_MAX 256

/* 0, or -errno with the sentence; the cursor is at the section's first byte then. */
static int read_section_head(const struct container *c, uint64_t offset, uint16_t id,
			     struct cursor *cursor, uint16_t *flags, struct err *err)
{
	uint16_t found;
	uint64_t size;

	cursor_file(cursor, &c->file, offset, UINT64_MAX, err);
	found = cursor_u16(cursor, "the id of a section");
	*flags = cursor_u16(cursor, "the flags of a section");
	cursor_skip(cursor, sizeof(uint32_t), "the description of a section");
	size = cursor_u64(cursor, "the size of a section");
	if (!cursor->failed && found != id) {
		cursor->at = offset;
		cursor_fail(cursor, "expected section %u, found section %u", id, found);
	}
	if (!cursor->failed && size < cursor->end - cursor->at)
		cursor->end = cursor->at + size;
	return cursor->failed;
}

static int unpack_section(const struct container *c, uint64_t offset, struct section *section,
			  struct err *err)
{
	struct cursor *cursor = &section->cursor;
	uint32_t packed = cursor_u32(cursor, "the packed size of a section");
	uint32_t size = cursor_u32(cursor, "the size of a section");
	void *room;

	if (!cursor->failed && (!c->unpacker || size > METADATA_MAX || packed > METADATA_MAX))
		cursor_fail(cursor,
			    "expected a section of at most %u bytes, found %" PRIu32
			    " packed to %" PRIu32,
			    METADATA_MAX, size, packed);
	if (!cursor->failed && packed > cursor->end - cursor->at)
		cursor_fail(cursor,
			    "expected a packed section of %" PRIu32
			    " bytes, but it ends at offset %" PRIu64,
			    packed, cursor->end);
	if (cursor->failed)
		return cursor->failed;
	room = unpacker_room(c->unpacker, packed);
	section->unpacked = malloc(size ? size : 1);
	if (!room || !section->unpacked)
		return err_set(err, -ENOMEM, "%s: out of memory", c->file.path);
	cursor_bytes(cursor, room, packed, "a packed section");
	if (!cursor->failed && unpack(c->unpacker, packed, section->unpacked, size))
		cursor_fail(cursor,
			    "expected a section packed from %" PRIu32
			    " bytes, found one that cannot be unpacked",
			    size);
	if (cursor->failed)
		return cursor->failed;
	cursor_section(cursor, &c->file, section->unpacked, size, offset, err);
	return 0;
}

int section_open_v7(const struct container *c, uint64_t offset, uint16_t id,
		    struct section *section, struct err *err)
{
	uint16_t flags;
	int ret;

	section->unpacked = NULL;
	ret = read_section_head(c, offset, id, &section->cursor, &flags, err);
	if (!ret && (flags & SECTION_PACKED))
		ret = unpack_section(c, offset, section, err);
	if (ret)
		section_close(section);
	return ret;
}

/* One option whose data are the offset of a section that we read at once. */
static void read_section(struct container *c, struct cursor *options, uint16_t id, struct err *err)
{
	uint64_t offset = cursor_u64(options, "the offset of a section");
	struct section section;

	if (!options->failed && (c->sections_seen & (1U << id)))
		cursor_fail(options, "expected one section %u, found a second", id);
	if (options->failed)
		return;
	c->sections_seen |= 1U << id;
	options->failed = section_open_v7(c, offset, id, &section, err);
	if (options->failed)
		return;
	if (id == OPTION_HEADER_INFO)
		container_read_header_info(c, &section.cursor);
	else if (id == OPTION_FTRACE_EVENTS)
		container_read_ftrace_formats(c, &section.cursor);
	else
		container_read_event_formats(c, &section.cursor);
	options->failed = section.cursor.failed;
	section_close(&section);
}

/* Of one instance, at its end: which CPUs have pages, and where. */
static void read_cpus(struct container *c, struct cursor *cursor, bool packed)
{
	uint32_t nr = cursor_u32(cursor, "the number of CPUs");

	if (!cursor->failed && nr > NR_CPUS_MAX)
		cursor_fail(cursor, "expected at most %u CPUs, found %" PRIu32, NR_CPUS_MAX, nr);
	while (nr-- && !cursor->failed) {
		struct extent extent = { .in = &c->file, .packed = packed };

		extent.cpu = cursor_u32(cursor, "the id of a CPU");
		extent.offset = cursor_u64(cursor, "the offset of a CPU's pages");
		extent.size = cursor_u64(cursor, "the size of a CPU's pages");
		if (!cursor->failed && extent.cpu >= NR_CPUS_MAX)
			cursor_fail(cursor, "expected a CPU below %u, found %" PRIu32, NR_CPUS_MAX,
				    extent.cpu);
		if (!cursor->failed && extent.cpu >= c->nr_cpus)
			c->nr_cpus = extent.cpu + 1;
		container_add_extent(c, cursor, &extent);
	}
}

/* Its pages can only be read when they are of the size that header_page says. */
static void read_buffer_page_size(const struct container *c, struct cursor *cursor)
{
	uint32_t page_size = cursor_u32(cursor, "the size of a page");

	if (!cursor->failed && !c->has_layout)
		cursor_fail(cursor, "expected a header_page before the pages, found none");
	if (!cursor->failed && page_size != c->layout.page_size) {
		cursor->at -= sizeof(page_size);
		cursor_fail(cursor,
			    "expected pages of %" PRIu32 " bytes as in header_page, found %" PRIu32
			    " bytes",
			    c->layout.page_size, page_size);
	}
}

/* The section that the option points to begins with a head, whose flags tell whether it is packed.
 */
static bool is_packed(const struct container *c, uint64_t offset, struct cursor *options,
		      struct err *err)
{
	struct cursor cursor;
	uint16_t flags;

	if (options->failed)
		return false;
	options->failed = read_section_head(c, offset, OPTION_BUFFER, &cursor, &flags, err);
	if (!options->failed && (flags & SECTION_PACKED) && !c->unpacker)
		cursor_fail(options, "expected pages that are not packed, as the head of the file "
				     "names no compression");
	return flags & SECTION_PACKED;
}

static void read_buffer(struct container *c, struct cursor *options, struct err *err)
{
	uint64_t offset = cursor_u64(options, "the offset of a trace instance");
	char name[INSTANCE_NAME_MAX], clock[CLOCK_TEXT_MAX];
	bool packed;

	cursor_text(options, name, sizeof(name), "the name of a trace instance");
	cursor_text(options, clock, sizeof(clock), "the trace clock");
	container_set_clock(c, clock);
	read_buffer_page_size(c, options);
	packed = is_packed(c, offset, options, err);
	read_cpus(c, options, packed);
}

static void read_symbols(struct container *c, struct cursor *options)
{
	c->symbols_at = cursor_u64(options, "the offset of a section");
	c->has_symbols = !options->failed;
}

static void read_cpu_count(struct container *c, struct cursor *options)
{
	uint32_t nr = cursor_u32(options, "the number of CPUs");

	if (!options->failed && nr > NR_CPUS_MAX)
		cursor_fail(options, "expected at most %u CPUs, found %" PRIu32, NR_CPUS_MAX, nr);
	else if (nr > c->nr_cpus)
		c->nr_cpus = nr;
}

static void read_option(struct container *c, struct cursor *options, uint16_t id, uint32_t size,
			struct err *err)
{
	uint64_t end = options->at + size;

	switch (id) {
	case OPTION_HEADER_INFO:
	case OPTION_FTRACE_EVENTS:
	case OPTION_EVENT_FORMATS:
		read_section(c, options, id, err);
		break;
	case OPTION_SYMBOLS:
		read_symbols(c, options);
		break;
	case OPTION_BUFFER:
		read_buffer(c, options, err);
		break;
	case OPTION_CPU_COUNT:
		read_cpu_count(c, options);
		break;
	case OPTION_CLOCK:
		container_read_clock(c, options, size);
		break;
	case OPTION_CPU_STAT:
		container_read_cpu_stat(c, options, size);
		break;
	case OPTION_UNAME:
		container_read_uname(c, options, size);
		break;
	}
	if (options->failed)
		return;
	if (options->at > end)
		cursor_fail(options, "expected the end of option %u", id);
	else
		cursor_skip(options, end - options->at, "an option");
}

/* One section of options. *next is the offset of the one after it, 0 for none. */
static int read_options(struct container *c, uint64_t offset, uint64_t *next, struct err *err)
{
	struct section section;
	struct cursor *options = &section.cursor;
	int ret = section_open_v7(c, offset, OPTION_DONE, &section, err);

	if (ret)
		return ret;
	while (!options->failed) {
		uint16_t id = cursor_u16(options, "an option");
		uint32_t size = cursor_u32(options, "the size of an option");

		if (id == OPTION_DONE) {
			*next = cursor_u64(options, "the offset of further options");
			break;
		}
		if (++c->nr_options > NR_OPTIONS_MAX)
			cursor_fail(options, "expected at most %u options, found more",
				    NR_OPTIONS_MAX);
		if (size > options->end - options->at)
			cursor_fail(options,
				    "expected an option of %" PRIu32
				    " bytes, but the section ends at offset %" PRIu64,
				    size, options->end);
		read_option(c, options, id, size, err);
	}
	ret = options->failed;
	if (!ret && *next && *next <= offset)
		ret = cursor_fail(options,
				  "expected further options after offset %" PRIu64
				  ", found offset %" PRIu64,
				  offset, *next);
	section_close(&section);
	return ret;
}

#define SECTION_HEAD  16 /* u16 id, u16 flags, u32 place of its name, u64 size of what follows */
#define SECTION_NAMES 15

/* What is seen of the sections on the way to the end of the file. */
struct passed {
	bool names, named; /* there are names; some section has one */
	bool pages_end;	   /* the file ends within pages: their CPU tells that */
};

/* One section; false where the file ends within it. */
static bool pass_section(struct container *c, struct cursor *cursor, struct passed *passed)
{
	uint64_t left = c->file.size - cursor->at, size;
	uint16_t id;

	c->cut_at = cursor->at;
	if (left < SECTION_HEAD)
		return false;
	id = cursor_u16(cursor, "a section");
	cursor_skip(cursor, 2, "a section");
	passed->named |= cursor_u32(cursor, "the name of a section") != 0;
	passed->names |= id == SECTION_NAMES;
	size = cursor_u64(cursor, "the size of a section");
	if (size > left - SECTION_HEAD) {
		passed->pages_end = id == OPTION_BUFFER;
		return false;
	}
	cursor_skip(cursor, size, "a section");
	return true;
}

/*
 * The sections follow each other up to the end of the file, and their names come last. Those are never
 * read here, so only this shows that the file was cut there.
 */
static void check_end(struct container *c, uint64_t at)
{
	struct passed passed = { 0 };
	struct cursor cursor;
	struct err err;
	bool whole = true;

	cursor_file(&cursor, &c->file, at, UINT64_MAX, &err);
	while (whole && !cursor.failed && cursor.at < c->file.size)
		whole = pass_section(c, &cursor, &passed);
	if (whole)
		c->cut_at = c->file.size;
	c->cut = whole ? passed.named && !passed.names : !passed.pages_end;
}

int container_read_v7(struct container *c, struct cursor *cursor)
{
	uint64_t offset = c->options_at, first = cursor->at;
	int ret = 0;

	while (offset && !ret) {
		uint64_t next = 0;

		ret = read_options(c, offset, &next, cursor->err);
		offset = next;
	}
	if (!ret)
		check_end(c, first);
	return ret;
}
