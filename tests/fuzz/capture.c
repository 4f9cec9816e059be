// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A whole file, to its summary. Formats are parsed by plain_formats.c: the real parser takes a process
 * each time, and tests/fuzz/damage has it.
 */
#include "fuzz.h"
#include "cmd/pipeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct summary summary = { 0 };
	struct err err = { "" };
	char path[32];
	int fd = fuzz_file(data, size, path);
	/* One thread: what it does must not depend on anything but the bytes. */
	const struct pipeline_order order = {
		.path = path, .top = 3, .digest = DIGEST_NEVER, .threads = 1
	};

	if (pipeline_run(&order, &summary, &err) && !*err.text)
		abort();
	summary_free(&summary);
	close(fd);
	return 0;
}
