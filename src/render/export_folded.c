// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Folded stacks for flame graphs: "frame;frame;frame nanoseconds", one line per distinct stack, sorted.
 * The frames are the task, the path of the episode and the stage; the value is the time in that stage.
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

struct stack {
	char *frames; /* as in the file */
	uint64_t ns;
};

struct folded {
	struct hash index;
	struct stack *stacks;
	size_t nr, cap;
	uint64_t others_ns;
	struct sink frames; /* of the stack at hand: a buffer without a file */
};

static void begin(struct export *export)
{
	struct folded *folded = export->own;

	export->failed = hash_init(&folded->index, STACKS_MAX);
}

/* --- the table ----------------------------------------------------------------------------- */

static int add_stack(struct folded *folded, uint64_t slot, const char *frames, uint64_t ns)
{
	struct stack stack = { .ns = ns };

	if (vec_reserve((void **)&folded->stacks, &folded->cap, folded->nr + 1, sizeof(stack)))
		return -ENOMEM;
	stack.frames = strdup(frames);
	if (!stack.frames || hash_set(&folded->index, slot, (uint32_t)folded->nr)) {
		free(stack.frames);
		return -ENOMEM;
	}
	folded->stacks[folded->nr++] = stack;
	return 0;
}

/* Two stacks with one slot: the later one takes the next free slot. */
static int add_time(struct folded *folded, const char *frames, uint64_t ns)
{
	uint64_t slot = hash_string(frames);
	uint32_t at;

	for (; hash_find(&folded->index, slot, &at); slot++) {
		if (strcmp(folded->stacks[at].frames, frames))
			continue;
		folded->stacks[at].ns = sat_plus(folded->stacks[at].ns, ns);
		return 0;
	}
	if (folded->nr < STACKS_MAX)
		return add_stack(folded, slot, frames, ns);
	folded->others_ns = sat_plus(folded->others_ns, ns);
	return 0;
}

/* --- the frames ---------------------------------------------------------------------------- */

/*
 * All frames but the last, which is the stage; the root first. Where episodes have call stacks, theirs
 * belong here, between the task and the path, outermost caller first.
 */
static void put_callers(struct sink *frames, const struct export_row *row)
{
	sink_frame(frames, row->view->comm ? row->view->comm : "(unknown task)");
	sink_byte(frames, ';');
	sink_frame(frames, row->view->path);
	sink_byte(frames, ';');
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
	size_t callers;

	frames->len = 0;
	put_callers(frames, row);
	callers = frames->len;
	for (stage = 0; stage < NR_TIMED_STAGES && !export->failed; stage++) {
		if (!row->ep->visits[stage])
			continue;
		frames->len = callers;
		sink_word(frames, stage_name(stage));
		export->failed = add_time(folded, text_of(frames), row->ep->stage_ns[stage]);
	}
}

/* --- the file ------------------------------------------------------------------------------ */

static int compare_stacks(const void *a, const void *b)
{
	const struct stack *x = a, *y = b;

	return strcmp(x->frames, y->frames);
}

static void put_line(struct sink *sink, const char *frames, uint64_t ns)
{
	sink_word(sink, frames);
	sink_byte(sink, ' ');
	sink_u64(sink, ns);
	sink_byte(sink, '\n');
}

static void end(struct export *export, const struct summary *summary, const struct sight *sight)
{
	struct folded *folded = export->own;
	size_t i;

	(void)summary;
	(void)sight;
	if (folded->nr)
		qsort(folded->stacks, folded->nr, sizeof(*folded->stacks), compare_stacks);
	for (i = 0; i < folded->nr; i++)
		put_line(&export->sink, folded->stacks[i].frames, folded->stacks[i].ns);
	if (folded->others_ns)
		put_line(&export->sink, OTHERS, folded->others_ns);
}

static void release(void *own)
{
	struct folded *folded = own;
	size_t i;

	for (i = 0; i < folded->nr; i++)
		free(folded->stacks[i].frames);
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
