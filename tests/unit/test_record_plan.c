// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a saved kernel to a plan. Call sites and return points are those of runs with an execute
 * breakpoint on the same kernels; nothing here was taken from what the planner prints.
 */
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

#include "record/plan.h"

static const struct kernel {
	const char *root;
	const char *entry;
	uint64_t call, after;
	bool return_args;
	bool direct_compact;
} kernels[] = {
	{ "tests/unit/data/kernel-5.10", "__alloc_pages_nodemask", 0x2d9, 0x2de, false, true },
	{ "tests/unit/data/kernel-6.1", "__alloc_pages", 0x300, 0x305, false, true },
	{ "tests/unit/data/kernel-6.12", "__alloc_pages_noprof", 0x2f6, 0x2fb, true, true },
	{ "tests/unit/data/kernel-7.3", "__alloc_frozen_pages_noprof", 0x362, 0x367, true, false },
};

#define NR_KERNELS (sizeof(kernels) / sizeof(kernels[0]))

static const struct kernel *const k510 = &kernels[0], *const k612 = &kernels[2],
				  *const k73 = &kernels[3];

/* The inventory and the plan are too large for two of each on the stack of a test. */
struct fixture {
	struct inventory inv;
	struct plan plan;
	struct err err;
};

static int set_up(void **state)
{
	*state = calloc(1, sizeof(struct fixture));
	return !*state;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

static void read_kernel(struct fixture *f, const struct kernel *kernel)
{
	assert_int_equal(inventory_read(&f->inv, kernel->root, &f->err), 0);
	strcpy(f->inv.machine, "x86_64");
}

/* The kernel with some files of its root replaced by a shell command that runs there. */
static void read_changed(struct fixture *f, const struct kernel *kernel, const char *change)
{
	char dir[] = "/tmp/test_record_plan.XXXXXX", command[512];

	assert_non_null(mkdtemp(dir));
	snprintf(command, sizeof(command), "cp -r %s/. %s/ && cd %s && %s", kernel->root, dir, dir,
		 change);
	assert_int_equal(system(command), 0);
	assert_int_equal(inventory_read(&f->inv, dir, &f->err), 0);
	strcpy(f->inv.machine, "x86_64");
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

static const struct plan_probe *probe_of(const struct plan *plan, const char *event, size_t *at)
{
	size_t i;

	for (i = 0; i < plan->nr_probes; i++) {
		if (strcmp(plan->probes[i].event, event))
			continue;
		if (at)
			*at = i;
		return &plan->probes[i];
	}
	return NULL;
}

static bool has_event(const struct plan *plan, const char *name)
{
	size_t i;

	for (i = 0; i < plan->nr_events; i++)
		if (!strcmp(plan->events[i].name, name))
			return true;
	return false;
}

static bool is_missing(const struct plan *plan, const char *event)
{
	size_t i;

	for (i = 0; i < plan->nr_missing; i++)
		if (!strcmp(plan->missing[i].event, event))
			return true;
	return false;
}

static void the_call_is_found_on_four_kernels(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < NR_KERNELS; i++) {
		const struct inv_site *site = &f->inv.slow_sites.sites[0];

		read_kernel(f, &kernels[i]);
		assert_int_equal(f->inv.kcore_error, 0);
		assert_int_equal(f->inv.slow_sites.nr, 1);
		assert_string_equal(site->function, kernels[i].entry);
		assert_int_equal(site->offset, kernels[i].call);
		assert_int_equal(site->next_offset, kernels[i].after);
		assert_true(site->traceable);
		assert_false(site->site.jump);
		assert_int_equal(f->inv.return_args, kernels[i].return_args);
		assert_string_equal(f->inv.functions[TARGET_ENTRY].name, kernels[i].entry);
		assert_int_equal(f->inv.lockdown, LOCKDOWN_NONE);
	}
}

static void site_probes_the_call_and_its_return(void **state)
{
	struct fixture *f = *state;
	const struct plan_probe *probe;
	char place[96], text[512], got[512];
	size_t i;

	for (i = 0; i < NR_KERNELS; i++) {
		read_kernel(f, &kernels[i]);
		assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), 0);
		probe = probe_of(&f->plan, "slow_enter", NULL);
		assert_non_null(probe);
		snprintf(place, sizeof(place), "%s+0x%lx", kernels[i].entry, (long)kernels[i].call);
		assert_string_equal(probe->place, place);
		assert_true(probe->required && !*probe->filter && !probe->is_return);
		snprintf(
			text, sizeof(text),
			"p:g/slow_enter %s gfp=%%di:x32 order=%%si:u32 ac=%%dx:x64 "
			"migratetype=+24(%%dx):s32 highest_zone=+28(%%dx):u32 sp=$stack:x64 comm=$comm",
			place);
		plan_probe_text(probe, "g", got, sizeof(got));
		assert_string_equal(got, text);
		probe = probe_of(&f->plan, "slow_exit", NULL);
		assert_non_null(probe);
		snprintf(place, sizeof(place), "%s+0x%lx", kernels[i].entry,
			 (long)kernels[i].after);
		assert_string_equal(probe->place, place);
		assert_string_equal(probe->args, "page=%ax:x64 sp=$stack:x64");
		assert_null(probe_of(&f->plan, "attempt_enter", NULL));
		assert_false(has_event(&f->plan, "mm_page_alloc"));
		assert_true(has_event(&f->plan, "mm_vmscan_direct_reclaim_begin"));
		assert_true(has_event(&f->plan, "mm_vmscan_kswapd_sleep"));
		assert_true(has_event(&f->plan, "mm_compaction_kcompactd_wake"));
		assert_true(has_event(&f->plan, "mm_compaction_kcompactd_sleep"));
		assert_int_equal(!!probe_of(&f->plan, "direct_compact", NULL),
				 kernels[i].direct_compact);
		assert_int_equal(is_missing(&f->plan, "direct_compact"),
				 !kernels[i].direct_compact);
	}
}

