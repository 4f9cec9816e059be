// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs.h>
#include <unistd.h>

#include "record/file.h"
#include "record/process.h"
#include "record/session.h"

#define PROBE_TEXT_MAX	640
#define READY_PERCENT	10 /* of a CPU's buffer */
#define READY_TEXT	"10"
#define BUFFER_LEAST_KB 64	   /* per CPU: less is no recording, but a row of losses */
#define LISTS_SIZE	(1U << 20) /* kprobe_events and kprobe_profile together, others' included */

int session_name(char name[PLAN_GROUP_MAX], struct err *err)
{
	uint64_t start;
	int ret = process_start_time(getpid(), &start);

	if (ret)
		return err_set(err, ret, "/proc/self/stat cannot be read (%s); mount /proc",
			       strerror(-ret));
	snprintf(name, PLAN_GROUP_MAX, PROBE_GROUP_PREFIX "%d_%" PRIu64, getpid(), start);
	return 0;
}

/* The last sentence of the kernel's own error log, e.g. "Invalid probed address or symbol". */
static void kernel_reason(char *buf, size_t size, int err)
{
	char *log = tracefs_error_last(NULL);
	const char *at = log ? strstr(log, "error: ") : NULL;

	if (at)
		snprintf(buf, size, "%s: %.*s", strerror(err), (int)strcspn(at + 7, "\n"), at + 7);
	else
		snprintf(buf, size, "%s", strerror(err));
	free(log);
}

static int create_probe(const struct session *session, struct plan_probe *probe)
{
	char text[PROBE_TEXT_MAX];
	int len = plan_probe_text(probe, session->name, text, sizeof(text));

	if (len >= (int)sizeof(text))
		return -E2BIG;
	if (tracefs_instance_file_append(NULL, "kprobe_events", text) < 0)
		return -errno;
	probe->created = true;
	return 0;
}

static int filter_probe(const struct session *session, const struct plan_probe *probe)
{
	if (*probe->filter && tracefs_event_file_write(session->instance, session->name,
						       probe->event, "filter", probe->filter) < 0)
		return -errno;
	return 0;
}

/*
 * Goes with the instance (event_trace_del_tracer clears the triggers), also when others remove it. The
 * file stays open, for session_disable_events.
 */
static int set_trigger(struct session *session, const struct plan_probe *probe, struct err *err)
{
	char reason[256], file[sizeof(session->name) + sizeof(probe->event) + 24];
	int fd;

	if (!*probe->trigger || probe->dropped)
		return 0;
	snprintf(file, sizeof(file), "events/%s/%s/trigger", session->name, probe->event);
	fd = tracefs_instance_file_open(session->instance, file, O_WRONLY | O_CLOEXEC);
	if (fd >= 0)
		session->trigger_fds[session->nr_triggers++] = fd;
	if (fd >= 0 && write(fd, probe->trigger, strlen(probe->trigger)) >= 0)
		return 0;
	kernel_reason(reason, sizeof(reason), errno);
	return err_set(err, -EINVAL,
		       "the kernel does not take the trigger \"%s\" on %s (%s); leave --stack out",
		       probe->trigger, probe->event, reason);
}

static int set_triggers(struct session *session, struct err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < session->plan->nr_probes && !ret; i++)
		ret = set_trigger(session, &session->plan->probes[i], err);
	return ret;
}

/* What the kernel refuses is left out; without what is required there is no session. */
static int refuse(struct session *session, struct plan_probe *probe, int code, struct err *err)
{
	char reason[256];

	kernel_reason(reason, sizeof(reason), -code);
	if (probe->required)
		return err_set(err, code, "the kernel refuses the probe %s at %s (%s)",
			       probe->event, probe->place, reason);
	probe->dropped = true;
	plan_miss(session->plan, probe->event, reason);
	return 0;
}

