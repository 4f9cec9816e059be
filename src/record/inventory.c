// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "record/file.h"
#include "record/inventory.h"
#include "record/symtab.h"

/* The lists that are read once, while the inventory is being made. */
struct sources {
	struct symtab symbols;
	bool have_symbols;
	char *traceable; /* available_filter_functions; NULL where ftrace does not keep it */
};

static char *read_below(const struct inventory *inv, const char *name)
{
	return file_read_at(inv->root, name, NULL);
}

static void copy_name(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%.*s", (int)strcspn(from, "\n"), from);
}

/* Where tracefs is, by its own README: a directory alone may be an empty mount point. */
static int find_tracefs(struct inventory *inv, struct err *err)
{
	static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	int refused = 0;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *readme;

		snprintf(inv->tracefs, sizeof(inv->tracefs), "%.100s%s", inv->root, places[i]);
		readme = file_read_at(inv->tracefs, "README", NULL);
		if (readme) {
			inv->return_args =
				strstr(readme, "kernel return probes support: $retval, $arg<N>");
			/* A line of its own in the list of triggers (readme_msg, kernel/trace/trace.c). */
			inv->stack_trigger = strstr(readme, "\t    stacktrace\n");
			free(readme);
			return 0;
		}
		if (errno != ENOENT)
			refused = errno;
	}
	if (refused && inv->lockdown == LOCKDOWN_CONFIDENTIALITY)
		return err_set(
			err, -refused,
			"kernel lockdown is at level confidentiality, which closes tracefs; boot "
			"with lockdown=integrity or without it to record");
	if (refused)
		return err_set(err, -refused, "tracefs at %s cannot be read (%s); run as root",
			       places[0], strerror(refused));
	return err_set(err, -ENOENT,
		       "tracefs is not mounted at %s; as root: mount -t tracefs tracefs %s",
		       places[0], places[0]);
}

const char *lockdown_name(enum lockdown lockdown)
{
	static const char *const names[] = { "unknown", "none", "integrity", "confidentiality" };

	return names[lockdown];
}

/* "none [integrity] confidentiality": the one in brackets holds. */
static enum lockdown read_lockdown(const struct inventory *inv)
{
	char *text = read_below(inv, "sys/kernel/security/lockdown");
	enum lockdown found = LOCKDOWN_UNKNOWN, level;
	char wanted[32];

	for (level = LOCKDOWN_NONE; text && level <= LOCKDOWN_CONFIDENTIALITY; level++) {
		snprintf(wanted, sizeof(wanted), "[%s]", lockdown_name(level));
		if (strstr(text, wanted))
			found = level;
	}
	free(text);
	return found;
}

static long read_number(const struct inventory *inv, const char *name)
{
	char *text = read_below(inv, name);
	long number = text ? strtol(text, NULL, 10) : -1;

	free(text);
	return number;
}

static uint64_t read_memory_kb(const struct inventory *inv)
{
	char *text = read_below(inv, "proc/meminfo");
	const char *line = text ? strstr(text, "MemTotal:") : NULL;
	uint64_t kb = line ? strtoull(line + strlen("MemTotal:"), NULL, 10) : 0;

	free(text);
	return kb;
}

static void read_release(struct inventory *inv)
{
	char *release = read_below(inv, "proc/sys/kernel/osrelease");
	struct utsname uts;

	if (release)
		copy_name(inv->release, sizeof(inv->release), release);
	free(release);
	if (!uname(&uts))
		copy_name(inv->machine, sizeof(inv->machine), uts.machine);
}

/* Is `word` a line of the list, or the first word of one ("function [module]")? */
static bool list_has(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *at;

	for (at = list; (at = strstr(at, word)); at += len)
		if ((at == list || at[-1] == '\n') && (!at[len] || strchr("\n ", at[len])))
			return true;
	return false;
}

/*
 * Without the list there is no CONFIG_DYNAMIC_FTRACE, so the kernel refuses no function for being
 * notrace (within_notrace_func, kernel/trace/trace_kprobe.c).
 */
static bool is_traceable(const struct sources *src, const char *function)
{
	return !src->traceable || list_has(src->traceable, function);
}

static void resolve(struct inventory *inv, const struct sources *src, enum target target)
{
	struct inv_function *fn = &inv->functions[target];
	const struct symbol *symbol = NULL;
	const char *const *names;
	size_t nr, i;

	names = kernel_target_names(target, &nr);
	for (i = 0; i < nr && !symbol; i++)
		symbol = symtab_find_clone(&src->symbols, names[i], &fn->clone);
	if (!symbol)
		return;
	copy_name(fn->name, sizeof(fn->name), symbol->name);
	fn->traceable = is_traceable(src, fn->name);
	fn->addr = symbol->addr;
	fn->end = inv->symbols_hidden ? 0 : symtab_end(&src->symbols, symbol);
}

static void resolve_all(struct inventory *inv, const struct sources *src)
{
	const struct symbol *stext, *etext;
	enum target target;

	inv->symbols_hidden = src->symbols.hidden;
	for (target = 0; target < NR_TARGETS; target++)
		resolve(inv, src, target);
	/*
	 * Unwinders learnt to look behind a return probe's trampoline with 5.16, which renamed it (seen:
	 * 5.10.0-46 does not, 6.1.0-56 does).
	 */
	inv->stacks_cut = symtab_find(&src->symbols, "kretprobe_trampoline");
	stext = symtab_find(&src->symbols, "_stext");
	etext = symtab_find(&src->symbols, "_etext");
	inv->stext = stext ? stext->addr : 0;
	inv->etext = etext ? etext->addr : 0;
}

