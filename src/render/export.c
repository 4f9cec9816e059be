// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/export_format.h"

static const struct export_format *const formats[] = {
	&export_perfetto,
	&export_ndjson,
	&export_csv,
	&export_folded,
};

const struct export_format *export_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

static int verdict(const struct export *export, struct err *err)
{
	if (export->failed)
		return err_set(err, export->failed, "out of memory for the export");
	if (!export->sink.failed)
		return 0;
	errno = -export->sink.failed;
	return err_set(err, export->sink.failed, "cannot write the export: %m");
}

struct export *export_new(const struct export_format *format, FILE *out, struct err *err)
{
	struct export *export = calloc(1, sizeof(*export));
	void *own = format->own_size ? calloc(1, format->own_size) : NULL;

	if (!export || (format->own_size && !own)) {
		free(export);
		free(own);
		err_set(err, -ENOMEM, "out of memory for the export");
		return NULL;
	}
	export->format = format;
	export->own = own;
	export->sink.out = out;
	if (format->begin)
		format->begin(export);
	return export;
}

void export_free(struct export *export)
{
	if (!export)
		return;
	if (export->format->free)
		export->format->free(export->own);
	free(export->own);
	free(export);
}

int export_episode(struct export *export, const struct episode_view *view,
		   const struct sight *sight, struct err *err)
{
	const struct export_row row = { view, view->episode, sight };

	export->nr_episodes++;
	export->format->episode(export, &row);
	return verdict(export, err);
}

int export_end(struct export *export, const struct summary *summary, const struct sight *sight,
	       struct err *err)
{
	const struct export_format *format = export->format;
	size_t i;

	for (i = 0; format->sample && i < summary->nr_timeline; i++)
		format->sample(export, summary, sight, &summary->timeline[i]);
	if (format->end)
		format->end(export, summary, sight);
	sink_flush(&export->sink);
	return verdict(export, err);
}

uint64_t export_nr_episodes(const struct export *export)
{
	return export->nr_episodes;
}
