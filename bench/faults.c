// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page faults that the fast path serves at once: the cost of probes on allocations that never stall.
 *
 * Usage: faults ROUNDS. Each round maps 32 MiB without huge pages, touches each page, unmaps. Prints
 * the median over the rounds, in nanoseconds per fault.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define BYTES	   (32UL << 20)
#define PAGE	   4096UL
#define ROUNDS_MAX 1000

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static double one_round(void)
{
	double start = now_ns();
	char *memory =
		mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t at;

	if (memory == MAP_FAILED || madvise(memory, BYTES, MADV_NOHUGEPAGE)) {
		perror("faults");
		exit(1);
	}
	for (at = 0; at < BYTES; at += PAGE)
		memory[at] = 1;
	munmap(memory, BYTES);
	return (now_ns() - start) / (double)(BYTES / PAGE);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static double ns[ROUNDS_MAX];
	int rounds = argc > 1 ? atoi(argv[1]) : 0;
	int i;

	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: faults ROUNDS (1 to %d)\n", ROUNDS_MAX);
		return 2;
	}
	for (i = 0; i < rounds; i++)
		ns[i] = one_round();
	qsort(ns, (size_t)rounds, sizeof(ns[0]), by_value);
	printf("%.0f\n", ns[rounds / 2]);
	return 0;
}
