// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/joint.h"
#include "kernel/alloc_flags.h"

/* Neither an interrupt nor a trap: the level is known, and it is the task's. */
#define NOT_PLAIN (EVENT_HARDIRQ | EVENT_SOFTIRQ | EVENT_NMI)

/* --- what can be told ---------------------------------------------------------------------- */

#define HAS(field) (1U << (field))

/* Return probes of some kernels cannot fetch flags: there the caller tells. */
static bool tells_fast(const struct binding *b)
{
	return b->have & (HAS(FIELD_ALLOC_FLAGS) | HAS(FIELD_CALLER));
}

static bool has_fields(const struct decoder *d, enum ev_kind kind)
{
	const struct binding *b = d->only[kind];

	switch (kind) {
	case EV_ATTEMPT_ENTER:
		return b->have & HAS(FIELD_ALLOC_FLAGS);
	case EV_ATTEMPT_EXIT:
		return (b->have & HAS(FIELD_PAGE)) && tells_fast(b);
	case EV_PAGE_ALLOC:
		return b->have & HAS(FIELD_PFN);
	case EV_SLOW_EXIT:
		/* Without entries the attempt before it is what ends an episode. */
		return d->only[EV_SLOW_ENTER] && (b->have & HAS(FIELD_PAGE));
	case EV_ALLOC_EXIT:
		return b->have & HAS(FIELD_PAGE);
	default:
		return true;
	}
}

static uint32_t which_can_be_told(const struct decoder *d)
{
	uint32_t joints = 0;
	enum joint joint;
	unsigned int i;

	for (joint = 0; joint < NR_JOINTS; joint++) {
		const struct joint_rule *rule = &kernel_joints[joint];

		for (i = 0; i < rule->nr; i++)
			if (!d->only[rule->kinds[i]] || !has_fields(d, rule->kinds[i]))
				break;
		joints |= (uint32_t)(i == rule->nr) << joint;
	}
	return joints;
}

/* Zero where there is none. */
static struct maybe_getter look_up(const struct decoder *d, enum ev_kind kind, enum ev_field field)
{
	const struct binding *b = d->only[kind];

	if (!b || !(b->have & HAS(field)))
		return (struct maybe_getter){ 0 };
	return (struct maybe_getter){ true, b->getters[b->getter_of[field]] };
}

static bool entry_tells_more(const struct decoder *d)
{
	const uint32_t request = HAS(FIELD_GFP) | HAS(FIELD_ORDER) | HAS(FIELD_MIGRATETYPE);
	const struct binding *entry = d->only[EV_SLOW_ENTER];

	return entry && (entry->have & request) == request;
}

void joints_init(struct decoder *d)
{
	const struct binding *exit = d->only[EV_ATTEMPT_EXIT];
	const struct maybe_getter exit_flags = look_up(d, EV_ATTEMPT_EXIT, FIELD_ALLOC_FLAGS);

	d->joints = (struct joints){
		.told = which_can_be_told(d),
		.exit_has_flags = exit_flags.there,
		.exit_text = exit && exit->text_how != TEXT_NONE ? exit : NULL,
		.enter_flags = look_up(d, EV_ATTEMPT_ENTER, FIELD_ALLOC_FLAGS).getter,
		.exit_flags = exit_flags.getter,
		.attempt_page = look_up(d, EV_ATTEMPT_EXIT, FIELD_PAGE).getter,
		.pfn = look_up(d, EV_PAGE_ALLOC, FIELD_PFN).getter,
		.alloc_page = look_up(d, EV_ALLOC_EXIT, FIELD_PAGE).getter,
		.slow_page = look_up(d, EV_SLOW_EXIT, FIELD_PAGE).getter,
		.order = look_up(d, EV_PAGE_ALLOC, FIELD_ORDER),
		.call_sp = look_up(d, EV_ALLOC_ENTER, FIELD_SP),
		.exit_sp = look_up(d, EV_SLOW_EXIT, FIELD_SP),
		.enter_caller = look_up(d, EV_ATTEMPT_ENTER, FIELD_CALLER),
		.entry_tells_more = entry_tells_more(d),
	};
}

/*
 * --- what makes a group -----------------------------------------------------------------------
 *
 * All inline: the byte order and the group are constants where these are called.
 */

static inline bool is_zero(const struct getter *getter, const struct item *item, const bool be)
{
	return !getter_load_bits(getter, item->data, be);
}

/* A pfn of all ones: none. */
static inline bool has_pfn(const struct decoder *d, const struct item *item, const bool be)
{
	const struct getter *pfn = &d->joints.pfn;

	return getter_load_bits(pfn, item->data, be) != UINT64_MAX >> pfn->shift;
}

