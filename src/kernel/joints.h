/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events that come together: what one allocation leaves when nothing out of the ordinary happens.
 * With the profile `full` nearly all records are of such groups, and a group that is told as one
 * event costs little more than one record. Each means exactly what its events mean one by one.
 *
 * Evidence: __alloc_pages_nodemask (5.10), __alloc_pages (6.1), __alloc_pages_noprof (6.12) and
 * __alloc_frozen_pages_noprof (7.3) in mm/page_alloc.c: the call; the fast attempt; if that got no
 * page the slowpath, whose first attempt mostly does; trace_mm_page_alloc; the return.
 */
#ifndef PAGETRAIL_KERNEL_JOINTS_H
#define PAGETRAIL_KERNEL_JOINTS_H

#include "kernel/events.h"

#define JOINT_EVENTS_MAX 5

enum joint { JOINT_SERVED, JOINT_ENTERED, JOINT_LEFT, JOINT_HANDED, NR_JOINTS };

struct joint_rule {
	uint8_t kind; /* enum ev_kind of the whole */
	uint8_t nr;
	uint8_t kinds[JOINT_EVENTS_MAX];
};

static const struct joint_rule kernel_joints[NR_JOINTS] = {
	[JOINT_SERVED] = { EV_SERVED,
			   5,
			   { EV_ALLOC_ENTER, EV_ATTEMPT_ENTER, EV_ATTEMPT_EXIT, EV_PAGE_ALLOC,
			     EV_ALLOC_EXIT } },
	[JOINT_ENTERED] = { EV_ENTERED,
			    4,
			    { EV_ALLOC_ENTER, EV_ATTEMPT_ENTER, EV_ATTEMPT_EXIT, EV_SLOW_ENTER } },
	[JOINT_LEFT] = { EV_LEFT, 3, { EV_ATTEMPT_ENTER, EV_ATTEMPT_EXIT, EV_SLOW_EXIT } },
	[JOINT_HANDED] = { EV_HANDED, 2, { EV_PAGE_ALLOC, EV_ALLOC_EXIT } },
};

/* What takes as long as this is told event by event, however it was served. */
#define SERVED_NS_MAX 1000000

/*
 * Allocations that were served one after the other, of one task, of one order and at one depth of its
 * stack, are told as one EV_SERVED: FIELD_COUNT of them.
 */
#define SERVED_RUN_MAX 16

/* Records of one event, at most. */
#define JOINT_RECORDS_MAX (SERVED_RUN_MAX * JOINT_EVENTS_MAX)

#endif
