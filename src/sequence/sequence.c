// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: events in the order of time. Out: episodes. Must not know where events come from, nor what
 * becomes of episodes. The parts of the machine are listed in machine.h.
 */
#include <stdlib.h>

#include "sequence/machine.h"

typedef int (*handler_fn)(struct seq *seq, const struct event *ev);

static const handler_fn handlers[NR_EV_KINDS] = {
	[EV_LOST] = on_lost,
	[EV_NOTE] = on_note,
	[EV_SERVED] = on_served,
	[EV_ENTERED] = on_entered,
	[EV_LEFT] = on_left,
	[EV_HANDED] = on_handed,
	[EV_SLOW_ENTER] = on_slow_enter,
	[EV_SLOW_EXIT] = on_slow_exit,
	[EV_FAST_NULL] = on_fast_null,
	[EV_ATTEMPT_ENTER] = on_attempt_enter,
	[EV_ATTEMPT_EXIT] = on_attempt_exit,
	[EV_ALLOC_ENTER] = on_alloc_enter,
	[EV_ALLOC_EXIT] = on_alloc_exit,
	[EV_DIRECT_COMPACT] = on_direct_compact,
	[EV_UNRESERVE_HIGHATOMIC] = on_unreserve,
	[EV_UNRESERVED] = on_unreserved,
	[EV_DRAIN_ALL_PAGES] = on_drain,
	[EV_OUT_OF_MEMORY] = on_out_of_memory,
	[EV_WARN_ALLOC] = on_warn_alloc,
	[EV_PAGE_ALLOC] = on_page_alloc,
	[EV_WAKEUP_KSWAPD] = on_wakeup_kswapd,
	[EV_KSWAPD_WAKE] = on_kswapd,
	[EV_KSWAPD_SLEEP] = on_kswapd,
	[EV_KCOMPACTD_WAKE] = on_kcompactd,
	[EV_KCOMPACTD_SLEEP] = on_kcompactd,
	[EV_NODE_RECLAIM_BEGIN] = on_node_reclaim_begin,
	[EV_NODE_RECLAIM_END] = on_node_reclaim_end,
	[EV_MEMCG_RECLAIM_BEGIN] = on_memcg_reclaim_begin,
	[EV_MEMCG_RECLAIM_END] = on_memcg_reclaim_end,
	[EV_RECLAIM_BEGIN] = on_reclaim_begin,
	[EV_RECLAIM_END] = on_reclaim_end,
	[EV_THROTTLED] = on_throttled,
	[EV_COMPACT_TRY] = on_compact_try,
	[EV_COMPACT_BEGIN] = on_compact_begin,
	[EV_COMPACT_END] = on_compact_end,
	[EV_RECLAIM_RETRY_ZONE] = on_retry_decision,
	[EV_COMPACT_RETRY] = on_retry_decision,
	[EV_MARK_VICTIM] = on_mark_victim,
	[EV_SCHED_SWITCH] = on_sched_switch,
	[EV_SCHED_WAKEUP] = on_sched_wakeup,
	[EV_STACK] = on_stack,
};

static enum seq_basis basis_of(uint64_t kinds)
{
	const uint64_t evidence = 1ULL << EV_RECLAIM_BEGIN | 1ULL << EV_COMPACT_TRY |
				  1ULL << EV_WAKEUP_KSWAPD | 1ULL << EV_RECLAIM_RETRY_ZONE |
				  1ULL << EV_COMPACT_RETRY;

	if (kinds & (1ULL << EV_SLOW_ENTER))
		return BASIS_SITE;
	if (kinds & (1ULL << EV_FAST_NULL | 1ULL << EV_ATTEMPT_EXIT))
		return BASIS_FAST_NULL;
	return kinds & evidence ? BASIS_EVIDENCE : BASIS_NONE;
}

struct seq *seq_new(uint64_t kinds, uint32_t max_contexts)
{
	struct seq *seq = calloc(1, sizeof(*seq));

	if (!seq)
		return NULL;
	if (contexts_init(&seq->contexts, max_contexts) || requests_init(&seq->requests) ||
	    exit_init(&seq->exits, kinds) ||
	    crowd_init(&seq->crowd, &seq->counts.crowd, max_contexts)) {
		exit_free(&seq->exits);
		requests_free(&seq->requests);
		contexts_free(&seq->contexts);
		free(seq);
		return NULL;
	}
	seq->kinds = kinds;
	seq->counts.basis = basis_of(kinds);
	seq->ended_tail = &seq->ended;
	return seq;
}

static void free_list(struct frame *frame)
{
	while (frame) {
		struct frame *next = frame->next;

		free(frame);
		frame = next;
	}
}

void seq_free(struct seq *seq)
{
	if (!seq)
		return;
	end_all(seq, 0);
	free_list(seq->ended);
	free_list(seq->free_frames);
	exit_free(&seq->exits);
	requests_free(&seq->requests);
	contexts_free(&seq->contexts);
	crowd_free(&seq->crowd);
	free(seq);
}

static void see_moment(struct seq *seq, uint64_t ts_ns)
{
	struct seq_counts *counts = &seq->counts;

	if (!counts->first_ns) {
		counts->first_ns = ts_ns;
		crowd_start(&seq->crowd, ts_ns);
	}
	counts->last_ns = ts_ns;
}

int seq_feed(struct seq *seq, const struct event *ev)
{
	handler_fn handler = handlers[ev->kind];
	int ret;

	seq->nr_detours = seq->next_detour = 0;
	seq->told = 0;
	if (counting(seq) && ev->kind != EV_LOST)
		see_moment(seq, ev->ts_ns);
	if (seq->window == WINDOW_AFTER && ev->kind != EV_NOTE && ev->kind != EV_LOST) {
		if (is_entry(seq, ev))
			count_entry(seq);
		return 0;
	}
	ret = handler ? handler(seq, ev) : 0;
	return ret ? ret : seq->told;
}

int seq_finish(struct seq *seq)
{
	if (seq->window != WINDOW_AFTER) {
		end_all(seq, seq->counts.last_ns);
		crowd_stop(&seq->crowd, seq->counts.last_ns);
	}
	seq->counts.requests_given_up = seq->requests.given_up;
	if (!seq->unsure)
		seq->counts.entries_sure = seq->counts.entries;
	return 0;
}

const struct episode *seq_next(struct seq *seq)
{
	if (seq->returned)
		drop_first_ended(seq);
	seq->returned = seq->ended != NULL;
	return seq->ended ? &seq->ended->ep : NULL;
}

const struct detour *seq_next_detour(struct seq *seq)
{
	return seq->next_detour < seq->nr_detours ? &seq->detours[seq->next_detour++] : NULL;
}

bool seq_is_open(const struct seq *seq)
{
	return counting(seq);
}

const struct seq_counts *seq_counts(const struct seq *seq)
{
	return &seq->counts;
}
