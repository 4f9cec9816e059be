/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building of a JSON tree with json-c. A failure (no memory) sticks in the struct json, so that
 * callers write what they mean and ask once, at the end. Every value given away is owned by the
 * tree, or freed.
 */
#ifndef PAGETRAIL_RENDER_PUT_H
#define PAGETRAIL_RENDER_PUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <json.h>

#include "base/err.h"

struct json {
	bool failed;
};

struct json_object *put_new_object(struct json *json);
struct json_object *put_new_array(struct json *json);

/* NULL: null. Cleaned to UTF-8. */
struct json_object *put_new_text(struct json *json, const char *text);
struct json_object *put_new_u64(struct json *json, uint64_t value);
struct json_object *put_new_i64(struct json *json, int64_t value);
struct json_object *put_new_hex(struct json *json, uint64_t value); /* "0xcc0" */
/* A number by its digits, e.g. "0.25". */
struct json_object *put_new_decimal(struct json *json, const char *digits);

void put(struct json *json, struct json_object *to, const char *key, struct json_object *value);

/* With a key that comes from the capture: cleaned. */
void put_pair(struct json *json, struct json_object *to, const char *name,
	      struct json_object *value);
void put_null(struct json *json, struct json_object *to, const char *key);
void put_text(struct json *json, struct json_object *to, const char *key, const char *text);
void put_u64(struct json *json, struct json_object *to, const char *key, uint64_t value);
void put_i64(struct json *json, struct json_object *to, const char *key, int64_t value);
void put_bool(struct json *json, struct json_object *to, const char *key, bool value);
/* null when not known */
void put_known(struct json *json, struct json_object *to, const char *key, bool known,
	       uint64_t value);

/* At the end of an array. */
void put_item(struct json *json, struct json_object *array, struct json_object *value);

/* Writes the tree, which is `what` in sentences. 0, or a negative errno with the sentence. */
int put_write(struct json_object *tree, const char *what, FILE *out, struct err *err);

/* The value, complete, will be written on one line. */
struct json_object *put_line(struct json *json, struct json_object *value);

#endif
