// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole captures, damaged at random, from the file to the summary, with the real parser of formats and
 * both sanitizers.
 *
 *	damage CASES SEED FILE...	a table of what became of them; exit 1 where one must not be
 *	damage -c CASE SEED FILE...	writes one case to the standard output
 *	damage -r CASE SEED FILE...	says what becomes of one case
 *
 * Case n of a seed is always the same. None may crash, take 10 s, or ask for 256 MB at once (that is
 * the sanitizer's to say: see tests/fuzz/t-damage). A file that was cut is never taken for whole; of
 * other damage, that which the format has no means to show may pass.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "again.h"
#include "cmd/pipeline.h"

#define SECONDS_MAX 10
#define GROWTH_MAX  8192

struct blob {
	uint8_t *data;
	size_t len;
};

enum kind { CUT, FLIP, WORD, BURST, INSERT, DELETE, SPLICE, NR_KINDS };
enum fate { REFUSED, TOLD, SILENT, CRASHED, TOO_LONG, NR_FATES };

static const char *const kind_names[] = { "cut",      "flipped bytes", "lying words", "bursts",
					  "inserted", "deleted",       "spliced" };
static const char *const fate_names[] = { "refused", "read, and told", "silent", "crashed",
					  "over 10 s" };

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL; /* splitmix64 */

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t limit)
{
	return limit ? (size_t)(next_random(state) % limit) : 0;
}

/* Half of them in what describes the rest, which is at the beginning, or (version 7) at the end. */
static size_t place(uint64_t *state, size_t len)
{
	switch (below(state, 4)) {
	case 0:
		return below(state, len < 16384 ? len : 16384);
	case 1:
		return len - 1 - below(state, len < 8192 ? len : 8192);
	default:
		return below(state, len);
	}
}

/* --- damage -------------------------------------------------------------------------------- */

static void flip(struct blob *b, uint64_t *state)
{
	size_t nr = 1 + below(state, 4);

	while (nr--)
		b->data[place(state, b->len)] ^= (uint8_t)(1 + below(state, 255));
}

static void lie(struct blob *b, uint64_t *state)
{
	static const uint64_t lies[] = { 0,	     1,		 100,	     0x7fffffff,
					 0x80000000, 0xffffffff, 0xfffffff0, UINT64_MAX,
					 1ULL << 63, 8192,	 0x08000000 };
	uint64_t word = lies[below(state, sizeof(lies) / sizeof(lies[0]))];
	size_t size = below(state, 2) ? 4 : 8, at = place(state, b->len);

	if (b->len - at >= size)
		memcpy(b->data + at, &word, size);
}

static void burst(struct blob *b, uint64_t *state)
{
	size_t at = place(state, b->len), nr = 16 + below(state, 4080);

	for (; nr-- && at < b->len; at++)
		b->data[at] = (uint8_t)next_random(state);
}

static void put_in(struct blob *b, uint64_t *state)
{
	size_t at = place(state, b->len), nr = 1 + below(state, GROWTH_MAX - 1), i;

	memmove(b->data + at + nr, b->data + at, b->len - at);
	b->len += nr;
	for (i = 0; i < nr; i++)
		b->data[at + i] = (uint8_t)next_random(state);
}

static void take_out(struct blob *b, uint64_t *state)
{
	size_t at = place(state, b->len), nr = 1 + below(state, GROWTH_MAX);

	if (nr > b->len - at)
		nr = b->len - at;
	memmove(b->data + at, b->data + at + nr, b->len - at - nr);
	b->len -= nr;
}

static void splice_in(struct blob *b, const struct blob *other, uint64_t *state)
{
	size_t at = place(state, b->len), from = place(state, other->len);
	size_t nr = 1 + below(state, 65536);

	if (nr > b->len - at)
		nr = b->len - at;
	if (nr > other->len - from)
		nr = other->len - from;
	memcpy(b->data + at, other->data + from, nr);
}

/* The damaged copy, and in *kind how: to be freed. */
static struct blob make_case(const struct blob *files, size_t nr, uint64_t seed, uint64_t number,
			     enum kind *kind)
{
	uint64_t state = seed * 1000003 + number;
	const struct blob *file = &files[below(&state, nr)];
	struct blob b = { malloc(file->len + GROWTH_MAX), file->len };

	if (!b.data)
		errx(1, "out of memory");
	memcpy(b.data, file->data, file->len);
	*kind = (enum kind)below(&state, NR_KINDS);
	switch (*kind) {
	case CUT:
		b.len = place(&state, b.len);
		break;
	case FLIP:
		flip(&b, &state);
		break;
	case WORD:
		lie(&b, &state);
		break;
	case BURST:
		burst(&b, &state);
		break;
	case INSERT:
		put_in(&b, &state);
		break;
	case DELETE:
		take_out(&b, &state);
		break;
	default:
		splice_in(&b, &files[below(&state, nr)], &state);
		break;
	}
	return b;
}

/* --- what becomes of it --------------------------------------------------------------------- */

