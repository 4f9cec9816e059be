/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The product of capture/: one event, as plain values. Nothing in it points into a capture but the
 * text of a note, which is valid until the next event is read.
 *
 * Events come in the order of time over all CPUs. Losses travel in the same stream: an EV_LOST says
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

struct event {
	uint64_t ts_ns;  /* on the clock of the capture */
	uint32_t cpu;
	int32_t pid;     /* common_pid: the task that ran, also under an interrupt */
	enum ev_kind kind;
	enum fn_role caller_role; /* of the function that FIELD_CALLER lies in */
	uint8_t flags;            /* common_flags */
	uint32_t have;            /* bit per enum ev_field: which values are there */
	uint64_t value[NR_EV_NUMBERS]; /* signed fields are sign-extended */
	char comm[COMM_LEN];      /* with FIELD_COMM: NUL-terminated */
	const char *text;         /* EV_NOTE: the marker's text */
	uint32_t text_len;
};

static inline bool event_has(const struct event *ev, enum ev_field field)
{
	return ev->have & (1U << field);
}

/* The value, or 0 when the event has no such field: value[] holds nothing sensible then. */
static inline uint64_t event_get(const struct event *ev, enum ev_field field)
{
	return event_has(ev, field) ? ev->value[field] : 0;
}

#endif
