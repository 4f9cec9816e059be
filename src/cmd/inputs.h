/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many files that are read by a process which cannot open any: all are opened before. The owner of
 * the struct calls inputs_close, also after a failure.
 */
#ifndef PAGETRAIL_CMD_INPUTS_H
#define PAGETRAIL_CMD_INPUTS_H

#include <stddef.h>

#include "base/err.h"

#define INPUTS_MAX 1000000

struct input_file {
	const char *name; /* borrowed */
	int fd;
};

struct inputs {
	struct input_file *files;
	size_t nr;
};

/* Opens, in addition to those that are, the files of a list that ends with NULL. 0 or -errno. */
int inputs_open(struct inputs *inputs, char **names, struct err *err);
void inputs_close(struct inputs *inputs);

/* The output must be none of them. 0 or -errno. */
int inputs_check_output(const struct inputs *inputs, const char *path, struct err *err);

#endif
