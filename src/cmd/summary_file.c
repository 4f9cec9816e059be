// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cmd/confined.h"
#include "cmd/summary_file.h"
#include "readback/readback.h"

int summary_file_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char head[256];
	ssize_t got = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);

	if (got > 0 && readback_is_json(head, (size_t)got))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int summary_file_read(int fd, const char *path, struct redactor *redactor, struct summary *summary,
		      struct err *err)
{
	int ret = confined_enter(err);

	if (!ret)
		ret = readback_json(fd, path, summary, err);
	close(fd);
	if (!ret && redactor && redact_summary(redactor, summary))
		ret = err_set(err, -ENOMEM, "%s: out of memory", path);
	return ret;
}
