/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes trace.dat files of either version by hand, in memory: pages entry by entry, and around them
 * the container. For tests of the reader; nothing here is shared with it. A test that runs out of
 * memory aborts.
 */
#ifndef PAGETRAIL_TESTS_TRACE_FILE_H
#define PAGETRAIL_TESTS_TRACE_FILE_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

struct blob {
	uint8_t *data;
	size_t len, cap;
	bool be; /* numbers are written with their highest byte first */
};

static inline void *put_room(struct blob *b, size_t len)
{
	if (b->len + len > b->cap) {
		b->cap = 2 * (b->len + len);
		b->data = realloc(b->data, b->cap);
		if (!b->data)
			abort();
	}
	memset(b->data + b->len, 0, len);
	b->len += len;
	return b->data + b->len - len;
}

static inline void put(struct blob *b, const void *from, size_t len)
{
	void *room = put_room(b, len);

	if (len)
		memcpy(room, from, len);
}

static inline void store(struct blob *b, size_t at, uint64_t value, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		b->data[at + i] = (uint8_t)(value >> 8 * (b->be ? size - 1 - i : i));
}

static inline void put_number(struct blob *b, uint64_t value, size_t size)
{
	put_room(b, size);
	store(b, b->len - size, value, size);
}

static inline void put_u8(struct blob *b, uint8_t value)
{
	put_number(b, value, 1);
}

static inline void put_u16(struct blob *b, uint16_t value)
{
	put_number(b, value, 2);
}

static inline void put_u32(struct blob *b, uint32_t value)
{
	put_number(b, value, 4);
}

static inline void put_u64(struct blob *b, uint64_t value)
{
	put_number(b, value, 8);
}

/* With its NUL. */
static inline void put_text(struct blob *b, const char *text)
{
	put(b, text, strlen(text) + 1);
}

/* Without. */
static inline void put_chars(struct blob *b, const char *text)
{
	put(b, text, strlen(text));
}

static inline void blob_free(struct blob *b)
{
	free(b->data);
	*b = (struct blob){ .be = b->be };
}

/* --- Pages. --- */

#define MISSED_EVENTS 0x80000000U
#define MISSED_STORED 0x40000000U

struct page_maker {
	struct blob *to;
	size_t at; /* of the page in *to */
	uint32_t page_size, long_size;
};

static inline struct page_maker page_start(struct blob *to, uint32_t page_size, uint32_t long_size,
					   uint64_t ts)
{
	struct page_maker page = { to, to->len, page_size, long_size };

	put_u64(to, ts);
	put_number(to, 0, long_size);
	return page;
}

static inline uint32_t page_data_at(const struct page_maker *page)
{
	return 8 + page->long_size;
}

static inline void page_entry(struct page_maker *page, uint32_t type, uint32_t delta)
{
	put_u32(page->to, page->to->be ? type << 27 | delta : delta << 5 | type);
}

/* A record of up to 112 bytes, in words of 4. */
static inline void page_record(struct page_maker *page, uint32_t delta, const void *data,
			       size_t len)
{
	page_entry(page, (uint32_t)(len + 3) / 4, delta);
	put(page->to, data, len);
	put_room(page->to, -len & 3);
}

/* A record with a length of its own. */
static inline void page_long_record(struct page_maker *page, uint32_t delta, const void *data,
				    size_t len)
{
	page_entry(page, 0, delta);
	put_u32(page->to, (uint32_t)((len + 3) & ~3UL) + 4);
	put(page->to, data, len);
	put_room(page->to, -len & 3);
}

static inline void page_word(struct page_maker *page, uint32_t type, uint64_t value)
{
	page_entry(page, type, value & 0x7ffffff);
	put_u32(page->to, (uint32_t)(value >> 27));
}

static inline void page_extend(struct page_maker *page, uint64_t delta)
{
	page_word(page, 30, delta);
}

