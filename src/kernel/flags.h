/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the bits of alloc_flags and the values of the allocator's enums are called. alloc_flags are
 * preprocessor macros of mm/: neither BTF nor any format of the trace carries their names.
 *
 * In: a value and the kernel's release. Out: text. Bits without a name are printed in hex.
 */
#ifndef PAGETRAIL_KERNEL_FLAGS_H
#define PAGETRAIL_KERNEL_FLAGS_H

#include <stddef.h>
#include <stdint.h>

#define ALLOC_FLAGS_TEXT_MAX 160 /* every name, every separator, the rest in hex, the NUL */

/* A release as one number that compares: 6.12.94 is RELEASE(6, 12). 0: not known. */
#define RELEASE(major, minor) ((major)*1000U + (minor))

/* From "6.12.94-cloud-amd64"; 0 when it does not start with two numbers. */
unsigned int kernel_release(const char *text);

/*
 * "WMARK_MIN|CPUSET|KSWAPD" into buf (ALLOC_FLAGS_TEXT_MAX bytes). Where the release is not known
 * only the names that all releases share are used.
 */
void kernel_alloc_flags_text(char *buf, uint32_t alloc_flags, unsigned int release);

/* Releases that a kernel may be: the second is excluded, 0 for no limit. */
struct release_range {
	unsigned int from, before;
};

#define ALLOC_FLAGS_LONG_MAX 256

/*
 * "ALLOC_WMARK_MIN|ALLOC_CPUSET|ALLOC_KSWAPD" into buf (ALLOC_FLAGS_LONG_MAX bytes), for a kernel
 * that is one of the range: the names that its releases agree on.
 */
void kernel_alloc_flags_long(char *buf, uint64_t alloc_flags, struct release_range range);

/* enum compact_result as mm_compaction_end prints it; NULL for a value without a name. */
const char *kernel_compact_result_name(int64_t result);

/* enum migratetype as /proc/pagetypeinfo prints it; NULL where it depends on the configuration. */
const char *kernel_migratetype_name(int64_t migratetype);

#endif
