// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every record of a trace.dat as our reader gives it, one line each, in the form of
 * tracecmd_events; then what was damaged, on stderr. Exit: 0, 1 refused or failed, 3 read but
 * damaged.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/container.h"
#include "capture/damage.h"
#include "capture/formats.h"
#include "capture/merge.h"

/* A loss is told where it begins; libtracecmd tells it with the record after it. */
struct untold {
	bool there;
	struct event loss;
};

struct dump {
	struct container container;
	struct decoder decoder;
	struct merge merge;
	struct budget budget;
	struct capture_damage damage;
	char *names[65536];    /* "system:name" per event id */
	struct untold *untold; /* per CPU */
	uint64_t last_ts;
};

static void read_names(struct dump *dump)
{
	char name[FORMAT_NAME_MAX];
	uint16_t id;
	size_t i;

	for (i = 0; i < dump->container.nr_formats; i++)
		if (format_head(dump->container.formats[i].text, name, &id) &&
		    asprintf(&dump->names[id], "%s:%s", dump->container.formats[i].system, name) <
			    0)
			abort();
}

static void open_lanes(struct dump *dump)
{
	const struct container *c = &dump->container;
	uint32_t i;

	dump->budget.left = 256U << 20;
	if (decoder_init_blind(&dump->decoder, c->layout.big_endian) ||
	    merge_init(&dump->merge, (uint32_t)c->nr_extents, c->layout.page_size, c->unpacker,
		       &dump->damage))
		abort();
	for (i = 0; i < c->nr_extents; i++) {
		struct lane *lane = &dump->merge.crew.lanes[i].lane;

		lane_init(lane, c->extents[i].cpu, &c->layout, &dump->decoder);
		stream_init(&lane->stream, &c->extents[i], &dump->budget, c->layout.page_size,
			    16 * c->layout.page_size);
	}
}

static void print_record(const struct dump *dump, const struct event *ev)
{
	bool be = dump->container.layout.big_endian;
	uint32_t first = load_u32(merge_record(&dump->merge, ev)->data, be);
	const char *name = dump->names[be ? first >> 16 : first & 0xffff];

	printf("%" PRIu32 " %" PRIu64 " %" PRId32 " %s\n", ev->cpu, ev->ts_ns, ev->pid,
	       name ? name : "?:?");
}

static void print_loss(const struct dump *dump, uint32_t cpu)
{
	struct untold *untold = &dump->untold[cpu];
	const struct event *loss = &untold->loss;
	uint64_t to_ns;

	if (!untold->there)
		return;
	untold->there = false;
	to_ns = event_get(loss, FIELD_UNTIL);
	printf("%" PRIu32 " %" PRIu64 " lost ", cpu, to_ns == LOSS_OPEN ? dump->last_ts : to_ns);
	if (event_has(loss, FIELD_COUNT))
		printf("%" PRIu64 "\n", event_get(loss, FIELD_COUNT));
	else
		printf("?\n");
}

static int print_all(struct dump *dump, struct err *err)
{
	const struct event *ev;
	uint32_t cpu;
	int ret;

	while ((ret = merge_next(&dump->merge, &ev, err)) > 0) {
		if (ev->kind == EV_LOST) {
			dump->untold[ev->cpu] = (struct untold){ true, *ev };
			continue;
		}
		print_loss(dump, ev->cpu);
		print_record(dump, ev);
		dump->last_ts = ev->ts_ns;
	}
	for (cpu = 0; cpu < dump->container.nr_cpus; cpu++)
		print_loss(dump, cpu);
	return ret;
}

static int print_damage(const struct capture_damage *damage)
{
	unsigned int i;

	for (i = 0; i < damage->nr_kept; i++)
		fprintf(stderr, "CPU %" PRIu32 ", offset %" PRIu64 ": %s\n", damage->kept[i].cpu,
			damage->kept[i].offset, damage->kept[i].what);
	if (damage->nr)
		fprintf(stderr, "damaged: %" PRIu64 " places, %" PRIu64 " bytes\n", damage->nr,
			damage->bytes);
	return damage->nr ? 3 : 0;
}

static void dump_free(struct dump *dump)
{
	size_t i;

	merge_close(&dump->merge);
	decoder_free(&dump->decoder);
	container_close(&dump->container);
	for (i = 0; i < sizeof(dump->names) / sizeof(dump->names[0]); i++)
		free(dump->names[i]);
	free(dump->untold);
	free(dump);
}

int main(int argc, char **argv)
{
	struct dump *dump = calloc(1, sizeof(*dump));
	struct err err = { "cannot write" };
	int ret;

	if (argc != 2 || !dump) {
		fprintf(stderr, "usage: %s FILE\n", argv[0]);
		return 2;
	}
	ret = container_open(&dump->container, argv[1], &err);
	if (!ret) {
		read_names(dump);
		dump->untold = calloc(dump->container.nr_cpus + 1, sizeof(*dump->untold));
		if (!dump->untold)
			abort();
		open_lanes(dump);
		if (dump->container.cut)
			damage_add(&dump->damage, 0, dump->container.cut_at, 0,
				   "a section that ends beyond the end of the file");
		ret = print_all(dump, &err);
	}
	if (ret || fflush(stdout)) {
		fprintf(stderr, "%s\n", err.text);
		ret = 1;
	} else {
		ret = print_damage(&dump->damage);
	}
	dump_free(dump);
	return ret;
}
