// SPDX-License-Identifier: GPL-2.0-or-later
#include "summary/detours.h"
#include "summary/limits.h"
#include "summary/text.h"

#define NOT_SEEN                                                                                 \
	"allocations that were slow without entering the slowpath are seen by the profile full " \
	"alone"

int detours_add(struct detour_tallies *detours, const struct detour *detour)
{
	detours->reclaims[detour->kind] += detour->reclaims;
	return tally_add(&detours->tallies[detour->kind], lot_of(detour->ns), TIME_EXACT);
}

int detours_fill(struct summary *out, const struct detour_tallies *detours,
		 const struct summary_input *input)
{
	bool sees = detour_sees_allocations(input->info->kinds);
	bool whole = limits_records_whole(&out->limits) && !input->counts->requests_given_up;
	enum detour_kind kind;

	out->detours_certainty = sees ? whole ? CERTAINTY_EXACT : CERTAINTY_LOWER_BOUND
				      : CERTAINTY_UNKNOWN;
	for (kind = 0; kind < NR_DETOURS; kind++)
		out->detours[kind] = (struct detour_row){
			.known = detour_is_seen(input->info->kinds, kind),
			.reclaims = detours->reclaims[kind],
			.times = tally_times(&detours->tallies[kind], out),
		};
	if (sees)
		return 0;
	return pair_list_add(&out->limits.not_probed, &out->texts, span_of("slow_not_slowpath"),
			     span_of(NOT_SEEN));
}

void detours_free(struct detour_tallies *detours)
{
	enum detour_kind kind;

	for (kind = 0; kind < NR_DETOURS; kind++)
		tally_free(&detours->tallies[kind]);
}
