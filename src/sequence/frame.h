/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A frame: an episode in the making, with what is needed to go on building it. Private to
 * sequence/. Frames belong to a pool and move from a context's stack to the list of ended ones.
 */
#ifndef PAGETRAIL_SEQUENCE_FRAME_H
#define PAGETRAIL_SEQUENCE_FRAME_H

#include "sequence/crowd.h"
#include "sequence/episode.h"
#include "sequence/run.h"
#include "sequence/exit.h"

struct frame {
	struct frame *next;   /* in the list of free or of ended frames */
	uint64_t sp;	      /* stack pointer at the entry; 0: not known */
	uint64_t stage_since; /* ns: start of the current visit */
	uint64_t last_ns;     /* time of the last event that was its own */
	uint64_t came;	      /* its number in the crowd */
	struct crowd *crowd;  /* that it is part of, or NULL */
	struct run run;	      /* begun apart; so is */
	struct trail trail;
	enum stage stage;	/* from here on a frame begins with zeros, */
	bool awaits_stack;	/* nothing of its own came since the entry */
	bool broken;		/* began while records were missing: only its entry is sure */
	bool in_reclaim;	/* between direct_reclaim_begin and its end */
	bool in_zone;		/* between mm_compaction_begin and its end */
	bool in_attempt;	/* an attempt has begun and not returned */
	bool attempted;		/* an attempt since the current visit began */
	bool any_attempt;	/* an attempt since the entry */
	bool reclaim_won;	/* the last reclaim freed pages: attempts may be its own */
	bool compacted_zone;	/* the current compaction looked at a zone at least */
	uint32_t nested_allocs; /* allocations of this context that began inside this one */
	enum attempt attempt;	/* label of the attempt that is in flight, */
	uint32_t alloc_flags;	/* and its flags */
	uint32_t places;	/* SIGHT bits: where it may have been made */
	struct episode ep;	/* up to its path */
};

/*
 * Starts an episode at the event in STAGE_ENTRY; takes task, CPU, gfp, order, ... from it. `crowd`:
 * where it is counted, or NULL.
 */
void frame_begin(struct frame *frame, const struct event *ev, enum level level,
		 struct crowd *crowd);

/* An event of its own: what was since the one before is known now; if that was long it is a hole. */
void frame_touch(struct frame *frame, uint64_t ts_ns);

/* Records were lost at a moment when it had been silent for so long: its end is its last event. */
void frame_lose(struct frame *frame, uint64_t ts_ns);

/* The same at the end of an episode inside, which explains the time since it began. */
void frame_pass(struct frame *frame, uint64_t ts_ns);

/* gfp, order and migratetype, where the event has them and the episode does not yet. */
void frame_learn(struct frame *frame, const struct event *ev);

/* Ends the current visit at `ts_ns` and begins one of `stage` there. */
void frame_enter_stage(struct frame *frame, enum stage stage, uint64_t ts_ns);

/* The last `slept_ns` before `ts_ns` were a throttle inside the current stage, which goes on. */
void frame_throttle(struct frame *frame, uint64_t slept_ns, uint64_t ts_ns);

void frame_add_step(struct frame *frame, uint64_t ts_ns, struct step step);

/* Leaves of the episode what its entry told. */
void frame_forget(struct frame *frame);

/* Ends the episode; the outcome decides whether the path closes with `ok` or `failed`. */
void frame_end(struct frame *frame, uint64_t ts_ns, enum outcome outcome, enum edge edge);

/* Is it inside something that can itself allocate, and whose end is an event? */
bool frame_is_inside(const struct frame *frame);

/* Could the episode have ended with a page captured by compaction, which leaves no event? */
bool frame_may_be_captured(const struct frame *frame);

#endif
