/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often the probes went off at some moments of the recording: the note NOTE_HITS, of lines
 * "at MOMENT", each followed by lines "event hits missed".
 *
 * kprobe_dispatcher and kretprobe_dispatcher (kernel/trace/trace_kprobe.c, 5.10 to 7.3) count a hit
 * before anything is filtered, and before its record is made, with preemption off: at any moment
 * at most one hit per CPU is without its record. A hit that is refused counts as missed instead.
 */
#ifndef PAGETRAIL_SUMMARY_HITS_H
#define PAGETRAIL_SUMMARY_HITS_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/events.h"

struct hits {
	uint64_t hits, missed;
};

/* Of all probes of one kind together. False when the note does not have them at that moment. */
bool hits_at(const char *note, const char *moment, enum ev_kind kind, struct hits *sum);

#endif
