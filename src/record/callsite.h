/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the kernel calls a function.
 *
 * A function that refuses kprobes can still be observed where it is entered: the call instruction
 * lies in its caller. Direct calls are found in the machine code alone, without debug information
 * and without a disassembler, by looking for the one encoding whose target is the function. A
 * pattern that only looks like a call, inside another instruction, is refused later by
 * register_kprobe, which decodes from the start of the function.
 *
 * callsite_scan is pure: bytes in, sites out. callsite_read applies it to /proc/kcore.
 */
#ifndef PAGETRAIL_RECORD_CALLSITE_H
#define PAGETRAIL_RECORD_CALLSITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum isa { ISA_UNKNOWN, ISA_X86_64, ISA_ARM64 };

struct callsite {
	uint64_t addr; /* of the instruction */
	uint64_t next; /* of the instruction after it: where a call returns to */
	uint64_t target;
	bool jump; /* not a call: control does not come back to `next` */
};

struct callsites {
	struct callsite *sites; /* room for max, owned by the caller */
	size_t max;
	size_t nr;    /* found; more than max: the rest was not kept */
	enum isa isa; /* of the code */
};

/* Longest pattern less one: what a block must repeat of the one before it, in bytes. */
#define CALLSITE_OVERLAP 5

/*
 * Appends the sites in code[len], which lies at address `addr`, that go to `target`. A site whose
 * last byte lies in the first `seen` bytes was found in an earlier block and is left out.
 */
void callsite_scan(struct callsites *out, const uint8_t *code, size_t len, uint64_t addr,
		   size_t seen, uint64_t target);

/*
 * The same for the kernel's text from `from` to `to`, out of an ELF core file (/proc/kcore), for
 * several targets. Sets out->isa by the file's machine. Returns 0, or -errno with the sentence.
 */
int callsite_read(struct callsites *out, const char *kcore, uint64_t from, uint64_t to,
		  const uint64_t *targets, size_t nr_targets, struct err *err);

#endif
