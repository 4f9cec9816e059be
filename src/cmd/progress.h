/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bar on stderr, when that is a terminal and the work takes over a second: how much is done, how
 * fast, and how long it will still take.
 *
 *	events  42 % [========            ] 1.2 GB/s  3 s left
 */
#ifndef PAGETRAIL_CMD_PROGRESS_H
#define PAGETRAIL_CMD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool wanted, shown;
	uint32_t calls;
	uint64_t start_ns, next_ns;
};

#define PROGRESS_CALLS	  4096U /* between two looks at the clock; a power of two */
#define PROGRESS_TEXT_MAX 512

void progress_start(struct progress *progress);

bool progress_is_late(struct progress *progress);

/* Is it time to show something? Cheap: looks at the clock once in some thousand calls. */
static inline bool progress_is_due(struct progress *progress)
{
	return !(++progress->calls % PROGRESS_CALLS) && progress_is_late(progress);
}

/* `done` bytes of `total`; `what` is being made of them. */
void progress_show(struct progress *progress, const char *what, uint64_t done, uint64_t total);

/* The line after `ns` of work, at most `columns` long; without a bar where there is no room for it. */
void progress_line(char text[PROGRESS_TEXT_MAX], const char *what, uint64_t done, uint64_t total,
		   uint64_t ns, size_t columns);

/* Clears the line. */
void progress_stop(struct progress *progress);

#endif
