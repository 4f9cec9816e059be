// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: summaries, one after the other. Out: one, made anew with each from what there was and the next
 * one, so that memory does not grow with their number.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "merge/join.h"
#include "merge/merger.h"
#include "summary/text.h"

struct merger {
	struct summary now;
	char *first; /* what the first one is called */
	size_t top;
};

/* --- who and where ------------------------------------------------------------------------- */

static const struct join_field identity_fields[] = {
	JOIN_FIELD(struct identity, tool_version, join_same),
	JOIN_FIELD(struct identity, file, join_same),
	JOIN_FIELD(struct identity, sha256, join_same),
	JOIN_FIELD(struct identity, size, join_sum),
	JOIN_FIELD(struct identity, clock, join_same),
	JOIN_FIELD(struct identity, recorder_version, join_same),
	JOIN_FIELD(struct identity, profile, join_same),
	JOIN_FIELD(struct identity, profile_why, join_same),
	JOIN_FIELD(struct identity, ended, join_same),
	JOIN_FIELD(struct identity, command_status, join_agree),
	JOIN_FIELD(struct identity, buffer_kb, join_agree),
	JOIN_FIELD(struct identity, only_pid, join_agree),
	JOIN_FIELD(struct identity, kernel_release, join_same),
	JOIN_FIELD(struct identity, kernel_version, join_same),
	JOIN_FIELD(struct identity, machine, join_same),
	JOIN_FIELD(struct identity, cpus_online, join_agree),
	JOIN_FIELD(struct identity, cpus_possible, join_agree),
	JOIN_FIELD(struct identity, page_bytes, join_agree),
	JOIN_FIELD(struct identity, memory_kb, join_agree),
	JOIN_END,
};

static bool same_layout(const struct identity *a, const struct identity *b)
{
	return a->big_endian == b->big_endian && a->long_size == b->long_size &&
	       a->page_size == b->page_size && a->version == b->version;
}

/* A window on no clock: only its length is known, that of all together. */
static void join_identity(struct joiner *join)
{
	const struct identity *a = join->a ? &join->a->identity : NULL, *b = &join->b->identity;
	struct identity *to = &join->out->identity;

	join_fields(join, identity_fields, to, a, b);
	if (!a || same_layout(a, b)) {
		to->big_endian = b->big_endian;
		to->long_size = b->long_size;
		to->page_size = b->page_size;
		to->version = b->version;
	}
	if (to->kernel_release)
		to->release = b->release;
	to->stop_ns = sat_plus(a ? a->stop_ns - a->start_ns : 0, b->stop_ns - b->start_ns);
}

static uint64_t nr_summaries(const struct summary *summary)
{
	return summary->merged.summaries ? summary->merged.summaries : 1;
}

static uint64_t nr_cpus(const struct summary *summary)
{
	return summary->merged.summaries ? summary->merged.cpus : summary->identity.nr_cpus;
}

static void join_merged(struct joiner *join)
{
	struct merged *to = &join->out->merged;

	to->summaries = sat_plus(join->a ? nr_summaries(join->a) : 0, nr_summaries(join->b));
	to->cpus = sat_plus(join->a ? nr_cpus(join->a) : 0, nr_cpus(join->b));
}

/* --- numbers ------------------------------------------------------------------------------- */

static const struct join_field stage_fields[] = {
	JOIN_FIELD(struct stage_row, episodes, join_sum),
	JOIN_FIELD(struct stage_row, visits, join_sum),
	JOIN_FIELD(struct stage_row, succeeded, join_sum),
	JOIN_ARRAY(struct stage_row, run_ns, join_sum),
	JOIN_FIELD(struct stage_row, times, join_times),
	JOIN_END,
};

static void join_stage(struct joiner *join, void *to, const void *a, const void *b)
{
	join_fields(join, stage_fields, to, a, b);
}

static const struct join_field detour_fields[] = {
	JOIN_FIELD(struct detour_row, known, join_and),
	JOIN_FIELD(struct detour_row, reclaims, join_sum),
	JOIN_FIELD(struct detour_row, times, join_times),
	JOIN_END,
};

static void join_detour(struct joiner *join, void *to, const void *a, const void *b)
{
	struct detour_row *row = to;

	join_fields(join, detour_fields, to, a, b);
	if (!row->known)
		*row = (struct detour_row){ 0 };
}

