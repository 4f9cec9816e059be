// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "record/plan.h"

/*
 * Without a number the kernel prepares as many return probe instances as there are CPUs (5.10, not
 * preemptible), and returns beyond that are missed. Each takes about 100 bytes.
 */
#define MAXACTIVE 512

static const char *const profile_names[NR_PROFILES] = { "site", "freelist", "full", "tracepoints" };

const char *profile_name(enum profile profile)
{
	return profile_names[profile];
}

bool profile_parse(const char *name, enum profile *profile)
{
	for (*profile = 0; *profile < NR_PROFILES; (*profile)++)
		if (!strcmp(name, profile_names[*profile]))
			return true;
	return false;
}

void plan_miss(struct plan *plan, const char *event, const char *why)
{
	struct plan_missing *missing = &plan->missing[plan->nr_missing];

	if (plan->nr_missing == PLAN_MISSING_MAX)
		return;
	snprintf(missing->event, sizeof(missing->event), "%s", event);
	snprintf(missing->why, sizeof(missing->why), "%s", why);
	plan->nr_missing++;
}

static void limit(struct plan *plan, const char *why)
{
	if (plan->nr_limits < PLAN_LIMITS_MAX)
		snprintf(plan->limits[plan->nr_limits++], sizeof(plan->limits[0]), "%s", why);
}

/* Copies a rule's fetch arguments with the machine's registers put in. */
static int expand_args(char *to, size_t size, const char *args, const char *machine)
{
	const char *name;
	size_t len = 0;

	for (; *args && len + 1 < size; args++) {
		name = *args == '%' ? kernel_register(machine, args[1]) : NULL;
		if (*args == '%' && !name)
			return -ENOTSUP;
		if (name) {
			len += (size_t)snprintf(to + len, size - len, "%s", name);
			args++;
		} else {
			to[len++] = *args;
		}
	}
	if (len >= size || *args)
		return -E2BIG;
	to[len] = '\0';
	return 0;
}

static int set_args(struct plan_probe *probe, const struct probe_rule *rule,
		    const struct inventory *inv, bool args_known)
{
	char text[sizeof(probe->args)];

	if (!args_known)
		return 0;
	snprintf(text, sizeof(text), "%s%s%s", rule->args,
		 rule->return_args && inv->return_args ? " " : "",
		 rule->return_args && inv->return_args ? rule->return_args : "");
	return expand_args(probe->args, sizeof(probe->args), text, inv->machine);
}

/* A new probe at the end of the plan, or NULL when its arguments cannot be named here. */
static struct plan_probe *add_probe(struct plan *plan, const struct inventory *inv,
				    const struct probe_rule *rule, bool args_known)
{
	struct plan_probe *probe = &plan->probes[plan->nr_probes];

	if (plan->nr_probes == PLAN_PROBES_MAX)
		return NULL;
	memset(probe, 0, sizeof(*probe));
	if (set_args(probe, rule, inv, args_known))
		return NULL;
	snprintf(probe->event, sizeof(probe->event), "%s", kernel_event_name(rule->kind));
	probe->is_return = rule->place == PLACE_RETURN;
	plan->nr_probes++;
	return probe;
}

/*
 * A probe at one call site, or after it. `index` becomes the suffix of the event's name, 0 for none
 * (the only site). What is added is required: with a site left out, entries would be missed.
 */
static struct plan_probe *add_site_probe(struct plan *plan, const struct inventory *inv,
					 enum ev_kind kind, enum probe_place place,
					 const struct inv_site *site, size_t index)
{
	const struct probe_rule *rule = kernel_probe_rule(kind, place);
	struct plan_probe *probe = add_probe(plan, inv, rule, true);
	uint64_t offset = place == PLACE_CALL ? site->offset : site->next_offset;
	size_t len;

	if (!probe)
		return NULL;
	snprintf(probe->place, sizeof(probe->place), "%s+0x%" PRIx64, site->function, offset);
	len = strlen(probe->event);
	if (index)
		snprintf(probe->event + len, sizeof(probe->event) - len, "_%zu", index);
	probe->required = true;
	probe->doubtful = place == PLACE_CALL;
	return probe;
}

