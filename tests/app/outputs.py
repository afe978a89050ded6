#!/usr/bin/env python3
"""Holds what a replay wrote against docs/formats.md: keys, types, words, times, order, references between files.

  outputs.py DIR [TRUTH]     prints a line for each check; with truth.jsonl also who is contained
"""

import html.parser
import json
import pathlib
import re
import sys

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
CAMPAIGN = re.compile(r"cmp_[0-9a-z]{13}")
ACTIONS = ("observe", "verify", "throttle", "restrict", "suspend", "release")
FAMILIES = ("identity", "network", "content", "timing", "provenance", "volume")
REFUSED = ("not_json", "missing_key", "wrong_type", "bad_value", "too_long", "truncated", "damaged")

# What a value may be.
def text(value): return isinstance(value, str) and value != ""
def time(value): return isinstance(value, str) and TIME.fullmatch(value) is not None
def count(value): return type(value) is int and value >= 0
def number(value): return type(value) in (int, float)
def flag(value): return type(value) is bool
def share(value): return number(value) and 0 <= value <= 1
def campaign_id(value): return isinstance(value, str) and CAMPAIGN.fullmatch(value) is not None
def maybe(kind): return lambda value: value is None or kind(value)
def one_of(*words): return lambda value: value in words
def list_of(kind): return lambda value: isinstance(value, list) and all(map(kind, value))
def exactly(**keys):
    return lambda value: isinstance(value, dict) and not wrong_keys(value, keys)


def wrong_keys(value, keys):
    return sorted(value.keys() ^ keys.keys()) + [name for name, kind in keys.items() if name in value and not kind(value[name])]


DECISION = dict(time=time, account=text, action=one_of(*ACTIONS), campaign=maybe(campaign_id),
                mode=one_of("shadow", "enforced"), confidence=share, families=list_of(one_of(*FAMILIES)), reason=text,
                expires=maybe(time))
MEMBER = dict(account=text, confidence=share, role=one_of("core", "likely", "halo"), since=time, until=maybe(time))
FAMILY = dict(family=one_of(*FAMILIES), log10_e=number, summary=text, inside=count, trials=count, p0=share, strong=flag,
              found_by=flag)
CHECK = dict(name=text, measure=text, measured=maybe(number), threshold=number, holds=flag)
LINK = dict(object=text, family=one_of(*FAMILIES), inside=count, shown_by=count, first=time, sightings=number, tasks=number,
            examples=list_of(text))
PARTING = dict(summary=text, lanes=count, bridges=count, inside=count, across=count, log10_p=number)
CAMPAIGN_KEYS = dict(
    id=campaign_id, kind=one_of("pipeline", "judge", "relay", "probing", "unknown"),
    status=one_of("suspected", "confirmed", "contained", "closed"), first_exchange=maybe(time), detected=maybe(time),
    contained=maybe(time), exchanges=count, input_tokens=count, output_tokens=count, log10_e=number, threshold=number,
    two_keys=flag, successor_of=maybe(campaign_id), pool=maybe(campaign_id), parting=maybe(exactly(**PARTING)),
    accounts=list_of(exactly(**MEMBER)),
    capabilities=list_of(exactly(name=text, share=share)), families=list_of(exactly(**FAMILY)),
    links=list_of(exactly(**LINK)), benign_checks=list_of(exactly(**CHECK)))
SUMMARY = dict(
    version=text, policy=text, mode=one_of("shadow", "enforced"), first=maybe(time), last=maybe(time),
    log=exactly(lines=count, events=count, bytes=count, refused=exactly(**dict.fromkeys(REFUSED, count)),
                unknown_keys=list_of(text)),
    records=count, late=count, exchanges=count, accounts=count,
    campaigns=exactly(suspected=count, confirmed=count, contained=count, closed=count),
    decisions=exactly(**dict.fromkeys(ACTIONS, count)), accounts_contained=count,
    limits_reached=lambda value: isinstance(value, dict) and all(map(count, value.values())), state_bytes=count,
    issued_bytes=count, peak_memory_bytes=count, wall_s=number, threads=count)


class References(html.parser.HTMLParser):
    """What a page would fetch or lead to, and the places in it that a link can name."""

    def __init__(self):
        super().__init__()
        self.out, self.inside, self.ids = set(), set(), set()

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.add(value)
            elif name in ("src", "href", "xlink:href", "action", "srcset", "data", "poster"):
                (self.inside if value.startswith("#") else self.out).add(value)


class Checks:
    def __init__(self):
        self.failed = False

    def check(self, sentence, wrong):
        """`wrong` is what speaks against the sentence; empty where it holds."""
        self.failed |= bool(wrong)
        print(("not ok - " if wrong else "ok - ") + sentence)
        if wrong:
            print(f"#   {str(wrong)[:300]}")


def contained_at_end(decisions):
    held = set()
    for decision in decisions:
        if decision["action"] in ("restrict", "suspend"):
            held.add(decision["account"])
        elif decision["action"] == "release":
            held.discard(decision["account"])
    return held


