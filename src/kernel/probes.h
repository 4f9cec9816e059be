/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be probed in the page allocator: functions under all their names, what to fetch at
 * them, and the registers that a call passes its arguments in. Read by the recorder only; how the
 * resulting events are named, and their fields, stands in events.h.
 */
#ifndef PAGETRAIL_KERNEL_PROBES_H
#define PAGETRAIL_KERNEL_PROBES_H

#include <stddef.h>

#include "kernel/events.h"

enum target {
	TARGET_ENTRY, /* the buddy entry function */
	TARGET_SLOWPATH,
	TARGET_ATTEMPT, /* get_page_from_freelist */
	TARGET_DIRECT_COMPACT,
	TARGET_UNRESERVE_HIGHATOMIC,
	TARGET_DRAIN_ALL_PAGES,
	TARGET_OUT_OF_MEMORY,
	TARGET_WARN_ALLOC,
	TARGET_NOLOCK, /* best-effort allocation (6.18 and later): never enters the slowpath */
	NR_TARGETS
};

/* Names that the function has had, newest first; *nr is set. */
const char *const *kernel_target_names(enum target target, size_t *nr);

enum probe_place {
	PLACE_ENTRY,	  /* first instruction of the function */
	PLACE_RETURN,	  /* a return probe: wherever it returns to */
	PLACE_CALL,	  /* an instruction that calls the function */
	PLACE_AFTER_CALL, /* the instruction after that */
};

/*
 * What to fetch, in the syntax of Documentation/trace/kprobetrace.rst. %1 to %4 stand for the
 * registers of the first arguments, %r for that of the returned value, %c for the address that a
 * function returns to, seen from its first instruction.
 */
struct probe_rule {
	enum ev_kind kind;
	enum target target;
	enum probe_place place;
	const char *args;
	const char *return_args; /* PLACE_RETURN: also these, where return probes support $argN */
};

/* NULL when the kind cannot be had at that place. */
const struct probe_rule *kernel_probe_rule(enum ev_kind kind, enum probe_place place);

/* What replaces %1..%4, %r (key '1'..'4', 'r', 'c') on a machine, NULL if that is not known. */
const char *kernel_register(const char *machine, char key);

/* Filters on alloc_flags: kernel/events.h, struct alloc_context, mm/internal.h of 5.10 to 7.3. */
#define FILTER_NOT_NOLOCK "!(alloc_flags & 0x400)" /* ALLOC_TRYLOCK (6.18), ALLOC_NOLOCK (7.3) */
#define FILTER_SLOW	  "!(alloc_flags & 0x1)"   /* only the fast path asks for WMARK_LOW */
#define FILTER_FAST	  "alloc_flags & 0x1"

/*
 * What a call of the slowpath cannot pass: an order beyond any MAX_ORDER, a bit above __GFP_BITS, a
 * context whose migratetype or zone is none (MIGRATE_TYPES is at most 6, MAX_NR_ZONES too).
 */
#define FILTER_IMPLAUSIBLE \
	"order > 20 || gfp & 0xf0000000 || migratetype < 0 || migratetype > 6 || highest_zone > 6"

#endif
