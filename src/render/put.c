// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/clean.h"
#include "render/put.h"

static struct json_object *made(struct json *json, struct json_object *value)
{
	json->failed |= !value;
	return value;
}

struct json_object *put_new_object(struct json *json)
{
	return made(json, json_object_new_object());
}

struct json_object *put_new_array(struct json *json)
{
	return made(json, json_object_new_array());
}

struct json_object *put_new_text(struct json *json, const char *text)
{
	struct json_object *value;
	char *clean;

	if (!text)
		return NULL;
	clean = clean_dup(text, false);
	value = made(json, clean ? json_object_new_string(clean) : NULL);
	free(clean);
	return value;
}

struct json_object *put_new_u64(struct json *json, uint64_t value)
{
	return made(json, json_object_new_uint64(value));
}

struct json_object *put_new_i64(struct json *json, int64_t value)
{
	return made(json, json_object_new_int64(value));
}

struct json_object *put_new_hex(struct json *json, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return put_new_text(json, text);
}

struct json_object *put_new_decimal(struct json *json, const char *digits)
{
	return made(json, json_object_new_double_s(strtod(digits, NULL), digits));
}

void put(struct json *json, struct json_object *to, const char *key, struct json_object *value)
{
	if (!json->failed && !json_object_object_add(to, key, value))
		return;
	json->failed = true;
	json_object_put(value);
}

void put_pair(struct json *json, struct json_object *to, const char *name,
	      struct json_object *value)
{
	char *clean = clean_dup(name, false);

	json->failed |= !clean;
	put(json, to, clean, value);
	free(clean);
}

void put_null(struct json *json, struct json_object *to, const char *key)
{
	put(json, to, key, NULL);
}

void put_text(struct json *json, struct json_object *to, const char *key, const char *text)
{
	put(json, to, key, put_new_text(json, text));
}

void put_u64(struct json *json, struct json_object *to, const char *key, uint64_t value)
{
	put(json, to, key, put_new_u64(json, value));
}

void put_i64(struct json *json, struct json_object *to, const char *key, int64_t value)
{
	put(json, to, key, put_new_i64(json, value));
}

void put_bool(struct json *json, struct json_object *to, const char *key, bool value)
{
	put(json, to, key, made(json, json_object_new_boolean(value)));
}

void put_known(struct json *json, struct json_object *to, const char *key, bool known,
	       uint64_t value)
{
	put(json, to, key, known ? put_new_u64(json, value) : NULL);
}

void put_item(struct json *json, struct json_object *array, struct json_object *value)
{
	if (!json->failed && !json_object_array_add(array, value))
		return;
	json->failed = true;
	json_object_put(value);
}

struct json_object *put_line(struct json *json, struct json_object *value)
{
	const char *text = NULL;
	char *copy;

	if (!json->failed)
		text = json_object_to_json_string_ext(
			value, JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE);
	copy = text ? strdup(text) : NULL;
	json->failed |= !copy;
	/* json-c prints the copy in place of the value from now on, and frees it with it. */
	if (copy)
		json_object_set_serializer(value, json_object_userdata_to_json_string, copy,
					   json_object_free_userdata);
	return value;
}

int put_write(struct json_object *tree, const char *what, FILE *out, struct err *err)
{
	const char *text = json_object_to_json_string_ext(
		tree,
		JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE);

	if (!text)
		return err_set(err, -ENOMEM, "out of memory for the text of the %s", what);
	errno = 0;
	if (fputs(text, out) == EOF || putc('\n', out) == EOF || fflush(out))
		return err_set(err, errno ? -errno : -EIO, "cannot write the %s: %m", what);
	return 0;
}
