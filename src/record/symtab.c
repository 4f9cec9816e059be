// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "record/symtab.h"

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

/* "ADDRESS TYPE NAME", with "\t[MODULE]" after the name for what is not the kernel's own. */
static int take_line(struct symtab *tab, char *line)
{
	char *end;
	uint64_t addr = strtoull(line, &end, 16);

	if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ')
		return 0;
	if (!strchr("tTwW", end[1]) || strchr(end + 3, '\t'))
		return 0;
	if (vec_reserve((void **)&tab->symbols, &tab->cap, tab->nr + 1, sizeof(*tab->symbols)))
		return -ENOMEM;
	tab->symbols[tab->nr++] = (struct symbol){ addr, end + 3 };
	return 0;
}

int symtab_init(struct symtab *tab, char *text)
{
	char *save = NULL;
	char *line;

	*tab = (struct symtab){ .text = text };
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (take_line(tab, line))
			return -ENOMEM;
	if (!tab->nr)
		return -ENODATA;
	qsort(tab->symbols, tab->nr, sizeof(*tab->symbols), by_address);
	tab->hidden = !tab->symbols[tab->nr - 1].addr;
	return 0;
}

void symtab_free(struct symtab *tab)
{
	free(tab->symbols);
	free(tab->text);
	*tab = (struct symtab){ 0 };
}

typedef bool (*match_fn)(const char *symbol, const char *name);

static bool same(const char *symbol, const char *name)
{
	return !strcmp(symbol, name);
}

static bool is_clone(const char *symbol, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(symbol, name, len))
		return false;
	symbol += len;
	if (strncmp(symbol, ".constprop.", 11) && strncmp(symbol, ".isra.", 6))
		return false;
	return !strstr(symbol, ".cold") && !strstr(symbol, ".part.");
}

static const struct symbol *find_only(const struct symtab *tab, const char *name, match_fn match)
{
	const struct symbol *found = NULL;
	size_t i;

	for (i = 0; i < tab->nr; i++) {
		if (!match(tab->symbols[i].name, name))
			continue;
		if (found)
			return NULL;
		found = &tab->symbols[i];
	}
	return found;
}

const struct symbol *symtab_find(const struct symtab *tab, const char *name)
{
	return find_only(tab, name, same);
}

const struct symbol *symtab_find_clone(const struct symtab *tab, const char *name, bool *clone)
{
	const struct symbol *found = find_only(tab, name, same);

	*clone = !found;
	return found ? found : find_only(tab, name, is_clone);
}

/* Index of the first symbol above an address. */
static size_t first_above(const struct symtab *tab, uint64_t addr)
{
	size_t low = 0, high = tab->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (tab->symbols[mid].addr > addr)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

const struct symbol *symtab_at(const struct symtab *tab, uint64_t addr)
{
	size_t above = first_above(tab, addr);

	return above && !tab->hidden ? &tab->symbols[above - 1] : NULL;
}

uint64_t symtab_end(const struct symtab *tab, const struct symbol *symbol)
{
	size_t above = first_above(tab, symbol->addr);

	return above < tab->nr ? tab->symbols[above].addr : 0;
}
