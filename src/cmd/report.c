// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail report`: a trace.dat, or the JSON summary of one, to text or a page for people. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/confined.h"
#include "cmd/output.h"
#include "cmd/pipeline.h"
#include "cmd/summary_file.h"
#include "cmd/terminal.h"
#include "render/html.h"
#include "render/render.h"

#define TOP 20

struct settings {
	const char *html; /* where the page goes; NULL: text to the standard output */
	bool redact;
};

/* What the reader needs to know. */
struct job {
	const char *path;
	bool html;
	struct redactor *redactor; /* NULL: names stay */
	struct output *out;
};

/* What is no summary is a capture, or what is wrong with it as one is told. */
static int read_summary(const struct job *job, struct summary *summary, struct err *err)
{
	const struct pipeline_order order = {
		.path = job->path,
		.top = TOP,
		.confined = true,
		.redactor = job->redactor,
	};
	int fd = summary_file_open(job->path);

	return fd < 0 ? pipeline_run(&order, summary, err)
		      : summary_file_read(fd, job->path, job->redactor, summary, err);
}

static int show(const struct job *job, const struct summary *summary, struct err *err)
{
	const struct text_style style = terminal_style(job->out->file);
	int ret = job->html ? render_html(summary, job->out->file, err)
			    : render_text_as(summary, &style, job->out->file, err);

	return ret ? ret : output_flush(job->out, err);
}

static int read_and_show(const struct cmd *cmd, void *arg)
{
	const struct job *job = arg;
	struct summary summary = { 0 };
	struct err err;
	int status = CMD_DONE;

	if (read_summary(job, &summary, &err) || show(job, &summary, &err)) {
		status = cmd_failed(cmd, &err);
	} else if (!pipeline_file_is_whole(job->path, &summary, &err)) {
		cmd_failed(cmd, &err);
		status = CMD_INCOMPLETE;
	}
	summary_free(&summary);
	return status;
}

/* A page gets its name when the reader is done with it. */
static int report(const struct cmd *cmd, const struct settings *set, struct job *job)
{
	const char *to = set->html && strcmp(set->html, "-") ? set->html : NULL;
	struct output out;
	struct err err;
	int status, ended_by = 0;

	if (output_check(to, job->path, &err) || output_open(&out, to, &err))
		return cmd_failed(cmd, &err);
	job->out = &out;
	status = confined_run_into(cmd, read_and_show, job, &out, &ended_by);
	if (ended_by)
		raise(ended_by);
	return status;
}

static int run(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = { 0 };
	struct job job = { .path = "trace.dat" };
	char **args;
	int status = cmd_parse(cmd, argc, argv, &set, &args);

	if (status != CMD_GO)
		return status;
	if (*args)
		job.path = *args;
	job.html = set.html;
	job.redactor = set.redact ? redactor_new() : NULL;
	if (set.redact && !job.redactor)
		return cmd_no_memory(cmd);
	/* A reader that goes away is an error to report, not a death. */
	signal(SIGPIPE, SIG_IGN);
	status = report(cmd, &set, &job);
	redactor_free(job.redactor);
	return status;
}

static const struct cmd_option options[] = {
	{ 0, "html", "FILE", "write one page for a browser to FILE (-: standard output)",
	  cmd_parse_text, offsetof(struct settings, html) },
	{ 0, "redact", NULL, CMD_REDACT_HELP, NULL, offsetof(struct settings, redact) },
	{ 0, NULL, NULL, NULL, NULL, 0 },
};

const struct cmd cmd_report = {
	.name = "report",
	.help = "show a capture, or its summary, as text or as a page for a browser",
	.usage = "[options] [FILE]",
	.details =
		"FILE is a trace.dat (default: trace.dat), or a JSON summary of analyze or merge.\n"
		"Text is in colour on a terminal (unless NO_COLOR is set), and as wide. The page holds\n"
		"its charts and the whole summary in one file, and asks no server for anything: it can\n"
		"be sent by mail.\n"
		"Exit status: 0 done; 1 failed; 3 done, but the file is damaged or cut short;\n"
		"129 usage.\n",
	.options = options,
	.max_args = 1,
	.run = run,
};
