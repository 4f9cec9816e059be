// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/note.h"
#include "record/journal.h"

#define PROBES_SIZE    8192
#define LOSS_LINE_SIZE 96
#define HITS_LINE_SIZE 32 /* "at window.start-" */
#define MARKS_A_TURN   64

static void print_host(const struct journal_facts *facts, unsigned int nr_cpus, FILE *out)
{
	struct utsname uts;

	if (!uname(&uts))
		fprintf(out, "sysname=%s\nnodename=%s\nrelease=%s\nversion=%s\nmachine=%s\n",
			uts.sysname, uts.nodename, uts.release, uts.version, uts.machine);
	fprintf(out, "page_size=%d\ncpus_online=%u\ncpus_possible=%u\nmemory_kb=%" PRIu64 "\n",
		getpagesize(), facts->inv->nr_cpus_online, nr_cpus, facts->inv->memory_kb);
	fprintf(out, "buffer_kb=%" PRIu64 "\nclock=mono\n", facts->buffer_kb);
	if (facts->pid)
		fprintf(out, "pid=%d\n", facts->pid);
}

static void print_symbols(const struct inventory *inv, FILE *out)
{
	size_t i;

	for (i = 0; i < inv->nr_symbols; i++)
		fprintf(out, "%016" PRIx64 " %s\n", inv->symbols[i].addr, inv->symbols[i].name);
}

static void print_statics(const struct journal_facts *facts, const struct session *session,
			  FILE *out)
{
	fprintf(out, NOTE_TOOL "%c" PAGETRAIL_VERSION "%c", 0, 0);
	fprintf(out, NOTE_PROFILE "%c%s\n%s\n%c", 0, profile_name(facts->plan->profile),
		facts->plan->why, 0);
	fprintf(out, NOTE_HOST "%c", 0);
	print_host(facts, session->nr_cpus, out);
	fprintf(out, "%c" NOTE_PLAN "%c", 0, 0);
	plan_print(facts->plan, session->name, out);
	fprintf(out, "%c" NOTE_SYMBOLS "%c", 0, 0);
	print_symbols(facts->inv, out);
	fputc(0, out);
}

static int open_hits(struct journal *journal)
{
	enum hits_moment moment;

	for (moment = 0; moment < NR_HITS_MOMENTS; moment++) {
		journal->hits[moment].text = calloc(1, PROBES_SIZE);
		if (!journal->hits[moment].text)
			return -ENOMEM;
	}
	return 0;
}

int journal_open(struct journal *journal, struct pump *pump, const struct journal_facts *facts,
		 struct err *err)
{
	FILE *out;
	int ret;

	*journal = (struct journal){ .pump = pump };
	journal->scratch_size = PROBES_SIZE + pump->session->nr_cpus * (size_t)LOSS_LINE_SIZE;
	journal->scratch_size += NR_HITS_MOMENTS * (size_t)(PROBES_SIZE + HITS_LINE_SIZE);
	journal->scratch = calloc(1, journal->scratch_size);
	ret = open_hits(journal);
	out = open_memstream(&journal->statics, &journal->statics_len);
	if (out)
		print_statics(facts, pump->session, out);
	if (!out || fclose(out) || !journal->scratch || ret)
		return err_set(err, -ENOMEM, "out of memory");
	return 0;
}

void journal_close(struct journal *journal)
{
	enum hits_moment moment;

	for (moment = 0; moment < NR_HITS_MOMENTS; moment++) {
		free(journal->hits[moment].text);
		journal->hits[moment].text = NULL;
	}
	free(journal->statics);
	free(journal->scratch);
	journal->statics = journal->scratch = NULL;
}

/* A quarter of a CPU's buffer at most: others write there too. */
static unsigned int marks_a_turn(const struct journal *journal)
{
	uint64_t marks = journal->pump->session->buffer_kb * 1024 / NOTE_TEXT_MAX / 4;

	return marks < MARKS_A_TURN ? (unsigned int)marks : MARKS_A_TURN;
}

static void drain(struct journal *journal)
{
	pump_turn(journal->pump);
	journal->marks = 0;
}

static void write_note(struct journal *journal, const char *key, const char *text, size_t len)
{
	unsigned int part, parts = note_parts(len);
	char marker[NOTE_TEXT_MAX];
	int ret;

	for (part = 1; part <= parts; part++) {
		size_t n = note_format(marker, key, part, text, len);

		ret = session_mark(journal->pump->session, marker, n);
		if (ret && !journal->error)
			journal->error = ret;
		if (++journal->marks >= marks_a_turn(journal))
			drain(journal);
	}
}

void journal_note(struct journal *journal, const char *key, const char *text)
{
	write_note(journal, key, text, strlen(text));
}

void journal_statics(struct journal *journal)
{
	const char *key = journal->statics, *text;

	for (; key < journal->statics + journal->statics_len; key = text + strlen(text) + 1) {
		text = key + strlen(key) + 1;
		journal_note(journal, key, text);
	}
}

static void write_dated(struct journal *journal, const char *key, const char *when,
			const char *text, size_t len)
{
	char name[NOTE_KEY_MAX];

	snprintf(name, sizeof(name), "%s%s", key, when);
	if (len)
		write_note(journal, name, text, len);
}

void journal_snapshot(struct journal *journal, const struct snapshot *snapshot, const char *when)
{
	const struct snapshot_text *text;

	for (text = snapshot->texts; text < snapshot->texts + snapshot->nr_texts; text++)
		write_dated(journal, text->key, when, text->text, text->len);
}

void journal_probes(struct journal *journal, const char *when)
{
	size_t len = session_print_probes(journal->pump->session, journal->scratch,
					  journal->scratch_size);

	write_dated(journal, NOTE_PROBES, when, journal->scratch, len);
}

void journal_read_hits(struct journal *journal, enum hits_moment moment)
{
	struct journal_hits *hits = &journal->hits[moment];

	hits->len = session_print_probes(journal->pump->session, hits->text, PROBES_SIZE);
}

void journal_hits(struct journal *journal)
{
	static const char *const names[] = {
		[BEFORE_START] = HITS_BEFORE_START,
		[AFTER_START] = HITS_AFTER_START,
		[BEFORE_STOP] = HITS_BEFORE_STOP,
		[AFTER_STOP] = HITS_AFTER_STOP,
	};
	enum hits_moment moment;
	size_t len = 0;

	for (moment = 0; moment < NR_HITS_MOMENTS; moment++)
		len += (size_t)snprintf(journal->scratch + len, journal->scratch_size - len,
					"at %s\n%.*s", names[moment],
					(int)journal->hits[moment].len, journal->hits[moment].text);
	if (journal->hits[AFTER_STOP].len)
		write_note(journal, NOTE_HITS, journal->scratch, len);
}

void journal_loss(struct journal *journal)
{
	const struct session *session = journal->pump->session;
	struct session_stats stats;
	unsigned int cpu;
	size_t len = 0;

	for (cpu = 0; cpu < session->nr_cpus; cpu++) {
		if (session_read_stats(session, cpu, &stats))
			continue;
		len += (size_t)snprintf(journal->scratch + len, journal->scratch_size - len,
					"%u %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", cpu,
					stats.entries + stats.read, stats.overrun,
					stats.commit_overrun, stats.dropped);
	}
	write_note(journal, NOTE_LOSS, journal->scratch, len);
}
