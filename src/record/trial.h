/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A short trial, where the slowpath is inlined: which call site is the fast path's? */
#ifndef PAGETRAIL_RECORD_TRIAL_H
#define PAGETRAIL_RECORD_TRIAL_H

#include "base/err.h"
#include "record/inventory.h"

/* Sets inv->fast_site. Returns 0, or -errno with the sentence when it could not be told. */
int trial_run(struct inventory *inv, struct err *err);

/*
 * Is the call stack that a trigger of our instance takes written to that instance? Before "tracing: Dump
 * stacktrace trigger to the corresponding instance" (5.17, and stable kernels since 2022) it went to the
 * top-level buffer. 0, or -errno with the sentence.
 */
int trial_stack(const struct inventory *inv, struct err *err);

#endif
