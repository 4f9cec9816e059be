// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/json_exits.h"
#include "render/json_times.h"

static struct json_object *new_reasons(struct json *json, uint32_t reasons)
{
	struct json_object *to = put_new_array(json);
	enum exit_reason reason;

	for (reason = 0; reason < NR_EXITS; reason++)
		if (reasons & (1U << reason))
			put_item(json, to, put_new_text(json, exit_name(reason)));
	return put_line(json, to);
}

static void put_why(struct json *json, struct json_object *to, const char *exit, uint32_t reasons,
		    enum watermark watermark)
{
	bool known = watermark != WATERMARK_UNKNOWN;

	put_text(json, to, "exit", exit);
	put(json, to, "exit_may_be", new_reasons(json, reasons));
	put_text(json, to, "watermark", known ? watermark_name(watermark) : NULL);
}

static struct json_object *new_between(struct json *json, uint64_t min, bool bounded, uint64_t max)
{
	struct json_object *to = put_new_object(json);

	put_u64(json, to, "min", min);
	put_known(json, to, "max", bounded, max);
	return put_line(json, to);
}

static void put_between(struct json *json, struct json_object *to, const char *key,
			const struct number_between *number)
{
	put(json, to, key, new_between(json, number->min, number->max.known, number->max.value));
}

struct json_object *json_exits(struct json *json, const struct summary *summary)
{
	const struct exits *exits = &summary->exits;
	struct json_object *to;
	size_t i;

	if (!exits->known)
		return NULL;
	to = put_new_array(json);
	for (i = 0; i < exits->nr; i++) {
		const struct exit_row *from = &exits->rows[i];
		struct json_object *row = put_new_object(json);

		put_text(json, row, "outcome", outcome_name(from->outcome));
		put_why(json, row, from->exit, from->reasons, from->watermark);
		put_u64(json, row, "count", from->times.count);
		put(json, row, "time_ns", json_times(json, &from->times));
		put_item(json, to, put_line(json, row));
	}
	return to;
}

/* The last class has no upper end. */
static struct json_object *new_classes(struct json *json, const struct exits *exits)
{
	struct json_object *to = put_new_array(json);
	size_t i;

	for (i = 0; i < RETRIES_CLASSES; i++) {
		struct json_object *row = put_new_object(json);

		put_u64(json, row, "from", i ? 1ULL << (i - 1) : 0);
		put_known(json, row, "to", i + 1 < RETRIES_CLASSES, i ? (1ULL << i) - 1 : 0);
		put_u64(json, row, "episodes", exits->by_retries[i]);
		put_item(json, to, put_line(json, row));
	}
	return to;
}

struct json_object *json_retries(struct json *json, const struct summary *summary)
{
	const struct exits *exits = &summary->exits;
	struct json_object *to;

	if (!exits->known)
		return NULL;
	to = put_new_object(json);
	put_between(json, to, "total", &exits->retries);
	put_between(json, to, "most", &exits->most_retries);
	put_between(json, to, "oom_lock_waits", &exits->oom_lock_waits);
	put_between(json, to, "oom_lock_waiters", &exits->oom_lock_waiters);
	put(json, to, "by_number", new_classes(json, exits));
	put_u64(json, to, "not_exact", exits->retries_not_exact);
	return to;
}

static struct json_object *new_span(struct json *json, const struct summary *summary,
				    struct between between)
{
	if (!summary->exits.known)
		return NULL;
	return new_between(json, between.min, between.max != BETWEEN_OPEN, between.max);
}

void json_put_exit(struct json *json, struct json_object *to, const struct summary *summary,
		   const struct worst *worst)
{
	const struct episode *ep = worst->episode;
	bool ended = ep->outcome != OUTCOME_IN_FLIGHT;

	put_why(json, to, summary->exits.known && ended ? worst->exit : NULL,
		summary->exits.known ? ep->exits : 0, ep->watermark);
	put(json, to, "retries", new_span(json, summary, ep->retries));
	put(json, to, "oom_lock_waits", new_span(json, summary, ep->oom_lock_waits));
}
