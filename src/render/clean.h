/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts of a capture are bytes: a task may call itself anything. Here they become UTF-8 that can be
 * shown: what is no UTF-8 is written as \xNN.
 */
#ifndef PAGETRAIL_RENDER_CLEAN_H
#define PAGETRAIL_RENDER_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A clean copy, which the caller frees; NULL without memory. With `controls`, control characters
 * are written as \xNN too: on a terminal they would act.
 */
char *clean_dup(const char *text, bool controls);

/* Bytes of the UTF-8 character that a text, which is not at its end, goes on with; 0: it is none. */
size_t clean_len(const char *at);

/* Is it a control character? */
bool clean_is_control(const char *at, size_t len);

#endif
