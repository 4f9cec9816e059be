/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Orders for qsort(3): below 0 where the first is before the second, 0 where they are equal. */
#ifndef PAGETRAIL_BASE_COMPARE_H
#define PAGETRAIL_BASE_COMPARE_H

#include <stdint.h>
#include <string.h>

static inline int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* NULL is after every text. */
static inline int compare_texts(const char *a, const char *b)
{
	if (!a || !b)
		return !a - !b;
	return strcmp(a, b);
}

#endif