static int create_probes(struct session *session, struct err *err)
{
	struct plan *plan = session->plan;
	size_t i;
	int ret;

	for (i = 0; i < plan->nr_probes; i++) {
		struct plan_probe *probe = &plan->probes[i];

		ret = create_probe(session, probe);
		if (!ret)
			ret = filter_probe(session, probe);
		if (ret && refuse(session, probe, ret, err))
			return ret;
	}
	return 0;
}

static int enable_probes(struct session *session, struct err *err)
{
	size_t i;
	int ret;

	for (i = 0; i < session->plan->nr_probes; i++) {
		struct plan_probe *probe = &session->plan->probes[i];

		if (probe->dropped)
			continue;
		ret = session_switch_probe(session, probe->event, true);
		if (ret && refuse(session, probe, ret, err))
			return ret;
	}
	return 0;
}

static void enable_events(struct session *session)
{
	size_t i;

	for (i = 0; i < session->plan->nr_events; i++) {
		struct plan_event *event = &session->plan->events[i];

		if (tracefs_event_enable(session->instance, event->system, event->name)) {
			event->dropped = true;
			plan_miss(session->plan, event->name, strerror(errno));
		}
	}
}

static int set_file(struct session *session, const char *file, const char *text, struct err *err)
{
	if (tracefs_instance_file_write(session->instance, file, text) >= 0)
		return 0;
	return err_set(err, -errno, "%s/instances/%s/%s does not take \"%s\" (%s)",
		       session->tracefs, session->name, file, text, strerror(errno));
}

/* Threads of the process; those started later follow by event-fork. */
static int set_pids(struct session *session, pid_t pid, struct err *err)
{
	char path[64], text[32];
	struct dirent *entry;
	int ret = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir)
		return err_set(err, -errno, "there is no process %d", pid);
	while (!ret && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		snprintf(text, sizeof(text), "%.20s ", entry->d_name);
		if (tracefs_instance_file_append(session->instance, "set_event_pid", text) < 0)
			ret = err_set(err, -errno, "set_event_pid does not take %s(%s)", text,
				      strerror(errno));
	}
	closedir(dir);
	return ret ? ret : set_file(session, "options/event-fork", "1", err);
}

/*
 * The kernel refuses a buffer larger than what is available (__rb_allocate_pages, ring_buffer.c).
 * Who did not ask for a size gets the largest half, quarter, ... that there is memory for: a host
 * that is short of memory is what this tool is for.
 */
static int set_buffer(struct session *session, const struct session_settings *set, struct err *err)
{
	char kb[24];
	int ret;

	for (session->buffer_kb = set->buffer_kb;; session->buffer_kb /= 2) {
		snprintf(kb, sizeof(kb), "%" PRIu64, session->buffer_kb);
		ret = set_file(session, "buffer_size_kb", kb, err);
		if (ret != -ENOMEM)
			return ret;
		if (set->buffer_exact || session->buffer_kb / 2 < BUFFER_LEAST_KB)
			return err_set(err, ret,
				       "the kernel has no memory for buffers of %s KB per CPU; "
				       "ask for less with -b, or free some",
				       kb);
	}
}

/*
 * Overwriting is on: a reader that falls behind loses the oldest records, which the kernel marks
 * at the very place in the pages (RB_MISSED_EVENTS). In the other mode it drops the newest, with
 * the notes that close the recording among them, and says nowhere where (only in stats).
 */
static int set_up(struct session *session, const struct session_settings *set, struct err *err)
{
	struct err unused; /* without buffer_percent (before 5.0) draining only takes more turns */
	int ret = set_file(session, "tracing_on", "0", err);

	if (!ret)
		ret = set_file(session, "trace_clock", "mono", err);
	if (!ret)
		ret = set_buffer(session, set, err);
	if (!ret)
		ret = set_file(session, "options/overwrite", "1", err);
	if (!ret)
		set_file(session, "buffer_percent", READY_TEXT, &unused);
	if (!ret && set->pid)
		ret = set_pids(session, set->pid, err);
	return ret;
}

