#!/usr/bin/env python3
"""Memory: bytes an account at a million accounts, and a flood of ten million that must stay under the same cap.

Peer: CrowdSec, whose live buckets are its state a key. Writes build/bench/memory.json.
"""

import argparse
import subprocess
import sys

import crowdsec
import measure
from measure import ROOT, STILLWATCH, Skip, WORK, run, say

CAP_ACCOUNTS = 1_000_000
TARGET_BYTES_PER_ACCOUNT = 1024
FLOOD_OVER_FULL = 1.10  # a flood may take this much of what as many accounts as the cap take, and what is printed at most
FEW_KEYS, MANY_KEYS, REQUESTS = 1_000, 64_000, 100_000
EMPTY = WORK / "no-accounts.jsonl"


def flood_command(kind, n):
    return [sys.executable, ROOT / "bench/flood.py", kind, str(n)]


def peak(result):
    """What the kernel saw; summary.json must agree, and is kept beside it."""
    return {"peak_rss_bytes": result["peak_rss_bytes"], "seconds": result["seconds"],
            "peak_memory_bytes": result["summary"].get("peak_memory_bytes"),
            "state_bytes": result["summary"].get("state_bytes"), "accounts": result["summary"].get("accounts")}


def full_table(n):
    log = WORK / f"accounts-{n}.jsonl"
    if not log.exists():
        say(f"generating {log.name}")
        with open(f"{log}.part", "w") as out:
            subprocess.run(flood_command("known", n), stdout=out, check=True)
        (WORK / f"{log.name}.part").rename(log)
    EMPTY.write_text('{"event":"release","time":"2026-05-04T00:00:00Z","model":"m-large-2"}\n')
    result = peak(measure.replay([log], "--max-accounts", CAP_ACCOUNTS))
    result["empty_rss_bytes"] = measure.replay([EMPTY], "--max-accounts", CAP_ACCOUNTS)["peak_rss_bytes"]
    result["rss_bytes_per_account"] = result["peak_rss_bytes"] / n
    result["net_bytes_per_account"] = (result["peak_rss_bytes"] - result["empty_rss_bytes"]) / n
    state = result["state_bytes"]
    result["state_bytes_per_account"] = state / n if state is not None else None
    result["target_met"] = result["net_bytes_per_account"] <= TARGET_BYTES_PER_ACCOUNT
    return result


def printed_cap():
    """What --print-memory says may be taken at most, and the program itself."""
    text = subprocess.run([measure.STILLWATCH, "replay", "--print-memory", "--max-accounts", str(CAP_ACCOUNTS)],
                          stdout=subprocess.PIPE, check=True, text=True).stdout
    return sum(int(word) for word in text.split() if word.isdigit()) + (32 << 20)


def flood(n, full_rss_bytes):
    with subprocess.Popen(flood_command("new", n), stdout=subprocess.PIPE) as source:
        run_result = measure.replay(["-"], "--max-accounts", CAP_ACCOUNTS, stdin=source.stdout)
        source.stdout.close()
    result = peak(run_result)
    result["new_accounts"] = n
    result["exchanges"] = run_result["summary"].get("exchanges")
    result["evicted"] = run_result["summary"]["limits_reached"]["accounts"]
    result["rss_over_full_table"] = result["peak_rss_bytes"] / full_rss_bytes
    result["cap_bytes"] = printed_cap()
    result["target_met"] = (result["rss_over_full_table"] <= FLOOD_OVER_FULL
                            and result["peak_rss_bytes"] <= result["cap_bytes"]
                            and result["evicted"] >= n - CAP_ACCOUNTS)
    return result


def crowdsec_buckets():
    rss = {}
    for n_keys in (FEW_KEYS, MANY_KEYS):
        nginx, _ = crowdsec.requests(REQUESTS, n_keys)
        rss[n_keys] = crowdsec.replay_lines(crowdsec.prepare(), nginx)["peak_rss_bytes"]
        say(f"crowdsec, {n_keys} keys: {rss[n_keys] / 1e6:.0f} MB")
    return {"peak_rss_bytes": rss, "bytes_per_live_key": (rss[MANY_KEYS] - rss[FEW_KEYS]) / (MANY_KEYS - FEW_KEYS)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=CAP_ACCOUNTS)
    parser.add_argument("--flood", type=int, default=10_000_000)
    parser.add_argument("--no-crowdsec", action="store_true")
    args = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    result = {"machine": measure.machine(), "cap_accounts": CAP_ACCOUNTS, "skipped": {}}
    try:
        if not STILLWATCH.exists():
            raise Skip("stillwatch is not built")
        result["full"] = full_table(args.accounts)
        result["flood"] = flood(args.flood, result["full"]["peak_rss_bytes"])
    except Skip as why:
        result["skipped"]["stillwatch"] = str(why)
    try:
        if not args.no_crowdsec:
            result["crowdsec"] = crowdsec_buckets()
    except (Skip, OSError) as why:
        result["skipped"]["crowdsec"] = str(why)
    measure.save("memory", result)


if __name__ == "__main__":
    main()
