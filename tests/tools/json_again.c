// SPDX-License-Identifier: GPL-2.0-or-later
/* json_again FILE: reads a JSON summary back and writes it again. */
#include <err.h>
#include <fcntl.h>

#include "readback/readback.h"
#include "render/render.h"

int main(int argc, char **argv)
{
	struct summary summary = { 0 };
	struct err why;
	int fd;

	if (argc != 2)
		errx(2, "usage: json_again FILE");
	fd = open(argv[1], O_RDONLY);
	if (fd < 0)
		err(1, "%s", argv[1]);
	if (readback_json(fd, argv[1], &summary, &why) || render_json(&summary, stdout, &why))
		errx(1, "%s", why.text);
	summary_free(&summary);
	return 0;
}
