"""Verifies a composed log: its form, and that no simple rule about one account gives the label away.

A rule looks at one fact of an account: a field, how the account's prompts open, a number below or above a threshold or in
an interval. The balanced accuracy (mean of the share of campaign accounts it flags and of benign accounts it spares) of the
best rule of each kind is printed. Accounts that are paid for from a shared instrument are real evidence and are not judged.
"""

import bisect
import collections
import gzip
import json
import os
import re
import statistics
from datetime import datetime

LIMIT = 0.93  # a single fact must not do better than this
REQUIRED = {"exchange": ("time", "id", "account", "status"), "account": ("time", "account"),
            "enforcement": ("time", "account", "action", "source"), "release": ("time", "model")}
APIS = {"openai.chat", "openai.responses", "anthropic.messages"}
HARD = {"bare"}


class Facts:
    def __init__(self):
        self.times, self.prompt, self.output, self.turns = [], [], [], []
        self.openings, self.fields = collections.Counter(), {}
        self.per_day = collections.Counter()
        self.hours = set()
        self.limited = self.errors = self.with_system = self.with_tools = self.silent = 0


def last_user_text(line):
    """The last user text of the request, the number of messages, and whether a system prompt and tools are there."""
    request = line["request"]
    if line["api"] == "openai.responses":
        messages = request["input"]
        messages = [{"role": "user", "content": messages}] if isinstance(messages, str) else messages
        system = request.get("instructions")
    else:
        messages = request["messages"]
        system = request.get("system") or (messages[0]["content"] if messages[0]["role"] == "system" else None)
    return messages[-1]["content"], len([m for m in messages if m["role"] != "system"]), system, "tools" in request


def output_size(line):
    response = line.get("response") or {}
    if "choices" in response:
        return len(response["choices"][0]["message"]["content"] or "")
    content = response.get("content") or [c for o in response.get("output", []) for c in o.get("content", [])]
    return sum(len(c.get("text", "")) for c in content)


def read(path, problems):
    facts = collections.defaultdict(Facts)
    known, ids, last, n, moved = {}, set(), "", collections.Counter(), 0
    with gzip.open(path, "rt", encoding="utf-8") as f:
        for number, text in enumerate(f, 1):
            try:
                line = json.loads(text)
            except ValueError:
                problems.append(f"line {number}: not JSON")
                continue
            kind = line.get("event", "exchange")
            n[kind] += 1
            missing = [k for k in REQUIRED[kind] if k not in line]
            if missing:
                problems.append(f"line {number}: no {missing}")
                continue
            if line["time"] < last:
                problems.append(f"line {number}: time goes back")
            last = line["time"]
            if kind == "account":
                known[line["account"]] = line
            if kind != "exchange":
                continue
            if line["id"] in ids:
                problems.append(f"line {number}: id seen before")
            ids.add(line["id"])
            if "request" in line and line.get("api") not in APIS:
                problems.append(f"line {number}: request without a known api")
            note(facts[line["account"]], line)
    return facts, known, ids, n


def note(fact, line):
    fact.times.append(datetime.fromisoformat(line["time"].replace("Z", "+00:00")).timestamp())
    fact.per_day[line["time"][:10]] += 1
    fact.hours.add(line["time"][11:13])
    fact.limited += line["status"] == 429
    fact.errors += line["status"] >= 400
    client = line.get("client", {})
    fact.fields.update(user_agent=client.get("user_agent"), ja4=client.get("ja4"), country=client.get("country"),
                       asn=client.get("asn"), headers=len(client.get("header_order", ())), session="session" in line,
                       end_user="end_user" in line, organization="organization" in line)
    if "request" not in line:
        fact.silent += 1
        return
    request = line["request"]
    text, turns, system, tools = last_user_text(line)
    fact.fields.update(api=line["api"], model=request["model"], temperature=request.get("temperature"),
                       stream=request.get("stream"), top_p=request.get("top_p"),
                       max_tokens=request.get("max_tokens") or request.get("max_output_tokens"))
    fact.with_system += bool(system)
    fact.with_tools += tools
    fact.turns.append(turns)
    fact.prompt.append(len(text))
    fact.openings[" ".join(re.findall(r"\w+", text.lower()[:80])[:3])] += 1
    if line["status"] == 200:
        fact.output.append(output_size(line))


def numbers(fact):
    gaps = [b - a for a, b in zip(fact.times, fact.times[1:])]
    total = len(fact.times)
    mean = statistics.fmean(gaps) if gaps else 0.0
    return {
        "exchanges": total, "active_days": len(fact.per_day), "most_in_a_day": max(fact.per_day.values()),
        "a_day": total / len(fact.per_day), "hours_of_day": len(fact.hours),
        "first_seen": fact.times[0], "last_seen": fact.times[-1],
        "gap_cv": statistics.pstdev(gaps) / mean if mean > 0 else 0.0,
        "median_gap_s": statistics.median(gaps) if gaps else 0.0,
        "median_prompt_chars": statistics.median(fact.prompt) if fact.prompt else 0,
        "median_output_chars": statistics.median(fact.output) if fact.output else 0,
        "share_single_turn": sum(t == 1 for t in fact.turns) / max(1, len(fact.turns)),
        "distinct_openings": len(fact.openings) / max(1, sum(fact.openings.values())),
        "share_429": fact.limited / total, "share_errors": fact.errors / total,
        "share_with_system": fact.with_system / max(1, len(fact.turns)),
        "share_with_tools": fact.with_tools / max(1, len(fact.turns)), "share_without_text": fact.silent / total,
    }


