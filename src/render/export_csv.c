// SPDX-License-Identifier: GPL-2.0-or-later
/* Comma-separated values as RFC 4180 describes them: a header, then a line per episode. */
#include "render/export_format.h"

static void begin(struct export *export)
{
	const struct export_column *column;

	for (column = export_columns; column->name_len; column++) {
		if (column != export_columns)
			sink_byte(&export->sink, ',');
		export_put_name(&export->sink, column);
	}
	sink_word(&export->sink, "\r\n");
}

/* A list in one field: its words are parted by blanks. */
static void put_reasons(struct sink *sink, uint64_t reasons)
{
	const char *between = "";
	enum exit_reason reason;

	for (reason = 0; reason < NR_EXITS; reason++) {
		if (!(reasons >> reason & 1))
			continue;
		sink_word(sink, between);
		sink_word(sink, exit_name(reason));
		between = " ";
	}
}

static void put_value(struct sink *sink, const struct value *value)
{
	if (value->kind == VALUE_NULL)
		return;
	if (value->kind == VALUE_TEXT)
		sink_csv(sink, value->text);
	else if (value->kind == VALUE_WORD)
		sink_word(sink, value->text);
	else if (value->kind == VALUE_HEX)
		sink_hex(sink, value->u64);
	else if (value->kind == VALUE_REASONS)
		put_reasons(sink, value->u64);
	else
		export_put_json(sink, value);
}

static void put_episode(struct export *export, const struct export_row *row)
{
	const struct export_column *column;

	for (column = export_columns; column->name_len; column++) {
		struct value value = column->get(row, column->at);

		if (column != export_columns)
			sink_byte(&export->sink, ',');
		put_value(&export->sink, &value);
	}
	sink_word(&export->sink, "\r\n");
}

const struct export_format export_csv = {
	.name = "csv",
	.begin = begin,
	.episode = put_episode,
};
