/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A short trial, where the slowpath is inlined: which call site is the fast path's? */
#ifndef PAGETRAIL_RECORD_TRIAL_H
#define PAGETRAIL_RECORD_TRIAL_H

#include "base/err.h"
#include "record/inventory.h"

/* Sets inv->fast_site. Returns 0, or -errno with the sentence when it could not be told. */
int trial_run(struct inventory *inv, struct err *err);

#endif
