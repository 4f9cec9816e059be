// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every episode of the window that has both its ends, one line each, in the order of their ends:
 *
 *	episode PID START END OUTCOME EXITS RETRIES PATH
 *
 * times in ns, EXITS a mask of enum exit_reason; and of every episode that has a call stack
 *
 *	stack PID START SUM
 *
 * For laws about what damage may do to them. Exit: 0, 1 refused or failed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture/capture.h"
#include "sequence/sequence.h"

static void print_path(const struct episode *ep)
{
	uint64_t i;

	for (i = 0; i < ep->path_len && i < EPISODE_PATH_MAX; i++)
		printf("%s%s", i ? ">" : "", stage_name(ep->path[i]));
	putchar('\n');
}

static void print_ended(struct seq *seq)
{
	const struct episode *ep;

	while ((ep = seq_next(seq))) {
		if (ep->in_window && ep->stack)
			printf("stack %" PRId32 " %" PRIu64 " %08" PRIx32 "\n", ep->pid,
			       ep->start_ns, ep->stack);
		if (!ep->in_window || ep->outcome == OUTCOME_IN_FLIGHT ||
		    ep->outcome == OUTCOME_INCOMPLETE)
			continue;
		printf("episode %" PRId32 " %" PRIu64 " %" PRIu64 " %s %" PRIx32 " %u-%u ", ep->pid,
		       ep->start_ns, ep->end_ns, outcome_name(ep->outcome), ep->exits,
		       ep->retries.min, ep->retries.max);
		print_path(ep);
	}
}

/* In place of the number of a stack, what is the same in whatever is left of the file. */
static uint32_t sum_of(const struct event *ev)
{
	uint32_t sum = 1, i;

	for (i = 0; i < ev->text_len; i++)
		sum = (sum ^ (uint8_t)ev->text[i]) * 16777619;
	return sum | 1;
}

static int print_all(struct capture *cap, struct seq *seq, struct err *err)
{
	const struct event *ev;
	struct event numbered;
	int ret;

	while ((ret = capture_next(cap, &ev, err)) > 0) {
		if (ev->kind == EV_STACK) {
			numbered = *ev;
			event_set(&numbered, FIELD_STACK, sum_of(ev));
			ev = &numbered;
		}
		if (seq_feed(seq, ev) < 0)
			abort();
		print_ended(seq);
	}
	if (!ret) {
		seq_finish(seq);
		print_ended(seq);
	}
	return ret;
}

int main(int argc, char **argv)
{
	struct err err = { "usage: episodes FILE" };
	struct capture *cap = argc == 2 ? capture_open(argv[1], &err) : NULL;
	struct seq *seq = cap ? seq_new(capture_info(cap)->kinds, 1U << 17) : NULL;
	int ret = seq ? print_all(cap, seq, &err) : -1;

	if (ret || fflush(stdout))
		fprintf(stderr, "%s\n", err.text);
	seq_free(seq);
	capture_close(cap);
	return ret ? 1 : 0;
}
