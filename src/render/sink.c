// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>

#include "render/clean.h"
#include "render/sink.h"

/* --- bytes --------------------------------------------------------------------------------- */

/* A buffer without a file keeps what fits. */
static void cut(struct sink *sink, const char *bytes)
{
	memcpy(sink->bytes + sink->len, bytes, SINK_ROOM - sink->len);
	sink->len = SINK_ROOM;
}

static void write_out(struct sink *sink, const char *bytes, size_t len)
{
	errno = 0;
	if (!sink->failed && len && fwrite(bytes, 1, len, sink->out) != len)
		sink->failed = errno ? -errno : -EIO;
}

static void empty(struct sink *sink)
{
	write_out(sink, sink->bytes, sink->len);
	sink->len = 0;
}

void sink_flush(struct sink *sink)
{
	empty(sink);
	errno = 0;
	if (!sink->failed && fflush(sink->out))
		sink->failed = errno ? -errno : -EIO;
}

void sink_bytes_slowly(struct sink *sink, const char *bytes, size_t len)
{
	if (!sink->out) {
		cut(sink, bytes);
		return;
	}
	empty(sink);
	if (len > SINK_ROOM)
		write_out(sink, bytes, len);
	else
		sink_bytes(sink, bytes, len);
}

/* --- numbers ------------------------------------------------------------------------------- */

#define DIGITS_MAX 20

static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233"
			    "34353637383940414243444546474849505152535455565758596061626364656667"
			    "6869707172737475767778798081828384858687888990919293949596979899";

/* Two digits at a time, which halves the divisions. */
void sink_u64(struct sink *sink, uint64_t value)
{
	char digits[DIGITS_MAX];
	size_t at = DIGITS_MAX;

	/* Most numbers of an episode are 0. */
	if (value < 10) {
		sink_byte(sink, (char)('0' + value));
		return;
	}
	while (value >= 100) {
		at -= 2;
		memcpy(digits + at, pairs + 2 * (value % 100), 2);
		value /= 100;
	}
	digits[--at] = pairs[2 * value + 1];
	if (value >= 10)
		digits[--at] = pairs[2 * value];
	sink_bytes(sink, digits + at, DIGITS_MAX - at);
}

void sink_i64(struct sink *sink, int64_t value)
{
	if (value < 0)
		sink_byte(sink, '-');
	sink_u64(sink, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void sink_hex(struct sink *sink, uint64_t value)
{
	static const char hex[] = "0123456789abcdef";
	char digits[2 + 16];
	size_t at = sizeof(digits);

	do
		digits[--at] = hex[value & 15];
	while (value >>= 4);
	digits[--at] = 'x';
	digits[--at] = '0';
	sink_bytes(sink, digits + at, sizeof(digits) - at);
}

void sink_us(struct sink *sink, int64_t ns)
{
	uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	uint64_t rest = size % 1000;
	const char point[] = { '.', (char)('0' + rest / 100), pairs[2 * (rest % 100)],
			       pairs[2 * (rest % 100) + 1] };

	if (ns < 0)
		sink_byte(sink, '-');
	sink_u64(sink, size / 1000);
	sink_bytes(sink, point, sizeof(point));
}

/* --- texts --------------------------------------------------------------------------------- */

/* What a format does with a character: false where it may stand as it is. */
typedef bool (*escape_fn)(struct sink *sink, const char *at, size_t len);

static void put_byte_in_hex(struct sink *sink, const char *before, unsigned char byte)
{
	static const char hex[] = "0123456789abcdef";
	const char digits[] = { hex[byte >> 4], hex[byte & 15] };

	sink_word(sink, before);
	sink_bytes(sink, digits, sizeof(digits));
}

/* Characters that no format quotes: all that is printable but " ' , ; and the backslash. */
static const bool plain[256] = {
	[' ' ... '!'] = true, ['#' ... '&'] = true, ['(' ... '+'] = true,
	['-' ... ':'] = true, ['<' ... '['] = true, [']' ... '~'] = true,
};

/* Runs of plain characters at once; `bad`: what stands before the two digits of a byte of no UTF-8. */
static void put_text(struct sink *sink, const char *text, const char *bad, escape_fn escape)
{
	while (*text) {
		size_t len = 0;

		while (plain[(unsigned char)text[len]])
			len++;
		sink_bytes(sink, text, len);
		text += len;
		if (!*text)
			break;
		len = clean_len(text);
		if (!len)
			put_byte_in_hex(sink, bad, (unsigned char)*text);
		else if (!escape(sink, text, len))
			sink_bytes(sink, text, len);
		text += len ? len : 1;
	}
}

/* As json-c writes them, which the summary is written with. */
static bool escape_json(struct sink *sink, const char *at, size_t len)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *known = len == 1 ? memchr(from, *at, sizeof(from) - 1) : NULL;

	if (known) {
		sink_byte(sink, '\\');
		sink_byte(sink, to[known - from]);
	} else if (len == 1 && (unsigned char)*at < 0x20) {
		put_byte_in_hex(sink, "\\u00", (unsigned char)*at);
	} else {
		return false;
	}
	return true;
}

void sink_json_part(struct sink *sink, const char *text)
{
	put_text(sink, text, "\\\\x", escape_json);
}

void sink_json(struct sink *sink, const char *text)
{
	sink_byte(sink, '"');
	sink_json_part(sink, text);
	sink_byte(sink, '"');
}

/* C1 controls are two bytes. */
static bool escape_control(struct sink *sink, const char *at, size_t len)
{
	size_t i;

	if (!clean_is_control(at, len))
		return false;
	for (i = 0; i < len; i++)
		put_byte_in_hex(sink, "\\x", (unsigned char)at[i]);
	return true;
}

/* Where a semicolon parts cells, in some languages, a formula could begin after it. */
static bool escape_semicolon(struct sink *sink, const char *at, size_t len)
{
	if (*at != ';')
		return escape_control(sink, at, len);
	put_byte_in_hex(sink, "\\x", ';');
	return true;
}

static bool escape_csv(struct sink *sink, const char *at, size_t len)
{
	if (*at == '"')
		sink_byte(sink, '"');
	return escape_semicolon(sink, at, len);
}

/* What may make a formula of a cell; controls do not get there. */
static bool is_formula(const char *text)
{
	return *text && strchr("=+-@'", *text);
}

/* Blanks at the ends are trimmed by some readers. */
static bool needs_quotes(const char *text)
{
	size_t len = strlen(text);

	return strpbrk(text, "\",") || *text == ' ' || (len && text[len - 1] == ' ');
}

void sink_csv(struct sink *sink, const char *text)
{
	bool quoted = needs_quotes(text);

	if (quoted)
		sink_byte(sink, '"');
	if (is_formula(text))
		sink_byte(sink, '\'');
	put_text(sink, text, "\\x", escape_csv);
	if (quoted)
		sink_byte(sink, '"');
}

void sink_frame(struct sink *sink, const char *text)
{
	put_text(sink, text, "\\x", escape_semicolon);
}
