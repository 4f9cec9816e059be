/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records to events: fields bound once by name, read many times by offset.
 *
 * In: the format texts of a capture, and its records. Out: struct event. What the events mean and
 * what their fields are called is in kernel/events.h; nothing of that is known here.
 */
#ifndef PAGETRAIL_CAPTURE_DECODE_H
#define PAGETRAIL_CAPTURE_DECODE_H

#include "base/err.h"
#include "capture/callers.h"
#include "capture/capture.h"
#include "capture/formats.h"
#include "capture/pages.h"

/*
 * One number of an event, of 1, 2, 4 or 8 bytes. It is taken from the 8 bytes that end with it,
 * which lie within the record since the common fields before it have 8: no branch on its size.
 */
struct getter {
	uint16_t offset; /* of those 8 bytes */
	uint8_t shift;	 /* bits of them that are not the number's */
	uint8_t field;	 /* enum ev_field */
	uint64_t sign;	 /* its sign bit, 0 for an unsigned number */
};

/* Where the text of an event lies. */
enum text_how {
	TEXT_NONE,
	TEXT_FIXED,    /* at `at`, `size` bytes */
	TEXT_DYNAMIC,  /* the word at `at` tells */
	TEXT_RELATIVE, /* the same, counting from the end of that word */
	TEXT_REST,     /* from `at` to the end of the record */
};

/* One event of the capture that we understand. */
struct binding {
	uint8_t kind; /* enum ev_kind */
	uint8_t nr_getters;
	bool has_more;	  /* a text, or a caller */
	uint8_t text_how; /* of FIELD_COMM, or of a note */
	uint16_t text_at, text_size;
	uint16_t min_len; /* bytes that a record must have for all of its fields */
	uint32_t have;	  /* bit per enum ev_field */
	struct getter getters[EV_FIELDS_MAX];
};

struct decoder {
	bool big_endian;
	uint16_t *by_id; /* per 16-bit event id: a binding + ID_BOUND, or ID_UNKNOWN, ID_FOREIGN */
	struct binding *bindings;
	size_t nr_bindings;
	uint64_t kinds;	 /* bit per enum ev_kind */
	bool has_caller; /* some event has FIELD_CALLER: callers are needed */
	struct callers callers;
	struct flag_name *gfp_names;
	size_t nr_gfp_names;
};

enum decoded {
	DECODED,
	DECODED_FOREIGN, /* an event that we do not use */
	DECODED_UNKNOWN, /* the capture has no format for it */
	DECODED_SHORT,	 /* shorter than its fields */
};

/* 0, or -errno with the sentence. The formats are not needed afterwards. */
int decoder_init(struct decoder *d, const struct format_text *formats, size_t nr, bool big_endian,
		 const char *path, struct err *err);
void decoder_free(struct decoder *d);

/* Fills *ev on DECODED. */
enum decoded decode(const struct decoder *d, const struct record *rec, struct event *ev);

#endif
