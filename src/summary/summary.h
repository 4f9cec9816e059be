/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The product of summary/: everything that is said about one capture, as plain values. Renderers
 * read it and nothing else; the same capture gives the same values in the same order.
 *
 * A struct summary is filled by aggregate_finish (aggregate.h) and owned by who asked for it, who
 * calls summary_free. All its texts and arrays belong to it. Texts are bytes as the kernel or the
 * capture gave them: they need not be UTF-8. NULL and `has_` = false mean: not known.
 */
#ifndef PAGETRAIL_SUMMARY_SUMMARY_H
#define PAGETRAIL_SUMMARY_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "kernel/readings.h"
#include "sequence/episode.h"
#include "sequence/sequence.h"
#include "summary/histogram.h"

/* What the JSON of a summary says that it is. */
#define SUMMARY_SCHEMA "pagetrail.summary/1"

/* How far a count can be trusted. */
enum certainty {
	CERTAINTY_UNKNOWN,     /* the capture cannot show it */
	CERTAINTY_EXACT,       /* min = count = max */
	CERTAINTY_BOUNDED,     /* min <= the true one <= max */
	CERTAINTY_LOWER_BOUND, /* min <= the true one; max is not known */
};

/* `count` is what was rebuilt, or the nearest that can be true. */
struct count {
	enum certainty certainty;
	uint64_t count, min, max;
};

/* How the times that were seen relate to the true ones. The values are bits: they add up by OR. */
enum time_basis {
	TIME_EXACT = 0,
	TIME_AT_LEAST = 1,    /* true ones may be longer: start or end was not seen */
	TIME_AT_MOST = 2,     /* true ones may be shorter: start or end is an event outside */
	TIME_APPROXIMATE = 3, /* both */
};

/* Times of `count` things. Quantiles are bounded as histogram.h says; nothing counts when 0. */
struct times {
	uint64_t count;
	uint64_t total_ns, p50_ns, p90_ns, p99_ns, p999_ns, max_ns;
	enum time_basis basis;
	bool has_buckets; /* they are known: a summary of before did not tell them */
	const struct bucket *buckets; /* those with a value, in order; the summary's */
	size_t nr_buckets;
};

struct known {
	bool known;
	uint64_t value;
};

struct text_list {
	const char **items;
	size_t nr, cap;
};

struct block_list {
	void **items;
	size_t nr, cap;
};

struct number {
	const char *name;
	int64_t value;
};

struct number_list {
	struct number *items;
	size_t nr, cap;
};

struct pair {
	const char *name, *text;
};

struct pair_list {
	struct pair *items;
	size_t nr, cap;
};

/* --- who and where ------------------------------------------------------------------------- */

struct identity {
	const char *tool_version; /* of the analyzer */

	/* The file: base name, SHA-256 in hex, bytes, version of the container. */
	const char *file, *sha256;
	uint64_t size;
	unsigned int version;
	/* The recording host: bytes of a long and of a page of the ring buffer. */
	bool big_endian;
	unsigned int long_size, page_size, nr_cpus;
	const char *clock;
	/* The window; where it has no such edge, the first and the last event. */
	bool window_opened, window_closed;
	uint64_t start_ns, stop_ns;

	const char *recorder_version;
	const char *profile, *profile_why;
	const char *ended;	     /* why the recording ended */
	struct known command_status; /* exit status of the command that was recorded */
	struct known buffer_kb;	     /* of the ring buffer, per CPU */
	struct known only_pid;	     /* only this task and its children were recorded */

	const char *kernel_release, *kernel_version, *machine;
	unsigned int release; /* kernel/flags.h; 0: not known */
	struct known cpus_online, cpus_possible, page_bytes, memory_kb;
};

/* --- the slowpath -------------------------------------------------------------------------- */

struct slowpath {
	enum seq_basis basis;
	struct count entries;
	struct count unseen; /* of them, those whose entry is not in the capture */
	uint64_t rebuilt;    /* those whose entry is, and whose end was looked for: not those nested too
				deep. The outcomes add up to it */
	uint64_t outcomes[NR_OUTCOMES];
	uint64_t captured;   /* pages captured by compaction, where has_attempts */
	struct times nested; /* episodes inside other episodes; their time is in both */
	struct times times;
	struct times self; /* of all episodes, without the time of those inside them */
	/* Those that are inside no other, by whose they are; with the nested ones, all. */
	struct times stalls;			 /* tasks', which wait for a page */
	struct times background[NR_BACKGROUNDS]; /* kswapd's and kcompactd's: nobody's wait */
	struct times interrupts;
	uint64_t time_basis[TIME_APPROXIMATE + 1]; /* episodes by enum time_basis */
};