def check_json(c, decisions, campaigns, summary):
    c.check("each decision has the keys and types of docs/formats.md", [w for d in decisions if (w := wrong_keys(d, DECISION))])
    c.check("decisions are in order of time", [d["time"] for d, e in zip(decisions, decisions[1:]) if d["time"] > e["time"]])
    c.check("no decision expires before it holds",
            [d for d in decisions if d["expires"] is not None and d["expires"] < d["time"]])
    c.check("reasons are sentences", [d["reason"] for d in decisions if not re.fullmatch(r"[A-Z].{20,238}\.", d["reason"])])
    c.check("each campaign has the keys and types of docs/formats.md",
            [w for campaign in campaigns["campaigns"] if (w := wrong_keys(campaign, CAMPAIGN_KEYS))])
    c.check("campaigns.json is version 1", campaigns["version"] != 1 or sorted(campaigns) != ["campaigns", "version"])
    known = {campaign["id"] for campaign in campaigns["campaigns"]}
    c.check("campaigns have ids of their own", len(known) != len(campaigns["campaigns"]))
    c.check("campaigns that decisions and successors name are in campaigns.json",
            ({d["campaign"] for d in decisions} | {k["successor_of"] for k in campaigns["campaigns"]})
            - known - {None})
    c.check("no member of a campaign leaves before it joins",
            [m for k in campaigns["campaigns"] for m in k["accounts"] if m["until"] is not None and m["until"] < m["since"]])
    c.check("a campaign is detected after its first exchange and contained after that",
            [k["id"] for k in campaigns["campaigns"] if not (k["first_exchange"] or "") <= (k["detected"] or "~")
             <= (k["contained"] or "~")])
    c.check("summary.json has the keys and types of docs/formats.md", wrong_keys(summary, SUMMARY))
    c.check("summary.json counts what decisions.jsonl has",
            {a: n for a, n in summary["decisions"].items() if n != sum(d["action"] == a for d in decisions)})
    c.check("summary.json counts the accounts contained at the end",
            summary["accounts_contained"] != len(contained_at_end(decisions)))
    c.check("summary.json counts the campaigns by status",
            {s: n for s, n in summary["campaigns"].items()
             if n != sum(k["status"] == s for k in campaigns["campaigns"])})
    c.check("every line is an event or refused",
            summary["log"]["lines"] != summary["log"]["events"] + sum(summary["log"]["refused"].values()))


def check_documents(c):
    formats = pathlib.Path("docs/formats.md").read_text(encoding="utf-8")
    words = set(re.findall(r"`([a-z0-9_]+)`", formats))
    tables = (DECISION, MEMBER, FAMILY, CHECK, LINK, CAMPAIGN_KEYS, SUMMARY, dict.fromkeys(REFUSED))
    c.check("docs/formats.md names every key", [key for table in tables for key in table if key not in words])


def check_page(c, folder, campaigns):
    page = (folder / "report/index.html").read_text(encoding="utf-8")
    references = References()
    references.feed(page)
    c.check("the report refers to nothing outside itself",
            references.out or re.findall(r"https?://(?!www\.w3\.org/)[^\s\"'<]*|url\((?!#)[^)]*\)|@import[^;]*", page))
    c.check("links inside the report lead somewhere", {r for r in references.inside if r[1:] not in references.ids})
    c.check("the report shows every campaign", [k["id"] for k in campaigns if k["id"] not in page])
    c.check("and the twenty surest members of each", [
        m["account"] for k in campaigns for m in sorted(k["accounts"], key=lambda m: -m["confidence"])[:20] if m["account"] not in page])


def check_truth(c, path, decisions, campaigns):
    truth = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    members = {row["account"] for row in truth if row["campaign"]}
    benign = {row["account"] for row in truth} - members
    held = contained_at_end(decisions)
    c.check("no account is contained but the generated campaign's", held & benign)
    c.check("nine tenths of the campaign's accounts and more are contained", [] if len(held & members) >= 0.9 * len(members) else held)
    c.check("no account is decided about that is not in the log", {d["account"] for d in decisions} - members - benign)
    found = [k for k in campaigns if k["status"] == "contained"]
    c.check("the campaign is found as one", [] if len(found) == 1 else [k["id"] for k in found])
    c.check("no benign account is a core member of it",
            {m["account"] for k in found for m in k["accounts"] if m["role"] == "core"} & benign)


def main():
    folder = pathlib.Path(sys.argv[1])
    lines = (folder / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
    decisions = [json.loads(line) for line in lines]
    campaigns = json.loads((folder / "campaigns.json").read_text(encoding="utf-8"))
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    c = Checks()
    c.check("there are decisions and campaigns to look at", not decisions or not campaigns["campaigns"])
    check_json(c, decisions, campaigns, summary)
    check_documents(c)
    check_page(c, folder, campaigns["campaigns"])
    if len(sys.argv) > 2:
        check_truth(c, pathlib.Path(sys.argv[2]), decisions, campaigns["campaigns"])
    sys.exit(c.failed)


main()
