// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Follows every allocation from its call to its return, where both are recorded, and the node and
 * memcg reclaims. In: their events. Out: detours.
 *
 * What lies where, in __alloc_pages_nodemask (5.10) to __alloc_frozen_pages_noprof (7.3):
 * node_reclaim() is called by get_page_from_freelist() alone, so before the fast attempt returned
 * it is inside that; the charge (__memcg_kmem_charge_page) follows the last attempt, if that got a
 * page. Pages of user memory are charged by the caller, after the allocation has returned.
 */
#include "sequence/machine.h"

#define BIT(kind) (1ULL << (kind))

#define ALLOCATIONS    (BIT(EV_ALLOC_ENTER) | BIT(EV_ALLOC_EXIT) | BIT(EV_ATTEMPT_EXIT))
#define NODE_RECLAIMS  (BIT(EV_NODE_RECLAIM_BEGIN) | BIT(EV_NODE_RECLAIM_END))
#define MEMCG_RECLAIMS (BIT(EV_MEMCG_RECLAIM_BEGIN) | BIT(EV_MEMCG_RECLAIM_END))

static const struct {
	uint64_t needs; /* bits per enum ev_kind */
	enum detour_kind own, in_slowpath, elsewhere;
} reclaims[NR_RECLAIM_KINDS] = {
	[RECLAIM_NODE] = { NODE_RECLAIMS, DETOUR_NODE, DETOUR_NODE_SLOWPATH,
			   DETOUR_NODE_ELSEWHERE },
	[RECLAIM_MEMCG] = { MEMCG_RECLAIMS, DETOUR_MEMCG, DETOUR_MEMCG_SLOWPATH,
			    DETOUR_MEMCG_ELSEWHERE },
};

bool detour_sees_allocations(uint64_t kinds)
{
	return (kinds & ALLOCATIONS) == ALLOCATIONS;
}

bool detour_is_seen(uint64_t kinds, enum detour_kind kind)
{
	static const uint64_t needs[NR_DETOURS] = {
		[DETOUR_NODE] = ALLOCATIONS | NODE_RECLAIMS,
		[DETOUR_MEMCG] = ALLOCATIONS | MEMCG_RECLAIMS,
		[DETOUR_LONG] = ALLOCATIONS | NODE_RECLAIMS | MEMCG_RECLAIMS,
		[DETOUR_NODE_SLOWPATH] = NODE_RECLAIMS,
		[DETOUR_NODE_ELSEWHERE] = NODE_RECLAIMS,
		[DETOUR_MEMCG_SLOWPATH] = MEMCG_RECLAIMS,
		[DETOUR_MEMCG_ELSEWHERE] = MEMCG_RECLAIMS,
	};

	return (kinds & needs[kind]) == needs[kind];
}

/* Inside the window, and not while records of any CPU are missing. */
static bool is_seen(const struct seq *seq, uint64_t ts_ns)
{
	return counting(seq) && ts_ns > seq->dark_until;
}

static void put_detour(struct seq *seq, struct detour detour)
{
	seq->told |= SEQ_DETOURS;
	if (seq->nr_detours < NR_DETOURS_PER_EVENT)
		seq->detours[seq->nr_detours++] = detour;
}

/* --- which allocation ---------------------------------------------------------------------- */

static struct requester *requester_of(struct seq *seq, const struct event *ev)
{
	return requests_find(&seq->requests, context_key(ev->pid, ev->cpu));
}

/* Most allocations are made by tasks, through probes that tell so. */
static enum level request_level(const struct event *ev)
{
	bool plain = !(ev->flags & (EVENT_HARDIRQ | EVENT_SOFTIRQ | EVENT_NMI));

	return plain ? LEVEL_TASK : level_of(ev, NULL);
}

/*
 * The allocation that an event is part of, or NULL. An interrupt ends before what it interrupted
 * goes on: those of a higher level have returned, unseen.
 */
static struct request *request_of(struct requester *who, const struct event *ev)
{
	enum level level = request_level(ev);
	struct request *top;

	if (!who || who->depth > REQUEST_DEPTH_MAX)
		return NULL;
	for (; who->depth; who->depth--) {
		top = &who->requests[who->depth - 1];
		if (top->level <= level)
			return top->level == level ? top : NULL;
	}
	return NULL;
}

/*
 * The stack grows down: an allocation whose frame is not above the new one's returned, unseen, and
 * so did those inside of it.
 */
static void drop_stale(struct requester *who, enum level level, uint64_t sp)
{
	uint32_t kept = who->depth < REQUEST_DEPTH_MAX ? who->depth : REQUEST_DEPTH_MAX;

	for (; kept; kept--) {
		const struct request *top = &who->requests[kept - 1];

		if (top->level < level || !top->sp || !sp || top->sp > sp)
			break;
		who->depth = kept - 1;
	}
}

static void begin_request(struct seq *seq, const struct event *ev, const struct request *request)
{
	struct requester *who;

	if (!detour_sees_allocations(seq->kinds))
		return;
	who = requests_get(&seq->requests, context_key(ev->pid, ev->cpu));
	drop_stale(who, request->level, request->sp);
	if (who->depth++ < REQUEST_DEPTH_MAX)
		who->requests[who->depth - 1] = *request;
	else
		seq->requests.given_up++;
}