/* A probe on a function's entry or return. NULL with the reason when it cannot be had. */
static struct plan_probe *add_function_probe(struct plan *plan, const struct inventory *inv,
					     enum ev_kind kind, enum probe_place place,
					     struct err *why)
{
	const struct probe_rule *rule = kernel_probe_rule(kind, place);
	const struct inv_function *fn = &inv->functions[rule->target];
	size_t nr;
	const char *name = *kernel_target_names(rule->target, &nr);
	struct plan_probe *probe;

	if (!*fn->name || !fn->traceable) {
		err_set(why, -ENOENT, "%s %s", name,
			*fn->name ? "cannot be probed (notrace)"
				  : "is not a symbol of this kernel (inlined, or another name)");
		return NULL;
	}
	probe = add_probe(plan, inv, rule, !fn->clone);
	if (!probe) {
		err_set(why, -ENOTSUP, "the registers of machine %s are not known", inv->machine);
		return NULL;
	}
	snprintf(probe->place, sizeof(probe->place), "%s", fn->name);
	return probe;
}

static void add_rare_probes(struct plan *plan, const struct inventory *inv)
{
	static const struct {
		enum ev_kind kind;
		enum probe_place place;
	} probes[] = {
		{ EV_DIRECT_COMPACT, PLACE_ENTRY },	  { EV_UNRESERVED, PLACE_RETURN },
		{ EV_UNRESERVE_HIGHATOMIC, PLACE_ENTRY }, { EV_DRAIN_ALL_PAGES, PLACE_ENTRY },
		{ EV_OUT_OF_MEMORY, PLACE_ENTRY },	  { EV_WARN_ALLOC, PLACE_ENTRY },
	};
	struct err why;
	size_t i;

	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		if (!add_function_probe(plan, inv, probes[i].kind, probes[i].place, &why))
			plan_miss(plan, kernel_event_name(probes[i].kind), why.text);
}

/* An event that was renamed has several rows, and each kernel has one of them. */
static bool has_kind(const struct inventory *inv, enum ev_kind kind)
{
	const struct event_rule *rules;
	size_t nr, i;

	rules = kernel_event_rules(&nr);
	for (i = 0; i < nr && i < INV_EVENTS_MAX; i++)
		if (rules[i].kind == kind && inv->events[i])
			return true;
	return false;
}

static bool has_slowpath(const struct inventory *inv)
{
	return *inv->functions[TARGET_SLOWPATH].name;
}

static bool is_sched(const struct event_rule *rule)
{
	return rule->kind == EV_SCHED_SWITCH || rule->kind == EV_SCHED_WAKEUP;
}

static void add_event(struct plan *plan, const struct inventory *inv, size_t row)
{
	const struct event_rule *rule;
	char name[sizeof(plan->missing[0].event)];
	size_t nr;

	rule = &kernel_event_rules(&nr)[row];
	if (inv->events[row]) {
		plan->events[plan->nr_events++] =
			(struct plan_event){ rule->system, rule->name, false };
	} else if (!has_kind(inv, rule->kind)) {
		snprintf(name, sizeof(name), "%s:%s", rule->system, rule->name);
		plan_miss(plan, name, "not an event of this kernel");
	}
}

void plan_add_sched(struct plan *plan, const struct inventory *inv)
{
	const struct event_rule *rules;
	size_t nr, i;

	rules = kernel_event_rules(&nr);
	for (i = 0; i < nr && i < INV_EVENTS_MAX; i++)
		if (is_sched(&rules[i]))
			add_event(plan, inv, i);
}

static enum ev_kind kind_of(const struct plan_probe *probe)
{
	const struct event_rule *rule = kernel_event_find(PROBE_GROUP_PREFIX, probe->event);

	return rule ? rule->kind : EV_UNKNOWN;
}

static bool has_probe(const struct plan *plan, enum ev_kind kind)
{
	size_t i;

	for (i = 0; i < plan->nr_probes; i++)
		if (kind_of(&plan->probes[i]) == kind)
			return true;
	return false;
}

/* The event that opens an episode, as sequence/ chooses it. */
static enum ev_kind opener(const struct plan *plan)
{
	static const enum ev_kind kinds[] = { EV_SLOW_ENTER, EV_FAST_NULL, EV_ATTEMPT_EXIT };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (has_probe(plan, kinds[i]))
			return kinds[i];
	return EV_UNKNOWN;
}

/*
 * Which of these events is an entry. A trigger needs a condition of its own: the kernel runs it also
 * for events that the filter drops (trace_event_buffer_commit, 5.10 to 7.3).
 */
