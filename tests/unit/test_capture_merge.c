// SPDX-License-Identifier: GPL-2.0-or-later
/* Many CPUs with random times: the merge gives what a stable sort of all their records gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/merge.h"
#include "trace_file.h"

#define PAGE	   4096
#define NR_LANES   37
#define NR_EVENTS  3000 /* per lane, at most */
#define SLAB_ITEMS 100

struct expected {
	uint64_t ts;
	uint32_t cpu, nr; /* nr-th of its CPU */
};

static char path[64];

static int by_time(const void *a, const void *b)
{
	const struct expected *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	return x->nr < y->nr ? -1 : x->nr > y->nr;
}

/* The pages of one CPU; what is in them is added to `all`. */
static void make_lane(struct blob *to, uint32_t cpu, unsigned int *seed, struct expected *all,
		      size_t *nr_all)
{
	uint32_t nr = (uint32_t)rand_r(seed) % NR_EVENTS;
	uint64_t ts = (uint64_t)rand_r(seed) % 1000;
	struct page_maker page;
	bool open = false;
	uint32_t i;

	for (i = 0; i < nr; i++) {
		uint32_t delta = rand_r(seed) % 3 ? (uint32_t)rand_r(seed) % 50 : 0;

		ts += delta;
		if (open && page_commit(&page) + 16 > PAGE - 16) {
			page_finish(&page, 0, 0);
			open = false;
		}
		if (!open) {
			page = page_start(to, PAGE, 8, ts);
			delta = 0;
			open = true;
		}
		page_record(&page, delta, (uint32_t[]){ i, 0 }, 2 * sizeof(i));
		all[(*nr_all)++] = (struct expected){ ts, cpu, i };
	}
	if (open)
		page_finish(&page, 0, 0);
}

static void init_lanes(struct merge *m, const struct input *in, const uint64_t *at,
		       const struct page_layout *layout, const struct decoder *decoder,
		       struct capture_damage *damage, struct budget *budget)
{
	uint32_t i;

	assert_int_equal(merge_init(m, NR_LANES, SLAB_ITEMS, NULL, damage), 0);
	for (i = 0; i < NR_LANES; i++) {
		struct extent extent = {
			.in = in, .cpu = i, .offset = at[i], .size = at[i + 1] - at[i]
		};

		lane_init(&m->crew.lanes[i].lane, i, layout, decoder);
		stream_init(&m->crew.lanes[i].lane.stream, &extent, budget, PAGE, 3 * PAGE);
	}
}

/* The same whoever reads: this thread alone, or some that read ahead. */
static void merge_as_a_sort(unsigned int nr_threads)
{
	const struct page_layout layout = { PAGE, 16, 8, false };
	struct expected *all = calloc(NR_LANES * NR_EVENTS, sizeof(*all));
	struct budget budget = { 64U << 20 };
	struct capture_damage damage = { 0 };
	uint64_t at[NR_LANES + 1] = { 0 };
	struct blob pages = { 0 };
	struct decoder decoder;
	unsigned int seed = 5;
	size_t nr_all = 0, i;
	const struct event *ev;
	struct input in;
	struct merge m;
	struct err err;

	assert_non_null(all);
	assert_int_equal(decoder_init_blind(&decoder, false), 0);
	for (i = 0; i < NR_LANES; i++) {
		make_lane(&pages, (uint32_t)i, &seed, all, &nr_all);
		at[i + 1] = pages.len;
	}
	write_file(path, pages.data, pages.len);
	assert_int_equal(input_open(&in, path, &err), 0);
	qsort(all, nr_all, sizeof(*all), by_time);
	init_lanes(&m, &in, at, &layout, &decoder, &damage, &budget);
	crew_start(&m.crew, nr_threads);
	for (i = 0; i < nr_all; i++) {
		uint32_t nr;

		assert_int_equal(merge_next(&m, &ev, &err), 1);
		memcpy(&nr, merge_record(&m, ev)->data, sizeof(nr));
		assert_int_equal(ev->ts_ns, all[i].ts);
		assert_int_equal(ev->cpu, all[i].cpu);
		assert_int_equal(nr, all[i].nr);
	}
	assert_int_equal(merge_next(&m, &ev, &err), 0);
	assert_int_equal(merge_next(&m, &ev, &err), 0);
	assert_int_equal(damage.nr, 0);
	merge_close(&m);
	decoder_free(&decoder);
	assert_int_equal(budget.left, 64U << 20);
	input_close(&in);
	blob_free(&pages);
	free(all);
}

static void as_a_sort_does(void **state)
{
	unsigned int nr_threads;

	(void)state;
	for (nr_threads = 0; nr_threads < 4; nr_threads++)
		merge_as_a_sort(nr_threads);
}

/* Files that would take all memory are refused instead. */
static void a_budget_of_buffers(void **state)
{
	const struct page_layout layout = { PAGE, 16, 8, false };
	struct budget budget = { 2 * 3 * PAGE };
	struct capture_damage damage = { 0 };
	uint64_t at[NR_LANES + 1];
	struct blob pages = { 0 };
	const struct event *ev;
	struct decoder decoder;
	struct input in;
	struct merge m;
	struct err err;
	size_t i;

	(void)state;
	assert_int_equal(decoder_init_blind(&decoder, false), 0);
	for (i = 0; i <= NR_LANES; i++)
		at[i] = i * 3 * PAGE;
	put_room(&pages, at[NR_LANES]);
	write_file(path, pages.data, pages.len);
	assert_int_equal(input_open(&in, path, &err), 0);
	init_lanes(&m, &in, at, &layout, &decoder, &damage, &budget);
	assert_true(merge_next(&m, &ev, &err) < 0);
	assert_non_null(strstr(err.text, "more than the memory that a reader may take"));
	merge_close(&m);
	decoder_free(&decoder);
	input_close(&in);
	blob_free(&pages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_a_sort_does),
		cmocka_unit_test(a_budget_of_buffers),
	};
	int ret;

	snprintf(path, sizeof(path), "/tmp/pagetrail-merge.%d", (int)getpid());
	cmocka_set_message_output(CM_OUTPUT_TAP);
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return ret;
}
