/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which tasks are kswapd and kcompactd. Private to sequence/.
 *
 * Their own events name them: mm_vmscan_kswapd_wake is made by kswapd alone, and so on. Their comm
 * is the second best, since any task may call itself "kswapd0": it is believed until the thread of
 * that node has shown itself, which it does when it goes to sleep at the latest.
 */
#ifndef PAGETRAIL_SEQUENCE_DAEMONS_H
#define PAGETRAIL_SEQUENCE_DAEMONS_H

#include <stdint.h>

#include "capture/event.h"
#include "sequence/episode.h"

#define DAEMONS_MAX 128 /* two a node; of further nodes only the comm tells */

struct daemon {
	enum background what;
	uint32_t node;
	int32_t pid;
};

struct daemons {
	struct daemon items[DAEMONS_MAX];
	uint32_t nr;
};

/* Takes an event that only such a thread makes. */
void daemons_learn(struct daemons *daemons, enum background what, const struct event *ev);

/* Which of them the task of an event is. */
enum background daemons_who(const struct daemons *daemons, const struct event *ev);

#endif
