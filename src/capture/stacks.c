// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/note.h"
#include "base/resolve.h"
#include "capture/pages.h"
#include "capture/stacks.h"

struct stack {
	uint32_t at, nr; /* of words[]; later of calls[] */
	bool is_more;
};

struct stacks {
	bool big_endian, is_long_8;
	struct hash index; /* by a hash of the addresses */
	struct stack items[STACKS_MAX];
	uint32_t nr;
	uint32_t last; /* stacks come in runs */
	uint64_t *words;
	uint32_t nr_words;
	struct call *calls; /* a call per word */
	struct resolve names;
	bool nameless; /* the recorder says that it left no symbols for them */
};

struct stacks *stacks_new(const struct capture_info *info)
{
	struct stacks *stacks = calloc(1, sizeof(*stacks));

	if (!stacks)
		return NULL;
	stacks->big_endian = info->big_endian;
	stacks->is_long_8 = info->long_size == 8;
	return stacks;
}

void stacks_free(struct stacks *stacks)
{
	if (!stacks)
		return;
	hash_free(&stacks->index);
	resolve_free(&stacks->names);
	free(stacks->words);
	free(stacks->calls);
	free(stacks);
}

/* --- while events come --------------------------------------------------------------------- */

/* Most captures have none: room is made for the first one. */
static bool make_room(struct stacks *stacks)
{
	if (stacks->words)
		return true;
	if (hash_init(&stacks->index, STACKS_MAX))
		return false;
	stacks->words = calloc(STACKS_WORDS_MAX, sizeof(*stacks->words));
	return stacks->words;
}

static uint64_t word_at(const struct stacks *stacks, const struct event *ev, uint32_t i)
{
	const uint8_t *from = (const uint8_t *)ev->text;

	return stacks->is_long_8 ? load_u64(from + 8 * i, stacks->big_endian)
				 : load_u32(from + 4 * i, stacks->big_endian);
}

/* Older kernels close a stack with all ones, or with zero; none calls from there. */
static bool is_end(const struct stacks *stacks, uint64_t word)
{
	return !word || word == (stacks->is_long_8 ? UINT64_MAX : UINT32_MAX);
}

/* Its addresses, as numbers. Returns how many there are, at most STACK_CALLS_MAX. */
static uint32_t read_words(const struct stacks *stacks, const struct event *ev,
			   uint64_t words[STACK_CALLS_MAX], bool *is_more)
{
	uint32_t nr = ev->text_len / (stacks->is_long_8 ? 8 : 4), i;

	if (event_has(ev, FIELD_COUNT) && event_get(ev, FIELD_COUNT) < nr)
		nr = (uint32_t)event_get(ev, FIELD_COUNT);
	for (i = 0; i < nr && i < STACK_CALLS_MAX; i++) {
		words[i] = word_at(stacks, ev, i);
		if (is_end(stacks, words[i]))
			break;
	}
	*is_more = i == STACK_CALLS_MAX && nr > i && !is_end(stacks, word_at(stacks, ev, i));
	return i;
}

static uint64_t hash_words(const uint64_t *words, uint32_t nr)
{
	uint64_t sum = nr;

	while (nr--)
		sum = (sum ^ *words++) * 0x9e3779b97f4a7c15ULL;
	return sum ^ sum >> 32;
}

static bool is_stack(const struct stacks *stacks, uint32_t at, const uint64_t *words, uint32_t nr)
{
	const struct stack *stack = &stacks->items[at];

	return stack->nr == nr && !memcmp(stacks->words + stack->at, words, nr * sizeof(*words));
}

static uint32_t add(struct stacks *stacks, uint64_t slot, const uint64_t *words, uint32_t nr,
		    bool is_more)
{
	if (stacks->nr == STACKS_MAX || STACKS_WORDS_MAX - stacks->nr_words < nr ||
	    hash_set(&stacks->index, slot, stacks->nr))
		return STACK_NOT_KEPT;
	memcpy(stacks->words + stacks->nr_words, words, nr * sizeof(*words));
	stacks->items[stacks->nr] = (struct stack){ stacks->nr_words, nr, is_more };
	stacks->nr_words += nr;
	stacks->last = stacks->nr++;
	return stacks->nr;
}

