// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail report`: a trace.dat to text for people. */
#include <signal.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/confined.h"
#include "cmd/pipeline.h"
#include "render/render.h"

#define TOP 20

static int report(const struct cmd *cmd, void *arg)
{
	const struct pipeline_order order = { .path = arg, .top = TOP, .confined = true };
	struct summary summary = { 0 };
	struct err err;
	int status = CMD_DONE;

	if (pipeline_run(&order, &summary, &err) || render_text(&summary, stdout, &err)) {
		status = cmd_failed(cmd, &err);
	} else if (!pipeline_file_is_whole(order.path, &summary, &err)) {
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
	.help = "show a capture as text",
	.usage = "[FILE]",
	.details =
		"FILE is a trace.dat (default: trace.dat). Exit status: 0 done; 1 failed; 3 done,\n"
		"but the file is damaged or cut short; 129 usage.\n",
	.max_args = 1,
	.run = run,
};
