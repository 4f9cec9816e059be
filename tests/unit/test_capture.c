// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * capture/ as a whole: the same events from every container; losses and damage in their place; what
 * the file says of itself; what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/capture.h"
#include "sample_trace.h"

#define MAX_EVENTS 32

static char path[64];

static int make_path(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/pagetrail-capture.%d", (int)getpid());
	return 0;
}

static int remove_path(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

/* All that a capture gave. */
struct reading {
	struct event events[MAX_EVENTS];
	char texts[MAX_EVENTS][64];
	size_t nr;
	struct capture_info info;
	struct capture_damage damage;
};

static struct reading *read_all(void)
{
	struct reading *r = calloc(1, sizeof(*r));
	uint64_t done, total;
	const struct event *next;
	struct capture *cap;
	struct err err;
	int ret;

	assert_non_null(r);
	cap = capture_open(path, &err);
	if (!cap)
		fail_msg("%s", err.text);
	r->info = *capture_info(cap);
	while ((ret = capture_next(cap, &next, &err)) == 1) {
		struct event *ev = &r->events[r->nr];

		*ev = *next;
		if (event_has_text(ev))
			snprintf(r->texts[r->nr], sizeof(r->texts[0]), "%.*s", (int)ev->text_len,
				 ev->text);
		if (r->nr)
			assert_true(ev->ts_ns >= r->events[r->nr - 1].ts_ns);
		assert_true(++r->nr < MAX_EVENTS);
	}
	assert_int_equal(ret, 0);
	assert_int_equal(capture_next(cap, &next, &err), 0);
	r->damage = *capture_damage(cap);
	capture_progress(cap, &done, &total);
	assert_int_equal(done, total);
	capture_close(cap);
	return r;
}

static struct reading *read_blob(const struct blob *b)
{
	write_file(path, b->data, b->len);
	return read_all();
}

static void expect_lost(const struct event *ev, uint32_t cpu, uint64_t from, uint64_t until,
			int64_t count)
{
	assert_int_equal(ev->kind, EV_LOST);
	assert_int_equal(ev->cpu, cpu);
	assert_int_equal(ev->ts_ns, from);
	assert_true(event_has(ev, FIELD_UNTIL));
	assert_int_equal(event_get(ev, FIELD_UNTIL), until);
	assert_int_equal(event_has(ev, FIELD_COUNT), count >= 0);
	if (count >= 0)
		assert_int_equal(event_get(ev, FIELD_COUNT), count);
}

static void expect_page_alloc(const struct event *ev, uint32_t cpu, uint64_t ts, int32_t pid,
			      uint32_t order)
{
	assert_int_equal(ev->kind, EV_PAGE_ALLOC);
	assert_int_equal(ev->cpu, cpu);
	assert_int_equal(ev->ts_ns, SAMPLE_TS + ts);
	assert_int_equal(ev->pid, pid);
	assert_int_equal(ev->flags, EVENT_SOFTIRQ);
	assert_int_equal(ev->have, 1U << FIELD_PFN | 1U << FIELD_ORDER | 1U << FIELD_GFP);
	assert_int_equal(event_get(ev, FIELD_PFN), 0x12345);
	assert_int_equal(event_get(ev, FIELD_ORDER), order);
	assert_int_equal(event_get(ev, FIELD_GFP), 0xcc0);
}

static void expect_slow_enter(const struct event *ev, uint64_t ts)
{
	assert_int_equal(ev->kind, EV_SLOW_ENTER);
	assert_int_equal(ev->ts_ns, SAMPLE_TS + ts);
	assert_int_equal(ev->pid, 100);
	assert_int_equal(ev->flags, EVENT_HARDIRQ);
	assert_int_equal(ev->have, 1U << FIELD_GFP | 1U << FIELD_ORDER | 1U << FIELD_MIGRATETYPE |
					   1U << FIELD_COMM);
	assert_int_equal(event_get(ev, FIELD_GFP), 0x80000001);
	assert_int_equal(event_get(ev, FIELD_ORDER), 9);
	assert_int_equal(event_get(ev, FIELD_MIGRATETYPE), (uint64_t)-2);
	assert_string_equal(ev->comm, "a name longer t");
}

/* What sample_pages wrote; `open`: it is not known what came after it. */
static void expect_sample(const struct reading *r, bool open)
{
	const struct event *ev = r->events;

	assert_int_equal(r->nr, open ? 11 : 9);
	expect_lost(&ev[0], 2, 0, SAMPLE_TS + 50, 42);
	assert_int_equal(ev[1].kind, EV_NOTE);
	assert_int_equal(ev[1].ts_ns, SAMPLE_TS);
	assert_string_equal(r->texts[1], "pagetrail profile 1/1 site\n");
	expect_page_alloc(&ev[2], 2, 50, 200, 5);
	expect_slow_enter(&ev[3], 100);
	assert_int_equal(ev[4].kind, EV_SLOW_EXIT);
	assert_int_equal(ev[4].ts_ns, SAMPLE_TS + 300);
	assert_int_equal(event_get(&ev[4], FIELD_PAGE), 0xfedcba9876543210ULL);
	assert_int_equal(event_get(&ev[4], FIELD_SP), (uint64_t)-3);
	expect_page_alloc(&ev[5], 0, 10000, 101, 3);
	assert_int_equal(ev[6].kind, EV_ATTEMPT_EXIT);
	assert_int_equal(ev[6].pid, -1);
	assert_int_equal(event_get(&ev[6], FIELD_CALLER), 0x3123);
	assert_int_equal(ev[6].caller_role, FN_SLOWPATH);
	/* The entry into the slowpath tells who it is. */
	assert_false(event_has(&ev[6], FIELD_COMM));
	/* At the same time: the first CPU first. */
	expect_page_alloc(&ev[7], 0, 20000, 102, 4);
	expect_page_alloc(&ev[open ? 9 : 8], 2, 20000, 201, 6);
	if (open) {
		expect_lost(&ev[8], 0, SAMPLE_TS + 20000, UINT64_MAX, -1);
		expect_lost(&ev[10], 2, SAMPLE_TS + 20000, UINT64_MAX, -1);
	}
	assert_int_equal(r->damage.nr, 0);
	assert_int_equal(r->damage.nr_unknown_events, 1);
	assert_int_equal(r->damage.nr_undecodable, 0);
}

static void the_same_from_every_container(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NR_SAMPLE_KINDS; i++) {
		struct trace_spec spec = sample_kinds[i];
		struct reading *r;
		struct blob b;

		sample_make(&spec, &b);
		r = read_blob(&b);
		expect_sample(r, false);
		assert_int_equal(r->info.version, spec.version);
		assert_int_equal(r->info.big_endian, spec.be);
		assert_int_equal(r->info.long_size, spec.long_size);
		assert_int_equal(r->info.page_size, SAMPLE_PAGE);
		assert_int_equal(r->info.nr_cpus, 3);
		assert_int_equal(r->info.size, b.len);
		assert_int_equal(r->info.kinds, 1U << EV_NOTE | 1U << EV_PAGE_ALLOC |
							1U << EV_RECLAIM_BEGIN |
							1U << EV_SLOW_ENTER | 1U << EV_SLOW_EXIT |
							1U << EV_ATTEMPT_EXIT);
		assert_string_equal(r->info.clock, "mono");
		assert_string_equal(r->info.uname, "Linux 6.12.0 test");
		assert_false(r->info.unfinished);
		assert_int_equal(r->info.nr_gfp_names, 2);
		free(r);
		blob_free(&b);
		spec_free(&spec);
	}
}

