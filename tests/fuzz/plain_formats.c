// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stands in for the parser of event formats, line by line and in this process: "field:TYPE NAME;",
 * then "offset:N; size:N; signed:N;". Its answers are as wild as the bytes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/formats.h"

struct format_fields **__wrap_formats_parse(const struct format_text *const *formats, size_t nr,
					    const char *path, struct err *err);
size_t __wrap_formats_flag_names(const struct format_text *format, const char *field,
				 struct flag_name names[FLAG_NAMES_MAX]);

static bool parse_line(const char *line, struct format_field *field)
{
	char declared[200];
	int is_signed;
	char *name;

	*field = (struct format_field){ 0 };
	if (sscanf(line, " field:%199[^;]; offset:%u; size:%u; signed:%d;", declared,
		   &field->offset, &field->size, &is_signed) != 4)
		return false;
	field->is_signed = is_signed != 0;
	field->is_dynamic = strstr(declared, "__data_loc") != NULL;
	field->is_relative = strstr(declared, "__rel_loc") != NULL;
	field->is_dynamic |= field->is_relative;
	field->is_array = strchr(declared, '[') != NULL;
	if (!field->is_dynamic && strchr(declared, '['))
		*strchr(declared, '[') = '\0';
	name = strrchr(declared, ' ');
	snprintf(field->name, sizeof(field->name), "%s", name ? name + 1 : declared);
	return field->offset <= 65536 && field->size <= 65536 - field->offset;
}

static struct format_fields *parse(const char *text)
{
	struct format_fields *fields = calloc(1, sizeof(*fields));

	if (!fields)
		abort();
	for (; text; text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL)
		if (fields->nr < FORMAT_FIELDS_MAX && parse_line(text, &fields->fields[fields->nr]))
			fields->nr++;
	return fields;
}

struct format_fields **__wrap_formats_parse(const struct format_text *const *formats, size_t nr,
					    const char *path, struct err *err)
{
	struct format_fields **parsed = calloc(nr + 1, sizeof(struct format_fields *));
	size_t i;

	if (!parsed)
		abort();
	for (i = 0; i < nr; i++) {
		parsed[i] = parse(formats[i]->text);
		if (parsed[i]->nr)
			continue;
		formats_free(parsed, nr);
		err_set(err, -EBADMSG, "%s: a format without fields", path);
		return NULL;
	}
	return parsed;
}

size_t __wrap_formats_flag_names(const struct format_text *format, const char *field,
				 struct flag_name names[FLAG_NAMES_MAX])
{
	(void)format;
	(void)field;
	names[0] = (struct flag_name){ 0x400, "__GFP_DIRECT_RECLAIM" };
	return 1;
}
