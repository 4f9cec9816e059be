// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A JSON summary: whatever the bytes, it is refused with a sentence, or what is read can be shown and
 * reads back as itself, and so does the merge of it with itself. Half of the inputs are changed as trees, so that they stay JSON.
 */
#include <json.h>

#include "again.h"
#include "fuzz.h"
#include "merge/merger.h"

/* Twice the same; or refused, which takes a sentence. */
static bool merge_twice(const struct summary *summary, struct shown *shown)
{
	struct merger *merge = merger_new(20);
	struct err err = { "" };
	bool good = merge && !merger_add(merge, summary, "one", &err) &&
		    !merger_add(merge, summary, "two", &err);

	if (good)
		again_show(merger_result(merge), shown);
	else if (!*err.text)
		abort();
	merger_free(merge);
	return good;
}

static void check_merge(const struct shown *one)
{
	struct summary summary = { 0 };
	struct shown merged;
	struct err err;
	int fd = memfd_create("json", MFD_CLOEXEC);

	if (fd < 0 || write(fd, one->json, one->json_len) != (ssize_t)one->json_len ||
	    readback_json(fd, "json", &summary, &err))
		abort();
	if (merge_twice(&summary, &merged)) {
		if (!again_is_same(&merged))
			abort();
		again_free(&merged);
	}
	summary_free(&summary);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct shown shown;

	if (!again_read(data, size, &shown))
		return 0;
	if (!again_is_same(&shown))
		abort();
	check_merge(&shown);
	again_free(&shown);
	return 0;
}

/* --- changes of trees ---------------------------------------------------------------------- */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

static uint32_t draw(uint32_t *state, uint32_t limit)
{
	*state = *state * 1664525U + 1013904223U;
	return (*state >> 8) % limit;
}

/* Values that are somewhere at an edge. */
static struct json_object *odd_value(uint32_t *state)
{
	static const char *const texts[] = { "", "ok", "unknown", "0x", "0xffffffffffffffff", "exact",
					     "\x1b[2J", "compact", "-", "pagetrail.summary/1" };
	static const int64_t numbers[] = { 0, 1, -1, 255, 65535, 65536, UINT32_MAX, INT32_MIN,
					   INT64_MAX, INT64_MIN };

	switch (draw(state, 8)) {
	case 0:
		return NULL;
	case 1:
		return json_object_new_array();
	case 2:
		return json_object_new_object();
	case 3:
		return json_object_new_boolean(draw(state, 2));
	case 4:
		return json_object_new_double(draw(state, 1000) / 8.0);
	case 5:
		return json_object_new_uint64(UINT64_MAX);
	case 6:
		return json_object_new_string(texts[draw(state, sizeof(texts) / sizeof(texts[0]))]);
	default:
		return json_object_new_int64(
			numbers[draw(state, sizeof(numbers) / sizeof(numbers[0]))]);
	}
}

static void change_array(struct json_object *array, uint32_t *state);

/* Goes down at random, and changes what it comes to. */
static void change_object(struct json_object *object, uint32_t *state)
{
	uint32_t at, nr = (uint32_t)json_object_object_length(object);
	struct json_object_iterator it = json_object_iter_begin(object);
	struct json_object *value;
	const char *key;

	if (!nr)
		return;
	for (at = draw(state, nr); at; at--)
		json_object_iter_next(&it);
	key = json_object_iter_peek_name(&it);
	value = json_object_iter_peek_value(&it);
	if (draw(state, 8) && json_object_is_type(value, json_type_object))
		change_object(value, state);
	else if (draw(state, 8) && json_object_is_type(value, json_type_array))
		change_array(value, state);
	else if (draw(state, 8))
		json_object_object_add(object, key, odd_value(state));
	else
		json_object_object_del(object, key);
}

static void change_array(struct json_object *array, uint32_t *state)
{
	uint32_t nr = (uint32_t)json_object_array_length(array), times, at;
	struct json_object *value;

	if (!nr) {
		json_object_array_add(array, odd_value(state));
		return;
	}
	at = draw(state, nr);
	value = json_object_array_get_idx(array, at);
	if (draw(state, 8) && json_object_is_type(value, json_type_object))
		change_object(value, state);
	else if (draw(state, 8) && json_object_is_type(value, json_type_array))
		change_array(value, state);
	else if (draw(state, 2))
		json_object_array_put_idx(array, at, odd_value(state));
	else
		for (times = draw(state, 8) ? 1 : 100; times; times--)
			json_object_array_add(array, json_object_get(value));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *tree = NULL;
	uint32_t state = seed;
	const char *text;

	if (draw(&state, 2) && tokener)
		tree = json_tokener_parse_ex(tokener, (const char *)data, (int)size);
	json_tokener_free(tokener);
	if (!json_object_is_type(tree, json_type_object)) {
		json_object_put(tree);
		return LLVMFuzzerMutate(data, size, max_size);
	}
	change_object(tree, &state);
	text = json_object_to_json_string_ext(tree, JSON_C_TO_STRING_PLAIN);
	size = strlen(text) < max_size ? strlen(text) : size;
	memcpy(data, text, size);
	json_object_put(tree);
	return size;
}
