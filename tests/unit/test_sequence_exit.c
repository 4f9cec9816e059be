// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why episodes end: each reason, in both shapes of the slowpath, by what each profile can know. What
 * is expected is written from __alloc_pages_slowpath() and __alloc_pages_may_oom() of 6.12 and 7.3.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sentence.h"

/* Reasons, watermark, retries, waits for oom_lock: "retry min 1 0"; "a|b ? 0-1 0-". */
struct exit_case {
	const char *name;
	const char *sentence;
	const char *full; /* with attempts */
	const char *site; /* without */
};

#define ALLOC(inside, end) "( F- [ " inside " ]" end " pa" end " )" end
#define PAGE(inside)	   ALLOC(inside, "+")
#define NONE(inside)	   ALLOC(inside, "-")

static const struct exit_case cases[] = {
	/* --- a page, without work --- */
	{ "first attempt", PAGE("S+"), "first_attempt min 0 0",
	  "first_attempt|next_attempt ? 0 0" },
	{ "the attempt at retry:, up to 6.18", PAGE("S- R+"), "next_attempt min 0 0",
	  "first_attempt|next_attempt ? 0 0" },
	{ "7.x: flags adjusted, no watermarks", "gcc0 " PAGE("S- Sr+"), "next_attempt none 0 0",
	  "first_attempt|next_attempt ? 0 0" },
	{ "an OOM victim's share of the reserves", "gcc0 " PAGE("S- Rv+"),
	  "next_attempt below_min 0 0", "first_attempt|next_attempt ? 0 0" },

	/* --- a page, after reclaim --- */
	{ "reclaim", PAGE("w S- R- rb re32 D+"), "after_reclaim min 0 0", "after_reclaim ? 0 0" },
	{ "reclaim, after a drain", PAGE("S- R- rb re32 D- u0 dr0 D+"), "after_reclaim min 0 0",
	  "after_reclaim ? 0 0" },
	{ "reclaim, and the drain gave back a reserve", PAGE("S- R- rb re32 D- u0+ dr0 D+"),
	  "after_reclaim min 0 0", "after_reclaim ? 0 0" },
	{ "7.x: reclaim", PAGE("S- rb re32 D+"), "after_reclaim min 0 0", "after_reclaim ? 0 0" },
	{ "a zone promises more, its pages are there", PAGE("S- R- rb re0 rz0 rz1 R+"),
	  "retry min 1 0", "retry ? 1 0" },
	{ "7.x: likewise", PAGE("S- rb re0 rz0 rz1 S+"), "retry min 1 0", "retry ? 1 0" },
	{ "two rounds", PAGE("S- R- rb re0 rz1 R- rb re7 D+"), "after_reclaim min 1 0",
	  "after_reclaim ? 1 0" },
	{ "compaction may yet help",
	  "o2 " PAGE("S- R- rb re1 D- u0 dr0 D- tc cb ce5 C- rz0 u1 cr1 R+"), "retry min 1 0",
	  "retry ? 1 0" },
	{ "killed while throttled, so without a reclaim: the drain tells", PAGE("S- R- D- u0 dr0 D+"),
	  "after_reclaim min 0 0", "after_reclaim ? 0 0" },
	{ "7.x: likewise, and it tries again", PAGE("S- D- u0 dr0 D- rz1 S+"), "retry min 1 0",
	  "retry ? 1 0" },
	{ "likewise, and a reclaim follows", PAGE("S- R- D- u0 dr0 D- rz1 R- rb re2 D+"),
	  "after_reclaim min 1 0", "after_reclaim ? 1 0" },
	{ "the cpuset changed: it starts over", PAGE("S- R- rb re0 S- R+"), "retry min 1 0", NULL },

	/* --- a page, after compaction --- */
	{ "first compaction's attempt", "o9 gcc0 " PAGE("S- tc cb ce8 C+"),
	  "after_compaction min 0 0", "next_attempt|after_compaction|captured ? 0 0" },
	{ "captured", "o9 gcc0 " PAGE("S- tc cb ce8"), "captured ? 0 0",
	  "next_attempt|after_compaction|captured ? 0 0" },
	{ "first compaction skipped, a page at retry:", "o9 gcc0 " PAGE("S- tc R+"),
	  "next_attempt min 0 0", "next_attempt|after_compaction|captured ? 0 0" },
	{ "7.x: captured after reclaim",
	  "o9 gcc0 " PAGE("S- tc cb ce5 Ci- S- rb re3 D- u0 dr0 D- tc cb ce8"), "captured ? 0 0",
	  "after_compaction|captured ? 0 0" },
	{ "7.x: compaction's attempt after reclaim",
	  "o9 gcc0 " PAGE("S- tc cb ce5 Ci- S- rb re0 tc cb ce8 Ci+"), "after_compaction min 0 0",
	  "after_compaction|captured ? 0 0" },

	/* --- a page, at the end of all hope --- */
	{ "the high watermark is met under oom_lock",
	  "tool sysctl start " PAGE("S- R- rb re0 rz0 O+") " stop", "under_oom_lock high 0 0",
	  "retry|under_oom_lock ? 0-1 0-1" },
	{ "the OOM killer helps", "gcc0 " PAGE("S- R- rb re0 rz0 u1 O- oo0 mv99 R+"),
	  "retry min 1 0", "retry ? 1 0" },
	{ "7.x: the OOM killer helps", "gcc0 " PAGE("S- rb re0 rz0 u1 O- oo0 mv99 S+"),
	  "retry min 1 0", "retry ? 1 0" },
	{ "GFP_NOFS: out_of_memory does nothing, and is believed",
	  "gc40 " PAGE("S- R- rb re0 rz0 rz0 u1 O- oo0 R+"), "retry min 1 0", "retry ? 1 0" },
	{ "it kills one task after the other",
	  "gcc0 " PAGE("S- R- rb re0 rz0 u1 O- oo0 mv9 mv10 R+"), "retry min 1 0", "retry ? 1 0" },
	{ "NOFAIL after out_of_memory", "g8cc0 " PAGE("S- R- rb re0 rz0 u1 O- oo0 N4+"),
	  "nofail_fallback none 0 0", "retry|nofail_fallback ? 0-1 0" },
	{ "NOFAIL, and not even the reserves help",
	  "g8cc0 " PAGE("S- R- rb re0 rz0 u1 O- oo0 N4- N4- R+"), "retry min 1 0",
	  "retry|nofail_fallback ? 0-1 0" },
	{ "likewise after a kill", "g8cc0 " PAGE("S- R- rb re0 rz0 u1 O- oo0 mv9 N4- N4+"),
	  "nofail_fallback none 0 0", "retry|nofail_fallback ? 0-1 0" },
	{ "NOFAIL at nopage: helps at once", "g208cc0 " PAGE("S- R- rb re0 rz0 O- N0+"),
	  "nofail_fallback below_min 0 0", NULL },
	{ "NOFAIL after an OOM kill", "g8cc0 " PAGE("S- R- rb re0 rz0 u1 O- oo0 mv9 N4+"),
	  "nofail_fallback none 0 0", "retry|nofail_fallback ? 0-1 0" },
	{ "NOFAIL at nopage:", "g208cc0 " PAGE("S- R- rb re0 rz0 O- N0- N1+"),
	  "nofail_fallback below_min 0 0", NULL },
	{ "NOFAIL at nopage:, again from the start",
	  "g208cc0 " PAGE("S- R- rb re0 rz0 O- N0- N1- R- rb re1 D+"), "after_reclaim min 1 0",
	  NULL },

	/* --- oom_lock held by another: a round begins and nothing says why --- */
	{ "5.10: oom_lock was held",
	  "tool sysctl start gcc0 " PAGE("S- R- rb re0 rz0 R- rb re9 D+") " stop",
	  "after_reclaim min 1 1", "after_reclaim ? 1 1" },
	{ "highatomic pages were given back",
	  "tool sysctl start gcc0 " PAGE("S- R- rb re0 rz0 u1+ R- rb re9 D+") " stop",
	  "after_reclaim min 1 0", "after_reclaim ? 1 0" },
	{ "there were none, so oom_lock was held",
	  "tool sysctl start gcc0 " PAGE("S- R- rb re0 rz0 u1 R- rb re9 D+") " stop",
	  "after_reclaim min 1 1", "after_reclaim ? 1 1" },
	{ "or, if it is on, defrag_mode gave in",
	  "tool defrag start gcc0 " PAGE("S- rb re0 rz0 S- rb re9 D+") " stop",
	  "after_reclaim min 1 1", "after_reclaim ? 1 0-1" },
	{ "defrag_mode may have given in",
	  "tool defrag start gcc0 " PAGE("Sf- rb re0 rz0 S- rb re9 D+") " stop",
	  "after_reclaim min 1 0-1", "after_reclaim ? 1 0-1" },
	{ "twice",
	  "tool sysctl start gcc0 " PAGE("S- rb re0 rz0 S- rb re0 rz0 S- rb re9 D+") " stop",
	  "after_reclaim min 2 2", "after_reclaim ? 2 2" },

	/* --- none, without reclaim --- */
	{ "no eligible zone", "gcc0 " NONE("wa"), "no_zone ? 0 0", "no_zone|pf_memalloc ? 0 0" },
	{ "non-blocking", "g820 " NONE("S- R- wa"), "no_direct_reclaim ? 0 0",
	  "no_zone|no_direct_reclaim ? 0 0" },
	{ "non-blocking, kswapd woken", "g820 " NONE("w S- R- wa"), "no_direct_reclaim ? 0 0",
	  "no_direct_reclaim ? 0 0" },
	{ "7.x: non-blocking", "g820 " NONE("w S- S- wa"), "no_direct_reclaim ? 0 0",
	  "no_direct_reclaim ? 0 0" },
	{ "7.2: non-blocking in defrag_mode", "g820 " NONE("w Sf- Sf- S- wa"),
	  "no_direct_reclaim ? 0 0", "no_direct_reclaim ? 0 0" },
	{ "in an interrupt there always is a zone", "@7s g820 " NONE("S- R- wa"),
	  "no_direct_reclaim ? 0 0", "no_direct_reclaim ? 0 0" },
	{ "PF_MEMALLOC", "gcc0 " NONE("S- Rr- wa"), "pf_memalloc ? 0 0",
	  "no_zone|pf_memalloc ? 0 0" },
	{ "7.x: PF_MEMALLOC", "gcc0 " NONE("w S- Sr- wa"), "pf_memalloc ? 0 0",
	  "pf_memalloc ? 0 0" },
	{ "PF_MEMALLOC, but no reserves", "g80cc0 " NONE("w S- R- wa"), "pf_memalloc ? 0 0",
	  "pf_memalloc ? 0 0" },

	/* --- none, NORETRY and costly orders --- */
	{ "THP, first compaction deferred", "o9 g1524ca " NONE("S- tc wa"),
	  "noretry_after_compaction ? 0 0", "noretry_after_compaction ? 0 0" },
	{ "THP that may not use reserves", "o9 g1d24ca " NONE("S- tc wa"),
	  "noretry_after_compaction ? 0 0", "pf_memalloc|noretry_after_compaction ? 0 0" },
	{ "7.x: THP on one node", "o9 g3524ca " NONE("S- tc cb ce5 Ci- wa"),
	  "noretry_after_compaction ? 0 0", "noretry_after_compaction ? 0 0" },
	{ "NORETRY after reclaim", "g10cc0 " NONE("S- R- rb re0 wa"), "noretry ? 0 0",
	  "noretry ? 0 0" },
	{ "THP after a round",
	  "o9 g1d24ca " NONE("S- tc cb ce5 C- R- rb re3 D- u0 dr0 D- tc cb ce5 C- wa"),
	  "noretry ? 0 0", "noretry ? 0 0" },
	{ "7.x: THP, compaction deferred, then a round",
	  "o9 g1d24ca " NONE("S- tc S- rb re3 D- u0 dr0 D- tc wa"), "noretry ? 0 0",
	  "noretry ? 0 0" },
	{ "costly order", "o9 gcc0 " NONE("S- tc cb ce5 C- R- rb re0 tc cb ce5 C- wa"),
	  "costly_order ? 0 0", "costly_order ? 0 0" },
	{ "7.x: costly order", "o9 gcc0 " NONE("S- tc cb ce5 Ci- S- rb re0 tc cb ce5 Ci- wa"),
	  "costly_order ? 0 0", "costly_order ? 0 0" },
	{ "costly order without I/O cannot be compacted", "o4 gc00 " NONE("S- R- rb re0 wa"),
	  "costly_order ? 0 0", NULL },

	/* --- none, at the end of all hope --- */
	{ "costly RETRY_MAYFAIL",
	  "o4 g4cc0 " NONE("S- tc cb ce5 C- R- rb re3 D- u0 dr0 D- tc cb ce5 C- rz0 u1 cr0 O- wa"),
	  "no_progress ? 0 0", "oom_victim|no_progress ? 0 0" },
	{ "7.x: RETRY_MAYFAIL", "g4cc0 " NONE("S- rb re0 rz0 u1 O- wa"), "no_progress ? 0 0",
	  "oom_victim|no_progress ? 0 0" },
	{ "RETRY_MAYFAIL after a retry", "g4cc0 " NONE("S- R- rb re0 rz1 R- rb re0 rz0 u1 O- wa"),
	  "no_progress ? 1 0", "oom_victim|no_progress ? 1 0" },
	{ "the victim itself, with oom_lock held by another",
	  "gcc0 " NONE("S- Rv- rb re0 rz0 u1 wa"), "oom_victim ? 0 0",
	  "oom_victim|no_progress ? 0 0" },
	{ "7.x: the victim itself", "gcc0 " NONE("S- Sv- rb re0 rz0 u1 O- wa"), "oom_victim ? 0 0",
	  "oom_victim|no_progress ? 0 0" },
	{ "the victim is chosen, retries with its reserves, and is chosen again",
	  "gcc0 " NONE("S- R- rb re0 rz0 u1 O- oo0 mv7 Rv- rb re0 rz0 u1 O- oo0 mv7 wa"),
	  "oom_victim ? 1 0", "oom_victim ? 1 0" },
	{ "the victim itself, chosen without a word",
	  "gcc0 " NONE("S- Rv- rb re0 rz0 u1 O- oo0 wa"), "oom_victim ? 0 0",
	  "oom_victim|no_progress ? 0 0" },
	{ "the OOM killer is off", "gcc0 " NONE("S- R- rb re0 rz0 u1 O- oo0 wa"),
	  "no_progress ? 0 0", "oom_victim|no_progress ? 0 0" },

	/* --- what the kernel cannot do --- */
	{ "a blocking request that just gives up", "gcc0 " NONE("w S- R- wa"), " ? 0- 0-", NULL },
	{ "a round of two pages without compaction", "o1 gcc0 " PAGE("S- R- rb re0 rz1 R+"),
	  " min 0- 0-", " ? 0- 0-" },
	{ "NORETRY tries again", "g10cc0 " PAGE("S- R- rb re0 rz1 R+"), " min 0- 0-", " ? 0- 0-" },
	{ "a costly order gives up after the first compaction", "o9 gcc0 " NONE("S- tc wa"),
	  " ? 0- 0-", " ? 0- 0-" },
	{ "a zone was compacted, and no attempt follows", "o9 gcc0 " PAGE("S- tc cb ce5 S+"),
	  " min 0- 0-", NULL },
	{ "oom_lock was held, and no victim gives up", "gcc0 " NONE("S- R- rb re0 rz0 u1 wa"),
	  " ? 0- 0-", "oom_victim|no_progress ? 0 0" },
	{ "RETRY_MAYFAIL has somebody killed", "g4cc0 " PAGE("S- R- rb re0 rz0 u1 O- oo0 R+"),
	  " min 0- 0-", " ? 0- 0-" },
	{ "NOFAIL does not ask for the reserves", "g8cc0 " PAGE("S- R- rb re0 rz0 u1 O- oo0 R+"),
	  " min 0- 0-", NULL },
	{ "nor after a kill", "g8cc0 " PAGE("S- R- rb re0 rz0 u1 O- oo0 mv9 R+"), " min 0- 0-",
	  NULL },
	{ "gives up without having had a victim's reserves",
	  "gcc0 " NONE("S- R- rb re0 rz0 u1 O- oo0 mv9 wa"), " ? 0- 0-", "oom_victim ? 0 0" },
	{ "GFP_KERNEL, two pages, gives up after a round",
	  "o1 gcc0 " NONE("w S- R- rb re0 tc cb ce5 C- wa"), " ? 0- 0-", " ? 0- 0-" },
};