/* One stage: times are those of one episode in that stage, over all its visits. */
struct stage_row {
	uint64_t episodes, visits;
	uint64_t succeeded;	  /* episodes that got their page in it */
	uint64_t run_ns[NR_RUNS]; /* add up to the time in all, where waiting.has_sched */
	struct times times;
};

/* Times are those of the visit that the step leaves. */
struct transition_row {
	enum stage from, to;
	struct times times;
};

struct path_row {
	const char *path;
	struct times times;
};

enum by { BY_ORDER, BY_GFP, BY_MIGRATETYPE, BY_COMM, BY_ORDER_GFP, NR_BY };

enum key_kind {
	KEY_KNOWN,
	KEY_UNKNOWN, /* the episodes whose key was not seen */
	KEY_OTHER,   /* the episodes whose keys did not fit the bounded table */
};

struct key_row {
	enum key_kind kind;
	int64_t number;	  /* the gfp flags, where they are part of the key */
	int64_t order;	  /* beside them, of BY_ORDER_GFP */
	const char *text; /* comm, name of the migratetype, names of the gfp bits */
	struct times times;
};

struct key_table {
	bool known; /* summaries of older versions lack some */
	struct key_row *rows;
	size_t nr;
};

/* A function of a call stack, as the kernel prints it: "ext4_writepages [ext4]". */
struct frame_row {
	const char *function; /* NULL: not known */
	struct known offset;  /* of the return address in it; not known: it differs, too */
};

/* Innermost first: from the entry function of the page allocator, out to where the kernel began. */
struct frame_list {
	bool known;
	struct frame_row *rows;
	size_t nr;
};

/* The episodes whose call stacks have the same functions. */
struct caller_row {
	enum key_kind kind;
	struct frame_list frames; /* of KEY_KNOWN */
	struct times times;
};

/* Where the episodes of one recorded call stack are counted. */
struct stack_row {
	enum key_kind kind;
	struct frame_list frames; /* of KEY_KNOWN: those of a caller_row, which owns them */
};

struct caller_table {
	bool known; /* call stacks were recorded */
	struct caller_row *rows; /* most frequent first */
	size_t nr;
	struct stack_row *stacks; /* by the number that an episode has; a JSON summary tells none */
	size_t nr_stacks;
};

/* What a profile that sees get_page_from_freelist tells. */
struct attempts {
	bool has_attempts; /* those of the slowpath, */
	bool has_results;  /* and what they returned, */
	bool has_all;	   /* and every one of the fast path */
	bool has_nulls;	   /* every NULL return, of the fast path too */
	uint64_t attempts[NR_ATTEMPTS], null_attempts[NR_ATTEMPTS];
	uint64_t null_returns;	      /* the naive count of slowpath entries */
	uint64_t overcount_per_mille; /* null_returns / entries, where there were any */
	bool has_allocations;
	struct count allocations;
};

/* Allocations that were slow outside the slowpath, or reclaims elsewhere: see sequence/detour.h. */
struct detour_row {
	bool known;	   /* the profile shows them */
	uint64_t reclaims; /* in all */
	struct times times;
};

/* One of the slowest episodes. */
struct worst {
	struct episode *episode;
	enum time_basis basis;
	const char *path;
	const char *comm; /* NULL: not known */
	const char *gfp;  /* names of its gfp bits */
	const char *exit;
	const char *origin; /* capture that it is from, in a summary of many; NULL: the one */
	struct frame_list stack; /* of its entry */
};

/* An episode as it is shown, with what its numbers are called; nothing of it belongs to the view. */
struct episode_view {
	const struct episode *episode;
	enum time_basis basis;
	const char *path, *comm, *gfp, *exit; /* as in struct worst */
	/* NULL while a capture is read: what episode->stack is a number of has its names in the end. */
	const struct frame_list *stack;
};

/* What a capture can tell of each episode. */
struct sight {
	bool attempts, results; /* its attempts, and what they returned */
	bool exits;		/* why it ended, and its retries */
	bool sched;		/* when its task was on a CPU */
	bool whole;		/* all of struct episode; else what the JSON of a listed one holds */
	unsigned int release;	/* kernel/flags.h */
	uint64_t start_ns;	/* of the window, or the first event */
};

/* --- why they ended ------------------------------------------------------------------------- */

struct exit_row {
	enum outcome outcome;
	uint32_t reasons; /* bit per enum exit_reason: those left over; 0: none fits */
	enum watermark watermark;
	const char *exit; /* one name for them, or "unknown", */
	const char *text; /* or all of them */
	struct times times;
};

struct number_between {
	uint64_t min;
	struct known max;
};

/*
 * "captured or after_compaction": all of the reasons, for people. It lives as long as `texts`; NULL
 * without memory.
 */
const char *exits_text(uint32_t reasons, struct text_list *texts);

#define RETRIES_CLASSES 8 /* 0, 1, 2 to 3, 4 to 7, ..., 64 and more */

