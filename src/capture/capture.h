/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A trace.dat, opened for reading: version 6 or 7, either byte order, 4- or 8-byte longs, sections
 * and pages compressed or not.
 *
 * In: the path of a file that is not trusted. Out: events (event.h) in the order of time, what the
 * file says of itself, and what was damaged. Memory is bounded by the number of CPUs and event
 * formats, not by the length of the capture. This room knows nothing of the slowpath.
 *
 * struct capture is owned by who opened it; every `const` pointer that it hands out lives as long.
 */
#ifndef PAGETRAIL_CAPTURE_CAPTURE_H
#define PAGETRAIL_CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "capture/event.h"

#define FLAG_NAME_MAX 48
#define DAMAGE_KEPT   16

/* A name for a mask of bits, in the order in which the kernel prints them. */
struct flag_name {
	uint64_t mask;
	char name[FLAG_NAME_MAX];
};

/*
 * One CPU. What the kernel counted is for the whole recording; records that it gave to the recorder
 * and that are not in the file were lost after that.
 */
struct capture_cpu {
	uint32_t cpu;
	uint64_t found;				   /* records in the file */
	bool has_stat;				   /* the rest is known: */
	uint64_t read;				   /* records that the kernel gave */
	uint64_t overrun, commit_overrun, dropped; /* records that it had to drop */
};

struct capture_info {
	unsigned int version; /* 6 or 7 */
	bool big_endian;
	unsigned int long_size; /* bytes: 4 or 8 */
	unsigned int page_size; /* bytes of one ring-buffer page (sub-buffer) */
	unsigned int nr_cpus;
	uint64_t size;	 /* bytes of the file */
	uint64_t kinds;	 /* bit per enum ev_kind: events whose formats are in the file */
	char clock[16];	 /* "mono", ...; "" when the file does not say */
	char uname[256]; /* "" when the file does not say */
	bool unfinished; /* the recorder never completed it: pages come from its part files */
	const struct flag_name *gfp_names; /* from kmem:mm_page_alloc or the like, may be empty */
	size_t nr_gfp_names;
};

struct damage_place {
	uint32_t cpu;
	uint64_t offset; /* in the file */
	char what[96];	 /* was found there */
};

/* What could not be read, where. The events around it were read. */
struct capture_damage {
	uint64_t nr;		    /* places */
	uint64_t bytes;		    /* skipped, as far as is known */
	uint64_t nr_unknown_events; /* whole records whose id has no format: not damage by itself */
	uint64_t nr_undecodable;    /* records shorter than the fields of their format */
	unsigned int nr_kept;
	struct damage_place kept[DAMAGE_KEPT]; /* the first ones */
};

struct capture;

/* Of a symbol: 0, or -errno to give up. */
typedef int (*capture_symbol_fn)(void *data, const char *line);

/* NULL on failure, with the sentence in err: not a trace.dat, no CPUs, formats that do not parse. */
struct capture *capture_open(const char *path, struct err *err);
void capture_close(struct capture *cap);

const struct capture_info *capture_info(const struct capture *cap);

/*
 * Before the first event: so many threads read and unpack ahead of capture_next. What that gives
 * does not depend on them.
 */
void capture_start(struct capture *cap, unsigned int nr_threads);

/* Before the first event: without groups (kernel/joints.h). */
void capture_tell_apart(struct capture *cap);

/*
 * 1: *ev is the next event, which lives until the next call. 0: the end. Negative errno: reading
 * failed (I/O), with the sentence.
 */
int capture_next(struct capture *cap, const struct event **ev, struct err *err);

/*
 * The lines of /proc/kallsyms that the file has, one by one. Not while events are read. 0, or -errno
 * with the sentence; what `tell` returns is given back.
 */
int capture_symbols(const struct capture *cap, capture_symbol_fn tell, void *data, struct err *err);

/* Complete once capture_next has returned 0. */
const struct capture_damage *capture_damage(const struct capture *cap);

/* In the order of their numbers; `found` is complete once capture_next has returned 0. */
const struct capture_cpu *capture_cpus(struct capture *cap, uint32_t *nr);

/* Bytes of pages consumed so far and in all, for a line of progress. */
void capture_progress(const struct capture *cap, uint64_t *done, uint64_t *total);

#endif
