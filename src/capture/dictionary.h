/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names that a format prints for the values of one of its fields. Shared by formats.c, which
 * asks in a confined child, and by the plugin, which lives in a process of somebody else.
 *
 * In: an event that libtraceevent parsed. Out: its own list, borrowed for as long as the event.
 */
#ifndef PAGETRAIL_CAPTURE_DICTIONARY_H
#define PAGETRAIL_CAPTURE_DICTIONARY_H

#include <event-parse.h>

/*
 * `type` is TEP_PRINT_FLAGS or TEP_PRINT_SYMBOL. NULL when the field is not printed so. The `value`
 * of an entry is the text of a number; the last entry of a list of flags may be without bits.
 */
const struct tep_print_flag_sym *dictionary_find(const struct tep_event *event, const char *field,
						 enum tep_print_arg_type type);

#endif
