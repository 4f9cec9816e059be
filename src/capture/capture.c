// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/capture.h"
#include "capture/container.h"
#include "capture/decode.h"
#include "capture/merge.h"

/* Blocks to read pages in, and all buffers together. */
#define BLOCKS_TOTAL (16U << 20)
#define BLOCK_MAX    (256U << 10)
#define BUFFERS_MAX  (256U << 20)

struct capture {
	struct container container;
	struct decoder decoder;
	struct merge merge;
	struct budget budget;
	struct capture_info info;
	struct capture_damage damage;
	struct capture_cpu *cpus;
	uint32_t nr_cpus;
	uint32_t nr_lanes;
};

/* Whole pages, two at least; smaller where there are many CPUs. */
static uint32_t block_size(const struct container *c)
{
	uint32_t page_size = c->layout.page_size;
	uint32_t size = BLOCKS_TOTAL / (uint32_t)(c->nr_extents + 1);

	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size < 2 * page_size)
		return 2 * page_size;
	return size - size % page_size;
}

/* --- what the kernel counted ---------------------------------------------------------------- */

static bool has_pages(const struct container *c, uint32_t cpu)
{
	size_t i;

	for (i = 0; i < c->nr_extents; i++)
		if (c->extents[i].cpu == cpu)
			return true;
	return false;
}

/* The statistics name a CPU, but not the trace instance: they say nothing where there are several. */
static bool stats_are_clear(const struct capture *cap)
{
	const struct container *c = &cap->container;
	uint32_t i, nr = 0;

	for (i = 0; i < cap->nr_cpus; i++)
		nr += cap->cpus[i].has_stat;
	return nr == c->nr_stats && !c->nr_buffers && c->nr_extents <= cap->nr_cpus;
}

static int read_stats(struct capture *cap, struct err *err)
{
	const struct container *c = &cap->container;
	uint32_t cpu;
	size_t i;

	cap->cpus = calloc(c->nr_cpus + 1, sizeof(*cap->cpus));
	if (!cap->cpus)
		return err_set(err, -ENOMEM, "%s: out of memory", c->file.path);
	cap->nr_cpus = c->nr_cpus;
	for (cpu = 0; cpu < cap->nr_cpus; cpu++)
		cap->cpus[cpu].cpu = cpu;
	for (i = 0; i < c->nr_stats; i++) {
		const struct cpu_stat *stat = &c->stats[i];

		if (stat->cpu < cap->nr_cpus)
			cap->cpus[stat->cpu] = (struct capture_cpu){
				.cpu = stat->cpu,
				.has_stat = true,
				.read = stat->read,
				.overrun = stat->overrun,
				.commit_overrun = stat->commit_overrun,
				.dropped = stat->dropped,
			};
	}
	if (!stats_are_clear(cap))
		for (cpu = 0; cpu < cap->nr_cpus; cpu++)
			cap->cpus[cpu] = (struct capture_cpu){ .cpu = cpu };
	return 0;
}

/* --- lanes ---------------------------------------------------------------------------------- */

static void open_lane(struct capture *cap, const struct extent *extent)
{
	const struct container *c = &cap->container;
	const struct capture_cpu *cpu = &cap->cpus[extent->cpu];
	struct lane *lane = &cap->merge.lanes[cap->nr_lanes++];

	lane_init(lane, extent->cpu, &c->layout, &cap->damage);
	stream_init(&lane->stream, extent, c->unpacker, &cap->budget, c->layout.page_size,
		    block_size(c));
	lane->expected = cpu->read;
	lane->unplaced = cpu->commit_overrun + cpu->dropped;
	lane->open_end = c->unfinished;
}

/* A CPU without pages has a lane too when there should be some: its loss is told there. */
static int open_lanes(struct capture *cap, struct err *err)
{
	const struct container *c = &cap->container;
	uint32_t cpu;
	size_t i;

	if (merge_init(&cap->merge, (uint32_t)c->nr_extents + cap->nr_cpus))
		return err_set(err, -ENOMEM, "%s: out of memory", c->file.path);
	for (i = 0; i < c->nr_extents; i++)
		open_lane(cap, &c->extents[i]);
	for (cpu = 0; cpu < cap->nr_cpus; cpu++)
		if (cap->cpus[cpu].read && !has_pages(c, cpu))
			open_lane(cap, &(struct extent){ .in = &c->file, .cpu = cpu });
	cap->merge.nr_lanes = cap->nr_lanes;
	return 0;
}

/* Reading all symbols of a kernel takes longer than a small capture does. */
static int read_callers(struct capture *cap, struct err *err)
{
	struct section symbols;
	int ret;

	if (!cap->decoder.has_caller || !cap->container.has_symbols)
		return 0;
	ret = container_symbols(&cap->container, &symbols, err);
	if (!ret) {
		ret = callers_read(&cap->decoder.callers, &symbols.cursor);
		section_close(&symbols);
	}
	return ret;
}

