// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sequence/: how many are stalled at a time, where the time of an episode goes, its holes. Times are
 * written by hand: the first word of a sentence is at 1010 ns, each next one 10 ns later.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sentence.h"
#include "sequence/crowd.h"

#define MANY 4096

struct episodes {
	struct episode *list;
	size_t nr;
};

static void keep(const struct episode *ep, void *arg)
{
	struct episodes *to = arg;

	assert_true(to->nr < MANY);
	to->list[to->nr++] = *ep;
}

static struct episodes listen(enum profile profile, const char *sentence, struct seq_counts *counts)
{
	struct episodes heard = { .list = calloc(MANY, sizeof(*heard.list)) };

	assert_non_null(heard.list);
	sentence_each(profile, sentence, keep, &heard, counts);
	return heard;
}

/* The only episode of a sentence. */
static struct episode hear(enum profile profile, const char *sentence)
{
	struct episodes heard = listen(profile, sentence, NULL);
	struct episode ep = heard.list[0];

	assert_int_equal(heard.nr, 1);
	free(heard.list);
	return ep;
}

static void assert_run(const uint64_t ns[NR_RUNS], uint64_t on_cpu, uint64_t runnable,
		       uint64_t sleeping)
{
	assert_int_equal(ns[RUN_ON_CPU], on_cpu);
	assert_int_equal(ns[RUN_RUNNABLE], runnable);
	assert_int_equal(ns[RUN_SLEEPING], sleeping);
}

/* --- where the time goes ------------------------------------------------------------------- */

static void time_divides_by_what_the_task_did(void **state)
{
	struct episode ep = hear(SITE, "[ rb sl +2000000 wk +500000 in re5 ]+");

	(void)state;
	assert_run(ep.run_ns[STAGE_ENTRY], 10, 0, 0);
	assert_run(ep.run_ns[STAGE_RECLAIM], 30, 500010, 2000010);
	assert_int_equal(ep.stage_ns[STAGE_RECLAIM], 2500050);
	assert_int_equal(ep.run, RUN_ON_CPU);
}

static void who_is_preempted_or_gives_way_wants_a_cpu(void **state)
{
	struct episode ep = hear(SITE, "[ pr +70 in gw +50 in si in ]+");

	(void)state;
	assert_run(ep.run_ns[STAGE_ENTRY], 40, 80 + 60, 10);
}

/* try_to_wake_up() of a task that has not left its CPU yet leaves it there. */
static void a_wakeup_on_a_cpu_changes_nothing(void **state)
{
	struct episode ep = hear(SITE, "[ wk ]+");

	(void)state;
	assert_run(ep.run_ns[STAGE_ENTRY], 20, 0, 0);
}

/* The last 1 ms of the 2 ms was the throttle: its start is told when it is over. */
static void a_throttle_takes_its_share(void **state)
{
	struct episode ep = hear(SITE, "[ rb sl +2000000 wk in th1000 re1 ]+");

	(void)state;
	assert_run(ep.run_ns[STAGE_THROTTLE], 10, 10, 999980);
	assert_run(ep.run_ns[STAGE_RECLAIM], 30, 0, 1000030);
}

/* More changes within the sleep than are remembered: what is not, is sleep first. */
static void an_old_throttle_is_sleep(void **state)
{
	char sentence[1024] = "[ rb";
	struct episode ep;
	int i;

	(void)state;
	for (i = 0; i < 40; i++)
		strcat(sentence, " sl in");
	strcat(sentence, " th1000 re1 ]+");
	ep = hear(SITE, sentence);
	/* From rb on: 10 on a CPU, then 40 times 10 asleep and 10 on it. All of it was the throttle. */
	assert_run(ep.run_ns[STAGE_THROTTLE], 410, 0, 400);
	assert_run(ep.run_ns[STAGE_RECLAIM], 20, 0, 0);
}

