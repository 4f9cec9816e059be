// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hint.h"
#include "capture/decode.h"
#include "capture/joint.h"

#define NR_IDS 65536

static const struct {
	const char *name;
	uint32_t offset, size;
} common_fields[] = {
	{ "common_type", 0, 2 },
	{ "common_flags", COMMON_FLAGS_AT, 1 },
	{ "common_pid", COMMON_PID_AT, 4 },
};

static const struct format_field *find_field(const struct format_fields *fields, const char *name)
{
	uint32_t i;

	for (i = 0; i < fields->nr; i++)
		if (!strcmp(fields->fields[i].name, name))
			return &fields->fields[i];
	return NULL;
}

/* Under any of the names that it has had. */
static const struct format_field *find_by_rule(const struct format_fields *fields,
					       const struct field_rule *rule)
{
	const struct format_field *found = NULL;
	size_t i;

	for (i = 0; i < EV_NAMES_MAX && rule->names[i] && !found; i++)
		found = find_field(fields, rule->names[i]);
	return found;
}

static bool has_common_fields(const struct format_fields *fields)
{
	size_t i;

	for (i = 0; i < sizeof(common_fields) / sizeof(common_fields[0]); i++) {
		const struct format_field *field = find_field(fields, common_fields[i].name);

		if (!field || field->offset != common_fields[i].offset ||
		    field->size != common_fields[i].size)
			return false;
	}
	return true;
}

static void need(struct binding *b, uint32_t end)
{
	if (end > b->min_len)
		b->min_len = (uint16_t)(end < UINT16_MAX ? end : UINT16_MAX);
}

static bool bind_number(struct binding *b, enum ev_field which, const struct format_field *field)
{
	uint32_t end = field->offset + field->size;
	uint32_t bits = 8 * field->size;
	struct getter *getter = &b->getters[b->nr_getters];

	if (field->is_array || field->is_dynamic || field->offset < COMMON_SIZE ||
	    end > UINT16_MAX || field->size > 8 || !field->size || field->size & (field->size - 1))
		return false;
	b->getter_of[which] = b->nr_getters++;
	*getter = (struct getter){
		.offset = (uint16_t)(end - sizeof(uint64_t)),
		.shift = (uint8_t)(64 - bits),
		.place = event_places[which],
		.sign = field->is_signed ? 1ULL << (bits - 1) : 0,
	};
	need(b, end);
	return true;
}

static bool bind_text(struct binding *b, const struct format_field *field)
{
	if (!field->is_array || field->offset > UINT16_MAX - field->size ||
	    (field->is_dynamic && field->size != sizeof(uint32_t)))
		return false;
	b->text_how = !field->is_dynamic   ? TEXT_FIXED
		      : field->is_relative ? TEXT_RELATIVE
					   : TEXT_DYNAMIC;
	b->text_at = (uint16_t)field->offset;
	b->text_size = (uint16_t)field->size;
	need(b, field->offset + field->size);
	return true;
}

/* A marker's text is an array without a size of its own, and ends with the record. */
static bool bind_rest(struct binding *b, const struct format_fields *fields)
{
	const struct format_field *last = &fields->fields[fields->nr - 1];

	if (!last->is_array || last->size || last->offset < COMMON_SIZE ||
	    last->offset > UINT16_MAX)
		return false;
	b->text_how = TEXT_REST;
	b->text_at = (uint16_t)last->offset;
	need(b, last->offset);
	return true;
}

/* The addresses of a call stack are an array, of some size or none, and end with the record. */
static bool bind_words(struct binding *b, const struct format_fields *fields)
{
	const struct format_field *last = &fields->fields[fields->nr - 1];

	if (!last->is_array || last->offset < COMMON_SIZE || last->offset > UINT16_MAX)
		return false;
	b->text_how = TEXT_WORDS;
	b->text_at = (uint16_t)last->offset;
	need(b, last->offset);
	return true;
}

static int refuse(const struct format_text *format, const char *path, const char *what,
		  const char *name, struct err *err)
{
	return err_set(err, -EBADMSG,
		       "%s: offset %" PRIu64 ": expected %s%s in this format of system %s, found "
		       "what cannot be read",
		       path, format->offset, what, name, format->system);
}

