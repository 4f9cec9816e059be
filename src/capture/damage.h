/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the account of what could not be read (struct capture_damage). */
#ifndef PAGETRAIL_CAPTURE_DAMAGE_H
#define PAGETRAIL_CAPTURE_DAMAGE_H

#include "capture/capture.h"

/* One place: `bytes` from `offset` on were skipped. `what` says what was expected, found, or both.
 */
void damage_add(struct capture_damage *damage, uint32_t cpu, uint64_t offset, uint64_t bytes,
		const char *what);

/* Adds one account to another. */
void damage_join(struct capture_damage *to, const struct capture_damage *from);

#endif
