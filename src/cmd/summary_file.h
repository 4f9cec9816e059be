/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are either a capture or the JSON summary of one: telling them apart. */
#ifndef PAGETRAIL_CMD_SUMMARY_FILE_H
#define PAGETRAIL_CMD_SUMMARY_FILE_H

#include "base/err.h"
#include "summary/redact.h"

/* The file, opened; -1 where it looks like no summary, or cannot be opened: the reader of captures tells. */
int summary_file_open(const char *path);

/*
 * Confines the process, then fills *summary, which is all zero, redacts it where there is a redactor, and
 * closes the file. 0 or a negative errno with the sentence; the caller frees the summary in any case.
 */
int summary_file_read(int fd, const char *path, struct redactor *redactor, struct summary *summary,
		      struct err *err);

#endif
