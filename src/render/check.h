/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `pagetrail check` found, as text for people or JSON for programs. All texts are borrowed from
 * who fills the struct.
 */
#ifndef PAGETRAIL_RENDER_CHECK_H
#define PAGETRAIL_RENDER_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

struct check_profile {
	const char *name;
	const char *why_not; /* NULL: it can be recorded */
	bool needs_trial;    /* if a short trial finds what it needs */
};

struct check_missing {
	const char *event, *why;
};

struct check_report {
	const char *release, *machine;
	uint64_t memory_kb;
	unsigned int cpus;
	const char *tracefs; /* where it is mounted */
	const char *lockdown;
	bool kprobes, return_arguments;
	const char *symbols_why; /* why kernel addresses are hidden; NULL: they are not */
	const char *text_why;	 /* why the kernel's text cannot be read; NULL: it can */
	const struct check_profile *profiles;
	size_t nr_profiles;
	const char *chosen, *chosen_why;     /* the default profile */
	const struct check_missing *missing; /* of the default profile */
	size_t nr_missing;
	const char *const *limits;
	size_t nr_limits;
};

/* 0, or -errno with the sentence. */
int render_check_text(const struct check_report *report, FILE *out, struct err *err);
int render_check_json(const struct check_report *report, FILE *out, struct err *err);

#endif
