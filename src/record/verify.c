// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/note.h"
#include "record/verify.h"

static int open_truth(struct verify *verify, const struct inventory *inv,
		      const struct session *session, struct err *err)
{
	uint64_t addr = inv->functions[TARGET_SLOWPATH].addr;
	int ret;

	if (!addr)
		return err_set(err, -ENOENT,
			       "--verify needs the address of the slowpath, which this "
			       "kernel hides or has inlined; record without --verify");
	ret = counter_init(&verify->truth, 1, session->nr_cpus);
	if (!ret)
		ret = counter_add_breakpoint(&verify->truth, addr, session->nr_cpus);
	if (ret)
		err_set(err, ret, "the execute breakpoint is refused (%s); record without --verify",
			strerror(-ret));
	return ret;
}

/* A recording without this check is as good as one with it, so failures are not reported. */
static void open_odd(struct verify *verify, const struct plan *plan, const struct session *session)
{
	uint64_t id;
	size_t i;

	if (counter_init(&verify->odd, PLAN_PROBES_MAX, session->nr_cpus))
		return;
	for (i = 0; i < plan->nr_probes; i++)
		if (plan->probes[i].doubtful &&
		    !session_event_id(session, plan->probes[i].event, &id))
			counter_add_event(&verify->odd, id, FILTER_IMPLAUSIBLE, session->nr_cpus);
}

int verify_open(struct verify *verify, bool wanted, const struct inventory *inv,
		const struct plan *plan, const struct session *session, struct err *err)
{
	int ret = 0;

	*verify = (struct verify){ .wanted = wanted };
	if (wanted)
		ret = open_truth(verify, inv, session, err);
	if (!ret)
		open_odd(verify, plan, session);
	return ret;
}

void verify_close(struct verify *verify)
{
	counter_close(&verify->truth);
	counter_close(&verify->odd);
}

int verify_start(struct verify *verify, struct journal *journal, struct err *err)
{
	int ret;

	counter_enable(&verify->odd);
	if (!verify->wanted)
		return 0;
	journal_note(journal, NOTE_VERIFY_ENABLING, "");
	ret = counter_enable(&verify->truth);
	if (ret)
		err_set(err, ret,
			"the execute breakpoint cannot be enabled (%s); record without --verify",
			strerror(-ret));
	return ret;
}

void verify_stop(struct verify *verify, struct journal *journal)
{
	uint64_t count;
	char text[128];
	int ret;

	if (!verify->wanted)
		return;
	ret = counter_disable(&verify->truth);
	if (!ret)
		ret = counter_read(&verify->truth, &count);
	if (ret)
		snprintf(text, sizeof(text), "failed %s\n",
			 ret == -EBUSY ? "the debug registers were shared" : strerror(-ret));
	else
		snprintf(text, sizeof(text), "count %" PRIu64 " cpus %u\n", count,
			 verify->truth.nr);
	journal_note(journal, NOTE_VERIFY_DISABLED, text);
}

uint64_t verify_arguments(struct verify *verify, struct journal *journal)
{
	uint64_t count;
	char text[64];

	if (!verify->odd.nr || counter_disable(&verify->odd) || counter_read(&verify->odd, &count))
		return 0;
	snprintf(text, sizeof(text), "implausible %" PRIu64 "\n", count);
	journal_note(journal, NOTE_ARGUMENTS, text);
	return count;
}
