/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a summary is made of besides events and episodes: what the capture says of itself, and the
 * notes that its recorder left (base/note.h). All borrowed. NULL: the note is not there.
 */
#ifndef PAGETRAIL_SUMMARY_INPUT_H
#define PAGETRAIL_SUMMARY_INPUT_H

#include "capture/capture.h"
#include "capture/stacks.h"
#include "sequence/sequence.h"

struct snapshot_notes {
	const char *vmstat, *zoneinfo, *buddyinfo, *pressure, *meminfo, *sysctl, *probes;
};

struct summary_input {
	const char *file;   /* base name of the capture */
	const char *sha256; /* of its bytes, in hex; NULL: not taken */
	const struct capture_info *info;
	const struct capture_damage *damage;
	const struct capture_cpu *cpus;
	uint32_t nr_cpus;
	const struct seq_counts *counts;
	const struct stacks *stacks; /* by the numbers that episodes have; NULL: none */
	uint64_t notes_dropped;
	const char *tool, *profile, *host, *plan, *loss, *ended;
	const char *hits;   /* payload of NOTE_HITS */
	const char *verify; /* payload of NOTE_VERIFY_DISABLED */
	struct snapshot_notes start, stop;
};

#endif
