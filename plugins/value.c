// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "value.h"

static const char *bytes_at(const struct tep_record *record, uint64_t offset, uint64_t size)
{
	if (!record->data || record->size < 0 || offset > (uint64_t)record->size ||
	    size > (uint64_t)record->size - offset)
		return NULL;
	return (const char *)record->data + offset;
}

static const char *field_bytes(const struct tep_record *record,
			       const struct tep_format_field *field)
{
	if (field->offset < 0 || field->size < 0)
		return NULL;
	return bytes_at(record, (uint64_t)field->offset, (uint64_t)field->size);
}

static bool is_number_size(int size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/* Copied first: a field of a probe lies at any address. */
static uint64_t load(const struct tep_format_field *field, const char *at)
{
	uint64_t aligned = 0;

	memcpy(&aligned, at, (size_t)field->size);
	return tep_read_number(field->event->tep, &aligned, field->size);
}

static uint64_t sign_extend(uint64_t value, int size)
{
	unsigned int shift = 64 - 8 * (unsigned int)size;

	return (uint64_t)((int64_t)(value << shift) >> shift);
}

bool value_number(const struct tep_record *record, const struct tep_format_field *field,
		  uint64_t *value)
{
	const unsigned long not_numbers = TEP_FIELD_IS_ARRAY | TEP_FIELD_IS_DYNAMIC |
					  TEP_FIELD_IS_STRING;
	const char *at = field_bytes(record, field);

	if (!at || field->flags & not_numbers || !is_number_size(field->size))
		return false;
	*value = load(field, at);
	if (field->flags & TEP_FIELD_IS_SIGNED)
		*value = sign_extend(*value, field->size);
	return true;
}

bool value_named(const struct tep_record *record, struct tep_event *event, const char *name,
		 uint64_t *value)
{
	const struct tep_format_field *field = tep_find_field(event, name);

	return field && value_number(record, field, value);
}

/* A __data_loc or __rel_loc: where the bytes are, and behind it how many. */
static const char *dynamic_bytes(const struct tep_record *record,
				 const struct tep_format_field *field, size_t *len)
{
	const char *at = field_bytes(record, field);
	uint64_t offset;
	uint32_t where;

	if (!at || field->size != sizeof(where))
		return NULL;
	where = (uint32_t)load(field, at);
	offset = where & 0xffff;
	if (field->flags & TEP_FIELD_IS_RELATIVE)
		offset += (uint64_t)field->offset + (uint64_t)field->size;
	*len = where >> 16;
	return bytes_at(record, offset, *len);
}

const char *value_text(const struct tep_record *record, const struct tep_format_field *field,
		       size_t *len)
{
	const char *at;

	if (!(field->flags & TEP_FIELD_IS_STRING))
		return NULL;
	if (field->flags & TEP_FIELD_IS_DYNAMIC) {
		at = dynamic_bytes(record, field, len);
	} else {
		at = field_bytes(record, field);
		*len = at ? (size_t)field->size : 0;
	}
	if (at)
		*len = strnlen(at, *len);
	return at;
}
