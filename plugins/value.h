/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of a record's fields. Formats and records are not trusted: a field may claim any place
 * and size, and the library's own readers do not look where a record ends.
 */
#ifndef PAGETRAIL_PLUGINS_VALUE_H
#define PAGETRAIL_PLUGINS_VALUE_H

#include <event-parse.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False when the field is no number, or not all of it is in the record. Signed ones are extended. */
bool value_number(const struct tep_record *record, const struct tep_format_field *field,
		  uint64_t *value);

/* The same for the field of that name; false also when the event has none. */
bool value_named(const struct tep_record *record, struct tep_event *event, const char *name,
		 uint64_t *value);

/*
 * The bytes of a string, NUL not included, borrowed from the record: NULL when the field is no string
 * or not all of it is in the record. It need not end with a NUL there.
 */
const char *value_text(const struct tep_record *record, const struct tep_format_field *field,
		       size_t *len);

#endif