/* Fields that this kernel does not have are left out: `have` tells. */
static int bind_event(struct binding *b, const struct event_rule *rule,
		      const struct format_fields *fields, const struct format_text *format,
		      const char *path, struct err *err)
{
	size_t i;

	*b = (struct binding){ .kind = (uint8_t)rule->kind, .min_len = COMMON_SIZE };
	if (!has_common_fields(fields))
		return refuse(format, path, "common_type, common_flags and common_pid", "", err);
	if (rule->kind == EV_NOTE && !bind_rest(b, fields))
		return refuse(format, path, "a text at the end", "", err);
	if (rule->kind == EV_STACK && !bind_words(b, fields))
		return refuse(format, path, "addresses at the end", "", err);
	for (i = 0; i < EV_FIELDS_MAX && rule->fields[i].names[0]; i++) {
		enum ev_field which = rule->fields[i].field;
		const struct format_field *field = find_by_rule(fields, &rule->fields[i]);

		if (!field)
			continue;
		if (which == FIELD_COMM ? !bind_text(b, field) : !bind_number(b, which, field))
			return refuse(format, path, "the field ", field->name, err);
		b->have |= 1U << which;
	}
	b->has_more = b->text_how != TEXT_NONE || b->have & (1U << FIELD_CALLER);
	return 0;
}

/* --- Which formats there are. --- */

/* A format that has a row in kernel/events.h. */
struct wanted {
	const struct format_text *format;
	const struct event_rule *rule;
	uint16_t id;
};

struct wanted_list {
	struct wanted *items;
	const struct format_text **formats; /* the same, for the parser */
	size_t nr;
};

static int sort_format(struct decoder *d, const struct format_text *format,
		       struct wanted_list *list, const char *path, struct err *err)
{
	char name[FORMAT_NAME_MAX];
	const struct event_rule *rule;
	uint16_t id;

	if (!format_head(format->text, name, &id))
		return err_set(err, -EBADMSG,
			       "%s: offset %" PRIu64 ": expected the format of an event of system "
			       "%s with its name and ID, found something else",
			       path, format->offset, format->system);
	if (d->by_id[id].min_len != SORT_UNKNOWN)
		return err_set(err, -EBADMSG,
			       "%s: offset %" PRIu64 ": expected a format with an ID of its own, "
			       "found %s:%s with ID %u, which another event has",
			       path, format->offset, format->system, name, id);
	d->by_id[id].min_len = SORT_FOREIGN;
	rule = kernel_event_find(format->system, name);
	if (!rule)
		return 0;
	if (list->nr == FORMATS_ASKED_MAX)
		return err_set(err, -EBADMSG,
			       "%s: offset %" PRIu64 ": expected at most %u events of ours, found "
			       "more",
			       path, format->offset, FORMATS_ASKED_MAX);
	list->formats[list->nr] = format;
	list->items[list->nr++] = (struct wanted){ format, rule, id };
	return 0;
}

static int sort_formats(struct decoder *d, const struct format_text *formats, size_t nr,
			struct wanted_list *list, const char *path, struct err *err)
{
	size_t i;
	int ret = 0;

	list->items = calloc(FORMATS_ASKED_MAX, sizeof(*list->items));
	list->formats = calloc(FORMATS_ASKED_MAX, sizeof(struct format_text *));
	if (!list->items || !list->formats)
		return err_set(err, -ENOMEM, "%s: out of memory", path);
	for (i = 0; i < nr && !ret; i++)
		ret = sort_format(d, &formats[i], list, path, err);
	return ret;
}

/* The name of the task comes with the entry into the slowpath, where that is recorded. */
static void drop_comm(struct binding *b)
{
	b->text_how = TEXT_NONE;
	b->have &= ~(1U << FIELD_COMM);
	b->has_more = b->have & (1U << FIELD_CALLER);
}

static void find_only(struct decoder *d)
{
	size_t nr[NR_EV_KINDS] = { 0 }, i;

	for (i = 0; i < d->nr_bindings; i++) {
		uint8_t kind = d->bindings[i].kind;

		d->only[kind] = nr[kind]++ ? NULL : &d->bindings[i];
	}
}

static int bind_all(struct decoder *d, const struct wanted_list *list, const char *path,
		    struct err *err)
{
	struct format_fields **parsed = formats_parse(list->formats, list->nr, path, err);
	size_t i;
	int ret = 0;

