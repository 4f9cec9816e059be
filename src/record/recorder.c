// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/note.h"
#include "record/breakpoint.h"
#include "record/file.h"
#include "record/head.h"
#include "record/leftovers.h"
#include "record/recorder.h"
#include "record/session.h"
#include "record/snapshot.h"
#include "record/trial.h"
#include "record/workload.h"
#include "record/writer.h"

#define BUFFER_MIN_KB 1408
#define BUFFER_MAX_KB 16384
#define BUFFER_SHARE  256 /* of memory, for the buffers of all CPUs together */

#define NAMES_MIN      65536
#define PROBES_TEXT    8192
#define LOSS_LINE      96
#define MARKS_PER_TURN 64 /* notes written between two looks at the pipes */
#define TURNS_MAX      16
#define STACK_USED     (256 * 1024)

#define SLEEP_MIN_NS 1000000
#define SLEEP_MAX_NS 20000000
#define PROGRESS_NS  500000000

enum ending { RUNNING, ENDED_COMMAND, ENDED_DURATION, ENDED_SIGNAL, ENDED_DISK };

struct recorder {
	const struct recorder_options *options;
	struct inventory inv;
	struct plan plan;
	struct session session;
	struct writer writer;
	struct head head;
	struct breakpoints points;
	struct snapshot snapshot;
	struct workload work;

	char *notes; /* the static notes: "KEY\0TEXT\0" each */
	size_t notes_len;
	char *names; /* saved_cmdlines, and options of the head */
	size_t names_size, names_len;
	char *options_text;
	size_t options_size, options_len;
	char *scratch; /* text of a note that is made while recording */
	size_t scratch_size;

