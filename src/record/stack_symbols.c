// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/resolve.h"
#include "record/stack_symbols.h"

/* struct buffer_data_page and struct ring_buffer_event, kernel/trace/ring_buffer.c. */
#define PAGE_HEAD     (sizeof(uint64_t) + sizeof(long))
#define COMMIT_MASK   ((1U << 30) - 1) /* without RB_MISSED_EVENTS and RB_MISSED_STORED */
#define ENTRY_MIN     8		       /* its first word, and a word of what it holds */
#define TYPE_BITS     5
#define TYPE_MASK     ((1U << TYPE_BITS) - 1)
#define TYPE_DATA_MAX 28
#define TYPE_PADDING  29
#define COMMON_SIZE   8 /* struct trace_entry */

/* --- the format ---------------------------------------------------------------------------- */

static bool field_at(const char *text, const char *field, uint32_t *offset)
{
	const char *at = strstr(text, field);

	return at && sscanf(at + strlen(field), "%*[^;]; offset:%" SCNu32 ";", offset) == 1;
}

bool stack_format_read(struct stack_format *format, const char *text)
{
	const char *id = strstr(text, "\nID: ");

	*format = (struct stack_format){ 0 };
	format->known = id && sscanf(id, "\nID: %" SCNu16, &format->id) == 1 &&
			field_at(text, "field:int siz", &format->size_at) &&
			field_at(text, "field:unsigned long calle", &format->caller_at) &&
			format->size_at >= COMMON_SIZE && format->caller_at > format->size_at;
	return format->known;
}

/* --- addresses ----------------------------------------------------------------------------- */

int stack_addresses_open(struct stack_addresses *addresses, const struct stack_format *format)
{
	*addresses = (struct stack_addresses){ .format = *format };
	addresses->items = calloc(STACK_ADDRESSES_MAX + 1, sizeof(*addresses->items));
	addresses->index = calloc(1, sizeof(*addresses->index));
	if (addresses->items && addresses->index &&
	    !hash_init(addresses->index, STACK_ADDRESSES_MAX))
		return 0;
	stack_addresses_close(addresses);
	return -ENOMEM;
}

void stack_addresses_close(struct stack_addresses *addresses)
{
	if (addresses->index)
		hash_free(addresses->index);
	free(addresses->index);
	free(addresses->items);
	*addresses = (struct stack_addresses){ 0 };
}

static void take_address(struct stack_addresses *addresses, uint64_t address)
{
	uint32_t at;

	if (hash_find(addresses->index, address, &at))
		return;
	if (hash_set(addresses->index, address, (uint32_t)addresses->nr))
		addresses->too_many = true;
	else
		addresses->items[addresses->nr++] = address;
}

/*
 * A return address lies behind its call, which can be the last instruction of its function: so that of
 * the byte before it counts. What a reader makes of the address itself is named too.
 */
static void take_record(struct stack_addresses *addresses, const uint8_t *record, size_t len)
{
	const struct stack_format *format = &addresses->format;
	uint16_t id;
	int32_t size;
	size_t i, room;

	if (len < format->caller_at)
		return;
	memcpy(&id, record, sizeof(id));
	if (id != format->id)
		return;
	memcpy(&size, record + format->size_at, sizeof(size));
	room = (len - format->caller_at) / sizeof(long);
	for (i = 0; i < room && (int32_t)i < size; i++) {
		unsigned long address;

		memcpy(&address, record + format->caller_at + i * sizeof(address), sizeof(address));
		if (!address || address == ULONG_MAX)
			continue;
		take_address(addresses, address - 1);
		take_address(addresses, address);
	}
}

/* Bytes of an entry after its first word; 0 for one that ends the page. */
static size_t entry_len(uint32_t head, uint32_t word)
{
	uint32_t type = head & TYPE_MASK;

	if (type && type <= TYPE_DATA_MAX)
		return type * sizeof(uint32_t);
	if (!type || (type == TYPE_PADDING && head >> TYPE_BITS))
		return word;
	return type == TYPE_PADDING ? 0 : sizeof(word);
}

/* The fields of an entry's first word lie as on little-endian machines, which all of ours are. */
void stack_addresses_take(struct stack_addresses *addresses, const uint8_t *page, size_t page_size)
{
	size_t at = PAGE_HEAD, end, len;
	unsigned long commit;
	uint32_t head, word;

	memcpy(&commit, page + sizeof(uint64_t), sizeof(commit));
	end = PAGE_HEAD + (commit & COMMIT_MASK);
	if (end > page_size)
		return;
	for (; at + ENTRY_MIN <= end; at += sizeof(head) + len) {
		memcpy(&head, page + at, sizeof(head));
		memcpy(&word, page + at + sizeof(head), sizeof(word));
		len = entry_len(head, word);
		if (len < sizeof(word) || len > end - at - sizeof(head))
			return;
		if (!(head & TYPE_MASK))
			take_record(addresses, page + at + ENTRY_MIN, len - sizeof(word));
		else if ((head & TYPE_MASK) <= TYPE_DATA_MAX)
			take_record(addresses, page + at + sizeof(head), len);
	}
}

/* --- symbols ------------------------------------------------------------------------------- */

static int read_lines(struct resolve *resolve, FILE *in)
{
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	while (!ret && getline(&line, &size, in) > 0)
		ret = resolve_line(resolve, line);
	free(line);
	if (!ret && ferror(in))
		ret = -EIO;
	return ret ? ret : resolve_finish(resolve);
}

/* Neighbours lie in one function. */
static int print_lines(const struct resolve *resolve, char **text, size_t *len)
{
	FILE *out = open_memstream(text, len);
	const struct resolved *item;
	uint64_t last = 0;

	if (!out)
		return -ENOMEM;
	for (item = resolve->items; item < resolve->items + resolve->nr; item++) {
		if (!item->name || item->start == last)
			continue;
		last = item->start;
		fprintf(out, "%016" PRIx64 " t %s%s%s%s\n", item->start, item->name,
			item->module ? "\t[" : "", item->module ? item->module : "",
			item->module ? "]" : "");
	}
	return fclose(out) ? -ENOMEM : 0;
}

/*
 * The last of the list is asked for too: trace-cmd takes a symbol for a function only where another
 * one follows.
 */
static int resolve_all(const struct stack_addresses *addresses, FILE *in, char **text, size_t *len)
{
	struct resolve resolve;
	int ret;

	addresses->items[addresses->nr] = UINT64_MAX;
	ret = resolve_init(&resolve, addresses->items, addresses->nr + 1);

	if (ret)
		return ret;
	ret = read_lines(&resolve, in);
	if (!ret)
		ret = print_lines(&resolve, text, len);
	resolve_free(&resolve);
	return ret;
}

int stack_symbols(const struct stack_addresses *addresses, const char *kallsyms, char **text,
		  size_t *len, struct err *err)
{
	FILE *in;
	int ret;

	*text = NULL;
	if (addresses->too_many)
		return err_set(err, -E2BIG, "there are more than %d different addresses in them",
			       STACK_ADDRESSES_MAX);
	in = fopen(kallsyms, "re");
	ret = in ? resolve_all(addresses, in, text, len) : -errno;
	if (in)
		fclose(in);
	return ret ? err_set(err, ret, "%s cannot be read (%s)", kallsyms, strerror(-ret)) : 0;
}
