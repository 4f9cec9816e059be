/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A recording in the kernel: a trace instance of our own with a group of probes of our own, both of
 * the name pagetrail_PID_STARTTIME. Nothing of the top-level buffer or of others is touched, but
 * the list of probes, which the kernel has only once.
 *
 * In: a plan. Out: open files, through which everything between session_start and session_stop is
 * done without allocating memory. Who calls session_open owns the session and calls session_close,
 * which leaves the kernel as it was; after a SIGKILL, leftovers.h does.
 */
#ifndef PAGETRAIL_RECORD_SESSION_H
#define PAGETRAIL_RECORD_SESSION_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "record/plan.h"

struct pollfd;
struct tracefs_instance;

struct session_settings {
	const char *tracefs; /* where it is mounted */
	uint64_t buffer_kb;  /* per CPU */
	bool buffer_exact;   /* refuse when the kernel has no memory for it, instead of less */
	pid_t pid;	     /* only this process and its children; 0: all */
};

/* What the ring buffer of a CPU says of itself (per_cpu/cpuN/stats). Counts of records. */
struct session_stats {
	uint64_t entries; /* in the buffer, not yet read */
	uint64_t overrun; /* overwritten before they were read */
	uint64_t commit_overrun;
	uint64_t dropped;
	uint64_t read;
};

struct session {
	char name[PLAN_GROUP_MAX];
	const char *tracefs;
	struct tracefs_instance *instance;
	struct plan *plan;
	uint64_t buffer_kb;   /* per CPU, that the kernel gave */
	unsigned int nr_cpus; /* 1 + the highest number that the kernel may use */
	int *raw;	      /* trace_pipe_raw per CPU, -1 where there is no such CPU */
	int *stats;	      /* per_cpu/cpuN/stats */
	int switch_fd;	      /* tracing_on */
	int marker_fd;	      /* trace_marker */
	int events_fd;	      /* events/enable of the instance */
	int trigger_fds[PLAN_PROBES_MAX]; /* of the probes that have one, */
	size_t nr_triggers;
	int list_fd;	      /* kprobe_events, -1 without kprobes */
	int profile_fd;	      /* kprobe_profile */
	struct pollfd *polls; /* for session_poll: the raw files */
	char *text;	      /* buffers of session_print_probes */
	size_t text_size;
};

/* The name for this process, the same at every call. Returns 0 or -errno with the sentence. */
int session_name(char name[PLAN_GROUP_MAX], struct err *err);

/*
 * Creates the instance, the probes, sets filters, and enables all, with the buffer still closed.
 * What the kernel refuses of the plan is marked dropped and noted as missing in it; when that was
 * required, this fails and leaves nothing behind.
 */
int session_open(struct session *session, struct plan *plan, const struct session_settings *set,
		 struct err *err);

/* 0, or -errno when something of ours could not be removed. */
int session_close(struct session *session);

/* Opens and closes the buffer. 0 or -errno. */
int session_start(struct session *session);
int session_stop(struct session *session);

/*
 * Turns off every event of the instance, and its triggers, which would go on without them; markers are
 * still taken. 0 or -errno.
 */
int session_disable_events(struct session *session);

/* Turns one event of our own group on or off (trials only: allocates). 0 or -errno. */
int session_switch_probe(struct session *session, const char *event, bool on);

/* Sets a trigger on an event of the instance (trials only). 0 or -errno. Allocates. */
int session_trigger(const struct session *session, const char *system, const char *event,
		    const char *text);

/* The number by which perf_event_open knows an event of our own group. 0 or -errno. Allocates. */
int session_event_id(const struct session *session, const char *event, uint64_t *id);

/* Writes one text marker. 0 or -errno. */
int session_mark(const struct session *session, const char *text, size_t len);

/*
 * How full a CPU's buffer has to be for session_poll, in pages that are certainly full. Kernels
 * before 5.10.153, 5.15.77 and 6.1 know no such mark for poll(2): there, any record is enough.
 */
size_t session_ready_pages(const struct session *session);

/* Looks, without waiting, which CPUs have that much. Returns their number. */
int session_poll(struct session *session);
bool session_is_ready(const struct session *session, unsigned int cpu);

/* 0, or -errno: -ENODEV where there is no such CPU. */
int session_read_stats(const struct session *session, unsigned int cpu,
		       struct session_stats *stats);

/* Over all CPUs; those that cannot be read count nothing. */
void session_sum_stats(const struct session *session, struct session_stats *sum);

/*
 * Lines "event hits missed" of our own group, as far as they fit. Returns their length. Hits are
 * counted from the moment an event is enabled, before filters (kprobe_dispatcher).
 */
size_t session_print_probes(const struct session *session, char *buf, size_t size);

#endif
