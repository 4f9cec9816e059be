// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plugin's sources with sanitizers, fed with formats and records made by hand: what it prints,
 * whom it answers for, and that no size, place or kind of a field has it read where nothing is.
 * Records lie at the end of memory of their own, so that one byte too many is seen. TAP.
 */
#include <event-parse.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int tep_plugin_loader(struct tep_handle *tep);
int tep_plugin_unloader(struct tep_handle *tep);

#define OUR_GROUP "pagetrail_1_2"

/* --- Scaffolding. --- */

struct scene {
	struct tep_handle *tep;
	int next_id;
	char text[65536];
};

static unsigned int nr_failed;

static void tap(bool is_good, const char *name)
{
	printf("%s - %s\n", is_good ? "ok" : "not ok", name);
	nr_failed += !is_good;
}

static void scene_open(struct scene *scene)
{
	memset(scene, 0, sizeof(*scene));
	scene->tep = tep_alloc();
	if (!scene->tep)
		abort();
	tep_set_loglevel(TEP_LOG_NONE);
	scene->next_id = 100;
}

static void scene_load(struct scene *scene)
{
	scene_open(scene);
	tep_plugin_loader(scene->tep);
}

static void scene_close(struct scene *scene)
{
	tep_plugin_unloader(scene->tep);
	tep_free(scene->tep);
}

/* Adds the format of an event; `fields` are its lines, `print` what follows "print fmt: ". */
static int add_format(struct scene *scene, const char *system, const char *name, const char *fields,
		      const char *print)
{
	char *text;
	int len = asprintf(&text,
			   "name: %s\nID: %d\nformat:\n"
			   "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n"
			   "%s\nprint fmt: %s\n",
			   name, scene->next_id, fields, print);

	if (len < 0)
		abort();
	tep_parse_event(scene->tep, text, (unsigned long)len, system);
	free(text);
	return scene->next_id++;
}

