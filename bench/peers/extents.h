/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the pages of a capture are, for the peers that read pages: found by our own container. */
#ifndef PAGETRAIL_BENCH_EXTENTS_H
#define PAGETRAIL_BENCH_EXTENTS_H

#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/container.h"

struct mapped {
	struct container c;
	const uint8_t *bytes;
};

static inline void map_capture(struct mapped *m, const char *path)
{
	struct err why;

	if (container_open(&m->c, path, &why))
		errx(1, "%s", why.text);
	m->bytes = mmap(NULL, m->c.file.size, PROT_READ, MAP_PRIVATE, m->c.file.fd, 0);
	if (m->bytes == MAP_FAILED)
		err(1, "%s", path);
}

#endif
