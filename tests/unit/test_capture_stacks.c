// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * capture/stacks: call stacks from every container, each once; their names; and where the probe's own
 * calls end. The stacks are those that real kernels left (x86-64: 5.10.0-46, 6.12.118), shortened.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/note.h"
#include "capture/capture.h"
#include "capture/stacks.h"
#include "sample_trace.h"

#define ID_STACK     4
#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct capture_info native = { .long_size = 8 };

static struct event event_of(const uint64_t *words, size_t nr)
{
	struct event ev = { .kind = EV_STACK,
			    .text = (const char *)words,
			    .text_len = (uint32_t)(nr * sizeof(*words)) };

	event_set(&ev, FIELD_COUNT, nr);
	return ev;
}

static uint32_t take(struct stacks *stacks, const uint64_t *words, size_t nr)
{
	struct event ev = event_of(words, nr);

	return stacks_take(stacks, &ev);
}

static void name(struct stacks *stacks, const char *const *lines)
{
	assert_int_equal(stacks_ask_names(stacks), 0);
	for (; *lines; lines++)
		assert_int_equal(stacks_take_symbol(stacks, *lines), 0);
	assert_int_equal(stacks_finish_names(stacks), 0);
}

/* "f+0x1 g+0x2", "?" for a call without a name. */
static const char *text_of(const struct stacks *stacks, uint32_t number)
{
	static char text[4096];
	struct call_stack stack = stacks_get(stacks, number);
	size_t len = 0;
	uint32_t i;

	*text = '\0';
	for (i = 0; i < stack.nr; i++) {
		const struct call *call = &stack.calls[i];

		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i ? " " : "",
					call->name ? call->name : "?");
		if (call->name)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "+0x%lx",
						(unsigned long)call->offset);
	}
	snprintf(text + len, sizeof(text) - len, "%s", stack.is_more ? " ..." : "");
	return text;
}

static const char *const symbols[] = {
	"0000000000001000 t kprobe_trace_func",
	"0000000000002000 T asm_exc_int3",
	"0000000000003000 T __alloc_pages_noprof",
	"0000000000004000 t swap_writepage",
	"0000000000005000 T handle_mm_fault",
	"0000000000005800 T asm_exc_page_fault",
	"0000000000006000 t arch_rethook_trampoline",
	"0000000000006800 T kretprobe_trampoline",
	"0000000000007000 T do_group_exit",
	"0000000000007100 T next_to_it",
	"0000000000008000 t zs_malloc\t[zsmalloc]",
	"0000000000000000 T hidden",
	"0000000000008000 T an_alias",
	"0000000000004800 d data",
	"no symbol",
	NULL,
};

static void probes_own_calls_are_cut(void **state)
{
	static const struct {
		uint64_t words[8];
		const char *wanted;
	} rows[] = {
		/* A trap at the call into the slowpath. */
		{ { 0x1010, 0x2020, 0x32f7, 0x5070, 0x5810 },
		  "__alloc_pages_noprof+0x2f7 handle_mm_fault+0x70 asm_exc_page_fault+0x10" },
		/* A return probe: the function that returned was called from there. */
		{ { 0x1010, 0x6020, 0x316b, 0x5070 },
		  "__alloc_pages_noprof+0x16b handle_mm_fault+0x70" },
		/* An allocation within another one. */
		{ { 0x1010, 0x2020, 0x32f7, 0x8180, 0x4070, 0x3300, 0x5070 },
		  "__alloc_pages_noprof+0x2f7 zs_malloc [zsmalloc]+0x180 swap_writepage+0x70 "
		  "__alloc_pages_noprof+0x300 handle_mm_fault+0x70" },
		/* The call lies in a function that nobody knows. */
		{ { 0x1010, 0x2020, 0x4010, 0x3300, 0x5070 },
		  "swap_writepage+0x10 __alloc_pages_noprof+0x300 handle_mm_fault+0x70" },
		/* Somebody else's, of a tracepoint inside: no probe, no trampoline. */
		{ { 0x4010, 0x3300, 0x5070 }, "__alloc_pages_noprof+0x300 handle_mm_fault+0x70" },
		/* 5.10: behind the return probe of another function nothing is seen, */
		{ { 0x1010, 0x2020, 0x32f7, 0x6800 }, "__alloc_pages_noprof+0x2f7 ..." },
		/* nor behind its own. */
		{ { 0x1010, 0x6801 }, "" },
		/* A call that does not come back is the last of its function. */
		{ { 0x1010, 0x2020, 0x3010, 0x7100 },
		  "__alloc_pages_noprof+0x10 do_group_exit+0x100" },
		/* Nothing that is known. */
		{ { 0x900, 0x800 }, "" },
		{ { 0x1010, 0x4010 }, "" },
		/* Below every symbol. */
		{ { 0x1010, 0x2020, 0x3010, 0x800 }, "__alloc_pages_noprof+0x10 ?" },
	};
	struct stacks *stacks = stacks_new(&native);
	size_t i, nr;

	(void)state;
	assert_non_null(stacks);
	assert_true(stacks_is_empty(stacks));
	for (i = 0; i < NR_OF(rows); i++) {
		for (nr = 0; nr < 8 && rows[i].words[nr]; nr++)
			;
		assert_int_equal(take(stacks, rows[i].words, nr), i + 1);
	}
	assert_false(stacks_is_empty(stacks));
	name(stacks, symbols);
	for (i = 0; i < NR_OF(rows); i++)
		assert_string_equal(text_of(stacks, (uint32_t)i + 1), rows[i].wanted);
	assert_int_equal(stacks_get(stacks, 0).nr, 0);
	assert_int_equal(stacks_get(stacks, NR_OF(rows) + 1).nr, 0);
	assert_int_equal(stacks_get(stacks, STACK_NOT_KEPT).nr, 0);
	stacks_free(stacks);
}