/* Whatever is told of a damaged capture is the same when it is read back. */
static void check_readback(const struct summary *summary)
{
	struct shown shown;

	again_show(summary, &shown);
	if (!again_is_same(&shown))
		errx(1, "a summary that does not read back as itself");
	again_free(&shown);
}

static enum fate read_case(const struct blob *b)
{
	char path[64];
	int fd = memfd_create("damage", MFD_CLOEXEC);
	const struct pipeline_order order = {
		.path = path, .top = 3, .digest = DIGEST_NEVER, .threads = 2
	};
	struct summary summary = { 0 };
	enum fate fate = SILENT;
	struct err why = { "" };

	if (fd < 0 || write(fd, b->data, b->len) != (ssize_t)b->len)
		err(1, "a file in memory");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (pipeline_run(&order, &summary, &why))
		fate = REFUSED;
	else if (!pipeline_file_is_whole(path, &summary, &why))
		fate = TOLD;
	if (fate != REFUSED)
		check_readback(&summary);
	if (fate != SILENT && !strstr(why.text, path))
		errx(1, "a sentence that does not name the file: '%s'", why.text);
	summary_free(&summary);
	close(fd);
	return fate;
}

/* What a child has done so far, for its parent. */
struct account {
	uint64_t number;
	uint64_t fates[NR_KINDS][NR_FATES];
	uint64_t cuts_silent;
};

static void run_cases(const struct blob *files, size_t nr, uint64_t seed, uint64_t cases,
		      struct account *account)
{
	for (; account->number < cases; account->number++) {
		enum kind kind;
		struct blob b = make_case(files, nr, seed, account->number, &kind);
		enum fate fate;

		alarm(SECONDS_MAX);
		fate = read_case(&b);
		alarm(0);
		account->fates[kind][fate]++;
		if (kind == CUT && fate == SILENT) {
			account->cuts_silent++;
			fprintf(stderr, "case %" PRIu64 ": cut, and taken for whole\n",
				account->number);
		}
		free(b.data);
	}
}

/* A child that dies is followed by another, which goes on after the case that killed it. */
static bool run_all(const struct blob *files, size_t nr, uint64_t seed, uint64_t cases,
		    struct account *account)
{
	bool good = true;

	while (account->number < cases) {
		pid_t child = fork();
		enum kind kind;
		int status;

		if (!child) {
			run_cases(files, nr, seed, cases, account);
			exit(0);
		}
		if (child < 0 || waitpid(child, &status, 0) != child)
			err(1, "a child");
		if (WIFEXITED(status) && !WEXITSTATUS(status))
			break;
		good = false;
		free(make_case(files, nr, seed, account->number, &kind).data);
		fprintf(stderr, "case %" PRIu64 ", %s: status %x\n", account->number,
			kind_names[kind], (unsigned int)status);
		account->fates[kind][WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM
					     ? TOO_LONG
					     : CRASHED]++;
		account->number++;
	}
	return good && !account->cuts_silent;
}

static void print(const struct account *account)
{
	enum fate fate;
	enum kind kind;

	printf("%-14s", "damage");
	for (fate = 0; fate < NR_FATES; fate++)
		printf(" %14s", fate_names[fate]);
	for (kind = 0; kind < NR_KINDS; kind++) {
		printf("\n%-14s", kind_names[kind]);
		for (fate = 0; fate < NR_FATES; fate++)
			printf(" %14" PRIu64, account->fates[kind][fate]);
	}
	putchar('\n');
}

static struct blob load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct blob b = { NULL, 0 };
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", path);
	b.len = (size_t)st.st_size;
	b.data = malloc(b.len + 1);
	if (!b.data || read(fd, b.data, b.len) != (ssize_t)b.len)
		err(1, "%s", path);
	close(fd);
	return b;
}

/* Writes the case, or reads it. */
static bool one_case(const struct blob *files, size_t nr, uint64_t seed, uint64_t number, bool reads)
{
	enum kind kind;
	struct blob b = make_case(files, nr, seed, number, &kind);
	bool good = true;

	if (reads)
		printf("%s: %s\n", kind_names[kind], fate_names[read_case(&b)]);
	else
		good = fwrite(b.data, 1, b.len, stdout) == b.len;
	free(b.data);
	return good;
}

int main(int argc, char **argv)
{
	bool writes = argc > 1 && !strcmp(argv[1], "-c");
	bool reads = argc > 1 && !strcmp(argv[1], "-r");
	struct account *account = mmap(NULL, sizeof(*account), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct blob files[64];
	uint64_t number, seed;
	size_t nr = 0;
	bool good;

	argv += writes || reads;
	argc -= writes || reads;
	if (argc < 4 || argc > 67 || account == MAP_FAILED)
		errx(2, "usage: damage [-c | -r] CASES SEED FILE...");
	number = strtoull(argv[1], NULL, 10);
	seed = strtoull(argv[2], NULL, 10);
	for (; nr + 3 < (size_t)argc; nr++)
		files[nr] = load(argv[nr + 3]);
	if (writes || reads) {
		good = one_case(files, nr, seed, number, reads);
	} else {
		good = run_all(files, nr, seed, number, account);
		print(account);
	}
	while (nr--)
		free(files[nr].data);
	return !good;
}
