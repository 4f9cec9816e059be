// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sequence/: what runs inside what. Whose an episode is (a task's, kswapd's, an interrupt's), what
 * of its time is its own, and what is slow without being the slowpath. Expected values are counted
 * by hand: a word of a sentence takes 10 ns, an attempt 5 more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sentence.h"

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/* --- whose --------------------------------------------------------------------------------- */

struct roles {
	enum background backgrounds[8];
	enum level levels[8];
	size_t nr;
};

static void note_role(const struct episode *ep, void *arg)
{
	struct roles *roles = arg;

	assert_true(roles->nr < NR_OF(roles->levels));
	roles->backgrounds[roles->nr] = ep->background;
	roles->levels[roles->nr++] = ep->level;
}

#define SLOW "( F- [ S+ ]+ pa+ )+"

static void daemons_are_told_by_their_events(void **state)
{
	static const struct {
		const char *sentence;
		enum background wanted;
	} cases[] = {
		/* The thread that wakes as kswapd is kswapd, whatever it is called. */
		{ "@7 " SLOW, BACKGROUND_NONE },
		{ "@7 kw0 " SLOW, BACKGROUND_KSWAPD },
		{ "@7 ks0 " SLOW, BACKGROUND_KSWAPD },
		{ "@7 cw0 " SLOW, BACKGROUND_KCOMPACTD },
		{ "@7 cs0 " SLOW, BACKGROUND_KCOMPACTD },
		{ "@8 kw0 @7 " SLOW, BACKGROUND_NONE },
		/* Before it has shown itself its comm is believed, */
		{ "comm=kswapd0 @7 " SLOW, BACKGROUND_KSWAPD },
		{ "comm=kcompactd12 @7 " SLOW, BACKGROUND_KCOMPACTD },
		{ "comm=kswapd1 @8 kw0 @7 " SLOW, BACKGROUND_KSWAPD },
		{ "comm=kswapd0 @8 cw0 @7 " SLOW, BACKGROUND_KSWAPD },
		/* and not afterwards: somebody else can call himself so. */
		{ "comm=kswapd0 @8 kw0 @7 " SLOW, BACKGROUND_NONE },
		{ "comm=kcompactd0 @8 cs0 @7 " SLOW, BACKGROUND_NONE },
		/* A name that only begins so is none of theirs. */
		{ "comm=kswapd @7 " SLOW, BACKGROUND_NONE },
		{ "comm=kswapd0x @7 " SLOW, BACKGROUND_NONE },
		{ "comm=kswapd-fan @7 " SLOW, BACKGROUND_NONE },
		{ "comm=xkswapd0 @7 " SLOW, BACKGROUND_NONE },
		/* After the node was offline it has another thread. */
		{ "@8 kw0 @7 kw0 " SLOW, BACKGROUND_KSWAPD },
		{ "@7 kw0 @8 kw0 @7 " SLOW, BACKGROUND_NONE },
		/* Two nodes, two threads. */
		{ "@7 kw1 @8 kw0 @7 " SLOW, BACKGROUND_KSWAPD },
	};
	size_t i, p;

	(void)state;
	for (i = 0; i < NR_OF(cases); i++)
		for (p = SITE; p <= FULL_NO_SITE; p++) {
			struct roles roles = { .nr = 0 };

			/* A return probe of 5.10 has a comm too. */
			sentence_each((enum profile)p, cases[i].sentence, note_role, &roles, NULL);
			assert_int_equal(roles.nr, 1);
			if (roles.backgrounds[0] != cases[i].wanted)
				fail_msg("profile %zu: '%s'", p, cases[i].sentence);
		}
}

