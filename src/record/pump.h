/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moves pages from a session to a writer, while recording and in the end. Allocates nothing. */
#ifndef PAGETRAIL_RECORD_PUMP_H
#define PAGETRAIL_RECORD_PUMP_H

#include <stdbool.h>
#include <stddef.h>

#include "record/session.h"
#include "record/writer.h"

struct pump {
	struct session *session; /* borrowed, as is the writer */
	struct writer *writer;
	size_t ready_pages; /* that a CPU which is ready has at least */
};

/*
 * Takes full pages from the CPUs that have many, until none has, or for so many turns that a signal
 * is still noticed soon. Returns the number of turns in which there was something to take.
 */
int pump_turn(struct pump *pump);

/*
 * Takes something from every CPU, a page that is not full included, so that what a quiet host
 * recorded is on the disk when it crashes.
 */
void pump_sweep(struct pump *pump);

/* Everything, pages that are not full included. Tracing is off. */
void pump_rest(struct pump *pump);

#endif
