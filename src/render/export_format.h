/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a format of `export` is: a row of a table, one small file each. To add one: a file with a
 * struct export_format, its name in export.c, a section in docs/export.md.
 */
#ifndef PAGETRAIL_RENDER_EXPORT_FORMAT_H
#define PAGETRAIL_RENDER_EXPORT_FORMAT_H

#include <stdbool.h>

#include "render/export.h"
#include "render/sink.h"

/* An episode, and what can be told of it. */
struct export_row {
	const struct episode_view *view;
	const struct episode *ep; /* that of the view */
	const struct sight *sight;
};

struct export
{
	const struct export_format *format;
	uint64_t nr_episodes;
	void *own;  /* of the format */
	int failed; /* 0 or a negative errno: what is no failure of the sink */
	struct sink sink;
};

/* Any of the functions may be NULL. What fails is kept in the sink, or in `failed`. */
struct export_format {
	const char *name;
	size_t own_size; /* of what `own` points to, all zero at first; 0: nothing */
	void (*begin)(struct export *export);
	void (*episode)(struct export *export, const struct export_row *row);
	/* An interval of the timeline, after the last episode. */
	void (*sample)(struct export *export, const struct summary *summary,
		       const struct sight *sight, const struct timeline_row *row);
	void (*end)(struct export *export, const struct summary *summary,
		    const struct sight *sight);
	void (*free)(void *own); /* what it points to, not itself */
};

extern const struct export_format export_perfetto, export_ndjson, export_csv, export_folded;

/* --- the columns of an episode, for formats that have them ---------------------------------- */

enum value_kind {
	VALUE_NULL, /* not known */
	VALUE_U64,
	VALUE_I64,
	VALUE_BOOL,
	VALUE_WORD,    /* one of ours: needs no quoting but that of its type */
	VALUE_TEXT,    /* of the capture: hostile */
	VALUE_HEX,     /* a text: 0x... */
	VALUE_REASONS, /* bit per enum exit_reason */
};

struct value {
	enum value_kind kind;
	union {
		uint64_t u64;
		int64_t i64;
		const char *text;
	};
};

#define EXPORT_KEY_MAX 24

struct export_column {
	char json[EXPORT_KEY_MAX]; /* ,"name": and zeros; not terminated if it takes all */
	size_t name_len;	   /* 0: the end of the table */
	struct value (*get)(const struct export_row *row, size_t at);
	size_t at; /* what `get` needs to know */
};

extern const struct export_column export_columns[];

#define EXPORT_KEY_EXTRA 4 /* of `json` beside the name: the comma, the quotes, the colon */

static inline void export_put_name(struct sink *sink, const struct export_column *column)
{
	sink_bytes(sink, column->json + 2, column->name_len);
}

/* ,"name": and without the comma for the first one of an object. */
static inline void export_put_key(struct sink *sink, const struct export_column *column, bool first)
{
	if (first)
		sink_bytes(sink, column->json + 1, column->name_len + EXPORT_KEY_EXTRA - 1);
	else
		sink_padded(sink, column->json, EXPORT_KEY_MAX,
			    column->name_len + EXPORT_KEY_EXTRA);
}

/* A value as JSON. */
void export_put_json(struct sink *sink, const struct value *value);

#endif