/* --- what is said of an episode, in the words of the tables --- */

static void between_text(char *to, size_t size, struct between between)
{
	if (between.min == between.max)
		snprintf(to, size, "%u", between.min);
	else if (between.max == BETWEEN_OPEN)
		snprintf(to, size, "%u-", between.min);
	else
		snprintf(to, size, "%u-%u", between.min, between.max);
}

static void describe(char *to, size_t size, const struct episode *ep)
{
	char retries[16], waits[16], reasons[512] = "";
	enum exit_reason reason;

	for (reason = 0; reason < NR_EXITS; reason++) {
		if (!(ep->exits & (1U << reason)))
			continue;
		if (*reasons)
			strcat(reasons, "|");
		strcat(reasons, exit_name(reason));
	}
	between_text(retries, sizeof(retries), ep->retries);
	between_text(waits, sizeof(waits), ep->oom_lock_waits);
	snprintf(to, size, "%s %s %s %s", reasons,
		 ep->watermark == WATERMARK_UNKNOWN ? "?" : watermark_name(ep->watermark), retries,
		 waits);
}

struct seen {
	unsigned int nr;
	struct episode first, last;
};

static void take(const struct episode *ep, void *arg)
{
	struct seen *seen = arg;

	if (!seen->nr++)
		seen->first = *ep;
	seen->last = *ep;
}

