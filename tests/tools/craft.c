// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes the bad captures of tests/bad, each a whole small trace.dat with one thing wrong.
 *
 *	craft			lists them: NAME|what must become of it|the words to be said
 *	craft NAME FILE		writes one
 *
 * What becomes of it: "refused", with these words in the sentence; "damaged": read as far as it is
 * whole, with these words about what is not; "whole": nothing is wrong for us.
 */
#include <stdint.h>

#include "sample_trace.h"

struct bad {
	const char *name;
	unsigned int kind;				   /* of sample_kinds */
	void (*prepare)(struct trace_spec *spec);	   /* before the file is made, or NULL */
	void (*spoil)(struct trace_spec *, struct blob *); /* after it, or NULL */
	const char *verdict, *words;
};

enum { V6 = 0, V7 = 4, V7_ZLIB = 5, V7_ZSTD = 6 };

/* Where `text` of `len` bytes lies in the file. */
static size_t find_bytes(const struct blob *b, const void *text, size_t len)
{
	const uint8_t *at = memmem(b->data, b->len, text, len);

	if (!at)
		abort();
	return (size_t)(at - b->data);
}

static size_t find(const struct blob *b, const char *text)
{
	return find_bytes(b, text, strlen(text));
}

static void replace(struct blob *b, const char *text, const char *by)
{
	memcpy(b->data + find(b, text), by, strlen(by));
}

/* --- The head. --- */

static void not_a_trace(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	blob_free(b);
	put_chars(b, "# tracer: nop\n#\n# entries-in-buffer/entries-written: 0/0   #P:2\n");
}

static void empty(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	b->len = 0;
}

static void too_short(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	b->len = 9;
}

static void other_version(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	b->data[10] = '8';
}

static void long_version(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	memset(b->data + 10, '6', 100);
}

static void byte_order_2(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	b->data[12] = 2;
}

static void long_of_3(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	b->data[13] = 3;
}

static void page_size_0(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, 14, 0, 4);
}

static void page_size_8192(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, 14, 8192, 4);
}

static void no_header_page(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	replace(b, "header_page", "footer_page");
}

static void header_page_lies(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	replace(b, "size:4080", "size:8176");
}

static void header_page_odd(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	replace(b, "size:4080", "size:4000");
}

static void header_page_without_commit(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	replace(b, "commit;", "commix;");
}

static void header_page_size_huge(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, find(b, "header_page") + 12, UINT64_MAX, 8);
}

/* --- Event formats. --- */

static void format_size_huge(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, find(b, "name: mm_page_alloc") - 8, 1ULL << 40, 8);
}

static void format_without_id(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	replace(b, "ID: 30", "IQ: 30");
}

static void format_same_id(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	replace(b, "ID: 30", "ID: 10");
}

static void format_does_not_parse(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	replace(b, "field:gfp_t gfp_flags;", "field:gfp_t gfp_flags,");
}

static void format_offset_wild(struct trace_spec *spec, struct blob *b)
{
	size_t at = find(b, "field:gfp_t gfp_flags;\toffset:20;");

	(void)spec;
	memcpy(b->data + at, "field:gfp_t gfp_flags;offset:-20;", 33);
}

static void format_size_odd(struct trace_spec *spec, struct blob *b)
{
	size_t at = find(b, "field:gfp_t gfp_flags;\toffset:20;\tsize:4");

	(void)spec;
	b->data[at + 39] = '3';
}

static void format_common_moved(struct trace_spec *spec, struct blob *b)
{
	size_t at = find(b, "name: mm_page_alloc");
	uint8_t *pid = memmem(b->data + at, b->len - at, "common_pid;\toffset:4", 20);

	(void)spec;
	if (!pid)
		abort();
	pid[19] = '3';
}

static void system_name_long(struct trace_spec *spec)
{
	static char name[16385];

	memset(name, 's', 16384);
	spec->formats[spec->nr_formats - 1].system = name;
}

static void systems_4_billion(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, find_bytes(b, "kmem", 5) - 4, UINT32_MAX, 4);
}

static void events_4_billion(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, find_bytes(b, "kmem", 5) + 5, UINT32_MAX, 4);
}

static void set_print(struct trace_spec *spec, const char *what, size_t times)
{
	char *text = spec->formats[1].text;
	struct blob b = { 0 };

	put(&b, text, (size_t)(strstr(text, "print fmt:") - text));
	put_chars(&b, "print fmt: \"%d\", ");
	while (times--)
		put_chars(&b, what);
	put_text(&b, "1\n");
	free(text);
	spec->formats[1].text = (char *)b.data;
}

