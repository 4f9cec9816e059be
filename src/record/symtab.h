/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of the kernel itself (not of its modules), by name and by address.
 *
 * In: the text of /proc/kallsyms. Out: look-ups. Who calls symtab_init owns the table and calls
 * symtab_free. Where kptr_restrict hides the addresses, names can still be looked up.
 */
#ifndef PAGETRAIL_RECORD_SYMTAB_H
#define PAGETRAIL_RECORD_SYMTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbol {
	uint64_t addr; /* 0 while hidden */
	const char *name;
};

struct symtab {
	struct symbol *symbols; /* in the order of addresses */
	size_t nr;
	size_t cap;
	char *text; /* holds the names */
	bool hidden;
};

/* Takes over `text`, also when it fails. Returns 0, -ENOMEM, or -ENODATA without any function. */
int symtab_init(struct symtab *tab, char *text);
void symtab_free(struct symtab *tab);

/* NULL when there is none, or more than one (a kprobe on an ambiguous name is refused too). */
const struct symbol *symtab_find(const struct symtab *tab, const char *name);

/*
 * The function that the compiler made of `name`: itself, or its only clone ".constprop.N" or
 * ".isra.N", whose arguments may differ (*clone). A ".part.N" or ".cold" is only a piece of one.
 */
const struct symbol *symtab_find_clone(const struct symtab *tab, const char *name, bool *clone);

/* The function that an address lies in, or NULL. */
const struct symbol *symtab_at(const struct symtab *tab, uint64_t addr);

/* Address of the next symbol: the end of this function, its padding included. 0 if unknown. */
uint64_t symtab_end(const struct symtab *tab, const struct symbol *symbol);

#endif
