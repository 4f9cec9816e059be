// SPDX-License-Identifier: GPL-2.0-or-later
/* kernel/flags: the names of each family, as read in mm/internal.h and mm/page_alloc.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "kernel/flags.h"

static void check(uint32_t alloc_flags, unsigned int release, const char *expected)
{
	char text[ALLOC_FLAGS_TEXT_MAX];

	kernel_alloc_flags_text(text, alloc_flags, release);
	assert_string_equal(text, expected);
}

/* Values seen on real kernels. */
static void real_values_read_as_their_kernel_means_them(void **state)
{
	(void)state;
	check(0x801, RELEASE(6, 12), "WMARK_LOW|KSWAPD");
	check(0x840, RELEASE(6, 12), "WMARK_MIN|CPUSET|KSWAPD");
	check(0x8c0, RELEASE(5, 10), "WMARK_MIN|CPUSET|CMA|KSWAPD");
	check(0x42, RELEASE(6, 1), "WMARK_HIGH|CPUSET");
	check(0x850, RELEASE(5, 10), "WMARK_MIN|HARDER|CPUSET|KSWAPD");
	check(0x850, RELEASE(6, 1), "WMARK_MIN|NON_BLOCK|CPUSET|KSWAPD");
	check(0x830, RELEASE(5, 10), "WMARK_MIN|HARDER|HIGH|KSWAPD");
	check(0xa30, RELEASE(6, 18), "WMARK_MIN|NON_BLOCK|MIN_RESERVE|HIGHATOMIC|KSWAPD");
	check(0x884, RELEASE(7, 2), "WMARK_MIN|NO_WATERMARKS|CMA|KSWAPD");
	check(0x808, RELEASE(6, 1), "WMARK_MIN|OOM|KSWAPD");
}

static void the_same_bit_has_the_name_of_its_release(void **state)
{
	(void)state;
	check(0x400, RELEASE(6, 12), "WMARK_MIN|0x400");
	check(0x400, RELEASE(6, 18), "WMARK_MIN|TRYLOCK");
	check(0x400, RELEASE(7, 2), "WMARK_MIN|TRYLOCK");
	check(0x400, RELEASE(7, 3), "WMARK_MIN|NOLOCK");
	check(0x1000, RELEASE(7, 2), "WMARK_MIN|0x1000");
	check(0x1000, RELEASE(7, 3), "WMARK_MIN|NO_CODETAG");
	check(0x3, RELEASE(5, 10), "0x3");
	check(0x3, RELEASE(6, 12), "WMARK_PROMO");
}

static void what_is_not_known_is_in_hex(void **state)
{
	(void)state;
	check(0xffffe000, RELEASE(7, 3), "WMARK_MIN|0xffffe000");
	/* Without a release, only the names that no release contradicts. */
	check(0x870, 0, "WMARK_MIN|CPUSET|KSWAPD|0x30");
}

static void check_long(uint64_t alloc_flags, unsigned int from, unsigned int before,
		       const char *expected)
{
	const struct release_range range = { from, before };
	char text[ALLOC_FLAGS_LONG_MAX];

	kernel_alloc_flags_long(text, alloc_flags, range);
	assert_string_equal(text, expected);
}

static void a_range_of_releases_has_the_names_they_agree_on(void **state)
{
	(void)state;
	check_long(0x30, 0, RELEASE(5, 11), "ALLOC_WMARK_MIN|ALLOC_HARDER|ALLOC_HIGH");
	check_long(0x30, RELEASE(6, 1), 0, "ALLOC_WMARK_MIN|ALLOC_NON_BLOCK|ALLOC_MIN_RESERVE");
	check_long(0x30, 0, 0, "ALLOC_WMARK_MIN|0x30");
	check_long(0x440, RELEASE(6, 1), RELEASE(7, 2),
		   "ALLOC_WMARK_MIN|ALLOC_CPUSET|ALLOC_TRYLOCK");
	check_long(0x400, RELEASE(7, 2), 0, "ALLOC_WMARK_MIN|0x400");
	check_long(0x400, RELEASE(7, 3), 0, "ALLOC_WMARK_MIN|ALLOC_NOLOCK");
	check_long(0x3, 0, RELEASE(5, 11), "0x3");
	/* A name that only a part of the range has: the others never set the bit. */
	check_long(0x201, 0, 0, "ALLOC_WMARK_LOW|ALLOC_HIGHATOMIC");
	check_long(0x100000002, 0, 0, "ALLOC_WMARK_HIGH|0x100000000");
}

/* Ends of the text: every name and the rest fit. */
static void every_long_name_at_once_fits(void **state)
{
	static const unsigned int ends[] = { 0, RELEASE(5, 11), RELEASE(6, 13), RELEASE(7, 3) };
	const size_t nr = sizeof(ends) / sizeof(ends[0]);
	char text[ALLOC_FLAGS_LONG_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < nr * nr; i++) {
		const struct release_range range = { ends[i / nr], ends[i % nr] };

		kernel_alloc_flags_long(text, UINT64_MAX - 1, range);
		assert_true(strlen(text) < ALLOC_FLAGS_LONG_MAX - 1);
		assert_non_null(strstr(text, "0xffffffffffff"));
	}
}

static void every_bit_at_once_fits(void **state)
{
	static const unsigned int releases[] = { 0, RELEASE(5, 10), RELEASE(6, 18), RELEASE(7, 3) };
	char text[ALLOC_FLAGS_TEXT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
		kernel_alloc_flags_text(text, 0xffffffff, releases[i]);
		assert_true(strlen(text) < ALLOC_FLAGS_TEXT_MAX - 1);
		assert_non_null(strstr(text, "|0x"));
	}
}

static void releases_are_read_from_their_beginning(void **state)
{
	(void)state;
	assert_int_equal(kernel_release("6.12.94-cloud-amd64"), RELEASE(6, 12));
	assert_int_equal(kernel_release("5.10.0-46-amd64"), RELEASE(5, 10));
	assert_int_equal(kernel_release("7.3"), RELEASE(7, 3));
	assert_int_equal(kernel_release(""), 0);
	assert_int_equal(kernel_release("Linux 6.1"), 0);
}

static void enums_have_names_where_they_are_stable(void **state)
{
	(void)state;
	assert_string_equal(kernel_compact_result_name(0), "not_suitable_zone");
	assert_string_equal(kernel_compact_result_name(8), "success");
	assert_null(kernel_compact_result_name(9));
	assert_null(kernel_compact_result_name(-1));
	assert_string_equal(kernel_migratetype_name(1), "Movable");
	assert_string_equal(kernel_migratetype_name(3), "HighAtomic");
	assert_null(kernel_migratetype_name(4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_values_read_as_their_kernel_means_them),
		cmocka_unit_test(the_same_bit_has_the_name_of_its_release),
		cmocka_unit_test(what_is_not_known_is_in_hex),
		cmocka_unit_test(every_bit_at_once_fits),
		cmocka_unit_test(a_range_of_releases_has_the_names_they_agree_on),
		cmocka_unit_test(every_long_name_at_once_fits),
		cmocka_unit_test(releases_are_read_from_their_beginning),
		cmocka_unit_test(enums_have_names_where_they_are_stable),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
