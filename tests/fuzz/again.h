/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The law of what is read back: it shows, as JSON and as text, the same bytes as what was written. */
#ifndef PAGETRAIL_TESTS_AGAIN_H
#define PAGETRAIL_TESTS_AGAIN_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "readback/readback.h"
#include "render/render.h"

struct shown {
	char *json, *text;
	size_t json_len, text_len;
};

static inline void again_show(const struct summary *summary, struct shown *shown)
{
	FILE *json = open_memstream(&shown->json, &shown->json_len);
	FILE *text = open_memstream(&shown->text, &shown->text_len);
	struct err err;

	if (!json || !text || render_json(summary, json, &err) || render_text(summary, text, &err) ||
	    fclose(json) || fclose(text))
		abort();
}

static inline void again_free(struct shown *shown)
{
	free(shown->json);
	free(shown->text);
}

/* False when it is refused, which takes a sentence. */
static inline bool again_read(const void *bytes, size_t len, struct shown *shown)
{
	struct summary summary = { 0 };
	struct err err = { "" };
	int fd = memfd_create("json", MFD_CLOEXEC);
	bool good;

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		abort();
	good = !readback_json(fd, "json", &summary, &err);
	if (good)
		again_show(&summary, shown);
	else if (!*err.text)
		abort();
	summary_free(&summary);
	close(fd);
	return good;
}

/* Tells on stderr where two texts differ first. */
static inline bool again_equal(const char *one, const char *other)
{
	size_t at = 0, from;

	while (one[at] && one[at] == other[at])
		at++;
	if (one[at] == other[at])
		return true;
	from = at > 80 ? at - 80 : 0;
	fprintf(stderr, "written: ...%.120s...\nread back: ...%.120s...\n", one + from, other + from);
	return false;
}

static inline bool again_is_same(const struct shown *first)
{
	struct shown again;
	bool same;

	if (!again_read(first->json, first->json_len, &again)) {
		fprintf(stderr, "written, but refused: ...%.300s...\n", first->json);
		return false;
	}
	same = again_equal(first->json, again.json) && again_equal(first->text, again.text);
	again_free(&again);
	return same;
}

#endif
