// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/note.h"
#include "sentence.h"

#define TASKS_MAX 16

struct speaker {
	int32_t pid;
	uint32_t depth; /* of slowpaths and allocations on its stack */
};

struct speech {
	enum profile profile;
	struct seq *seq;
	uint64_t now;
	int32_t pid;
	uint8_t flags;
	bool on_irq_stack;
	uint64_t gfp;
	uint64_t order;
	uint64_t until; /* end of the next loss; 0: at once */
	char comm[COMM_LEN];
	struct speaker speakers[TASKS_MAX];
	char note[NOTE_TEXT_MAX];
	void (*check)(const struct episode *ep, void *arg);
	void (*check_detour)(const struct detour *detour, void *arg);
	void *arg;
};

#define BIT(kind) (1ULL << (kind))

static const uint64_t tracepoints =
	BIT(EV_WAKEUP_KSWAPD) | BIT(EV_RECLAIM_BEGIN) | BIT(EV_RECLAIM_END) | BIT(EV_THROTTLED) |
	BIT(EV_COMPACT_TRY) | BIT(EV_COMPACT_BEGIN) | BIT(EV_COMPACT_END) |
	BIT(EV_RECLAIM_RETRY_ZONE) | BIT(EV_COMPACT_RETRY) | BIT(EV_MARK_VICTIM) | BIT(EV_NOTE) |
	BIT(EV_SCHED_SWITCH) | BIT(EV_SCHED_WAKEUP) | BIT(EV_KSWAPD_WAKE) | BIT(EV_KSWAPD_SLEEP) |
	BIT(EV_KCOMPACTD_WAKE) | BIT(EV_KCOMPACTD_SLEEP) | BIT(EV_NODE_RECLAIM_BEGIN) |
	BIT(EV_NODE_RECLAIM_END) | BIT(EV_MEMCG_RECLAIM_BEGIN) | BIT(EV_MEMCG_RECLAIM_END) |
	BIT(EV_STACK);
static const uint64_t rare = BIT(EV_DIRECT_COMPACT) | BIT(EV_UNRESERVED) |
			     BIT(EV_UNRESERVE_HIGHATOMIC) | BIT(EV_DRAIN_ALL_PAGES) |
			     BIT(EV_OUT_OF_MEMORY) | BIT(EV_WARN_ALLOC);
static const uint64_t site = BIT(EV_SLOW_ENTER) | BIT(EV_SLOW_EXIT);
static const uint64_t attempts = BIT(EV_ATTEMPT_ENTER) | BIT(EV_ATTEMPT_EXIT);
static const uint64_t allocs = BIT(EV_ALLOC_ENTER) | BIT(EV_ALLOC_EXIT) | BIT(EV_PAGE_ALLOC);

uint64_t profile_kinds(enum profile profile)
{
	switch (profile) {
	case SITE:
		return tracepoints | rare | site;
	case SITE_OLD:
		return (tracepoints | rare | site) & ~BIT(EV_UNRESERVED);
	case FREELIST:
	case FREELIST_OLD:
		return tracepoints | rare | attempts;
	case FULL:
		return tracepoints | rare | site | attempts | allocs;
	case FULL_NO_SITE:
		return tracepoints | rare | attempts | allocs;
	default:
		return tracepoints | BIT(EV_PAGE_ALLOC);
	}
}

static struct speaker *speaker_of(struct speech *speech)
{
	struct speaker *speaker;

	for (speaker = speech->speakers; speaker < speech->speakers + TASKS_MAX; speaker++) {
		if (!speaker->pid)
			speaker->pid = speech->pid + 1;
		if (speaker->pid == speech->pid + 1)
			return speaker;
	}
	fail_msg("too many tasks");
	return NULL;
}

static void put(struct event *ev, enum ev_field field, uint64_t value)
{
	ev->have |= 1U << field;
	event_set(ev, field, value);
}

static uint32_t cpu_of(const struct speech *speech)
{
	return (uint32_t)speech->pid % 4;
}

/* A stack of 16 KiB per task, and one per CPU for interrupts. */
static uint64_t sp_at(const struct speech *speech, uint32_t depth)
{
	uint64_t stack = 0xffffc90000000000ULL + (uint64_t)speech->pid * 0x10000;

	if (speech->on_irq_stack)
		stack = 0xffffc9000f000000ULL + cpu_of(speech) * 0x8000;
	return stack + 0x3f00 - depth * 0x100;
}

