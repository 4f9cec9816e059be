// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/resolve.h"

static int by_address(const void *a, const void *b)
{
	const struct resolved *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

int resolve_init(struct resolve *resolve, const uint64_t *addresses, size_t nr)
{
	size_t i;

	*resolve = (struct resolve){ .items = calloc(nr + 1, sizeof(*resolve->items)) };
	if (!resolve->items)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		resolve->items[i] = (struct resolved){ .addr = addresses[i] };
	qsort(resolve->items, nr, sizeof(*resolve->items), by_address);
	for (i = 0; i < nr; i++)
		if (!resolve->nr || resolve->items[resolve->nr - 1].addr != resolve->items[i].addr)
			resolve->items[resolve->nr++] = resolve->items[i];
	return 0;
}

void resolve_free(struct resolve *resolve)
{
	size_t i;

	for (i = 0; i < resolve->nr; i++) {
		free(resolve->items[i].name);
		free(resolve->items[i].module);
	}
	free(resolve->items);
	*resolve = (struct resolve){ 0 };
}

/* The first item at or above an address; resolve->nr when there is none. */
static size_t first_from(const struct resolve *resolve, uint64_t address)
{
	size_t low = 0, high = resolve->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (resolve->items[mid].addr < address)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* "NAME", or "NAME\t[MODULE]". */
static int set_name(struct resolved *item, const char *text)
{
	size_t len = strcspn(text, " \t\r\n");
	const char *rest = text + len + strspn(text + len, " \t");
	char *name = strndup(text, len), *module = NULL;

	if (name && *rest == '[') {
		module = strndup(rest + 1, strcspn(rest + 1, "]\r\n"));
		if (!module) {
			free(name);
			name = NULL;
		}
	}
	if (!name)
		return -ENOMEM;
	free(item->name);
	free(item->module);
	item->name = name;
	item->module = module;
	return 0;
}

int resolve_line(struct resolve *resolve, const char *line)
{
	char *end;
	uint64_t address = strtoull(line, &end, 16);
	struct resolved *item;
	size_t at;

	if (end == line || !address || end[0] != ' ' || !end[1] || !strchr("tTwW", end[1]) ||
	    end[2] != ' ' || strchr(" \t\r\n", end[3]))
		return 0;
	at = first_from(resolve, address);
	item = &resolve->items[at];
	/* Of several at one address the first one. */
	if (at == resolve->nr || (item->name && address <= item->start))
		return 0;
	item->start = address;
	return set_name(item, end + 3);
}

/* So far an item knows only what begins between it and the one before. */
int resolve_finish(struct resolve *resolve)
{
	struct resolved *item, *end = resolve->items + resolve->nr;

	for (item = resolve->items + 1; item < end; item++) {
		const struct resolved *before = item - 1;

		if (item->name || !before->name)
			continue;
		item->start = before->start;
		item->name = strdup(before->name);
		item->module = before->module ? strdup(before->module) : NULL;
		if (!item->name || (before->module && !item->module))
			return -ENOMEM;
	}
	return 0;
}

const struct resolved *resolve_find(const struct resolve *resolve, uint64_t address)
{
	size_t at = first_from(resolve, address);

	return at < resolve->nr && resolve->items[at].addr == address ? &resolve->items[at] : NULL;
}
