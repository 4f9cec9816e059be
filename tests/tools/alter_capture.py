#!/usr/bin/env python3
"""Alters one thing in a capture of ours without damaging its structure.

    alter_capture.py FILE OUTPUT CHANGE...

    counter NAME BY              what /proc/vmstat says that NAME changed by, more by BY
    breakpoint BY                executions that the breakpoint counted
    readings PROBE=BEFORE,AFTER...  hits of probes before the window and after it, in place of
                                 the note buddyinfo.stop, for captures that do not have them
    event NAME OTHER             the name of an event, as long or longer, in its format
    vanish EVENT NR [WHERE]...   NR records of the window become those of an event that nobody knows
    become EVENT OTHER NR [WHERE]...        or of another event
    set EVENT FIELD VALUE NR [WHERE]...     a field of NR records of the window becomes VALUE
    end                          ends the words of one change

WHERE is FIELD=VALUE or FIELD&MASK (a bit is set) or FIELD~MASK (none is). All is a number of records
too. A number in a note may grow into the name of the next line, which then is not recognised.

Knows the layout of version 6 for itself (trace-cmd.dat.v6(5), Documentation/trace/ring-buffer-map):
nothing is shared with the reader that it is to test. Little endian, 64 bits.
"""
import re
import struct
import sys

STEP_PADDING, STEP_EXTEND, STEP_STAMP = 29, 30, 31
PAGE_HEAD = 16  # u64 time, u64 commit


class Capture:
    def __init__(self, data):
        self.data = bytearray(data)
        self.page = struct.unpack_from("<I", data, 14)[0]
        self.formats = dict(self.read_formats())
        self.records = sorted(self.read_records())

    def read_formats(self):
        """Name, id, and {field: (offset, size)} of every event whose format is in the head."""
        head = bytes(self.data[:self.data.index(b"flyrecord\0")])
        for match in re.finditer(rb"name: (\S+) *\nID: (\d+)\n(.*?)\nprint fmt", head, re.S):
            fields = {name.decode(): (int(offset), int(size)) for name, offset, size in re.findall(
                rb"field:[^;]*?(\w+)(?:\[[^\]]*\])?;\s*offset:(\d+);\s*size:(\d+);", match[3])}
            yield match[1].decode(), (int(match[2]), fields)

    def read_records(self):
        """(time, place, length) of every record; place and length are those of its event."""
        at = self.data.index(b"flyrecord\0") + 10
        nr_cpus = struct.unpack_from("<I", self.data, self.data.index(b"options  \0") - 4)[0]
        for cpu in range(nr_cpus):
            offset, size = struct.unpack_from("<QQ", self.data, at + 16 * cpu)
            for page in range(offset, offset + size, self.page):
                yield from self.read_page(page)

    def read_page(self, page):
        time, commit = struct.unpack_from("<QQ", self.data, page)
        at, end = page + PAGE_HEAD, page + PAGE_HEAD + (commit & 0xfffff)
        while at < end:
            word, more = struct.unpack_from("<I", self.data, at)[0], 0
            kind, delta = word & 31, word >> 5
            if kind in (STEP_EXTEND, STEP_STAMP):
                more = struct.unpack_from("<I", self.data, at + 4)[0]
                time = time + delta + (more << 27) if kind == STEP_EXTEND else (more << 27) + delta
                at += 8
                continue
            time += delta
            first = struct.unpack_from("<I", self.data, at + 4)[0]
            if kind == STEP_PADDING:
                if not delta:
                    return
                at += 4 + first
            elif kind:
                yield time, at + 4, 4 * kind
                at += 4 + 4 * kind
            else:
                yield time, at + 8, first - 4
                at += 4 + first

    def kind(self, place):
        return struct.unpack_from("<H", self.data, place)[0]

    def note(self, key):
        """The places in the file of the bytes of a note's text, in order."""
        places = []
        for _, place, length in self.markers():
            text = bytes(self.data[place:place + length])
            match = re.match(rb"pagetrail (\S+) \d+/\d+ ?", text)
            if match and match[1].decode() == key:
                end = text.index(b"\0") if b"\0" in text else length
                places += range(place + match.end(), place + end - 1)  # without the last newline
        if not places:
            raise SystemExit(f"no note {key}")
        return places

    def markers(self):
        number, fields = self.formats["print"]
        offset = fields["buf"][0]
        for time, place, length in self.records:
            if self.kind(place) == number:
                yield time, place + offset, length - offset

    def window(self):
        """The times of the notes at its edges."""
        edge = {}
        for time, place, _ in self.markers():
            for key in (b"window.start", b"window.stop"):
                if self.data[place:].startswith(b"pagetrail " + key + b" "):
                    edge[key] = time
        return edge[b"window.start"], edge[b"window.stop"]

    def field(self, place, event, name):
        offset, size = self.formats[event][1][name]
        return place + offset, size

    def matches(self, place, event, conditions):
        for name, operator, value in conditions:
            at, size = self.field(place, event, name)
            seen = int.from_bytes(self.data[at:at + size], "little")
            value %= 1 << 8 * size
            if not {"=": seen == value, "&": seen & value, "~": not seen & value}[operator]:
                return False
        return True

    def some(self, event, nr, where):
        """Places of the first `nr` records of the window that are of this event."""
        conditions = [(m[1], m[2], int(m[3], 0)) for m in
                      (re.fullmatch(r"(\w+)([=&~])(-?\w+)", word) for word in where)]
        start, stop = self.window()
        found = [place for time, place, _ in self.records if start < time < stop
                 and self.kind(place) == self.formats[event][0]
                 and self.matches(place, event, conditions)]
        if not found or (nr != "all" and len(found) < int(nr)):
            raise SystemExit(f"only {len(found)} records of {event} {where}")
        return found if nr == "all" else found[:int(nr)]

    def put(self, places, text):
        for place, byte in zip(places, text.encode()):
            self.data[place] = byte

    def add(self, key, pattern, by, may_grow=False):
        """To the number that follows the pattern in the note."""
        places = self.note(key)
        text = bytes(self.data[place] for place in places).decode()
        match = re.search(pattern + r"(\d+)", text, re.M)
        if not match:
            raise SystemExit(f"{key} has no {pattern}")
        old, new = match[1], str(int(match[1]) + by)
        if len(new) > len(old) and may_grow:
            rest = text[match.end():match.end() + len(new) - len(old) + 1]
            if "\n" in rest[1:] or " " in rest:
                raise SystemExit(f"{key}: no room after {pattern}")
            new += "\n"
        else:
            new = new.rjust(len(old), "0")
        if int(new) < 0:
            raise SystemExit(f"{key}: {pattern} is only {old}")
        self.put(places[match.start(1):], new)


