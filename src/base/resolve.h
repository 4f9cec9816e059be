/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which functions a few addresses lie in, by a long list of symbols that is seen once and not kept.
 *
 * In: the addresses, then the lines of /proc/kallsyms, or of a part of it, in any order. Out: for
 * each address the last function that begins at or before it.
 * Memory: a name per address at most, and its module's. Who calls resolve_init owns the struct and calls resolve_free.
 */
#ifndef PAGETRAIL_BASE_RESOLVE_H
#define PAGETRAIL_BASE_RESOLVE_H

#include <stddef.h>
#include <stdint.h>

struct resolved {
	uint64_t addr;
	uint64_t start; /* of the function */
	char *name;	/* its own; NULL: none is known */
	char *module;	/* NULL: the kernel itself */
};

struct resolve {
	struct resolved *items; /* in the order of their addresses, each once */
	size_t nr;
};

/* Takes a copy of the addresses, in any order, doubles among them. 0 or -ENOMEM. */
int resolve_init(struct resolve *resolve, const uint64_t *addresses, size_t nr);
void resolve_free(struct resolve *resolve);

/*
 * A line "ADDRESS TYPE NAME", with "\t[MODULE]" after it for what is not the kernel's own. What is
 * not of that form, or no function, is left out. 0 or -ENOMEM.
 */
int resolve_line(struct resolve *resolve, const char *line);

/* After the last line. 0 or -ENOMEM. */
int resolve_finish(struct resolve *resolve);

/* NULL when it was not among the addresses. */
const struct resolved *resolve_find(const struct resolve *resolve, uint64_t address);

#endif
