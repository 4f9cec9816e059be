// SPDX-License-Identifier: GPL-2.0-or-later
/* Finding calls in machine code: encodings written by hand, and a core file made on the spot. */
#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "record/callsite.h"

#define BASE 0xffffffff81000000

static struct callsite found[64];

static struct callsites scan(enum isa isa, const uint8_t *code, size_t len, uint64_t target)
{
	struct callsites out = { found, 64, 0, isa };

	callsite_scan(&out, code, len, BASE, 0, target);
	return out;
}

/* e8 fb 00 00 00: call 0x100 after its own address, as any disassembler says. */
static void x86_calls_go_forward_and_back(void **state)
{
	static const uint8_t forward[] = { 0x90, 0xe8, 0xfb, 0x00, 0x00, 0x00, 0x90 };
	static const uint8_t back[] = { 0xe8, 0xfb, 0xff, 0xff, 0xff };
	struct callsites out;

	(void)state;
	out = scan(ISA_X86_64, forward, sizeof(forward), BASE + 1 + 0x100);
	assert_int_equal(out.nr, 1);
	assert_int_equal(found[0].addr, BASE + 1);
	assert_int_equal(found[0].next, BASE + 6);
	assert_false(found[0].jump);
	assert_int_equal(scan(ISA_X86_64, forward, sizeof(forward), BASE + 0x100).nr, 0);
	out = scan(ISA_X86_64, back, sizeof(back), BASE);
	assert_int_equal(out.nr, 1);
	assert_int_equal(found[0].addr, BASE);
}

/* e9: jmp. 0f 84: je. Both relative to their end, 5 and 6 bytes. */
static void x86_jumps_are_told_from_calls(void **state)
{
	static const uint8_t jmp[] = { 0xe9, 0x0b, 0x00, 0x00, 0x00 };
	static const uint8_t je[] = { 0x0f, 0x84, 0x0a, 0x00, 0x00, 0x00 };
	struct callsites out;

	(void)state;
	out = scan(ISA_X86_64, jmp, sizeof(jmp), BASE + 0x10);
	assert_int_equal(out.nr, 1);
	assert_true(found[0].jump);
	out = scan(ISA_X86_64, je, sizeof(je), BASE + 0x10);
	assert_int_equal(out.nr, 1);
	assert_true(found[0].jump);
	assert_int_equal(found[0].next, BASE + 6);
}

static void x86_patterns_that_are_cut_are_left_out(void **state)
{
	static const uint8_t call[] = { 0xe8, 0x0b, 0x00, 0x00, 0x00 };
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(call); len++)
		assert_int_equal(scan(ISA_X86_64, call, len, BASE + 0x10).nr, 0);
	assert_int_equal(scan(ISA_X86_64, call, len, BASE + 0x10).nr, 1);
}

/* 94000004: bl +16. 17ffffff: b -4. 54000080: b.eq, another encoding. */
static void arm64_calls_are_words(void **state)
{
	static const uint8_t code[] = { 0x1f, 0x20, 0x03, 0xd5, 0x04, 0x00, 0x00, 0x94,
					0xff, 0xff, 0xff, 0x17, 0x80, 0x00, 0x00, 0x54 };
	struct callsites out;

	(void)state;
	out = scan(ISA_ARM64, code, sizeof(code), BASE + 4 + 16);
	assert_int_equal(out.nr, 1);
	assert_int_equal(found[0].addr, BASE + 4);
	assert_int_equal(found[0].next, BASE + 8);
	assert_false(found[0].jump);
	out = scan(ISA_ARM64, code, sizeof(code), BASE + 4);
	assert_int_equal(out.nr, 1);
	assert_int_equal(found[0].addr, BASE + 8);
	assert_true(found[0].jump);
	assert_int_equal(scan(ISA_ARM64, code, sizeof(code), BASE + 28).nr, 0);
}

static void more_than_fit_are_counted(void **state)
{
	struct callsites out = { found, 1, 0, ISA_X86_64 };
	uint8_t code[10] = { 0xe8, 0xfb, 0xff, 0xff, 0xff, 0xe8, 0xf6, 0xff, 0xff, 0xff };

	(void)state;
	found[1].addr = 1;
	callsite_scan(&out, code, sizeof(code), BASE, 0, BASE);
	assert_int_equal(out.nr, 2);
	assert_int_equal(found[1].addr, 1);
}

static void put_call(uint8_t *code, size_t at, uint64_t target)
{
	int32_t rel = (int32_t)(target - (BASE + at + 5));

	code[at] = 0xe8;
	memcpy(code + at + 1, &rel, sizeof(rel));
}

