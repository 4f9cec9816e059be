/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the groups of kernel/joints.h among the records of a CPU, and tells each as one event.
 *
 * In: the items of a slab, none of which is changed. Out: events, at the time of the last record of
 * the group.
 */
#ifndef PAGETRAIL_CAPTURE_JOINT_H
#define PAGETRAIL_CAPTURE_JOINT_H

#include "capture/decode.h"
#include "capture/slab.h"
#include "kernel/joints.h"

/*
 * Looks up which groups can be told, those whose events are in the capture, one of each kind, with all
 * fields, and where in their records those lie.
 */
void joints_init(struct decoder *decoder);

/*
 * Fills *ev, but for its CPU, when `first` and those after it are a group. Returns how many they are,
 * 0 for none. After the last item there must be JOINT_EVENTS_MAX that are ITEM_ALONE.
 */
unsigned int joint_tell(const struct decoder *decoder, const struct item *first, struct event *ev);

static inline bool joint_is(const struct event *ev)
{
	return ev->kind >= EV_SERVED && ev->kind <= EV_HANDED;
}

/* How many items an event was made of that is a group: at most JOINT_RECORDS_MAX. */
static inline unsigned int joint_size(const struct event *ev)
{
	unsigned int nr = kernel_joints[ev->kind - EV_SERVED].nr;

	return ev->kind == EV_SERVED ? nr * (unsigned int)event_get(ev, FIELD_COUNT) : nr;
}

#endif