/* 5.10 has no mm_vmscan_throttled but the congestion waits: nothing is missing there. */
static void a_renamed_event_is_not_missing(void **state)
{
	struct fixture *f = *state;

	read_kernel(f, k510);
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_TRACEPOINTS, &f->err), 0);
	assert_true(has_event(&f->plan, "writeback_congestion_wait"));
	assert_false(has_event(&f->plan, "mm_vmscan_throttled"));
	assert_int_equal(f->plan.nr_missing, 0);
	read_kernel(f, k73);
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_TRACEPOINTS, &f->err), 0);
	assert_true(has_event(&f->plan, "mm_vmscan_throttled"));
	assert_int_equal(f->plan.nr_missing, 0);
	assert_int_equal(f->plan.nr_probes, 0);
	assert_true(has_event(&f->plan, "mm_page_alloc"));
}

/* A record per switch of any task is too much unless it is wanted. */
static void the_scheduler_is_recorded_when_asked_for(void **state)
{
	struct fixture *f = *state;
	enum profile p;
	size_t i;

	for (i = 0; i < NR_KERNELS; i++) {
		for (p = PROFILE_SITE; p < NR_PROFILES; p++) {
			size_t nr_events, nr_missing;

			read_kernel(f, &kernels[i]);
			assert_int_equal(plan_build(&f->plan, &f->inv, p, &f->err), 0);
			assert_false(has_event(&f->plan, "sched_switch"));
			assert_false(has_event(&f->plan, "sched_wakeup"));
			nr_events = f->plan.nr_events;
			nr_missing = f->plan.nr_missing;
			plan_add_sched(&f->plan, &f->inv);
			assert_true(has_event(&f->plan, "sched_switch"));
			assert_true(has_event(&f->plan, "sched_wakeup"));
			assert_int_equal(f->plan.nr_events, nr_events + 2);
			assert_int_equal(f->plan.nr_missing, nr_missing);
		}
	}
}

static void a_kernel_without_sched_events_says_so(void **state)
{
	struct fixture *f = *state;

	read_kernel(f, k73);
	memset(f->inv.events, 0, sizeof(f->inv.events));
	memset(&f->plan, 0, sizeof(f->plan));
	plan_add_sched(&f->plan, &f->inv);
	assert_int_equal(f->plan.nr_events, 0);
	assert_true(is_missing(&f->plan, "sched:sched_switch"));
	assert_true(is_missing(&f->plan, "sched:sched_wakeup"));
}

