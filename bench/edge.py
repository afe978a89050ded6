#!/usr/bin/env python3
"""The module against a plain nginx proxy, nginx with auth_request, and Portkey's gateway. Writes build/bench/edge.json.

All stand before the same model server, an nginx that returns 1.5 kB of JSON at once, and proxy with the same settings: one
nginx worker, one wrk thread, everything on loopback. Every round runs each side once, in turns; a ratio is the median of
the rounds' own, the worst round beside it. --soak N sends N requests through the module while the service reads its records,
and watches the memory of both.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time
import unittest

import measure
from measure import ROOT, WORK, Skip, median, say

os.environ.setdefault("STILLWATCH_BUILD", str(measure.BUILD))
sys.path.insert(0, str(ROOT / "tests/edge"))
import client  # noqa: E402
import edge_stream  # noqa: E402
import gated  # noqa: E402
import harness  # noqa: E402
import mmdb  # noqa: E402
import records  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 64
WARM_S = 6  # the ring has been round once then, as one in use has
TARGETS = {"requests/s over plain nginx": 0.90, "requests/s over auth_request": 1.2, "requests/s over Portkey": 20.0}
LATENCY_TARGET_US, FIRST_EVENT_TARGET_US = 15, 50
# The service's tables grow with hours: what an account asked in each of the last.
SOAK_GROWTH_BYTES = {"worker": 1 << 20, "service": 16 << 20}

N_KEYS, N_SELDOM = 64, 4096  # a worker remembers 1,024 (store/table.h)
# Limits of every kind and scope, so high that none is met.
RATE = ("requests_per_minute: 100000000, input_tokens_per_minute: 100000000000, output_tokens_per_minute: 100000000000, "
        "cost_per_hour: 1000000000")
TIER = ("models: [standin-*, m-large-*, m-small-*], deny: [batch], choices: 4, output_tokens: 4000, body_bytes: 1000000, "
        "deny_countries: [XX, YY], deny_networks: [anonymiser, hosting], " + RATE)
RULES = f"""
version: 1
step_up_url: https://example.com/verify
tiers:
  free: {{{TIER}}}
  paid: {{{TIER}}}
  verified: {{{TIER}}}
  enterprise: {{{TIER}}}
verify: {{reasoning: [card, business], logprobs: [card]}}
limits: {{key: {{{RATE}}}, organization: {{{RATE}}}, campaign: {{{RATE}}}}}
throttle: {{requests_per_minute: 6}}
restrict: {{output_tokens: 512}}
prices:
  - {{model: m-large-*, input_per_million: 3.0, output_per_million: 15.0}}
  - {{model: standin-*, input_per_million: 1.0, output_per_million: 5.0}}
"""
PLACES = mmdb.database({"127.0.0.0/8": {"country": {"iso_code": "ZZ"}}, "198.51.100.0/24": {"country": {"iso_code": "XX"}},
                        "198.18.0.0/15": {"country": {"iso_code": "ZZ"}}})
NETWORKS = "".join(f"anonymiser 198.51.{i}.0/24;\n" for i in range(100)) + "hosting 2001:db8::/32;\n"

AUTH_REQUEST = """
    location / {
        auth_request /auth;
        proxy_pass http://model;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_buffering off;
    }
    location = /auth {
        internal;
        proxy_pass http://authority/auth;
        proxy_http_version 1.1;
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
        proxy_set_header Connection "";
    }
"""


def answer_text():
    """A chat completion of about 1.5 kB, without the characters that nginx's configuration reads."""
    usage = {"prompt_tokens": 370, "completion_tokens": 240, "total_tokens": 610}
    content = "The bearing carries the shaft and the spring holds the valve. " * 18
    message = {"role": "assistant", "content": content, "refusal": None}
    return json.dumps({"id": "chatcmpl-bench", "object": "chat.completion", "created": 1760000000, "model": "standin-large",
                       "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}], "usage": usage,
                       "service_tier": "default", "system_fingerprint": "fp_bench"}, separators=(",", ":"))


