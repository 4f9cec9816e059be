// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * floor FILE: what reading cannot be faster than. Walks the pages of a version 6 capture, CPU after
 * CPU, and takes three fields of each event by a table of offsets and sizes: no merge, no meaning.
 * Reads in blocks, since touching a mapping for the first time costs more in many virtual machines.
 */
#include <unistd.h>

#include "extents.h"

#define PAGE  4096
#define BLOCK (64 * PAGE)

struct place {
	uint16_t offset, size;
};

static struct place table[65536][3];

static uint64_t take(const uint8_t *data, const struct place *place)
{
	uint64_t value = 0;

	memcpy(&value, data + place->offset, sizeof(value));
	return value << (64 - 8 * place->size) >> (64 - 8 * place->size);
}

static uint64_t walk(const uint8_t *page, uint64_t *nr)
{
	uint64_t ts, commit, sum = 0;
	const uint8_t *at = page + 16, *end;

	memcpy(&ts, page, 8);
	memcpy(&commit, page + 8, 8);
	commit &= 0xfffffff;
	if (commit > PAGE - 16)
		return 0;
	for (end = at + commit; at + 4 <= end;) {
		uint32_t head, type, len;
		const uint8_t *data = at + 4;
		uint16_t id;

		memcpy(&head, at, 4);
		type = head & 31;
		ts += head >> 5;
		if (type == 29)
			break;
		if (type >= 30) {
			at += 8;
			continue;
		}
		len = type * 4;
		if (!type) {
			memcpy(&len, data, 4);
			data += 4;
			len -= 4;
		}
		if (len > (size_t)(end - data) || len < 16)
			break;
		memcpy(&id, data, 2);
		sum += ts ^ take(data, &table[id][0]) ^ take(data, &table[id][1]) ^
		       take(data, &table[id][2]);
		(*nr)++;
		at = data + len;
	}
	return sum;
}

static uint64_t walk_extent(int fd, const struct extent *extent, uint8_t *block, uint64_t *nr)
{
	uint64_t done, sum = 0;
	ssize_t got, at;

	for (done = 0; done < extent->size; done += (uint64_t)got) {
		uint64_t left = extent->size - done;

		got = pread(fd, block, left < BLOCK ? left : BLOCK, (off_t)(extent->offset + done));
		if (got <= 0)
			err(1, "read");
		for (at = 0; at + PAGE <= got; at += PAGE)
			sum += walk(block + at, nr);
	}
	return sum;
}

int main(int argc, char **argv)
{
	const struct place common[3] = { { 0, 2 }, { 4, 4 }, { 8, 8 } };
	static uint8_t block[BLOCK + 8];
	struct container c;
	struct err why;
	uint64_t nr = 0, sum = 0;
	size_t i;

	if (argc != 2)
		errx(2, "usage: floor FILE");
	if (container_open(&c, argv[1], &why))
		errx(1, "%s", why.text);
	for (i = 0; i < 65536; i++)
		memcpy(table[i], common, sizeof(common));
	for (i = 0; i < c.nr_extents; i++)
		sum += walk_extent(c.file.fd, &c.extents[i], block, &nr);
	printf("%" PRIu64 " events, %" PRIx64 "\n", nr, sum);
	return 0;
}
