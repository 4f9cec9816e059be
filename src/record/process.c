// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/file.h"
#include "record/process.h"

#define FIELD_STARTTIME 22 /* proc(5), /proc/pid/stat */

int process_start_time(pid_t pid, uint64_t *ticks)
{
	char path[32];
	char *text, *at;
	int field = 2;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	text = file_read(path, NULL);
	if (!text)
		return -errno;
	/* Field 2 is the name in parentheses, and may hold any byte: count from its end. */
	for (at = strrchr(text, ')'); at && field < FIELD_STARTTIME; field++)
		at = strchr(at + 1, ' ');
	if (at)
		*ticks = strtoull(at, NULL, 10);
	free(text);
	return at ? 0 : -EINVAL;
}
