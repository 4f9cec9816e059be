/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of progress on stderr, when that is a terminal and the work takes over a second. */
#ifndef PAGETRAIL_CMD_PROGRESS_H
#define PAGETRAIL_CMD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool wanted, shown;
	uint32_t calls;
	uint64_t start_ns, next_ns;
};

void progress_start(struct progress *progress);

#define PROGRESS_CALLS 4096U /* between two looks at the clock; a power of two */

bool progress_is_late(struct progress *progress);

/* Is it time to show something? Cheap: looks at the clock once in some thousand calls. */
static inline bool progress_is_due(struct progress *progress)
{
	return !(++progress->calls % PROGRESS_CALLS) && progress_is_late(progress);
}

void progress_show(struct progress *progress, uint64_t done, uint64_t total);

/* Clears the line. */
void progress_stop(struct progress *progress);

#endif
