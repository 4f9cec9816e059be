/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way in: every byte of a capture comes through here, with its bounds checked.
 *
 * In: a path, or a section that was unpacked into memory. Out: bytes, numbers in the byte order of
 * the file, and texts; or one sentence that names the file, the offset and what was expected there.
 * Files are read with pread() into our own buffers: one that shrinks meanwhile is an error, where
 * under mmap() it would be a signal. This file must not know what the bytes mean.
 */
#ifndef PAGETRAIL_CAPTURE_CURSOR_H
#define PAGETRAIL_CAPTURE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define CURSOR_WINDOW 16384

/* A file. The owner of the struct calls input_close. */
struct input {
	int fd;
	uint64_t size;	 /* bytes, when it was opened */
	bool big_endian; /* of the numbers in it */
	char *path;
};

/*
 * A position in a file or a section. Failure is sticky: the first one leaves its sentence in *err,
 * and from then on every read gives zeros, so that a caller may check `failed` once for many reads.
 */
struct cursor {
	const struct input *in;
	struct err *err;
	int failed;	 /* 0, or the negative errno of the first failure */
	uint64_t at;	 /* offset of the next byte: in the file, or in the unpacked section */
	uint64_t end;	 /* first offset that must not be read */
	bool unpacked;	 /* the bytes are a section, which was unpacked */
	uint64_t origin; /* of such a section: its offset in the file */
	const uint8_t *window;
	uint64_t window_at; /* offset of window[0] */
	size_t window_len;
	uint8_t own[CURSOR_WINDOW];
};

/* 0 or -errno with the sentence. Only regular files: a FIFO would block, a device has no size. */
int input_open(struct input *in, const char *path, struct err *err);
void input_close(struct input *in);

/* Exactly `len` bytes, or -errno with the sentence. */
int input_read(const struct input *in, uint64_t offset, void *to, size_t len, struct err *err);

/* Over the bytes [at, end) of the file; `end` is cut to the size of the file. */
void cursor_file(struct cursor *c, const struct input *in, uint64_t at, uint64_t end,
		 struct err *err);

/* Over a section of `len` bytes, unpacked from `origin` in the file. The caller keeps `data`. */
void cursor_section(struct cursor *c, const struct input *in, const void *data, size_t len,
		    uint64_t origin, struct err *err);

/* Sets the failure, with file and offset before the text. Returns the negative errno. */
int cursor_fail(struct cursor *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* `what` completes the sentence "expected ...". */
uint8_t cursor_u8(struct cursor *c, const char *what);
uint16_t cursor_u16(struct cursor *c, const char *what);
uint32_t cursor_u32(struct cursor *c, const char *what);
uint64_t cursor_u64(struct cursor *c, const char *what);
void cursor_bytes(struct cursor *c, void *to, size_t len, const char *what);
void cursor_skip(struct cursor *c, uint64_t len, const char *what);

/* A text with its NUL, of at most size - 1 bytes. "" after a failure. */
void cursor_text(struct cursor *c, char *to, size_t size, const char *what);

/* `len` bytes and a NUL after them, to be freed by the caller; NULL after a failure. */
char *cursor_dup(struct cursor *c, uint64_t len, uint64_t max, const char *what);

/*
 * The next line, without its newline; what does not fit is left out. False at the end, or after a
 * failure.
 */
bool cursor_line(struct cursor *c, char *to, size_t size);

#endif
