"""What the events of a recording with --sched say of who waited, as trace-cmd reads them: a second
way to the numbers of run_ns and concurrency, which shares no code and no idea with pagetrail. All
events are taken first; then each episode is laid over the history of its task.
"""
import re
from collections import Counter

# " load-123  [001] 6.989014191: slow_enter:  gfp=0x..." of `trace-cmd report -t -R`.
EVENT = re.compile(r"^ *\S.*-(\d+) +\[(\d+)\].* (\d+)\.(\d{9}): (\S+): +(.*)")
BACKGROUND = re.compile(r"comm=\W*(kswapd|kcompactd)")


def field(text, name):
    return re.search(r"\b%s=(\S+)" % name, text)[1]


class Report:
    def __init__(self, text):
        self.history = {}  # pid: [(time, what it does from then on)]
        self.episodes = []  # (pid, from, to, is one of the crowd)
        self.window = [0, 0]
        self.open = {}  # stacks of (stack pointer, from, is one of the crowd)
        for line in text.splitlines():
            match = EVENT.match(line)
            if match:
                self.take(int(match[1]), int(match[2]), int(match[3] + match[4]), match[5],
                          match[6])

    def take(self, pid, cpu, time, name, text):
        who = pid or ("idle", cpu)
        if name == "print":
            for i, note in enumerate(("window.start", "window.stop")):
                if " " + note + " " in text + " ":
                    self.window[i] = time
        elif name == "sched_switch":
            sleeps = int(field(text, "prev_state")) & 0xff
            self.change(field(text, "prev_pid"), time, "sleeping" if sleeps else "runnable")
            self.change(field(text, "next_pid"), time, "on_cpu")
        elif name == "sched_wakeup":
            self.change(field(text, "pid"), time, "runnable", only_from="sleeping")
        elif name == "slow_enter":
            stack = self.open.setdefault(who, [])
            stack.append((field(text, "sp"), time, not stack and not BACKGROUND.search(text)))
        elif name == "slow_exit":
            stack = self.open.get(who, [])
            while stack:
                sp, start, is_stalled = stack.pop()
                if sp == field(text, "sp"):
                    self.episodes.append((who, start, time, is_stalled))
                    break

    def change(self, pid, time, what, only_from=None):
        changes = self.history.setdefault(int(pid), [])
        if only_from is None or (changes and changes[-1][1] == only_from):
            changes.append((time, what))

    def run(self):
        """Over all episodes that were entered inside the window."""
        total = Counter(on_cpu=0, runnable=0, sleeping=0)
        for who, start, end, _ in self.episodes:
            if not self.window[0] <= start < self.window[1]:
                continue
            what, since = "on_cpu", start
            for time, then in self.history.get(who, []):
                if start < time < end:
                    total[what] += time - since
                    what, since = then, time
            total[what] += end - since
        return dict(total)

    def crowd(self):
        """{number: for how long so many were stalled}"""
        first, last = self.window
        edges = []
        for _, start, end, is_stalled in self.episodes:
            if is_stalled and end > first and start < last:
                edges += [(max(start, first), 1), (min(end, last), -1)]
        rows, number, since = Counter(), 0, first
        for time, by in sorted(edges) + [(last, 0)]:
            rows[number] += time - since
            number, since = number + by, time
        return {number: ns for number, ns in rows.items() if ns}
