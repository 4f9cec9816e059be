// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/note.h"
#include "record/choose.h"
#include "record/file.h"
#include "record/journal.h"
#include "record/leftovers.h"
#include "record/pump.h"
#include "record/recorder.h"
#include "record/snapshot.h"
#include "record/ticker.h"
#include "record/tracefile.h"
#include "record/verify.h"
#include "record/workload.h"

#define BUFFER_MIN_KB 1408
#define BUFFER_MAX_KB 16384
#define BUFFER_SHARE  64 /* of memory, for the buffers of all CPUs together */

#define IN_FLIGHT_MAX (64 << 20) /* on tmpfs a reserve is memory */
#define NOTES_BYTES   (1 << 20)
#define STACK_SIZE    (256 * 1024)
#define SLEEP_MIN_NS  1000000
#define SLEEP_MAX_NS  20000000
#define SWEEP_NS      2000000000
#define SHOW_NS	      500000000

enum ending { RUNNING, ENDED_COMMAND, ENDED_DURATION, ENDED_SIGNAL, ENDED_DISK };

struct recorder {
	const struct recorder_options *options;
	struct inventory inv;
	struct plan plan;
	struct session session;
	struct tracefile file;
	struct pump pump;
	struct journal journal;
	struct snapshot snapshot;
	struct ticker ticker;
	struct verify verify;
	struct workload work;
	sigset_t signals;
	uint64_t odd; /* entries with implausible arguments */
	enum ending ending;
	int signal;		    /* that ended it */
	uint64_t start_ns, stop_ns; /* CLOCK_MONOTONIC */
	uint64_t swept_ns, shown_ns;
	bool show; /* progress: stderr is a terminal */
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* Per CPU, to ask the kernel for. */
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
		.buffer_exact = rec->options->buffer_kb,
		.pid = (pid_t)rec->options->pid,
	};
	const struct choice choice = { rec->options->profile, rec->options->sched,
				       rec->options->stack };
	int ret = choose_session(&rec->session, &rec->plan, &rec->inv, &choice, &set, err);

	if (ret)
		return ret;
	rec->pump = (struct pump){ &rec->session, &rec->file.writer,
				   session_ready_pages(&rec->session) };
	if (!rec->options->profile)
		fprintf(stderr, "pagetrail record: profile %s, %s\n",
			profile_name(rec->plan.profile), rec->plan.why);
	if (rec->session.buffer_kb < set.buffer_kb)
		fprintf(stderr,
			"pagetrail record: memory is short: the buffers hold %" PRIu64
			" KB per CPU, not %" PRIu64 "\n",
			rec->session.buffer_kb, set.buffer_kb);
	return 0;
}

static int open_journal(struct recorder *rec, struct err *err)
{
	const struct journal_facts facts = {
		.inv = &rec->inv,
		.plan = &rec->plan,
		.buffer_kb = rec->session.buffer_kb,
		.pid = (pid_t)rec->options->pid,
	};

	return journal_open(&rec->journal, &rec->pump, &facts, err);
}

/* Touches as much stack as will be used, so that mlockall locks it. */
static void use_stack(void)
{
	volatile char stack[STACK_SIZE];
	size_t i;

	for (i = 0; i < sizeof(stack); i += 4096)
		stack[i] = 0;
}

/*
 * The swapper and the OOM killer shall look elsewhere, and the scheduler look here first: what a
 * recorder loses, it loses because it gets no CPU.
 */
static void protect(void)
{
	use_stack();
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		fprintf(stderr,
			"pagetrail record: memory cannot be locked (%s), the recorder may be "
			"swapped out\n",
			strerror(errno));
	file_write("/proc/self/oom_score_adj", "-1000");
	setpriority(PRIO_PROCESS, 0, -20);
}

/* What may be in the kernel's buffers when the disk is full, and the notes of the end. */
static uint64_t in_flight_bytes(const struct recorder *rec)
{
	uint64_t bytes = rec->session.buffer_kb * 1024 * rec->inv.nr_cpus_online;

	return (bytes < IN_FLIGHT_MAX ? bytes : IN_FLIGHT_MAX) + NOTES_BYTES;
}

