/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * __alloc_pages_slowpath() as an automaton: the rules by which an episode gets from one of its
 * points to another. Private to exit.c.
 */
#ifndef PAGETRAIL_SEQUENCE_EXIT_RULES_H
#define PAGETRAIL_SEQUENCE_EXIT_RULES_H

#include <stddef.h>

#include "kernel/alloc_flags.h"
#include "sequence/exit.h"

/* Whom a condition is asked about. */
struct asked {
	const struct exit_view *view;
	const struct frame *frame;
	const struct went *went; /* how it got to the point that the rule starts from */
};

enum adds {
	ADDS_NOTHING,
	ADDS_RETRY, /* a round begins anew, */
	ADDS_WAIT,  /* after waiting for oom_lock */
};

struct rule {
	uint8_t from; /* enum point */
	uint8_t see;  /* enum sight; SEE_NOTHING: unseen in every capture */
	uint8_t to;   /* enum point, or END(enum exit_reason) */
	uint8_t adds;
	bool (*when)(const struct asked *ask); /* NULL: always */
};

#define END(reason) (NR_POINTS + (reason))

/* Those that start from a point: *nr of them, one after the other. */
const struct rule *exit_rules(enum point from, size_t *nr);

/* Can the request lack all of these flags; can it have one of them? Both where it is not known. */
bool exit_may_lack(const struct asked *ask, uint64_t gfp);
bool exit_may_have(const struct asked *ask, uint64_t gfp);

#endif
