"""What a page must show of a summary, worked out from the JSON alone."""


def latency_bars(summary):
    """Buckets that fall into the same eighth of an octave are one bar."""
    groups = set()
    for lower, _, _ in summary["slowpath"]["histogram"] or []:
        octave = lower.bit_length() - 1 if lower else -1
        groups.add((octave, lower >> max(0, octave - 3)))
    return len(groups)


def nodes(summary):
    stages = [row for row in summary["stages"] or [] if row["visits"]]
    ends = [name for name, count in (summary["slowpath"]["outcomes"] or {}).items() if count]
    return len(stages) + len(ends) if summary["slowpath"]["rebuilt"] else 0


def bands(summary):
    return len(summary["transitions"] or []) if summary["slowpath"]["rebuilt"] else 0


def stalled_bars(row):
    stages = [ns for ns in (row["stages_ns"] or {}).values() if ns]
    return len(stages) + ((row["stalled_ns"] or 0) > sum(stages))


def awake_bars(row):
    awake = row["kswapd_awake_ns"] if row["duration_ns"] else None
    return (awake["min"] > 0) + (awake["max"] > 0) if awake else 0


def pressure_bars(row):
    return (bool(row["psi_some_us"]) + bool(row["psi_full_us"])) if row["counted_ns"] else 0


def with_most_time(rows, key, most):
    sums = {}
    for row in rows:
        sums[row[key]] = sums.get(row[key], 0) + row["time_ns"]["total"]
    return sorted(sums, key=lambda value: -sums[value])[:most]


def heat(summary, most=12):
    """The rows that are cells of the map: pairs of the orders and of the gfp flags with the most time."""
    rows = [row for row in (summary["by"] or {}).get("order_gfp") or [] if row["gfp"] is not None]
    orders, gfps = with_most_time(rows, "order", most), with_most_time(rows, "gfp", most)
    return [row for row in rows if row["order"] in orders and row["gfp"] in gfps]


def marks(summary):
    """Of each chart, by the name that the page gives its marks."""
    rows, episodes = summary["timeline"], summary["episodes"] or []
    return {
        "entries": sum(1 for row in rows if row["entries"]),
        "stalled": sum(stalled_bars(row) for row in rows),
        "kswapd": sum(awake_bars(row) for row in rows),
        "free": sum(1 for row in rows if row["free_pages"] is not None),
        "pressure": sum(pressure_bars(row) for row in rows),
        "lossy": sum(1 for row in rows if row["lossy"]),
        "latency": latency_bars(summary),
        "bands": bands(summary),
        "heat": len(heat(summary)),
        "nodes": nodes(summary),
        "overview": min(100, len(episodes)),
        "episodes": min(100, len(episodes)),
        "verdicts": len(summary["reconciliation"]),
    }


def count_phrase(entries):
    """How many, in the words of the headline."""
    if entries["certainty"] == "unknown":
        return "holds nothing that shows entries"
    if entries["certainty"] == "lower bound":
        return f"At least {entries['min']:,} "
    if entries["min"] != entries["max"]:
        return f"Between {entries['min']:,} and {entries['max']:,} allocations"
    if not entries["count"]:
        return "No allocation entered"
    return f"{entries['count']:,} allocation{'' if entries['count'] == 1 else 's'} entered"
