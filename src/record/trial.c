// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "record/plan.h"
#include "record/session.h"
#include "record/trial.h"

#define TOUCH_BYTES (4 << 20)
#define BUFFER_KB   64

/* Makes a thousand allocations of pages, by page faults. */
static void allocate_pages(void)
{
	volatile char *mem =
		mmap(NULL, TOUCH_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	if (mem == MAP_FAILED)
		return;
	for (i = 0; i < TOUCH_BYTES; i += 4096)
		mem[i] = 1;
	munmap((void *)mem, TOUCH_BYTES);
}

/* Records that passed the filter so far. */
static uint64_t count(const struct session *session)
{
	struct session_stats sum;

	session_sum_stats(session, &sum);
	return sum.entries + sum.overrun;
}

/*
 * Every probe keeps only calls with the fast path's flag, so the site is the one that yields
 * records at all. They are counted by the kernel; nothing is read back.
 */
static int find_site(struct session *session, const struct plan *plan, struct err *err)
{
	int found = -1;
	size_t i;

	for (i = 0; i < plan->nr_probes; i++)
		session_switch_probe(session, plan->probes[i].event, false);
	for (i = 0; i < plan->nr_probes; i++) {
		uint64_t before = count(session);

		session_switch_probe(session, plan->probes[i].event, true);
		allocate_pages();
		session_switch_probe(session, plan->probes[i].event, false);
		if (count(session) == before)
			continue;
		if (found >= 0)
			return err_set(err, -ENOTUNIQ,
				       "the slowpath is inlined, and the fast path's calls "
				       "were seen at two sites, %s and %s",
				       plan->probes[found].place, plan->probes[i].place);
		found = (int)i;
	}
	if (found < 0)
		return err_set(err, -ENOENT,
			       "the slowpath is inlined, and none of its %zu call sites "
			       "was seen to be the fast path's",
			       plan->nr_probes);
	return found;
}

/* One call stack, of an allocation of our own: the trigger works though the event stays off. */
static int take_stack(struct session *session, const struct event_rule *rule, struct err *err)
{
	int ret = session_start(session);
	uint64_t before = count(session);

	if (!ret)
		ret = session_trigger(session, rule->system, rule->name, PLAN_STACKTRACE ":1");
	if (ret)
		return err_set(err, ret, "call stacks cannot be tried (%s); leave --stack out",
			       strerror(-ret));
	allocate_pages();
	if (count(session) > before)
		return 0;
	return err_set(err, -ENOTSUP,
		       "this kernel writes call stacks to the buffer of the whole host, which is "
		       "not ours (before 5.17 without its stable updates); leave --stack out");
}

int trial_stack(const struct inventory *inv, struct err *err)
{
	const struct session_settings set = { .tracefs = inv->tracefs, .buffer_kb = BUFFER_KB };
	struct plan *plan = calloc(1, sizeof(*plan));
	const struct event_rule *rule;
	struct session session;
	size_t nr, i;
	int ret;

	if (!plan)
		return err_set(err, -ENOMEM, "out of memory");
	rule = kernel_event_rules(&nr);
	for (i = 0; i < nr && !(rule[i].kind == EV_PAGE_ALLOC && inv->events[i]); i++)
		;
	ret = i < nr ? session_open(&session, plan, &set, err) : 0;
	if (i < nr && !ret) {
		ret = take_stack(&session, &rule[i], err);
		session_close(&session);
	}
	free(plan);
	return ret;
}

int trial_run(struct inventory *inv, struct err *err)
{
	const struct session_settings set = { .tracefs = inv->tracefs, .buffer_kb = BUFFER_KB };
	struct plan *plan = calloc(1, sizeof(*plan));
	struct session session;
	int ret;

	if (!plan)
		return err_set(err, -ENOMEM, "out of memory");
	ret = plan_build_trial(plan, inv, err);
	if (!ret)
		ret = session_open(&session, plan, &set, err);
	if (ret)
		goto out;
	ret = session_start(&session);
	if (!ret)
		ret = find_site(&session, plan, err);
	if (ret >= 0) {
		inv->fast_site = (int)plan->probes[ret].site;
		ret = 0;
	}
	session_close(&session);
out:
	free(plan);
	return ret;
}
