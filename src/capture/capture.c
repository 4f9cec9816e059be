// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/capture.h"
#include "capture/container.h"
#include "capture/damage.h"
#include "capture/decode.h"
#include "capture/merge.h"

/* Blocks to read pages in, of which a lane holds LOADS_KEPT; and all buffers together. */
#define BLOCKS_TOTAL (4U << 20)
#define BLOCK_MAX    (128U << 10)
#define BUFFERS_MAX  (256U << 20)

/* KSYM_NAME_LEN is 128, or 512 since 6.1: what follows is cut. */
#define SYMBOL_LINE 256

/* Of the pages of a block: a record of ours has more bytes than that. */
#define BYTES_PER_ITEM 16

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
	uint64_t page_bytes; /* of the file, in all lanes */
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
	uint64_t done, total;
	struct lane *lane = &cap->merge.crew.lanes[cap->nr_lanes++].lane;

	lane_init(lane, extent->cpu, &c->layout, &cap->decoder);
	stream_init(&lane->stream, extent, &cap->budget, c->layout.page_size, block_size(c));
	lane->expected = cpu->read;
	lane->unplaced = cpu->commit_overrun + cpu->dropped;
	lane->open_end = c->unfinished;
	stream_progress(&lane->stream, &done, &total);
	cap->page_bytes += total;
}

static bool needs_lane(const struct capture *cap, uint32_t cpu)
{
	return cap->cpus[cpu].read && !has_pages(&cap->container, cpu);
}

/* A CPU without pages has a lane too when there should be some: its loss is told there. */
static int open_lanes(struct capture *cap, struct err *err)
{
	const struct container *c = &cap->container;
	uint32_t nr = (uint32_t)c->nr_extents, cpu;
	size_t i;

	for (cpu = 0; cpu < cap->nr_cpus; cpu++)
		nr += needs_lane(cap, cpu);
	if (merge_init(&cap->merge, nr, block_size(c) / BYTES_PER_ITEM, c->unpacker, &cap->damage))
		return err_set(err, -ENOMEM, "%s: out of memory", c->file.path);
	for (i = 0; i < c->nr_extents; i++)
		open_lane(cap, &c->extents[i]);
	for (cpu = 0; cpu < cap->nr_cpus; cpu++)
		if (needs_lane(cap, cpu))
			open_lane(cap, &(struct extent){ .in = &c->file, .cpu = cpu });
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
	if (c->cut)
		damage_add(&cap->damage, 0, c->cut_at, c->file.size - c->cut_at,
			   "a section that ends beyond the end of the file");
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

int capture_symbols(const struct capture *cap, capture_symbol_fn tell, void *data, struct err *err)
{
	char line[SYMBOL_LINE];
	struct section symbols;
	int ret;

	if (!cap->container.has_symbols)
		return 0;
	ret = container_symbols(&cap->container, &symbols, err);
	if (ret)
		return ret;
	while (!ret && cursor_line(&symbols.cursor, line, sizeof(line)))
		ret = tell(data, line);
	if (symbols.cursor.failed)
		ret = symbols.cursor.failed;
	else if (ret)
		err_set(err, ret, "%s: out of memory", cap->container.file.path);
	section_close(&symbols);
	return ret;
}

int capture_next(struct capture *cap, const struct event **ev, struct err *err)
{
	return merge_next(&cap->merge, ev, err);
}

void capture_tell_apart(struct capture *cap)
{
	uint32_t i;

	for (i = 0; i < cap->merge.nr_lanes; i++)
		cap->merge.crew.lanes[i].lane.apart = true;
}

const struct capture_cpu *capture_cpus(struct capture *cap, uint32_t *nr)
{
	const struct crew_lane *lanes = cap->merge.crew.lanes;
	uint32_t i;

	for (i = 0; i < cap->nr_cpus; i++)
		cap->cpus[i].found = 0;
	for (i = 0; i < cap->merge.nr_lanes; i++)
		cap->cpus[lanes[i].lane.cpu].found += lanes[i].lane.found;
	*nr = cap->nr_cpus;
	return cap->cpus;
}

void capture_start(struct capture *cap, unsigned int nr_threads)
{
	crew_start(&cap->merge.crew, nr_threads);
}

void capture_progress(const struct capture *cap, uint64_t *done, uint64_t *total)
{
	uint32_t i;

	*done = 0;
	for (i = 0; i < cap->merge.nr_lanes; i++)
		*done += cap->merge.lanes[i].done;
	*total = cap->page_bytes;
}
