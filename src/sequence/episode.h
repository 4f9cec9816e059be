/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The product of sequence/: one episode, that is one execution of the slowpath from its entry to
 * its exit in one context, as plain values.
 *
 * Stages partition an episode: each of its nanoseconds belongs to exactly one stage visit, which
 * lasts from the event that opened it to the event that opens the next. So the attempt that follows
 * a reclaim counts as part of that reclaim, as it does in __alloc_pages_direct_reclaim. Stages are
 * opened by events that every profile with probes records, so that paths compare across profiles.
 */
#ifndef PAGETRAIL_SEQUENCE_EPISODE_H
#define PAGETRAIL_SEQUENCE_EPISODE_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/event.h"

enum stage {
	STAGE_ENTRY,	/* wakes kswapd, first attempt at the min watermark */
	STAGE_COMPACT,	/* direct compaction and the attempt after it */
	STAGE_RECLAIM,	/* direct reclaim and the attempts after it */
	STAGE_THROTTLE, /* slept inside reclaim (vmscan throttle, writeback congestion) */
	STAGE_RETRY,	/* should_reclaim_retry or should_compact_retry decided; what follows */
	STAGE_OOM,	/* out_of_memory() */
	NR_TIMED_STAGES,
	STAGE_OK = NR_TIMED_STAGES, /* ends: no time of their own */
	STAGE_FAILED,
	NR_STAGES
};

enum outcome {
	OUTCOME_OK,	    /* returned a page */
	OUTCOME_FAILED,	    /* returned none */
	OUTCOME_IN_FLIGHT,  /* still running when the window closed */
	OUTCOME_INCOMPLETE, /* its end, or what decides it, was lost or cannot be seen */
	NR_OUTCOMES
};

/* How much of an episode's [start_ns, end_ns] was seen. */
enum edge {
	EDGE_EXACT,   /* the probe at that very place */
	EDGE_BOUND,   /* nearest event inside the episode: the true one lies outside */
	EDGE_OUTSIDE, /* nearest event outside it: the true one lies inside */
	EDGE_UNKNOWN, /* not seen: in flight, or lost */
};

enum level { LEVEL_TASK, LEVEL_SOFTIRQ, LEVEL_HARDIRQ, NR_LEVELS };

/* The kernel's own threads that free memory for others: nobody waits for what they do. */
enum background { BACKGROUND_NONE, BACKGROUND_KSWAPD, BACKGROUND_KCOMPACTD, NR_BACKGROUNDS };

/* What a step is: the start of a stage, or something that happened in the current one. */
enum step_kind {
	STEP_STAGE,	/* stage: value = stage */
	STEP_ATTEMPT,	/* one get_page_from_freelist: value = 1 got a page, 0 did not */
	STEP_WAKE,	/* kswapd of node `value` was woken */
	STEP_RECLAIMED, /* direct reclaim returned: value = pages */
	STEP_COMPACTED, /* compaction of one zone ended: value = enum compact_result */
	STEP_THROTTLED, /* slept value nanoseconds, up to this moment */
	STEP_DRAIN,	/* drain_all_pages */
	STEP_UNRESERVE, /* unreserve_highatomic_pageblock: value = force */
	STEP_VICTIM,	/* the OOM killer chose pid `value` */
	STEP_WARN,	/* warn_alloc: the request failed */
	STEP_NESTED,	/* an episode inside this one ended: value = its nanoseconds */
	NR_STEP_KINDS
};

/* Label of an attempt (kernel call sites of get_page_from_freelist). */
enum attempt {
	ATTEMPT_FAST,	  /* the fast path's */
	ATTEMPT_FIRST,	  /* the first of the slowpath */
	ATTEMPT_RETRY,	  /* at the retry: label */
	ATTEMPT_RESERVE,  /* with ALLOC_NO_WATERMARKS or as an OOM victim */
	ATTEMPT_COMPACT,  /* after direct compaction */
	ATTEMPT_RECLAIM,  /* after direct reclaim */
	ATTEMPT_OOM,	  /* at the high watermark, under oom_lock */
	ATTEMPT_FALLBACK, /* __alloc_pages_cpuset_fallback, for __GFP_NOFAIL */
	ATTEMPT_NOLOCK,	  /* alloc_pages_nolock: never the slowpath */
	NR_ATTEMPTS
};

