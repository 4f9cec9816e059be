// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail record`: the options of a recording. */
#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "record/recorder.h"

#define FIELD(name) offsetof(struct recorder_options, name)

static const struct cmd_option options[] = {
	{ 'o', "output", "FILE", "write to FILE (default trace.dat)", cmd_parse_text,
	  FIELD(output) },
	{ 0, "profile", "P", "site, freelist, full or tracepoints (default: the best that works)",
	  cmd_parse_text, FIELD(profile) },
	{ 'd', "duration", "TIME", "stop after TIME: 500ms, 30s, 5m, 1h", cmd_parse_duration,
	  FIELD(duration_ns) },
	{ 'b', "buffer", "KB", "kernel buffer per CPU (default: 1/64 of memory, shared out)",
	  cmd_parse_count, FIELD(buffer_kb) },
	{ 'p', "pid", "PID", "only this process and its children", cmd_parse_count, FIELD(pid) },
	{ 0, "sched", NULL,
	  "when tasks leave and get a CPU, too; heavy: every switch of every task", NULL,
	  FIELD(sched) },
	{ 0, "stack", NULL, "the call stack of each entry too: who asked for the page", NULL,
	  FIELD(stack) },
	{ 0, "verify", NULL, "count entries with an execute breakpoint too", NULL, FIELD(verify) },
	{ 0, "dry-run", NULL, "print what would be written to tracefs, change nothing", NULL,
	  FIELD(dry_run) },
	{ 0, NULL, NULL, NULL, NULL, 0 },
};

static int run(const struct cmd *cmd, int argc, char **argv)
{
	struct recorder_options given = { .output = "trace.dat" };
	struct err err;
	int status = cmd_parse(cmd, argc, argv, &given, &given.command);

	if (status != CMD_GO)
		return status;
	if (geteuid()) {
		err_set(&err, -EPERM, "recording changes the kernel's tracing; run as root");
		return cmd_failed(cmd, &err);
	}
	return recorder_run(&given, &err) ? cmd_failed(cmd, &err) : CMD_DONE;
}

const struct cmd cmd_record = {
	.name = "record",
	.help = "record until COMMAND ends, the duration is over, or Ctrl-C",
	.usage = "[options] [--] [COMMAND...]",
	.details =
		"The status of COMMAND is reported, and is not the status of record, which is 0 when\n"
		"a complete file was written. When the recording ends first, COMMAND gets SIGTERM.\n"
		"With --sched the time of an episode is told apart: on a CPU, waiting for one, asleep.\n"
		"With --stack the summary tells which callers waited (by.caller). It adds some 200 bytes\n"
		"per entry, and nothing to an allocation that does not enter the slowpath.\n"
		"The buffer holds 1408 to 16384 KB per CPU by default, and less when memory is short.\n",
	.options = options,
	.options_first = true,
	.run = run,
};
