// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "record/writer.h"

#define PIECE	     (1 << 20)
#define RESERVE	     (4 << 20) /* of disk: room for the head, one piece, and the last pages */
#define RESERVE_KEPT (2 << 20) /* of it, when the disk is full while recording */

#define MEMORY_WAIT_NS	 1000000
#define MEMORY_WAITS_MAX 10000

static void part_path(const struct writer *writer, unsigned int cpu, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s.cpu%u", writer->path, cpu);
}

static int open_output(struct writer *writer, struct err *err)
{
	struct stat st;
	bool exists = !stat(writer->path, &st);

	writer->created = !exists;
	if (strlen(writer->path) + 16 > PATH_MAX)
		return err_set(err, -ENAMETOOLONG, "the name of the output is too long");
	if (exists && S_ISDIR(st.st_mode))
		return err_set(err, -EISDIR, "%s is a directory; name a file with -o",
			       writer->path);
	if (exists && !S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "%s is not a regular file; name one with -o",
			       writer->path);
	writer->fd = open(writer->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (writer->fd < 0)
		return err_set(err, -errno, "%s cannot be written (%s); name another file with -o",
			       writer->path, strerror(errno));
	return 0;
}

/* Past the page cache where the file system offers that (not tmpfs before 6.6). */
static int open_part(const char *path)
{
	int flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC;
	int fd = open(path, flags | O_DIRECT, 0600);

	return fd < 0 && errno == EINVAL ? open(path, flags, 0600) : fd;
}

static int open_parts(struct writer *writer, struct err *err)
{
	char path[PATH_MAX];
	unsigned int cpu;

	for (cpu = 0; cpu < writer->nr_cpus; cpu++) {
		part_path(writer, cpu, path);
		writer->parts[cpu].fd = open_part(path);
		if (writer->parts[cpu].fd < 0)
			return err_set(err, -errno, "%s cannot be written (%s)", path,
				       strerror(errno));
	}
	return 0;
}

static int allocate(struct writer *writer, struct err *err)
{
	size_t size = WRITER_PAGES * writer->page_size;
	unsigned int cpu;

	writer->parts = calloc(writer->nr_cpus, sizeof(*writer->parts));
	writer->table = calloc(writer->nr_cpus, sizeof(*writer->table));
	writer->buffer = aligned_alloc(writer->page_size, size);
	if (!writer->parts || !writer->table || !writer->buffer)
		return err_set(err, -ENOMEM, "out of memory");
	memset(writer->buffer, 0, size);
	for (cpu = 0; cpu < writer->nr_cpus; cpu++)
		writer->parts[cpu].fd = -1;
	return 0;
}

int writer_open(struct writer *writer, const char *path, unsigned int nr_cpus, uint64_t reserve,
		struct err *err)
{
	int ret;

	*writer = (struct writer){ .path = path,
				   .fd = -1,
				   .nr_cpus = nr_cpus,
				   .page_size = (size_t)getpagesize(),
				   .reserve = reserve };
	ret = open_output(writer, err);
	if (!ret)
		ret = allocate(writer, err);
	if (!ret)
		ret = open_parts(writer, err);
	if (ret) {
		writer_discard(writer);
		writer_close(writer);
	}
	return ret;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void writer_close(struct writer *writer)
{
	unsigned int cpu;

	if (!writer->path)
		return;
	for (cpu = 0; writer->parts && cpu < writer->nr_cpus; cpu++)
		close_fd(&writer->parts[cpu].fd);
	close_fd(&writer->fd);
	free(writer->parts);
	free(writer->table);
	free(writer->buffer);
	writer->parts = NULL;
	writer->table = NULL;
	writer->buffer = NULL;
}

static void remove_part(struct writer *writer, unsigned int cpu)
{
	char path[PATH_MAX];

	if (writer->parts[cpu].fd < 0)
		return;
	close_fd(&writer->parts[cpu].fd);
	part_path(writer, cpu, path);
	unlink(path);
}

void writer_discard(struct writer *writer)
{
	unsigned int cpu;

	for (cpu = 0; writer->parts && cpu < writer->nr_cpus; cpu++)
		remove_part(writer, cpu);
	if (writer->fd >= 0 && writer->created)
		unlink(writer->path);
}

/*
 * Under the pressure that is recorded a file system's own allocations can fail too (a handle of the
 * journal in jbd2__journal_start, fs/jbd2/transaction.c). That passes; the ring buffer holds what
 * comes meanwhile.
 */
static bool wait_for_memory(unsigned int *waits)
{
	const struct timespec pause = { .tv_nsec = MEMORY_WAIT_NS };

	return errno == ENOMEM && (*waits)++ < MEMORY_WAITS_MAX && !nanosleep(&pause, NULL);
}

static int write_at(int fd, const char *data, size_t len, off_t offset)
{
	unsigned int waits = 0;
	ssize_t put;

	for (; len; len -= (size_t)put, data += put, offset += put) {
		put = pwrite(fd, data, len, offset);
		if (put < 0 && (errno == EINTR || wait_for_memory(&waits)))
			put = 0;
		else if (put <= 0)
			return put ? -errno : -EIO;
	}
	return 0;
}

int writer_write_head(struct writer *writer, const struct head *head, struct err *err)
{
	off_t room = (off_t)(head->len + RESERVE_KEPT + writer->reserve);
	int ret = ftruncate(writer->fd, 0) ? -errno : 0;

	/* Not every file system can reserve; where it cannot, a full disk is noticed later. */
	if (!ret && fallocate(writer->fd, FALLOC_FL_KEEP_SIZE, 0, room) && errno == ENOSPC)
		return err_set(
			err, -ENOSPC,
			"there is no room for %s (%jd kB are needed to begin "
			"with); name a file on another disk with -o, or take smaller buffers "
			"with -b",
			writer->path, (intmax_t)room / 1024);
	if (!ret)
		ret = write_at(writer->fd, head->bytes, head->len, 0);
	if (!ret && fsync(writer->fd))
		ret = -errno;
	if (ret)
		err_set(err, ret, "%s cannot be written (%s); name another file with -o",
			writer->path, strerror(-ret));
	return ret;
}

/* The reserve lies behind the head, so cutting the file to its size gives all of it back. */
static bool release_reserve(struct writer *writer, int error)
{
	struct stat st;

	if (writer->full || (error != -ENOSPC && error != -EDQUOT))
		return false;
	writer->full = true;
	if (fstat(writer->fd, &st) || ftruncate(writer->fd, st.st_size))
		return false;
	fallocate(writer->fd, FALLOC_FL_KEEP_SIZE, 0, st.st_size + RESERVE_KEPT);
	return true;
}

/* A device whose blocks are larger than our pages refuses them unless they go through the cache. */
static bool use_cache(int fd, int error)
{
	int flags = fcntl(fd, F_GETFL);

	return error == -EINVAL && flags >= 0 && flags & O_DIRECT &&
	       !fcntl(fd, F_SETFL, flags & ~O_DIRECT);
}

/*
 * What the disk refuses is lost, and all that comes after it, on every CPU: a later page would hide
 * the gap. Among what is lost then is the end of the window, by which a reader knows.
 */
static int write_part(struct writer *writer, struct writer_part *part, size_t len)
{
	int ret = writer->refused;

	if (!ret)
		do {
			ret = write_at(part->fd, writer->buffer, len, (off_t)part->bytes);
		} while (ret && (use_cache(part->fd, ret) || release_reserve(writer, ret)));
	writer->refused = ret;
	if (ret)
		writer->lost_bytes += len;
	else
		part->bytes += len;
	return ret;
}

/* Nothing to read, or no memory to read into (tracing_buffers_read): the next turn is soon. */
static bool is_passing(int error)
{
	return error == EAGAIN || error == EINTR || error == ENOMEM;
}

/* The kernel fills up a page that is not full with zeros (ring_buffer_read_page). */
ssize_t writer_drain(struct writer *writer, unsigned int cpu, int raw, size_t nr_pages)
{
	size_t len = 0, max = nr_pages < WRITER_PAGES ? nr_pages : WRITER_PAGES;
	ssize_t got = 0;
	int ret;

	while (len < max * writer->page_size &&
	       (got = read(raw, writer->buffer + len, writer->page_size)) > 0) {
		memset(writer->buffer + len + got, 0, writer->page_size - (size_t)got);
		len += writer->page_size;
	}
	if (!len)
		return got < 0 && !is_passing(errno) ? -errno : 0;
	ret = write_part(writer, &writer->parts[cpu], len);
	return ret ? ret : (ssize_t)len;
}

ssize_t writer_reread(struct writer *writer, unsigned int cpu, uint64_t at, const uint8_t **pages)
{
	const struct writer_part *part = &writer->parts[cpu];
	uint64_t left = part->bytes - at, size = WRITER_PAGES * writer->page_size;
	ssize_t got;

	if (!left)
		return 0;
	do {
		got = pread(part->fd, writer->buffer, left < size ? left : size, (off_t)at);
	} while (got < 0 && (errno == EINTR || use_cache(part->fd, -errno)));
	*pages = (const uint8_t *)writer->buffer;
	if (got < 0)
		return -errno;
	got -= got % (ssize_t)writer->page_size;
	return got ? got : -EIO;
}

void writer_lay_out(struct writer *writer, size_t head_len)
{
	uint64_t at = head_len;
	unsigned int cpu;

	for (cpu = 0; cpu < writer->nr_cpus; cpu++) {
		struct writer_part *part = &writer->parts[cpu];

		writer->table[cpu] = (struct head_cpu){ at, part->bytes };
		at += part->bytes;
	}
}

uint64_t writer_bytes(const struct writer *writer)
{
	uint64_t bytes = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < writer->nr_cpus; cpu++)
		bytes += writer->parts[cpu].bytes;
	return bytes;
}

/* Some bytes from one file to the other, sharing blocks where the file system can. */
static ssize_t copy_some(int from, off_t *from_at, int to, off_t *to_at, size_t len)
{
	ssize_t done = copy_file_range(from, from_at, to, to_at, len, 0);

	if (done > 0 || (done < 0 && errno != EXDEV && errno != EINVAL && errno != ENOSYS &&
			 errno != EOPNOTSUPP))
		return done;
	if (lseek(to, *to_at, SEEK_SET) < 0)
		return -1;
	done = sendfile(to, from, from_at, len);
	if (done > 0)
		*to_at += done;
	return done;
}

static int copy_piece(int from, off_t from_at, int to, off_t to_at, size_t len)
{
	ssize_t done;

	while (len) {
		done = copy_some(from, &from_at, to, &to_at, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done ? -errno : -EIO;
		len -= (size_t)done;
	}
	return 0;
}

struct assembly {
	struct writer *writer;
	writer_stop_fn stop;
	void *data;
	uint64_t done, total;
};

static int assemble_cpu(struct assembly *as, unsigned int cpu)
{
	struct writer *writer = as->writer;
	int part = writer->parts[cpu].fd;
	int flags = fcntl(part, F_GETFL);
	uint64_t at, size = writer->table[cpu].size;
	int ret = flags < 0 || fcntl(part, F_SETFL, flags & ~O_DIRECT) ? -errno : 0;

	for (at = 0; at < size && !ret; at += PIECE) {
		size_t len = size - at < PIECE ? (size_t)(size - at) : PIECE;

		if (as->stop(as->data, as->done, as->total))
			return -EINTR;
		ret = copy_piece(part, (off_t)at, writer->fd,
				 (off_t)(writer->table[cpu].offset + at), len);
		/* A file system that cannot punch holes needs the room twice. */
		if (!ret)
			fallocate(part, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at,
				  (off_t)len);
		as->done += len;
	}
	return ret;
}

static int assemble_all(struct assembly *as, const struct head *head)
{
	struct writer *writer = as->writer;
	unsigned int cpu;
	int ret = write_at(writer->fd, head->bytes, head->len, 0);

	for (cpu = 0; cpu < writer->nr_cpus && !ret; cpu++) {
		ret = assemble_cpu(as, cpu);
		if (!ret)
			remove_part(writer, cpu);
	}
	if (!ret && ftruncate(writer->fd, (off_t)(head->len + as->total)))
		ret = -errno;
	if (!ret && fsync(writer->fd))
		ret = -errno;
	return ret;
}

int writer_assemble(struct writer *writer, const struct head *head, writer_stop_fn stop, void *data,
		    struct err *err)
{
	struct assembly as = { writer, stop, data, 0, writer_bytes(writer) };
	int ret = assemble_all(&as, head);

	if (ret == -EINTR)
		return err_set(err, ret, "given up: the pages are still in %s.cpu*", writer->path);
	if (ret)
		return err_set(err, ret,
			       "%s cannot be completed (%s); the pages are still in %s.cpu*",
			       writer->path, strerror(-ret), writer->path);
	return 0;
}