/* The command is forked before anything is locked or protected, so that it inherits neither. */
static int prepare(struct recorder *rec, struct err *err)
{
	int ret = workload_prepare(&rec->work, rec->options->command, err);

	if (!ret)
		ret = open_session(rec, err);
	if (!ret)
		ret = open_journal(rec, err);
	if (!ret)
		ret = snapshot_open(&rec->snapshot, err);
	if (!ret)
		ret = ticker_open(&rec->ticker, err);
	if (!ret)
		ret = verify_open(&rec->verify, rec->options->verify, &rec->inv, &rec->plan,
				  &rec->session, err);
	if (ret)
		return ret;
	ret = tracefile_open(&rec->file, rec->options->output, &rec->session, &rec->plan, &rec->inv,
			     in_flight_bytes(rec), err);
	if (!ret)
		protect();
	return ret;
}

/* Between the reading and the marker, whose time it gets, lies nothing. */
static void tick(struct recorder *rec)
{
	journal_note(&rec->journal, NOTE_TICK, ticker_read(&rec->ticker));
}

static void tick_when_due(struct recorder *rec)
{
	if (ticker_is_due(&rec->ticker, now_ns()))
		tick(rec);
}

/* The window lies inside the time in which the breakpoint counts. */
static int open_window(struct recorder *rec, struct err *err)
{
	int ret = session_start(&rec->session);

	if (ret)
		return err_set(err, ret, "tracing cannot be turned on (%s)", strerror(-ret));
	journal_statics(&rec->journal);
	/* Between the breakpoint and the window lies as little as can be: what enters there blurs. */
	snapshot_read(&rec->snapshot, true);
	ret = verify_start(&rec->verify, &rec->journal, err);
	if (ret)
		return ret;
	journal_read_hits(&rec->journal, BEFORE_START);
	journal_note(&rec->journal, NOTE_WINDOW_START, "");
	journal_read_hits(&rec->journal, AFTER_START);
	rec->start_ns = rec->shown_ns = rec->swept_ns = rec->ticker.due_ns = now_ns();
	tick_when_due(rec);
	if (rec->journal.error)
		return err_set(err, rec->journal.error, "the kernel does not take our markers (%s)",
			       strerror(-rec->journal.error));
	journal_snapshot(&rec->journal, &rec->snapshot, "start");
	journal_probes(&rec->journal, "start");
	return workload_release(&rec->work, err);
}

static void describe_ending(const struct recorder *rec, char *text, size_t size)
{
	int status = rec->work.status;

	switch (rec->ending) {
	case ENDED_COMMAND:
		if (WIFEXITED(status))
			snprintf(text, size, "the command ended with status %d",
				 WEXITSTATUS(status));
		else
			snprintf(text, size, "the command was killed by signal %d",
				 WTERMSIG(status));
		return;
	case ENDED_DURATION:
		snprintf(text, size, "the duration was over");
		return;
	case ENDED_DISK:
		snprintf(text, size, "the disk refused more");
		return;
	default:
		snprintf(text, size, "stopped by signal %d", rec->signal);
	}
}

/* Afterwards everything but the markers is off; the buffer itself is closed last. */
static void close_window(struct recorder *rec)
{
	char text[128];

	tick(rec);
	journal_read_hits(&rec->journal, BEFORE_STOP);
	journal_note(&rec->journal, NOTE_WINDOW_STOP, "");
	journal_read_hits(&rec->journal, AFTER_STOP);
	rec->stop_ns = now_ns();
	verify_stop(&rec->verify, &rec->journal);
	snapshot_read(&rec->snapshot, false);
	session_disable_events(&rec->session);
	pump_turn(&rec->pump);
	rec->odd = verify_arguments(&rec->verify, &rec->journal);
	journal_snapshot(&rec->journal, &rec->snapshot, "stop");
	journal_hits(&rec->journal);
	journal_probes(&rec->journal, "stop");
	journal_loss(&rec->journal);
	describe_ending(rec, text, sizeof(text));
	journal_note(&rec->journal, NOTE_EXIT, text);
	session_stop(&rec->session);
	pump_rest(&rec->pump);
}

/* Progress that nobody reads is no reason to end a recording. */
static void show(const char *text, int len)
{
	if (write(STDERR_FILENO, text, (size_t)len) < 0)
		return;
}

static uint64_t lost(const struct session_stats *stats)
{
	return stats->overrun + stats->commit_overrun + stats->dropped;
}

static bool time_to_show(struct recorder *rec)
{
	uint64_t now = now_ns();

	if (!rec->show || now - rec->shown_ns < SHOW_NS)
		return false;
	rec->shown_ns = now;
	return true;
}

