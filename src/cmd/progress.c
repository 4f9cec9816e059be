// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cmd/progress.h"

#define FIRST_NS      1000000000ULL
#define BETWEEN_NS    250000000ULL
#define COLUMNS_MAX   100
#define COLUMNS_OTHER 80 /* where the terminal does not say */
#define BAR_MIN	      10

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

void progress_start(struct progress *progress)
{
	uint64_t start_ns = now_ns();

	*progress = (struct progress){
		.wanted = isatty(STDERR_FILENO),
		.start_ns = start_ns,
		.next_ns = start_ns + FIRST_NS,
	};
}

bool progress_is_late(struct progress *progress)
{
	uint64_t ns;

	if (!progress->wanted)
		return false;
	ns = now_ns();
	if (ns < progress->next_ns)
		return false;
	progress->next_ns = ns + BETWEEN_NS;
	return true;
}

static size_t width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return COLUMNS_OTHER;
	return size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
}

static void put_rate(char *text, size_t size, uint64_t bytes, uint64_t ns)
{
	double rate = (double)bytes * 1e3 / (double)ns; /* MB/s */

	if (rate >= 1000)
		snprintf(text, size, "%.1f GB/s", rate / 1000);
	else
		snprintf(text, size, "%.0f MB/s", rate);
}

static void put_left(char *text, size_t size, double seconds)
{
	if (seconds < 100)
		snprintf(text, size, "%.0f s left", seconds);
	else
		snprintf(text, size, "%.0f min left", seconds / 60);
}

static void put_bar(char *text, size_t size, size_t columns, double part)
{
	size_t full = (size_t)(part * (double)columns), i;

	text[0] = '\0';
	if (columns < BAR_MIN || columns + 4 > size)
		return;
	text[0] = '[';
	for (i = 0; i < columns; i++)
		text[1 + i] = i < full ? '=' : ' ';
	memcpy(text + 1 + columns, "] ", 3);
}

void progress_line(char text[PROGRESS_TEXT_MAX], const char *what, uint64_t done, uint64_t total,
		   uint64_t ns, size_t columns)
{
	double part = total && done < total ? (double)done / (double)total : 1;
	char head[32], rate[32], left[32], bar[COLUMNS_MAX + 4];
	size_t taken;

	snprintf(head, sizeof(head), "%s %3.0f %% ", what, part * 100);
	put_rate(rate, sizeof(rate), done, ns ? ns : 1);
	put_left(left, sizeof(left), part > 0 ? (double)ns / 1e9 * (1 - part) / part : 0);
	taken = strlen(head) + strlen(rate) + strlen(left) + 2 + strlen("[] ");
	put_bar(bar, sizeof(bar), columns > taken ? columns - taken : 0, part);
	snprintf(text, PROGRESS_TEXT_MAX, "%s%s%s  %s", head, bar, rate, left);
	if (strlen(text) > columns)
		text[columns] = '\0';
}

void progress_show(struct progress *progress, const char *what, uint64_t done, uint64_t total)
{
	char text[PROGRESS_TEXT_MAX];

	if (!done)
		return;
	/* The last column is left free: a cursor behind it wraps. */
	progress_line(text, what, done, total, now_ns() - progress->start_ns, width() - 1);
	fprintf(stderr, "\r%s\033[K", text);
	progress->shown = true;
}

void progress_stop(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
}
