/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A JSON summary to the struct summary that it was written from: the inverse of render/json.
 *
 * In: a file that nobody trusts. Out: a summary that renders to the same bytes, as JSON and as text;
 * or a sentence that says where in the file something else stands than was expected. Keys that are
 * not known are left out, since minor versions add some; nothing is computed that the file does not
 * say.
 */
#ifndef PAGETRAIL_READBACK_READBACK_H
#define PAGETRAIL_READBACK_READBACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "summary/summary.h"

/* A larger file is refused. One with a thousand of the slowest episodes has about 10 MB. */
#define READBACK_SIZE_MAX (64U << 20)

/* Does a file that begins with these bytes look like JSON? A trace.dat never does. */
bool readback_is_json(const char *bytes, size_t len);

/*
 * Reads the open file `fd` from its beginning; `name` is what it is called in sentences. Fills
 * *summary, which is all zero. 0, or -errno with the sentence. The caller frees the summary with
 * summary_free in any case.
 */
int readback_json(int fd, const char *name, struct summary *summary, struct err *err);

#endif
