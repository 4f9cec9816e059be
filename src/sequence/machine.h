/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's own state and parts. Private to sequence/.
 *
 *	sequence.c	the table of handlers, one per kind of event; what others call
 *	machine.c	finds, opens and ends the episodes of a context
 *	entry.c		what opens and ends an episode, by basis
 *	attempts.c	the attempts inside and outside of one
 *	stages.c	what happens inside one
 *	silence.c	what lies between its events
 *	sched.c		when its task is on a CPU
 *	detours.c	allocations that were slow outside the slowpath
 *	daemons.c	which tasks are kswapd and kcompactd
 *	exit.c		why it ended
 *	joints.c	groups of events that come together
 *	window.c	losses, and the notes that open and close the window
 */
#ifndef PAGETRAIL_SEQUENCE_MACHINE_H
#define PAGETRAIL_SEQUENCE_MACHINE_H

#include "sequence/attempt.h"
#include "sequence/context.h"
#include "sequence/daemons.h"
#include "sequence/frame.h"
#include "sequence/requests.h"
#include "sequence/sequence.h"
#include "sequence/stacks.h"

enum window {
	WINDOW_ALL,    /* no note of ours so far: all events count */
	WINDOW_BEFORE, /* one of our captures, the recorder still starting */
	WINDOW_OPEN,
	WINDOW_AFTER,
};

#define NR_DETOURS_PER_EVENT NR_RECLAIM_KINDS /* an allocation with both ends */

struct seq {
	uint64_t kinds; /* bit per enum ev_kind that the capture can contain */
	struct exits exits;
	enum window window;
	bool verifying;	     /* the execute breakpoint may be on */
	bool unsure;	     /* records are missing since the last proof that the window is open */
	uint64_t dark_until; /* records of some CPU are missing up to this time */
	bool returned;	     /* the first of the ended frames has been handed out */
	uint64_t last_id;
	struct contexts contexts;
	struct attempt_sites sites;
	struct daemons daemons;
	struct stacks stacks;
	struct requests requests;
	struct detour detours[NR_DETOURS_PER_EVENT]; /* that the last event ended */
	uint32_t nr_detours, next_detour;
	int told; /* what the last event ended: SEQ_EPISODES, SEQ_DETOURS */
	struct crowd crowd;
	struct frame *free_frames;
	struct frame *ended, **ended_tail;
	struct seq_counts counts;
};

static inline bool has_kind(const struct seq *seq, enum ev_kind kind)
{
	return seq->kinds & (1ULL << kind);
}

/* Is this moment inside the window? */
static inline bool counting(const struct seq *seq)
{
	return seq->window == WINDOW_ALL || seq->window == WINDOW_OPEN;
}

/* machine.c */

/* The context of a task that enters the slowpath; makes room where there is none. Never NULL. */
struct context *context_for_entry(struct seq *seq, const struct event *ev);

/* The interrupt level at which an event happened; `outer`: the open episode around it, or NULL. */
enum level level_of(const struct event *ev, const struct frame *outer);

/* The episode that an event is part of, or NULL: the innermost one, if it is of the same level. */
struct frame *frame_of(struct seq *seq, const struct event *ev);

/* Counts an entry on the side of the window where it lies. */
void count_entry(struct seq *seq);

/* Opens an episode at this event. 0 or -ENOMEM. */
int push_frame(struct seq *seq, struct context *ctx, const struct event *ev, enum edge edge);

/* Takes the top frame off its context, ended; a context without frames is given back. */
void end_top(struct seq *seq, struct context *ctx, uint64_t ts_ns, enum outcome outcome,
	     enum edge edge);

/* Gives the frame of the first ended episode back to the pool. There must be one. */
void drop_first_ended(struct seq *seq);

/* Ends the top frame of the event's context, which must have one, by what was returned. */
void end_by_result(struct seq *seq, const struct event *ev, bool got_page, enum edge edge);

/* Gives up everything that is open in a context: its ends were not seen. */
void abandon(struct seq *seq, struct context *ctx);

/* entry.c */

/* In `full` without the slowpath's own sites, the return of the allocation ends an episode. */
bool ends_with_allocation(const struct seq *seq);

/* Would this event, on the basis of this capture, be the entry of an episode? */
bool is_entry(const struct seq *seq, const struct event *ev);

