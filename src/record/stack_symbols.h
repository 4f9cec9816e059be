/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The symbols that the call stacks of a recording need, so that it is self-contained without the
 * 200,000 of the whole kernel.
 *
 * In: the pages that were recorded, looked through once more when tracing is over, and
 * /proc/kallsyms. Out: its lines for the functions that the stacks lie in. Nothing is done, and
 * nothing allocated, while tracing runs.
 */
#ifndef PAGETRAIL_RECORD_STACK_SYMBOLS_H
#define PAGETRAIL_RECORD_STACK_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define STACK_ADDRESSES_MAX 65536

/* The record of ftrace:kernel_stack, from its format. */
struct stack_format {
	bool known;
	uint16_t id;
	uint32_t size_at;   /* an int: so many addresses there are */
	uint32_t caller_at; /* longs */
};

/* From the text of the format; false when that is not understood. */
bool stack_format_read(struct stack_format *format, const char *text);

struct stack_addresses {
	struct stack_format format;
	uint64_t *items; /* each once; room for one more than there may be */
	size_t nr;
	bool too_many;
	struct hash *index;
};

/* Room for STACK_ADDRESSES_MAX. 0 or -ENOMEM; the caller calls stack_addresses_close. */
int stack_addresses_open(struct stack_addresses *addresses, const struct stack_format *format);
void stack_addresses_close(struct stack_addresses *addresses);

/* Takes those of one page of the ring buffer, as this kernel writes it. */
void stack_addresses_take(struct stack_addresses *addresses, const uint8_t *page, size_t page_size);

/*
 * Lines "ADDRESS TYPE NAME[\tMODULE]" of the functions that the addresses lie in, out of the file
 * `kallsyms`; *text, of *len bytes, is the caller's to free. 0, or -errno with the sentence.
 */
int stack_symbols(const struct stack_addresses *addresses, const char *kallsyms, char **text,
		  size_t *len, struct err *err);

#endif
