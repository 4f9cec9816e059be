// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "capture/callers.h"

#define NR_SYMBOLS_MAX (4U << 20) /* a kernel with all its modules has some 300,000 */
#define SYMBOL_LINE    256	  /* KSYM_NAME_LEN is 128, or 512 since 6.1: what follows is cut */

/* Where no later symbol says where a function ends. None of them is nearly as long. */
#define FUNCTION_MAX 65536

struct symbols {
	uint64_t *addresses;
	size_t nr, cap;
};

/* "ffffffff81000000 T name [module]". False for other lines, and where addresses were hidden. */
static bool parse_line(char *line, uint64_t *address, char **name)
{
	char *end;

	*address = strtoull(line, &end, 16);
	if (end == line || !*address || end[0] != ' ' || !end[1] || end[2] != ' ')
		return false;
	*name = end + 3;
	(*name)[strcspn(*name, " \t\r\n")] = '\0';
	return **name;
}

static int read_lines(struct callers *callers, struct symbols *symbols, struct cursor *text)
{
	char line[SYMBOL_LINE];
	uint64_t address;
	char *name;

	while (cursor_line(text, line, sizeof(line))) {
		enum fn_role role;

		if (!parse_line(line, &address, &name))
			continue;
		if (symbols->nr == NR_SYMBOLS_MAX)
			return cursor_fail(text, "expected at most %u symbols, found more",
					   NR_SYMBOLS_MAX);
		if (vec_reserve((void **)&symbols->addresses, &symbols->cap, symbols->nr + 1,
				sizeof(address)))
			return err_set(text->err, -ENOMEM, "%s: out of memory", text->in->path);
		symbols->addresses[symbols->nr++] = address;
		role = kernel_fn_role(name);
		if (role != FN_OTHER && callers->nr < CALLERS_MAX)
			callers->functions[callers->nr++] =
				(struct caller){ .start = address, .role = role };
	}
	return text->failed;
}

/* A function ends where the next symbol begins. */
static void find_end(struct caller *function, const struct symbols *symbols)
{
	size_t i;

	function->end = function->start > UINT64_MAX - FUNCTION_MAX
				? UINT64_MAX
				: function->start + FUNCTION_MAX;
	for (i = 0; i < symbols->nr; i++)
		if (symbols->addresses[i] > function->start &&
		    symbols->addresses[i] < function->end)
			function->end = symbols->addresses[i];
}

int callers_read(struct callers *callers, struct cursor *text)
{
	struct symbols symbols = { 0 };
	size_t i;
	int ret;

	callers->nr = 0;
	ret = read_lines(callers, &symbols, text);
	for (i = 0; i < callers->nr; i++)
		find_end(&callers->functions[i], &symbols);
	free(symbols.addresses);
	return ret;
}
