// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Damaged files of every container: cut, flipped, overwritten, with blocks taken out or put in.
 * Each is refused with a sentence, or read to its end with times in order; one that was cut never
 * passes for whole. The damage is the same in each run; PAGETRAIL_MUTANTS sets how many of each
 * container.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/capture.h"
#include "sample_trace.h"

#define MUTANTS_DEFAULT 60
#define SECONDS_MAX	60

static char path[64];
static unsigned int seed;

static uint32_t pick(size_t below)
{
	return (uint32_t)(((uint64_t)rand_r(&seed) << 16 ^ (uint64_t)rand_r(&seed)) % below);
}

static void cut(struct blob *b)
{
	b->len = pick(b->len);
}

static void flip_bytes(struct blob *b)
{
	uint32_t nr = 1 + pick(4);

	while (nr--)
		b->data[pick(b->len)] ^= (uint8_t)(1 + pick(255));
}

static void set_word(struct blob *b)
{
	static const uint32_t words[] = { 0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0 };
	size_t size = pick(2) ? 4 : 8;

	store(b, pick(b->len - size), words[pick(6)], size);
}

static void burst(struct blob *b)
{
	uint32_t at = pick(b->len), nr = 16 + pick(4096);

	for (; nr-- && at < b->len; at++)
		b->data[at] = (uint8_t)pick(256);
}

static void take_out(struct blob *b)
{
	uint32_t at = pick(b->len), nr = 1 + pick(b->len - at);

	memmove(b->data + at, b->data + at + nr, b->len - at - nr);
	b->len -= nr;
}

static void put_in(struct blob *b)
{
	uint32_t at = pick(b->len), nr = 1 + pick(4096);

	put_room(b, nr);
	memmove(b->data + at + nr, b->data + at, b->len - nr - at);
}

typedef void (*mutation)(struct blob *b);
static const mutation mutations[] = { cut, flip_bytes, set_word, burst, take_out, put_in };

/* True when the reader said that something is missing: refused, damaged, or a loss told. */
static bool read_mutant(void)
{
	struct capture *cap;
	const struct event *ev;
	struct err err = { "" };
	uint64_t last_ns = 0;
	bool told = false;
	int ret;

	/* A hang ends the test; the file that did it stays. */
	alarm(SECONDS_MAX);
	cap = capture_open(path, &err);
	if (!cap) {
		assert_non_null(strstr(err.text, path));
		return true;
	}
	while ((ret = capture_next(cap, &ev, &err)) == 1) {
		assert_true(ev->ts_ns >= last_ns);
		last_ns = ev->ts_ns;
		assert_true(ev->kind > EV_UNKNOWN && ev->kind < NR_EV_KINDS);
		if (event_has(ev, FIELD_COMM))
			assert_true(strlen(ev->comm) < COMM_LEN);
	}
	if (ret)
		assert_non_null(strstr(err.text, path));
	told = ret || capture_damage(cap)->nr;
	capture_close(cap);
	return told;
}

static struct blob copy_of(const struct blob *b)
{
	struct blob copy = { .be = b->be };

	put(&copy, b->data, b->len);
	return copy;
}

static void mutate(const struct blob *whole, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct blob b = copy_of(whole);
		uint32_t which = pick(sizeof(mutations) / sizeof(mutations[0]));
		bool told;

		mutations[which](&b);
		write_file(path, b.data, b.len);
		told = read_mutant();
		if (mutations[which] == cut)
			assert_true(told);
		blob_free(&b);
	}
}

/* Where one thing ends and the next begins, and one byte to either side. */
static void cut_at_marks(const struct trace_spec *spec, const struct blob *whole)
{
	unsigned int i;
	int side;

	for (i = 0; i < spec->nr_marks; i++)
		for (side = -1; side <= 1; side++) {
			size_t len = spec->marks[i] + (size_t)side;

			if (len >= whole->len)
				continue;
			write_file(path, whole->data, len);
			assert_true(read_mutant());
		}
}

static unsigned int nr_mutants(void)
{
	const char *text = getenv("PAGETRAIL_MUTANTS");

	return text ? (unsigned int)strtoul(text, NULL, 10) : MUTANTS_DEFAULT;
}

static void random_damage(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NR_SAMPLE_KINDS; i++) {
		struct trace_spec spec = sample_kinds[i];
		struct blob b;

		sample_make(&spec, &b);
		mutate(&b, nr_mutants());
		blob_free(&b);
		spec_free(&spec);
	}
}

static void cuts_at_every_border(void **state)
{
	static const size_t which[] = { 0, 4, 6 }; /* version 6; version 7, not packed and packed */
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct trace_spec spec = sample_kinds[which[i]];
		struct blob b;

		sample_make(&spec, &b);
		cut_at_marks(&spec, &b);
		blob_free(&b);
		spec_free(&spec);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_at_every_border),
		cmocka_unit_test(random_damage),
	};
	const char *first = getenv("PAGETRAIL_SEED");
	int ret;

	seed = first ? (unsigned int)strtoul(first, NULL, 10) : 1;
	snprintf(path, sizeof(path), "/tmp/pagetrail-damage.%d", (int)getpid());
	cmocka_set_message_output(CM_OUTPUT_TAP);
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return ret;
}
