// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "capture/crew.h"
#include "kernel/joints.h"

/*
 * To look so often before going to sleep: 20 to 100 us, about what a slab takes to be filled. To wake a
 * thread costs as much, and in a virtual machine more.
 */
#define PATIENCE 2000

static int slab_init(struct slab *slab, uint32_t items)
{
	slab->max = items;
	slab->items = malloc((items + JOINT_EVENTS_MAX) * sizeof(*slab->items));
	slab->events = aligned_alloc(EVENT_ALIGN, items * sizeof(*slab->events));
	return slab->items && slab->events ? 0 : -ENOMEM;
}

static void slab_free(struct slab *slab)
{
	free(slab->items);
	free(slab->events);
}

int crew_init(struct crew *crew, uint32_t nr, uint32_t slab_items, struct unpacker *unpacker)
{
	uint32_t i;
	int slab, ret = 0;

	*crew = (struct crew){ .unpacker = unpacker };
	pthread_mutex_init(&crew->lock, NULL);
	pthread_cond_init(&crew->work, NULL);
	pthread_cond_init(&crew->news, NULL);
	crew->lanes = calloc(nr ? nr : 1, sizeof(*crew->lanes));
	if (!crew->lanes)
		return -ENOMEM;
	crew->nr_lanes = nr;
	for (i = 0; i < nr && !ret; i++)
		for (slab = 0; slab < CREW_SLABS && !ret; slab++)
			ret = slab_init(&crew->lanes[i].slabs[slab], slab_items);
	return ret;
}

static void dismiss(struct crew *crew)
{
	unsigned int i;

	pthread_mutex_lock(&crew->lock);
	crew->quit = true;
	crew->changes++;
	pthread_cond_broadcast(&crew->work);
	pthread_mutex_unlock(&crew->lock);
	for (i = 0; i < crew->nr_threads; i++)
		pthread_join(crew->threads[i], NULL);
	free(crew->threads);
}

void crew_close(struct crew *crew)
{
	uint32_t i;
	int slab;

	if (!crew->lanes)
		return;
	dismiss(crew);
	for (i = 0; i < crew->nr_lanes; i++) {
		lane_close(&crew->lanes[i].lane);
		for (slab = 0; slab < CREW_SLABS; slab++)
			slab_free(&crew->lanes[i].slabs[slab]);
	}
	free(crew->lanes);
	pthread_cond_destroy(&crew->news);
	pthread_cond_destroy(&crew->work);
	pthread_mutex_destroy(&crew->lock);
	*crew = (struct crew){ 0 };
}

/* --- with the lock held --------------------------------------------------------------------- */

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* Until something has changed, or for no reason. */
static void await(struct crew *crew, pthread_cond_t *cond)
{
	uint32_t seen = crew->changes;
	unsigned int i;

	pthread_mutex_unlock(&crew->lock);
	for (i = 0; i < PATIENCE && crew->changes == seen; i++)
		relax();
	pthread_mutex_lock(&crew->lock);
	if (crew->changes == seen)
		pthread_cond_wait(cond, &crew->lock);
}

/* Fills the next slab of a lane, without the lock meanwhile. */
static void fill(struct crew *crew, struct crew_lane *it, struct unpacker *unpacker)
{
	struct slab *slab = &it->slabs[it->filled % CREW_SLABS];

	it->busy = true;
	pthread_mutex_unlock(&crew->lock);
	lane_fill(&it->lane, slab, unpacker);
	pthread_mutex_lock(&crew->lock);
	it->busy = false;
	it->filled++;
	crew->changes++;
	it->done = slab->last || slab->failed;
	pthread_cond_broadcast(&crew->news);
}

static bool has_work(const struct crew_lane *it)
{
	return !it->busy && !it->done && it->filled - it->returned < CREW_SLABS;
}

/* The lanes take turns. NULL: all are full. */
static struct crew_lane *find_work(struct crew *crew)
{
	uint32_t i;

	for (i = 0; i < crew->nr_lanes; i++) {
		struct crew_lane *it = &crew->lanes[(crew->next + i) % crew->nr_lanes];

		if (!has_work(it))
			continue;
		crew->next = (crew->next + i + 1) % crew->nr_lanes;
		return it;
	}
	return NULL;
}

/* --- threads -------------------------------------------------------------------------------- */

/* One that cannot have what it needs leaves the work to the others. */
static void *work(void *arg)
{
	struct crew *crew = arg;
	struct unpacker *unpacker = NULL;

	if (crew->unpacker && unpacker_like(crew->unpacker, &unpacker))
		return NULL;
	pthread_mutex_lock(&crew->lock);
	while (!crew->quit) {
		struct crew_lane *it = crew->going ? find_work(crew) : NULL;

		if (it)
			fill(crew, it, unpacker);
		else
			await(crew, &crew->work);
	}
	pthread_mutex_unlock(&crew->lock);
	unpacker_free(unpacker);
	return NULL;
}

void crew_start(struct crew *crew, unsigned int nr_threads)
{
	if (!nr_threads || !crew->nr_lanes)
		return;
	crew->threads = calloc(nr_threads, sizeof(*crew->threads));
	if (!crew->threads)
		return;
	while (crew->nr_threads < nr_threads &&
	       !pthread_create(&crew->threads[crew->nr_threads], NULL, work, crew))
		crew->nr_threads++;
}

/* --- who needs a slab ------------------------------------------------------------------------ */

struct slab *crew_take(struct crew *crew, uint32_t lane)
{
	struct crew_lane *it = &crew->lanes[lane];

	pthread_mutex_lock(&crew->lock);
	it->returned = it->taken;
	crew->changes++;
	if (!crew->going)
		pthread_cond_broadcast(&crew->work);
	else if (crew->nr_threads)
		pthread_cond_signal(&crew->work);
	crew->going = true;
	while (it->filled == it->taken) {
		/* While somebody else is at it: any other. */
		struct crew_lane *next = it->busy ? find_work(crew) : it;

		if (next)
			fill(crew, next, crew->unpacker);
		else
			await(crew, &crew->news);
	}
	pthread_mutex_unlock(&crew->lock);
	return &it->slabs[it->taken++ % CREW_SLABS];
}