/* The recorder leaves this until it has found the symbols: others would be taken for them. */
static void a_recorder_that_was_killed_left_no_names(void **state)
{
	const uint64_t words[] = { 0x1010, 0x2020, 0x32f7, 0x5070 };
	const char *lines[NR_OF(symbols) + 1] = { "0000000000000000 a " NO_STACK_SYMBOLS };
	struct stacks *stacks = stacks_new(&native);

	(void)state;
	memcpy(lines + 1, symbols, sizeof(symbols));
	assert_int_equal(take(stacks, words, NR_OF(words)), 1);
	name(stacks, lines);
	assert_int_equal(stacks_get(stacks, 1).nr, 0);
	stacks_free(stacks);
}

static void each_is_kept_once(void **state)
{
	const uint64_t one[] = { 0x1010, 0x2020 }, longer[] = { 0x1010, 0x2020, 0x3010 };
	const uint64_t zero[] = { 0x1010, 0x2020, 0, 0x3010 };
	const uint64_t ones[] = { 0x1010, 0x2020, UINT64_MAX, UINT64_MAX };
	struct stacks *stacks = stacks_new(&native);
	struct event ev = event_of(longer, 3);

	(void)state;
	assert_int_equal(take(stacks, one, 0), STACK_NONE);
	assert_int_equal(take(stacks, zero + 2, 1), STACK_NONE);
	assert_int_equal(take(stacks, one, 2), 1);
	assert_int_equal(take(stacks, longer, 3), 2);
	assert_int_equal(take(stacks, one, 2), 1);
	assert_int_equal(take(stacks, one, 2), 1);
	assert_int_equal(take(stacks, longer, 3), 2);
	/* Some kernels close a stack, some count, some do neither. */
	assert_int_equal(take(stacks, zero, 4), 1);
	assert_int_equal(take(stacks, ones, 4), 1);
	event_set(&ev, FIELD_COUNT, 2);
	assert_int_equal(stacks_take(stacks, &ev), 1);
	event_set(&ev, FIELD_COUNT, UINT64_MAX);
	assert_int_equal(stacks_take(stacks, &ev), 2);
	ev.have = 0;
	assert_int_equal(stacks_take(stacks, &ev), 2);
	/* A word that is cut off is none. */
	ev.text_len = 23;
	assert_int_equal(stacks_take(stacks, &ev), 1);
	stacks_free(stacks);
}

static void the_rest_of_a_deep_one_is_left_out(void **state)
{
	uint64_t words[STACK_CALLS_MAX + 2];
	struct stacks *stacks = stacks_new(&native);
	size_t i;

	(void)state;
	words[0] = 0x3010;
	for (i = 1; i < NR_OF(words); i++)
		words[i] = 0x4010;
	assert_int_equal(take(stacks, words, STACK_CALLS_MAX), 1);
	words[STACK_CALLS_MAX - 1] = 0x5010;
	assert_int_equal(take(stacks, words, STACK_CALLS_MAX + 1), 2);
	name(stacks, symbols);
	assert_int_equal(stacks_get(stacks, 1).nr, STACK_CALLS_MAX);
	assert_false(stacks_get(stacks, 1).is_more);
	assert_int_equal(stacks_get(stacks, 2).nr, STACK_CALLS_MAX);
	assert_true(stacks_get(stacks, 2).is_more);
	stacks_free(stacks);
}

