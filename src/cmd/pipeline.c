// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "base/hint.h"
#include "base/saturate.h"
#include "capture/capture.h"
#include "capture/notes.h"
#include "capture/stacks.h"
#include "cmd/confined.h"
#include "cmd/pipeline.h"
#include "cmd/progress.h"
#include "sequence/sequence.h"
#include "summary/aggregate.h"
#include "summary/digest.h"
#include "summary/view.h"

/* Tasks that may be in the slowpath at once before the one idle longest is given up. */
#ifndef MAX_CONTEXTS
#define MAX_CONTEXTS (1U << 17)
#endif

#define THREADS_MAX 4

struct pipeline {
	const char *path;
	char sha256[DIGEST_TEXT_MAX]; /* "": not taken */
	struct capture *capture;
	struct notes *notes;
	struct stacks *stacks;
	struct event numbered;
	struct seq *seq;
	struct aggregate *agg;
	const struct pipeline_order *order;
	struct views *views; /* NULL: nobody asked for each episode */
	struct sight sight;  /* zero before the first one */
	struct episode redacted;
	struct err *err; /* of what episodes are passed on to, */
	int refused;	 /* and what it returned: 0 or a negative errno */
};

static int no_memory(const struct pipeline *pipe, struct err *err)
{
	return err_set(err, -ENOMEM, "%s: out of memory", pipe->path);
}

static bool wants_digest(const struct pipeline *pipe, enum pipeline_digest digest)
{
	return digest == DIGEST_ALWAYS ||
	       (digest == DIGEST_SMALL && capture_info(pipe->capture)->size <= DIGEST_SMALL_MAX);
}

/* One merges and rebuilds, the others read ahead: a few are enough to keep it busy. */
static unsigned int nr_readers(uint64_t threads)
{
	cpu_set_t cpus;

	if (!threads) {
		threads = 1;
		if (!sched_getaffinity(0, sizeof(cpus), &cpus))
			threads = (uint64_t)CPU_COUNT(&cpus);
	}
	return (unsigned int)(threads < THREADS_MAX ? threads : THREADS_MAX) - 1;
}

struct digesting {
	struct progress progress;
	uint64_t total;
};

static void show_digest(void *arg, uint64_t done)
{
	struct digesting *digesting = arg;

	if (progress_is_late(&digesting->progress))
		progress_show(&digesting->progress, "SHA-256", done, digesting->total);
}

static int take_digest(struct pipeline *pipe, struct err *err)
{
	struct digesting digesting = { .total = capture_info(pipe->capture)->size };
	int ret;

	progress_start(&digesting.progress);
	ret = digest_file(pipe->path, pipe->sha256, show_digest, &digesting, err);
	progress_stop(&digesting.progress);
	return ret;
}

static int open_all(struct pipeline *pipe, const struct pipeline_order *order, struct err *err)
{
	pipe->capture = capture_open(pipe->path, err);
	if (!pipe->capture)
		return -EINVAL;
	pipe->notes = notes_new();
	pipe->stacks = stacks_new(capture_info(pipe->capture));
	pipe->seq = seq_new(capture_info(pipe->capture)->kinds, MAX_CONTEXTS);
	pipe->agg = aggregate_new(order->top);
	pipe->views = order->episode ? views_new(capture_info(pipe->capture)) : NULL;
	if (!pipe->notes || !pipe->stacks || !pipe->seq || !pipe->agg ||
	    (order->episode && !pipe->views))
		return no_memory(pipe, err);
	capture_start(pipe->capture, nr_readers(order->threads));
	return wants_digest(pipe, order->digest) ? take_digest(pipe, err) : 0;
}

static void close_all(struct pipeline *pipe)
{
	views_free(pipe->views);
	aggregate_free(pipe->agg);
	seq_free(pipe->seq);
	notes_free(pipe->notes);
	stacks_free(pipe->stacks);
	if (pipe->capture)
		capture_close(pipe->capture);
}

static const char *note(const struct pipeline *pipe, const char *key)
{
	uint64_t ts_ns;

	return notes_get(pipe->notes, key, &ts_ns);
}

/* By the notes that the recorder left before its window. */
static void open_eyes(struct pipeline *pipe)
{
	const struct summary_input input = {
		.info = capture_info(pipe->capture),
		.counts = seq_counts(pipe->seq),
		.plan = note(pipe, NOTE_PLAN),
		.host = note(pipe, NOTE_HOST),
	};

	pipe->sight = view_sight(&input);
	pipe->sight.release = view_release(&input);
}

