// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel/flags.h"
#include "readback/names.h"
#include "summary/summary.h"

/* Name functions take enums of their own: this makes them alike. */
#define NAMES(list, text, fn, type, number)                    \
	static const char *list##_of(unsigned int value)       \
	{                                                      \
		return fn((type)value);                        \
	}                                                      \
	const struct names list = { text, list##_of, number }

NAMES(names_stage, "a stage", stage_name, enum stage, NR_STAGES);
NAMES(names_timed, "a stage that has a time", stage_name, enum stage, NR_TIMED_STAGES);
NAMES(names_outcome, "an outcome", outcome_name, enum outcome, NR_OUTCOMES);
NAMES(names_attempt, "the label of an attempt", attempt_name, enum attempt, NR_ATTEMPTS);
NAMES(names_step, "the name of a step", step_name, enum step_kind, NR_STEP_KINDS);
NAMES(names_level, "an interrupt level", level_name, enum level, NR_LEVELS);
NAMES(names_background, "a kernel thread", background_name, enum background, NR_BACKGROUNDS);
NAMES(names_run, "what a task was doing", run_name, enum run_state, NR_RUNS);
NAMES(names_exit, "a reason of an exit", exit_name, enum exit_reason, NR_EXITS);
NAMES(names_watermark, "a watermark", watermark_name, enum watermark, NR_WATERMARKS);
NAMES(names_certainty, "a certainty", certainty_name, enum certainty, CERTAINTY_LOWER_BOUND + 1);
NAMES(names_time_basis, "the basis of a time", time_basis_name, enum time_basis,
      TIME_APPROXIMATE + 1);
NAMES(names_basis, "the basis of the entries", basis_name, enum seq_basis, BASIS_EVIDENCE + 1);
NAMES(names_verdict, "a verdict", verdict_name, enum verdict, VERDICT_UNKNOWN + 1);
NAMES(names_redaction, "what was redacted", redaction_name, enum redaction, NR_REDACTIONS);
NAMES(names_gap, "a gap", gap_name, enum gap, NR_GAPS);
NAMES(names_detour, "a class of allocations", detour_name, enum detour_kind, NR_DETOUR_CLASSES);
NAMES(names_compact, "a result of compaction", kernel_compact_result_name, int64_t, 16);

/* The first for 0, the second for 1. */
#define PAIR(list, text, zero, one)                      \
	static const char *list##_of(unsigned int value) \
	{                                                \
		return value ? (one) : (zero);           \
	}                                                \
	const struct names list = { text, list##_of, 2 }

PAIR(names_byte_order, "a byte order", "little", "big");
PAIR(names_reclaim, "what is reclaimed", "node", "memcg");
PAIR(names_where, "where it was reclaimed", "slowpath", "elsewhere");
