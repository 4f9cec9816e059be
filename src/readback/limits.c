// SPDX-License-Identifier: GPL-2.0-or-later
/* What the numbers are worth. */
#include <stdio.h>
#include <string.h>

#include "readback/sections.h"

/* --- reconciliation ------------------------------------------------------------------------ */

static void take_relation(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "what", TAKE_TEXT, offsetof(struct relation, what) },
		{ "traced_is", TAKE_TEXT, offsetof(struct relation, traced_is) },
		{ "kernel_is", TAKE_TEXT, offsetof(struct relation, kernel_is) },
		{ "relation", TAKE_TEXT, offsetof(struct relation, relation) },
		{ "why", TAKE_TEXT, offsetof(struct relation, why) },
		{ "traced_max", TAKE_U64_OR_0, offsetof(struct relation, traced_max) },
	};
	struct relation *row = to;
	struct known traced = take_known(take, from, "traced");
	struct known kernel = take_known(take, from, "kernel");

	take_fields(take, from, fields, TAKE_NR(fields), row);
	row->has_traced = traced.known;
	row->traced = traced.value;
	row->has_kernel = kernel.known;
	row->kernel = kernel.value;
	row->verdict = take_name(take, from, "verdict", &names_verdict);
}

void readback_reconciliation(struct taker *take, struct json_object *top)
{
	struct summary *summary = take->summary;

	take_list(take, top, "reconciliation", take_relation, &summary->relations,
		  sizeof(*summary->relations), &summary->nr_relations);
}

/* --- losses -------------------------------------------------------------------------------- */

static void take_range(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "from_ns", TAKE_U64_OR_0, offsetof(struct loss_range, from_ns) },
		{ "to_ns", TAKE_U64_OR_MAX, offsetof(struct loss_range, to_ns) },
	};
	struct loss_range *range = to;
	struct known records = take_known(take, from, "records");

	take_fields(take, from, fields, TAKE_NR(fields), range);
	range->has_records = records.known;
	range->records = records.value;
}

static void take_loss(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "cpu", TAKE_U32, offsetof(struct cpu_loss, cpu) },
		{ "places", TAKE_U64, offsetof(struct cpu_loss, places) },
		{ "records_min", TAKE_U64_OR_0, offsetof(struct cpu_loss, records) },
		{ "first_ns", TAKE_U64_OR_0, offsetof(struct cpu_loss, first_ns) },
		{ "last_ns", TAKE_U64_OR_MAX, offsetof(struct cpu_loss, last_ns) },
	};
	struct cpu_loss *loss = to;
	struct known records = take_known(take, from, "records");

	take_fields(take, from, fields, TAKE_NR(fields), loss);
	loss->uncounted = !records.known;
	if (records.known)
		loss->records = records.value;
	loss->nr_ranges = (unsigned int)take_rows(take, from, "ranges", take_range, loss->ranges,
						  sizeof(loss->ranges[0]), LOSS_RANGES_MAX);
	if (loss->nr_ranges > loss->places)
		take_refuse(take, "ranges", "at most as many as places");
}

static void take_ring_loss(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "cpu", TAKE_U64, offsetof(struct ring_loss, cpu) },
		{ "overrun", TAKE_U64, offsetof(struct ring_loss, overrun) },
		{ "commit_overrun", TAKE_U64, offsetof(struct ring_loss, commit_overrun) },
		{ "dropped", TAKE_U64, offsetof(struct ring_loss, dropped) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), to);
}

static void take_probe(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "probe", TAKE_TEXT, offsetof(struct probe_count, name) },
		{ "hits", TAKE_U64, offsetof(struct probe_count, hits) },
		{ "missed", TAKE_U64, offsetof(struct probe_count, missed) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), to);
}

/* --- damage -------------------------------------------------------------------------------- */

static void take_place(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "cpu", TAKE_U32, offsetof(struct damage_place, cpu) },
		{ "offset", TAKE_U64, offsetof(struct damage_place, offset) },
	};
	struct damage_place *place = to;
	const char *what = take_text(take, from, "what");

	take_fields(take, from, fields, TAKE_NR(fields), place);
	if (!what || strlen(what) >= sizeof(place->what))
		take_refuse(take, "what", "a text of less than 96 bytes");
	else
		snprintf(place->what, sizeof(place->what), "%s", what);
}