/* Of the episodes that ended. */
struct exits {
	bool known;	       /* the capture can tell */
	struct exit_row *rows; /* most frequent first */
	size_t nr;
	struct number_between retries, most_retries;		/* of all, and of one episode */
	struct number_between oom_lock_waits, oom_lock_waiters; /* of all; episodes with any */
	uint64_t by_retries[RETRIES_CLASSES];
	uint64_t retries_not_exact; /* episodes in no class */
};

/* --- who waits for whom -------------------------------------------------------------------- */

#define IN_FLIGHT_MAX 1000

/* Time with `from` to `to` tasks stalled at once. */
struct crowd_row {
	uint64_t from, to;
	uint64_t ns, task_ns;
};

struct concurrency {
	enum time_basis basis;	     /* how the numbers relate to the true ones */
	uint64_t window_ns, task_ns; /* their ratio is the mean */
	uint64_t max, max_at_ns;
	struct crowd_row rows[NR_CROWD_ROWS]; /* with some time, the fewest tasks first */
	size_t nr_rows;
	uint64_t stage_max[NR_TIMED_STAGES], stage_task_ns[NR_TIMED_STAGES];
	uint64_t nr_late; /* changes that could not be counted at their time */
};

struct waiting {
	bool has_sched;		 /* it is known when tasks were on a CPU */
	struct worst *in_flight; /* the oldest first; those entered before the window too */
	size_t nr_in_flight;
	uint64_t nr_in_flight_all;
	struct concurrency crowd;
	/* Of the episodes that are counted. */
	uint64_t nr_holes, holes_ns[NR_RUNS];
	uint64_t nr_lost_holes; /* further ones, that ended in a loss of records */
};

/* --- over time ----------------------------------------------------------------------------- */

/* An interval of the window. */
struct timeline_row {
	uint64_t start_ns, duration_ns;
	bool lossy; /* records are missing in it: there may have been more of all that follows */
	uint64_t entries;		    /* episodes that were entered in it */
	uint64_t stalled_ns;		    /* the part of all outermost episodes that lies in it */
	uint64_t stage_ns[NR_TIMED_STAGES]; /* the same by stage, as far as their paths are kept */
	uint64_t awake_ns, maybe_awake_ns;  /* at least one kswapd: certain and possible */
	uint64_t counted_ns; /* between the two readings that the rest is from; 0: there are none */
	struct known free_pages, free_pages_min; /* at the end; the least of all readings */
	uint32_t has_change;			 /* bit per enum reading */
	int64_t change[NR_READINGS];
};

/* --- what the kernel said itself ----------------------------------------------------------- */

/* /proc/pressure/memory: percentages as the kernel printed them, and microseconds in all. */
struct pressure {
	const char *avg10, *avg60, *avg300; /* NULL: the line is absent */
	uint64_t total_us;
};

struct snapshot {
	bool has_zoneinfo, has_buddyinfo, has_pressure, has_meminfo, has_sysctl;
	struct text_list zoneinfo, buddyinfo; /* lines */
	struct pressure some, full;
	struct number_list meminfo; /* names end in _kb where the kernel prints kB */
	struct pair_list sysctl;
};

struct state {
	bool has_vmstat;
	struct number_list vmstat; /* what changed, by name: stop - start */
	struct snapshot start, stop;
};

enum verdict {
	VERDICT_OK,
	VERDICT_EXPLAINED, /* differs by what `why` names */
	VERDICT_MISMATCH,
	VERDICT_UNKNOWN, /* one side was not recorded */
};

struct relation {
	const char *what;
	const char *traced_is, *kernel_is; /* what the two numbers count */
	const char *relation;		   /* that must hold between them */
	const char *why;		   /* NULL when there is nothing to add */
	bool has_traced, has_kernel;
	uint64_t traced;     /* inside the window, */
	uint64_t traced_max; /* and with the edges between the window and the kernel's interval */
	uint64_t kernel;
	enum verdict verdict;
};

/* --- limits -------------------------------------------------------------------------------- */

/* Reasons why counts are not exact, or a capture not whole. Bits of limits.gaps. */
enum gap {
	GAP_LOST,	  /* the ring buffer lost records inside the window */
	GAP_LOSS_COUNTS,  /* no counts of lost records at the end of the recording */
	GAP_MISSED,	  /* the probe that shows entries missed hits */
	GAP_MISSED_OTHER, /* another probe missed hits */
	GAP_DAMAGED,
	GAP_UNDECODABLE,
	GAP_UNFINISHED, /* the recorder never completed the file */
	GAP_NO_WINDOW,	/* the start or the end of the recording is not in it */
	GAP_EVICTED,	/* a bounded table was full */
	NR_GAPS
};

#define LOSS_RANGES_MAX 16 /* kept per CPU */