static int open_file(struct session *session, const char *file, int flags, int *fd, struct err *err)
{
	*fd = tracefs_instance_file_open(session->instance, file, flags | O_CLOEXEC);
	if (*fd >= 0)
		return 0;
	return err_set(err, -errno, "%s/instances/%s/%s cannot be opened (%s)", session->tracefs,
		       session->name, file, strerror(errno));
}

static unsigned int count_cpus(const struct session *session)
{
	char path[PATH_MAX];
	unsigned int cpu, nr = 0;
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/instances/%s/per_cpu", session->tracefs, session->name);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (sscanf(entry->d_name, "cpu%u", &cpu) == 1 && cpu >= nr)
			nr = cpu + 1;
	if (dir)
		closedir(dir);
	return nr;
}

/*
 * The kernel allocates the page that a reader takes pages with at its first read, and fails it with
 * ENOMEM when there is none (tracing_buffers_read; seen on 6.1 while swapping to zram): so read
 * once before there is any pressure. Tracing is off and the buffer is empty: nothing is taken.
 */
static void prime(int raw)
{
	char none;
	ssize_t got = read(raw, &none, sizeof(none));

	(void)got;
}

static int open_cpus(struct session *session, struct err *err)
{
	struct err unused;
	char file[64];
	unsigned int cpu;

	session->nr_cpus = count_cpus(session);
	session->raw = calloc(session->nr_cpus + 1, sizeof(*session->raw));
	session->stats = calloc(session->nr_cpus + 1, sizeof(*session->stats));
	session->polls = calloc(session->nr_cpus + 1, sizeof(*session->polls));
	if (!session->raw || !session->stats || !session->polls)
		return err_set(err, -ENOMEM, "out of memory");
	for (cpu = 0; cpu < session->nr_cpus; cpu++) {
		snprintf(file, sizeof(file), "per_cpu/cpu%u/trace_pipe_raw", cpu);
		open_file(session, file, O_RDONLY | O_NONBLOCK, &session->raw[cpu], &unused);
		prime(session->raw[cpu]);
		snprintf(file, sizeof(file), "per_cpu/cpu%u/stats", cpu);
		open_file(session, file, O_RDONLY, &session->stats[cpu], &unused);
		session->polls[cpu] = (struct pollfd){ session->raw[cpu], POLLIN, 0 };
	}
	if (!session->nr_cpus || session->raw[0] < 0)
		return err_set(err, -ENODEV, "the per-CPU buffers of instance %s cannot be opened",
			       session->name);
	return 0;
}

static int open_files(struct session *session, struct err *err)
{
	int ret = open_file(session, "tracing_on", O_WRONLY, &session->switch_fd, err);

	if (!ret)
		ret = open_file(session, "trace_marker", O_WRONLY, &session->marker_fd, err);
	if (!ret)
		ret = open_file(session, "events/enable", O_WRONLY, &session->events_fd, err);
	if (!ret)
		ret = open_cpus(session, err);
	if (ret || !session->plan->nr_probes)
		return ret;
	session->list_fd = tracefs_instance_file_open(NULL, "kprobe_events", O_RDONLY | O_CLOEXEC);
	session->profile_fd =
		tracefs_instance_file_open(NULL, "kprobe_profile", O_RDONLY | O_CLOEXEC);
	session->text_size = LISTS_SIZE;
	session->text = calloc(1, session->text_size);
	if (!session->text)
		return err_set(err, -ENOMEM, "out of memory");
	return 0;
}

static int create_instance(struct session *session, struct err *err)
{
	if (tracefs_set_tracing_dir((char *)session->tracefs))
		return err_set(err, -errno, "out of memory");
	session->instance = tracefs_instance_create(session->name);
	if (!session->instance)
		return err_set(err, -errno, "%s/instances/%s cannot be created (%s)",
			       session->tracefs, session->name, strerror(errno));
	return 0;
}

