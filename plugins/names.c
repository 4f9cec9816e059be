// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "capture/dictionary.h"
#include "kernel/age.h"
#include "kernel/events.h"
#include "kernel/flags.h"
#include "names.h"

/* What one event prints for its field of this kind, under any of the names that it has had. */
static const struct tep_print_flag_sym *dictionary_in(const struct tep_event *event,
						      const struct field_rule *rule,
						      enum tep_print_arg_type type)
{
	const struct tep_print_flag_sym *found = NULL;
	size_t i;

	for (i = 0; i < EV_NAMES_MAX && rule->names[i] && !found; i++)
		found = dictionary_find(event, rule->names[i], type);
	return found;
}

/* The first tracepoint of the file that prints a field of this kind so, or NULL. */
static const struct tep_print_flag_sym *dictionary_of(struct tep_handle *tep, enum ev_field kind,
						      enum tep_print_arg_type type)
{
	const struct tep_print_flag_sym *found = NULL;
	const struct tep_event *event;
	const struct event_rule *rule;
	size_t nr, i;

	for (rule = kernel_event_rules(&nr); nr-- && !found; rule++) {
		event = rule->system ? tep_find_event_by_name(tep, rule->system, rule->name) : NULL;
		for (i = 0; event && !found && i < EV_FIELDS_MAX && rule->fields[i].names[0]; i++)
			if (rule->fields[i].field == kind)
				found = dictionary_in(event, &rule->fields[i], type);
	}
	return found;
}

/* A name of the kernel's: the file may hold anything in its place. */
static bool is_plain(const char *text)
{
	const char *c;

	for (c = text; c && *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '_')
			return false;
	return text && *text;
}

static bool entry_value(const struct tep_print_flag_sym *entry, uint64_t *value)
{
	if (!entry->value || !is_plain(entry->str))
		return false;
	*value = strtoull(entry->value, NULL, 0);
	return true;
}

/*
 * As trace_print_flags_seq (kernel/trace/trace_output.c, 5.10 to 7.3): the first mask whose bits are
 * all there takes them away.
 */
void names_put_gfp(struct trace_seq *s, struct tep_handle *tep, uint64_t gfp)
{
	const struct tep_print_flag_sym *entry = NULL;
	const char *between = "";
	uint64_t rest = gfp;
	uint64_t mask;

	if (!gfp)
		trace_seq_puts(s, "none");
	else
		entry = dictionary_of(tep, FIELD_GFP, TEP_PRINT_FLAGS);
	for (; entry && rest; entry = entry->next) {
		if (!entry_value(entry, &mask) || !mask || (rest & mask) != mask)
			continue;
		trace_seq_printf(s, "%s%s", between, entry->str);
		between = "|";
		rest &= ~mask;
	}
	if (rest)
		trace_seq_printf(s, "%s0x%" PRIx64, between, rest);
}

static bool sign_is_there(struct tep_handle *tep, const struct age_sign *sign)
{
	struct tep_event *event = tep_find_event_by_name(tep, sign->system, sign->event);
	const struct tep_format_field *field = event ? tep_find_field(event, sign->field) : NULL;

	if (!event || sign->lacks)
		return event && !field;
	return field && (!sign->size || sign->size == field->size);
}

/* The releases that this capture may come from, as far as its formats tell. */
static struct release_range age_of(struct tep_handle *tep)
{
	struct release_range range = { 0, 0 };
	const struct age_sign *sign;
	size_t nr;

	for (sign = kernel_age_signs(&nr); nr--; sign++) {
		if (!sign_is_there(tep, sign))
			continue;
		if (sign->range.from > range.from)
			range.from = sign->range.from;
		if (sign->range.before && (!range.before || sign->range.before < range.before))
			range.before = sign->range.before;
	}
	return range;
}

void names_put_alloc_flags(struct trace_seq *s, struct tep_handle *tep, uint64_t alloc_flags)
{
	char text[ALLOC_FLAGS_LONG_MAX];

	kernel_alloc_flags_long(text, alloc_flags, age_of(tep));
	trace_seq_puts(s, text);
}

void names_put_migratetype(struct trace_seq *s, struct tep_handle *tep, uint64_t migratetype)
{
	const char *name = kernel_migratetype_name((int64_t)migratetype);

	(void)tep;
	if (name)
		trace_seq_puts(s, name);
	else
		trace_seq_printf(s, "%" PRId64, (int64_t)migratetype);
}

void names_put_zone_index(struct trace_seq *s, struct tep_handle *tep, uint64_t zone)
{
	const struct tep_print_flag_sym *entry = dictionary_of(tep, FIELD_ZONE, TEP_PRINT_SYMBOL);
	uint64_t value;

	for (; entry; entry = entry->next)
		if (entry_value(entry, &value) && value == zone)
			break;
	if (entry)
		trace_seq_puts(s, entry->str);
	else
		trace_seq_printf(s, "%" PRIu64, zone);
}
