// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "readback/take.h"
#include "summary/text.h"

/* --- sentences ----------------------------------------------------------------------------- */

#define PLACE_MAX 160

/* "episodes[3].time_ns.p50"; "the top" for the whole. */
static void write_place(const struct taker *take, const char *key, char text[PLACE_MAX])
{
	size_t len = 0;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i <= take->depth && len < PLACE_MAX; i++) {
		const struct take_place *at = &take->places[i];
		const char *name = i < take->depth ? at->key : key;

		if (i < take->depth && !name)
			len += (size_t)snprintf(text + len, PLACE_MAX - len, "[%zu]", at->index);
		else if (name)
			len += (size_t)snprintf(text + len, PLACE_MAX - len, "%s%s", len ? "." : "",
						name);
	}
	if (!len)
		snprintf(text, PLACE_MAX, "the top");
}

void take_refuse(struct taker *take, const char *key, const char *what)
{
	char place[PLACE_MAX];

	if (take->failed)
		return;
	write_place(take, key, place);
	take->failed = err_set(take->err, -EBADMSG, "%s: %s: expected %s, found something else",
			       take->file, place, what);
}

void take_no_memory(struct taker *take)
{
	if (!take->failed)
		take->failed = err_set(take->err, -ENOMEM, "%s: out of memory", take->file);
}

/* --- where it is --------------------------------------------------------------------------- */

/* The depth of the tree was limited when it was parsed. */
static void step_in(struct taker *take, const char *key, size_t index)
{
	take->places[take->depth++] = (struct take_place){ .key = key, .index = index };
}

static void step_out(struct taker *take)
{
	take->depth--;
}

/* What stands under the key; NULL for null, and where there is no such key. */
static struct json_object *value_of(const struct taker *take, struct json_object *from,
				    const char *key)
{
	return take->failed ? NULL : json_object_object_get(from, key);
}

/* --- numbers ------------------------------------------------------------------------------- */

/* json-c keeps whole numbers from INT64_MIN to UINT64_MAX, and refuses others. */
static bool is_u64(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) && json_object_get_int64(value) >= 0;
}

/* A number above INT64_MAX reads as INT64_MAX. */
static bool is_i64(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) &&
	       (json_object_get_int64(value) < INT64_MAX ||
		json_object_get_uint64(value) == INT64_MAX);
}

/* At most `max`. */
static uint64_t number(struct taker *take, struct json_object *value, const char *key, uint64_t max)
{
	if (take->failed)
		return 0;
	if (is_u64(value) && json_object_get_uint64(value) <= max)
		return json_object_get_uint64(value);
	take_refuse(take, key,
		    max == UINT64_MAX ? "a whole number from 0 to 2^64 - 1"
				      : "a whole number from 0 to 2^32 - 1");
	return 0;
}

uint64_t take_u64(struct taker *take, struct json_object *from, const char *key)
{
	return number(take, value_of(take, from, key), key, UINT64_MAX);
}

struct known take_known(struct taker *take, struct json_object *from, const char *key)
{
	struct json_object *value = value_of(take, from, key);

	return (struct known){ .known = value,
			       .value = value ? number(take, value, key, UINT64_MAX) : 0 };
}

static uint64_t number_or(struct taker *take, struct json_object *from, const char *key,
			  uint64_t none)
{
	struct known known = take_known(take, from, key);

	return known.known ? known.value : none;
}

static int64_t signed_number(struct taker *take, struct json_object *value, const char *key)
{
	if (take->failed)
		return 0;
	if (is_i64(value))
		return json_object_get_int64(value);
	take_refuse(take, key, "a whole number from -2^63 to 2^63 - 1");
	return 0;
}

int64_t take_i64(struct taker *take, struct json_object *from, const char *key)
{
	return signed_number(take, value_of(take, from, key), key);
}

uint32_t take_u32(struct taker *take, struct json_object *from, const char *key)
{
	return (uint32_t)number(take, value_of(take, from, key), key, UINT32_MAX);
}

uint32_t take_u32_or_0(struct taker *take, struct json_object *from, const char *key)
{
	return value_of(take, from, key) ? take_u32(take, from, key) : 0;
}

int32_t take_i32(struct taker *take, struct json_object *from, const char *key)
{
	int64_t value = take_i64(take, from, key);

	if (value == (int32_t)value)
		return (int32_t)value;
	take_refuse(take, key, "a whole number from -2^31 to 2^31 - 1");
	return 0;
}

bool take_bool(struct taker *take, struct json_object *from, const char *key)
{
	struct json_object *value = value_of(take, from, key);

	if (!json_object_is_type(value, json_type_boolean))
		take_refuse(take, key, "true or false");
	return !take->failed && json_object_get_boolean(value);
}

/* --- texts --------------------------------------------------------------------------------- */

