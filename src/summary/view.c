// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "kernel/events.h"
#include "summary/aggregate_struct.h"
#include "summary/exits.h"
#include "summary/gfp.h"
#include "summary/identity.h"
#include "summary/limits.h"
#include "summary/path.h"
#include "summary/text.h"
#include "summary/view.h"

/* Different ones that follow each other are few; powers of two. */
#define PATHS_KEPT 64
#define GFPS_KEPT  64

struct path_view {
	char key[PATH_KEY_MAX]; /* "": none */
	char text[PATH_TEXT_MAX];
};

struct gfp_view {
	bool used;
	uint64_t gfp;
	char text[GFP_TEXT_MAX];
};

struct views {
	const struct capture_info *info;
	struct path_view *last;
	struct path_view paths[PATHS_KEPT];
	struct gfp_view gfps[GFPS_KEPT];
};

struct views *views_new(const struct capture_info *info)
{
	struct views *views = calloc(1, sizeof(*views));

	if (!views)
		return NULL;
	views->info = info;
	views->last = views->paths;
	return views;
}

void views_free(struct views *views)
{
	free(views);
}

static const char *show_path(struct views *views, const struct episode *ep)
{
	char key[PATH_KEY_MAX];
	struct path_view *at;

	path_key(key, ep);
	if (!strcmp(key, views->last->key))
		return views->last->text;
	at = &views->paths[hash_string(key) % PATHS_KEPT];
	views->last = at;
	if (strcmp(key, at->key)) {
		memcpy(at->key, key, strlen(key) + 1);
		path_text(at->text, key);
	}
	return at->text;
}

static const char *show_gfp(struct views *views, uint64_t gfp)
{
	struct gfp_view *at = &views->gfps[(gfp ^ gfp >> 6 ^ gfp >> 13) % GFPS_KEPT];

	if (!at->used || at->gfp != gfp) {
		at->used = true;
		at->gfp = gfp;
		gfp_write(at->text, views->info->gfp_names, views->info->nr_gfp_names, gfp);
	}
	return at->text;
}

struct episode_view views_show(struct views *views, const struct episode *ep)
{
	return (struct episode_view){
		.episode = ep,
		.basis = (enum time_basis)aggregate_basis(ep),
		.path = show_path(views, ep),
		.comm = *ep->comm ? ep->comm : NULL,
		.gfp = show_gfp(views, ep->gfp),
		.exit = exits_name(ep->exits),
	};
}

struct episode_view summary_view(const struct worst *worst)
{
	return (struct episode_view){
		.episode = worst->episode,
		.basis = worst->basis,
		.path = worst->path,
		.comm = worst->comm,
		.gfp = worst->gfp,
		.exit = worst->exit,
		.stack = &worst->stack,
	};
}

/* --- what can be told ---------------------------------------------------------------------- */

static bool recorded(const struct summary_input *input, enum ev_kind kind)
{
	return input->info->kinds & (1ULL << kind);
}

/*
 * An inlined slowpath has attempts that cannot be probed: then no label's count is known. And attempts
 * that are recorded in part would be taken for all: then no reason to end can be derived.
 */
struct sight view_sight(const struct summary_input *input)
{
	const struct seq_counts *counts = input->counts;
	bool results = recorded(input, EV_ATTEMPT_EXIT);
	bool attempts = (results || recorded(input, EV_ATTEMPT_ENTER)) &&
			!limits_plan_lacks(input->plan, kernel_event_name(EV_ATTEMPT_ENTER));

	return (struct sight){
		.attempts = attempts,
		.results = results,
		.exits = seq_tells_exits(input->info->kinds) && (!results || attempts),
		.sched = counts->sched_switches && counts->sched_wakeups,
		.whole = true,
		.start_ns = counts->first_ns,
	};
}

unsigned int view_release(const struct summary_input *input)
{
	struct identity identity = { 0 };
	struct text_list texts = { 0 };

	/* Without memory it is as good as not known. */
	(void)identity_fill(&identity, &texts, input);
	texts_free(&texts);
	return identity.release;
}

struct sight summary_sight(const struct summary *summary)
{
	return (struct sight){
		.attempts = summary->attempts.has_attempts,
		.results = summary->attempts.has_results,
		.exits = summary->exits.known,
		.sched = summary->waiting.has_sched,
		.release = summary->identity.release,
		.start_ns = summary->identity.start_ns,
	};
}
