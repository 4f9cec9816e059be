// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <event-parse.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/confine.h"
#include "capture/dictionary.h"
#include "capture/formats.h"

#define RECORD_MAX     65536U
#define NO_PRINT       "\nprint fmt: \"\"\n"
#define FLAG_VALUE_MAX 32

bool format_head(const char *text, char name[FORMAT_NAME_MAX], uint16_t *id)
{
	unsigned int number;
	int end = 0;

	if (sscanf(text, "name: %63s\nID: %6u%n", name, &number, &end) != 2 || !end)
		return false;
	*id = (uint16_t)number;
	return number <= UINT16_MAX;
}

/* --- In the child. --- */

struct fields_question {
	const struct format_text *const *formats;
	size_t nr;
};

struct flags_question {
	const struct format_text *format;
	const char *field;
};

/* The format without what follows its fields. */
static char *without_print(const char *text)
{
	const char *print = strstr(text, "\nprint fmt:");
	size_t len = print ? (size_t)(print - text) : strlen(text);
	char *cut = malloc(len + sizeof(NO_PRINT));

	if (cut) {
		memcpy(cut, text, len);
		memcpy(cut + len, NO_PRINT, sizeof(NO_PRINT));
	}
	return cut;
}

/* NULL unless all of it parses. */
static struct tep_event *parse(const char *system, const char *text)
{
	struct tep_handle *tep = tep_alloc();
	struct tep_event *event = NULL;

	if (!tep)
		return NULL;
	tep_set_loglevel(TEP_LOG_NONE);
	/* It returns 0 for most failures, and marks the event. */
	if (tep_parse_format(tep, &event, text, strlen(text), system) || !event ||
	    event->flags & TEP_EVENT_FL_FAILED)
		return NULL;
	return event;
}

static int add_fields(struct format_fields *to, const struct tep_format_field *from)
{
	for (; from; from = from->next) {
		struct format_field *field = &to->fields[to->nr];

		if (to->nr++ == FORMAT_FIELDS_MAX || strlen(from->name) >= FORMAT_NAME_MAX)
			return -1;
		snprintf(field->name, sizeof(field->name), "%s", from->name);
		field->offset = (uint32_t)from->offset;
		field->size = (uint32_t)from->size;
		field->is_signed = !!(from->flags & TEP_FIELD_IS_SIGNED);
		field->is_array = !!(from->flags & TEP_FIELD_IS_ARRAY);
		field->is_dynamic = !!(from->flags & TEP_FIELD_IS_DYNAMIC);
		field->is_relative = !!(from->flags & TEP_FIELD_IS_RELATIVE);
	}
	return 0;
}

/* Answers format by format, so that the parent knows at which one it ended. */
static int answer_fields(const void *arg, int out)
{
	const struct fields_question *ask = arg;
	size_t i;

	for (i = 0; i < ask->nr; i++) {
		struct format_fields *answer = calloc(1, sizeof(*answer));
		char *text = without_print(ask->formats[i]->text);
		struct tep_event *event;

		if (!answer || !text)
			return -1;
		event = parse(ask->formats[i]->system, text);
		if (!event || add_fields(answer, event->format.common_fields) ||
		    add_fields(answer, event->format.fields))
			return -1;
		if (confined_write(out, &answer->nr, sizeof(answer->nr)) ||
		    confined_write(out, answer->fields, answer->nr * sizeof(answer->fields[0])))
			return -1;
	}
	return 0;
}

static int answer_flags(const void *arg, int out)
{
	const struct flags_question *ask = arg;
	const struct tep_print_flag_sym *flag;
	struct tep_event *event = parse(ask->format->system, ask->format->text);
	size_t nr;

	if (!event)
		return -1;
	flag = dictionary_find(event, ask->field, TEP_PRINT_FLAGS);
	for (nr = 0; flag && nr < FLAG_NAMES_MAX; flag = flag->next, nr++) {
		struct flag_name name = { .mask = strtoull(flag->value, NULL, 0) };

		snprintf(name.name, sizeof(name.name), "%s", flag->str);
		if (confined_write(out, &name, sizeof(name)))
			return -1;
	}
	return 0;
}

