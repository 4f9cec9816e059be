// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"

#define NR_MAX_LIMIT (1U << 28)

/* The finaliser of a 64-bit mixing function: each input bit reaches each output bit. */
static uint32_t mix(uint64_t key)
{
	key ^= key >> 33;
	key *= 0xff51afd7ed558ccdULL;
	key ^= key >> 33;
	key *= 0xc4ceb9fe1a85ec53ULL;
	return (uint32_t)(key ^ (key >> 33));
}

int hash_init(struct hash *hash, uint32_t nr_max)
{
	uint32_t size = 16;

	if (!nr_max || nr_max > NR_MAX_LIMIT)
		return -EINVAL;
	while (size < nr_max * 2)
		size *= 2;
	hash->slots = calloc(size, sizeof(*hash->slots));
	if (!hash->slots)
		return -ENOMEM;
	hash->mask = size - 1;
	hash->nr = 0;
	hash->nr_max = nr_max;
	return 0;
}

void hash_free(struct hash *hash)
{
	free(hash->slots);
	hash->slots = NULL;
}

/* The slot that holds the key, or the free slot where it would go: one is always free. */
static uint32_t slot_of(const struct hash *hash, uint64_t key)
{
	uint32_t at = mix(key) & hash->mask;

	while (hash->slots[at].used && hash->slots[at].key != key)
		at = (at + 1) & hash->mask;
	return at;
}

bool hash_find(const struct hash *hash, uint64_t key, uint32_t *value)
{
	const struct hash_slot *slot = &hash->slots[slot_of(hash, key)];

	if (!slot->used)
		return false;
	*value = slot->value;
	return true;
}

int hash_set(struct hash *hash, uint64_t key, uint32_t value)
{
	struct hash_slot *slot = &hash->slots[slot_of(hash, key)];

	if (!slot->used) {
		if (hash->nr == hash->nr_max)
			return -ENOSPC;
		hash->nr++;
	}
	*slot = (struct hash_slot){ .key = key, .value = value, .used = true };
	return 0;
}

bool hash_remove(struct hash *hash, uint64_t key)
{
	uint32_t hole = slot_of(hash, key);
	uint32_t at = hole;

	if (!hash->slots[hole].used)
		return false;
	/* Move back every later key of the run that would no longer be found past the hole. */
	for (;;) {
		uint32_t home;

		at = (at + 1) & hash->mask;
		if (!hash->slots[at].used)
			break;
		home = mix(hash->slots[at].key) & hash->mask;
		if (((at - home) & hash->mask) < ((at - hole) & hash->mask))
			continue;
		hash->slots[hole] = hash->slots[at];
		hole = at;
	}
	hash->slots[hole].used = false;
	hash->nr--;
	return true;
}

uint64_t hash_string(const char *text)
{
	uint64_t key = 0xcbf29ce484222325ULL;

	for (; *text; text++)
		key = (key ^ (unsigned char)*text) * 0x100000001b3ULL;
	return key;
}
