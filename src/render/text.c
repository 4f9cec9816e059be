// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The summary for people: a headline, then tables from the general to the particular, then what
 * the numbers are worth. About a hundred lines whatever the capture holds.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "render/clean.h"
#include "render/render.h"
#include "render/text_parts.h"

#define ROWS_STEPS  16
#define ROWS_PATHS  10
#define ROWS_KEYS   6
#define ROWS_PLACES 4
#define ROWS_PROBES 8

struct unit {
	uint64_t ns;
	const char *name;
};

const char *text_of_ns(char buf[UNIT_TEXT_MAX], uint64_t ns)
{
	static const struct unit units[] = {
		{ 1000000000, "s" },
		{ 1000000, "ms" },
		{ 1000, "us" },
		{ 1, "ns" },
	};
	const struct unit *unit = units;
	uint64_t whole, part;

	while (unit->ns > 1 && ns < unit->ns)
		unit++;
	whole = ns / unit->ns;
	part = ns % unit->ns * 100 / unit->ns;
	if (unit->ns == 1 || whole >= 100)
		snprintf(buf, UNIT_TEXT_MAX, "%" PRIu64 " %s", whole, unit->name);
	else if (whole >= 10)
		snprintf(buf, UNIT_TEXT_MAX, "%" PRIu64 ".%" PRIu64 " %s", whole, part / 10,
			 unit->name);
	else
		snprintf(buf, UNIT_TEXT_MAX, "%" PRIu64 ".%02" PRIu64 " %s", whole, part,
			 unit->name);
	return buf;
}

uint64_t text_per_mille(uint64_t ns, uint64_t of_ns)
{
	return ns < UINT64_MAX / 1000 ? ns * 1000 / of_ns : ns / of_ns * 1000;
}

static void print_ns(FILE *out, uint64_t ns)
{
	char buf[UNIT_TEXT_MAX];

	fprintf(out, " %9s", text_of_ns(buf, ns));
}

/* Columns of every table with times. */
const char text_times_head[] = "     total       p50       p90       p99       max";

void text_times(FILE *out, const struct times *times)
{
	print_ns(out, times->total_ns);
	print_ns(out, times->p50_ns);
	print_ns(out, times->p90_ns);
	print_ns(out, times->p99_ns);
	print_ns(out, times->max_ns);
}

void text_print_clean(FILE *out, const char *text)
{
	char *clean = clean_dup(text ? text : "?", true);

	fputs(clean ? clean : "?", out);
	free(clean);
}

/* --- headline ------------------------------------------------------------------------------ */

static void print_rate(FILE *out, uint64_t count, uint64_t ns)
{
	/* In tenths a second; the division first, where the product would not fit. */
	uint64_t tenths = count < UINT64_MAX / 10000000000ULL ? count * 10000000000ULL / ns
							      : count / ns * 10000000000ULL;

	fprintf(out, " (%" PRIu64 ".%" PRIu64 " a second)", tenths / 10, tenths % 10);
}

static void print_how_many(const struct count *count, FILE *out)
{
	if (count->certainty == CERTAINTY_BOUNDED)
		fprintf(out, "%" PRIu64 " to %" PRIu64, count->min, count->max);
	else
		fprintf(out, "%s%" PRIu64, count->certainty == CERTAINTY_EXACT ? "" : "At least ",
			count->min);
}

static void print_headline(const struct summary *summary, FILE *out)
{
	const struct identity *id = &summary->identity;
	const struct slowpath *slow = &summary->slowpath;
	uint64_t window_ns = id->stop_ns - id->start_ns;
	char window[UNIT_TEXT_MAX], total[UNIT_TEXT_MAX], max[UNIT_TEXT_MAX];

	if (slow->entries.certainty == CERTAINTY_UNKNOWN) {
		fputs("This capture holds nothing that shows entries into the slowpath.\n", out);
		return;
	}
	print_how_many(&slow->entries, out);
	fprintf(out, " slowpath entries in %s", text_of_ns(window, window_ns));
	if (window_ns)
		print_rate(out, slow->entries.count, window_ns);
	if (slow->times.count)
		fprintf(out, ", %s in all, %s the longest", text_of_ns(total, slow->times.total_ns),
			text_of_ns(max, slow->times.max_ns));
	fputs(".\n", out);
}

static void print_line(FILE *out, const char *what, const char *text)
{
	if (!text)
		return;
	fprintf(out, "  %-10s", what);
	text_print_clean(out, text);
	putc('\n', out);
}

