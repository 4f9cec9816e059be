/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tells one capture from another: the SHA-256 of its bytes. */
#ifndef PAGETRAIL_SUMMARY_DIGEST_H
#define PAGETRAIL_SUMMARY_DIGEST_H

#include <stdint.h>

#include "base/err.h"

#define DIGEST_TEXT_MAX 65 /* in hex, with the NUL */

/* Called once in a while, with the bytes that are done. */
typedef void (*digest_tick_fn)(void *arg, uint64_t done);

/* 0, or a negative errno with the sentence. `tick` may be NULL. */
int digest_file(const char *path, char text[DIGEST_TEXT_MAX], digest_tick_fn tick, void *arg,
		struct err *err);

/* Of the libcrypto that is loaded, in its own words: "OpenSSL 3.0.17 1 Jul 2025". */
const char *digest_crypto_version(void);

#endif