static APART int pass_on(struct pipeline *pipe, const struct episode *ep)
{
	const struct seq_counts *counts = seq_counts(pipe->seq);
	struct episode_view view = views_show(pipe->views, ep);

	if (!pipe->sight.whole)
		open_eyes(pipe);
	pipe->sight.sched = counts->sched_switches && counts->sched_wakeups;
	pipe->refused = pipe->order->episode(pipe->order->arg, &view, &pipe->sight, pipe->err);
	return pipe->refused;
}

/* A copy, which lives until the next one; NULL without memory. */
static APART const struct episode *redacted(struct pipeline *pipe, const struct episode *ep)
{
	pipe->redacted = *ep;
	return redact_episode(pipe->order->redactor, &pipe->redacted) ? NULL : &pipe->redacted;
}

static ALL_INLINE int pass_episodes(struct pipeline *pipe)
{
	const struct episode *ep;
	int ret = 0;

	while (!ret && (ep = seq_next(pipe->seq))) {
		if (pipe->order->redactor)
			ep = redacted(pipe, ep);
		if (!ep)
			return -ENOMEM;
		ret = aggregate_episode(pipe->agg, ep);
		if (!ret && pipe->views && ep->in_window)
			ret = pass_on(pipe, ep);
	}
	return ret;
}

static APART int pass_detours(struct pipeline *pipe)
{
	const struct detour *detour;
	int ret = 0;

	while (!ret && (detour = seq_next_detour(pipe->seq)))
		ret = aggregate_detour(pipe->agg, detour);
	return ret;
}

/* A note is collected. So is a call stack, which from then on is a number. */
static int take_text(struct pipeline *pipe, const struct event **ev)
{
	if ((*ev)->kind != EV_STACK)
		return notes_feed(pipe->notes, *ev);
	pipe->numbered = **ev;
	event_set(&pipe->numbered, FIELD_STACK, stacks_take(pipe->stacks, *ev));
	*ev = &pipe->numbered;
	return 0;
}

static int pass_event(struct pipeline *pipe, const struct event *ev)
{
	int ret = event_has_text(ev) ? take_text(pipe, &ev) : 0;
	int ended;

	if (!ret)
		ret = aggregate_event(pipe->agg, ev);
	if (ret)
		return ret;
	ended = seq_feed(pipe->seq, ev);
	if (ended < 0)
		return ended;
	if (ended & SEQ_DETOURS)
		ret = pass_detours(pipe);
	if (!ret)
		ret = aggregate_follow(pipe->agg, ev, pipe->seq);
	return !ret && ended & SEQ_EPISODES ? pass_episodes(pipe) : ret;
}

static void show_progress(struct pipeline *pipe, struct progress *progress)
{
	uint64_t done, total;

	capture_progress(pipe->capture, &done, &total);
	progress_show(progress, "events", done, total);
}

static int pass_events(struct pipeline *pipe, struct err *err)
{
	struct progress progress = { 0 };
	const struct event *ev;
	int got;

	progress_start(&progress);
	while ((got = capture_next(pipe->capture, &ev, err)) > 0) {
		if (pass_event(pipe, ev))
			break;
		if (progress_is_due(&progress))
			show_progress(pipe, &progress);
	}
	progress_stop(&progress);
	if (got < 0)
		return got;
	if (got > 0 || seq_finish(pipe->seq) || pass_episodes(pipe))
		return pipe->refused ? pipe->refused : no_memory(pipe, err);
	return 0;
}

static int name_stacks(struct pipeline *pipe, struct err *err)
{
	int ret;

	if (stacks_is_empty(pipe->stacks))
		return 0;
	if (stacks_ask_names(pipe->stacks))
		return no_memory(pipe, err);
	ret = capture_symbols(pipe->capture, stacks_take_symbol, pipe->stacks, err);
	if (ret)
		return ret;
	return stacks_finish_names(pipe->stacks) ? no_memory(pipe, err) : 0;
}

static void take_snapshot(const struct pipeline *pipe, const char *when,
			  struct snapshot_notes *snapshot)
{
	const struct {
		const char *key;
		const char **to;
	} rows[] = {
		{ NOTE_VMSTAT, &snapshot->vmstat },	  { NOTE_ZONEINFO, &snapshot->zoneinfo },
		{ NOTE_BUDDYINFO, &snapshot->buddyinfo }, { NOTE_PRESSURE, &snapshot->pressure },
		{ NOTE_MEMINFO, &snapshot->meminfo },	  { NOTE_SYSCTL, &snapshot->sysctl },
		{ NOTE_PROBES, &snapshot->probes },
	};
	char key[NOTE_KEY_MAX];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(key, sizeof(key), "%s%s", rows[i].key, when);
		*rows[i].to = note(pipe, key);
	}
}