static void what_is_inside_lies_in_both(void **state)
{
	struct episodes heard = listen(SITE, "[ rb [ sl +3000000 in ]+ re1 ]+", NULL);

	(void)state;
	assert_int_equal(heard.nr, 2);
	assert_run(heard.list[0].run_ns[STAGE_ENTRY], 20, 0, 3000010);
	assert_int_equal(heard.list[0].nr_holes, 1);
	assert_run(heard.list[1].run_ns[STAGE_RECLAIM], 50, 0, 3000010);
	/* Explained by the episode inside it. */
	assert_int_equal(heard.list[1].nr_holes, 0);
	free(heard.list);
}

/* The entry of one inside is an event of the one around it: what was before is its own silence. */
static void silence_before_one_inside_is_a_hole(void **state)
{
	struct episodes heard = listen(SITE, "[ rb +2000000 [ ]+ re1 ]+", NULL);

	(void)state;
	assert_int_equal(heard.list[1].nr_holes, 1);
	assert_int_equal(heard.list[1].holes[0].at_ns, 10);
	assert_run(heard.list[1].holes[0].run_ns, 2000010, 0, 0);
	free(heard.list);
}

/* An interrupt's episode has no task that could leave: here its end was lost. */
static void an_interrupt_does_not_sleep(void **state)
{
	struct episodes heard =
		listen(SITE, "[ rb g820 @7s [ @7 sl +1000 in @7s ]+ @7 re1 ]+", NULL);

	(void)state;
	assert_int_equal(heard.nr, 2);
	assert_int_equal(heard.list[0].level, LEVEL_SOFTIRQ);
	assert_run(heard.list[0].run_ns[STAGE_ENTRY], 1050, 0, 0);
	assert_int_equal(heard.list[1].run_ns[STAGE_RECLAIM][RUN_SLEEPING], 1010);
	free(heard.list);
}

/* --- holes --------------------------------------------------------------------------------- */

static void a_hole_is_a_long_time_without_an_event(void **state)
{
	struct episode ep = hear(SITE, "[ rb +999990 re1 +1000000 ]+");

	(void)state;
	/* To re1 it is 1,000,000 ns; to the exit too, and 10 more. */
	assert_int_equal(ep.nr_holes, 2);
	assert_int_equal(ep.holes[0].at_ns, 10);
	assert_int_equal(ep.holes[0].stage, STAGE_RECLAIM);
	assert_run(ep.holes[0].run_ns, 1000000, 0, 0);
	assert_int_equal(ep.holes[1].at_ns, 1000010);
	assert_run(ep.holes[1].run_ns, 1000010, 0, 0);
	assert_run(ep.holes_ns, 2000010, 0, 0);
	assert_false(ep.holes[0].lost);
	ep = hear(SITE, "[ rb +999980 re1 +999980 ]+");
	assert_int_equal(ep.nr_holes, 0);
}

/* Switches are no events of the episode: it is still silent. */
static void a_hole_tells_what_the_task_did(void **state)
{
	struct episode ep = hear(SITE, "[ rb sl +2000000 wk +500000 in re5 ]+");

	(void)state;
	assert_int_equal(ep.nr_holes, 1);
	assert_int_equal(ep.holes[0].at_ns, 10);
	assert_run(ep.holes[0].run_ns, 20, 500010, 2000010);
}

static void the_longest_holes_are_kept_in_order(void **state)
{
	struct episode ep = hear(SITE, "[ +5000000 rb +2000000 re1 +4000000 rb +2000000 re1 "
				       "+3000000 rb +1000000 ]+");

	(void)state;
	assert_int_equal(ep.nr_holes, 6);
	assert_int_equal(ep.holes[0].run_ns[RUN_ON_CPU], 5000010);
	assert_int_equal(ep.holes[1].run_ns[RUN_ON_CPU], 2000010);
	assert_int_equal(ep.holes[2].run_ns[RUN_ON_CPU], 4000010);
	assert_int_equal(ep.holes[3].run_ns[RUN_ON_CPU], 3000010);
	/* Of the two of 2 ms the earlier one stays. */
	assert_int_equal(ep.holes[1].at_ns, 5000010);
	assert_int_equal(ep.holes_ns[RUN_ON_CPU], 17000060);
}

