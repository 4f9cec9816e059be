// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `pagetrail analyze` and `report` as a user runs them, on captures made by hand: what is printed,
 * where, and the exit status.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <json-c/json.h>

#include "trace_file.h"

#define PAGE	   4096
#define START_NS   7000000000ULL
#define NR_ENTRIES 40

enum { ID_PRINT = 5, ID_SLOW_ENTER = 20, ID_SLOW_EXIT = 21 };

static char folder[] = "/tmp/pagetrail-analyze-XXXXXX";

/* --- a capture of ours --------------------------------------------------------------------- */

static void add_formats(struct trace_spec *spec)
{
	const struct field_text print[] = { { "unsigned long", "ip", 8, 8, 0 },
					    { "char", "buf[]", 16, 0, 0 },
					    FIELDS_END };
	const struct field_text slow_enter[] = {
		{ "unsigned long", "__probe_ip", 8, 8, 0 },
		{ "u32", "gfp", 16, 4, 0 },
		{ "u32", "order", 20, 4, 0 },
		{ "u64", "sp", 24, 8, 0 },
		FIELDS_END,
	};
	const struct field_text slow_exit[] = {
		{ "unsigned long", "__probe_ip", 8, 8, 0 },
		{ "u64", "page", 16, 8, 0 },
		{ "u64", "sp", 24, 8, 0 },
		FIELDS_END,
	};
	const struct {
		const char *system, *name;
		unsigned int id;
		const struct field_text *fields;
	} rows[] = {
		{ "ftrace", "print", ID_PRINT, print },
		{ "pagetrail_1_2", "slow_enter_0", ID_SLOW_ENTER, slow_enter },
		{ "pagetrail_1_2", "slow_exit_0", ID_SLOW_EXIT, slow_exit },
	};

	for (size_t i = 0; i < 3; i++) {
		spec->formats[i].system = rows[i].system;
		spec->formats[i].text =
			format_make(rows[i].name, rows[i].id, rows[i].fields, "\"\"");
	}
	spec->nr_formats = 3;
}

static struct blob start_record(uint16_t id, size_t len)
{
	struct blob body = { 0 };

	put_u16(&body, id);
	put_u16(&body, 0);
	put_u32(&body, 100);
	put_room(&body, len - 8);
	return body;
}

static void add_note(struct page_maker *page, const char *text)
{
	struct blob body = start_record(ID_PRINT, 16);

	put_text(&body, text);
	page_record(page, 1000, body.data, body.len);
	blob_free(&body);
}

static void add_probe(struct page_maker *page, uint16_t id, uint64_t value)
{
	struct blob body = start_record(id, 32);

	/* gfp and order of an entry, or the page of an exit: both are eight bytes at 16. */
	store(&body, 16, value, 8);
	store(&body, 24, 0xffffc90000123000ULL, 8);
	page_record(page, 500, body.data, body.len);
	blob_free(&body);
}

enum notes { NOTES_NONE, NOTES_START, NOTES_ALL, NOTES_LATE /* the window opens after a page */ };

/* One CPU: notes, the window with its entries spread over pages, its end, the counts of losses. */
static void make_capture(struct blob *file, unsigned int version, const char *packing,
			 uint32_t missed, enum notes notes)
{
	struct trace_spec spec = {
		.version = version,
		.long_size = 8,
		.page_size = PAGE,
		.packing = packing,
		.pages_per_chunk = 2,
		.symbols = "",
		.clock = "local [mono]",
		.uname = "Linux host 6.12.94-test x86_64",
		.nr_cpus = 1,
	};
	struct page_maker page;
	unsigned int i, k;

	add_formats(&spec);
	page = page_start(&spec.pages[0], PAGE, 8, START_NS);
	if (notes >= NOTES_START) {
		add_note(&page, "pagetrail tool 1/1 0.1.0\n");
		add_note(&page, "pagetrail profile 1/1 site\n");
		if (notes != NOTES_LATE)
			add_note(&page, "pagetrail window.start 1/1 \n");
	}
	for (i = 0; i < 4; i++) {
		if (notes == NOTES_LATE && i == 1)
			add_note(&page, "pagetrail window.start 1/1 \n");
		for (k = 0; k < NR_ENTRIES / 4; k++) {
			add_probe(&page, ID_SLOW_ENTER, 0xcc0);
			add_probe(&page, ID_SLOW_EXIT, 0xffffea0000000000ULL);
		}
		page_finish(&page, i == 2 ? missed : 0, 0);
		page = page_start(&spec.pages[0], PAGE, 8, START_NS + (i + 1) * 1000000);
	}
	if (notes >= NOTES_ALL) {
		add_note(&page, "pagetrail window.stop 1/1 \n");
		add_note(&page, "pagetrail loss.stop 1/1 0 50 0 0 0\n");
	}
	page_finish(&page, 0, 0);
	make_trace(&spec, file);
	spec_free(&spec);
}

