// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Evidence: /proc/vmstat of Debian's kernels 5.10.0-46, 6.1.0-56, 6.12.117 and 7.3.4. All of them
 * have every counter named here. Their order moves (7.1 moved pgscan_* and pgsteal_* before
 * allocstall_*), so a counter is known by its name alone.
 *
 * Left out is what would cost more than the rest together: the free pages of each zone are only in
 * /proc/zoneinfo, which takes each zone's lock with interrupts off (walk_zones_in_node).
 */
#include <string.h>

#include "kernel/readings.h"

static const char *const names[NR_READINGS] = {
	[READING_PSI_SOME_US] = "psi_some_us",
	[READING_PSI_FULL_US] = "psi_full_us",
	[READING_FREE_PAGES] = "nr_free_pages",
	[READING_ALLOCSTALL] = "allocstall",
	[READING_PGSCAN_DIRECT] = "pgscan_direct",
	[READING_PGSTEAL_DIRECT] = "pgsteal_direct",
	[READING_PGSCAN_KSWAPD] = "pgscan_kswapd",
	[READING_PGSTEAL_KSWAPD] = "pgsteal_kswapd",
	[READING_PGSCAN_DIRECT_THROTTLE] = "pgscan_direct_throttle",
	[READING_PAGEOUTRUN] = "pageoutrun",
	[READING_COMPACT_STALL] = "compact_stall",
	[READING_COMPACT_FAIL] = "compact_fail",
	[READING_COMPACT_SUCCESS] = "compact_success",
	[READING_COMPACT_DAEMON_WAKE] = "compact_daemon_wake",
	[READING_OOM_KILL] = "oom_kill",
	[READING_PSWPIN] = "pswpin",
	[READING_PSWPOUT] = "pswpout",
	[READING_PGMAJFAULT] = "pgmajfault",
	[READING_WORKINGSET_REFAULT_ANON] = "workingset_refault_anon",
	[READING_WORKINGSET_REFAULT_FILE] = "workingset_refault_file",
};

/* allocstall_dma, allocstall_dma32, allocstall_normal, ...: by the highest zone allowed. */
static const char allocstall_of_zone[] = "allocstall_";

const char *kernel_reading_name(enum reading reading)
{
	return names[reading];
}

enum reading kernel_vmstat_reading(const char *counter, size_t len)
{
	const size_t prefix = strlen(allocstall_of_zone);
	enum reading reading;

	if (len > prefix && !memcmp(counter, allocstall_of_zone, prefix))
		return READING_ALLOCSTALL;
	for (reading = READING_FREE_PAGES; reading < NR_READINGS; reading++)
		if (strlen(names[reading]) == len && !memcmp(counter, names[reading], len))
			break;
	return reading;
}
