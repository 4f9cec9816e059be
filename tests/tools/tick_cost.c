// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Usage: tick_cost MARKER
 *
 * What one tick of the recorder costs on this machine, written to that trace_marker: the CPU time
 * (the median of many batches, so that it does not depend on what else runs), the system calls that
 * read and write, the bytes of the marker.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "record/file.h"
#include "record/ticker.h"

#define BATCHES 25
#define TICKS	40 /* in each */

static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* Its length, 0 when the marker is not taken. */
static size_t tick(struct ticker *ticker, int marker)
{
	char text[NOTE_TEXT_MAX];
	const char *line = ticker_read(ticker);
	size_t len = note_format(text, NOTE_TICK, 1, line, strlen(line));

	return write(marker, text, len) == (ssize_t)len ? len : 0;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static uint64_t median_ns(struct ticker *ticker, int marker)
{
	uint64_t ns[BATCHES];
	int batch, i;

	for (batch = 0; batch < BATCHES; batch++) {
		ns[batch] = cpu_ns();
		for (i = 0; i < TICKS; i++)
			tick(ticker, marker);
		ns[batch] = (cpu_ns() - ns[batch]) / TICKS;
	}
	qsort(ns, BATCHES, sizeof(ns[0]), compare);
	return ns[BATCHES / 2];
}

/* System calls of this process that read or write, so far; those of reading it are in it. */
static long calls(void)
{
	char *text = file_read("/proc/self/io", NULL), *reads, *writes;
	long nr = -1;

	reads = text ? strstr(text, "syscr: ") : NULL;
	writes = text ? strstr(text, "syscw: ") : NULL;
	if (reads && writes)
		nr = strtol(reads + 7, NULL, 10) + strtol(writes + 7, NULL, 10);
	free(text);
	return nr;
}

static long calls_of_tick(struct ticker *ticker, int marker)
{
	long none = calls(), before = calls();

	tick(ticker, marker);
	return none < 0 ? -1 : calls() - before - (before - none);
}

int main(int argc, char **argv)
{
	int marker = argc == 2 ? open(argv[1], O_WRONLY) : -1;
	struct ticker ticker;
	struct err err;
	size_t bytes;

	if (marker < 0 || ticker_open(&ticker, &err))
		return 1;
	bytes = tick(&ticker, marker);
	printf("cpu_ns %" PRIu64 "\ncalls %ld\nbytes %zu\n", median_ns(&ticker, marker),
	       calls_of_tick(&ticker, marker), bytes);
	ticker_close(&ticker);
	return bytes ? 0 : 1;
}