static struct episode episode_of(enum profile profile, const char *sentence)
{
	struct seen seen = { 0 };

	sentence_each(profile, sentence, take, &seen, NULL);
	assert_int_equal(seen.nr, 1);
	return seen.last;
}

static unsigned int check(const struct exit_case *one, enum profile profile, const char *wanted)
{
	struct episode ep;
	char got[640];

	if (!wanted)
		return 0;
	ep = episode_of(profile, one->sentence);
	describe(got, sizeof(got), &ep);
	if (!strcmp(got, wanted))
		return 0;
	print_message("%s, profile %d:\n got:  %s\n want: %s\n", one->name, profile, got, wanted);
	return 1;
}

static void every_reason_in_every_profile(void **state)
{
	static const enum profile with_attempts[] = { FREELIST_OLD, FREELIST, FULL, FULL_NO_SITE };
	unsigned int wrong = 0;
	size_t i, p;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		wrong += check(&cases[i], SITE, cases[i].site);
		for (p = 0; p < sizeof(with_attempts) / sizeof(with_attempts[0]); p++)
			/* Without an exit, a captured page is told by the next allocation. */
			if (!strstr(cases[i].full, "captured") || with_attempts[p] >= FULL)
				wrong += check(&cases[i], with_attempts[p], cases[i].full);
	}
	assert_int_equal(wrong, 0);
}