/*
 * What came after the last event of an episode whose end was lost is no part of it. That it had been
 * silent for so long is told.
 */
static void what_is_lost_is_left_out(void **state)
{
	struct episode ep = hear(SITE, "[ rb sl +5000000 in lost");

	(void)state;
	assert_int_equal(ep.outcome, OUTCOME_INCOMPLETE);
	assert_run(ep.run_ns[STAGE_ENTRY], 10, 0, 0);
	assert_run(ep.run_ns[STAGE_RECLAIM], 0, 0, 0);
	assert_int_equal(ep.nr_holes, 0);
	assert_int_equal(ep.nr_holes_kept, 1);
	assert_true(ep.holes[0].lost);
	assert_int_equal(ep.holes[0].at_ns, 10);
	assert_run(ep.holes[0].run_ns, 20, 0, 5000010);
}

/* However short it is beside the others. */
static void a_lost_hole_is_kept(void **state)
{
	struct episode ep = hear(SITE, "[ +3000000 rb +3000000 re1 +3000000 rb +2000000 re1 "
				       "+1000000 lost");

	(void)state;
	assert_int_equal(ep.nr_holes, 4);
	assert_int_equal(ep.nr_holes_kept, 4);
	assert_int_equal(ep.holes[2].run_ns[RUN_ON_CPU], 3000010);
	assert_true(ep.holes[3].lost);
	assert_int_equal(ep.holes[3].at_ns, 11000040);
	ep = hear(SITE, "[ rb +900000 lost");
	assert_int_equal(ep.nr_holes_kept, 0);
}

/* The innermost was silent; the one around it waited for it. */
static void only_the_innermost_was_silent(void **state)
{
	struct episodes heard = listen(SITE, "[ rb [ +5000000 lost", NULL);

	(void)state;
	assert_int_equal(heard.nr, 2);
	assert_int_equal(heard.list[0].depth, 1);
	assert_true(heard.list[0].holes[0].lost);
	assert_int_equal(heard.list[1].nr_holes_kept, 0);
	free(heard.list);
}

/* --- in flight ----------------------------------------------------------------------------- */

static void what_is_in_flight_tells_its_last_stage(void **state)
{
	struct episode ep = hear(SITE, "tool start [ w rb re0 sl +5000000 stop");

	(void)state;
	assert_int_equal(ep.outcome, OUTCOME_IN_FLIGHT);
	assert_int_equal(ep.stage, STAGE_RECLAIM);
	assert_int_equal(ep.stage_since_ns, 1050);
	assert_int_equal(ep.last_event_ns, 1060);
	assert_int_equal(ep.end_ns, 5001080);
	assert_int_equal(ep.run, RUN_SLEEPING);
	assert_int_equal(ep.nr_holes, 1);
	assert_run(ep.holes[0].run_ns, 10, 0, 5000010);
}

/* --- how many at a time -------------------------------------------------------------------- */

static void the_crowd_is_counted_over_time(void **state)
{
	const char *sentence = "tool start @7 [ @8 [ rb @7 ]+ @8 re1 ]+ stop";
	struct seq_counts counts;
	struct episodes heard = listen(SITE, sentence, &counts);
	const struct crowd_counts *crowd = &counts.crowd;

	(void)state;
	assert_int_equal(crowd->ns[0], 30);
	assert_int_equal(crowd->ns[1], 50);
	assert_int_equal(crowd->ns[2], 30);
	assert_int_equal(crowd->task_ns[2], 60);
	assert_int_equal(crowd->max, 2);
	assert_int_equal(crowd->max_at_ns, 1060);
	assert_int_equal(crowd->stage_task_ns[STAGE_ENTRY], 60);
	assert_int_equal(crowd->stage_max[STAGE_ENTRY], 2);
	assert_int_equal(crowd->stage_task_ns[STAGE_RECLAIM], 50);
	assert_int_equal(crowd->stage_max[STAGE_RECLAIM], 1);
	assert_int_equal(heard.list[0].pid, 7);
	assert_int_equal(heard.list[0].others_at_start, 0);
	assert_int_equal(heard.list[0].others_max, 1);
	assert_int_equal(heard.list[1].others_at_start, 1);
	assert_int_equal(heard.list[1].others_max, 1);
	free(heard.list);
}

