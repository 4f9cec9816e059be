/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One failure, told as one sentence: what, where (file, offset, field), what to do.
 *
 * In: a negative errno and a format. Out: the same number, so that a caller can write
 * `return err_set(err, -EINVAL, ...)`. The caller owns the struct; nothing is allocated.
 */
#ifndef PAGETRAIL_BASE_ERR_H
#define PAGETRAIL_BASE_ERR_H

#define ERR_TEXT_MAX 512

struct err {
	char text[ERR_TEXT_MAX]; /* without a trailing newline; "" while nothing failed */
};

/* Returns `code`, which is a negative errno. A longer sentence is cut at ERR_TEXT_MAX - 1. */
int err_set(struct err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
