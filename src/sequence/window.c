// SPDX-License-Identifier: GPL-2.0-or-later
/* Losses, which break what is open, and the notes that say what the capture is about. */
#include <string.h>

#include "base/note.h"
#include "sequence/machine.h"

/* Does a gap that ends at this event reach into the window? It is told only at its end. */
static bool gap_touches_window(const struct seq *seq, const struct event *ev)
{
	if (seq->window == WINDOW_AFTER)
		return event_get(ev, FIELD_SINCE) < seq->counts.last_ns;
	return counting(seq);
}

static void count_loss(struct seq_counts *counts, const struct event *ev)
{
	counts->losses++;
	if (event_has(ev, FIELD_COUNT))
		counts->lost_records += event_get(ev, FIELD_COUNT);
	else
		counts->lost_unknown = true;
}

/*
 * What was lost may have been the end of any open episode: a task can have moved to the CPU that
 * lost records. None is paired across the gap.
 */
int on_lost(struct seq *seq, const struct event *ev)
{
	struct context *ctx;

	if (gap_touches_window(seq, ev))
		count_loss(&seq->counts, ev);
	while ((ctx = contexts_oldest(&seq->contexts))) {
		seq->counts.lost_breaks += ctx->depth;
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
	for (at = seq->contexts.newest; at != CONTEXT_NONE; at = seq->contexts.slots[at].older)
		for (depth = 0; depth < seq->contexts.slots[at].depth; depth++)
			seq->contexts.slots[at].frames[depth]->ep.in_window = false;
}

static void open_window(struct seq *seq, uint64_t ts_ns)
{
	seq->window = WINDOW_OPEN;
	seq->counts.window_opened = true;
	seq->counts.first_ns = seq->counts.last_ns = ts_ns;
	crowd_start(&seq->crowd, ts_ns);
}

static void close_window(struct seq *seq, uint64_t ts_ns)
{
	end_all(seq, ts_ns);
	crowd_stop(&seq->crowd, ts_ns);
	seq->window = WINDOW_AFTER;
	seq->counts.window_closed = true;
	seq->counts.last_ns = ts_ns;
}

int on_note(struct seq *seq, const struct event *ev)
{
	struct note_part part;

	if (!note_parse(ev->text, ev->text_len, &part))
		return 0;
	if (seq->window == WINDOW_ALL)
		expect_window(seq);
	if (!strcmp(part.key, NOTE_WINDOW_START) && seq->window == WINDOW_BEFORE)
		open_window(seq, ev->ts_ns);
	else if (!strcmp(part.key, NOTE_WINDOW_STOP) && seq->window == WINDOW_OPEN)
		close_window(seq, ev->ts_ns);
	else if (!strcmp(part.key, NOTE_VERIFY_ENABLING))
		seq->verifying = true;
	else if (!strcmp(part.key, NOTE_VERIFY_DISABLED))
		seq->verifying = false;
	return 0;
}