static void show_progress(struct recorder *rec)
{
	struct session_stats stats;
	uint64_t tenths;
	char line[160];

	if (!time_to_show(rec))
		return;
	session_sum_stats(&rec->session, &stats);
	tenths = (rec->shown_ns - rec->start_ns) / 100000000;
	show(line, snprintf(line, sizeof(line),
			    "\r%" PRIu64 ".%" PRIu64 " s  %" PRIu64 " records  %" PRIu64
			    " lost  %" PRIu64 " kB\033[K",
			    tenths / 10, tenths % 10, stats.entries + stats.read, lost(&stats),
			    writer_bytes(&rec->file.writer) / 1024));
}

/* Sleeps until one of our signals comes, or the time is over (0). */
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
	if (rec->file.writer.full || rec->file.writer.refused)
		return ENDED_DISK;
	if (rec->options->duration_ns && now_ns() - rec->start_ns >= rec->options->duration_ns)
		return ENDED_DURATION;
	return RUNNING;
}

/* Half as long when there was something to take, else twice as long, up to the end. */
static uint64_t next_sleep(const struct recorder *rec, uint64_t sleep_ns, int turns)
{
	uint64_t elapsed = now_ns() - rec->start_ns, duration = rec->options->duration_ns;

	sleep_ns = turns ? sleep_ns / 2 : sleep_ns * 2;
	if (sleep_ns < SLEEP_MIN_NS)
		sleep_ns = SLEEP_MIN_NS;
	if (sleep_ns > SLEEP_MAX_NS)
		sleep_ns = SLEEP_MAX_NS;
	if (!duration || elapsed + sleep_ns < duration)
		return sleep_ns;
	return elapsed < duration ? duration - elapsed : 0;
}

static void sweep(struct recorder *rec)
{
	uint64_t now = now_ns();

	if (now - rec->swept_ns < SWEEP_NS)
		return;
	rec->swept_ns = now;
	pump_sweep(&rec->pump);
}

static void record(struct recorder *rec)
{
	uint64_t sleep_ns = SLEEP_MIN_NS;
	int turns, signal = 0;

	while (!(rec->ending = look_for_end(rec, signal))) {
		turns = pump_turn(&rec->pump);
		tick_when_due(rec);
		sweep(rec);
		show_progress(rec);
		sleep_ns = next_sleep(rec, sleep_ns, turns);
		signal = wait_signal(rec, sleep_ns);
	}
}

/* While the file is being completed, another signal gives up. */
static bool is_given_up(void *data, uint64_t done, uint64_t total)
{
	struct recorder *rec = data;
	int signal = wait_signal(rec, 0);
	char line[96];

	if (time_to_show(rec))
		show(line, snprintf(line, sizeof(line),
				    "\rcompleting the file: %" PRIu64 " of %" PRIu64 " kB\033[K",
				    done / 1024, total / 1024));
	return signal && signal != SIGCHLD;
}

static void print_result(const struct recorder *rec, const struct session_stats *stats)
{
	uint64_t ms = (rec->stop_ns - rec->start_ns) / 1000000;
	char why[128];

	describe_ending(rec, why, sizeof(why));
	fprintf(stderr,
		"%spagetrail record: %s: %" PRIu64 ".%03" PRIu64 " s, %" PRIu64 " records, %" PRIu64
		" lost, %" PRIu64 " kB; %s\n",
		rec->show ? "\r\033[K" : "", rec->options->output, ms / 1000, ms % 1000,
		stats->entries + stats->read, lost(stats), writer_bytes(&rec->file.writer) / 1024,
		why);
}

static int disk_sentence(const struct recorder *rec, struct err *err)
{
	const struct writer *writer = &rec->file.writer;
	int code = writer->refused ? writer->refused : -ENOSPC;

	if (writer->refused)
		return err_set(err, code,
			       "the disk refused more (%s): %s ends with the %" PRIu64 " kB "
			       "before, the last %" PRIu64
			       " kB are lost; make room, or name another disk "
			       "with -o",
			       strerror(-code), writer->path, writer_bytes(writer) / 1024,
			       writer->lost_bytes / 1024);
	return err_set(err, code,
		       "the disk is full (%s): the recording was stopped, and %s is whole up to "
		       "then; make room, or name another disk with -o",
		       strerror(-code), writer->path);
}

/* Counters first: the kernel does not delete a probe that perf still uses. */
static int close_kernel(struct recorder *rec)
{
	verify_close(&rec->verify);
	return session_close(&rec->session);
}

