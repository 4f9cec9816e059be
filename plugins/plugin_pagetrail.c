// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plugin of libtraceevent: has trace-cmd report and KernelShark print the events of our own probes
 * in words. In: the library's handle, before or after it has read the formats. Out: handlers in it.
 *
 * The group of our events has another name in each capture, so handlers wait for our events' names
 * in any group. The library gives such a handler to the first event of that name, and forgets it.
 * When one of them runs first, all formats have been read, and each event of our groups gets its
 * handler then. An event of somebody else that took one loses it the first time, and prints as if we
 * had not been there.
 *
 * No state but the handlers: a process may have many handles, and load two copies of this file.
 */
#include <event-parse.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "kernel/events.h"
#include "words.h"

#define EXPORTED __attribute__((visibility("default")))

EXPORTED int TEP_PLUGIN_LOADER(struct tep_handle *tep);
EXPORTED int TEP_PLUGIN_UNLOADER(struct tep_handle *tep);

/* The context of a handler that was given to an event of ours; NULL is that of one that waited. */
static const char given;

#define GIVEN ((void *)(uintptr_t)&given)

static int print_event(struct trace_seq *s, struct tep_record *record, struct tep_event *event,
		       void *context);

/* EV_UNKNOWN for what is not of our groups. */
static enum ev_kind own_kind(const struct tep_event *event)
{
	const struct event_rule *rule = kernel_event_find(event->system, event->name);

	return rule && !rule->system ? rule->kind : EV_UNKNOWN;
}

/*
 * Set in the event itself: the library's call looks it up by its number or name, and finds one of
 * two that are alike.
 */
static void set_handler(struct tep_event *event, tep_event_handler_func handler, void *context)
{
	event->handler = handler;
	event->context = context;
}

/* To each event of our groups its handler, and from those of others what they took. */
static void settle(struct tep_handle *tep)
{
	int nr = tep_get_events_count(tep);
	struct tep_event *event;
	int i;

	for (i = 0; i < nr; i++) {
		event = tep_get_event(tep, i);
		if (event && own_kind(event) != EV_UNKNOWN)
			set_handler(event, print_event, GIVEN);
		else if (event && event->handler == print_event)
			set_handler(event, NULL, NULL);
	}
}

/* Not 0 has the library print the event by its own means. */
static int print_event(struct trace_seq *s, struct tep_record *record, struct tep_event *event,
		       void *context)
{
	enum ev_kind kind = own_kind(event);

	if (context != GIVEN)
		settle(event->tep);
	if (kind == EV_UNKNOWN)
		return 1;
	words_put(s, record, event, kind);
	return 0;
}

typedef void (*name_func)(struct tep_handle *tep, const char *name);

/* Registering a name that some event has would take that event's handler away. */
static void wait_for(struct tep_handle *tep, const char *name)
{
	if (!tep_find_event_by_name(tep, NULL, name))
		tep_register_event_handler(tep, -1, NULL, name, print_event, NULL);
}

static void wait_no_more(struct tep_handle *tep, const char *name)
{
	while (!tep_unregister_event_handler(tep, -1, NULL, name, print_event, NULL))
		;
}

/* Every name that an event of ours may have (record/plan.c, add_site_probe). */
static void for_each_name(struct tep_handle *tep, name_func func)
{
	const struct event_rule *rule;
	char name[64];
	size_t nr;
	int i;

	for (rule = kernel_event_rules(&nr); nr--; rule++) {
		if (rule->system)
			continue;
		func(tep, rule->name);
		for (i = 1; i <= PROBE_SITES_MAX; i++) {
			snprintf(name, sizeof(name), "%s_%d", rule->name, i);
			func(tep, name);
		}
	}
}

int TEP_PLUGIN_LOADER(struct tep_handle *tep)
{
	if (!tep)
		return -1;
	settle(tep);
	for_each_name(tep, wait_for);
	return 0;
}

int TEP_PLUGIN_UNLOADER(struct tep_handle *tep)
{
	struct tep_event *event;
	int i;

	if (!tep)
		return -1;
	for_each_name(tep, wait_no_more);
	for (i = 0; i < tep_get_events_count(tep); i++) {
		event = tep_get_event(tep, i);
		if (event && event->handler == print_event)
			set_handler(event, NULL, NULL);
	}
	return 0;
}
