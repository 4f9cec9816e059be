// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/vec.h"
#include "summary/redact.h"
#include "summary/text.h"

#define ADDRESS_PSEUDONYM "(address)"
#define GROUP_PSEUDONYM	  "pagetrail_(recorder)"
#define GROUP_PREFIX	  "pagetrail_" /* then the recorder's pid */

/* Names, each with a number from 1 by the order of first appearance. */
struct names {
	const char *prefix; /* of the pseudonym, then the number */
	struct hash index;
	const char **items; /* by the number, less one */
	size_t nr, cap;
};

struct redactor {
	struct names comms, files;
	struct hash pids;
	struct text_list texts; /* owns the names */
	bool has_episodes;	/* redacted one by one */
};

static int names_init(struct names *names, const char *prefix, uint32_t max)
{
	names->prefix = prefix;
	return hash_init(&names->index, max);
}

static void names_free(struct names *names)
{
	hash_free(&names->index);
	free(names->items);
}

struct redactor *redactor_new(void)
{
	struct redactor *redactor = calloc(1, sizeof(*redactor));

	if (redactor && !names_init(&redactor->comms, "task", REDACT_COMMS_MAX) &&
	    !names_init(&redactor->files, "capture", REDACT_FILES_MAX) &&
	    !hash_init(&redactor->pids, REDACT_PIDS_MAX))
		return redactor;
	redactor_free(redactor);
	return NULL;
}

void redactor_free(struct redactor *redactor)
{
	if (!redactor)
		return;
	names_free(&redactor->comms);
	names_free(&redactor->files);
	hash_free(&redactor->pids);
	texts_free(&redactor->texts);
	free(redactor);
}

/* --- names --------------------------------------------------------------------------------- */

/*
 * Threads of the kernel that stall others, or do not wait for anybody: who reads of a stall needs to
 * know them. What may follow is a number, or the number and kind of a worker, never the name of what
 * it works on.
 */
static const struct {
	const char *prefix, *rest; /* characters of which the rest consists */
} kernel_threads[] = {
	{ "kswapd", "0123456789" },	{ "kcompactd", "0123456789" },
	{ "ksoftirqd/", "0123456789" }, { "kworker/", "0123456789:uHIR" },
	{ "swapper/", "0123456789" },	{ "khugepaged", "" },
	{ "oom_reaper", "" },
};

static bool is_kernel_thread(const char *comm)
{
	size_t i;

	for (i = 0; i < sizeof(kernel_threads) / sizeof(kernel_threads[0]); i++) {
		size_t len = strlen(kernel_threads[i].prefix);

		if (!strncmp(comm, kernel_threads[i].prefix, len) &&
		    !comm[len + strspn(comm + len, kernel_threads[i].rest)])
			return true;
	}
	return false;
}

/* Its number, 0 when it has none. *slot: where it is, or belongs. */
static uint32_t number_of(const struct names *names, const char *name, uint64_t *slot)
{
	uint32_t number;

	/* Two names with one slot: the later one takes the next free slot. */
	for (*slot = hash_string(name); hash_find(&names->index, *slot, &number); (*slot)++)
		if (!strcmp(names->items[number - 1], name))
			return number;
	return 0;
}

static int add_name(struct names *names, struct text_list *texts, const char *name, uint64_t slot)
{
	const char *copy = texts_keep(texts, span_of(name));

	if (!copy || vec_reserve((void **)&names->items, &names->cap, names->nr + 1, sizeof(copy)))
		return -ENOMEM;
	names->items[names->nr++] = copy;
	return hash_set(&names->index, slot, (uint32_t)names->nr);
}

/* The pseudonym of a name, which is not "", into COMM_LEN bytes: all of them, as tables compare them. */
static int name_pseudonym(struct names *names, struct text_list *texts, const char *name,
			  char to[COMM_LEN])
{
	uint64_t slot;
	uint32_t number = number_of(names, name, &slot);

	if (!number && names->nr < names->index.nr_max) {
		if (add_name(names, texts, name, slot))
			return -ENOMEM;
		number = (uint32_t)names->nr;
	}
	memset(to, 0, COMM_LEN);
	if (number)
		snprintf(to, COMM_LEN, "%s-%u", names->prefix, number);
	else
		snprintf(to, COMM_LEN, "%s-other", names->prefix);
	return 0;
}

