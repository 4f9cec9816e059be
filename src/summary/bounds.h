/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many there truly were, when records are missing.
 *
 * In: what was counted (sequence.h), what the kernel says that it dropped, what its probes counted
 * themselves, and the limits, already filled. Out: counts with their bounds. Two kinds of evidence
 * that know nothing of each other, both sound, so that the truth lies where they overlap:
 *
 *   records   at least what was rebuilt; at most one more for each record that was lost
 *   hits      a probe counts its hits (kprobe_profile) before the ring buffer takes its record, so
 *             they are not lost with it: only the edges of the window blur them
 */
#ifndef PAGETRAIL_SUMMARY_BOUNDS_H
#define PAGETRAIL_SUMMARY_BOUNDS_H

#include "summary/input.h"
#include "summary/summary.h"

/* Records that may be missing at most, over all CPUs; not known: no one counted them. */
struct known bounds_lost(const struct summary_input *input, const struct limits *limits);

/* Entries into the slowpath inside the window. */
struct count bounds_entries(const struct summary_input *input, const struct summary *summary);

/* Of those, the ones whose own record is missing. */
struct count bounds_unseen(const struct count *entries, uint64_t rebuilt);

/* Anything else of which `seen` records were found, one each. */
struct count bounds_seen(const struct limits *limits, uint64_t seen);

#endif
