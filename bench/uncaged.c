// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For instruction counts: valgrind has to do what a confined reader may not. Preloaded, this makes the
 * calls that confine it do nothing.
 */
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

int setrlimit(__rlimit_resource_t what, const struct rlimit *limit)
{
	(void)what;
	(void)limit;
	return 0;
}

int setrlimit64(__rlimit_resource_t what, const struct rlimit64 *limit)
{
	(void)what;
	(void)limit;
	return 0;
}

int prctl(int option, ...)
{
	(void)option;
	return 0;
}

int seccomp_load(const scmp_filter_ctx filter)
{
	(void)filter;
	return 0;
}

int seccomp_attr_set(scmp_filter_ctx filter, enum scmp_filter_attr attr, uint32_t value)
{
	(void)filter;
	(void)attr;
	(void)value;
	return 0;
}

int seccomp_rule_add(scmp_filter_ctx filter, uint32_t action, int call, unsigned int nr, ...)
{
	(void)filter;
	(void)action;
	(void)call;
	(void)nr;
	return 0;
}
