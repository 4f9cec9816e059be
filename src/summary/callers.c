// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "summary/callers.h"
#include "summary/text.h"

/* After the outermost call that is kept, where there are more. */
#define MORE "..."

/* --- one stack ----------------------------------------------------------------------------- */

static struct call_stack stack_of(const struct summary_input *input, uint64_t number)
{
	if (!input->stacks || number > UINT32_MAX)
		return (struct call_stack){ NULL, 0, false };
	return stacks_get(input->stacks, (uint32_t)number);
}

static int add_frame(struct frame_list *frames, struct text_list *texts, const char *name,
		     struct known offset)
{
	struct frame_row *row = &frames->rows[frames->nr++];

	row->offset = offset;
	row->function = name ? texts_keep(texts, span_of(name)) : NULL;
	return name && !row->function ? -ENOMEM : 0;
}

int callers_frames(struct frame_list *frames, struct text_list *texts,
		   const struct summary_input *input, uint32_t stack)
{
	struct call_stack from = stack_of(input, stack);
	uint32_t i;
	int ret = 0;

	*frames = (struct frame_list){ .known = from.nr };
	if (!from.nr)
		return 0;
	frames->rows = calloc(from.nr + 1, sizeof(*frames->rows));
	if (!frames->rows)
		return -ENOMEM;
	for (i = 0; i < from.nr && !ret; i++) {
		const struct call *call = &from.calls[i];

		ret = add_frame(frames, texts, call->name,
				(struct known){ call->name, call->offset });
	}
	if (!ret && from.is_more)
		ret = add_frame(frames, texts, MORE, (struct known){ false, 0 });
	return ret;
}

/* --- many ---------------------------------------------------------------------------------- */

/* All its names: equal for stacks of one row. A name holds no newline, as it was in a line. */
static char *key_of(const struct call_stack *stack)
{
	char *key = NULL;
	size_t size;
	FILE *out = open_memstream(&key, &size);
	uint32_t i;

	if (!out)
		return NULL;
	for (i = 0; i < stack->nr; i++)
		fprintf(out, "%s\n", stack->calls[i].name ? stack->calls[i].name : "");
	if (stack->is_more)
		fputs(MORE, out);
	if (!fclose(out))
		return key;
	free(key);
	return NULL;
}

struct merging {
	struct table rows; /* by names; the number is 0 */
	uint64_t *stacks;  /* per row: one of those it was made of */
	struct summary *summary;
	struct caller_table *out; /* of the summary */
	uint64_t nameless;	  /* episodes */
};

static int join(struct tally *to, const struct tally *from)
{
	const struct lot lot = { .nr = from->hist.count, .many = &from->hist };

	return lot.nr ? tally_add(to, lot, from->basis) : 0;
}

static int merge_row(struct merging *merging, const struct table_row *row,
		     const struct summary_input *input)
{
	struct call_stack stack = stack_of(input, row->number);
	struct tally *tally = &merging->rows.unknown;
	size_t nr = merging->rows.nr;
	char *key;

	merging->nameless += stack.nr ? 0 : row->tally.hist.count;
	if (stack.nr) {
		key = key_of(&stack);
		tally = key ? table_find(&merging->rows, 0, key) : NULL;
		free(key);
	}
	if (!tally)
		return -ENOMEM;
	if (merging->rows.nr > nr)
		merging->stacks[nr] = row->number;
	return join(tally, &row->tally);
}

/* Where the calls of a row's stacks lie differently, no offset is that of the row. */
static void doubt_offsets(struct frame_list *frames, const struct call_stack *stack)
{
	size_t i;

	for (i = 0; i < frames->nr && i < stack->nr; i++)
		if (frames->rows[i].offset.value != stack->calls[i].offset)
			frames->rows[i].offset.known = false;
}

static int compare_rows(const void *a, const void *b)
{
	const struct caller_row *x = a, *y = b;
	uint64_t i;
	int order = (y->times.count > x->times.count) - (y->times.count < x->times.count);

	for (i = 0; !order && i < x->frames.nr && i < y->frames.nr; i++) {
		const char *one = x->frames.rows[i].function, *other = y->frames.rows[i].function;

		order = strcmp(one ? one : "", other ? other : "");
	}
	return order ? order : (x->frames.nr > y->frames.nr) - (x->frames.nr < y->frames.nr);
}

static void add_rest(struct merging *merging, const struct tally *tally, enum key_kind kind)
{
	struct caller_table *out = merging->out;

	if (tally->hist.count)
		out->rows[out->nr++] = (struct caller_row){
			.kind = kind,
			.times = tally_times(tally, merging->summary),
		};
}

