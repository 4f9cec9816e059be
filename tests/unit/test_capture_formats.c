// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Event formats through the confined child: those of real kernels (tests/unit/formats, taken from
 * Debian's 5.10.0-46, 6.1.0-56, 6.12.117, 7.3.4), and texts that kill the parser.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/formats.h"
#include "trace_file.h"

static char *read_format(const char *name)
{
	char path[128];
	char *text = calloc(1, 65536);
	FILE *file;

	snprintf(path, sizeof(path), "tests/unit/formats/%s", name);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, 65535, file) > 0);
	fclose(file);
	return text;
}

static struct format_fields *parse_one(const char *system, char *text, struct err *err)
{
	struct format_text format = { (char *)system, text, 1234 };
	const struct format_text *formats[] = { &format };
	struct format_fields **parsed = formats_parse(formats, 1, "x.dat", err);
	struct format_fields *fields = parsed ? parsed[0] : NULL;

	free(parsed);
	return fields;
}

static const struct format_field *field_of(const struct format_fields *fields, const char *name)
{
	uint32_t i;

	for (i = 0; i < fields->nr; i++)
		if (!strcmp(fields->fields[i].name, name))
			return &fields->fields[i];
	fail_msg("no field %s", name);
	return NULL;
}

static void expect_field(const struct format_fields *fields, const char *name, uint32_t offset,
			 uint32_t size, bool is_signed)
{
	const struct format_field *field = field_of(fields, name);

	assert_int_equal(field->offset, offset);
	assert_int_equal(field->size, size);
	assert_int_equal(field->is_signed, is_signed);
	assert_false(field->is_array);
}

static void first_lines(void **state)
{
	char name[FORMAT_NAME_MAX];
	uint16_t id = 0;

	(void)state;
	assert_true(format_head("name: mm_page_alloc\nID: 524\nformat:\n", name, &id));
	assert_string_equal(name, "mm_page_alloc");
	assert_int_equal(id, 524);
	assert_false(format_head("", name, &id));
	assert_false(format_head("name: x\n", name, &id));
	assert_false(format_head("name: x\nID: y\n", name, &id));
	assert_false(format_head("name: x\nID: 65536\n", name, &id));
}

/* Offsets from the files themselves, read by eye: gfp_flags grew to 8 bytes, 7.2 reordered. */
static void fields_of_four_kernels(void **state)
{
	static const struct {
		const char *kernel;
		uint32_t gfp_at, gfp_size, migratetype_at;
		uint32_t reclaim_gfp_at, reclaim_order_at;
	} kernels[] = {
		{ "5.10", 20, 4, 24, 12, 8 },
		{ "6.1", 24, 8, 32, 16, 8 },
		{ "6.12", 24, 8, 32, 16, 8 },
		{ "7.3", 24, 8, 32, 8, 24 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		struct format_fields *fields;
		char name[64];
		char *text;
		struct err err;

		snprintf(name, sizeof(name), "mm_page_alloc-%s", kernels[i].kernel);
		text = read_format(name);
		fields = parse_one("kmem", text, &err);
		assert_non_null(fields);
		expect_field(fields, "common_type", 0, 2, false);
		expect_field(fields, "common_pid", 4, 4, true);
		expect_field(fields, "pfn", 8, 8, false);
		expect_field(fields, "order", 16, 4, false);
		expect_field(fields, "gfp_flags", kernels[i].gfp_at, kernels[i].gfp_size, false);
		expect_field(fields, "migratetype", kernels[i].migratetype_at, 4, true);
		free(fields);
		free(text);

		snprintf(name, sizeof(name), "mm_vmscan_direct_reclaim_begin-%s",
			 kernels[i].kernel);
		text = read_format(name);
		fields = parse_one("vmscan", text, &err);
		assert_non_null(fields);
		expect_field(fields, "gfp_flags", kernels[i].reclaim_gfp_at, kernels[i].gfp_size,
			     false);
		expect_field(fields, "order", kernels[i].reclaim_order_at, 4, true);
		free(fields);
		free(text);
	}
}

static uint64_t mask_of(const struct flag_name *names, size_t nr, const char *name)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(names[i].name, name))
			return names[i].mask;
	return 0;
}