static void entry_condition(char *text, size_t size, const struct inventory *inv, enum ev_kind kind)
{
	const struct inv_function *entry = &inv->functions[TARGET_ENTRY];

	*text = '\0';
	if (kind == EV_FAST_NULL)
		snprintf(text, size, " if page == 0");
	else if (kind == EV_ATTEMPT_EXIT && inv->return_args)
		snprintf(text, size, " if page == 0 && " FILTER_FAST " && " FILTER_NOT_NOLOCK);
	else if (kind == EV_ATTEMPT_EXIT && !has_slowpath(inv))
		snprintf(text, size, " if page == 0 && __probe_ret_ip == 0x%" PRIx64,
			 inv->attempt_sites.sites[inv->fast_site].site.next);
	else if (kind == EV_ATTEMPT_EXIT)
		snprintf(text, size,
			 " if page == 0 && __probe_ret_ip >= 0x%" PRIx64
			 " && __probe_ret_ip < 0x%" PRIx64,
			 entry->addr, entry->end);
}

static int need_stacks(const struct plan *plan, const struct inventory *inv, struct err *err)
{
	enum ev_kind kind = opener(plan);

	if (kind == EV_UNKNOWN)
		return err_set(err, -ENOTSUP,
			       "the profile %s has no event for entries into the slowpath, whose "
			       "call stacks --stack could record; leave --stack out",
			       profile_name(plan->profile));
	if (!inv->stack_trigger)
		return err_set(err, -ENOTSUP,
			       "this kernel has no trigger for call stacks (CONFIG_STACKTRACE); "
			       "leave --stack out");
	if (inv->stacks_cut && (has_probe(plan, EV_ALLOC_EXIT) || kind == EV_ATTEMPT_EXIT))
		return err_set(
			err, -ENOTSUP,
			"on this kernel call stacks end where a return probe is, so with the "
			"profile %s they show no caller; leave --stack out, or take --profile "
			"site",
			profile_name(plan->profile));
	if (inv->symbols_hidden)
		return err_set(err, -EPERM,
			       "call stacks have no names, since the addresses in /proc/kallsyms "
			       "are hidden (kernel.kptr_restrict is %d); to record them: sysctl "
			       "kernel.kptr_restrict=1",
			       inv->kptr_restrict);
	if (kind == EV_ATTEMPT_EXIT && !inv->return_args && !has_slowpath(inv) &&
	    inv->fast_site < 0)
		return err_set(err, -ENOENT,
			       "the slowpath is inlined, and which call of %s is the fast path's "
			       "could not be learnt: entries cannot be told; leave --stack out",
			       inv->functions[TARGET_ATTEMPT].name);
	return 0;
}

int plan_add_stack(struct plan *plan, const struct inventory *inv, struct err *err)
{
	enum ev_kind kind = opener(plan);
	int ret = need_stacks(plan, inv, err);
	char condition[sizeof(plan->probes[0].trigger) - 16];
	size_t i;

	if (ret)
		return ret;
	entry_condition(condition, sizeof(condition), inv, kind);
	for (i = 0; i < plan->nr_probes; i++)
		if (kind_of(&plan->probes[i]) == kind)
			snprintf(plan->probes[i].trigger, sizeof(plan->probes[i].trigger),
				 PLAN_STACKTRACE "%s", condition);
	return 0;
}

static void add_tracepoints(struct plan *plan, const struct inventory *inv, bool page_alloc)
{
	const struct event_rule *rules;
	size_t nr, i;

	rules = kernel_event_rules(&nr);
	for (i = 0; i < nr && i < INV_EVENTS_MAX; i++) {
		if (!rules[i].system || !strcmp(rules[i].system, "ftrace") || is_sched(&rules[i]))
			continue;
		if (rules[i].kind != EV_PAGE_ALLOC || page_alloc)
			add_event(plan, inv, i);
	}
}

static int need_kprobes(const struct inventory *inv, struct err *err)
{
	if (!inv->kprobes)
		return err_set(
			err, -ENOTSUP,
			"this kernel has no kprobe events (CONFIG_KPROBE_EVENTS); only the profile "
			"tracepoints can be recorded");
	if (inv->lockdown == LOCKDOWN_CONFIDENTIALITY)
		return err_set(
			err, -EPERM,
			"kernel lockdown is at level confidentiality, which refuses kprobes; boot "
			"with lockdown=integrity or without it");
	return 0;
}