/* Fields of the whole that are joined by themselves. */
static const struct join_field fields[] = {
	/* What one of them tells, all together tell. */
	JOIN_FIELD(struct summary, redacted, join_common_bits),
	JOIN_FIELD(struct summary, slowpath.entries, join_count),
	JOIN_FIELD(struct summary, slowpath.unseen, join_count),
	JOIN_FIELD(struct summary, slowpath.rebuilt, join_sum),
	JOIN_ARRAY(struct summary, slowpath.outcomes, join_sum),
	JOIN_FIELD(struct summary, slowpath.captured, join_sum),
	JOIN_FIELD(struct summary, slowpath.nested, join_times),
	JOIN_FIELD(struct summary, slowpath.times, join_times),
	JOIN_FIELD(struct summary, slowpath.self, join_times),
	JOIN_FIELD(struct summary, slowpath.stalls, join_times),
	JOIN_ARRAY(struct summary, slowpath.background, join_times),
	JOIN_FIELD(struct summary, slowpath.interrupts, join_times),
	JOIN_ARRAY(struct summary, slowpath.time_basis, join_sum),
	JOIN_FIELD(struct summary, attempts.has_attempts, join_and),
	JOIN_FIELD(struct summary, attempts.has_results, join_and),
	JOIN_FIELD(struct summary, attempts.has_all, join_and),
	JOIN_FIELD(struct summary, attempts.has_nulls, join_and),
	JOIN_ARRAY(struct summary, attempts.attempts, join_sum),
	JOIN_ARRAY(struct summary, attempts.null_attempts, join_sum),
	JOIN_FIELD(struct summary, attempts.null_returns, join_sum),
	JOIN_FIELD(struct summary, attempts.has_allocations, join_and),
	JOIN_FIELD(struct summary, attempts.allocations, join_count),
	JOIN_ARRAY(struct summary, stages, join_stage),
	JOIN_ARRAY(struct summary, detours, join_detour),
	JOIN_FIELD(struct summary, detours_certainty, join_certainty),
	JOIN_FIELD(struct summary, waiting.has_sched, join_and),
	JOIN_FIELD(struct summary, waiting.nr_in_flight_all, join_sum),
	JOIN_FIELD(struct summary, waiting.nr_holes, join_sum),
	JOIN_ARRAY(struct summary, waiting.holes_ns, join_sum),
	JOIN_FIELD(struct summary, waiting.nr_lost_holes, join_sum),
	JOIN_FIELD(struct summary, has_kswapd, join_and),
	JOIN_END,
};

/* The naive count against the real one, of all. */
static void set_overcount(struct summary *out)
{
	uint64_t entries = out->slowpath.rebuilt;

	if (entries)
		out->attempts.overcount_per_mille =
			sat_plus(sat_times(out->attempts.null_returns, 1000), entries / 2) /
			entries;
}

/* --- how many at once ---------------------------------------------------------------------- */

static void join_basis(struct joiner *join, void *to, const void *a, const void *b)
{
	const enum time_basis *x = a, *y = b;

	(void)join;
	*(enum time_basis *)to = (x ? *x : TIME_EXACT) | *y;
}

static const struct join_field crowd_fields[] = {
	JOIN_FIELD(struct concurrency, basis, join_basis),
	JOIN_FIELD(struct concurrency, window_ns, join_sum),
	JOIN_FIELD(struct concurrency, task_ns, join_sum),
	JOIN_FIELD(struct concurrency, max, join_max),
	JOIN_ARRAY(struct concurrency, stage_max, join_max),
	JOIN_ARRAY(struct concurrency, stage_task_ns, join_sum),
	JOIN_FIELD(struct concurrency, nr_late, join_sum),
	JOIN_END,
};