static void an_interrupt_of_kswapd_is_not_kswapds(void **state)
{
	struct roles roles = { .nr = 0 };

	(void)state;
	sentence_each(SITE, "@7 kw0 ( F- [ S- @7s g820 " SLOW " @7h " SLOW " @7 R+ ]+ pa+ )+",
		      note_role, &roles, NULL);
	assert_int_equal(roles.nr, 3);
	assert_int_equal(roles.levels[0], LEVEL_SOFTIRQ);
	assert_int_equal(roles.backgrounds[0], BACKGROUND_NONE);
	assert_int_equal(roles.levels[1], LEVEL_HARDIRQ);
	assert_int_equal(roles.backgrounds[1], BACKGROUND_NONE);
	assert_int_equal(roles.levels[2], LEVEL_TASK);
	assert_int_equal(roles.backgrounds[2], BACKGROUND_KSWAPD);
}

/* A probe that is a trap hides the level: the stack tells it, once that of the CPU is known. */
static void levels_behind_traps(void **state)
{
	static const struct {
		enum profile profile;
		const char *sentence, *wanted; /* levels in the order of the ends: t, s, h */
	} cases[] = {
		{ SITE, "@8t " SLOW, "t" },
		{ SITE, "@8y g820 " SLOW, "s" },
		/* The idle task makes no request: that is where the stack of CPU 0 is learnt. */
		{ SITE, "@0i g820 " SLOW " @8i " SLOW " @4i " SLOW, "hhh" },
		/* An atomic request of a task stays one. */
		{ SITE, "@0i g820 " SLOW " @8t " SLOW, "ht" },
		/* Each CPU has its own. */
		{ SITE, "@0i g820 " SLOW " @9i " SLOW, "ht" },
		{ SITE, "@8i g820 " SLOW, "t" },
		/* Inside an episode another stack is an interrupt's, and learnt. */
		{ SITE, "@8t [ S- @8i g820 " SLOW " @8t R+ ]+ @4i " SLOW, "hth" },
		{ SITE, "@8t [ S- @8y g820 " SLOW " @8t R+ ]+ @4i " SLOW, "sth" },
		/* Inside a soft interrupt only a hard one can be. */
		{ SITE, "@8t [ S- @8y g820 [ S- " SLOW " R+ ]+ @8t R+ ]+", "hst" },
		/* Where each allocation is recorded, its call tells. */
		{ FULL, "@8h g820 ( F- @8i [ S+ ]+ @8h pa+ )+", "h" },
		{ FULL, "@8s g820 ( F- @8y [ S+ ]+ @8s pa+ )+", "s" },
		{ FULL, "@8 g820 ( F- @8t [ S+ ]+ @8 pa+ )+", "t" },
		{ FULL, "@0i g820 " SLOW " @8h ( F- @8i [ S+ ]+ @8h pa+ )+", "hh" },
		/* Not if that call is another one's: of the interrupt's nothing was recorded. */
		{ FULL, "@8 ( F- @8t [ S- @8i g820 [ S+ ]+ @8t R+ ]+ @8 pa+ )+", "ht" },
	};
	size_t i, at;

	(void)state;
	for (i = 0; i < NR_OF(cases); i++) {
		struct roles roles = { .nr = 0 };

		sentence_each(cases[i].profile, cases[i].sentence, note_role, &roles, NULL);
		assert_int_equal(roles.nr, strlen(cases[i].wanted));
		for (at = 0; at < roles.nr; at++)
			if ("tsh"[roles.levels[at]] != cases[i].wanted[at])
				fail_msg("'%s': episode %zu", cases[i].sentence, at);
	}
}

/* --- own time and nested time -------------------------------------------------------------- */

struct sums {
	uint64_t self, nested, all, outermost;
	unsigned int nr, nr_unsure;
};

static void add_times(const struct episode *ep, void *arg)
{
	struct sums *sums = arg;
	uint64_t ns = ep->end_ns - ep->start_ns;

	assert_true(ep->nested_ns <= ns);
	sums->self += ns - ep->nested_ns;
	sums->nested += ep->depth ? ns : 0;
	sums->outermost += ep->depth ? 0 : ns;
	sums->all += ns;
	sums->nr++;
	sums->nr_unsure += ep->nested_unsure;
}

