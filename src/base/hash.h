/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A map from 64-bit keys to 32-bit values (indexes into somebody's array), of fixed capacity.
 *
 * Everything is allocated by hash_init, so that the map can neither grow with its input nor fail
 * later but by being full. Linear probing, deletion by shifting back: no tombstones, so its speed
 * does not decay. The owner of the struct calls hash_free.
 */
#ifndef PAGETRAIL_BASE_HASH_H
#define PAGETRAIL_BASE_HASH_H

#include <stdbool.h>
#include <stdint.h>

struct hash_slot {
	uint64_t key;
	uint32_t value;
	bool used;
};

struct hash {
	struct hash_slot *slots;
	uint32_t mask;     /* number of slots - 1, a power of two - 1 */
	uint32_t nr;       /* keys held */
	uint32_t nr_max;   /* keys that may be held: what hash_init was asked for */
};

/* Room for nr_max keys (1 to 2^28). Returns 0, -EINVAL or -ENOMEM. */
int hash_init(struct hash *hash, uint32_t nr_max);
void hash_free(struct hash *hash);

/* True and *value set when the key is there. */
bool hash_find(const struct hash *hash, uint64_t key, uint32_t *value);

/* Sets or replaces. Returns 0, or -ENOSPC when nr_max other keys are held already. */
int hash_set(struct hash *hash, uint64_t key, uint32_t value);

/* True when the key was there. */
bool hash_remove(struct hash *hash, uint64_t key);

/* A well-mixed value for a string, for use as a key together with a comparison of the string. */
uint64_t hash_string(const char *text);

#endif
