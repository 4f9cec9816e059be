/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel counts, read once a second while the window is open, as the text of one marker
 * (NOTE_TICK, base/note.h).
 *
 * Files are opened and memory is allocated by ticker_open; reading allocates nothing here. In the
 * kernel a reading of /proc/vmstat takes 2 to 4 kB for as long as it lasts (vmstat_start). Who calls
 * ticker_open calls ticker_close.
 */
#ifndef PAGETRAIL_RECORD_TICKER_H
#define PAGETRAIL_RECORD_TICKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/note.h"

struct ticker {
	int vmstat, pressure; /* -1: this kernel has no such file */
	char *text;	      /* what was read of a file */
	size_t size;
	uint64_t due_ns; /* CLOCK_MONOTONIC: when the next tick should be */
	char line[NOTE_PAYLOAD_MAX + 1];
};

/* 0, or -ENOMEM with the sentence. */
int ticker_open(struct ticker *ticker, struct err *err);
void ticker_close(struct ticker *ticker);

/*
 * Is it time for a tick? Then the next is due one second later than this one was due, or when a
 * second or more was missed, at the first whole second that is still to come.
 */
bool ticker_is_due(struct ticker *ticker, uint64_t now_ns);

/*
 * "psi_some_us 77 psi_full_us 7 nr_free_pages 3840 ...": what this kernel has of kernel/readings.h.
 * /proc/vmstat is read last. Borrowed: valid until the next call.
 */
const char *ticker_read(struct ticker *ticker);

#endif
