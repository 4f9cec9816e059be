/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the formats of a capture tell about the age of its kernel, for a reader that is not told its
 * release: a plugin of libtraceevent sees the formats and nothing else of the file.
 */
#ifndef PAGETRAIL_KERNEL_AGE_H
#define PAGETRAIL_KERNEL_AGE_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/flags.h"

struct age_sign {
	const char *system, *event, *field; /* of an event whose format is there: */
	bool lacks;			    /* it has no such field */
	int size;			    /* or it has, of so many bytes; 0: of any size */
	struct release_range range;	    /* the kernels of which that is true */
};

/* All signs; *nr is set to their number. A kernel is one of all the ranges whose signs are there. */
const struct age_sign *kernel_age_signs(size_t *nr);

#endif