	size_t mark_pages; /* pages that a CPU which is ready has at least */
	sigset_t signals;
	int signal; /* that ended it */
	enum ending ending;
	uint64_t start_ns, stop_ns; /* CLOCK_MONOTONIC */
	uint64_t shown_ns;
	bool show;
	int disk_error;
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* ------------------------------------------------------------------ choosing the plan */

static void tell_removed(void *data, const char *kind, const char *name)
{
	(void)data;
	fprintf(stderr, "pagetrail record: removed the %s %s, left by a recorder that was killed\n",
		kind, name);
}

static int learn_fast_site(struct recorder *rec, enum profile profile, struct err *err)
{
	if (!plan_needs_trial(&rec->inv, profile))
		return 0;
	return trial_run(&rec->inv, err);
}

static uint64_t buffer_kb(const struct recorder *rec)
{
	uint64_t kb = rec->inv.memory_kb / BUFFER_SHARE;

	if (rec->options->buffer_kb)
		return rec->options->buffer_kb;
	if (rec->inv.nr_cpus_online)
		kb /= rec->inv.nr_cpus_online;
	return kb < BUFFER_MIN_KB ? BUFFER_MIN_KB : kb > BUFFER_MAX_KB ? BUFFER_MAX_KB : kb;
}

static int open_session(struct recorder *rec, struct err *err)
{
	const struct session_settings set = {
		.tracefs = rec->inv.tracefs,
		.buffer_kb = buffer_kb(rec),
		.pid = (pid_t)rec->options->pid,
	};

	rec->mark_pages = session_mark_pages(&set);
	return session_open(&rec->session, &rec->plan, &set, err);
}

/* The kernel has the last word: what it refuses makes room for the next best profile. */
static int open_best(struct recorder *rec, struct err *err)
{
	enum profile from = PROFILE_SITE;
	struct err refused = { "" };
	int ret;

	if (learn_fast_site(rec, PROFILE_SITE, err))
		rec->inv.fast_site = -1;
	for (;;) {
		ret = plan_choose(&rec->plan, &rec->inv, from, refused.text, err);
		if (ret)
			return ret;
		ret = open_session(rec, err);
		if (!ret || rec->plan.profile == PROFILE_TRACEPOINTS)
			return ret;
		from = rec->plan.profile + 1;
		err_set(&refused, ret, "not %s: %.300s", profile_name(rec->plan.profile),
			err->text);
	}
}

static int unknown_profile(const struct recorder *rec, struct err *err)
{
	return err_set(err, -EINVAL,
		       "there is no profile %s; there are site, freelist, full and "
		       "tracepoints",
		       rec->options->profile);
}

static int open_profile(struct recorder *rec, struct err *err)
{
	enum profile profile;
	int ret;

	if (!rec->options->profile)
		return open_best(rec, err);
	if (!profile_parse(rec->options->profile, &profile))
		return unknown_profile(rec, err);
	ret = learn_fast_site(rec, profile, err);
	if (!ret)
		ret = plan_build(&rec->plan, &rec->inv, profile, err);
	return ret ? ret : open_session(rec, err);
}

/* ------------------------------------------------------------------ preparing */

static void print_host(const struct recorder *rec, FILE *out)
{
	struct utsname uts;

	if (!uname(&uts))
		fprintf(out, "sysname=%s\nnodename=%s\nrelease=%s\nversion=%s\nmachine=%s\n",
			uts.sysname, uts.nodename, uts.release, uts.version, uts.machine);
	fprintf(out, "page_size=%d\ncpus_online=%u\ncpus_possible=%u\nmemory_kb=%" PRIu64 "\n",
		getpagesize(), rec->inv.nr_cpus_online, rec->session.nr_cpus, rec->inv.memory_kb);
	fprintf(out, "buffer_kb=%" PRIu64 "\nclock=mono\n", buffer_kb(rec));
	if (rec->options->pid)
		fprintf(out, "pid=%" PRIu64 "\n", rec->options->pid);
}

static void print_symbols(const struct recorder *rec, FILE *out)
{
	size_t i;

	for (i = 0; i < rec->inv.nr_symbols; i++)
		fprintf(out, "%016" PRIx64 " %s\n", rec->inv.symbols[i].addr,
			rec->inv.symbols[i].name);
}

static int prepare_notes(struct recorder *rec, struct err *err)
{
	FILE *out = open_memstream(&rec->notes, &rec->notes_len);

	if (!out)
		return err_set(err, -ENOMEM, "out of memory");
	fprintf(out, NOTE_TOOL "%c" PAGETRAIL_VERSION "%c", 0, 0);
	fprintf(out, NOTE_PROFILE "%c%s\n%s\n%c", 0, profile_name(rec->plan.profile), rec->plan.why,
		0);
	fprintf(out, NOTE_HOST "%c", 0);
	print_host(rec, out);
	fprintf(out, "%c" NOTE_PLAN "%c", 0, 0);
	plan_print(&rec->plan, rec->session.name, out);
	fprintf(out, "%c" NOTE_SYMBOLS "%c", 0, 0);
	print_symbols(rec, out);
	fputc(0, out);
	return fclose(out) ? err_set(err, -ENOMEM, "out of memory") : 0;
}

static size_t names_max(const struct recorder *rec)
{
	char *text = file_read_at(rec->inv.tracefs, "saved_cmdlines_size", NULL);
	size_t nr = text ? strtoul(text, NULL, 10) : 0;

	free(text);
	return NAMES_MIN + nr * 32;
}

static char *allocate(size_t size)
{
	char *mem = malloc(size);

	if (mem)
		memset(mem, 0, size);
	return mem;
}

static int prepare_buffers(struct recorder *rec, struct err *err)
{
	unsigned int nr = rec->session.nr_cpus;

	rec->names_size = names_max(rec);
	rec->options_size = 4096 + (size_t)nr * 1024;
	rec->scratch_size = PROBES_TEXT + (size_t)nr * LOSS_LINE;
	rec->names = allocate(rec->names_size);
	rec->options_text = allocate(rec->options_size);
	rec->scratch = allocate(rec->scratch_size);
	if (!rec->names || !rec->options_text || !rec->scratch)
		return err_set(err, -ENOMEM, "out of memory");
	return 0;
}

static int prepare_verify(struct recorder *rec, struct err *err)
{
	uint64_t addr = rec->inv.functions[TARGET_SLOWPATH].addr;

	if (!rec->options->verify)
		return 0;
	if (!addr)
		return err_set(
			err, -ENOENT,
			"--verify needs the slowpath's address, and this kernel has no such symbol "
			"or hides it; record without --verify");
	return breakpoints_open(&rec->points, addr, rec->session.nr_cpus, err);
}

static void add_option(struct recorder *rec, enum head_option id, const char *text)
{
	/* An option more or less does not decide whether the file can be read. */
	head_option(rec->options_text, &rec->options_len, rec->options_size, id, text);
}

static void prepare_options(struct recorder *rec)
{
	struct utsname uts;
	char text[sizeof(uts) + 8];

	add_option(rec, OPTION_TRACECLOCK, "[mono]");
	if (uname(&uts))
		return;
	snprintf(text, sizeof(text), "%s %s %s %s", uts.sysname, uts.nodename, uts.release,
		 uts.machine);
	add_option(rec, OPTION_UNAME, text);
}

static int prepare_files(struct recorder *rec, struct err *err)
{
	char dir[INV_PATH_MAX + PLAN_GROUP_MAX + 16];
	unsigned int nr = rec->session.nr_cpus;
	int ret;

	snprintf(dir, sizeof(dir), "%s/instances/%s", rec->inv.tracefs, rec->session.name);
	ret = writer_open(&rec->writer, rec->options->output, nr, err);
	if (!ret)
		ret = head_open(&rec->head, dir, &rec->plan, &rec->inv, rec->session.name,
				rec->names_size, nr, err);
	if (ret)
		return ret;
	prepare_options(rec);
	ret = head_finish(&rec->head, "", 0, rec->options_text, rec->options_len, rec->writer.table,
			  nr);
	if (ret)
		return err_set(err, ret, "out of memory");
	return writer_write_head(&rec->writer, &rec->head, err);
}

/* Touches as much stack as will be used, so that mlockall locks it. */
static void use_stack(void)
{
	volatile char stack[STACK_USED];
	size_t i;

	for (i = 0; i < sizeof(stack); i += 4096)
		stack[i] = 0;
}

/* The OOM killer and the swapper shall look elsewhere: at most a warning where that is refused. */
static void protect(void)
{
	use_stack();
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		fprintf(stderr,
			"pagetrail record: memory cannot be locked (%s); the recorder may be "
			"swapped out\n",
			strerror(errno));
	file_write("/proc/self/oom_score_adj", "-1000");
}

static void block_signals(struct recorder *rec)
{
	sigemptyset(&rec->signals);
	sigaddset(&rec->signals, SIGINT);
	sigaddset(&rec->signals, SIGTERM);
	sigaddset(&rec->signals, SIGHUP);
	sigaddset(&rec->signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &rec->signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static int prepare(struct recorder *rec, struct err *err)
{
	int ret;

	ret = workload_prepare(&rec->work, rec->options->command, err);
	if (!ret)
		ret = open_profile(rec, err);
	if (!ret)
		ret = prepare_notes(rec, err);
	if (!ret)
		ret = prepare_buffers(rec, err);
	if (!ret)
		ret = prepare_verify(rec, err);
	if (!ret)
		ret = snapshot_open(&rec->snapshot, err);
	if (!ret)
		ret = prepare_files(rec, err);
	if (!ret)
		protect();
	return ret;
}

/* ------------------------------------------------------------------ moving pages */

/* Takes what a CPU has, at most nr_pages. Returns whether there was any. */
static bool drain_cpu(struct recorder *rec, unsigned int cpu, size_t nr_pages)
{
	ssize_t got = 0;

	if (rec->session.raw[cpu] >= 0)
		got = writer_drain(&rec->writer, cpu, rec->session.raw[cpu], nr_pages);
	if (got < 0 && !rec->disk_error)
		rec->disk_error = (int)got;
	return got > 0;
}

/*
 * Takes full pages from the CPUs that have many, until none has, or for so many turns that signals
 * are still noticed. Returns the number of turns.
 */
static int drain(struct recorder *rec)
{
	unsigned int cpu;
	int turns = 0;

	while (turns < TURNS_MAX && !rec->disk_error && session_poll(&rec->session)) {
		for (cpu = 0; cpu < rec->session.nr_cpus; cpu++)
			if (session_is_ready(&rec->session, cpu))
				drain_cpu(rec, cpu, rec->mark_pages);
		turns++;
	}
	return turns;
}

/* Everything, pages that are not full included. Tracing is off. */
static void drain_rest(struct recorder *rec)
{
	unsigned int cpu;

	for (cpu = 0; cpu < rec->session.nr_cpus; cpu++)
		while (drain_cpu(rec, cpu, WRITER_PAGES))
			;
}

/* ------------------------------------------------------------------ notes */

static void note(struct recorder *rec, const char *key, const char *text, size_t len)
{
	char marker[NOTE_TEXT_MAX];
	unsigned int part, parts = note_parts(len);

	for (part = 1; part <= parts; part++) {
		size_t n = note_format(marker, key, part, text, len);

		session_mark(&rec->session, marker, n);
		if (part % MARKS_PER_TURN == 0)
			drain(rec);
	}
}

static void note_static(struct recorder *rec)
{
	const char *at = rec->notes;

	while (at < rec->notes + rec->notes_len) {
		const char *text = at + strlen(at) + 1;

		note(rec, at, text, strlen(text));
		at = text + strlen(text) + 1;
	}
}

static void note_snapshot(struct recorder *rec, const char *when)
{
	char key[NOTE_KEY_MAX];
	size_t i;

	for (i = 0; i < rec->snapshot.nr_texts; i++) {
		const struct snapshot_text *text = &rec->snapshot.texts[i];

		snprintf(key, sizeof(key), "%s%s", text->key, when);
		if (text->len)
			note(rec, key, text->text, text->len);
	}
}

static void note_probes(struct recorder *rec, const char *when)
{
	char key[NOTE_KEY_MAX];
	size_t len = session_print_probes(&rec->session, rec->scratch, rec->scratch_size);

	snprintf(key, sizeof(key), NOTE_PROBES "%s", when);
	if (len)
		note(rec, key, rec->scratch, len);
}

static void note_loss(struct recorder *rec)
{
	struct session_stats stats;
	unsigned int cpu;
	size_t len = 0;

	for (cpu = 0; cpu < rec->session.nr_cpus; cpu++) {
		if (rec->session.raw[cpu] < 0 || session_read_stats(&rec->session, cpu, &stats))
			continue;
		len += (size_t)snprintf(rec->scratch + len, rec->scratch_size - len,
					"%u %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", cpu,
					stats.entries + stats.read, stats.overrun,
					stats.commit_overrun, stats.dropped);
	}
	note(rec, NOTE_LOSS, rec->scratch, len);
}

static void note_verify(struct recorder *rec)
{
	char text[128];
	uint64_t count;
	int ret = breakpoints_disable(&rec->points);
	int len;

	if (!ret)
		ret = breakpoints_read(&rec->points, &count);
	if (ret)
		len = snprintf(text, sizeof(text), "failed %s\n",
			       ret == -EBUSY ? "debug registers were shared" : strerror(-ret));
	else
		len = snprintf(text, sizeof(text), "count %" PRIu64 " cpus %u\n", count,
			       rec->points.nr);
	note(rec, NOTE_VERIFY_DISABLED, text, (size_t)len);
}

static int describe_command(const struct recorder *rec, char *text, size_t size)
{
	int status = rec->work.status;

	if (WIFEXITED(status))
		return snprintf(text, size, "the command ended with status %d",
				WEXITSTATUS(status));
	return snprintf(text, size, "the command was killed by signal %d (%s)", WTERMSIG(status),
			sigabbrev_np(WTERMSIG(status)) ?: "?");
}

static void describe_ending(const struct recorder *rec, char *text, size_t size)
{
	switch (rec->ending) {
	case ENDED_COMMAND:
		describe_command(rec, text, size);
		return;
	case ENDED_DURATION:
		snprintf(text, size, "the duration was over");
		return;
	case ENDED_DISK:
		snprintf(text, size, "the disk refused more");
		return;
	default:
		snprintf(text, size, "signal %d (%s)", rec->signal,
			 sigabbrev_np(rec->signal) ?: "?");
	}
}

static void note_exit(struct recorder *rec)
{
	char text[128];

	describe_ending(rec, text, sizeof(text));
	note(rec, NOTE_EXIT, text, strlen(text));
}

/* ------------------------------------------------------------------ recording */

static int open_window(struct recorder *rec, struct err *err)
{
	int ret = session_start(&rec->session);

	if (ret)
		return err_set(err, ret, "tracing cannot be turned on (%s)", strerror(-ret));
	note_static(rec);
	if (rec->options->verify) {
		note(rec, NOTE_VERIFY_ENABLING, "", 0);
		ret = breakpoints_enable(&rec->points);
		if (ret)
			return err_set(err, ret, "the breakpoint cannot be enabled (%s)",
				       strerror(-ret));
	}
	snapshot_read(&rec->snapshot, true);
	note(rec, NOTE_WINDOW_START, "", 0);
	rec->start_ns = now_ns();
	note_snapshot(rec, "start");
	note_probes(rec, "start");
	return rec->work.pid ? workload_release(&rec->work, rec->options->command[0], err) : 0;
}

/* Everything but the markers is off afterwards; the buffer is closed last. */
static void close_window(struct recorder *rec)
{
	note(rec, NOTE_WINDOW_STOP, "", 0);
	rec->stop_ns = now_ns();
	snapshot_read(&rec->snapshot, false);
	if (rec->options->verify)
		note_verify(rec);
	session_disable_events(&rec->session);
	drain(rec);
	note_snapshot(rec, "stop");
	note_probes(rec, "stop");
	note_loss(rec);
	note_exit(rec);
	session_stop(&rec->session);
	drain_rest(rec);
}

static void print(const char *text, size_t len)
{
	/* Progress that nobody reads is no reason to end a recording. */
	if (write(STDERR_FILENO, text, len) < 0)
		return;
}

struct totals {
	uint64_t records, lost;
};

static struct totals count_records(const struct recorder *rec)
{
	struct totals totals = { 0, 0 };
	struct session_stats stats;
	unsigned int cpu;

	for (cpu = 0; cpu < rec->session.nr_cpus; cpu++) {
		if (rec->session.raw[cpu] < 0 || session_read_stats(&rec->session, cpu, &stats))
			continue;
		totals.records += stats.entries + stats.read;
		totals.lost += stats.overrun + stats.commit_overrun + stats.dropped;
	}
	return totals;
}

static void show_progress(struct recorder *rec)
{
	uint64_t now = now_ns(), elapsed_ms = (now - rec->start_ns) / 1000000;
	struct totals totals;
	char line[160];
	int len;

	if (!rec->show || now - rec->shown_ns < PROGRESS_NS)
		return;
	rec->shown_ns = now;
	totals = count_records(rec);
	len = snprintf(line, sizeof(line),
		       "\r%" PRIu64 ".%" PRIu64 " s  %" PRIu64 " records  %" PRIu64
		       " lost  %" PRIu64 " kB written\033[K",
		       elapsed_ms / 1000, elapsed_ms % 1000 / 100, totals.records, totals.lost,
		       writer_bytes(&rec->writer) / 1024);
	print(line, (size_t)len);
}

/* Sleeps until a signal comes or the time is over, and says whether one of ours came. */
static int wait_signal(const struct recorder *rec, uint64_t ns)
{
	const struct timespec ts = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
	int signal = sigtimedwait(&rec->signals, NULL, &ts);

	return signal > 0 ? signal : 0;
}

static enum ending look_for_end(struct recorder *rec, int signal)
{
	if (signal && signal != SIGCHLD) {
		rec->signal = signal;
		return ENDED_SIGNAL;
	}
	if (workload_ended(&rec->work))
		return ENDED_COMMAND;
	if (rec->writer.full || rec->disk_error)
		return ENDED_DISK;
	if (rec->options->duration_ns && now_ns() - rec->start_ns >= rec->options->duration_ns)
		return ENDED_DURATION;
	return RUNNING;
}

/* Half as long when there was something to take, else twice as long. */
static uint64_t next_sleep(uint64_t sleep_ns, int turns)
{
	sleep_ns = turns ? sleep_ns / 2 : sleep_ns * 2;
	return sleep_ns < SLEEP_MIN_NS	 ? SLEEP_MIN_NS
	       : sleep_ns > SLEEP_MAX_NS ? SLEEP_MAX_NS
					 : sleep_ns;
}

static uint64_t until_end(const struct recorder *rec, uint64_t sleep_ns)
{
	uint64_t elapsed = now_ns() - rec->start_ns, duration = rec->options->duration_ns;

	if (!duration || elapsed + sleep_ns < duration)
		return sleep_ns;
	return elapsed < duration ? duration - elapsed : 0;
}

static void record(struct recorder *rec)
{
	uint64_t sleep_ns = SLEEP_MIN_NS;
	int turns, signal = 0;

	while (!(rec->ending = look_for_end(rec, signal))) {
		turns = drain(rec);
		show_progress(rec);
		sleep_ns = next_sleep(sleep_ns, turns);
		signal = wait_signal(rec, until_end(rec, sleep_ns));
	}
}

/* ------------------------------------------------------------------ finishing */

static void read_names(struct recorder *rec)
{
	char path[INV_PATH_MAX + 32];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "%s/saved_cmdlines", rec->inv.tracefs);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && rec->names_len < rec->names_size &&
	       (got = read(fd, rec->names + rec->names_len, rec->names_size - rec->names_len)) > 0)
		rec->names_len += (size_t)got;
	if (fd >= 0)
		close(fd);
	while (rec->names_len && rec->names[rec->names_len - 1] != '\n')
		rec->names_len--;
}

static void add_cpu_stats(struct recorder *rec)
{
	struct session_stats stats;
	unsigned int cpu;
	char text[256];

	for (cpu = 0; cpu < rec->session.nr_cpus; cpu++) {
		if (rec->session.raw[cpu] < 0 || session_read_stats(&rec->session, cpu, &stats))
			continue;
		snprintf(text, sizeof(text),
			 "CPU: %u\nentries: %" PRIu64 "\noverrun: %" PRIu64
			 "\ncommit overrun: %" PRIu64 "\ndropped events: %" PRIu64
			 "\nread events: %" PRIu64 "\n",
			 cpu, stats.entries, stats.overrun, stats.commit_overrun, stats.dropped,
			 stats.read);
		add_option(rec, OPTION_CPUSTAT, text);
	}
}

/* A second signal while the file is being completed gives up. */
static bool assembling(void *data, uint64_t done, uint64_t total)
{
	struct recorder *rec = data;
	char line[96];
	int signal = wait_signal(rec, 0);
	int len;

	if (rec->show && now_ns() - rec->shown_ns >= PROGRESS_NS) {
		rec->shown_ns = now_ns();
		len = snprintf(line, sizeof(line),
			       "\rcompleting %s: %" PRIu64 " of %" PRIu64 " kB\033[K",
			       rec->options->output, done / 1024, total / 1024);
		print(line, (size_t)len);
	}
	return signal && signal != SIGCHLD;
}

static int finish_file(struct recorder *rec, struct err *err)
{
	struct writer *writer = &rec->writer;
	struct head *head = &rec->head;
	int pass, ret = 0;

	read_names(rec);
	add_cpu_stats(rec);
	/* Twice: the head's length has to be known for the offsets that it contains. */
	for (pass = 0; pass < 2 && !ret; pass++) {
		ret = head_finish(head, rec->names, rec->names_len, rec->options_text,
				  rec->options_len, writer->table, writer->nr_cpus);
		writer_lay_out(writer, head->len);
	}
	if (ret)
		return err_set(err, ret, "the head of %s does not fit; its pages are in %s.cpu*",
			       writer->path, writer->path);
	return writer_assemble(writer, head, assembling, rec, err);
}

static void print_result(const struct recorder *rec, struct totals totals)
{
	uint64_t ms = (rec->stop_ns - rec->start_ns) / 1000000;
	char why[128];

	describe_ending(rec, why, sizeof(why));
	fprintf(stderr,
		"%spagetrail record: %s: %" PRIu64 ".%03" PRIu64 " s, %" PRIu64 " records, %" PRIu64
		" lost, %" PRIu64 " kB; %s\n",
		rec->show ? "\r\033[K" : "", rec->options->output, ms / 1000, ms % 1000,
		totals.records, totals.lost, writer_bytes(&rec->writer) / 1024, why);
}

static int finish(struct recorder *rec, struct err *err)
{
	struct totals totals;
	int ret;

	close_window(rec);
	workload_terminate(&rec->work);
	totals = count_records(rec);
	ret = finish_file(rec, err);
	session_close(&rec->session);
	if (ret)
		return ret;
	print_result(rec, totals);
	if (rec->ending != ENDED_DISK && !rec->disk_error)
		return 0;
	ret = rec->disk_error ? rec->disk_error : -ENOSPC;
	return err_set(err, ret,
		       "the disk refused more (%s) after %" PRIu64 " kB, %" PRIu64
		       " kB were lost; %s holds what was written before; make room or name another "
		       "disk with -o",
		       strerror(-ret), writer_bytes(&rec->writer) / 1024,
		       rec->writer.lost_bytes / 1024, rec->options->output);
}

static void close_all(struct recorder *rec)
{
	session_close(&rec->session);
	workload_close(&rec->work);
	writer_close(&rec->writer);
	head_close(&rec->head);
	breakpoints_close(&rec->points);
	snapshot_close(&rec->snapshot);
	free(rec->notes);
	free(rec->names);
	free(rec->options_text);
	free(rec->scratch);
}

static int run(struct recorder *rec, struct err *err)
{
	int ret = prepare(rec, err);

	if (!ret)
		ret = open_window(rec, err);
	if (ret) {
		writer_discard(&rec->writer);
		return ret;
	}
	record(rec);
	return finish(rec, err);
}

/* What the plan would do, in the form in which it is noted in a capture. */
static int print_plan(struct recorder *rec, struct err *err)
{
	char name[PLAN_GROUP_MAX];
	enum profile profile = PROFILE_SITE;
	int ret = session_name(name, err);

	if (!ret && !rec->options->profile)
		ret = plan_choose(&rec->plan, &rec->inv, PROFILE_SITE, "", err);
	else if (!ret && profile_parse(rec->options->profile, &profile))
		ret = plan_build(&rec->plan, &rec->inv, profile, err);
	else if (!ret)
		ret = unknown_profile(rec, err);
	if (ret)
		return ret;
	printf("# profile %s, %s\n", profile_name(rec->plan.profile), rec->plan.why);
	printf("mkdir instances/%s\n", name);
	printf("write instances/%s/buffer_size_kb %" PRIu64 "\n", name, buffer_kb(rec));
	printf("write instances/%s/trace_clock mono\n", name);
	plan_print(&rec->plan, name, stdout);
	return 0;
}

static void remove_leftovers(const struct recorder *rec)
{
	struct err err;

	/* What cannot be removed does not hinder this recording. */
	if (leftovers_remove(rec->inv.tracefs, false, tell_removed, NULL, &err) < 0)
		fprintf(stderr, "pagetrail record: %s\n", err.text);
}

int recorder_run(const struct recorder_options *options, struct err *err)
{
	struct recorder *rec = calloc(1, sizeof(*rec));
	int ret;

	if (!rec)
		return err_set(err, -ENOMEM, "out of memory");
	rec->options = options;
	rec->show = isatty(STDERR_FILENO);
	rec->writer.fd = rec->work.cork = rec->work.outcome = -1;
	ret = inventory_read(&rec->inv, "", err);
	if (!ret && options->dry_run) {
		ret = print_plan(rec, err);
	} else if (!ret) {
		remove_leftovers(rec);
		block_signals(rec);
		ret = run(rec, err);
	}
	close_all(rec);
	free(rec);
	return ret;
}