/* What is printed for a record of these bytes. */
static const char *print(struct scene *scene, int id, const void *bytes, size_t size)
{
	struct tep_record record = { .size = (int)size, .record_size = (int)size };
	uint16_t type = (uint16_t)id;
	struct trace_seq s;
	void *data = malloc(size ? size : 1);

	if (!data)
		abort();
	memcpy(data, bytes, size);
	if (size >= sizeof(type))
		memcpy(data, &type, sizeof(type));
	record.data = data;
	trace_seq_init(&s);
	tep_print_event(scene->tep, &s, &record, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(&s);
	snprintf(scene->text, sizeof(scene->text), "%s", s.buffer);
	trace_seq_destroy(&s);
	free(data);
	return scene->text;
}

static void expect(struct scene *scene, int id, const void *bytes, size_t size, const char *text,
		   const char *name)
{
	const char *printed = print(scene, id, bytes, size);
	bool is_good = !strcmp(printed, text);

	tap(is_good, name);
	if (!is_good)
		printf("# expected '%s'\n# printed  '%s'\n", text, printed);
}

/* --- What is printed. --- */

struct attempt {
	uint16_t type;
	uint8_t pad[2];
	uint32_t gfp, order, alloc_flags;
	int32_t migratetype;
	uint32_t highest_zone;
} __attribute__((packed));

#define ATTEMPT_FIELDS                                               \
	"\tfield:u32 gfp;\toffset:4;\tsize:4;\tsigned:0;\n"          \
	"\tfield:u32 order;\toffset:8;\tsize:4;\tsigned:0;\n"        \
	"\tfield:u32 alloc_flags;\toffset:12;\tsize:4;\tsigned:0;\n" \
	"\tfield:s32 migratetype;\toffset:16;\tsize:4;\tsigned:1;\n" \
	"\tfield:u32 highest_zone;\toffset:20;\tsize:4;\tsigned:0;\n"

/* The dictionary of a kernel that never was, so that no built-in knowledge can pass for it. */
#define RECLAIM_PRINT                                                              \
	"\"%s\", (REC->gfp_flags) ? __print_flags(REC->gfp_flags, \"|\", "         \
	"{ (unsigned long)(0x10 | 0x20), \"GFP_TWO\" }, { 0x10, \"__GFP_ONE\" }, " \
	"{ 0x40UL, \"__GFP_X\" }) : \"none\""

static void add_kernel(struct scene *scene, const char *gfp_size)
{
	char fields[256];

	snprintf(fields, sizeof(fields),
		 "\tfield:unsigned long gfp_flags;\toffset:8;\tsize:%s;\tsigned:0;\n", gfp_size);
	add_format(scene, "vmscan", "mm_vmscan_direct_reclaim_begin", fields, RECLAIM_PRINT);
	add_format(scene, "oom", "reclaim_retry_zone",
		   "\tfield:int zone_idx;\toffset:4;\tsize:4;\tsigned:1;\n",
		   "\"%s\", __print_symbolic(REC->zone_idx, {0, \"Low\"}, {3, \"Top\"})");
}

static void names_come_from_the_capture(void)
{
	struct attempt record = { .gfp = 0x80000070,
				  .order = 3,
				  .alloc_flags = 0x8000840,
				  .migratetype = 1,
				  .highest_zone = 3 };
	struct scene scene;
	int id;

	scene_load(&scene);
	add_kernel(&scene, "8");
	id = add_format(&scene, OUR_GROUP, "attempt_enter", ATTEMPT_FIELDS, "\"\"");
	expect(&scene, id, &record, sizeof(record),
	       "attempt at the min watermark: gfp=GFP_TWO|__GFP_X|0x80000000 order=3 "
	       "alloc_flags=ALLOC_WMARK_MIN|ALLOC_CPUSET|ALLOC_KSWAPD|0x8000000 "
	       "migratetype=Movable highest_zone=Top",
	       "names of flags and zones are the capture's, unknown bits in hex");
	record = (struct attempt){ .gfp = 0x10, .alloc_flags = 0x881, .migratetype = 4 };
	expect(&scene, id, &record, sizeof(record),
	       "fast attempt at the low watermark: gfp=__GFP_ONE order=0 "
	       "alloc_flags=ALLOC_WMARK_LOW|ALLOC_CMA|ALLOC_KSWAPD migratetype=4 highest_zone=Low",
	       "the fast attempt; a migratetype that depends on the configuration");
	record = (struct attempt){ .alloc_flags = 0x4, .migratetype = -1, .highest_zone = 7 };
	expect(&scene, id, &record, sizeof(record),
	       "attempt without watermarks: gfp=none order=0 "
	       "alloc_flags=ALLOC_WMARK_MIN|ALLOC_NO_WATERMARKS migratetype=-1 highest_zone=7",
	       "no gfp flags, no watermarks, values without a name");
	scene_close(&scene);
}

static void without_other_formats_numbers_remain(void)
{
	struct attempt record = { .gfp = 0x140cca, .alloc_flags = 0x30, .highest_zone = 2 };
	struct scene scene;
	int id;

	scene_load(&scene);
	id = add_format(&scene, OUR_GROUP, "attempt_enter", ATTEMPT_FIELDS, "\"\"");
	expect(&scene, id, &record, sizeof(record),
	       "attempt at the min watermark: gfp=0x140cca order=0 alloc_flags=ALLOC_WMARK_MIN|0x30 "
	       "migratetype=Unmovable highest_zone=2",
	       "without the formats of the kernel's events: hex, and no name that depends on its age");
	scene_close(&scene);
}

static void alloc_flags_are_named_by_age(void)
{
	/* HARDER and HIGH of 5.10 are NON_BLOCK and MIN_RESERVE later; gfp_flags grew from 4 to 8. */
	static const struct {
		const char *gfp_size, *text;
	} kernels[] = {
		{ "4", "gfp=none order=0 alloc_flags=ALLOC_WMARK_MIN|ALLOC_HARDER|ALLOC_HIGH "
		       "migratetype=Unmovable highest_zone=Low" },
		{ "8", "gfp=none order=0 alloc_flags=ALLOC_WMARK_MIN|ALLOC_NON_BLOCK|"
		       "ALLOC_MIN_RESERVE migratetype=Unmovable highest_zone=Low" },
	};
	struct attempt record = { .alloc_flags = 0x30 };
	struct scene scene;
	char text[512];
	size_t i;
	int id;

	for (i = 0; i < 2; i++) {
		scene_load(&scene);
		add_kernel(&scene, kernels[i].gfp_size);
		id = add_format(&scene, OUR_GROUP, "attempt_enter", ATTEMPT_FIELDS, "\"\"");
		snprintf(text, sizeof(text), "attempt at the min watermark: %s", kernels[i].text);
		expect(&scene, id, &record, sizeof(record), text,
		       i ? "alloc_flags of 6.1 and later" : "alloc_flags of 5.10");
		scene_close(&scene);
	}
}

static void each_event_says_how_it_went(void)
{
	static const struct {
		const char *event, *field, *missing, *zero, *other;
	} events[] = {
		{ "slow_exit", "page", "leaves the slowpath:",
		  "leaves the slowpath, failed: page=0x0", "leaves the slowpath, ok: page=0x5" },
		{ "fast_null", "page",
		  "fast attempt:", "fast attempt, no page, enters the slowpath: page=0x0",
		  "fast attempt, ok: page=0x5" },
		{ "attempt_exit_16", "page", "attempt:", "attempt, no page: page=0x0",
		  "attempt, ok: page=0x5" },
		{ "alloc_exit", "page", "allocation ends:", "allocation ends, failed: page=0x0",
		  "allocation ends, ok: page=0x5" },
		{ "unreserved", "freed", "atomic reserve:", "atomic reserve, gave nothing: freed=0",
		  "atomic reserve, gave a block: freed=5" },
		{ "drain_all_pages", "zone", "drains the pages kept by CPUs:",
		  "drains the pages kept by CPUs, all zones: zone=0x0",
		  "drains the pages kept by CPUs, one zone: zone=0x5" },
		{ "out_of_memory", "memcg",
		  "out of memory:", "out of memory, the system: memcg=0x0",
		  "out of memory, a memory cgroup: memcg=0x5" },
	};
	uint64_t zero[2] = { 0, 0 }, other[2] = { 0, 5 };
	char field[128];
	struct scene scene;
	size_t i;
	int id;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		scene_load(&scene);
		snprintf(field, sizeof(field), "\tfield:u64 %s;\toffset:8;\tsize:8;\tsigned:0;\n",
			 events[i].field);
		id = add_format(&scene, OUR_GROUP, events[i].event, field, "\"\"");
		expect(&scene, id, zero, sizeof(zero), events[i].zero, events[i].zero);
		expect(&scene, id, other, sizeof(other), events[i].other, events[i].other);
		expect(&scene, id, other, 8, events[i].missing, events[i].missing);
		scene_close(&scene);
	}
}

