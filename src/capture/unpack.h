/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decompression of one block of known size: a section of a version 7 file, or a chunk of pages.
 *
 * In: packed bytes and the exact size that they must have unpacked. Out: those bytes, or an error;
 * nothing is written beyond that size whatever the packed bytes say. This is the only file that
 * knows the libraries.
 */
#ifndef PAGETRAIL_CAPTURE_UNPACK_H
#define PAGETRAIL_CAPTURE_UNPACK_H

#include <stddef.h>
#include <stdint.h>

struct unpacker;

/*
 * By the name in the head of the file. 0, and *unpacker is NULL for "none". -ENOTSUP for a name
 * that is not known, -ENOMEM. The caller frees it.
 */
int unpacker_new(const char *name, struct unpacker **unpacker);

/* Another one of the same kind, for another thread. 0 or -ENOMEM. The caller frees it. */
int unpacker_like(const struct unpacker *like, struct unpacker **unpacker);
void unpacker_free(struct unpacker *unpacker);

/* Room for the packed bytes of the next block; NULL without memory. Lives until the next call. */
void *unpacker_room(struct unpacker *unpacker, size_t len);

/* The `len` bytes of that room give exactly `want` bytes at `to`: 0, or -EBADMSG. */
int unpack(struct unpacker *unpacker, size_t len, void *to, size_t want);

/* Of the libraries that are loaded, as they say themselves. */
const char *unpack_zlib_version(void);
const char *unpack_zstd_version(void);

#endif