static void print_redacted(const struct summary *summary, FILE *out)
{
	const char *between = "";
	enum redaction redaction;

	if (!summary->redacted)
		return;
	fprintf(out, "  %-10s", "redacted");
	for (redaction = 0; redaction < NR_REDACTIONS; redaction++)
		if (summary->redacted & 1U << redaction) {
			fprintf(out, "%s%s", between, redaction_name(redaction));
			between = ", ";
		}
	putc('\n', out);
}

static void print_identity(const struct summary *summary, FILE *out)
{
	const struct identity *id = &summary->identity;

	putc('\n', out);
	if (summary->merged.summaries)
		fprintf(out, "  %-10s%" PRIu64 " captures, of %" PRIu64 " CPUs\n", "merged",
			summary->merged.summaries, summary->merged.cpus);
	print_line(out, "capture", id->file);
	print_line(out, "sha256", id->sha256);
	print_line(out, "kernel", id->kernel_release);
	print_line(out, "profile", id->profile);
	print_line(out, "why", id->profile_why);
	print_line(out, "ended", id->ended);
	print_redacted(summary, out);
}

static void print_role(FILE *out, const char *whose, const struct times *times)
{
	char buf[UNIT_TEXT_MAX];

	if (times->count)
		fprintf(out, ", %" PRIu64 " of %s (%s)", times->count, whose,
			text_of_ns(buf, times->total_ns));
}

/* Stalls apart from what nobody waits for, if there is any of that. */
static void print_roles(const struct slowpath *slow, FILE *out)
{
	uint64_t outermost = slow->times.count - slow->nested.count;
	char buf[UNIT_TEXT_MAX];
	enum background what;

	if (slow->stalls.count == outermost)
		return;
	fprintf(out, "The others: %" PRIu64 " stalls of tasks (%s)", slow->stalls.count,
		text_of_ns(buf, slow->stalls.total_ns));
	for (what = BACKGROUND_KSWAPD; what < NR_BACKGROUNDS; what++)
		print_role(out, background_name(what), &slow->background[what]);
	print_role(out, "interrupts", &slow->interrupts);
	fputs(".\n", out);
}

static void print_counts(const struct summary *summary, FILE *out)
{
	const struct slowpath *slow = &summary->slowpath;
	const struct attempts *attempts = &summary->attempts;
	enum outcome outcome;

	if (slow->entries.certainty == CERTAINTY_UNKNOWN)
		return;
	fputs("\nEntries: ", out);
	print_how_many(&slow->entries, out);
	fprintf(out,
		" (%s). Ends of the %" PRIu64 " rebuilt:", certainty_name(slow->entries.certainty),
		slow->rebuilt);
	for (outcome = 0; outcome < NR_OUTCOMES; outcome++)
		fprintf(out, "%s %" PRIu64 " %s", outcome ? "," : "", slow->outcomes[outcome],
			outcome_name(outcome));
	fprintf(out, ".\nInside other episodes: %" PRIu64 ".\n", slow->nested.count);
	print_roles(slow, out);
	if (attempts->has_nulls)
		fprintf(out,
			"NULL returns of get_page_from_freelist: %" PRIu64
			", the naive count: %" PRIu64 ".%03" PRIu64 " per entry.\n",
			attempts->null_returns, attempts->overcount_per_mille / 1000,
			attempts->overcount_per_mille % 1000);
	if (slow->times.basis != TIME_EXACT)
		fprintf(out, "Times are %s: this profile does not see every start and end.\n",
			time_basis_name(slow->times.basis));
}

static void print_detours(const struct summary *summary, FILE *out)
{
	char buf[UNIT_TEXT_MAX];
	enum detour_kind kind;

	for (kind = 0; kind < NR_DETOUR_CLASSES; kind++) {
		const struct detour_row *row = &summary->detours[kind];

		if (row->known && row->times.count)
			fprintf(out, "Slow, but not in the slowpath: %" PRIu64 " %s (%s).\n",
				row->times.count, detour_name(kind),
				text_of_ns(buf, row->times.total_ns));
	}
}

/* --- tables -------------------------------------------------------------------------------- */

static void print_stages(const struct summary *summary, FILE *out)
{
	enum stage stage;

	if (!summary->slowpath.times.count)
		return;
	fprintf(out, "\n" MARK_HEAD "%9s%s    visits succeeded  Stage" MARK_END "\n", "episodes",
		text_times_head);
	for (stage = 0; stage < NR_TIMED_STAGES; stage++) {
		const struct stage_row *row = &summary->stages[stage];

		if (!row->episodes)
			continue;
		fprintf(out, "%9" PRIu64, row->episodes);
		text_times(out, &row->times);
		fprintf(out, " %9" PRIu64 " %9" PRIu64 "  %s\n", row->visits, row->succeeded,
			stage_name(stage));
	}
}