static void print_divides_by_zero(struct trace_spec *spec)
{
	set_print(spec, "__print_flags(REC->gfp_flags, \"|\", {1/0, \"A\"}), ", 1);
}

static void print_200000_parentheses(struct trace_spec *spec)
{
	set_print(spec, "(", 200000);
}

/* --- What follows them in version 6. --- */

static size_t symbols_at(const struct blob *b)
{
	return find(b, SAMPLE_SYMBOLS);
}

static void symbols_ffffffff(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, symbols_at(b) - 4, UINT32_MAX, 4);
}

static void printk_ffffffff(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, symbols_at(b) + strlen(SAMPLE_SYMBOLS), UINT32_MAX, 4);
}

static void cmdlines_huge(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, symbols_at(b) + strlen(SAMPLE_SYMBOLS) + 4, UINT64_MAX - 7, 8);
}

static void set_nr_cpus(struct blob *b, uint32_t nr)
{
	store(b, symbols_at(b) + strlen(SAMPLE_SYMBOLS) + 12, nr, 4);
}

static void cpus_0(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	set_nr_cpus(b, 0);
}

static void cpus_4_billion(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	set_nr_cpus(b, 4000000000U);
}

static void latency(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	replace(b, "flyrecord", "latency  ");
}

static void no_flyrecord(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	replace(b, "flyrecord", "flyrecorX");
}

static void option_size_huge(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, find(b, "options  ") + 12, UINT32_MAX, 4);
}

static void cut_in_the_table(struct trace_spec *spec, struct blob *b)
{
	b->len = spec->table_at + 24;
}

static void pages_overlap(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->table_at + 32, spec->pages_at + SAMPLE_PAGE, 8);
}

static void pages_beyond_all(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->table_at + 32, UINT64_MAX - 4095, 8);
	store(b, spec->table_at + 40, 8192, 8);
}

/* --- Sections of version 7. --- */

static void set_option_u64(struct blob *b, uint16_t id, uint64_t value)
{
	uint8_t head[6] = { (uint8_t)id, 0, 8, 0, 0, 0 };

	store(b, find_bytes(b, head, sizeof(head)) + sizeof(head), value, 8);
}

static size_t options_offset_at(const struct blob *b)
{
	return find_bytes(b, "1.0", 4) + 4;
}

static void packing_unknown(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	memcpy(b->data + 18, "lzma", 4);
}

static void packing_denied(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	memcpy(b->data + 18, "none", 4);
}

static void options_beyond_the_end(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, options_offset_at(b), b->len + 1000, 8);
}

static void options_absent(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, options_offset_at(b), 0, 8);
}

/* Options end with option 0 of 8 bytes: the offset of the next. */
static void options_circular(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, b->len - 8, spec->pages_at, 8);
}

static void section_of_another_kind(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	set_option_u64(b, 18, 0);
}

static void section_size_lies(struct trace_spec *spec, struct blob *b)
{
	size_t at = 18 + 5 + 4 + 8; /* the first section: header info */

	(void)spec;
	store(b, at + 16, 0x7fffffff, 4);
	store(b, at + 20, 0x7fffffff, 4);
}

static void section_does_not_unpack(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	b->data[18 + 5 + 4 + 8 + 24 + 20] ^= 0xff;
	b->data[18 + 5 + 4 + 8 + 24 + 21] ^= 0xff;
}

static size_t buffer_option_at(const struct blob *b)
{
	size_t at = find_bytes(b, "\0local global [mono] boot\0\0\x10", 28);

	return at + 1 + strlen("local global [mono] boot") + 1;
}

static void v7_page_size_8192(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, buffer_option_at(b), 8192, 4);
}

static void v7_cpus_4_billion(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	store(b, buffer_option_at(b) + 4, UINT32_MAX, 4);
}

static void v7_no_pages(struct trace_spec *spec, struct blob *b)
{
	uint8_t option[6] = { 8, 0, 4, 0, 0, 0 };

	(void)spec;
	store(b, find_bytes(b, option, sizeof(option)) + sizeof(option), 0, 4);
	store(b, buffer_option_at(b) + 4, 0, 4);
}

/* --- Pages. --- */

static void page_commit_128mb(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->pages_at + 8, 128 << 20, 8);
}

/* The first entry of the second page, and the word after it. */
static void set_entry(struct trace_spec *spec, struct blob *b, uint32_t entry, uint32_t word)
{
	store(b, spec->pages_at + SAMPLE_PAGE + 16, entry, 4);
	store(b, spec->pages_at + SAMPLE_PAGE + 20, word, 4);
}

