/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of a recording: FILE with the head, and one part FILE.cpuN of raw pages per CPU, which
 * in the end are put together in FILE.
 *
 * In: the raw per-CPU pipes of a session, and the head. Out: a trace.dat of version 6. Who calls
 * writer_open owns the writer and calls writer_close; between writer_open and writer_assemble
 * nothing is allocated.
 *
 * Pages are read into a locked buffer and written from there, past the page cache where the file
 * system allows. With splice(2) the kernel allocates two pages for each one moved, in its ring
 * buffer and in the page cache: under pressure the recorder's own slowpath entries were 4 to 5 % of
 * all that it recorded on 6.12 and 7.3, against 0.1 to 0.3 % this way.
 */
#ifndef PAGETRAIL_RECORD_WRITER_H
#define PAGETRAIL_RECORD_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "record/head.h"

#define WRITER_PAGES 256

struct writer_part {
	int fd; /* -1: no such CPU, or removed */
	uint64_t bytes;
};

struct writer {
	const char *path; /* borrowed */
	int fd;
	bool created; /* FILE was not there before */
	struct writer_part *parts;
	struct head_cpu *table;
	unsigned int nr_cpus;
	char *buffer; /* WRITER_PAGES pages */
	size_t page_size;
	uint64_t reserve;    /* bytes of disk kept for what is in flight when the disk is full */
	bool full;	     /* it is, and the reserve is in use: stop */
	int refused;	     /* -errno of the first page that the disk did not take */
	uint64_t lost_bytes; /* taken out of the kernel, but refused by the disk */
};

/*
 * Creates FILE and its parts. `reserve` is how many bytes may still have to be written once the
 * disk is full. Returns 0, or -errno with the sentence and nothing left behind.
 */
int writer_open(struct writer *writer, const char *path, unsigned int nr_cpus, uint64_t reserve,
		struct err *err);
void writer_close(struct writer *writer);

/* Removes what writer_open created. */
void writer_discard(struct writer *writer);

/* Writes the head to FILE and makes it durable. 0, or -errno with the sentence. */
int writer_write_head(struct writer *writer, const struct head *head, struct err *err);

/*
 * Moves up to nr_pages (not more than WRITER_PAGES) from a raw pipe to the CPU's part. Also takes a
 * page that is not full yet, so do not ask for more than are full before tracing is off.
 * Returns the bytes moved, 0 when there were none, or -errno when the disk refused them.
 */
ssize_t writer_drain(struct writer *writer, unsigned int cpu, int raw, size_t nr_pages);

/*
 * When all is drained: pages of a CPU's part from byte `at` on, which live until the next call.
 * Returns their bytes, 0 at the end, or -errno.
 */
ssize_t writer_reread(struct writer *writer, unsigned int cpu, uint64_t at, const uint8_t **pages);

/* Fills writer->table for a head of head_len bytes. */
void writer_lay_out(struct writer *writer, size_t head_len);

/* Called now and then; true to give up. */
typedef bool (*writer_stop_fn)(void *data, uint64_t done, uint64_t total);

/*
 * Writes the complete head and moves the parts behind it, freeing them piece by piece, so that the
 * recording need not fit on the disk twice. 0, or -errno with the sentence and the parts kept.
 */
int writer_assemble(struct writer *writer, const struct head *head, writer_stop_fn stop, void *data,
		    struct err *err);

uint64_t writer_bytes(const struct writer *writer);

#endif
