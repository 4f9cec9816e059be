/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The notes that the recorder leaves in a capture, and the analyzer finds there.
 *
 * A note is a named text (the profile and why, /proc/vmstat at the start, ...). It travels as
 * one or more text markers (ftrace:print events), each of the form
 *
 *	pagetrail KEY PART/PARTS PAYLOAD newline
 *
 * with PART from 1. The parts of a note are written in order by one process. A marker holds at
 * most 1,024 bytes on kernels before 6.7 (TRACE_BUF_SIZE in tracing_mark_write,
 * kernel/trace/trace.c), so a payload has at most NOTE_PAYLOAD_MAX bytes, newlines included.
 *
 * A note is there once, but for the tick: one marker a second, whose time stamp is that of what was
 * read.
 *
 * Two notes without payload mark the window: events between the marker "window.start" and the
 * marker "window.stop", in the order of time, are what the capture is about. What lies outside
 * (the recorder still starting or already stopping) is context, not counted.
 */
#ifndef PAGETRAIL_BASE_NOTE_H
#define PAGETRAIL_BASE_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#define NOTE_MAGIC	 "pagetrail "
#define NOTE_KEY_MAX	 40
#define NOTE_PAYLOAD_MAX 880
#define NOTE_TEXT_MAX	 1024 /* a whole marker, with its terminating NUL */

/* Keys. Those ending in a dot are followed by "start" or "stop". */
#define NOTE_WINDOW_START    "window.start"
#define NOTE_WINDOW_STOP     "window.stop"
#define NOTE_VERIFY_ENABLING "verify.enabling" /* just before the first breakpoint is enabled */
#define NOTE_VERIFY_DISABLED "verify.disabled" /* just after the last is disabled; the count */
#define NOTE_TOOL	     "tool"	       /* pagetrail's version */
#define NOTE_PROFILE	     "profile"	       /* line 1: the name; line 2: why this one */
#define NOTE_HOST	     "host"    /* lines "key=value": release, version, machine, ... */
#define NOTE_PLAN	     "plan"    /* a line per probe: see record/plan.h */
#define NOTE_SYMBOLS	     "symbols" /* lines "address name": what the plan resolved */
#define NOTE_VMSTAT	     "vmstat."
#define NOTE_ZONEINFO	     "zoneinfo."
#define NOTE_BUDDYINFO	     "buddyinfo."
#define NOTE_PRESSURE	     "pressure."
#define NOTE_MEMINFO	     "meminfo."
#define NOTE_SYSCTL	     "sysctl."	     /* lines "vm.name = value", and THP's settings */
#define NOTE_PROBES	     "probes."	     /* lines "event hits missed", of our own group */
#define NOTE_HITS	     "probes.window" /* per moment a line "at NAME", then lines as in probes. */
#define NOTE_ARGUMENTS	     "arguments" /* "implausible N": entries whose order, gfp, ... cannot be */
#define NOTE_LOSS	     "loss.stop" /* lines "cpu entries overrun commit_overrun dropped" */
#define NOTE_TICK	     "tick"	 /* "name value ..." of kernel/readings.h */
#define NOTE_EXIT	     "exit"	 /* why the recording ended; the command's status */

/* Moments of NOTE_HITS, in their order. */
#define HITS_BEFORE_START "window.start-"
#define HITS_AFTER_START  "window.start+"
#define HITS_BEFORE_STOP  "window.stop-"
#define HITS_AFTER_STOP	  "window.stop+"

struct note_part {
	char key[NOTE_KEY_MAX];
	unsigned int part; /* from 1 */
	unsigned int parts;
	const char *payload; /* points into the text that was parsed */
	size_t payload_len;  /* bytes, without the newline that ends the marker */
};

/* Number of markers that a text of `len` bytes takes: at least 1. */
unsigned int note_parts(size_t len);

/*
 * Writes marker number `part` of the note into buf (NOTE_TEXT_MAX bytes), NUL-terminated.
 * Returns its length. Allocates nothing.
 */
size_t note_format(char *buf, const char *key, unsigned int part, const char *text, size_t len);

/* False when the marker is not one of ours, or is malformed. */
bool note_parse(const char *marker, size_t len, struct note_part *out);

/*
 * A name among the symbols of a capture, at address 0: those of its call stacks are not there. The
 * recorder finds them when tracing is over, and has left this until then.
 */
#define NO_STACK_SYMBOLS "pagetrail_no_stack_symbols"

#endif
