// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state machine and the summary: any events, in the order of time as the reader gives them. The
 * first byte says what the capture contains. What is asked: it ends, with sums that agree.
 */
#include "base/note.h"
#include "fuzz.h"
#include "sequence/sequence.h"
#include "summary/aggregate.h"

static const uint64_t hidden[] = {
	0,
	1ULL << EV_SLOW_ENTER | 1ULL << EV_SLOW_EXIT,
	1ULL << EV_SLOW_ENTER | 1ULL << EV_SLOW_EXIT | 1ULL << EV_ALLOC_ENTER |
		1ULL << EV_ALLOC_EXIT,
	1ULL << EV_SLOW_ENTER | 1ULL << EV_SLOW_EXIT | 1ULL << EV_ATTEMPT_ENTER |
		1ULL << EV_ATTEMPT_EXIT | 1ULL << EV_FAST_NULL | 1ULL << EV_ALLOC_EXIT,
	1ULL << EV_ATTEMPT_ENTER | 1ULL << EV_ATTEMPT_EXIT,
};

static const char *const notes[] = {
	"pagetrail " NOTE_WINDOW_START " 1/1 \n",
	"pagetrail " NOTE_WINDOW_STOP " 1/1 \n",
	"pagetrail " NOTE_TICK " 1/1 nr_free_pages 5 pswpout 7\n",
	"pagetrail " NOTE_VERIFY_ENABLING " 1/1 \n",
	"pagetrail " NOTE_VERIFY_DISABLED " 1/1 count 5 cpus 2\n",
	"pagetrail " NOTE_SYSCTL "start 1/1 vm.defrag_mode = 1\n",
};

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

static void take_values(struct fuzz_bytes *bytes, struct event *ev)
{
	static const uint64_t values[] = { 0,	 1,	     0x400, 0xcc0, 0x41,       0x901,
					   0x40, 1ULL << 40, 3,	    9,	   UINT64_MAX, 0x100cca };
	enum ev_field field;

	ev->have = (uint32_t)fuzz_take(bytes, 3);
	for (field = 0; field < NR_EV_NUMBERS; field++)
		if (event_has(ev, field))
			event_set(ev, field, values[fuzz_take(bytes, 1) % NR_OF(values)]);
	if (event_has(ev, FIELD_COMM))
		snprintf(ev->comm, sizeof(ev->comm), "task%u", (unsigned int)fuzz_take(bytes, 1));
}

/* Times grow, mostly by little; a loss lasts until after it began. */
static bool take_event(struct fuzz_bytes *bytes, uint64_t *now, struct event *ev)
{
	uint8_t kind = (uint8_t)(fuzz_take(bytes, 1) % NR_EV_KINDS), step;

	if (!bytes->left)
		return false;
	memset(ev, 0, sizeof(*ev));
	step = (uint8_t)fuzz_take(bytes, 1);
	*now += step & 1 ? (uint64_t)step << (step >> 3) : step;
	if (*now > (uint64_t)INT64_MAX)
		return false;
	ev->kind = kind ? kind : EV_LOST;
	ev->ts_ns = ev->part_ns[0] = ev->part_ns[1] = *now;
	ev->cpu = (uint32_t)fuzz_take(bytes, 1) % 4;
	ev->pid = (int32_t)fuzz_take(bytes, 1) % 5;
	ev->flags = (uint8_t)fuzz_take(bytes, 1);
	ev->caller_role = (uint8_t)(fuzz_take(bytes, 1) % NR_FN_ROLES);
	take_values(bytes, ev);
	if (ev->kind == EV_NOTE) {
		ev->text = notes[fuzz_take(bytes, 1) % NR_OF(notes)];
		ev->text_len = (uint32_t)strlen(ev->text);
	}
	if (ev->kind == EV_LOST)
		event_set(ev, FIELD_UNTIL, step & 2 ? UINT64_MAX : *now + step);
	return true;
}

static void pass_ended(struct seq *seq, struct aggregate *agg)
{
	const struct detour *detour;
	const struct episode *ep;

	while ((detour = seq_next_detour(seq)))
		if (aggregate_detour(agg, detour))
			abort();
	while ((ep = seq_next(seq))) {
		if (ep->end_ns < ep->start_ns || ep->nr_steps > EPISODE_STEPS_MAX)
			abort();
		if (aggregate_episode(agg, ep))
			abort();
	}
}

static void finish(struct seq *seq, struct aggregate *agg, uint64_t kinds)
{
	const struct capture_info info = { .version = 6, .nr_cpus = 4, .kinds = kinds };
	const struct capture_damage damage = { 0 };
	const struct capture_cpu cpus[4] = { { 0 }, { .cpu = 1 }, { .cpu = 2 }, { .cpu = 3 } };
	const struct summary_input input = {
		.file = "fuzz",
		.info = &info,
		.damage = &damage,
		.cpus = cpus,
		.nr_cpus = 4,
		.counts = seq_counts(seq),
		.profile = "full",
	};
	struct summary summary;
	uint64_t ends = 0;
	int i;

	if (aggregate_finish(agg, &input, &summary))
		abort();
	for (i = 0; i < NR_OUTCOMES; i++)
		ends += summary.slowpath.outcomes[i];
	if (ends != summary.slowpath.times.count)
		abort();
	summary_free(&summary);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes bytes = { data, size };
	uint64_t kinds = ~hidden[fuzz_take(&bytes, 1) % NR_OF(hidden)] &
			 ((1ULL << NR_EV_KINDS) - 1);
	struct seq *seq = seq_new(kinds, 4);
	struct aggregate *agg = aggregate_new(3);
	uint64_t now = 1000;
	struct event ev;

	if (!seq || !agg)
		abort();
	while (take_event(&bytes, &now, &ev)) {
		if (!(kinds >> ev.kind & 1) && ev.kind != EV_LOST)
			continue;
		if (aggregate_event(agg, &ev) || seq_feed(seq, &ev) < 0)
			abort();
		if (aggregate_follow(agg, &ev, seq))
			abort();
		pass_ended(seq, agg);
	}
	if (seq_finish(seq))
		abort();
	pass_ended(seq, agg);
	finish(seq, agg, kinds);
	aggregate_free(agg);
	seq_free(seq);
	return 0;
}
