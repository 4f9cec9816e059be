// SPDX-License-Identifier: GPL-2.0-or-later
/* sequence/: which episode a call stack belongs to, and which belong to none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sentence.h"

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

static void write_stack(const struct episode *ep, void *arg)
{
	char *out = arg;
	size_t len = strlen(out);

	snprintf(out + len, 128 - len, "%s%d:%u", len ? " " : "", ep->pid, ep->stack);
}

/* What it gives, per episode in the order of their ends PID:STACK, and how many are alone. */
struct scene {
	enum profile profile;
	const char *sentence, *wanted;
	uint64_t alone;
};

static void run_scenes(const struct scene *scenes, size_t nr)
{
	struct seq_counts counts;
	size_t i;

	for (i = 0; i < nr; i++) {
		char out[128] = "";

		sentence_each(scenes[i].profile, scenes[i].sentence, write_stack, out, &counts);
		if (strcmp(out, scenes[i].wanted) || counts.stacks_alone != scenes[i].alone)
			fail_msg("'%s': '%s', %lu alone; expected '%s', %lu", scenes[i].sentence,
				 out, (unsigned long)counts.stacks_alone, scenes[i].wanted,
				 (unsigned long)scenes[i].alone);
	}
}

static void behind_the_event_that_opens(void **state)
{
	static const struct scene scenes[] = {
		{ SITE, "[ st5 ]+", "7:5", 0 },
		{ SITE, "[ st5 w rb re1 ]+ [ st6 ]-", "7:5 7:6", 0 },
		{ SITE, "[ ]+ [ st6 ]-", "7:0 7:6", 0 },
		{ FULL, "( F- [ st5 S+ ]+ pa+ )+", "7:5", 0 },
		{ FULL_NO_SITE, "( F- st5 S+ pa+ )+", "7:5", 0 },
		{ FREELIST, "F- st5 S+", "7:5", 0 },
		{ FREELIST, "F- st5 S- R- wa", "7:5", 0 },
		/* Somebody else's recording, with the stack of every event. */
		{ TRACEPOINTS, "w st5 rb st6 re1 st7 pa+ st8", "7:5", 3 },
	};

	(void)state;
	run_scenes(scenes, NR_OF(scenes));
}

static void not_behind_anything_else(void **state)
{
	static const struct scene scenes[] = {
		{ SITE, "st5 [ ]+", "7:0", 1 },
		{ SITE, "[ ]+ st5", "7:0", 1 },
		/* Its own did not come: what comes after another event of it is another's. */
		{ SITE, "[ w st5 ]+", "7:0", 1 },
		{ SITE, "[ st5 st6 ]+", "7:5", 1 },
		{ SITE, "[ st5 w st6 ]+", "7:5", 1 },
		/* One without an address is no stack. */
		{ SITE, "[ st0 ]+", "7:0", 0 },
		/* Before and after the window nothing counts. */
		{ SITE, "tool st5 start [ st6 ]+ stop st7", "7:6", 0 },
		{ SITE, "tool start st5 [ st6 ]+ st8 stop st7", "7:6", 2 },
	};

	(void)state;
	run_scenes(scenes, NR_OF(scenes));
}

static void not_across_a_loss(void **state)
{
	static const struct scene scenes[] = {
		{ SITE, "[ lost st5 ]+", "7:0", 1 },
		{ SITE, "[ lost [ st5 ]+", "7:0 7:5", 0 },
		/* The entry is lost, and its stack is not: the one before must not get it. */
		{ SITE, "[ st4 ]+ lost st5 ]+", "7:4", 1 },
		{ FREELIST, "F- lost st5 S+", "7:0", 1 },
		/* While another CPU loses records, nothing lies between the two. */
		{ SITE, "@8 until2000 lost @7 [ st5 ]+", "7:5", 0 },
		/* But a loss that begins between them can be on any CPU. */
		{ SITE, "@7 [ @8 lost @7 st5 ]+", "7:0", 1 },
	};

	(void)state;
	run_scenes(scenes, NR_OF(scenes));
}

static void inside_one_another(void **state)
{
	static const struct scene scenes[] = {
		{ SITE, "[ st1 rb [ st2 ]+ re1 ]+", "7:2 7:1", 0 },
		/* The inner one has none. */
		{ SITE, "[ st1 rb [ ]+ re1 ]+", "7:0 7:1", 0 },
		{ SITE, "[ st1 rb [ ]+ st9 re1 ]+", "7:0 7:1", 1 },
		/* The outer one has none, and does not get the inner one's. */
		{ SITE, "[ rb [ st2 ]+ re1 ]+", "7:2 7:0", 0 },
		{ SITE, "[ rb [ st2 st3 ]+ st4 re1 ]+", "7:2 7:0", 2 },
		{ FREELIST, "F- st1 S- R- rb F- st2 S+ re1 D+", "7:2 7:1", 0 },
	};

	(void)state;
	run_scenes(scenes, NR_OF(scenes));
}

/* Whatever comes between the two records, it is gone when the second one is written. */
static void others_between(void **state)
{
	static const struct scene scenes[] = {
		{ SITE, "@7 [ @7h g820 [ st2 ]+ @7 st1 ]+", "7:2 7:1", 0 },
		{ SITE, "@7 [ @7s g820 [ st2 ]- @7 st1 ]+", "7:2 7:1", 0 },
		{ SITE, "@7t [ @7i g820 [ st2 ]+ @7t st1 ]+", "7:2 7:1", 0 },
		{ SITE, "@7 [ @7h g820 [ ]+ @7 st1 ]+", "7:0 7:1", 0 },
		{ SITE, "@0i g820 [ st1 ]+", "0:1", 0 },
		/* Another task, on another CPU. */
		{ SITE, "@7 [ @8 [ @7 st1 @8 st2 ]+ @7 ]+", "8:2 7:1", 0 },
		{ FREELIST, "@7 F- @8 F- @7 st1 @8 st2 S+ @7 S+", "8:2 7:1", 0 },
	};

	(void)state;
	run_scenes(scenes, NR_OF(scenes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(behind_the_event_that_opens),
		cmocka_unit_test(not_behind_anything_else),
		cmocka_unit_test(not_across_a_loss),
		cmocka_unit_test(inside_one_another),
		cmocka_unit_test(others_between),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
