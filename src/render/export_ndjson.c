// SPDX-License-Identifier: GPL-2.0-or-later
/* One JSON object per line, one line per episode. */
#include "render/export_format.h"

static void put_episode(struct export *export, const struct export_row *row)
{
	struct sink *sink = &export->sink;
	const struct export_column *column;

	sink_byte(sink, '{');
	for (column = export_columns; column->name_len; column++) {
		struct value value = column->get(row, column->at);

		export_put_key(sink, column, column == export_columns);
		export_put_json(sink, &value);
	}
	sink_word(sink, "}\n");
}

const struct export_format export_ndjson = {
	.name = "ndjson",
	.episode = put_episode,
};
