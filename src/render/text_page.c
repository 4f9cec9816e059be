// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/text_page.h"

/* A fold leaves at least so much room for what goes on. */
#define ROOM_MIN 24

FILE *text_begin(struct text_page *page)
{
	*page = (struct text_page){ 0 };
	page->file = open_memstream(&page->bytes, &page->len);
	return page->file;
}

/* --- marks --------------------------------------------------------------------------------- */

static bool is_mark(char c)
{
	return c >= *MARK_HEAD && c <= *MARK_END;
}

static void put_mark(char mark, const struct text_style *style, FILE *out)
{
	static const char *const codes[] = { "1", "31", "32", "33", "0" };

	if (style->colour)
		fprintf(out, "\033[%sm", codes[mark - *MARK_HEAD]);
}

static void put_part(const char *from, const char *to, const struct text_style *style, FILE *out)
{
	for (; from < to; from++)
		if (is_mark(*from))
			put_mark(*from, style, out);
		else
			putc(*from == *MARK_TIE ? ' ' : *from, out);
}

/* --- folding ------------------------------------------------------------------------------- */

/* Bytes that begin a column: neither a mark nor the rest of a character of UTF-8. */
static bool is_column(char c)
{
	return !is_mark(c) && ((unsigned char)c & 0xc0) != 0x80;
}

static unsigned int columns(const char *from, const char *to)
{
	unsigned int nr = 0;

	for (; from < to; from++)
		nr += is_column(*from);
	return nr;
}

/* After the last blank, or bar between flags, up to which the line fits; NULL: there is none. */
static const char *fold_at(const char *line, const char *end, unsigned int width)
{
	const char *at, *fold = NULL;
	unsigned int column = 0;
	bool text = false;

	for (at = line; at < end && column <= width; at++) {
		if (text && (*at == ' ' || (at > line && at[-1] == '|')))
			fold = at;
		text |= *at != ' ' && !is_mark(*at);
		column += is_column(*at);
	}
	return fold;
}

/* What goes on stands under the last column before the fold: the one after two blanks. */
static unsigned int indent_of(const char *line, const char *fold, unsigned int width)
{
	const char *at, *column = line;
	unsigned int indent;

	for (at = line; at + 2 < fold; at++)
		if (at[0] == ' ' && at[1] == ' ' && at[2] != ' ')
			column = at + 2;
	indent = columns(line, column);
	return indent + ROOM_MIN <= width ? indent : 4;
}

static void put_line(const char *line, const char *end, const struct text_style *style, FILE *out)
{
	unsigned int indent = 0, first = 0;
	const char *fold;

	while (style->width && indent + columns(line, end) > style->width) {
		fold = fold_at(line, end, style->width - indent);
		if (!fold)
			break;
		if (!first)
			first = indent_of(line, fold, style->width);
		put_part(line, fold, style, out);
		for (line = fold; line < end && *line == ' '; line++)
			;
		indent = first;
		fprintf(out, "\n%*s", (int)indent, "");
	}
	put_part(line, end, style, out);
	putc('\n', out);
}

static char *styled(const struct text_page *page, const struct text_style *style, size_t *len)
{
	const char *line = page->bytes, *end;
	char *bytes = NULL;
	FILE *out = open_memstream(&bytes, len);

	if (!out)
		return NULL;
	for (; (end = strchr(line, '\n')); line = end + 1)
		put_line(line, end, style, out);
	if (!fclose(out))
		return bytes;
	free(bytes);
	return NULL;
}

int text_end(struct text_page *page, const struct text_style *style, FILE *out, const char *what,
	     struct err *err)
{
	bool whole = page->file && !fclose(page->file);
	size_t len = 0;
	char *bytes = whole ? styled(page, style, &len) : NULL;
	int ret = 0;

	errno = 0;
	if (!bytes)
		ret = err_set(err, -ENOMEM, "out of memory for the %s", what);
	else if (fwrite(bytes, 1, len, out) != len || fflush(out))
		ret = err_set(err, errno ? -errno : -EIO, "cannot write the %s: %m", what);
	free(bytes);
	free(page->bytes);
	return ret;
}
