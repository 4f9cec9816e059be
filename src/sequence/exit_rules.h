/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * __alloc_pages_slowpath() as an automaton: the rules by which an episode gets from one of its
 * points to another. Private to exit.c.
 */
#ifndef PAGETRAIL_SEQUENCE_EXIT_RULES_H
#define PAGETRAIL_SEQUENCE_EXIT_RULES_H

#include <stddef.h>

#include "sequence/exit.h"

/* Whom a condition is asked about. */
struct asked {
	const struct exit_view *view;
	const struct frame *frame;
	const struct went *went; /* how it got to the point that the rule starts from */
};

enum adds {
	ADDS_NOTHING,
	ADDS_RETRY, /* a round begins anew, */
	ADDS_WAIT,  /* after waiting for oom_lock */
};

struct rule {
	uint8_t from; /* enum point */
	uint8_t see;  /* enum sight; SEE_NOTHING: unseen in every capture */
	uint8_t to;   /* enum point, or END(enum exit_reason) */
	uint8_t adds;
	bool (*when)(const struct asked *ask); /* NULL: always */
};

#define END(reason) (NR_POINTS + (reason))

const struct rule *exit_rules(size_t *nr);

/* Can the request lack all of these flags; can it have one of them? Both where it is not known. */
bool exit_may_lack(const struct asked *ask, uint64_t gfp);
bool exit_may_have(const struct asked *ask, uint64_t gfp);

/* include/linux/gfp_types.h (5.10: gfp.h): the same in 5.10 to 7.3. */
#define GFP_DMA		   0x1U
#define GFP_DMA32	   0x4U
#define GFP_IO		   0x40U
#define GFP_DIRECT_RECLAIM 0x400U
#define GFP_RETRY_MAYFAIL  0x4000U
#define GFP_NOFAIL	   0x8000U
#define GFP_NORETRY	   0x10000U
#define GFP_NOMEMALLOC	   0x80000U
#define GFP_THISNODE	   0x200000U
#define GFP_ACCOUNT	   0x400000U

/* mm/internal.h, 7.3: mm/page_alloc.h; likewise. */
#define ALLOC_WMARK_MASK    0x003U
#define ALLOC_WMARK_HIGH    0x002U
#define ALLOC_NO_WATERMARKS 0x004U
#define ALLOC_OOM	    0x008U
#define ALLOC_NON_BLOCK	    0x010U /* ALLOC_HARDER in 5.10 */
#define ALLOC_MIN_RESERVE   0x020U /* ALLOC_HIGH in 5.10 */
#define ALLOC_CPUSET	    0x040U
#define ALLOC_NOFRAGMENT    0x100U

#endif
