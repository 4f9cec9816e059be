/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line from a capture to its summary, capture -> sequence -> summary, for every sub-command
 * that shows one.
 */
#ifndef PAGETRAIL_CMD_PIPELINE_H
#define PAGETRAIL_CMD_PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "summary/redact.h"
#include "summary/summary.h"

/* Whether to take the SHA-256 of the capture. It costs more than all the rest of a large one. */
enum pipeline_digest {
	DIGEST_SMALL, /* of captures up to DIGEST_SMALL_MAX */
	DIGEST_ALWAYS,
	DIGEST_NEVER,
};

#define DIGEST_SMALL_MAX (64U << 20) /* bytes */

/* Takes an episode; the view lives until the next one. 0, or a negative errno with the sentence. */
typedef int (*pipeline_episode_fn)(void *arg, const struct episode_view *view,
				   const struct sight *sight, struct err *err);

struct pipeline_order {
	const char *path; /* of a trace.dat */
	uint64_t top;	  /* how many of the slowest episodes are wanted */
	enum pipeline_digest digest;
	bool confined;	  /* call confined_enter once everything is open */
	uint64_t threads; /* that work on it at most; 0: as many as there are CPUs, up to 4 */
	pipeline_episode_fn episode; /* gets each episode that counts, once it ended; may be NULL */
	void *arg;		     /* its own */
	struct redactor *redactor;   /* NULL: names and pids stay what they are */
	uint64_t output_per_byte; /* that it may write for a byte of the capture; 0: no more than others */
};

/*
 * Fills *summary, which is all zero. 0 or a negative errno with the sentence. The caller frees it
 * with summary_free in any case.
 */
int pipeline_run(const struct pipeline_order *order, struct summary *summary, struct err *err);

/*
 * False when the file is damaged or cut short, with the sentence: what is whole was read, but it is
 * not all. Records that the kernel lost while recording are no damage.
 */
bool pipeline_file_is_whole(const char *path, const struct summary *summary, struct err *err);

/* False when anything is missing, or contradicts what the kernel counted, with the sentence. */
bool pipeline_is_certain(const char *path, const struct summary *summary, struct err *err);

#endif