static void print_more(FILE *out, size_t nr, size_t shown)
{
	if (nr > shown)
		fprintf(out, "          and %zu more, see the JSON\n", nr - shown);
}

static void print_transitions(const struct summary *summary, FILE *out)
{
	size_t i;

	if (!summary->nr_transitions)
		return;
	fprintf(out, "\n" MARK_HEAD "%9s%s  Transition, and the time before it" MARK_END "\n",
		"count", text_times_head);
	for (i = 0; i < summary->nr_transitions && i < ROWS_STEPS; i++) {
		const struct transition_row *row = &summary->transitions[i];

		fprintf(out, "%9" PRIu64, row->times.count);
		text_times(out, &row->times);
		fprintf(out, "  %s > %s\n", stage_name(row->from), stage_name(row->to));
	}
	print_more(out, summary->nr_transitions, ROWS_STEPS);
}

static void print_paths(const struct summary *summary, FILE *out)
{
	size_t i;

	if (!summary->nr_paths)
		return;
	fprintf(out, "\n" MARK_HEAD "%9s%s  Path" MARK_END "\n", "count", text_times_head);
	for (i = 0; i < summary->nr_paths && i < ROWS_PATHS; i++) {
		const struct path_row *row = &summary->paths[i];

		fprintf(out, "%9" PRIu64, row->times.count);
		text_times(out, &row->times);
		fputs("  ", out);
		text_print_clean(out, row->path ? row->path : "(others)");
		putc('\n', out);
	}
	print_more(out, summary->nr_paths, ROWS_PATHS);
}

static void print_key(FILE *out, enum by by, const struct key_row *row)
{
	if (row->kind != KEY_KNOWN)
		fputs(row->kind == KEY_OTHER ? "(others)" : "(not seen)", out);
	else if (row->text)
		text_print_clean(out, row->text);
	else
		fprintf(out, "%s %" PRId64, by_name(by), row->number);
}

static void print_by(const struct summary *summary, enum by by, FILE *out)
{
	const struct key_table *table = &summary->by[by];
	size_t i;

	if (!table->nr)
		return;
	fprintf(out, "\n" MARK_HEAD "%9s%s  By %s" MARK_END "\n", "count", text_times_head,
		by_name(by));
	for (i = 0; i < table->nr && i < ROWS_KEYS; i++) {
		fprintf(out, "%9" PRIu64, table->rows[i].times.count);
		text_times(out, &table->rows[i].times);
		fputs("  ", out);
		print_key(out, by, &table->rows[i]);
		putc('\n', out);
	}
	print_more(out, table->nr, ROWS_KEYS);
}

/* --- what it is worth ---------------------------------------------------------------------- */

static void print_side(FILE *out, bool known, uint64_t value)
{
	if (known)
		fprintf(out, " %11" PRIu64, value);
	else
		fprintf(out, " %11s", "-");
}

static const char *verdict_mark(enum verdict verdict)
{
	static const char *const marks[] = {
		[VERDICT_OK] = MARK_GOOD,
		[VERDICT_EXPLAINED] = MARK_GOOD,
		[VERDICT_UNKNOWN] = MARK_DOUBT,
		[VERDICT_MISMATCH] = MARK_BAD,
	};

	return marks[verdict];
}

static void print_relation(const struct relation *row, FILE *out)
{
	fprintf(out, "%s%-9s" MARK_END, verdict_mark(row->verdict), verdict_name(row->verdict));
	print_side(out, row->has_traced, row->traced);
	print_side(out, row->has_kernel, row->kernel);
	fputs("  ", out);
	text_print_clean(out, row->what);
	fputs(": ", out);
	text_print_clean(out, row->why ? row->why : row->relation);
	putc('\n', out);
}

/* What one side did not record is named, without numbers. */
static void print_unknown(const struct summary *summary, FILE *out)
{
	const char *before = MARK_DOUBT "unknown" MARK_END "    ";
	size_t i;

	for (i = 0; i < summary->nr_relations; i++) {
		if (summary->relations[i].verdict != VERDICT_UNKNOWN)
			continue;
		fputs(before, out);
		text_print_clean(out, summary->relations[i].what);
		before = ", ";
	}
	if (*before == ',')
		fputs(": one of the two was not recorded\n", out);
}