/* Fewer events leave more over, never something else. */
static void fewer_events_never_contradict(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct episode full = episode_of(FULL, cases[i].sentence);
		struct episode site = episode_of(SITE, cases[i].sentence);

		/* What the kernel cannot do has no bounds; fewer events may not notice. */
		if (!cases[i].site || !full.exits)
			continue;
		if ((full.exits & ~site.exits) || full.retries.min < site.retries.min ||
		    full.retries.max > site.retries.max ||
		    full.oom_lock_waits.min < site.oom_lock_waits.min ||
		    full.oom_lock_waits.max > site.oom_lock_waits.max)
			fail_msg("%s: site contradicts full", cases[i].name);
	}
}

/* Of the first and the last episode that ends. */
static void expect_ends(enum profile profile, const char *sentence, const char *first,
			const char *last)
{
	struct seen seen = { 0 };
	char got[640];

	sentence_each(profile, sentence, take, &seen, NULL);
	assert_true(seen.nr > 0);
	describe(got, sizeof(got), &seen.first);
	assert_string_equal(got, first);
	describe(got, sizeof(got), &seen.last);
	assert_string_equal(got, last);
}

static void expect(enum profile profile, const char *sentence, const char *wanted)
{
	expect_ends(profile, sentence, wanted, wanted);
}