/* Handlers run in the reverse order of creation: the one that hooks the return goes first. */
static void return_probes_come_before_entry_probes(void **state)
{
	static const enum profile profiles[] = { PROFILE_FREELIST, PROFILE_FULL };
	struct fixture *f = *state;
	size_t i, p, enter = 0, exit = 0;

	for (i = 0; i < NR_KERNELS; i++) {
		for (p = 0; p < 2; p++) {
			read_kernel(f, &kernels[i]);
			assert_int_equal(plan_build(&f->plan, &f->inv, profiles[p], &f->err), 0);
			assert_non_null(probe_of(&f->plan, "attempt_exit", &exit));
			assert_non_null(probe_of(&f->plan, "attempt_enter", &enter));
			assert_true(exit < enter);
			assert_true(f->plan.probes[exit].is_return);
			assert_false(f->plan.probes[enter].is_return);
		}
		assert_non_null(probe_of(&f->plan, "alloc_exit", &exit));
		assert_non_null(probe_of(&f->plan, "alloc_enter", &enter));
		assert_true(exit < enter);
	}
}

static void freelist_filters_by_arguments_where_it_can(void **state)
{
	struct fixture *f = *state;
	const struct plan_probe *probe;

	read_kernel(f, k612);
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_FREELIST, &f->err), 0);
	probe = probe_of(&f->plan, "attempt_exit", NULL);
	assert_string_equal(probe->filter,
			    "!(alloc_flags & 0x400) && (page == 0 || !(alloc_flags & 0x1))");
	assert_non_null(strstr(probe->args, "alloc_flags=$arg3:x32"));
	probe = probe_of(&f->plan, "attempt_enter", NULL);
	assert_string_equal(probe->filter, "!(alloc_flags & 0x1) && !(alloc_flags & 0x400)");
	assert_non_null(strstr(probe->args, "caller=$stack0:x64"));
	assert_null(probe_of(&f->plan, "slow_enter", NULL));
}

/* The entry function as it stands in proc/kallsyms of the saved kernel, read by hand. */
#define FILTER_510 \
	"page == 0 || __probe_ret_ip < 0xffffffffb0274210 || __probe_ret_ip >= 0xffffffffb0274520"

static void freelist_filters_by_address_where_it_must(void **state)
{
	struct fixture *f = *state;
	const struct plan_probe *probe;

	read_kernel(f, k510);
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_FREELIST, &f->err), 0);
	probe = probe_of(&f->plan, "attempt_exit", NULL);
	assert_string_equal(probe->filter, FILTER_510);
	assert_null(strstr(probe->args, "$arg"));
}

static void full_keeps_everything(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < NR_KERNELS; i++) {
		read_kernel(f, &kernels[i]);
		assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_FULL, &f->err), 0);
		assert_string_equal(probe_of(&f->plan, "attempt_exit", NULL)->filter, "");
		assert_string_equal(probe_of(&f->plan, "attempt_enter", NULL)->filter, "");
		assert_string_equal(probe_of(&f->plan, "alloc_enter", NULL)->place,
				    kernels[i].entry);
		assert_non_null(probe_of(&f->plan, "slow_enter", NULL));
		assert_true(has_event(&f->plan, "mm_page_alloc"));
	}
}

static void the_default_is_site(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < NR_KERNELS; i++) {
		read_kernel(f, &kernels[i]);
		assert_int_equal(plan_choose(&f->plan, &f->inv, PROFILE_SITE, "", &f->err), 0);
		assert_int_equal(f->plan.profile, PROFILE_SITE);
		assert_non_null(strstr(f->plan.why, kernels[i].entry));
	}
}

/* What each hardship leaves possible, and a word of the reason that is given. */
static void it_falls_back_and_says_why(void **state)
{
	static const struct {
		const struct kernel *kernel;
		const char *change;
		enum profile chosen;
		const char *why;
	} cases[] = {
		{ &kernels[2], "rm proc/kcore", PROFILE_FREELIST, "kcore" },
		{ &kernels[0], "rm proc/kcore", PROFILE_FREELIST, "kcore" },
		{ &kernels[2], "head -c 70 proc/kcore >k && mv k proc/kcore", PROFILE_FREELIST,
		  "kcore" },
		{ &kernels[2],
		  "sed -i 's/^[0-9a-f]*/0000000000000000/' proc/kallsyms &&"
		  "echo 2 >proc/sys/kernel/kptr_restrict",
		  PROFILE_FREELIST, "kptr_restrict is 2" },
		{ &kernels[0],
		  "sed -i 's/^[0-9a-f]*/0000000000000000/' proc/kallsyms &&"
		  "echo 2 >proc/sys/kernel/kptr_restrict",
		  PROFILE_TRACEPOINTS, "kptr_restrict is 2" },
		{ &kernels[1], "rm sys/kernel/tracing/kprobe_events", PROFILE_TRACEPOINTS,
		  "CONFIG_KPROBE_EVENTS" },
		{ &kernels[1], "rm proc/kallsyms", PROFILE_TRACEPOINTS, "symbol" },
		{ &kernels[3],
		  "sed -i /__alloc_frozen_pages/d "
		  "sys/kernel/tracing/available_filter_functions",
		  PROFILE_FREELIST, "notrace" },
		{ &kernels[3],
		  "echo 'none integrity [confidentiality]' >sys/kernel/security/lockdown",
		  PROFILE_TRACEPOINTS, "confidentiality" },
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_changed(f, cases[i].kernel, cases[i].change);
		assert_int_equal(plan_choose(&f->plan, &f->inv, PROFILE_SITE, "", &f->err), 0);
		assert_int_equal(f->plan.profile, cases[i].chosen);
		assert_non_null(strstr(f->plan.why, cases[i].why));
		assert_int_not_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), 0);
		assert_non_null(strstr(f->err.text, cases[i].why));
	}
}

