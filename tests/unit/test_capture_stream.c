// SPDX-License-Identifier: GPL-2.0-or-later
/* Pages in blocks and in chunks: each comes with the one after it, and with where it lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/stream.h"
#include "trace_file.h"

#define PAGE	 4096
#define NR_PAGES (2 * CHUNKS_AT_ONCE + 5) /* odd */
#define START	 100			  /* where the pages begin in the file */
#define NO_BYTES 1000000

static char path[64];

struct fixture {
	struct blob pages; /* page n begins with the byte n + 1 */
	struct blob file;
	struct input in;
	struct extent extent;
	struct unpacker *unpacker;
	struct budget budget;
	struct stream stream;
};

static void make_pages(struct fixture *f)
{
	int i;

	*f = (struct fixture){ .budget = { 1 << 20 } };
	for (i = 0; i < NR_PAGES; i++) {
		put_u8(&f->pages, (uint8_t)(i + 1));
		put_room(&f->pages, PAGE - 1);
	}
	put_room(&f->file, START);
}

static void open_stream(struct fixture *f, uint64_t size, bool packed, uint32_t block_size)
{
	struct err err;

	write_file(path, f->file.data, f->file.len);
	assert_int_equal(input_open(&f->in, path, &err), 0);
	f->extent =
		(struct extent){ .in = &f->in, .packed = packed, .offset = START, .size = size };
	assert_int_equal(unpacker_new(packed ? "zstd" : "none", &f->unpacker), 0);
	stream_init(&f->stream, &f->extent, &f->budget, PAGE, block_size);
}

static void close_stream(struct fixture *f)
{
	stream_close(&f->stream);
	assert_int_equal(f->budget.left, 1 << 20);
	unpacker_free(f->unpacker);
	input_close(&f->in);
	blob_free(&f->pages);
	blob_free(&f->file);
}

/* With what has to be loaded before it. */
static int take(struct fixture *f, struct page_ref *ref)
{
	struct err err;
	int ret;

	while ((ret = stream_next(&f->stream, ref)) == STREAM_SPENT)
		assert_int_equal(stream_load(&f->stream, f->unpacker, &err), 0);
	return ret;
}

static void expect_page(struct fixture *f, uint8_t first, uint8_t next, uint64_t offset)
{
	struct page_ref ref;

	assert_int_equal(take(f, &ref), STREAM_PAGE);
	assert_int_equal(ref.page[0], first);
	assert_int_equal(ref.next ? ref.next[0] : 0, next);
	assert_int_equal(ref.offset, offset);
}

static void expect_damage(struct fixture *f, uint64_t offset, uint64_t bytes)
{
	struct page_ref ref;

	assert_int_equal(take(f, &ref), STREAM_DAMAGED);
	assert_int_equal(f->stream.damage.offset, offset);
	assert_int_equal(f->stream.damage.bytes, bytes);
}

static void expect_end(struct fixture *f)
{
	struct page_ref ref;
	uint64_t done, total;

	assert_int_equal(take(f, &ref), STREAM_END);
	assert_int_equal(take(f, &ref), STREAM_END);
	stream_progress(&f->stream, &done, &total);
	assert_int_equal(done, total);
	close_stream(f);
}

static void pages_in_blocks(void **state)
{
	uint32_t block;
	uint8_t i;

	(void)state;
	for (block = 1; block <= NR_PAGES + 1; block++) {
		struct fixture f;

		make_pages(&f);
		put(&f.file, f.pages.data, f.pages.len);
		open_stream(&f, f.pages.len, false, block * PAGE);
		for (i = 1; i <= NR_PAGES; i++)
			expect_page(&f, i, i < NR_PAGES ? i + 1 : 0, START + (i - 1) * PAGE);
		expect_end(&f);
	}
}

