// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of sub-commands, and nothing else: what each does is in the file of its name. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/version.h"

static const struct cmd *const cmds[] = {
	&cmd_check, &cmd_record, &cmd_analyze, &cmd_report,
	&cmd_merge, &cmd_diff,	 &cmd_export,  &cmd_clean,
};

#define NR_CMDS (sizeof(cmds) / sizeof(cmds[0]))

static void print_overview(FILE *out)
{
	size_t i;

	fputs("Usage: pagetrail COMMAND [options]\n\n"
	      "Records the slowpath of the page allocator and says what each entry went through.\n\n",
	      out);
	for (i = 0; i < NR_CMDS; i++)
		fprintf(out, "  %-9s %s\n", cmds[i]->name, cmds[i]->help);
	fputs("\npagetrail COMMAND --help tells its options; pagetrail --version the version.\n",
	      out);
}

static const struct cmd *find(const char *name)
{
	size_t i;

	for (i = 0; i < NR_CMDS; i++)
		if (!strcmp(cmds[i]->name, name))
			return cmds[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct cmd *cmd = find(name);

	if (cmd)
		return cmd->run(cmd, argc - 1, argv + 1);
	if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
		print_overview(stdout);
		return CMD_DONE;
	}
	if (!strcmp(name, "--version")) {
		version_print(stdout);
		return CMD_DONE;
	}
	if (*name)
		fprintf(stderr, "pagetrail: unknown command '%s'; see pagetrail --help\n", name);
	else
		print_overview(stderr);
	return CMD_USAGE;
}