/* Events of named trace instances come in their order among those of the top one. */
static void trace_instances(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NR_SAMPLE_KINDS; i++) {
		struct trace_spec spec = sample_kinds[i];
		struct reading *r;
		struct blob b;

		sample_instance(&spec);
		sample_make(&spec, &b);
		r = read_blob(&b);
		assert_int_equal(r->nr, 11);
		expect_slow_enter(&r->events[3], 100);
		expect_page_alloc(&r->events[4], 1, 150, 300, 7);
		expect_page_alloc(&r->events[5], 1, 250, 301, 8);
		assert_int_equal(r->events[6].kind, EV_SLOW_EXIT);
		assert_int_equal(r->damage.nr, 0);
		free(r);
		blob_free(&b);
		spec_free(&spec);
	}
}

static void gfp_names_in_their_order(void **state)
{
	struct trace_spec spec = sample_kinds[0];
	struct capture *cap;
	struct blob b;
	struct err err;

	(void)state;
	sample_make(&spec, &b);
	write_file(path, b.data, b.len);
	cap = capture_open(path, &err);
	assert_non_null(cap);
	assert_int_equal(capture_info(cap)->nr_gfp_names, 2);
	assert_string_equal(capture_info(cap)->gfp_names[0].name, "GFP_BOTH");
	assert_int_equal(capture_info(cap)->gfp_names[0].mask, 0xc00);
	assert_string_equal(capture_info(cap)->gfp_names[1].name, "__GFP_IO");
	assert_int_equal(capture_info(cap)->gfp_names[1].mask, 0x40);
	capture_close(cap);
	blob_free(&b);
	spec_free(&spec);
}