/* A text of JSON may hold a NUL, and none of ours does. */
static struct span text_of(struct taker *take, struct json_object *value, const char *key)
{
	struct span text = { "", 0 };

	if (json_object_is_type(value, json_type_string))
		text = span_of(json_object_get_string(value));
	if (!json_object_is_type(value, json_type_string) ||
	    text.len != (size_t)json_object_get_string_len(value))
		take_refuse(take, key, "a text without NUL");
	return text;
}

/* NULL after a failure. */
static const char *keep(struct taker *take, struct span text)
{
	const char *kept = take->failed ? NULL : texts_keep(&take->summary->texts, text);

	if (!kept)
		take_no_memory(take);
	return kept;
}

const char *take_text(struct taker *take, struct json_object *from, const char *key)
{
	struct json_object *value = value_of(take, from, key);

	return value ? keep(take, text_of(take, value, key)) : NULL;
}

static bool is_decimal(const char *text)
{
	size_t whole = strspn(text, "0123456789"), part;

	if (!whole || !text[whole])
		return whole;
	part = strspn(text + whole + 1, "0123456789");
	return text[whole] == '.' && part && !text[whole + 1 + part];
}

/* By its digits as they stand in the file: the parser keeps them. */
static const char *take_decimal(struct taker *take, struct json_object *from, const char *key)
{
	struct json_object *value = value_of(take, from, key);
	const char *text = NULL;

	if (!value)
		return NULL;
	if (json_object_is_type(value, json_type_double) ||
	    json_object_is_type(value, json_type_int))
		text = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
	if (!text || !is_decimal(text)) {
		take_refuse(take, key, "a number such as 0.25");
		return NULL;
	}
	return keep(take, span_of(text));
}

static struct known hex_of(struct taker *take, const char *text, const char *key)
{
	struct known known = { .known = text };
	char *end;

	if (!text)
		return known;
	errno = 0;
	known.value = strtoull(text, &end, 16);
	if (strncmp(text, "0x", 2) || !text[2] || strspn(text + 2, "0123456789abcdef") != strlen(text + 2) ||
	    *end || errno)
		take_refuse(take, key, "a text with a hexadecimal number such as \"0xcc0\"");
	return known;
}

struct known take_hex(struct taker *take, struct json_object *from, const char *key)
{
	return hex_of(take, take_text(take, from, key), key);
}

const char *take_item_text(struct taker *take, struct json_object *array, size_t index,
			   const char *key)
{
	struct json_object *item = json_object_array_get_idx(array, index);

	return item && !take->failed ? keep(take, text_of(take, item, key)) : NULL;
}

struct known take_item_hex(struct taker *take, struct json_object *array, size_t index,
			   const char *key)
{
	return hex_of(take, take_item_text(take, array, index, key), key);
}

/* --- names --------------------------------------------------------------------------------- */

static unsigned int find_name(struct taker *take, struct json_object *value, const char *key,
			      const struct names *names)
{
	const char *text = json_object_is_type(value, json_type_string)
				   ? json_object_get_string(value)
				   : "";
	unsigned int i;

	for (i = 0; i < names->nr && !take->failed; i++)
		if (names->name(i) && !strcmp(names->name(i), text))
			return i;
	take_refuse(take, key, names->what);
	return 0;
}

unsigned int take_name(struct taker *take, struct json_object *from, const char *key,
		       const struct names *names)
{
	return find_name(take, value_of(take, from, key), key, names);
}

unsigned int take_name_or(struct taker *take, struct json_object *from, const char *key,
			  const struct names *names, unsigned int none)
{
	struct json_object *value = value_of(take, from, key);

	return value ? find_name(take, value, key, names) : none;
}

/* The array under the key; NULL for null, or what is none. */
static struct json_object *array_of(struct taker *take, struct json_object *from, const char *key)
{
	struct json_object *value = value_of(take, from, key);

	if (!value || json_object_is_type(value, json_type_array))
		return value;
	take_refuse(take, key, "an array");
	return NULL;
}

struct json_object *take_array(struct taker *take, struct json_object *from, const char *key)
{
	return array_of(take, from, key);
}

uint32_t take_name_bits(struct taker *take, struct json_object *from, const char *key,
			const struct names *names)
{
	struct json_object *array = array_of(take, from, key);
	size_t nr = array ? json_object_array_length(array) : 0, i;
	uint32_t bits = 0;

	for (i = 0; i < nr && !take->failed; i++)
		bits |= 1U << find_name(take, json_object_array_get_idx(array, i), key, names);
	return bits;
}

/* --- fields -------------------------------------------------------------------------------- */

