"""What must hold between an export and the summary of the same capture. A check returns a list of problems."""
import collections
import csv
import io
import json
import os
import re
import subprocess

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
PAGETRAIL = os.path.join(BUILD, "pagetrail")
STAGES = ("entry", "compact", "reclaim", "throttle", "retry", "oom")


failed = []


def case(name, problems):
    print("not ok -" if problems else "ok -", name)
    for problem in list(problems)[:5]:
        print("#", str(problem)[:400])
    if problems:
        failed.append(name)


def run(*args):
    done = subprocess.run([PAGETRAIL, *args], capture_output=True)
    return done.returncode, done.stdout, done.stderr.decode()


def export(form, path):
    return run("export", "--format", form, path)[1]


def differ(**pairs):
    """Those of the (found, expected) pairs that are not equal."""
    return [f"{name}: {found}, not {expected}" for name, (found, expected) in pairs.items()
            if found != expected]


# --- what the rows say -----------------------------------------------------------------------

def documented():
    """column -> type, of the table in docs/export.md."""
    with open(os.path.join(ROOT, "docs/export.md")) as lines:
        rows = [line.split("|") for line in lines if re.match(r"\| `\w+` \| (\w+) \|", line)]
    return {row[1].strip(" `"): row[2].strip() for row in rows}


TYPES = documented()
JSON_TYPES = {"integer": int, "text": str, "list": list, "bool": bool}


def ndjson_rows(data):
    """A line ends with a newline alone: U+2028, which str.splitlines() takes for an end, may be in a name."""
    return [json.loads(line) for line in data.decode("utf-8").split("\n") if line]


def csv_rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def check_types(rows):
    return [f"{row['id']}: {column} is {value!r}" for row in rows for column, value in row.items()
            if value is not None and type(value) is not JSON_TYPES[TYPES[column]]] + \
        [f"{row['id']}: other columns" for row in rows if list(row) != list(TYPES)]


def same_as_csv(rows, fields):
    def agree(row, line):
        for column, value in row.items():
            text = line[column]
            if isinstance(value, list):
                text = text.split(" ") if text else []
            elif value is None:
                value = ""
            elif not isinstance(value, str):
                text = json.loads(text or "null")
            if text != value:
                return f"{row['id']}: {column}: {value!r} and {text!r}"
        return None
    return [p for p in map(agree, rows, fields) if p] + \
        differ(lines=(len(fields), len(rows)))


# --- the laws --------------------------------------------------------------------------------

def total(rows, column="duration_ns"):
    return sum(row[column] for row in rows)


def tallies(rows, *columns):
    """key -> [count, total time]"""
    table = collections.defaultdict(lambda: [0, 0])
    for row in rows:
        key = tuple(tuple(v) if isinstance(v, list) else v for v in (row[c] for c in columns))
        table[key][0] += 1
        table[key][1] += row["duration_ns"]
    return {key if len(columns) > 1 else key[0]: tuple(value) for key, value in table.items()}


def of_table(table, *columns):
    return {tuple(tuple(v) if isinstance(v, list) else v for v in (row[c] for c in columns))
            if len(columns) > 1 else row[columns[0]]: (row["count"], row["time_ns"]["total"])
            for row in table}


def sums_of_whole(rows, summary):
    slow = summary["slowpath"]
    nested = [row for row in rows if row["depth"]]
    outer = [row for row in rows if not row["depth"]]
    stalls = [row for row in outer if row["level"] == "task" and not row["background"]]
    outcomes = collections.Counter(row["outcome"] for row in rows)
    bases = collections.Counter(row["time_basis"].replace(" ", "_") for row in rows)
    return differ(
        episodes=(len(rows), slow["rebuilt"]),
        outcomes=({k: outcomes[k] for k in slow["outcomes"]}, slow["outcomes"]),
        time=(total(rows), slow["time_ns"]["total"]),
        longest=(max((row["duration_ns"] for row in rows), default=None), slow["time_ns"]["max"]),
        self_time=(total(rows, "self_ns"), slow["self_time_ns"]["total"]),
        nested=((len(nested), total(nested)),
                (slow["nested"]["count"], slow["nested"]["time_ns"]["total"])),
        stalls=((len(stalls), total(stalls)),
                (slow["stalls"]["count"], slow["stalls"]["time_ns"]["total"])),
        time_basis=({k: bases[k] for k in slow["time_basis"]}, slow["time_basis"]),
        captured=(None if slow["captured"] is None else sum(row["captured"] for row in rows),
                  slow["captured"]),
        holes=(total(rows, "holes"), summary["holes"]["count"]))