static inline bool flags_fit(const struct getter *getter, const struct item *item, const bool fast,
			     const bool be)
{
	uint64_t flags = getter_load_bits(getter, item->data, be);

	return alloc_flags_are_fast(flags) == fast && !alloc_flags_are_nolock(flags);
}

static bool exit_fits_caller(const struct decoder *d, const struct item *item, const bool fast)
{
	uint64_t caller = decode_number(d, d->only[EV_ATTEMPT_EXIT], item->data, FIELD_CALLER);

	return fast && callers_role(&d->callers, caller) == FN_ENTRY;
}

static inline bool are_attempts(const struct decoder *d, const struct item *items, const bool fast,
				const bool be)
{
	return flags_fit(&d->joints.enter_flags, &items[0], fast, be) &&
	       (d->joints.exit_has_flags ? flags_fit(&d->joints.exit_flags, &items[1], fast, be)
					 : exit_fits_caller(d, &items[1], fast)) &&
	       (!d->joints.exit_text || decode_text_fits(d, &items[1]));
}

static inline bool is_served(const struct decoder *d, const struct item *items, const bool be)
{
	return items[4].ts - items[0].ts < SERVED_NS_MAX &&
	       !is_zero(&d->joints.attempt_page, &items[2], be) && has_pfn(d, &items[3], be) &&
	       !is_zero(&d->joints.alloc_page, &items[4], be) &&
	       are_attempts(d, &items[1], true, be);
}

static inline bool is_entered(const struct decoder *d, const struct item *items, const bool be)
{
	return is_zero(&d->joints.attempt_page, &items[2], be) &&
	       are_attempts(d, &items[1], true, be);
}

static inline bool is_left(const struct decoder *d, const struct item *items, const bool be)
{
	return !is_zero(&d->joints.attempt_page, &items[1], be) &&
	       !is_zero(&d->joints.slow_page, &items[2], be) &&
	       are_attempts(d, &items[0], false, be);
}

static inline bool is_handed(const struct decoder *d, const struct item *items, const bool be)
{
	return has_pfn(d, &items[0], be) && !is_zero(&d->joints.alloc_page, &items[1], be);
}

/* Those after the first. An item that is ITEM_ALONE is of no such kind. */
static inline bool kinds_follow(const struct item *items, const struct joint_rule *rule)
{
	return items[1].sort.kind == rule->kinds[1] &&
	       (rule->nr < 3 || items[2].sort.kind == rule->kinds[2]) &&
	       (rule->nr < 4 || items[3].sort.kind == rule->kinds[3]) &&
	       (rule->nr < 5 || items[4].sort.kind == rule->kinds[4]);
}

/* The first 8 bytes of a record are its id, flags, preempt count and pid. */
#define PID_BITS(be)   ((be) ? UINT32_MAX : (uint64_t)UINT32_MAX << 32)
#define LEVEL_BITS(be) ((uint64_t)NOT_PLAIN << ((be) ? 40 : 16))

/*
 * At the task's own level. But the last one may be a trap, which hides the level: not of what is told
 * as a `whole`.
 */
static inline bool are_of_one_task(const struct item *items, const unsigned int nr,
				   const bool whole, const bool be)
{
	const uint64_t first = load_u64(items[0].data, be), last = load_u64(items[nr - 1].data, be);
	uint64_t pids = last ^ first, levels = first | (whole ? last : 0);
	unsigned int i;

	for (i = 1; i + 1 < nr; i++) {
		uint64_t word = load_u64(items[i].data, be);

		pids |= word ^ first;
		levels |= word;
	}
	return !((pids & PID_BITS(be)) | (levels & LEVEL_BITS(be)));
}

typedef bool (*joint_fn)(const struct decoder *d, const struct item *items, const bool be);

static inline __attribute__((always_inline)) bool is_joint(const struct decoder *d,
							   const struct item *items,
							   const enum joint joint, joint_fn fits,
							   const bool be)
{
	const struct joint_rule *rule = &kernel_joints[joint];

	return kinds_follow(items, rule) && d->joints.told >> joint & 1 &&
	       are_of_one_task(items, rule->nr, joint == JOINT_SERVED, be) && fits(d, items, be);
}

/* --- what it tells ------------------------------------------------------------------------- */

static inline void take(const struct maybe_getter *from, const struct item *item,
			const enum ev_field as, struct event *ev, const bool be)
{
	ev->have &= ~HAS(as);
	if (from->there)
		event_set(ev, as, getter_load(&from->getter, item->data, be));
}

static inline unsigned int tell(const struct item *first, const enum joint joint, struct event *ev,
				const bool be)
{
	const unsigned int nr = kernel_joints[joint].nr;
	const struct item *last = first + nr - 1;

	ev->ts_ns = last->ts;
	ev->pid = decode_pid(first->data, be);
	ev->kind = kernel_joints[joint].kind;
	ev->caller_role = FN_OTHER;
	ev->flags = decode_flags(last->data);
	ev->part_flags = decode_flags(first->data);
	ev->part_ns[0] = first->ts;
	ev->part_ns[1] = first[1].ts;
	ev->have = 0;
	return nr;
}

