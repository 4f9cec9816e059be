// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail check`: says what this host can record. Changes nothing. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "record/plan.h"
#include "render/check.h"

struct check_options {
	bool json;
};

static const struct cmd_option options[] = {
	{ 0, "json", NULL, "print JSON", NULL, offsetof(struct check_options, json) },
	{ 0 },
};

/* What the report borrows its texts from. */
struct check {
	struct inventory inv;
	struct plan plan;
	struct err why[NR_PROFILES];
	struct check_profile profiles[NR_PROFILES];
	struct check_missing missing[PLAN_MISSING_MAX];
	const char *limits[PLAN_LIMITS_MAX];
};

static void try_profiles(struct check *check)
{
	enum profile profile;

	for (profile = 0; profile < NR_PROFILES; profile++) {
		struct check_profile *to = &check->profiles[profile];

		to->name = profile_name(profile);
		to->needs_trial = plan_needs_trial(&check->inv, profile);
		if (!to->needs_trial &&
		    plan_build(&check->plan, &check->inv, profile, &check->why[profile]))
			to->why_not = check->why[profile].text;
	}
}

static void describe_host(const struct inventory *inv, struct check_report *report)
{
	report->release = inv->release;
	report->machine = inv->machine;
	report->memory_kb = inv->memory_kb;
	report->cpus = inv->nr_cpus_online;
	report->tracefs = inv->tracefs;
	report->lockdown = lockdown_name(inv->lockdown);
	report->kprobes = inv->kprobes;
	report->return_arguments = inv->kprobes && inv->return_args;
	report->symbols_why = inv->symbols_hidden ? "hidden by kernel.kptr_restrict" : NULL;
	report->text_why = inv->kcore_error ? inv->kcore_why.text : NULL;
}

static void describe_plan(struct check *check, struct check_report *report)
{
	const struct plan *plan = &check->plan;
	size_t i;

	for (i = 0; i < plan->nr_missing; i++)
		check->missing[i] =
			(struct check_missing){ plan->missing[i].event, plan->missing[i].why };
	for (i = 0; i < plan->nr_limits; i++)
		check->limits[i] = plan->limits[i];
	report->chosen = profile_name(plan->profile);
	report->chosen_why = plan->why;
	report->missing = check->missing;
	report->nr_missing = plan->nr_missing;
	report->limits = check->limits;
	report->nr_limits = plan->nr_limits;
}

static int look(struct check *check, struct check_report *report, struct err *err)
{
	int ret = inventory_read(&check->inv, "", err);

	if (ret)
		return ret;
	describe_host(&check->inv, report);
	try_profiles(check);
	report->profiles = check->profiles;
	report->nr_profiles = NR_PROFILES;
	ret = plan_choose(&check->plan, &check->inv, PROFILE_SITE, "", err);
	if (!ret)
		describe_plan(check, report);
	return ret;
}

static int run(const struct cmd *cmd, int argc, char **argv)
{
	struct check_options wanted = { 0 };
	struct check_report report = { 0 };
	struct check *check;
	struct err err;
	char **args;
	int ret, status = cmd_parse(cmd, argc, argv, &wanted, &args);

	if (status != CMD_GO)
		return status;
	check = calloc(1, sizeof(*check));
	ret = check ? look(check, &report, &err) : err_set(&err, -ENOMEM, "out of memory");
	if (!ret)
		ret = wanted.json ? render_check_json(&report, stdout, &err)
				  : render_check_text(&report, stdout, &err);
	free(check);
	return ret ? cmd_failed(cmd, &err) : CMD_DONE;
}

const struct cmd cmd_check = {
	.name = "check",
	.help = "say what this host can record, and what is missing",
	.usage = "[options]",
	.options = options,
	.run = run,
};
