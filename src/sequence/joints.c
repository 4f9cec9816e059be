// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Groups of events (kernel/joints.h). In: a group. Out: what its events do one by one, with those
 * left out that do nothing.
 */
#include "kernel/joints.h"
#include "sequence/machine.h"

_Static_assert(SERVED_NS_MAX <= DETOUR_LONG_NS, "a long allocation is not told as a group");

/* One of the records before the last one, without values. */
static void begin_part(struct event *part, const struct event *ev, enum ev_kind kind,
		       uint64_t ts_ns)
{
	part->ts_ns = ts_ns;
	part->cpu = ev->cpu;
	part->pid = ev->pid;
	part->kind = kind;
	part->caller_role = FN_OTHER;
	part->flags = ev->part_flags;
	part->have = 0;
	part->text = NULL;
	part->text_len = 0;
}

static void copy_value(struct event *part, enum ev_field field, const struct event *ev,
		       enum ev_field as)
{
	if (event_has(ev, as))
		event_set(part, field, event_get(ev, as));
}

/*
 * It got its page without a slowpath, so nothing that is open begins or ends by it: what its call
 * changes its return changes back.
 */
int on_served(struct seq *seq, const struct event *ev)
{
	if (counting(seq)) {
		seq->counts.allocations++;
		seq->counts.attempts[ATTEMPT_FAST]++;
	}
	detour_request_served(seq, ev);
	return 0;
}

int on_entered(struct seq *seq, const struct event *ev)
{
	struct event part;

	begin_part(&part, ev, EV_ALLOC_ENTER, ev->part_ns[0]);
	copy_value(&part, FIELD_SP, ev, FIELD_CALL_SP);
	on_alloc_enter(seq, &part);
	detour_fast_attempt(seq, &part, false);
	if (counting(seq)) {
		seq->counts.attempts[ATTEMPT_FAST]++;
		seq->counts.null_attempts[ATTEMPT_FAST]++;
		seq->counts.null_returns++;
	}
	return on_slow_enter(seq, ev);
}

int on_left(struct seq *seq, const struct event *ev)
{
	struct event part;
	int ret;

	begin_part(&part, ev, EV_ATTEMPT_ENTER, ev->part_ns[0]);
	part.caller_role = ev->caller_role;
	copy_value(&part, FIELD_ALLOC_FLAGS, ev, FIELD_ALLOC_FLAGS);
	copy_value(&part, FIELD_CALLER, ev, FIELD_CALLER);
	copy_value(&part, FIELD_GFP, ev, FIELD_GFP);
	copy_value(&part, FIELD_ORDER, ev, FIELD_ORDER);
	copy_value(&part, FIELD_MIGRATETYPE, ev, FIELD_MIGRATETYPE);
	ret = on_attempt_enter(seq, &part);
	if (ret)
		return ret;
	part.kind = EV_ATTEMPT_EXIT;
	part.ts_ns = ev->part_ns[1];
	event_set(&part, FIELD_PAGE, 1);
	ret = on_attempt_exit(seq, &part);
	if (ret)
		return ret;
	part.kind = EV_SLOW_EXIT;
	part.ts_ns = ev->ts_ns;
	part.flags = ev->flags;
	copy_value(&part, FIELD_SP, ev, FIELD_SP);
	return on_slow_exit(seq, &part);
}

int on_handed(struct seq *seq, const struct event *ev)
{
	struct event part;
	int ret;

	begin_part(&part, ev, EV_PAGE_ALLOC, ev->part_ns[0]);
	event_set(&part, FIELD_PFN, 0);
	ret = on_page_alloc(seq, &part);
	if (ret)
		return ret;
	part.kind = EV_ALLOC_EXIT;
	part.ts_ns = ev->ts_ns;
	part.flags = ev->flags;
	event_set(&part, FIELD_PAGE, 1);
	return on_alloc_exit(seq, &part);
}
