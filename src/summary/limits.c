// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "base/vec.h"
#include "summary/bounds.h"
#include "summary/limits.h"
#include "summary/text.h"

#define BIT(n) (1U << (n))

/* Gaps that leave the count of entries as it is. */
#define HARMLESS_GAPS (BIT(GAP_MISSED_OTHER) | BIT(GAP_EVICTED))

/* --- losses of the stream ------------------------------------------------------------------ */

static struct cpu_loss *loss_of(struct limits *limits, uint32_t cpu)
{
	struct cpu_loss *grown;
	size_t i;

	for (i = 0; i < limits->nr_losses; i++)
		if (limits->losses[i].cpu == cpu)
			return &limits->losses[i];
	grown = reallocarray(limits->losses, limits->nr_losses + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	grown[i] = (struct cpu_loss){ .cpu = cpu, .first_ns = UINT64_MAX };
	limits->losses = grown;
	limits->nr_losses++;
	return &grown[i];
}

static bool times_meet(uint64_t from_ns, uint64_t to_ns, const struct seq_counts *counts)
{
	bool after = counts->window_opened && to_ns < counts->first_ns;
	bool before = counts->window_closed && from_ns > counts->last_ns;

	return !after && !before;
}

bool limits_range_meets(const struct loss_range *range, const struct seq_counts *counts)
{
	return times_meet(range->from_ns, range->to_ns, counts);
}

int limits_lost(struct limits *limits, const struct event *ev)
{
	struct loss_range range = {
		.from_ns = ev->ts_ns,
		.to_ns = event_get(ev, FIELD_UNTIL),
		.has_records = event_has(ev, FIELD_COUNT),
		.records = event_get(ev, FIELD_COUNT),
	};
	struct cpu_loss *loss = loss_of(limits, ev->cpu);

	if (!loss)
		return -ENOMEM;
	loss->places++;
	loss->uncounted |= !range.has_records;
	loss->records = sat_plus(loss->records, range.records);
	if (range.from_ns < loss->first_ns)
		loss->first_ns = range.from_ns;
	if (range.to_ns > loss->last_ns)
		loss->last_ns = range.to_ns;
	if (loss->nr_ranges < LOSS_RANGES_MAX)
		loss->ranges[loss->nr_ranges++] = range;
	return 0;
}

/* Ranges that were not kept lie somewhere between the first and the last: taken as inside. */
static bool loss_meets(const struct cpu_loss *loss, const struct seq_counts *counts)
{
	unsigned int i;

	if (loss->places > loss->nr_ranges)
		return times_meet(loss->first_ns, loss->last_ns, counts);
	for (i = 0; i < loss->nr_ranges; i++)
		if (limits_range_meets(&loss->ranges[i], counts))
			return true;
	return false;
}

static int compare_cpus(const void *a, const void *b)
{
	const struct cpu_loss *x = a, *y = b;

	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

static void judge_losses(struct limits *limits, const struct seq_counts *counts)
{
	size_t i;

	for (i = 0; i < limits->nr_losses; i++)
		if (loss_meets(&limits->losses[i], counts))
			limits->gaps |= BIT(GAP_LOST);
	if (limits->nr_losses)
		qsort(limits->losses, limits->nr_losses, sizeof(*limits->losses), compare_cpus);
}

/* --- what the recorder noted at the end ---------------------------------------------------- */

static bool next_u64(struct span *line, uint64_t *number)
{
	struct span word;

	return span_word(line, &word) && span_u64(word, number);
}

/* Lines "cpu entries overrun commit_overrun dropped". */
static int parse_ring_losses(struct limits *limits, const char *text)
{
	struct span rest = span_of(text), line;
	size_t cap = 0;

	limits->has_ring_losses = text;
	while (span_line(&rest, &line)) {
		struct ring_loss loss;
		uint64_t entries;

		if (!next_u64(&line, &loss.cpu) || !next_u64(&line, &entries) ||
		    !next_u64(&line, &loss.overrun) || !next_u64(&line, &loss.commit_overrun) ||
		    !next_u64(&line, &loss.dropped))
			continue;
		if (!loss.overrun && !loss.commit_overrun && !loss.dropped)
			continue;
		if (vec_reserve((void **)&limits->ring_losses, &cap, limits->nr_ring_losses + 1,
				sizeof(loss)))
			return -ENOMEM;
		limits->ring_losses[limits->nr_ring_losses++] = loss;
		limits->gaps |= BIT(GAP_LOST);
	}
	return 0;
}

/* Lines "event hits missed", of the probes of the recorder's own group. */
static int parse_probes(struct limits *limits, struct text_list *texts, const char *text)
{
	struct span rest = span_of(text), line, name;
	size_t cap = 0;

	limits->has_probes = text;
	while (span_line(&rest, &line)) {
		struct probe_count probe;

		if (!span_word(&line, &name) || !next_u64(&line, &probe.hits) ||
		    !next_u64(&line, &probe.missed))
			continue;
		probe.name = texts_keep(texts, name);
		if (!probe.name || vec_reserve((void **)&limits->probes, &cap,
					       limits->nr_probes + 1, sizeof(probe)))
			return -ENOMEM;
		limits->probes[limits->nr_probes++] = probe;
	}
	return 0;
}

/* Of the plan, the lines "missing EVENT WHY" and "limit WHY"; the rest is what could be had. */
static int parse_plan(struct limits *limits, struct text_list *texts, const char *text)
{
	struct span rest = span_of(text), line, word;
	int ret = 0;

	while (!ret && span_line(&rest, &line)) {
		if (!span_word(&line, &word))
			continue;
		if (span_is(word, "limit"))
			ret = pair_list_add(&limits->not_probed, texts, word, span_trim(line));
		else if (span_is(word, "missing") && span_word(&line, &word))
			ret = pair_list_add(&limits->not_probed, texts, word, span_trim(line));
	}
	return ret;
}

bool limits_plan_lacks(const char *plan, const char *event)
{
	struct span rest = span_of(plan), line, word;

	while (span_line(&rest, &line))
		if (span_word(&line, &word) && span_is(word, "missing") && span_word(&line, &word) &&
		    span_is(word, event))
			return true;
	return false;
}

/* "failed WHY" instead of a count: nothing independent to compare the entries with. */
static int parse_verify(struct limits *limits, struct text_list *texts, const char *text)
{
	struct span rest = span_of(text), line, word;

	if (!span_line(&rest, &line) || !span_word(&line, &word) || !span_is(word, "failed"))
		return 0;
	return pair_list_add(&limits->not_probed, texts, span_of("execute breakpoint"),
			     span_trim(line));
}

/* Nobody can tell later what a task did while it made no event. */
static int note_sched(struct limits *limits, struct text_list *texts,
		      const struct seq_counts *counts)
{
	if (counts->basis == BASIS_NONE || counts->sched_switches)
		return 0;
	return pair_list_add(&limits->not_probed, texts, span_of("sched_switch"),
			     span_of("record --sched tells time on a CPU, waiting for one and "
				     "asleep apart"));
}

/* Is it a probe whose hits open episodes? */
static bool shows_entries(const char *probe, enum seq_basis basis)
{
	const struct event_rule *rule = kernel_event_find(PROBE_GROUP_PREFIX, probe);

	if (!rule)
		return false;
	if (basis == BASIS_SITE)
		return rule->kind == EV_SLOW_ENTER;
	return basis == BASIS_FAST_NULL &&
	       (rule->kind == EV_FAST_NULL || rule->kind == EV_ATTEMPT_EXIT);
}

uint64_t limits_entries_missed(const struct limits *limits, enum seq_basis basis)
{
	uint64_t missed = 0;
	size_t i;

	for (i = 0; i < limits->nr_probes; i++)
		if (shows_entries(limits->probes[i].name, basis))
			missed += limits->probes[i].missed;
	return missed;
}

static void judge_probes(struct limits *limits, enum seq_basis basis)
{
	size_t i;

	for (i = 0; i < limits->nr_probes; i++)
		if (limits->probes[i].missed)
			limits->gaps |= shows_entries(limits->probes[i].name, basis)
						? BIT(GAP_MISSED)
						: BIT(GAP_MISSED_OTHER);
}

/* --- the rest ------------------------------------------------------------------------------ */

static void take_counts(struct limits *limits, const struct summary_input *input)
{
	const struct seq_counts *counts = input->counts;

	limits->damage = *input->damage;
	limits->unfinished = input->info->unfinished;
	limits->notes_dropped = input->notes_dropped;
	limits->orphan_exits = counts->orphan_exits;
	limits->orphans = counts->orphans;
	limits->lost_breaks = counts->lost_breaks;
	limits->unpaired_attempts = counts->attempts_unpaired;
	limits->entries_before = counts->entries_before;
	limits->entries_after = counts->entries_after;
	limits->evicted_contexts = counts->evictions;
	limits->nested_too_deep = counts->overflows;
}

static void judge_counts(struct limits *limits, const struct summary_input *input)
{
	const struct seq_counts *counts = input->counts;
	const struct {
		enum gap gap;
		bool there;
	} gaps[] = {
		{ GAP_LOSS_COUNTS, !limits->has_ring_losses },
		{ GAP_DAMAGED, limits->damage.nr },
		{ GAP_UNDECODABLE, limits->damage.nr_undecodable },
		{ GAP_UNFINISHED, limits->unfinished },
		{ GAP_NO_WINDOW, !counts->window_opened || !counts->window_closed },
		{ GAP_EVICTED, limits->evicted_contexts || limits->nested_too_deep },
	};
	size_t i;

	for (i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++)
		if (gaps[i].there)
			limits->gaps |= BIT(gaps[i].gap);
}

int limits_fill(struct limits *limits, struct text_list *texts, const struct summary_input *input)
{
	int ret;

	take_counts(limits, input);
	judge_losses(limits, input->counts);
	ret = parse_ring_losses(limits, input->loss);
	if (!ret)
		ret = parse_probes(limits, texts, input->stop.probes);
	if (!ret)
		ret = parse_plan(limits, texts, input->plan);
	if (!ret)
		ret = parse_verify(limits, texts, input->verify);
	if (!ret)
		ret = note_sched(limits, texts, input->counts);
	judge_probes(limits, input->counts->basis);
	judge_counts(limits, input);
	limits->lost = bounds_lost(input, limits);
	return ret;
}

void limits_free(struct limits *limits)
{
	free(limits->losses);
	free(limits->ring_losses);
	free(limits->probes);
	free(limits->not_probed.items);
}

bool limits_entries_whole(const struct limits *limits)
{
	return !(limits->gaps & ~HARMLESS_GAPS);
}

bool limits_records_whole(const struct limits *limits)
{
	return !(limits->gaps & ~BIT(GAP_EVICTED));
}
