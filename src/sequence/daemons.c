// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the events of kswapd and kcompactd. Out: who they are. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/hint.h"
#include "sequence/machine.h"

/* Its place, or where it would go: nr. */
static uint32_t place_of(const struct daemons *daemons, enum background what, uint32_t node)
{
	uint32_t at;

	for (at = 0; at < daemons->nr; at++)
		if (daemons->items[at].what == what && daemons->items[at].node == node)
			break;
	return at;
}

/* A node that went offline and came back has a new thread: the last one seen counts. */
void daemons_learn(struct daemons *daemons, enum background what, const struct event *ev)
{
	uint32_t node = (uint32_t)event_get(ev, FIELD_NID);
	uint32_t at = place_of(daemons, what, node);

	if (at == DAEMONS_MAX)
		return;
	daemons->items[at] = (struct daemon){ what, node, ev->pid };
	if (at == daemons->nr)
		daemons->nr++;
}

/* "kswapd3": the thread of node 3. */
static APART enum background parse_comm(const char *comm, uint32_t *node)
{
	enum background what;

	for (what = BACKGROUND_KSWAPD; what < NR_BACKGROUNDS; what++) {
		const char *name = background_name(what);
		const char *digits = comm + strlen(name);
		char *end;

		if (strncmp(comm, name, strlen(name)) || !isdigit((unsigned char)*digits))
			continue;
		*node = (uint32_t)strtoul(digits, &end, 10);
		return *end ? BACKGROUND_NONE : what;
	}
	return BACKGROUND_NONE;
}

enum background daemons_who(const struct daemons *daemons, const struct event *ev)
{
	enum background what;
	uint32_t i, node;

	for (i = 0; i < daemons->nr; i++)
		if (daemons->items[i].pid == ev->pid)
			return daemons->items[i].what;
	/* Both begin so, and few others do. */
	if (!event_has(ev, FIELD_COMM) || *ev->comm != 'k')
		return BACKGROUND_NONE;
	what = parse_comm(ev->comm, &node);
	if (!what || place_of(daemons, what, node) < daemons->nr)
		return BACKGROUND_NONE;
	return what;
}

int on_kswapd(struct seq *seq, const struct event *ev)
{
	daemons_learn(&seq->daemons, BACKGROUND_KSWAPD, ev);
	return 0;
}

int on_kcompactd(struct seq *seq, const struct event *ev)
{
	daemons_learn(&seq->daemons, BACKGROUND_KCOMPACTD, ev);
	return 0;
}