/*
 * The open episode of an event that only a slowpath makes. On the basis EVIDENCE it is opened where
 * none is; else it is NULL when its entry was not seen. 0 or -ENOMEM.
 */
int slowpath_frame(struct seq *seq, const struct event *ev, struct frame **out);

/* What on_alloc_exit does; `ev` need not tell the page. */
void allocation_exits(struct seq *seq, const struct event *ev, bool got_page);

/* What on_slow_exit does, in a context that was found; `ev` need not tell the page. */
void slow_exits(struct seq *seq, struct context *ctx, const struct event *ev, bool got_page);

/*
 * attempts.c: one outside the fast path, of an episode or (NULL) of none that is open. `ev` is its
 * call, or has at least the values of that.
 */
void slow_attempt_enters(struct seq *seq, struct frame *frame, const struct event *ev);
void slow_attempt_returns(struct seq *seq, struct frame *frame, uint64_t ts_ns, bool got_page);

/* detours.c: the call of an allocation, what its fast attempt returned, and its return. */
void detour_request_begins(struct seq *seq, const struct event *ev);
void detour_fast_attempt(struct seq *seq, const struct event *ev, bool got_page);
/* The level of the allocation whose entry this is; false where its call was not recorded. */
bool detour_request_level(struct seq *seq, const struct event *ev, enum level *level);
void detour_request_ends(struct seq *seq, const struct event *ev);

/* The first two, of a task's allocation whose fast attempt got no page. */
void detour_request_entered(struct seq *seq, const struct event *ev, uint64_t since_ns,
			    uint64_t sp);

/* All three, of those that were served at once: nothing can be told of them, but of others. */
void detour_request_served(struct seq *seq, const struct event *ev);

/* window.c */

/* Ends what is open as in flight; where a capture leaves no trace, as incomplete. */
void end_all(struct seq *seq, uint64_t ts_ns);

/* Handlers of events: 0 or -ENOMEM. */
int on_slow_enter(struct seq *seq, const struct event *ev);
int on_slow_exit(struct seq *seq, const struct event *ev);
int on_fast_null(struct seq *seq, const struct event *ev);
int on_attempt_enter(struct seq *seq, const struct event *ev);
int on_attempt_exit(struct seq *seq, const struct event *ev);
int on_served(struct seq *seq, const struct event *ev);
int on_entered(struct seq *seq, const struct event *ev);
int on_left(struct seq *seq, const struct event *ev);
int on_handed(struct seq *seq, const struct event *ev);
int on_alloc_enter(struct seq *seq, const struct event *ev);
int on_alloc_exit(struct seq *seq, const struct event *ev);
int on_page_alloc(struct seq *seq, const struct event *ev);
int on_wakeup_kswapd(struct seq *seq, const struct event *ev);
int on_reclaim_begin(struct seq *seq, const struct event *ev);
int on_reclaim_end(struct seq *seq, const struct event *ev);
int on_throttled(struct seq *seq, const struct event *ev);
int on_compact_try(struct seq *seq, const struct event *ev);
int on_compact_begin(struct seq *seq, const struct event *ev);
int on_compact_end(struct seq *seq, const struct event *ev);
int on_retry_decision(struct seq *seq, const struct event *ev);
int on_out_of_memory(struct seq *seq, const struct event *ev);
int on_mark_victim(struct seq *seq, const struct event *ev);
int on_direct_compact(struct seq *seq, const struct event *ev);
int on_drain(struct seq *seq, const struct event *ev);
int on_unreserve(struct seq *seq, const struct event *ev);
int on_unreserved(struct seq *seq, const struct event *ev);
int on_warn_alloc(struct seq *seq, const struct event *ev);
int on_kswapd(struct seq *seq, const struct event *ev);
int on_kcompactd(struct seq *seq, const struct event *ev);
int on_node_reclaim_begin(struct seq *seq, const struct event *ev);
int on_node_reclaim_end(struct seq *seq, const struct event *ev);
int on_memcg_reclaim_begin(struct seq *seq, const struct event *ev);
int on_memcg_reclaim_end(struct seq *seq, const struct event *ev);
int on_sched_switch(struct seq *seq, const struct event *ev);
int on_sched_wakeup(struct seq *seq, const struct event *ev);
int on_stack(struct seq *seq, const struct event *ev);
int on_lost(struct seq *seq, const struct event *ev);
int on_note(struct seq *seq, const struct event *ev);

#endif
