// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions by address, from symbols in any order, whole or a few. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/callers.h"
#include "trace_file.h"

static void read_symbols(const char *text, struct callers *callers)
{
	const struct input in = { .path = (char *)"x.dat" };
	struct cursor c;
	struct err err;

	cursor_section(&c, &in, text, strlen(text), 0, &err);
	assert_int_equal(callers_read(callers, &c), 0);
}

static void a_few_symbols(void **state)
{
	struct callers c;

	(void)state;
	read_symbols("ffffffff81003000 t __alloc_pages_slowpath.constprop.0\n"
		     "ffffffff81009000 t __alloc_pages_slowpath.constprop.0.cold\n"
		     "ffffffff81001000 T get_page_from_freelist\n"
		     "ffffffff81002000 T __pfx___alloc_pages\n"
		     "ffffffff81002010 T __alloc_pages\n"
		     "ffffffff81002400 T something_else\t[module]\n"
		     "ffffffff81004000 t __alloc_pages_direct_compact\n"
		     "ffffffff81004800 t after_it",
		     &c);
	assert_int_equal(callers_role(&c, 0xffffffff81000fff), FN_OTHER);
	assert_int_equal(callers_role(&c, 0xffffffff81001000), FN_ATTEMPT);
	assert_int_equal(callers_role(&c, 0xffffffff81001fff), FN_ATTEMPT);
	assert_int_equal(callers_role(&c, 0xffffffff81002000), FN_OTHER);
	assert_int_equal(callers_role(&c, 0xffffffff81002010), FN_ENTRY);
	assert_int_equal(callers_role(&c, 0xffffffff810023ff), FN_ENTRY);
	assert_int_equal(callers_role(&c, 0xffffffff81002400), FN_OTHER);
	assert_int_equal(callers_role(&c, 0xffffffff81003123), FN_SLOWPATH);
	assert_int_equal(callers_role(&c, 0xffffffff81004000), FN_DIRECT_COMPACT);
	assert_int_equal(callers_role(&c, 0xffffffff81004800), FN_OTHER);
	/* No symbol comes after it: 64 KiB at most. */
	assert_int_equal(callers_role(&c, 0xffffffff81009000), FN_SLOWPATH);
	assert_int_equal(callers_role(&c, 0xffffffff81018fff), FN_SLOWPATH);
	assert_int_equal(callers_role(&c, 0xffffffff81019000), FN_OTHER);
	assert_int_equal(callers_role(&c, 0), FN_OTHER);
}

/* kptr_restrict gives zeros; other lines are none of ours. */
static void nothing_to_find(void **state)
{
	struct callers c;

	(void)state;
	read_symbols("0000000000000000 T __alloc_pages\nrubbish\n\n12 \n34 T\n56 T \n"
		     "ffffffffffffff00 T get_page_from_freelist_not\n",
		     &c);
	assert_int_equal(c.nr, 0);
	read_symbols("", &c);
	assert_int_equal(callers_role(&c, 5), FN_OTHER);
	/* At the very end of all addresses. */
	read_symbols("ffffffffffffff00 T get_page_from_freelist\n", &c);
	assert_int_equal(callers_role(&c, 0xfffffffffffffff0), FN_ATTEMPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_few_symbols),
		cmocka_unit_test(nothing_to_find),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