/* Keeps the list sorted and free of doubles. */
static void keep_symbol(struct inventory *inv, const struct symbol *symbol)
{
	size_t at = inv->nr_symbols;

	while (at && inv->symbols[at - 1].addr > symbol->addr)
		at--;
	if ((at && inv->symbols[at - 1].addr == symbol->addr) || inv->nr_symbols == INV_SYMBOLS_MAX)
		return;
	memmove(&inv->symbols[at + 1], &inv->symbols[at],
		(inv->nr_symbols++ - at) * sizeof(inv->symbols[0]));
	inv->symbols[at].addr = symbol->addr;
	copy_name(inv->symbols[at].name, sizeof(inv->symbols[at].name), symbol->name);
}

static void keep_function(struct inventory *inv, const struct sources *src, uint64_t addr)
{
	const struct symbol *symbol = symtab_at(&src->symbols, addr);
	const struct symbol *next;

	if (!addr || !symbol)
		return;
	keep_symbol(inv, symbol);
	next = symtab_at(&src->symbols, symtab_end(&src->symbols, symbol));
	if (next)
		keep_symbol(inv, next);
}

static void keep_symbols(struct inventory *inv, const struct sources *src)
{
	enum target target;
	size_t i;

	for (target = 0; target < NR_TARGETS; target++)
		keep_function(inv, src, inv->functions[target].addr);
	for (i = 0; i < inv->slow_sites.nr && i < INV_SITES_MAX; i++)
		keep_function(inv, src, inv->slow_sites.sites[i].site.addr);
	for (i = 0; i < inv->attempt_sites.nr && i < INV_SITES_MAX; i++)
		keep_function(inv, src, inv->attempt_sites.sites[i].site.addr);
}

static void add_site(struct inv_sites *list, const struct sources *src, const struct callsite *site)
{
	const struct symbol *in = symtab_at(&src->symbols, site->addr);
	struct inv_site *to = &list->sites[list->nr];

	if (list->nr++ >= INV_SITES_MAX || !in)
		return;
	to->site = *site;
	copy_name(to->function, sizeof(to->function), in->name);
	to->offset = site->addr - in->addr;
	to->next_offset = site->next - in->addr;
	to->traceable = is_traceable(src, in->name);
}

/* A jump from the inside of a function to its own start is a loop, not a way in. */
static bool is_inside(const struct inv_function *fn, const struct callsite *site)
{
	return site->jump && site->addr >= fn->addr && site->addr < fn->end;
}

static void read_sites(struct inventory *inv, const struct sources *src)
{
	const struct inv_function *slow = &inv->functions[TARGET_SLOWPATH];
	const struct inv_function *attempt = &inv->functions[TARGET_ATTEMPT];
	const uint64_t targets[] = { slow->addr, attempt->addr };
	struct callsite found[2 * INV_SITES_MAX];
	struct callsites out = { found, 2 * INV_SITES_MAX, 0, ISA_UNKNOWN };
	char path[INV_PATH_MAX];
	size_t i;

	snprintf(path, sizeof(path), "%.200s/proc/kcore", inv->root);
	inv->kcore_error =
		callsite_read(&out, path, inv->stext, inv->etext, targets, 2, &inv->kcore_why);
	if (inv->kcore_error)
		return;
	for (i = 0; i < out.nr && i < out.max; i++) {
		if (slow->addr && out.sites[i].target == slow->addr && !is_inside(slow, &found[i]))
			add_site(&inv->slow_sites, src, &found[i]);
		if (attempt->addr && out.sites[i].target == attempt->addr &&
		    !is_inside(attempt, &found[i]))
			add_site(&inv->attempt_sites, src, &found[i]);
	}
}

static void read_functions(struct inventory *inv, struct sources *src)
{
	char *text = read_below(inv, "proc/kallsyms");

	inv->kcore_error = err_set(&inv->kcore_why, -ENOENT, "the kernel's symbols are not known");
	inv->fast_site = -1;
	if (!text || symtab_init(&src->symbols, text))
		return;
	src->traceable = file_read_at(inv->tracefs, "available_filter_functions", NULL);
	resolve_all(inv, src);
	if (inv->stext && inv->etext > inv->stext)
		read_sites(inv, src);
	keep_symbols(inv, src);
}

static void read_events(struct inventory *inv)
{
	char *list = file_read_at(inv->tracefs, "available_events", NULL);
	const struct event_rule *rules;
	char name[128];
	size_t nr, i;

	rules = kernel_event_rules(&nr);
	for (i = 0; list && i < nr && i < INV_EVENTS_MAX; i++) {
		if (!rules[i].system)
			continue;
		snprintf(name, sizeof(name), "%s:%s", rules[i].system, rules[i].name);
		inv->events[i] = list_has(list, name);
	}
	free(list);
}

static bool exists_below(const char *dir, const char *name)
{
	char path[2 * INV_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return !access(path, F_OK);
}

int inventory_read(struct inventory *inv, const char *root, struct err *err)
{
	struct sources src = { 0 };
	int ret;

	memset(inv, 0, sizeof(*inv));
	snprintf(inv->root, sizeof(inv->root), "%s", root);
	inv->lockdown = read_lockdown(inv);
	read_release(inv);
	ret = find_tracefs(inv, err);
	if (ret)
		return ret;
	inv->kprobes = exists_below(inv->tracefs, "kprobe_events");
	inv->kptr_restrict = (int)read_number(inv, "proc/sys/kernel/kptr_restrict");
	inv->memory_kb = read_memory_kb(inv);
	inv->nr_cpus_online = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	read_functions(inv, &src);
	read_events(inv);
	symtab_free(&src.symbols);
	free(src.traceable);
	return 0;
}
