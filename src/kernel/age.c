// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Evidence: the formats of Debian's kernels 5.10.0-46, 6.1.0-56, 6.12.117 and 7.3.4, and
 * include/trace/events/vmscan.h of 7.1.13 and 7.2.13, read on 2026-11-23. As in flags.c, a change
 * counts from the release after the last one that was read without it.
 */
#include "kernel/age.h"

/* clang-format off */
static const struct age_sign signs[] = {
	{ "vmscan", "mm_vmscan_direct_reclaim_begin", "gfp_flags", false, 4, { 0, RELEASE(5, 11) } },
	{ "vmscan", "mm_vmscan_direct_reclaim_begin", "gfp_flags", false, 8, { RELEASE(5, 11), 0 } },
	{ "kmem", "mm_page_alloc", "gfp_flags", false, 4, { 0, RELEASE(5, 11) } },
	{ "kmem", "mm_page_alloc", "gfp_flags", false, 8, { RELEASE(5, 11), 0 } },
	{ "vmscan", "mm_vmscan_direct_reclaim_begin", "memcg_id", true, 0, { 0, RELEASE(7, 2) } },
	{ "vmscan", "mm_vmscan_direct_reclaim_begin", "memcg_id", false, 0, { RELEASE(7, 2), 0 } },
};
/* clang-format on */

const struct age_sign *kernel_age_signs(size_t *nr)
{
	*nr = sizeof(signs) / sizeof(signs[0]);
	return signs;
}