static int compare_crowds(const void *a, const void *b)
{
	const struct crowd_row *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

static const struct join_field crowd_row_fields[] = {
	JOIN_FIELD(struct crowd_row, ns, join_sum),
	JOIN_FIELD(struct crowd_row, task_ns, join_sum),
	JOIN_END,
};

static const struct join_rule crowd_rows = {
	.size = sizeof(struct crowd_row),
	.compare = compare_crowds,
	.fields = crowd_row_fields,
};

static void join_crowd(struct joiner *join)
{
	static const struct concurrency none;
	const struct concurrency *a = join->a ? &join->a->waiting.crowd : &none;
	const struct concurrency *b = &join->b->waiting.crowd;
	struct concurrency *to = &join->out->waiting.crowd;
	struct crowd_row rows[2 * NR_CROWD_ROWS];
	size_t nr;

	join_fields(join, crowd_fields, to, join->a ? a : NULL, b);
	nr = join_rows(join, &crowd_rows, rows, (struct join_list){ a->rows, a->nr_rows },
		       (struct join_list){ b->rows, b->nr_rows });
	if (nr > NR_CROWD_ROWS) {
		join->refused = "divides 'concurrency.by_number' as no summary does";
		return;
	}
	memcpy(to->rows, rows, nr * sizeof(rows[0]));
	to->nr_rows = nr;
}

/* --- counters of the kernel ---------------------------------------------------------------- */

static int compare_numbers(const void *a, const void *b)
{
	const struct number *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void copy_number(struct joiner *join, void *to, const void *from)
{
	((struct number *)to)->name = join_keep(join, ((const struct number *)from)->name);
}

static void join_value(struct joiner *join, void *to, const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	int64_t *sum = to;

	(void)join;
	if (__builtin_add_overflow(x ? *x : 0, *y, sum))
		*sum = *y < 0 ? INT64_MIN : INT64_MAX;
}

static const struct join_field number_fields[] = {
	JOIN_FIELD(struct number, value, join_value),
	JOIN_END,
};

static const struct join_rule numbers = {
	.size = sizeof(struct number),
	.compare = compare_numbers,
	.copy = copy_number,
	.fields = number_fields,
};

/* What did not change is left out of a summary, so a counter that one of them lacks is 0 there. */
static void join_vmstat(struct joiner *join)
{
	static const struct state none = { .has_vmstat = true };
	const struct state *a = join->a ? &join->a->state : &none, *b = &join->b->state;
	struct state *to = &join->out->state;
	size_t i, nr;

	to->has_vmstat = a->has_vmstat && b->has_vmstat;
	if (!to->has_vmstat)
		return;
	nr = join_new_rows(join, &numbers, &to->vmstat.items,
			   (struct join_list){ a->vmstat.items, a->vmstat.nr },
			   (struct join_list){ b->vmstat.items, b->vmstat.nr });
	for (i = 0; i < nr; i++)
		if (to->vmstat.items[i].value)
			to->vmstat.items[to->vmstat.nr++] = to->vmstat.items[i];
}

/* --- the whole ----------------------------------------------------------------------------- */

static void join_all(struct joiner *join)
{
	join_merged(join);
	join_identity(join);
	join->out->slowpath.basis = join->b->slowpath.basis;
	join_fields(join, fields, join->out, join->a, join->b);
	set_overcount(join->out);
	if (!join_failed(join))
		join_tables(join);
	join_crowd(join);
	join_vmstat(join);
	if (!join_failed(join))
		join_limits(join);
	if (!join_failed(join))
		join_episodes(join);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static const char *profile_of(const struct summary *summary)
{
	const char *profile = summary->identity.profile;

	return profile ? profile : "(unknown)";
}

/* What is counted in another way is not added. */
static int check(const struct merger *merge, const struct summary *summary, const char *name,
		 struct err *err)
{
	const struct summary *now = &merge->now;

	if (!merge->first || (same_text(now->identity.profile, summary->identity.profile) &&
			      now->slowpath.basis == summary->slowpath.basis))
		return 0;
	return err_set(err, -EINVAL,
		       "%s: recorded with the profile %s (entries by %s), but %s with %s (by %s): "
		       "what they count differs; merge each profile by itself",
		       name, profile_of(summary), basis_name(summary->slowpath.basis), merge->first,
		       profile_of(now), basis_name(now->slowpath.basis));
}

struct merger *merger_new(size_t top)
{
	struct merger *merge = calloc(1, sizeof(*merge));

	if (merge)
		merge->top = top;
	return merge;
}

void merger_free(struct merger *merge)
{
	if (!merge)
		return;
	summary_free(&merge->now);
	free(merge->first);
	free(merge);
}

static int remember_first(struct merger *merge, const char *name)
{
	if (!merge->first)
		merge->first = strdup(name);
	return merge->first ? 0 : -ENOMEM;
}

int merger_add(struct merger *merge, const struct summary *summary, const char *name,
	       struct err *err)
{
	struct summary next = { 0 };
	struct joiner join = { .a = merge->first ? &merge->now : NULL,
			       .b = summary,
			       .out = &next,
			       .top = merge->top };
	int ret = check(merge, summary, name, err);

	if (!ret)
		join_all(&join);
	if (!ret && join.refused)
		ret = err_set(err, -EINVAL, "%s: %s", name, join.refused);
	else if (!ret && (next.no_memory || remember_first(merge, name)))
		ret = err_set(err, -ENOMEM, "%s: out of memory", name);
	summary_free(ret ? &next : &merge->now);
	if (!ret)
		merge->now = next;
	return ret;
}

struct summary *merger_result(struct merger *merge)
{
	return &merge->now;
}
