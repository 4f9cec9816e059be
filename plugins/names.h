/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for the values in our probes' fields. What differs between kernels is taken from the other
 * formats of the same capture; what has no name there is printed as a number, never dropped.
 */
#ifndef PAGETRAIL_PLUGINS_NAMES_H
#define PAGETRAIL_PLUGINS_NAMES_H

#include <event-parse.h>
#include <stdint.h>

/* "GFP_KERNEL|__GFP_NOWARN|0x80000000", as the kernel prints it; "none" for 0. */
void names_put_gfp(struct trace_seq *s, struct tep_handle *tep, uint64_t gfp);

/* "ALLOC_WMARK_MIN|ALLOC_CPUSET" */
void names_put_alloc_flags(struct trace_seq *s, struct tep_handle *tep, uint64_t alloc_flags);

/* "Movable", or the number */
void names_put_migratetype(struct trace_seq *s, struct tep_handle *tep, uint64_t migratetype);

/* "Normal", or the number */
void names_put_zone_index(struct trace_seq *s, struct tep_handle *tep, uint64_t zone);

#endif