static void without_tracefs_there_is_no_inventory(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(inventory_read(&f->inv, "tests/unit/data", &f->err), -ENOENT);
	assert_non_null(strstr(f->err.text, "mount -t tracefs"));
}

static void a_jump_into_the_slowpath_is_not_probed(void **state)
{
	struct fixture *f = *state;

	read_kernel(f, k612);
	f->inv.slow_sites.sites[1] = f->inv.slow_sites.sites[0];
	f->inv.slow_sites.sites[1].site.jump = true;
	f->inv.slow_sites.nr = 2;
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), -ENOTSUP);
	assert_non_null(strstr(f->err.text, "jump"));
}

static void several_calls_get_numbers(void **state)
{
	struct fixture *f = *state;

	read_kernel(f, k612);
	f->inv.slow_sites.sites[1] = f->inv.slow_sites.sites[0];
	strcpy(f->inv.slow_sites.sites[1].function, "other");
	f->inv.slow_sites.nr = 2;
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), 0);
	assert_string_equal(probe_of(&f->plan, "slow_enter_1", NULL)->place,
			    "__alloc_pages_noprof+0x2f6");
	assert_string_equal(probe_of(&f->plan, "slow_enter_2", NULL)->place, "other+0x2f6");
	assert_string_equal(probe_of(&f->plan, "slow_exit_2", NULL)->place, "other+0x2fb");
}

/* The slowpath without a symbol: three calls of get_page_from_freelist, the second the fast one. */
static void inline_the_slowpath(struct inventory *inv, int fast_site)
{
	static const uint64_t offsets[] = { 0x100, 0x200, 0x300 };
	size_t i;

	memset(&inv->functions[TARGET_SLOWPATH], 0, sizeof(inv->functions[0]));
	memset(&inv->slow_sites, 0, sizeof(inv->slow_sites));
	for (i = 0; i < 3; i++) {
		struct inv_site *site = &inv->attempt_sites.sites[i];

		*site = (struct inv_site){ .offset = offsets[i],
					   .next_offset = offsets[i] + 5,
					   .traceable = true };
		site->site.next = 0xffffffff81000000 + site->next_offset;
		strcpy(site->function, "__alloc_pages_noprof");
	}
	inv->attempt_sites.nr = 3;
	inv->fast_site = fast_site;
}

static void an_inlined_slowpath_is_told_by_its_calls(void **state)
{
	struct fixture *f = *state;
	const struct plan_probe *probe;

	read_kernel(f, k612);
	inline_the_slowpath(&f->inv, 1);
	assert_false(plan_needs_trial(&f->inv, PROFILE_SITE));
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), 0);
	assert_null(probe_of(&f->plan, "attempt_enter_2", NULL));
	probe = probe_of(&f->plan, "fast_null", NULL);
	assert_string_equal(probe->place, "__alloc_pages_noprof+0x205");
	assert_string_equal(probe->filter, "page == 0");
	probe = probe_of(&f->plan, "attempt_enter_3", NULL);
	assert_string_equal(probe->place, "__alloc_pages_noprof+0x300");
	assert_string_equal(probe->args, "gfp=%di:x32 order=%si:u32 alloc_flags=%dx:x32 ac=%cx:x64 "
					 "migratetype=+24(%cx):s32 highest_zone=+28(%cx):u32 "
					 "sp=$stack:x64 comm=$comm");
	assert_string_equal(probe_of(&f->plan, "attempt_exit_1", NULL)->place,
			    "__alloc_pages_noprof+0x105");
	assert_int_equal(f->plan.nr_limits, 0);
}