static void take_damage(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "places", TAKE_U64, offsetof(struct capture_damage, nr) },
		{ "bytes", TAKE_U64, offsetof(struct capture_damage, bytes) },
		{ "undecodable_records", TAKE_U64, offsetof(struct capture_damage, nr_undecodable) },
		{ "unknown_records", TAKE_U64, offsetof(struct capture_damage, nr_unknown_events) },
	};
	struct limits *limits = to;
	struct capture_damage *damage = &limits->damage;

	take_fields(take, from, fields, TAKE_NR(fields), damage);
	limits->unfinished = take_bool(take, from, "unfinished");
	damage->nr_kept = (unsigned int)take_rows(take, from, "first", take_place, damage->kept,
						  sizeof(damage->kept[0]), DAMAGE_KEPT);
	if (!damage->nr_kept != !damage->nr)
		take_refuse(take, "first", "a place where there are any, and none where not");
}

/* --- the whole ----------------------------------------------------------------------------- */

static void take_not_probed(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "what", TAKE_TEXT, offsetof(struct pair, name) },
		{ "why", TAKE_TEXT, offsetof(struct pair, text) },
	};

	take_fields(take, from, fields, TAKE_NR(fields), to);
}

static void take_lists(struct taker *take, struct json_object *from, struct limits *limits)
{
	take_list(take, from, "losses", take_loss, &limits->losses, sizeof(*limits->losses),
		  &limits->nr_losses);
	limits->has_ring_losses =
		take_list(take, from, "ring_losses", take_ring_loss, &limits->ring_losses,
			  sizeof(*limits->ring_losses), &limits->nr_ring_losses);
	limits->has_probes = take_list(take, from, "probes", take_probe, &limits->probes,
				       sizeof(*limits->probes), &limits->nr_probes);
	take_list(take, from, "not_probed", take_not_probed, &limits->not_probed.items,
		  sizeof(*limits->not_probed.items), &limits->not_probed.nr);
}

static void take_limits(struct taker *take, struct json_object *from, void *to)
{
	static const struct take_field fields[] = {
		{ "lost_max", TAKE_KNOWN, offsetof(struct limits, lost) },
		{ "orphan_exits", TAKE_U64, offsetof(struct limits, orphan_exits) },
		{ "orphan_events", TAKE_U64, offsetof(struct limits, orphans) },
		{ "broken_at_losses", TAKE_U64, offsetof(struct limits, lost_breaks) },
		{ "unpaired_attempts", TAKE_U64, offsetof(struct limits, unpaired_attempts) },
		{ "entries_before_window", TAKE_U64, offsetof(struct limits, entries_before) },
		{ "entries_after_window", TAKE_U64, offsetof(struct limits, entries_after) },
		{ "evicted_contexts", TAKE_U64, offsetof(struct limits, evicted_contexts) },
		{ "nested_too_deep", TAKE_U64, offsetof(struct limits, nested_too_deep) },
		{ "long_paths", TAKE_U64, offsetof(struct limits, path_tails) },
		{ "paths_not_kept", TAKE_U64, offsetof(struct limits, folded_paths) },
		{ "keys_not_kept", TAKE_U64, offsetof(struct limits, folded_keys) },
		{ "steps_dropped", TAKE_U64, offsetof(struct limits, dropped_steps) },
		{ "notes_dropped", TAKE_U64, offsetof(struct limits, notes_dropped) },
		{ "stacks_alone", TAKE_KNOWN, offsetof(struct limits, stacks_alone) },
	};
	struct limits *limits = to;

	limits->gaps = take_name_bits(take, from, "gaps", &names_gap);
	take_fields(take, from, fields, TAKE_NR(fields), limits);
	take_needed(take, from, "damage", take_damage, limits);
	take_lists(take, from, limits);
}

void readback_limits(struct taker *take, struct json_object *top)
{
	take_needed(take, top, "limits", take_limits, &take->summary->limits);
}
