// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/terminal.h"
#include "render/render.h"

/* Narrower ones would be a column of letters. */
#define WIDTH_MIN 40

static bool wants_colour(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no_color && *no_color) && term && strcmp(term, "dumb");
}

struct text_style terminal_style(FILE *out)
{
	struct text_style style = { .width = TEXT_WIDTH };
	struct winsize size;

	if (!isatty(fileno(out)))
		return style;
	style.colour = wants_colour();
	if (!ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col)
		style.width = size.ws_col < WIDTH_MIN ? WIDTH_MIN : size.ws_col;
	return style;
}
