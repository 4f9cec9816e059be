// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bytes to a tree, which json-c parses, and the tree to a summary, section by section. Must not know
 * what a summary is used for.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "readback/readback.h"
#include "readback/sections.h"

#define BLOCK	       (64U << 10)
#define CONTAINERS_MAX 500000U
#define VALUES_MAX     1000000U

/* In the order of the file, which is also that of what depends on what. */
static const section_fn sections[] = {
	readback_tool,	    readback_merged,	     readback_capture,	   readback_kernel,
	readback_host,	    readback_slowpath,	     readback_allocations, readback_attempts,
	readback_detours,   readback_stages,	     readback_transitions, readback_paths,
	readback_by,	    readback_exits,	     readback_retries,	   readback_episodes,
	readback_in_flight, readback_concurrency,    readback_holes,	   readback_timeline,
	readback_state,	    readback_reconciliation, readback_limits,
};

/* --- the tree ------------------------------------------------------------------------------ */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool readback_is_json(const char *bytes, size_t len)
{
	size_t at = 0;

	while (at < len && is_space(bytes[at]))
		at++;
	return at < len && bytes[at] == '{';
}

struct parse {
	struct json_tokener *tokener;
	struct json_object *tree; /* NULL until it is whole */
	const char *name;
	uint64_t done;	     /* bytes of the file before the block */
	uint64_t containers; /* objects and arrays that were begun so far, at most, */
	uint64_t values;     /* and values that another one followed */
	/* Of check_numbers: what the last byte was part of. */
	bool in_text, escaped, in_number, negative;
	uint64_t number;
	struct err *err;
};

static int refuse(const struct parse *parse, size_t at, const char *expected, const char *found)
{
	return err_set(parse->err, -EBADMSG, "%s: offset %" PRIu64 ": expected %s, found %s",
		       parse->name, parse->done + at, expected, found);
}

/* After the end of the tree, white space may follow. */
static int check_rest(const struct parse *parse, const char *block, size_t at, size_t len)
{
	while (at < len && is_space(block[at]))
		at++;
	return at == len ? 0 : refuse(parse, at, "the end of the summary", "more");
}

/*
 * json-c (0.16) does not survive every failure of malloc, and needs some 700 bytes for the shortest
 * object and 100 for a number under a key, and its time: so that is limited before a file is parsed.
 * What stands in texts counts too.
 */
static int count_values(struct parse *parse, const char *block, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		parse->containers += block[i] == '{' || block[i] == '[';
		parse->values += block[i] == ',';
	}
	if (parse->containers <= CONTAINERS_MAX && parse->values <= VALUES_MAX)
		return 0;
	return err_set(parse->err, -EFBIG, "%s: more than %u %s: no summary has so many",
		       parse->name,
		       parse->containers > CONTAINERS_MAX ? CONTAINERS_MAX : VALUES_MAX,
		       parse->containers > CONTAINERS_MAX ? "objects and arrays" : "values");
}

/* json-c (0.16) takes a whole number that is too large for the largest that there is. */
static int check_numbers(struct parse *parse, const char *block, size_t len)
{
	const uint64_t least = (uint64_t)INT64_MAX + 1;
	size_t i;

	for (i = 0; i < len; i++) {
		char c = block[i];
		bool digit = c >= '0' && c <= '9' && !parse->in_text;

		if (parse->in_text && (parse->escaped || c != '"')) {
			parse->escaped = !parse->escaped && c == '\\';
			continue;
		}
		if (c == '"')
			parse->in_text = !parse->in_text;
		if (digit && !parse->in_number)
			parse->number = 0;
		if (digit &&
		    (__builtin_mul_overflow(parse->number, 10, &parse->number) ||
		     __builtin_add_overflow(parse->number, (uint64_t)(c - '0'), &parse->number) ||
		     (parse->negative && parse->number > least)))
			return refuse(parse, i, "a number of 64 bits", "a larger one");
		parse->in_number = digit;
		parse->negative = c == '-' || (digit && parse->negative);
	}
	return 0;
}

static int parse_block(struct parse *parse, const char *block, size_t len)
{
	enum json_tokener_error error;
	size_t end;

	if (parse->tree)
		return check_rest(parse, block, 0, len);
	parse->tree = json_tokener_parse_ex(parse->tokener, block, (int)len);
	error = json_tokener_get_error(parse->tokener);
	end = json_tokener_get_parse_end(parse->tokener);
	if (error == json_tokener_continue)
		return 0;
	if (error != json_tokener_success)
		return refuse(parse, end, "JSON", json_tokener_error_desc(error));
	/* The word null is no tree. */
	if (!json_object_is_type(parse->tree, json_type_object))
		return refuse(parse, end, "an object", "something else");
	return check_rest(parse, block, end, len);
}

static int parse_all(struct parse *parse, int fd)
{
	char block[BLOCK];
	ssize_t got;
	int ret = 0;

	while (!ret && (got = pread(fd, block, sizeof(block), (off_t)parse->done)) != 0) {
		if (got < 0)
			return err_set(parse->err, -errno, "%s: cannot be read: %m", parse->name);
		if (parse->done > READBACK_SIZE_MAX - (size_t)got)
			return err_set(parse->err, -EFBIG,
				       "%s: more than %u MiB: no summary is so large", parse->name,
				       READBACK_SIZE_MAX >> 20);
		ret = count_values(parse, block, (size_t)got);
		if (!ret)
			ret = check_numbers(parse, block, (size_t)got);
		if (!ret)
			ret = parse_block(parse, block, (size_t)got);
		parse->done += (size_t)got;
	}
	if (!ret && !parse->tree)
		ret = refuse(parse, 0, "more of the summary", "the end of the file");
	return ret;
}

/* --- the summary --------------------------------------------------------------------------- */

static void check_schema(struct taker *take, struct json_object *tree)
{
	const char *schema = take_text(take, tree, "schema");

	if (!take->failed && (!schema || strcmp(schema, SUMMARY_SCHEMA)))
		take_refuse(take, "schema", "\"" SUMMARY_SCHEMA "\"");
}

static int take_all(const struct parse *parse, struct summary *summary)
{
	struct taker take = { .file = parse->name, .summary = summary, .err = parse->err };
	size_t i;

	check_schema(&take, parse->tree);
	for (i = 0; i < TAKE_NR(sections) && !take.failed; i++)
		sections[i](&take, parse->tree);
	return take.failed;
}

int readback_json(int fd, const char *name, struct summary *summary, struct err *err)
{
	struct parse parse = { .name = name, .err = err };
	int ret;

	parse.tokener = json_tokener_new_ex(TAKE_DEPTH_MAX);
	if (!parse.tokener)
		return err_set(err, -ENOMEM, "%s: out of memory", name);
	json_tokener_set_flags(parse.tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	ret = parse_all(&parse, fd);
	if (!ret)
		ret = take_all(&parse, summary);
	json_object_put(parse.tree);
	json_tokener_free(parse.tokener);
	return ret;
}
