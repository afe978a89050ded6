#!/usr/bin/env python3
"""From records alone: `stillwatch replay` over the records file of the 1 GB log, on one core, against the log itself.

Writes build/bench/records.json. Target: 1 µs a record, that is a million a second.
"""

import argparse

import measure
from measure import Skip, WORK, median, say

TARGET_PER_S = 1_000_000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    result = {"machine": measure.machine()}
    try:
        result.update(compare(args.rounds))
    except Skip as why:
        result["skipped"] = str(why)
    measure.save("records", result)


def compare(rounds):
    records = WORK / "log-1g.swr"
    log = measure.big_log()
    n_records = measure.replay([log], "--records", records)["summary"]["exchanges"]
    n_bytes = records.stat().st_size
    measure.warm(records)
    seconds, from_log = [], []
    for i in range(rounds):
        seconds.append(measure.replay([records], "--threads", 1)["seconds"])
        from_log.append(measure.replay([log], "--threads", 1)["seconds"])
        say(f"round {i + 1}: records {seconds[-1]:.3f} s, log {from_log[-1]:.3f} s")
    middle = median(seconds)
    return {"records": n_records, "bytes_per_record": n_bytes / n_records, "seconds": seconds, "median_s": middle,
            "records_per_s": n_records / middle, "us_per_record": middle / n_records * 1e6,
            "target_per_s": TARGET_PER_S, "target_met": n_records / middle >= TARGET_PER_S,
            "log_seconds": from_log, "speed_over_log": median(b / a for a, b in zip(seconds, from_log))}


if __name__ == "__main__":
    main()