/* Against include/linux/gfp.h and gfp_types.h of those versions. */
static void gfp_names_of_four_kernels(void **state)
{
	static const struct {
		const char *kernel;
		uint64_t atomic, nowait, bit_200, bit_800000;
	} kernels[] = {
		{ "5.10", 0xa20, 0x800, 0x200, 0 },
		{ "6.1", 0xa20, 0x800, 0x200, 0x800000 },
		{ "6.12", 0x820, 0x2800, 0, 0x800000 },
		{ "7.3", 0x820, 0x2800, 0, 0x800000 },
	};
	static struct flag_name names[FLAG_NAMES_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		struct format_text format = { .system = "kmem" };
		char name[64];
		size_t nr;

		snprintf(name, sizeof(name), "mm_page_alloc-%s", kernels[i].kernel);
		format.text = read_format(name);
		nr = formats_flag_names(&format, "gfp_flags", names);
		assert_true(nr > 30);
		/* The kernel tries the longest combinations first. */
		assert_string_equal(names[0].name, "GFP_TRANSHUGE");
		assert_string_equal(names[1].name, "GFP_TRANSHUGE_LIGHT");
		assert_int_equal(names[0].mask, 0x1c24ca);
		assert_int_equal(mask_of(names, nr, "GFP_TRANSHUGE_LIGHT"), 0x1c20ca);
		assert_int_equal(mask_of(names, nr, "GFP_HIGHUSER_MOVABLE"), 0x100cca);
		assert_int_equal(mask_of(names, nr, "GFP_KERNEL"), 0xcc0);
		assert_int_equal(mask_of(names, nr, "GFP_NOFS"), 0xc40);
		assert_int_equal(mask_of(names, nr, "GFP_NOIO"), 0xc00);
		assert_int_equal(mask_of(names, nr, "GFP_ATOMIC"), kernels[i].atomic);
		assert_int_equal(mask_of(names, nr, "GFP_NOWAIT"), kernels[i].nowait);
		assert_int_equal(mask_of(names, nr, "__GFP_ATOMIC"), kernels[i].bit_200);
		assert_int_equal(mask_of(names, nr, "__GFP_ZEROTAGS"), kernels[i].bit_800000);
		assert_int_equal(mask_of(names, nr, "__GFP_DIRECT_RECLAIM"), 0x400);
		assert_int_equal(mask_of(names, nr, "__GFP_KSWAPD_RECLAIM"), 0x800);
		assert_int_equal(mask_of(names, nr, "__GFP_ACCOUNT"), 0x400000);
		free(format.text);
	}
}

/* What is printed later must be what the kernel has: names that are not plain are left out. */
static void strange_flag_names(void **state)
{
	static const struct field_text fields[] = {
		{ "unsigned int", "gfp_flags", 8, 4, 0 },
		{ "unsigned int", "other", 12, 4, 0 },
		FIELDS_END,
	};
	static struct flag_name names[FLAG_NAMES_MAX];
	struct format_text format = { .system = "x" };

	(void)state;
	format.text = format_make("x", 1, fields,
				  "\"%s %s\", __print_flags(REC->other, \"|\", {1, \"WRONG\"}), "
				  "__print_flags(REC->gfp_flags, \"|\", {1, \"A\"}, {0, \"ZERO\"}, "
				  "{2, \"<script>\"}, {4, \"\"}, {8, \"B_1\"}, {16, \"A VERY LONG "
				  "NAME THAT NO FLAG OF ANY KERNEL COULD EVER HAVE\"})");
	assert_int_equal(formats_flag_names(&format, "gfp_flags", names), 2);
	assert_string_equal(names[0].name, "A");
	assert_string_equal(names[1].name, "B_1");
	assert_int_equal(names[1].mask, 8);
	assert_int_equal(formats_flag_names(&format, "absent", names), 0);
	free(format.text);
}