static struct event event_of(struct speech *speech, enum ev_kind kind)
{
	struct event ev = { .ts_ns = speech->now,
			    .kind = kind,
			    .pid = speech->pid,
			    .cpu = cpu_of(speech),
			    .flags = speech->flags };

	if (kind == EV_SLOW_ENTER || kind == EV_ATTEMPT_EXIT) {
		ev.have = 1U << FIELD_COMM;
		strcpy(ev.comm, speech->comm);
	}
	return ev;
}

static void drain(struct speech *speech)
{
	const struct episode *ep;
	const struct detour *detour;

	while ((ep = seq_next(speech->seq)))
		if (speech->check)
			speech->check(ep, speech->arg);
	while ((detour = seq_next_detour(speech->seq)))
		if (speech->check_detour)
			speech->check_detour(detour, speech->arg);
}

static void say(struct speech *speech, const struct event *ev)
{
	if (ev->kind != EV_LOST && !(profile_kinds(speech->profile) & BIT(ev->kind)))
		return;
	assert_true(seq_feed(speech->seq, ev) >= 0);
	drain(speech);
}

static void say_request(struct speech *speech, enum ev_kind kind)
{
	struct event ev = event_of(speech, kind);

	put(&ev, FIELD_GFP, speech->gfp);
	put(&ev, FIELD_ORDER, speech->order);
	put(&ev, FIELD_SP, sp_at(speech, speaker_of(speech)->depth));
	say(speech, &ev);
}

static void say_value(struct speech *speech, enum ev_kind kind, enum ev_field field, uint64_t value)
{
	struct event ev = event_of(speech, kind);

	put(&ev, field, value);
	say(speech, &ev);
}

/* name, alloc_flags, return address, function that it lies in */
static const struct {
	const char *name;
	uint32_t flags;
	uint64_t caller;
	enum fn_role role;
} sites[] = {
	{ "F", 0x801, 0xe00, FN_ENTRY },     { "S", 0x840, 0x100, FN_SLOWPATH },
	{ "R", 0x840, 0x200, FN_SLOWPATH },  { "Rr", 0x804, 0x200, FN_SLOWPATH },
	{ "Sr", 0x804, 0x100, FN_SLOWPATH }, { "C", 0x840, 0x900, FN_DIRECT_COMPACT },
	{ "Ci", 0x840, 0x500, FN_SLOWPATH }, { "D", 0x840, 0x300, FN_SLOWPATH },
	{ "O", 0x42, 0x400, FN_SLOWPATH },   { "N0", 0x60, 0x600, FN_SLOWPATH },
	{ "N1", 0x20, 0x700, FN_SLOWPATH },  { "N4", 0x44, 0x600, FN_SLOWPATH },
	{ "T", 0x400, 0xf00, FN_OTHER },     { "Rv", 0x808, 0x200, FN_SLOWPATH },
	{ "Sv", 0x808, 0x100, FN_SLOWPATH }, { "Sf", 0x940, 0x100, FN_SLOWPATH },
};

/* What the filters of the profile let through (the recorder's plan). */
static bool records_enter(enum profile profile, uint32_t flags)
{
	return profile >= FULL || (!(flags & 1) && !(flags & 0x400));
}

static bool records_exit(enum profile profile, uint32_t flags, bool got_page)
{
	return profile >= FULL || (!(flags & 0x400) && (!got_page || !(flags & 1)));
}

static bool say_attempt(struct speech *speech, const char *word)
{
	size_t len = strlen(word) - 1;
	bool got_page = word[len] == '+';
	struct event ev;
	size_t i;

	for (i = 0; i < sizeof(sites) / sizeof(sites[0]); i++)
		if (strlen(sites[i].name) == len && !strncmp(word, sites[i].name, len))
			break;
	if (i == sizeof(sites) / sizeof(sites[0]) || (!got_page && word[len] != '-'))
		return false;
	ev = event_of(speech, EV_ATTEMPT_ENTER);
	put(&ev, FIELD_GFP, speech->gfp);
	put(&ev, FIELD_ORDER, speech->order);
	put(&ev, FIELD_ALLOC_FLAGS, sites[i].flags);
	put(&ev, FIELD_CALLER, sites[i].caller);
	ev.caller_role = sites[i].role;
	if (records_enter(speech->profile, sites[i].flags))
		say(speech, &ev);
	ev = event_of(speech, EV_ATTEMPT_EXIT);
	ev.ts_ns = speech->now += 5;
	put(&ev, FIELD_PAGE, got_page ? 0xffffea0000000040ULL : 0);
	put(&ev, FIELD_CALLER, sites[i].caller);
	ev.caller_role = sites[i].role;
	if (speech->profile != FREELIST_OLD)
		put(&ev, FIELD_ALLOC_FLAGS, sites[i].flags);
	if (records_exit(speech->profile, sites[i].flags, got_page))
		say(speech, &ev);
	return true;
}

