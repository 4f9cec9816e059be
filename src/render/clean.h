/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts of a capture are bytes: a task may call itself anything. Here they become UTF-8 that can be
 * shown: what is no UTF-8 is written as \xNN.
 */
#ifndef PAGETRAIL_RENDER_CLEAN_H
#define PAGETRAIL_RENDER_CLEAN_H

#include <stdbool.h>

/*
 * A clean copy, which the caller frees; NULL without memory. With `controls`, control characters
 * are written as \xNN too: on a terminal they would act.
 */
char *clean_dup(const char *text, bool controls);

#endif