/* --- In the parent. --- */

static bool field_fits(const struct format_field *field)
{
	return memchr(field->name, '\0', sizeof(field->name)) && field->offset <= RECORD_MAX &&
	       field->size <= RECORD_MAX - field->offset;
}

struct format_fields *formats_take(const char **answer, size_t *left)
{
	struct format_fields *fields = calloc(1, sizeof(*fields));
	size_t size;
	uint32_t i;

	if (!fields || *left < sizeof(fields->nr))
		goto refuse;
	memcpy(&fields->nr, *answer, sizeof(fields->nr));
	size = fields->nr * sizeof(fields->fields[0]);
	if (fields->nr > FORMAT_FIELDS_MAX || *left - sizeof(fields->nr) < size)
		goto refuse;
	memcpy(fields->fields, *answer + sizeof(fields->nr), size);
	for (i = 0; i < fields->nr; i++)
		if (!field_fits(&fields->fields[i]))
			goto refuse;
	*answer += sizeof(fields->nr) + size;
	*left -= sizeof(fields->nr) + size;
	return fields;
refuse:
	free(fields);
	return NULL;
}

void formats_free(struct format_fields **parsed, size_t nr)
{
	size_t i;

	for (i = 0; parsed && i < nr; i++)
		free(parsed[i]);
	free(parsed);
}

static int say_refused(const struct format_text *format, const char *path, const char *why,
		       struct err *err)
{
	char name[FORMAT_NAME_MAX];
	uint16_t id;

	if (!format_head(format->text, name, &id))
		name[0] = '\0';
	return err_set(err, -EBADMSG,
		       "%s: offset %" PRIu64
		       ": expected the format of event %s:%s, found what does "
		       "not parse (the parser %s)",
		       path, format->offset, format->system, name, *why ? why : "gave no answer");
}

struct format_fields **formats_parse(const struct format_text *const *formats, size_t nr,
				     const char *path, struct err *err)
{
	struct fields_question ask = { formats, nr };
	struct format_fields **parsed = calloc(nr + 1, sizeof(struct format_fields *));
	char why[CONFINE_WHY_MAX];
	const char *next;
	void *answer = NULL;
	size_t len, i;
	int ret = 0;

	if (!parsed) {
		err_set(err, -ENOMEM, "%s: out of memory", path);
		return NULL;
	}
	if (nr)
		ret = confine_run(answer_fields, &ask, nr * sizeof(struct format_fields), &answer,
				  &len, why);
	if (ret)
		err_set(err, ret, "%s: the parser of event formats could not be started: %s", path,
			strerror(-ret));
	next = answer;
	for (i = 0; i < nr && !ret; i++) {
		parsed[i] = formats_take(&next, &len);
		if (!parsed[i])
			ret = say_refused(formats[i], path, why, err);
	}
	free(answer);
	if (!ret)
		return parsed;
	formats_free(parsed, nr);
	return NULL;
}

/* The end of a dictionary is { 0, NULL }; and what is printed later must be what the kernel has. */
static bool is_name(const struct flag_name *name)
{
	size_t i;

	if (!name->mask || !name->name[0] || !memchr(name->name, '\0', sizeof(name->name)))
		return false;
	for (i = 0; name->name[i]; i++)
		if (!isalnum((unsigned char)name->name[i]) && name->name[i] != '_')
			return false;
	return true;
}

size_t formats_flag_names(const struct format_text *format, const char *field,
			  struct flag_name names[FLAG_NAMES_MAX])
{
	struct flags_question ask = { format, field };
	char why[CONFINE_WHY_MAX];
	void *answer = NULL;
	size_t len, at, nr = 0;

	if (confine_run(answer_flags, &ask, FLAG_NAMES_MAX * sizeof(*names), &answer, &len, why))
		return 0;
	for (at = 0; !*why && at + sizeof(*names) <= len && nr < FLAG_NAMES_MAX;
	     at += sizeof(*names)) {
		memcpy(&names[nr], (const char *)answer + at, sizeof(*names));
		nr += is_name(&names[nr]);
	}
	free(answer);
	return nr;
}