static void big_endian_records_read_the_same(void)
{
	static const unsigned char record[] = { 0, 0, 0, 0, 0, 0, 0, 0x50, 0, 0, 0, 2 };
	struct scene scene;
	int id;

	scene_load(&scene);
	tep_set_file_bigendian(scene.tep, TEP_BIG_ENDIAN);
	add_kernel(&scene, "8");
	/* Number 0, which is the same in both orders. */
	scene.next_id = 0;
	id = add_format(&scene, OUR_GROUP, "direct_compact",
			"\tfield:u32 gfp;\toffset:4;\tsize:4;\tsigned:0;\n"
			"\tfield:u32 order;\toffset:8;\tsize:4;\tsigned:0;\n",
			"\"\"");
	expect(&scene, id, record, sizeof(record),
	       "direct compaction: gfp=__GFP_ONE|__GFP_X order=2",
	       "a capture of the other byte order");
	scene_close(&scene);
}

static void a_task_cannot_command_the_terminal(void)
{
	static const char record[] = "tt\0\0\0\0\0\0\x0e\0\x09\0\0\0"
				     "a\033[2J\"\\\x9b" /* of 9 bytes, no NUL */
				     "z";
	struct scene scene;
	int id;

	scene_load(&scene);
	id = add_format(&scene, OUR_GROUP, "slow_enter",
			"\tfield:__data_loc char[] comm;\toffset:8;\tsize:4;\tsigned:1;\n", "\"\"");
	expect(&scene, id, record, sizeof(record) - 1,
	       "enters the slowpath: comm=\"a\\x1b[2J\\x22\\x5c\\x9bz\"",
	       "a name of a task with control characters, quotes, without an end");
	scene_close(&scene);
}

/* --- Whom it answers for. --- */

