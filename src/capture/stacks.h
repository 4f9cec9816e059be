/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The call stacks of a capture, each different one once: a third product of capture/.
 *
 * In: EV_STACK events, and in the end the symbols of the capture. Out: a number for each stack, and
 * in the end its calls by name. Bounded: at most STACKS_MAX stacks of STACKS_WORDS_MAX addresses in
 * all; addresses are kept until they have names, and no longer.
 */
#ifndef PAGETRAIL_CAPTURE_STACKS_H
#define PAGETRAIL_CAPTURE_STACKS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"

#define STACKS_MAX	 4096
#define STACKS_WORDS_MAX (STACKS_MAX * 64)
#define STACK_CALLS_MAX	 128 /* of a stack: those further out are left out */

/* Numbers that are none. */
#define STACK_NONE     0U
#define STACK_NOT_KEPT UINT32_MAX /* there was no room */

struct call {
	const char *name; /* "FUNCTION", or "FUNCTION [MODULE]"; NULL: not known */
	uint64_t offset;  /* of the return address in it, where the name is known */
};

/* Innermost first: from the entry function of the page allocator on. */
struct call_stack {
	const struct call *calls;
	uint32_t nr;  /* 0: which of its calls is the allocation's is not known */
	bool is_more; /* further out */
};

struct stacks;

struct stacks *stacks_new(const struct capture_info *info); /* NULL without memory */
void stacks_free(struct stacks *stacks);

/* The number of the stack of an EV_STACK: from 1, or STACK_NOT_KEPT; STACK_NONE for an empty one. */
uint32_t stacks_take(struct stacks *stacks, const struct event *ev);

/*
 * After the last event: gives the calls their names, by the lines of /proc/kallsyms (capture_symbols)
 * between the one and the other. 0 or -ENOMEM.
 */
int stacks_ask_names(struct stacks *stacks);
int stacks_take_symbol(void *stacks, const char *line); /* capture_symbol_fn */
int stacks_finish_names(struct stacks *stacks);

bool stacks_is_empty(const struct stacks *stacks);

/* Of a number that was given; borrowed. */
struct call_stack stacks_get(const struct stacks *stacks, uint32_t number);

#endif
