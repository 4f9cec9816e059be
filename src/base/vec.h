/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Growth of a plain array, with the arithmetic checked. The caller owns and frees the array. */
#ifndef PAGETRAIL_BASE_VEC_H
#define PAGETRAIL_BASE_VEC_H

#include <stddef.h>

/*
 * Makes room for at least `need` items of `size` bytes in *items, whose capacity is *cap items.
 * Doubles, so that appending stays linear. Returns 0, or -ENOMEM with the array as it was.
 */
int vec_reserve(void **items, size_t *cap, size_t need, size_t size);

#endif