static void print_reconciliation(const struct summary *summary, FILE *out)
{
	size_t i;

	fputs("\n" MARK_HEAD
	      "verdict        traced      kernel  Against what the kernel counted" MARK_END "\n",
	      out);
	for (i = 0; i < summary->nr_relations; i++)
		if (summary->relations[i].verdict != VERDICT_UNKNOWN)
			print_relation(&summary->relations[i], out);
	print_unknown(summary, out);
}

static void print_gaps(const struct limits *limits, FILE *out)
{
	static const char *const sentences[NR_GAPS] = {
		[GAP_LOST] = "the ring buffer lost records; a larger one (-b) would keep them",
		[GAP_LOSS_COUNTS] = "nobody counted what the ring buffer lost at the end",
		[GAP_MISSED] = "the probe that shows entries missed hits",
		[GAP_MISSED_OTHER] = "a probe missed hits: steps are missing, entries are not",
		[GAP_DAMAGED] = "parts of the file are damaged and were left out",
		[GAP_UNDECODABLE] = "records were too short for their format",
		[GAP_UNFINISHED] = "the recorder did not finish the file",
		[GAP_NO_WINDOW] = "the start or the end of the recording is not in the capture",
		[GAP_EVICTED] = "more was open at once than is followed",
	};
	enum gap gap;

	for (gap = 0; gap < NR_GAPS; gap++)
		if (limits->gaps & (1U << gap))
			fprintf(out, "  %s\n", sentences[gap]);
}

static void print_losses(const struct limits *limits, FILE *out)
{
	size_t i;

	for (i = 0; i < limits->nr_losses && i < ROWS_PLACES; i++) {
		const struct cpu_loss *loss = &limits->losses[i];

		fprintf(out, "  CPU %" PRIu32 " lost %s%" PRIu64 " records in %" PRIu64 " places\n",
			loss->cpu, loss->uncounted ? "at least " : "", loss->records, loss->places);
	}
	print_more(out, limits->nr_losses, ROWS_PLACES);
	for (i = 0; i < limits->damage.nr_kept && i < ROWS_PLACES; i++) {
		const struct damage_place *place = &limits->damage.kept[i];

		fprintf(out, "  CPU %" PRIu32 ", byte %" PRIu64 " of the file: ", place->cpu,
			place->offset);
		text_print_clean(out, place->what);
		putc('\n', out);
	}
	print_more(out, limits->damage.nr, ROWS_PLACES);
}

static void print_limits(const struct summary *summary, FILE *out)
{
	const struct limits *limits = &summary->limits;
	size_t i;

	fprintf(out, "\n" MARK_HEAD "Limits" MARK_END "\n%s",
		limits->gaps ? "" : "  nothing is missing\n");
	print_gaps(limits, out);
	print_losses(limits, out);
	for (i = 0; i < limits->not_probed.nr && i < ROWS_PROBES; i++) {
		fputs("  not recorded: ", out);
		text_print_clean(out, limits->not_probed.items[i].name);
		fputs(": ", out);
		text_print_clean(out, limits->not_probed.items[i].text);
		putc('\n', out);
	}
	print_more(out, limits->not_probed.nr, ROWS_PROBES);
}

static void print_all(const struct summary *summary, FILE *out)
{
	enum by by;

	print_headline(summary, out);
	text_source(summary, out);
	print_identity(summary, out);
	print_counts(summary, out);
	text_spread(&summary->slowpath.times, out);
	print_detours(summary, out);
	print_stages(summary, out);
	print_transitions(summary, out);
	print_paths(summary, out);
	text_exits(summary, out);
	for (by = 0; by < NR_BY; by++)
		if (by != BY_ORDER_GFP)
			print_by(summary, by, out);
	text_callers(summary, out);
	text_episodes(summary, out);
	text_clusters(summary, out);
	text_waiting(summary, out);
	print_reconciliation(summary, out);
	print_limits(summary, out);
}

int render_text(const struct summary *summary, FILE *out, struct err *err)
{
	static const struct text_style plain = { .width = TEXT_WIDTH };

	return render_text_as(summary, &plain, out, err);
}

int render_text_as(const struct summary *summary, const struct text_style *style, FILE *out,
		   struct err *err)
{
	struct text_page page;

	if (text_begin(&page))
		print_all(summary, page.file);
	return text_end(&page, style, out, "report", err);
}