uint32_t stacks_take(struct stacks *stacks, const struct event *ev)
{
	uint64_t words[STACK_CALLS_MAX], slot;
	uint32_t nr, at;
	bool is_more;

	nr = read_words(stacks, ev, words, &is_more);
	if (!nr)
		return STACK_NONE;
	if (stacks->nr && is_stack(stacks, stacks->last, words, nr))
		return stacks->last + 1;
	if (!make_room(stacks))
		return STACK_NOT_KEPT;
	/* Two stacks with one slot: the later one takes the next free slot. */
	for (slot = hash_words(words, nr); hash_find(&stacks->index, slot, &at); slot++)
		if (is_stack(stacks, at, words, nr)) {
			stacks->last = at;
			return at + 1;
		}
	return add(stacks, slot, words, nr, is_more);
}

/* --- names --------------------------------------------------------------------------------- */

/*
 * A return address lies behind its call, which can be the last instruction of its function: the byte
 * before it is in that function for sure.
 */
static uint64_t call_at(uint64_t word)
{
	return word - 1;
}

/* "FUNCTION [MODULE]" takes the place of the two in the table, once. 0 or -ENOMEM. */
static int join_name(struct resolved *item)
{
	char *name;

	if (!item->module)
		return 0;
	if (asprintf(&name, "%s [%s]", item->name, item->module) < 0)
		return -ENOMEM;
	free(item->name);
	free(item->module);
	item->name = name;
	item->module = NULL;
	return 0;
}

bool stacks_is_empty(const struct stacks *stacks)
{
	return !stacks->nr;
}

int stacks_ask_names(struct stacks *stacks)
{
	uint32_t i;

	for (i = 0; i < stacks->nr_words; i++)
		stacks->words[i] = call_at(stacks->words[i]);
	return resolve_init(&stacks->names, stacks->words, stacks->nr_words);
}

int stacks_take_symbol(void *data, const char *line)
{
	struct stacks *stacks = data;

	stacks->nameless |= strstr(line, " a " NO_STACK_SYMBOLS) != NULL;
	return resolve_line(&stacks->names, line);
}

static struct call make_call(const struct stacks *stacks, uint64_t word)
{
	const struct resolved *item = resolve_find(&stacks->names, word);

	if (!item || !item->name || stacks->nameless)
		return (struct call){ NULL, 0 };
	return (struct call){ item->name, word + 1 - item->start };
}

/*
 * How many calls are the probe's own: its handler, up to where the kernel came into that from the probed
 * function. Without such a place (others' recordings) they go up to the entry function of the
 * allocator; of those the innermost, since the allocation may be one within another.
 */
static uint32_t nr_inner(const struct call *calls, uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		if (calls[i].name && kernel_is_trampoline(calls[i].name))
			return i + 1;
		if (calls[i].name && kernel_fn_role(calls[i].name) == FN_ENTRY)
			return i;
	}
	return nr;
}

static void make_calls(struct stacks *stacks, struct stack *stack)
{
	struct call *calls = stacks->calls + stack->at;
	uint32_t i, inner;

	for (i = 0; i < stack->nr; i++)
		calls[i] = make_call(stacks, stacks->words[stack->at + i]);
	inner = nr_inner(calls, stack->nr);
	stack->at += inner;
	stack->nr -= inner;
	calls += inner;
	/* Before 5.16 a stack ends at the next return probe, whose trampoline hides who called. */
	if (stack->nr && calls[stack->nr - 1].name &&
	    kernel_is_trampoline(calls[stack->nr - 1].name)) {
		stack->nr--;
		stack->is_more = true;
	}
}

int stacks_finish_names(struct stacks *stacks)
{
	int ret = resolve_finish(&stacks->names);
	size_t i;

	for (i = 0; i < stacks->names.nr && !ret; i++)
		ret = join_name(&stacks->names.items[i]);
	stacks->calls = calloc(stacks->nr_words + 1, sizeof(*stacks->calls));
	if (ret || !stacks->calls)
		return -ENOMEM;
	for (i = 0; i < stacks->nr; i++)
		make_calls(stacks, &stacks->items[i]);
	return 0;
}

struct call_stack stacks_get(const struct stacks *stacks, uint32_t number)
{
	const struct stack *stack;

	if (!stacks->calls || !number || number > stacks->nr)
		return (struct call_stack){ NULL, 0, false };
	stack = &stacks->items[number - 1];
	return (struct call_stack){ stacks->calls + stack->at, stack->nr, stack->is_more };
}
