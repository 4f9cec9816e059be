// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cmd/progress.h"

#define FIRST_NS   1000000000ULL
#define BETWEEN_NS 250000000ULL

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

void progress_start(struct progress *progress)
{
	uint64_t start_ns = now_ns();

	*progress = (struct progress){
		.wanted = isatty(STDERR_FILENO),
		.start_ns = start_ns,
		.next_ns = start_ns + FIRST_NS,
	};
}

bool progress_is_late(struct progress *progress)
{
	uint64_t ns;

	if (!progress->wanted)
		return false;
	ns = now_ns();
	if (ns < progress->next_ns)
		return false;
	progress->next_ns = ns + BETWEEN_NS;
	return true;
}

void progress_show(struct progress *progress, uint64_t done, uint64_t total)
{
	double part = total ? (double)done / (double)total : 0;
	double seconds = (double)(now_ns() - progress->start_ns) / 1e9;

	if (part > 0)
		fprintf(stderr, "\r\033[Kreading: %.0f %%, %.0f s left", part * 100,
			seconds / part - seconds);
	progress->shown = true;
}

void progress_stop(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
}