	if (!parsed)
		return -EBADMSG;
	d->bindings = calloc(list->nr + 1, sizeof(*d->bindings));
	if (!d->bindings)
		ret = err_set(err, -ENOMEM, "%s: out of memory", path);
	for (i = 0; i < list->nr && !ret; i++) {
		const struct wanted *wanted = &list->items[i];
		struct binding *b = &d->bindings[i];

		ret = bind_event(b, wanted->rule, parsed[i], wanted->format, path, err);
		d->by_id[wanted->id] = (struct sort){
			.as = { (uint16_t)i, b->kind },
			.min_len = b->min_len,
		};
		d->kinds |= 1ULL << b->kind;
		d->has_caller |= !!(b->have & (1U << FIELD_CALLER));
	}
	d->nr_bindings = list->nr;
	for (i = 0; i < d->nr_bindings && !ret; i++)
		if (d->bindings[i].kind == EV_ATTEMPT_EXIT && (d->kinds & 1ULL << EV_SLOW_ENTER))
			drop_comm(&d->bindings[i]);
	if (!ret) {
		find_only(d);
		joints_init(d);
	}
	formats_free(parsed, list->nr);
	return ret;
}

/* --- The names of the gfp flags. --- */

/* What the row calls the gfp flags, or NULL. Our own probes print numbers. */
static const char *gfp_field(const struct event_rule *rule)
{
	size_t i;

	for (i = 0; rule->system && i < EV_FIELDS_MAX && rule->fields[i].names[0]; i++)
		if (rule->fields[i].field == FIELD_GFP)
			return rule->fields[i].names[0];
	return NULL;
}

/* kmem:mm_page_alloc before the others: it is in every capture of ours. */
static int read_gfp_names(struct decoder *d, const struct wanted_list *list, const char *path,
			  struct err *err)
{
	unsigned int round;
	size_t i;

	d->gfp_names = calloc(FLAG_NAMES_MAX, sizeof(*d->gfp_names));
	if (!d->gfp_names)
		return err_set(err, -ENOMEM, "%s: out of memory", path);
	for (round = 0; round < 2; round++)
		for (i = 0; i < list->nr && !d->nr_gfp_names; i++) {
			const struct wanted *wanted = &list->items[i];
			const char *field = gfp_field(wanted->rule);

			if (field && (wanted->rule->kind == EV_PAGE_ALLOC) == !round)
				d->nr_gfp_names =
					formats_flag_names(wanted->format, field, d->gfp_names);
		}
	return 0;
}

static int init_ids(struct decoder *d, bool big_endian, uint32_t min_len)
{
	size_t id;

	*d = (struct decoder){ .big_endian = big_endian };
	d->by_id = calloc(NR_IDS, sizeof(*d->by_id));
	for (id = 0; d->by_id && id < NR_IDS; id++)
		d->by_id[id].min_len = min_len;
	return d->by_id ? 0 : -ENOMEM;
}

int decoder_init(struct decoder *d, const struct format_text *formats, size_t nr, bool big_endian,
		 const char *path, struct err *err)
{
	struct wanted_list list = { 0 };
	int ret;

	if (init_ids(d, big_endian, SORT_UNKNOWN))
		return err_set(err, -ENOMEM, "%s: out of memory", path);
	ret = sort_formats(d, formats, nr, &list, path, err);
	if (!ret)
		ret = bind_all(d, &list, path, err);
	if (!ret)
		ret = read_gfp_names(d, &list, path, err);
	free(list.items);
	free(list.formats);
	if (ret)
		decoder_free(d);
	return ret;
}

int decoder_init_blind(struct decoder *d, bool big_endian)
{
	int ret = init_ids(d, big_endian, 1);

	if (ret)
		return ret;
	d->bindings = calloc(1, sizeof(*d->bindings));
	d->blind = true;
	return d->bindings ? 0 : -ENOMEM;
}

void decoder_free(struct decoder *d)
{
	free(d->by_id);
	free(d->bindings);
	free(d->gfp_names);
	*d = (struct decoder){ 0 };
}

/* --- For each record. --- */

/* The numbers of one byte order; the order is a constant where it is called. */
static inline void get_numbers(const struct binding *b, const uint8_t *data, struct event *ev,
			       const bool be)
{
	const struct getter *getter = b->getters;
	const struct getter *end = getter + b->nr_getters;

	for (; getter < end; getter++)
		ev->values[getter->place] = getter_load(getter, data, be);
}

/* Where in the record the text lies, and how many bytes it may have. False when beyond it. */
static bool find_text(const struct binding *b, const struct item *item, bool be, uint32_t *at,
		      uint32_t *size)
{
	*at = b->text_at;
	*size = b->text_size;
	if (b->text_how >= TEXT_REST) {
		*size = item->len - *at;
	} else if (b->text_how != TEXT_FIXED) {
		uint32_t word = load_u32(item->data + *at, be);

		*at = (word & 0xffff) + (b->text_how == TEXT_RELATIVE ? *at + sizeof(word) : 0);
		*size = word >> 16;
	}
	return *at <= item->len && *size <= item->len - *at;
}

