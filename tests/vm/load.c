// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loads that drive the page allocator into its slowpath, each in its own way.
 *
 *	load NAME [SECONDS] [MB]
 *
 * Made for the guest of tests/vm/boot, as root: it uses /dev/vdb and zram0 as swap and the current
 * directory for files. A load is made of rounds: one at least, however slow the machine, then more
 * until the seconds are over. It puts back what it changed. Exit status 0 only when it did what its
 * name says: swapped, had a child killed for memory, and so on.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE		      4096
#define MB		      ((size_t)1 << 20)
#define NR_WORKERS	      2
#define NR_HOGS		      3
#define SLOWEST_ROUND_SECONDS 60
#define NR_TAPS		      16
#define DISK_SWAP	      "/dev/vdb"
#define ZRAM_SWAP	      "/dev/zram0"
#define NR_HUGEPAGE	      "/proc/sys/vm/nr_hugepages"
#define RPS		      "/sys/class/net/lo/queues/rx-0/rps_cpus"
#define ZONE_RECLAIM	      "/proc/sys/vm/zone_reclaim_mode"
#define SECOND_NODE	      "/sys/devices/system/node/node1"
#define GROUP		      "/sys/fs/cgroup/load"
#define NR_DISTURBERS_MAX     2
#define NR_PIPES	      4
#define SWAP_FILE	      "swapfile"
#define ALARM_NS	      500000
#define THP		      "/sys/kernel/mm/transparent_hugepage/"

struct job {
	unsigned int seconds;
	size_t bytes; /* for all workers together */
	uint64_t end_ns;
};

struct load {
	const char *name;
	const char *what;
	int (*run)(const struct job *job); /* 0 when the job was done */
	unsigned int seconds;
	unsigned int percent; /* of the memory that is available */
};

typedef void (*worker_fn)(const struct job *job);

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static int is_over(const struct job *job)
{
	return now_ns() >= job->end_ns;
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s: writing '%s'", path, text);
	close(fd);
}

static void write_number(const char *path, unsigned long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%lu\n", number);
	write_text(path, text);
}

/* A value of /proc/vmstat or /proc/meminfo. */
static unsigned long read_counter(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	unsigned long value, found = 0;
	char key[64];

	if (!file)
		err(1, "%s", path);
	while (fscanf(file, "%63s %lu%*[^\n]", key, &value) == 2)
		if (!strcmp(key, name))
			found = value;
	fclose(file);
	return found;
}

static unsigned long read_vmstat(const char *name)
{
	return read_counter("/proc/vmstat", name);
}

/* Workers, not their parent, are for the OOM killer; none outlives the parent or its time by long.
 */
static pid_t start(worker_fn work, const struct job *job)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(job->seconds + SLOWEST_ROUND_SECONDS);
	write_text("/proc/self/oom_score_adj", "1000");
	work(job);
	_exit(0);
}

/* Number of workers that ended well; -1 for one that was killed by SIGKILL counts in *killed. */
static int wait_for(const pid_t *pids, int nr, int *killed)
{
	int i, status, done = 0;

	for (i = 0; i < nr; i++) {
		if (waitpid(pids[i], &status, 0) < 0)
			err(1, "waitpid");
		done += WIFEXITED(status) && WEXITSTATUS(status) == 0;
		*killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	}
	return done;
}

static void *map(size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		err(1, "mmap of %zu bytes", bytes);
	return at;
}

/* A third of noise: a page of one value would cost zram no memory, one of noise alone all of it. */
static void fill_page(uint64_t *page, uint64_t seed)
{
	int i;

	for (i = 0; i < PAGE / 8 / 3; i++) {
		seed = seed * 6364136223846793005 + 1442695040888963407;
		page[i] = seed;
	}
}

static void touch(char *at, size_t bytes, uint64_t seed)
{
	size_t i;

	for (i = 0; i < bytes; i += PAGE)
		fill_page((uint64_t *)(at + i), seed + i);
}

