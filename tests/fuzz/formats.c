// SPDX-License-Identifier: GPL-2.0-or-later
/* What the confined parser of event formats answers, as if by an enemy; and the head of a format. */
#include "capture/formats.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *answer = malloc(size ? size : 1);
	const char *next = answer;
	char name[FORMAT_NAME_MAX];
	struct format_fields *fields;
	size_t left = size;
	uint16_t id;
	uint32_t i;

	if (!text || !answer)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	memcpy(answer, data, size);
	if (format_head(text, name, &id) && strlen(name) >= FORMAT_NAME_MAX)
		abort();
	while ((fields = formats_take(&next, &left))) {
		for (i = 0; i < fields->nr; i++)
			if (strlen(fields->fields[i].name) >= FORMAT_NAME_MAX ||
			    (uint64_t)fields->fields[i].offset + fields->fields[i].size > 65536)
				abort();
		free(fields);
	}
	free(answer);
	free(text);
	return 0;
}
