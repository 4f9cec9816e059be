// SPDX-License-Identifier: GPL-2.0-or-later
/* The cursor: what lies within bounds is read, what does not is refused with file and offset. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "capture/cursor.h"
#include "trace_file.h"

static char path[64];

static int make_path(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/pagetrail-cursor.%d", (int)getpid());
	return 0;
}

static int remove_path(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

static void numbers_in_both_orders(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	struct input in;
	struct err err;
	struct cursor c;

	(void)state;
	write_file(path, bytes, sizeof(bytes));
	assert_int_equal(input_open(&in, path, &err), 0);
	cursor_file(&c, &in, 0, UINT64_MAX, &err);
	assert_int_equal(cursor_u8(&c, "x"), 1);
	assert_int_equal(cursor_u16(&c, "x"), 0x0302);
	assert_int_equal(cursor_u32(&c, "x"), 0x07060504);
	assert_int_equal(cursor_u64(&c, "x"), 0x0f0e0d0c0b0a0908ULL);
	in.big_endian = true;
	cursor_file(&c, &in, 1, UINT64_MAX, &err);
	assert_int_equal(cursor_u16(&c, "x"), 0x0203);
	assert_int_equal(cursor_u32(&c, "x"), 0x04050607);
	assert_int_equal(cursor_u64(&c, "x"), 0x08090a0b0c0d0e0fULL);
	assert_int_equal(c.failed, 0);
	input_close(&in);
}

/* Each kind of read at the end of the file: the sentence, zeros, and that it stays failed. */
static void the_end_of_the_file(void **state)
{
	struct input in;
	struct err err;
	struct cursor c;
	char text[8], *copy;
	char wanted[256];

	(void)state;
	write_file(path, "abcdefgh", 8);
	assert_int_equal(input_open(&in, path, &err), 0);

	cursor_file(&c, &in, 5, UINT64_MAX, &err);
	assert_int_equal(cursor_u32(&c, "a number"), 0);
	assert_int_equal(c.failed, -EBADMSG);
	snprintf(wanted, sizeof(wanted),
		 "%s: offset 5: expected a number of 4 bytes, but the file ends at offset 8", path);
	assert_string_equal(err.text, wanted);
	assert_int_equal(cursor_u8(&c, "another"), 0);
	assert_string_equal(err.text, wanted);

	cursor_file(&c, &in, 5, 7, &err);
	cursor_skip(&c, UINT64_MAX, "room");
	snprintf(wanted, sizeof(wanted),
		 "%s: offset 5: expected room of 18446744073709551615 bytes, but the section ends "
		 "at offset 7",
		 path);
	assert_string_equal(err.text, wanted);

	cursor_file(&c, &in, 0, UINT64_MAX, &err);
	cursor_text(&c, text, sizeof(text), "a name");
	assert_string_equal(text, "");
	assert_true(c.failed < 0);

	cursor_file(&c, &in, 0, UINT64_MAX, &err);
	assert_null(cursor_dup(&c, 9, 100, "a text"));
	cursor_file(&c, &in, 0, UINT64_MAX, &err);
	assert_null(cursor_dup(&c, 8, 7, "a text"));
	cursor_file(&c, &in, 0, UINT64_MAX, &err);
	copy = cursor_dup(&c, 8, 8, "a text");
	assert_string_equal(copy, "abcdefgh");
	free(copy);

	cursor_file(&c, &in, 9, UINT64_MAX, &err);
	assert_true(c.failed < 0);
	assert_int_equal(cursor_u8(&c, "x"), 0);
	input_close(&in);
}

