// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "record/file.h"

#define READ_STEP 65536

/* Appends what the file still has. Returns its length, or -errno. */
static ssize_t read_all(int fd, char **text)
{
	size_t cap = 0, len = 0;
	ssize_t got;

	for (;;) {
		if (vec_reserve((void **)text, &cap, len + READ_STEP + 1, 1))
			return -ENOMEM;
		got = read(fd, *text + len, READ_STEP);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		len += (size_t)got;
	}
	(*text)[len] = '\0';
	return got < 0 ? -errno : (ssize_t)len;
}

char *file_read(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = NULL;
	ssize_t got;

	if (fd < 0)
		return NULL;
	got = read_all(fd, &text);
	close(fd);
	if (got < 0) {
		free(text);
		errno = (int)-got;
		return NULL;
	}
	if (len)
		*len = (size_t)got;
	return text;
}

char *file_read_at(const char *dir, const char *name, size_t *len)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, name) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return file_read(path, len);
}

size_t file_reread(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t got;

	while (fd >= 0 && len < size && (got = pread(fd, buf + len, size - len, (off_t)len)) > 0)
		len += (size_t)got;
	return len;
}

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}
