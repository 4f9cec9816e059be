// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/vec.h"

#define VEC_FIRST 16

int vec_reserve(void **items, size_t *cap, size_t need, size_t size)
{
	size_t next = *cap ? *cap : VEC_FIRST;
	void *grown;

	if (need <= *cap)
		return 0;
	while (next < need) {
		if (next > SIZE_MAX / 2)
			return -ENOMEM;
		next *= 2;
	}
	grown = reallocarray(*items, next, size);
	if (!grown)
		return -ENOMEM;
	*items = grown;
	*cap = next;
	return 0;
}
