// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail diff`: what changed between two groups of JSON summaries. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/confined.h"
#include "cmd/inputs.h"
#include "diff/diff.h"
#include "merge/merger.h"
#include "readback/readback.h"
#include "render/render.h"

#define TOP 20 /* of the merge of a side; no row is about single episodes */

struct name_list {
	char **names; /* borrowed, and a NULL at the end */
	size_t nr;
};

struct settings {
	struct name_list before, after;
	bool json, force;
	double threshold; /* percent; NAN: none */
};

/* One side: what is read, and what is made of it. */
struct side {
	struct inputs inputs;
	struct summary *runs;
	const char **names;
	struct merger *merge;
	struct diff_side as;
};

struct job {
	const struct settings *set;
	struct side before, after;
};

/* --- reading ------------------------------------------------------------------------------- */

static int read_side(struct side *side, struct err *err)
{
	size_t i, nr = side->inputs.nr;
	int ret = 0;

	side->runs = calloc(nr, sizeof(*side->runs));
	side->names = calloc(nr, sizeof(*side->names));
	side->merge = merger_new(TOP);
	if (!side->runs || !side->names || !side->merge)
		return err_set(err, -ENOMEM, "out of memory for %zu summaries", nr);
	for (i = 0; i < nr && !ret; i++) {
		side->names[i] = side->inputs.files[i].name;
		ret = readback_json(side->inputs.files[i].fd, side->names[i], &side->runs[i], err);
		if (!ret)
			ret = merger_add(side->merge, &side->runs[i], side->names[i], err);
	}
	side->as = (struct diff_side){ side->runs, side->names, nr, merger_result(side->merge) };
	return ret;
}

static void free_side(struct side *side)
{
	size_t i;

	for (i = 0; side->runs && i < side->inputs.nr; i++)
		summary_free(&side->runs[i]);
	free(side->runs);
	free(side->names);
	merger_free(side->merge);
}

/* --- comparing ----------------------------------------------------------------------------- */

static int judge(const struct cmd *cmd, const struct settings *set, const struct diff *diff)
{
	size_t i;

	for (i = 0; !isnan(set->threshold) && i < diff->nr; i++) {
		const struct diff_row *row = &diff->rows[i];

		if (!diff_exceeds(row, set->threshold))
			continue;
		fprintf(stderr, "pagetrail %s: %s, %s: worse by more than %g %%\n", cmd->name,
			row->group, row->what, set->threshold);
		return CMD_DIFFERS;
	}
	return CMD_DONE;
}

static int show(const struct job *job, struct diff *diff, struct err *err)
{
	const struct diff_side *before = &job->before.as, *after = &job->after.as;
	int ret = job->set->force ? 0 : diff_check(before, after, err);

	if (!ret && diff_make(before, after, diff))
		ret = err_set(err, -ENOMEM, "out of memory for the comparison");
	if (ret)
		return ret;
	return job->set->json ? render_diff_json(diff, before, after, stdout, err)
			      : render_diff_text(diff, before, after, stdout, err);
}

static int compare(const struct cmd *cmd, void *arg)
{
	struct job *job = arg;
	struct diff diff = { 0 };
	struct err err;
	int ret = confined_enter(&err);

	if (!ret)
		ret = read_side(&job->before, &err);
	if (!ret)
		ret = read_side(&job->after, &err);
	if (!ret)
		ret = show(job, &diff, &err);
	ret = ret ? cmd_failed(cmd, &err) : judge(cmd, job->set, &diff);
	diff_free(&diff);
	free_side(&job->before);
	free_side(&job->after);
	return ret;
}

static int compare_files(const struct cmd *cmd, const struct settings *set)
{
	struct job job = { .set = set };
	struct err err;
	int status, ended_by = 0;

	if (inputs_open(&job.before.inputs, set->before.names, &err) ||
	    inputs_open(&job.after.inputs, set->after.names, &err))
		status = cmd_failed(cmd, &err);
	else
		status = confined_run(cmd, compare, &job, &ended_by);
	inputs_close(&job.before.inputs);
	inputs_close(&job.after.inputs);
	if (ended_by)
		raise(ended_by);
	return status;
}