# --- the changes -------------------------------------------------------------------------------


def counter(capture, name, by):
    capture.add("vmstat.stop", rf"^{name} ", int(by), may_grow=True)


def breakpoint_count(capture, by):
    capture.add("verify.disabled", r"^count ", int(by))


def readings(capture, *probes):
    before, after = ("".join(f"{name} {numbers.split(',')[which]} 0\n" for name, numbers in
                             (probe.split("=") for probe in probes)) for which in (0, 1))
    text = "pagetrail probes.window 1/1 " + "".join(
        f"at window.{moment}\n{lines}" for moment, lines in
        (("start-", before), ("stop+", after)))
    for _, place, length in capture.markers():
        if capture.data[place:].startswith(b"pagetrail buddyinfo.stop 1/1 "):
            if len(text) >= length:
                raise SystemExit("no room for the readings")
            capture.put(range(place, place + length), text.ljust(length, "\0"))
            return
    raise SystemExit("no note buddyinfo.stop")


def event_name(capture, name, other):
    at = capture.data.index(f"name: {name}\n".encode()) + 6
    capture.put(range(at, at + len(name)), other.ljust(len(name)))
    capture.formats[other] = capture.formats.pop(name)


def become(capture, event, other, nr, *where):
    for place in capture.some(event, nr, where):
        struct.pack_into("<H", capture.data, place, capture.formats[other][0])


def vanish(capture, event, nr, *where):
    become(capture, event, "function", nr, *where)


def set_field(capture, event, name, value, nr, *where):
    for place in capture.some(event, nr, where):
        at, size = capture.field(place, event, name)
        capture.data[at:at + size] = (int(value, 0) % (1 << 8 * size)).to_bytes(size, "little")


CHANGES = {"counter": counter, "breakpoint": breakpoint_count, "readings": readings,
           "event": event_name, "vanish": vanish, "become": become, "set": set_field}


def alter(data, words):
    """The bytes of the altered capture."""
    capture, change = Capture(data), []
    for word in list(words) + ["end"]:
        if word != "end":
            change.append(word)
        elif change:
            CHANGES[change[0]](capture, *change[1:])
            change = []
    return bytes(capture.data)


def main():
    with open(sys.argv[1], "rb") as file:
        data = alter(file.read(), sys.argv[3:])
    with open(sys.argv[2], "wb") as file:
        file.write(data)


if __name__ == "__main__":
    main()