def account_fields(line):
    if line is None:
        return {"account_event": False}
    return {"account_event": True, "tier": line.get("tier"), "programme": line.get("programme"),
            "verified": ",".join(line.get("verified", [])), "email_domain": line.get("email_domain"),
            "home_country": line.get("country"), "payment_there": "payment" in line, "device_there": "device" in line}


def best_threshold(bad, good):
    """Best one-sided and best two-sided rule on a number."""
    bad, good = sorted(bad), sorted(good)
    cuts = sorted(set(bad + good))
    cuts = [float("-inf")] + cuts[:: max(1, len(cuts) // 120)] + [float("inf")]
    share = [(bisect.bisect_left(bad, c) / len(bad), bisect.bisect_left(good, c) / len(good)) for c in cuts]
    one = max(max(b - g, g - b) for b, g in share)
    two = max((share[j][0] - share[i][0]) - (share[j][1] - share[i][1]) for i in range(len(share)) for j in range(i, len(share)))
    return 0.5 + one / 2, 0.5 + two / 2


def rules(facts, known, truth):
    """Rows of (balanced accuracy, kind, rule)."""
    bad = [a for a, t in truth.items() if t["campaign"] and t["campaign"] not in HARD and a in facts]
    good = [a for a, t in truth.items() if not t["campaign"] and a in facts]
    rows = []
    values = {a: numbers(facts[a]) for a in bad + good}
    for name in values[bad[0]]:
        one, two = best_threshold([values[a][name] for a in bad], [values[a][name] for a in good])
        rows += [(one, "threshold", name), (two, "interval", name)]
    fields = {a: dict(facts[a].fields, **account_fields(known.get(a))) for a in bad + good}
    for name in sorted({n for f in fields.values() for n in f}):
        flagged = collections.Counter(str(fields[a].get(name)) for a in bad)
        spared = collections.Counter(str(fields[a].get(name)) for a in good)
        best = max(set(flagged) | set(spared), key=lambda v: abs(flagged[v] / len(bad) - spared[v] / len(good)))
        gain = abs(flagged[best] / len(bad) - spared[best] / len(good))
        rows.append((0.5 + gain / 2, "field", f"{name}={best[:40]}"))
    common = {a: facts[a].openings.most_common(1)[0][0] if facts[a].openings else "" for a in bad + good}
    flagged = collections.Counter(common[a] for a in bad)
    spared = collections.Counter(common[a] for a in good)
    best = max(flagged, key=lambda v: flagged[v] / len(bad) - spared[v] / len(good))
    rows.append((0.5 + (flagged[best] / len(bad) - spared[best] / len(good)) / 2, "opening", "one three-word opening"))
    return sorted(rows, reverse=True), len(bad), len(good)


def run(out):
    problems = []
    with open(os.path.join(out, "composed.json"), encoding="utf-8") as f:
        composed = json.load(f)
    with open(os.path.join(out, "truth.jsonl"), encoding="utf-8") as f:
        truth = {t["account"]: t for t in map(json.loads, f)}
    facts, known, ids, n = read(os.path.join(out, "log.jsonl.gz"), problems)
    with open(os.path.join(out, "extraction.ids"), encoding="ascii") as f:
        extraction = f.read().split()
    least = int(200_000 * min(1.0, composed["scale"]))
    if n["exchange"] < least:
        problems.append(f"{n['exchange']} exchanges, fewer than {least}")
    if not set(extraction) <= ids:
        problems.append("extraction.ids names exchanges that are not in the log")
    if not set(facts) <= set(truth):
        problems.append("an account of the log is not in truth.jsonl")
    with open(os.path.join(out, "extraction_index.tsv"), encoding="ascii") as f:
        per_day = collections.Counter(tuple((a, t[:10])) for _, a, t in (row.rstrip("\n").split("\t") for row in f))
    if per_day and max(per_day.values()) > 30:
        problems.append(f"an account serves the extraction {max(per_day.values())} times in a day")
    found, bad, good = rules(facts, known, truth)
    print(f"{sum(n.values())} lines: {dict(n)}; {len(facts)} active accounts, {len(extraction)} extraction exchanges")
    print(f"simple rules, {bad} campaign accounts (without {sorted(HARD)}) against {good} benign, balanced accuracy:")
    for value, kind, rule in found[:24]:
        print(f"  {value:.3f}  {kind:9}  {rule}")
    for value, kind, rule in found:
        if value > LIMIT and composed["scale"] >= 0.5:
            problems.append(f"give-away: {kind} {rule} separates with {value:.3f}")
    for problem in problems[:20]:
        print("FAILED:", problem)
    print("check:", "failed" if problems else "passed")
    return 1 if problems else 0
