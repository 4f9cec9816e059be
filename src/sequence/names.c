// SPDX-License-Identifier: GPL-2.0-or-later
/* What the values of the product headers are called in everything that people and programs read. */
#include <stddef.h>

#include "sequence/detour.h"
#include "sequence/episode.h"

static const char *name_at(const char *const *names, size_t nr, size_t at)
{
	return at < nr && names[at] ? names[at] : "unknown";
}

#define NAME_AT(names, at) name_at(names, sizeof(names) / sizeof((names)[0]), (size_t)(at))

const char *stage_name(enum stage stage)
{
	static const char *const names[] = {
		[STAGE_ENTRY] = "entry",     [STAGE_COMPACT] = "compact",
		[STAGE_RECLAIM] = "reclaim", [STAGE_THROTTLE] = "throttle",
		[STAGE_RETRY] = "retry",     [STAGE_OOM] = "oom",
		[STAGE_OK] = "ok",	     [STAGE_FAILED] = "failed",
	};

	return NAME_AT(names, stage);
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_OK] = "ok",
		[OUTCOME_FAILED] = "failed",
		[OUTCOME_IN_FLIGHT] = "in_flight",
		[OUTCOME_INCOMPLETE] = "incomplete",
	};

	return NAME_AT(names, outcome);
}

const char *attempt_name(enum attempt attempt)
{
	static const char *const names[] = {
		[ATTEMPT_FAST] = "fast",       [ATTEMPT_FIRST] = "first",
		[ATTEMPT_RETRY] = "retry",     [ATTEMPT_RESERVE] = "reserve",
		[ATTEMPT_COMPACT] = "compact", [ATTEMPT_RECLAIM] = "reclaim",
		[ATTEMPT_OOM] = "oom",	       [ATTEMPT_FALLBACK] = "cpuset_fallback",
		[ATTEMPT_NOLOCK] = "nolock",
	};

	return NAME_AT(names, attempt);
}

const char *step_name(enum step_kind kind)
{
	static const char *const names[] = {
		[STEP_STAGE] = "stage",		[STEP_ATTEMPT] = "attempt",
		[STEP_WAKE] = "wake_kswapd",	[STEP_RECLAIMED] = "reclaimed",
		[STEP_COMPACTED] = "compacted", [STEP_THROTTLED] = "throttled",
		[STEP_DRAIN] = "drain",		[STEP_UNRESERVE] = "unreserve",
		[STEP_VICTIM] = "victim",	[STEP_WARN] = "warn",
		[STEP_NESTED] = "nested",
	};

	return NAME_AT(names, kind);
}

const char *step_value_name(enum step_kind kind)
{
	static const char *const names[NR_STEP_KINDS] = {
		[STEP_WAKE] = "node",	    [STEP_RECLAIMED] = "pages", [STEP_THROTTLED] = "slept_ns",
		[STEP_UNRESERVE] = "force", [STEP_VICTIM] = "pid",	[STEP_NESTED] = "nested_ns",
	};

	return kind < NR_STEP_KINDS ? names[kind] : NULL;
}

const char *run_name(enum run_state run)
{
	static const char *const names[] = {
		[RUN_ON_CPU] = "on_cpu",
		[RUN_RUNNABLE] = "runnable",
		[RUN_SLEEPING] = "sleeping",
	};

	return NAME_AT(names, run);
}

const char *level_name(enum level level)
{
	static const char *const names[] = {
		[LEVEL_TASK] = "task",
		[LEVEL_SOFTIRQ] = "softirq",
		[LEVEL_HARDIRQ] = "hardirq",
	};

	return NAME_AT(names, level);
}

const char *background_name(enum background background)
{
	static const char *const names[] = {
		[BACKGROUND_NONE] = "none",
		[BACKGROUND_KSWAPD] = "kswapd",
		[BACKGROUND_KCOMPACTD] = "kcompactd",
	};

	return NAME_AT(names, background);
}

const char *detour_name(enum detour_kind kind)
{
	static const char *const names[] = {
		[DETOUR_NODE] = "node_reclaim",
		[DETOUR_MEMCG] = "memcg_reclaim",
		[DETOUR_LONG] = "long_fast",
	};

	return NAME_AT(names, kind);
}

const char *exit_name(enum exit_reason reason)
{
	static const char *const names[] = {
		[EXIT_FIRST_ATTEMPT] = "first_attempt",
		[EXIT_NEXT_ATTEMPT] = "next_attempt",
		[EXIT_RETRY] = "retry",
		[EXIT_COMPACTION] = "after_compaction",
		[EXIT_CAPTURED] = "captured",
		[EXIT_RECLAIM] = "after_reclaim",
		[EXIT_OOM_LOCK] = "under_oom_lock",
		[EXIT_FALLBACK] = "nofail_fallback",
		[EXIT_NO_ZONE] = "no_zone",
		[EXIT_NO_DIRECT_RECLAIM] = "no_direct_reclaim",
		[EXIT_MEMALLOC] = "pf_memalloc",
		[EXIT_NORETRY_COMPACTION] = "noretry_after_compaction",
		[EXIT_NORETRY] = "noretry",
		[EXIT_COSTLY] = "costly_order",
		[EXIT_OOM_VICTIM] = "oom_victim",
		[EXIT_NO_PROGRESS] = "no_progress",
		[EXIT_NOT_CHARGED] = "not_charged",
	};

	return NAME_AT(names, reason);
}

const char *watermark_name(enum watermark watermark)
{
	static const char *const names[] = {
		[WATERMARK_HIGH] = "high",
		[WATERMARK_MIN] = "min",
		[WATERMARK_MIN_OR_BELOW] = "min_or_below",
		[WATERMARK_BELOW_MIN] = "below_min",
		[WATERMARK_NONE] = "none",
	};

	return NAME_AT(names, watermark);
}
