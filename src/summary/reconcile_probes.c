// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How often the probes went off (kprobe_profile), against their records.
 *
 * kprobe_dispatcher and kretprobe_dispatcher (kernel/trace/trace_kprobe.c, 5.10 to 7.3) count a hit
 * before anything is filtered, and before its record is made, with preemption off: at any moment
 * at most one hit per CPU is without its record. A hit that is refused counts as missed instead.
 *
 * The hits are read between two notes (ledger.h), twice while the events are on. Captures of older
 * recorders have the second reading after the events were turned off, one by one: hits went on for
 * a moment, until the kernel had taken the probe away, and where perf held it too (the recorder's
 * check of arguments) to the end.
 */
#include <stdio.h>

#include "summary/reconcile_rule.h"
#include "summary/text.h"

/* Hits and misses of all probes of one kind, of a note of lines "event hits missed". */
static bool count_hits(const char *text, enum ev_kind kind, uint64_t *hits, uint64_t *missed)
{
	struct span rest = span_of(text), line, word;
	const struct event_rule *rule;
	char name[64];
	bool found = false;
	uint64_t n, m;

	*hits = *missed = 0;
	while (span_line(&rest, &line)) {
		if (!span_word(&line, &word) || word.len >= sizeof(name))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)word.len, word.at);
		rule = kernel_event_find(PROBE_GROUP_PREFIX, name);
		if (!rule || rule->kind != kind || !span_word(&line, &word) ||
		    !span_u64(word, &n) || !span_word(&line, &word) || !span_u64(word, &m))
			continue;
		*hits += n;
		*missed += m;
		found = true;
	}
	return found;
}

static bool read_live(const struct evidence *ev)
{
	return ev->input->probes_live && ev->ledger->seen[MARK_LIVE];
}

/* What both grew by from the first reading to the last that is comparable. */
static bool hits_of(const struct evidence *ev, enum ev_kind kind, uint64_t *hits, uint64_t *missed)
{
	const char *last = read_live(ev) ? ev->input->probes_live : ev->input->stop.probes;
	uint64_t from, missed_from;

	if (!count_hits(last, kind, hits, missed) ||
	    !count_hits(ev->input->start.probes, kind, &from, &missed_from))
		return false;
	*hits = less(*hits, from);
	*missed = less(*missed, missed_from);
	return true;
}

static bool fill_hits(const struct evidence *ev, enum ev_kind kind, struct relation *rel,
		      struct bounds *bounds)
{
	bool live = read_live(ev);
	uint64_t missed;

	rel->has_traced = evidence_recorded(ev, kind) && ev->ledger->seen[MARK_HITS];
	rel->traced =
		ledger_events(ev->ledger, kind, MARK_HITS, live ? MARK_BEFORE_LIVE : MARK_END);
	rel->traced_max =
		ledger_events(ev->ledger, kind, MARK_BEFORE_HITS, live ? MARK_LIVE : MARK_END);
	rel->has_kernel = hits_of(ev, kind, &rel->kernel, &missed);
	bounds->least = rel->traced;
	bounds->most = rel->traced_max;
	bounds->least_explained = less(rel->traced, ev->input->info->nr_cpus);
	bounds->most_explained = plus(rel->traced_max, ev->input->info->nr_cpus);
	bounds->why_less = bounds->why_more = "a hit is counted before its record is made";
	if (!live) {
		bounds->most_explained = UINT64_MAX;
		bounds->why_more = "probes went off after their records had been turned off";
	}
	return rel->has_traced && rel->has_kernel;
}

static bool fill_entry_hits(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	return fill_hits(ev, EV_SLOW_ENTER, rel, bounds);
}

static bool fill_exit_hits(const struct evidence *ev, struct relation *rel, struct bounds *bounds)
{
	return fill_hits(ev, EV_SLOW_EXIT, rel, bounds);
}

/*
 * Filtered or not: entries and returns of one function. Those of the slowpath may take long; of the
 * fast path's at most one per CPU is under way at each reading.
 */
static bool fill_attempt_hits(const struct evidence *ev, struct relation *rel,
			      struct bounds *bounds)
{
	uint64_t slack = evidence_straddling(ev) + 2 * (uint64_t)ev->input->info->nr_cpus;
	uint64_t missed, refused;

	rel->has_traced = hits_of(ev, EV_ATTEMPT_ENTER, &rel->traced, &missed);
	rel->traced_max = rel->traced;
	rel->has_kernel = hits_of(ev, EV_ATTEMPT_EXIT, &rel->kernel, &refused);
	*bounds = bounds_equal(rel->traced, slack);
	if (refused || missed) {
		bounds->least_explained = less(bounds->least_explained, refused);
		bounds->most_explained = plus(bounds->most_explained, missed);
		bounds->why_less = bounds->why_more = "the kernel refused some hits";
	}
	if (!read_live(ev)) {
		bounds->least_explained = 0;
		bounds->most_explained = UINT64_MAX;
		bounds->why_less = bounds->why_more = "the probes were turned off one by one";
	}
	return rel->has_traced && rel->has_kernel;
}

/* clang-format off */
static const struct rule rules[] = {
	{ "entry probe", "records of the probe at the slowpath's entry", "hits of it",
	  "traced <= kernel <= traced_max", true, fill_entry_hits },
	{ "exit probe", "records of the probe at the slowpath's exit", "hits of it",
	  "traced <= kernel <= traced_max", true, fill_exit_hits },
	{ "attempt probes", "hits of the probe at the entry of get_page_from_freelist",
	  "hits of the probe at its return", "kernel = traced", false, fill_attempt_hits },
};
/* clang-format on */

const struct rules reconcile_probes = { rules, sizeof(rules) / sizeof(rules[0]) };
