// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The page: its own files (page/), the text report for who runs no script, and the JSON summary, from
 * which the page's script draws all that is seen. Nothing here knows what is in a summary.
 *
 * Texts of a capture are hostile. In HTML a summary is text in which no tag can begin or end.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/html.h"
#include "render/page.h"
#include "render/render.h"

struct escape {
	const char *bytes, *with;
};

/* In JSON these stand in strings only, so that the value is the same. */
static const struct escape json_escapes[] = {
	{ "<", "\\u003c" },
	{ ">", "\\u003e" },
	{ "&", "\\u0026" },
	{ "\xe2\x80\xa8", "\\u2028" }, /* lines end here for a script, though not for JSON */
	{ "\xe2\x80\xa9", "\\u2029" },
	{ NULL, NULL },
};

static const struct escape text_escapes[] = {
	{ "<", "&lt;" },
	{ ">", "&gt;" },
	{ "&", "&amp;" },
	{ NULL, NULL },
};

typedef int (*render_fn)(const struct summary *summary, FILE *out, struct err *err);

static const struct escape *escape_at(const struct escape *row, const char *at)
{
	for (; row->bytes; row++)
		if (!strncmp(at, row->bytes, strlen(row->bytes)))
			return row;
	return NULL;
}

static int check_out(FILE *out, struct err *err)
{
	return ferror(out) ? err_set(err, errno ? -errno : -EIO, "cannot write the page: %m") : 0;
}

static int write_escaped(const struct escape *escapes, const char *text, FILE *out, struct err *err)
{
	const char *at = text;

	errno = 0;
	while (*at) {
		size_t plain = strcspn(at, "<>&\xe2");
		const struct escape *row = escape_at(escapes, at + plain);

		fwrite(at, 1, plain, out);
		at += plain;
		if (row)
			fputs(row->with, out);
		else if (*at)
			putc(*at, out);
		if (*at)
			at += row ? strlen(row->bytes) : 1;
	}
	return check_out(out, err);
}

static int write_summary(render_fn render, const struct escape *escapes,
			 const struct summary *summary, FILE *out, struct err *err)
{
	char *text = NULL;
	size_t len;
	FILE *memory = open_memstream(&text, &len);
	int ret = memory ? render(summary, memory, err) : -ENOMEM;

	/* What was written is a string only when the stream is closed. */
	if (!memory || (fclose(memory) && !ret))
		ret = err_set(err, -ENOMEM, "out of memory for the page");
	if (!ret)
		ret = write_escaped(escapes, text, out, err);
	free(text);
	return ret;
}

static int write_part(const struct page_part *part, FILE *out, struct err *err)
{
	errno = 0;
	fwrite(part->bytes, 1, part->len, out);
	return check_out(out, err);
}

int render_html(const struct summary *summary, FILE *out, struct err *err)
{
	int ret = write_part(&page_parts[0], out, err);

	if (!ret)
		ret = write_summary(render_text, text_escapes, summary, out, err);
	if (!ret)
		ret = write_part(&page_parts[1], out, err);
	if (!ret)
		ret = write_summary(render_json, json_escapes, summary, out, err);
	if (!ret)
		ret = write_part(&page_parts[2], out, err);
	if (ret)
		return ret;
	fflush(out);
	return check_out(out, err);
}
