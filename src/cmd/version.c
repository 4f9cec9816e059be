// SPDX-License-Identifier: GPL-2.0-or-later
#include <seccomp.h>

#include "capture/unpack.h"
#include "cmd/version.h"
#include "render/render.h"
#include "summary/digest.h"

static void print_loaded(FILE *out, const char *name, const char *version)
{
	fprintf(out, "  %-14s %s\n", name, version);
}

static void print_seccomp(FILE *out)
{
	const struct scmp_version *version = seccomp_version();

	if (version)
		fprintf(out, "  %-14s %u.%u.%u\n", "libseccomp", version->major, version->minor,
			version->micro);
}

/* pkg-config may not have been there to tell. */
static void print_built(FILE *out, const char *name, const char *version)
{
	if (*version)
		fprintf(out, "  %-14s %s at the build\n", name, version);
	else
		fprintf(out, "  %-14s not known\n", name);
}

void version_print(FILE *out)
{
	fputs("pagetrail " PAGETRAIL_VERSION "\n", out);
	print_built(out, "libtraceevent", TRACEEVENT_VERSION);
	print_built(out, "libtracefs", TRACEFS_VERSION);
	print_loaded(out, "json-c", render_jsonc_version());
	print_loaded(out, "zlib", unpack_zlib_version());
	print_loaded(out, "zstd", unpack_zstd_version());
	print_loaded(out, "libcrypto", digest_crypto_version());
	print_seccomp(out);
}
