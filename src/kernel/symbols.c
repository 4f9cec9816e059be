// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <string.h>

#include "kernel/symbols.h"

/* Newest first: where several exist, the first one that the kernel has is the buddy entry. */
static const char *const entry_names[] = {
	"__alloc_frozen_pages_noprof", /* 6.15 and later; seen in 6.18.15, 7.1.13, 7.2.13, 7.3.4 */
	"__alloc_pages_noprof",	       /* 6.10 and later; seen in 6.12.117 */
	"__alloc_pages",	       /* 5.13 and later; seen in 6.1.176, 6.6.87 */
	"__alloc_pages_nodemask",      /* seen in 5.10.262 */
};

static const struct {
	const char *name;
	enum fn_role role;
} roles[] = {
	{ "__alloc_pages_slowpath", FN_SLOWPATH },
	{ "get_page_from_freelist", FN_ATTEMPT },
	{ "__alloc_pages_direct_compact", FN_DIRECT_COMPACT },
};

/*
 * As call stacks of Debian's 5.10.0-46, 6.1.0-56, 6.12.118 and 7.3.4 have them, x86-64: a trap, and a
 * return. kretprobe_trampoline is that of 5.10 (5.10 arch/x86/kernel/kprobes/core.c).
 */
static const char *const trampolines[] = {
	"asm_exc_int3",
	"arch_rethook_trampoline",
	"__kretprobe_trampoline",
	"kretprobe_trampoline",
};

const char *const *kernel_entry_names(size_t *nr)
{
	*nr = sizeof(entry_names) / sizeof(entry_names[0]);
	return entry_names;
}

/* The name itself, or the name with a compiler's suffix, which always begins with a dot. */
static bool is_function(const char *symbol, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(symbol, name, len) && (!symbol[len] || symbol[len] == '.');
}

bool kernel_is_trampoline(const char *symbol)
{
	size_t i;

	for (i = 0; i < sizeof(trampolines) / sizeof(trampolines[0]); i++)
		if (!strcmp(symbol, trampolines[i]))
			return true;
	return false;
}

enum fn_role kernel_fn_role(const char *symbol)
{
	size_t nr;
	const char *const *name = kernel_entry_names(&nr);
	size_t i;

	for (i = 0; i < nr; i++)
		if (is_function(symbol, name[i]))
			return FN_ENTRY;
	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (is_function(symbol, roles[i].name))
			return roles[i].role;
	return FN_OTHER;
}
