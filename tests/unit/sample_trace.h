/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small trace.dat with a few events of each sort, for every version, byte order, size of long and
 * compression; and what must be read from it.
 */
#ifndef PAGETRAIL_TESTS_SAMPLE_TRACE_H
#define PAGETRAIL_TESTS_SAMPLE_TRACE_H

#include "trace_file.h"

#define SAMPLE_PAGE 4096
#define SAMPLE_TS   5000000000ULL

enum {
	ID_PRINT = 5,
	ID_PAGE_ALLOC = 10,
	ID_RECLAIM_BEGIN = 11,
	ID_SLOW_ENTER = 20,
	ID_SLOW_EXIT = 21,
	ID_ATTEMPT_EXIT = 22,
	ID_FOREIGN = 30,
	ID_WITHOUT_FORMAT = 40,
};

#define PAGE_ALLOC_PRINT                                                                     \
	"\"gfp_flags=%s\", (REC->gfp_flags) ? __print_flags(REC->gfp_flags, \"|\", "         \
	"{(unsigned long)((((1UL))) << (10))|0x800u, \"GFP_BOTH\"}, {0x40u, \"__GFP_IO\"}, " \
	"{ 0, ((void *)0) } ) : \"none\""

/* The symbols of the functions that callers are told apart by. */
#define SAMPLE_SYMBOLS                                            \
	"0000000000001000 T __alloc_pages_noprof\n"               \
	"0000000000003000 t __alloc_pages_slowpath.constprop.0\n" \
	"0000000000004000 t unrelated\t[module]\n"                \
	"0000000000002000 t get_page_from_freelist\n"

static inline void add_format(struct trace_spec *spec, const char *system, const char *name,
			      unsigned int id, const struct field_text *fields, const char *print)
{
	spec->formats[spec->nr_formats].system = system;
	spec->formats[spec->nr_formats++].text = format_make(name, id, fields, print);
}

/* Those of probes are packed: numbers lie anywhere. */
static inline void sample_formats(struct trace_spec *spec)
{
	const uint32_t l = spec->long_size;
	const struct field_text print[] = {
		{ "unsigned long", "ip", 8, l, 0 },
		{ "char", "buf[]", 8 + l, 0, 0 },
		FIELDS_END,
	};
	const struct field_text page_alloc[] = {
		{ "unsigned long", "pfn", 8, l, 0 },
		{ "unsigned int", "order", 16, 4, 0 },
		{ "gfp_t", "gfp_flags", 20, 4, 0 },
		{ "int", "migratetype", 24, 4, 1 },
		FIELDS_END,
	};
	const struct field_text reclaim_begin[] = {
		{ "int", "order", 8, 4, 1 },
		{ "unsigned long", "gfp_flags", 16, l, 0 },
		FIELDS_END,
	};
	const struct field_text slow_enter[] = {
		{ "unsigned long", "__probe_ip", 8, l, 0 },
		{ "u32", "gfp", 16, 4, 0 },
		{ "u8", "order", 20, 1, 0 },
		{ "u64", "ac", 21, 8, 0 },
		{ "s16", "migratetype", 29, 2, 1 },
		{ "__data_loc char[]", "comm", 31, 4, 1 },
		FIELDS_END,
	};
	const struct field_text slow_exit[] = {
		{ "unsigned long", "__probe_ip", 8, l, 0 },
		{ "u64", "page", 16, 8, 0 },
		{ "s8", "sp", 24, 1, 1 },
		FIELDS_END,
	};
	const struct field_text attempt_exit[] = {
		{ "unsigned long", "__probe_func", 8, l, 0 },
		{ "unsigned long", "__probe_ret_ip", 8 + l, l, 0 },
		{ "u64", "page", 24, 8, 0 },
		{ "char", "comm[16]", 32, 16, 0 },
		FIELDS_END,
	};
	const struct field_text foreign[] = {
		{ "int", "x", 8, 4, 1 },
		FIELDS_END,
	};

	add_format(spec, "ftrace", "print", ID_PRINT, print, "\"%s\", REC->buf");
	add_format(spec, "kmem", "mm_page_alloc", ID_PAGE_ALLOC, page_alloc, PAGE_ALLOC_PRINT);
	add_format(spec, "vmscan", "mm_vmscan_direct_reclaim_begin", ID_RECLAIM_BEGIN,
		   reclaim_begin, "\"%d\", REC->order");
	add_format(spec, "pagetrail_test", "slow_enter", ID_SLOW_ENTER, slow_enter, "\"\"");
	add_format(spec, "pagetrail_test", "slow_exit_3", ID_SLOW_EXIT, slow_exit, "\"\"");
	add_format(spec, "pagetrail_test", "attempt_exit", ID_ATTEMPT_EXIT, attempt_exit, "\"\"");
	add_format(spec, "sched", "foreign", ID_FOREIGN, foreign, "\"%d\", REC->x");
}

