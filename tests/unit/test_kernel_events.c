// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of kernel/ that must agree with each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/event.h"
#include "kernel/joints.h"

/* Two fields of one event in one place would be one value. */
static void each_field_has_a_place_of_its_own(void **state)
{
	const struct event_rule *rule;
	size_t nr;

	(void)state;
	for (rule = kernel_event_rules(&nr); nr--; rule++) {
		unsigned int taken = 0;
		size_t i;

		for (i = 0; i < EV_FIELDS_MAX && rule->fields[i].names[0]; i++) {
			enum ev_field field = rule->fields[i].field;

			if (field == FIELD_COMM)
				continue;
			assert_in_range(event_places[field], 0, EVENT_VALUES - 1);
			if (taken & 1U << event_places[field])
				fail_msg("%s: field %d has the place of another", rule->name,
					 field);
			taken |= 1U << event_places[field];
		}
	}
}

/* Those of EV_LOST, and of the groups: capture/lane.c and capture/joint.c put them together. */
static void so_have_those_that_the_reader_makes(void **state)
{
	static const enum ev_field made[][6] = {
		{ FIELD_COUNT, FIELD_UNTIL },
		{ FIELD_CALL_SP, FIELD_SP, FIELD_GFP, FIELD_ORDER, FIELD_MIGRATETYPE },
		{ FIELD_ALLOC_FLAGS, FIELD_CALLER, FIELD_GFP, FIELD_ORDER, FIELD_MIGRATETYPE,
		  FIELD_SP },
		/* The same with what its attempt returned (sequence/joints.c). */
		{ FIELD_ALLOC_FLAGS, FIELD_CALLER, FIELD_MIGRATETYPE, FIELD_SP, FIELD_PAGE },
		{ FIELD_PFN, FIELD_ORDER, FIELD_GFP, FIELD_SP, FIELD_PAGE },
	};
	size_t i, a, b;

	(void)state;
	for (i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		for (a = 0; a < 6; a++)
			for (b = 0; b < a; b++)
				if (made[i][a] != made[i][b] && made[i][a] && made[i][b])
					assert_int_not_equal(event_places[made[i][a]],
							     event_places[made[i][b]]);
}

static void what_is_set_is_got(void **state)
{
	struct event ev = { 0 };
	enum ev_field field;

	(void)state;
	for (field = 0; field < NR_EV_NUMBERS; field++) {
		ev.have = 0;
		assert_int_equal(event_get(&ev, field), 0);
		event_set(&ev, field, 1000 + field);
		assert_true(event_has(&ev, field));
		assert_int_equal(event_get(&ev, field), 1000 + field);
	}
}

static void groups_are_in_the_order_of_their_events(void **state)
{
	enum joint joint;
	unsigned int i;

	(void)state;
	for (joint = 0; joint < NR_JOINTS; joint++) {
		const struct joint_rule *rule = &kernel_joints[joint];

		assert_int_equal(rule->kind, EV_SERVED + joint);
		assert_in_range(rule->nr, 2, JOINT_EVENTS_MAX);
		for (i = 0; i < JOINT_EVENTS_MAX; i++)
			assert_int_equal(rule->kinds[i] != 0, i < rule->nr);
	}
	assert_int_equal(EV_SERVED + NR_JOINTS - 1, EV_HANDED);
}

static void a_kind_has_a_name(void **state)
{
	enum ev_kind kind;

	(void)state;
	for (kind = EV_LOST; kind < NR_EV_KINDS; kind++)
		assert_string_not_equal(kernel_event_name(kind), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_field_has_a_place_of_its_own),
		cmocka_unit_test(so_have_those_that_the_reader_makes),
		cmocka_unit_test(what_is_set_is_got),
		cmocka_unit_test(groups_are_in_the_order_of_their_events),
		cmocka_unit_test(a_kind_has_a_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
