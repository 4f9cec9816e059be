// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail export`: the episodes of a capture, or those that a summary lists, for other tools. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/confined.h"
#include "cmd/output.h"
#include "cmd/pipeline.h"
#include "cmd/summary_file.h"
#include "render/export.h"

/*
 * The least that is recorded of an episode takes 50 bytes of a capture; the most that is written of a
 * record that small, as a stage and a step, 300.
 */
#define OUTPUT_PER_BYTE 64

struct settings {
	const char *output;
	const struct export_format *format;
	uint64_t threads;
	bool redact;
};

/* What the reader needs to know. */
struct job {
	const struct settings *set;
	const char *path;
	struct output *out;
	struct export *export;
	struct redactor *redactor; /* NULL: names stay */
	struct sight sight;	   /* of the last episode; before the first one all is zero */
};

static int parse_format(const char *text, void *to, struct err *err)
{
	const struct export_format **format = to;

	*format = export_find(text);
	return *format ? 0 : err_set(err, -EINVAL, "is not " EXPORT_FORMATS);
}

/* --- a capture ----------------------------------------------------------------------------- */

static int take_episode(void *arg, const struct episode_view *view, const struct sight *sight,
			struct err *err)
{
	struct job *job = arg;

	job->sight = *sight;
	return export_episode(job->export, view, sight, err);
}

static int export_capture(struct job *job, struct summary *summary, struct err *err)
{
	const struct pipeline_order order = {
		.path = job->path,
		.digest = DIGEST_NEVER,
		.confined = true,
		.threads = job->set->threads,
		.episode = take_episode,
		.arg = job,
		.redactor = job->redactor,
		.output_per_byte = OUTPUT_PER_BYTE,
	};
	int ret = pipeline_run(&order, summary, err);

	/* Where there was no episode, what could have been told of one. */
	if (!job->sight.whole) {
		job->sight = summary_sight(summary);
		job->sight.whole = true;
	}
	return ret;
}

/* --- a summary ----------------------------------------------------------------------------- */

static int export_listed(struct job *job, int fd, struct summary *summary, struct err *err)
{
	int ret = summary_file_read(fd, job->path, job->redactor, summary, err);
	size_t i;

	job->sight = summary_sight(summary);
	for (i = 0; !ret && i < summary->nr_worst; i++) {
		struct episode_view view = summary_view(&summary->worst[i]);

		ret = export_episode(job->export, &view, &job->sight, err);
	}
	if (!ret && summary->nr_worst < summary->slowpath.rebuilt)
		fprintf(stderr,
			"pagetrail export: %s: is a summary, which lists %zu of %" PRIu64
			" episodes; for all of them export the capture\n",
			job->path, summary->nr_worst, summary->slowpath.rebuilt);
	return ret;
}

/* --- the whole ----------------------------------------------------------------------------- */

/*
 * A capture that lost its first notes does not say in time that it has a window: what was written
 * before its start is known does not count, and cannot be taken back.
 */
static int check_early(const struct job *job, const struct summary *summary, struct err *err)
{
	uint64_t counted = 0, written = export_nr_episodes(job->export);
	enum outcome outcome;

	for (outcome = 0; outcome < NR_OUTCOMES; outcome++)
		counted += summary->slowpath.outcomes[outcome];
	if (!job->sight.whole || written <= counted)
		return 0;
	return err_set(err, -EINVAL,
		       "%s: its first notes are missing; the first %" PRIu64
		       " episodes that were written lie before its window, and do not count",
		       job->path, written - counted);
}

static int judge(const struct cmd *cmd, const struct job *job, const struct summary *summary)
{
	struct err err;

	if (!check_early(job, summary, &err) && pipeline_file_is_whole(job->path, summary, &err))
		return CMD_DONE;
	cmd_failed(cmd, &err);
	return CMD_INCOMPLETE;
}

static int write_all(struct job *job, struct summary *summary, struct err *err)
{
	int fd = summary_file_open(job->path);
	int ret = fd < 0 ? export_capture(job, summary, err) : export_listed(job, fd, summary, err);

	if (!ret)
		ret = export_end(job->export, summary, &job->sight, err);
	return ret ? ret : output_flush(job->out, err);
}

static int read_file(const struct cmd *cmd, void *arg)
{
	struct job *job = arg;
	struct summary summary = { 0 };
	struct err err;
	int status;

	if (job->set->redact && !job->redactor)
		return cmd_no_memory(cmd);
	job->export = export_new(job->set->format, job->out->file, &err);
	if (!job->export || write_all(job, &summary, &err))
		status = cmd_failed(cmd, &err);
	else
		status = judge(cmd, job, &summary);
	summary_free(&summary);
	export_free(job->export);
	return status;
}

/* The output gets its name when the reader is done with it. */
static int export(const struct cmd *cmd, const struct settings *set, const char *path)
{
	struct output out;
	struct job job = { .set = set, .path = path, .out = &out };
	struct err err;
	int status, signal = 0;

	if (output_check(set->output, path, &err) || output_open(&out, set->output, &err))
		return cmd_failed(cmd, &err);
	job.redactor = set->redact ? redactor_new() : NULL;
	status = confined_run_into(cmd, read_file, &job, &out, &signal);
	redactor_free(job.redactor);
	if (signal)
		raise(signal);
	return status;
}

static int run(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = { 0 };
	char **args;
	int status = cmd_parse(cmd, argc, argv, &set, &args);

	if (status != CMD_GO)
		return status;
	if (!set.format) {
		fprintf(stderr, "pagetrail %s: name a --format: " EXPORT_FORMATS "\n", cmd->name);
		return CMD_USAGE;
	}
	/* A reader that goes away is an error to report, not a death. */
	signal(SIGPIPE, SIG_IGN);
	return export(cmd, &set, *args ? *args : "trace.dat");
}

static const struct cmd_option options[] = {
	{ 'f', "format", "FORMAT", EXPORT_FORMATS, parse_format,
	  offsetof(struct settings, format) },
	{ 'o', "output", "FILE", "write to FILE (default: standard output)", cmd_parse_text,
	  offsetof(struct settings, output) },
	{ 0, "redact", NULL, CMD_REDACT_HELP, NULL, offsetof(struct settings, redact) },
	{ 0, "threads", "N", "work with N threads (default: one per CPU; 4 at most)",
	  cmd_parse_count, offsetof(struct settings, threads) },
	{ 0, NULL, NULL, NULL, NULL, 0 },
};

const struct cmd cmd_export = {
	.name = "export",
	.help = "write the episodes of a capture for other tools",
	.usage = "--format FORMAT [options] [FILE]",
	.details =
		"FILE is a trace.dat (default: trace.dat), or the JSON summary that analyze made of one,\n"
		"of which only the listed episodes can be had. The formats:\n"
		"  perfetto  a trace that ui.perfetto.dev opens: a track per task, counters\n"
		"  ndjson    a JSON object per line, one per episode\n"
		"  csv       the same columns, for spreadsheets and databases\n"
		"  folded    task;functions that asked;path;stage nanoseconds, for flame graphs\n"
		"Exit status: 0 done; 1 failed; 3 done, but the file is damaged or cut short;\n"
		"129 usage.\n",
	.options = options,
	.max_args = 1,
	.run = run,
};
