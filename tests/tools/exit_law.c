// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reasons why episodes ended, from a capture of any profile with sites, as each smaller profile
 * would have seen them: what fewer events leave over must hold what more of them leave.
 *
 *	exit_law FILE [-v]
 *
 * And each episode that ended must have one left. Prints how many had which reasons left, by what was
 * left out; with -v every episode that breaks the law. Exit: 0 it holds, 1 it does not, 2 the file
 * cannot be used.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "capture/capture.h"
#include "sequence/sequence.h"

#define KIND(kind)   (1ULL << (kind))
#define EXITS_MAX    256
#define CONTEXTS_MAX 65536

static const struct {
	const char *name;
	uint64_t hidden;
} views[] = {
	{ "all events", 0 },
	{ "no result of unreserve", KIND(EV_UNRESERVED) },
	{ "no attempts", KIND(EV_UNRESERVED) | KIND(EV_ATTEMPT_ENTER) | KIND(EV_ATTEMPT_EXIT) |
				 KIND(EV_ALLOC_ENTER) | KIND(EV_ALLOC_EXIT) | KIND(EV_PAGE_ALLOC) },
	{ "no rare probes either",
	  KIND(EV_UNRESERVED) | KIND(EV_ATTEMPT_ENTER) | KIND(EV_ATTEMPT_EXIT) |
		  KIND(EV_ALLOC_ENTER) | KIND(EV_ALLOC_EXIT) | KIND(EV_PAGE_ALLOC) |
		  KIND(EV_DIRECT_COMPACT) | KIND(EV_UNRESERVE_HIGHATOMIC) |
		  KIND(EV_DRAIN_ALL_PAGES) | KIND(EV_OUT_OF_MEMORY) | KIND(EV_WARN_ALLOC) },
};

#define NR_VIEWS (sizeof(views) / sizeof(views[0]))

/* What is compared of an episode. */
struct ending {
	enum outcome outcome;
	uint32_t exits;
	bool captured, reclaimed;
	struct between retries, waits;
};

struct endings {
	struct ending *by_id;
	size_t nr, cap;
};

static void keep(struct endings *endings, const struct episode *ep)
{
	if (vec_reserve((void **)&endings->by_id, &endings->cap, ep->id + 1,
			sizeof(*endings->by_id)))
		abort();
	while (endings->nr <= ep->id)
		endings->by_id[endings->nr++] = (struct ending){ .outcome = NR_OUTCOMES };
	endings->by_id[ep->id] = (struct ending){ ep->outcome,	ep->exits,
						  ep->captured, ep->visits[STAGE_RECLAIM] != 0,
						  ep->retries,	ep->oom_lock_waits };
}

static void drain(struct seq *seq, struct endings *endings)
{
	const struct episode *ep;

	while ((ep = seq_next(seq)))
		keep(endings, ep);
}

static int run(const char *path, uint64_t hidden, struct endings *endings, struct err *err)
{
	struct capture *capture = capture_open(path, err);
	struct seq *seq;
	const struct event *ev;
	int got;

	if (!capture)
		return -1;
	seq = seq_new(capture_info(capture)->kinds & ~hidden, CONTEXTS_MAX);
	if (!seq)
		abort();
	capture_tell_apart(capture);
	while ((got = capture_next(capture, &ev, err)) > 0) {
		if (hidden & KIND(ev->kind))
			continue;
		if (seq_feed(seq, ev) < 0)
			abort();
		drain(seq, endings);
	}
	seq_finish(seq);
	drain(seq, endings);
	if (seq_counts(seq)->basis != BASIS_SITE)
		got = err_set(err, -1, "%s: has no sites of the slowpath", path);
	seq_free(seq);
	capture_close(capture);
	return got;
}

static bool within(struct between more, struct between fewer)
{
	return fewer.min <= more.min && more.max <= fewer.max;
}

/* A page that no attempt got, while attempts are seen, was captured: so the machine says too. */
static bool is_explained(const struct ending *ending)
{
	bool ended = ending->outcome == OUTCOME_OK || ending->outcome == OUTCOME_FAILED;

	return ended == (ending->exits != 0) &&
	       (!ending->captured || ending->exits == 1U << EXIT_CAPTURED);
}

