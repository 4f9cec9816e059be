// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "base/saturate.h"
#include "summary/hits.h"
#include "summary/text.h"

/* The lines of one moment, of a note of lines "at MOMENT" and "event hits missed". */
static bool find_moment(struct span *rest, const char *moment)
{
	struct span line, word;

	while (span_line(rest, &line))
		if (span_word(&line, &word) && span_is(word, "at") && span_word(&line, &word) &&
		    span_is(word, moment))
			return true;
	return false;
}

static bool is_kind(struct span name, enum ev_kind kind)
{
	const struct event_rule *rule;
	char text[64];

	if (name.len >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)name.len, name.at);
	rule = kernel_event_find(PROBE_GROUP_PREFIX, text);
	return rule && rule->kind == kind;
}

bool hits_at(const char *text, const char *moment, enum ev_kind kind, struct hits *sum)
{
	struct span rest = span_of(text), line, name, word;
	bool found = false;
	uint64_t hits, missed;

	*sum = (struct hits){ 0 };
	if (!find_moment(&rest, moment))
		return false;
	while (span_line(&rest, &line) && span_word(&line, &name) && !span_is(name, "at")) {
		if (!is_kind(name, kind) || !span_word(&line, &word) || !span_u64(word, &hits) ||
		    !span_word(&line, &word) || !span_u64(word, &missed))
			continue;
		sum->hits = sat_plus(sum->hits, hits);
		sum->missed = sat_plus(sum->missed, missed);
		found = true;
	}
	return found;
}
