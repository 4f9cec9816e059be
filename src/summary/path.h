/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stages of an episode as one line: "entry > compact > reclaim > ok". What repeats is folded:
 * "entry > (reclaim > retry) x16 > oom > ok".
 *
 * An episode that did not end closes with the name of its outcome ("in_flight", "incomplete")
 * instead; "..." stands for stages beyond EPISODE_PATH_MAX, which an episode does not keep.
 */
#ifndef PAGETRAIL_SUMMARY_PATH_H
#define PAGETRAIL_SUMMARY_PATH_H

#include "sequence/episode.h"

/* A letter per stage, the outcome, whether there was more, the NUL. */
#define PATH_KEY_MAX  (EPISODE_PATH_MAX + 3)
#define PATH_TEXT_MAX (EPISODE_PATH_MAX * 16)

/* The path of an episode as a string that is equal exactly for equal lines. */
void path_key(char key[PATH_KEY_MAX], const struct episode *ep);

/* The line of a key. Deterministic: at each place the fold that covers most, the shortest first. */
void path_text(char text[PATH_TEXT_MAX], const char *key);

/* Stages kept in path[]. */
size_t path_kept(const struct episode *ep);

#endif
