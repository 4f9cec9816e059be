// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/callsite.h"

#define BLOCK_SIZE   (1U << 20)
#define SEGMENTS_MAX 4096 /* /proc/kcore has one a range of memory: tens */

static void add(struct callsites *out, uint64_t addr, size_t len, uint64_t target, bool jump)
{
	if (out->nr < out->max)
		out->sites[out->nr] = (struct callsite){ addr, addr + len, target, jump };
	out->nr++;
}

static int32_t get_s32(const uint8_t *at)
{
	int32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* E8 rel32: call. E9 rel32: jmp. 0F 80..8F rel32: conditional jump. All relative to their end. */
static size_t x86_pattern(const uint8_t *code, size_t left)
{
	if (left >= 5 && (code[0] == 0xe8 || code[0] == 0xe9))
		return 5;
	if (left >= 6 && code[0] == 0x0f && (code[1] & 0xf0) == 0x80)
		return 6;
	return 0;
}

static void scan_x86(struct callsites *out, const uint8_t *code, size_t len, uint64_t addr,
		     size_t seen, uint64_t target)
{
	size_t i, n;

	for (i = 0; i < len; i++) {
		n = x86_pattern(code + i, len - i);
		if (!n || i + n <= seen)
			continue;
		if (addr + i + n + (uint64_t)(int64_t)get_s32(code + i + n - 4) == target)
			add(out, addr + i, n, target, code[i] != 0xe8);
	}
}

/* BL and B: 26 bits of offset in words, relative to the instruction itself. Always aligned. */
static void scan_arm64(struct callsites *out, const uint8_t *code, size_t len, uint64_t addr,
		       size_t seen, uint64_t target)
{
	size_t i;

	for (i = (4 - addr % 4) % 4; i + 4 <= len; i += 4) {
		uint32_t insn = (uint32_t)get_s32(code + i);
		int32_t words = (int32_t)(insn << 6) >> 6;

		if ((insn & 0x7c000000) != 0x14000000 || i + 4 <= seen)
			continue;
		if (addr + i + (uint64_t)((int64_t)words * 4) == target)
			add(out, addr + i, 4, target, !(insn & 0x80000000));
	}
}

void callsite_scan(struct callsites *out, const uint8_t *code, size_t len, uint64_t addr,
		   size_t seen, uint64_t target)
{
	if (out->isa == ISA_X86_64)
		scan_x86(out, code, len, addr, seen, target);
	else if (out->isa == ISA_ARM64)
		scan_arm64(out, code, len, addr, seen, target);
}

struct core {
	int fd;
	const char *path;
	Elf64_Phdr *segments;
	size_t nr_segments;
	uint8_t *block;
};

static int read_exactly(int fd, void *buf, size_t len, uint64_t offset)
{
	size_t done = 0;

	while (done < len) {
		ssize_t got = pread(fd, (char *)buf + done, len - done, (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -ENODATA;
		done += (size_t)got;
	}
	return 0;
}

static enum isa isa_of(const Elf64_Ehdr *head)
{
	if (memcmp(head->e_ident, ELFMAG, SELFMAG) || head->e_ident[EI_CLASS] != ELFCLASS64 ||
	    head->e_phentsize != sizeof(Elf64_Phdr) || !head->e_phnum ||
	    head->e_phnum > SEGMENTS_MAX)
		return ISA_UNKNOWN;
	if (head->e_machine == EM_X86_64)
		return ISA_X86_64;
	return head->e_machine == EM_AARCH64 ? ISA_ARM64 : ISA_UNKNOWN;
}

static int core_open(struct core *core, const char *path, enum isa *isa)
{
	Elf64_Ehdr head;
	int ret;

	*core = (struct core){ .fd = open(path, O_RDONLY | O_CLOEXEC), .path = path };
	if (core->fd < 0)
		return -errno;
	ret = read_exactly(core->fd, &head, sizeof(head), 0);
	if (ret)
		return ret;
	*isa = isa_of(&head);
	if (*isa == ISA_UNKNOWN)
		return -ENOEXEC;
	core->nr_segments = head.e_phnum;
	core->segments = calloc(core->nr_segments, sizeof(*core->segments));
	core->block = malloc(BLOCK_SIZE);
	if (!core->segments || !core->block)
		return -ENOMEM;
	return read_exactly(core->fd, core->segments, core->nr_segments * sizeof(*core->segments),
			    head.e_phoff);
}

static void core_close(struct core *core)
{
	free(core->segments);
	free(core->block);
	if (core->fd >= 0)
		close(core->fd);
}

/* [from, to) lies in the segment. Blocks overlap, so that no pattern is cut in two. */
static int scan_segment(struct callsites *out, struct core *core, const Elf64_Phdr *segment,
			uint64_t from, uint64_t to, const uint64_t *targets, size_t nr_targets)
{
	size_t seen = 0, len, i;
	int ret;

	for (; from < to && to - from > seen; from += len - seen) {
		len = to - from < BLOCK_SIZE ? (size_t)(to - from) : BLOCK_SIZE;
		ret = read_exactly(core->fd, core->block, len,
				   segment->p_offset + (from - segment->p_vaddr));
		if (ret)
			return ret;
		for (i = 0; i < nr_targets; i++)
			callsite_scan(out, core->block, len, from, seen, targets[i]);
		seen = CALLSITE_OVERLAP < len ? CALLSITE_OVERLAP : len;
	}
	return 0;
}

static int scan_core(struct callsites *out, struct core *core, uint64_t from, uint64_t to,
		     const uint64_t *targets, size_t nr_targets)
{
	uint64_t covered = 0;
	size_t i;
	int ret = 0;

	for (i = 0; i < core->nr_segments && !ret; i++) {
		const Elf64_Phdr *segment = &core->segments[i];
		uint64_t low = segment->p_vaddr > from ? segment->p_vaddr : from;
		uint64_t high = segment->p_vaddr + segment->p_memsz;

		high = high < to ? high : to;
		if (segment->p_type != PT_LOAD || high < segment->p_vaddr || low >= high)
			continue;
		covered += high - low;
		ret = scan_segment(out, core, segment, low, high, targets, nr_targets);
	}
	return ret ? ret : covered ? 0 : -ENODATA;
}

int callsite_read(struct callsites *out, const char *kcore, uint64_t from, uint64_t to,
		  const uint64_t *targets, size_t nr_targets, struct err *err)
{
	struct core core;
	int ret = core_open(&core, kcore, &out->isa);

	if (!ret)
		ret = scan_core(out, &core, from, to, targets, nr_targets);
	core_close(&core);
	if (ret)
		err_set(err, ret, "%s cannot be read for the kernel's text (%s)", kcore,
			ret == -ENOEXEC ? "not a core file of a known machine" : strerror(-ret));
	return ret;
}
