// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loads, uses and unloads the plugins of TRACEEVENT_PLUGIN_DIR again and again, as programs do that
 * open one capture after the other: before and after the formats are read, in one handle and in two at
 * once. Prints what each round printed. Exit: 0, 1 when nothing was loaded, 2 usage.
 */
#include <event-parse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT                                                                   \
	"name: slow_exit\nID: 7\nformat:\n"                                      \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n" \
	"\tfield:u64 page;\toffset:8;\tsize:8;\tsigned:0;\n\n"                   \
	"print fmt: \"default\"\n"

struct user {
	struct tep_handle *tep;
	struct tep_plugin_list *plugins;
};

static void load(struct user *user)
{
	user->plugins = tep_load_plugins(user->tep);
}

static void start(struct user *user)
{
	user->tep = tep_alloc();
	if (!user->tep)
		abort();
	tep_set_flag(user->tep, TEP_DISABLE_SYS_PLUGINS);
}

static void read_formats(struct user *user)
{
	tep_parse_event(user->tep, FORMAT, strlen(FORMAT), "pagetrail_1_1");
}

static void print(struct user *user)
{
	unsigned char data[16] = { 0 };
	struct tep_record record = { .size = sizeof(data), .data = data };
	unsigned short id = 7;
	struct trace_seq s;

	memcpy(data, &id, sizeof(id));
	trace_seq_init(&s);
	tep_print_event(user->tep, &s, &record, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(&s);
	puts(s.buffer);
	trace_seq_destroy(&s);
}

static void unload(struct user *user)
{
	tep_unload_plugins(user->plugins, user->tep);
}

static int one_round(void)
{
	struct user first, second;
	int nothing;

	start(&first);
	load(&first);
	read_formats(&first);
	start(&second);
	read_formats(&second);
	load(&second);
	nothing = !first.plugins || !second.plugins;
	print(&first);
	print(&second);
	unload(&first);
	print(&first);
	print(&second);
	tep_free(first.tep);
	/* Never printed from: names still wait when it goes. */
	start(&first);
	load(&first);
	unload(&first);
	tep_free(first.tep);
	unload(&second);
	print(&second);
	tep_free(second.tep);
	return nothing;
}

int main(int argc, char **argv)
{
	int rounds = argc == 2 ? atoi(argv[1]) : 0;
	int failed = 0;

	if (rounds <= 0) {
		fprintf(stderr, "usage: %s ROUNDS\n", argv[0]);
		return 2;
	}
	while (rounds-- && !failed)
		failed = one_round();
	return failed;
}
