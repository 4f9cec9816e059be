// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "kernel/alloc_flags.h"
#include "names.h"
#include "value.h"
#include "words.h"

#define NR_OF(table) (sizeof(table) / sizeof((table)[0]))

/* --- What the event means. --- */

struct sentence {
	enum ev_kind kind;
	const char *text;
	const char *asks;	  /* the field that decides how it went, where it is there: */
	const char *zero, *other; /* what is said then */
};

static const struct sentence sentences[] = {
	{ EV_SLOW_ENTER, "enters the slowpath", NULL, NULL, NULL },
	{ EV_SLOW_EXIT, "leaves the slowpath", "page", ", failed", ", ok" },
	{ EV_FAST_NULL, "fast attempt", "page", ", no page, enters the slowpath", ", ok" },
	{ EV_ATTEMPT_ENTER, "attempt", NULL, NULL, NULL },
	{ EV_ATTEMPT_EXIT, "attempt", "page", ", no page", ", ok" },
	{ EV_ALLOC_ENTER, "allocation begins", NULL, NULL, NULL },
	{ EV_ALLOC_EXIT, "allocation ends", "page", ", failed", ", ok" },
	{ EV_DIRECT_COMPACT, "direct compaction", NULL, NULL, NULL },
	{ EV_UNRESERVE_HIGHATOMIC, "asks for a block of the atomic reserve", NULL, NULL, NULL },
	{ EV_UNRESERVED, "atomic reserve", "freed", ", gave nothing", ", gave a block" },
	{ EV_DRAIN_ALL_PAGES, "drains the pages kept by CPUs", "zone", ", all zones",
	  ", one zone" },
	{ EV_OUT_OF_MEMORY, "out of memory", "memcg", ", the system", ", a memory cgroup" },
	{ EV_WARN_ALLOC, "the kernel's warning of an allocation", NULL, NULL, NULL },
};

static const struct sentence *sentence_of(enum ev_kind kind)
{
	size_t i;

	for (i = 0; i < NR_OF(sentences); i++)
		if (sentences[i].kind == kind)
			return &sentences[i];
	return NULL;
}

static const char *attempt_sort(uint64_t alloc_flags)
{
	if (alloc_flags_are_nolock(alloc_flags))
		return "nolock ";
	return alloc_flags_are_fast(alloc_flags) ? "fast " : "";
}

static const char *attempt_watermark(uint64_t alloc_flags)
{
	static const char *const places[] = { " at the min watermark", " at the low watermark",
					      " at the high watermark", " at the promo watermark" };

	if (alloc_flags & ALLOC_NO_WATERMARKS)
		return " without watermarks";
	return places[alloc_flags & ALLOC_WMARK_MASK];
}

static void put_sentence(struct trace_seq *s, const struct tep_record *record,
			 struct tep_event *event, enum ev_kind kind)
{
	const struct sentence *sentence = sentence_of(kind);
	const char *before = "", *after = "", *end = "";
	uint64_t number;

	if (!sentence)
		return;
	if ((kind == EV_ATTEMPT_ENTER || kind == EV_ATTEMPT_EXIT) &&
	    value_named(record, event, "alloc_flags", &number)) {
		before = attempt_sort(number);
		after = attempt_watermark(number);
	}
	if (sentence->asks && value_named(record, event, sentence->asks, &number))
		end = number ? sentence->other : sentence->zero;
	trace_seq_printf(s, "%s%s%s%s:", before, sentence->text, after, end);
}

/* --- Its fields. --- */

static void put_address(struct trace_seq *s, struct tep_handle *tep, uint64_t value)
{
	(void)tep;
	trace_seq_printf(s, "0x%" PRIx64, value);
}

/* How probes.c has the kernel fetch them says what they are; a format knows only sizes. */
static const struct column {
	const char *field, *label;
	void (*put)(struct trace_seq *s, struct tep_handle *tep, uint64_t value);
} columns[] = {
	{ "gfp", "gfp", names_put_gfp },
	{ "alloc_flags", "alloc_flags", names_put_alloc_flags },
	{ "migratetype", "migratetype", names_put_migratetype },
	{ "highest_zone", "highest_zone", names_put_zone_index },
	{ "page", "page", put_address },
	{ "ac", "ac", put_address },
	{ "sp", "sp", put_address },
	{ "caller", "caller", put_address },
	{ "zone", "zone", put_address },
	{ "memcg", "memcg", put_address },
	{ "__probe_ip", "at", put_address },
	{ "__probe_func", "of", put_address },
	{ "__probe_ret_ip", "caller", put_address },
};

static const struct column *column_of(const char *field)
{
	size_t i;

	for (i = 0; i < NR_OF(columns); i++)
		if (!strcmp(columns[i].field, field))
			return &columns[i];
	return NULL;
}

static void put_number(struct trace_seq *s, const struct tep_format_field *field, uint64_t value)
{
	const struct column *column = column_of(field->name);

	trace_seq_printf(s, " %s=", column ? column->label : field->name);
	if (column)
		column->put(s, field->event->tep, value);
	else if (field->flags & TEP_FIELD_IS_SIGNED)
		trace_seq_printf(s, "%" PRId64, (int64_t)value);
	else
		trace_seq_printf(s, "%" PRIu64, value);
}

/* A task may call itself anything: what a terminal would obey is written as \xNN. */
static void put_text(struct trace_seq *s, const struct tep_format_field *field, const char *text,
		     size_t len)
{
	trace_seq_printf(s, " %s=\"", field->name);
	for (; len--; text++) {
		if (*text >= 0x20 && *text < 0x7f && *text != '"' && *text != '\\')
			trace_seq_putc(s, (unsigned char)*text);
		else
			trace_seq_printf(s, "\\x%02x", (unsigned char)*text);
	}
	trace_seq_putc(s, '"');
}

/* What is neither a number nor a string, or lies outside the record, is left out. */
static void put_field(struct trace_seq *s, const struct tep_record *record,
		      const struct tep_format_field *field)
{
	uint64_t value;
	const char *text;
	size_t len;

	if (value_number(record, field, &value)) {
		put_number(s, field, value);
		return;
	}
	text = value_text(record, field, &len);
	if (text)
		put_text(s, field, text, len);
}

void words_put(struct trace_seq *s, const struct tep_record *record, struct tep_event *event,
	       enum ev_kind kind)
{
	const struct tep_format_field *field;

	put_sentence(s, record, event, kind);
	for (field = event->format.fields; field; field = field->next)
		put_field(s, record, field);
}
