// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Folded stacks for flame graphs: "frame;frame;frame nanoseconds", one line per distinct stack, sorted.
 * The frames are the task, who asked for the pages where call stacks were recorded, the path of the
 * episode and the stage; the value is the time in that stage.
 *
 * A call stack of a capture is a number until its end: so it is kept as one, and gets its names when
 * the summary has them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/saturate.h"
#include "base/vec.h"
#include "render/export_format.h"

/* What comes when so many are kept is summed up in one line. */
#define STACKS_MAX (1U << 16)
#define OTHERS	   "(stacks that were not kept)"

#define UNKNOWN_CALLERS	 "(unknown callers);"
#define UNKEPT_CALLERS	 "(callers that were not kept);"
#define UNKNOWN_FUNCTION "(unknown)"

#define CALLERS_NAMED UINT64_MAX /* no number: they are among the frames */

struct stack {
	char *frames;	     /* as in the file, but for the callers */
	size_t task_len;     /* of them: the callers belong behind it */
	uint64_t number;     /* of the call stack, or CALLERS_NAMED */
	const char *callers; /* in the end: its functions, a semicolon behind each */
	uint64_t ns;
};

struct folded {
	struct hash index;
	struct stack *stacks;
	size_t nr, cap;
	uint64_t others_ns;
	struct sink frames; /* of the stack at hand: a buffer without a file */
	char **callers;	    /* in the end: by number; NULL: not needed so far */
	size_t nr_callers;
};

static void begin(struct export *export)
{
	struct folded *folded = export->own;

	export->failed = hash_init(&folded->index, STACKS_MAX);
}

/* Odd, and far from 0: the slots of one text with several numbers lie apart. */
#define SLOT_STEP 0x9e3779b97f4a7c15ULL

/* --- the table ----------------------------------------------------------------------------- */

static int add_stack(struct folded *folded, uint64_t slot, const char *frames, uint64_t number,
		     uint64_t ns)
{
	struct stack stack = { .number = number, .callers = "", .ns = ns };

	if (vec_reserve((void **)&folded->stacks, &folded->cap, folded->nr + 1, sizeof(stack)))
		return -ENOMEM;
	stack.frames = strdup(frames);
	stack.task_len = strcspn(frames, ";") + 1;
	if (!stack.frames || hash_set(&folded->index, slot, (uint32_t)folded->nr)) {
		free(stack.frames);
		return -ENOMEM;
	}
	folded->stacks[folded->nr++] = stack;
	return 0;
}

/* Two stacks with one slot: the later one takes the next free slot. */
static int add_time(struct folded *folded, const char *frames, uint64_t number, uint64_t ns)
{
	uint64_t slot = hash_string(frames) + number * SLOT_STEP;
	uint32_t at;

	for (; hash_find(&folded->index, slot, &at); slot++) {
		if (folded->stacks[at].number != number ||
		    strcmp(folded->stacks[at].frames, frames))
			continue;
		folded->stacks[at].ns = sat_plus(folded->stacks[at].ns, ns);
		return 0;
	}
	if (folded->nr < STACKS_MAX)
		return add_stack(folded, slot, frames, number, ns);
	folded->others_ns = sat_plus(folded->others_ns, ns);
	return 0;
}

/* --- the frames ---------------------------------------------------------------------------- */

/* The outermost is the root. A module is part of the name. */
static void put_functions(struct sink *frames, const struct frame_list *list)
{
	size_t i;

	for (i = list->nr; i > 0; i--) {
		const char *function = list->rows[i - 1].function;

		sink_frame(frames, function ? function : UNKNOWN_FUNCTION);
		sink_byte(frames, ';');
	}
}

/* Those that a JSON summary lists have names. What is a number is returned; it gets them in the end. */
static uint64_t put_callers(struct sink *frames, const struct export_row *row)
{
	const struct frame_list *stack = row->view->stack;

	if (!stack || !stack->nr)
		return row->ep->stack;
	put_functions(frames, stack);
	return CALLERS_NAMED;
}

/* All frames but the last, which is the stage; the root first. */
static uint64_t put_frames(struct sink *frames, const struct export_row *row)
{
	uint64_t number;

	sink_frame(frames, row->view->comm ? row->view->comm : "(unknown task)");
	sink_byte(frames, ';');
	number = put_callers(frames, row);
	sink_frame(frames, row->view->path);
	sink_byte(frames, ';');
	return number;
}

/* The text of a listed episode of a summary may be longer than the room: its end is left out. */
static const char *text_of(struct sink *frames)
{
	if (frames->len == SINK_ROOM)
		frames->len--;
	frames->bytes[frames->len] = '\0';
	return frames->bytes;
}