def sums_of_stages(rows, summary):
    problems = [f"{row['id']}: its stages last {sum(row[s + '_ns'] for s in STAGES)} ns"
                for row in rows if sum(row[s + "_ns"] for s in STAGES) != row["duration_ns"]]
    for stage in summary["stages"]:
        name = stage["name"]
        in_it = [row for row in rows if row[name + "_visits"]]
        problems += differ(**{
            name: ((len(in_it), total(in_it, name + "_visits"), total(in_it, name + "_ns")),
                   (stage["episodes"], stage["visits"], stage["time_ns"]["total"]))})
    return problems


def sums_of_tables(rows, summary):
    by = summary["by"]
    ended = [row for row in rows if row["outcome"] in ("ok", "failed")]
    problems = differ(
        order=(tallies(rows, "order"), of_table(by["order"], "order")),
        gfp=(tallies(rows, "gfp_bits", "gfp"), of_table(by["gfp"], "gfp", "names")),
        migratetype=(tallies(rows, "migratetype", "migratetype_name"),
                     of_table(by["migratetype"], "migratetype", "name")),
        comm=(tallies(rows, "comm"), of_table(by["comm"], "comm")),
        path=(tallies(rows, "path"), of_table(summary["paths"], "path")))
    if summary["exits"] is None:
        return problems + [row for row in rows if row["exit"] or row["exit_may_be"] is not None or
                           row["retries_min"] is not None]
    total_of = summary["retries"]["total"]
    keys = ("outcome", "exit", "exit_may_be", "watermark")
    most = [row["retries_max"] for row in ended]
    return problems + differ(
        exits=(tallies(ended, *keys), of_table(summary["exits"], *keys)),
        retries=(total(ended, "retries_min"), total_of["min"]),
        retries_max=(None if None in most else sum(most), total_of["max"]))


def all_sums(rows, summary):
    return sums_of_whole(rows, summary) + sums_of_stages(rows, summary) + sums_of_tables(rows, summary)


def attempts_agree(rows, summary):
    """Those outside the episodes of the window are in the summary's labels, too: no more than that."""
    if summary["attempts"] is None or rows[0]["attempts"] is None:
        return [row["id"] for row in rows if row["attempts"] is not None]
    labels = [row for row in summary["attempts"]["by_label"] if row["label"] not in ("fast", "nolock")]
    known = sum(row["count"] for row in labels)
    found = total(rows, "attempts")
    return [] if 0 < found <= known else [f"{found} attempts of {known}"]


# --- perfetto --------------------------------------------------------------------------------

def ns(text_us):
    whole, _, digits = str(text_us).partition(".")
    return int(whole + digits.ljust(3, "0"))


def trace_events(data):
    """Numbers are kept as they are written: as doubles they would hide what is not exact."""
    trace = json.loads(data, parse_float=str, parse_int=str)
    return trace, [e for e in trace["traceEvents"]]


def slices(events):
    """
    As readers make them: in the order of the times, of equal ones in that of the file, an "E" ends what
    began last on its track. Returns (track, start, length, first event) of each, and what does not nest.
    """
    tracks, found, problems = collections.defaultdict(list), [], []
    for event in sorted((e for e in events if e["ph"] in "BE"), key=lambda e: ns(e["ts"])):
        track = (event["pid"], event.get("tid"))
        if event["ph"] == "B":
            tracks[track].append(event)
            continue
        begin = tracks[track].pop() if tracks[track] else None
        if not begin or (begin["cat"], begin["name"]) != (event["cat"], event["name"]):
            problems.append((track, event, "ends", begin))
        else:
            found.append((track, ns(begin["ts"]), ns(event["ts"]) - ns(begin["ts"]), begin))
    return found, problems + [left for left in tracks.values() if left]


def check_trace(data, rows, summary):
    trace, events = trace_events(data)
    zero = int(trace["metadata"]["time_zero_ns"])
    episodes, stages = [], collections.Counter()
    named = {(event["pid"], event.get("tid")) for event in events
             if event["ph"] == "M" and event["name"] == "thread_name"}
    found, problems = slices(events)
    for _, start, length, event in found:
        if event["cat"] == "episode":
            episodes.append((int(event["args"]["id"]), start + zero, length))
        else:
            stages[event["name"]] += length
    expected = {s["name"]: s["time_ns"]["total"] for s in summary["stages"] if s["time_ns"]["total"]}
    if summary["limits"]["long_paths"]:
        problems.append("a sample with a path longer than is kept: choose another")
    problems += differ(
        kinds=({e["ph"] for e in events} - set("MBEiC"), set()),
        nameless=({track for track, *_ in found} - named, set()),
        episodes=(sorted(episodes),
                  sorted((row["id"], row["start_ns"], row["duration_ns"]) for row in rows)),
        stages=({k: v for k, v in stages.items() if v}, expected))
    return problems