/* Reads across the borders of the window. */
static void long_files(void **state)
{
	size_t len = 3 * CURSOR_WINDOW + 5;
	uint8_t *bytes = malloc(len), *back = malloc(len);
	struct input in;
	struct err err;
	struct cursor c;
	size_t i;

	(void)state;
	assert_non_null(bytes);
	assert_non_null(back);
	for (i = 0; i < len; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	write_file(path, bytes, len);
	assert_int_equal(input_open(&in, path, &err), 0);
	cursor_file(&c, &in, 0, UINT64_MAX, &err);
	for (i = 0; i < len; i++)
		assert_int_equal(cursor_u8(&c, "x"), bytes[i]);
	cursor_file(&c, &in, 3, UINT64_MAX, &err);
	cursor_bytes(&c, back, len - 3, "x");
	assert_int_equal(c.failed, 0);
	assert_memory_equal(back, bytes + 3, len - 3);
	cursor_file(&c, &in, 0, UINT64_MAX, &err);
	cursor_skip(&c, CURSOR_WINDOW - 2, "x");
	cursor_bytes(&c, back, 4, "x");
	assert_memory_equal(back, bytes + CURSOR_WINDOW - 2, 4);
	input_close(&in);
	free(bytes);
	free(back);
}

static void lines(void **state)
{
	struct blob b = { 0 };
	struct input in;
	struct err err;
	struct cursor c;
	char line[8];
	int i;

	(void)state;
	put_chars(&b, "one\n\nlonger than its room\n");
	for (i = 0; i < CURSOR_WINDOW; i++)
		put_u8(&b, 'x');
	put_chars(&b, "\nlast");
	write_file(path, b.data, b.len);
	assert_int_equal(input_open(&in, path, &err), 0);
	cursor_file(&c, &in, 0, UINT64_MAX, &err);
	assert_true(cursor_line(&c, line, sizeof(line)));
	assert_string_equal(line, "one");
	assert_true(cursor_line(&c, line, sizeof(line)));
	assert_string_equal(line, "");
	assert_true(cursor_line(&c, line, sizeof(line)));
	assert_string_equal(line, "longer ");
	assert_true(cursor_line(&c, line, sizeof(line)));
	assert_string_equal(line, "xxxxxxx");
	assert_true(cursor_line(&c, line, sizeof(line)));
	assert_string_equal(line, "last");
	assert_false(cursor_line(&c, line, sizeof(line)));

	/* An end that is set later counts, though the window holds more. */
	cursor_file(&c, &in, 0, UINT64_MAX, &err);
	assert_int_equal(cursor_u8(&c, "x"), 'o');
	c.end = 7;
	assert_true(cursor_line(&c, line, sizeof(line)));
	assert_string_equal(line, "ne");
	assert_true(cursor_line(&c, line, sizeof(line)));
	assert_string_equal(line, "");
	assert_true(cursor_line(&c, line, sizeof(line)));
	assert_string_equal(line, "lo");
	assert_false(cursor_line(&c, line, sizeof(line)));
	input_close(&in);
	blob_free(&b);
}

static void sections_say_where_they_came_from(void **state)
{
	struct input in;
	struct err err;
	struct cursor c;
	char wanted[256];

	(void)state;
	write_file(path, "x", 1);
	assert_int_equal(input_open(&in, path, &err), 0);
	cursor_section(&c, &in, "\1\0\2", 3, 77, &err);
	assert_int_equal(cursor_u16(&c, "x"), 1);
	assert_int_equal(cursor_u16(&c, "a number"), 0);
	snprintf(wanted, sizeof(wanted),
		 "%s: offset 2 of the section unpacked from offset 77: expected a number of 2 "
		 "bytes, but the section ends at offset 3",
		 path);
	assert_string_equal(err.text, wanted);
	input_close(&in);
}

static void only_regular_files(void **state)
{
	struct input in;
	struct err err;

	(void)state;
	assert_int_equal(input_open(&in, "/tmp", &err), -EINVAL);
	assert_string_equal(err.text, "/tmp: not a regular file; copy the capture into one");
	assert_int_equal(input_open(&in, "/nonexistent/trace.dat", &err), -ENOENT);
	assert_int_equal(input_open(&in, "/dev/zero", &err), -EINVAL);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(input_open(&in, path, &err), -EINVAL);
	unlink(path);
}

/* Under mmap() this would be a signal. */
static void a_file_that_shrinks(void **state)
{
	struct input in;
	struct err err;
	char bytes[8];

	(void)state;
	write_file(path, "abcdefgh", 8);
	assert_int_equal(input_open(&in, path, &err), 0);
	assert_int_equal(truncate(path, 4), 0);
	assert_int_equal(input_read(&in, 0, bytes, 8, &err), -EIO);
	assert_non_null(strstr(err.text, "offset 4: expected 4 bytes more, but the file has become "
					 "shorter"));
	input_close(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_in_both_orders),
		cmocka_unit_test(the_end_of_the_file),
		cmocka_unit_test(long_files),
		cmocka_unit_test(lines),
		cmocka_unit_test(sections_say_where_they_came_from),
		cmocka_unit_test(only_regular_files),
		cmocka_unit_test(a_file_that_shrinks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_path, remove_path);
}
