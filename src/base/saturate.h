/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arithmetic of counts and times that stays at its ends instead of wrapping: a damaged capture can
 * hold any number.
 */
#ifndef PAGETRAIL_BASE_SATURATE_H
#define PAGETRAIL_BASE_SATURATE_H

#include <stdint.h>

static inline uint64_t sat_plus(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static inline uint64_t sat_less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static inline uint64_t sat_times(uint64_t a, uint64_t b)
{
	uint64_t product;

	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

#endif