/* __alloc_pages_may_oom is inline, hence notrace, and can still have a symbol: 6.12 built so. */
static void an_attempt_out_of_reach_is_missing(void **state)
{
	struct fixture *f = *state;

	read_kernel(f, k612);
	inline_the_slowpath(&f->inv, 1);
	f->inv.attempt_sites.sites[2].traceable = false;
	f->plan.nr_missing = 0;
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), 0);
	assert_null(probe_of(&f->plan, "attempt_enter_3", NULL));
	assert_non_null(probe_of(&f->plan, "attempt_enter_1", NULL));
	assert_string_equal(f->plan.missing[0].event, "attempt_enter");
	assert_int_equal(plan_build_trial(&f->plan, &f->inv, &f->err), 0);
	assert_int_equal(f->plan.nr_probes, 2);
	assert_int_equal(f->plan.probes[1].site, 1);
}

/* 6.18 to 7.2: nolock has a call of its own. From 7.3 it shares the fast path's, and spoils it. */
static void nolock_is_kept_out(void **state)
{
	struct fixture *f = *state;

	read_kernel(f, k612);
	inline_the_slowpath(&f->inv, 1);
	strcpy(f->inv.functions[TARGET_NOLOCK].name, "alloc_frozen_pages_nolock_noprof");
	strcpy(f->inv.attempt_sites.sites[2].function, "alloc_frozen_pages_nolock_noprof");
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), 0);
	assert_null(probe_of(&f->plan, "attempt_enter_3", NULL));
	assert_null(probe_of(&f->plan, "attempt_exit_3", NULL));
	strcpy(f->inv.attempt_sites.sites[2].function, "__alloc_pages_noprof");
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), -ENOTSUP);
	assert_non_null(strstr(f->err.text, "nolock"));
}

static void an_inlined_slowpath_needs_a_trial(void **state)
{
	struct fixture *f = *state;
	size_t i;

	read_kernel(f, k612);
	inline_the_slowpath(&f->inv, -1);
	assert_true(plan_needs_trial(&f->inv, PROFILE_SITE));
	assert_false(plan_needs_trial(&f->inv, PROFILE_FREELIST));
	assert_int_not_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), 0);
	assert_int_equal(plan_build_trial(&f->plan, &f->inv, &f->err), 0);
	assert_int_equal(f->plan.nr_probes, 3);
	for (i = 0; i < 3; i++)
		assert_string_equal(f->plan.probes[i].filter, "alloc_flags & 0x1");
	/* 5.10 cannot filter returns by alloc_flags: it has to know the fast path's address. */
	read_kernel(f, k510);
	inline_the_slowpath(&f->inv, -1);
	assert_true(plan_needs_trial(&f->inv, PROFILE_FREELIST));
	f->inv.fast_site = 1;
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_FREELIST, &f->err), 0);
	assert_string_equal(probe_of(&f->plan, "attempt_exit", NULL)->filter,
			    "page == 0 || __probe_ret_ip != 0xffffffff81000205");
}

static void registers_follow_the_machine(void **state)
{
	struct fixture *f = *state;

	read_kernel(f, k612);
	strcpy(f->inv.machine, "aarch64");
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), 0);
	assert_non_null(strstr(probe_of(&f->plan, "slow_enter", NULL)->args,
			       "gfp=%x0:x32 order=%x1:u32 ac=%x2:x64"));
	strcpy(f->inv.machine, "pdp11");
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), -ENOTSUP);
	assert_non_null(strstr(f->err.text, "pdp11"));
}

/* A clone may have other arguments, so none are fetched; attempts cannot do without. */
static void arguments_of_clones_are_not_trusted(void **state)
{
	struct fixture *f = *state;

	read_kernel(f, k612);
	f->inv.functions[TARGET_WARN_ALLOC].clone = true;
	f->inv.functions[TARGET_ATTEMPT].clone = true;
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_SITE, &f->err), 0);
	assert_string_equal(probe_of(&f->plan, "warn_alloc", NULL)->args, "");
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_FREELIST, &f->err), -ENOTSUP);
}