static void take_field(struct taker *take, struct json_object *from, const struct take_field *field,
		       void *to)
{
	const char *key = field->key;

	switch (field->kind) {
	case TAKE_U64:
		*(uint64_t *)to = take_u64(take, from, key);
		break;
	case TAKE_U64_OR_0:
		*(uint64_t *)to = number_or(take, from, key, 0);
		break;
	case TAKE_U64_OR_MAX:
		*(uint64_t *)to = number_or(take, from, key, UINT64_MAX);
		break;
	case TAKE_U32:
		*(uint32_t *)to = take_u32(take, from, key);
		break;
	case TAKE_U32_OR_0:
		*(uint32_t *)to = take_u32_or_0(take, from, key);
		break;
	case TAKE_I32:
		*(int32_t *)to = take_i32(take, from, key);
		break;
	case TAKE_BOOL:
		*(bool *)to = take_bool(take, from, key);
		break;
	case TAKE_TEXT:
		*(const char **)to = take_text(take, from, key);
		break;
	case TAKE_KNOWN:
		*(struct known *)to = take_known(take, from, key);
		break;
	case TAKE_DECIMAL:
		*(const char **)to = take_decimal(take, from, key);
		break;
	}
}

void take_fields(struct taker *take, struct json_object *from, const struct take_field *fields,
		 size_t nr, void *to)
{
	size_t i;

	for (i = 0; i < nr && !take->failed; i++)
		take_field(take, from, &fields[i], (char *)to + fields[i].at);
}

/* --- parts and rows ------------------------------------------------------------------------ */

/* The object under the key; NULL for null, or what is none. */
static struct json_object *object_of(struct taker *take, struct json_object *from, const char *key)
{
	struct json_object *value = value_of(take, from, key);

	if (!value || json_object_is_type(value, json_type_object))
		return value;
	take_refuse(take, key, "an object");
	return NULL;
}

bool take_part(struct taker *take, struct json_object *from, const char *key, take_fn fn, void *to)
{
	struct json_object *value = object_of(take, from, key);

	if (!value)
		return false;
	step_in(take, key, 0);
	fn(take, value, to);
	step_out(take);
	return true;
}

void take_needed(struct taker *take, struct json_object *from, const char *key, take_fn fn,
		 void *to)
{
	if (!take_part(take, from, key, fn, to))
		take_refuse(take, key, "an object");
}

/* Each item of the array, which is of `type`, into the next place of `items`. Counts them in *nr. */
static void take_items(struct taker *take, const char *key, struct json_object *array,
		       enum json_type type, take_fn fn, void *items, size_t size, size_t *nr)
{
	size_t all = json_object_array_length(array);

	step_in(take, key, 0);
	for (*nr = 0; *nr < all && !take->failed; ++*nr) {
		struct json_object *item = json_object_array_get_idx(array, *nr);

		step_in(take, NULL, *nr);
		if (json_object_is_type(item, type))
			fn(take, item, (char *)items + *nr * size);
		else
			take_refuse(take, NULL,
				    type == json_type_array ? "an array" : "an object");
		step_out(take);
	}
	step_out(take);
}

size_t take_rows(struct taker *take, struct json_object *from, const char *key, take_fn fn,
		 void *items, size_t size, size_t max)
{
	struct json_object *array = array_of(take, from, key);
	size_t nr = 0;

	if (array && json_object_array_length(array) > max)
		take_refuse(take, key, "fewer items");
	else if (array)
		take_items(take, key, array, json_type_object, fn, items, size, &nr);
	return take->failed ? 0 : nr;
}

bool take_list(struct taker *take, struct json_object *from, const char *key, take_fn fn,
	       void *items, size_t size, size_t *nr)
{
	struct json_object *array = array_of(take, from, key);
	void *list;

	if (!array)
		return false;
	list = calloc(json_object_array_length(array) + 1, size);
	if (!list) {
		take_no_memory(take);
		return false;
	}
	memcpy(items, &list, sizeof(list));
	take_items(take, key, array, json_type_object, fn, list, size, nr);
	return true;
}

/* --- times --------------------------------------------------------------------------------- */

static const struct take_field times_fields[] = {
	{ "total", TAKE_U64, offsetof(struct times, total_ns) },
	{ "p50", TAKE_U64_OR_0, offsetof(struct times, p50_ns) },
	{ "p90", TAKE_U64_OR_0, offsetof(struct times, p90_ns) },
	{ "p99", TAKE_U64_OR_0, offsetof(struct times, p99_ns) },
	{ "p999", TAKE_U64_OR_0, offsetof(struct times, p999_ns) },
	{ "max", TAKE_U64_OR_0, offsetof(struct times, max_ns) },
};

static uint64_t item_of(struct taker *take, struct json_object *array, size_t index)
{
	return number(take, json_object_array_get_idx(array, index), NULL, UINT64_MAX);
}