/* The common fields of a record, in a body of `len` bytes to be filled. */
static inline struct blob record_start(const struct trace_spec *spec, uint16_t id, uint8_t flags,
				       int32_t pid, size_t len)
{
	struct blob body = { .be = spec->be };

	put_u16(&body, id);
	put_u8(&body, flags);
	put_u8(&body, 0);
	put_u32(&body, (uint32_t)pid);
	put_room(&body, len - 8);
	return body;
}

static inline void add_record(struct page_maker *page, uint32_t delta, struct blob *body)
{
	if (body->len > 112)
		page_long_record(page, delta, body->data, body->len);
	else
		page_record(page, delta, body->data, body->len);
	blob_free(body);
}

static inline void add_note(struct trace_spec *spec, struct page_maker *page, uint32_t delta,
			    int32_t pid, const char *text)
{
	struct blob body = record_start(spec, ID_PRINT, 0, pid, 8 + spec->long_size);

	put_text(&body, text);
	add_record(page, delta, &body);
}

static inline void add_page_alloc(struct trace_spec *spec, struct page_maker *page, uint32_t delta,
				  int32_t pid, uint32_t order)
{
	struct blob body = record_start(spec, ID_PAGE_ALLOC, 0x10, pid, 28);

	store(&body, 8, 0x12345, spec->long_size);
	store(&body, 16, order, 4);
	store(&body, 20, 0xcc0, 4);
	store(&body, 24, (uint64_t)-1, 4);
	add_record(page, delta, &body);
}

static inline void add_slow_enter(struct trace_spec *spec, struct page_maker *page, uint32_t delta,
				  int32_t pid, const char *comm)
{
	struct blob body = record_start(spec, ID_SLOW_ENTER, 0x08, pid, 35);
	size_t len = strlen(comm) + 1;

	store(&body, 16, 0x80000001, 4);
	store(&body, 20, 9, 1);
	store(&body, 21, 0xffff888012345678ULL, 8);
	store(&body, 29, (uint64_t)-2, 2);
	store(&body, 31, len << 16 | 35, 4);
	put_text(&body, comm);
	add_record(page, delta, &body);
}

static inline void add_slow_exit(struct trace_spec *spec, struct page_maker *page, uint32_t delta,
				 int32_t pid)
{
	struct blob body = record_start(spec, ID_SLOW_EXIT, 0, pid, 28);

	store(&body, 16, 0xfedcba9876543210ULL, 8);
	store(&body, 24, (uint64_t)-3, 1);
	add_record(page, delta, &body);
}

static inline void add_attempt_exit(struct trace_spec *spec, struct page_maker *page,
				    uint32_t delta, int32_t pid, uint64_t caller)
{
	struct blob body = record_start(spec, ID_ATTEMPT_EXIT, 0, pid, 48);

	store(&body, 8 + spec->long_size, caller, spec->long_size);
	memcpy(body.data + 32, "exactly sixteen!", 16);
	add_record(page, delta, &body);
}

static inline void add_other(struct trace_spec *spec, struct page_maker *page, uint32_t delta,
			     uint16_t id)
{
	struct blob body = record_start(spec, id, 0, 1, 12);

	add_record(page, delta, &body);
}