#define PAGE_FIELD "\tfield:u64 page;\toffset:8;\tsize:8;\tsigned:0;\n"
#define OTHERS	   "\"theirs %d\", REC->page"

static void others_events_stay_theirs(void)
{
	uint64_t record[2] = { 0, 0 };
	struct scene scene;
	int theirs, ours, second;

	scene_load(&scene);
	theirs = add_format(&scene, "probe", "slow_exit", PAGE_FIELD, OTHERS);
	ours = add_format(&scene, OUR_GROUP, "slow_exit", PAGE_FIELD, OTHERS);
	second = add_format(&scene, "pagetrail_3_4", "slow_exit_99", PAGE_FIELD, OTHERS);
	expect(&scene, theirs, record, sizeof(record), "theirs 0",
	       "an event of somebody else with our event's name is printed as without us");
	expect(&scene, ours, record, sizeof(record), "leaves the slowpath, failed: page=0x0",
	       "ours comes after it");
	expect(&scene, second, record, sizeof(record), "leaves the slowpath, failed: page=0x0",
	       "a second recorder's, with a suffix that nobody waits for");
	expect(&scene, theirs, record, sizeof(record), "theirs 0", "and theirs stays so");
	tap(!tep_find_event(scene.tep, theirs)->handler, "and has no handler of ours any more");
	scene_close(&scene);
}

static int their_handler(struct trace_seq *s, struct tep_record *record, struct tep_event *event,
			 void *context)
{
	(void)record;
	(void)event;
	trace_seq_puts(s, context);
	return 0;
}

static void loaded_after_the_formats(void)
{
	uint64_t record[2] = { 0, 0 };
	char theirs_text[] = "another plugin";
	struct scene scene;
	int theirs, ours;

	scene_open(&scene);
	theirs = add_format(&scene, "probe", "slow_exit", PAGE_FIELD, OTHERS);
	ours = add_format(&scene, OUR_GROUP, "slow_exit", PAGE_FIELD, OTHERS);
	tep_register_event_handler(scene.tep, theirs, "probe", "slow_exit", their_handler,
				   theirs_text);
	tep_plugin_loader(scene.tep);
	expect(&scene, ours, record, sizeof(record), "leaves the slowpath, failed: page=0x0",
	       "loaded after the formats were read");
	expect(&scene, theirs, record, sizeof(record), "another plugin",
	       "another plugin's handler for an event with our event's name stays");
	tep_plugin_unloader(scene.tep);
	expect(&scene, ours, record, sizeof(record), "theirs 0",
	       "unloaded: printed by the library");
	expect(&scene, theirs, record, sizeof(record), "another plugin",
	       "unloaded: another plugin's handler stays");
	tep_free(scene.tep);
}

static void unloaded_before_the_formats(void)
{
	uint64_t record[2] = { 0, 0 };
	struct scene scene;
	int id;

	scene_load(&scene);
	tep_plugin_unloader(scene.tep);
	id = add_format(&scene, OUR_GROUP, "slow_exit", PAGE_FIELD, OTHERS);
	expect(&scene, id, record, sizeof(record), "theirs 0", "unloaded: no name waits any more");
	scene_close(&scene);
	tap(tep_plugin_loader(NULL) && tep_plugin_unloader(NULL), "no handle is refused");
}

/* Two events of one number: whatever the library makes of them, no handler stays behind. */
static void doubled_formats(void)
{
	uint64_t record[2] = { 0, 0 };
	struct scene scene;
	int id, i, nr_left = 0;

	scene_load(&scene);
	for (i = 0; i < 3; i++) {
		id = add_format(&scene, OUR_GROUP, "slow_exit", PAGE_FIELD, OTHERS);
		scene.next_id = id;
	}
	scene.next_id++;
	print(&scene, add_format(&scene, OUR_GROUP, "slow_enter", PAGE_FIELD, OTHERS), record,
	      sizeof(record));
	print(&scene, id, record, sizeof(record));
	tap(!strncmp(scene.text, "leaves the slowpath", 19), "one event three times is printed");
	tep_plugin_unloader(scene.tep);
	for (i = 0; i < tep_get_events_count(scene.tep); i++)
		nr_left += !!tep_get_event(scene.tep, i)->handler;
	tap(!nr_left, "one event three times: no handler is left");
	tep_free(scene.tep);
}

