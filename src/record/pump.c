// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/pump.h"

#define TURNS_MAX 16

/* Returns whether there was any. */
static bool take(struct pump *pump, unsigned int cpu, size_t nr_pages)
{
	ssize_t got = 0;

	if (pump->session->raw[cpu] >= 0)
		got = writer_drain(pump->writer, cpu, pump->session->raw[cpu], nr_pages);
	return got > 0;
}

int pump_turn(struct pump *pump)
{
	unsigned int cpu;
	int turns = 0;

	while (turns < TURNS_MAX && session_poll(pump->session)) {
		for (cpu = 0; cpu < pump->session->nr_cpus; cpu++)
			if (session_is_ready(pump->session, cpu))
				take(pump, cpu, pump->ready_pages);
		turns++;
	}
	return turns;
}

void pump_sweep(struct pump *pump)
{
	unsigned int cpu;

	for (cpu = 0; cpu < pump->session->nr_cpus; cpu++)
		take(pump, cpu, pump->ready_pages);
}

void pump_rest(struct pump *pump)
{
	unsigned int cpu;

	for (cpu = 0; cpu < pump->session->nr_cpus; cpu++)
		while (take(pump, cpu, WRITER_PAGES))
			;
}