def upstream():
    return harness.Nginx("default_type application/json; location = /auth { return 204; } "
                         f"location / {{ return 200 '{answer_text()}'; }}", log_level="warn")


class Portkey(harness.Process):
    """Portkey's gateway from npm, pinned in peers/portkey."""

    def __init__(self, model):
        folder = WORK / "portkey"
        if not shutil.which("npm"):
            raise Skip("npm is not installed")
        lock = (HERE / "peers/portkey/package-lock.json").read_bytes()
        if not (folder / "node_modules/@portkey-ai/gateway").exists() or (folder / "package-lock.json").read_bytes() != lock:
            folder.mkdir(parents=True, exist_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / "peers/portkey" / name, folder)
            say("installing Portkey's gateway")
            measure.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder)
        self.port = harness.free_port()
        self.headers = f"x-portkey-provider: openai\nx-portkey-custom-host: http://127.0.0.1:{model.port}/v1\n"
        program = folder / "node_modules/@portkey-ai/gateway/build/start-server.js"
        self.start(["node", program, f"--port={self.port}", "--headless"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, env={**os.environ, "NODE_ENV": "production"})
        harness.wait_until(lambda: harness.answers_at(self.port), what="Portkey")


class Emptied(threading.Thread):
    """Gives a worker the room in its ring back, as a service that keeps up does, but reads nothing: both of the machine's
    cores are taken by the sides that are compared."""

    def __init__(self, state):
        super().__init__(daemon=True)
        self.state, self.ended = state, threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.2):
            for ring in records.rings(self.state):
                records.empty(ring)

    def stop(self):
        """AssertionError where records were dropped, which costs less than to write them."""
        self.ended.set()
        self.join()
        dropped = sum(map(records.dropped, records.rings(self.state)))
        if dropped:
            raise AssertionError(f"{dropped} records were dropped: the ring was not emptied")


class Gate:
    """nginx with the module and everything on: each key has an account, two of them an organisation. served: a service of
    the caller's reads the records."""

    def __init__(self, model, served=False, n_keys=N_KEYS, directives="stillwatch_trusted_proxy 203.0.113.0/24;"):
        harness.module()
        self.state, self.emptied = gated.State(), None
        try:
            for i in range(1, n_keys + 1):
                self.state.run("key", "add", "--account", f"acct_{i}", "--id", f"key_{i}", text=f"sk-bench-key-{i:04d}\n")
            accounts = [{"tier": ("free", "paid", "verified", "enterprise")[i % 4], "organization": f"org_{i // 2}",
                         "account": f"acct_{i}", "verified": ["email", "card"]} for i in range(1, n_keys + 1)]
            self.state.accounts(accounts)
            self.nginx = gated.gated(model, self.state, RULES, directives=directives,
                                     http="stillwatch_networks networks.conf; stillwatch_country_db places.mmdb;",
                                     files={"networks.conf": NETWORKS, "places.mmdb": PLACES},
                                     zone="8m", spool="64m", log_level="warn")
            self.emptied = None if served else Emptied(self.state)
        except BaseException:
            self.state.__exit__()
            raise
        self.port = self.nginx.port

    def __exit__(self, *_):
        try:
            if self.emptied:
                self.emptied.stop()
            self.nginx.__exit__(None)
        finally:
            self.state.__exit__()


class Seldom(Gate):
    """The same, for customers who come seldom: no key and no address is among those that a worker remembers, and of every
    request the text is recorded."""

    environment = {"EDGE_KEYS": str(N_SELDOM), "EDGE_FORWARDED": "1"}

    def __init__(self, model):
        super().__init__(model, n_keys=N_SELDOM,
                         directives="stillwatch_trusted_proxy 127.0.0.1; stillwatch_text_per_hour 0;")


SIDES = {
    "plain": lambda model: harness.Nginx(harness.PROXY, model=model, log_level="warn"),
    "module": Gate,
    "module_seldom": Seldom,
    "auth_request": lambda model: harness.Nginx(
        AUTH_REQUEST, model=model, log_level="warn",
        http=f"upstream authority {{ server 127.0.0.1:{model.port}; keepalive 128; keepalive_requests 1000000; }}"),
    "portkey": Portkey,
}


