#!/usr/bin/env python3
"""No single field, length, opening 3-gram, volume or id order tells a campaign's accounts from benign ones.

Simulates a scenario (or reads a log and its truth), finds on one half of the accounts the best rule of each kind for each
field, judges it on the other half, and the other way round; prints the balanced accuracies of both, averaged, highest
first; a * marks what a replica's campaign was reported by, which does not count. Exit status 1 where one is above the limit, 77 where --data is absent.
--source unpacks the public sets beside the checkout ROOT (STILLWATCH_SHARED or ../shared) and takes their prompts; 77 without them.

  trivial_rules.py --stillwatch build/stillwatch --scenario l1 [--scale 0.05] [--seed 1] [--data DIR | --source ROOT]
  trivial_rules.py --log log.jsonl --truth truth.jsonl

Kinds: a value (any, most or all of an account's exchanges have it, or none), a learned set of values (fields of at most 64
values, and openings), a threshold and an interval (on the mean and the median of what exchanges have, and on what accounts have).
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile

import accounts_of_log

LIMIT = 0.8
# What a campaign can be known by because it was reported with it: fields whose rules do not count for its replica.
REPORTED = {
    "volume": ("exchanges", "most in", "hours", "days active", "entropy", "median gap", "span", "first seen", "last seen"),
    "countries": ("country", "asn", "account country", "account phone_country", "account has phone_country", "weekend share",
                  "entropy"),
    "refusals": ("finish", "answer opening", "output", "duration_ms"),
    "reasoning": ("thinking", "budget_tokens", "request keys", "api", "max_tokens", "finish", "history", "messages"),
    "client": ("user_agent", "product", "platform", "ja4", "header_order"),
    "rhythm": ("entropy", "hours of the day", "weekend share"),
    "prompts": ("input tokens", "last user", "first user", "history", "last opening", "user opening"),
}
SET_MAX = 64
CUTS = 48
# Whom they name is the evidence of the detectors under test; one value of them is tried, a set of them is a list of accounts.
IDENTIFIERS = ("account payment", "account device", "account signup_ip", "account email_domain", "account organization", "ip", "key")
OPENINGS = ("user opening", "last opening", "system opening", "answer opening")


def balanced(flags, labels):
    """Balanced accuracy of 'flagged means campaign'; flags and labels in the same order."""
    positives = sum(labels) or 1
    negatives = len(labels) - sum(labels) or 1
    hit = sum(1 for f, y in zip(flags, labels) if f and y)
    false = sum(1 for f, y in zip(flags, labels) if f and not y)
    return (hit / positives + 1 - false / negatives) / 2


class Half:
    def __init__(self, names, accounts, campaigns):
        self.accounts = [accounts[name] for name in names]
        self.labels = [name in campaigns for name in names]


def shares(half, field):
    """For each account: value -> share of its exchanges."""
    rows = []
    for account in half.accounts:
        counts = account.values.get(field) or {}
        total = sum(counts.values()) or 1
        rows.append({value: n / total for value, n in counts.items()})
    return rows


MODES = {"any": 1e-9, "most": 0.5, "all": 1 - 1e-9}


def best_value(train, judge, field):
    """The single value; the flag may mean either side."""
    rows, seen = shares(train, field), {}
    for row, label in zip(rows, train.labels):
        for value, share in row.items():
            for mode, least in MODES.items():
                if share >= least:
                    tally = seen.setdefault((value, mode), [0, 0])
                    tally[label] += 1
    positives = sum(train.labels) or 1
    negatives = len(train.labels) - positives or 1
    if not seen:
        return None
    (value, mode), tally = max(seen.items(), key=lambda item: (abs(item[1][1] / positives - item[1][0] / negatives), str(item[0])))
    wanted = tally[1] / positives > tally[0] / negatives
    flags = [(row.get(value, 0) >= MODES[mode]) == wanted for row in shares(judge, field)]
    return balanced(flags, judge.labels), f"{'' if wanted else 'not '}{mode} == {str(value)[:40]!r}"


def best_set(train, judge, field):
    """Values that campaigns have more than others do; then how much of an account is in the set."""
    if field in IDENTIFIERS:
        return None
    rows, mass = shares(train, field), {}
    for row, label in zip(rows, train.labels):
        for value, share in row.items():
            mass.setdefault(value, [0.0, 0.0])[label] += share
    if len(mass) > SET_MAX and field not in OPENINGS:
        return None
    positives = sum(train.labels) or 1
    negatives = len(train.labels) - positives or 1
    learned = {value for value, m in mass.items() if m[1] / positives > m[0] / negatives}

    def inside(row):
        return sum(share for value, share in row.items() if value in learned)

    found = best_cut([inside(row) for row in rows], train.labels, False)
    judged = [inside(row) for row in shares(judge, field)]
    return balanced([found(x) for x in judged], judge.labels), f"a set of {len(learned)} of {len(mass)} values"


def best_cut(numbers, labels, interval):
    """The best threshold, or interval, among quantiles: a function from a number to a flag."""
    ordered = sorted(numbers)
    n_cuts = CUTS
    cuts = sorted({ordered[int(i * (len(ordered) - 1) / n_cuts)] for i in range(n_cuts + 1)})
    best, found = 0, lambda x: False
    positives = sum(labels) or 1
    negatives = len(labels) - positives or 1
    weighted = sorted((x, 1 / positives if y else -1 / negatives) for x, y in zip(numbers, labels))
    below, at, total = [], 0, 0.0
    for cut in cuts:  # the weight of what lies below each cut
        while at < len(weighted) and weighted[at][0] < cut:
            total += weighted[at][1]
            at += 1
        below.append(total)
    whole = below + [sum(w for _, w in weighted)]
    edges = cuts + [float("inf")]
    for i in range(len(edges)):
        for j in range(i + 1, len(edges)) if interval else ([len(edges) - 1] if i < len(edges) - 1 else []):
            gain = whole[j] - whole[i]
            if abs(gain) > best:
                best = abs(gain)
                found = (lambda low, high, wanted: lambda x: (low <= x < high) == wanted)(edges[i], edges[j], gain > 0)
    return found


def number_columns(half):
    """name -> one number an account."""
    columns = {}
    for i, account in enumerate(half.accounts):
        row = dict(account.once)
        for field, numbers in account.numbers.items():
            row[f"{field}, mean"] = statistics.fmean(numbers)
            row[f"{field}, median"] = statistics.median_low(numbers)
        for name, number in row.items():
            columns.setdefault(name, [-1.0] * len(half.accounts))[i] = number
    return columns


def judge_numbers(train, judge):
    fitted, judged = number_columns(train), number_columns(judge)
    for name in fitted.keys() & judged.keys():
        for kind, interval in (("threshold", False), ("interval", True)):
            found = best_cut(fitted[name], train.labels, interval)
            yield (name, kind), balanced([found(x) for x in judged[name]], judge.labels), ""


def judge_values(train, judge):
    fields = sorted({field for account in train.accounts for field in account.values})
    for field in fields:
        for kind, rule in (("value", best_value), ("set", best_set)):
            found = rule(train, judge, field)
            if found:
                yield (field, kind), *found


def table(accounts, campaigns):
    """(balanced accuracy, field, kind, what it was) of every rule, highest first."""
    order = sorted(accounts, key=lambda name: hashlib.sha256(name.encode()).digest())
    order.sort(key=lambda name: name in campaigns)
    halves = [Half(order[side::2], accounts, campaigns) for side in (0, 1)]
    sums = {}
    for train, judge in (halves, halves[::-1]):
        for rules in (judge_values, judge_numbers):
            for key, accuracy, words in rules(train, judge):
                sums.setdefault(key, []).append((accuracy, words))
    rows = [(sum(a for a, _ in found) / len(found), *key, found[0][1]) for key, found in sums.items()]
    return sorted(rows, reverse=True), halves


# What the corpus reads (src/corpus/sets.h).
SETS = ("alpaca_52k", "codealpaca", "gorilla_apibench", "arena_hard", "hh_rlhf_harmless_test", "sgd_dialogues",
        "polyai_banking77", "t0_templates", "bfcl_v4", "reasoning_eval_sets", "agentic_coding", "self_instruct_seed",
        "system_prompts")


def unpacked(root, place):
    """Unpacks the public sets into the folder place; False where there are none."""
    base = os.path.join(root, os.environ.get("STILLWATCH_SHARED", "../shared"))
    for folder in (base, os.path.join(base, "data")):
        script = os.path.join(folder, "unpack.sh")
        if os.path.isfile(script):
            subprocess.run(["sh", script, place, *SETS], stdout=subprocess.DEVNULL, check=True)
            return True
    return False


def campaign_of(path):
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["account"] for row in rows if row["campaign"]}


def simulated(options):
    with tempfile.TemporaryDirectory() as place:
        command = [options.stillwatch, "simulate", "--scenario", options.scenario, "--seed", str(options.seed), "--out", place,
                   "--quiet", "--log", "/dev/stdout"]
        command += ["--scale", str(options.scale)] if options.scale else []
        command += ["--data", options.data] if options.data else []
        with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=1 << 20) as program:
            accounts = accounts_of_log.read(program.stdout)
        if program.returncode:
            sys.exit(f"not ok - simulate ended with {program.returncode}")
        return accounts, campaign_of(os.path.join(place, "truth.jsonl"))


def read(options):
    """The accounts of the log, or of a simulation, and which of them are campaigns'."""
    if options.log:
        with open(options.log, "rb") as stream:
            return accounts_of_log.read(stream), campaign_of(options.truth)
    if not options.source:
        return simulated(options)
    with tempfile.TemporaryDirectory() as options.data:
        if not unpacked(options.source, options.data):
            print(f"ok - {options.scenario} # SKIP the public sets are absent")
            sys.exit(77)
        return simulated(options)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("stillwatch", "scenario", "data", "log", "truth", "source"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--reported", default="")
    parser.add_argument("--scale", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=LIMIT)
    parser.add_argument("--rows", type=int, default=12)
    options = parser.parse_args()
    if options.data and not os.path.isdir(options.data):
        print(f"ok - {options.scenario} # SKIP {options.data} is absent")
        sys.exit(77)
    accounts, campaigns = read(options)
    rows, halves = table(accounts, campaigns)
    n = sum(sum(half.labels) for half in halves)
    print(f"{options.scenario or options.log}: {n} campaign accounts, {len(accounts) - n} benign, {len(rows)} rules")
    reported = tuple(prefix for name in options.reported.split(",") if name for prefix in REPORTED[name])
    counted = [row for row in rows if not row[1].startswith(reported)]
    shown = counted[:options.rows] + [row for row in rows if row not in counted and row[0] > options.limit][:options.rows]
    for accuracy, field, kind, words in sorted(shown, reverse=True):
        mark = "*" if field.startswith(reported) else " "
        print(f"{accuracy:.3f}{mark} {field:28} {kind:9} {words}")
    good = n >= 10 and counted[0][0] <= options.limit
    print(f"{'ok' if good else 'not ok'} - no rule of one field is above {options.limit}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
