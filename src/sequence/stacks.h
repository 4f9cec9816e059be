/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interrupt stacks of the CPUs, learnt as they are seen. Private to sequence/.
 *
 * x86-64 and arm64 run hard and soft interrupts on a stack of their own, one a CPU. A task's stack is
 * STACK_BYTES long and so aligned (THREAD_SIZE, THREAD_ALIGN with VMAP_STACK, 5.10 to 7.3), so a
 * region of that size and alignment that holds a part of an interrupt stack holds none of a task's.
 * Where an interrupt stack is only page-aligned, it lies in two regions.
 */
#ifndef PAGETRAIL_SEQUENCE_STACKS_H
#define PAGETRAIL_SEQUENCE_STACKS_H

#include <stdbool.h>
#include <stdint.h>

#define STACK_BYTES	  0x4000
#define STACK_CPUS_MAX	  1024 /* of further CPUs nothing is learnt */
#define STACK_REGIONS_MAX 2

struct stacks {
	uint64_t irq[STACK_CPUS_MAX][STACK_REGIONS_MAX];
};

static inline uint64_t stack_region(uint64_t sp)
{
	return sp & ~(uint64_t)(STACK_BYTES - 1);
}

/* `sp` was seen in an interrupt of this CPU that did not run on a task's stack. */
void stacks_learn(struct stacks *stacks, uint32_t cpu, uint64_t sp);

bool stacks_is_irq(const struct stacks *stacks, uint32_t cpu, uint64_t sp);

#endif
