// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * joint_law FILE...: of each capture, what is told in groups (kernel/joints.h) is what is told record
 * by record: the same episodes, the same counts, the same sums up to each mark. Prints a line per
 * file: events told in groups, records, episodes. Exits with 1 where anything differs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "capture/capture.h"
#include "sequence/sequence.h"
#include "summary/ledger.h"

#define CONTEXTS_MAX (1U << 12)

struct told {
	struct ledger ledger;
	struct seq_counts counts;
	struct episode *episodes;
	size_t nr, cap;
	uint64_t nr_detours, detours_ns;
	uint64_t nr_events, nr_groups;
};

static uint64_t groups_of(const struct event *ev)
{
	if (ev->kind == EV_SERVED)
		return event_get(ev, FIELD_COUNT);
	return ev->kind > EV_SERVED && ev->kind <= EV_HANDED;
}

static void take_ended(struct told *told, struct seq *seq)
{
	const struct detour *detour;
	const struct episode *ep;

	while ((detour = seq_next_detour(seq))) {
		told->nr_detours++;
		told->detours_ns += detour->ns;
	}
	while ((ep = seq_next(seq))) {
		if (vec_reserve((void **)&told->episodes, &told->cap, told->nr + 1, sizeof(*ep)))
			abort();
		told->episodes[told->nr++] = *ep;
	}
}

static int read_all(const char *path, bool apart, struct told *told, struct err *err)
{
	struct capture *cap = capture_open(path, err);
	const struct event *ev;
	struct seq *seq;
	int ret;

	if (!cap)
		return -1;
	seq = seq_new(capture_info(cap)->kinds, CONTEXTS_MAX);
	if (!seq)
		abort();
	if (apart)
		capture_tell_apart(cap);
	while ((ret = capture_next(cap, &ev, err)) > 0) {
		told->nr_events++;
		told->nr_groups += groups_of(ev);
		ledger_take(&told->ledger, ev);
		if (seq_feed(seq, ev) < 0)
			abort();
		take_ended(told, seq);
	}
	seq_finish(seq);
	take_ended(told, seq);
	told->counts = *seq_counts(seq);
	seq_free(seq);
	capture_close(cap);
	return ret;
}

static int differ(const char *path, const char *what, uint64_t in_groups, uint64_t apart)
{
	if (in_groups == apart)
		return 0;
	fprintf(stderr, "%s: %s: %" PRIu64 " in groups, %" PRIu64 " apart\n", path, what, in_groups,
		apart);
	return 1;
}

static int compare_ledgers(const char *path, const struct ledger *a, const struct ledger *b)
{
	enum mark mark;
	enum ev_kind kind;
	enum sum sum;
	int bad = 0;

	for (mark = MARK_WINDOW_START; mark <= MARK_END; mark++) {
		for (kind = EV_SLOW_ENTER; kind < NR_EV_KINDS; kind++)
			bad |= differ(path, kernel_event_name(kind),
				      ledger_events(a, kind, MARK_NONE, mark),
				      ledger_events(b, kind, MARK_NONE, mark));
		for (sum = 0; sum < NR_SUMS; sum++)
			bad |= differ(path, "a sum", ledger_sum(a, sum, MARK_NONE, mark),
				      ledger_sum(b, sum, MARK_NONE, mark));
	}
	return bad;
}

static bool same_step(const struct step *a, const struct step *b)
{
	return a->at_ns == b->at_ns && a->value == b->value && a->alloc_flags == b->alloc_flags &&
	       a->kind == b->kind && a->detail == b->detail;
}

static bool same_hole(const struct hole *a, const struct hole *b)
{
	return a->at_ns == b->at_ns && !memcmp(a->run_ns, b->run_ns, sizeof(a->run_ns)) &&
	       a->stage == b->stage && a->lost == b->lost;
}

static bool same_arrays(const struct episode *a, const struct episode *b)
{
	size_t kept = a->path_len < EPISODE_PATH_MAX ? (size_t)a->path_len : EPISODE_PATH_MAX, i;

	for (i = 0; i < a->nr_steps; i++)
		if (!same_step(&a->steps[i], &b->steps[i]))
			return false;
	for (i = 0; i < a->nr_holes_kept; i++)
		if (!same_hole(&a->holes[i], &b->holes[i]))
			return false;
	return !memcmp(a->path, b->path, kept) &&
	       !memcmp(a->path_ns, b->path_ns, kept * sizeof(a->path_ns[0]));
}

/* All that comes before the arrays has a value, padding too: a frame begins with zeros. */
static int compare_episodes(const char *path, const struct told *a, const struct told *b)
{
	size_t i;

	if (differ(path, "episodes", a->nr, b->nr))
		return 1;
	for (i = 0; i < a->nr; i++)
		if (memcmp(&a->episodes[i], &b->episodes[i], offsetof(struct episode, path)) ||
		    !same_arrays(&a->episodes[i], &b->episodes[i]))
			return differ(path, "episode", a->episodes[i].id, 0);
	return 0;
}

static int check(const char *path)
{
	struct told *told = calloc(2, sizeof(*told));
	struct err err;
	int bad;

	if (!told)
		abort();
	if (read_all(path, false, &told[0], &err) || read_all(path, true, &told[1], &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	bad = compare_ledgers(path, &told[0].ledger, &told[1].ledger);
	bad |= compare_episodes(path, &told[0], &told[1]);
	bad |= differ(path, "detours", told[0].nr_detours, told[1].nr_detours);
	bad |= differ(path, "time of detours", told[0].detours_ns, told[1].detours_ns);
	if (memcmp(&told[0].counts, &told[1].counts, sizeof(told[0].counts)))
		bad |= differ(path, "counts of the sequence", 1, 0);
	printf("%s: %" PRIu64 " groups of %" PRIu64 " records, %zu episodes\n", path,
	       told[0].nr_groups, told[1].nr_events, told[0].nr);
	free(told[0].episodes);
	free(told[1].episodes);
	free(told);
	return bad;
}

int main(int argc, char **argv)
{
	int bad = 0, i;

	for (i = 1; i < argc; i++)
		bad |= check(argv[i]);
	return bad;
}
