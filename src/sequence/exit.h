/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why an episode ended, how often it went round again, how often it waited for oom_lock: by
 * elimination. Private to sequence/.
 *
 * __alloc_pages_slowpath() is written down as a nondeterministic automaton (exit.c): the points of
 * the function between two things that a capture can show, in both shapes that kernels have had
 * (5.10 to 6.18, 7.1 to 7.3). A trail is the set of points where one episode may be. What a capture
 * does not record, the automaton does unseen. So a profile that sees less leaves more reasons over,
 * and never another one; one reason left is proof, as far as the automaton is the kernel's.
 *
 * Assumed where attempts are not recorded, for it leaves no other event: no task was killed while
 * throttled before its reclaim and then got a page at once, no cpuset, memory policy or zonelist
 * changed meanwhile (restart:), and __GFP_NOFAIL did not meet PF_MEMALLOC. Where they are, the first
 * of these is assumed only until a reclaim has freed pages, which shows where its attempt is made.
 * A trail that leads nowhere says: unknown.
 */
#ifndef PAGETRAIL_SEQUENCE_EXIT_H
#define PAGETRAIL_SEQUENCE_EXIT_H

#include "sequence/episode.h"

/* What can be seen of an episode. The attempts by where they are made, and what they returned. */
enum sight {
	SEE_NOTHING,
	SEE_LOOP_NULL, /* at restart: or retry: */
	SEE_LOOP_PAGE,
	SEE_COMPACT_NULL, /* after direct compaction */
	SEE_COMPACT_PAGE,
	SEE_RECLAIM_NULL, /* after direct reclaim */
	SEE_RECLAIM_PAGE,
	SEE_OOM_NULL, /* at the high watermark, with oom_lock held */
	SEE_OOM_PAGE,
	SEE_FALLBACK_NULL, /* for __GFP_NOFAIL, from the reserves */
	SEE_FALLBACK_PAGE,
	SEE_WAKE, /* kswapd woken */
	SEE_RECLAIM,
	SEE_RECLAIMED_SOME,
	SEE_RECLAIMED_NONE,
	SEE_DRAIN, /* drain_all_pages, unreserve_highatomic_pageblock not by force */
	SEE_COMPACT,
	SEE_ZONE_OK, /* reclaim_retry_zone: the zone could be enough; or not */
	SEE_ZONE_SHORT,
	SEE_UNRESERVE,	/* by force */
	SEE_FREED_SOME, /* it gave pages back; or none */
	SEE_FREED_NONE,
	SEE_COMPACT_AGAIN,
	SEE_COMPACT_ENOUGH,
	SEE_OOM, /* out_of_memory() */
	SEE_VICTIM,
	SEE_WARN, /* warn_alloc() */
	NR_SIGHTS
};

#define SIGHT(see) (1U << (see))

/* SIGHT bits of an attempt that may have been made at several places. */
#define SIGHTS_NULL(places) (places)
#define SIGHTS_PAGE(places) ((places) << 1)

/* What a capture can show. */
struct exit_view {
	uint32_t hidden;    /* SIGHT bits of what it does not record */
	bool sees_attempts; /* of the slowpath, and what they returned */
	bool sees_ends;	    /* that of the slowpath itself, not of the allocation around it */
	bool can_tell;	    /* it records what the automaton cannot do without */
	bool may_be_defrag; /* vm.defrag_mode may be on */
};

/* Points of the slowpath; the reasons to end follow them. */
enum point {
	AT_START,	  /* restart: */
	AT_LOOP,	  /* retry: */
	LOOP_FAILED,	  /* the attempt at either got none */
	IN_FIRST_COMPACT, /* compaction before any reclaim */
	FIRST_COMPACTED,
	IN_RECLAIM,
	RECLAIMED, /* some pages: an attempt follows */
	RECLAIM_FAILED,
	DRAINED, /* so a second attempt follows */
	AFTER_RECLAIM,
	IN_COMPACT,
	AT_TESTS,    /* the round brought no page: go on at all? */
	DECIDING,    /* should_reclaim_retry() */
	ZONES_SHORT, /* no zone so far promises enough */
	UNRESERVING, /* gives back the highatomic reserve, if there is some */
	NOT_RECLAIM, /* no use to reclaim; to compact? */
	AT_OOM,	     /* __alloc_pages_may_oom() */
	OOM_LOCKED,  /* holds oom_lock, the high watermark is not met */
	IN_OOM,	     /* out_of_memory() */
	OOM_KILLED,  /* it chose a victim */
	NEVER_FAILS, /* __GFP_NOFAIL: helps itself from the reserves */
	FELL_BACK,   /* its attempts from the reserves got none */
	NR_POINTS
};

struct went {
	struct between retries, oom_lock_waits;
};

/*
 * What was seen so far is only noted down at first; it is followed when the episode has ended, and
 * only if no other one before it looked the same. Then the notes say what the rules can ask about.
 */
#define EXIT_NOTES_MAX 12

struct exit_note {
	uint32_t sights;
	uint32_t alloc_flags; /* of an attempt */
	uint32_t facts;	      /* bits: */
};

#define NOTE_ATTEMPT	    0x01 /* it is one, */
#define NOTE_GOT_PAGE	    0x02 /* and it won */
#define NOTE_HAS_GFP	    0x04 /* as it was then */
#define NOTE_HAS_ORDER	    0x08
#define NOTE_COMPACTED_ZONE 0x10

struct exit_notes {
	uint32_t nr;
	bool full; /* and followed: what comes now is followed at once */
	struct exit_note notes[EXIT_NOTES_MAX];
};

struct trail {
	uint64_t at; /* bit per point, then per reason */
	uint32_t nr_reclaims;
	uint32_t flags;	     /* alloc_flags of the last attempt that used its own */
	uint32_t page_flags; /* of the last attempt that got a page */
	bool has_page_flags;
	bool woke, compacted;
	struct exit_notes notes;
	struct went went[NR_POINTS + NR_EXITS]; /* of the places that `at` has */
};

struct frame;

/* All that the reasons of an episode depend on, and what they were. */
struct exit_known {
	uint64_t gfp;
	uint32_t order;
	uint32_t nr; /* of notes, + 1; 0: nothing is known */
	uint8_t has_gfp, has_order, compacted_zone, level, outcome;
	struct exit_note notes[EXIT_NOTES_MAX];

	uint32_t exits;
	enum watermark watermark;
	struct went went;
};

struct exits {
	struct exit_view view;
	struct exit_known *known; /* by a hash of what they depend on: the last one of each */
	struct exit_known *last;  /* of them that was asked for */
};

/* `kinds`: bit per enum ev_kind, what the capture records. 0 or -ENOMEM. */
int exit_init(struct exits *exits, uint64_t kinds);
void exit_free(struct exits *exits);

/* The note with the sysctls says whether vm.defrag_mode is on; kernels before 6.18 have none. */
void exit_learn_sysctls(struct exits *exits, const char *text, size_t len);

void exit_start(struct frame *frame);

/* `sights`: what was seen is one of these. Call it before the frame takes note of the event. */
void exit_saw(const struct exits *exits, struct frame *frame, uint32_t sights);

/* An attempt at one of `places` (SIGHT bits of the *_NULL) returned. */
void exit_saw_attempt(const struct exits *exits, struct frame *frame, uint32_t places,
		      uint32_t alloc_flags, bool got_page);

/* Fills in what the ended episode says: exits, watermark, retries, oom_lock_waits. */
void exit_derive(struct exits *exits, struct frame *frame);

#endif