static int need_addresses(const struct inventory *inv, struct err *err)
{
	if (inv->symbols_hidden)
		return err_set(
			err, -EPERM,
			"the addresses in /proc/kallsyms are hidden (kernel.kptr_restrict is %d); "
			"to record: sysctl kernel.kptr_restrict=1",
			inv->kptr_restrict);
	if (inv->kcore_error)
		return err_set(err, inv->kcore_error, "%s", inv->kcore_why.text);
	return 0;
}

static int check_nr_sites(const struct inv_sites *list, const char *target, struct err *err)
{
	if (!list->nr)
		return err_set(err, -ENOENT, "no call of %s was found in the kernel's text",
			       target);
	if (list->nr > INV_SITES_MAX)
		return err_set(err, -E2BIG, "%s is called from %zu places, more than %d", target,
			       list->nr, INV_SITES_MAX);
	return 0;
}

static int check_site(const struct inv_site *site, const char *target, struct err *err)
{
	if (site->site.jump)
		return err_set(err, -ENOTSUP, "%s+0x%" PRIx64 " reaches %s by a jump",
			       site->function, site->offset, target);
	if (!site->traceable)
		return err_set(err, -ENOTSUP,
			       "%s+0x%" PRIx64 ", which calls %s, cannot be probed (notrace)",
			       site->function, site->offset, target);
	return 0;
}

static int out_of_room(const struct inventory *inv, struct err *err)
{
	return err_set(err, -ENOTSUP,
		       "the probes do not fit, or the registers of machine %s are "
		       "not known",
		       inv->machine);
}

/* On the call into the slowpath, and where it comes back to. */
static int add_slow_sites(struct plan *plan, const struct inventory *inv, struct err *err)
{
	const struct inv_sites *list = &inv->slow_sites;
	const char *target = inv->functions[TARGET_SLOWPATH].name;
	size_t i, index;
	int ret = check_nr_sites(list, target, err);

	/* Every site is needed: with one left out the count would be too low. */
	for (i = 0; i < list->nr && !ret; i++) {
		ret = check_site(&list->sites[i], target, err);
		if (ret)
			break;
		index = list->nr > 1 ? i + 1 : 0;
		if (!add_site_probe(plan, inv, EV_SLOW_EXIT, PLACE_AFTER_CALL, &list->sites[i],
				    index) ||
		    !add_site_probe(plan, inv, EV_SLOW_ENTER, PLACE_CALL, &list->sites[i], index))
			ret = out_of_room(inv, err);
	}
	return ret;
}

/* alloc_frozen_pages_nolock() of 6.18 to 7.2 has an attempt of its own: never the slowpath's. */
static bool is_nolock_site(const struct inventory *inv, const struct inv_site *site)
{
	return !strcmp(site->function, inv->functions[TARGET_NOLOCK].name);
}

/*
 * From 7.3 nolock requests go through the fast path's own call, and may stop after it failed: at
 * its return point nothing tells them from those that go on into the slowpath.
 */
static int check_fast_site(const struct inventory *inv, struct err *err)
{
	const struct inv_sites *list = &inv->attempt_sites;
	size_t i;

	if (inv->fast_site < 0)
		return err_set(err, -ENOENT,
			       "which call of %s is the fast path's is told by a trial only",
			       inv->functions[TARGET_ATTEMPT].name);
	if (!*inv->functions[TARGET_NOLOCK].name)
		return 0;
	for (i = 0; i < list->nr; i++)
		if (is_nolock_site(inv, &list->sites[i]))
			return 0;
	return err_set(
		err, -ENOTSUP,
		"the slowpath is inlined, and nolock allocations share the fast path's call, "
		"where they cannot be told from entries");
}

static int add_fast_site(struct plan *plan, const struct inventory *inv, struct err *err)
{
	const struct inv_site *site = &inv->attempt_sites.sites[inv->fast_site];
	struct plan_probe *exit;

	exit = add_site_probe(plan, inv, EV_FAST_NULL, PLACE_AFTER_CALL, site, 0);
	if (!exit)
		return out_of_room(inv, err);
	snprintf(exit->filter, sizeof(exit->filter), "page == 0");
	return 0;
}