static void padding_negative(struct trace_spec *spec, struct blob *b)
{
	set_entry(spec, b, 1 << 5 | 29, (uint32_t)-4);
}

static void event_length_negative(struct trace_spec *spec, struct blob *b)
{
	set_entry(spec, b, 0, (uint32_t)-8);
}

static void event_length_2gb(struct trace_spec *spec, struct blob *b)
{
	set_entry(spec, b, 0, 2000000000);
}

static void commit_too_small(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->pages_at + 8, 48, 8); /* its first record alone */
}

static void time_of_a_page(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->pages_at + SAMPLE_PAGE, SAMPLE_TS + (1ULL << 45), 8);
}

static void cut_by_half_a_page(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	b->len -= SAMPLE_PAGE / 2;
}

/* The names of sections come last, and nobody needs them. */
static void v7_cut_in_the_names(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	put_u16(b, 15);
	put_u16(b, 0);
	put_u32(b, 0);
	put_u64(b, 100);
	put_room(b, 50);
}

static void v7_cut_in_a_head(struct trace_spec *spec, struct blob *b)
{
	(void)spec;
	put_u16(b, 15);
	put_u32(b, 0);
}

static void cut_before_the_pages(struct trace_spec *spec, struct blob *b)
{
	b->len = spec->pages_at;
}

/* --- Chunks: u32 how many, then u32 packed size and u32 size of the first. --- */

static void chunk_packed_2gb(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->pages_at + 4, 2000000000, 4);
}

static void chunk_size_2gb(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->pages_at + 8, 2000000000, 4);
}

static void chunk_size_100(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->pages_at + 8, 100, 4);
}

static void chunk_size_more(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->pages_at + 8, 3 * SAMPLE_PAGE, 4);
}

static void chunk_size_less(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->pages_at + 8, SAMPLE_PAGE, 4);
}

static void chunk_bomb(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->pages_at + 4, 20, 4);
	store(b, spec->pages_at + 8, 4 << 20, 4);
}

static void chunks_ffffffff(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->pages_at, UINT32_MAX, 4);
}

static void chunks_0(struct trace_spec *spec, struct blob *b)
{
	store(b, spec->pages_at, 0, 4);
}

static void chunk_flipped(struct trace_spec *spec, struct blob *b)
{
	b->data[spec->pages_at + 12 + 6] ^= 0x55;
	b->data[spec->pages_at + 12 + 7] ^= 0x55;
}

