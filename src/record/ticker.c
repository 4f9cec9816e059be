// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/readings.h"
#include "record/file.h"
#include "record/ticker.h"

#define TICK_NS	  1000000000
#define TEXT_SIZE 32768 /* /proc/vmstat has 4 to 6 kB */

struct readings {
	uint32_t have; /* bit per enum reading */
	uint64_t value[NR_READINGS];
};

int ticker_open(struct ticker *ticker, struct err *err)
{
	*ticker = (struct ticker){
		.vmstat = open("/proc/vmstat", O_RDONLY | O_CLOEXEC),
		.pressure = open("/proc/pressure/memory", O_RDONLY | O_CLOEXEC),
		.text = calloc(1, TEXT_SIZE),
		.size = TEXT_SIZE,
	};
	if (ticker->text)
		return 0;
	ticker_close(ticker);
	return err_set(err, -ENOMEM, "out of memory");
}

void ticker_close(struct ticker *ticker)
{
	if (!ticker->text)
		return;
	if (ticker->vmstat >= 0)
		close(ticker->vmstat);
	if (ticker->pressure >= 0)
		close(ticker->pressure);
	free(ticker->text);
	ticker->text = NULL;
}

bool ticker_is_due(struct ticker *ticker, uint64_t now_ns)
{
	if (now_ns < ticker->due_ns)
		return false;
	ticker->due_ns += (now_ns - ticker->due_ns) / TICK_NS * TICK_NS + TICK_NS;
	return true;
}

static void add_reading(struct readings *readings, enum reading reading, const char *number)
{
	readings->have |= 1U << reading;
	readings->value[reading] += strtoull(number, NULL, 10);
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=77", and the same for "full". */
static void take_pressure(struct readings *readings, const char *text, const char *line,
			  enum reading reading)
{
	const char *total = strstr(text, line);

	total = total ? strstr(total, "total=") : NULL;
	if (total)
		add_reading(readings, reading, total + strlen("total="));
}

/* Lines "name value". */
static void take_vmstat(struct readings *readings, const char *text)
{
	size_t len;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		enum reading reading;

		len = strcspn(text, " \n");
		reading = kernel_vmstat_reading(text, len);
		if (reading < NR_READINGS && text[len] == ' ')
			add_reading(readings, reading, text + len);
	}
}

static void read_text(struct ticker *ticker, int fd)
{
	ticker->text[file_reread(fd, ticker->text, ticker->size - 1)] = '\0';
}

static void print_readings(struct ticker *ticker, const struct readings *readings)
{
	size_t len = 0;
	enum reading reading;

	*ticker->line = '\0';
	for (reading = 0; reading < NR_READINGS && len < sizeof(ticker->line); reading++)
		if (readings->have & 1U << reading)
			len += (size_t)snprintf(ticker->line + len, sizeof(ticker->line) - len,
						"%s%s %" PRIu64, len ? " " : "",
						kernel_reading_name(reading),
						readings->value[reading]);
}

const char *ticker_read(struct ticker *ticker)
{
	struct readings readings = { 0 };

	read_text(ticker, ticker->pressure);
	take_pressure(&readings, ticker->text, "some ", READING_PSI_SOME_US);
	take_pressure(&readings, ticker->text, "full ", READING_PSI_FULL_US);
	read_text(ticker, ticker->vmstat);
	take_vmstat(&readings, ticker->text);
	print_readings(ticker, &readings);
	return ticker->line;
}
