/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The head of a trace.dat, version 6 (trace-cmd.dat.v6(5)): all before the pages.
 *
 * It is made twice into one buffer that is allocated before tracing starts: at the start without
 * names of tasks and with an empty table of CPUs, so that the pages of a recorder that dies can be
 * read; and in the end complete.
 */
#ifndef PAGETRAIL_RECORD_HEAD_H
#define PAGETRAIL_RECORD_HEAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "record/plan.h"

struct head {
	char *bytes;
	size_t size;	   /* allocated */
	size_t fixed_len;  /* what does not change: all before the names of tasks */
	size_t symbols_at; /* in the fixed part, at its end */
	size_t tail_len;   /* room behind it */
	size_t len;
	int error; /* -errno of the first append that failed */
};

/* Where a CPU's pages are in the file. */
struct head_cpu {
	uint64_t offset, size;
};

/*
 * Reads the formats of what the plan enabled from the instance's directory, and leaves room for
 * `room` bytes of names and options, and for the table. Returns 0, or -errno with the sentence.
 */
int head_open(struct head *head, const char *instance_dir, const struct plan *plan,
	      const struct inventory *inv, const char *group, size_t room, unsigned int nr_cpus,
	      struct err *err);
void head_close(struct head *head);

/*
 * Puts `text`, lines of /proc/kallsyms, behind the symbols of the inventory, in place of what was
 * there. May allocate. 0 or -errno.
 */
int head_set_symbols(struct head *head, const struct inventory *inv, const char *text, size_t len);

/*
 * Puts the rest behind the fixed part. `names` is the text of saved_cmdlines, `options` was made
 * with head_option. Allocates nothing. 0 or -errno; head->len is a multiple of the page size.
 */
int head_finish(struct head *head, const char *names, size_t names_len, const char *options,
		size_t options_len, const struct head_cpu *cpus, unsigned int nr_cpus);

/* Options of the version 6 format that trace-cmd knows (trace-cmd-private.h). */
enum head_option { OPTION_CPUSTAT = 2, OPTION_TRACECLOCK = 4, OPTION_UNAME = 5 };

/* Appends an option; 0, or -ENOSPC with nothing appended. */
int head_option(char *options, size_t *len, size_t size, enum head_option id, const char *text);

#endif
