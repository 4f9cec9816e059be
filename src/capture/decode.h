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
#include "capture/slab.h"

/*
 * One number of an event, of 1, 2, 4 or 8 bytes. It is taken from the 8 bytes that end with it,
 * which lie within the record since the common fields before it have 8: no branch on its size.
 */
struct getter {
	uint16_t offset; /* of those 8 bytes */
	uint8_t shift;	 /* bits of them that are not the number's */
	uint8_t place;	 /* of the value in an event */
	uint64_t sign;	 /* its sign bit, 0 for an unsigned number */
};

/* Where the text of an event lies. */
enum text_how {
	TEXT_NONE,
	TEXT_FIXED,    /* at `at`, `size` bytes */
	TEXT_DYNAMIC,  /* the word at `at` tells */
	TEXT_RELATIVE, /* the same, counting from the end of that word */
	TEXT_REST,     /* from `at` to the end of the record */
	TEXT_WORDS,    /* the same, and no text: addresses */
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
	uint8_t getter_of[NR_EV_NUMBERS]; /* of a field that it has */
};

/* What becomes of the records with an event id. */
struct sort {
	struct item_sort as;
	uint32_t min_len; /* that of the binding; or it has none: */
};

#define SORT_UNKNOWN (UINT32_MAX - 1) /* the capture has no format for it */
#define SORT_FOREIGN UINT32_MAX	      /* an event that we do not use */

/* A number that an event may not have. */
struct maybe_getter {
	bool there;
	struct getter getter;
};

/* What is asked of the records of a group (joint.h), looked up once. */
struct joints {
	uint32_t told; /* bit per enum joint */
	bool exit_has_flags;
	const struct binding *exit_text; /* of the attempt's end, or NULL: it has none */
	struct getter enter_flags, exit_flags;
	struct getter attempt_page, pfn, alloc_page, slow_page;
	struct maybe_getter order, call_sp, exit_sp, enter_caller;
	bool entry_tells_more; /* of a request than its attempts, but for their flags and caller */
};

struct decoder {
	bool big_endian;
	bool blind;	    /* it knows no event */
	struct sort *by_id; /* per 16-bit event id */
	struct binding *bindings;
	size_t nr_bindings;
	uint64_t kinds; /* bit per enum ev_kind */
	const struct binding
		*only[NR_EV_KINDS]; /* the binding of a kind that has one only, or NULL */
	struct joints joints;
	bool has_caller; /* some event has FIELD_CALLER: callers are needed */
	struct callers callers;
	struct flag_name *gfp_names;
	size_t nr_gfp_names;
};

/* What the kernel puts before every event (struct trace_entry, include/linux/trace_events.h). */
#define COMMON_SIZE	8
#define COMMON_FLAGS_AT 2
#define COMMON_PID_AT	4

/* 0, or -errno with the sentence. The formats are not needed afterwards. */
int decoder_init(struct decoder *d, const struct format_text *formats, size_t nr, bool big_endian,
		 const char *path, struct err *err);

/* One that takes every record for an event without fields. 0 or -ENOMEM. */
int decoder_init_blind(struct decoder *d, bool big_endian);
void decoder_free(struct decoder *d);

/* Of a record, which has at least a word. */
static inline const struct sort *sort_by(const struct sort *by_id, const uint8_t *data, bool be)
{
	uint32_t first = load_u32(data, be);

	return &by_id[be ? first >> 16 : first & UINT16_MAX];
}

/* Of a record that is bound. */
static inline int32_t decode_pid(const uint8_t *data, bool be)
{
	return (int32_t)load_u32(data + COMMON_PID_AT, be);
}

static inline uint8_t decode_flags(const uint8_t *data)
{
	return data[COMMON_FLAGS_AT];
}

/* As if it had no sign. */
static inline uint64_t getter_load_bits(const struct getter *getter, const uint8_t *data, bool be)
{
	uint64_t word = load_u64(data + getter->offset, be);

	return be ? word << getter->shift >> getter->shift : word >> getter->shift;
}

static inline uint64_t getter_load(const struct getter *getter, const uint8_t *data, bool be)
{
	uint64_t bits = getter_load_bits(getter, data, be);

	return (bits ^ getter->sign) - getter->sign;
}

/* One number of a record; 0 where the event has no such field. */
static inline uint64_t decode_number(const struct decoder *d, const struct binding *b,
				     const uint8_t *data, enum ev_field field)
{
	if (!(b->have & (1U << field)))
		return 0;
	return getter_load(&b->getters[b->getter_of[field]], data, d->big_endian);
}

/* Does the text of a record, if it has one, lie within it? */
bool decode_text_fits(const struct decoder *d, const struct item *item);

/* Takes it into *ev. False: it does not. */
bool decode_text(const struct decoder *d, const struct item *item, struct event *ev);

/* Takes all numbers of a record into *ev. */
void decode_numbers(const struct decoder *d, const struct item *item, struct event *ev);

/* Fills *ev by a record, but for its CPU. False: it is too short after all. */
bool decode(const struct decoder *d, const struct item *item, struct event *ev);

#endif
