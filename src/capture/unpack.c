// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/vec.h"
#include "capture/unpack.h"

struct unpacker {
	ZSTD_DCtx *zstd; /* NULL: zlib */
	void *packed;
	size_t cap;
};

int unpacker_new(const char *name, struct unpacker **unpacker)
{
	*unpacker = NULL;
	if (!strcmp(name, "none"))
		return 0;
	if (strcmp(name, "zlib") && strcmp(name, "zstd"))
		return -ENOTSUP;
	*unpacker = calloc(1, sizeof(**unpacker));
	if (!*unpacker)
		return -ENOMEM;
	if (!strcmp(name, "zlib"))
		return 0;
	(*unpacker)->zstd = ZSTD_createDCtx();
	if ((*unpacker)->zstd)
		return 0;
	unpacker_free(*unpacker);
	*unpacker = NULL;
	return -ENOMEM;
}

int unpacker_like(const struct unpacker *like, struct unpacker **unpacker)
{
	return unpacker_new(like->zstd ? "zstd" : "zlib", unpacker);
}

void unpacker_free(struct unpacker *unpacker)
{
	if (!unpacker)
		return;
	ZSTD_freeDCtx(unpacker->zstd);
	free(unpacker->packed);
	free(unpacker);
}

void *unpacker_room(struct unpacker *unpacker, size_t len)
{
	if (vec_reserve(&unpacker->packed, &unpacker->cap, len, 1))
		return NULL;
	return unpacker->packed;
}

int unpack(struct unpacker *unpacker, size_t len, void *to, size_t want)
{
	if (unpacker->zstd) {
		size_t got = ZSTD_decompressDCtx(unpacker->zstd, to, want, unpacker->packed, len);

		return ZSTD_isError(got) || got != want ? -EBADMSG : 0;
	} else {
		uLongf got = want;

		if (uncompress(to, &got, unpacker->packed, len) != Z_OK)
			return -EBADMSG;
		return got == want ? 0 : -EBADMSG;
	}
}

const char *unpack_zlib_version(void)
{
	return zlibVersion();
}

const char *unpack_zstd_version(void)
{
	return ZSTD_versionString();
}
