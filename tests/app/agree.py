#!/usr/bin/env python3
"""agree.py SCORE COMPARE: whether score.json and compare.json of one run say the same, where both measure the same."""

import json
import sys


def same(a, b):
    return a == b or (a is not None and b is not None and abs(a - b) <= 1e-5 * max(1, abs(b)))


def pairs(score, compare):
    """(what, of score.json, of compare.json)"""
    ours = {c["campaign"]: c for c in score["campaigns"]}
    yield "campaigns", sorted(ours), sorted(compare["campaigns"])
    for name, theirs in compare["campaigns"].items():
        c = ours.get(name, {})
        yield f"{name}: accounts", c.get("accounts"), theirs["accounts"]
        yield f"{name}: contained at the end", c.get("contained_at_end"), theirs["contained"]
        yield f"{name}: extraction exchanges", c.get("extraction_exchanges"), theirs["extraction_exchanges"]
        yield f"{name}: leaked", c.get("leaked"), theirs["leaked"]
        yield f"{name}: leak", c.get("leak"), theirs["leak"]
        # None of its accounts in a reported group: 0 of them here, no match there.
        yield f"{name}: best match", c.get("best_match_share"), theirs["share_in_best_match"] or 0
    populations = {p["population"]: p for p in score["benign"]["populations"]} | {"all": score["benign"]["all"]}
    for name, theirs in list(compare["benign"]["populations"].items()) + [("all", compare["benign"]["total"])]:
        p = populations[name]
        yield f"{name}: accounts", p["accounts"], theirs["accounts"]
        for key, other in (("contained", "contained"), ("throttled", "throttled"), ("challenged", "verify")):
            yield f"{name}: {key}", p[key]["accounts"], theirs[other]
    yield "adjusted Rand index", score["clusters"]["adjusted_rand_index"], compare["clusters"]["ari"]
    yield "accounts in clusters", score["clusters"]["accounts"], compare["clusters"]["accounts"]
    yield "reported groups", score["clusters"]["reported"], compare["clusters"]["reported"]


def main():
    score, compare = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
    differ = [f"{what}: {a} and {b}" for what, a, b in pairs(score, compare)
              if not (a == b if isinstance(a, list) else same(a, b))]
    print(("not ok" if differ else "ok") + " - score and compare.py agree on composed traffic")
    print("".join(f"#   {line}\n" for line in differ), end="")
    sys.exit(1 if differ else 0)


main()
