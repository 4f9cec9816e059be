/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who recorded what, where and how: from the header of the capture and the recorder's notes. The
 * name of the host is left out on purpose.
 */
#ifndef PAGETRAIL_SUMMARY_IDENTITY_H
#define PAGETRAIL_SUMMARY_IDENTITY_H

#include "summary/input.h"
#include "summary/summary.h"

/* 0 or -ENOMEM. */
int identity_fill(struct identity *identity, struct text_list *texts,
		  const struct summary_input *input);

#endif