def process_of(side):
    """The process whose processor time a request costs."""
    side = getattr(side, "nginx", side)
    return side.workers()[0] if isinstance(side, harness.Nginx) else side.process.pid


def processor_ns(pid):
    return sum(int((task / "schedstat").read_text().split()[0]) for task in pathlib.Path(f"/proc/{pid}/task").iterdir())


def wrk(side, connections, seconds):
    """One run: requests a second, latencies, and processor time of the side's process a request, which other programs on the
    machine disturb least. Answers that are no 2xx are a fault of the bench."""
    pid = process_of(side)
    before = processor_ns(pid)
    done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s", "-s", HERE / "edge.lua",
                           f"http://127.0.0.1:{side.port}"], capture_output=True, text=True, check=False,
                          env={**os.environ, "EDGE_HEADERS": getattr(side, "headers", ""), **getattr(side, "environment", {})})
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        raise Skip(f"wrk ended with status {done.returncode}: {done.stderr.strip()[-200:]}")
    seen = json.loads(lines[-1])
    if seen["failed"] or not seen["requests"]:
        raise Skip(f"{seen['failed']} of {seen['requests']} requests failed")
    return {"requests": seen["requests"], "per_s": seen["requests"] / seen["us"] * 1e6, "p50_us": seen["p50_us"], "p99_us": seen["p99_us"],
            "processor_us": (processor_ns(pid) - before) / 1000 / seen["requests"]}


def start_sides(names, model, stack, skipped):
    """Starts what can run here; each is stopped at the end."""
    ready = {}
    for name in names:
        try:
            ready[name] = SIDES[name](model)
        except (Skip, unittest.SkipTest, AssertionError, OSError) as why:
            skipped[name] = str(why)
            continue
        stack.append(ready[name])
    return ready


