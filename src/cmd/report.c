// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail report`: a trace.dat, or the JSON summary of one, to text for people. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/confined.h"
#include "cmd/pipeline.h"
#include "cmd/terminal.h"
#include "readback/readback.h"
#include "render/render.h"

#define TOP 20

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

static int report(const struct cmd *cmd, void *arg)
{
	const char *path = arg;
	const struct text_style style = terminal_style(stdout);
	struct summary summary = { 0 };
	struct err err;
	int status = CMD_DONE;

	if (read_summary(path, &summary, &err) || render_text_as(&summary, &style, stdout, &err)) {
		status = cmd_failed(cmd, &err);
	} else if (!pipeline_file_is_whole(path, &summary, &err)) {
		cmd_failed(cmd, &err);
		status = CMD_INCOMPLETE;
	}
	summary_free(&summary);
	return status;
}

static int run(const struct cmd *cmd, int argc, char **argv)
{
	char **args;
	int status = cmd_parse(cmd, argc, argv, NULL, &args), ended_by;

	if (status != CMD_GO)
		return status;
	/* A reader that goes away is an error to report, not a death. */
	signal(SIGPIPE, SIG_IGN);
	status = confined_run(cmd, report, *args ? *args : (char[]){ "trace.dat" }, &ended_by);
	if (ended_by)
		raise(ended_by);
	return status;
}

const struct cmd cmd_report = {
	.name = "report",
	.help = "show a capture, or its summary, as text",
	.usage = "[FILE]",
	.details =
		"FILE is a trace.dat (default: trace.dat), or the JSON summary that analyze made of one.\n"
		"Exit status: 0 done; 1 failed; 3 done, but the file is damaged or cut short;\n"
		"129 usage.\n",
	.max_args = 1,
	.run = run,
};