/* Every line of the text form begins with one of its words, and every probe is in it. */
static void the_text_says_it_all(void **state)
{
	struct fixture *f = *state;
	char *text = NULL, *line, *save = NULL;
	size_t len, writes = 0;
	FILE *out;

	read_kernel(f, k73);
	assert_int_equal(plan_build(&f->plan, &f->inv, PROFILE_FULL, &f->err), 0);
	out = open_memstream(&text, &len);
	plan_print(&f->plan, "pagetrail_1_2", out);
	fclose(out);
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		assert_true(!strncmp(line, "write ", 6) || !strncmp(line, "missing ", 8) ||
			    !strncmp(line, "limit ", 6));
		writes += !strncmp(line, "write ", 6);
	}
	assert_int_equal(writes, 2 * f->plan.nr_probes + f->plan.nr_events);
	free(text);
}

/* --- call stacks --------------------------------------------------------------------------- */

static size_t nr_triggers(const struct plan *plan)
{
	size_t i, nr = 0;

	for (i = 0; i < plan->nr_probes; i++)
		nr += *plan->probes[i].trigger != '\0';
	return nr;
}

static void add_stacks(struct fixture *f, enum profile profile)
{
	assert_int_equal(plan_build(&f->plan, &f->inv, profile, &f->err), 0);
	assert_int_equal(nr_triggers(&f->plan), 0);
	if (plan_add_stack(&f->plan, &f->inv, &f->err))
		fail_msg("%s", f->err.text);
}

static void stacks_are_of_entries_only(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < NR_KERNELS; i++) {
		read_kernel(f, &kernels[i]);
		assert_true(f->inv.stack_trigger);
		add_stacks(f, PROFILE_SITE);
		assert_int_equal(nr_triggers(&f->plan), 1);
		assert_string_equal(probe_of(&f->plan, "slow_enter", NULL)->trigger, "stacktrace");
		/* Every allocation passes the other events of `full`. */
		add_stacks(f, PROFILE_FULL);
		assert_int_equal(nr_triggers(&f->plan), 1);
		assert_string_equal(probe_of(&f->plan, "slow_enter", NULL)->trigger, "stacktrace");
	}
}

static void every_call_gets_its_trigger(void **state)
{
	struct fixture *f = *state;

	read_kernel(f, k612);
	f->inv.slow_sites.sites[1] = f->inv.slow_sites.sites[0];
	f->inv.slow_sites.nr = 2;
	add_stacks(f, PROFILE_SITE);
	assert_int_equal(nr_triggers(&f->plan), 2);
	assert_string_equal(probe_of(&f->plan, "slow_enter_1", NULL)->trigger, "stacktrace");
	assert_string_equal(probe_of(&f->plan, "slow_enter_2", NULL)->trigger, "stacktrace");
}

/* A trigger works on what the filter drops, too: so it has all of the condition. */
static void stacks_of_freelist_have_a_condition(void **state)
{
	struct fixture *f = *state;
	const struct inv_function *entry = &f->inv.functions[TARGET_ENTRY];
	char wanted[256];

	read_kernel(f, k612);
	add_stacks(f, PROFILE_FREELIST);
	assert_int_equal(nr_triggers(&f->plan), 1);
	assert_string_equal(
		probe_of(&f->plan, "attempt_exit", NULL)->trigger,
		"stacktrace if page == 0 && alloc_flags & 0x1 && !(alloc_flags & 0x400)");
	read_kernel(f, &kernels[1]);
	add_stacks(f, PROFILE_FREELIST);
	snprintf(wanted, sizeof(wanted),
		 "stacktrace if page == 0 && __probe_ret_ip >= 0x%lx && __probe_ret_ip < 0x%lx",
		 (unsigned long)entry->addr, (unsigned long)entry->end);
	assert_string_equal(probe_of(&f->plan, "attempt_exit", NULL)->trigger, wanted);
	assert_true(entry->addr && entry->end > entry->addr);
}

static void stacks_of_an_inlined_slowpath(void **state)
{
	struct fixture *f = *state;

	read_kernel(f, k612);
	inline_the_slowpath(&f->inv, 1);
	add_stacks(f, PROFILE_SITE);
	assert_int_equal(nr_triggers(&f->plan), 1);
	assert_string_equal(probe_of(&f->plan, "fast_null", NULL)->trigger,
			    "stacktrace if page == 0");
	read_kernel(f, &kernels[1]);
	inline_the_slowpath(&f->inv, 1);
	add_stacks(f, PROFILE_FREELIST);
	assert_string_equal(probe_of(&f->plan, "attempt_exit", NULL)->trigger,
			    "stacktrace if page == 0 && __probe_ret_ip == 0xffffffff81000205");
}