/* Uses its share of the memory over and over. */
static void use_memory(const struct job *job)
{
	size_t bytes = job->bytes / NR_WORKERS / PAGE * PAGE;
	char *at = map(bytes);

	madvise(at, bytes, MADV_NOHUGEPAGE);
	do
		touch(at, bytes, (uint64_t)getpid());
	while (!is_over(job));
}

static int run_workers(worker_fn work, const struct job *job)
{
	pid_t pids[NR_WORKERS];
	int i, killed = 0;

	for (i = 0; i < NR_WORKERS; i++)
		pids[i] = start(work, job);
	return wait_for(pids, NR_WORKERS, &killed) == NR_WORKERS ? 0 : -1;
}

static int run_swapping(const struct job *job, const char *device)
{
	unsigned long before = read_vmstat("pswpout");
	int ret;

	if (swapon(device, 0))
		err(1, "swapon %s", device);
	ret = run_workers(use_memory, job);
	if (swapoff(device))
		err(1, "swapoff %s", device);
	return ret || read_vmstat("pswpout") == before;
}

static int run_anon(const struct job *job)
{
	return run_swapping(job, DISK_SWAP);
}

/* What mkswap writes (include/linux/swap.h, union swap_header). */
static void make_swap(const char *device, size_t bytes)
{
	char page[PAGE] = { 0 };
	uint32_t *info = (uint32_t *)(page + 1024);
	int fd = open(device, O_WRONLY | O_CLOEXEC);

	info[0] = 1;
	info[1] = (uint32_t)(bytes / PAGE - 1);
	memcpy(page + PAGE - 10, "SWAPSPACE2", 10);
	if (fd < 0 || write(fd, page, PAGE) != PAGE || fsync(fd))
		err(1, "%s", device);
	close(fd);
}

static int run_zram(const struct job *job)
{
	int ret;

	write_number("/sys/block/zram0/disksize", job->bytes);
	make_swap(ZRAM_SWAP, job->bytes);
	ret = run_swapping(job, ZRAM_SWAP);
	write_text("/sys/block/zram0/reset", "1");
	return ret;
}

/* Swap on ext4: its blocks are found once, at swapon, but reclaim goes through its device. */
static int run_swapfile(const struct job *job)
{
	int fd = open(SWAP_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int ret;

	if (fd < 0 || posix_fallocate(fd, 0, (off_t)job->bytes))
		err(1, SWAP_FILE);
	close(fd);
	make_swap(SWAP_FILE, job->bytes);
	ret = run_swapping(job, SWAP_FILE);
	unlink(SWAP_FILE);
	return ret;
}

/*
 * A few processes at a time, each of which takes more than there is, until one was killed and the
 * time is over. While one of them kills, the others find oom_lock held.
 */
static int run_oom(const struct job *job)
{
	pid_t pids[NR_HOGS];
	int i, killed = 0;

	do {
		for (i = 0; i < NR_HOGS; i++)
			pids[i] = start(use_memory, job);
		wait_for(pids, NR_HOGS, &killed);
	} while (!is_over(job));
	return killed ? 0 : -1;
}

typedef ssize_t (*transfer_fn)(int fd, char *buf, size_t bytes, off_t at);

static ssize_t write_at(int fd, char *buf, size_t bytes, off_t at)
{
	return pwrite(fd, buf, bytes, at);
}

static ssize_t read_at(int fd, char *buf, size_t bytes, off_t at)
{
	return pread(fd, buf, bytes, at);
}

static void stream(transfer_fn transfer, int fd, char *buf, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i += MB)
		if (transfer(fd, buf, MB, (off_t)i) != (ssize_t)MB)
			err(1, "the file of the page cache load");
}

