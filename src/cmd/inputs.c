// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/inputs.h"
#include "cmd/output.h"

static size_t count(char **names)
{
	size_t nr = 0;

	while (names[nr])
		nr++;
	return nr;
}

/* As many as the system allows this process. */
static void allow_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int open_file(struct input_file *file, const char *name, struct err *err)
{
	struct stat is;

	file->name = name;
	file->fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (file->fd < 0 && errno == EMFILE)
		return err_set(
			err, -EMFILE,
			"%s: more files than one process may open (ulimit -n): merge them in "
			"parts, and then what came out",
			name);
	if (file->fd < 0)
		return err_set(err, -errno, "%s: cannot be opened: %m", name);
	if (!fstat(file->fd, &is) && S_ISREG(is.st_mode))
		return 0;
	close(file->fd);
	return err_set(err, -EINVAL,
		       "%s: expected a file with a JSON summary, found something else", name);
}

int inputs_open(struct inputs *inputs, char **names, struct err *err)
{
	size_t nr = inputs->nr + count(names);
	struct input_file *files = realloc(inputs->files, (nr + 1) * sizeof(*files));
	int ret = 0;

	if (!files)
		return err_set(err, -ENOMEM, "out of memory for the names of %zu files", nr);
	inputs->files = files;
	allow_files();
	for (; *names && !ret; names++) {
		ret = open_file(&files[inputs->nr], *names, err);
		inputs->nr += !ret;
	}
	return ret;
}

void inputs_close(struct inputs *inputs)
{
	size_t i;

	for (i = 0; i < inputs->nr; i++)
		close(inputs->files[i].fd);
	free(inputs->files);
	*inputs = (struct inputs){ 0 };
}

int inputs_check_output(const struct inputs *inputs, const char *path, struct err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < inputs->nr && !ret; i++)
		ret = output_check(path, inputs->files[i].name, err);
	return ret;
}
