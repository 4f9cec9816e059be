/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files of /proc, /sys and tracefs, whole. But for file_reread, which allocates nothing, for
 * the time before and after a recording.
 */
#ifndef PAGETRAIL_RECORD_FILE_H
#define PAGETRAIL_RECORD_FILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The whole file, NUL-terminated, in memory that the caller frees; *len without the NUL, may be
 * NULL. Sizes that stat(2) gives for such files mean nothing, so it reads to the end.
 * NULL on failure, with errno set.
 */
char *file_read(const char *path, size_t *len);

/* The same for DIR/NAME. */
char *file_read_at(const char *dir, const char *name, size_t *len);

/*
 * An open file from its beginning, as far as it fits. Returns its length, 0 when it cannot be read
 * or there is none (fd -1).
 */
size_t file_reread(int fd, char *buf, size_t size);

/* Writes the text with one write(2), as tracefs wants it. Returns 0 or -errno. */
int file_write(const char *path, const char *text);

#endif