static int add_inner_site(struct plan *plan, const struct inventory *inv, size_t i, struct err *err)
{
	const struct inv_site *site = &inv->attempt_sites.sites[i];
	struct err why;

	if (is_nolock_site(inv, site))
		return 0;
	/* An attempt out of reach takes nothing from the count of entries. */
	if (check_site(site, inv->functions[TARGET_ATTEMPT].name, &why)) {
		plan_miss(plan, kernel_event_name(EV_ATTEMPT_ENTER), why.text);
		return 0;
	}
	if (!add_site_probe(plan, inv, EV_ATTEMPT_EXIT, PLACE_AFTER_CALL, site, i + 1) ||
	    !add_site_probe(plan, inv, EV_ATTEMPT_ENTER, PLACE_CALL, site, i + 1))
		return out_of_room(inv, err);
	return 0;
}

/*
 * The slowpath is inlined into its caller: its attempts are told by their call sites. On 7.1 and
 * later its first attempt and its retries share one site, so the entry is told by the fast
 * attempt's return without a page: one filtered probe on the fast path, the price of exactness.
 */
static int add_inner_sites(struct plan *plan, const struct inventory *inv, struct err *err)
{
	const struct inv_sites *list = &inv->attempt_sites;
	int ret = check_nr_sites(list, inv->functions[TARGET_ATTEMPT].name, err);
	size_t i;

	if (!ret)
		ret = check_fast_site(inv, err);
	if (!ret)
		ret = add_fast_site(plan, inv, err);
	for (i = 0; i < list->nr && !ret; i++)
		if ((int)i != inv->fast_site)
			ret = add_inner_site(plan, inv, i, err);
	return ret;
}

static int add_sites(struct plan *plan, const struct inventory *inv, struct err *err)
{
	int ret = need_addresses(inv, err);

	if (ret)
		return ret;
	return has_slowpath(inv) ? add_slow_sites(plan, inv, err) : add_inner_sites(plan, inv, err);
}

/*
 * Which returns of get_page_from_freelist to keep: all without a page, and all of the slowpath.
 * Where the return probe cannot see alloc_flags they are told by where they return to: the fast
 * path's is the only call in the entry function, unless the slowpath is inlined there.
 */
static int return_filter(char *filter, size_t size, const struct inventory *inv, struct err *err)
{
	const struct inv_function *entry = &inv->functions[TARGET_ENTRY];

	if (inv->return_args) {
		snprintf(filter, size, FILTER_NOT_NOLOCK " && (page == 0 || " FILTER_SLOW ")");
		return 0;
	}
	if (inv->symbols_hidden)
		return need_addresses(inv, err);
	if (has_slowpath(inv)) {
		snprintf(filter, size,
			 "page == 0 || __probe_ret_ip < 0x%" PRIx64
			 " || __probe_ret_ip >= 0x%" PRIx64,
			 entry->addr, entry->end);
		return 0;
	}
	if (inv->fast_site < 0)
		return err_set(err, -ENOENT,
			       "the slowpath is inlined, and which call of %s is the fast "
			       "path's could not be learnt",
			       inv->functions[TARGET_ATTEMPT].name);
	snprintf(filter, size, "page == 0 || __probe_ret_ip != 0x%" PRIx64,
		 inv->attempt_sites.sites[inv->fast_site].site.next);
	return 0;
}

/*
 * The return probe comes first: handlers on one function run in the reverse order of creation
 * (add_new_kprobe puts a new one at the head of the list), and a return probe that runs before the
 * entry probe has already replaced the return address that the entry probe is to fetch.
 */
static int add_attempts(struct plan *plan, const struct inventory *inv, bool filtered,
			struct err *err)
{
	struct plan_probe *exit, *enter;

	if (inv->functions[TARGET_ATTEMPT].clone)
		return err_set(err, -ENOTSUP, "the compiler changed the arguments of %s",
			       inv->functions[TARGET_ATTEMPT].name);
	exit = add_function_probe(plan, inv, EV_ATTEMPT_EXIT, PLACE_RETURN, err);
	enter = exit ? add_function_probe(plan, inv, EV_ATTEMPT_ENTER, PLACE_ENTRY, err) : NULL;
	if (!enter)
		return -ENOENT;
	exit->required = enter->required = true;
	if (!filtered)
		return 0;
	snprintf(enter->filter, sizeof(enter->filter), FILTER_SLOW " && " FILTER_NOT_NOLOCK);
	return return_filter(exit->filter, sizeof(exit->filter), inv, err);
}