/*
 * CPU 0: three pages, at SAMPLE_TS, + 10000, + 20000. CPU 1: none. CPU 2: one page at + 50, where
 * records were lost before it.
 */
static inline void sample_pages(struct trace_spec *spec)
{
	struct page_maker page;
	int i;

	spec->nr_cpus = 3;
	for (i = 0; i < 3; i++)
		spec->pages[i].be = spec->be;

	page = page_start(&spec->pages[0], SAMPLE_PAGE, spec->long_size, SAMPLE_TS);
	add_note(spec, &page, 0, 77, "pagetrail profile 1/1 site\n");
	add_slow_enter(spec, &page, 100, 100, "a name longer than comm");
	add_other(spec, &page, 100, ID_FOREIGN);
	add_slow_exit(spec, &page, 100, 100);
	page_finish(&page, 0, 0);

	page = page_start(&spec->pages[0], SAMPLE_PAGE, spec->long_size, SAMPLE_TS + 10000);
	add_page_alloc(spec, &page, 0, 101, 3);
	add_other(spec, &page, 100, ID_WITHOUT_FORMAT);
	add_attempt_exit(spec, &page, 100, -1, 0x3123);
	page_finish(&page, 0, 0);

	page = page_start(&spec->pages[0], SAMPLE_PAGE, spec->long_size, SAMPLE_TS + 20000);
	add_page_alloc(spec, &page, 0, 102, 4);
	page_finish(&page, 0, 0);

	page = page_start(&spec->pages[2], SAMPLE_PAGE, spec->long_size, SAMPLE_TS + 50);
	add_page_alloc(spec, &page, 0, 200, 5);
	page_extend(&page, 19900);
	add_page_alloc(spec, &page, 50, 201, 6);
	page_finish(&page, MISSED_EVENTS | MISSED_STORED, 42);
}

/* A second trace instance, with two events on CPU 1: at + 150 and + 250. */
static inline void sample_instance(struct trace_spec *spec)
{
	struct page_maker page;

	spec->instance = "another";
	spec->instance_pages[1].be = spec->be;
	page = page_start(&spec->instance_pages[1], SAMPLE_PAGE, spec->long_size, SAMPLE_TS + 150);
	add_page_alloc(spec, &page, 0, 300, 7);
	add_page_alloc(spec, &page, 100, 301, 8);
	page_finish(&page, 0, 0);
}

/* The blob is to be freed, and the spec with spec_free. */
static inline void sample_make(struct trace_spec *spec, struct blob *file)
{
	spec->page_size = SAMPLE_PAGE;
	spec->pages_per_chunk = 2;
	spec->symbols = SAMPLE_SYMBOLS;
	spec->clock = "local global [mono] boot";
	spec->uname = "Linux 6.12.0 test";
	sample_formats(spec);
	sample_pages(spec);
	make_trace(spec, file);
}

/* Every container there is: version and packing, byte order, size of a long. */
static const struct trace_spec sample_kinds[] = {
	{ .version = 6, .be = false, .long_size = 8, .packing = "none" },
	{ .version = 6, .be = false, .long_size = 4, .packing = "none" },
	{ .version = 6, .be = true, .long_size = 8, .packing = "none" },
	{ .version = 6, .be = true, .long_size = 4, .packing = "none" },
	{ .version = 7, .be = false, .long_size = 8, .packing = "none" },
	{ .version = 7, .be = false, .long_size = 8, .packing = "zlib" },
	{ .version = 7, .be = false, .long_size = 8, .packing = "zstd" },
	{ .version = 7, .be = true, .long_size = 4, .packing = "none" },
	{ .version = 7, .be = true, .long_size = 4, .packing = "zlib" },
	{ .version = 7, .be = true, .long_size = 8, .packing = "zstd" },
};

#define NR_SAMPLE_KINDS (sizeof(sample_kinds) / sizeof(sample_kinds[0]))

#endif
