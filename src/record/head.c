// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "record/file.h"
#include "record/head.h"

#define OPTION_HEAD 6 /* u16 id, u32 size */
#define TABLE_ROW   16
#define FIXED_TAIL  128 /* numbers and labels between the names and the table */

/* Grows the buffer only while the fixed part is made; later all room is there already. */
static void put(struct head *head, const void *data, size_t len)
{
	if (head->error)
		return;
	if (head->len + len > head->size)
		head->error = vec_reserve((void **)&head->bytes, &head->size, head->len + len, 1);
	if (head->error)
		return;
	memcpy(head->bytes + head->len, data, len);
	head->len += len;
}

static void put_text(struct head *head, const char *text)
{
	put(head, text, strlen(text) + 1);
}

static void put_u32(struct head *head, uint32_t value)
{
	put(head, &value, sizeof(value));
}

static void put_u64(struct head *head, uint64_t value)
{
	put(head, &value, sizeof(value));
}

/* u64 size, content. */
static void put_file(struct head *head, const char *dir, const char *name)
{
	size_t len = 0;
	char *text = file_read_at(dir, name, &len);

	if (!text) {
		head->error = head->error ? head->error : -errno;
		return;
	}
	put_u64(head, len);
	put(head, text, len);
	free(text);
}

static void put_start(struct head *head, const char *dir)
{
	static const char magic[] = { 0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g' };
	const uint16_t one = 1;
	char little = *(const char *)&one;
	char flags[] = { !little, sizeof(long) };

	put(head, magic, sizeof(magic));
	put_text(head, "6");
	put(head, flags, sizeof(flags));
	put_u32(head, (uint32_t)getpagesize());
	put_text(head, "header_page");
	put_file(head, dir, "events/header_page");
	put_text(head, "header_event");
	put_file(head, dir, "events/header_event");
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* u32 number, then every format of the system ftrace: its events (print, ...) need no enabling. */
static void put_ftrace_formats(struct head *head, const char *dir)
{
	char path[PATH_MAX], name[NAME_MAX + 32];
	struct dirent **list;
	size_t at = head->len;
	uint32_t nr = 0;
	int fd, i, found;

	put_u32(head, 0);
	snprintf(path, sizeof(path), "%s/events/ftrace", dir);
	fd = open(dir, O_PATH | O_CLOEXEC);
	found = scandir(path, &list, is_visible, alphasort);
	for (i = 0; i < found; i++) {
		snprintf(name, sizeof(name), "events/ftrace/%s/format", list[i]->d_name);
		if (!faccessat(fd, name, R_OK, 0)) {
			put_file(head, dir, name);
			nr++;
		}
		free(list[i]);
	}
	if (found < 0)
		head->error = head->error ? head->error : -errno;
	else
		free(list);
	if (fd >= 0)
		close(fd);
	if (!head->error)
		memcpy(head->bytes + at, &nr, sizeof(nr));
}

static void put_format(struct head *head, const char *dir, const char *system, const char *event)
{
	char name[256];

	snprintf(name, sizeof(name), "events/%s/%s/format", system, event);
	put_file(head, dir, name);
}

/* Our own group. */
static void put_probe_formats(struct head *head, const char *dir, const struct plan *plan,
			      const char *group)
{
	uint32_t nr = 0;
	size_t i;

	for (i = 0; i < plan->nr_probes; i++)
		nr += !plan->probes[i].dropped;
	put_text(head, group);
	put_u32(head, nr);
	for (i = 0; i < plan->nr_probes; i++)
		if (!plan->probes[i].dropped)
			put_format(head, dir, group, plan->probes[i].event);
}

struct format_list {
	struct plan_event events[PLAN_EVENTS_MAX + 1];
	size_t nr;
};

/*
 * Events of the plan, and kmem:mm_page_alloc even when it is not recorded: its format is where the
 * names of the gfp flags stand.
 */
static void list_formats(struct format_list *list, const struct plan *plan,
			 const struct inventory *inv)
{
	const struct event_rule *rules;
	bool listed = false;
	size_t nr, i;

	list->nr = 0;
	rules = kernel_event_rules(&nr);
	for (i = 0; i < plan->nr_events; i++)
		if (!plan->events[i].dropped)
			list->events[list->nr++] = plan->events[i];
	for (i = 0; i < nr && i < INV_EVENTS_MAX; i++) {
		size_t j;

		if (rules[i].kind != EV_PAGE_ALLOC || !inv->events[i])
			continue;
		for (j = 0; j < list->nr; j++)
			listed |= !strcmp(list->events[j].name, rules[i].name);
		if (!listed)
			list->events[list->nr++] =
				(struct plan_event){ rules[i].system, rules[i].name, false };
	}
}

/* True for the first event of its system in the list. */
static bool is_first(const struct format_list *list, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (!strcmp(list->events[j].system, list->events[i].system))
			return false;
	return true;
}

static void put_system(struct head *head, const char *dir, const struct format_list *list,
		       const char *system)
{
	uint32_t nr = 0;
	size_t i;

	for (i = 0; i < list->nr; i++)
		nr += !strcmp(list->events[i].system, system);
	put_text(head, system);
	put_u32(head, nr);
	for (i = 0; i < list->nr; i++)
		if (!strcmp(list->events[i].system, system))
			put_format(head, dir, system, list->events[i].name);
}

static void put_event_formats(struct head *head, const char *dir, const struct plan *plan,
			      const struct inventory *inv, const char *group)
{
	struct format_list list;
	uint32_t nr_systems = plan->nr_probes ? 1 : 0;
	size_t i;

	list_formats(&list, plan, inv);
	for (i = 0; i < list.nr; i++)
		nr_systems += is_first(&list, i);
	put_u32(head, nr_systems);
	for (i = 0; i < list.nr; i++)
		if (is_first(&list, i))
			put_system(head, dir, &list, list.events[i].system);
	if (plan->nr_probes)
		put_probe_formats(head, dir, plan, group);
}

/* u32 size, text as in /proc/kallsyms: only what the events can refer to. No printk formats. */
static void put_symbols(struct head *head, const struct inventory *inv, const char *more,
			size_t more_len)
{
	char line[FN_NAME_MAX + 32];
	size_t at = head->len, i;
	uint32_t len;

	put_u32(head, 0);
	for (i = 0; i < inv->nr_symbols; i++) {
		snprintf(line, sizeof(line), "%016" PRIx64 " T %s\n", inv->symbols[i].addr,
			 inv->symbols[i].name);
		put(head, line, strlen(line));
	}
	put(head, more, more_len);
	if (head->error)
		return;
	len = (uint32_t)(head->len - at - sizeof(len));
	memcpy(head->bytes + at, &len, sizeof(len));
	put_u32(head, 0);
}

int head_set_symbols(struct head *head, const struct inventory *inv, const char *text, size_t len)
{
	head->len = head->symbols_at;
	put_symbols(head, inv, text, len);
	head->fixed_len = head->len;
	if (!head->error)
		head->error = vec_reserve((void **)&head->bytes, &head->size,
					  head->len + head->tail_len, 1);
	return head->error;
}

int head_open(struct head *head, const char *instance_dir, const struct plan *plan,
	      const struct inventory *inv, const char *group, size_t room, unsigned int nr_cpus,
	      struct err *err)
{
	size_t tail = room + FIXED_TAIL + nr_cpus * (size_t)TABLE_ROW + (size_t)getpagesize();

	*head = (struct head){ 0 };
	put_start(head, instance_dir);
	put_ftrace_formats(head, instance_dir);
	put_event_formats(head, instance_dir, plan, inv, group);
	head->symbols_at = head->len;
	head->tail_len = tail;
	if (!head_set_symbols(head, inv, "", 0))
		return 0;
	return err_set(err, head->error, "the event formats below %s/events cannot be read (%s)",
		       instance_dir, strerror(-head->error));
}

void head_close(struct head *head)
{
	free(head->bytes);
	*head = (struct head){ 0 };
}

static void pad_to_page(struct head *head)
{
	size_t page = (size_t)getpagesize();
	size_t end = (head->len + page - 1) / page * page;

	if (!head->error && end <= head->size) {
		memset(head->bytes + head->len, 0, end - head->len);
		head->len = end;
	}
}

int head_finish(struct head *head, const char *names, size_t names_len, const char *options,
		size_t options_len, const struct head_cpu *cpus, unsigned int nr_cpus)
{
	static const char end_of_options[2];
	unsigned int cpu;

	head->len = head->fixed_len;
	put_u64(head, names_len);
	put(head, names, names_len);
	put_u32(head, nr_cpus);
	put(head, "options  ", 10);
	put(head, options, options_len);
	put(head, end_of_options, sizeof(end_of_options));
	put(head, "flyrecord", 10);
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		put_u64(head, cpus[cpu].offset);
		put_u64(head, cpus[cpu].size);
	}
	pad_to_page(head);
	return head->error;
}

int head_option(char *options, size_t *len, size_t size, enum head_option id, const char *text)
{
	uint16_t code = (uint16_t)id;
	uint32_t text_len = (uint32_t)strlen(text) + 1;
	char *to = options + *len;

	if (*len + OPTION_HEAD + text_len > size)
		return -ENOSPC;
	memcpy(to, &code, sizeof(code));
	memcpy(to + sizeof(code), &text_len, sizeof(text_len));
	memcpy(to + OPTION_HEAD, text, text_len);
	*len += OPTION_HEAD + text_len;
	return 0;
}