static void stacks_that_cannot_be_are_refused(void **state)
{
	static const struct {
		const struct kernel *kernel;
		const char *change;
		enum profile profile;
		int code;
		const char *word;
	} cases[] = {
		{ &kernels[2], "true", PROFILE_TRACEPOINTS, -ENOTSUP, "profile tracepoints" },
		{ &kernels[2], "sed -i '/^\t\t    stacktrace$/d' sys/kernel/tracing/README",
		  PROFILE_SITE, -ENOTSUP, "CONFIG_STACKTRACE" },
		{ &kernels[2],
		  "sed -i 's/^[0-9a-f]*/0000000000000000/' proc/kallsyms &&"
		  "echo 2 >proc/sys/kernel/kptr_restrict",
		  PROFILE_FREELIST, -EPERM, "kptr_restrict is 2" },
		/* The unwinder of 5.10 sees nothing behind a return probe. */
		{ &kernels[0], "echo 'ffffffffb0050000 T kretprobe_trampoline' >>proc/kallsyms",
		  PROFILE_FREELIST, -ENOTSUP, "return probe" },
		{ &kernels[0], "echo 'ffffffffb0050000 T kretprobe_trampoline' >>proc/kallsyms",
		  PROFILE_FULL, -ENOTSUP, "--profile site" },
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_changed(f, cases[i].kernel, cases[i].change);
		assert_int_equal(plan_build(&f->plan, &f->inv, cases[i].profile, &f->err), 0);
		assert_int_equal(plan_add_stack(&f->plan, &f->inv, &f->err), cases[i].code);
		assert_non_null(strstr(f->err.text, cases[i].word));
		assert_int_equal(nr_triggers(&f->plan), 0);
	}
	/* But for the profile that has none of these on the way of an entry. */
	read_changed(f, k510, cases[4].change);
	add_stacks(f, PROFILE_SITE);
}

static void the_text_names_the_trigger(void **state)
{
	struct fixture *f = *state;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	read_kernel(f, k73);
	add_stacks(f, PROFILE_SITE);
	plan_print(&f->plan, "group", out);
	fclose(out);
	assert_non_null(strstr(text, "\nwrite instances/group/events/group/slow_enter/trigger "
				     "stacktrace\n"
				     "write instances/group/events/group/slow_enter/enable 1\n"));
	free(text);
}

static void profiles_have_names(void **state)
{
	enum profile profile, back;

	(void)state;
	for (profile = 0; profile < NR_PROFILES; profile++) {
		assert_true(profile_parse(profile_name(profile), &back));
		assert_int_equal(profile, back);
	}
	assert_false(profile_parse("sites", &back));
	assert_false(profile_parse("", &back));
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(the_call_is_found_on_four_kernels),
		WITH(site_probes_the_call_and_its_return),
		WITH(a_renamed_event_is_not_missing),
		WITH(the_scheduler_is_recorded_when_asked_for),
		WITH(a_kernel_without_sched_events_says_so),
		WITH(return_probes_come_before_entry_probes),
		WITH(freelist_filters_by_arguments_where_it_can),
		WITH(freelist_filters_by_address_where_it_must),
		WITH(full_keeps_everything),
		WITH(the_default_is_site),
		WITH(it_falls_back_and_says_why),
		WITH(without_tracefs_there_is_no_inventory),
		WITH(a_jump_into_the_slowpath_is_not_probed),
		WITH(several_calls_get_numbers),
		WITH(an_inlined_slowpath_is_told_by_its_calls),
		WITH(an_attempt_out_of_reach_is_missing),
		WITH(nolock_is_kept_out),
		WITH(an_inlined_slowpath_needs_a_trial),
		WITH(registers_follow_the_machine),
		WITH(arguments_of_clones_are_not_trusted),
		WITH(the_text_says_it_all),
		WITH(stacks_are_of_entries_only),
		WITH(every_call_gets_its_trigger),
		WITH(stacks_of_freelist_have_a_condition),
		WITH(stacks_of_an_inlined_slowpath),
		WITH(stacks_that_cannot_be_are_refused),
		WITH(the_text_names_the_trigger),
		cmocka_unit_test(profiles_have_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
