// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hint.h"
#include "capture/stacks.h"
#include "summary/aggregate.h"
#include "summary/aggregate_struct.h"
#include "summary/limits.h"
#include "summary/path.h"

/* --- what an episode tells of its times ---------------------------------------------------- */

unsigned int aggregate_edge_basis(enum edge edge)
{
	static const unsigned int basis[] = {
		[EDGE_EXACT] = TIME_EXACT,
		[EDGE_BOUND] = TIME_AT_LEAST,
		[EDGE_OUTSIDE] = TIME_AT_MOST,
		[EDGE_UNKNOWN] = TIME_AT_LEAST,
	};

	return basis[edge];
}

unsigned int aggregate_basis(const struct episode *ep)
{
	return aggregate_edge_basis(ep->start_edge) | aggregate_edge_basis(ep->end_edge);
}

/* Where the last timed visit stands in path[]; past the end of it when it was not kept. */
static size_t last_visit(const struct episode *ep)
{
	size_t kept = path_kept(ep), nr = kept;

	while (nr && ep->path[nr - 1] >= NR_TIMED_STAGES)
		nr--;
	return nr && ep->path_len == kept ? nr - 1 : kept;
}

/* Only the first and the last visit touch an edge of the episode. */
static unsigned int visit_basis(const struct episode *ep, size_t visit)
{
	return (visit ? TIME_EXACT : aggregate_edge_basis(ep->start_edge)) |
	       (visit == last_visit(ep) ? aggregate_edge_basis(ep->end_edge) : TIME_EXACT);
}

static unsigned int stage_basis(const struct episode *ep, enum stage stage)
{
	size_t last = last_visit(ep);
	unsigned int basis = TIME_EXACT;

	if (ep->path[0] == stage)
		basis |= visit_basis(ep, 0);
	if (last == path_kept(ep) || ep->path[last] == stage)
		basis |= aggregate_edge_basis(ep->end_edge);
	return basis;
}

/* --- what it adds to the tables ------------------------------------------------------------ */

/* Where an episode stands for many, it has one stage, and `lot` is their times in it. */
static struct lot stage_lot(const struct lot *lot, uint64_t ns)
{
	return lot->many ? *lot : lot_of(ns);
}

static int add_stages(struct aggregate *agg, const struct episode *ep, struct lot lot)
{
	size_t last = last_visit(ep);
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++) {
		struct stage_tally *row = &agg->stages[stage];
		bool succeeded = ep->outcome == OUTCOME_OK && last < path_kept(ep) &&
				 ep->path[last] == stage;
		enum run_state run;

		if (!ep->visits[stage])
			continue;
		row->episodes += lot.nr;
		row->visits += lot.nr * ep->visits[stage];
		row->succeeded += succeeded ? lot.nr : 0;
		for (run = 0; run < NR_RUNS; run++)
			row->run_ns[run] += ep->run_ns[stage][run];
		if (tally_add(&row->tally, stage_lot(&lot, ep->stage_ns[stage]),
			      stage_basis(ep, stage)))
			return -ENOMEM;
	}
	return 0;
}

static int add_transitions(struct aggregate *agg, const struct episode *ep, struct lot lot)
{
	size_t nr = path_kept(ep), i;

	for (i = 0; i + 1 < nr; i++)
		if (tally_add(&agg->transitions[ep->path[i]][ep->path[i + 1]],
			      stage_lot(&lot, ep->path_ns[i]), visit_basis(ep, i)))
			return -ENOMEM;
	return 0;
}

void aggregate_order_key(char key[ORDER_KEY_MAX], uint32_t order)
{
	for (; order > 0x7f; order >>= 7)
		*key++ = (char)(0x80 | (order & 0x7f));
	*key++ = (char)(0x80 | order);
	*key = '\0';
}

uint32_t aggregate_key_order(const char *key)
{
	uint32_t order = 0;
	unsigned int shift;

	for (shift = 0; *key; key++, shift += 7)
		order |= (uint32_t)(*key & 0x7f) << shift;
	return order;
}

struct key {
	bool known;
	uint64_t number;
	const char *text;
};

static struct key key_of(const struct episode *ep, enum by by, const char *order)
{
	switch (by) {
	case BY_ORDER:
		return (struct key){ ep->has_order, ep->order, "" };
	case BY_GFP:
		return (struct key){ ep->has_gfp, ep->gfp, "" };
	case BY_ORDER_GFP:
		return (struct key){ ep->has_order && ep->has_gfp, ep->gfp, order };
	case BY_MIGRATETYPE:
		return (struct key){ ep->has_migratetype, (uint64_t)(int64_t)ep->migratetype, "" };
	default:
		return (struct key){ *ep->comm, 0, ep->comm };
	}
}