static void too_many_are_not_kept(void **state)
{
	uint64_t words[STACK_CALLS_MAX];
	struct stacks *stacks = stacks_new(&native);
	size_t i;

	(void)state;
	for (i = 0; i < NR_OF(words); i++)
		words[i] = 0x4010;
	for (i = 1; i <= STACKS_MAX; i++) {
		words[0] = i;
		assert_int_equal(take(stacks, words, 2), i);
	}
	words[0] = i;
	assert_int_equal(take(stacks, words, 2), STACK_NOT_KEPT);
	words[0] = 17;
	assert_int_equal(take(stacks, words, 2), 17);
	stacks_free(stacks);
	/* Or fewer, of many calls. */
	stacks = stacks_new(&native);
	for (i = 1; i <= STACKS_WORDS_MAX / NR_OF(words); i++) {
		words[0] = i;
		assert_int_equal(take(stacks, words, NR_OF(words)), i);
	}
	words[0] = i;
	assert_int_equal(take(stacks, words, NR_OF(words)), STACK_NOT_KEPT);
	stacks_free(stacks);
}

/* --- from files ---------------------------------------------------------------------------- */

static void add_stack(struct trace_spec *spec, struct page_maker *page, const uint64_t *words,
		      size_t nr, uint32_t size)
{
	struct blob body = record_start(spec, ID_STACK, 0x40, 7, 16 + nr * spec->long_size);
	size_t i;

	store(&body, 8, size, 4);
	for (i = 0; i < nr; i++)
		store(&body, 16 + i * spec->long_size, words[i], spec->long_size);
	add_record(page, 10, &body);
}

static void make_file(struct trace_spec *spec, const char *path)
{
	static const uint64_t words[] = { 0x1010, 0x2020, 0x32f7, 0x5070 };
	const struct field_text fields[] = {
		{ "int", "size", 8, 4, 1 },
		{ "unsigned long", "caller[8]", 16, 8 * spec->long_size, 0 },
		FIELDS_END,
	};
	struct page_maker page;
	struct blob file = { 0 };

	spec->page_size = SAMPLE_PAGE;
	spec->pages_per_chunk = 2;
	spec->symbols = "0000000000005000 T handle_mm_fault\n"
			"0000000000003000 T __alloc_pages_noprof\n"
			"0000000000002000 T asm_exc_int3\n";
	spec->clock = "[mono]";
	spec->uname = "Linux";
	spec->nr_cpus = 1;
	spec->pages[0].be = spec->be;
	add_format(spec, "ftrace", "kernel_stack", ID_STACK, fields, "\"\"");
	page = page_start(&spec->pages[0], SAMPLE_PAGE, spec->long_size, SAMPLE_TS);
	add_stack(spec, &page, words, 4, 4);
	add_stack(spec, &page, words, 4, 3);
	/* As many as fit, whatever the kernel says. */
	add_stack(spec, &page, words, 4, 0x7fffffff);
	/* A record that ends before its first address. */
	add_stack(spec, &page, words, 0, 4);
	page_finish(&page, 0, 0);
	make_trace(spec, &file);
	write_file(path, file.data, file.len);
	blob_free(&file);
	spec_free(spec);
}

static void every_container_gives_the_same(void **state)
{
	static const uint32_t wanted[] = { 1, 2, 1, STACK_NONE };
	char path[64];
	size_t kind;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/pagetrail-stacks.%d", (int)getpid());
	for (kind = 0; kind < NR_SAMPLE_KINDS; kind++) {
		struct trace_spec spec = sample_kinds[kind];
		const struct event *ev;
		struct stacks *stacks;
		struct capture *cap;
		struct err err;
		size_t nr;

		make_file(&spec, path);
		cap = capture_open(path, &err);
		if (!cap)
			fail_msg("%s", err.text);
		stacks = stacks_new(capture_info(cap));
		for (nr = 0; capture_next(cap, &ev, &err) == 1; nr++) {
			assert_int_equal(ev->kind, EV_STACK);
			assert_int_equal(ev->pid, 7);
			assert_int_equal(stacks_take(stacks, ev), wanted[nr]);
		}
		assert_int_equal(nr, NR_OF(wanted));
		assert_int_equal(stacks_ask_names(stacks), 0);
		assert_int_equal(capture_symbols(cap, stacks_take_symbol, stacks, &err), 0);
		assert_int_equal(stacks_finish_names(stacks), 0);
		assert_string_equal(text_of(stacks, 1),
				    "__alloc_pages_noprof+0x2f7 handle_mm_fault+0x70");
		assert_string_equal(text_of(stacks, 2), "__alloc_pages_noprof+0x2f7");
		stacks_free(stacks);
		capture_close(cap);
	}
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(probes_own_calls_are_cut),
		cmocka_unit_test(a_recorder_that_was_killed_left_no_names),
		cmocka_unit_test(each_is_kept_once),
		cmocka_unit_test(the_rest_of_a_deep_one_is_left_out),
		cmocka_unit_test(too_many_are_not_kept),
		cmocka_unit_test(every_container_gives_the_same),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