/* The kernel stores 59 bits. */
static inline void page_stamp(struct page_maker *page, uint64_t ts)
{
	page_word(page, 31, ts & ((1ULL << 59) - 1));
}

/* `len` counts the word that holds it. */
static inline void page_padding(struct page_maker *page, uint32_t delta, uint32_t len)
{
	page_entry(page, 29, delta);
	put_u32(page->to, len);
	put_room(page->to, len - 4);
}

static inline uint32_t page_commit(const struct page_maker *page)
{
	return (uint32_t)(page->to->len - page->at) - page_data_at(page);
}

/* Ends the page; `flags` are added to its commit as the kernel adds them: as a signed int. */
static inline void page_finish(struct page_maker *page, uint32_t flags, uint64_t missed)
{
	uint64_t commit = page_commit(page) + (uint64_t)(int64_t)(int32_t)flags;

	if (flags & MISSED_STORED)
		put_number(page->to, missed, page->long_size);
	store(page->to, page->at + 8, commit, page->long_size);
	put_room(page->to, page->at + page->page_size - page->to->len);
}

/* --- Event formats. --- */

struct field_text {
	const char *type, *name; /* an array has its [] behind the name */
	unsigned int offset, size, is_signed;
};

#define FIELDS_END                  \
	{                           \
		NULL, NULL, 0, 0, 0 \
	}

static inline void put_format_fields(struct blob *b, const struct field_text *fields)
{
	char line[256];

	for (; fields->name; fields++) {
		snprintf(line, sizeof(line), "\tfield:%s %s;\toffset:%u;\tsize:%u;\tsigned:%u;\n",
			 fields->type, fields->name, fields->offset, fields->size,
			 fields->is_signed);
		put_chars(b, line);
	}
}

/* To be freed. */
static inline char *format_make(const char *name, unsigned int id, const struct field_text *fields,
				const char *print)
{
	static const struct field_text common[] = {
		{ "unsigned short", "common_type", 0, 2, 0 },
		{ "unsigned char", "common_flags", 2, 1, 0 },
		{ "unsigned char", "common_preempt_count", 3, 1, 0 },
		{ "int", "common_pid", 4, 4, 1 },
		FIELDS_END,
	};
	struct blob b = { 0 };
	char head[128];

	snprintf(head, sizeof(head), "name: %s\nID: %u\nformat:\n", name, id);
	put_chars(&b, head);
	put_format_fields(&b, common);
	put_chars(&b, "\n");
	put_format_fields(&b, fields);
	put_chars(&b, "\nprint fmt: ");
	put_chars(&b, print);
	put_text(&b, "\n");
	return (char *)b.data;
}

/* --- Files. --- */

#define CPUS_MAX    16
#define FORMATS_MAX 32
#define MARKS_MAX   256

struct trace_spec {
	unsigned int version;
	bool be;
	uint32_t long_size, page_size;
	const char *packing; /* version 7: "none", "zlib", "zstd" */
	uint32_t pages_per_chunk;
	struct {
		const char *system;
		char *text;
	} formats[FORMATS_MAX]; /* those of a system side by side */
	unsigned int nr_formats;
	const char *symbols, *clock, *uname;
	unsigned int nr_cpus;
	struct blob pages[CPUS_MAX];
	const char *instance; /* name of a second trace instance, or NULL */
	struct blob instance_pages[CPUS_MAX];
	/* Set by make_trace: offsets where something begins, and where the table and pages lie. */
	const struct blob *file;
	size_t marks[MARKS_MAX];
	unsigned int nr_marks;
	size_t table_at, pages_at;
};

static inline void mark(struct trace_spec *spec, const struct blob *b)
{
	if (b == spec->file && spec->nr_marks < MARKS_MAX)
		spec->marks[spec->nr_marks++] = b->len;
}