struct loss_range {
	uint64_t from_ns, to_ns; /* from_ns 0: since before the first record */
	bool has_records;
	uint64_t records;
};

struct cpu_loss {
	uint32_t cpu;
	uint64_t places;
	uint64_t records;	    /* as far as they were counted */
	bool uncounted;		    /* some places do not say how many */
	uint64_t first_ns, last_ns; /* all ranges lie within */
	unsigned int nr_ranges;	    /* the first ones */
	struct loss_range ranges[LOSS_RANGES_MAX];
};

/* What the ring buffer of a CPU counted itself (per_cpu/cpuN/stats). */
struct ring_loss {
	uint64_t cpu, overrun, commit_overrun, dropped;
};

struct probe_count {
	const char *name;
	uint64_t hits, missed;
};

struct limits {
	unsigned int gaps; /* bit per enum gap */
	struct known lost; /* records at most, of the window and a little more */
	struct cpu_loss *losses;
	size_t nr_losses;
	bool has_ring_losses;
	struct ring_loss *ring_losses; /* CPUs that lost something */
	size_t nr_ring_losses;
	bool has_probes;
	struct probe_count *probes;
	size_t nr_probes;
	struct capture_damage damage;
	bool unfinished;
	uint64_t notes_dropped;
	uint64_t orphan_exits; /* episodes that began before the capture */
	uint64_t orphans;      /* events of a slowpath whose entry was not seen */
	uint64_t lost_breaks;  /* open episodes given up at a loss */
	uint64_t unpaired_attempts;
	uint64_t entries_before, entries_after; /* outside the window */
	uint64_t evicted_contexts, nested_too_deep;
	uint64_t path_tails;	     /* episodes with more stages than are kept */
	uint64_t dropped_steps;	     /* of the episodes that are listed */
	uint64_t folded_paths;	     /* episodes whose path did not fit the table */
	uint64_t folded_keys;	     /* episodes in rows KEY_OTHER, over all tables */
	struct known stacks_alone;   /* recorded call stacks that no episode can be found for */
	struct pair_list not_probed; /* a probe or "limit", and what cannot be known */
};

/* Of a summary of many (merge/). */
struct merged {
	uint64_t summaries; /* 0: it is of one capture */
	uint64_t cpus;	    /* of all */
};

/* What was taken out of a summary, as redact.h says. Bits of summary.redacted. */
enum redaction {
	REDACTED_COMMS,
	REDACTED_PIDS,
	REDACTED_FILE,	    /* its name, and those of the captures that it is of */
	REDACTED_ADDRESSES, /* of the kernel, in texts that the recorder wrote */
	NR_REDACTIONS
};

#define REDACT_FILE "(redacted)" /* what the name of the file becomes */

struct summary {
	struct merged merged;
	unsigned int redacted; /* bit per enum redaction */
	struct identity identity;
	struct slowpath slowpath;
	struct attempts attempts;
	struct stage_row stages[NR_TIMED_STAGES];
	struct transition_row *transitions; /* in the order of from, to */
	size_t nr_transitions;
	struct path_row *paths; /* most frequent first */
	size_t nr_paths;
	struct key_table by[NR_BY]; /* most frequent first */
	struct caller_table callers;
	struct detour_row detours[NR_DETOURS];
	enum certainty detours_certainty;
	struct worst *worst; /* slowest first */
	size_t nr_worst;
	struct waiting waiting;
	struct exits exits;
	struct timeline_row *timeline; /* in the order of time; they cover the window */
	size_t nr_timeline;
	bool has_kswapd; /* its events were recorded */
	struct state state;
	struct relation *relations;
	size_t nr_relations;
	struct limits limits;

	struct text_list texts; /* owns every text above that is no constant, */
	struct block_list blocks; /* and these the rest that is not freed by name */
	bool no_memory;		  /* a block was refused: what is above is not whole */
};

void summary_free(struct summary *summary);

/* Zeroed bytes that live as long as the summary. NULL, and summary->no_memory, without memory. */
void *summary_keep(struct summary *summary, size_t nr, size_t size);

/* Of the episodes that are listed. */
struct episode_view summary_view(const struct worst *worst);
struct sight summary_sight(const struct summary *summary);

/* By the number of its call stack, in the summary that was made of the episode; borrowed. */
struct stack_row summary_callers(const struct summary *summary, uint32_t stack);

/* Nothing is missing that the profile should have shown. */
bool summary_is_complete(const struct summary *summary);

const char *certainty_name(enum certainty certainty);
const char *time_basis_name(enum time_basis basis);
const char *verdict_name(enum verdict verdict);
const char *basis_name(enum seq_basis basis);
const char *by_name(enum by by);
const char *gap_name(enum gap gap);
const char *redaction_name(enum redaction redaction);

#endif
