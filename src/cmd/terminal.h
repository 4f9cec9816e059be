/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How text looks best where it goes to. */
#ifndef PAGETRAIL_CMD_TERMINAL_H
#define PAGETRAIL_CMD_TERMINAL_H

#include "render/text_page.h"

/*
 * For a terminal its width, and colours unless NO_COLOR is set (https://no-color.org) or TERM is
 * "dumb"; else the width of a mail.
 */
struct text_style terminal_style(FILE *out);

#endif
