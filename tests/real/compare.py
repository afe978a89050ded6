#!/usr/bin/env python3
"""Compares what a run decided with the truth of a composed log.

  compare.py --truth DIR --run DIR [--json FILE]

Reads truth.jsonl and extraction_index.tsv from one folder, decisions.jsonl and campaigns.json from the other, prints
tables and writes compare.json into the run's folder. A rate over nothing is null. What leaked is told apart by the first
cause that holds:
  no text   the account's lines hold no text, as where a provider keeps none: it shows no frame
  before    no account of the campaign was contained yet
  asked     the account is asked to verify: a gateway answers 403, the log plays on
  never     the account is never contained
  waited    it is contained later; or, `released`, was before
Exit status: 0 if every gated campaign has at least 80 % of its accounts contained at the end and no benign account was
ever contained; 1 if not; 2 if a file is missing or cannot be read.
"""

import argparse
import collections
import json
import math
import os
import sys
from datetime import datetime

GATED = ("collect", "reference", "generate")
FOUND = 0.8
CAUSES = ("no text", "before", "asked", "never", "waited", "released")
CONTAINING = ("restrict", "suspend")


def seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def ratio(part, whole):
    return part / whole if whole else None


def read_lines(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


class History:
    """What enforced decisions did to one account."""

    def __init__(self):
        self.contained = []  # [from, until or None]
        self.seen = set()
        self.first = None  # first decision above observe
        self.asked = None  # first verify

    def apply(self, decision):
        t, action = seconds(decision["time"]), decision["action"]
        self.seen.add(action)
        if action not in ("observe", "release") and self.first is None:
            self.first = t
        if action == "verify" and self.asked is None:
            self.asked = t
        if action in CONTAINING and (not self.contained or self.contained[-1][1] is not None):
            self.contained.append([t, None])
        if action == "release" and self.contained and self.contained[-1][1] is None:
            self.contained[-1][1] = t

    def contained_at(self, t):
        return any(low <= t and (high is None or t < high) for low, high in self.contained)

    def contained_now(self):
        return bool(self.contained) and self.contained[-1][1] is None


def load(truth_dir, run_dir):
    truth = {t["account"]: t for t in read_lines(truth_dir, "truth.jsonl")}
    extraction = collections.defaultdict(list)
    with open(os.path.join(truth_dir, "extraction_index.tsv"), encoding="ascii") as f:
        for row in f:
            _, account, time = row.rstrip("\n").split("\t")
            extraction[account].append(seconds(time))
    histories = collections.defaultdict(History)
    shadow = 0
    for decision in read_lines(run_dir, "decisions.jsonl"):
        if decision.get("mode", "enforced") != "enforced":
            shadow += 1
            continue
        histories[decision["account"]].apply(decision)
    with open(os.path.join(run_dir, "campaigns.json"), encoding="utf-8") as f:
        reported = json.load(f)["campaigns"]
    return truth, extraction, histories, reported, shadow


def members(reported):
    """Each account's reported campaign: the one that is surest of it."""
    best = {}
    for campaign in reported:
        for entry in campaign.get("accounts", []):
            sure = entry.get("confidence") or 0.0
            if entry["account"] not in best or sure > best[entry["account"]][0]:
                best[entry["account"]] = (sure, campaign["id"])
    return {a: c for a, (_, c) in best.items()}


def pairs(n):
    return n * (n - 1) // 2


def rand_index(truth, found):
    """Adjusted Rand index over accounts in a true or a reported campaign; whoever is in none is a cluster of one."""
    accounts = [a for a in set(truth) | set(found) if (truth.get(a) or {}).get("campaign") or a in found]
    if not accounts:
        return None, 0
    left = {a: (truth.get(a) or {}).get("campaign") or "alone:" + a for a in accounts}
    right = {a: found.get(a) or "alone:" + a for a in accounts}
    both = sum(pairs(n) for n in collections.Counter((left[a], right[a]) for a in accounts).values())
    one = sum(pairs(n) for n in collections.Counter(left.values()).values())
    two = sum(pairs(n) for n in collections.Counter(right.values()).values())
    expected = one * two / pairs(len(accounts)) if len(accounts) > 1 else 0.0
    most = (one + two) / 2
    return ((both - expected) / (most - expected) if most != expected else None), len(accounts)


def cause(account, history, first, t):
    """Why an exchange at t was not stopped; first: when the campaign's first account was contained."""
    if not account.get("text", True):
        return "no text"
    if first is None or t < first:
        return "before"
    if history.asked is not None and history.asked <= t and not (history.contained and history.contained[0][0] <= t):
        return "asked"
    if not history.contained:
        return "never"
    return "waited" if t < history.contained[0][0] else "released"


def campaign_rows(truth, extraction, histories, reported, found):
    rows = {}
    by_id = {c["id"]: c for c in reported}
    for name in sorted({t["campaign"] for t in truth.values() if t["campaign"]}):
        accounts = [a for a, t in truth.items() if t["campaign"] == name]
        times = sorted((t, a) for a in accounts for t in extraction[a])
        held = sorted(h.contained[0][0] for h in (histories[a] for a in accounts) if h.contained)
        first = held[0] if held else None
        causes = collections.Counter(cause(truth[a], histories[a], first, t) for t, a in times if not histories[a].contained_at(t))
        leaked = sum(causes.values())
        contained = sum(histories[a].contained_now() for a in accounts)
        matches = collections.Counter(found[a] for a in accounts if a in found).most_common(1)
        best, share, detected = None, None, None
        if matches:
            best, size = matches[0]
            share = size / len(accounts)
            detected = by_id[best].get("detected")
        firsts = sorted(h.first for h in (histories[a] for a in accounts) if h.first is not None)
        need = math.ceil(FOUND * len(accounts))
        begin = times[0][0] if times else None
        at = seconds(detected) if detected else firsts[0] if firsts else None
        rows[name] = {
            "gated": name in GATED, "accounts": len(accounts), "contained": contained,
            "recall": ratio(contained, len(accounts)), "extraction_exchanges": len(times), "leaked": leaked,
            "leak": ratio(leaked, len(times)), "leaked_by": {c: causes[c] for c in CAUSES},
            "time_to_detect_s": round(at - begin) if at is not None and begin is not None else None,
            "exchanges_to_detect": sum(t < at for t, _ in times) if at is not None else None,
            "time_to_contain_80_s": round(held[need - 1] - begin) if len(held) >= need and begin is not None else None,
            "best_match": best, "share_in_best_match": share,
        }
    return rows


def benign_rows(truth, histories):
    rows = {}
    for a, t in truth.items():
        if t["campaign"]:
            continue
        row = rows.setdefault(t["population"], {"accounts": 0, "contained": 0, "throttled": 0, "verify": 0})
        row["accounts"] += 1
        h = histories.get(a)
        if h:
            row["contained"] += bool(h.contained)
            row["throttled"] += "throttle" in h.seen
            row["verify"] += "verify" in h.seen
    total = {k: sum(r[k] for r in rows.values()) for k in ("accounts", "contained", "throttled", "verify")}
    return dict(sorted(rows.items())), total


def show(value, form="{}"):
    return "-" if value is None else form.format(value)


def print_table(result):
    print(f"{'campaign':12} {'accounts':>8} {'contained':>9} {'recall':>7} {'extraction':>10} {'leaked':>7} {'leak':>7} "
          f"{'detect h':>8} {'hold80 h':>8} {'match':>6}")
    for name, r in result["campaigns"].items():
        hours = [None if r[k] is None else r[k] / 3600 for k in ("time_to_detect_s", "time_to_contain_80_s")]
        print(f"{name:12} {r['accounts']:8} {r['contained']:9} {show(r['recall'], '{:.3f}'):>7} {r['extraction_exchanges']:10} "
              f"{r['leaked']:7} {show(r['leak'], '{:.4f}'):>7} {show(hours[0], '{:.1f}'):>8} {show(hours[1], '{:.1f}'):>8} "
              f"{show(r['share_in_best_match'], '{:.2f}'):>6}{'' if r['gated'] else '  (not gated)'}")
    print(f"\n{'leaked by':12} " + " ".join(f"{c:>8}" for c in CAUSES))
    for name, r in result["campaigns"].items():
        print(f"{name:12} " + " ".join(f"{show(ratio(r['leaked_by'][c], r['extraction_exchanges']), '{:.4f}'):>8}" for c in CAUSES))
    print(f"\n{'benign':20} {'accounts':>8} {'contained':>9} {'throttled':>9} {'verify':>7}")
    for name, r in list(result["benign"]["populations"].items()) + [("all", result["benign"]["total"])]:
        print(f"{name:20} {r['accounts']:8} {r['contained']:9} {r['throttled']:9} {r['verify']:7}")
    c = result["clusters"]
    print(f"\nclusters: {c['reported']} reported, adjusted Rand index {show(c['ari'], '{:.3f}')} over {c['accounts']} accounts")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--truth", required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--json", help="where to write the result (RUN/compare.json)")
    args = parser.parse_args()
    try:
        truth, extraction, histories, reported, shadow = load(args.truth, args.run)
    except (OSError, ValueError, KeyError) as error:
        print(f"compare: {error!r}", file=sys.stderr)
        return 2
    found = members(reported)
    ari, n = rand_index(truth, found)
    populations, total = benign_rows(truth, histories)
    campaigns = campaign_rows(truth, extraction, histories, reported, found)
    misses = [f"{name}: {r['contained']} of {r['accounts']} accounts contained" for name, r in campaigns.items()
              if r["gated"] and (r["recall"] is None or r["recall"] < FOUND)]
    misses += [f"{name}: not in the truth" for name in GATED if name not in campaigns]
    if total["contained"]:
        misses.append(f"{total['contained']} benign accounts contained")
    result = {
        "campaigns": campaigns, "benign": {"populations": populations, "total": total},
        "clusters": {"ari": ari, "accounts": n, "reported": len(reported)},
        "shadow_decisions": shadow,
        "benign_contained": sorted(a for a, h in histories.items() if h.contained and a in truth and not truth[a]["campaign"]),
        "misses": misses, "passed": not misses,
    }
    with open(args.json or os.path.join(args.run, "compare.json"), "w", encoding="utf-8") as f:
        json.dump(result, f, indent=1)
        f.write("\n")
    print_table(result)
    for miss in misses:
        print("MISSED:", miss)
    print("passed" if not misses else "failed")
    return 0 if not misses else 1


if __name__ == "__main__":
    sys.exit(main())
