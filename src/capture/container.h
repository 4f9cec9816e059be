/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The container of a trace.dat: where in the file what lies, for versions 6 and 7.
 *
 * In: a path. Out: the layout of its pages, the texts of its event formats, where the pages of each
 * CPU and the symbols lie, and what it says of the recorded machine. All sizes and offsets that it
 * gives out lie within what can be checked here; reading pages is stream.h's. Must not know what an
 * event is. The layouts are those of trace-cmd.dat.v6(5) and trace-cmd.dat.v7(5).
 */
#ifndef PAGETRAIL_CAPTURE_CONTAINER_H
#define PAGETRAIL_CAPTURE_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "capture/cursor.h"
#include "capture/pages.h"
#include "capture/stream.h"
#include "capture/unpack.h"

#define NR_CPUS_MAX	8192U  /* the largest NR_CPUS that a kernel can be configured for */
#define NR_FORMATS_MAX	65536U /* an event's id has 16 bits */
#define NR_BUFFERS_MAX	1024U  /* trace instances */
#define NR_EXTENTS_MAX	65536U /* CPUs of all instances together */
#define NR_OPTIONS_MAX	65536U
#define SYSTEM_NAME_MAX 128
#define FORMAT_TEXT_MAX (1U << 20)
#define METADATA_MAX	(64U << 20) /* of all format texts; of an unpacked section */
#define CLOCK_NAME_MAX	16
#define CLOCK_TEXT_MAX	1024 /* "local global [mono] ..." */
#define UNAME_MAX	256
#define CPU_STAT_MAX	1024 /* "CPU: 0, entries: 0, ...", a line each */

/* Options; in version 7 also the ids of the sections that they point to. */
enum {
	OPTION_DONE = 0,
	OPTION_CPU_STAT = 2,
	OPTION_BUFFER = 3,
	OPTION_CLOCK = 4,
	OPTION_UNAME = 5,
	OPTION_CPU_COUNT = 8,
	OPTION_HEADER_INFO = 16,
	OPTION_FTRACE_EVENTS = 17,
	OPTION_EVENT_FORMATS = 18,
	OPTION_SYMBOLS = 19,
};

/* The format file of one event. */
struct format_text {
	char *system;
	char *text;	 /* NUL-terminated */
	uint64_t offset; /* of the text in its file or section, for messages */
};

/* What the ring buffer of a CPU counted until its recorder had read it (per_cpu/cpuN/stats). */
struct cpu_stat {
	uint32_t cpu;
	uint64_t overrun, commit_overrun, dropped;
	uint64_t read; /* records that were given to the recorder */
};

struct container {
	struct input file;
	struct input *parts; /* of an unfinished recording: FILE.cpuN, one per CPU of the table */
	uint32_t nr_parts;
	unsigned int version; /* 6 or 7 */
	uint32_t host_page_size;
	uint64_t options_at; /* version 7: the first options section */
	uint32_t nr_options;
	uint32_t sections_seen; /* version 7: bit per id */
	struct unpacker *unpacker;
	bool has_layout;
	struct page_layout layout;
	struct format_text *formats;
	size_t nr_formats, formats_cap;
	uint64_t format_bytes;
	uint64_t symbols_at;   /* version 6: the text; version 7: its section */
	uint64_t symbols_size; /* version 6 */
	bool has_symbols;
	char clock[CLOCK_NAME_MAX];
	char uname[UNAME_MAX];
	uint32_t nr_cpus;
	struct cpu_stat *stats; /* in the order of the file */
	size_t nr_stats, stats_cap;
	struct extent *extents; /* of the CPUs that have pages */
	size_t nr_extents, extents_cap;
	uint64_t *buffers; /* version 6: where the tables of named instances lie */
	size_t nr_buffers, buffers_cap;
	bool unfinished;
	bool cut;	 /* version 7: the file ends within a section that is not pages, */
	uint64_t cut_at; /* which begins here */
};

/* 0, or -errno with the sentence. */
int container_open(struct container *c, const char *path, struct err *err);
void container_close(struct container *c);

/* The texts are needed no more once they are bound. */
void container_free_formats(struct container *c);

/* A section of a version 7 file, or a part of a version 6 file, opened for reading. */
struct section {
	struct cursor cursor;
	void *unpacked; /* NULL: the cursor is over the file */
};

/* The text of /proc/kallsyms; call when has_symbols. 0: the caller closes the section. */
int container_symbols(const struct container *c, struct section *section, struct err *err);
void section_close(struct section *section);

/* What follows the head, by version. 0, or -errno with the sentence. */
int container_read_v6(struct container *c, struct cursor *cursor);
int container_read_v7(struct container *c, struct cursor *cursor);

/* For both versions. Each takes what lies at the cursor; failures stay in the cursor. */
void container_read_header_info(struct container *c, struct cursor *cursor);
void container_read_ftrace_formats(struct container *c, struct cursor *cursor);
void container_read_event_formats(struct container *c, struct cursor *cursor);
void container_set_clock(struct container *c, char *text);
void container_read_clock(struct container *c, struct cursor *cursor, uint64_t size);
void container_read_cpu_stat(struct container *c, struct cursor *cursor, uint64_t size);
void container_read_uname(struct container *c, struct cursor *cursor, uint64_t size);
void container_add_extent(struct container *c, struct cursor *cursor, const struct extent *extent);
int section_open_v7(const struct container *c, uint64_t offset, uint16_t id,
		    struct section *section, struct err *err);

#endif
