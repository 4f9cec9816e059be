// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every record of our own probes as the analysis reads it, one line each, in the order of time:
 *
 *	CPU TIME EVENT key=value...
 *
 * TIME in ns; gfp, alloc_flags and migratetype by the analysis' names, page as 1 or 0 (none). The
 * kernel's RELEASE decides what alloc_flags are called. Exit: 0, 1 refused or failed, 2 usage.
 */
#include <inttypes.h>
#include <stdio.h>

#include "capture/capture.h"
#include "kernel/flags.h"
#include "summary/gfp.h"
#include "summary/text.h"

static void print_alloc_flags(const struct event *ev, unsigned int release)
{
	char text[ALLOC_FLAGS_TEXT_MAX];

	kernel_alloc_flags_text(text, (uint32_t)event_get(ev, FIELD_ALLOC_FLAGS), release);
	printf(" alloc_flags=%s", text);
}

static void print_migratetype(const struct event *ev)
{
	int64_t migratetype = (int64_t)event_get(ev, FIELD_MIGRATETYPE);
	const char *name = kernel_migratetype_name(migratetype);

	if (name)
		printf(" migratetype=%s", name);
	else
		printf(" migratetype=%" PRId64, migratetype);
}

static void print_event(const struct event *ev, const struct capture_info *info,
			struct text_list *texts, unsigned int release)
{
	printf("%" PRIu32 " %" PRIu64 " %s", ev->cpu, ev->ts_ns, kernel_event_name(ev->kind));
	if (event_has(ev, FIELD_GFP))
		printf(" gfp=%s", gfp_text(texts, info->gfp_names, info->nr_gfp_names,
					   event_get(ev, FIELD_GFP)));
	if (event_has(ev, FIELD_ALLOC_FLAGS))
		print_alloc_flags(ev, release);
	if (event_has(ev, FIELD_MIGRATETYPE))
		print_migratetype(ev);
	if (event_has(ev, FIELD_PAGE))
		printf(" page=%d", event_get(ev, FIELD_PAGE) != 0);
	putchar('\n');
}

static int print_all(struct capture *cap, unsigned int release, struct err *err)
{
	const struct capture_info *info = capture_info(cap);
	struct text_list texts = { 0 };
	const struct event *ev;
	int ret;

	capture_tell_apart(cap);
	while ((ret = capture_next(cap, &ev, err)) > 0)
		if (ev->kind >= EV_SLOW_ENTER && ev->kind <= EV_WARN_ALLOC)
			print_event(ev, info, &texts, release);
	texts_free(&texts);
	return ret;
}

int main(int argc, char **argv)
{
	struct capture *cap;
	struct err err;
	int ret = -1;

	if (argc != 3) {
		fprintf(stderr, "usage: %s FILE RELEASE\n", argv[0]);
		return 2;
	}
	cap = capture_open(argv[1], &err);
	if (cap)
		ret = print_all(cap, kernel_release(argv[2]), &err);
	if (ret)
		fprintf(stderr, "%s\n", err.text);
	capture_close(cap);
	return ret || fflush(stdout) ? 1 : 0;
}
