// SPDX-License-Identifier: GPL-2.0-or-later
/* The slowest episodes: the first ones as trees of what happened in them, the next in two lines. */
#include <inttypes.h>

#include "base/saturate.h"
#include "kernel/flags.h"
#include "render/text_parts.h"

#define ROWS_EPISODES 5
#define ROWS_TREES    2
#define ROWS_STEPS    12 /* of a tree */

/* --- one step ------------------------------------------------------------------------------ */

static void print_attempt(const struct summary *summary, const struct step *step, FILE *out)
{
	char flags[ALLOC_FLAGS_TEXT_MAX];

	kernel_alloc_flags_text(flags, step->alloc_flags, summary->identity.release);
	fprintf(out, "attempt (%s): %s, %s", attempt_name((enum attempt)step->detail),
		step->value ? "a page" : "none", flags);
}

static void print_step(const struct summary *summary, const struct step *step, FILE *out)
{
	char buf[UNIT_TEXT_MAX];
	uint64_t value = (uint64_t)step->value;

	switch ((enum step_kind)step->kind) {
	case STEP_ATTEMPT:
		print_attempt(summary, step, out);
		break;
	case STEP_WAKE:
		fprintf(out, "kswapd of node %" PRId64 " woken", step->value);
		break;
	case STEP_RECLAIMED:
		fprintf(out, "%" PRId64 " pages reclaimed", step->value);
		break;
	case STEP_COMPACTED:
		fprintf(out, "a zone compacted: %s", kernel_compact_result_name(step->value));
		break;
	case STEP_THROTTLED:
		fprintf(out, "throttled for %s", text_of_ns(buf, value));
		break;
	case STEP_DRAIN:
		fputs("lists of all CPUs drained", out);
		break;
	case STEP_UNRESERVE:
		fprintf(out, "highatomic reserves %s", step->value ? "given back" : "asked for");
		break;
	case STEP_VICTIM:
		fprintf(out, "OOM killer chose pid %" PRId64, step->value);
		break;
	case STEP_WARN:
		fputs("warn_alloc: the request failed", out);
		break;
	case STEP_NESTED:
		fprintf(out, "an episode inside it took %s", text_of_ns(buf, value));
		break;
	default:
		fputs(step_name((enum step_kind)step->kind), out);
		break;
	}
}

/* --- trees --------------------------------------------------------------------------------- */

static bool is_stage(const struct step *step)
{
	return step->kind == STEP_STAGE && step->detail < NR_TIMED_STAGES;
}

/* How long the stage lasts that begins with a step: to the next one, or the end. */
static uint64_t stage_ns(const struct episode *ep, uint32_t at)
{
	uint64_t end = ep->end_ns - ep->start_ns;
	uint32_t i;

	for (i = at + 1; i < ep->nr_steps; i++)
		if (ep->steps[i].kind == STEP_STAGE) {
			end = ep->steps[i].at_ns;
			break;
		}
	return end > ep->steps[at].at_ns ? end - ep->steps[at].at_ns : 0;
}

static void print_branch(const struct summary *summary, const struct episode *ep, uint32_t at,
			 FILE *out)
{
	const struct step *step = &ep->steps[at];
	char when[UNIT_TEXT_MAX], buf[UNIT_TEXT_MAX];

	fprintf(out, "    +%-9s", text_of_ns(when, step->at_ns));
	if (is_stage(step)) {
		fprintf(out, "%s  %s", stage_name((enum stage)step->detail),
			text_of_ns(buf, stage_ns(ep, at)));
	} else if (step->kind == STEP_STAGE) {
		fputs(stage_name((enum stage)step->detail), out);
	} else {
		fputs("|  ", out);
		print_step(summary, step, out);
	}
	putc('\n', out);
}

/* Steps that make one line: episodes inside, one after the other. */
static uint32_t alike(const struct episode *ep, uint32_t at)
{
	uint32_t nr = 1;

	while (ep->steps[at].kind == STEP_NESTED && at + nr < ep->nr_steps &&
	       ep->steps[at + nr].kind == STEP_NESTED)
		nr++;
	return nr;
}