static void take_bucket(struct taker *take, struct json_object *from, void *to)
{
	struct bucket *bucket = to;

	if (!histogram_bucket(item_of(take, from, 0), bucket))
		take_refuse(take, NULL, "the lower end of a bucket");
	bucket->count = item_of(take, from, 1);
	if (!bucket->count)
		take_refuse(take, NULL, "a bucket with a value");
}

/* They must hold what the times say that there is. */
static void check_buckets(struct taker *take, const struct times *times)
{
	size_t i, nr = times->nr_buckets;
	const struct bucket *last = nr ? &times->buckets[nr - 1] : NULL;
	uint64_t sum = 0;

	for (i = 0; i < nr; i++) {
		const struct bucket *bucket = &times->buckets[i];

		if (i && bucket->lower_ns <= bucket[-1].lower_ns)
			take_refuse(take, "buckets", "the shortest times first");
		if (__builtin_add_overflow(sum, bucket->count, &sum))
			sum = UINT64_MAX;
	}
	if (sum != times->count)
		take_refuse(take, "buckets", "as many values as are counted");
	else if (last && (times->max_ns < last->lower_ns || times->max_ns > last->upper_ns))
		take_refuse(take, "buckets", "the longest time in the last one");
}

static void take_buckets(struct taker *take, struct json_object *from, struct times *times)
{
	static const char key[] = "buckets";
	struct json_object *array = array_of(take, from, key);
	size_t nr = array ? json_object_array_length(array) : 0;
	struct bucket *buckets = NULL;

	times->has_buckets = array;
	if (nr)
		buckets = summary_keep(take->summary, nr, sizeof(*buckets));
	if (take->summary->no_memory)
		take_no_memory(take);
	if (nr && buckets)
		take_items(take, key, array, json_type_array, take_bucket, buckets,
			   sizeof(*buckets), &times->nr_buckets);
	times->buckets = buckets;
	if (array && !take->failed)
		check_buckets(take, times);
}

static void take_times_part(struct taker *take, struct json_object *from, void *to)
{
	struct times *times = to;

	take_fields(take, from, times_fields, TAKE_NR(times_fields), times);
	times->basis = take_name_or(take, from, "basis", &names_time_basis, TIME_EXACT);
	/* Nothing has no quantiles: see render/json_times.c. */
	if (!json_object_object_get(from, "p50") != !times->count)
		take_refuse(take, "p50", times->count ? "a time" : "null, since the count is 0");
	take_buckets(take, from, times);
}

void take_times(struct taker *take, struct json_object *from, const char *key, uint64_t count,
		struct times *to)
{
	to->count = count;
	take_needed(take, from, key, take_times_part, to);
}

void take_tally(struct taker *take, struct json_object *from, struct times *to)
{
	take_times(take, from, "time_ns", take_u64(take, from, "count"), to);
}

/* --- lists of names and texts -------------------------------------------------------------- */

/* Keys and values of an object, in its order. */
typedef int (*add_pair_fn)(struct taker *take, const char *key, struct json_object *value,
			   void *list);

static bool take_pairs(struct taker *take, struct json_object *from, const char *key,
		       add_pair_fn add, void *list)
{
	struct json_object *value = object_of(take, from, key);
	struct json_object_iterator at, end;

	if (!value)
		return false;
	step_in(take, key, 0);
	end = json_object_iter_end(value);
	for (at = json_object_iter_begin(value);
	     !take->failed && !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		if (add(take, json_object_iter_peek_name(&at), json_object_iter_peek_value(&at),
			list))
			take_no_memory(take);
	step_out(take);
	return true;
}

/* These keys are the file's own: they are in no sentence, where they could act on a terminal. */
static int add_number(struct taker *take, const char *key, struct json_object *value, void *list)
{
	return number_list_add(list, &take->summary->texts, span_of(key),
			       signed_number(take, value, NULL));
}

static int add_text(struct taker *take, const char *key, struct json_object *value, void *list)
{
	return pair_list_add(list, &take->summary->texts, span_of(key), text_of(take, value, NULL));
}

bool take_number_list(struct taker *take, struct json_object *from, const char *key,
		      struct number_list *to)
{
	return take_pairs(take, from, key, add_number, to);
}

bool take_pair_list(struct taker *take, struct json_object *from, const char *key,
		    struct pair_list *to)
{
	return take_pairs(take, from, key, add_text, to);
}

bool take_text_list(struct taker *take, struct json_object *from, const char *key,
		    struct text_list *to)
{
	struct json_object *array = array_of(take, from, key);
	size_t nr = array ? json_object_array_length(array) : 0, i;

	for (i = 0; i < nr && !take->failed; i++) {
		struct span text = text_of(take, json_object_array_get_idx(array, i), key);

		if (!take->failed && text_list_add(to, &take->summary->texts, text))
			take_no_memory(take);
	}
	return array;
}
