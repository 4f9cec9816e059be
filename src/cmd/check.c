// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail check`: says what this host can record. Changes nothing. */
#include <stdio.h>
#include <unistd.h>

#include "cmd/cmd.h"

static int run(const struct cmd *cmd, int argc, char **argv)
{
	struct err err;
	char **args;
	int status = cmd_parse(cmd, argc, argv, NULL, &args);

	if (status != CMD_GO)
		return status;
	if (access("/sys/kernel/tracing/README", R_OK)) {
		err_set(&err, -1,
			"tracefs is not readable at /sys/kernel/tracing; mount it, as root");
		return cmd_failed(cmd, &err);
	}
	puts("tracefs: /sys/kernel/tracing");
	return CMD_DONE;
}

const struct cmd cmd_check = {
	.name = "check",
	.help = "say what this host can record, and what is missing",
	.usage = "[options]",
	.run = run,
};