static void say_result(struct speech *speech, enum ev_kind kind, bool got_page)
{
	struct event ev = event_of(speech, kind);

	put(&ev, FIELD_PAGE, got_page ? 0xffffea0000000040ULL : 0);
	put(&ev, FIELD_SP, sp_at(speech, --speaker_of(speech)->depth));
	say(speech, &ev);
}

static void say_note(struct speech *speech, const char *key, const char *text)
{
	struct event ev = event_of(speech, EV_NOTE);

	ev.text_len = (uint32_t)note_format(speech->note, key, 1, text, strlen(text));
	ev.text = speech->note;
	say(speech, &ev);
}

static bool say_bracket(struct speech *speech, const char *word)
{
	bool got_page = word[1] == '+';

	switch (*word) {
	case '[':
		say_request(speech, EV_SLOW_ENTER);
		speaker_of(speech)->depth++;
		return true;
	case '(':
		say_request(speech, EV_ALLOC_ENTER);
		speaker_of(speech)->depth++;
		return true;
	case ']':
		say_result(speech, EV_SLOW_EXIT, got_page);
		return true;
	case ')':
		if (word[1] == '?')
			return speaker_of(speech)->depth-- > 0;
		say_result(speech, EV_ALLOC_EXIT, got_page);
		return true;
	}
	return false;
}

/* A trap looks as if it were a hard interrupt itself, wherever it goes off. */
static bool set_level(struct speech *speech, char suffix)
{
	static const struct {
		char suffix;
		uint8_t flags;
		bool on_irq_stack;
	} levels[] = {
		{ '\0', 0, false },
		{ 's', EVENT_SOFTIRQ, true },
		{ 'h', EVENT_HARDIRQ, true },
		{ 'i', EVENT_NMI | EVENT_HARDIRQ, true },
		{ 'y', EVENT_NMI | EVENT_HARDIRQ | EVENT_SOFTIRQ, true },
		{ 't', EVENT_NMI | EVENT_HARDIRQ, false },
	};
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (levels[i].suffix != suffix)
			continue;
		speech->flags = levels[i].flags;
		speech->on_irq_stack = levels[i].on_irq_stack;
		return true;
	}
	return false;
}

static bool say_setting(struct speech *speech, const char *word)
{
	char *end;

	if (!strncmp(word, "until", 5)) {
		speech->until = strtoul(word + 5, &end, 10);
		return !*end;
	}
	if (!strncmp(word, "after", 5)) {
		speech->now += strtoul(word + 5, &end, 10);
		return !*end;
	}
	if (!strncmp(word, "comm=", 5)) {
		snprintf(speech->comm, sizeof(speech->comm), "%s", word + 5);
		return true;
	}
	switch (*word) {
	case '+':
		speech->now += strtoul(word + 1, &end, 10) - 10;
		return end > word + 1 && !*end;
	case 'o':
		speech->order = strtoul(word + 1, &end, 10);
		return end > word + 1 && !*end;
	case 'g':
		speech->gfp = strtoul(word + 1, &end, 16);
		return end > word + 1 && !*end;
	case '@':
		speech->pid = (int32_t)strtol(word + 1, &end, 10);
		return set_level(speech, *end);
	}
	return false;
}

