// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "render/check.h"
#include "render/put.h"

static const char *profile_text(const struct check_profile *profile)
{
	if (profile->why_not)
		return profile->why_not;
	return profile->needs_trial ? "yes, if a trial tells which call is the fast path's" : "yes";
}

static const char *kprobes_text(const struct check_report *report)
{
	if (!report->kprobes)
		return "no";
	return report->return_arguments ? "yes, return probes can fetch arguments"
					: "yes, return probes cannot fetch arguments";
}

static int written(FILE *out, struct err *err)
{
	if (!fflush(out) && !ferror(out))
		return 0;
	return err_set(err, -EIO, "what was found cannot be written (%s)", strerror(errno));
}

int render_check_text(const struct check_report *report, FILE *out, struct err *err)
{
	size_t i;

	fprintf(out, "kernel       %s %s\n", report->release, report->machine);
	fprintf(out, "memory       %" PRIu64 " kB, %u CPUs\n", report->memory_kb, report->cpus);
	fprintf(out, "tracefs      %s\n", report->tracefs);
	fprintf(out, "lockdown     %s\n", report->lockdown);
	fprintf(out, "kprobes      %s\n", kprobes_text(report));
	fprintf(out, "symbols      %s\n", report->symbols_why ? report->symbols_why : "yes");
	fprintf(out, "kernel text  %s\n",
		report->text_why ? report->text_why : "readable (/proc/kcore)");
	fprintf(out, "profiles\n");
	for (i = 0; i < report->nr_profiles; i++)
		fprintf(out, "  %-11s  %s\n", report->profiles[i].name,
			profile_text(&report->profiles[i]));
	fprintf(out, "default      %s, %s\n", report->chosen, report->chosen_why);
	for (i = 0; i < report->nr_missing; i++)
		fprintf(out, "missing      %s: %s\n", report->missing[i].event,
			report->missing[i].why);
	for (i = 0; i < report->nr_limits; i++)
		fprintf(out, "limit        %s\n", report->limits[i]);
	return written(out, err);
}

static struct json_object *host_of(struct json *json, const struct check_report *report)
{
	struct json_object *host = put_new_object(json);

	put_text(json, host, "release", report->release);
	put_text(json, host, "machine", report->machine);
	put_u64(json, host, "memory_kb", report->memory_kb);
	put_u64(json, host, "cpus", report->cpus);
	put_text(json, host, "tracefs", report->tracefs);
	put_text(json, host, "lockdown", report->lockdown);
	put_bool(json, host, "kprobes", report->kprobes);
	put_bool(json, host, "return_arguments", report->return_arguments);
	put_text(json, host, "symbols_hidden_why", report->symbols_why);
	put_text(json, host, "kernel_text_unreadable_why", report->text_why);
	return host;
}

static struct json_object *profiles_of(struct json *json, const struct check_report *report)
{
	struct json_object *profiles = put_new_array(json);
	size_t i;

	for (i = 0; i < report->nr_profiles; i++) {
		const struct check_profile *from = &report->profiles[i];
		struct json_object *row = put_new_object(json);

		put_text(json, row, "name", from->name);
		put_bool(json, row, "works", !from->why_not);
		put_bool(json, row, "needs_trial", from->needs_trial);
		put_text(json, row, "why_not", from->why_not);
		put_item(json, profiles, put_line(json, row));
	}
	return profiles;
}

static struct json_object *default_of(struct json *json, const struct check_report *report)
{
	struct json_object *chosen = put_new_object(json), *missing = put_new_array(json);
	struct json_object *limits = put_new_array(json);
	size_t i;

	for (i = 0; i < report->nr_missing; i++) {
		struct json_object *row = put_new_object(json);

		put_text(json, row, "event", report->missing[i].event);
		put_text(json, row, "why", report->missing[i].why);
		put_item(json, missing, put_line(json, row));
	}
	for (i = 0; i < report->nr_limits; i++)
		put_item(json, limits, put_new_text(json, report->limits[i]));
	put_text(json, chosen, "profile", report->chosen);
	put_text(json, chosen, "why", report->chosen_why);
	put(json, chosen, "missing", missing);
	put(json, chosen, "limits", limits);
	return chosen;
}

int render_check_json(const struct check_report *report, FILE *out, struct err *err)
{
	struct json json = { 0 };
	struct json_object *root = put_new_object(&json);
	const char *text = NULL;
	int ret;

	put_text(&json, root, "schema", "pagetrail.check/1");
	put(&json, root, "host", host_of(&json, report));
	put(&json, root, "profiles", profiles_of(&json, report));
	put(&json, root, "default", default_of(&json, report));
	if (!json.failed)
		text = json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
								    JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text)
		fprintf(out, "%s\n", text);
	ret = text ? written(out, err) : err_set(err, -ENOMEM, "out of memory");
	json_object_put(root);
	return ret;
}