/* Strings of every form that the kernel has. */
static void arrays(void **state)
{
	static const struct field_text texts[] = {
		{ "char", "fixed[16]", 8, 16, 0 },
		{ "__data_loc char[]", "dynamic", 24, 4, 0 },
		{ "__rel_loc char[]", "relative", 28, 4, 0 },
		{ "char", "rest[]", 32, 0, 0 },
		FIELDS_END,
	};
	char *text = format_make("x", 1, texts, "\"\"");
	struct format_fields *fields;
	struct err err;

	(void)state;
	fields = parse_one("x", text, &err);
	assert_non_null(fields);
	assert_true(field_of(fields, "fixed")->is_array);
	assert_false(field_of(fields, "fixed")->is_dynamic);
	assert_true(field_of(fields, "dynamic")->is_dynamic);
	assert_false(field_of(fields, "dynamic")->is_relative);
	assert_int_equal(field_of(fields, "dynamic")->size, 4);
	assert_true(field_of(fields, "relative")->is_dynamic);
	assert_true(field_of(fields, "relative")->is_relative);
	assert_true(field_of(fields, "rest")->is_array);
	assert_int_equal(field_of(fields, "rest")->size, 0);
	free(fields);
	free(text);
}

#define FORMAT(field)               \
	"name: x\nID: 1\nformat:\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n" field "\nprint fmt: \"\"\n"

static void fields_that_do_not_parse(void **state)
{
	static const char *const bad[] = {
		FORMAT("\tfield:int\n"),
		FORMAT("\tfield:int a;\toffset:8;\n"),
		FORMAT("\tfield:int a;\toffset:65530;\tsize:8;\tsigned:1;\n"),
		FORMAT("\tfield:int a;\toffset:-8;\tsize:4;\tsigned:1;\n"),
		FORMAT("\tfield:int a;\toffset:8;\tsize:-4;\tsigned:1;\n"),
		FORMAT("\tgarbage"),
		"name: x\nID: 1\nformat:\n",
		"name: x\nID: 1\n",
	};
	struct err err;
	char good[] = FORMAT("\tfield:int a;\toffset:8;\tsize:4;\tsigned:1;\n");
	struct format_fields *fields = parse_one("sys", good, &err);
	size_t i;

	(void)state;
	assert_non_null(fields);
	expect_field(fields, "a", 8, 4, true);
	free(fields);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err.text[0] = '\0';
		assert_null(parse_one("sys", (char *)bad[i], &err));
		assert_non_null(strstr(err.text, "x.dat: offset 1234: expected the format of event "
						 "sys:x, found what does not parse"));
	}
}

static char *repeat(const char *what, size_t times, const char *end)
{
	struct blob b = { 0 };
	size_t i;

	put_chars(&b, "\"%d\", ");
	for (i = 0; i < times; i++)
		put_chars(&b, what);
	put_text(&b, end);
	return (char *)b.data;
}

/* Print formats that crash libtraceevent 1.7.1 cost the names of the flags, never the fields. */
static void killers_in_the_print_format(void **state)
{
	static const struct field_text texts[] = {
		{ "unsigned int", "gfp_flags", 8, 4, 0 },
		FIELDS_END,
	};
	static struct flag_name names[FLAG_NAMES_MAX];
	char *prints[] = {
		repeat("(", 200000, "1"),
		repeat("1 ? ", 100000, "1"),
		repeat("__print_flags(REC->gfp_flags, \"|\", {1/0, \"A\"})", 1, ""),
		repeat("__print_flags(REC->gfp_flags, \"|\", {", 1, ""),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(prints) / sizeof(prints[0]); i++) {
		struct format_text format = { .system = "x" };
		struct format_fields *fields;
		struct err err;

		format.text = format_make("x", 1, texts, prints[i]);
		fields = parse_one("x", format.text, &err);
		assert_non_null(fields);
		expect_field(fields, "gfp_flags", 8, 4, false);
		assert_int_equal(formats_flag_names(&format, "gfp_flags", names), 0);
		free(fields);
		free(format.text);
		free(prints[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_lines),
		cmocka_unit_test(fields_of_four_kernels),
		cmocka_unit_test(gfp_names_of_four_kernels),
		cmocka_unit_test(strange_flag_names),
		cmocka_unit_test(arrays),
		cmocka_unit_test(fields_that_do_not_parse),
		cmocka_unit_test(killers_in_the_print_format),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
