/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tells one capture from another: the SHA-256 of its bytes. */
#ifndef PAGETRAIL_SUMMARY_DIGEST_H
#define PAGETRAIL_SUMMARY_DIGEST_H

#include "base/err.h"

#define DIGEST_TEXT_MAX 65 /* in hex, with the NUL */

/* 0, or a negative errno with the sentence. */
int digest_file(const char *path, char text[DIGEST_TEXT_MAX], struct err *err);

#endif
