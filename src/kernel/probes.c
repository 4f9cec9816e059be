// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Evidence: signatures in mm/page_alloc.c, mm/oom_kill.c and include/linux/oom.h of 5.10.262,
 * 6.1.176, 6.6.87, 6.12.117, 6.18.15, 7.2.13, 7.3.4:
 *	__alloc_pages_slowpath(gfp_t, unsigned int order, struct alloc_context *ac)
 *	get_page_from_freelist(gfp_t, unsigned int order, int alloc_flags,
 *			       const struct alloc_context *)
 *	__alloc_pages_direct_compact(gfp_t, unsigned int order, ...)
 *	unreserve_highatomic_pageblock(const struct alloc_context *ac, bool force)
 *	drain_all_pages(struct zone *), out_of_memory(struct oom_control *), warn_alloc(gfp_t, ...)
 * struct alloc_context: migratetype at 24, highest_zoneidx at 28 (64-bit). struct oom_control:
 * memcg at 16, gfp_mask at 24, order at 28.
 */
#include <string.h>

#include "kernel/probes.h"
#include "kernel/symbols.h"

#define GFP_ORDER "gfp=%1:x32 order=%2:u32 "
#define AC(reg)	  "ac=" reg ":x64 migratetype=+24(" reg "):s32 highest_zone=+28(" reg "):u32 "
#define WHO	  "sp=$stack:x64 comm=$comm"

static const struct probe_rule rules[] = {
	{ EV_SLOW_ENTER, TARGET_SLOWPATH, PLACE_CALL, GFP_ORDER AC("%3") WHO, NULL },
	{ EV_SLOW_EXIT, TARGET_SLOWPATH, PLACE_AFTER_CALL, "page=%r:x64 sp=$stack:x64", NULL },

	{ EV_FAST_NULL, TARGET_ATTEMPT, PLACE_AFTER_CALL, "page=%r:x64 " WHO, NULL },
	{ EV_ATTEMPT_ENTER, TARGET_ATTEMPT, PLACE_CALL,
	  GFP_ORDER "alloc_flags=%3:x32 " AC("%4") WHO, NULL },
	{ EV_ATTEMPT_EXIT, TARGET_ATTEMPT, PLACE_AFTER_CALL, "page=%r:x64 " WHO, NULL },

	{ EV_ATTEMPT_ENTER, TARGET_ATTEMPT, PLACE_ENTRY,
	  "gfp=$arg1:x32 order=$arg2:u32 alloc_flags=$arg3:x32 " AC("$arg4") "caller=%c:x64 " WHO,
	  NULL },
	{ EV_ATTEMPT_EXIT, TARGET_ATTEMPT, PLACE_RETURN, "page=$retval:x64 " WHO,
	  "gfp=$arg1:x32 order=$arg2:u32 alloc_flags=$arg3:x32 ac=$arg4:x64" },

	{ EV_ALLOC_ENTER, TARGET_ENTRY, PLACE_ENTRY,
	  "gfp=$arg1:x32 order=$arg2:u32 nid=$arg3:s32 " WHO, NULL },
	{ EV_ALLOC_EXIT, TARGET_ENTRY, PLACE_RETURN, "page=$retval:x64 sp=$stack:x64", NULL },

	{ EV_DIRECT_COMPACT, TARGET_DIRECT_COMPACT, PLACE_ENTRY, "gfp=$arg1:x32 order=$arg2:u32",
	  NULL },
	{ EV_UNRESERVE_HIGHATOMIC, TARGET_UNRESERVE_HIGHATOMIC, PLACE_ENTRY, "force=$arg2:u8",
	  NULL },
	{ EV_UNRESERVED, TARGET_UNRESERVE_HIGHATOMIC, PLACE_RETURN, "freed=$retval:u8", NULL },
	{ EV_DRAIN_ALL_PAGES, TARGET_DRAIN_ALL_PAGES, PLACE_ENTRY, "zone=$arg1:x64", NULL },
	{ EV_OUT_OF_MEMORY, TARGET_OUT_OF_MEMORY, PLACE_ENTRY,
	  "memcg=+16($arg1):x64 gfp=+24($arg1):x32 order=+28($arg1):s32", NULL },
	{ EV_WARN_ALLOC, TARGET_WARN_ALLOC, PLACE_ENTRY, "gfp=$arg1:x32", NULL },
};

static const char *const other_names[NR_TARGETS] = {
	[TARGET_SLOWPATH] = "__alloc_pages_slowpath",
	[TARGET_ATTEMPT] = "get_page_from_freelist",
	[TARGET_DIRECT_COMPACT] = "__alloc_pages_direct_compact",
	[TARGET_UNRESERVE_HIGHATOMIC] = "unreserve_highatomic_pageblock",
	[TARGET_DRAIN_ALL_PAGES] = "drain_all_pages",
	[TARGET_OUT_OF_MEMORY] = "out_of_memory",
	[TARGET_WARN_ALLOC] = "warn_alloc",
	[TARGET_NOLOCK] = "alloc_frozen_pages_nolock_noprof",
};

const char *const *kernel_target_names(enum target target, size_t *nr)
{
	if (target == TARGET_ENTRY)
		return kernel_entry_names(nr);
	*nr = 1;
	return &other_names[target];
}

const struct probe_rule *kernel_probe_rule(enum ev_kind kind, enum probe_place place)
{
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].kind == kind && rules[i].place == place)
			return &rules[i];
	return NULL;
}

/*
 * Names as regs_query_register_offset() knows them. x86-64 was run; arm64 is written from
 * arch/arm64/kernel/ptrace.c and the procedure call standard, and was not run.
 */
static const struct {
	const char *machine;
	char key;
	const char *name;
} registers[] = {
	{ "x86_64", '1', "%di" },  { "x86_64", '2', "%si" },  { "x86_64", '3', "%dx" },
	{ "x86_64", '4', "%cx" },  { "x86_64", 'r', "%ax" },  { "x86_64", 'c', "$stack0" },
	{ "aarch64", '1', "%x0" }, { "aarch64", '2', "%x1" }, { "aarch64", '3', "%x2" },
	{ "aarch64", '4', "%x3" }, { "aarch64", 'r', "%x0" }, { "aarch64", 'c', "%lr" },
};

const char *kernel_register(const char *machine, char key)
{
	size_t i;

	for (i = 0; i < sizeof(registers) / sizeof(registers[0]); i++)
		if (registers[i].key == key && !strcmp(registers[i].machine, machine))
			return registers[i].name;
	return NULL;
}
