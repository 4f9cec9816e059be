// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "summary/state.h"
#include "summary/text.h"

#define NAME_MAX_KEPT 96

static int compare_numbers(const void *a, const void *b)
{
	const struct number *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->value > y->value) - (x->value < y->value);
}

/* Lines "name value", sorted by name: the order of /proc/vmstat moves between versions (7.1). */
static int parse_vmstat(struct number_list *list, struct text_list *texts, const char *text)
{
	struct span rest = span_of(text), line, name, word;
	uint64_t value;

	while (span_line(&rest, &line)) {
		if (!span_word(&line, &name) || !span_word(&line, &word) || !span_u64(word, &value))
			continue;
		if (number_list_add(list, texts, name, (int64_t)value))
			return -ENOMEM;
	}
	if (list->nr)
		qsort(list->items, list->nr, sizeof(*list->items), compare_numbers);
	return 0;
}

static int join_deltas(struct number_list *deltas, struct text_list *texts,
		       const struct number_list *start, const struct number_list *stop)
{
	size_t a = 0, b = 0;

	while (a < start->nr && b < stop->nr) {
		const struct number *from = &start->items[a], *to = &stop->items[b];
		int order = strcmp(from->name, to->name);

		a += order <= 0;
		b += order >= 0;
		if (!order &&
		    number_list_add(deltas, texts, span_of(to->name),
				    (int64_t)((uint64_t)to->value - (uint64_t)from->value)))
			return -ENOMEM;
	}
	return 0;
}

int state_vmstat_deltas(struct number_list *deltas, struct text_list *texts, const char *start,
			const char *stop)
{
	struct number_list from = { 0 }, to = { 0 };
	int ret;

	ret = parse_vmstat(&from, texts, start);
	if (!ret)
		ret = parse_vmstat(&to, texts, stop);
	if (!ret)
		ret = join_deltas(deltas, texts, &from, &to);
	free(from.items);
	free(to.items);
	return ret;
}

static int keep_changed(struct number_list *changed, struct text_list *texts,
			const struct number_list *deltas)
{
	size_t i;

	for (i = 0; i < deltas->nr; i++)
		if (deltas->items[i].value &&
		    number_list_add(changed, texts, span_of(deltas->items[i].name),
				    deltas->items[i].value))
			return -ENOMEM;
	return 0;
}

static int fill_vmstat(struct state *state, struct text_list *texts,
		       const struct summary_input *input)
{
	struct number_list deltas = { 0 };
	int ret;

	if (!input->start.vmstat || !input->stop.vmstat)
		return 0;
	state->has_vmstat = true;
	ret = state_vmstat_deltas(&deltas, texts, input->start.vmstat, input->stop.vmstat);
	if (!ret)
		ret = keep_changed(&state->vmstat, texts, &deltas);
	free(deltas.items);
	return ret;
}

static int parse_lines(bool *has, struct text_list *list, struct text_list *texts, const char *text)
{
	struct span rest = span_of(text), line;

	*has = text;
	while (span_line(&rest, &line))
		if (text_list_add(list, texts, line))
			return -ENOMEM;
	return 0;
}

/* Lines "Name:   123 kB", some without a unit: counts of huge pages. */
static int parse_meminfo(struct snapshot *snapshot, struct text_list *texts, const char *text)
{
	struct span rest = span_of(text), line, name, value, unit;
	char key[NAME_MAX_KEPT];
	uint64_t number;

	snapshot->has_meminfo = text;
	while (span_line(&rest, &line)) {
		if (!span_until(&line, ':', &name) || !span_word(&line, &value) ||
		    !span_u64(value, &number) || name.len > NAME_MAX_KEPT / 2)
			continue;
		snprintf(key, sizeof(key), "%.*s%s", (int)name.len, name.at,
			 span_word(&line, &unit) && span_is(unit, "kB") ? "_kb" : "");
		if (number_list_add(&snapshot->meminfo, texts, span_of(key), (int64_t)number))
			return -ENOMEM;
	}
	return 0;
}

static bool is_percentage(struct span span)
{
	size_t i, points = 0;

	for (i = 0; i < span.len; i++) {
		points += span.at[i] == '.';
		if (span.at[i] != '.' && !isdigit((unsigned char)span.at[i]))
			return false;
	}
	return span.len > 2 && span.len < 16 && points == 1 && isdigit((unsigned char)*span.at) &&
	       isdigit((unsigned char)span.at[span.len - 1]);
}

/* One "name=value" of a line of /proc/pressure/memory. */
static int parse_pressure_field(struct pressure *pressure, struct text_list *texts,
				struct span word)
{
	struct {
		const char *name;
		const char **to;
	} averages[] = {
		{ "avg10", &pressure->avg10 },
		{ "avg60", &pressure->avg60 },
		{ "avg300", &pressure->avg300 },
	};
	struct span name;
	size_t i;

	if (!span_until(&word, '=', &name))
		return 0;
	if (span_is(name, "total") && !span_u64(word, &pressure->total_us))
		pressure->total_us = 0;
	for (i = 0; i < sizeof(averages) / sizeof(averages[0]); i++) {
		if (!span_is(name, averages[i].name) || !is_percentage(word))
			continue;
		*averages[i].to = texts_keep(texts, word);
		if (!*averages[i].to)
			return -ENOMEM;
	}
	return 0;
}

static int parse_pressure(struct snapshot *snapshot, struct text_list *texts, const char *text)
{
	struct span rest = span_of(text), line, word;

	snapshot->has_pressure = text;
	while (span_line(&rest, &line)) {
		struct pressure *pressure;

		if (!span_word(&line, &word))
			continue;
		pressure = span_is(word, "full") ? &snapshot->full : &snapshot->some;
		while (span_word(&line, &word))
			if (parse_pressure_field(pressure, texts, word))
				return -ENOMEM;
	}
	return 0;
}

/* Lines "name = value". */
static int parse_sysctl(struct snapshot *snapshot, struct text_list *texts, const char *text)
{
	struct span rest = span_of(text), line, name;

	snapshot->has_sysctl = text;
	while (span_line(&rest, &line))
		if (span_until(&line, '=', &name) &&
		    pair_list_add(&snapshot->sysctl, texts, span_trim(name), span_trim(line)))
			return -ENOMEM;
	return 0;
}

static int fill_snapshot(struct snapshot *snapshot, struct text_list *texts,
			 const struct snapshot_notes *notes)
{
	int ret;

	ret = parse_lines(&snapshot->has_zoneinfo, &snapshot->zoneinfo, texts, notes->zoneinfo);
	if (!ret)
		ret = parse_lines(&snapshot->has_buddyinfo, &snapshot->buddyinfo, texts,
				  notes->buddyinfo);
	if (!ret)
		ret = parse_meminfo(snapshot, texts, notes->meminfo);
	if (!ret)
		ret = parse_pressure(snapshot, texts, notes->pressure);
	return ret ? ret : parse_sysctl(snapshot, texts, notes->sysctl);
}

int state_fill(struct state *state, struct text_list *texts, const struct summary_input *input)
{
	int ret = fill_vmstat(state, texts, input);

	if (!ret)
		ret = fill_snapshot(&state->start, texts, &input->start);
	return ret ? ret : fill_snapshot(&state->stop, texts, &input->stop);
}

static void free_snapshot(struct snapshot *snapshot)
{
	free(snapshot->zoneinfo.items);
	free(snapshot->buddyinfo.items);
	free(snapshot->meminfo.items);
	free(snapshot->sysctl.items);
}

void state_free(struct state *state)
{
	free(state->vmstat.items);
	free_snapshot(&state->start);
	free_snapshot(&state->stop);
}
