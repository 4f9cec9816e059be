/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzers share. */
#ifndef PAGETRAIL_TESTS_FUZZ_H
#define PAGETRAIL_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file in memory with these bytes: its descriptor, and a path by which it can be opened. */
static inline int fuzz_file(const uint8_t *data, size_t size, char path[32])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

/* Bytes taken one after the other; zeros when there are no more. */
struct fuzz_bytes {
	const uint8_t *data;
	size_t left;
};

static inline uint64_t fuzz_take(struct fuzz_bytes *bytes, size_t nr)
{
	uint64_t value = 0;

	if (nr > bytes->left)
		nr = bytes->left;
	memcpy(&value, bytes->data, nr);
	bytes->data += nr;
	bytes->left -= nr;
	return value;
}

#endif
