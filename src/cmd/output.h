/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a result is written: the standard output, or a file that is either complete or as it was.
 * A regular file is written beside its place and moved there at the end; anything else (a pipe,
 * /dev/null) is written in place.
 */
#ifndef PAGETRAIL_CMD_OUTPUT_H
#define PAGETRAIL_CMD_OUTPUT_H

#include <stdio.h>

#include "base/err.h"

struct output {
	FILE *file;
	char *path; /* NULL: the standard output */
	char *temp; /* NULL: written in place */
};

/*
 * Would output_open fail, as far as can be told before the work? `path` NULL: the standard output.
 * `input`: the file that is read, which the output must not be. 0 or a negative errno with the
 * sentence.
 */
int output_check(const char *path, const char *input, struct err *err);

/* 0 or a negative errno with the sentence. */
int output_open(struct output *out, const char *path, struct err *err);

/* Writes out what is in the buffer. 0 or a negative errno with the sentence. */
int output_flush(struct output *out, struct err *err);

/* Puts what was written in its place. 0 or a negative errno with the sentence. */
int output_commit(struct output *out, struct err *err);

/* Drops what was not committed, and frees the struct's memory. After a commit too. */
void output_close(struct output *out);

#endif