static void own_time_is_what_is_left(void **state)
{
	struct sums sums = { 0 };

	(void)state;
	/*
	 * The innermost lasts 25 ns, "S+" and "]+". The middle one: S- 15, R- 15, rb 10, then "["
	 * of the inner one after 10, that one's 25, re1 10, D+ 15, ]+ 10: 110, 85 of them its own.
	 * The outer one: S- 15, R- 15, rb 10, "[" 10, 110, re1 10, D+ 15, ]+ 10: 195, 85 its own.
	 */
	sentence_each(SITE, "[ S- R- rb [ S- R- rb [ S+ ]+ re1 D+ ]+ re1 D+ ]+", add_times, &sums,
		      NULL);
	assert_int_equal(sums.nr, 3);
	assert_int_equal(sums.nested, 25 + 110);
	assert_int_equal(sums.outermost, 195);
	assert_int_equal(sums.self, 25 + 85 + 85);
	assert_int_equal(sums.nr_unsure, 0);
}

static void an_inner_end_that_was_not_seen_is_told(void **state)
{
	struct sums sums = { 0 };

	(void)state;
	/* The inner one has no exit: that of the outer one, told by its stack pointer, gives it up. */
	sentence_each(FULL_NO_SITE, "( F- S- R- rb ( F- S+ )+ re1 D+ )+", add_times, &sums, NULL);
	assert_int_equal(sums.nr, 2);
	assert_int_equal(sums.nr_unsure, 1);
}

static void random_sentence(char *out, const char *const *vocabulary, size_t nr_vocabulary,
			    size_t nr_words, unsigned int *seed)
{
	*out = '\0';
	while (nr_words--) {
		out = stpcpy(out, vocabulary[(size_t)rand_r(seed) % nr_vocabulary]);
		out = stpcpy(out, " ");
	}
}

/* Each moment of a context is some episode's own: own times add up to the outermost durations. */
static void own_times_add_up_to_the_outermost(void **state)
{
	static const char *const vocabulary[] = { "[",	     "[",   "]+",	"]-",  "]+",
						  "S-",	     "D+",  "rb",	"re1", "th1",
						  "lost",    "@7",  "@7s g820", "@8",  "@9i",
						  "g100cca", "kw0", "tc",	"ce8" };
	unsigned int seed = 20261123;
	char sentence[4096];
	size_t i;

	(void)state;
	for (i = 0; i < 2000; i++) {
		struct sums sums = { 0 };

		random_sentence(sentence, vocabulary, NR_OF(vocabulary), 200, &seed);
		sentence_each(SITE, sentence, add_times, &sums, NULL);
		assert_int_equal(sums.self, sums.outermost);
		assert_int_equal(sums.all, sums.outermost + sums.nested);
	}
}

/* --- slow, but not the slowpath ------------------------------------------------------------ */

