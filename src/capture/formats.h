/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Event formats: text in, plain tables out.
 *
 * Their C is parsed by libtraceevent, which can be made to crash by its input: it runs in a
 * confined child (confine.h) that answers with fixed-size records, and the answer is checked as
 * hostile. The print format is cut off before the fields are parsed, so that whatever is in it
 * cannot cost the fields; its dictionaries of flags are asked for apart. Only this file and
 * dictionary.c know the library. They must not know what an event means.
 */
#ifndef PAGETRAIL_CAPTURE_FORMATS_H
#define PAGETRAIL_CAPTURE_FORMATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "capture/capture.h"
#include "capture/container.h"

#define FORMAT_NAME_MAX	  64
#define FORMAT_FIELDS_MAX 256
#define FORMATS_ASKED_MAX 1024 /* in one go */
#define FLAG_NAMES_MAX	  256

/* What the first two lines of a format say: "name: NAME", "ID: N". False when they do not. */
bool format_head(const char *text, char name[FORMAT_NAME_MAX], uint16_t *id);

struct format_field {
	char name[FORMAT_NAME_MAX];
	uint32_t offset, size; /* bytes; offset + size <= 65536 */
	uint8_t is_signed;
	uint8_t is_array;    /* of fixed size */
	uint8_t is_dynamic;  /* holds u16 offset, u16 length of an array elsewhere in the record */
	uint8_t is_relative; /* and that offset counts from the end of this field */
};

struct format_fields {
	uint32_t nr;
	struct format_field fields[FORMAT_FIELDS_MAX];
};

/*
 * The fields of each of nr formats, to be freed by the caller. NULL with the sentence, which begins
 * with `path`.
 */
struct format_fields **formats_parse(const struct format_text *const *formats, size_t nr,
				     const char *path, struct err *err);
void formats_free(struct format_fields **parsed, size_t nr);

/*
 * Takes one format's fields from the answer of the child, of which *left bytes are left. NULL when
 * they are not there, or not possible.
 */
struct format_fields *formats_take(const char **answer, size_t *left);

/*
 * The dictionary with which the format prints the flags of `field`, in its order; what is not plain
 * text is left out. Returns the number of names: 0 also when the format does not parse.
 */
size_t formats_flag_names(const struct format_text *format, const char *field,
			  struct flag_name names[FLAG_NAMES_MAX]);

#endif