static inline void put_header_info(struct trace_spec *spec, struct blob *b)
{
	char text[512];
	uint32_t data_at = 8 + spec->long_size;

	snprintf(text, sizeof(text),
		 "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
		 "\tfield: local_t commit;\toffset:8;\tsize:%u;\tsigned:1;\n"
		 "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
		 "\tfield: char data;\toffset:%u;\tsize:%u;\tsigned:0;\n",
		 spec->long_size, data_at, spec->page_size - data_at);
	mark(spec, b);
	put_text(b, "header_page");
	put_u64(b, strlen(text));
	mark(spec, b);
	put_chars(b, text);
	mark(spec, b);
	put_text(b, "header_event");
	put_u64(b, 4);
	put_chars(b, "text");
}

static inline void put_format(struct trace_spec *spec, struct blob *b, unsigned int i)
{
	mark(spec, b);
	put_u64(b, strlen(spec->formats[i].text));
	mark(spec, b);
	put_chars(b, spec->formats[i].text);
}

static inline bool same_system(const struct trace_spec *spec, unsigned int i, const char *system)
{
	return i < spec->nr_formats && !strcmp(spec->formats[i].system, system);
}

static inline unsigned int count_of_system(const struct trace_spec *spec, unsigned int i,
					   const char *system)
{
	unsigned int nr = 0;

	while (same_system(spec, i + nr, system))
		nr++;
	return nr;
}

/* Those of the system ftrace come first, and are not among the others. */
static inline unsigned int put_ftrace_formats(struct trace_spec *spec, struct blob *b)
{
	unsigned int nr = count_of_system(spec, 0, "ftrace");
	unsigned int i;

	mark(spec, b);
	put_u32(b, nr);
	for (i = 0; i < nr; i++)
		put_format(spec, b, i);
	return nr;
}

static inline void put_event_formats(struct trace_spec *spec, struct blob *b, unsigned int from)
{
	unsigned int nr_systems = 0;
	unsigned int i, nr;
	size_t at = b->len;

	mark(spec, b);
	put_u32(b, 0);
	for (i = from; i < spec->nr_formats; i += nr) {
		unsigned int k;

		nr = count_of_system(spec, i, spec->formats[i].system);
		mark(spec, b);
		put_text(b, spec->formats[i].system);
		put_u32(b, nr);
		for (k = 0; k < nr; k++)
			put_format(spec, b, i + k);
		nr_systems++;
	}
	store(b, at, nr_systems, 4);
}

static inline void put_head(struct trace_spec *spec, struct blob *b)
{
	b->be = spec->be;
	put(b, "\x17\x08\x44tracing", 10);
	mark(spec, b);
	put_text(b, spec->version == 6 ? "6" : "7");
	put_u8(b, spec->be);
	put_u8(b, (uint8_t)spec->long_size);
	put_u32(b, spec->page_size);
}

static inline void put_option_text(struct trace_spec *spec, struct blob *b, uint16_t id,
				   const char *text)
{
	mark(spec, b);
	put_u16(b, id);
	put_u32(b, (uint32_t)strlen(text) + 1);
	put_text(b, text);
}

static inline void put_aligned(struct blob *b, size_t size)
{
	put_room(b, (size - b->len % size) % size);
}

/* The table of the CPUs, then their pages. */
static inline void put_pages_v6(struct trace_spec *spec, struct blob *b, const struct blob *pages)
{
	size_t table_at;
	unsigned int cpu;

	mark(spec, b);
	put_text(b, "flyrecord");
	table_at = b->len;
	mark(spec, b);
	put_room(b, 16 * spec->nr_cpus);
	put_aligned(b, spec->page_size);
	if (pages == spec->pages) {
		spec->table_at = table_at;
		spec->pages_at = b->len;
	}
	for (cpu = 0; cpu < spec->nr_cpus; cpu++) {
		store(b, table_at + 16 * cpu, b->len, 8);
		store(b, table_at + 16 * cpu + 8, pages[cpu].len, 8);
		put(b, pages[cpu].data, pages[cpu].len);
	}
}

