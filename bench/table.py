#!/usr/bin/env python3
"""One table and build/bench/bench.json from the results of the single benchmarks."""

import json

import measure
from measure import WORK


def load(name):
    path = WORK / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else {}


def reading_rows(replay):
    read = replay.get("read", {})
    for name, entry in read.items():
        if isinstance(entry, dict) and "gb_per_s" in entry:
            yield (f"read 1 GB: {name.replace('_', ' ')}",
                   f"{entry['gb_per_s']:.2f} GB/s", f"{entry['us_per_line']:.2f} µs a line")
    for name, entry in replay.get("count", {}).items():
        if isinstance(entry, dict) and "lines_per_s" in entry:
            yield f"100,000 requests: {name}", f"{entry['lines_per_s']:,.0f} lines/s", f"{entry['median_s']:.2f} s"
    for name, value in replay.get("ratios", {}).items():
        if value is not None:
            yield f"ratio: {name}", f"{value:.2f}", ""


def record_rows(records):
    if "records_per_s" in records:
        yield ("records on one core", f"{records['records_per_s']:,.0f} /s",
               f"{records['us_per_record']:.2f} µs, target {'met' if records['target_met'] else 'MISSED'}")
        yield "record on disk", f"{records['bytes_per_record']:.0f} bytes", ""


def memory_rows(memory):
    if "full" in memory:
        full = memory["full"]
        yield (f"memory at {memory['cap_accounts']:,} accounts", f"{full['net_bytes_per_account']:,.0f} bytes each",
               f"{full['peak_rss_bytes'] / 1e6:,.0f} MB resident, target {'met' if full['target_met'] else 'MISSED'}")
    if "flood" in memory:
        flood = memory["flood"]
        yield (f"flood of {flood['new_accounts']:,} accounts", f"{flood['peak_rss_bytes'] / 1e6:,.0f} MB resident",
               f"{flood['evicted']:,} evicted, target {'met' if flood['target_met'] else 'MISSED'}")
    if "crowdsec" in memory:
        yield "CrowdSec, a live key", f"{memory['crowdsec']['bytes_per_live_key']:,.0f} bytes", ""


def reasons(tree, path=""):
    for key, value in tree.items():
        if key == "skipped" and isinstance(value, str):
            yield path or "all", value
        elif key == "skipped":
            yield from ((f"{path} {name}".strip(), why) for name, why in value.items())
        elif isinstance(value, dict):
            yield from reasons(value, f"{path} {key}".strip())


def main():
    parts = {name: load(name) for name in ("replay", "records", "memory")}
    rows = [*reading_rows(parts["replay"]), *record_rows(parts["records"]), *memory_rows(parts["memory"])]
    width = max((len(row[0]) for row in rows), default=0)
    middle = max((len(row[1]) for row in rows), default=0)
    for name, value, note in rows:
        print(f"{name:<{width}}  {value:>{middle}}  {note}".rstrip())
    for name, why in reasons(parts):
        print(f"not measured: {name}: {why}")
    measure.save("bench", parts)


if __name__ == "__main__":
    main()