static int add_allocations(struct plan *plan, const struct inventory *inv, struct err *err)
{
	struct plan_probe *exit, *enter;

	exit = add_function_probe(plan, inv, EV_ALLOC_EXIT, PLACE_RETURN, err);
	enter = exit ? add_function_probe(plan, inv, EV_ALLOC_ENTER, PLACE_ENTRY, err) : NULL;
	if (!enter)
		return -ENOENT;
	exit->required = enter->required = true;
	return 0;
}

static int build_site(struct plan *plan, const struct inventory *inv, struct err *err)
{
	int ret = need_kprobes(inv, err);

	if (!ret)
		ret = add_sites(plan, inv, err);
	if (ret)
		return ret;
	add_rare_probes(plan, inv);
	add_tracepoints(plan, inv, false);
	return 0;
}

static int build_freelist(struct plan *plan, const struct inventory *inv, struct err *err)
{
	int ret = need_kprobes(inv, err);

	if (!ret)
		ret = add_attempts(plan, inv, true, err);
	if (ret)
		return ret;
	add_rare_probes(plan, inv);
	add_tracepoints(plan, inv, false);
	return 0;
}

static int build_full(struct plan *plan, const struct inventory *inv, struct err *err)
{
	struct err why;
	int ret = need_kprobes(inv, err);

	if (!ret)
		ret = add_allocations(plan, inv, err);
	if (!ret)
		ret = add_attempts(plan, inv, false, err);
	if (ret)
		return ret;
	/* Entries are exact without the sites too: by the fast attempts that returned no page. */
	if (!has_slowpath(inv))
		plan_miss(plan, "slow_enter", "the slowpath is inlined into its caller");
	else if (need_addresses(inv, &why) || add_slow_sites(plan, inv, &why))
		plan_miss(plan, "slow_enter", why.text);
	add_rare_probes(plan, inv);
	add_tracepoints(plan, inv, true);
	return 0;
}

static int build_tracepoints(struct plan *plan, const struct inventory *inv, struct err *err)
{
	add_tracepoints(plan, inv, true);
	if (!plan->nr_events)
		return err_set(
			err, -ENOENT,
			"this kernel has none of the events of vmscan, compaction, oom and kmem; it "
			"was built without them (CONFIG_TRACEPOINTS)");
	limit(plan, "without probes the slowpath's entries are a lower bound");
	return 0;
}

int plan_build(struct plan *plan, const struct inventory *inv, enum profile profile,
	       struct err *err)
{
	static int (*const build[NR_PROFILES])(struct plan *, const struct inventory *,
					       struct err *) = { build_site, build_freelist,
								 build_full, build_tracepoints };

	memset(plan, 0, sizeof(*plan));
	plan->profile = profile;
	snprintf(plan->why, sizeof(plan->why), "asked for");
	return build[profile](plan, inv, err);
}

bool plan_needs_trial(const struct inventory *inv, enum profile profile)
{
	struct err err;

	if (has_slowpath(inv) || inv->fast_site >= 0 || need_kprobes(inv, &err) ||
	    need_addresses(inv, &err))
		return false;
	return profile == PROFILE_SITE || (profile == PROFILE_FREELIST && !inv->return_args);
}

int plan_build_trial(struct plan *plan, const struct inventory *inv, struct err *err)
{
	const struct inv_sites *list = &inv->attempt_sites;
	const char *target = inv->functions[TARGET_ATTEMPT].name;
	int ret = check_nr_sites(list, target, err);
	struct plan_probe *probe;
	struct err why;
	size_t i;

	memset(plan, 0, sizeof(*plan));
	for (i = 0; i < list->nr && !ret; i++) {
		if (check_site(&list->sites[i], target, &why))
			continue;
		probe = add_site_probe(plan, inv, EV_ATTEMPT_ENTER, PLACE_CALL, &list->sites[i],
				       i + 1);
		if (!probe)
			return out_of_room(inv, err);
		snprintf(probe->filter, sizeof(probe->filter), "%s", FILTER_FAST);
		probe->site = i;
	}
	return ret;
}

