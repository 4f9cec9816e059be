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

void damage_join(struct capture_damage *to, const struct capture_damage *from)
{
	unsigned int i;

	to->nr += from->nr;
	to->bytes = sat_plus(to->bytes, from->bytes);
	to->nr_unknown_events += from->nr_unknown_events;
	to->nr_undecodable += from->nr_undecodable;
	for (i = 0; i < from->nr_kept && to->nr_kept < DAMAGE_KEPT; i++)
		to->kept[to->nr_kept++] = from->kept[i];
}