/* word, kind, field that its number goes to; NR_EV_FIELDS: none */
static const struct {
	const char *name;
	enum ev_kind kind;
	enum ev_field field;
} words[] = {
	{ "re", EV_RECLAIM_END, FIELD_NR_RECLAIMED },
	{ "cb", EV_COMPACT_BEGIN, FIELD_RESULT },
	{ "ce", EV_COMPACT_END, FIELD_RESULT },
	{ "dr", EV_DRAIN_ALL_PAGES, FIELD_ZONE },
	{ "rz", EV_RECLAIM_RETRY_ZONE, FIELD_RESULT },
	{ "cr", EV_COMPACT_RETRY, FIELD_RESULT },
	{ "oo", EV_OUT_OF_MEMORY, FIELD_MEMCG },
	{ "mv", EV_MARK_VICTIM, FIELD_VICTIM },
	{ "th", EV_THROTTLED, FIELD_USEC },
	{ "kw", EV_KSWAPD_WAKE, FIELD_NID },
	{ "ks", EV_KSWAPD_SLEEP, FIELD_NID },
	{ "cw", EV_KCOMPACTD_WAKE, FIELD_NID },
	{ "cs", EV_KCOMPACTD_SLEEP, FIELD_NID },
	{ "nb", EV_NODE_RECLAIM_BEGIN, FIELD_NID },
	{ "mb", EV_MEMCG_RECLAIM_BEGIN, FIELD_ORDER },
	{ "ne", EV_NODE_RECLAIM_END, FIELD_NR_RECLAIMED },
	{ "st", EV_STACK, FIELD_STACK },
	{ "me", EV_MEMCG_RECLAIM_END, FIELD_NR_RECLAIMED },
};

static const struct {
	const char *name, *key, *text;
} notes[] = {
	{ "tool", NOTE_TOOL, "" },
	{ "start", NOTE_WINDOW_START, "" },
	{ "vmstart", NOTE_VMSTAT "start", "" },
	{ "vmstop", NOTE_VMSTAT "stop", "" },
	{ "exit", NOTE_EXIT, "" },
	{ "stop", NOTE_WINDOW_STOP, "" },
	{ "enabling", NOTE_VERIFY_ENABLING, "" },
	{ "disabled", NOTE_VERIFY_DISABLED, "" },
	{ "sysctl", NOTE_SYSCTL "start", "vm.admin_reserve_kbytes = 8192\n" },
	{ "defrag", NOTE_SYSCTL "start", "vm.defrag_mode = 1\n" },
};

static bool say_simple(struct speech *speech, const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i].name);
		char *end;
		unsigned long value;

		if (strncmp(word, words[i].name, len))
			continue;
		value = strtoul(word + len, &end, 10);
		if (*end)
			continue;
		say_value(speech, words[i].kind, words[i].field, value);
		return true;
	}
	for (i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		if (strcmp(word, notes[i].name))
			continue;
		say_note(speech, notes[i].key, notes[i].text);
		return true;
	}
	return false;
}

static bool say_special(struct speech *speech, const char *word)
{
	uint64_t gfp = speech->gfp;
	struct event ev;

	if (!strcmp(word, "w") || !strcmp(word, "w0")) {
		ev = event_of(speech, EV_WAKEUP_KSWAPD);
		put(&ev, FIELD_GFP, word[1] ? 0 : gfp);
		put(&ev, FIELD_NID, 0);
		say(speech, &ev);
	} else if (!strcmp(word, "rb")) {
		say_request(speech, EV_RECLAIM_BEGIN);
	} else if (!strcmp(word, "tc")) {
		say_request(speech, EV_COMPACT_TRY);
	} else if (!strncmp(word, "u0", 2) || !strncmp(word, "u1", 2)) {
		say_value(speech, EV_UNRESERVE_HIGHATOMIC, FIELD_FORCE, word[1] == '1');
		say_value(speech, EV_UNRESERVED, FIELD_RESULT, word[2] == '+');
	} else if (!strcmp(word, "wa") || !strcmp(word, "wv")) {
		say_value(speech, EV_WARN_ALLOC, FIELD_GFP, word[1] == 'v' ? gfp ^ 2 : gfp);
	} else if (!strcmp(word, "om")) {
		say_value(speech, EV_OUT_OF_MEMORY, FIELD_MEMCG, 0xffff888000000000ULL);
	} else if (!strcmp(word, "pa+") || !strcmp(word, "pa-")) {
		say_value(speech, EV_PAGE_ALLOC, FIELD_PFN, word[2] == '+' ? 42 : UINT64_MAX);
	} else if (!strcmp(word, "lost")) {
		ev = event_of(speech, EV_LOST);
		put(&ev, FIELD_UNTIL, speech->until ? speech->until : ev.ts_ns);
		speech->until = 0;
		say(speech, &ev);
	} else {
		return false;
	}
	return true;
}

