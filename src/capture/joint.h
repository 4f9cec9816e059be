/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the groups of kernel/joints.h among the records of a CPU.
 *
 * In: the last records, as items of a slab. Out: whether they are such a group; then they are
 * joined. The first of a group bears the time of the last one, which is when it is told, and the
 * last one the first one's.
 */
#ifndef PAGETRAIL_CAPTURE_JOINT_H
#define PAGETRAIL_CAPTURE_JOINT_H

#include "capture/decode.h"
#include "capture/slab.h"
#include "kernel/joints.h"

/* Bit per enum joint: those whose events are in the capture, one of each kind, with all fields. */
uint32_t joint_all(const struct decoder *decoder);

/* Can a group end with an event of this kind? */
static inline bool joint_may_end(uint8_t kind)
{
	return (1ULL << EV_ALLOC_EXIT | 1ULL << EV_SLOW_ENTER | 1ULL << EV_SLOW_EXIT) >> kind & 1;
}

/* `kinds`: of the last eight items, a byte each, that of `last` lowest. Joins what is a group. */
void joint_find(const struct decoder *decoder, struct item *last, uint64_t kinds);

static inline bool joint_is(const struct item *item)
{
	return item->sort.what >= ITEM_JOINT;
}

static inline unsigned int joint_size(const struct item *first)
{
	return kernel_joints[first->sort.what - ITEM_JOINT].nr;
}

/* When the first record of a group was. */
static inline uint64_t joint_begin_ns(const struct item *first)
{
	return first[joint_size(first) - 1].ts;
}

/* Makes records of them again. */
void joint_part(struct item *first);

/* The event of a group, but for its CPU. */
void joint_decode(const struct decoder *decoder, const struct item *first, struct event *ev);

#endif