static int add_keys(struct aggregate *agg, const struct episode *ep, struct lot lot,
		    unsigned int basis)
{
	char path[PATH_KEY_MAX], order[ORDER_KEY_MAX];
	struct tally *tally;
	enum by by;

	aggregate_order_key(order, ep->order);
	for (by = 0; by < NR_BY; by++) {
		struct key key = key_of(ep, by, order);

		tally = key.known ? table_find(&agg->by[by], key.number, key.text)
				  : &agg->by[by].unknown;
		if (!tally || tally_add(tally, lot, basis))
			return -ENOMEM;
	}
	path_key(path, ep);
	tally = table_find(&agg->paths, 0, path);
	return tally ? tally_add(tally, lot, basis) : -ENOMEM;
}

/* Most captures have none. */
static int add_stack(struct aggregate *agg, const struct episode *ep, struct lot lot,
		     unsigned int basis)
{
	struct tally *tally = &agg->stacks.unknown;

	if (ep->stack == STACK_NOT_KEPT)
		tally = &agg->stacks.other;
	else if (ep->stack)
		tally = table_find(&agg->stacks, ep->stack, "");
	return tally ? tally_add(tally, lot, basis) : -ENOMEM;
}

static int add_times(struct aggregate *agg, const struct episode *ep, struct lot lot,
		     unsigned int basis)
{
	agg->outcomes[ep->outcome] += lot.nr;
	agg->captured += ep->captured;
	agg->time_basis[basis] += lot.nr;
	agg->path_tails += ep->path_len > path_kept(ep);
	if (ep->depth && tally_add(&agg->nested, lot, basis))
		return -ENOMEM;
	if (roles_add(&agg->roles, ep, lot, basis))
		return -ENOMEM;
	return tally_add(&agg->all, lot, basis);
}

/* Adds an episode, or one that stands for many, to every table. */
static APART int add_to_tables(struct aggregate *agg, const struct episode *ep, struct lot lot)
{
	unsigned int basis = aggregate_basis(ep);
	int ret = add_times(agg, ep, lot, basis);

	if (!ret)
		ret = add_stages(agg, ep, lot);
	if (!ret)
		ret = add_transitions(agg, ep, lot);
	if (!ret)
		ret = add_keys(agg, ep, lot, basis);
	if (!ret)
		ret = add_stack(agg, ep, lot, basis);
	return ret ? ret : exits_add(&agg->exits, ep, lot, basis);
}

/* --- many at once -------------------------------------------------------------------------- */

static APART int take_out(struct aggregate *agg, const struct alike_group *group)
{
	struct lot lot = { .nr = group->times.count, .many = &group->times };
	struct episode ep;

	if (!lot.nr)
		return 0;
	alike_stand_in(group, &ep);
	return add_to_tables(agg, &ep, lot);
}

static int add_alike(struct aggregate *agg, const struct episode *ep)
{
	struct alike_group *group = alike_last(&agg->alike, ep);
	struct alike_key key;

	if (group)
		return alike_put(&agg->alike, group, ep);
	group = alike_find(&agg->alike, ep, &key);
	if (!group->times.count || !alike_is_key(group, &key)) {
		int ret = take_out(agg, group);

		if (ret)
			return ret;
		alike_begin(group, &key);
	}
	return alike_put(&agg->alike, group, ep);
}

int aggregate_settle(struct aggregate *agg)
{
	struct alike_group *group = agg->alike.groups;
	int ret = 0;

	for (; group < agg->alike.groups + ALIKE_GROUPS && !ret; group++) {
		ret = take_out(agg, group);
		histogram_free(&group->times);
	}
	agg->alike.last = NULL;
	return ret;
}

/* --- one episode --------------------------------------------------------------------------- */

/* Where no attempt is seen, any page of a slowpath that compacted may have been captured. */
static void add_captured(struct aggregate *agg, const struct episode *ep)
{
	bool may_be = !ep->nr_attempts && ep->outcome == OUTCOME_OK && ep->visits[STAGE_COMPACT];

	if ((ep->captured || may_be) && ep->has_order && ep->order < 32)
		agg->captured_pages += 1ULL << ep->order;
}