/* Chunks of 1 to 8 pages; `bad` is the chunk to spoil, NR_PAGES for none. */
static void make_chunks(struct fixture *f, uint32_t per_chunk, uint32_t bad, uint64_t *chunk_at)
{
	uint32_t nr = (NR_PAGES + per_chunk - 1) / per_chunk, i;

	make_pages(f);
	put_u32(&f->file, nr);
	for (i = 0; i < nr; i++) {
		uint32_t left = NR_PAGES - i * per_chunk;

		chunk_at[i] = f->file.len;
		put_packed(&f->file, "zstd", f->pages.data + (size_t)i * per_chunk * PAGE,
			   (size_t)(left < per_chunk ? left : per_chunk) * PAGE);
		if (i == bad)
			memset(f->file.data + chunk_at[i] + 8, 0xff, 4);
	}
}

/* However many are unpacked at once. */
static void read_chunks(uint32_t per_chunk, uint32_t block)
{
	uint64_t chunk_at[NR_PAGES];
	struct fixture f;
	uint8_t i;

	make_chunks(&f, per_chunk, NR_PAGES, chunk_at);
	open_stream(&f, f.file.len - START - 4, true, block * PAGE);
	for (i = 1; i <= NR_PAGES; i++)
		expect_page(&f, i, i < NR_PAGES ? i + 1 : 0, chunk_at[(i - 1U) / per_chunk]);
	expect_end(&f);
}

static void pages_in_chunks(void **state)
{
	uint32_t per_chunk, block;

	(void)state;
	for (per_chunk = 1; per_chunk <= NR_PAGES + 1; per_chunk++)
		for (block = 0; block <= NR_PAGES + 1; block++)
			read_chunks(per_chunk, block);
}

/* The page before a bad chunk comes first, alone; the pages after it follow. */
static void read_around(uint32_t block)
{
	uint64_t chunk_at[NR_PAGES];
	struct fixture f;
	uint8_t i;

	make_chunks(&f, 2, 1, chunk_at);
	open_stream(&f, f.file.len - START - 4, true, block * PAGE);
	expect_page(&f, 1, 2, chunk_at[0]);
	expect_page(&f, 2, 0, chunk_at[0]);
	expect_damage(&f, chunk_at[1], 2 * PAGE);
	for (i = 5; i <= NR_PAGES; i++)
		expect_page(&f, i, i < NR_PAGES ? i + 1 : 0, chunk_at[(i - 1U) / 2]);
	expect_end(&f);
}

static void a_bad_chunk(void **state)
{
	uint32_t block;

	(void)state;
	for (block = 0; block <= NR_PAGES + 1; block++)
		read_around(block);
}

/* The file ends early: what is missing includes the part of a page or a chunk that is there. */
static void a_file_that_ends_early(void **state)
{
	uint64_t chunk_at[NR_PAGES];
	struct fixture f;

	(void)state;
	make_pages(&f);
	put(&f.file, f.pages.data, 2 * PAGE + 100);
	open_stream(&f, f.pages.len, false, 4 * PAGE);
	expect_page(&f, 1, 2, START);
	expect_page(&f, 2, 0, START + PAGE);
	expect_damage(&f, START + 2 * PAGE + 100, (NR_PAGES - 2) * PAGE);
	expect_end(&f);

	make_chunks(&f, 2, NR_PAGES, chunk_at);
	f.file.len = chunk_at[1] + 10;
	open_stream(&f, NO_BYTES, true, 0);
	expect_page(&f, 1, 2, chunk_at[0]);
	expect_page(&f, 2, 0, chunk_at[0]);
	expect_damage(&f, chunk_at[1] + 10, NO_BYTES + 4 - (chunk_at[1] - START));
	expect_end(&f);

	/* It ends before they begin. */
	make_pages(&f);
	f.file.len = START / 2;
	open_stream(&f, 8192, false, PAGE);
	expect_damage(&f, START / 2, 8192);
	expect_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_in_blocks),
		cmocka_unit_test(pages_in_chunks),
		cmocka_unit_test(a_bad_chunk),
		cmocka_unit_test(a_file_that_ends_early),
	};
	int ret;

	snprintf(path, sizeof(path), "/tmp/pagetrail-stream.%d", (int)getpid());
	cmocka_set_message_output(CM_OUTPUT_TAP);
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return ret;
}
