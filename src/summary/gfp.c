// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>

#include "summary/gfp.h"
#include "summary/text.h"

/*
 * As trace_print_flags_seq (kernel/trace/trace_output.c, 5.10 to 7.3): the first mask whose bits
 * are all there takes them away. A mask without bits names nothing here, though the kernel would
 * print it.
 */
void gfp_write(char text[GFP_TEXT_MAX], const struct flag_name *names, size_t nr, uint64_t gfp)
{
	uint64_t rest = gfp;
	size_t len = 0;
	size_t i;

	snprintf(text, GFP_TEXT_MAX, "%s", gfp ? "" : "none");
	for (i = 0; i < nr && rest; i++) {
		if (!names[i].mask || (rest & names[i].mask) != names[i].mask)
			continue;
		len += (size_t)snprintf(text + len, GFP_TEXT_MAX - len, "%s%.*s", len ? "|" : "",
					FLAG_NAME_MAX - 1, names[i].name);
		rest &= ~names[i].mask;
	}
	if (rest)
		snprintf(text + len, GFP_TEXT_MAX - len, "%s0x%" PRIx64, len ? "|" : "", rest);
}

const char *gfp_text(struct text_list *texts, const struct flag_name *names, size_t nr,
		     uint64_t gfp)
{
	char text[GFP_TEXT_MAX];

	gfp_write(text, names, nr, gfp);
	return texts_keep(texts, span_of(text));
}