/* Entered before it, still there after it: what lies inside counts. */
static void the_window_cuts_the_crowd(void **state)
{
	struct seq_counts counts;

	(void)state;
	free(listen(SITE, "tool [ rb start re1 stop ]+", &counts).list);
	assert_int_equal(counts.crowd.ns[0], 0);
	assert_int_equal(counts.crowd.ns[1], 20);
	assert_int_equal(counts.crowd.stage_task_ns[STAGE_RECLAIM], 20);
	free(listen(SITE, "[ tool ]+ start @8 stop", &counts).list);
	assert_int_equal(counts.crowd.ns[0], 20);
	assert_int_equal(counts.crowd.ns[1], 0);
	assert_int_equal(counts.crowd.max, 0);
	/* It never opened. */
	free(listen(SITE, "[ tool rb ]+", &counts).list);
	assert_int_equal(counts.crowd.ns[0] + counts.crowd.ns[1], 0);
}

/* Known when it is over, yet counted at its time. */
static void a_throttle_is_counted_late(void **state)
{
	struct seq_counts counts;

	(void)state;
	free(listen(SITE, "tool start [ rb +9000 @8 [ ]+ @7 th5 re1 ]+ stop", &counts).list);
	assert_int_equal(counts.crowd.stage_task_ns[STAGE_THROTTLE], 5000);
	assert_int_equal(counts.crowd.nr_late, 0);
}

static void an_episode_inside_is_not_counted_again(void **state)
{
	struct seq_counts counts;
	struct episodes heard = listen(SITE, "[ rb [ ]+ re1 ]+", &counts);

	(void)state;
	assert_int_equal(counts.crowd.max, 1);
	assert_false(heard.list[0].in_crowd);
	assert_true(heard.list[1].in_crowd);
	free(heard.list);
}

static uint64_t sum_of(const uint64_t rows[NR_CROWD_ROWS])
{
	uint64_t sum = 0;
	size_t row;

	for (row = 0; row < NR_CROWD_ROWS; row++)
		sum += rows[row];
	return sum;
}

static void later_than_is_waited_for_is_said(void **state)
{
	/* The last of the changes that are counted when there is no room for more. */
	const uint64_t counted_ns = 10 * (CROWD_WAITING_MAX - CROWD_LATE_MAX - 1);
	struct crowd_counts counts = { 0 };
	struct crowd crowd;
	uint64_t i;

	(void)state;
	assert_int_equal(crowd_init(&crowd, &counts, 1), 0);
	crowd_start(&crowd, 0);
	for (i = 0; i < CROWD_WAITING_MAX; i++)
		crowd_change(&crowd, STAGE_ENTRY, i % 2 ? -1 : 1, 10 * i);
	crowd_change(&crowd, STAGE_RECLAIM, 1, counted_ns);
	assert_int_equal(counts.nr_late, 0);
	crowd_change(&crowd, STAGE_RECLAIM, 1, counted_ns - 5);
	assert_int_equal(counts.nr_late, 1);
	crowd_stop(&crowd, 10 * i);
	assert_int_equal(counts.ns[2] + counts.ns[3], 10 * i - counted_ns);
	/* It is of both, or of neither. */
	assert_int_equal(counts.stage_task_ns[STAGE_RECLAIM], 2 * (10 * i - counted_ns));
	assert_int_equal(sum_of(counts.task_ns),
			 counts.stage_task_ns[STAGE_ENTRY] + counts.stage_task_ns[STAGE_RECLAIM]);
	crowd_free(&crowd);
}

