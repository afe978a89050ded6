#!/usr/bin/env python3
"""Composes a log of real texts, rates and system prompts: four campaigns among benign accounts, with the truth beside it.

  compose.py [--seed N] [--scale X] [--out build/real] [--data build/real/data]   write log.jsonl.gz and the truth files
  compose.py --check [--out build/real]                                           verify what was written

Exit status: 0 fine, 1 a check failed, 77 the data sets are absent.
"""

import argparse
import collections
import gzip
import json
import os
import random
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays as it is

import arrivals
import campaigns
import check
import dialect
import identity
import populations
import sources

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))


def with_failures(world):
    """Puts failed attempts before some exchanges: rate limits (campaigns plan their own), server and client errors."""
    rng = world.rng("failures")
    extra = []
    for ask in world.asks:
        if ask.status != 200:
            continue
        x = rng.random()
        status = 429 if x < 0.014 else 500 if x < 0.017 else 503 if x < 0.02 else 400 if x < 0.025 else 413 if x < 0.026 else None
        if status is None or status == 429 and ask.extraction:
            continue
        t = ask.t - arrivals.pause(rng, 7 if status in (429, 503) else 25, 0.6)
        if t > ask.account.born:
            extra.append(ask.copy(t, status))
    world.asks += extra


def with_enforcement(world):
    """A few benign accounts are limited or suspended by other desks and later restored."""
    rng = world.rng("enforcement")
    benign = [a for a in world.registry.accounts if a.campaign is None]
    for a in rng.sample(benign, max(2, len(benign) // 140)):
        low, high = a.born, arrivals.END_MS - arrivals.DAY_MS
        if low >= high:
            continue
        at = rng.randrange(low, high)
        back = at + int(rng.uniform(0.1, 2.5) * arrivals.DAY_MS)
        hard = rng.random() < 0.5
        source = rng.choice(campaigns.SOURCES)
        world.events.append((at, {"account": a.id, "action": "suspended" if hard else "limited", "source": source}))
        if back < arrivals.END_MS:
            world.events.append((back, {"account": a.id, "action": "restored", "source": source}))
        for ask in world.asks:
            if ask.account is a and at < ask.t < back and (hard or rng.random() < 0.6):
                ask.status, ask.output = 429, None


def plan(data, seed, scale):
    texts = sources.Sources(data, seed)
    world = populations.World(texts, arrivals.Arrivals(data), identity.Registry(data, seed), seed, scale)
    for make in populations.ALL:
        make(world)
    for make in campaigns.ALL:
        make(world)
    with_failures(world)
    with_enforcement(world)
    return world


def account_events(world):
    """Accounts older than the log come in its first minutes, others at sign-up; some change later, a few are missing."""
    rng = world.rng("account_events")
    for a in world.registry.accounts:
        t = a.created if a.created >= 0 else rng.randrange(0, 120_000)
        change = rng.random() < 0.02
        if a.hidden:
            continue
        yield t, a, None
        if change and a.tier == "free":
            yield rng.randrange(t, arrivals.END_MS), a, "paid"


def lines(world):
    """Every event in ascending time, with its exchange (or None)."""
    order = [(ask.t, 2, i, ask) for i, ask in enumerate(world.asks) if 0 <= ask.t < arrivals.END_MS]
    for i, (t, a, tier) in enumerate(account_events(world)):
        order.append((t, 0, i, (a, tier)))
    for i, (t, event) in enumerate(world.events):
        order.append((t, 1, i, dict(event="enforcement", time=dialect.stamp(t), **event)))
    for i, (t, model, _) in enumerate(identity.RELEASES):
        order.append((t, 1, -1 - i, {"event": "release", "time": dialect.stamp(t), "model": model}))
    order.sort(key=lambda e: e[:3])
    rng, ids, seen = world.rng("lines"), world.rng("request_ids"), set()
    for t, kind, _, what in order:
        if kind == 2:
            made, line = dialect.exchange_line(what, rng, ids)
            while made in seen:
                made, line = dialect.exchange_line(what, rng, ids)
            seen.add(made)
            yield line, what
        elif kind == 0:
            a, tier = what
            line = dialect.account_line(a, t)
            if tier:
                line["tier"] = tier
            yield line, None
        else:
            yield what, None


def write(world, out):
    os.makedirs(out, exist_ok=True)
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    counts = {"by_population": collections.Counter(), "lines": 0, "exchanges": 0, "bytes": 0, "status": collections.Counter(),
              "api": collections.Counter()}
    rows, buffer = [], []
    partial = os.path.join(out, "log.jsonl.gz.part")
    with open(partial, "wb") as raw, gzip.GzipFile("", "wb", 4, raw, 0) as z:
        for line, ask in lines(world):
            text = encode(line).encode("utf-8") + b"\n"
            counts["lines"] += 1
            counts["bytes"] += len(text)
            buffer.append(text)
            if len(buffer) == 2000:
                z.write(b"".join(buffer))
                buffer.clear()
            if ask is None:
                continue
            counts["exchanges"] += 1
            counts["status"][line["status"]] += 1
            counts["api"][line.get("api", "none")] += 1
            counts["by_population"][ask.account.campaign or ask.account.population] += 1
            if ask.extraction and ask.status == 200:
                rows.append((line["id"], line["account"], line["time"]))
        z.write(b"".join(buffer))
    with open(os.path.join(out, "truth.jsonl"), "w", encoding="utf-8") as f:
        for a in sorted(world.registry.accounts, key=lambda a: a.id):
            f.write(encode({"account": a.id, "population": a.population, "campaign": a.campaign, "text": not a.metadata}) + "\n")
    with open(os.path.join(out, "extraction.ids"), "w", encoding="ascii") as f:
        f.writelines(row[0] + "\n" for row in rows)
    with open(os.path.join(out, "extraction_index.tsv"), "w", encoding="ascii") as f:
        f.writelines("\t".join(row) + "\n" for row in rows)
    os.replace(partial, os.path.join(out, "log.jsonl.gz"))
    return counts, len(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--out", default=os.path.join(ROOT, "build", "real"))
    parser.add_argument("--data", default=os.path.join(ROOT, "build", "real", "data"))
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    if args.check:
        return check.run(args.out)
    if not sources.ensure_unpacked(ROOT, args.data):
        print("skipped: ../shared/data is absent")
        return 77
    began = time.monotonic()
    world = plan(args.data, args.seed, args.scale)
    counts, extracted = write(world, args.out)
    who = collections.Counter(a.campaign or a.population for a in world.registry.accounts)
    summary = {
        "seed": args.seed, "scale": args.scale, "lines": counts["lines"], "exchanges": counts["exchanges"],
        "extraction_exchanges": extracted, "bytes": counts["bytes"],
        "gzip_bytes": os.path.getsize(os.path.join(args.out, "log.jsonl.gz")), "seconds": round(time.monotonic() - began, 1),
        "accounts": dict(sorted(who.items())), "exchanges_by": dict(sorted(counts["by_population"].items())),
        "status": dict(sorted(counts["status"].items())), "api": dict(sorted(counts["api"].items())),
        "texts_reused": {p.name: p.rounds + p.next / len(p.items) for p in world.sources.pools.values() if p.rounds},
        "texts_left": {p.name: p.left() for p in world.sources.pools.values() if not p.rounds},
    }
    with open(os.path.join(args.out, "composed.json"), "w", encoding="utf-8") as f:
        json.dump(summary, f, indent=1)
        f.write("\n")
    json.dump(summary, sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