/* --- Hostile formats. --- */

static const char *const names[] = {
	"slow_enter",	   "slow_exit",	    "fast_null",  "attempt_enter",  "attempt_exit",
	"alloc_enter",	   "alloc_exit",    "unreserved", "direct_compact", "unreserve_highatomic",
	"drain_all_pages", "out_of_memory", "warn_alloc",
};

static const char *const fields[] = { "gfp",  "alloc_flags", "migratetype", "highest_zone",
				      "page", "comm",	     "freed",	    "memcg",
				      "zone", "__probe_ip",  "order" };

static const char *const types[] = {
	"u32 %s",
	"s64 %s",
	"u8 %s",
	"u32 %s[4]",
	"char %s[16]",
	"char %s[0]",
	"char *%s",
	"__data_loc char[] %s",
	"__data_loc u32[] %s",
	"__rel_loc char[] %s",
	"__rel_loc u64[] %s",
	"unsigned long %s[]",
	"struct x %s",
};

static const char *const places[] = { "0",     "4",	     "7",  "16", "20",
				      "65535", "2147483647", "-1", "-8", "4294967295" };
static const char *const sizes[] = { "0",  "1",	    "2",	  "3",	"4", "8",
				     "16", "65536", "2147483647", "-1", "-4" };

#define NR(table) (sizeof(table) / sizeof((table)[0]))

struct luck {
	uint64_t state;
};

static size_t pick(struct luck *luck, size_t nr)
{
	luck->state = luck->state * 6364136223846793005U + 1442695040888963407U;
	return (size_t)(luck->state >> 33) % nr;
}

static void put_line(struct luck *luck, char *to, size_t size)
{
	char declared[96];

	snprintf(declared, sizeof(declared), types[pick(luck, NR(types))],
		 fields[pick(luck, NR(fields))]);
	snprintf(to, size, "\tfield:%s;\toffset:%s;\tsize:%s;\tsigned:%zu;\n", declared,
		 places[pick(luck, NR(places))], sizes[pick(luck, NR(sizes))], pick(luck, 2));
}

static bool is_clean(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e)
			return false;
	return true;
}

/* One capture of one event with some fields of chance, and records of every length. */
static bool try_luck(struct luck *luck)
{
	unsigned char bytes[48];
	char lines[1024] = "";
	struct scene scene;
	bool is_good = true;
	size_t i, nr = pick(luck, 6);
	int id;

	for (i = 0; i < nr; i++)
		put_line(luck, lines + strlen(lines), sizeof(lines) - strlen(lines));
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = pick(luck, 3) ? (unsigned char)pick(luck, 256) : 0;
	scene_open(&scene);
	if (pick(luck, 2))
		add_kernel(&scene, sizes[pick(luck, NR(sizes))]);
	id = add_format(&scene, OUR_GROUP, names[pick(luck, NR(names))], lines, "\"\"");
	/*
	 * Loaded now, so that it answers for formats that do not parse, too: the library's own
	 * printing of those reads anywhere. It also reads the number of the event without a look at
	 * the length.
	 */
	tep_plugin_loader(scene.tep);
	for (i = 2; i <= sizeof(bytes) && is_good; i++)
		is_good = is_clean(print(&scene, id, bytes, i));
	if (!is_good)
		printf("# of %zu bytes: %s\n%s\n", i, lines, scene.text);
	scene_close(&scene);
	return is_good;
}

static void nothing_is_read_that_is_not_there(void)
{
	struct luck luck = { 20261128 };
	bool is_good = true;
	int i;

	for (i = 0; i < 1500 && is_good; i++)
		is_good = try_luck(&luck);
	tap(is_good, "1500 events of chance, each with records of 2 to 48 bytes");
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	names_come_from_the_capture();
	without_other_formats_numbers_remain();
	alloc_flags_are_named_by_age();
	each_event_says_how_it_went();
	big_endian_records_read_the_same();
	a_task_cannot_command_the_terminal();
	others_events_stay_theirs();
	loaded_after_the_formats();
	unloaded_before_the_formats();
	doubled_formats();
	nothing_is_read_that_is_not_there();
	return nr_failed > 0;
}
