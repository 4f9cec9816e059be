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
#include "capture/formats.h"
#include "capture/merge.h"

/* A loss is told where it begins; libtracecmd tells it with the record after it. */
struct untold {
	bool there;
	struct loss loss;
};

struct dump {
	struct container container;
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
	if (merge_init(&dump->merge, (uint32_t)c->nr_extents))
		abort();
	for (i = 0; i < c->nr_extents; i++) {
		lane_init(&dump->merge.lanes[i], c->extents[i].cpu, &c->layout, &dump->damage);
		stream_init(&dump->merge.lanes[i].stream, &c->extents[i], c->unpacker,
			    &dump->budget, c->layout.page_size, 16 * c->layout.page_size);
	}
}

static void print_record(const struct dump *dump, const struct record *rec)
{
	bool be = dump->container.layout.big_endian;
	uint32_t first = load_u32(rec->data, be);
	const char *name = dump->names[be ? first >> 16 : first & 0xffff];
	int32_t pid = rec->len < 8 ? 0 : (int32_t)load_u32(rec->data + 4, be);

	printf("%" PRIu32 " %" PRIu64 " %" PRId32 " %s\n", rec->cpu, rec->ts, pid,
	       name ? name : "?:?");
}

static void print_loss(const struct dump *dump, uint32_t cpu)
{
	struct untold *untold = &dump->untold[cpu];
	const struct loss *loss = &untold->loss;

	if (!untold->there)
		return;
	untold->there = false;
	printf("%" PRIu32 " %" PRIu64 " lost ", cpu,
	       loss->to_ns == LOSS_OPEN ? dump->last_ts : loss->to_ns);
	if (loss->counted)
		printf("%" PRIu64 "\n", loss->count);
	else
		printf("?\n");
}

static int print_all(struct dump *dump, struct err *err)
{
	uint32_t cpu;
	int ret;

	while ((ret = merge_next(&dump->merge, err)) > 0) {
		const struct record *rec = dump->merge.record;
		const struct loss *loss = &dump->merge.loss;

		if (ret == MERGE_LOSS) {
			dump->untold[loss->cpu] = (struct untold){ true, *loss };
			continue;
		}
		print_loss(dump, rec->cpu);
		print_record(dump, rec);
		dump->last_ts = rec->ts;
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