static inline void make_trace_v6(struct trace_spec *spec, struct blob *b)
{
	size_t instance_at = 0;

	put_head(spec, b);
	put_header_info(spec, b);
	put_event_formats(spec, b, put_ftrace_formats(spec, b));
	mark(spec, b);
	put_u32(b, (uint32_t)strlen(spec->symbols));
	put_chars(b, spec->symbols);
	mark(spec, b);
	put_u32(b, 0); /* printk formats */
	mark(spec, b);
	put_u64(b, 0); /* command lines */
	mark(spec, b);
	put_u32(b, spec->nr_cpus);
	mark(spec, b);
	put_text(b, "options  ");
	put_option_text(spec, b, 4, spec->clock);
	put_option_text(spec, b, 5, spec->uname);
	if (spec->instance) {
		put_u16(b, 3);
		put_u32(b, 8 + (uint32_t)strlen(spec->instance) + 1);
		instance_at = b->len;
		put_u64(b, 0);
		put_text(b, spec->instance);
	}
	put_u16(b, 0);
	put_pages_v6(spec, b, spec->pages);
	if (spec->instance) {
		store(b, instance_at, b->len, 8);
		put_pages_v6(spec, b, spec->instance_pages);
	}
}

static inline size_t pack(const char *packing, const void *from, size_t len, void *to, size_t room)
{
	uLongf packed = room;
	size_t size;

	if (!strcmp(packing, "zlib")) {
		if (compress(to, &packed, from, len) != Z_OK)
			abort();
		return packed;
	}
	size = ZSTD_compress(to, room, from, len, 3);
	if (ZSTD_isError(size))
		abort();
	return size;
}

/* u32 packed size, u32 size, packed bytes: of a section, or of a chunk. */
static inline void put_packed(struct blob *b, const char *packing, const void *from, size_t len)
{
	size_t room = 2 * len + 1024;
	void *packed = malloc(room);
	size_t size;

	if (!packed)
		abort();
	size = pack(packing, from, len, packed, room);
	put_u32(b, (uint32_t)size);
	put_u32(b, (uint32_t)len);
	put(b, packed, size);
	free(packed);
}

static inline bool is_packed(const struct trace_spec *spec)
{
	return strcmp(spec->packing, "none");
}

/* Returns its offset. */
static inline uint64_t put_section(struct trace_spec *spec, struct blob *b, uint16_t id,
				   const struct blob *body, bool packed)
{
	size_t at = b->len;

	mark(spec, b);
	put_u16(b, id);
	put_u16(b, packed);
	put_u32(b, 0);
	put_u64(b, 0);
	mark(spec, b);
	if (packed)
		put_packed(b, spec->packing, body->data, body->len);
	else
		put(b, body->data, body->len);
	store(b, at + 8, b->len - at - 16, 8);
	return at;
}

static inline void put_option_number(struct blob *b, uint16_t id, uint64_t value, uint32_t size)
{
	put_u16(b, id);
	put_u32(b, size);
	put_number(b, value, size);
}

/* The number of chunks, which the size in the table leaves out; then the chunks. */
static inline uint64_t put_chunks(const struct trace_spec *spec, struct blob *b,
				  const struct blob *pages)
{
	size_t chunk = (size_t)spec->pages_per_chunk * spec->page_size;
	size_t start = b->len + 4;
	size_t at;

	put_u32(b, (uint32_t)((pages->len + chunk - 1) / chunk));
	for (at = 0; at < pages->len; at += chunk)
		put_packed(b, spec->packing, pages->data + at,
			   pages->len - at < chunk ? pages->len - at : chunk);
	return b->len - start;
}

