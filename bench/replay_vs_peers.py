#!/usr/bin/env python3
"""Reading a log: `stillwatch replay` against DuckDB, bare simdjson and CrowdSec, in turns within one run.

The peers do less: DuckDB groups by one column, simdjson looks at nothing, CrowdSec counts short access lines by
address. Stillwatch is timed as a whole process, DuckDB and simdjson on the pass alone. Writes build/bench/replay.json.
"""

import argparse
import json
import os
import shutil

import crowdsec
import measure
from measure import ROOT, Skip, WORK, median, run, say

THREADS = 2
KEYS, REQUESTS = 1_000, 100_000


def duckdb_command(log):
    node = WORK / "node"
    if not shutil.which("npm"):
        raise Skip("npm is not installed")
    if not (node / "node_modules/@duckdb/node-api").exists():
        node.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "bench/peers" / name, node)
        say("installing DuckDB")
        run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=node)
    return ["node", ROOT / "bench/peers/duckdb_count.mjs", node, log, THREADS]


def simdjson_command(log):
    program, source = WORK / "simdjson_bare", ROOT / "bench/simdjson_bare.cpp"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        flags = run(["pkg-config", "--cflags", "--libs", "simdjson"])["stdout"].split()
        run(["g++", "-std=c++17", "-O3", "-DNDEBUG", source, "-o", program, *flags])
    return [program, log, 1]


def try_each(sides):
    """Builds each side's measuring function; one that cannot run here is left out with its reason."""
    ready, skipped = {}, {}
    for name, build in sides.items():
        try:
            ready[name] = build()
        except (Skip, OSError) as why:
            skipped[name] = str(why)
    return ready, skipped


def in_turns(ready, skipped, rounds):
    """Round by round, every side once, so that a slow minute of the machine hits all alike."""
    samples = {name: [] for name in ready}
    for i in range(rounds):
        for name in list(ready):
            try:
                samples[name].append(ready[name]())
                say(f"round {i + 1} {name}: {samples[name][-1]}")
            except Skip as why:
                skipped[name] = str(why)
                del ready[name], samples[name]
    return samples


def read_the_log(rounds):
    log = measure.big_log()
    n_bytes, n_lines = os.path.getsize(log), measure.warm(log)

    def duckdb():
        command = duckdb_command(log)
        return lambda: {"query": json.loads(run(command)["stdout"])["seconds"]}

    def simdjson():
        command = simdjson_command(log)

        def once():
            result = json.loads(run(command)["stdout"])
            return {"walk": result["walk"]["seconds"][0], "dom": result["dom"]["seconds"][0]}
        return once

    def stillwatch(threads):
        if not measure.STILLWATCH.exists():
            raise Skip("stillwatch is not built")
        return lambda: {"process": measure.replay([log], "--threads", threads)["seconds"]}

    ready, skipped = try_each({"duckdb": duckdb, "stillwatch": lambda: stillwatch(THREADS),
                               "stillwatch_1_thread": lambda: stillwatch(1), "simdjson_1_thread": simdjson})
    samples = in_turns(ready, skipped, rounds)
    result = {"log": {"bytes": n_bytes, "lines": n_lines, "generated": True}, "threads": THREADS, "skipped": skipped}
    for name, rows in samples.items():
        for part in rows[0]:
            seconds = [row[part] for row in rows]
            middle = median(seconds)
            result[f"{name}.{part}"] = {"seconds": seconds, "median_s": middle, "gb_per_s": n_bytes / middle / 1e9,
                                        "lines_per_s": n_lines / middle, "us_per_line": middle / n_lines * 1e6}
    return result


def count_requests(rounds):
    nginx, exchanges = crowdsec.requests(REQUESTS, KEYS)

    def peer():
        command = crowdsec.prepare()
        return lambda: crowdsec.replay_lines(command, nginx)["seconds"]

    def stillwatch():
        if not measure.STILLWATCH.exists():
            raise Skip("stillwatch is not built")
        return lambda: measure.replay([exchanges], "--threads", THREADS)["seconds"]

    ready, skipped = try_each({"crowdsec": peer, "stillwatch": stillwatch})
    samples = in_turns(ready, skipped, rounds)
    result = {"requests": REQUESTS, "keys": KEYS, "skipped": skipped}
    for name, seconds in samples.items():
        result[name] = {"seconds": seconds, "median_s": median(seconds), "lines_per_s": REQUESTS / median(seconds)}
    return result


def speed_over(ours, peer):
    """Median of the rounds' own ratios; None where one of the two was not measured."""
    if not ours or not peer:
        return None
    return median(b / a for a, b in zip(ours["seconds"], peer["seconds"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--crowdsec-rounds", type=int, default=3, help="half a minute each; 0 leaves CrowdSec out")
    args = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    result = {"machine": measure.machine(), "read": read_the_log(args.rounds)}
    if args.crowdsec_rounds:
        result["count"] = count_requests(args.crowdsec_rounds)
    read, count = result["read"], result.get("count", {})
    result["ratios"] = {
        "speed over DuckDB, same threads": speed_over(read.get("stillwatch.process"), read.get("duckdb.query")),
        "speed of one thread over bare simdjson": speed_over(read.get("stillwatch_1_thread.process"),
                                                             read.get("simdjson_1_thread.walk")),
        "two threads over one": speed_over(read.get("stillwatch.process"), read.get("stillwatch_1_thread.process")),
        "speed over CrowdSec, same requests": speed_over(count.get("stillwatch"), count.get("crowdsec")),
    }
    measure.save("replay", result)


if __name__ == "__main__":
    main()
