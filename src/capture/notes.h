/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The notes of a capture (base/note.h), put together from their parts: a second product of
 * capture/. Bounded: at most NOTES_MAX notes of NOTES_TEXT_MAX bytes each; the rest is counted.
 */
#ifndef PAGETRAIL_CAPTURE_NOTES_H
#define PAGETRAIL_CAPTURE_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/note.h"
#include "capture/event.h"

#define NOTES_MAX      64
#define NOTES_TEXT_MAX (4U << 20)

struct notes;

struct notes *notes_new(void); /* NULL without memory */
void notes_free(struct notes *notes);

/* Takes an EV_NOTE; ticks are left to others. Markers that are not ours, or out of their order, are counted and left out. */
int notes_feed(struct notes *notes, const struct event *ev);

/*
 * The complete text of a note, NUL-terminated, or NULL when it is absent or incomplete. *ts_ns is
 * the time of its first part. Borrowed: lives as long as `notes`.
 */
const char *notes_get(const struct notes *notes, const char *key, uint64_t *ts_ns);

/* Markers of ours that could not be used: incomplete, out of order, too many or too long. */
uint64_t notes_nr_dropped(const struct notes *notes);

#endif
