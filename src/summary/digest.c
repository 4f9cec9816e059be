// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "summary/digest.h"

#define CHUNK (1U << 20)

static int digest_bytes(EVP_MD_CTX *ctx, int fd, unsigned char *chunk, digest_tick_fn tick,
			void *arg)
{
	uint64_t done = 0;
	ssize_t got;

	if (EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1)
		return -EIO;
	while ((got = read(fd, chunk, CHUNK)) > 0) {
		if (EVP_DigestUpdate(ctx, chunk, (size_t)got) != 1)
			return -EIO;
		done += (uint64_t)got;
		if (tick)
			tick(arg, done);
	}
	return got < 0 ? -errno : 0;
}

static int digest_text(EVP_MD_CTX *ctx, char text[DIGEST_TEXT_MAX])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len, i;

	if (EVP_DigestFinal_ex(ctx, digest, &len) != 1 || len * 2 + 1 != DIGEST_TEXT_MAX)
		return -EIO;
	for (i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

int digest_file(const char *path, char text[DIGEST_TEXT_MAX], digest_tick_fn tick, void *arg,
		struct err *err)
{
	unsigned char *chunk = malloc(CHUNK);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		ret = -errno;
	else if (!chunk || !ctx)
		ret = -ENOMEM;
	else
		ret = digest_bytes(ctx, fd, chunk, tick, arg);
	if (!ret)
		ret = digest_text(ctx, text);
	if (fd >= 0)
		close(fd);
	EVP_MD_CTX_free(ctx);
	free(chunk);
	if (ret) {
		errno = -ret;
		return err_set(err, ret, "%s: cannot be read for its digest: %m", path);
	}
	return 0;
}

const char *digest_crypto_version(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}