static inline bool same_number(const struct maybe_getter *of, const struct item *a,
			       const struct item *b, const bool be)
{
	return !of->there || getter_load_bits(&of->getter, a->data, be) ==
				     getter_load_bits(&of->getter, b->data, be);
}

/* Two groups of JOINT_SERVED: are they told together? */
static inline bool are_alike(const struct decoder *d, const struct item *a, const struct item *b,
			     const bool be)
{
	return same_number(&d->joints.order, &a[3], &b[3], be) &&
	       same_number(&d->joints.call_sp, &a[0], &b[0], be);
}

static inline bool is_of_task(const struct item *item, int32_t pid, const bool be)
{
	return item->sort.kind == EV_ALLOC_ENTER && decode_pid(item->data, be) == pid;
}

/* Where the run of them ends that begins with the group `first`. */
static inline __attribute__((always_inline)) const struct item *
end_of_run(const struct decoder *d, const struct item *first, unsigned int *count, const bool be)
{
	const int32_t pid = decode_pid(first->data, be);
	const struct item *next = first;

	do {
		next += kernel_joints[JOINT_SERVED].nr;
		++*count;
	} while (*count < SERVED_RUN_MAX && is_of_task(next, pid, be) &&
		 is_joint(d, next, JOINT_SERVED, is_served, be) && are_alike(d, first, next, be));
	return next;
}

static inline unsigned int tell_served(const struct decoder *d, const struct item *items,
				       struct event *ev, const bool be)
{
	unsigned int count = 0;
	const struct item *end = end_of_run(d, items, &count, be);

	tell(items, JOINT_SERVED, ev, be);
	ev->ts_ns = end[-1].ts;
	take(&d->joints.order, &items[3], FIELD_ORDER, ev, be);
	take(&d->joints.call_sp, &items[0], FIELD_SP, ev, be);
	event_set(ev, FIELD_COUNT, count);
	return (unsigned int)(end - items);
}

/* 0: the text lies beyond the record after all. */
static inline unsigned int tell_entered(const struct decoder *d, const struct item *items,
					struct event *ev, const bool be)
{
	unsigned int nr = tell(items, JOINT_ENTERED, ev, be);

	decode_numbers(d, &items[3], ev);
	take(&d->joints.call_sp, &items[0], FIELD_CALL_SP, ev, be);
	return decode_text(d, &items[3], ev) ? nr : 0;
}

static inline unsigned int tell_left(const struct decoder *d, const struct item *items,
				     struct event *ev, const bool be)
{
	unsigned int nr = tell(items, JOINT_LEFT, ev, be);

	if (d->joints.entry_tells_more) {
		event_set(ev, FIELD_ALLOC_FLAGS,
			  getter_load(&d->joints.enter_flags, items[0].data, be));
		take(&d->joints.enter_caller, &items[0], FIELD_CALLER, ev, be);
	} else {
		decode_numbers(d, &items[0], ev);
	}
	take(&d->joints.exit_sp, &items[2], FIELD_SP, ev, be);
	if (event_has(ev, FIELD_CALLER))
		ev->caller_role = callers_role(&d->callers, event_get(ev, FIELD_CALLER));
	return nr;
}

static inline unsigned int tell_handed(const struct decoder *d, const struct item *items,
				       struct event *ev, const bool be)
{
	unsigned int nr = tell(items, JOINT_HANDED, ev, be);

	take(&d->joints.order, &items[0], FIELD_ORDER, ev, be);
	return nr;
}

static inline __attribute__((always_inline)) unsigned int
find_and_tell(const struct decoder *d, const struct item *first, struct event *ev, const bool be)
{
	switch (first->sort.kind) {
	case EV_ALLOC_ENTER:
		if (is_joint(d, first, JOINT_SERVED, is_served, be))
			return tell_served(d, first, ev, be);
		if (is_joint(d, first, JOINT_ENTERED, is_entered, be))
			return tell_entered(d, first, ev, be);
		return 0;
	case EV_ATTEMPT_ENTER:
		if (is_joint(d, first, JOINT_LEFT, is_left, be))
			return tell_left(d, first, ev, be);
		return 0;
	case EV_PAGE_ALLOC:
		if (is_joint(d, first, JOINT_HANDED, is_handed, be))
			return tell_handed(d, first, ev, be);
		return 0;
	default:
		return 0;
	}
}

unsigned int joint_tell(const struct decoder *d, const struct item *first, struct event *ev)
{
	return d->big_endian ? find_and_tell(d, first, ev, true)
			     : find_and_tell(d, first, ev, false);
}