/* Writes a file of its share and reads it over and over; the file has no name. */
static void use_cache(const struct job *job)
{
	size_t bytes = job->bytes / NR_WORKERS / MB * MB;
	int fd = open(".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	char *buf = map(MB);

	if (fd < 0)
		err(1, "open: a file for the page cache load");
	touch(buf, MB, 1);
	do {
		stream(write_at, fd, buf, bytes);
		stream(read_at, fd, buf, bytes);
	} while (!is_over(job));
	close(fd);
}

static int run_cache(const struct job *job)
{
	return run_workers(use_cache, job);
}

/* Memory of which every second page is free: no free huge page anywhere near. */
static char *fragment(size_t bytes)
{
	char *at = map(bytes);
	size_t i;

	madvise(at, bytes, MADV_NOHUGEPAGE);
	touch(at, bytes, 2);
	for (i = 0; i < bytes; i += 2 * PAGE)
		madvise(at + i, PAGE, MADV_DONTNEED);
	return at;
}

static void fault_huge(size_t bytes)
{
	char *at = map(bytes);
	size_t i;

	madvise(at, bytes, MADV_HUGEPAGE);
	for (i = 0; i < bytes; i += 2 * MB)
		at[i] = 1;
	munmap(at, bytes);
}

/*
 * Huge pages by faults and by the pool of hugetlb, each time out of memory fragmented anew, until
 * that took a compaction.
 */
static void use_huge(const struct job *job)
{
	unsigned long compactions = read_vmstat("compact_stall");

	do {
		char *at = fragment(job->bytes);

		fault_huge(job->bytes / 2);
		write_number(NR_HUGEPAGE, job->bytes / 2 / (2 * MB));
		write_number(NR_HUGEPAGE, 0);
		munmap(at, job->bytes);
	} while (!is_over(job) || read_vmstat("compact_stall") == compactions);
}

/* A setting of sysfs: "always [madvise] never"; of procfs: the value alone. */
static void read_setting(const char *path, char value[32])
{
	char text[128] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *at;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		err(1, "%s", path);
	close(fd);
	at = strchr(text, '[');
	snprintf(value, 32, "%.*s", (int)strcspn(at ? at + 1 : text, "]\n"), at ? at + 1 : text);
}

/*
 * What the load of huge pages needs, and puts back in the reverse order. A guest this small has THP
 * off from the start (mm/huge_memory.c, hugepage_init); turning it on raises min_free_kbytes, and
 * not every kernel lowers it again.
 */
static const struct {
	const char *path;
	const char *value; /* NULL: leave it as it is until the end */
} huge_settings[] = {
	{ NR_HUGEPAGE, "0" },
	{ "/proc/sys/vm/min_free_kbytes", NULL },
	{ THP "defrag", "madvise" },
	{ THP "enabled", "madvise" },
};

#define NR_HUGE_SETTINGS (sizeof(huge_settings) / sizeof(huge_settings[0]))

static int run_huge(const struct job *job)
{
	char before[NR_HUGE_SETTINGS][32];
	int done, killed = 0;
	pid_t pid;
	size_t i;

	for (i = 0; i < NR_HUGE_SETTINGS; i++) {
		read_setting(huge_settings[i].path, before[i]);
		if (huge_settings[i].value)
			write_text(huge_settings[i].path, huge_settings[i].value);
	}
	pid = start(use_huge, job);
	done = wait_for(&pid, 1, &killed);
	while (i--)
		write_text(huge_settings[i].path, before[i]);
	return done == 1 ? 0 : -1;
}

/* A packet socket on lo that nobody reads: each datagram leaves a clone there, made with
 * GFP_ATOMIC. */
static int open_tap(int room)
{
	struct sockaddr_ll lo = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex("lo"),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    bind(fd, (struct sockaddr *)&lo, sizeof(lo)))
		err(1, "a packet socket on lo");
	return fd;
}

struct pace {
	size_t bytes; /* between two pauses */
	useconds_t pause_us;
};

static void send_datagrams(int fd, size_t bytes, const struct pace *pace)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	char payload[1024] = { 0 };
	size_t sent;

	/* ECONNREFUSED and ENOBUFS are the answers expected here. The others get a turn, too. */
	for (sent = 0; sent < bytes; sent += sizeof(payload)) {
		sendto(fd, payload, sizeof(payload), 0, (struct sockaddr *)&to, sizeof(to));
		if (sent % pace->bytes == 0)
			usleep(pace->pause_us);
	}
}