/* A core file with one segment of code. */
static void write_core(char *path, uint16_t machine, const uint8_t *code, size_t len)
{
	const Elf64_Ehdr head = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64 },
		.e_machine = machine,
		.e_phoff = sizeof(head),
		.e_phnum = 2,
		.e_phentsize = sizeof(Elf64_Phdr),
	};
	const Elf64_Phdr segments[] = {
		{ .p_type = PT_NOTE, .p_vaddr = BASE, .p_memsz = len },
		{ .p_type = PT_LOAD,
		  .p_vaddr = BASE,
		  .p_memsz = len,
		  .p_offset = sizeof(head) + 2 * sizeof(Elf64_Phdr) },
	};
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, &head, sizeof(head)), sizeof(head));
	assert_int_equal(write(fd, segments, sizeof(segments)), sizeof(segments));
	assert_int_equal(write(fd, code, len), len);
	close(fd);
}

/* The reader's blocks are 1 MiB: calls across and beside every border are found once each. */
static void no_call_is_lost_between_blocks(void **state)
{
	const size_t block = 1 << 20, len = 3 * block + 4321;
	uint8_t *code = malloc(len);
	char path[] = "/tmp/test_callsite.XXXXXX";
	struct err err;
	const uint64_t target = BASE + 0x42;
	int shift;

	(void)state;
	assert_non_null(code);
	for (shift = -12; shift <= 12; shift++) {
		struct callsites out = { found, 64, 0, ISA_UNKNOWN };
		size_t at[] = { block + (size_t)shift, 2 * block + (size_t)shift,
				3 * block + (size_t)shift, len - 5 };
		size_t i;

		memset(code, 0x90, len);
		for (i = 0; i < 4; i++)
			put_call(code, at[i], target);
		strcpy(path, "/tmp/test_callsite.XXXXXX");
		write_core(path, EM_X86_64, code, len);
		assert_int_equal(callsite_read(&out, path, BASE, BASE + len, &target, 1, &err), 0);
		assert_int_equal(out.nr, 4);
		for (i = 0; i < 4; i++)
			assert_int_equal(found[i].addr, BASE + at[i]);
		unlink(path);
	}
	free(code);
}

static void only_what_was_asked_for_is_read(void **state)
{
	uint8_t code[64];
	char path[] = "/tmp/test_callsite.XXXXXX";
	const uint64_t targets[] = { BASE + 1, BASE + 2 };
	struct callsites out = { found, 64, 0, ISA_UNKNOWN };
	struct err err;

	(void)state;
	memset(code, 0x90, sizeof(code));
	put_call(code, 0, targets[0]);
	put_call(code, 16, targets[0]);
	put_call(code, 32, targets[1]);
	put_call(code, 59, targets[0]);
	write_core(path, EM_X86_64, code, sizeof(code));
	assert_int_equal(callsite_read(&out, path, BASE + 16, BASE + 59, targets, 2, &err), 0);
	assert_int_equal(out.nr, 2);
	assert_int_equal(found[0].target, targets[0]);
	assert_int_equal(found[1].target, targets[1]);
	assert_int_equal(callsite_read(&out, path, BASE + 4096, BASE + 8192, targets, 2, &err),
			 -ENODATA);
	unlink(path);
}

static void what_is_no_core_is_refused(void **state)
{
	char path[] = "/tmp/test_callsite.XXXXXX", machine[] = "/tmp/test_callsite.XXXXXX";
	struct callsites out = { found, 64, 0, ISA_UNKNOWN };
	const uint64_t target = BASE;
	uint8_t code[16] = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(callsite_read(&out, "/nonexistent", BASE, BASE + 1, &target, 1, &err),
			 -ENOENT);
	assert_non_null(strstr(err.text, "/nonexistent"));
	assert_int_equal(
		callsite_read(&out, "/proc/self/cmdline", BASE, BASE + 1, &target, 1, &err),
		-ENODATA);
	write_core(machine, EM_S390, code, sizeof(code));
	assert_int_equal(callsite_read(&out, machine, BASE, BASE + 1, &target, 1, &err), -ENOEXEC);
	unlink(machine);
	write_core(path, EM_AARCH64, code, sizeof(code));
	assert_int_equal(callsite_read(&out, path, BASE, BASE + 16, &target, 1, &err), 0);
	assert_int_equal(out.isa, ISA_ARM64);
	assert_int_equal(truncate(path, 64 + 2 * 56 + 8), 0);
	assert_int_equal(callsite_read(&out, path, BASE, BASE + 16, &target, 1, &err), -ENODATA);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(x86_calls_go_forward_and_back),
		cmocka_unit_test(x86_jumps_are_told_from_calls),
		cmocka_unit_test(x86_patterns_that_are_cut_are_left_out),
		cmocka_unit_test(arm64_calls_are_words),
		cmocka_unit_test(more_than_fit_are_counted),
		cmocka_unit_test(no_call_is_lost_between_blocks),
		cmocka_unit_test(only_what_was_asked_for_is_read),
		cmocka_unit_test(what_is_no_core_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
