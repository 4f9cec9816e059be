// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * save_kernel DIR: saves what an inventory asks of the running kernel, cut down to what concerns
 * the page allocator, as a small root directory for tests/unit/test_record_plan.c. Run as root.
 *
 * /proc/kcore becomes a core file with the machine code of the functions that call the slowpath.
 */
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct symbol {
	uint64_t addr;
	char type;
	char name[128];
};

static const char *const wanted[] = {
	"__alloc_frozen_pages_noprof",
	"__alloc_pages_noprof",
	"__alloc_pages",
	"__alloc_pages_nodemask",
	"__alloc_pages_slowpath",
	"__alloc_pages_direct_compact",
	"get_page_from_freelist",
	"alloc_frozen_pages_nolock_noprof",
	"unreserve_highatomic_pageblock",
	"drain_all_pages",
	"out_of_memory",
	"warn_alloc",
	"_stext",
	"_etext",
};

static struct symbol *symbols;
static size_t nr_symbols;

/* The name itself or with a suffix of the compiler. */
static int is_wanted(const char *name)
{
	size_t i, len;

	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		len = strlen(wanted[i]);
		if (!strncmp(name, wanted[i], len) && (!name[len] || name[len] == '.'))
			return 1;
	}
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static FILE *create(const char *dir, const char *name)
{
	char path[4096], *slash;
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	out = fopen(path, "w");
	if (!out) {
		perror(path);
		exit(1);
	}
	return out;
}

static void save_symbols(const char *dir)
{
	FILE *in = fopen("/proc/kallsyms", "r"), *out = create(dir, "proc/kallsyms");
	struct symbol symbol;
	char line[512];
	size_t i;

	symbols = calloc(1 << 19, sizeof(*symbols));
	while (in && symbols && nr_symbols < 1 << 19 && fgets(line, sizeof(line), in))
		if (!strchr(line, '\t') &&
		    sscanf(line, "%" SCNx64 " %c %127s", &symbol.addr, &symbol.type, symbol.name) ==
			    3 &&
		    strchr("tTwW", symbol.type))
			symbols[nr_symbols++] = symbol;
	qsort(symbols, nr_symbols, sizeof(*symbols), by_address);
	for (i = 0; i < nr_symbols; i++)
		if (is_wanted(symbols[i].name) || (i && is_wanted(symbols[i - 1].name)))
			fprintf(out, "%016" PRIx64 " %c %s\n", symbols[i].addr, symbols[i].type,
				symbols[i].name);
	fclose(out);
}

/* Lines of a file that contain one of the words. No words: the whole file. */
static void save_lines(const char *dir, const char *from, const char *to, const char *const *words)
{
	FILE *in = fopen(from, "r"), *out;
	const char *const *word;
	char line[4096];

	if (!in)
		return;
	out = create(dir, to);
	while (fgets(line, sizeof(line), in))
		for (word = words; !words || *word; word++)
			if (!words || strstr(line, *word)) {
				fputs(line, out);
				break;
			}
	fclose(out);
	fclose(in);
}

static uint64_t read_text(int fd, const Elf64_Phdr *segments, size_t nr, uint64_t addr, char *buf,
			  size_t len)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (segments[i].p_type == PT_LOAD && addr >= segments[i].p_vaddr &&
		    addr + len <= segments[i].p_vaddr + segments[i].p_memsz)
			return pread(fd, buf, len,
				     (off_t)(segments[i].p_offset + addr - segments[i].p_vaddr)) ==
			       (ssize_t)len;
	return 0;
}

/* One PT_LOAD for each function that is not far larger than any of ours. */
static void save_core(const char *dir)
{
	int fd = open("/proc/kcore", O_RDONLY);
	FILE *out = create(dir, "proc/kcore");
	Elf64_Phdr segments[256], saved[64];
	char text[64][16384];
	size_t nr = 0, i;
	Elf64_Ehdr head;

	if (fd < 0 || read(fd, &head, sizeof(head)) != sizeof(head) || head.e_phnum > 256 ||
	    pread(fd, segments, head.e_phnum * sizeof(segments[0]), (off_t)head.e_phoff) < 0)
		exit(1);
	for (i = 0; i + 1 < nr_symbols && nr < 64; i++) {
		size_t len = symbols[i + 1].addr - symbols[i].addr;

		if (!is_wanted(symbols[i].name) || len > sizeof(text[0]) || !len ||
		    strstr(symbols[i].name, "_stext") || strstr(symbols[i].name, "slowpath") ||
		    !read_text(fd, segments, head.e_phnum, symbols[i].addr, text[nr], len))
			continue;
		saved[nr] = (Elf64_Phdr){ .p_type = PT_LOAD,
					  .p_vaddr = symbols[i].addr,
					  .p_memsz = len,
					  .p_filesz = len };
		nr++;
	}
	head.e_phnum = (Elf64_Half)nr;
	head.e_phoff = sizeof(head);
	fwrite(&head, sizeof(head), 1, out);
	for (i = 0; i < nr; i++)
		saved[i].p_offset = i ? saved[i - 1].p_offset + saved[i - 1].p_memsz
				      : sizeof(head) + nr * sizeof(saved[0]);
	fwrite(saved, sizeof(saved[0]), nr, out);
	for (i = 0; i < nr; i++)
		fwrite(text[i], 1, saved[i].p_memsz, out);
	fclose(out);
}

int main(int argc, char **argv)
{
	static const char *const systems[] = { "kmem:", "vmscan:",    "compaction:",
					       "oom:",	"writeback:", NULL };
	static const char *const total[] = { "MemTotal:", NULL };
	const char *dir = argc > 1 ? argv[1] : ".";
	const char *words[sizeof(wanted) / sizeof(wanted[0]) + 1] = { NULL };

	memcpy(words, wanted, sizeof(wanted));
	save_symbols(dir);
	save_core(dir);
	save_lines(dir, "/sys/kernel/tracing/README", "sys/kernel/tracing/README", NULL);
	save_lines(dir, "/sys/kernel/tracing/available_events",
		   "sys/kernel/tracing/available_events", systems);
	save_lines(dir, "/sys/kernel/tracing/available_filter_functions",
		   "sys/kernel/tracing/available_filter_functions", words);
	save_lines(dir, "/sys/kernel/tracing/kprobe_events", "sys/kernel/tracing/kprobe_events",
		   NULL);
	save_lines(dir, "/sys/kernel/security/lockdown", "sys/kernel/security/lockdown", NULL);
	save_lines(dir, "/proc/sys/kernel/osrelease", "proc/sys/kernel/osrelease", NULL);
	save_lines(dir, "/proc/sys/kernel/kptr_restrict", "proc/sys/kernel/kptr_restrict", NULL);
	save_lines(dir, "/proc/meminfo", "proc/meminfo", total);
	return 0;
}