/* The taps fill up with what is sent; when they have taken their share they begin anew. */
static void send_to_taps(const struct job *job, const struct pace *pace)
{
	int i, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int taps[NR_TAPS];

	if (fd < 0)
		err(1, "socket");
	for (;;) {
		for (i = 0; i < NR_TAPS; i++)
			taps[i] = open_tap((int)(job->bytes / 8));
		send_datagrams(fd, job->bytes / 16, pace);
		for (i = 0; i < NR_TAPS; i++)
			close(taps[i]);
	}
}

static void send_bursts(const struct job *job)
{
	send_to_taps(job, &(struct pace){ MB, 20000 });
}

/* Never so much at once that ksoftirqd takes over, which 5.10 then leaves everything to. */
static void send_steadily(const struct job *job)
{
	send_to_taps(job, &(struct pace){ 1024, 500 });
}

/* A clock of a CPU that sends a signal at every tick; its siginfo is allocated in the interrupt. */
static void open_alarm(int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = ALARM_NS,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, 0);

	if (fd < 0 || fcntl(fd, F_SETOWN, getpid()) || fcntl(fd, F_SETSIG, SIGRTMIN) ||
	    fcntl(fd, F_SETFL, O_ASYNC))
		err(1, "a clock of CPU %d", cpu);
}

/* Real-time signals are queued one by one, and nobody takes them: the queue takes ever more pages. */
static void queue_signals(const struct job *job)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	long cpu, nr = sysconf(_SC_NPROCESSORS_ONLN);
	sigset_t blocked;

	(void)job;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGRTMIN);
	if (sigprocmask(SIG_BLOCK, &blocked, NULL) || setrlimit(RLIMIT_SIGPENDING, &all))
		err(1, "signals that wait");
	for (cpu = 0; cpu < nr; cpu++)
		open_alarm((int)cpu);
	for (;;)
		pause();
}

/* Disturbers go on as long as the memory is short, whatever that takes. */
static int run_disturbed(const struct job *job, const worker_fn *disturbers, int nr)
{
	pid_t pids[NR_DISTURBERS_MAX];
	int i, failed, killed = 0;

	for (i = 0; i < nr; i++)
		pids[i] = start(disturbers[i], job);
	failed = run_anon(job);
	for (i = 0; i < nr; i++)
		kill(pids[i], SIGKILL);
	wait_for(pids, nr, &killed);
	return failed || killed != nr;
}

static int run_atomic(const struct job *job)
{
	return run_disturbed(job, (const worker_fn[]){ send_bursts }, 1);
}

/* What arrives on lo is handed to CPU 1, where it comes in the middle of whatever runs there. */
static int run_irqs(const struct job *job)
{
	char before[32];
	int failed;

	read_setting(RPS, before);
	write_text(RPS, "2");
	failed = run_disturbed(job, (const worker_fn[]){ send_steadily, queue_signals }, 2);
	write_text(RPS, before);
	return failed;
}

/* Page cache over the size of a node, which is to make room in itself before it takes another's. */
static int run_nodes(const struct job *job)
{
	char before[32];
	int failed;

	if (access(SECOND_NODE, F_OK))
		err(1, SECOND_NODE);
	read_setting(ZONE_RECLAIM, before);
	write_text(ZONE_RECLAIM, "1");
	failed = run_cache(job);
	write_text(ZONE_RECLAIM, before);
	return failed;
}

static void open_pipe(int ends[2])
{
	if (pipe(ends) || fcntl(ends[0], F_SETPIPE_SZ, MB) < 0)
		err(1, "a pipe of 1 MB");
}

