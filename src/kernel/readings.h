/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is read from the kernel again and again while a recording runs: counters of /proc/vmstat and
 * the totals of /proc/pressure/memory. The recorder finds them by these names and writes them by
 * them into the ticks of a capture (NOTE_TICK), where the summary finds them again.
 */
#ifndef PAGETRAIL_KERNEL_READINGS_H
#define PAGETRAIL_KERNEL_READINGS_H

#include <stdbool.h>
#include <stddef.h>

enum reading {
	READING_PSI_SOME_US, /* microseconds in which some task waited for memory, since boot */
	READING_PSI_FULL_US, /* ... and in which no task could run instead */
	READING_FREE_PAGES,  /* a level; all others are counters that only grow */

	READING_ALLOCSTALL, /* the first of the counters of /proc/vmstat */
	READING_PGSCAN_DIRECT,
	READING_PGSTEAL_DIRECT,
	READING_PGSCAN_KSWAPD,
	READING_PGSTEAL_KSWAPD,
	READING_PGSCAN_DIRECT_THROTTLE,
	READING_PAGEOUTRUN,
	READING_COMPACT_STALL,
	READING_COMPACT_FAIL,
	READING_COMPACT_SUCCESS,
	READING_COMPACT_DAEMON_WAKE,
	READING_OOM_KILL,
	READING_PSWPIN,
	READING_PSWPOUT,
	READING_PGMAJFAULT,
	READING_WORKINGSET_REFAULT_ANON,
	READING_WORKINGSET_REFAULT_FILE,
	NR_READINGS
};

/* Its name in a tick and in the summary. Never NULL. */
const char *kernel_reading_name(enum reading reading);

/*
 * The reading that a counter of /proc/vmstat belongs to, by its name of `len` bytes; NR_READINGS for
 * most of them. Several counters may belong to one reading, which is their sum.
 */
enum reading kernel_vmstat_reading(const char *counter, size_t len);

#endif
