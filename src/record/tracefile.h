/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trace.dat of a recording, from its first bytes to the complete file: the head (head.h), the
 * pages (writer.h), and what is only known in the end: names of tasks, statistics of the CPUs.
 *
 * tracefile_open allocates all; who calls it owns the tracefile and calls tracefile_close.
 */
#ifndef PAGETRAIL_RECORD_TRACEFILE_H
#define PAGETRAIL_RECORD_TRACEFILE_H

#include "record/head.h"
#include "record/session.h"
#include "record/stack_symbols.h"
#include "record/writer.h"

struct tracefile {
	struct writer writer;
	struct head head;
	char *names; /* of tasks: the text of saved_cmdlines */
	size_t names_size, names_len;
	char *options;
	size_t options_size, options_len;
	bool has_stacks; /* their symbols are to be found: */
	struct stack_format stack_format;
	const struct inventory *inv; /* borrowed */
	struct err nameless;	     /* why that failed; "" when it did not */
};

/* Creates the files and writes the head; `reserve` as in writer_open. 0, or -errno with the
 * sentence and no file left behind. */
int tracefile_open(struct tracefile *file, const char *path, const struct session *session,
		   const struct plan *plan, const struct inventory *inv, uint64_t reserve,
		   struct err *err);
void tracefile_close(struct tracefile *file);

/* Removes the files again. */
void tracefile_discard(struct tracefile *file);

/* Takes what the kernel has to say in the end, while the session is still open. */
void tracefile_collect(struct tracefile *file, const struct session *session);

/*
 * Puts the file together; `stop` as in writer_assemble. 0, or -errno with the sentence. When only the
 * symbols of call stacks could not be found, file->nameless says why.
 */
int tracefile_finish(struct tracefile *file, writer_stop_fn stop, void *data, struct err *err);

#endif
