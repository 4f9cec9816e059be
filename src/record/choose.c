// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>

#include "record/choose.h"
#include "record/trial.h"

static int parse(const char *name, enum profile *profile, struct err *err)
{
	if (profile_parse(name, profile))
		return 0;
	return err_set(err, -EINVAL,
		       "there is no profile %s; there are site, freelist, full and "
		       "tracepoints",
		       name);
}

static int add_choice(struct plan *plan, const struct inventory *inv, const struct choice *choice,
		      struct err *err)
{
	if (choice->sched)
		plan_add_sched(plan, inv);
	return choice->stack ? plan_add_stack(plan, inv, err) : 0;
}

int choose_plan(struct plan *plan, const struct inventory *inv, const struct choice *choice,
		struct err *err)
{
	enum profile wanted;
	int ret;

	if (!choice->profile) {
		ret = plan_choose(plan, inv, PROFILE_SITE, "", err);
	} else {
		ret = parse(choice->profile, &wanted, err);
		if (!ret)
			ret = plan_build(plan, inv, wanted, err);
	}
	return ret ? ret : add_choice(plan, inv, choice, err);
}

static int open_best(struct session *session, struct plan *plan, struct inventory *inv,
		     const struct choice *choice, const struct session_settings *set,
		     struct err *err)
{
	enum profile from = PROFILE_SITE;
	struct err refused = { "" };
	int ret;

	/* Without an answer the plans that need it say so themselves. */
	if (plan_needs_trial(inv, PROFILE_SITE) && trial_run(inv, err))
		inv->fast_site = -1;
	for (;;) {
		ret = plan_choose(plan, inv, from, refused.text, err);
		if (!ret)
			ret = add_choice(plan, inv, choice, err);
		if (ret)
			return ret;
		ret = session_open(session, plan, set, err);
		if (!ret || plan->profile == PROFILE_TRACEPOINTS)
			return ret;
		from = plan->profile == PROFILE_SITE ? PROFILE_FREELIST : PROFILE_TRACEPOINTS;
		err_set(&refused, ret, "not %s: %.300s", profile_name(plan->profile), err->text);
	}
}

int choose_session(struct session *session, struct plan *plan, struct inventory *inv,
		   const struct choice *choice, const struct session_settings *set, struct err *err)
{
	enum profile wanted;
	int ret = choice->stack && inv->stack_trigger ? trial_stack(inv, err) : 0;

	if (ret)
		return ret;
	if (!choice->profile)
		return open_best(session, plan, inv, choice, set, err);
	ret = parse(choice->profile, &wanted, err);
	if (!ret && plan_needs_trial(inv, wanted))
		ret = trial_run(inv, err);
	if (!ret)
		ret = plan_build(plan, inv, wanted, err);
	if (!ret)
		ret = add_choice(plan, inv, choice, err);
	return ret ? ret : session_open(session, plan, set, err);
}
