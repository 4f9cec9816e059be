// SPDX-License-Identifier: GPL-2.0-or-later
/* In: stack pointers of interrupts. Out: whether another one is one. Knows no events. */
#include "sequence/stacks.h"

bool stacks_is_irq(const struct stacks *stacks, uint32_t cpu, uint64_t sp)
{
	uint64_t region = stack_region(sp);
	unsigned int i;

	if (cpu >= STACK_CPUS_MAX || !region)
		return false;
	for (i = 0; i < STACK_REGIONS_MAX; i++)
		if (stacks->irq[cpu][i] == region)
			return true;
	return false;
}

void stacks_learn(struct stacks *stacks, uint32_t cpu, uint64_t sp)
{
	unsigned int i;

	if (cpu >= STACK_CPUS_MAX || stacks_is_irq(stacks, cpu, sp))
		return;
	for (i = 0; i < STACK_REGIONS_MAX; i++)
		if (!stacks->irq[cpu][i]) {
			stacks->irq[cpu][i] = stack_region(sp);
			return;
		}
}
