// SPDX-License-Identifier: GPL-2.0-or-later
/* The container: whatever the bytes, it is refused with a sentence or gives a layout. */
#include "capture/callers.h"
#include "capture/container.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct container c;
	struct err err = { "" };
	char path[32];
	int fd = fuzz_file(data, size, path);

	if (!container_open(&c, path, &err)) {
		struct callers *callers = calloc(1, sizeof(*callers));
		struct section symbols;

		if (c.has_symbols && callers && !container_symbols(&c, &symbols, &err)) {
			(void)callers_read(callers, &symbols.cursor);
			section_close(&symbols);
		}
		free(callers);
		container_close(&c);
	} else if (!*err.text) {
		abort();
	}
	close(fd);
	return 0;
}
