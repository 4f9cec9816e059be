/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bits of alloc_flags that mean something here, and the gfp flags. Their names for people are in
 * flags.h.
 *
 * Evidence: mm/internal.h (7.3: mm/page_alloc.h) and include/linux/gfp_types.h (5.10: gfp.h) of
 * 5.10.262, 6.1.176, 6.6.87, 6.12.117, 6.18.15, 7.1.13, 7.2.13 and 7.3.4, read on 2026-11-23: the same
 * values wherever they exist, but for what is said beside them.
 */
#ifndef PAGETRAIL_KERNEL_ALLOC_FLAGS_H
#define PAGETRAIL_KERNEL_ALLOC_FLAGS_H

#include <stdbool.h>
#include <stdint.h>

#define ALLOC_WMARK_MASK    0x003U
#define ALLOC_WMARK_LOW	    0x001U
#define ALLOC_WMARK_HIGH    0x002U
#define ALLOC_NO_WATERMARKS 0x004U
#define ALLOC_OOM	    0x008U
#define ALLOC_NON_BLOCK	    0x010U /* ALLOC_HARDER in 5.10 */
#define ALLOC_MIN_RESERVE   0x020U /* ALLOC_HIGH in 5.10 */
#define ALLOC_CPUSET	    0x040U
#define ALLOC_NOFRAGMENT    0x100U
#define ALLOC_NOLOCK	    0x400U /* 7.3; ALLOC_TRYLOCK in 6.18 to 7.2, unused before */

#define GFP_DMA		   0x1U
#define GFP_DMA32	   0x4U
#define GFP_IO		   0x40U
#define GFP_DIRECT_RECLAIM 0x400U
#define GFP_KSWAPD_RECLAIM 0x800U
#define GFP_RETRY_MAYFAIL  0x4000U
#define GFP_NOFAIL	   0x8000U
#define GFP_NORETRY	   0x10000U
#define GFP_NOMEMALLOC	   0x80000U
#define GFP_HARDWALL	   0x100000U
#define GFP_THISNODE	   0x200000U
#define GFP_ACCOUNT	   0x400000U

/* ALLOC_WMARK_LOW is for the fast path's attempt and only for it, in all of 5.10 to 7.3. */
static inline bool alloc_flags_are_fast(uint64_t alloc_flags)
{
	return (alloc_flags & ALLOC_WMARK_MASK) == ALLOC_WMARK_LOW;
}

/* alloc_pages_nolock's: never part of a slowpath. */
static inline bool alloc_flags_are_nolock(uint64_t alloc_flags)
{
	return alloc_flags & ALLOC_NOLOCK;
}

#endif
