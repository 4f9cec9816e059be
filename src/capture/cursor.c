// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/cursor.h"

static int stat_regular(struct input *in, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(in->fd, &st))
		return err_set(err, -errno, "%s: cannot be examined: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%s: not a regular file; copy the capture into one",
			       path);
	in->size = (uint64_t)st.st_size;
	return 0;
}

int input_open(struct input *in, const char *path, struct err *err)
{
	int ret;

	*in = (struct input){ .fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) };
	if (in->fd < 0)
		return err_set(err, -errno, "%s: cannot be opened: %s", path, strerror(errno));
	ret = stat_regular(in, path, err);
	if (!ret) {
		in->path = strdup(path);
		if (!in->path)
			ret = err_set(err, -ENOMEM, "%s: out of memory", path);
	}
	if (ret)
		input_close(in);
	return ret;
}

void input_close(struct input *in)
{
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
	free(in->path);
	in->path = NULL;
}

int input_read(const struct input *in, uint64_t offset, void *to, size_t len, struct err *err)
{
	uint8_t *next = to;

	if (offset > in->size || len > in->size - offset)
		return err_set(err, -EINVAL,
			       "%s: offset %" PRIu64 ": expected %zu bytes, but the file ends at "
			       "offset %" PRIu64,
			       in->path, offset, len, in->size);
	while (len) {
		ssize_t got = pread(in->fd, next, len, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(err, -errno, "%s: offset %" PRIu64 ": cannot be read: %s",
				       in->path, offset, strerror(errno));
		if (!got)
			return err_set(err, -EIO,
				       "%s: offset %" PRIu64 ": expected %zu bytes more, but the "
				       "file has become shorter while it was read",
				       in->path, offset, len);
		next += got;
		offset += (uint64_t)got;
		len -= (size_t)got;
	}
	return 0;
}

static void cursor_init(struct cursor *c, const struct input *in, struct err *err)
{
	c->in = in;
	c->err = err;
	c->failed = 0;
	c->unpacked = false;
	c->origin = 0;
	c->window = c->own;
	c->window_at = 0;
	c->window_len = 0;
}

void cursor_file(struct cursor *c, const struct input *in, uint64_t at, uint64_t end,
		 struct err *err)
{
	cursor_init(c, in, err);
	c->end = end < in->size ? end : in->size;
	c->at = at;
	if (at > c->end) {
		cursor_fail(c, "expected more, but the file ends at offset %" PRIu64, c->end);
		c->at = c->end;
	}
}

void cursor_section(struct cursor *c, const struct input *in, const void *data, size_t len,
		    uint64_t origin, struct err *err)
{
	cursor_init(c, in, err);
	c->at = 0;
	c->end = len;
	c->unpacked = true;
	c->origin = origin;
	c->window = data;
	c->window_len = len;
}

int cursor_fail(struct cursor *c, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX];
	va_list args;

	if (c->failed)
		return c->failed;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (c->unpacked)
		return c->failed = err_set(c->err, -EBADMSG,
					   "%s: offset %" PRIu64 " of the section unpacked from "
					   "offset %" PRIu64 ": %s",
					   c->in->path, c->at, c->origin, text);
	return c->failed = err_set(c->err, -EBADMSG, "%s: offset %" PRIu64 ": %s", c->in->path,
				   c->at, text);
}

/* True when `len` bytes more may be read. */
static bool within(struct cursor *c, uint64_t len, const char *what)
{
	if (c->failed)
		return false;
	if (len <= c->end - c->at)
		return true;
	cursor_fail(c, "expected %s of %" PRIu64 " bytes, but the %s ends at offset %" PRIu64, what,
		    len, c->unpacked || c->end < c->in->size ? "section" : "file", c->end);
	return false;
}

