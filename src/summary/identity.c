// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "kernel/flags.h"
#include "summary/identity.h"
#include "summary/text.h"

/* NULL stays NULL: the note is not there. */
static int keep(const char **to, struct text_list *texts, const char *text)
{
	if (!text)
		return 0;
	*to = texts_keep(texts, span_trim(span_of(text)));
	return *to ? 0 : -ENOMEM;
}

static int keep_line(const char **to, struct text_list *texts, struct span *rest)
{
	struct span line;

	if (!span_line(rest, &line))
		return 0;
	*to = texts_keep(texts, span_trim(line));
	return *to ? 0 : -ENOMEM;
}

static int fill_capture(struct identity *id, struct text_list *texts,
			const struct summary_input *input)
{
	const struct capture_info *info = input->info;
	int ret;

	id->size = info->size;
	id->version = info->version;
	id->long_size = info->long_size;
	id->page_size = info->page_size;
	id->nr_cpus = info->nr_cpus;
	id->big_endian = info->big_endian;
	id->window_opened = input->counts->window_opened;
	id->window_closed = input->counts->window_closed;
	id->start_ns = input->counts->first_ns;
	id->stop_ns = input->counts->last_ns;
	ret = keep(&id->file, texts, input->file);
	if (!ret && input->sha256)
		ret = keep(&id->sha256, texts, input->sha256);
	return !ret && *info->clock ? keep(&id->clock, texts, info->clock) : ret;
}

/* As recorder.c words the end of a command. */
static const char command_ended[] = "the command ended with status ";

static void take_status(struct identity *id, const char *ended)
{
	size_t len = strlen(command_ended);

	if (ended && !strncmp(ended, command_ended, len))
		id->command_status.known =
			span_u64(span_of(ended + len), &id->command_status.value);
}

/* The profile's name in one line, then why. */
static int fill_recorder(struct identity *id, struct text_list *texts,
			 const struct summary_input *input)
{
	struct span profile = span_of(input->profile);
	int ret;

	ret = keep(&id->recorder_version, texts, input->tool);
	if (!ret)
		ret = keep_line(&id->profile, texts, &profile);
	if (!ret)
		ret = keep_line(&id->profile_why, texts, &profile);
	if (!ret)
		ret = keep(&id->ended, texts, input->ended);
	take_status(id, id->ended);
	return ret;
}

/* One line "name=value" of the note about the host; what is not asked for here is left there. */
static int take_host_line(struct identity *id, struct text_list *texts, struct span name,
			  struct span value)
{
	const struct {
		const char *name;
		const char **text;
		struct known *number;
	} known[] = {
		{ "release", &id->kernel_release, NULL },
		{ "version", &id->kernel_version, NULL },
		{ "machine", &id->machine, NULL },
		{ "page_size", NULL, &id->page_bytes },
		{ "cpus_online", NULL, &id->cpus_online },
		{ "cpus_possible", NULL, &id->cpus_possible },
		{ "memory_kb", NULL, &id->memory_kb },
		{ "buffer_kb", NULL, &id->buffer_kb },
		{ "pid", NULL, &id->only_pid },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!span_is(name, known[i].name))
			continue;
		if (known[i].number) {
			known[i].number->known = span_u64(value, &known[i].number->value);
			return 0;
		}
		*known[i].text = texts_keep(texts, value);
		return *known[i].text ? 0 : -ENOMEM;
	}
	return 0;
}

static int fill_host(struct identity *id, struct text_list *texts, const char *text)
{
	struct span rest = span_of(text), line, name;

	while (span_line(&rest, &line))
		if (span_until(&line, '=', &name) &&
		    take_host_line(id, texts, span_trim(name), span_trim(line)))
			return -ENOMEM;
	return 0;
}

/*
 * What the header of a capture holds where the recorder left no note: "Linux RELEASE #1 ...
 * MACHINE" by trace-cmd 3, "Linux HOST RELEASE MACHINE" by others.
 */
static int fill_uname(struct identity *id, struct text_list *texts, const char *uname)
{
	struct span rest = span_of(uname), word, second, third;

	if (id->kernel_release || !span_word(&rest, &word) || !span_word(&rest, &second) ||
	    !span_word(&rest, &third) || !span_word(&rest, &word))
		return 0;
	id->kernel_release = texts_keep(texts, *third.at == '#' ? second : third);
	do
		id->machine = texts_keep(texts, word);
	while (id->machine && span_word(&rest, &word));
	return id->kernel_release && id->machine ? 0 : -ENOMEM;
}

int identity_fill(struct identity *identity, struct text_list *texts,
		  const struct summary_input *input)
{
	int ret;

	identity->tool_version = PAGETRAIL_VERSION;
	ret = fill_capture(identity, texts, input);
	if (!ret)
		ret = fill_recorder(identity, texts, input);
	if (!ret)
		ret = fill_host(identity, texts, input->host);
	if (!ret)
		ret = fill_uname(identity, texts, input->info->uname);
	if (!ret && identity->kernel_release)
		identity->release = kernel_release(identity->kernel_release);
	return ret;
}
