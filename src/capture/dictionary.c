// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <string.h>

#include "capture/dictionary.h"

/* The kernel's formats nest conditions three deep; a hostile one must not use up the stack. */
#define DEPTH_MAX 64

/* Is the argument the field, perhaps cast to another type? */
static bool is_field(const struct tep_print_arg *arg, const char *field)
{
	while (arg && arg->type == TEP_PRINT_TYPE)
		arg = arg->typecast.item;
	return arg && arg->type == TEP_PRINT_FIELD && arg->field.name &&
	       !strcmp(arg->field.name, field);
}

struct wanted {
	const char *field;
	enum tep_print_arg_type type;
};

/* Within one argument: dictionaries hide in conditions. */
static const struct tep_print_flag_sym *find(const struct tep_print_arg *arg,
					     const struct wanted *wanted, unsigned int depth)
{
	const struct tep_print_flag_sym *found;

	if (!arg || depth == DEPTH_MAX)
		return NULL;
	if (arg->type == wanted->type && arg->type == TEP_PRINT_FLAGS)
		return is_field(arg->flags.field, wanted->field) ? arg->flags.flags : NULL;
	if (arg->type == wanted->type && arg->type == TEP_PRINT_SYMBOL)
		return is_field(arg->symbol.field, wanted->field) ? arg->symbol.symbols : NULL;
	if (arg->type == TEP_PRINT_TYPE)
		return find(arg->typecast.item, wanted, depth + 1);
	if (arg->type != TEP_PRINT_OP)
		return NULL;
	found = find(arg->op.left, wanted, depth + 1);
	return found ? found : find(arg->op.right, wanted, depth + 1);
}

const struct tep_print_flag_sym *dictionary_find(const struct tep_event *event, const char *field,
						 enum tep_print_arg_type type)
{
	const struct wanted wanted = { field, type };
	const struct tep_print_flag_sym *found = NULL;
	const struct tep_print_arg *arg;

	for (arg = event->print_fmt.args; arg && !found; arg = arg->next)
		found = find(arg, &wanted, 0);
	return found;
}