/* --- pids ---------------------------------------------------------------------------------- */

/* All idle tasks have pid 0; below it there is nobody. */
static int64_t pid_pseudonym(struct redactor *redactor, int64_t pid)
{
	uint32_t number;

	if (pid <= 0)
		return 0;
	if (hash_find(&redactor->pids, (uint64_t)pid, &number))
		return REDACT_PID_BASE + (int64_t)number;
	if (redactor->pids.nr == REDACT_PIDS_MAX ||
	    hash_set(&redactor->pids, (uint64_t)pid, redactor->pids.nr + 1))
		return REDACT_PID_BASE;
	return REDACT_PID_BASE + (int64_t)redactor->pids.nr;
}

/* --- episodes ------------------------------------------------------------------------------ */

static void redact_pids(struct redactor *redactor, struct episode *ep)
{
	uint32_t i;

	ep->pid = (int32_t)pid_pseudonym(redactor, ep->pid);
	for (i = 0; i < ep->nr_steps; i++)
		if (ep->steps[i].kind == STEP_VICTIM)
			ep->steps[i].value = pid_pseudonym(redactor, ep->steps[i].value);
}

int redact_episode(struct redactor *redactor, struct episode *ep)
{
	char comm[COMM_LEN];

	redactor->has_episodes = true;
	redact_pids(redactor, ep);
	if (!*ep->comm || is_kernel_thread(ep->comm))
		return 0;
	if (name_pseudonym(&redactor->comms, &redactor->texts, ep->comm, comm))
		return -ENOMEM;
	memcpy(ep->comm, comm, COMM_LEN);
	return 0;
}

/* --- texts that a recorder wrote ----------------------------------------------------------- */

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || strchr("_-./:+@#", c);
}

/* 0xffff8881..., or so many digits in hex that it can be nothing else. */
static bool is_address(struct span word)
{
	bool prefixed = word.len > 2 && word.at[0] == '0' && word.at[1] == 'x';
	size_t i = prefixed ? 2 : 0;
	size_t digits = word.len - i;

	while (i < word.len && isxdigit((unsigned char)word.at[i]))
		i++;
	return i == word.len && digits >= (prefixed ? 8 : 12);
}

static bool is_group(struct span word)
{
	size_t len = strlen(GROUP_PREFIX);

	return word.len > len && !memcmp(word.at, GROUP_PREFIX, len) &&
	       isdigit((unsigned char)word.at[len]);
}

/* What stands for a word in a text; the word itself where it tells nobody. */
static struct span word_pseudonym(const struct redactor *redactor, struct span word,
				  char name[COMM_LEN])
{
	char comm[COMM_LEN];
	uint64_t slot;
	uint32_t number;

	if (is_address(word))
		return span_of(ADDRESS_PSEUDONYM);
	if (is_group(word))
		return span_of(GROUP_PSEUDONYM);
	if (word.len >= COMM_LEN)
		return word;
	snprintf(comm, sizeof(comm), "%.*s", (int)word.len, word.at);
	number = number_of(&redactor->comms, comm, &slot);
	if (!number)
		return word;
	snprintf(name, COMM_LEN, "task-%u", number);
	return span_of(name);
}

static void put_span(FILE *out, struct span span)
{
	fwrite(span.at, 1, span.len, out);
}

static void put_redacted(const struct redactor *redactor, FILE *out, const char *text)
{
	char name[COMM_LEN];

	while (*text) {
		struct span word = { .at = text };

		while (text[word.len] && is_word(text[word.len]))
			word.len++;
		put_span(out, word.len ? word_pseudonym(redactor, word, name) : word);
		text += word.len;
		if (*text)
			putc(*text++, out);
	}
}

/* NULL stays NULL. */
static int redact_text(const struct redactor *redactor, struct text_list *texts, const char **text)
{
	char *redacted = NULL;
	size_t len;
	FILE *out = *text ? open_memstream(&redacted, &len) : NULL;

	if (!*text)
		return 0;
	if (!out)
		return -ENOMEM;
	put_redacted(redactor, out, *text);
	if (fclose(out)) {
		free(redacted);
		return -ENOMEM;
	}
	*text = texts_keep(texts, span_of(redacted));
	free(redacted);
	return *text ? 0 : -ENOMEM;
}