/* --- running ------------------------------------------------------------------------------- */

/* The whole file as a string, which the caller frees; NULL when there is none. */
static char *read_file(const char *name)
{
	FILE *in = fopen(name, "r");
	char *text;
	size_t len;

	if (!in)
		return NULL;
	text = calloc(1, 1 << 20);
	assert_non_null(text);
	len = fread(text, 1, (1 << 20) - 1, in);
	text[len] = '\0';
	fclose(in);
	return text;
}

/* Exit status of `pagetrail ARGUMENTS`; its output is in the files out and err. */
static int run(const char *arguments)
{
	char command[PATH_MAX + 200];
	int status;

	snprintf(command, sizeof(command), "$PAGETRAIL %s >out 2>err", arguments);
	status = system(command);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static struct json_object *read_json(const char *name)
{
	struct json_object *tree = json_object_from_file(name);

	assert_non_null(tree);
	return tree;
}

static struct json_object *at(struct json_object *tree, const char *section, const char *key,
			      const char *inner)
{
	assert_true(json_object_object_get_ex(tree, section, &tree));
	assert_true(json_object_object_get_ex(tree, key, &tree));
	assert_true(json_object_object_get_ex(tree, inner, &tree));
	return tree;
}

/* One sentence on stderr, with these words in it. */
static void check_sentence(const char *words)
{
	char *err = read_file("err");
	char *end = strchr(err, '\n');

	if (!strstr(err, words))
		fail_msg("no '%s' in: %s", words, err);
	assert_non_null(end);
	assert_int_equal(end[1], '\0');
	free(err);
}

static void check_same_file(const char *a, const char *b)
{
	char *x = read_file(a), *y = read_file(b);

	assert_non_null(x);
	assert_non_null(y);
	assert_string_equal(x, y);
	free(x);
	free(y);
}

static unsigned int nr_files(void)
{
	FILE *list = popen("ls -A | wc -l", "r");
	unsigned int nr;

	assert_non_null(list);
	assert_int_equal(fscanf(list, "%u", &nr), 1);
	pclose(list);
	return nr;
}

/* --- tests --------------------------------------------------------------------------------- */

static void a_whole_capture_is_counted_exactly(void **state)
{
	struct json_object *tree;

	(void)state;
	assert_int_equal(run("analyze"), 0);
	tree = read_json("out");
	assert_int_equal(json_object_get_int(at(tree, "slowpath", "entries", "max")), NR_ENTRIES);
	assert_int_equal(json_object_get_int(at(tree, "slowpath", "outcomes", "ok")), NR_ENTRIES);
	/* Every exit comes 500 ns after its entry. */
	assert_int_equal(json_object_get_int(at(tree, "slowpath", "time_ns", "total")),
			 NR_ENTRIES * 500);
	assert_string_equal(json_object_get_string(at(tree, "slowpath", "entries", "certainty")),
			    "exact");
	json_object_put(tree);
	assert_int_equal(run("analyze --strict trace.dat"), 0);
	assert_int_equal(run("report"), 0);
}

static void the_container_changes_nothing_but_itself(void **state)
{
	(void)state;
	assert_int_equal(run("analyze trace.dat"), 0);
	assert_int_equal(system("grep -v '\"\\(file\\|sha256\\|bytes\\|format\\)\":' out >six"), 0);
	assert_int_equal(run("analyze seven.dat"), 0);
	assert_int_equal(system("grep -v '\"\\(file\\|sha256\\|bytes\\|format\\)\":' out >seven"),
			 0);
	check_same_file("six", "seven");
}

static void output_files_are_complete_or_as_they_were(void **state)
{
	unsigned int nr;
	struct stat st;

	(void)state;
	assert_int_equal(run("analyze trace.dat"), 0);
	assert_int_equal(rename("out", "expected"), 0);
	assert_int_equal(run("analyze trace.dat -o result"), 0);
	check_same_file("expected", "result");
	nr = nr_files();
	/* An existing file is replaced, with its rights; a link stays a link. */
	write_file("result", "old", 3);
	assert_int_equal(chmod("result", 0640), 0);
	assert_int_equal(symlink("result", "link"), 0);
	assert_int_equal(run("analyze trace.dat -o link"), 0);
	check_same_file("expected", "result");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat("result", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	/* A failure leaves it alone, and nothing beside it. */
	write_file("result", "old", 3);
	write_file("empty.dat", "", 0);
	assert_int_equal(run("analyze empty.dat -o result"), 1);
	assert_int_equal(nr_files(), nr + 2);
	write_file("expected", "old", 3);
	check_same_file("expected", "result");
}

static void the_capture_is_never_overwritten(void **state)
{
	(void)state;
	assert_int_equal(system("cp trace.dat before && ln -f trace.dat hard.dat"), 0);
	assert_int_equal(run("analyze trace.dat -o trace.dat"), 1);
	check_sentence("is the capture itself");
	assert_int_equal(run("analyze trace.dat -o ./hard.dat"), 1);
	assert_int_equal(system("cmp -s trace.dat before"), 0);
}

static void outputs_that_fail_are_errors(void **state)
{
	(void)state;
	assert_int_equal(run("analyze trace.dat -o no/such/folder"), 1);
	check_sentence("no/such/folder");
	assert_int_equal(run("analyze trace.dat -o ."), 1);
	check_sentence("is a directory");
	assert_int_equal(run("analyze trace.dat -o /dev/full"), 1);
	check_sentence("No space left");
	assert_int_equal(run("analyze trace.dat -o /dev/null"), 0);
	assert_int_equal(access("/dev/null", F_OK), 0);
}

static void a_reader_that_goes_away_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(
		system("{ sleep 0.3; $PAGETRAIL analyze trace.dat 2>err; echo $? >status; } | true"),
		0);
	write_file("expected", "1\n", 2);
	check_same_file("expected", "status");
	check_sentence("Broken pipe");
}

static void what_is_no_capture_is_refused(void **state)
{
	static const char *const names[] = { "absent.dat", "empty.dat", "text.dat", "." };
	size_t i;

	(void)state;
	write_file("empty.dat", "", 0);
	write_file("text.dat", "hello\n", 6);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char arguments[64], *out;

		snprintf(arguments, sizeof(arguments), "analyze %s", names[i]);
		assert_int_equal(run(arguments), 1);
		check_sentence(names[i]);
		out = read_file("out");
		assert_string_equal(out, "");
		free(out);
		snprintf(arguments, sizeof(arguments), "report %s", names[i]);
		assert_int_equal(run(arguments), 1);
	}
}

