#!/usr/bin/env python3
"""How fast the proving ground makes traffic: records and JSON exchanges a second, on two threads, of the letter replica.

  bench/simulate.py [--scale S] [--threads N]

Writes build/bench/simulate.json: of three runs each onto a device that keeps nothing, interleaved, the median rate by the
clock and by the processor time used (both threads together), so that a machine that does something else shows.
Starting (the texts' tables) is taken off: it is what a run of a hundredth of the scale takes, by the exchanges it makes.
"""

import argparse
import json
import os
import re
import resource
import statistics
import sys
import time

import measure

RUNS = 3
TARGETS = {"records": 300_000, "json": 40_000}


def once(kind, scale, threads):
    """{"exchanges", "seconds", "cpu_seconds"} of one run."""
    out = measure.WORK / "simulate"
    command = [measure.STILLWATCH, "simulate", "--scenario", "letter", "--seed", "1", "--scale", str(scale),
               "--threads", str(threads), "--out", out, "--log", "/dev/null"]
    if kind == "records":
        command.append("--records")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = measure.run(command)["seconds"]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = (measure.WORK / "last.stderr").read_text()
    found = re.search(r"(\d+) exchanges of", text)
    if not found:
        raise measure.Skip("no count of exchanges in: " + text)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"exchanges": int(found.group(1)), "seconds": seconds, "cpu_seconds": cpu}


def rates(kind, long, short):
    n = long["exchanges"] - short["exchanges"]
    return {"kind": kind, "exchanges": long["exchanges"], "seconds": round(long["seconds"], 3),
            "per_second": round(n / (long["seconds"] - short["seconds"])),
            "cpu_us_an_exchange": round((long["cpu_seconds"] - short["cpu_seconds"]) / n * 1e6, 3)}


def main():
    parser = argparse.ArgumentParser(description="records and JSON exchanges a second")
    parser.add_argument("--scale", type=float, default=0.003)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    measure.WORK.mkdir(parents=True, exist_ok=True)
    runs = {kind: [] for kind in TARGETS}
    for _ in range(RUNS):
        for kind, share in (("records", 1), ("json", 0.3)):
            short = once(kind, args.scale / 100, args.threads)
            runs[kind].append(rates(kind, once(kind, args.scale * share, args.threads), short))
    result = {"bench": "simulate", "time": int(time.time()), "threads": args.threads,
              "processors": len(os.sched_getaffinity(0)), "load": os.getloadavg()[0], "kinds": {}}
    for kind, target in TARGETS.items():
        rate = statistics.median(run["per_second"] for run in runs[kind])
        cpu = statistics.median(run["cpu_us_an_exchange"] for run in runs[kind])
        result["kinds"][kind] = {"per_second": rate, "cpu_us_an_exchange": cpu, "target_per_second": target,
                                 "runs": runs[kind]}
        print(f"{kind:8} {rate:9.0f} a second, {cpu:.2f} us of a processor an exchange"
              f" ({1e6 * args.threads / cpu:.0f} a second where {args.threads} are idle); target {target}")
    path = measure.WORK / "simulate.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    print(f"wrote {path}", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except measure.Skip as reason:
        sys.exit(f"simulate.py: {reason}")