/* The pages, and the option that says where they are. */
static inline void put_buffer_v7(struct trace_spec *spec, struct blob *b, const char *name,
				 const struct blob *pages, struct blob *options)
{
	struct blob option = { .be = spec->be };
	size_t section = b->len;
	unsigned int cpu;

	mark(spec, b);
	put_u16(b, 3);
	put_u16(b, is_packed(spec));
	put_u32(b, 0);
	put_u64(b, 0);
	put_u64(&option, section);
	put_text(&option, name);
	put_text(&option, spec->clock);
	put_u32(&option, spec->page_size);
	put_u32(&option, spec->nr_cpus);
	for (cpu = 0; cpu < spec->nr_cpus; cpu++) {
		uint64_t size = pages[cpu].len;

		put_aligned(b, spec->page_size);
		if (!cpu && pages == spec->pages)
			spec->pages_at = b->len;
		put_u32(&option, cpu);
		put_u64(&option, b->len);
		if (is_packed(spec))
			size = put_chunks(spec, b, &pages[cpu]);
		else
			put(b, pages[cpu].data, pages[cpu].len);
		put_u64(&option, size);
	}
	store(b, section + 8, b->len - section - 16, 8);
	put_u16(options, 3);
	put_u32(options, (uint32_t)option.len);
	put(options, option.data, option.len);
	blob_free(&option);
}

/* Two options sections, as trace-cmd writes them: the second names the pages. */
static inline void make_trace_v7(struct trace_spec *spec, struct blob *b)
{
	struct blob part = { .be = spec->be }, options = { .be = spec->be };
	bool packed = is_packed(spec);
	unsigned int nr_ftrace;
	size_t options_at, first, next_at;

	put_head(spec, b);
	put_text(b, spec->packing);
	put_text(b, "1.0");
	options_at = b->len;
	put_u64(b, 0);

	put_header_info(spec, &part);
	put_option_number(&options, 16, put_section(spec, b, 16, &part, packed), 8);
	blob_free(&part);
	nr_ftrace = put_ftrace_formats(spec, &part);
	put_option_number(&options, 17, put_section(spec, b, 17, &part, packed), 8);
	blob_free(&part);
	put_event_formats(spec, &part, nr_ftrace);
	put_option_number(&options, 18, put_section(spec, b, 18, &part, packed), 8);
	blob_free(&part);
	put_u32(&part, (uint32_t)strlen(spec->symbols));
	put_chars(&part, spec->symbols);
	put_option_number(&options, 19, put_section(spec, b, 19, &part, packed), 8);
	blob_free(&part);
	put_option_number(&options, 8, spec->nr_cpus, 4);
	put_option_text(spec, &options, 4, spec->clock);
	put_option_text(spec, &options, 5, spec->uname);
	put_option_number(&options, 0, 0, 8);
	first = put_section(spec, b, 0, &options, false);
	store(b, options_at, first, 8);
	next_at = b->len - 8;
	blob_free(&options);

	put_buffer_v7(spec, b, "", spec->pages, &options);
	if (spec->instance)
		put_buffer_v7(spec, b, spec->instance, spec->instance_pages, &options);
	put_option_number(&options, 0, 0, 8);
	store(b, next_at, put_section(spec, b, 0, &options, false), 8);
	blob_free(&options);
}

static inline void make_trace(struct trace_spec *spec, struct blob *b)
{
	*b = (struct blob){ .be = spec->be };
	spec->file = b;
	spec->nr_marks = 0;
	if (spec->version == 6)
		make_trace_v6(spec, b);
	else
		make_trace_v7(spec, b);
	mark(spec, b);
}

static inline void spec_free(struct trace_spec *spec)
{
	unsigned int i;

	for (i = 0; i < spec->nr_formats; i++)
		free(spec->formats[i].text);
	for (i = 0; i < CPUS_MAX; i++) {
		blob_free(&spec->pages[i]);
		blob_free(&spec->instance_pages[i]);
	}
}

/* A new file each time: to replace the contents of one, ext4 would wait for the disk. */
static inline void write_file(const char *path, const void *data, size_t len)
{
	FILE *file;

	unlink(path);
	file = fopen(path, "w");
	if (!file || fwrite(data, 1, len, file) != len || fclose(file))
		abort();
}

#endif
