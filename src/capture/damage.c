// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "base/saturate.h"
#include "capture/damage.h"

void damage_add(struct capture_damage *damage, uint32_t cpu, uint64_t offset, uint64_t bytes,
		const char *what)
{
	damage->nr++;
	damage->bytes = sat_plus(damage->bytes, bytes);
	if (damage->nr_kept == DAMAGE_KEPT)
		return;
	damage->kept[damage->nr_kept].cpu = cpu;
	damage->kept[damage->nr_kept].offset = offset;
	snprintf(damage->kept[damage->nr_kept].what, sizeof(damage->kept[0].what), "%s", what);
	damage->nr_kept++;
}
