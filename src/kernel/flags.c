// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Evidence of the alloc_flags rows: mm/internal.h of 5.10.262 (lines 587 to 615), 6.1.176 (757 to
 * 794), 6.6.87 (880 to 917), 6.12.107 (1194 to 1231), 6.18.15 (1259 to 1297), 7.1.13, 7.2.13, and
 * mm/page_alloc.h of 7.3.4, read on 2026-11-23. A name holds from the release after the last one
 * that was read without it: a bit that a release in between does not use is never set there.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kernel/flags.h"

#define WMARK_MASK 0x3U /* an index, not bits: enum zone_watermarks */

struct flag_row {
	uint32_t mask, value;
	const char *name;
	unsigned int from, before; /* releases, the second excluded; 0: no limit */
};

static const struct flag_row alloc_flag_rows[] = {
	{ WMARK_MASK, 0x0, "WMARK_MIN", 0, 0 },
	{ WMARK_MASK, 0x1, "WMARK_LOW", 0, 0 },
	{ WMARK_MASK, 0x2, "WMARK_HIGH", 0, 0 },
	/* In the enum, but get_page_from_freelist is never asked for it. */
	{ WMARK_MASK, 0x3, "WMARK_PROMO", RELEASE(5, 11), 0 },
	{ 0x0004, 0x0004, "NO_WATERMARKS", 0, 0 },
	{ 0x0008, 0x0008, "OOM", 0, 0 },
	/* 6.1.176 has the new names by backport; the first releases of 6.1 had the old ones. */
	{ 0x0010, 0x0010, "HARDER", 0, RELEASE(5, 11) },
	{ 0x0010, 0x0010, "NON_BLOCK", RELEASE(5, 11), 0 },
	{ 0x0020, 0x0020, "HIGH", 0, RELEASE(5, 11) },
	{ 0x0020, 0x0020, "MIN_RESERVE", RELEASE(5, 11), 0 },
	{ 0x0040, 0x0040, "CPUSET", 0, 0 },
	{ 0x0080, 0x0080, "CMA", 0, 0 },
	{ 0x0100, 0x0100, "NOFRAGMENT", 0, 0 },
	{ 0x0200, 0x0200, "HIGHATOMIC", RELEASE(5, 11), 0 },
	{ 0x0400, 0x0400, "TRYLOCK", RELEASE(6, 13), RELEASE(7, 3) },
	{ 0x0400, 0x0400, "NOLOCK", RELEASE(7, 3), 0 },
	{ 0x0800, 0x0800, "KSWAPD", 0, 0 },
	{ 0x1000, 0x1000, "NO_CODETAG", RELEASE(7, 3), 0 },
};

unsigned int kernel_release(const char *text)
{
	unsigned int major, minor;

	if (sscanf(text, "%3u.%3u", &major, &minor) != 2)
		return 0;
	return RELEASE(major, minor);
}

static bool row_holds(const struct flag_row *row, unsigned int release)
{
	if (!release)
		return !row->from && !row->before;
	return release >= row->from && (!row->before || release < row->before);
}

void kernel_alloc_flags_text(char *buf, uint32_t alloc_flags, unsigned int release)
{
	uint32_t rest = alloc_flags;
	size_t len = 0;
	size_t i;

	buf[0] = '\0';
	for (i = 0; i < sizeof(alloc_flag_rows) / sizeof(alloc_flag_rows[0]); i++) {
		const struct flag_row *row = &alloc_flag_rows[i];

		if ((alloc_flags & row->mask) != row->value || !row_holds(row, release))
			continue;
		len += (size_t)snprintf(buf + len, ALLOC_FLAGS_TEXT_MAX - len, "%s%s",
					len ? "|" : "", row->name);
		rest &= ~row->mask;
	}
	if (rest)
		snprintf(buf + len, ALLOC_FLAGS_TEXT_MAX - len, "%s0x%" PRIx32, len ? "|" : "",
			 rest);
}

static bool row_may_hold(const struct flag_row *row, struct release_range range)
{
	return (!range.before || row->from < range.before) &&
	       (!row->before || range.from < row->before);
}

/* Would another release of the range call the same bits otherwise? */
static bool is_disputed(const struct flag_row *row, struct release_range range)
{
	size_t i;

	for (i = 0; i < sizeof(alloc_flag_rows) / sizeof(alloc_flag_rows[0]); i++) {
		const struct flag_row *other = &alloc_flag_rows[i];

		if (other != row && other->mask == row->mask && other->value == row->value &&
		    row_may_hold(other, range))
			return true;
	}
	return false;
}

void kernel_alloc_flags_long(char *buf, uint64_t alloc_flags, struct release_range range)
{
	uint64_t rest = alloc_flags;
	size_t len = 0;
	size_t i;

	buf[0] = '\0';
	for (i = 0; i < sizeof(alloc_flag_rows) / sizeof(alloc_flag_rows[0]); i++) {
		const struct flag_row *row = &alloc_flag_rows[i];

		if ((alloc_flags & row->mask) != row->value || !row_may_hold(row, range) ||
		    is_disputed(row, range))
			continue;
		len += (size_t)snprintf(buf + len, ALLOC_FLAGS_LONG_MAX - len, "%sALLOC_%s",
					len ? "|" : "", row->name);
		rest &= ~(uint64_t)row->mask;
	}
	if (rest)
		snprintf(buf + len, ALLOC_FLAGS_LONG_MAX - len, "%s0x%" PRIx64, len ? "|" : "",
			 rest);
}

static const char *name_at(const char *const *names, size_t nr, int64_t value)
{
	return value >= 0 && (uint64_t)value < nr ? names[value] : NULL;
}

/* include/linux/compaction.h, COMPACTION_STATUS of include/trace/events/mmflags.h: 5.10 to 7.3. */
const char *kernel_compact_result_name(int64_t result)
{
	static const char *const names[] = {
		"not_suitable_zone", "skipped",		"deferred",  "no_suitable_page", "continue",
		"complete",	     "partial_skipped", "contended", "success",
	};

	return name_at(names, sizeof(names) / sizeof(names[0]), result);
}

/* migratetype_names of mm/page_alloc.c, 5.10 to 7.3; from 4 on it depends on CONFIG_CMA. */
const char *kernel_migratetype_name(int64_t migratetype)
{
	static const char *const names[] = { "Unmovable", "Movable", "Reclaimable", "HighAtomic" };

	return name_at(names, sizeof(names) / sizeof(names[0]), migratetype);
}
