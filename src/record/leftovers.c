// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/events.h"
#include "record/file.h"
#include "record/leftovers.h"
#include "record/process.h"

struct sweep {
	const char *tracefs;
	bool dry_run;
	leftovers_fn tell;
	void *data;
	int nr;
	int error;
	struct err *err;
};

/* A name of ours whose process is gone. What does not follow the pattern is not ours. */
static bool is_left_over(const char *name)
{
	uint64_t start, now;
	int pid, end = 0;

	if (sscanf(name, PROBE_GROUP_PREFIX "%d_%" SCNu64 "%n", &pid, &start, &end) != 2 ||
	    name[end])
		return false;
	return process_start_time(pid, &now) || now != start;
}

static void report(struct sweep *sweep, const char *kind, const char *name, int code)
{
	if (!code) {
		sweep->nr++;
		sweep->tell(sweep->data, kind, name);
	} else if (!sweep->error) {
		sweep->error = err_set(sweep->err, code, "%s %s cannot be removed (%s)", kind, name,
				       code == -EBUSY ? "in use: its recorder may run in another "
							"container"
						      : strerror(-code));
	}
}

static void sweep_instances(struct sweep *sweep)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/instances", sweep->tracefs);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (!is_left_over(entry->d_name))
			continue;
		snprintf(path, sizeof(path), "%s/instances/%s", sweep->tracefs, entry->d_name);
		report(sweep, "instance", entry->d_name,
		       sweep->dry_run || !rmdir(path) ? 0 : -errno);
	}
	if (dir)
		closedir(dir);
}

static int remove_probe(const struct sweep *sweep, const char *name)
{
	char path[PATH_MAX], text[256];
	int fd, ret = 0;

	snprintf(path, sizeof(path), "%s/kprobe_events", sweep->tracefs);
	snprintf(text, sizeof(text), "-:%s", name);
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* "p:GROUP/EVENT PLACE ARGS" or "r512:GROUP/EVENT ..." */
static void sweep_probe(struct sweep *sweep, char *line)
{
	char *colon, *slash;
	bool ours;

	line[strcspn(line, " ")] = '\0';
	colon = strchr(line, ':');
	slash = colon ? strchr(colon, '/') : NULL;
	if (!slash)
		return;
	*slash = '\0';
	ours = is_left_over(colon + 1);
	*slash = '/';
	if (ours)
		report(sweep, "probe", colon + 1,
		       sweep->dry_run ? 0 : remove_probe(sweep, colon + 1));
}

static void sweep_probes(struct sweep *sweep)
{
	char *list = file_read_at(sweep->tracefs, "kprobe_events", NULL);
	char *save = NULL;
	char *line;

	for (line = list ? strtok_r(list, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		sweep_probe(sweep, line);
	free(list);
}

/* Instances first: the kernel does not delete a probe that is enabled somewhere. */
int leftovers_remove(const char *tracefs, bool dry_run, leftovers_fn tell, void *data,
		     struct err *err)
{
	struct sweep sweep = { tracefs, dry_run, tell, data, 0, 0, err };

	sweep_instances(&sweep);
	sweep_probes(&sweep);
	return sweep.error ? sweep.error : sweep.nr;
}