/* The bytes that may be taken from the window: at least one before the end, unless it failed. */
static size_t in_window(struct cursor *c)
{
	uint64_t left = c->end - c->at;
	size_t len = left < CURSOR_WINDOW ? (size_t)left : CURSOR_WINDOW;

	if (c->at >= c->window_at && c->at - c->window_at < c->window_len) {
		uint64_t there = c->window_len - (c->at - c->window_at);

		return (size_t)(there < left ? there : left);
	}
	c->failed = input_read(c->in, c->at, c->own, len, c->err);
	c->window_at = c->at;
	c->window_len = c->failed ? 0 : len;
	return c->window_len;
}

static const uint8_t *here(const struct cursor *c)
{
	return c->window + (c->at - c->window_at);
}

/* As cursor_bytes, for a length that `within` has allowed. */
static void take(struct cursor *c, uint8_t *to, size_t len)
{
	while (len) {
		size_t part = in_window(c);

		if (!part)
			return;
		if (part > len)
			part = len;
		memcpy(to, here(c), part);
		to += part;
		c->at += part;
		len -= part;
	}
}

void cursor_bytes(struct cursor *c, void *to, size_t len, const char *what)
{
	if (within(c, len, what))
		take(c, to, len);
	if (c->failed)
		memset(to, 0, len);
}

void cursor_skip(struct cursor *c, uint64_t len, const char *what)
{
	if (within(c, len, what))
		c->at += len;
}

uint8_t cursor_u8(struct cursor *c, const char *what)
{
	uint8_t value = 0;

	cursor_bytes(c, &value, sizeof(value), what);
	return value;
}

uint16_t cursor_u16(struct cursor *c, const char *what)
{
	uint16_t value = 0;

	cursor_bytes(c, &value, sizeof(value), what);
	return c->in->big_endian ? be16toh(value) : le16toh(value);
}

uint32_t cursor_u32(struct cursor *c, const char *what)
{
	uint32_t value = 0;

	cursor_bytes(c, &value, sizeof(value), what);
	return c->in->big_endian ? be32toh(value) : le32toh(value);
}

uint64_t cursor_u64(struct cursor *c, const char *what)
{
	uint64_t value = 0;

	cursor_bytes(c, &value, sizeof(value), what);
	return c->in->big_endian ? be64toh(value) : le64toh(value);
}

void cursor_text(struct cursor *c, char *to, size_t size, const char *what)
{
	size_t n;

	for (n = 0; n < size && !c->failed; n++) {
		to[n] = (char)cursor_u8(c, what);
		if (!to[n])
			return;
	}
	cursor_fail(c, "expected %s of at most %zu bytes, found a longer one", what, size - 1);
	to[0] = '\0';
}

char *cursor_dup(struct cursor *c, uint64_t len, uint64_t max, const char *what)
{
	char *copy;

	if (!within(c, len, what))
		return NULL;
	if (len > max) {
		cursor_fail(c, "expected %s of at most %" PRIu64 " bytes, found %" PRIu64, what,
			    max, len);
		return NULL;
	}
	copy = malloc((size_t)len + 1);
	if (!copy) {
		c->failed = err_set(c->err, -ENOMEM, "%s: out of memory", c->in->path);
		return NULL;
	}
	take(c, (uint8_t *)copy, (size_t)len);
	if (c->failed) {
		free(copy);
		return NULL;
	}
	copy[len] = '\0';
	return copy;
}

bool cursor_line(struct cursor *c, char *to, size_t size)
{
	size_t n = 0;
	bool whole = false;

	if (c->failed || c->at == c->end)
		return false;
	while (!whole && c->at < c->end) {
		size_t part = in_window(c);
		const uint8_t *newline = memchr(here(c), '\n', part);
		size_t fits;

		if (!part)
			return false;
		whole = newline != NULL;
		if (whole)
			part = (size_t)(newline - here(c));
		fits = part < size - 1 - n ? part : size - 1 - n;
		memcpy(to + n, here(c), fits);
		n += fits;
		c->at += part + whole;
	}
	to[n] = '\0';
	return true;
}
