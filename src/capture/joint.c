// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/joint.h"
#include "kernel/alloc_flags.h"

/* Neither an interrupt nor a trap: the level is known, and it is the task's. */
#define NOT_PLAIN (EVENT_HARDIRQ | EVENT_SOFTIRQ | EVENT_NMI)

/* --- what makes a group ------------------------------------------------------------------- */

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

uint32_t joint_all(const struct decoder *d)
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

static inline bool got_page(const struct decoder *d, const struct item *item,
			    const enum ev_kind kind)
{
	return getter_load_bits(&d->only[kind]->page, item->data, d->big_endian);
}

/* A pfn of all ones: none. */
static inline bool has_pfn(const struct decoder *d, const struct item *item)
{
	const struct getter *pfn = &d->only[EV_PAGE_ALLOC]->page;

	return getter_load_bits(pfn, item->data, d->big_endian) != UINT64_MAX >> pfn->shift;
}

static inline bool is_attempt(const struct decoder *d, const struct item *item,
			      const enum ev_kind kind, const bool fast)
{
	const struct binding *b = d->only[kind];
	uint64_t flags;

	if (!(b->have & HAS(FIELD_ALLOC_FLAGS))) {
		uint64_t caller = decode_number(d, b, item->data, FIELD_CALLER);

		return fast && callers_role(&d->callers, caller) == FN_ENTRY;
	}
	flags = getter_load_bits(&b->flags, item->data, d->big_endian);
	return alloc_flags_are_fast(flags) == fast && !alloc_flags_are_nolock(flags);
}

static inline bool are_attempts(const struct decoder *d, const struct item *items, const bool fast)
{
	return is_attempt(d, &items[0], EV_ATTEMPT_ENTER, fast) &&
	       is_attempt(d, &items[1], EV_ATTEMPT_EXIT, fast) &&
	       (!d->only[EV_ATTEMPT_EXIT]->text_how || decode_text_fits(d, &items[1]));
}

static inline bool is_served(const struct decoder *d, const struct item *items)
{
	return items[4].ts - items[0].ts < SERVED_NS_MAX &&
	       got_page(d, &items[2], EV_ATTEMPT_EXIT) && has_pfn(d, &items[3]) &&
	       got_page(d, &items[4], EV_ALLOC_EXIT) && are_attempts(d, &items[1], true);
}

static inline bool is_entered(const struct decoder *d, const struct item *items)
{
	return !got_page(d, &items[2], EV_ATTEMPT_EXIT) && are_attempts(d, &items[1], true) &&
	       decode_text_fits(d, &items[3]);
}

static inline bool is_left(const struct decoder *d, const struct item *items)
{
	return got_page(d, &items[1], EV_ATTEMPT_EXIT) && got_page(d, &items[2], EV_SLOW_EXIT) &&
	       are_attempts(d, &items[0], false);
}

static inline bool is_handed(const struct decoder *d, const struct item *items)
{
	return has_pfn(d, &items[0]) && got_page(d, &items[1], EV_ALLOC_EXIT);
}

/* What of a record speaks against its being of the task of `first`, at the task's own level. */
static inline uint64_t differs(const struct item *item, uint64_t first, bool may_be_trap, bool be)
{
	const uint64_t pid = be ? UINT32_MAX : (uint64_t)UINT32_MAX << 32;
	const uint64_t flags = (uint64_t)NOT_PLAIN << (be ? 40 : 16);
	uint64_t word = load_u64(item->data, be);

	return ((word ^ first) & pid) | (may_be_trap ? 0 : word & flags);
}

/*
 * The last one may be a trap, which hides the level: but not of what is told as a whole. The first 8
 * bytes of a record are its id, flags, preempt count and pid. Without a loop: `nr` is a constant.
 */
static inline bool are_of_one_task(const struct decoder *d, const struct item *items,
				   const unsigned int nr, const bool whole)
{
	const bool be = d->big_endian;
	uint64_t first = load_u64(items[0].data, be);
	uint64_t differ = differs(&items[0], first, false, be);

	if (nr > 2)
		differ |= differs(&items[1], first, false, be);
	if (nr > 3)
		differ |= differs(&items[2], first, false, be);
	if (nr > 4)
		differ |= differs(&items[3], first, false, be);
	return !(differ | differs(&items[nr - 1], first, !whole, be));
}

