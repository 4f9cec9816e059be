// SPDX-License-Identifier: GPL-2.0-or-later
/* What the values of summary.h are called in everything that people and programs read. */
#include "summary/limits.h"
#include "summary/summary.h"

const char *certainty_name(enum certainty certainty)
{
	static const char *const names[] = {
		[CERTAINTY_UNKNOWN] = "unknown",
		[CERTAINTY_EXACT] = "exact",
		[CERTAINTY_BOUNDED] = "bounded",
		[CERTAINTY_LOWER_BOUND] = "lower bound",
	};

	return names[certainty];
}

const char *time_basis_name(enum time_basis basis)
{
	static const char *const names[] = {
		[TIME_EXACT] = "exact",
		[TIME_AT_LEAST] = "at least",
		[TIME_AT_MOST] = "at most",
		[TIME_APPROXIMATE] = "approximate",
	};

	return names[basis];
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_OK] = "ok",
		[VERDICT_EXPLAINED] = "explained",
		[VERDICT_MISMATCH] = "mismatch",
		[VERDICT_UNKNOWN] = "unknown",
	};

	return names[verdict];
}

const char *basis_name(enum seq_basis basis)
{
	static const char *const names[] = {
		[BASIS_NONE] = "none",
		[BASIS_SITE] = "site",
		[BASIS_FAST_NULL] = "fast_null",
		[BASIS_EVIDENCE] = "evidence",
	};

	return names[basis];
}

const char *by_name(enum by by)
{
	static const char *const names[] = {
		[BY_ORDER] = "order",
		[BY_GFP] = "gfp",
		[BY_MIGRATETYPE] = "migratetype",
		[BY_COMM] = "comm",
		[BY_ORDER_GFP] = "order_gfp",
	};

	return names[by];
}

const char *gap_name(enum gap gap)
{
	static const char *const names[] = {
		[GAP_LOST] = "records_lost",	     [GAP_LOSS_COUNTS] = "loss_counts_absent",
		[GAP_MISSED] = "entry_probe_missed", [GAP_MISSED_OTHER] = "probe_missed",
		[GAP_DAMAGED] = "damaged",	     [GAP_UNDECODABLE] = "undecodable",
		[GAP_UNFINISHED] = "unfinished",     [GAP_NO_WINDOW] = "window_absent",
		[GAP_EVICTED] = "evicted",
	};

	return names[gap];
}

const char *redaction_name(enum redaction redaction)
{
	static const char *const names[] = {
		[REDACTED_COMMS] = "comms",
		[REDACTED_PIDS] = "pids",
		[REDACTED_FILE] = "file",
		[REDACTED_ADDRESSES] = "addresses",
	};

	return names[redaction];
}

bool summary_is_complete(const struct summary *summary)
{
	return !summary->limits.gaps;
}
