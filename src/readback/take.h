/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking of values out of a JSON tree that nobody trusts. What is not of the type, or not in the
 * range, that was asked for makes one sentence, which names the place: "episodes[3].time_ns.p50:
 * expected ..., found ...". A failure sticks: after it nothing is taken any more, so that callers
 * write what they mean and ask once, at the end.
 *
 * The tree is borrowed. Texts are copied; they live as long as summary->texts.
 */
#ifndef PAGETRAIL_READBACK_TAKE_H
#define PAGETRAIL_READBACK_TAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json.h>

#include "base/err.h"
#include "readback/names.h"
#include "summary/summary.h"

/* Of what is nested in a summary; the parser refuses deeper files. */
#define TAKE_DEPTH_MAX 12

struct take_place {
	const char *key; /* NULL: an item of an array */
	size_t index;
};

struct taker {
	const char *file;
	struct summary *summary;
	struct err *err;
	int failed; /* 0 or -errno, with the sentence */
	struct take_place places[TAKE_DEPTH_MAX];
	unsigned int depth;
};

enum take_kind {
	TAKE_U64,
	TAKE_U64_OR_0,	 /* null: 0 */
	TAKE_U64_OR_MAX, /* null: UINT64_MAX */
	TAKE_U32,
	TAKE_U32_OR_0,
	TAKE_I32,
	TAKE_BOOL,
	TAKE_TEXT,    /* null: NULL */
	TAKE_KNOWN,   /* null: not known */
	TAKE_DECIMAL, /* a text of its digits; null: NULL */
};

/* A value that stands under `key`, and where in a struct it goes. */
struct take_field {
	const char *key;
	enum take_kind kind;
	size_t at;
};

#define TAKE_NR(array) (sizeof(array) / sizeof((array)[0]))

/* Part of a tree to part of a summary. */
typedef void (*take_fn)(struct taker *take, struct json_object *from, void *to);

/* The sentence: `what` was expected at `key` of the current place. */
void take_refuse(struct taker *take, const char *key, const char *what);
void take_no_memory(struct taker *take);

void take_fields(struct taker *take, struct json_object *from, const struct take_field *fields,
		 size_t nr, void *to);

uint64_t take_u64(struct taker *take, struct json_object *from, const char *key);
struct known take_known(struct taker *take, struct json_object *from, const char *key);
uint32_t take_u32(struct taker *take, struct json_object *from, const char *key);
uint32_t take_u32_or_0(struct taker *take, struct json_object *from, const char *key);
int32_t take_i32(struct taker *take, struct json_object *from, const char *key);
int64_t take_i64(struct taker *take, struct json_object *from, const char *key);
bool take_bool(struct taker *take, struct json_object *from, const char *key);
const char *take_text(struct taker *take, struct json_object *from, const char *key);
/* A text with digits in hex: "0xcc0"; null: not known. */
struct known take_hex(struct taker *take, struct json_object *from, const char *key);
/* One of the names; the place of it. */
unsigned int take_name(struct taker *take, struct json_object *from, const char *key,
		       const struct names *names);
/* The same, or null, which is `none`. */
unsigned int take_name_or(struct taker *take, struct json_object *from, const char *key,
			  const struct names *names, unsigned int none);
/* An array of names: a bit each. */
uint32_t take_name_bits(struct taker *take, struct json_object *from, const char *key,
			const struct names *names);

/* The times of `count` things, which stand under `key`. */
void take_times(struct taker *take, struct json_object *from, const char *key, uint64_t count,
		struct times *to);
/* The same in a row that tells the count under "count" and the times under "time_ns". */
void take_tally(struct taker *take, struct json_object *from, struct times *to);

/* An object. False for null, or after a failure: then `fn` is not called. */
bool take_part(struct taker *take, struct json_object *from, const char *key, take_fn fn, void *to);
/* The same, where null is a failure. */
void take_needed(struct taker *take, struct json_object *from, const char *key, take_fn fn,
		 void *to);

/*
 * The objects of an array, into an array of `max` items of `size` bytes, which is there. The number of
 * them; null is none.
 */
size_t take_rows(struct taker *take, struct json_object *from, const char *key, take_fn fn,
		 void *items, size_t size, size_t max);

/*
 * The same into an array that is made, all zero, and belongs to the summary even after a failure;
 * *nr counts those that were begun. False for null.
 */
bool take_list(struct taker *take, struct json_object *from, const char *key, take_fn fn,
	       void *items, size_t size, size_t *nr);

/* The array under the key; NULL for null, or after a failure. And what an item of it is. */
struct json_object *take_array(struct taker *take, struct json_object *from, const char *key);
const char *take_item_text(struct taker *take, struct json_object *array, size_t index,
			   const char *key);
struct known take_item_hex(struct taker *take, struct json_object *array, size_t index,
			   const char *key);

/* An object of numbers, one of texts, an array of texts: in their order. False for null. */
bool take_number_list(struct taker *take, struct json_object *from, const char *key,
		      struct number_list *to);
bool take_pair_list(struct taker *take, struct json_object *from, const char *key,
		    struct pair_list *to);
bool take_text_list(struct taker *take, struct json_object *from, const char *key,
		    struct text_list *to);

#endif