def in_turns(ready, rounds, seconds, skipped):
    """Each round every side once; another begins each time."""
    samples = {name: {"busy": [], "single": []} for name in ready}
    for i in range(-1, rounds):
        names = list(ready)
        for name in names[i % len(names):] + names[:i % len(names)]:
            try:
                busy = wrk(ready[name], CONNECTIONS, seconds if i >= 0 else WARM_S)
                single = wrk(ready[name], 1, max(1, seconds // 2)) if i >= 0 else None
            except Skip as why:
                skipped[name] = str(why)
                del ready[name], samples[name]
                continue
            if i >= 0:
                samples[name]["busy"].append(busy)
                samples[name]["single"].append(single)
                say(f"round {i + 1} {name}: {busy['per_s']:,.0f} requests/s, {single['p50_us']} µs alone")
    return samples


def of_rounds(values, worst):
    values = list(values)
    return {"median": median(values), "worst": worst(values), "rounds": values}


def compare(samples):
    """Ratios of throughput, and what is added to the median latency at one connection, round by round."""
    def column(name, kind, field):
        return [row[field] for row in samples[name][kind]]
    pairs = {"requests/s over plain nginx": ("module", "plain"), "requests/s over auth_request": ("module", "auth_request"),
             "requests/s over Portkey": ("module", "portkey"),
             "seldom customers, over plain nginx": ("module_seldom", "plain"),
             "seldom customers, over auth_request": ("module_seldom", "auth_request"), "auth_request over plain nginx": ("auth_request", "plain"),
             "plain nginx over Portkey": ("plain", "portkey")}
    ratios = {label: of_rounds((a / b for a, b in zip(column(one, "busy", "per_s"), column(other, "busy", "per_s"))), min)
              for label, (one, other) in pairs.items() if one in samples and other in samples}
    ratios |= {f"processor time a request, {other} over {one}":
               of_rounds((b / a for a, b in zip(column(one, "busy", "processor_us"), column(other, "busy", "processor_us"))), min)
               for one, other in (("module", "plain"), ("module", "auth_request")) if one in samples and other in samples}
    for label, least in TARGETS.items():
        if label in ratios:
            ratios[label].update(target=least, met=ratios[label]["median"] >= least)
    added = {name: of_rounds((a - b for a, b in zip(column(name, "single", "p50_us"), column("plain", "single", "p50_us"))), max)
             for name in samples if name != "plain" and "plain" in samples}
    if "module" in added:
        added["module"].update(target=LATENCY_TARGET_US, met=added["module"]["median"] <= LATENCY_TARGET_US)
    return {"ratios": ratios, "added_p50_us": added}


class StreamServer(harness.Process):
    def __init__(self):
        self.start([sys.executable, HERE / "edge_stream.py"], stdout=subprocess.PIPE, text=True, env=harness.ENVIRONMENT)
        self.port = int(re.search(r":(\d+)$", self.process.stdout.readline()).group(1))

    def stop(self):
        if self.process is not None:
            self.process.stdout.close()
        super().stop()


def streams(names, n_blocks, n_requests, skipped):
    """Microseconds from the model server's write to the client's read, by side; blocks of requests in turns."""
    stack = []
    try:
        server = StreamServer()
        stack.append(server)
        ready = start_sides(names, server, stack, skipped)
        blocks = {name: [] for name in ready}
        for i in range(-1, n_blocks):
            for name, side in ready.items():
                first, later = edge_stream.probe(side.port, n_requests)
                if i >= 0:
                    blocks[name].append({"first_us": median(first), "later_us": median(later)})
    finally:
        stop_all(stack)
    result = {name: {field: median(row[field] for row in rows) for field in ("first_us", "later_us")}
              for name, rows in blocks.items()}
    if "module" in blocks and "plain" in blocks:
        added = {field: of_rounds((a[field] - b[field] for a, b in zip(blocks["module"], blocks["plain"])), max)
                 for field in ("first_us", "later_us")}
        result["added"] = {**added, "target_us": FIRST_EVENT_TARGET_US,
                           "met": added["first_us"]["median"] <= FIRST_EVENT_TARGET_US}
    return result


def resident_bytes(pid):
    """Memory of a process that is its own: pages shared with others and pages of files left out."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return 1024 * sum(int(size) for size in re.findall(r"^Private_(?:Clean|Dirty): +(\d+)", text, re.MULTILINE))


def counts(service):
    """The service's metrics that have no label."""
    with client.Client(service.port) as asked:
        page = asked.get("/metrics").body.decode()
    return {name: int(float(value)) for name, value in re.findall(r"^stillwatch_(\w+) (\S+)$", page, re.MULTILINE)}


def soak(model, n_requests):
    """Memory of worker and service while n_requests pass: after the first twentieth, at the end, and the most. What wrk leaves
    unanswered at the end of a run is recorded too."""
    run_s, gate = 5, Gate(model, served=True)
    try:
        service = gated.Service(gate.state)
        pids = {"worker": process_of(gate), "service": service.process.pid}
        seen, runs, began = [], 0, time.monotonic()
        sent = 0
        while sent < n_requests:
            sent += wrk(gate, CONNECTIONS, run_s)["requests"]
            runs += 1
            seen.append((sent, {name: resident_bytes(pid) for name, pid in pids.items()}))
            say(f"{sent:,} requests: " + ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in seen[-1][1].items()))
        seconds = time.monotonic() - began
        harness.wait_until(lambda: counts(service)["ring_waiting_bytes"] == 0, 120, what="the service to read all")
        kept = counts(service)
        if gate.nginx.workers() != [pids["worker"]]:
            raise Skip("the worker was replaced on the way")
        service.stop()
    finally:
        gate.__exit__()
    memory = {name: [sizes[name] for _, sizes in seen] for name in pids}
    early = next(i for i, (at, _) in enumerate(seen) if at >= n_requests / 20)
    recorded = kept["entries_total"] + kept["ring_dropped"]
    return {"requests": sent, "seconds": seconds, "recorded": kept["entries_total"], "dropped": kept["ring_dropped"],
            "complete": sent <= recorded <= sent + CONNECTIONS * runs,
            "memory": {name: {"early_bytes": sizes[early], "last_bytes": sizes[-1], "most_bytes": max(sizes),
                              "flat": sizes[-1] - sizes[early] <= SOAK_GROWTH_BYTES[name]} for name, sizes in memory.items()}}


def stop_all(stack):
    """Stops in the reverse order, whatever one of them says; what nginx complained of is shown."""
    for side in reversed(stack):
        try:
            side.__exit__(None, None, None)
        except AssertionError as why:
            say(str(why))


def show(result):
    def verdict(entry):
        return f"  target {entry['target']}: {'met' if entry['met'] else 'MISSED'}" if "met" in entry else ""

    def middle(rows, field):
        return f"{median(row[field] for row in rows):,.0f}"
    for name, rows in result["sides"].items():
        print(f"{name:<14} {middle(rows['busy'], 'per_s'):>9} requests/s at {CONNECTIONS} connections, "
              f"p50 {middle(rows['busy'], 'p50_us')} µs, {middle(rows['busy'], 'processor_us')} µs of a processor each; "
              f"at one connection p50 {middle(rows['single'], 'p50_us')} µs")
    for label, entry in result["ratios"].items():
        print(f"{label:<55} {entry['median']:6.2f}  worst round {entry['worst']:.2f}{verdict(entry)}")
    for name, entry in result["added_p50_us"].items():
        print(f"added to plain nginx by {name:<14} {entry['median']:5.0f} µs  worst round {entry['worst']:.0f} µs{verdict(entry)}")
    for name, entry in result["stream"].items():
        if name != "added":
            print(f"streamed event, {name:<14} first {entry['first_us']:5.0f} µs, later ones {entry['later_us']:.0f} µs")
    if added := result["stream"].get("added"):
        first = added["first_us"]
        print(f"added to the first streamed event {first['median']:.0f} µs, worst block {first['worst']:.0f} µs"
              f"  target {added['target_us']}: {'met' if added['met'] else 'MISSED'}")
    if soaked := result.get("soak"):
        print(f"{soaked['requests']:,} requests in {soaked['seconds']:,.0f} s: {soaked['recorded']:,} recorded, {soaked['dropped']:,} dropped: "
              f"{'each once' if soaked['complete'] else 'NOT ALL'}")
        for name, sizes in soaked["memory"].items():
            print(f"memory of the {name}: {sizes['early_bytes'] / 1e6:.1f} MB after a twentieth, {sizes['last_bytes'] / 1e6:.1f} MB at the "
                  f"end, at most {sizes['most_bytes'] / 1e6:.1f} MB: {'flat' if sizes['flat'] else 'GROWING'}")
    for name, why in result["skipped"].items():
        print(f"not measured: {name}: {why}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2, help="of a run at 64 connections; half of it at one")
    parser.add_argument("--sides", default=",".join(SIDES), help="which to run")
    parser.add_argument("--soak", type=int, default=0, metavar="N", help="also N requests through the module, memory watched")
    options = parser.parse_args()
    names = [name for name in SIDES if name in options.sides.split(",")]
    if not shutil.which("wrk") or not names:
        sys.exit("edge.py: wrk is not installed" if names else f"edge.py: --sides takes {', '.join(SIDES)}")
    WORK.mkdir(parents=True, exist_ok=True)
    skipped, stack = {}, []
    result = {"machine": measure.machine(), "setting": {"nginx_workers": 1, "wrk_threads": 1, "connections": CONNECTIONS,
                                                        "seconds": options.seconds, "answer_bytes": len(answer_text())}}
    try:
        model = upstream()
        stack.append(model)
        ready = start_sides(names, model, stack, skipped)
        result["sides"] = in_turns(ready, options.rounds, options.seconds, skipped)
    finally:
        stop_all(stack)
    if options.soak and "module" in ready:
        with upstream() as model:
            result["soak"] = soak(model, options.soak)
    result.update(compare(result["sides"]), skipped=skipped)
    result["stream"] = streams([name for name in ("plain", "module") if name in ready], 10, 100, skipped)
    print(f"{result['machine']['cores']} cores shared by wrk (1 thread), nginx (1 worker) and the model server; "
          f"{options.rounds} rounds of {options.seconds} s")
    show(result)
    measure.save("edge", result)


if __name__ == "__main__":
    main()
