// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * count_records FILE: reads every record of a trace.dat with libtracecmd, an oracle that shares no
 * code with ours. Prints "cpu N records" for each CPU, then "order ok" or "order broken": time may
 * not run back within a CPU. Exits with 1 when the file cannot be read.
 */
#include <stdio.h>
#include <trace-cmd.h>

static int broken;

static unsigned long long count(struct tracecmd_input *in, int cpu)
{
	unsigned long long nr = 0, last = 0;
	struct tep_record *record;

	while ((record = tracecmd_read_data(in, cpu))) {
		broken |= record->ts < last;
		last = record->ts;
		nr++;
		tracecmd_free_record(record);
	}
	return nr;
}

int main(int argc, char **argv)
{
	struct tracecmd_input *in = argc == 2 ? tracecmd_open(argv[1], 0) : NULL;
	int cpu;

	if (!in)
		return 1;
	for (cpu = 0; cpu < tep_get_cpus(tracecmd_get_tep(in)); cpu++)
		printf("cpu %d %llu\n", cpu, count(in, cpu));
	puts(broken ? "order broken" : "order ok");
	tracecmd_close(in);
	return 0;
}
