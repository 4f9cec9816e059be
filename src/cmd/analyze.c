// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail analyze`: a trace.dat to the JSON summary. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/confined.h"
#include "cmd/output.h"
#include "cmd/pipeline.h"
#include "render/render.h"
#include "summary/aggregate.h"

#define DEFAULT_TOP 20

struct settings {
	const char *output;
	uint64_t top;
	enum pipeline_digest digest;
	uint64_t threads;
	bool strict;
	bool redact;
};

static int parse_digest(const char *text, void *to, struct err *err)
{
	static const char *const names[] = {
		[DIGEST_SMALL] = "auto",
		[DIGEST_ALWAYS] = "yes",
		[DIGEST_NEVER] = "no",
	};
	enum pipeline_digest *digest = to;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(text, names[i])) {
			*digest = (enum pipeline_digest)i;
			return 0;
		}
	return err_set(err, -EINVAL, "is not auto, yes or no");
}

/* What the reader needs to know. */
struct job {
	const struct settings *set;
	const char *path;
	struct output *out;
};

static int judge(const struct cmd *cmd, const struct settings *set, const char *path,
		 const struct summary *summary)
{
	struct err err;

	if (pipeline_file_is_whole(path, summary, &err) &&
	    (!set->strict || pipeline_is_certain(path, summary, &err)))
		return CMD_DONE;
	cmd_failed(cmd, &err);
	return CMD_INCOMPLETE;
}

static int read_capture(const struct cmd *cmd, void *arg)
{
	const struct job *job = arg;
	const struct pipeline_order order = {
		.path = job->path,
		.top = job->set->top,
		.digest = job->set->digest,
		.confined = true,
		.threads = job->set->threads,
		.redactor = job->set->redact ? redactor_new() : NULL,
	};
	struct summary summary = { 0 };
	struct err err;
	int status;

	if (job->set->redact && !order.redactor)
		status = cmd_no_memory(cmd);
	else if (pipeline_run(&order, &summary, &err) ||
		 render_json(&summary, job->out->file, &err) || output_flush(job->out, &err))
		status = cmd_failed(cmd, &err);
	else
		status = judge(cmd, job->set, job->path, &summary);
	summary_free(&summary);
	redactor_free(order.redactor);
	return status;
}

/* The output gets its name when the reader is done with it. */
static int analyze(const struct cmd *cmd, const struct settings *set, const char *path)
{
	struct output out;
	struct job job = { set, path, &out };
	struct err err;
	int status, signal = 0;

	if (output_check(set->output, path, &err) || output_open(&out, set->output, &err))
		return cmd_failed(cmd, &err);
	status = confined_run_into(cmd, read_capture, &job, &out, &signal);
	if (signal)
		raise(signal);
	return status;
}

static int run(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = { .top = DEFAULT_TOP };
	char **args;
	int status = cmd_parse(cmd, argc, argv, &set, &args);

	if (status != CMD_GO)
		return status;
	if (set.top > AGGREGATE_TOP_MAX) {
		fprintf(stderr, "pagetrail %s: --top %llu is more than %d\n", cmd->name,
			(unsigned long long)set.top, AGGREGATE_TOP_MAX);
		return CMD_USAGE;
	}
	/* A reader that goes away is an error to report, not a death. */
	signal(SIGPIPE, SIG_IGN);
	return analyze(cmd, &set, *args ? *args : "trace.dat");
}

static const struct cmd_option options[] = {
	{ 'o', "output", "FILE", "write the JSON to FILE (default: standard output)",
	  cmd_parse_text, offsetof(struct settings, output) },
	{ 0, "top", "N", "list the N slowest episodes (default 20)", cmd_parse_count,
	  offsetof(struct settings, top) },
	{ 0, "sha256", "WHEN", "of the capture: auto (up to 64 MiB; default), yes, no",
	  parse_digest, offsetof(struct settings, digest) },
	{ 0, "threads", "N", "work with N threads (default: one per CPU; 4 at most)",
	  cmd_parse_count, offsetof(struct settings, threads) },
	{ 0, "redact", NULL, CMD_REDACT_HELP, NULL, offsetof(struct settings, redact) },
	{ 0, "strict", NULL,
	  "exit with 3 when anything is missing, or contradicts the kernel's own counts", NULL,
	  offsetof(struct settings, strict) },
	{ 0, NULL, NULL, NULL, NULL, 0 },
};

const struct cmd cmd_analyze = {
	.name = "analyze",
	.help = "turn a capture into a JSON summary",
	.usage = "[options] [FILE]",
	.details =
		"FILE is a trace.dat (default: trace.dat). Exit status: 0 done; 1 failed; 3 done,\n"
		"but the file is damaged or cut short, or with --strict incomplete (limits) or with\n"
		"a mismatch (reconciliation); 129 usage.\n",
	.options = options,
	.max_args = 1,
	.run = run,
};
