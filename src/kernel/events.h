/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of the kernel that pagetrail understands, and what their fields are called in each
 * version. The only place that knows these names: the recorder enables events by them, the decoder
 * binds fields by them, and everything after the decoder knows only the kinds and the fields.
 *
 * A row says what an event *is*; where its bytes lie is read from the format of the capture, since
 * offsets and sizes move between versions (7.2 reorders the vmscan events; gfp flags grow from 4 to
 * 8 bytes between 5.10 and 6.1).
 */
#ifndef PAGETRAIL_KERNEL_EVENTS_H
#define PAGETRAIL_KERNEL_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Prefix of the group (system) of our own probe events; a recorder adds a suffix of its own. */
#define PROBE_GROUP_PREFIX "pagetrail_"

/* A probe that is set at several places has a suffix, "_1" up to this. */
#define PROBE_SITES_MAX 16

enum ev_kind {
	EV_UNKNOWN = 0,

	/* Made by the reader of a capture, not by the kernel. */
	EV_LOST, /* from here on records of this CPU are missing; FIELD_COUNT of them if known */
	EV_NOTE, /* a text marker (ftrace:print) */
	/* Groups (kernel/joints.h): records of one task with no other one of its CPU between them. */
	EV_SERVED,  /* whole allocations: the fast attempt got a page, in less than SERVED_NS_MAX */
	EV_ENTERED, /* a call, its fast attempt, which got none, and the entry into the slowpath */
	EV_LEFT,    /* an attempt of the slowpath that got a page, and the exit */
	EV_HANDED,  /* mm_page_alloc and the return, with a page */

	/* Our own probes. */
	EV_SLOW_ENTER,	  /* at the call into __alloc_pages_slowpath */
	EV_SLOW_EXIT,	  /* at the instruction after that call */
	EV_FAST_NULL,	  /* the fast attempt returned NULL: where the slowpath is inlined */
	EV_ATTEMPT_ENTER, /* get_page_from_freelist, entry */
	EV_ATTEMPT_EXIT,  /* get_page_from_freelist, return */
	EV_ALLOC_ENTER,	  /* the buddy entry function, entry */
	EV_ALLOC_EXIT,	  /* the buddy entry function, return */
	EV_DIRECT_COMPACT,
	EV_UNRESERVE_HIGHATOMIC, /* entry */
	EV_UNRESERVED,		 /* return */
	EV_DRAIN_ALL_PAGES,
	EV_OUT_OF_MEMORY,
	EV_WARN_ALLOC,

	/* Tracepoints. */
	EV_PAGE_ALLOC,
	EV_WAKEUP_KSWAPD,
	EV_KSWAPD_WAKE,
	EV_KSWAPD_SLEEP,
	EV_RECLAIM_BEGIN,
	EV_RECLAIM_END,
	EV_MEMCG_RECLAIM_BEGIN,
	EV_MEMCG_RECLAIM_END,
	EV_NODE_RECLAIM_BEGIN,
	EV_NODE_RECLAIM_END,
	EV_THROTTLED,
	EV_COMPACT_TRY, /* mm_compaction_try_to_compact_pages: a direct compaction starts */
	EV_COMPACT_BEGIN,
	EV_COMPACT_END,
	EV_KCOMPACTD_WAKE,
	EV_KCOMPACTD_SLEEP,
	EV_RECLAIM_RETRY_ZONE,
	EV_COMPACT_RETRY,
	EV_MARK_VICTIM,
	EV_SCHED_SWITCH,
	EV_SCHED_WAKEUP,
	EV_STACK, /* a call stack (ftrace:kernel_stack), of the event before it */

	NR_EV_KINDS
};

/* Of the fields of an event those that the analysis asks for: each costs time per record. */
enum ev_field {
	FIELD_GFP,
	FIELD_ORDER,
	FIELD_ALLOC_FLAGS,
	FIELD_MIGRATETYPE,
	FIELD_SP,      /* stack pointer at the probe */
	FIELD_CALL_SP, /* EV_ENTERED: at the call */
	FIELD_PAGE,    /* struct page *, 0 for none */
	FIELD_PFN,     /* all ones for none */
	FIELD_CALLER,  /* address that the probed function returns to */
	FIELD_NID,
	FIELD_ZONE, /* zone index, or a struct zone * where a probe takes one */
	FIELD_NR_RECLAIMED,
	FIELD_RESULT, /* compaction status, compaction feedback, or 0/1 */
	FIELD_USEC,   /* microseconds that a throttled task slept */
	FIELD_FORCE,
	FIELD_MEMCG,	  /* struct mem_cgroup * of an OOM control, 0 for none */
	FIELD_VICTIM,	  /* pid */
	FIELD_COUNT,	  /* records lost; EV_STACK: addresses; EV_SERVED: allocations */
	FIELD_UNTIL,	  /* ns: time stamp of the first record after a loss, all ones for none */
	FIELD_PREV_PID,	  /* the task that leaves the CPU, */
	FIELD_PREV_STATE, /* what it leaves it for: SCHED_SLEEPS, */
	FIELD_NEXT_PID,	  /* and the one that gets it */
	FIELD_WAKEE,	  /* pid of the task that may run again */
	FIELD_STACK,	  /* EV_STACK: its number, by who collects them (capture/stacks.h) */
	NR_EV_NUMBERS,
	FIELD_COMM = NR_EV_NUMBERS, /* the only string */
	NR_EV_FIELDS
};

/*
 * Bits of FIELD_PREV_STATE that a sleeping task has one of: TASK_REPORT and TASK_REPORT_IDLE. A task
 * that was preempted is TASK_REPORT_MAX, one bit above; one that gave way (cond_resched) is 0.
 * (__trace_sched_switch_state and the print format of sched_switch, 5.10 to 7.3.)
 */
#define SCHED_SLEEPS 0xff

#define EV_NAMES_MAX  2
#define EV_FIELDS_MAX 9

struct field_rule {
	enum ev_field field;
	const char *names[EV_NAMES_MAX]; /* names that the field has had, newest first */
};

struct event_rule {
	enum ev_kind kind;
	const char *system; /* NULL: our own probe group */
	const char *name;
	struct field_rule fields[EV_FIELDS_MAX]; /* ends at the first without a name */
};

/* All rows; *nr is set to their number. A kind may have several rows (names that changed). */
const struct event_rule *kernel_event_rules(size_t *nr);

/*
 * The row for an event of a capture, or NULL. A system that starts with PROBE_GROUP_PREFIX is our
 * own group, where a name may carry the suffix "_N" (one event per probed site).
 */
const struct event_rule *kernel_event_find(const char *system, const char *name);

/* Short name for tables and messages, e.g. "reclaim_begin". Never NULL. */
const char *kernel_event_name(enum ev_kind kind);

#endif