def check_steps(data, summary):
    """The instants of the episodes that the summary lists are the steps that it lists."""
    trace, events = trace_events(data)
    zero = int(trace["metadata"]["time_zero_ns"])
    instants = collections.Counter((e["tid"], ns(e["ts"]) + zero, e["name"])
                                   for e in events if e["ph"] == "i")
    problems = []
    for episode in summary["episodes"]:
        tid = str(episode["pid"] or 20000000 + episode["cpu"])
        for step in episode["steps"]:
            key = (tid, episode["start_ns"] + step["at_ns"], step["what"])
            if step["what"] not in ("stage", "nested") and not instants[key]:
                problems.append((episode["id"], step))
    return problems


def check_counters(data, summary):
    trace, events = trace_events(data)
    zero = int(trace["metadata"]["time_zero_ns"])
    values = collections.defaultdict(list)
    for event in events:
        if event["ph"] == "C":
            values[event["name"]].append((ns(event["ts"]) + zero, float(list(event["args"].values())[0])))
    rows = summary["timeline"]
    free = [(row["start_ns"] + row["duration_ns"], float(row["free_pages"])) for row in rows
            if row["free_pages"] is not None]
    awake = [100 * row["kswapd_awake_ns"]["min"] / row["duration_ns"] for row in rows
             if row["kswapd_awake_ns"]]
    psi = [100 * 1000 * row["psi_some_us"] / row["counted_ns"] for row in rows
           if row["psi_some_us"] is not None]
    def far(found, expected):
        return [pair for pair in zip([value for _, value in found], expected)
                if abs(pair[0] - pair[1]) > 0.001]
    return differ(entries=(sum(v for _, v in values["slowpath entries"]),
                           sum(row["entries"] for row in rows)),
                  free=(values["free"], free),
                  awake=(len(values["kswapd surely awake"]), len(awake)),
                  psi=(len(values["PSI some"]), len(psi))) + \
        far(values["kswapd surely awake"], awake) + far(values["PSI some"], psi)


# --- folded ----------------------------------------------------------------------------------

def callers_of(summary):
    """functions, outermost first -> total time"""
    rows = summary["by"]["caller"]
    if rows is None:
        return {(): summary["slowpath"]["time_ns"]["total"]}
    rest = {True: ("(callers that were not kept)",), False: ("(unknown callers)",)}
    return {tuple(name or "(unknown)" for name in reversed(row["frames"])) if row["frames"]
            else rest[bool(row.get("other"))]: row["time_ns"]["total"] for row in rows}


def check_listed(data, summary):
    """Of a summary: the stages of the episodes that it lists, each with its own callers."""
    expected = collections.Counter()
    for episode in summary["episodes"]:
        callers = ["(unknown callers)"] if summary["by"]["caller"] is not None else []
        if episode["stack"]:
            callers = [name or "(unknown)" for name in reversed(episode["stack"])]
        for stage, time in episode["stages_ns"].items():
            expected[";".join([episode["comm"] or "(unknown task)", *callers, episode["path"], stage])] += time
    found = [line.rpartition(" ") for line in data.decode("utf-8").splitlines()]
    return differ(lines=([(stack, int(time)) for stack, _, time in found],
                         sorted(expected.items(), key=lambda item: item[0].encode())))


def check_folded(data, rows, summary):
    stacks, problems = {}, []
    for line in data.decode("utf-8").splitlines():
        match = re.fullmatch(r"([^;]+(?:;[^;]+)*) (\d+)", line)
        if not match or match.group(1) in stacks:
            problems.append(line)
        else:
            stacks[match.group(1)] = int(match.group(2))
    by_comm, by_stage, by_callers = (collections.Counter() for _ in range(3))
    for stack, time in stacks.items():
        comm, *callers, _, stage = stack.split(";")
        by_comm[comm] += time
        by_callers[tuple(callers)] += time
        by_stage[stage] += time
    expected = {row["comm"] or "(unknown task)": row["time_ns"]["total"] for row in summary["by"]["comm"]}
    return problems + differ(
        comm=(dict(by_comm), expected),
        callers=(dict(by_callers), callers_of(summary)),
        sorted=(list(stacks), sorted(stacks, key=lambda s: s.encode())),
        stage=({k: v for k, v in by_stage.items() if v},
               {s["name"]: s["time_ns"]["total"] for s in summary["stages"] if s["time_ns"]["total"]}))
