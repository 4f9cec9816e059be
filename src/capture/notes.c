// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "capture/notes.h"

struct note {
	char key[NOTE_KEY_MAX];
	uint64_t ts_ns; /* of part 1 */
	char *text;
	size_t len, cap;
	unsigned int parts; /* in all */
	unsigned int taken; /* the first ones, in order */
	bool spoilt;	    /* a part was missing, or too much */
};

struct notes {
	struct note items[NOTES_MAX];
	size_t nr;
	uint64_t nr_dropped; /* but those taken by notes that are not complete */
};

struct notes *notes_new(void)
{
	return calloc(1, sizeof(struct notes));
}

void notes_free(struct notes *notes)
{
	size_t i;

	if (!notes)
		return;
	for (i = 0; i < notes->nr; i++)
		free(notes->items[i].text);
	free(notes);
}

/* Its index; notes->nr when there is none. */
static size_t find(const struct notes *notes, const char *key)
{
	size_t i;

	for (i = 0; i < notes->nr; i++)
		if (!strcmp(notes->items[i].key, key))
			break;
	return i;
}

/* The note that the part belongs to; NULL when there are too many. */
static struct note *find_or_add(struct notes *notes, const struct note_part *part, uint64_t ts_ns)
{
	size_t at = find(notes, part->key);
	struct note *note;

	if (at < notes->nr)
		return &notes->items[at];
	if (notes->nr == NOTES_MAX)
		return NULL;
	note = &notes->items[notes->nr++];
	memcpy(note->key, part->key, sizeof(note->key));
	note->parts = part->parts;
	note->ts_ns = ts_ns;
	return note;
}

/* The parts of a note come in order, each once, or the note is spoilt. */
static bool fits(const struct note *note, const struct note_part *part)
{
	return !note->spoilt && part->parts == note->parts && part->part == note->taken + 1 &&
	       part->payload_len <= NOTES_TEXT_MAX - note->len;
}

static int append(struct note *note, const struct note_part *part)
{
	if (vec_reserve((void **)&note->text, &note->cap, note->len + part->payload_len + 1, 1))
		return -ENOMEM;
	memcpy(note->text + note->len, part->payload, part->payload_len);
	note->len += part->payload_len;
	note->text[note->len] = '\0';
	note->taken++;
	return 0;
}

static bool is_complete(const struct note *note)
{
	return !note->spoilt && note->taken == note->parts;
}

int notes_feed(struct notes *notes, const struct event *ev)
{
	struct note_part part;
	struct note *note;

	if (!ev->text || ev->text_len < strlen(NOTE_MAGIC) ||
	    memcmp(ev->text, NOTE_MAGIC, strlen(NOTE_MAGIC)))
		return 0;
	if (!note_parse(ev->text, ev->text_len, &part)) {
		notes->nr_dropped++;
		return 0;
	}
	/* A series, for who follows the events in their order. */
	if (!strcmp(part.key, NOTE_TICK))
		return 0;
	note = find_or_add(notes, &part, ev->ts_ns);
	if (note && fits(note, &part))
		return append(note, &part);
	notes->nr_dropped++;
	/* What is complete stays so, whatever comes under its name later. */
	if (note && !is_complete(note))
		note->spoilt = true;
	return 0;
}

const char *notes_get(const struct notes *notes, const char *key, uint64_t *ts_ns)
{
	size_t at = find(notes, key);

	if (at == notes->nr || !is_complete(&notes->items[at]))
		return NULL;
	*ts_ns = notes->items[at].ts_ns;
	return notes->items[at].text;
}

uint64_t notes_nr_dropped(const struct notes *notes)
{
	uint64_t nr = notes->nr_dropped;
	size_t i;

	for (i = 0; i < notes->nr; i++)
		if (!is_complete(&notes->items[i]))
			nr += notes->items[i].taken;
	return nr;
}
