/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of the product headers by what they are called in a summary. */
#ifndef PAGETRAIL_READBACK_NAMES_H
#define PAGETRAIL_READBACK_NAMES_H

struct names {
	const char *what; /* "a stage": for sentences */
	const char *(*name)(unsigned int value);
	unsigned int nr;
};

extern const struct names names_stage;	   /* with the ends */
extern const struct names names_timed;	   /* the stages that have a time */
extern const struct names names_outcome;
extern const struct names names_attempt;
extern const struct names names_step;
extern const struct names names_level;
extern const struct names names_background;
extern const struct names names_run;
extern const struct names names_exit;
extern const struct names names_watermark;
extern const struct names names_certainty;
extern const struct names names_time_basis;
extern const struct names names_basis;
extern const struct names names_verdict;
extern const struct names names_gap;
extern const struct names names_redaction;
extern const struct names names_detour; /* the classes */
extern const struct names names_compact;
extern const struct names names_byte_order;
extern const struct names names_reclaim; /* of a node, or a memory cgroup */
extern const struct names names_where;   /* it was: in a slowpath, or elsewhere */

#endif