/* What its task was doing, as far as sched events tell; without them it seems to be on a CPU. */
enum run_state {
	RUN_ON_CPU,
	RUN_RUNNABLE, /* wanted a CPU */
	RUN_SLEEPING,
	NR_RUNS
};

/* At least so long without an event of the episode's own: a hole. */
#define HOLE_MIN_NS	  1000000ULL
#define EPISODE_HOLES_MAX 4

struct hole {
	uint64_t at_ns;		  /* since the start of the episode */
	uint64_t run_ns[NR_RUNS]; /* add up to its length */
	enum stage stage;	  /* in which it began */
	bool lost; /* records were lost then: it is at least so long, and past the end_ns */
};

/* Why an episode ended: where it got its page, or what made it give up. */
enum exit_reason {
	EXIT_FIRST_ATTEMPT, /* the slowpath's first: at the min watermark, kswapd woken */
	EXIT_NEXT_ATTEMPT,  /* one at retry:, before a round of reclaim was over */
	EXIT_RETRY,	    /* one at retry:, after a round or more */
	EXIT_COMPACTION,    /* the one after direct compaction */
	EXIT_CAPTURED,	    /* none: compaction captured the page */
	EXIT_RECLAIM,	    /* the one after direct reclaim */
	EXIT_OOM_LOCK,	    /* the one at the high watermark, under oom_lock */
	EXIT_FALLBACK,	    /* __GFP_NOFAIL's, from the reserves */

	EXIT_NO_ZONE,		 /* no zone is eligible: no attempt at all */
	EXIT_NO_DIRECT_RECLAIM,	 /* the request lacks __GFP_DIRECT_RECLAIM */
	EXIT_MEMALLOC,		 /* PF_MEMALLOC: no reclaim within reclaim */
	EXIT_NORETRY_COMPACTION, /* __GFP_NORETRY, after the first compaction */
	EXIT_NORETRY,		 /* __GFP_NORETRY, after a round of reclaim and compaction */
	EXIT_COSTLY,		 /* costly order, after such a round */
	EXIT_OOM_VICTIM,	 /* the task is dying, and has tried its reserves */
	EXIT_NO_PROGRESS,	 /* hopeless, and the OOM killer may not, or cannot, kill */
	EXIT_NOT_CHARGED,	 /* it had a page, but the memory cgroup refused the charge */
	NR_EXITS
};

/* The mark that a zone had to keep when the page was taken. */
enum watermark {
	WATERMARK_UNKNOWN, /* or no zone was asked: captured */
	WATERMARK_HIGH,
	WATERMARK_MIN,
	WATERMARK_MIN_OR_BELOW, /* 5.10 lowers it for ALLOC_HARDER alone, later ones do not */
	WATERMARK_BELOW_MIN,	/* part of the reserve: __GFP_HIGH, an OOM victim */
	WATERMARK_NONE,		/* PF_MEMALLOC, __GFP_MEMALLOC */
	NR_WATERMARKS
};

/* A number that lies within. */
struct between {
	uint16_t min, max; /* max BETWEEN_OPEN: no upper bound is known */
};

#define BETWEEN_OPEN UINT16_MAX

struct step {
	uint64_t at_ns; /* since the start of the episode */
	int64_t value;
	uint32_t alloc_flags; /* STEP_ATTEMPT */
	uint8_t kind;	      /* enum step_kind */
	uint8_t detail;	      /* STEP_STAGE: enum stage; STEP_ATTEMPT: enum attempt */
};

