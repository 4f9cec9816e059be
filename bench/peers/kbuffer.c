// SPDX-License-Identifier: GPL-2.0-or-later
/* kbuffer FILE: the pages of a version 6 capture through libtraceevent's kbuffer, with three fields. */
#include <event-parse.h>
#include <kbuffer.h>

#include "extents.h"

#define PAGE 4096

static uint64_t sum_of(const uint8_t *data)
{
	uint16_t id;
	uint32_t pid;
	uint64_t first;

	memcpy(&id, data, sizeof(id));
	memcpy(&pid, data + 4, sizeof(pid));
	memcpy(&first, data + 8, sizeof(first));
	return id ^ pid ^ first;
}

int main(int argc, char **argv)
{
	struct kbuffer *kbuf = kbuffer_alloc(KBUFFER_LSIZE_8, KBUFFER_ENDIAN_LITTLE);
	struct mapped m;
	uint64_t nr = 0, sum = 0;
	size_t i, at;

	if (argc != 2 || !kbuf)
		errx(2, "usage: kbuffer FILE");
	map_capture(&m, argv[1]);
	for (i = 0; i < m.c.nr_extents; i++)
		for (at = 0; at + PAGE <= m.c.extents[i].size; at += PAGE) {
			unsigned long long ts;
			void *data;

			kbuffer_load_subbuffer(kbuf,
					       (void *)(m.bytes + m.c.extents[i].offset + at));
			for (data = kbuffer_read_event(kbuf, &ts); data;
			     data = kbuffer_next_event(kbuf, &ts)) {
				sum += ts ^ sum_of(data);
				nr++;
			}
		}
	printf("%" PRIu64 " events, %" PRIx64 "\n", nr, sum);
	kbuffer_free(kbuf);
	return 0;
}
