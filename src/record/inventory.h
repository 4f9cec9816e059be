/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this kernel offers to a recorder, asked of the kernel itself, never concluded from its
 * release. Reading changes nothing on the host.
 *
 * All paths are below `root`, so that the tests can show it saved kernels. struct inventory holds
 * plain values and needs no freeing.
 */
#ifndef PAGETRAIL_RECORD_INVENTORY_H
#define PAGETRAIL_RECORD_INVENTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "kernel/probes.h"
#include "record/callsite.h"

#define FN_NAME_MAX	64
#define INV_SITES_MAX	PROBE_SITES_MAX
#define INV_EVENTS_MAX	64
#define INV_SYMBOLS_MAX 96
#define INV_PATH_MAX	256

enum lockdown { LOCKDOWN_UNKNOWN, LOCKDOWN_NONE, LOCKDOWN_INTEGRITY, LOCKDOWN_CONFIDENTIALITY };

struct inv_function {
	char name[FN_NAME_MAX]; /* as the kernel has it, "" when it has none */
	uint64_t addr, end;	/* 0 while hidden */
	bool clone;		/* the compiler changed it: its arguments may be others */
	bool traceable;		/* register_kprobe takes it, as far as can be known before */
};

struct inv_site {
	struct callsite site;
	char function[FN_NAME_MAX]; /* that it lies in */
	uint64_t offset;	    /* of the call within that function */
	uint64_t next_offset;	    /* of the instruction after it */
	bool traceable;
};

struct inv_sites {
	struct inv_site sites[INV_SITES_MAX];
	size_t nr; /* found; not more than INV_SITES_MAX of them are kept */
};

struct inv_symbol {
	uint64_t addr;
	char name[FN_NAME_MAX];
};

struct inventory {
	char root[INV_PATH_MAX];
	char tracefs[INV_PATH_MAX]; /* where it is mounted */
	char release[80];
	char machine[32];   /* as uname(2) calls it */
	bool kprobes;	    /* kprobe_events is there */
	bool return_args;   /* return probes can fetch the arguments of the entry */
	bool stack_trigger; /* events can have the trigger `stacktrace` */
	bool stacks_cut;    /* call stacks end where a return probe is */
	enum lockdown lockdown;
	bool symbols_hidden; /* kptr_restrict */
	int kptr_restrict;
	struct inv_function functions[NR_TARGETS];
	uint64_t stext, etext;
	/*
	 * What addresses in the events can be told by: the functions above and those that the sites
	 * lie in, in the order of addresses, each followed by the next symbol, where it ends.
	 */
	struct inv_symbol symbols[INV_SYMBOLS_MAX];
	size_t nr_symbols;
	int kcore_error; /* 0, or -errno with the sentence in kcore_why */
	struct err kcore_why;
	struct inv_sites slow_sites;	/* calls of, and jumps to, the slowpath */
	struct inv_sites attempt_sites; /* of get_page_from_freelist */
	int fast_site;		     /* which of attempt_sites is the fast path's; -1: not known */
	bool events[INV_EVENTS_MAX]; /* rows of kernel_event_rules that this kernel has */
	unsigned int nr_cpus_online;
	uint64_t memory_kb;
};

/* Returns 0, or -errno with the sentence when nothing at all can be recorded. */
int inventory_read(struct inventory *inv, const char *root, struct err *err);

/* "none", "integrity", ... */
const char *lockdown_name(enum lockdown lockdown);

#endif
