"""Summaries that no bundled capture gives: empty, hostile, large, and with all that can be known."""
import copy
import json

STAGES = ("entry", "compact", "reclaim", "throttle", "retry", "oom")
NO_TIMES = {"total": 0, "p50": None, "p90": None, "p99": None, "p999": None, "max": None, "basis": None,
            "buckets": []}
HOSTILE = ("<script>window.hacked=1</script>", "</script><script>window.hacked=2</script>",
           "</ScRiPt ><img src=x onerror=window.hacked=3>", "<!--<script>",
           "]]></noscript></pre><b id=hacked>",
           "&lt;b&gt;&amp;", "'\"><svg/onload=window.hacked=4>", "\u2028\u2029\u202eevil\u0007\x1b[31m",
           "javascript:window.hacked=5", "__proto__", "\\u003cb\\u003e")
# Texts of a summary that the capture or its host says. Others are words of a list, and checked as such.
FREE_TEXTS = {
    "capture": ("file", "clock", "version", "profile", "why", "ended"),
    "kernel": ("release", "version", "machine"),
    "by": ("comm", "names", "name"),
    "episodes": ("comm", "gfp_names", "names", "path"),
    "in_flight": ("comm", "gfp_names", "path"),
    "reconciliation": ("what", "traced_is", "kernel_is", "relation", "why"),
    "limits": ("what", "why", "probe"),
}


def bucket_of(ns):
    """Where the one of 64 in its power of two begins."""
    shift = max(0, ns.bit_length() - 7)
    return ns >> shift << shift


def times_of(durations):
    """The times of so few that each quantile is one of them."""
    if not durations:
        return dict(NO_TIMES)
    worst = max(durations)
    return {"total": sum(durations), "p50": worst, "p90": worst, "p99": worst, "p999": worst, "max": worst,
            "basis": "exact", "buckets": [[bucket_of(worst), len(durations)]]}


def with_entries(sample, nr):
    """A capture of nr entries, none or one: those that took a microsecond and got a page at once."""
    summary = copy.deepcopy(sample)
    slow, durations = summary["slowpath"], [1000] * nr
    tally = {"count": nr, "time_ns": times_of(durations)}
    none = {"count": 0, "time_ns": dict(NO_TIMES)}
    slow.update(entries={"count": nr, "min": nr, "max": nr, "certainty": "exact"}, rebuilt=nr,
                outcomes={"ok": nr, "failed": 0, "in_flight": 0, "incomplete": 0}, nested=none, stalls=tally,
                background={"kswapd": none, "kcompactd": none}, interrupts=none, time_ns=tally["time_ns"],
                self_time_ns=tally["time_ns"],
                time_basis={"exact": nr, "at_least": 0, "at_most": 0, "approximate": 0},
                histogram=[[1000, 1007, nr]] if nr else [])
    for row in summary["stages"]:
        entered = nr if row["name"] == "entry" else 0
        row.update(episodes=entered, visits=entered, succeeded=entered, time_ns=times_of(durations[:entered]))
    path = [{"path": "entry > ok", "count": 1, "time_ns": times_of(durations)}][:nr]
    summary["transitions"] = [{"from": "entry", "to": "ok", "count": 1, "time_ns": times_of(durations)}][:nr]
    summary["paths"] = path
    summary["exits"] = [dict(summary["exits"][0], count=1, time_ns=times_of(durations))][:nr]
    for rows in summary["by"].values():
        del (rows or [])[nr:]
        for row in rows or []:
            row.update(count=1, time_ns=times_of(durations))
    summary["episodes"] = [dict(summary["episodes"][0], duration_ns=1000, stages_ns={"entry": 1000}, holes=[],
                                nr_holes=0, path="entry > ok",
                                steps=summary["episodes"][0]["steps"][:1])][:nr]
    for row in summary["timeline"]:
        row.update(entries=0, stalled_ns=0, stages_ns=dict.fromkeys(STAGES, 0))
    return summary


def nothing_known(sample):
    """A capture in which nothing shows entries."""
    summary = copy.deepcopy(sample)
    slow = summary["slowpath"]
    for key in slow:
        if key not in ("basis", "entries", "quantile_error"):
            slow[key] = None
    slow.update(basis="none", entries={"count": None, "min": None, "max": None, "certainty": "unknown"})
    for key in ("stages", "transitions", "paths", "by", "exits", "retries", "episodes", "in_flight",
                "concurrency", "holes"):
        summary[key] = None
    for row in summary["timeline"]:
        row.update(entries=None, stalled_ns=None, stages_ns=None)
    return summary


