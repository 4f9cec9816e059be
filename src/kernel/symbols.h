/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of the page allocator by the role that they play, under every name they have had.
 *
 * | role     | 5.10                     | 6.1, 6.6       | 6.12                 | 6.18 and later                |
 * | entry    | __alloc_pages_nodemask   | __alloc_pages  | __alloc_pages_noprof | __alloc_frozen_pages_noprof   |
 * | slowpath | __alloc_pages_slowpath, usually with a compiler suffix (.constprop.0)                          |
 * | attempt  | get_page_from_freelist                                                                         |
 *
 * On 6.18 and later __alloc_pages_noprof exists too, as a thin wrapper: slab and mempolicy call the
 * frozen variant directly, so that one is the entry (mm/page_alloc.c, 6.18:5175, 7.3:5406).
 */
#ifndef PAGETRAIL_KERNEL_SYMBOLS_H
#define PAGETRAIL_KERNEL_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

enum fn_role { FN_OTHER = 0, FN_ENTRY, FN_SLOWPATH, FN_ATTEMPT, FN_DIRECT_COMPACT, NR_FN_ROLES };

/*
 * Is it where the kernel comes from a probed function into the handler of a probe? In a call stack the
 * function that was probed is the next one further out.
 */
bool kernel_is_trampoline(const char *symbol);

/*
 * Role of a function by its symbol, compiler suffixes (".constprop.0", ".isra.0", ".part.0")
 * allowed; ".cold" is a part of its function, with the same role. FN_OTHER for the rest.
 */
enum fn_role kernel_fn_role(const char *symbol);

/* Names of the entry function, the one to prefer first; *nr is set. */
const char *const *kernel_entry_names(size_t *nr);

#endif
