/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hand-made episodes, and what a capture says beside them, for the tests of summary/ and render/.
 */
#ifndef SUMMARY_FIXTURE_H
#define SUMMARY_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "base/note.h"
#include "capture/stacks.h"
#include "summary/aggregate.h"

struct visit {
	enum stage stage;
	uint64_t ns;
};

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/* An episode of these visits; OUTCOME_OK and OUTCOME_FAILED add the end to its path. */
static inline struct episode fixture_episode(uint64_t id, uint64_t start_ns, enum outcome outcome,
					     const struct visit *visits, size_t nr)
{
	struct episode ep = { .id = id,
			      .start_ns = start_ns,
			      .end_ns = start_ns,
			      .outcome = outcome,
			      .in_window = true,
			      .pid = 100 };
	size_t i;

	for (i = 0; i < nr; i++) {
		ep.visits[visits[i].stage]++;
		ep.stage_ns[visits[i].stage] += visits[i].ns;
		ep.end_ns += visits[i].ns;
		if (ep.path_len < EPISODE_PATH_MAX) {
			ep.path[ep.path_len] = (uint8_t)visits[i].stage;
			ep.path_ns[ep.path_len] = visits[i].ns;
		}
		ep.path_len++;
	}
	if (outcome == OUTCOME_OK || outcome == OUTCOME_FAILED) {
		enum stage end = outcome == OUTCOME_OK ? STAGE_OK : STAGE_FAILED;

		ep.visits[end]++;
		if (ep.path_len < EPISODE_PATH_MAX)
			ep.path[ep.path_len] = (uint8_t)end;
		ep.path_len++;
	} else {
		ep.end_edge = EDGE_UNKNOWN;
	}
	return ep;
}

static inline void fixture_request(struct episode *ep, const char *comm, uint32_t order,
				   uint64_t gfp, int32_t migratetype)
{
	snprintf(ep->comm, sizeof(ep->comm), "%s", comm);
	ep->has_order = ep->has_gfp = ep->has_migratetype = true;
	ep->order = order;
	ep->gfp = gfp;
	ep->migratetype = migratetype;
}

/* Half of each stage on a CPU, a quarter without one, the rest asleep; one hole: all of it. */
static inline void fixture_run(struct episode *ep)
{
	enum stage stage;
	enum run_state run;

	for (stage = 0; stage < NR_TIMED_STAGES; stage++) {
		uint64_t ns = ep->stage_ns[stage], *to = ep->run_ns[stage];

		to[RUN_ON_CPU] = ns / 2;
		to[RUN_RUNNABLE] = ns / 4;
		to[RUN_SLEEPING] = ns - ns / 2 - ns / 4;
		for (run = 0; run < NR_RUNS; run++)
			ep->holes_ns[run] += to[run];
	}
	memcpy(ep->holes[0].run_ns, ep->holes_ns, sizeof(ep->holes_ns));
	ep->nr_holes = ep->nr_holes_kept = 1;
}

/* A marker of the recorder comes by. */
static inline void fixture_note(struct aggregate *agg, struct seq *seq, uint64_t ts_ns,
				const char *key, const char *text)
{
	char marker[NOTE_TEXT_MAX];
	struct event ev = { .kind = EV_NOTE, .ts_ns = ts_ns, .text = marker };

	ev.text_len = (uint32_t)note_format(marker, key, 1, text, strlen(text));
	assert_true(seq_feed(seq, &ev) >= 0);
	assert_int_equal(aggregate_follow(agg, &ev, seq), 0);
}

/*
 * Call stacks 1 to 4, which the caller frees. 1 and 2 differ only in where handle_mm_fault called; 3 has a
 * call without a name in it, and one of a module; 4 does not show who asked.
 */
static inline struct stacks *fixture_stacks(void)
{
	static const struct capture_info info = { .long_size = 8 };
	static const uint64_t words[][5] = {
		{ 0x2010, 0x32f7, 0x5070, 0x6010 },
		{ 0x2010, 0x32f7, 0x5090, 0x6010 },
		{ 0x2010, 0x32f7, 0x7010, 0x900, 0x5070 },
		{ 0x900 },
	};
	static const char *const lines[] = {
		"0000000000002000 T asm_exc_int3",
		"0000000000003000 T __alloc_pages_noprof",
		"0000000000005000 T handle_mm_fault",
		"0000000000006000 T exc_page_fault",
		"0000000000007000 t zs_malloc\t[zsmalloc]",
	};
	struct stacks *stacks = stacks_new(&info);
	size_t i, nr;

	for (i = 0; i < NR_OF(words); i++) {
		struct event ev = { .kind = EV_STACK, .text = (const char *)words[i] };

		for (nr = 0; nr < 5 && words[i][nr]; nr++)
			;
		ev.text_len = (uint32_t)(nr * sizeof(words[i][0]));
		assert_int_equal(stacks_take(stacks, &ev), i + 1);
	}
	assert_int_equal(stacks_ask_names(stacks), 0);
	for (i = 0; i < NR_OF(lines); i++)
		assert_int_equal(stacks_take_symbol(stacks, lines[i]), 0);
	assert_int_equal(stacks_finish_names(stacks), 0);
	return stacks;
}

/* A whole capture of the profile `site` on 6.12, without a loss, from 1,000 to 1,000,000 ns. */
struct fixture {
	struct flag_name gfp_names[3];
	struct capture_info info;
	struct capture_damage damage;
	struct seq_counts counts;
	struct summary_input input;
	bool lost;	       /* records, once with their number and once without */
	unsigned int readings; /* in each of two ticks; 0: there are no ticks */
};

static inline void fixture_init(struct fixture *fix)
{
	*fix = (struct fixture){
		.gfp_names = { { 0xcc0, "GFP_KERNEL" },
			       { 0x400, "__GFP_DIRECT_RECLAIM" },
			       { 0x800, "__GFP_KSWAPD_RECLAIM" } },
		.info = { .version = 6,
			  .long_size = 8,
			  .page_size = 4096,
			  .nr_cpus = 2,
			  .size = 123456,
			  .clock = "mono",
			  .nr_gfp_names = 3,
			  .kinds = 1ULL << EV_SLOW_ENTER | 1ULL << EV_SLOW_EXIT },
		.counts = { .basis = BASIS_SITE,
			    .has_notes = true,
			    .window_opened = true,
			    .window_closed = true,
			    .first_ns = 1000,
			    .last_ns = 1000000 },
		.input = { .file = "trace.dat",
			   .sha256 = "00ff",
			   .tool = "0.1.0",
			   .profile = "site\nfound 1 call site\n",
			   .host = "release=6.12.94-cloud-amd64\nversion=#1 SMP\nmachine=x86_64\n"
				   "nodename=secret\npage_size=4096\ncpus_online=2\n"
				   "cpus_possible=4\nmemory_kb=497320\nbuffer_kb=1024\n",
			   .loss = "0 10 0 0 0\n1 12 0 0 0\n" },
	};
	fix->info.gfp_names = fix->gfp_names;
	fix->input.info = &fix->info;
	fix->input.damage = &fix->damage;
	fix->input.counts = &fix->counts;
}

#endif