static const struct bad bads[] = {
	{ "whole-v6", V6, NULL, NULL, "whole", "" },
	{ "whole-v7", V7, NULL, NULL, "whole", "" },
	{ "whole-v6-instance", V6, sample_instance, NULL, "whole", "" },
	{ "whole-v7-instance", V7, sample_instance, NULL, "whole", "" },
	{ "whole-v7-zlib", V7_ZLIB, NULL, NULL, "whole", "" },
	{ "whole-v7-zstd", V7_ZSTD, NULL, NULL, "whole", "" },

	{ "not-a-trace", V6, NULL, not_a_trace, "refused",
	  "offset 0: expected a trace.dat, found something else" },
	{ "empty", V6, NULL, empty, "refused",
	  "offset 0: expected a trace.dat, found an empty file" },
	{ "too-short", V6, NULL, too_short, "refused",
	  "offset 0: expected a trace.dat, found a file that is too short" },
	{ "other-version", V6, NULL, other_version, "refused",
	  "expected version 6 or 7 of trace.dat, found another" },
	{ "long-version", V6, NULL, long_version, "refused",
	  "expected the version of a trace.dat of at most 7 bytes" },
	{ "byte-order-2", V6, NULL, byte_order_2, "refused",
	  "expected a byte order of 0 or 1, found 2" },
	{ "long-of-3", V6, NULL, long_of_3, "refused", "expected longs of 4 or 8 bytes, found 3" },
	{ "page-size-0", V6, NULL, page_size_0, "refused",
	  "4096 bytes in header_page and 0 in the head of the file" },
	{ "page-size-8192", V6, NULL, page_size_8192, "refused",
	  "4096 bytes in header_page and 8192 in the head of the file" },
	{ "no-header-page", V6, NULL, no_header_page, "refused",
	  "expected 'header_page', found something else" },
	{ "header-page-odd", V6, NULL, header_page_odd, "refused",
	  "expected pages of a power of two, found 4016 bytes in header_page" },
	{ "header-page-without-commit", V6, NULL, header_page_without_commit, "refused",
	  "expected a header_page with timestamp, commit and data" },
	{ "header-page-size-huge", V6, NULL, header_page_size_huge, "refused",
	  "expected header_page of 18446744073709551615 bytes, but the file ends at" },
	{ "header-page-lies", V6, NULL, header_page_lies, "damaged",
	  "data after the commit of a page" },

	{ "format-size-huge", V6, NULL, format_size_huge, "refused",
	  "expected event formats of at most 67108864 bytes in all, found more" },
	{ "format-without-id", V6, NULL, format_without_id, "refused",
	  "expected the format of an event of system sched with its name and ID" },
	{ "format-same-id", V6, NULL, format_same_id, "refused",
	  "found sched:foreign with ID 10, which another event has" },
	{ "format-does-not-parse", V6, NULL, format_does_not_parse, "refused",
	  "expected the format of event kmem:mm_page_alloc, found what does not parse" },
	{ "format-offset-wild", V6, NULL, format_offset_wild, "refused",
	  "expected the format of event kmem:mm_page_alloc, found what does not parse" },
	{ "format-size-odd", V6, NULL, format_size_odd, "refused",
	  "expected the field gfp_flags in this format of system kmem, found what cannot be read" },
	{ "format-common-moved", V6, NULL, format_common_moved, "refused",
	  "expected common_type, common_flags and common_pid in this format of system kmem" },
	{ "system-name-16k", V6, system_name_long, NULL, "refused",
	  "expected the name of an event system of at most 127 bytes, found a longer one" },
	{ "systems-4-billion", V6, NULL, systems_4_billion, "refused",
	  "expected at most 65536 event systems, found 4294967295" },
	{ "events-4-billion", V6, NULL, events_4_billion, "refused", "found more" },
	{ "print-divides-by-zero", V6, print_divides_by_zero, NULL, "whole", "" },
	{ "print-200000-parentheses", V6, print_200000_parentheses, NULL, "whole", "" },

	{ "symbols-ffffffff", V6, NULL, symbols_ffffffff, "refused",
	  "expected the text of the symbols of 4294967295 bytes, but the file ends at" },
	{ "printk-ffffffff", V6, NULL, printk_ffffffff, "refused",
	  "expected the printk formats of 4294967295 bytes, but the file ends at" },
	{ "cmdlines-huge", V6, NULL, cmdlines_huge, "refused",
	  "expected the command lines of 18446744073709551608 bytes, but the file ends at" },
	{ "cpus-0", V6, NULL, cpus_0, "refused", "expected 1 to 8192 CPUs, found 0" },
	{ "cpus-4-billion", V6, NULL, cpus_4_billion, "refused",
	  "expected 1 to 8192 CPUs, found 4000000000" },
	{ "latency", V6, NULL, latency, "refused",
	  "expected events, found the text of a latency tracer" },
	{ "no-flyrecord", V6, NULL, no_flyrecord, "refused",
	  "expected options, flyrecord or latency, found something else" },
	{ "option-size-huge", V6, NULL, option_size_huge, "refused", "but the file ends at" },
	{ "cut-in-the-table", V6, NULL, cut_in_the_table, "refused",
	  "expected the size of a CPU's pages of 8 bytes, but the file ends at" },
	{ "pages-overlap", V6, NULL, pages_overlap, "refused",
	  "expected the pages of CPU 2 alone, found those of CPU 0 in the same place" },
	{ "pages-beyond-all", V6, NULL, pages_beyond_all, "refused",
	  "expected the place of a CPU's pages, found 8192 bytes at offset" },

	{ "packing-unknown", V7_ZSTD, NULL, packing_unknown, "refused",
	  "expected compression none, zlib or zstd, found 'lzma'" },
	{ "packing-denied", V7_ZSTD, NULL, packing_denied, "refused",
	  "expected a section of at most" },
	{ "options-beyond-the-end", V7, NULL, options_beyond_the_end, "refused",
	  "but the file ends at" },
	{ "options-absent", V7, NULL, options_absent, "refused",
	  "expected a header_page, found none" },
	{ "options-circular", V7, NULL, options_circular, "refused",
	  "expected further options after offset" },
	{ "section-of-another-kind", V7, NULL, section_of_another_kind, "refused",
	  "offset 0: expected section 18, found section" },
	{ "section-size-lies", V7_ZLIB, NULL, section_size_lies, "refused",
	  "expected a section of at most 67108864 bytes" },
	{ "section-does-not-unpack", V7_ZLIB, NULL, section_does_not_unpack, "refused",
	  "found one that cannot be unpacked" },
	{ "v7-page-size-8192", V7, NULL, v7_page_size_8192, "refused",
	  "expected pages of 4096 bytes as in header_page, found 8192 bytes" },
	{ "v7-cpus-4-billion", V7, NULL, v7_cpus_4_billion, "refused",
	  "expected at most 8192 CPUs, found 4294967295" },
	{ "v7-no-pages", V7, NULL, v7_no_pages, "refused",
	  "expected the pages of at least one CPU, found no CPUs" },

	{ "page-commit-128mb", V6, NULL, page_commit_128mb, "damaged",
	  "a commit larger than the page" },
	{ "padding-negative", V6, NULL, padding_negative, "damaged",
	  "an entry that ends beyond the commit" },
	{ "event-length-negative", V6, NULL, event_length_negative, "damaged",
	  "an entry that ends beyond the commit" },
	{ "event-length-2gb", V6, NULL, event_length_2gb, "damaged",
	  "an entry that ends beyond the commit" },
	{ "commit-too-small", V6, NULL, commit_too_small, "damaged",
	  "data after the commit of a page" },
	{ "time-of-a-page", V6, NULL, time_of_a_page, "damaged",
	  "a page with a time outside those of the pages around it" },
	{ "cut-by-half-a-page", V6, NULL, cut_by_half_a_page, "damaged",
	  "the end of the file, before that of this CPU's data" },
	{ "cut-before-the-pages", V6, NULL, cut_before_the_pages, "damaged",
	  "the end of the file, before that of this CPU's data" },

	{ "v7-cut-in-the-names", V7, NULL, v7_cut_in_the_names, "damaged",
	  "a section that ends beyond the end of the file" },
	{ "v7-cut-in-a-head", V7_ZSTD, NULL, v7_cut_in_a_head, "damaged",
	  "a section that ends beyond the end of the file" },
	{ "chunk-packed-2gb", V7_ZSTD, NULL, chunk_packed_2gb, "damaged",
	  "a chunk that ends beyond the data of its CPU" },
	{ "chunk-size-2gb", V7_ZSTD, NULL, chunk_size_2gb, "damaged",
	  "a chunk of an impossible size" },
	{ "chunk-size-100", V7_ZSTD, NULL, chunk_size_100, "damaged",
	  "a chunk of an impossible size" },
	{ "zstd-chunk-size-more", V7_ZSTD, NULL, chunk_size_more, "damaged",
	  "a chunk that cannot be unpacked" },
	{ "zstd-chunk-size-less", V7_ZSTD, NULL, chunk_size_less, "damaged",
	  "a chunk that cannot be unpacked" },
	{ "zlib-chunk-size-more", V7_ZLIB, NULL, chunk_size_more, "damaged",
	  "a chunk that cannot be unpacked" },
	{ "zlib-chunk-size-less", V7_ZLIB, NULL, chunk_size_less, "damaged",
	  "a chunk that cannot be unpacked" },
	{ "chunk-bomb", V7_ZSTD, NULL, chunk_bomb, "damaged", "a chunk of an impossible size" },
	{ "chunks-ffffffff", V7_ZSTD, NULL, chunks_ffffffff, "damaged",
	  "fewer chunks than their number says" },
	{ "chunks-0", V7_ZSTD, NULL, chunks_0, "damaged", "bytes after the last chunk" },
	{ "zstd-chunk-flipped", V7_ZSTD, NULL, chunk_flipped, "damaged",
	  "a chunk that cannot be unpacked" },
	{ "zlib-chunk-flipped", V7_ZLIB, NULL, chunk_flipped, "damaged",
	  "a chunk that cannot be unpacked" },
};

#define NR_BADS (sizeof(bads) / sizeof(bads[0]))

static void make(const struct bad *bad, const char *path)
{
	struct trace_spec spec = sample_kinds[bad->kind];
	struct blob b;

	sample_make(&spec, &b);
	if (bad->prepare) {
		blob_free(&b);
		bad->prepare(&spec);
		make_trace(&spec, &b);
	}
	if (bad->spoil)
		bad->spoil(&spec, &b);
	write_file(path, b.data, b.len);
	blob_free(&b);
	spec_free(&spec);
}

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < NR_BADS; i++) {
		if (argc != 3) {
			printf("%s|%s|%s\n", bads[i].name, bads[i].verdict, bads[i].words);
		} else if (!strcmp(bads[i].name, argv[1])) {
			make(&bads[i], argv[2]);
			return 0;
		}
	}
	return argc == 3;
}