def with_readings(sample, nr=60):
    """The kernel was read each second, for so long; not in one interval, and records were lost in another."""
    summary = copy.deepcopy(sample)
    start = summary["timeline"][0]["start_ns"]
    rows = []
    for at in range(nr):
        row = copy.deepcopy(summary["timeline"][-1])
        known = at != 30
        row.update(start_ns=start + at * 10**9, duration_ns=10**9, lossy=at == 20,
                   counted_ns=10**9 if known else None, free_pages=1000 + at if known else None,
                   free_pages_min=900 if known else None,
                   psi_some_us=1000 * at if known else None, psi_full_us=500 * at if known else None)
        if known:
            row["vmstat"] = {"allocstall": at}
        rows.append(row)
    summary["timeline"] = rows
    summary["capture"]["window"].update(duration_ns=nr * 10**9, stop_ns=start + nr * 10**9, start_ns=start)
    return summary


def hostile(sample):
    """Every text that a capture can hold says something else than it should."""
    summary = copy.deepcopy(sample)
    texts = [text for text in HOSTILE for _ in range(2)]
    count = [0]

    def spoil(value, free, key=None):
        if isinstance(value, dict):
            return {name: spoil(item, free, name) for name, item in value.items()}
        if isinstance(value, list):
            return [spoil(item, free, key) for item in value]
        if isinstance(value, str) and key in free:
            count[0] += 1
            return texts[count[0] % len(texts)]
        return value

    for section, free in FREE_TEXTS.items():
        summary[section] = spoil(summary[section], free)
    summary["tool"]["version"] = HOSTILE[0]
    state = summary["state"]
    state["vmstat_change"] = {text: 1 for text in HOSTILE}
    for side in ("start", "stop"):
        state[side].update(meminfo={text: 1 for text in HOSTILE}, sysctl={text: text for text in HOSTILE},
                           buddyinfo=list(HOSTILE), zoneinfo=list(HOSTILE))
    for episode, text in zip(summary["episodes"], HOSTILE):
        episode["comm"] = text
    return summary


def with_callers(sample):
    """Stacks, innermost first, that share their outermost frame."""
    summary = copy.deepcopy(sample)
    stacks = (["alloc_pages", "do_anonymous_page", "handle_mm_fault"],
              ["alloc_pages", "shmem_fault", "handle_mm_fault"],
              [HOSTILE[0], "shmem_fault", "handle_mm_fault"])
    summary["by"]["caller"] = [{"frames": stack, "offsets": ["0x10"] * 3, "count": 10 - at,
                                "time_ns": times_of([10**6 * (at + 1)])} for at, stack in enumerate(stacks)]
    summary["by"]["caller"].append({"frames": None, "offsets": None, "count": 1,
                                    "time_ns": times_of([10**6])})
    summary["episodes"][0].update(stack=stacks[0], stack_offsets=["0x10", None, "0x30"])
    return summary


def with_pairs(sample, nr_orders, nr_gfps):
    """Each order with each gfp flags but for every fifth, the later ones for longer, and the rest of all."""
    summary = copy.deepcopy(sample)
    rows = [{"order": order, "gfp": hex(0xcc0 + gfp), "names": f"GFP_KERNEL|{gfp:#x}", "count": 1,
             "time_ns": times_of([1000 * (1 + gfp * nr_orders + order)])}
            for gfp in range(nr_gfps) for order in range(nr_orders) if (gfp + order) % 5]
    for more in ({}, {"other": True}):
        rows.append({"order": None, "gfp": None, "names": None, "count": 7, "time_ns": times_of([1] * 7), **more})
    summary["by"]["order_gfp"] = rows
    return summary


def many_episodes(sample, nr):
    """The text of a summary with so many; every other one is alike."""
    summary = copy.deepcopy(sample)
    summary["episodes"] = "HERE"
    rows = [json.dumps(row) for row in sample["episodes"][5:15]]
    text = ",\n".join(rows[at % len(rows)] for at in range(nr))
    return json.dumps(summary).replace('"HERE"', "[" + text + "]")