static void detours_of_one_allocation(void **state)
{
	static const struct {
		const char *name, *sentence, *wanted; /* wanted: kind, reclaims, ns */
	} cases[] = {
		{ "nothing", "( F+ pa+ )+", "" },
		{ "node reclaim in the fast attempt", "( nb after100 ne3 F+ pa+ )+", "0 1 120\n" },
		{ "of two zones: one allocation", "( nb ne3 nb after5 ne0 F+ pa+ )+", "0 2 35\n" },
		{ "the charge reclaims", "( F+ mb after30 me1 pa+ )+", "1 1 50\n" },
		{ "twice, since that was not enough", "( F+ mb me0 mb me1 pa+ )+", "1 2 20\n" },
		{ "and fails all the same", "( F+ mb me0 pa- )-", "1 1 10\n" },
		{ "both: each with its own time", "( nb ne1 F+ mb after1 me1 pa+ )+",
		  "0 1 10\n1 1 21\n" },
		/* "(" to ")+": F+ 15, the wait 10 more than it says, pa+ 10, )+ 10. */
		{ "a long fast attempt", "( after999955 F+ pa+ )+", "2 0 1000000\n" },
		{ "not quite so long", "( after999954 F+ pa+ )+", "" },
		{ "long, for a reason", "( nb after2000000 ne1 F+ pa+ )+", "0 1 2000020\n" },
		{ "long in the slowpath", "( F- [ after2000000 S+ ]+ pa+ )+", "" },
		/* An allocation that entered the slowpath is none of the classes. */
		{ "node reclaim, then the slowpath", "( nb ne1 F- [ S+ ]+ pa+ )+", "3 1 10\n" },
		{ "node reclaim in an attempt of the slowpath", "( F- [ S- nb ne1 R+ ]+ pa+ )+",
		  "3 1 10\n" },
		{ "the charge of a page of the slowpath", "( F- [ S+ ]+ mb me1 pa+ )+",
		  "5 1 10\n" },
		/* Elsewhere: the charge of user memory; /sys/devices/system/node/nodeN/reclaim. */
		{ "after the allocation", "( F+ pa+ )+ mb me1", "6 1 10\n" },
		{ "without any", "nb ne1", "4 1 10\n" },
		/* What happens in other contexts is theirs. */
		{ "two tasks", "( F+ mb @8 ( F+ pa+ )+ mb me1 @7 me1 pa+ )+", "6 1 10\n1 1 95\n" },
		{ "an interrupt", "( F+ mb @7s g820 ( F+ pa+ )+ @7 me1 pa+ )+", "1 1 85\n" },
		{ "an interrupt of which the return was missed",
		  "( F+ @7s g820 ( F+ @7 mb me1 pa+ )+", "1 1 10\n" },
		{ "an allocation inside, as reclaim makes them", "( F+ mb ( F+ pa+ )+ me1 pa+ )+",
		  "1 1 55\n" },
		{ "the idle tasks of two CPUs", "@0s ( F+ pa+ )+", "" },
		/* Nothing is told of what the fast attempt was not seen of. */
		{ "no attempt", "( after2000000 pa+ )+", "" },
		{ "nolock", "( after2000000 T+ pa+ )+", "" },
		{ "an end without a beginning", "ne1 me1 )+ F+", "" },
		{ "the wrong end", "( nb me1 F+ pa+ )+", "" },
		{ "missed returns of nested ones",
		  "( ( ( ( ( ( )? )? )? )? )? )? ( F+ mb me1 pa+ )+", "1 1 10\n" },
		{ "deeper than is kept", "( F+ ( ( ( ( nb ne1 F+ )+ )+ )+ )+ mb me1 )+",
		  "4 1 10\n1 1 10\n" },
		/* A loss breaks what is under way. */
		{ "lost inside", "( nb lost ne1 F+ pa+ )+", "" },
		{ "lost before", "lost ( nb ne1 F+ pa+ )+", "0 1 10\n" },
		{ "called while records are missing", "until1100 lost ( nb ne1 F+ pa+ )+", "" },
		{ "and afterwards", "until1100 lost after100 ( nb ne1 F+ pa+ )+", "0 1 10\n" },
		{ "elsewhere, while records are missing", "until1100 lost mb me1", "" },
		/* Only what lies inside the window. */
		{ "begun before it", "tool ( nb start ne1 F+ pa+ )+", "" },
		{ "ended after it", "tool start ( nb ne1 F+ stop pa+ )+", "" },
		{ "inside it", "tool start ( nb ne1 F+ pa+ )+ stop", "0 1 10\n" },
		{ "elsewhere, begun before it", "tool nb start ne1", "" },
		/* A return that was missed: the stack shows that the next one is not inside it. */
		{ "missed returns", "( F+ )? ( F+ )? ( F+ )? ( F+ )? ( F+ )? ( F+ mb me1 pa+ )+",
		  "1 1 10\n" },
	};
	char got[256];
	size_t i, p;

	(void)state;
	for (i = 0; i < NR_OF(cases); i++)
		for (p = FULL; p <= FULL_NO_SITE; p++) {
			sentence_detours((enum profile)p, cases[i].sentence, got, sizeof(got));
			if (strcmp(got, cases[i].wanted))
				fail_msg("%s: '%s' gives '%s', not '%s'", cases[i].name,
					 cases[i].sentence, got, cases[i].wanted);
		}
}

