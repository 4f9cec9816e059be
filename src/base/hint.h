/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hints to the compiler, for what happens to nearly every record. They change no result.
 *
 * ALL_INLINE: whatever the function calls becomes a part of it, so that nothing is passed, and what
 * is constant there is known. APART: but not this, which is long and mostly not needed.
 */
#ifndef PAGETRAIL_BASE_HINT_H
#define PAGETRAIL_BASE_HINT_H

#define ALL_INLINE __attribute__((flatten))
#define APART	   __attribute__((noinline))

#endif
