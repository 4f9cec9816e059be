// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail report`: a trace.dat, or the JSON summary of one, to text or a page for people. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/confined.h"
#include "cmd/output.h"
#include "cmd/pipeline.h"
#include "readback/readback.h"
#include "render/html.h"
#include "render/render.h"

#define TOP 20

struct settings {
	const char *html; /* where the page goes; NULL: text to the standard output */
};

/* A file that is opened for a look: -1 where it looks like no summary, or cannot be opened. */
static int open_summary(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char head[256];
	ssize_t got = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);

	if (got > 0 && readback_is_json(head, (size_t)got))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* What is no summary is a capture, or what is wrong with it as one is told. */
static int read_summary(const char *path, struct summary *summary, struct err *err)
{
	const struct pipeline_order order = { .path = path, .top = TOP, .confined = true };
	int fd = open_summary(path);
	int ret;

	if (fd < 0)
		return pipeline_run(&order, summary, err);
	ret = confined_enter(err);
	if (!ret)
		ret = readback_json(fd, path, summary, err);
	close(fd);
	return ret;
}

/* What the reader needs to know. */
struct job {
	const char *path;
	bool html;
	struct output *out;
};

static int show(const struct job *job, const struct summary *summary, struct err *err)
{
	int ret = job->html ? render_html(summary, job->out->file, err)
			    : render_text(summary, job->out->file, err);

	return ret ? ret : output_flush(job->out, err);
}

static int read_and_show(const struct cmd *cmd, void *arg)
{
	const struct job *job = arg;
	struct summary summary = { 0 };
	struct err err;
	int status = CMD_DONE;

	if (read_summary(job->path, &summary, &err) || show(job, &summary, &err)) {
		status = cmd_failed(cmd, &err);
	} else if (!pipeline_file_is_whole(job->path, &summary, &err)) {
		cmd_failed(cmd, &err);
		status = CMD_INCOMPLETE;
	}
	summary_free(&summary);
	return status;
}

/* A page gets its name when the reader is done with it. */
static int report(const struct cmd *cmd, const struct settings *set, const char *path)
{
	const char *to = set->html && strcmp(set->html, "-") ? set->html : NULL;
	struct output out;
	struct job job = { path, set->html, &out };
	struct err err;
	int status, signal = 0;

	if (output_check(to, path, &err) || output_open(&out, to, &err))
		return cmd_failed(cmd, &err);
	status = confined_run(cmd, read_and_show, &job, &signal);
	if ((status == CMD_DONE || status == CMD_INCOMPLETE) && output_commit(&out, &err))
		status = cmd_failed(cmd, &err);
	output_close(&out);
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
	/* A reader that goes away is an error to report, not a death. */
	signal(SIGPIPE, SIG_IGN);
	return report(cmd, &set, *args ? *args : "trace.dat");
}

static const struct cmd_option options[] = {
	{ 0, "html", "FILE", "write one page for a browser to FILE (-: standard output)",
	  cmd_parse_text, offsetof(struct settings, html) },
	{ 0, NULL, NULL, NULL, NULL, 0 },
};

const struct cmd cmd_report = {
	.name = "report",
	.help = "show a capture, or its summary, as text or as a page for a browser",
	.usage = "[options] [FILE]",
	.details =
		"FILE is a trace.dat (default: trace.dat), or the JSON summary that analyze made of one.\n"
		"The page holds its charts and the whole summary in one file, and asks no server for\n"
		"anything: it can be sent by mail.\n"
		"Exit status: 0 done; 1 failed; 3 done, but the file is damaged or cut short;\n"
		"129 usage.\n",
	.options = options,
	.max_args = 1,
	.run = run,
};