/* A bad entry costs the rest of its page; the next page is read, after a loss of unknown size. */
static void damage_within_a_page(void **state)
{
	struct trace_spec spec = sample_kinds[0];
	struct reading *r;
	size_t at;
	struct blob b;

	(void)state;
	sample_make(&spec, &b);
	/* Into the header of the foreign event: the note, 4 + 16 + 28, slow_enter 4 + 60. */
	at = spec.pages_at + 16 + 48 + 64;
	assert_int_equal(b.data[at + 4], ID_FOREIGN);
	store(&b, at, 28, 4);
	r = read_blob(&b);
	assert_int_equal(r->damage.nr, 1);
	assert_int_equal(r->damage.nr_kept, 1);
	assert_int_equal(r->damage.kept[0].cpu, 0);
	assert_int_equal(r->damage.kept[0].offset, at);
	assert_int_equal(r->damage.bytes, 16 + 32);
	assert_string_equal(r->damage.kept[0].what, "an entry that ends beyond the commit");
	assert_int_equal(r->nr, 9);
	expect_slow_enter(&r->events[3], 100);
	expect_lost(&r->events[4], 0, SAMPLE_TS + 100, SAMPLE_TS + 10000, -1);
	expect_page_alloc(&r->events[5], 0, 10000, 101, 3);
	free(r);
	blob_free(&b);
	spec_free(&spec);
}

static struct reading *read_with_time(unsigned int nr, uint64_t ts, size_t nr_events)
{
	struct trace_spec spec = sample_kinds[0];
	struct reading *r;
	struct blob b;

	sample_make(&spec, &b);
	store(&b, spec.pages_at + nr * SAMPLE_PAGE, ts, 8);
	r = read_blob(&b);
	assert_int_equal(r->damage.nr, 1);
	assert_int_equal(r->damage.bytes, SAMPLE_PAGE);
	assert_int_equal(r->damage.kept[0].offset, spec.pages_at + nr * SAMPLE_PAGE);
	assert_int_equal(r->nr, nr_events);
	blob_free(&b);
	spec_free(&spec);
	return r;
}

/* A flipped bit in the time of one page costs that page, not those before or after it. */
static void a_page_out_of_time(void **state)
{
	struct reading *r = read_with_time(1, SAMPLE_TS + (1ULL << 40), 8);

	(void)state;
	assert_int_equal(r->events[4].kind, EV_SLOW_EXIT);
	expect_lost(&r->events[5], 0, SAMPLE_TS + 300, SAMPLE_TS + 20000, -1);
	expect_page_alloc(&r->events[6], 0, 20000, 102, 4);
	expect_page_alloc(&r->events[7], 2, 20000, 201, 6);
	free(r);

	r = read_with_time(1, SAMPLE_TS + (1ULL << 63), 8);
	expect_lost(&r->events[5], 0, SAMPLE_TS + 300, SAMPLE_TS + 20000, -1);
	free(r);

	r = read_with_time(2, SAMPLE_TS + 299, 9);
	expect_page_alloc(&r->events[5], 0, 10000, 101, 3);
	expect_lost(&r->events[7], 0, SAMPLE_TS + 10200, UINT64_MAX, -1);
	expect_page_alloc(&r->events[8], 2, 20000, 201, 6);
	free(r);
}

