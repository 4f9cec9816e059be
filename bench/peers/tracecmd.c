// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tracecmd FILE: all events in the order of time through libtracecmd, as its documentation has it: the
 * event by its record, and three of its fields.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <trace-cmd.h>

struct sums {
	struct tep_handle *tep;
	uint64_t nr, sum;
};

static int take(struct tracecmd_input *in, struct tep_record *record, int cpu, void *arg)
{
	struct sums *sums = arg;
	struct tep_event *event = tep_find_event_by_record(sums->tep, record);
	struct tep_format_field *field = event ? event->format.fields : NULL;
	int nr;

	(void)in;
	(void)cpu;
	for (nr = 0; field && nr < 3; field = field->next, nr++) {
		unsigned long long value;

		if (!(field->flags & TEP_FIELD_IS_ARRAY) &&
		    !tep_read_number_field(field, record->data, &value))
			sums->sum += value;
	}
	sums->nr++;
	return 0;
}

int main(int argc, char **argv)
{
	struct tracecmd_input *in = argc == 2 ? tracecmd_open(argv[1], 0) : NULL;
	struct sums sums = { 0 };

	if (!in)
		errx(2, "usage: tracecmd FILE");
	sums.tep = tracecmd_get_tep(in);
	if (tracecmd_iterate_events(in, NULL, 0, take, &sums) < 0)
		return 1;
	printf("%" PRIu64 " events, %" PRIx64 "\n", sums.nr, sums.sum);
	tracecmd_close(in);
	return 0;
}
