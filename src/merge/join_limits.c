// SPDX-License-Identifier: GPL-2.0-or-later
/* What the numbers are worth: reconciliation and limits. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/saturate.h"
#include "merge/join.h"

static const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

/* --- reconciliation ------------------------------------------------------------------------ */

static int compare_relations(const void *a, const void *b)
{
	const struct relation *x = a, *y = b;

	return strcmp(text_or_empty(x->what), text_or_empty(y->what));
}

/* The worst of both: a mismatch stays one however many agree. */
static void join_verdict(struct joiner *join, void *to, const void *a, const void *b)
{
	static const unsigned int severity[] = {
		[VERDICT_OK] = 0,
		[VERDICT_EXPLAINED] = 1,
		[VERDICT_UNKNOWN] = 2,
		[VERDICT_MISMATCH] = 3,
	};
	const enum verdict *x = a, *y = b;

	(void)join;
	*(enum verdict *)to = x && severity[*x] > severity[*y] ? *x : *y;
}

static const struct join_field relation_fields[] = {
	JOIN_FIELD(struct relation, traced_is, join_same),
	JOIN_FIELD(struct relation, kernel_is, join_same),
	JOIN_FIELD(struct relation, relation, join_same),
	JOIN_FIELD(struct relation, why, join_same),
	JOIN_FIELD(struct relation, has_traced, join_and),
	JOIN_FIELD(struct relation, has_kernel, join_and),
	JOIN_FIELD(struct relation, traced, join_sum),
	JOIN_FIELD(struct relation, traced_max, join_sum),
	JOIN_FIELD(struct relation, kernel, join_sum),
	JOIN_FIELD(struct relation, verdict, join_verdict),
	JOIN_END,
};

static void copy_relation(struct joiner *join, void *to, const void *from)
{
	((struct relation *)to)->what = join_keep(join, ((const struct relation *)from)->what);
}

/* Of what only some compared the sums are not known. */
static void relation_alone(struct joiner *join, void *row)
{
	struct relation *relation = row;

	(void)join;
	relation->has_traced = relation->has_kernel = false;
	if (relation->verdict != VERDICT_MISMATCH)
		relation->verdict = VERDICT_UNKNOWN;
	relation->why = NULL;
}

static const struct join_rule relations = {
	.size = sizeof(struct relation),
	.compare = compare_relations,
	.copy = copy_relation,
	.fields = relation_fields,
	.alone = relation_alone,
};

/* The order of the first, where the second has the same; else that of the names. */
static void order_like(struct summary *out, const struct summary *a, const struct summary *b)
{
	struct relation *rows;
	size_t i, k;

	for (i = 0; a && i < a->nr_relations; i++)
		if (a->nr_relations != b->nr_relations ||
		    compare_relations(&a->relations[i], &b->relations[i]))
			return;
	rows = calloc(b->nr_relations + 1, sizeof(*rows));
	out->no_memory |= !rows;
	for (i = 0; rows && i < b->nr_relations; i++)
		for (k = 0; k < out->nr_relations; k++)
			if (!compare_relations(&b->relations[i], &out->relations[k]))
				rows[i] = out->relations[k];
	if (rows && out->nr_relations == b->nr_relations)
		memcpy(out->relations, rows, out->nr_relations * sizeof(*rows));
	free(rows);
}

static void join_relations(struct joiner *join)
{
	static const struct summary none;
	const struct summary *a = join->a ? join->a : &none, *b = join->b;
	struct summary *out = join->out;
	size_t i;

	out->nr_relations = join_new_rows(join, &relations, &out->relations,
					  (struct join_list){ a->relations, a->nr_relations },
					  (struct join_list){ b->relations, b->nr_relations });
	for (i = 0; i < out->nr_relations; i++) {
		struct relation *row = &out->relations[i];

		row->traced = row->has_traced ? row->traced : 0;
		row->traced_max = row->has_traced ? row->traced_max : 0;
		row->kernel = row->has_kernel ? row->kernel : 0;
	}
	if (!join_failed(join))
		order_like(out, join->a, b);
}

/* --- losses: of all hosts' CPUs of a number ------------------------------------------------- */

static int compare_losses(const void *a, const void *b)
{
	const struct cpu_loss *x = a, *y = b;

	return compare_u64(x->cpu, y->cpu);
}

/* Times of different clocks are not kept together. */
static void copy_loss(struct joiner *join, void *to, const void *from)
{
	struct cpu_loss *loss = to;

	(void)join;
	(void)from;
	loss->first_ns = 0;
	loss->last_ns = UINT64_MAX;
	loss->nr_ranges = 0;
}

static const struct join_field loss_fields[] = {
	JOIN_FIELD(struct cpu_loss, places, join_sum),
	JOIN_FIELD(struct cpu_loss, records, join_sum),
	JOIN_FIELD(struct cpu_loss, uncounted, join_or),
	JOIN_END,
};

static const struct join_rule losses = {
	.size = sizeof(struct cpu_loss),
	.compare = compare_losses,
	.copy = copy_loss,
	.fields = loss_fields,
};

static int compare_rings(const void *a, const void *b)
{
	const struct ring_loss *x = a, *y = b;

	return compare_u64(x->cpu, y->cpu);
}

static const struct join_field ring_fields[] = {
	JOIN_FIELD(struct ring_loss, overrun, join_sum),
	JOIN_FIELD(struct ring_loss, commit_overrun, join_sum),
	JOIN_FIELD(struct ring_loss, dropped, join_sum),
	JOIN_END,
};

static const struct join_rule rings = {
	.size = sizeof(struct ring_loss),
	.compare = compare_rings,
	.fields = ring_fields,
};

