// SPDX-License-Identifier: GPL-2.0-or-later
/* The page walker: every record lies inside the commit, times do not run back, and it ends. */
#include "capture/pages.h"
#include "fuzz.h"

#define PAGE 4096

static void walk(const struct page_layout *layout, const uint8_t *page)
{
	struct page_walk walk;
	struct page_head head;
	struct record rec;
	uint64_t last = 0;
	enum walk got;

	if (page_head(layout, page, &head))
		return;
	(void)page_rest_is_zero(layout, page, head.used < PAGE ? head.used : PAGE);
	page_begin(&walk, layout, page, &head, PAGE_TS_MAX);
	while ((got = page_next(&walk, &rec)) == WALK_RECORD) {
		if (rec.ts < last || rec.data < page + layout->data_at ||
		    rec.data + rec.len > page + layout->data_at + head.commit)
			abort();
		last = rec.ts;
	}
	if (got == WALK_DAMAGED && !walk.why)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *page = calloc(1, PAGE); /* on the heap: a byte too far is seen */
	bool be = size && data[0] & 1;
	uint32_t longs = size && data[0] & 2 ? 4 : 8;
	const struct page_layout layout = { PAGE, 8 + longs, longs, be };

	if (!page)
		abort();
	if (size > 1)
		memcpy(page, data + 1, size - 1 < PAGE ? size - 1 : PAGE);
	walk(&layout, page);
	free(page);
	return 0;
}
