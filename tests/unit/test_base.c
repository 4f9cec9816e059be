// SPDX-License-Identifier: GPL-2.0-or-later
/* base/: the map, the growth of arrays, the notes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/hash.h"
#include "base/note.h"
#include "base/resolve.h"
#include "base/vec.h"

/* Against a plain array, through many insertions and deletions with crowded keys. */
static void hash_agrees_with_an_array(void **state)
{
	uint32_t truth[512] = { 0 };
	unsigned int seed = 1;
	struct hash hash;
	uint32_t value;
	int i;

	(void)state;
	assert_int_equal(hash_init(&hash, 512), 0);
	for (i = 0; i < 100000; i++) {
		uint32_t key = (uint32_t)rand_r(&seed) % 512;

		if (rand_r(&seed) % 2) {
			truth[key] = (uint32_t)i + 1;
			assert_int_equal(hash_set(&hash, key << 20, truth[key]), 0);
		} else {
			assert_int_equal(hash_remove(&hash, key << 20), truth[key] != 0);
			truth[key] = 0;
		}
		key = (uint32_t)rand_r(&seed) % 512;
		assert_int_equal(hash_find(&hash, key << 20, &value), truth[key] != 0);
		if (truth[key])
			assert_int_equal(value, truth[key]);
	}
	hash_free(&hash);
}

static void hash_says_when_it_is_full(void **state)
{
	struct hash hash;

	(void)state;
	assert_int_equal(hash_init(&hash, 0), -EINVAL);
	assert_int_equal(hash_init(&hash, 2), 0);
	assert_int_equal(hash_set(&hash, 1, 1), 0);
	assert_int_equal(hash_set(&hash, 2, 2), 0);
	assert_int_equal(hash_set(&hash, 3, 3), -ENOSPC);
	assert_int_equal(hash_set(&hash, 2, 4), 0);
	hash_free(&hash);
}

static void vec_grows_and_refuses_overflow(void **state)
{
	uint64_t *items = NULL;
	size_t cap = 0;

	(void)state;
	assert_int_equal(vec_reserve((void **)&items, &cap, 1000, sizeof(*items)), 0);
	assert_true(cap >= 1000);
	items[999] = 1;
	assert_int_equal(vec_reserve((void **)&items, &cap, SIZE_MAX / 2 + 2, 1), -ENOMEM);
	assert_int_equal(vec_reserve((void **)&items, &cap, SIZE_MAX / 4, 8), -ENOMEM);
	assert_int_equal(items[999], 1);
	free(items);
}

/* A note survives its way through markers, wherever newlines fall on the borders of parts. */
static void notes_survive_their_parts(void **state)
{
	char text[5 * NOTE_PAYLOAD_MAX], back[sizeof(text)], marker[NOTE_TEXT_MAX];
	size_t len, i;

	(void)state;
	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 7 ? 'a' : '\n';
	for (len = 0; len < sizeof(text); len += 293) {
		unsigned int part, parts = note_parts(len);
		size_t at = 0;

		for (part = 1; part <= parts; part++) {
			size_t n = note_format(marker, NOTE_VMSTAT "start", part, text, len);
			struct note_part got;

			assert_true(n < NOTE_TEXT_MAX);
			assert_true(note_parse(marker, n, &got));
			assert_string_equal(got.key, "vmstat.start");
			assert_int_equal(got.part, part);
			assert_int_equal(got.parts, parts);
			memcpy(back + at, got.payload, got.payload_len);
			at += got.payload_len;
		}
		assert_int_equal(at, len);
		assert_memory_equal(back, text, len);
	}
}

static void markers_of_others_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"\n",
		"hello\n",
		"pagetrail\n",
		"pagetrail \n",
		"pagetrail key\n",
		"pagetrail key 1\n",
		"pagetrail key 1/\n",
		"pagetrail key 1/1\n",
		"pagetrail key 2/1 x\n",
		"pagetrail key 0/1 x\n",
		"pagetrail key 1/0 x\n",
		"pagetrail key 1/1 no newline",
		"pagetrail  1/1 x\n",
		"pagetrail key a/b x\n",
		"pagetrail key-that-is-much-too-long-for-any-note-of-ours 1/1 x\n",
	};
	struct note_part part;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(note_parse(bad[i], strlen(bad[i]), &part));
	assert_true(note_parse("pagetrail key 1/1 \n", 19, &part));
	assert_int_equal(part.payload_len, 0);
}

static void check_resolved(const struct resolve *resolve, uint64_t addr, const char *name,
			   const char *module, uint64_t start)
{
	const struct resolved *item = resolve_find(resolve, addr);

	assert_non_null(item);
	if (!name) {
		assert_null(item->name);
		return;
	}
	assert_string_equal(item->name, name);
	assert_int_equal(item->start, start);
	if (module)
		assert_string_equal(item->module, module);
	else
		assert_null(item->module);
}

/* In whatever order they come: the last symbol at or before an address, functions only. */
static void addresses_are_resolved(void **state)
{
	static const char *const lines[] = {
		"3000 T third",	  "1000 T first\n",	      "2000 t second\t[module]\n",
		"1000 t alias",	  "2800 d data",	      "0 T hidden",
		"2900 A absolute", "fffffffffffffff0 W last", "",
		"zzzz T no",	  "2000",		      "2001 T",
		"2001 T ",
	};
	const uint64_t addresses[] = { 0x2fff, 0x1000, 0x2000, 0xfff, 0x2fff, 0x3001, UINT64_MAX };
	struct resolve resolve;
	size_t round, i, nr = sizeof(lines) / sizeof(lines[0]);

	(void)state;
	for (round = 0; round < nr; round++) {
		assert_int_equal(resolve_init(&resolve, addresses, 7), 0);
		assert_int_equal(resolve.nr, 6);
		for (i = 0; i < nr; i++)
			assert_int_equal(resolve_line(&resolve, lines[(round + i) % nr]), 0);
		assert_int_equal(resolve_finish(&resolve), 0);
		check_resolved(&resolve, 0xfff, NULL, NULL, 0);
		check_resolved(&resolve, 0x1000, round > 1 && round <= 3 ? "alias" : "first", NULL,
			       0x1000);
		check_resolved(&resolve, 0x2000, "second", "module", 0x2000);
		check_resolved(&resolve, 0x2fff, "second", "module", 0x2000);
		check_resolved(&resolve, 0x3001, "third", NULL, 0x3000);
		check_resolved(&resolve, UINT64_MAX, "last", NULL, 0xfffffffffffffff0);
		assert_null(resolve_find(&resolve, 0x3000));
		resolve_free(&resolve);
	}
	assert_int_equal(resolve_init(&resolve, addresses, 0), 0);
	assert_int_equal(resolve_line(&resolve, "1000 T first"), 0);
	assert_int_equal(resolve_finish(&resolve), 0);
	assert_null(resolve_find(&resolve, 0x1000));
	resolve_free(&resolve);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_agrees_with_an_array),
		cmocka_unit_test(hash_says_when_it_is_full),
		cmocka_unit_test(vec_grows_and_refuses_overflow),
		cmocka_unit_test(notes_survive_their_parts),
		cmocka_unit_test(markers_of_others_are_refused),
		cmocka_unit_test(addresses_are_resolved),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