/* Wherever the file ends: a sentence, a status that is not 0, and never a count called exact. */
static void a_cut_capture_never_passes_for_whole(void **state)
{
	struct blob file = { 0 };
	size_t len, nr_read = 0;

	(void)state;
	make_capture(&file, 6, "none", 0, NOTES_ALL);
	for (len = file.len - 1; len > 311; len -= len > 1900 ? 977 : 311) {
		struct json_object *tree, *certainty;
		int status;

		write_file("cut.dat", file.data, len);
		status = run("analyze cut.dat");
		if (status != 1 && status != 3)
			fail_msg("status %d for %zu bytes", status, len);
		check_sentence("cut.dat");
		if (status == 1)
			continue;
		nr_read++;
		tree = read_json("out");
		certainty = at(tree, "slowpath", "entries", "certainty");
		assert_string_not_equal(json_object_get_string(certainty), "exact");
		assert_true(json_object_get_int(at(tree, "slowpath", "entries", "count")) <=
			    NR_ENTRIES);
		json_object_put(tree);
	}
	assert_true(nr_read > 3);
	blob_free(&file);
}

/* The host crashed after the last page was written: nothing is damaged, but the end is not there. */
static void a_recording_without_its_end_is_told(void **state)
{
	struct json_object *tree;

	(void)state;
	assert_int_equal(run("analyze crashed.dat"), 3);
	check_sentence("window.stop");
	tree = read_json("out");
	assert_string_equal(json_object_get_string(at(tree, "slowpath", "entries", "certainty")),
			    "lower bound");
	assert_int_equal(json_object_get_int(at(tree, "slowpath", "entries", "count")), NR_ENTRIES);
	json_object_put(tree);
	assert_int_equal(run("report crashed.dat"), 3);
	assert_int_equal(run("analyze noteless.dat"), 3);
	check_sentence("window.stop");
}

/* The kernel lost records, the file is whole: fine, unless one asks for certainty. */
static void losses_are_told_and_strict_minds_them(void **state)
{
	struct json_object *tree;

	(void)state;
	assert_int_equal(run("analyze lossy.dat"), 0);
	tree = read_json("out");
	assert_string_equal(json_object_get_string(at(tree, "slowpath", "entries", "certainty")),
			    "lower bound");
	json_object_put(tree);
	assert_int_equal(run("analyze --strict lossy.dat"), 3);
	check_sentence("records_lost");
	tree = read_json("out");
	json_object_put(tree);
}