/* Cut in the second page of CPU 0, which takes CPU 2 away altogether. */
static void cut_within_the_pages(void **state)
{
	struct trace_spec spec = sample_kinds[0];
	struct reading *r;
	struct blob b;

	(void)state;
	sample_make(&spec, &b);
	b.len = spec.pages_at + SAMPLE_PAGE + SAMPLE_PAGE / 2;
	r = read_blob(&b);
	assert_int_equal(r->damage.nr, 2);
	assert_int_equal(r->damage.bytes, 3 * SAMPLE_PAGE);
	assert_int_equal(r->damage.kept[0].cpu, 0);
	assert_int_equal(r->damage.kept[1].cpu, 2);
	assert_int_equal(r->damage.kept[1].offset, b.len);
	assert_int_equal(r->nr, 5);
	assert_int_equal(r->events[3].kind, EV_SLOW_EXIT);
	/* From the last record of each CPU on. */
	expect_lost(&r->events[0], 2, 0, UINT64_MAX, -1);
	expect_lost(&r->events[4], 0, SAMPLE_TS + 300, UINT64_MAX, -1);
	free(r);
	blob_free(&b);
	spec_free(&spec);
}

/* The head with an empty table, and the pages in files beside it. */
static void an_unfinished_recording(void **state)
{
	struct trace_spec spec = sample_kinds[0];
	char part[2][80];
	struct reading *r;
	struct blob b;

	(void)state;
	sample_make(&spec, &b);
	memset(b.data + spec.table_at, 0, 16 * spec.nr_cpus);
	b.len = spec.table_at + 16 * spec.nr_cpus;
	snprintf(part[0], sizeof(part[0]), "%s.cpu0", path);
	snprintf(part[1], sizeof(part[1]), "%s.cpu2", path);
	write_file(part[0], spec.pages[0].data, spec.pages[0].len);
	write_file(part[1], spec.pages[2].data, spec.pages[2].len);
	r = read_blob(&b);
	expect_sample(r, true);
	assert_true(r->info.unfinished);
	free(r);

	/* A part that ends within a page. */
	write_file(part[0], spec.pages[0].data, spec.pages[0].len - 1000);
	r = read_blob(&b);
	assert_int_equal(r->nr, 10);
	assert_int_equal(r->damage.nr, 1);
	assert_int_equal(r->damage.bytes, SAMPLE_PAGE - 1000);
	expect_lost(&r->events[7], 0, SAMPLE_TS + 10200, UINT64_MAX, -1);
	free(r);
	unlink(part[0]);
	unlink(part[1]);

	/* Without them it is a capture without events. */
	r = read_blob(&b);
	assert_int_equal(r->nr, 0);
	assert_false(r->info.unfinished);
	free(r);
	blob_free(&b);
	spec_free(&spec);
}