/* The idle task takes over, or gives way. */
static bool say_sched(struct speech *speech, const char *word)
{
	static const struct {
		const char *name;
		uint64_t state;
		bool leaves;
	} switches[] = {
		{ "sl", 2, true },     /* D: uninterruptible sleep */
		{ "si", 1, true },     /* S: interruptible */
		{ "pr", 0x100, true }, /* R+: preempted */
		{ "gw", 0, true },     /* R: gave way */
		{ "in", 0, false },
	};
	struct event ev = event_of(speech, EV_SCHED_SWITCH);
	size_t i;

	if (!strcmp(word, "wk")) {
		say_value(speech, EV_SCHED_WAKEUP, FIELD_WAKEE, (uint64_t)speech->pid);
		return true;
	}
	for (i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		bool leaves = switches[i].leaves;

		if (strcmp(word, switches[i].name))
			continue;
		ev.pid = leaves ? speech->pid : 0;
		put(&ev, FIELD_PREV_PID, leaves ? (uint64_t)speech->pid : 0);
		put(&ev, FIELD_PREV_STATE, switches[i].state);
		put(&ev, FIELD_NEXT_PID, leaves ? 0 : (uint64_t)speech->pid);
		say(speech, &ev);
		return true;
	}
	return false;
}

static void say_word(struct speech *speech, const char *word)
{
	speech->now += 10;
	if (!say_special(speech, word) && !say_sched(speech, word) && !say_bracket(speech, word) &&
	    !say_attempt(speech, word) && !say_simple(speech, word) && !say_setting(speech, word))
		fail_msg("no such word: '%s'", word);
}

static void speak(struct speech *speech, const char *sentence, struct seq_counts *counts)
{
	char *text = strdup(sentence), *word, *rest;

	assert_non_null(text);
	speech->seq = seq_new(profile_kinds(speech->profile), 4);
	assert_non_null(speech->seq);
	speech->now = 1000;
	speech->pid = 7;
	strcpy(speech->comm, "task");
	speech->gfp = 0x100cca; /* GFP_HIGHUSER_MOVABLE */
	for (word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		say_word(speech, word);
	assert_int_equal(seq_finish(speech->seq), 0);
	drain(speech);
	if (counts)
		*counts = *seq_counts(speech->seq);
	seq_free(speech->seq);
	free(text);
}

struct writing {
	char *at, *end;
	bool sees_attempts;
};

static void __attribute__((format(printf, 2, 3)))
write_out(struct writing *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	out->at += vsnprintf(out->at, (size_t)(out->end - out->at), fmt, args);
	va_end(args);
	assert_true(out->at < out->end);
}

static void write_episode(const struct episode *ep, void *arg)
{
	struct writing *out = arg;
	uint32_t i;

	write_out(out, "%d%s %s:", ep->pid, ep->in_window ? "" : " outside",
		  ep->captured ? "captured" : outcome_name(ep->outcome));
	for (i = 0; i < ep->path_len; i++)
		write_out(out, "%s%s", i ? " > " : " ", stage_name(ep->path[i]));
	if (out->sees_attempts) {
		write_out(out, " |");
		for (i = 0; i < ep->nr_steps; i++)
			if (ep->steps[i].kind == STEP_ATTEMPT)
				write_out(out, " %s", attempt_name(ep->steps[i].detail));
	}
	write_out(out, "\n");
}

void sentence_run(enum profile profile, const char *sentence, char *text, size_t size,
		  struct seq_counts *counts)
{
	struct writing out = { .at = text,
			       .end = text + size,
			       .sees_attempts = profile_kinds(profile) & BIT(EV_ATTEMPT_ENTER) };
	struct speech speech = { .profile = profile, .check = write_episode, .arg = &out };

	*text = '\0';
	speak(&speech, sentence, counts);
}

void sentence_each(enum profile profile, const char *sentence,
		   void (*check)(const struct episode *ep, void *arg), void *arg,
		   struct seq_counts *counts)
{
	struct speech speech = { .profile = profile, .check = check, .arg = arg };

	speak(&speech, sentence, counts);
}

static void write_detour(const struct detour *detour, void *arg)
{
	write_out(arg, "%d %" PRIu32 " %" PRIu64 "\n", detour->kind, detour->reclaims, detour->ns);
}

void sentence_detours(enum profile profile, const char *sentence, char *text, size_t size)
{
	struct writing out = { .at = text, .end = text + size };
	struct speech speech = { .profile = profile, .check_detour = write_detour, .arg = &out };

	*text = '\0';
	speak(&speech, sentence, NULL);
}
