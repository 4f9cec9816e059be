/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One record of our own probes in words: what it means, then its fields with names for what they
 * hold. Nothing is kept between records: names come from the formats in the event's own handle.
 */
#ifndef PAGETRAIL_PLUGINS_WORDS_H
#define PAGETRAIL_PLUGINS_WORDS_H

#include <event-parse.h>

#include "kernel/events.h"

void words_put(struct trace_seq *s, const struct tep_record *record, struct tep_event *event,
	       enum ev_kind kind);

#endif