static void add_why(char *why, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void add_why(char *why, size_t size, const char *fmt, ...)
{
	size_t len = strlen(why);
	va_list args;

	va_start(args, fmt);
	vsnprintf(why + len, size - len, fmt, args);
	va_end(args);
}

static void describe_site(char *why, size_t size, const struct inventory *inv)
{
	const struct inv_site *site = &inv->slow_sites.sites[0];

	if (has_slowpath(inv))
		add_why(why, size, "%s is called at %s+0x%" PRIx64,
			inv->functions[TARGET_SLOWPATH].name, site->function, site->offset);
	else
		add_why(why, size,
			"the slowpath is inlined; its attempts are told by their call sites");
}

/* Profiles that were refused for one and the same reason. */
struct refusal {
	char names[64];
	char reason[ERR_TEXT_MAX];
};

static void end_refusal(struct refusal *refusal, char *why, size_t size)
{
	if (*refusal->names)
		add_why(why, size, "%snot %s: %s", *why ? "; " : "", refusal->names,
			refusal->reason);
	*refusal->names = '\0';
}

static void add_refusal(struct refusal *refusal, const char *profile, const char *reason, char *why,
			size_t size)
{
	if (strcmp(reason, refusal->reason))
		end_refusal(refusal, why, size);
	add_why(refusal->names, sizeof(refusal->names), "%s%s", *refusal->names ? " and " : "",
		profile);
	snprintf(refusal->reason, sizeof(refusal->reason), "%s", reason);
}

int plan_choose(struct plan *plan, const struct inventory *inv, enum profile from,
		const char *refused, struct err *err)
{
	static const enum profile order[] = { PROFILE_SITE, PROFILE_FREELIST, PROFILE_TRACEPOINTS };
	char why[2 * ERR_TEXT_MAX - 32];
	struct refusal refusal = { "", "" };
	int ret = -ENOENT;
	size_t i;

	snprintf(why, sizeof(why), "%s", refused);
	for (i = 0; i < sizeof(order) / sizeof(order[0]) && ret; i++) {
		if (order[i] < from)
			continue;
		ret = plan_build(plan, inv, order[i], err);
		if (ret)
			add_refusal(&refusal, profile_name(order[i]), err->text, why, sizeof(why));
	}
	if (ret)
		return ret;
	end_refusal(&refusal, why, sizeof(why));
	if (!*why)
		describe_site(why, sizeof(why), inv);
	snprintf(plan->why, sizeof(plan->why), "the best that works here: %s", why);
	return 0;
}

int plan_probe_text(const struct plan_probe *probe, const char *group, char *buf, size_t size)
{
	char kind[8] = "p";

	if (probe->is_return)
		snprintf(kind, sizeof(kind), "r%d", MAXACTIVE);
	return snprintf(buf, size, "%s:%s/%s %s%s%s", kind, group, probe->event, probe->place,
			*probe->args ? " " : "", probe->args);
}

static void print_probe(const struct plan_probe *probe, const char *group, FILE *out)
{
	char text[640];

	plan_probe_text(probe, group, text, sizeof(text));
	fprintf(out, "write kprobe_events %s\n", text);
}

static void print_enable(const char *instance, const char *system, const char *event,
			 const char *filter, const char *trigger, FILE *out)
{
	if (*filter)
		fprintf(out, "write instances/%s/events/%s/%s/filter %s\n", instance, system, event,
			filter);
	if (*trigger)
		fprintf(out, "write instances/%s/events/%s/%s/trigger %s\n", instance, system,
			event, trigger);
	fprintf(out, "write instances/%s/events/%s/%s/enable 1\n", instance, system, event);
}

void plan_print(const struct plan *plan, const char *group, FILE *out)
{
	size_t i;

	for (i = 0; i < plan->nr_probes; i++)
		if (!plan->probes[i].dropped)
			print_probe(&plan->probes[i], group, out);
	for (i = 0; i < plan->nr_probes; i++)
		if (!plan->probes[i].dropped)
			print_enable(group, group, plan->probes[i].event, plan->probes[i].filter,
				     plan->probes[i].trigger, out);
	for (i = 0; i < plan->nr_events; i++)
		if (!plan->events[i].dropped)
			print_enable(group, plan->events[i].system, plan->events[i].name, "", "",
				     out);
	for (i = 0; i < plan->nr_missing; i++)
		fprintf(out, "missing %s %s\n", plan->missing[i].event, plan->missing[i].why);
	for (i = 0; i < plan->nr_limits; i++)
		fprintf(out, "limit %s\n", plan->limits[i]);
}
