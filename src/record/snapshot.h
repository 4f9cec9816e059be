/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What /proc and the sysctls say at one moment, and how it gets into the capture: as notes
 * (base/note.h) through the marker file of the session.
 *
 * Files are opened and buffers allocated by snapshot_open; reading and emitting allocate nothing.
 */
#ifndef PAGETRAIL_RECORD_SNAPSHOT_H
#define PAGETRAIL_RECORD_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct snapshot_file {
	const char *name; /* key of the note, without "start" or "stop"; or of a sysctl */
	int fd;		  /* -1: this kernel has no such file */
};

struct snapshot_text {
	const char *key;
	char *text;
	size_t size, len;
};

struct snapshot {
	struct snapshot_file *files; /* one each, then one a sysctl */
	size_t nr_files;
	struct snapshot_text *texts; /* one each, then one for all sysctls */
	size_t nr_texts;
};

/* Returns 0, or -errno with the sentence. Files that this kernel has not are left out. */
int snapshot_open(struct snapshot *snapshot, struct err *err);
void snapshot_close(struct snapshot *snapshot);

/*
 * Reads all. What has to bracket the recording most closely, /proc/vmstat, is read last at the
 * start and first at the stop.
 */
void snapshot_read(struct snapshot *snapshot, bool at_start);

#endif
