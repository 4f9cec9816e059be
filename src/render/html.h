/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary as one page for a browser, which holds all that it needs and asks nobody for more. */
#ifndef PAGETRAIL_RENDER_HTML_H
#define PAGETRAIL_RENDER_HTML_H

#include <stdio.h>

#include "base/err.h"
#include "summary/summary.h"

/* 0 or a negative errno with the sentence; a short write is a failure. */
int render_html(const struct summary *summary, FILE *out, struct err *err);

#endif
