/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the recorder itself has to say in a capture: notes (base/note.h), written as text markers
 * into the buffer of the session. All memory is allocated by journal_open.
 */
#ifndef PAGETRAIL_RECORD_JOURNAL_H
#define PAGETRAIL_RECORD_JOURNAL_H

#include <stddef.h>

#include "base/err.h"
#include "record/pump.h"
#include "record/snapshot.h"

/* The hits of the probes are read on either side of both edges of the window. */
enum hits_moment { BEFORE_START, AFTER_START, BEFORE_STOP, AFTER_STOP, NR_HITS_MOMENTS };

struct journal_hits {
	char *text; /* PROBES_SIZE bytes */
	size_t len;
};

struct journal {
	struct pump *pump; /* borrowed: long notes must not push one another out of the buffer */
	char *statics;	   /* "KEY\0TEXT\0" for each note that is known before tracing starts */
	size_t statics_len;
	struct journal_hits hits[NR_HITS_MOMENTS];
	char *scratch; /* for the text of the others */
	size_t scratch_size;
	unsigned int marks; /* written since the last turn of the pump */
	int error;	    /* -errno of the first marker that the kernel did not take */
};

struct journal_facts {
	const struct inventory *inv;
	const struct plan *plan;
	uint64_t buffer_kb;
	pid_t pid; /* 0: everything was recorded */
};

/* Returns 0, or -errno with the sentence. */
int journal_open(struct journal *journal, struct pump *pump, const struct journal_facts *facts,
		 struct err *err);
void journal_close(struct journal *journal);

void journal_note(struct journal *journal, const char *key, const char *text);

/* Tool, profile, host, plan, symbols. */
void journal_statics(struct journal *journal);

/* `when` is "start" or "stop". */
void journal_snapshot(struct journal *journal, const struct snapshot *snapshot, const char *when);
void journal_probes(struct journal *journal, const char *when);

/* Reads the hits, which are noted all together at the end. */
void journal_read_hits(struct journal *journal, enum hits_moment moment);
void journal_hits(struct journal *journal);
void journal_loss(struct journal *journal);

#endif