/* --- probes, what was not probed ------------------------------------------------------------ */

static int compare_probes(const void *a, const void *b)
{
	const struct probe_count *x = a, *y = b;

	return strcmp(text_or_empty(x->name), text_or_empty(y->name));
}

static void copy_probe(struct joiner *join, void *to, const void *from)
{
	((struct probe_count *)to)->name =
		join_keep(join, ((const struct probe_count *)from)->name);
}

static const struct join_field probe_fields[] = {
	JOIN_FIELD(struct probe_count, hits, join_sum),
	JOIN_FIELD(struct probe_count, missed, join_sum),
	JOIN_END,
};

static const struct join_rule probes = {
	.size = sizeof(struct probe_count),
	.compare = compare_probes,
	.copy = copy_probe,
	.fields = probe_fields,
};

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int order = strcmp(text_or_empty(x->name), text_or_empty(y->name));

	return order ? order : strcmp(text_or_empty(x->text), text_or_empty(y->text));
}

static void copy_pair(struct joiner *join, void *to, const void *from)
{
	const struct pair *pair = from;

	*(struct pair *)to =
		(struct pair){ join_keep(join, pair->name), join_keep(join, pair->text) };
}

static const struct join_field no_fields[] = { JOIN_END };

static const struct join_rule pairs = {
	.size = sizeof(struct pair),
	.compare = compare_pairs,
	.copy = copy_pair,
	.fields = no_fields,
};

/* --- damage -------------------------------------------------------------------------------- */

static int compare_places(const void *a, const void *b)
{
	const struct damage_place *x = a, *y = b;
	int order = compare_u64(x->offset, y->offset);

	if (!order)
		order = compare_u64(x->cpu, y->cpu);
	return order ? order : strcmp(x->what, y->what);
}

static const struct join_field damage_fields[] = {
	JOIN_FIELD(struct capture_damage, nr, join_sum),
	JOIN_FIELD(struct capture_damage, bytes, join_sum),
	JOIN_FIELD(struct capture_damage, nr_unknown_events, join_sum),
	JOIN_FIELD(struct capture_damage, nr_undecodable, join_sum),
	JOIN_END,
};

/* The places are of several files: the first ones are those nearest to the beginning of any. */
static void join_damage(struct joiner *join, void *to, const void *a, const void *b)
{
	struct damage_place all[2 * DAMAGE_KEPT];
	const struct capture_damage *x = a, *y = b;
	struct capture_damage *sum = to;
	unsigned int nr = x ? x->nr_kept : 0;

	join_fields(join, damage_fields, to, a, b);
	if (nr)
		memcpy(all, x->kept, nr * sizeof(all[0]));
	memcpy(all + nr, y->kept, y->nr_kept * sizeof(all[0]));
	nr += y->nr_kept;
	qsort(all, nr, sizeof(all[0]), compare_places);
	sum->nr_kept = nr < DAMAGE_KEPT ? nr : DAMAGE_KEPT;
	memcpy(sum->kept, all, sum->nr_kept * sizeof(all[0]));
}

/* --- the whole ----------------------------------------------------------------------------- */

static const struct join_field fields[] = {
	JOIN_FIELD(struct limits, gaps, join_bits),
	JOIN_FIELD(struct limits, lost, join_sum_known),
	JOIN_FIELD(struct limits, has_ring_losses, join_and),
	JOIN_FIELD(struct limits, has_probes, join_and),
	JOIN_FIELD(struct limits, damage, join_damage),
	JOIN_FIELD(struct limits, unfinished, join_or),
	JOIN_FIELD(struct limits, notes_dropped, join_sum),
	JOIN_FIELD(struct limits, orphan_exits, join_sum),
	JOIN_FIELD(struct limits, orphans, join_sum),
	JOIN_FIELD(struct limits, lost_breaks, join_sum),
	JOIN_FIELD(struct limits, unpaired_attempts, join_sum),
	JOIN_FIELD(struct limits, entries_before, join_sum),
	JOIN_FIELD(struct limits, entries_after, join_sum),
	JOIN_FIELD(struct limits, evicted_contexts, join_sum),
	JOIN_FIELD(struct limits, nested_too_deep, join_sum),
	JOIN_FIELD(struct limits, path_tails, join_sum),
	JOIN_FIELD(struct limits, dropped_steps, join_sum),
	JOIN_FIELD(struct limits, stacks_alone, join_sum_known),
	JOIN_END,
};

void join_limits(struct joiner *join)
{
	static const struct limits none;
	const struct limits *a = join->a ? &join->a->limits : &none, *b = &join->b->limits;
	struct limits *to = &join->out->limits;

	join_fields(join, fields, to, join->a ? a : NULL, b);
	to->nr_losses = join_new_rows(join, &losses, &to->losses,
				      (struct join_list){ a->losses, a->nr_losses },
				      (struct join_list){ b->losses, b->nr_losses });
	to->nr_ring_losses = join_new_rows(join, &rings, &to->ring_losses,
					   (struct join_list){ a->ring_losses, a->nr_ring_losses },
					   (struct join_list){ b->ring_losses, b->nr_ring_losses });
	to->nr_probes = join_new_rows(join, &probes, &to->probes,
				      (struct join_list){ a->probes, a->nr_probes },
				      (struct join_list){ b->probes, b->nr_probes });
	to->not_probed.nr =
		join_new_rows(join, &pairs, &to->not_probed.items,
			      (struct join_list){ a->not_probed.items, a->not_probed.nr },
			      (struct join_list){ b->not_probed.items, b->not_probed.nr });
	join_relations(join);
}
