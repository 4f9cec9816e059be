"""A version 6 trace.dat taken apart into its head, its options and the pages of its CPUs, and put
together again: to make captures that lost something. Little-endian, 8-byte longs."""
import re
import struct

PAGE = 4096
HEAD = 16  # of a page: time of its first record, commit
MISSED, STORED = 1 << 31, 1 << 30
CPUSTAT = 2


class TraceFile:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        self.at = 0
        assert self.take(13) == b"\x17\x08\x44tracing6\0" + b"\0", "a little-endian version 6 file"
        self.take(1 + 4)
        for _ in range(2):  # header_page, header_event
            self.skip_name()
            self.take(self.number("<Q"))
        for _ in range(self.number("<I")):
            self.take(self.number("<Q"))
        for _ in range(self.number("<I")):
            self.skip_name()
            for _ in range(self.number("<I")):
                self.take(self.number("<Q"))
        self.take(self.number("<I"))  # symbols
        self.take(self.number("<I"))  # printk formats
        self.take(self.number("<Q"))  # command lines
        nr_cpus = self.number("<I")
        self.head = self.data[:self.at]
        assert self.take(10) == b"options  \0"
        self.options = []
        while (kind := self.number("<H")) != 0:
            self.options.append([kind, self.take(self.number("<I"))])
        assert self.take(10) == b"flyrecord\0"
        self.pages = []
        for _ in range(nr_cpus):
            offset, size = self.number("<Q"), self.number("<Q")
            self.pages.append([self.data[at:at + PAGE] for at in range(offset, offset + size, PAGE)])

    def take(self, length):
        self.at += length
        return self.data[self.at - length:self.at]

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def skip_name(self):
        while self.take(1) != b"\0":
            pass

    def write(self, path):
        options = b"".join(struct.pack("<HI", kind, len(text)) + text for kind, text in self.options)
        head = self.head + b"options  \0" + options + struct.pack("<H", 0) + b"flyrecord\0"
        at = len(head) + 16 * len(self.pages)
        at += -at % PAGE
        table, body = b"", b""
        for pages in self.pages:
            size = PAGE * len(pages)
            table += struct.pack("<QQ", at + len(body), size)
            body += b"".join(pages)
        head += table
        with open(path, "wb") as file:
            file.write(head + bytes(-len(head) % PAGE) + body)

    def copy(self):
        other = object.__new__(TraceFile)
        other.__dict__.update(self.__dict__)
        other.pages = [list(pages) for pages in self.pages]
        other.options = [list(option) for option in self.options]
        return other

    def add_to_stat(self, cpu, name, more):
        """In the kernel's statistics of a CPU, as they are in the file's options."""
        for option in self.options:
            text = option[1].decode()
            if option[0] == CPUSTAT and text.startswith(f"CPU: {cpu}\n"):
                option[1] = re.sub(rf"(?<=\n{name}: )\d+", lambda m: str(int(m[0]) + more),
                                   text).encode()
                return
        raise KeyError(cpu)


def time_of(page):
    return struct.unpack("<Q", page[:8])[0]


def commit_of(page):
    return struct.unpack("<Q", page[8:HEAD])[0] & 0xfffffff


def nr_records(page):
    """Walks the page as the kernel writes it (enum ring_buffer_type, ring_buffer.h)."""
    at, end, nr = HEAD, HEAD + commit_of(page), 0
    while at < end:
        word = struct.unpack("<I", page[at:at + 4])[0]
        kind = word & 31
        if kind in (30, 31):  # time extend, time stamp
            at += 8
        elif kind == 29:  # padding: what was discarded
            if word >> 5 == 0:
                break
            at += 4 + struct.unpack("<I", page[at + 4:at + 8])[0]
        else:
            nr += 1
            at += 4 + (kind * 4 if kind else struct.unpack("<I", page[at + 4:at + 8])[0])
    return nr


def flag_missed(page, count):
    """As ring_buffer_read_page marks a page before which records were lost; the count is told where
    there is room for it."""
    commit = commit_of(page)
    flags = MISSED
    if count is not None and HEAD + commit + 8 <= PAGE:
        flags |= STORED
        page = page[:HEAD + commit] + struct.pack("<Q", count) + page[HEAD + commit + 8:]
    value = ((commit | flags) ^ 0x80000000) - 0x80000000  # the kernel adds it as a negative int
    return page[:8] + struct.pack("<q", value) + page[HEAD:]