static void print_nested(const struct episode *ep, uint32_t at, uint32_t nr, FILE *out)
{
	char when[UNIT_TEXT_MAX], buf[UNIT_TEXT_MAX];
	uint64_t ns = 0;
	uint32_t i;

	for (i = at; i < at + nr; i++)
		ns = sat_plus(ns, (uint64_t)ep->steps[i].value);
	fprintf(out, "    +%-9s|  %" PRIu32 " episodes inside it took %s\n",
		text_of_ns(when, ep->steps[at].at_ns), nr, text_of_ns(buf, ns));
}

static uint32_t count_lines(const struct episode *ep)
{
	uint32_t i, nr = 0;

	for (i = 0; i < ep->nr_steps; i += alike(ep, i))
		nr++;
	return nr;
}

/* The beginning, and the end: what is in between is left out. */
static void print_tree(const struct summary *summary, const struct episode *ep, FILE *out)
{
	uint32_t lines = count_lines(ep), line = 0, i, nr;
	uint32_t skip = lines > ROWS_STEPS ? lines - ROWS_STEPS : 0, from = ROWS_STEPS / 2;

	for (i = 0; i < ep->nr_steps; i += nr, line++) {
		nr = alike(ep, i);
		if (skip && line == from)
			fprintf(out, "    ... %" PRIu32 " more, see the JSON\n", skip);
		if (line >= from && line < from + skip)
			continue;
		if (nr > 1)
			print_nested(ep, i, nr, out);
		else
			print_branch(summary, ep, i, out);
	}
	if (ep->nr_steps_dropped)
		fprintf(out, "    ... and %" PRIu32 " that were not kept\n", ep->nr_steps_dropped);
}

/* --- one episode --------------------------------------------------------------------------- */

static void print_request(const struct worst *worst, FILE *out)
{
	const struct episode *ep = worst->episode;
	char buf[UNIT_TEXT_MAX];

	fprintf(out, "%9s%s  ", text_of_ns(buf, ep->end_ns - ep->start_ns),
		worst->basis == TIME_EXACT ? "" : "~");
	text_print_clean(out, worst->comm);
	fprintf(out, "[%" PRId32 "]", ep->pid);
	if (ep->has_order)
		fprintf(out, " order %" PRIu32, ep->order);
	if (ep->has_gfp) {
		putc(' ', out);
		text_print_clean(out, worst->gfp);
	}
	if (worst->origin) {
		fputs("  in ", out);
		text_print_clean(out, worst->origin);
	}
	fputs("\n           ", out);
	text_print_clean(out, worst->path);
	putc('\n', out);
}

static void print_others(const struct episode *ep, FILE *out)
{
	if (ep->in_crowd && ep->others_max)
		fprintf(out, "           others stalled meanwhile: %" PRIu32 " at most\n",
			ep->others_max);
}

static void print_stages(const struct episode *ep, FILE *out)
{
	char buf[UNIT_TEXT_MAX];
	enum stage stage;

	fputs("         ", out);
	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		if (ep->visits[stage])
			fprintf(out, "  %s %s", stage_name(stage),
				text_of_ns(buf, ep->stage_ns[stage]));
	putc('\n', out);
}

void text_episodes(const struct summary *summary, FILE *out)
{
	size_t i;

	if (!summary->nr_worst)
		return;
	fputs("\n" MARK_HEAD "The slowest" MARK_END "\n", out);
	for (i = 0; i < summary->nr_worst && i < ROWS_EPISODES; i++) {
		const struct worst *worst = &summary->worst[i];

		print_request(worst, out);
		print_others(worst->episode, out);
		if (i < ROWS_TREES && worst->episode->nr_steps > 1)
			print_tree(summary, worst->episode, out);
		else
			print_stages(worst->episode, out);
	}
}
