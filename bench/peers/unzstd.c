// SPDX-License-Identifier: GPL-2.0-or-later
/* unzstd FILE: unpacks the pages of a version 7 capture, chunk by chunk, and looks at none. */
#include "extents.h"

#include "capture/unpack.h"

static uint32_t number(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

int main(int argc, char **argv)
{
	uint8_t *room = malloc(CHUNK_MAX);
	uint64_t bytes = 0;
	struct mapped m;
	size_t i;

	if (argc != 2 || !room)
		errx(2, "usage: unzstd FILE");
	map_capture(&m, argv[1]);
	for (i = 0; i < m.c.nr_extents; i++) {
		const uint8_t *at = m.bytes + m.c.extents[i].offset;
		uint32_t nr = number(at);

		for (at += 4; nr--;) {
			uint32_t packed = number(at), size = number(at + 4);
			void *from = unpacker_room(m.c.unpacker, packed);

			if (!from || size > CHUNK_MAX)
				return 1;
			memcpy(from, at + 8, packed);
			if (unpack(m.c.unpacker, packed, room, size))
				return 1;
			bytes += size;
			at += 8 + packed;
		}
	}
	printf("%" PRIu64 " bytes\n", bytes);
	return 0;
}
