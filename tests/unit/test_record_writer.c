// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The file that a recording becomes, without a kernel: event formats from a made-up directory,
 * pages from regular files in place of raw pipes. The result is read back here by the layout of
 * trace-cmd.dat.v6(5), field by field.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "record/head.h"
#include "record/writer.h"

#define NR_CPUS 3

struct fixture {
	char dir[64];
	char out[80];
	struct inventory inv;
	struct plan plan;
	struct head head;
	struct writer writer;
	struct err err;
	size_t page;
};

static void put_file(const struct fixture *f, const char *name, const char *text)
{
	char command[512], path[256];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	snprintf(command, sizeof(command), "mkdir -p $(dirname %s)", path);
	assert_int_equal(system(command), 0);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

/* Two events of two systems, one probe of our own, one that was dropped. */
static void make_plan(struct fixture *f)
{
	const struct event_rule *rules;
	size_t nr, i;

	rules = kernel_event_rules(&nr);
	for (i = 0; i < nr; i++)
		f->inv.events[i] = rules[i].kind == EV_PAGE_ALLOC;
	f->plan.events[0] = (struct plan_event){ "vmscan", "begin", false };
	f->plan.events[1] = (struct plan_event){ "oom", "gone", true };
	f->plan.events[2] = (struct plan_event){ "vmscan", "end", false };
	f->plan.nr_events = 3;
	strcpy(f->plan.probes[0].event, "slow_enter");
	strcpy(f->plan.probes[1].event, "warn_alloc");
	f->plan.probes[1].dropped = true;
	f->plan.nr_probes = 2;
	f->inv.symbols[0].addr = 0xffffffff81000010;
	strcpy(f->inv.symbols[0].name, "__alloc_pages");
	f->inv.nr_symbols = 1;
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	*state = f;
	f->page = (size_t)getpagesize();
	strcpy(f->dir, "/tmp/test_writer.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->out, sizeof(f->out), "%s/trace.dat", f->dir);
	put_file(f, "events/header_page", "page");
	put_file(f, "events/header_event", "event");
	put_file(f, "events/ftrace/print/format", "print format");
	put_file(f, "events/ftrace/bprint/format", "bprint format");
	put_file(f, "events/ftrace/enable", "0");
	put_file(f, "events/vmscan/begin/format", "begin format");
	put_file(f, "events/vmscan/end/format", "end format");
	put_file(f, "events/kmem/mm_page_alloc/format", "alloc format");
	put_file(f, "events/group/slow_enter/format", "enter format");
	make_plan(f);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[128];

	writer_close(&f->writer);
	head_close(&f->head);
	snprintf(command, sizeof(command), "rm -r %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static void open_all(struct fixture *f)
{
	char options[64];
	size_t len = 0;

	assert_int_equal(writer_open(&f->writer, f->out, NR_CPUS, 0, &f->err), 0);
	assert_int_equal(
		head_open(&f->head, f->dir, &f->plan, &f->inv, "group", 4096, NR_CPUS, &f->err), 0);
	assert_int_equal(head_option(options, &len, sizeof(options), OPTION_TRACECLOCK, "[mono]"),
			 0);
	assert_int_equal(head_finish(&f->head, "", 0, options, len, f->writer.table, NR_CPUS), 0);
	assert_int_equal(writer_write_head(&f->writer, &f->head, &f->err), 0);
}

/* A raw pipe that has nr pages, all bytes of page i being seed + i. */
static int make_raw(const struct fixture *f, unsigned int nr, unsigned int seed)
{
	char path[] = "/tmp/test_writer_raw.XXXXXX";
	int fd = mkstemp(path);
	char *page = malloc(f->page);
	unsigned int i;

	assert_non_null(page);
	unlink(path);
	for (i = 0; i < nr; i++) {
		memset(page, (int)(seed + i), f->page);
		assert_int_equal(write(fd, page, f->page), f->page);
	}
	lseek(fd, 0, SEEK_SET);
	free(page);
	return fd;
}

struct reader {
	const char *at, *end, *start;
};

static const char *take(struct reader *in, size_t len)
{
	const char *at = in->at;

	assert_true((size_t)(in->end - in->at) >= len);
	in->at += len;
	return at;
}

static uint64_t take_number(struct reader *in, size_t len)
{
	uint64_t number = 0;

	memcpy(&number, take(in, len), len); /* little endian, as the machines that run this */
	return number;
}

static void expect_text(struct reader *in, const char *text)
{
	assert_string_equal(take(in, strlen(text) + 1), text);
}

/* u64 size and that many bytes. */
static void expect_blob(struct reader *in, const char *text)
{
	assert_int_equal(take_number(in, 8), strlen(text));
	assert_memory_equal(take(in, strlen(text)), text, strlen(text));
}

static char *slurp(const struct fixture *f, struct reader *in)
{
	struct stat st;
	char *all;
	int fd = open(f->out, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	all = malloc((size_t)st.st_size + 1);
	assert_non_null(all);
	assert_int_equal(read(fd, all, (size_t)st.st_size), st.st_size);
	close(fd);
	*in = (struct reader){ all, all + st.st_size, all };
	return all;
}

static void expect_metadata(const struct fixture *f, struct reader *in, const char *names)
{
	static const char symbols[] = "ffffffff81000010 T __alloc_pages\n";

	assert_memory_equal(take(in, 10), "\x17\x08\x44tracing", 10);
	expect_text(in, "6");
	assert_int_equal(take_number(in, 1), 0);
	assert_int_equal(take_number(in, 1), sizeof(long));
	assert_int_equal(take_number(in, 4), f->page);
	expect_text(in, "header_page");
	expect_blob(in, "page");
	expect_text(in, "header_event");
	expect_blob(in, "event");
	assert_int_equal(take_number(in, 4), 2);
	expect_blob(in, "bprint format");
	expect_blob(in, "print format");
	assert_int_equal(take_number(in, 4), 3);
	expect_text(in, "vmscan");
	assert_int_equal(take_number(in, 4), 2);
	expect_blob(in, "begin format");
	expect_blob(in, "end format");
	expect_text(in, "kmem");
	assert_int_equal(take_number(in, 4), 1);
	expect_blob(in, "alloc format");
	expect_text(in, "group");
	assert_int_equal(take_number(in, 4), 1);
	expect_blob(in, "enter format");
	assert_int_equal(take_number(in, 4), strlen(symbols));
	assert_memory_equal(take(in, strlen(symbols)), symbols, strlen(symbols));
	assert_int_equal(take_number(in, 4), 0);
	expect_blob(in, names);
	assert_int_equal(take_number(in, 4), NR_CPUS);
	expect_text(in, "options  ");
	assert_int_equal(take_number(in, 2), OPTION_TRACECLOCK);
	assert_int_equal(take_number(in, 4), 7);
	expect_text(in, "[mono]");
	assert_int_equal(take_number(in, 2), 0);
	expect_text(in, "flyrecord");
}

static bool never(void *data, uint64_t done, uint64_t total)
{
	(void)data;
	assert_true(done <= total);
	return false;
}

static bool at_once(void *data, uint64_t done, uint64_t total)
{
	(void)data;
	(void)done;
	(void)total;
	return true;
}

static int finish(struct fixture *f, writer_stop_fn stop)
{
	char options[64];
	size_t len = 0;
	int pass;

	head_option(options, &len, sizeof(options), OPTION_TRACECLOCK, "[mono]");
	for (pass = 0; pass < 2; pass++) {
		assert_int_equal(head_finish(&f->head, "1 init\n", 7, options, len, f->writer.table,
					     NR_CPUS),
				 0);
		writer_lay_out(&f->writer, f->head.len);
	}
	return writer_assemble(&f->writer, &f->head, stop, NULL, &f->err);
}

static bool part_exists(const struct fixture *f, unsigned int cpu)
{
	char path[128];

	snprintf(path, sizeof(path), "%s.cpu%u", f->out, cpu);
	return !access(path, F_OK);
}

/* CPU 0 has more pages than one turn takes, CPU 1 a few, CPU 2 none. */
static void pages_come_out_as_they_went_in(void **state)
{
	static const unsigned int nr_pages[NR_CPUS] = { WRITER_PAGES + 300, 5, 0 };
	struct fixture *f = *state;
	struct reader in;
	unsigned int cpu, i;
	char *all;

	open_all(f);
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		int raw = make_raw(f, nr_pages[cpu], 10 * cpu);

		while (writer_drain(&f->writer, cpu, raw, WRITER_PAGES) > 0)
			;
		close(raw);
	}
	assert_int_equal(writer_bytes(&f->writer), (WRITER_PAGES + 305) * f->page);
	assert_int_equal(finish(f, never), 0);
	all = slurp(f, &in);
	expect_metadata(f, &in, "1 init\n");
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		uint64_t offset = take_number(&in, 8), size = take_number(&in, 8);

		assert_int_equal(offset % f->page, 0);
		assert_int_equal(size, nr_pages[cpu] * f->page);
		assert_true(offset + size <= (uint64_t)(in.end - in.start));
		for (i = 0; i < nr_pages[cpu]; i++) {
			assert_int_equal(all[offset + i * f->page], (char)(10 * cpu + i));
			assert_int_equal(all[offset + (i + 1) * f->page - 1], (char)(10 * cpu + i));
		}
		assert_false(part_exists(f, cpu));
	}
	free(all);
}

/* What a recorder leaves that dies: a head that can be read, an empty table, pages in the parts. */
static void an_unfinished_file_can_be_read(void **state)
{
	struct fixture *f = *state;
	struct reader in;
	unsigned int cpu;
	char *all;
	int raw;

	open_all(f);
	raw = make_raw(f, 2, 0);
	assert_int_equal(writer_drain(&f->writer, 1, raw, WRITER_PAGES), 2 * f->page);
	close(raw);
	all = slurp(f, &in);
	expect_metadata(f, &in, "");
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		assert_int_equal(take_number(&in, 8), 0);
		assert_int_equal(take_number(&in, 8), 0);
		assert_true(part_exists(f, cpu));
	}
	free(all);
}

static void no_more_is_taken_than_asked_for(void **state)
{
	struct fixture *f = *state;
	int raw;

	open_all(f);
	raw = make_raw(f, 5, 0);
	assert_int_equal(writer_drain(&f->writer, 0, raw, 3), 3 * f->page);
	assert_int_equal(writer_drain(&f->writer, 0, raw, 3), 2 * f->page);
	assert_int_equal(writer_drain(&f->writer, 0, raw, 3), 0);
	close(raw);
}

/* A limit on the size of files stands for a full disk: the parts keep whole pages, and finish. */
static void a_full_disk_keeps_what_was_written(void **state)
{
	struct fixture *f = *state;
	struct rlimit limit, old;
	struct reader in;
	char *all;
	int raw;

	open_all(f);
	raw = make_raw(f, 8, 1);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 6 * f->page;
	assert_int_equal(writer_drain(&f->writer, 0, raw, 4), 4 * f->page);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(writer_drain(&f->writer, 0, raw, 4), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(f->writer.lost_bytes, 4 * f->page);
	/* Nothing may follow the gap, although there is room again. */
	lseek(raw, 0, SEEK_SET);
	assert_int_equal(writer_drain(&f->writer, 1, raw, 1), -EFBIG);
	assert_int_equal(writer_bytes(&f->writer), 4 * f->page);
	assert_int_equal(finish(f, never), 0);
	all = slurp(f, &in);
	expect_metadata(f, &in, "1 init\n");
	take_number(&in, 8);
	assert_int_equal(take_number(&in, 8), 4 * f->page);
	free(all);
	close(raw);
}

static void giving_up_keeps_the_parts(void **state)
{
	struct fixture *f = *state;
	int raw;

	open_all(f);
	raw = make_raw(f, 1, 0);
	writer_drain(&f->writer, 0, raw, 1);
	close(raw);
	assert_int_equal(finish(f, at_once), -EINTR);
	assert_true(part_exists(f, 0));
	assert_non_null(strstr(f->err.text, "trace.dat.cpu"));
}

static void discarding_removes_only_what_is_ours(void **state)
{
	struct fixture *f = *state;

	open_all(f);
	writer_discard(&f->writer);
	assert_int_equal(access(f->out, F_OK), -1);
	assert_false(part_exists(f, 0));
	writer_close(&f->writer);
	head_close(&f->head);
	put_file(f, "trace.dat", "older");
	assert_int_equal(writer_open(&f->writer, f->out, NR_CPUS, 0, &f->err), 0);
	writer_discard(&f->writer);
	assert_int_equal(access(f->out, F_OK), 0);
	assert_false(part_exists(f, 0));
}

static void what_cannot_be_written_is_refused(void **state)
{
	static const struct {
		const char *path, *word;
		int code;
	} cases[] = {
		{ "/tmp", "directory", -EISDIR },
		{ "/dev/null", "regular file", -EINVAL },
		{ "/nonexistent/x", "cannot be written", -ENOENT },
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(writer_open(&f->writer, cases[i].path, NR_CPUS, 0, &f->err),
				 cases[i].code);
		assert_non_null(strstr(f->err.text, cases[i].word));
		assert_non_null(strstr(f->err.text, cases[i].path));
	}
}

static void missing_formats_are_named(void **state)
{
	struct fixture *f = *state;

	f->plan.events[1].dropped = false;
	assert_int_equal(
		head_open(&f->head, f->dir, &f->plan, &f->inv, "group", 4096, NR_CPUS, &f->err),
		-ENOENT);
	assert_non_null(strstr(f->err.text, f->dir));
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(pages_come_out_as_they_went_in),	 WITH(an_unfinished_file_can_be_read),
		WITH(no_more_is_taken_than_asked_for),	 WITH(a_full_disk_keeps_what_was_written),
		WITH(giving_up_keeps_the_parts),	 WITH(discarding_removes_only_what_is_ours),
		WITH(what_cannot_be_written_is_refused), WITH(missing_formats_are_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