/* Losses that are not told yet add up; beside damage their count is not known. */
static void losses_add_up(void **state)
{
	struct trace_spec spec = sample_kinds[0];
	struct page_maker page;
	struct reading *r;
	struct blob b;

	(void)state;
	sample_make(&spec, &b);
	blob_free(&b);
	blob_free(&spec.pages[0]);
	page = page_start(&spec.pages[0], SAMPLE_PAGE, 8, SAMPLE_TS + 20001);
	page_finish(&page, MISSED_EVENTS | MISSED_STORED, 10);
	page = page_start(&spec.pages[0], SAMPLE_PAGE, 8, SAMPLE_TS + 20002);
	add_page_alloc(&spec, &page, 0, 1, 0);
	page_finish(&page, MISSED_EVENTS | MISSED_STORED, 5);
	page = page_start(&spec.pages[0], SAMPLE_PAGE, 8, SAMPLE_TS + 20003);
	page_finish(&page, MISSED_EVENTS, 0);
	page = page_start(&spec.pages[0], SAMPLE_PAGE, 8, SAMPLE_TS + 20004);
	add_page_alloc(&spec, &page, 0, 1, 0);
	page_finish(&page, MISSED_EVENTS | MISSED_STORED, 5);
	make_trace(&spec, &b);
	r = read_blob(&b);
	assert_int_equal(r->nr, 3 + 4);
	expect_lost(&r->events[0], 0, 0, SAMPLE_TS + 20002, 15);
	expect_lost(&r->events[5], 0, SAMPLE_TS + 20002, SAMPLE_TS + 20004, -1);
	assert_int_equal(r->damage.nr, 0);
	free(r);
	blob_free(&b);
	spec_free(&spec);
}

/* A record too short for its fields, and a text that lies beyond its record. */
static void undecodable_records(void **state)
{
	struct trace_spec spec = sample_kinds[0];
	struct page_maker page;
	struct reading *r;
	struct blob body, b;

	(void)state;
	sample_make(&spec, &b);
	blob_free(&b);
	blob_free(&spec.pages[0]);
	blob_free(&spec.pages[2]);
	page = page_start(&spec.pages[0], SAMPLE_PAGE, 8, SAMPLE_TS);
	add_page_alloc(&spec, &page, 0, 1, 0);
	add_other(&spec, &page, 1, ID_PAGE_ALLOC);
	body = record_start(&spec, ID_SLOW_ENTER, 0, 1, 40);
	store(&body, 31, 6 << 16 | 35, 4);
	add_record(&page, 1, &body);
	body = record_start(&spec, ID_SLOW_ENTER, 0, 1, 40);
	store(&body, 31, 5 << 16 | 35, 4);
	add_record(&page, 1, &body);
	page_finish(&page, 0, 0);
	make_trace(&spec, &b);
	r = read_blob(&b);
	assert_int_equal(r->nr, 4);
	assert_int_equal(r->damage.nr_undecodable, 2);
	expect_lost(&r->events[1], 0, SAMPLE_TS + 1, SAMPLE_TS + 1, 1);
	expect_lost(&r->events[2], 0, SAMPLE_TS + 2, SAMPLE_TS + 2, 1);
	assert_int_equal(r->events[3].kind, EV_SLOW_ENTER);
	assert_string_equal(r->events[3].comm, "");
	free(r);
	blob_free(&b);
	spec_free(&spec);
}

/* Under the reader's hands: an error, where under mmap() it would be a signal. Threads or none. */
static void a_file_that_shrinks(void **state)
{
	unsigned int nr_threads;

	(void)state;
	for (nr_threads = 0; nr_threads < 3; nr_threads++) {
		struct trace_spec spec = sample_kinds[0];
		const struct event *ev;
		struct capture *cap;
		struct err err;
		struct blob b;
		int ret;

		sample_make(&spec, &b);
		write_file(path, b.data, b.len);
		cap = capture_open(path, &err);
		assert_non_null(cap);
		capture_start(cap, nr_threads);
		assert_int_equal(truncate(path, (off_t)spec.pages_at + 100), 0);
		while ((ret = capture_next(cap, &ev, &err)) == 1)
			;
		assert_true(ret < 0);
		assert_non_null(strstr(err.text, path));
		assert_non_null(strstr(err.text, "has become shorter while it was read"));
		capture_close(cap);
		blob_free(&b);
		spec_free(&spec);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_from_every_container),
		cmocka_unit_test(trace_instances),
		cmocka_unit_test(gfp_names_in_their_order),
		cmocka_unit_test(damage_within_a_page),
		cmocka_unit_test(a_page_out_of_time),
		cmocka_unit_test(cut_within_the_pages),
		cmocka_unit_test(an_unfinished_recording),
		cmocka_unit_test(losses_add_up),
		cmocka_unit_test(undecodable_records),
		cmocka_unit_test(a_file_that_shrinks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_path, remove_path);
}