int aggregate_episode(struct aggregate *agg, const struct episode *ep)
{
	int ret;

	add_captured(agg, ep);
	ret = waiting_add(&agg->waiting, ep);
	if (ret || !ep->in_window)
		return ret;
	agg->has_episodes = true;
	timeline_episode(&agg->timeline, ep);
	ret = alike_is_for(ep) ? add_alike(agg, ep)
			       : add_to_tables(agg, ep, lot_of(ep->end_ns - ep->start_ns));
	if (!ret)
		ret = top_offer(&agg->slowest, ep);
	if (!ret && ep->outcome == OUTCOME_IN_FLIGHT)
		ret = top_offer(&agg->in_flight, ep);
	return ret;
}

int aggregate_event(struct aggregate *agg, const struct event *ev)
{
	ledger_take(&agg->ledger, ev);
	return ev->kind == EV_LOST ? limits_lost(&agg->limits, ev) : 0;
}

int aggregate_detour(struct aggregate *agg, const struct detour *detour)
{
	return detours_add(&agg->detours, detour);
}

/* --- life ---------------------------------------------------------------------------------- */

struct aggregate *aggregate_new(size_t top)
{
	static const size_t keys_max[NR_BY] = {
		[BY_ORDER] = AGGREGATE_ORDERS_MAX,
		[BY_GFP] = AGGREGATE_GFPS_MAX,
		[BY_MIGRATETYPE] = AGGREGATE_MIGRATETYPES_MAX,
		[BY_COMM] = AGGREGATE_COMMS_MAX,
		[BY_ORDER_GFP] = AGGREGATE_ORDER_GFPS_MAX,
	};
	struct aggregate *agg = calloc(1, sizeof(*agg));
	enum by by;
	int ret;

	if (!agg)
		return NULL;
	ret = top_init(&agg->slowest, top);
	if (!ret)
		ret = top_init(&agg->in_flight, top);
	if (!ret)
		ret = waiting_init(&agg->waiting);
	if (!ret)
		ret = exits_init(&agg->exits);
	if (!ret)
		ret = alike_init(&agg->alike);
	if (!ret)
		ret = timeline_init(&agg->timeline);
	if (!ret)
		ret = table_init(&agg->paths, AGGREGATE_PATHS_MAX);
	if (!ret)
		ret = table_init(&agg->stacks, AGGREGATE_STACKS_MAX);
	for (by = 0; by < NR_BY && !ret; by++)
		ret = table_init(&agg->by[by], keys_max[by]);
	if (!ret)
		return agg;
	aggregate_free(agg);
	return NULL;
}

/* Forgets the episodes; what is kept is of the whole capture, or follows the window itself. */
static int start_anew(struct aggregate *agg)
{
	struct aggregate *fresh = aggregate_new(agg->slowest.max), old = *agg;

	if (!fresh)
		return -ENOMEM;
	*agg = *fresh;
	agg->ledger = old.ledger;
	agg->limits = old.limits;
	agg->timeline = old.timeline;
	old.limits = fresh->limits;
	old.timeline = fresh->timeline;
	*fresh = old;
	aggregate_free(fresh);
	return 0;
}

/*
 * A capture whose first notes were lost looks like one of another recorder, all of which counts,
 * until a note says that there is a window, and that it begins here at the earliest.
 */
int aggregate_follow(struct aggregate *agg, const struct event *ev, const struct seq *seq)
{
	bool expected;
	int ret;

	if (!timeline_awaits(&agg->timeline, ev))
		return 0;
	expected = seq_counts(seq)->has_notes;
	ret = expected && !agg->expects_window && agg->has_episodes ? start_anew(agg) : 0;
	agg->expects_window = expected;
	timeline_event(&agg->timeline, ev, seq);
	return ret;
}

void aggregate_free(struct aggregate *agg)
{
	enum stage from, to;
	enum by by;

	if (!agg)
		return;
	tally_free(&agg->all);
	tally_free(&agg->nested);
	roles_free(&agg->roles);
	detours_free(&agg->detours);
	for (from = 0; from < NR_TIMED_STAGES; from++) {
		tally_free(&agg->stages[from].tally);
		for (to = 0; to < NR_STAGES; to++)
			tally_free(&agg->transitions[from][to]);
	}
	for (by = 0; by < NR_BY; by++)
		table_free(&agg->by[by]);
	table_free(&agg->paths);
	table_free(&agg->stacks);
	exits_free(&agg->exits);
	alike_free(&agg->alike);
	top_free(&agg->slowest);
	top_free(&agg->in_flight);
	waiting_free(&agg->waiting);
	timeline_free(&agg->timeline);
	limits_free(&agg->limits);
	free(agg);
}