static void wrong_command_lines_are_usage_errors(void **state)
{
	static const char *const wrong[] = {
		"analyze --top 0",    "analyze --top x", "analyze --top 10001", "analyze a b",
		"analyze --nonsense", "analyze -o",	 "report a b",		"report -o x",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (run(wrong[i]) != 129)
			fail_msg("%s", wrong[i]);
	assert_int_equal(run("analyze --help"), 0);
}

static void top_limits_the_list(void **state)
{
	struct json_object *tree, *list;

	(void)state;
	assert_int_equal(run("analyze --top 3 trace.dat"), 0);
	tree = read_json("out");
	assert_true(json_object_object_get_ex(tree, "episodes", &list));
	assert_int_equal(json_object_array_length(list), 3);
	json_object_put(tree);
}

/* --- frame --------------------------------------------------------------------------------- */

static int set_up(void **state)
{
	const char *build = getenv("BUILD");
	char program[PATH_MAX + 20], cwd[PATH_MAX];
	struct blob file = { 0 };

	(void)state;
	build = build ? build : "build";
	if (!getcwd(cwd, sizeof(cwd)) || !mkdtemp(folder))
		return -1;
	snprintf(program, sizeof(program), "%s%s%s/pagetrail", *build == '/' ? "" : cwd,
		 *build == '/' ? "" : "/", build);
	if (setenv("PAGETRAIL", program, 1) || chdir(folder))
		return -1;
	make_capture(&file, 6, "none", 0, NOTES_ALL);
	write_file("trace.dat", file.data, file.len);
	blob_free(&file);
	make_capture(&file, 7, "zstd", 0, NOTES_ALL);
	write_file("seven.dat", file.data, file.len);
	blob_free(&file);
	make_capture(&file, 6, "none", MISSED_EVENTS, NOTES_ALL);
	write_file("lossy.dat", file.data, file.len);
	blob_free(&file);
	make_capture(&file, 6, "none", 0, NOTES_START);
	write_file("crashed.dat", file.data, file.len);
	blob_free(&file);
	make_capture(&file, 6, "none", 0, NOTES_NONE);
	write_file("noteless.dat", file.data, file.len);
	blob_free(&file);
	make_capture(&file, 6, "none", 0, NOTES_LATE);
	write_file("late.dat", file.data, file.len);
	blob_free(&file);
	return 0;
}

static int tear_down(void **state)
{
	char command[sizeof(folder) + 16];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return chdir("/") || system(command) ? -1 : 0;
}

static unsigned int nr_lines(const char *name)
{
	char *text = read_file(name), *at;
	unsigned int nr = 0;

	assert_non_null(text);
	for (at = text; (at = strchr(at, '\n')); at++)
		nr++;
	free(text);
	return nr;
}

/* Three of the four pages lie in the window. */
static void an_export_has_the_episodes_of_the_window(void **state)
{
	struct json_object *tree;

	(void)state;
	assert_int_equal(run("analyze late.dat"), 0);
	tree = read_json("out");
	assert_int_equal(json_object_get_int(at(tree, "slowpath", "outcomes", "ok")),
			 NR_ENTRIES * 3 / 4);
	json_object_put(tree);
	assert_int_equal(run("export --format ndjson late.dat"), 0);
	assert_int_equal(nr_lines("out"), NR_ENTRIES * 3 / 4);
	assert_int_equal(run("export -f csv late.dat"), 0);
	assert_int_equal(nr_lines("out"), NR_ENTRIES * 3 / 4 + 1);
	assert_int_equal(run("export -f ndjson noteless.dat"), 3);
	assert_int_equal(nr_lines("out"), NR_ENTRIES);
}

static void a_redacted_summary_names_nobody(void **state)
{
	char *text;

	(void)state;
	assert_int_equal(run("analyze --redact trace.dat"), 0);
	text = read_file("out");
	assert_null(strstr(text, "trace.dat"));
	assert_null(strstr(text, "\"pid\": 100,"));
	assert_non_null(strstr(text, "\"pid\": 4194305,"));
	assert_null(strstr(text, " host "));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_capture_is_counted_exactly),
		cmocka_unit_test(the_container_changes_nothing_but_itself),
		cmocka_unit_test(output_files_are_complete_or_as_they_were),
		cmocka_unit_test(the_capture_is_never_overwritten),
		cmocka_unit_test(outputs_that_fail_are_errors),
		cmocka_unit_test(a_reader_that_goes_away_is_an_error),
		cmocka_unit_test(what_is_no_capture_is_refused),
		cmocka_unit_test(a_cut_capture_never_passes_for_whole),
		cmocka_unit_test(a_recording_without_its_end_is_told),
		cmocka_unit_test(losses_are_told_and_strict_minds_them),
		cmocka_unit_test(wrong_command_lines_are_usage_errors),
		cmocka_unit_test(top_limits_the_list),
		cmocka_unit_test(an_export_has_the_episodes_of_the_window),
		cmocka_unit_test(a_redacted_summary_names_nobody),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
