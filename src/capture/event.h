/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The product of capture/: one event, as plain values. Nothing in it points into a capture but the
 * text of a note or of a call stack, which is valid until the next event is read.
 *
 * Events come in the order of time over all CPUs, a group (kernel/joints.h) at that of its last
 * record. Losses travel in the same stream: an EV_LOST says
 * that on `cpu` records are missing from ts_ns (0: since ever) to FIELD_UNTIL (UINT64_MAX: to the
 * end of the recording). It comes where the gap begins, so that all that happened meanwhile on other
 * CPUs comes after it.
 */
#ifndef PAGETRAIL_CAPTURE_EVENT_H
#define PAGETRAIL_CAPTURE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/events.h"
#include "kernel/symbols.h"

#define COMM_LEN 16 /* TASK_COMM_LEN, include/linux/sched.h: with its NUL */

/* common_flags: enum trace_flag_type, include/linux/trace_events.h (5.10: kernel/trace/trace.h). */
#define EVENT_HARDIRQ 0x08
#define EVENT_SOFTIRQ 0x10
#define EVENT_NMI     0x40

/*
 * Where the values of an event lie. No event has two fields of one place, which
 * tests/unit/test_kernel_events.c sees to.
 */
#define EVENT_VALUES 7

static const uint8_t event_places[NR_EV_NUMBERS] = {
	[FIELD_GFP] = 2,    [FIELD_ORDER] = 1,	      [FIELD_SP] = 0,
	[FIELD_NID] = 0,    [FIELD_NR_RECLAIMED] = 0, [FIELD_FORCE] = 0,
	[FIELD_MEMCG] = 0,  [FIELD_VICTIM] = 0,	      [FIELD_PREV_PID] = 0,
	[FIELD_WAKEE] = 0,  [FIELD_ALLOC_FLAGS] = 3,  [FIELD_PFN] = 3,
	[FIELD_ZONE] = 3,   [FIELD_USEC] = 3,	      [FIELD_PREV_STATE] = 3,
	[FIELD_CALLER] = 4, [FIELD_RESULT] = 4,	      [FIELD_NEXT_PID] = 4,
	[FIELD_UNTIL] = 4,  [FIELD_MIGRATETYPE] = 5,  [FIELD_COUNT] = 5,
	[FIELD_PAGE] = 6,   [FIELD_CALL_SP] = 6,      [FIELD_STACK] = 0,
};

/*
 * What most events need lies in the first half, a line of the cache, and the rest is left alone: events are
 * made on one core and used on another.
 */
#define EVENT_ALIGN 64

struct event {
	uint64_t ts_ns; /* on the clock of the capture */
	uint32_t cpu;
	int32_t pid;	     /* common_pid: the task that ran, also under an interrupt */
	uint8_t kind;	     /* enum ev_kind */
	uint8_t caller_role; /* enum fn_role: of the function that FIELD_CALLER lies in */
	uint8_t flags;	     /* common_flags */
	uint8_t part_flags;  /* of a group (kernel/joints.h): those of all but its last record, */
	uint32_t have;	     /* bit per enum ev_field: which values are there */
	uint64_t part_ns[2]; /* and the times of the first two */
	uint32_t origin;     /* the reader's own: which item of a slab it was made of */
	uint32_t text_len;
	uint64_t values[EVENT_VALUES]; /* see event_get; signed fields are sign-extended */
	char comm[COMM_LEN];	       /* with FIELD_COMM: NUL-terminated */
	/* Of EV_NOTE: the marker's text; of EV_STACK: the addresses, as in the file. No other has it. */
	const char *text;
};

_Static_assert(sizeof(struct event) <= 2 * EVENT_ALIGN, "an event is two lines");

static inline bool event_has_text(const struct event *ev)
{
	return ev->kind == EV_NOTE || ev->kind == EV_STACK;
}

static inline bool event_has(const struct event *ev, enum ev_field field)
{
	return ev->have & (1U << field);
}

/* The value, or 0 when the event has no such field. */
static inline uint64_t event_get(const struct event *ev, enum ev_field field)
{
	return event_has(ev, field) ? ev->values[event_places[field]] : 0;
}

static inline void event_set(struct event *ev, enum ev_field field, uint64_t value)
{
	ev->have |= 1U << field;
	ev->values[event_places[field]] = value;
}

#endif