static int redact_texts(const struct redactor *redactor, struct summary *summary)
{
	struct identity *id = &summary->identity;
	struct pair_list *not_probed = &summary->limits.not_probed;
	int ret = redact_text(redactor, &summary->texts, &id->profile_why);
	size_t i;

	if (!ret)
		ret = redact_text(redactor, &summary->texts, &id->ended);
	for (i = 0; i < not_probed->nr && !ret; i++)
		ret = redact_text(redactor, &summary->texts, &not_probed->items[i].text);
	for (i = 0; i < summary->nr_relations && !ret; i++)
		ret = redact_text(redactor, &summary->texts, &summary->relations[i].why);
	return ret;
}

/* --- a summary ----------------------------------------------------------------------------- */

static int redact_name(struct redactor *redactor, struct text_list *texts, const char **comm)
{
	char name[COMM_LEN];

	if (!*comm || !**comm || is_kernel_thread(*comm))
		return 0;
	if (name_pseudonym(&redactor->comms, &redactor->texts, *comm, name))
		return -ENOMEM;
	*comm = texts_keep(texts, span_of(name));
	return *comm ? 0 : -ENOMEM;
}

static int redact_list(struct redactor *redactor, struct text_list *texts, struct worst *list,
		       size_t nr)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < nr && !ret; i++) {
		redact_pids(redactor, list[i].episode);
		ret = redact_name(redactor, texts, &list[i].comm);
	}
	return ret;
}

/* Of a summary of many: captures are called after hosts, too. */
static int redact_origins(struct redactor *redactor, struct text_list *texts, struct worst *list,
			  size_t nr)
{
	char name[COMM_LEN];
	size_t i;

	for (i = 0; i < nr; i++) {
		const char **origin = &list[i].origin;

		if (!*origin || !strcmp(*origin, REDACT_FILE))
			continue;
		if (name_pseudonym(&redactor->files, &redactor->texts, *origin, name))
			return -ENOMEM;
		*origin = texts_keep(texts, span_of(name));
		if (!*origin)
			return -ENOMEM;
	}
	return 0;
}

/* Always: where it was done before, by the same order each gets the pseudonym that it has. */
static int redact_files(struct redactor *redactor, struct summary *summary)
{
	int ret = redact_origins(redactor, &summary->texts, summary->worst, summary->nr_worst);

	if (!ret)
		ret = redact_origins(redactor, &summary->texts, summary->waiting.in_flight,
				     summary->waiting.nr_in_flight);
	if (summary->identity.file)
		summary->identity.file = REDACT_FILE;
	return ret;
}

/* The most frequent name becomes task-1, the slowest pid the first. */
static int redact_names(struct redactor *redactor, struct summary *summary)
{
	struct key_table *comms = &summary->by[BY_COMM];
	int ret = 0;
	size_t i;

	for (i = 0; i < comms->nr && !ret; i++)
		ret = redact_name(redactor, &summary->texts, &comms->rows[i].text);
	if (!ret)
		ret = redact_list(redactor, &summary->texts, summary->worst, summary->nr_worst);
	if (!ret)
		ret = redact_list(redactor, &summary->texts, summary->waiting.in_flight,
				  summary->waiting.nr_in_flight);
	return ret;
}

int redact_summary(struct redactor *redactor, struct summary *summary)
{
	struct identity *id = &summary->identity;
	bool done = summary->redacted & 1U << REDACTED_COMMS;
	int ret = redactor->has_episodes || done ? 0 : redact_names(redactor, summary);

	if (!ret)
		ret = redact_files(redactor, summary);
	if (!ret)
		ret = redact_texts(redactor, summary);
	if (!done && id->only_pid.known)
		id->only_pid.value = (uint64_t)pid_pseudonym(redactor, (int64_t)id->only_pid.value);
	summary->redacted = (1U << NR_REDACTIONS) - 1;
	return ret;
}