/* Reclaim allocates with PF_MEMALLOC, and the inner request fails. */
static void recursion(void **state)
{
	static const char sentence[] =
		"gcc0 ( F- [ w S- R- rb ( F- [ S- Rr- wa ]- pa- )- re3 D+ ]+ pa+ )+";

	(void)state;
	expect_ends(FULL, sentence, "pf_memalloc ? 0 0", "after_reclaim min 0 0");
	expect_ends(SITE, sentence, "no_zone|pf_memalloc ? 0 0", "after_reclaim ? 0 0");
}

/*
 * Killed while throttled: an attempt after a reclaim that did not begin. Its site tells, once a
 * reclaim has shown it, and tells it from the attempt at retry:.
 */
static void killed_while_throttled(void **state)
{
	static const enum profile profiles[] = { FREELIST_OLD, FREELIST, FULL, FULL_NO_SITE };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		expect_ends(profiles[i], PAGE("S- R- rb re3 D+") PAGE("S- R- D+"),
			    "after_reclaim min 0 0", "after_reclaim min 0 0");
		expect_ends(profiles[i], PAGE("S- rb re3 D+") PAGE("S- D+"),
			    "after_reclaim min 0 0", "after_reclaim min 0 0");
		expect_ends(profiles[i], PAGE("S- R- rb re3 D+") PAGE("S- R+"),
			    "after_reclaim min 0 0", "next_attempt min 0 0");
		expect_ends(profiles[i], PAGE("S- R- rb re3 D+") "gcc0 " NONE("S- R- D- wa"),
			    "after_reclaim min 0 0", " ? 0- 0-");
	}
}