static void rows_of_many_are_ranges(void **state)
{
	(void)state;
	assert_int_equal(seq_crowd_row_from(0), 0);
	assert_int_equal(seq_crowd_row_from(63), 63);
	assert_int_equal(seq_crowd_row_from(64), 64);
	assert_int_equal(seq_crowd_row_from(65), 128);
	assert_int_equal(seq_crowd_row_from(NR_CROWD_ROWS - 1), 131072);
}

/* Three times as many as have rows of their own. */
static void many_at_once_share_a_row(void **state)
{
	struct crowd_counts counts = { 0 };
	struct crowd crowd;
	uint64_t i;

	(void)state;
	assert_int_equal(crowd_init(&crowd, &counts, 200), 0);
	crowd_start(&crowd, 0);
	for (i = 0; i < 200; i++) {
		crowd_change(&crowd, STAGE_RECLAIM, 1, 10 * i);
		assert_int_equal(crowd_arrive(&crowd), i + 1);
	}
	assert_int_equal(crowd_peak_since(&crowd, 1), 200);
	crowd_stop(&crowd, 2000);
	assert_int_equal(counts.ns[63], 10);
	assert_int_equal(counts.ns[64], 640);
	assert_int_equal(counts.ns[65], 730);
	assert_int_equal(counts.task_ns[65], 10 * (128 + 200) * 73 / 2);
	assert_int_equal(counts.max, 200);
	assert_int_equal(counts.max_at_ns, 1990);
	crowd_free(&crowd);
}

/* --- laws ---------------------------------------------------------------------------------- */

#define NR_TASKS    7
#define NR_CONTEXTS 4 /* of sentence.c */
#define NR_WORDS    300
#define NR_SPEECHES 200

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static const char *inside[] = { "rb",  "re1", "re0",   "tc",	   "cb", "ce5", "rz1",
				"cr1", "oo0", "mv9",   "sl",	   "in", "pr",	"wk",
				"th1", "th3", "+2500", "+1500000", "sl", "in" };

/* A sentence in the making, and the time of its last word. */
struct writing {
	char text[40 * NR_WORDS];
	size_t len;
	uint64_t now;
};

static void write_word(struct writing *to, const char *word)
{
	int len = snprintf(to->text + to->len, sizeof(to->text) - to->len, " %s", word);

	to->len += (size_t)len;
	assert_true(to->len < sizeof(to->text));
	to->now += *word == '+' ? strtoul(word + 1, NULL, 10) : 10;
}

/* Records are missing from here on for a while; or not, and as much time passes. */
static void write_loss(struct writing *to, uint32_t *seed, bool lose)
{
	char word[32];

	snprintf(word, sizeof(word), "until%lu",
		 (unsigned long)(to->now + next_random(seed) % 3000));
	write_word(to, lose ? word : "+10");
	write_word(to, lose ? "lost" : "+10");
}