/* Is it that group? Then it is joined. */
static inline bool try_joint(const struct decoder *d, struct item *last, uint64_t kinds,
			     const enum joint joint,
			     bool (*is_joint)(const struct decoder *d, const struct item *items))
{
	const struct joint_rule *rule = &kernel_joints[joint];
	struct item *items;
	uint64_t ts;

	if ((kinds & ((1ULL << 8 * rule->nr) - 1)) != rule->pattern || !(d->joints >> joint & 1))
		return false;
	items = last - (rule->nr - 1);
	if (!are_of_one_task(d, items, rule->nr, joint == JOINT_SERVED) || !is_joint(d, items))
		return false;
	ts = items->ts;
	items->ts = last->ts;
	last->ts = ts;
	items->sort.what = (uint8_t)(ITEM_JOINT + joint);
	return true;
}

void joint_find(const struct decoder *d, struct item *last, uint64_t kinds)
{
	switch (last->sort.kind) {
	case EV_ALLOC_EXIT:
		if (!try_joint(d, last, kinds, JOINT_SERVED, is_served))
			try_joint(d, last, kinds, JOINT_HANDED, is_handed);
		break;
	case EV_SLOW_ENTER:
		try_joint(d, last, kinds, JOINT_ENTERED, is_entered);
		break;
	case EV_SLOW_EXIT:
		try_joint(d, last, kinds, JOINT_LEFT, is_left);
		break;
	}
}

void joint_part(struct item *first)
{
	struct item *last = first + joint_size(first) - 1;
	uint64_t ts = first->ts;

	first->ts = last->ts;
	last->ts = ts;
	first->sort.what = ITEM_RECORD;
}

/* --- what it tells ------------------------------------------------------------------------- */

static inline void take_other(const struct decoder *d, const struct item *item, enum ev_field field,
			      enum ev_field as, struct event *ev)
{
	const struct binding *b = &d->bindings[item->sort.binding];

	ev->have &= ~(1U << as);
	if (b->have & (1U << field))
		event_set(ev, as, decode_number(d, b, item->data, field));
}

/* All numbers of one of the records, and what is asked for of another. */
static void take_numbers(const struct decoder *d, const struct item *first, enum joint joint,
			 struct event *ev)
{
	switch (joint) {
	case JOINT_SERVED:
		ev->have = 0;
		take_other(d, &first[3], FIELD_ORDER, FIELD_ORDER, ev);
		take_other(d, &first[0], FIELD_SP, FIELD_SP, ev);
		break;
	case JOINT_ENTERED:
		decode_numbers(d, &first[3], ev);
		take_other(d, &first[0], FIELD_SP, FIELD_CALL_SP, ev);
		decode_text(d, &first[3], ev);
		break;
	case JOINT_LEFT:
		decode_numbers(d, &first[0], ev);
		take_other(d, &first[2], FIELD_SP, FIELD_SP, ev);
		ev->caller_role = callers_role(&d->callers, event_get(ev, FIELD_CALLER));
		break;
	default:
		ev->have = 0;
		take_other(d, &first[0], FIELD_ORDER, FIELD_ORDER, ev);
		break;
	}
}

void joint_decode(const struct decoder *d, const struct item *first, struct event *ev)
{
	enum joint joint = first->sort.what - ITEM_JOINT;
	const struct item *last = first + kernel_joints[joint].nr - 1;

	ev->ts_ns = first->ts;
	ev->pid = decode_pid(d, first->data);
	ev->kind = kernel_joints[joint].kind;
	ev->caller_role = FN_OTHER;
	ev->flags = decode_flags(last->data);
	ev->part_flags = decode_flags(first->data);
	ev->part_ns[0] = last->ts;
	ev->part_ns[1] = first[1].ts;
	ev->text = NULL;
	ev->text_len = 0;
	take_numbers(d, first, joint, ev);
}