static void fill_info(struct capture *cap)
{
	const struct container *c = &cap->container;
	struct capture_info *info = &cap->info;

	info->version = c->version;
	info->big_endian = c->layout.big_endian;
	info->long_size = c->layout.commit_size;
	info->page_size = c->layout.page_size;
	info->nr_cpus = c->nr_cpus;
	info->size = c->file.size;
	info->kinds = cap->decoder.kinds;
	memcpy(info->clock, c->clock, sizeof(info->clock));
	memcpy(info->uname, c->uname, sizeof(info->uname));
	info->unfinished = c->unfinished;
	info->gfp_names = cap->decoder.gfp_names;
	info->nr_gfp_names = cap->decoder.nr_gfp_names;
}

struct capture *capture_open(const char *path, struct err *err)
{
	struct capture *cap = calloc(1, sizeof(*cap));
	struct container *c;
	int ret;

	if (!cap) {
		err_set(err, -ENOMEM, "%s: out of memory", path);
		return NULL;
	}
	c = &cap->container;
	cap->budget.left = BUFFERS_MAX;
	ret = container_open(c, path, err);
	if (!ret)
		ret = decoder_init(&cap->decoder, c->formats, c->nr_formats, c->layout.big_endian,
				   path, err);
	if (!ret) {
		container_free_formats(c);
		ret = read_callers(cap, err);
	}
	if (!ret)
		ret = read_stats(cap, err);
	if (!ret)
		ret = open_lanes(cap, err);
	if (ret) {
		capture_close(cap);
		return NULL;
	}
	fill_info(cap);
	return cap;
}

void capture_close(struct capture *cap)
{
	if (!cap)
		return;
	merge_close(&cap->merge);
	decoder_free(&cap->decoder);
	free(cap->cpus);
	container_close(&cap->container);
	free(cap);
}

const struct capture_info *capture_info(const struct capture *cap)
{
	return &cap->info;
}

const struct capture_damage *capture_damage(const struct capture *cap)
{
	return &cap->damage;
}

static void tell_loss(const struct loss *loss, struct event *ev)
{
	ev->ts_ns = loss->from_ns;
	ev->cpu = loss->cpu;
	ev->pid = 0;
	ev->kind = EV_LOST;
	ev->caller_role = FN_OTHER;
	ev->flags = 0;
	ev->have = 1U << FIELD_UNTIL;
	ev->value[FIELD_UNTIL] = loss->to_ns;
	if (loss->counted) {
		ev->have |= 1U << FIELD_COUNT;
		ev->value[FIELD_COUNT] = loss->count;
	}
	ev->text = NULL;
	ev->text_len = 0;
}

/* A record of ours that cannot be decoded is as good as lost. */
static void tell_undecodable(const struct record *rec, struct event *ev)
{
	const struct loss loss = {
		.cpu = rec->cpu,
		.counted = true,
		.from_ns = rec->ts,
		.to_ns = rec->ts,
		.count = 1,
	};

	tell_loss(&loss, ev);
}

int capture_next(struct capture *cap, struct event *ev, struct err *err)
{
	for (;;) {
		int ret = merge_next(&cap->merge, err);

		if (ret == MERGE_LOSS) {
			tell_loss(&cap->merge.loss, ev);
			return 1;
		}
		if (ret != MERGE_RECORD)
			return ret;
		switch (decode(&cap->decoder, cap->merge.record, ev)) {
		case DECODED:
			return 1;
		case DECODED_SHORT:
			cap->damage.nr_undecodable++;
			tell_undecodable(cap->merge.record, ev);
			return 1;
		case DECODED_UNKNOWN:
			cap->damage.nr_unknown_events++;
			break;
		case DECODED_FOREIGN:
			break;
		}
	}
}

const struct capture_cpu *capture_cpus(struct capture *cap, uint32_t *nr)
{
	uint32_t i;

	for (i = 0; i < cap->nr_cpus; i++)
		cap->cpus[i].found = 0;
	for (i = 0; i < cap->merge.nr_lanes; i++)
		cap->cpus[cap->merge.lanes[i].head.cpu].found += cap->merge.lanes[i].found;
	*nr = cap->nr_cpus;
	return cap->cpus;
}

void capture_progress(const struct capture *cap, uint64_t *done, uint64_t *total)
{
	uint32_t i;

	*done = *total = 0;
	for (i = 0; i < cap->merge.nr_lanes; i++) {
		uint64_t lane_done, lane_total;

		stream_progress(&cap->merge.lanes[i].stream, &lane_done, &lane_total);
		*done += lane_done;
		*total += lane_total;
	}
}
