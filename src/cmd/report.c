// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail report`: a trace.dat, or the JSON summary of one, to text for people. */
#include <signal.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/confined.h"
#include "cmd/pipeline.h"
#include "cmd/summary_file.h"
#include "cmd/terminal.h"
#include "render/render.h"

#define TOP 20

struct settings {
	bool redact;
};

/* What the reader needs to know. */
struct job {
	const char *path;
	struct redactor *redactor; /* NULL: names stay */
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

static int report(const struct cmd *cmd, void *arg)
{
	const struct job *job = arg;
	const struct text_style style = terminal_style(stdout);
	struct summary summary = { 0 };
	struct err err;
	int status = CMD_DONE;

	if (read_summary(job, &summary, &err) || render_text_as(&summary, &style, stdout, &err)) {
		status = cmd_failed(cmd, &err);
	} else if (!pipeline_file_is_whole(job->path, &summary, &err)) {
		cmd_failed(cmd, &err);
		status = CMD_INCOMPLETE;
	}
	summary_free(&summary);
	return status;
}

static int run(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = { 0 };
	struct job job = { .path = "trace.dat" };
	char **args;
	int status = cmd_parse(cmd, argc, argv, &set, &args), ended_by;

	if (status != CMD_GO)
		return status;
	if (*args)
		job.path = *args;
	job.redactor = set.redact ? redactor_new() : NULL;
	if (set.redact && !job.redactor)
		return cmd_no_memory(cmd);
	/* A reader that goes away is an error to report, not a death. */
	signal(SIGPIPE, SIG_IGN);
	status = confined_run(cmd, report, &job, &ended_by);
	redactor_free(job.redactor);
	if (ended_by)
		raise(ended_by);
	return status;
}

static const struct cmd_option options[] = {
	{ 0, "redact", NULL, CMD_REDACT_HELP, NULL, offsetof(struct settings, redact) },
	{ 0, NULL, NULL, NULL, NULL, 0 },
};

const struct cmd cmd_report = {
	.name = "report",
	.help = "show a capture, or its summary, as text",
	.usage = "[options] [FILE]",
	.details =
		"FILE is a trace.dat (default: trace.dat), or the JSON summary that analyze made of one.\n"
		"Exit status: 0 done; 1 failed; 3 done, but the file is damaged or cut short;\n"
		"129 usage.\n",
	.options = options,
	.max_args = 1,
	.run = run,
};