/* Without a record of each allocation a reclaim is inside an episode, or anywhere else. */
static void detours_of_profiles_that_see_less(void **state)
{
	static const char *const sentence =
		"( nb ne1 F+ mb me1 pa+ )+ ( F- [ S- nb ne1 R+ ]+ mb me1 pa+ )+ ( after2000000 F+ )+";
	static const struct {
		enum profile profile;
		const char *wanted;
	} cases[] = {
		{ SITE, "4 1 10\n6 1 10\n3 1 10\n6 1 10\n" },
		{ TRACEPOINTS, "4 1 10\n6 1 10\n4 1 10\n6 1 10\n" },
	};
	char got[256];
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(cases); i++) {
		sentence_detours(cases[i].profile, sentence, got, sizeof(got));
		assert_string_equal(got, cases[i].wanted);
	}
}

static void what_is_needed_to_see_a_detour(void **state)
{
	const uint64_t full = profile_kinds(FULL);
	enum detour_kind kind;

	(void)state;
	for (kind = 0; kind < NR_DETOURS; kind++) {
		assert_true(detour_is_seen(full, kind));
		assert_int_equal(detour_is_seen(profile_kinds(SITE), kind),
				 kind >= NR_DETOUR_CLASSES);
		assert_false(detour_is_seen(0, kind));
	}
	/* A long attempt is told apart from the others only where those are seen. */
	assert_false(detour_is_seen(full & ~(1ULL << EV_MEMCG_RECLAIM_END), DETOUR_LONG));
	assert_true(detour_is_seen(full & ~(1ULL << EV_MEMCG_RECLAIM_END), DETOUR_NODE));
	assert_false(detour_is_seen(full & ~(1ULL << EV_NODE_RECLAIM_BEGIN), DETOUR_NODE));
}

/* Whatever comes: no reclaim is told twice. */
static void each_reclaim_is_told_once(void **state)
{
	static const char *const vocabulary[] = {
		"(",   ")+",	   ")-",  "(",	     ")+",   "F-",    "F+",   "F+", "nb",
		"ne1", "mb",	   "me1", "[",	     "]+",   "S-",    "@7",   "@8", "@9",
		"@1",  "@7s g820", "@0h", "g100cca", "lost", "start", "stop",
	};
	unsigned int seed = 20261124;
	char sentence[4096], got[8192];
	size_t i, p;

	(void)state;
	for (i = 0; i < 1000; i++) {
		random_sentence(sentence, vocabulary, NR_OF(vocabulary), 300, &seed);
		for (p = 0; p < NR_PROFILES; p++) {
			unsigned int kind, reclaims, told = 0, ends = 0;
			const char *at;
			int len;

			sentence_detours((enum profile)p, sentence, got, sizeof(got));
			for (at = got; sscanf(at, "%u %u %*u%n", &kind, &reclaims, &len) == 2;
			     at += len + 1)
				told += reclaims;
			for (at = sentence; (at = strstr(at, "e1 ")); at++)
				ends++;
			assert_true(told <= ends);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(daemons_are_told_by_their_events),
		cmocka_unit_test(an_interrupt_of_kswapd_is_not_kswapds),
		cmocka_unit_test(levels_behind_traps),
		cmocka_unit_test(own_time_is_what_is_left),
		cmocka_unit_test(an_inner_end_that_was_not_seen_is_told),
		cmocka_unit_test(own_times_add_up_to_the_outermost),
		cmocka_unit_test(detours_of_one_allocation),
		cmocka_unit_test(detours_of_profiles_that_see_less),
		cmocka_unit_test(what_is_needed_to_see_a_detour),
		cmocka_unit_test(each_reclaim_is_told_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
