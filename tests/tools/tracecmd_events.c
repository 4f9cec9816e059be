// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The oracle of the capture reader: every event of a trace.dat as libtracecmd reads it, one line
 * each, in the form of capture_dump. Good for whole files with less than 2 GiB per CPU only: beyond
 * that libtracecmd loses events without a word.
 *
 *	CPU TS PID SYSTEM:NAME		an event; TS in nanoseconds
 *	CPU TS lost COUNT		records were lost before the event that follows; ? when
 *unknown
 */
#include <stdio.h>
#include <stdlib.h>
#include <trace-cmd.h>

/* The library keeps what it allocates for an instance. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

/* `lane` counts through the CPUs of all instances. */
static int print_event(struct tracecmd_input *handle, struct tep_record *record, int lane,
		       void *data)
{
	struct tep_handle *tep = tracecmd_get_tep(handle);
	struct tep_event *event = tep_find_event_by_record(tep, record);
	int cpu = record->cpu;

	(void)lane;
	(void)data;
	if (record->missed_events > 0)
		printf("%d %llu lost %lld\n", cpu, record->ts, (long long)record->missed_events);
	else if (record->missed_events)
		printf("%d %llu lost ?\n", cpu, record->ts);
	printf("%d %llu %d %s:%s\n", cpu, record->ts, tep_data_pid(tep, record),
	       event ? event->system : "?", event ? event->name : "?");
	return 0;
}

/* The top instance and the named ones, or only the former. */
static int print_all(struct tracecmd_input *handle)
{
	int nr = tracecmd_buffer_instances(handle);
	struct tracecmd_input **handles = calloc((size_t)nr + 1, sizeof(*handles));
	int i;

	if (!handles)
		return -1;
	handles[0] = handle;
	for (i = 0; i < nr; i++) {
		handles[i + 1] = tracecmd_buffer_instance_handle(handle, i);
		if (!handles[i + 1])
			return -1;
	}
	return nr ? tracecmd_iterate_events_multi(handles, nr + 1, print_event, NULL)
		  : tracecmd_iterate_events(handle, NULL, 0, print_event, NULL);
}

int main(int argc, char **argv)
{
	struct tracecmd_input *handle;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FILE\n", argv[0]);
		return 2;
	}
	handle = tracecmd_open(argv[1], TRACECMD_FL_LOAD_NO_PLUGINS);
	if (!handle || print_all(handle)) {
		fprintf(stderr, "%s: libtracecmd cannot read it\n", argv[1]);
		return 1;
	}
	return fflush(stdout) ? 1 : 0;
}