/* --- the command line ---------------------------------------------------------------------- */

static int add_name(const char *text, void *to, struct err *err)
{
	struct name_list *list = to;
	char **names = realloc(list->names, (list->nr + 2) * sizeof(*names));

	if (!names)
		return err_set(err, -ENOMEM, "cannot be kept: out of memory");
	list->names = names;
	names[list->nr++] = (char *)text;
	names[list->nr] = NULL;
	return 0;
}

static int parse_percent(const char *text, void *to, struct err *err)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !isfinite(value) || value < 0)
		return err_set(err, -EINVAL, "is not a percentage such as 10 or 2.5");
	*(double *)to = value;
	return 0;
}

static bool opens_list(const char *word)
{
	return !strcmp(word, "--before") || !strcmp(word, "--after");
}

/*
 * "--before A B --after C" to "--before A --before B --after C", which getopt knows. The caller frees
 * the list, not the words. NULL without memory.
 */
static char **spread_lists(int *argc, char **argv)
{
	char **words = calloc(2 * (size_t)*argc + 1, sizeof(*words)), *option = NULL;
	int i, nr = 0;
	bool has_value = false;

	for (i = 0; words && i < *argc; i++) {
		if (opens_list(argv[i]) || argv[i][0] == '-')
			option = NULL;
		if (option && has_value)
			words[nr++] = option;
		has_value = option;
		if (opens_list(argv[i]))
			option = argv[i];
		words[nr++] = argv[i];
	}
	*argc = nr;
	return words;
}

static int usage(const struct cmd *cmd, const char *what)
{
	fprintf(stderr, "pagetrail %s: %s; see pagetrail %s --help\n", cmd->name, what, cmd->name);
	return CMD_USAGE;
}

/* Two files, or both lists. */
static int take_files(const struct cmd *cmd, struct settings *set, char **args)
{
	struct err err;

	if (set->before.nr && set->after.nr && !*args)
		return CMD_GO;
	if (set->before.nr || set->after.nr)
		return usage(cmd, "--before and --after need files, both, and none beside them");
	if (!args[0] || !args[1])
		return usage(cmd, "two summaries are needed");
	if (add_name(args[0], &set->before, &err) || add_name(args[1], &set->after, &err))
		return cmd_failed(cmd, &err);
	return CMD_GO;
}

static int run(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = { .threshold = NAN };
	char **words = spread_lists(&argc, argv), **args;
	int status = words ? cmd_parse(cmd, argc, words, &set, &args) : CMD_FAILED;

	if (status == CMD_GO)
		status = take_files(cmd, &set, args);
	if (status == CMD_GO) {
		/* A reader that goes away is an error to report, not a death. */
		signal(SIGPIPE, SIG_IGN);
		status = compare_files(cmd, &set);
	}
	free(set.before.names);
	free(set.after.names);
	free(words);
	return status;
}

static const struct cmd_option options[] = {
	{ 0, "before", "FILE...", "summaries of runs before the change", add_name,
	  offsetof(struct settings, before) },
	{ 0, "after", "FILE...", "and after it", add_name, offsetof(struct settings, after) },
	{ 0, "threshold", "PERCENT",
	  "exit with 2 when entries, stalled time, failures or p99 grew by more", parse_percent,
	  offsetof(struct settings, threshold) },
	{ 0, "json", NULL, "as JSON (schema/diff.schema.json)", NULL,
	  offsetof(struct settings, json) },
	{ 0, "force", NULL, "compare what differs in profile, or is incomplete", NULL,
	  offsetof(struct settings, force) },
	{ 0, NULL, NULL, NULL, NULL, 0 },
};

const struct cmd cmd_diff = {
	.name = "diff",
	.help = "say what changed between two summaries, or two groups of them",
	.usage = "[options] BEFORE AFTER | --before FILE... --after FILE...",
	.details =
		"Each FILE is a JSON summary of analyze or merge. With two runs and more on a side it is\n"
		"told which changes are beyond the spread of the runs; a change within it does not\n"
		"count for --threshold.\n"
		"Exit status: 0 done; 1 failed; 2 the threshold was exceeded; 129 usage.\n",
	.options = options,
	.max_args = 2,
	.run = run,
};
