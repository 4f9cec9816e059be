// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail clean`: removes what recorders that were killed left in the kernel. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "record/inventory.h"
#include "record/leftovers.h"

struct options {
	bool dry_run;
};

static const struct cmd_option options[] = {
	{ 0, "dry-run", NULL, "only say what would be removed", NULL,
	  offsetof(struct options, dry_run) },
	{ 0, NULL, NULL, NULL, NULL, 0 },
};

static void tell(void *data, const char *kind, const char *name)
{
	const struct options *given = data;

	printf("%s the %s %s\n", given->dry_run ? "would remove" : "removed", kind, name);
}

static int run(const struct cmd *cmd, int argc, char **argv)
{
	struct options given = { false };
	struct inventory inv;
	struct err err;
	char **args;
	int nr, status = cmd_parse(cmd, argc, argv, &given, &args);

	if (status != CMD_GO)
		return status;
	if (geteuid()) {
		err_set(&err, -EPERM, "removing probes needs the kernel's tracing; run as root");
		return cmd_failed(cmd, &err);
	}
	if (inventory_read(&inv, "", &err))
		return cmd_failed(cmd, &err);
	nr = leftovers_remove(inv.tracefs, given.dry_run, tell, &given, &err);
	if (nr < 0)
		return cmd_failed(cmd, &err);
	if (!nr)
		puts("nothing was left behind");
	return CMD_DONE;
}

const struct cmd cmd_clean = {
	.name = "clean",
	.help = "remove what a killed recorder left in the kernel",
	.usage = "[options]",
	.options = options,
	.run = run,
};