/* Files are opened first: while they are, the kernel lets nobody remove the instance. */
int session_open(struct session *session, struct plan *plan, const struct session_settings *set,
		 struct err *err)
{
	int ret;

	*session = (struct session){ .tracefs = set->tracefs,
				     .plan = plan,
				     .switch_fd = -1,
				     .marker_fd = -1,
				     .events_fd = -1,
				     .list_fd = -1,
				     .profile_fd = -1 };
	ret = session_name(session->name, err);
	if (!ret)
		ret = create_instance(session, err);
	if (!ret)
		ret = set_up(session, set, err);
	if (!ret)
		ret = open_files(session, err);
	if (!ret)
		ret = create_probes(session, err);
	if (!ret)
		ret = set_triggers(session, err);
	if (!ret)
		ret = enable_probes(session, err);
	if (!ret)
		enable_events(session);
	if (ret)
		session_close(session);
	return ret;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_files(struct session *session)
{
	unsigned int cpu;

	for (cpu = 0; session->raw && session->stats && cpu < session->nr_cpus; cpu++) {
		close_fd(&session->raw[cpu]);
		close_fd(&session->stats[cpu]);
	}
	while (session->nr_triggers)
		close_fd(&session->trigger_fds[--session->nr_triggers]);
	close_fd(&session->switch_fd);
	close_fd(&session->marker_fd);
	close_fd(&session->events_fd);
	close_fd(&session->list_fd);
	close_fd(&session->profile_fd);
	free(session->raw);
	free(session->stats);
	free(session->polls);
	free(session->text);
	session->raw = session->stats = NULL;
	session->polls = NULL;
	session->text = NULL;
}

static int remove_probes(struct session *session)
{
	char text[PLAN_GROUP_MAX + sizeof(session->plan->probes[0].event) + 4];
	size_t i;
	int ret = 0;

	for (i = 0; i < session->plan->nr_probes; i++) {
		struct plan_probe *probe = &session->plan->probes[i];

		if (!probe->created)
			continue;
		snprintf(text, sizeof(text), "-:%s/%s", session->name, probe->event);
		if (tracefs_instance_file_append(NULL, "kprobe_events", text) < 0)
			ret = -errno;
		else
			probe->created = false;
	}
	return ret;
}

/* The instance goes first: the kernel does not delete a probe that is enabled somewhere. */
int session_close(struct session *session)
{
	int ret, more;

	if (!session->instance)
		return 0;
	close_files(session);
	ret = tracefs_instance_destroy(session->instance) ? -errno : 0;
	tracefs_instance_free(session->instance);
	session->instance = NULL;
	more = remove_probes(session);
	return ret ? ret : more;
}

static int write_fd(int fd, const char *text, size_t len)
{
	return write(fd, text, len) < 0 ? -errno : 0;
}

int session_start(struct session *session)
{
	return write_fd(session->switch_fd, "1", 1);
}

int session_stop(struct session *session)
{
	return write_fd(session->switch_fd, "0", 1);
}

int session_disable_events(struct session *session)
{
	static const char none[] = "!" PLAN_STACKTRACE;
	size_t i;
	int ret = 0;

	for (i = 0; i < session->nr_triggers && !ret; i++)
		ret = write_fd(session->trigger_fds[i], none, strlen(none));
	return ret ? ret : write_fd(session->events_fd, "0", 1);
}

int session_switch_probe(struct session *session, const char *event, bool on)
{
	int ret = on ? tracefs_event_enable(session->instance, session->name, event)
		     : tracefs_event_disable(session->instance, session->name, event);

	return ret ? -errno : 0;
}

int session_trigger(const struct session *session, const char *system, const char *event,
		    const char *text)
{
	return tracefs_event_file_write(session->instance, system, event, "trigger", text) < 0
		       ? -errno
		       : 0;
}

int session_event_id(const struct session *session, const char *event, uint64_t *id)
{
	char *text = tracefs_event_file_read(session->instance, session->name, event, "id", NULL);

	if (!text)
		return -errno;
	*id = strtoull(text, NULL, 10);
	free(text);
	return 0;
}

int session_mark(const struct session *session, const char *text, size_t len)
{
	return write_fd(session->marker_fd, text, len);
}

/* One less than the mark: the page that is being written may count for it. */
size_t session_ready_pages(const struct session *session)
{
	uint64_t pages = session->buffer_kb * 1024 / (uint64_t)getpagesize() * READY_PERCENT / 100;

	return pages > 1 ? (size_t)pages - 1 : 1;
}

int session_poll(struct session *session)
{
	int ready = poll(session->polls, session->nr_cpus, 0);

	return ready > 0 ? ready : 0;
}

bool session_is_ready(const struct session *session, unsigned int cpu)
{
	return session->polls[cpu].revents & POLLIN;
}

/* The number after "name: ", 0 when there is none. */
static uint64_t stat_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

int session_read_stats(const struct session *session, unsigned int cpu, struct session_stats *stats)
{
	char text[1024];
	ssize_t len;

	*stats = (struct session_stats){ 0 };
	if (session->stats[cpu] < 0)
		return -ENODEV;
	len = pread(session->stats[cpu], text, sizeof(text) - 1, 0);
	if (len < 0)
		return -errno;
	text[len] = '\0';
	stats->entries = strncmp(text, "entries: ", 9) ? 0 : strtoull(text + 9, NULL, 10);
	stats->overrun = stat_of(text, "\noverrun: ");
	stats->commit_overrun = stat_of(text, "\ncommit overrun: ");
	stats->dropped = stat_of(text, "\ndropped events: ");
	stats->read = stat_of(text, "\nread events: ");
	return 0;
}

void session_sum_stats(const struct session *session, struct session_stats *sum)
{
	struct session_stats stats;
	unsigned int cpu;

	*sum = (struct session_stats){ 0 };
	for (cpu = 0; cpu < session->nr_cpus; cpu++) {
		if (session_read_stats(session, cpu, &stats))
			continue;
		sum->entries += stats.entries;
		sum->overrun += stats.overrun;
		sum->commit_overrun += stats.commit_overrun;
		sum->dropped += stats.dropped;
		sum->read += stats.read;
	}
}

/* The file from its start, NUL-terminated, as far as it fits. */
static size_t read_whole(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return 0;
	while (len + 1 < size && (got = read(fd, buf + len, size - 1 - len)) > 0)
		len += (size_t)got;
	buf[len] = '\0';
	return len;
}

static char *next_line(char *line)
{
	char *end = strchr(line, '\n');

	return end && end[1] ? end + 1 : NULL;
}

/*
 * kprobe_profile names events without their groups, but lists them in the order of kprobe_events:
 * both walk the same list. So the lines are told apart by their numbers.
 */
size_t session_print_probes(const struct session *session, char *buf, size_t size)
{
	char *list = session->text, *profile = list + session->text_size / 2;
	char wanted[PLAN_GROUP_MAX + 2], event[64];
	uint64_t hits, missed;
	size_t len = 0;

	if (session->list_fd < 0 || session->profile_fd < 0 ||
	    !read_whole(session->list_fd, list, session->text_size / 2) ||
	    !read_whole(session->profile_fd, profile, session->text_size / 2))
		return 0;
	snprintf(wanted, sizeof(wanted), ":%s/", session->name);
	for (; list && profile; list = next_line(list), profile = next_line(profile)) {
		char *at = strstr(list, wanted);

		if (!at || at > list + strcspn(list, " \n") ||
		    sscanf(profile, " %63s %" SCNu64 " %" SCNu64, event, &hits, &missed) != 3)
			continue;
		len += (size_t)snprintf(buf + len, size - len, "%s %" PRIu64 " %" PRIu64 "\n",
					event, hits, missed);
		if (len >= size)
			return size - 1;
	}
	return len;
}