static void put_episode(struct export *export, const struct export_row *row)
{
	struct folded *folded = export->own;
	struct sink *frames = &folded->frames;
	enum stage stage;
	uint64_t number;
	size_t len;

	frames->len = 0;
	number = put_frames(frames, row);
	len = frames->len;
	for (stage = 0; stage < NR_TIMED_STAGES && !export->failed; stage++) {
		if (!row->ep->visits[stage])
			continue;
		frames->len = len;
		sink_word(frames, stage_name(stage));
		export->failed =
			add_time(folded, text_of(frames), number, row->ep->stage_ns[stage]);
	}
}

/* --- the names of the callers --------------------------------------------------------------- */

/* NULL without memory. */
static const char *names_of(struct folded *folded, uint32_t number, const struct frame_list *list)
{
	char **at = &folded->callers[number];

	if (!*at) {
		folded->frames.len = 0;
		put_functions(&folded->frames, list);
		*at = strdup(text_of(&folded->frames));
	}
	return *at;
}

static int name_callers(struct folded *folded, struct stack *stack, const struct summary *summary)
{
	uint32_t number = (uint32_t)stack->number;
	struct stack_row row = summary_callers(summary, number);

	if (stack->number == CALLERS_NAMED)
		return 0;
	if (row.kind == KEY_KNOWN)
		stack->callers = names_of(folded, number, &row.frames);
	else
		stack->callers = row.kind == KEY_OTHER ? UNKEPT_CALLERS : UNKNOWN_CALLERS;
	return stack->callers ? 0 : -ENOMEM;
}

static int name_all(struct folded *folded, const struct summary *summary)
{
	size_t i;
	int ret = 0;

	if (!summary->callers.known)
		return 0;
	folded->callers = calloc(summary->callers.nr_stacks + 1, sizeof(*folded->callers));
	if (!folded->callers)
		return -ENOMEM;
	folded->nr_callers = summary->callers.nr_stacks;
	for (i = 0; i < folded->nr && !ret; i++)
		ret = name_callers(folded, &folded->stacks[i], summary);
	return ret;
}

/* --- the file ------------------------------------------------------------------------------ */

#define PARTS 3

/* A line, in parts: whole lines with all their callers would take too much memory. */
struct line {
	const char *parts[PARTS];
	size_t left[PARTS];
	unsigned int at;
};

static struct line line_of(const struct stack *stack)
{
	size_t len = strlen(stack->frames);
	size_t task_len = stack->task_len < len ? stack->task_len : len;

	return (struct line){
		.parts = { stack->frames, stack->callers, stack->frames + task_len },
		.left = { task_len, strlen(stack->callers), len - task_len },
	};
}

/* 0 at its end: no part holds one. */
static unsigned char next_byte(struct line *line)
{
	while (line->at < PARTS && !line->left[line->at])
		line->at++;
	if (line->at == PARTS)
		return 0;
	line->left[line->at]--;
	return (unsigned char)*line->parts[line->at]++;
}

static int compare_stacks(const void *a, const void *b)
{
	struct line x = line_of(a), y = line_of(b);
	unsigned char one, other;

	do {
		one = next_byte(&x);
		other = next_byte(&y);
	} while (one == other && one);
	return one - other;
}

static void put_line(struct sink *sink, const struct line *line, uint64_t ns)
{
	size_t i;

	for (i = 0; i < PARTS; i++)
		sink_bytes(sink, line->parts[i], line->left[i]);
	sink_byte(sink, ' ');
	sink_u64(sink, ns);
	sink_byte(sink, '\n');
}

/* Call stacks that differ only in where in a function a call lies have the same names. */
static void put_lines(struct sink *sink, const struct folded *folded)
{
	size_t i = 0;

	while (i < folded->nr) {
		const struct stack *first = &folded->stacks[i];
		struct line line = line_of(first);
		uint64_t ns = first->ns;

		while (++i < folded->nr && !compare_stacks(first, &folded->stacks[i]))
			ns = sat_plus(ns, folded->stacks[i].ns);
		put_line(sink, &line, ns);
	}
}

static void end(struct export *export, const struct summary *summary, const struct sight *sight)
{
	struct folded *folded = export->own;
	const struct stack others = { .frames = OTHERS, .callers = "" };
	const struct line line = line_of(&others);

	(void)sight;
	export->failed = name_all(folded, summary);
	if (export->failed)
		return;
	if (folded->nr)
		qsort(folded->stacks, folded->nr, sizeof(*folded->stacks), compare_stacks);
	put_lines(&export->sink, folded);
	if (folded->others_ns)
		put_line(&export->sink, &line, folded->others_ns);
}

static void release(void *own)
{
	struct folded *folded = own;
	size_t i;

	for (i = 0; i < folded->nr; i++)
		free(folded->stacks[i].frames);
	for (i = 0; i < folded->nr_callers; i++)
		free(folded->callers[i]);
	free(folded->callers);
	free(folded->stacks);
	hash_free(&folded->index);
}

const struct export_format export_folded = {
	.name = "folded",
	.own_size = sizeof(struct folded),
	.begin = begin,
	.episode = put_episode,
	.end = end,
	.free = release,
};
