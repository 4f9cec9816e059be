// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail check`: says what this host can record. Changes nothing. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "record/plan.h"

static void print_kernel(const struct inventory *inv)
{
	printf("kernel       %s %s\n", inv->release, inv->machine);
	printf("memory       %" PRIu64 " kB, %u CPUs\n", inv->memory_kb, inv->nr_cpus_online);
	printf("tracefs      %s\n", inv->tracefs);
	printf("lockdown     %s\n", lockdown_name(inv->lockdown));
	printf("kprobes      %s\n", !inv->kprobes ? "no"
				    : inv->return_args
					    ? "yes, return probes can fetch arguments"
					    : "yes, return probes cannot fetch arguments");
	printf("symbols      %s\n", inv->symbols_hidden ? "hidden by kernel.kptr_restrict" : "yes");
	printf("kernel text  %s\n",
	       inv->kcore_error ? inv->kcore_why.text : "readable (/proc/kcore)");
}

static void print_profiles(const struct inventory *inv)
{
	struct plan plan;
	enum profile profile;
	struct err err;

	for (profile = 0; profile < NR_PROFILES; profile++) {
		const char *why = "yes";

		if (plan_needs_trial(inv, profile))
			why = "yes, if a trial tells which call is the fast path's";
		else if (plan_build(&plan, inv, profile, &err))
			why = err.text;
		printf("  %-11s  %s\n", profile_name(profile), why);
	}
}

static int print_choice(const struct inventory *inv, struct err *err)
{
	struct plan plan;
	size_t i;
	int ret = plan_choose(&plan, inv, PROFILE_SITE, "", err);

	if (ret)
		return ret;
	if (plan_needs_trial(inv, PROFILE_SITE))
		printf("default      site, if the trial tells which call is the fast path's; else:\n");
	printf("default      %s, %s\n", profile_name(plan.profile), plan.why);
	for (i = 0; i < plan.nr_missing; i++)
		printf("missing      %s: %s\n", plan.missing[i].event, plan.missing[i].why);
	for (i = 0; i < plan.nr_limits; i++)
		printf("limit        %s\n", plan.limits[i]);
	return 0;
}

static int run(const struct cmd *cmd, int argc, char **argv)
{
	struct inventory inv;
	struct err err;
	char **args;
	int status = cmd_parse(cmd, argc, argv, NULL, &args);

	if (status != CMD_GO)
		return status;
	if (inventory_read(&inv, "", &err))
		return cmd_failed(cmd, &err);
	print_kernel(&inv);
	puts("profiles");
	print_profiles(&inv);
	return print_choice(&inv, &err) ? cmd_failed(cmd, &err) : CMD_DONE;
}

const struct cmd cmd_check = {
	.name = "check",
	.help = "say what this host can record, and what is missing",
	.usage = "[options]",
	.run = run,
};