static int fill_rows(struct merging *merging, struct text_list *texts,
		     const struct summary_input *input)
{
	struct caller_table *out = merging->out;
	size_t i;
	int ret = 0;

	for (i = 0; i < merging->rows.nr && !ret; i++) {
		struct caller_row *row = &out->rows[out->nr++];

		row->times = tally_times(&merging->rows.rows[i].tally, merging->summary);
		ret = callers_frames(&row->frames, texts, input, (uint32_t)merging->stacks[i]);
	}
	return ret;
}

static void note_row(struct caller_table *out, uint64_t number, struct stack_row row)
{
	if (number < out->nr_stacks)
		out->stacks[number] = row;
}

/* The row that a stack went to has its names; which one that is, the table knows. */
static int settle_stack(struct merging *merging, uint64_t number, const struct call_stack *stack)
{
	struct stack_row row = { .kind = KEY_UNKNOWN };
	char *key = stack->nr ? key_of(stack) : NULL;

	if (stack->nr && !key)
		return -ENOMEM;
	if (key && table_find(&merging->rows, 0, key)) {
		row.kind = KEY_KNOWN;
		row.frames = merging->out->rows[merging->rows.last].frames;
		doubt_offsets(&row.frames, stack);
	}
	note_row(merging->out, number, row);
	free(key);
	return 0;
}

static int settle_all(struct merging *merging, const struct table *stacks,
		      const struct summary_input *input)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < stacks->nr && !ret; i++) {
		struct call_stack stack = stack_of(input, stacks->rows[i].number);

		ret = settle_stack(merging, stacks->rows[i].number, &stack);
	}
	return ret;
}

static int merge(struct merging *merging, struct table *stacks, struct text_list *texts,
		 const struct summary_input *input)
{
	struct caller_table *out = merging->out;
	size_t i;
	int ret = join(&merging->rows.unknown, &stacks->unknown);

	for (i = 0; i < stacks->nr && !ret; i++)
		ret = merge_row(merging, &stacks->rows[i], input);
	if (!ret)
		ret = fill_rows(merging, texts, input);
	if (!ret)
		ret = settle_all(merging, stacks, input);
	if (ret)
		return ret;
	qsort(out->rows, out->nr, sizeof(*out->rows), compare_rows);
	add_rest(merging, &merging->rows.unknown, KEY_UNKNOWN);
	add_rest(merging, &stacks->other, KEY_OTHER);
	return 0;
}

/* The recorder asked for them, or somebody did. */
static bool were_recorded(const struct summary_input *input)
{
	return input->counts->stacks || input->counts->stacks_alone ||
	       (input->plan && strstr(input->plan, "/trigger stacktrace"));
}

static int note_nameless(struct summary *summary, uint64_t nr)
{
	char why[160];

	if (!nr)
		return 0;
	snprintf(why, sizeof(why),
		 "those of %" PRIu64 " episodes do not show who asked: there are no symbols for "
		 "them, or they end at a return probe",
		 nr);
	return pair_list_add(&summary->limits.not_probed, &summary->texts, span_of("call stacks"),
			     span_of(why));
}

/* Those that the table has no row for are among its others. */
static int init_stacks(struct caller_table *out)
{
	out->stacks = calloc(STACKS_MAX + 1, sizeof(*out->stacks));
	if (!out->stacks)
		return -ENOMEM;
	while (out->nr_stacks <= STACKS_MAX)
		out->stacks[out->nr_stacks++].kind = KEY_OTHER;
	return 0;
}

struct stack_row summary_callers(const struct summary *summary, uint32_t stack)
{
	if (stack == STACK_NONE)
		return (struct stack_row){ .kind = KEY_UNKNOWN };
	if (stack < summary->callers.nr_stacks)
		return summary->callers.stacks[stack];
	return (struct stack_row){ .kind = KEY_OTHER };
}

int callers_fill(struct summary *summary, struct table *stacks, const struct summary_input *input)
{
	struct merging merging = { .summary = summary, .out = &summary->callers };
	int ret;

	summary->callers.known = were_recorded(input);
	summary->limits.stacks_alone =
		(struct known){ summary->callers.known, input->counts->stacks_alone };
	if (!summary->callers.known)
		return 0;
	ret = table_init(&merging.rows, stacks->max);
	if (!ret)
		ret = init_stacks(&summary->callers);
	merging.stacks = calloc(stacks->nr + 1, sizeof(*merging.stacks));
	summary->callers.rows = calloc(stacks->nr + 2, sizeof(*summary->callers.rows));
	if (!ret && (!merging.stacks || !summary->callers.rows))
		ret = -ENOMEM;
	if (!ret)
		ret = merge(&merging, stacks, &summary->texts, input);
	if (!ret)
		ret = note_nameless(summary, merging.nameless);
	table_free(&merging.rows);
	free(merging.stacks);
	return ret;
}

void callers_free(struct caller_table *callers)
{
	size_t i;

	for (i = 0; i < callers->nr; i++)
		free(callers->rows[i].frames.rows);
	free(callers->rows);
	free(callers->stacks);
	*callers = (struct caller_table){ 0 };
}