/* The bytes of a word before one that is 0, zeros for the others. The first is the lowest. */
static uint64_t until_zero(uint64_t word)
{
	const uint64_t ones = 0x0101010101010101ULL;
	/* The highest bit of the first byte that is 0, and of some after it. */
	const uint64_t zeros = (word - ones) & ~word & ones << 7;

	return zeros ? word & (((zeros & -zeros) >> 7) - 1) : word;
}

/* A name of at most 8 bytes is the end of the second word. */
static void join_words(uint64_t words[2], uint32_t len)
{
	const uint32_t rest = 8 * (len > 8 ? COMM_LEN - len : 8 - len);

	if (len > 8) {
		words[0] = words[0] >> rest | words[1] << (64 - rest);
		words[1] >>= rest;
	} else {
		words[0] = len ? words[1] >> rest : 0;
		words[1] = 0;
	}
}

/*
 * With zeros after it: equal names are equal bytes. It is taken from the 16 bytes of the record that
 * end with it; false where there are less.
 */
static bool copy_comm(const struct item *item, uint32_t at, uint32_t size, struct event *ev)
{
	const uint32_t len = size < COMM_LEN - 1 ? size : COMM_LEN - 1;
	const uint8_t *end = item->data + at + len;
	uint64_t words[2], first;

	if (at + len < COMM_LEN)
		return false;
	words[0] = load_u64(end - 16, false);
	words[1] = load_u64(end - 8, false);
	join_words(words, len);
	first = until_zero(words[0]);
	words[1] = first == words[0] && first >> 56 ? until_zero(words[1]) : 0;
	words[0] = htole64(first);
	words[1] = htole64(words[1]);
	memcpy(ev->comm, words, COMM_LEN);
	return true;
}

/* No kernel's record has its name so near to its beginning. */
static APART void copy_early_comm(const uint8_t *from, uint32_t size, struct event *ev)
{
	size_t len = strnlen((const char *)from, size < COMM_LEN - 1 ? size : COMM_LEN - 1);

	memset(ev->comm, 0, COMM_LEN);
	memcpy(ev->comm, from, len);
}

bool decode_text_fits(const struct decoder *d, const struct item *item)
{
	const struct binding *b = &d->bindings[item->sort.binding];
	uint32_t at, size;

	return b->text_how == TEXT_NONE || find_text(b, item, d->big_endian, &at, &size);
}

bool decode_text(const struct decoder *d, const struct item *item, struct event *ev)
{
	const struct binding *b = &d->bindings[item->sort.binding];
	uint32_t at, size;

	if (b->text_how == TEXT_NONE)
		return true;
	if (!find_text(b, item, d->big_endian, &at, &size))
		return false;
	if (b->text_how == TEXT_REST) {
		ev->text = (const char *)item->data + at;
		ev->text_len = (uint32_t)strnlen(ev->text, size);
		return true;
	}
	if (b->text_how == TEXT_WORDS) {
		ev->text = (const char *)item->data + at;
		ev->text_len = size;
		return true;
	}
	if (!copy_comm(item, at, size, ev))
		copy_early_comm(item->data + at, size, ev);
	ev->have |= 1U << FIELD_COMM;
	return true;
}

/* What not every event has; inlined, it would cost the others their registers. */
static APART bool decode_more(const struct decoder *d, const struct item *item, struct event *ev)
{
	if (ev->have & (1U << FIELD_CALLER))
		ev->caller_role = callers_role(&d->callers, event_get(ev, FIELD_CALLER));
	return decode_text(d, item, ev);
}

void decode_numbers(const struct decoder *d, const struct item *item, struct event *ev)
{
	const struct binding *b = &d->bindings[item->sort.binding];

	ev->have = b->have & ((1U << NR_EV_NUMBERS) - 1);
	if (d->big_endian)
		get_numbers(b, item->data, ev, true);
	else
		get_numbers(b, item->data, ev, false);
}

bool decode(const struct decoder *d, const struct item *item, struct event *ev)
{
	const struct binding *b = &d->bindings[item->sort.binding];

	/* Others are long enough, or they would not have been bound. */
	if (d->blind && item->len < COMMON_SIZE)
		return false;
	ev->ts_ns = item->ts;
	ev->pid = decode_pid(item->data, d->big_endian);
	ev->kind = b->kind;
	ev->caller_role = FN_OTHER;
	ev->flags = decode_flags(item->data);
	ev->have = b->have;
	if (d->big_endian)
		get_numbers(b, item->data, ev, true);
	else
		get_numbers(b, item->data, ev, false);
	return !b->has_more || decode_more(d, item, ev);
}