/* The kernel is left as it was before the file is completed, which may take its time. */
static int finish(struct recorder *rec, struct err *err)
{
	struct session_stats stats;
	int ret, left;

	close_window(rec);
	workload_terminate(&rec->work);
	session_sum_stats(&rec->session, &stats);
	tracefile_collect(&rec->file, &rec->session);
	left = close_kernel(rec);
	ret = tracefile_finish(&rec->file, is_given_up, rec, err);
	if (ret)
		return ret;
	print_result(rec, &stats);
	if (left)
		return err_set(err, left,
			       "%s is complete, but %s could not be removed from the kernel (%s); "
			       "run pagetrail clean",
			       rec->options->output, rec->session.name, strerror(-left));
	if (*rec->file.nameless.text)
		return err_set(err, -EIO,
			       "%s is complete, but its call stacks have no names: %.300s",
			       rec->options->output, rec->file.nameless.text);
	if (rec->journal.error)
		return err_set(err, rec->journal.error,
			       "notes are missing in %s: the kernel did not take "
			       "our markers (%s)",
			       rec->options->output, strerror(-rec->journal.error));
	return rec->file.writer.full || rec->file.writer.refused ? disk_sentence(rec, err) : 0;
}

static void close_all(struct recorder *rec)
{
	close_kernel(rec);
	workload_close(&rec->work);
	tracefile_close(&rec->file);
	journal_close(&rec->journal);
	snapshot_close(&rec->snapshot);
	ticker_close(&rec->ticker);
}

/* A signal ends the recording between two turns, never inside one: it is waited for. */
static void take_signals(struct recorder *rec)
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

static void count_removed(void *data, const char *kind, const char *name)
{
	unsigned int *nr = data;

	(void)kind;
	(void)name;
	++*nr;
}

/* What cannot be removed does not hinder this recording. */
static void remove_leftovers(const struct recorder *rec)
{
	unsigned int nr = 0;
	struct err err;

	if (leftovers_remove(rec->inv.tracefs, false, count_removed, &nr, &err) < 0)
		fprintf(stderr, "pagetrail record: %s\n", err.text);
	if (nr)
		fprintf(stderr,
			"pagetrail record: removed %u instances and probes that recorders left "
			"when they were killed\n",
			nr);
}

static int run(struct recorder *rec, struct err *err)
{
	int ret;

	remove_leftovers(rec);
	take_signals(rec);
	ret = prepare(rec, err);
	if (ret)
		return ret;
	ret = open_window(rec, err);
	if (ret) {
		tracefile_discard(&rec->file);
		return ret;
	}
	record(rec);
	return finish(rec, err);
}

static int print_plan(struct recorder *rec, struct err *err)
{
	const struct choice choice = { rec->options->profile, rec->options->sched,
				       rec->options->stack };
	char name[PLAN_GROUP_MAX];
	int ret = session_name(name, err);

	if (!ret)
		ret = choose_plan(&rec->plan, &rec->inv, &choice, err);
	if (ret)
		return ret;
	printf("# profile %s, %s\n", profile_name(rec->plan.profile), rec->plan.why);
	printf("mkdir instances/%s\n", name);
	printf("write instances/%s/buffer_size_kb %" PRIu64 "\n", name, buffer_kb(rec));
	printf("write instances/%s/trace_clock mono\n", name);
	plan_print(&rec->plan, name, stdout);
	return 0;
}

static int check_options(const struct recorder_options *options, struct err *err)
{
	if (options->verify && options->pid)
		return err_set(err, -EINVAL,
			       "--verify counts the entries of all processes, so it has no "
			       "meaning with --pid; leave one of them out");
	if (options->pid > INT32_MAX)
		return err_set(err, -ESRCH, "there is no process %" PRIu64, options->pid);
	return 0;
}

int recorder_run(const struct recorder_options *options, struct err *err)
{
	struct recorder *rec = calloc(1, sizeof(*rec));
	int ret;

	if (!rec)
		return err_set(err, -ENOMEM, "out of memory");
	rec->options = options;
	rec->show = isatty(STDERR_FILENO);
	rec->work = WORKLOAD_NONE;
	ret = check_options(options, err);
	if (!ret)
		ret = inventory_read(&rec->inv, "", err);
	if (!ret)
		ret = options->dry_run ? print_plan(rec, err) : run(rec, err);
	close_all(rec);
	free(rec);
	return ret;
}