#define EPISODE_STEPS_MAX 96
#define EPISODE_PATH_MAX  64

struct episode {
	uint64_t id;	 /* order of entry, from 1 */
	uint64_t parent; /* id of the episode it ran inside, 0 for none */
	uint64_t start_ns,
		end_ns;	    /* clock of the capture; end of an in-flight one: end of window */
	uint64_t nested_ns; /* part of it spent in episodes inside it, */
	bool nested_unsure; /* and an edge of one of those was not seen */
	enum edge start_edge, end_edge;
	enum outcome outcome;
	enum level level;
	enum background background; /* of a task; an interrupt is none's, whatever it hit */
	int32_t pid;
	uint32_t cpu;	     /* where it started */
	char comm[COMM_LEN]; /* "" when not known */
	uint32_t stack;	     /* number of its entry's call stack (FIELD_STACK); 0: not known */
	bool has_gfp, has_order, has_migratetype;
	uint64_t gfp;
	uint32_t order;
	int32_t migratetype;
	uint32_t depth; /* 0: not inside another */
	bool in_window; /* entered inside the window: only these are counted */
	bool captured;	/* page captured by compaction, without an attempt that got it */
	uint32_t nr_attempts, nr_null_attempts; /* slowpath attempts, where the profile sees them */
	uint64_t nr_reclaimed;			/* pages, over all its reclaims */

	uint32_t exits; /* bit per enum exit_reason: those that fit what was seen. 0: none does */
	enum watermark watermark;
	struct between retries;	       /* rounds begun anew after a round of direct reclaim, */
	struct between oom_lock_waits; /* and those of them after waiting for oom_lock */

	uint32_t visits[NR_STAGES];
	uint64_t stage_ns[NR_TIMED_STAGES];
	uint64_t path_len; /* stages visited in all; the first EPISODE_PATH_MAX are in path[] */

	enum stage stage;			   /* the last of the timed ones, */
	uint64_t stage_since_ns;		   /* and when it began */
	uint64_t last_event_ns;			   /* the last event of its own */
	enum run_state run;			   /* at the end */
	uint64_t run_ns[NR_TIMED_STAGES][NR_RUNS]; /* add up to stage_ns */
	uint64_t nr_holes;			   /* without a lost one */
	uint64_t holes_ns[NR_RUNS];		   /* over all these */
	uint32_t nr_holes_kept;
	bool in_crowd;			      /* one of those that are counted as stalled */
	uint32_t others_at_start, others_max; /* others in the crowd: then, at most meanwhile */

	uint32_t nr_steps; /* in steps[] */
	uint32_t nr_steps_dropped;

	/* Last, as they hold nothing sensible beyond their numbers. */
	uint8_t path[EPISODE_PATH_MAX];	      /* enum stage */
	uint64_t path_ns[EPISODE_PATH_MAX];   /* time of that visit; 0 for the ends */
	struct hole holes[EPISODE_HOLES_MAX]; /* the longest ones, in the order of time */
	struct step steps[EPISODE_STEPS_MAX];
};

/*
 * Is it a task's wait for a page? What runs inside another episode is part of that; an interrupt
 * waits for nothing; and nobody waits for kswapd and kcompactd.
 */
static inline bool episode_is_stall(const struct episode *ep)
{
	return !ep->depth && ep->level == LEVEL_TASK && !ep->background;
}

/* "entry", "compact", ... Never NULL. */
const char *stage_name(enum stage stage);
const char *outcome_name(enum outcome outcome);
const char *attempt_name(enum attempt attempt);
const char *step_name(enum step_kind kind);
/* What its value is, where that is a number by itself; else NULL. */
const char *step_value_name(enum step_kind kind);
const char *level_name(enum level level);
const char *run_name(enum run_state run);
const char *background_name(enum background background);
const char *exit_name(enum exit_reason reason);
const char *watermark_name(enum watermark watermark);

#endif