/* The pages of a pipe go with what was in them. */
static void fill_pipes(int pipes[NR_PIPES][2], char *buf)
{
	int i;

	for (i = 0; i < NR_PIPES; i++)
		if (write(pipes[i][1], buf, MB) != (ssize_t)MB)
			err(1, "write to a pipe");
	for (i = 0; i < NR_PIPES; i++)
		if (read(pipes[i][0], buf, MB) <= 0)
			err(1, "read from a pipe");
}

/*
 * In a group that its page cache has filled: pages of user memory, charged after their allocation,
 * and pages of pipes (__GFP_ACCOUNT), charged inside of it.
 */
static void fill_group(const struct job *job)
{
	size_t bytes = job->bytes / MB * MB;
	int i, fd = open(".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	int pipes[NR_PIPES][2];
	char *buf = map(MB);

	touch(buf, MB, 1);
	stream(write_at, fd, buf, bytes);
	if (fsync(fd) || posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED))
		err(1, "the file of the group");
	for (i = 0; i < NR_PIPES; i++)
		open_pipe(pipes[i]);
	write_text(GROUP "/cgroup.procs", "0");
	do {
		stream(read_at, fd, buf, bytes);
		fill_pipes(pipes, buf);
	} while (!is_over(job));
}

static int run_charge(const struct job *job)
{
	unsigned long full;
	int done, killed = 0;
	pid_t pid;

	write_text("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	if (mkdir(GROUP, 0755))
		err(1, GROUP);
	write_number(GROUP "/memory.max", job->bytes / 4);
	pid = start(fill_group, job);
	done = wait_for(&pid, 1, &killed);
	full = read_counter(GROUP "/memory.events", "max");
	if (rmdir(GROUP))
		err(1, "rmdir " GROUP);
	return done != 1 || !full;
}

static const struct load loads[] = {
	{ "anon", "anonymous memory over RAM, swap on a disk", run_anon, 3, 140 },
	{ "oom", "the same without swap, until the OOM killer comes", run_oom, 3, 300 },
	{ "cache", "files larger than RAM, written and read", run_cache, 3, 150 },
	{ "huge", "huge pages: faults, compaction, hugetlb pool", run_huge, 3, 85 },
	{ "zram", "anonymous memory over RAM, swap to zram", run_zram, 3, 130 },
	{ "swapfile", "anonymous memory over RAM, swap to a file", run_swapfile, 3, 130 },
	{ "atomic", "GFP_ATOMIC allocations while memory is short", run_atomic, 3, 120 },
	{ "irqs", "the same in the middle of whatever runs", run_irqs, 3, 120 },
	{ "nodes", "files larger than a NUMA node that reclaims in itself", run_nodes, 3, 120 },
	{ "charge", "a memory cgroup at its limit", run_charge, 3, 25 },
};

#define NR_LOADS (sizeof(loads) / sizeof(loads[0]))

static const struct load *find_load(const char *name)
{
	size_t i;

	for (i = 0; i < NR_LOADS; i++)
		if (!strcmp(loads[i].name, name))
			return &loads[i];
	return NULL;
}

static void usage(void)
{
	size_t i;

	fprintf(stderr, "usage: load NAME [SECONDS] [MB]\n");
	for (i = 0; i < NR_LOADS; i++)
		fprintf(stderr, "  %-8s%s\n", loads[i].name, loads[i].what);
	exit(2);
}

int main(int argc, char **argv)
{
	const struct load *load = argc > 1 ? find_load(argv[1]) : NULL;
	unsigned long available_kb;
	struct job job;

	if (!load)
		usage();
	available_kb = read_counter("/proc/meminfo", "MemAvailable:");
	job.seconds = argc > 2 ? (unsigned int)atoi(argv[2]) : load->seconds;
	job.bytes = argc > 3 ? (size_t)atoi(argv[3]) * MB
			     : available_kb * 1024 / 100 * load->percent / PAGE * PAGE;
	job.end_ns = now_ns() + job.seconds * 1000000000ull;
	if (load->run(&job))
		errx(1, "the load '%s' did not do its job", load->name);
	return 0;
}
