/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frame of the command line: a sub-command is data plus one function, an option is a row of a
 * table. What `--help` prints is made from those tables, so it cannot differ from what is parsed.
 *
 * In: argv. Out: a struct of the sub-command's own, filled by its rows, and an exit status. Only
 * main() exits; a sub-command returns one of enum cmd_exit.
 */
#ifndef PAGETRAIL_CMD_CMD_H
#define PAGETRAIL_CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum cmd_exit {
	CMD_DONE = 0,
	CMD_FAILED = 1,
	CMD_DIFFERS = 2,    /* a threshold was exceeded, or a regression found */
	CMD_INCOMPLETE = 3, /* done, but the result is incomplete and --strict was given */
	CMD_USAGE = 129,    /* as git: the command line is wrong */
};

/*
 * Turns the text of an option into the value at `to`. Returns 0, or -EINVAL with the end of a
 * sentence that begins with the option, e.g. "is not a number".
 */
typedef int (*cmd_parse_fn)(const char *text, void *to, struct err *err);

struct cmd_option {
	char letter;	    /* 0: no short form */
	const char *name;   /* without the dashes */
	const char *value;  /* what its value is called in the help; NULL: a switch */
	const char *help;   /* one line */
	cmd_parse_fn parse; /* NULL: a switch, sets a bool */
	size_t offset;	    /* of its field in the sub-command's struct */
};

struct cmd {
	const char *name;
	const char *help;    /* one line, for the list of `pagetrail --help` */
	const char *usage;   /* what follows the name, e.g. "[options] [FILE]" */
	const char *details; /* paragraphs for --help, each line ended by a newline; NULL: none */
	const struct cmd_option *options; /* ends with a row without a name; NULL: none */
	bool options_first;    /* options end at the first argument, which begins a command line */
	unsigned int max_args; /* arguments that are not options; ignored with options_first */
	int (*run)(const struct cmd *cmd, int argc, char **argv); /* argv[0] is the name */
};

extern const struct cmd cmd_check, cmd_record, cmd_clean, cmd_analyze, cmd_report, cmd_merge, cmd_diff;

/* What cmd_parse returns when the sub-command has to go on; else it is the exit status. */
#define CMD_GO (-1)

/*
 * Fills *into by the options of argv and sets *args to the first argument that is not an option
 * (argv is permuted as getopt_long(3) does, and ends with NULL). Prints the help for --help, the
 * version for --version, or one sentence for a wrong command line.
 */
int cmd_parse(const struct cmd *cmd, int argc, char **argv, void *into, char ***args);

/* Prints "pagetrail NAME: SENTENCE" to stderr; returns CMD_FAILED. */
int cmd_failed(const struct cmd *cmd, const struct err *err);

/* Values. Each `to` points at the type named. */
int cmd_parse_text(const char *text, void *to, struct err *err);  /* const char *: borrowed */
int cmd_parse_count(const char *text, void *to, struct err *err); /* uint64_t, decimal, not 0 */
int cmd_parse_duration(const char *text, void *to,
		       struct err *err); /* uint64_t ns: 500ms 30s 5m 1h */

#endif
