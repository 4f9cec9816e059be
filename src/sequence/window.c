// SPDX-License-Identifier: GPL-2.0-or-later
/* Losses, which break what is open, and the notes that say what the capture is about. */
#include <string.h>

#include "base/note.h"
#include "sequence/machine.h"

/* Up to here every entry that was counted is known to lie inside the window. */
static void prove_open(struct seq *seq, uint64_t ts_ns)
{
	seq->counts.entries_sure = seq->counts.entries;
	seq->unsure = seq->dark_until >= ts_ns;
}

/* The note that closes the window may lie in this gap. */
static void doubt_open(struct seq *seq)
{
	if (!seq->unsure)
		seq->counts.entries_sure = seq->counts.entries;
	seq->unsure = true;
}

static uint32_t nr_whole(const struct context *ctx)
{
	uint32_t depth, nr = 0;

	for (depth = 0; depth < ctx->depth; depth++)
		nr += !ctx->frames[depth]->broken;
	return nr;
}

/*
 * What is missing may be the end of any open episode, and the entry of a later one whose end was
 * seen: the task can have moved to the CPU that lost records, and back. So what is open ends here,
 * and what begins before the gap is over stays without an end (push_frame).
 */
int on_lost(struct seq *seq, const struct event *ev)
{
	uint64_t until = event_get(ev, FIELD_UNTIL);
	struct context *ctx;

	requests_clear(&seq->requests);
	if (until > seq->dark_until)
		seq->dark_until = until;
	if (seq->window != WINDOW_AFTER)
		doubt_open(seq);
	while ((ctx = contexts_oldest(&seq->contexts))) {
		seq->counts.lost_breaks += nr_whole(ctx);
		frame_lose(context_top(ctx), ev->ts_ns);
		abandon(seq, ctx);
	}
	return 0;
}

static struct frame *top_of_oldest(struct seq *seq, struct context **ctx)
{
	*ctx = contexts_oldest(&seq->contexts);
	return context_top(*ctx);
}

void end_all(struct seq *seq, uint64_t ts_ns)
{
	struct context *ctx;
	struct frame *top;

	while ((top = top_of_oldest(seq, &ctx))) {
		bool unsure = seq->counts.basis != BASIS_SITE && frame_may_be_captured(top);

		end_top(seq, ctx, ts_ns, unsure ? OUTCOME_INCOMPLETE : OUTCOME_IN_FLIGHT,
			EDGE_UNKNOWN);
	}
}

/* The first note of ours: what came before it was the recorder starting. */
static void expect_window(struct seq *seq)
{
	struct seq_counts *counts = &seq->counts;
	struct seq_counts fresh = { .basis = counts->basis,
				    .entries_before = counts->entries,
				    .has_notes = true };
	uint32_t at, depth;

	*counts = fresh;
	seq->window = WINDOW_BEFORE;
	crowd_start(&seq->crowd, CROWD_NOT_YET);
	for (at = contexts_older(&seq->contexts, CONTEXT_NONE); at != CONTEXT_NONE;
	     at = contexts_older(&seq->contexts, at))
		for (depth = 0; depth < seq->contexts.slots[at].depth; depth++)
			seq->contexts.slots[at].frames[depth]->ep.in_window = false;
}

static void open_window(struct seq *seq, uint64_t ts_ns)
{
	seq->window = WINDOW_OPEN;
	seq->counts.first_ns = seq->counts.last_ns = ts_ns;
	crowd_start(&seq->crowd, ts_ns);
}

static void close_window(struct seq *seq, uint64_t ts_ns)
{
	end_all(seq, ts_ns);
	crowd_stop(&seq->crowd, ts_ns);
	if (seq->window != WINDOW_OPEN)
		seq->counts.first_ns = ts_ns;
	seq->window = WINDOW_AFTER;
	seq->counts.last_ns = ts_ns;
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

/*
 * The recorder writes ticks and notes of the start only while the window is open, and those of the end only
 * when it is closed again: so they tell where its edge lies when the note that marks it was lost.
 */
static void see_window(struct seq *seq, const char *key, uint64_t ts_ns)
{
	bool late_start = ends_with(key, ".start") || !strcmp(key, NOTE_TICK);
	bool late_stop = ends_with(key, ".stop") || !strcmp(key, NOTE_VERIFY_DISABLED) ||
			 !strcmp(key, NOTE_ARGUMENTS) || !strcmp(key, NOTE_EXIT);

	if (late_start && seq->window == WINDOW_BEFORE) {
		seq->counts.window_opened = !strcmp(key, NOTE_WINDOW_START);
		open_window(seq, ts_ns);
	} else if (late_stop && seq->window != WINDOW_AFTER) {
		seq->counts.window_closed = !strcmp(key, NOTE_WINDOW_STOP);
		close_window(seq, ts_ns);
	}
	if (seq->window == WINDOW_OPEN || !strcmp(key, NOTE_WINDOW_STOP))
		prove_open(seq, ts_ns);
}

int on_note(struct seq *seq, const struct event *ev)
{
	struct note_part part;

	if (!note_parse(ev->text, ev->text_len, &part))
		return 0;
	if (seq->window == WINDOW_ALL)
		expect_window(seq);
	if (!strcmp(part.key, NOTE_SYSCTL "start") && part.part == 1)
		exit_learn_sysctls(&seq->exits, part.payload, part.payload_len);
	else if (!strcmp(part.key, NOTE_VERIFY_ENABLING))
		seq->verifying = true;
	else if (!strcmp(part.key, NOTE_VERIFY_DISABLED))
		seq->verifying = false;
	see_window(seq, part.key, ev->ts_ns);
	return 0;
}
