/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of the page allocator in the capture's own symbols: which address lies in which.
 *
 * In: the text of /proc/kallsyms as the capture has it, whole or only a few lines, in any order.
 * Out: the role (kernel/symbols.h) of the function that an address lies in.
 */
#ifndef PAGETRAIL_CAPTURE_CALLERS_H
#define PAGETRAIL_CAPTURE_CALLERS_H

#include <stddef.h>
#include <stdint.h>

#include "capture/cursor.h"
#include "kernel/symbols.h"

#define CALLERS_MAX 64

struct callers {
	size_t nr;
	struct caller {
		uint64_t start, end; /* addresses: [start, end) */
		enum fn_role role;
	} functions[CALLERS_MAX];
};

/* 0, or -errno with the sentence. The struct needs no freeing. */
int callers_read(struct callers *callers, struct cursor *text);

static inline enum fn_role callers_role(const struct callers *callers, uint64_t address)
{
	size_t i;

	for (i = 0; i < callers->nr; i++)
		if (address - callers->functions[i].start <
		    callers->functions[i].end - callers->functions[i].start)
			return callers->functions[i].role;
	return FN_OTHER;
}

#endif
