// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "summary/path.h"

/* Letters of a key: stages from 'a', then what closes a path that has no end of its own. */
#define KEY_STAGE   'a'
#define KEY_OUTCOME 'A'
#define KEY_MORE    '+'

struct writer {
	char *text;
	size_t len;
};

struct fold {
	size_t period, repeats;
};

size_t path_kept(const struct episode *ep)
{
	return ep->path_len < EPISODE_PATH_MAX ? (size_t)ep->path_len : EPISODE_PATH_MAX;
}

void path_key(char key[PATH_KEY_MAX], const struct episode *ep)
{
	size_t nr = path_kept(ep), at;
	bool ended = nr && ep->path[nr - 1] >= NR_TIMED_STAGES;

	for (at = 0; at < nr; at++)
		key[at] = (char)(KEY_STAGE + ep->path[at]);
	if (ep->path_len > nr)
		key[at++] = KEY_MORE;
	if (!ended)
		key[at++] = (char)(KEY_OUTCOME + ep->outcome);
	key[at] = '\0';
}

static const char *name_of(char letter)
{
	if (letter == KEY_MORE)
		return "...";
	if (letter >= KEY_STAGE)
		return stage_name((enum stage)(letter - KEY_STAGE));
	return outcome_name((enum outcome)(letter - KEY_OUTCOME));
}

static void write_text(struct writer *out, const char *text)
{
	size_t room = PATH_TEXT_MAX - out->len;
	int n = snprintf(out->text + out->len, room, "%s", text);

	if (n > 0)
		out->len += (size_t)n < room ? (size_t)n : room - 1;
}

static void write_names(struct writer *out, const char *key, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		write_text(out, i ? " > " : "");
		write_text(out, name_of(key[i]));
	}
}

static size_t repeats_at(const char *key, size_t len, size_t period)
{
	size_t nr = 1;

	while ((nr + 1) * period <= len && !memcmp(key, key + nr * period, period))
		nr++;
	return nr;
}

static struct fold best_fold(const char *key, size_t len)
{
	struct fold best = { .period = 1, .repeats = 1 };
	size_t period;

	for (period = 1; period * 2 <= len; period++) {
		size_t repeats = repeats_at(key, len, period);

		if (repeats > 1 && repeats * period > best.repeats * best.period)
			best = (struct fold){ .period = period, .repeats = repeats };
	}
	return best;
}

static void write_fold(struct writer *out, const char *key, struct fold fold)
{
	bool group = fold.period > 1;
	char times[24];

	if (fold.repeats == 1) {
		write_names(out, key, 1);
		return;
	}
	write_text(out, group ? "(" : "");
	write_names(out, key, fold.period);
	snprintf(times, sizeof(times), "%s x%zu", group ? ")" : "", fold.repeats);
	write_text(out, times);
}

void path_text(char text[PATH_TEXT_MAX], const char *key)
{
	struct writer out = { .text = text };
	size_t len = strlen(key);
	size_t at = 0;

	text[0] = '\0';
	while (at < len) {
		struct fold fold = best_fold(key + at, len - at);

		write_text(&out, at ? " > " : "");
		write_fold(&out, key + at, fold);
		at += fold.period * fold.repeats;
	}
}
