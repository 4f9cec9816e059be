// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/note.h"
#include "record/file.h"
#include "record/snapshot.h"

#define TEXT_SLACK  8192 /* what a file may grow by between its first reading and its last */
#define SYSCTL_SIZE 8192

static const struct {
	const char *key;
	const char *path;
} files[] = {
	{ NOTE_MEMINFO, "/proc/meminfo" },     { NOTE_PRESSURE, "/proc/pressure/memory" },
	{ NOTE_BUDDYINFO, "/proc/buddyinfo" }, { NOTE_ZONEINFO, "/proc/zoneinfo" },
	{ NOTE_VMSTAT, "/proc/vmstat" },
};

#define NR_FILES (sizeof(files) / sizeof(files[0]))

/* Settings that decide how the page allocator, reclaim, compaction and the OOM killer behave. */
static const struct {
	const char *name;
	const char *path;
} sysctls[] = {
#define VM(name)                                 \
	{                                        \
		"vm." name, "/proc/sys/vm/" name \
	}
	VM("admin_reserve_kbytes"),
	VM("compact_unevictable_allowed"),
	VM("compaction_proactiveness"),
	VM("defrag_mode"),
	VM("dirty_background_bytes"),
	VM("dirty_background_ratio"),
	VM("dirty_bytes"),
	VM("dirty_ratio"),
	VM("extfrag_threshold"),
	VM("lowmem_reserve_ratio"),
	VM("min_free_kbytes"),
	VM("min_slab_ratio"),
	VM("min_unmapped_ratio"),
	VM("nr_hugepages"),
	VM("nr_overcommit_hugepages"),
	VM("oom_kill_allocating_task"),
	VM("overcommit_memory"),
	VM("overcommit_ratio"),
	VM("page-cluster"),
	VM("panic_on_oom"),
	VM("percpu_pagelist_high_fraction"),
	VM("swappiness"),
	VM("user_reserve_kbytes"),
	VM("vfs_cache_pressure"),
	VM("watermark_boost_factor"),
	VM("watermark_scale_factor"),
	VM("zone_reclaim_mode"),
#undef VM
#define MM(name)                             \
	{                                    \
		name, "/sys/kernel/mm/" name \
	}
	MM("transparent_hugepage/enabled"),
	MM("transparent_hugepage/defrag"),
	MM("transparent_hugepage/shmem_enabled"),
	MM("transparent_hugepage/khugepaged/defrag"),
	MM("lru_gen/enabled"),
	MM("lru_gen/min_ttl_ms"),
#undef MM
};

#define NR_SYSCTLS (sizeof(sysctls) / sizeof(sysctls[0]))

static size_t measure(int fd)
{
	char buf[4096];
	size_t len = 0;
	ssize_t got;

	while (fd >= 0 && (got = read(fd, buf, sizeof(buf))) > 0)
		len += (size_t)got;
	return len;
}

static int prepare_text(struct snapshot_text *text, const char *key, size_t size)
{
	*text = (struct snapshot_text){ key, malloc(size), size, 0 };
	if (!text->text)
		return -ENOMEM;
	memset(text->text, 0, size);
	return 0;
}

static int open_all(struct snapshot *snapshot)
{
	size_t i;
	int fd, ret = 0;

	for (i = 0; i < NR_FILES && !ret; i++) {
		fd = open(files[i].path, O_RDONLY | O_CLOEXEC);
		snapshot->files[snapshot->nr_files++] = (struct snapshot_file){ files[i].key, fd };
		ret = prepare_text(&snapshot->texts[snapshot->nr_texts++], files[i].key,
				   2 * measure(fd) + TEXT_SLACK);
	}
	for (i = 0; i < NR_SYSCTLS; i++) {
		fd = open(sysctls[i].path, O_RDONLY | O_CLOEXEC);
		snapshot->files[snapshot->nr_files++] =
			(struct snapshot_file){ sysctls[i].name, fd };
	}
	if (!ret)
		ret = prepare_text(&snapshot->texts[snapshot->nr_texts++], NOTE_SYSCTL,
				   SYSCTL_SIZE);
	return ret;
}

int snapshot_open(struct snapshot *snapshot, struct err *err)
{
	*snapshot = (struct snapshot){
		.files = calloc(NR_FILES + NR_SYSCTLS, sizeof(*snapshot->files)),
		.texts = calloc(NR_FILES + 1, sizeof(*snapshot->texts)),
	};
	if (snapshot->files && snapshot->texts && !open_all(snapshot))
		return 0;
	snapshot_close(snapshot);
	return err_set(err, -ENOMEM, "out of memory");
}

void snapshot_close(struct snapshot *snapshot)
{
	size_t i;

	for (i = 0; i < snapshot->nr_files; i++)
		if (snapshot->files[i].fd >= 0)
			close(snapshot->files[i].fd);
	for (i = 0; i < snapshot->nr_texts; i++)
		free(snapshot->texts[i].text);
	free(snapshot->files);
	free(snapshot->texts);
	*snapshot = (struct snapshot){ 0 };
}

/* Lines "name = value"; values of several words keep their blanks. */
static void read_sysctls(struct snapshot *snapshot)
{
	struct snapshot_text *text = &snapshot->texts[NR_FILES];
	char value[256];
	size_t i, len;

	text->len = 0;
	for (i = NR_FILES; i < snapshot->nr_files; i++) {
		len = file_reread(snapshot->files[i].fd, value, sizeof(value) - 1);
		while (len && value[len - 1] == '\n')
			len--;
		if (!len || text->len + len + NOTE_KEY_MAX + 8 > text->size)
			continue;
		text->len += (size_t)snprintf(text->text + text->len, text->size - text->len,
					      "%s = %.*s\n", snapshot->files[i].name, (int)len,
					      value);
	}
}

static void read_text(struct snapshot *snapshot, size_t i)
{
	struct snapshot_text *text = &snapshot->texts[i];

	text->len = file_reread(snapshot->files[i].fd, text->text, text->size);
}

void snapshot_read(struct snapshot *snapshot, bool at_start)
{
	size_t i;

	if (at_start)
		read_sysctls(snapshot);
	for (i = 0; i < NR_FILES; i++)
		read_text(snapshot, at_start ? i : NR_FILES - 1 - i);
	if (!at_start)
		read_sysctls(snapshot);
}
