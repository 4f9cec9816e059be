// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/output.h"

#define MODE 0666 /* less what the umask takes away */

static int failed(const struct output *out, const char *what, struct err *err)
{
	int code = errno ? errno : EIO;

	errno = code;
	return err_set(err, -code, "%s: %s: %m", out->path ? out->path : "standard output", what);
}

static bool is_same_file(const struct stat *st, const char *path)
{
	struct stat other;

	return !stat(path, &other) && other.st_dev == st->st_dev && other.st_ino == st->st_ino;
}

/* Can a file be made beside `path`? */
static int check_folder(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int ret = 0;

	if (!folder)
		return err_set(err, -ENOMEM, "out of memory");
	if (eaccess(folder, W_OK | X_OK))
		ret = err_set(err, -errno, "%s: cannot be created: %m", path);
	free(folder);
	return ret;
}

int output_check(const char *path, const char *input, struct err *err)
{
	struct stat st;

	if (!path)
		return 0;
	if (stat(path, &st))
		return check_folder(path, err);
	if (S_ISDIR(st.st_mode))
		return err_set(err, -EISDIR, "%s: is a directory; name a file", path);
	if (is_same_file(&st, input))
		return err_set(err, -EINVAL, "%s: is the capture itself; write to another file",
			       path);
	return 0;
}

/* A new file gets the rights that open(2) would give it, not those of mkstemp(3). */
static int give_rights(int fd, const struct stat *old)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(fd, old ? old->st_mode & 07777 : MODE & ~mask);
}

static int open_beside(struct output *out, const struct stat *old, struct err *err)
{
	int fd;

	if (asprintf(&out->temp, "%s.XXXXXX", out->path) < 0) {
		out->temp = NULL;
		return err_set(err, -ENOMEM, "out of memory");
	}
	fd = mkstemp(out->temp);
	if (fd < 0) {
		free(out->temp);
		out->temp = NULL;
		return failed(out, "cannot be created", err);
	}
	out->file = fdopen(fd, "w");
	if (!out->file || give_rights(fd, old)) {
		if (!out->file)
			close(fd);
		return failed(out, "cannot be created", err);
	}
	return 0;
}

static int open_in_place(struct output *out, struct err *err)
{
	out->file = fopen(out->path, "we");
	return out->file ? 0 : failed(out, "cannot be written", err);
}

int output_open(struct output *out, const char *path, struct err *err)
{
	struct stat st;
	bool exists;

	*out = (struct output){ .file = stdout };
	if (!path)
		return 0;
	out->file = NULL;
	exists = !stat(path, &st);
	/* Through a symbolic link it is the target that is replaced. */
	out->path = exists && S_ISREG(st.st_mode) ? realpath(path, NULL) : strdup(path);
	if (!out->path)
		return err_set(err, -ENOMEM, "%s: cannot be resolved: %m", path);
	if (exists && !S_ISREG(st.st_mode))
		return open_in_place(out, err);
	return open_beside(out, exists ? &st : NULL, err);
}

int output_flush(struct output *out, struct err *err)
{
	errno = 0;
	return ferror(out->file) || fflush(out->file) ? failed(out, "cannot be written", err) : 0;
}

int output_commit(struct output *out, struct err *err)
{
	int failure = output_flush(out, err);

	if (failure)
		return failure;
	errno = 0;
	if (out->temp)
		failure = fsync(fileno(out->file));
	if (!failure && out->file != stdout) {
		failure = fclose(out->file);
		out->file = NULL;
	}
	if (!failure && out->temp)
		failure = rename(out->temp, out->path);
	if (failure)
		return failed(out, "cannot be written", err);
	free(out->temp);
	out->temp = NULL;
	return 0;
}

void output_close(struct output *out)
{
	if (out->file && out->file != stdout)
		fclose(out->file);
	if (out->temp)
		unlink(out->temp);
	free(out->temp);
	free(out->path);
	*out = (struct output){ 0 };
}
