// SPDX-License-Identifier: GPL-2.0-or-later
/* `pagetrail merge`: many JSON summaries to one. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/confined.h"
#include "cmd/inputs.h"
#include "cmd/output.h"
#include "cmd/progress.h"
#include "merge/merger.h"
#include "readback/readback.h"
#include "render/render.h"
#include "summary/redact.h"

#define DEFAULT_TOP 20

struct settings {
	const char *output;
	uint64_t top;
	bool redact;
};

struct job {
	const struct settings *set;
	const struct inputs *inputs;
	struct output *out;
};

static int add_file(struct merger *merge, const struct input_file *file, struct err *err)
{
	struct summary summary = { 0 };
	int ret = readback_json(file->fd, file->name, &summary, err);

	if (!ret)
		ret = merger_add(merge, &summary, file->name, err);
	summary_free(&summary);
	return ret;
}

static int add_all(struct merger *merge, const struct inputs *inputs, struct err *err)
{
	struct progress progress = { 0 };
	size_t i;
	int ret = 0;

	progress_start(&progress);
	for (i = 0; i < inputs->nr && !ret; i++) {
		ret = add_file(merge, &inputs->files[i], err);
		if (progress_is_late(&progress))
			progress_show(&progress, "summaries", i + 1, inputs->nr);
	}
	progress_stop(&progress);
	return ret;
}

static int write_merged(const struct job *job, struct merger *merge, struct redactor *redactor,
			struct err *err)
{
	struct summary *merged = merger_result(merge);
	int ret;

	if (redactor && redact_summary(redactor, merged))
		return err_set(err, -ENOMEM, "out of memory");
	ret = render_json(merged, job->out->file, err);
	return ret ? ret : output_flush(job->out, err);
}

static int merge_inputs(const struct cmd *cmd, void *arg)
{
	const struct job *job = arg;
	struct merger *merge = merger_new(job->set->top);
	struct redactor *redactor = job->set->redact ? redactor_new() : NULL;
	struct err err;
	int ret = confined_enter(&err);

	if (!ret && (!merge || (job->set->redact && !redactor)))
		ret = err_set(&err, -ENOMEM, "out of memory");
	if (!ret)
		ret = add_all(merge, job->inputs, &err);
	if (!ret)
		ret = write_merged(job, merge, redactor, &err);
	redactor_free(redactor);
	merger_free(merge);
	return ret ? cmd_failed(cmd, &err) : CMD_DONE;
}

static int merge_files(const struct cmd *cmd, const struct settings *set, char **names)
{
	struct inputs inputs = { 0 };
	struct output out = { 0 };
	struct job job = { set, &inputs, &out };
	struct err err;
	int status, ended_by = 0;

	if (inputs_open(&inputs, names, &err) || inputs_check_output(&inputs, set->output, &err) ||
	    output_open(&out, set->output, &err)) {
		inputs_close(&inputs);
		return cmd_failed(cmd, &err);
	}
	status = confined_run_into(cmd, merge_inputs, &job, &out, &ended_by);
	inputs_close(&inputs);
	if (ended_by)
		raise(ended_by);
	return status;
}

static int run(const struct cmd *cmd, int argc, char **argv)
{
	struct settings set = { .top = DEFAULT_TOP };
	char **args;
	int status = cmd_parse(cmd, argc, argv, &set, &args);

	if (status != CMD_GO)
		return status;
	if (set.top > MERGE_TOP_MAX) {
		fprintf(stderr, "pagetrail %s: --top %" PRIu64 " is more than %d\n", cmd->name,
			set.top, MERGE_TOP_MAX);
		return CMD_USAGE;
	}
	if (!*args) {
		fprintf(stderr, "pagetrail %s: no summaries; see pagetrail %s --help\n", cmd->name,
			cmd->name);
		return CMD_USAGE;
	}
	/* A reader that goes away is an error to report, not a death. */
	signal(SIGPIPE, SIG_IGN);
	return merge_files(cmd, &set, args);
}

static const struct cmd_option options[] = {
	{ 'o', "output", "FILE", "write the JSON to FILE (default: standard output)",
	  cmd_parse_text, offsetof(struct settings, output) },
	{ 0, "redact", NULL, CMD_REDACT_HELP, NULL, offsetof(struct settings, redact) },
	{ 0, "top", "N", "list the N slowest episodes of all (default 20)", cmd_parse_count,
	  offsetof(struct settings, top) },
	{ 0, NULL, NULL, NULL, NULL, 0 },
};

const struct cmd cmd_merge = {
	.name = "merge",
	.help = "make one JSON summary of many",
	.usage = "[options] FILE...",
	.details =
		"Each FILE is a JSON summary of analyze or merge, recorded with the same profile. In\n"
		"whatever order and over whatever parts they are merged, the result is the same.\n"
		"Exit status: 0 done; 1 failed; 129 usage.\n",
	.options = options,
	.max_args = INPUTS_MAX,
	.run = run,
};