/* Tasks by turns, each opening and closing slowpaths as it should. */
static void write_sentence(struct writing *to, uint32_t seed, unsigned int nr_tasks, bool lose)
{
	unsigned int depth[NR_TASKS] = { 0 }, i;

	*to = (struct writing){ .now = 1000 };
	write_word(to, "tool");
	for (i = 0; i < NR_WORDS; i++) {
		unsigned int task = next_random(&seed) % nr_tasks, what = next_random(&seed) % 10;
		const char *word = inside[next_random(&seed) % (sizeof(inside) / sizeof(*inside))];
		char turn[16];

		snprintf(turn, sizeof(turn), "@%u", task + 1);
		write_word(to, turn);
		if (i == 5)
			write_word(to, "start");
		if (!depth[task] || (what == 0 && depth[task] < 3)) {
			word = "[";
			depth[task]++;
		} else if (what < 3) {
			word = what == 1 ? "]+" : "]-";
			depth[task]--;
		} else if (what == 3 && next_random(&seed) % 20 == 0) {
			write_loss(to, &seed, lose);
		}
		write_word(to, word);
	}
	write_word(to, "stop");
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* How many were there at a moment, seen from the episodes. */
static uint64_t crowd_at(const struct episodes *heard, uint64_t ts_ns)
{
	uint64_t nr = 0;
	size_t i;

	for (i = 0; i < heard->nr; i++)
		nr += heard->list[i].in_crowd && heard->list[i].start_ns <= ts_ns &&
		      ts_ns < heard->list[i].end_ns;
	return nr;
}

static int compare_times(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Between two edges of episodes the number does not change: looks at it once in each. */
static void count_by_looking(const struct episodes *heard, const struct seq_counts *counts,
			     uint64_t ns[NR_CROWD_ROWS])
{
	uint64_t times[2 * MANY];
	size_t nr = 0, i;

	times[nr++] = counts->first_ns;
	times[nr++] = counts->last_ns;
	for (i = 0; i < heard->nr; i++) {
		times[nr++] = larger(heard->list[i].start_ns, counts->first_ns);
		times[nr++] = larger(heard->list[i].end_ns, counts->first_ns);
	}
	qsort(times, nr, sizeof(*times), compare_times);
	for (i = 0; i + 1 < nr; i++)
		ns[crowd_at(heard, times[i])] += times[i + 1] - times[i];
}

static void assert_divides(const struct episode *ep)
{
	uint64_t all = 0;
	enum stage stage;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++) {
		const uint64_t *run = ep->run_ns[stage];
		uint64_t sum = run[RUN_ON_CPU] + run[RUN_RUNNABLE] + run[RUN_SLEEPING];

		assert_int_equal(sum, ep->stage_ns[stage]);
		all += sum;
	}
	assert_int_equal(all, ep->end_ns - ep->start_ns);
	assert_true(ep->holes_ns[RUN_ON_CPU] + ep->holes_ns[RUN_RUNNABLE] +
			    ep->holes_ns[RUN_SLEEPING] <=
		    all);
}

static uint64_t time_in_window(const struct episode *ep, const struct seq_counts *counts)
{
	return larger(ep->end_ns, counts->first_ns) - larger(ep->start_ns, counts->first_ns);
}

static void assert_laws(enum profile profile, const char *sentence)
{
	uint64_t seen[NR_CROWD_ROWS] = { 0 }, stalled = 0, counted = 0, in_stages = 0, all = 0;
	struct seq_counts counts;
	struct episodes heard = listen(profile, sentence, &counts);
	enum stage stage;
	size_t i;

	for (i = 0; i < heard.nr; i++) {
		assert_divides(&heard.list[i]);
		assert_true(heard.list[i].in_crowd || heard.list[i].depth ||
			    heard.list[i].end_ns == heard.list[i].start_ns);
		if (heard.list[i].in_crowd)
			stalled += time_in_window(&heard.list[i], &counts);
	}
	count_by_looking(&heard, &counts, seen);
	for (i = 0; i < NR_CROWD_ROWS; i++) {
		assert_int_equal(counts.crowd.ns[i], seen[i]);
		assert_int_equal(counts.crowd.task_ns[i], seen[i] * i);
		counted += counts.crowd.task_ns[i];
		all += counts.crowd.ns[i];
	}
	for (stage = 0; stage < NR_TIMED_STAGES; stage++)
		in_stages += counts.crowd.stage_task_ns[stage];
	assert_int_equal(counted, stalled);
	assert_int_equal(in_stages, stalled);
	assert_int_equal(all, counts.last_ns - counts.first_ns);
	assert_int_equal(counts.crowd.nr_late, 0);
	free(heard.list);
}

/* More tasks than contexts: some are evicted, and end at their last event, in the past. */
static void whatever_happens_it_adds_up(void **state)
{
	struct writing sentence;
	uint32_t i;

	(void)state;
	for (i = 0; i < NR_SPEECHES; i++) {
		write_sentence(&sentence, i, NR_TASKS, i % 2);
		assert_laws(SITE, sentence.text);
		assert_laws(TRACEPOINTS, sentence.text);
	}
}

/* At each moment at most as many as there truly were. */
static void a_loss_only_makes_it_less(void **state)
{
	struct writing sentence;
	uint32_t speech;
	size_t i;

	(void)state;
	for (speech = 0; speech < NR_SPEECHES; speech++) {
		struct episodes whole, lossy;

		write_sentence(&sentence, speech, NR_CONTEXTS, false);
		whole = listen(SITE, sentence.text, NULL);
		write_sentence(&sentence, speech, NR_CONTEXTS, true);
		lossy = listen(SITE, sentence.text, NULL);
		assert_int_equal(whole.nr, lossy.nr);
		for (i = 0; i < lossy.nr; i++) {
			uint64_t at = lossy.list[i].start_ns;

			assert_true(crowd_at(&lossy, at) <= crowd_at(&whole, at));
		}
		free(whole.list);
		free(lossy.list);
	}
}

static uint64_t most_at_once(const struct episodes *heard, const struct episode *ep)
{
	uint64_t most = 0;
	size_t i;

	for (i = 0; i < heard->nr; i++)
		if (heard->list[i].start_ns >= ep->start_ns && heard->list[i].start_ns < ep->end_ns)
			most = larger(most, crowd_at(heard, heard->list[i].start_ns));
	return most;
}

static void others_are_those_that_were_there(void **state)
{
	struct writing sentence;
	uint32_t speech;

	(void)state;
	for (speech = 0; speech < NR_SPEECHES; speech++) {
		struct seq_counts counts;
		struct episodes heard;
		size_t i;

		write_sentence(&sentence, speech, NR_CONTEXTS, false);
		heard = listen(SITE, sentence.text, &counts);
		assert_int_equal(counts.evictions, 0);
		for (i = 0; i < heard.nr; i++) {
			const struct episode *ep = &heard.list[i];

			if (!ep->in_crowd || ep->end_ns == ep->start_ns)
				continue;
			assert_int_equal(ep->others_at_start, crowd_at(&heard, ep->start_ns) - 1);
			assert_int_equal(ep->others_max, most_at_once(&heard, ep) - 1);
		}
		free(heard.list);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_divides_by_what_the_task_did),
		cmocka_unit_test(who_is_preempted_or_gives_way_wants_a_cpu),
		cmocka_unit_test(a_wakeup_on_a_cpu_changes_nothing),
		cmocka_unit_test(a_throttle_takes_its_share),
		cmocka_unit_test(an_old_throttle_is_sleep),
		cmocka_unit_test(what_is_inside_lies_in_both),
		cmocka_unit_test(silence_before_one_inside_is_a_hole),
		cmocka_unit_test(an_interrupt_does_not_sleep),
		cmocka_unit_test(a_hole_is_a_long_time_without_an_event),
		cmocka_unit_test(a_hole_tells_what_the_task_did),
		cmocka_unit_test(the_longest_holes_are_kept_in_order),
		cmocka_unit_test(what_is_lost_is_left_out),
		cmocka_unit_test(a_lost_hole_is_kept),
		cmocka_unit_test(only_the_innermost_was_silent),
		cmocka_unit_test(what_is_in_flight_tells_its_last_stage),
		cmocka_unit_test(the_crowd_is_counted_over_time),
		cmocka_unit_test(the_window_cuts_the_crowd),
		cmocka_unit_test(a_throttle_is_counted_late),
		cmocka_unit_test(an_episode_inside_is_not_counted_again),
		cmocka_unit_test(later_than_is_waited_for_is_said),
		cmocka_unit_test(rows_of_many_are_ranges),
		cmocka_unit_test(many_at_once_share_a_row),
		cmocka_unit_test(whatever_happens_it_adds_up),
		cmocka_unit_test(a_loss_only_makes_it_less),
		cmocka_unit_test(others_are_those_that_were_there),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
