// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/version.h"

#define OPTIONS_MAX 32

/* Codes of getopt_long: rows of the table count up from FIRST_ROW, past every short option. */
enum { CODE_VERSION = 256, FIRST_ROW };

/* Every sub-command has these, so they stand in no table but this one. */
static const struct cmd_option common_options[] = {
	{ 'h', "help", NULL, "print this help", NULL, 0 },
	{ 0, "version", NULL, "print the version", NULL, 0 },
	{ 0, NULL, NULL, NULL, NULL, 0 },
};

static void print_options(const struct cmd_option *row)
{
	char left[48];

	for (; row && row->name; row++) {
		snprintf(left, sizeof(left), "%c%c%s --%s%s%s", row->letter ? '-' : ' ',
			 row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
			 row->value ? " " : "", row->value ? row->value : "");
		printf("  %-26s  %s\n", left, row->help);
	}
}

static int print_help(const struct cmd *cmd)
{
	printf("Usage: pagetrail %s %s\n\n%s\n\n", cmd->name, cmd->usage, cmd->help);
	print_options(cmd->options);
	print_options(common_options);
	if (cmd->details)
		printf("\n%s", cmd->details);
	return CMD_DONE;
}

static int usage_error(const struct cmd *cmd, const char *what, const char *which)
{
	fprintf(stderr, "pagetrail %s: %s%s; see pagetrail %s --help\n", cmd->name, what, which,
		cmd->name);
	return CMD_USAGE;
}

struct getopt_table {
	struct option longs[OPTIONS_MAX + 3];
	char shorts[2 * OPTIONS_MAX + 4];
};

static void add_option(struct getopt_table *table, int at, const struct cmd_option *row, int code)
{
	size_t len = strlen(table->shorts);

	table->longs[at] = (struct option){ row->name, row->value ? required_argument : no_argument,
					    NULL, code };
	if (row->letter)
		snprintf(table->shorts + len, sizeof(table->shorts) - len, "%c%s", row->letter,
			 row->value ? ":" : "");
}

/* "+" stops at the first argument; ":" tells a missing value from an unknown option. */
static void fill_table(const struct cmd *cmd, struct getopt_table *table)
{
	int nr = 0;

	memset(table, 0, sizeof(*table));
	strcpy(table->shorts, cmd->options_first ? "+:" : ":");
	for (; cmd->options && cmd->options[nr].name && nr < OPTIONS_MAX; nr++)
		add_option(table, nr, &cmd->options[nr], FIRST_ROW + nr);
	add_option(table, nr, &common_options[0], 'h');
	add_option(table, nr + 1, &common_options[1], CODE_VERSION);
}

static const struct cmd_option *row_of(const struct cmd *cmd, int code)
{
	const struct cmd_option *row = cmd->options;

	if (code >= FIRST_ROW)
		return &cmd->options[code - FIRST_ROW];
	while (row && row->name && row->letter != code)
		row++;
	return row && row->name ? row : NULL;
}

static int set_option(const struct cmd *cmd, const struct cmd_option *row, const char *text,
		      void *into)
{
	void *to = (char *)into + row->offset;
	struct err err = { "" };

	if (!row->parse) {
		*(bool *)to = true;
		return CMD_GO;
	}
	if (!row->parse(text, to, &err))
		return CMD_GO;
	fprintf(stderr, "pagetrail %s: --%s %s %s\n", cmd->name, row->name, text, err.text);
	return CMD_USAGE;
}

/* One answer of getopt_long. */
static int take_option(const struct cmd *cmd, int code, char **argv, void *into)
{
	const struct cmd_option *row;

	if (code == 'h')
		return print_help(cmd);
	if (code == CODE_VERSION) {
		version_print(stdout);
		return CMD_DONE;
	}
	if (code == ':')
		return usage_error(cmd, "a value is missing after ", argv[optind - 1]);
	row = row_of(cmd, code);
	if (code == '?' || !row)
		return usage_error(cmd, "unknown or ambiguous option near ", argv[optind - 1]);
	return set_option(cmd, row, optarg, into);
}

int cmd_parse(const struct cmd *cmd, int argc, char **argv, void *into, char ***args)
{
	struct getopt_table table;
	int status = CMD_GO;
	int code;

	fill_table(cmd, &table);
	optind = 1;
	opterr = 0;
	while (status == CMD_GO &&
	       (code = getopt_long(argc, argv, table.shorts, table.longs, NULL)) != -1)
		status = take_option(cmd, code, argv, into);
	if (status != CMD_GO)
		return status;
	if (!cmd->options_first && argc - optind > (int)cmd->max_args)
		return usage_error(cmd, "too many arguments, from ",
				   argv[optind + (int)cmd->max_args]);
	*args = argv + optind;
	return CMD_GO;
}

int cmd_failed(const struct cmd *cmd, const struct err *err)
{
	fprintf(stderr, "pagetrail %s: %s\n", cmd->name, err->text);
	return CMD_FAILED;
}

int cmd_no_memory(const struct cmd *cmd)
{
	struct err err;

	err_set(&err, -ENOMEM, "out of memory");
	return cmd_failed(cmd, &err);
}

int cmd_parse_text(const char *text, void *to, struct err *err)
{
	if (!*text)
		return err_set(err, -EINVAL, "is empty");
	*(const char **)to = text;
	return 0;
}

/* Digits only: strtoull would take a sign and spaces. Leaves *end after them. */
static int parse_digits(const char *text, char **end, uint64_t *number)
{
	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*number = strtoull(text, end, 10);
	return errno ? -errno : 0;
}

int cmd_parse_count(const char *text, void *to, struct err *err)
{
	uint64_t number;
	char *end;

	if (parse_digits(text, &end, &number) || *end || !number)
		return err_set(err, -EINVAL, "is not a whole number from 1 up");
	*(uint64_t *)to = number;
	return 0;
}

int cmd_parse_duration(const char *text, void *to, struct err *err)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{ "ms", 1000000 },    { "s", 1000000000 },    { "", 1000000000 },
		{ "m", 60000000000 }, { "h", 3600000000000 },
	};
	uint64_t number, *ns = to;
	size_t i;
	char *end;

	if (!parse_digits(text, &end, &number) && number)
		for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
			if (!strcmp(end, units[i].name) &&
			    !__builtin_mul_overflow(number, units[i].ns, ns))
				return 0;
	return err_set(err, -EINVAL, "is not a duration such as 500ms, 30s, 5m, 1h");
}
