// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/saturate.h"
#include "summary/reconcile_rule.h"

const char reconcile_under_way[] = "the others were under way at an edge of the window";

bool evidence_recorded(const struct evidence *ev, enum ev_kind kind)
{
	return ev->input->info->kinds & (1ULL << kind);
}

uint64_t evidence_inside(const struct evidence *ev, enum ev_kind kind)
{
	return ledger_events(ev->ledger, kind, MARK_WINDOW_START, MARK_WINDOW_STOP);
}

uint64_t evidence_outside(const struct evidence *ev, enum ev_kind kind)
{
	return sat_less(ledger_events(ev->ledger, kind, MARK_NONE, MARK_END),
			evidence_inside(ev, kind));
}

uint64_t evidence_in_flight(const struct evidence *ev)
{
	return ev->summary->slowpath.outcomes[OUTCOME_IN_FLIGHT];
}

/* Those that began before the window count whether or not they reached into it. */
uint64_t evidence_straddling(const struct evidence *ev)
{
	const struct seq_counts *counts = ev->input->counts;

	return evidence_in_flight(ev) + ev->summary->slowpath.outcomes[OUTCOME_INCOMPLETE] +
	       counts->entries_before + counts->orphan_exits;
}

bool evidence_is_before(const struct evidence *ev, unsigned int release)
{
	return ev->summary->identity.release && ev->summary->identity.release < release;
}

/* /proc/zoneinfo: lines "Node 0, zone   Normal", node by node. */
uint64_t evidence_nodes(const struct evidence *ev)
{
	const struct text_list *lines = &ev->summary->state.start.zoneinfo;
	const char *last = "";
	uint64_t nodes = 0;
	size_t i;

	for (i = 0; i < lines->nr; i++) {
		const char *line = lines->items[i];
		size_t len = strcspn(line, ",");

		if (strncmp(line, "Node ", 5) || !strncmp(line, last, len + 1))
			continue;
		last = line;
		nodes++;
	}
	return nodes ? nodes : 1;
}

bool evidence_counter(const struct evidence *ev, const char *name, uint64_t *sum)
{
	const struct number_list *list = ev->vmstat;
	size_t len = strlen(name);
	bool prefix = name[len - 1] == '*';
	bool found = false;
	size_t i;

	*sum = 0;
	for (i = 0; i < list->nr; i++) {
		if (prefix ? strncmp(list->items[i].name, name, len - 1)
			   : strcmp(list->items[i].name, name))
			continue;
		found = true;
		*sum += (uint64_t)list->items[i].value;
	}
	return found;
}

bool evidence_compare(const struct evidence *ev, enum ev_kind kind, const char *counter,
		      struct relation *rel, struct bounds *bounds)
{
	rel->has_traced = evidence_recorded(ev, kind);
	rel->traced = evidence_inside(ev, kind);
	rel->traced_max = rel->traced + evidence_outside(ev, kind);
	rel->has_kernel = evidence_counter(ev, counter, &rel->kernel);
	*bounds = (struct bounds){
		.least = rel->traced,
		.most = rel->traced_max,
		.least_explained = sat_less(rel->traced, evidence_in_flight(ev)),
		.most_explained = rel->traced_max,
		.why_less = reconcile_under_way,
	};
	return rel->has_traced && rel->has_kernel;
}

struct bounds bounds_equal(uint64_t number, uint64_t straddling)
{
	return (struct bounds){
		.least = number,
		.most = number,
		.least_explained = sat_less(number, straddling),
		.most_explained = sat_plus(number, straddling),
		.why_less = reconcile_under_way,
		.why_more = reconcile_under_way,
	};
}