/* The charge comes after the slowpath; where the slowpath's own end is seen it says nothing. */
static void charge_refused(void **state)
{
	(void)state;
	expect(FULL_NO_SITE, "g400cc0 ( F- [ S+ ]+ pa- )-", "not_charged ? 0 0");
	expect(FULL, "g400cc0 ( F- [ S+ ]+ pa- )-", "first_attempt min 0 0");
	expect(FULL_NO_SITE, "g400820 ( F- [ w S- R- wa ]- pa- )-", "no_direct_reclaim ? 0 0");
}

/* Captures without the return of unreserve_highatomic_pageblock: either may have been the reason. */
static void older_capture(void **state)
{
	(void)state;
	expect(SITE_OLD, "tool sysctl start gcc0 " PAGE("S- R- rb re0 rz0 u1 R- rb re9 D+") " stop",
	       "after_reclaim ? 1 0-1");
	expect(SITE_OLD,
	       "tool sysctl start gcc0 " PAGE("S- R- rb re0 rz0 u1+ R- rb re9 D+") " stop",
	       "after_reclaim ? 1 0-1");
}

static void not_ended(void **state)
{
	(void)state;
	expect(SITE, "gcc0 ( F- [ S- R- rb re0 rz1 R- rb", " ? 1 0");
	expect(FULL, "gcc0 ( F- [ S- R- rb re0 rz1 R- rb", " ? 1 0");
	expect(SITE, "gcc0 ( F- [ S- R- rb re0 rz1 R- rb lost", " ? 1- 0-");
}

/* After 16 rounds without progress reclaim_retry_zone is silent. */
static void many_rounds(void **state)
{
	char sentence[2048] = "g4cc0 ( F- [ S- R- ";
	int round;

	(void)state;
	for (round = 0; round < 16; round++)
		strcat(sentence, "rb re0 rz1 R- ");
	strcat(sentence, "rb re0 u1 O- wa ]- pa- )-");
	expect(FULL, sentence, "no_progress ? 16 0");
	expect(SITE, sentence, "oom_victim|no_progress ? 16 0");
}

/* A drain in each of many rounds is their own: no task was killed while throttled in between. */
static void drains_of_many_rounds(void **state)
{
	char sentence[4096] = "gcc0 ( F- [ S- R- ";
	int round;

	(void)state;
	for (round = 0; round < 20; round++)
		strcat(sentence, "rb re1 D- u0 dr0 D- rz1 R- ");
	strcat(sentence, "rb re9 D+ ]+ pa+ )+");
	expect(FULL, sentence, "after_reclaim min 20 0");
	expect(SITE, sentence, "after_reclaim ? 20 0");
}

/* Tracepoints alone: what is left of it is still told. */
static void tracepoints(void **state)
{
	(void)state;
	expect(TRACEPOINTS, "gcc0 " PAGE("w S- R- rb re9 D+"), "after_reclaim ? 0 0");
	expect(TRACEPOINTS, "g820 " NONE("w S- R- wa"), "no_direct_reclaim ? 0 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reason_in_every_profile),
		cmocka_unit_test(fewer_events_never_contradict),
		cmocka_unit_test(recursion),
		cmocka_unit_test(killed_while_throttled),
		cmocka_unit_test(charge_refused),
		cmocka_unit_test(older_capture),
		cmocka_unit_test(not_ended),
		cmocka_unit_test(many_rounds),
		cmocka_unit_test(drains_of_many_rounds),
		cmocka_unit_test(tracepoints),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