static int summarize(struct pipeline *pipe, struct summary *summary, struct err *err)
{
	const char *slash = strrchr(pipe->path, '/');
	struct summary_input input = {
		.stacks = pipe->stacks,
		.file = slash ? slash + 1 : pipe->path,
		.sha256 = *pipe->sha256 ? pipe->sha256 : NULL,
		.info = capture_info(pipe->capture),
		.damage = capture_damage(pipe->capture),
		.counts = seq_counts(pipe->seq),
		.notes_dropped = notes_nr_dropped(pipe->notes),
		.tool = note(pipe, NOTE_TOOL),
		.profile = note(pipe, NOTE_PROFILE),
		.host = note(pipe, NOTE_HOST),
		.plan = note(pipe, NOTE_PLAN),
		.loss = note(pipe, NOTE_LOSS),
		.ended = note(pipe, NOTE_EXIT),
		.hits = note(pipe, NOTE_HITS),
		.verify = note(pipe, NOTE_VERIFY_DISABLED),
	};

	input.cpus = capture_cpus(pipe->capture, &input.nr_cpus);
	take_snapshot(pipe, "start", &input.start);
	take_snapshot(pipe, "stop", &input.stop);
	if (aggregate_finish(pipe->agg, &input, summary))
		return no_memory(pipe, err);
	if (pipe->order->redactor && redact_summary(pipe->order->redactor, summary))
		return no_memory(pipe, err);
	return 0;
}

static int enter_cage(const struct pipeline *pipe, struct err *err)
{
	uint64_t size = capture_info(pipe->capture)->size;

	return confined_enter_for(sat_times(size, pipe->order->output_per_byte), err);
}

int pipeline_run(const struct pipeline_order *order, struct summary *summary, struct err *err)
{
	struct pipeline pipe = { .path = order->path, .order = order, .err = err };
	int ret = open_all(&pipe, order, err);

	if (!ret && order->confined)
		ret = enter_cage(&pipe, err);
	if (!ret)
		ret = pass_events(&pipe, err);
	if (!ret)
		ret = name_stacks(&pipe, err);
	if (!ret)
		ret = summarize(&pipe, summary, err);
	close_all(&pipe);
	return ret;
}

/* --- is it worth trusting ------------------------------------------------------------------ */

/* A recorder of ours closes the window; others know of none. */
static bool lacks_its_end(const struct summary *summary)
{
	enum seq_basis basis = summary->slowpath.basis;
	bool has_our_probes = basis == BASIS_SITE || basis == BASIS_FAST_NULL;

	/* A summary of many has no window; limits.gaps says what any of them lacks. */
	return (has_our_probes || summary->identity.recorder_version) &&
	       !summary->identity.window_closed && !summary->merged.summaries;
}

bool pipeline_file_is_whole(const char *path, const struct summary *summary, struct err *err)
{
	const struct capture_damage *damage = &summary->limits.damage;

	if (damage->nr)
		err_set(err, -EINVAL,
			"%s: damaged in %" PRIu64 " places, the first at byte %" PRIu64
			" (CPU %" PRIu32 "): %s; the rest was read",
			path, damage->nr, damage->kept[0].offset, damage->kept[0].cpu,
			damage->kept[0].what);
	else if (damage->nr_undecodable)
		err_set(err, -EINVAL,
			"%s: %" PRIu64 " records are shorter than their formats; the rest was read",
			path, damage->nr_undecodable);
	else if (summary->limits.unfinished)
		err_set(err, -EINVAL, "%s: its recorder never completed it; what is there was read",
			path);
	else if (lacks_its_end(summary))
		err_set(err, -EINVAL,
			"%s: ends before its recording does (no note '" NOTE_WINDOW_STOP
			"'); what is there was read",
			path);
	else
		return true;
	return false;
}

static const char *first_gap(const struct limits *limits)
{
	enum gap gap = 0;

	while (!(limits->gaps & (1U << gap)))
		gap++;
	return gap_name(gap);
}

bool pipeline_is_certain(const char *path, const struct summary *summary, struct err *err)
{
	size_t i;

	if (!summary_is_complete(summary)) {
		err_set(err, -EINVAL, "%s: incomplete: %s; see limits", path,
			first_gap(&summary->limits));
		return false;
	}
	for (i = 0; i < summary->nr_relations; i++)
		if (summary->relations[i].verdict == VERDICT_MISMATCH) {
			err_set(err, -EINVAL,
				"%s: %s: the trace does not agree with the kernel; "
				"see reconciliation",
				path, summary->relations[i].what);
			return false;
		}
	return true;
}