/*
 * Killed while throttled, and so without a reclaim: what shows it not even by a drain takes it not to
 * happen (sequence/exit.h).
 */
static bool is_assumed_away(const struct ending *more)
{
	return more->exits == 1U << EXIT_RECLAIM && !more->reclaimed;
}

static bool holds(const struct ending *more, const struct ending *fewer)
{
	if (is_assumed_away(more))
		return more->outcome == fewer->outcome;
	return is_explained(more) && more->outcome == fewer->outcome &&
	       !(more->exits & ~fewer->exits) && within(more->retries, fewer->retries) &&
	       within(more->waits, fewer->waits);
}

static void print_exits(uint32_t exits)
{
	enum exit_reason reason;

	for (reason = 0; reason < NR_EXITS; reason++)
		if (exits & (1U << reason))
			printf(" %s", exit_name(reason));
}

static void print_breach(size_t id, const struct ending *more, const struct ending *fewer)
{
	printf("# episode %zu %s: all events:", id, outcome_name(more->outcome));
	print_exits(more->exits);
	printf(", fewer:");
	print_exits(fewer->exits);
	printf("; retries %u-%u in %u-%u, waits %u-%u in %u-%u\n", more->retries.min,
	       more->retries.max, fewer->retries.min, fewer->retries.max, more->waits.min,
	       more->waits.max, fewer->waits.min, fewer->waits.max);
}

struct count {
	enum outcome outcome;
	uint32_t exits;
	uint64_t episodes, retries_exact, may_wait, must_wait;
};

static struct count *count_of(struct count *counts, const struct ending *ending)
{
	struct count *at;

	for (at = counts; at < counts + EXITS_MAX; at++) {
		if (!at->episodes)
			*at = (struct count){ .outcome = ending->outcome, .exits = ending->exits };
		if (at->outcome == ending->outcome && at->exits == ending->exits)
			return at;
	}
	abort();
}

static void print_table(const char *name, const struct endings *endings)
{
	struct count counts[EXITS_MAX] = { 0 }, *at;
	size_t id;

	for (id = 1; id < endings->nr; id++) {
		const struct ending *ending = &endings->by_id[id];

		at = count_of(counts, ending);
		at->episodes++;
		at->retries_exact += ending->retries.min == ending->retries.max;
		at->may_wait += ending->waits.max > 0;
		at->must_wait += ending->waits.min > 0;
	}
	for (at = counts; at < counts + EXITS_MAX && at->episodes; at++) {
		printf("%s: %" PRIu64 " %s, retries exact %" PRIu64 ", oom_lock %" PRIu64
		       " to %" PRIu64 ":",
		       name, at->episodes, outcome_name(at->outcome), at->retries_exact,
		       at->must_wait, at->may_wait);
		print_exits(at->exits);
		printf("\n");
	}
}

static size_t breaches(const struct endings *more, const struct endings *fewer, bool verbose)
{
	size_t id, nr = more->nr != fewer->nr;

	for (id = 1; id < more->nr && id < fewer->nr; id++) {
		if (holds(&more->by_id[id], &fewer->by_id[id]))
			continue;
		nr++;
		if (verbose)
			print_breach(id, &more->by_id[id], &fewer->by_id[id]);
	}
	return nr;
}

int main(int argc, char **argv)
{
	struct endings endings[NR_VIEWS] = { 0 };
	struct err err = { "" };
	size_t i, broken = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: exit_law FILE [-v]\n");
		return 2;
	}
	for (i = 0; i < NR_VIEWS; i++) {
		if (run(argv[1], views[i].hidden, &endings[i], &err)) {
			fprintf(stderr, "exit_law: %s\n", err.text);
			return 2;
		}
		print_table(views[i].name, &endings[i]);
		if (i)
			broken += breaches(&endings[i - 1], &endings[i], argc > 2);
	}
	printf("%zu episodes, %zu breaches\n", endings[0].nr ? endings[0].nr - 1 : 0, broken);
	for (i = 0; i < NR_VIEWS; i++)
		free(endings[i].by_id);
	return broken ? 1 : 0;
}