void detour_request_begins(struct seq *seq, const struct event *ev)
{
	const struct request request = {
		.since_ns = ev->ts_ns,
		.sp = event_get(ev, FIELD_SP),
		.level = request_level(ev),
		.level_sure = !(ev->flags & EVENT_NMI),
		.counts = is_seen(seq, ev->ts_ns),
	};

	begin_request(seq, ev, &request);
}

void detour_request_entered(struct seq *seq, const struct event *ev, uint64_t since_ns, uint64_t sp)
{
	const struct request request = {
		.since_ns = since_ns,
		.sp = sp,
		.level = LEVEL_TASK,
		.level_sure = true,
		.slow = true,
		.counts = is_seen(seq, since_ns),
	};

	begin_request(seq, ev, &request);
}

void detour_request_served(struct seq *seq, const struct event *ev)
{
	struct requester *who = requester_of(seq, ev);

	if (!who || !who->depth)
		return;
	drop_stale(who, LEVEL_TASK, event_get(ev, FIELD_SP));
	if (who->depth >= REQUEST_DEPTH_MAX)
		seq->requests.given_up += event_get(ev, FIELD_COUNT);
}

/* The call into the slowpath lies in the function at whose beginning the allocation was seen. */
#define ENTRY_FRAME_BYTES 1024

bool detour_request_level(struct seq *seq, const struct event *ev, enum level *level)
{
	const struct requester *who;
	uint64_t sp = event_get(ev, FIELD_SP);
	const struct request *top;

	if (!detour_sees_allocations(seq->kinds))
		return false;
	who = requester_of(seq, ev);
	if (!who || !who->depth || who->depth > REQUEST_DEPTH_MAX)
		return false;
	top = &who->requests[who->depth - 1];
	if (!top->level_sure || sp > top->sp || top->sp - sp > ENTRY_FRAME_BYTES)
		return false;
	*level = top->level;
	return true;
}

void detour_fast_attempt(struct seq *seq, const struct event *ev, bool got_page)
{
	struct request *request = request_of(requester_of(seq, ev), ev);

	if (!request)
		return;
	request->got_page = got_page;
	request->slow = !got_page;
}

static void tell_reclaims(struct seq *seq, const struct request *request)
{
	enum reclaim_kind kind;

	for (kind = 0; kind < NR_RECLAIM_KINDS; kind++)
		if (request->nr_reclaims[kind])
			put_detour(seq, (struct detour){
						.kind = request->slow ? reclaims[kind].in_slowpath
								      : reclaims[kind].own,
						.reclaims = request->nr_reclaims[kind],
						.ns = request->reclaim_ns[kind] });
}

static void tell(struct seq *seq, const struct request *request, uint64_t ts_ns)
{
	uint64_t ns = ts_ns - request->since_ns;

	if (!request->counts || !counting(seq) || (!request->got_page && !request->slow))
		return;
	if (request->nr_reclaims[RECLAIM_NODE] || request->nr_reclaims[RECLAIM_MEMCG])
		tell_reclaims(seq, request);
	else if (!request->slow && ns >= DETOUR_LONG_NS)
		put_detour(seq, (struct detour){ .kind = DETOUR_LONG, .ns = ns });
}

void detour_request_ends(struct seq *seq, const struct event *ev)
{
	struct requester *who = requester_of(seq, ev);
	struct request *request;

	if (who && who->depth > REQUEST_DEPTH_MAX) {
		who->depth--;
		return;
	}
	request = request_of(who, ev);
	if (!request)
		return;
	who->depth--;
	tell(seq, request, ev->ts_ns);
}

/* --- reclaims ------------------------------------------------------------------------------ */

static int reclaim_begins(struct seq *seq, const struct event *ev, enum reclaim_kind kind)
{
	struct requester *who = requests_get(&seq->requests, context_key(ev->pid, ev->cpu));

	who->in_reclaim = true;
	who->reclaim = kind;
	who->reclaim_counts = is_seen(seq, ev->ts_ns);
	who->reclaim_since_ns = ev->ts_ns;
	return 0;
}

/* One that belongs to an allocation is told with that, when it is known what became of it. */
static int reclaim_ends(struct seq *seq, const struct event *ev, enum reclaim_kind kind)
{
	struct requester *who = requester_of(seq, ev);
	struct request *request = request_of(who, ev);
	uint64_t ns;

	if (!who || !who->in_reclaim || who->reclaim != kind)
		return 0;
	who->in_reclaim = false;
	ns = ev->ts_ns - who->reclaim_since_ns;
	if (request) {
		request->nr_reclaims[kind]++;
		request->reclaim_ns[kind] += ns;
	} else if (who->reclaim_counts && counting(seq)) {
		put_detour(seq,
			   (struct detour){ .kind = frame_of(seq, ev) ? reclaims[kind].in_slowpath
								      : reclaims[kind].elsewhere,
					    .reclaims = 1,
					    .ns = ns });
	}
	return 0;
}

int on_node_reclaim_begin(struct seq *seq, const struct event *ev)
{
	return reclaim_begins(seq, ev, RECLAIM_NODE);
}

int on_node_reclaim_end(struct seq *seq, const struct event *ev)
{
	return reclaim_ends(seq, ev, RECLAIM_NODE);
}

int on_memcg_reclaim_begin(struct seq *seq, const struct event *ev)
{
	return reclaim_begins(seq, ev, RECLAIM_MEMCG);
}

int on_memcg_reclaim_end(struct seq *seq, const struct event *ev)
{
	return reclaim_ends(seq, ev, RECLAIM_MEMCG);
}
