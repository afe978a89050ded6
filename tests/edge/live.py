#!/usr/bin/env python3
"""A simulated log played through nginx and the service over loopback, and the same log replayed: is as little leaked?

  tests/edge/live.py [--scenario l1] [--scale 0.05] [--seed 5] [--days 2] [--kills N]

Every exchange of the log is sent by its account's key, at the log's own time (stillwatch_time), to a model server that answers
what the log has. What leaks is what of the operators' extraction was served in full. Between two ticks of event time the
service is waited for, as it would have had ten seconds. Composed traffic. Prints both leaks and how far they are apart;
exit status 1 if that is more than 1 % of the extraction.

With --kills the log is played twice in a dry run, so that what is decided does not change what comes; the second time the
service is killed N times at random instants and started again. Exit status 1 unless both times every exchange was served
and recorded once, and the decisions are the same.
"""

import argparse
import asyncio
import difflib
import hashlib
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

import records
from gated import SECRET, Service, State, gated
from harness import BUILD, free_port, wait_until
from client import Client

PATHS = {"openai.chat": "/v1/chat/completions", "openai.responses": "/v1/responses", "anthropic.messages": "/v1/messages"}
STOPPING = ("verify", "restrict", "suspend")  # who is asked to verify is refused until then
TICK_MS = 10000
ORDER = ["host", "accept-encoding", "content-length", "content-type", "authorization", "x-time", "user-agent"]


class Answers:
    """A model server that answers each request with what the log has for it, and notes which came as they were sent."""

    def __init__(self):
        self.answer, self.digest, self.whole = b"{}", b"", False
        self.status, self.port = 200, free_port()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", self.port))
        self.loop.run_forever()

    def expect(self, body, line):
        self.digest, self.whole = hashlib.sha256(body).digest(), False
        self.status = line["status"]
        self.answer = json.dumps(line.get("response") or {"error": {"message": "none"}}).encode()

    async def serve(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
                body = await reader.readexactly(length)
                self.whole = hashlib.sha256(body).digest() == self.digest
                writer.write(f"HTTP/1.1 {self.status} OK\r\nContent-Type: application/json\r\n"
                             f"Content-Length: {len(self.answer)}\r\n\r\n".encode() + self.answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def rings(state):
    """(bytes written, bytes that the service has committed) of every ring."""
    return [records.places(path) for path in (state.folder / "spool").glob("*.ring")]


def wait_for_service(state, service):
    end = time.monotonic() + 30
    while any(head != tail for head, tail in rings(state)):
        if time.monotonic() > end or service.is_gone():
            raise SystemExit(f"the service does not follow ({rings(state)}):\n{service.log()[-2000:]}")
        time.sleep(0.0005)


class Running(Service):
    played = 0

    def is_gone(self):
        return self.process.poll() is not None


class Mortal:
    """A service that is killed while so many of the lines are played, each at a random line and instant, and started again at
    once. Its thread lives until the end: who dies with its parent dies with the thread that started it."""

    def __init__(self, state, *options, lines, kills):
        self.state, self.options, self.over = state, options, threading.Event()
        self.played, self.killed, self.chance = 0, 0, random.Random(kills)
        self.lines = sorted(self.chance.sample(range(lines), kills))
        self.service = Service(state, *options)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        for line in self.lines:
            while self.played < line and not self.over.wait(0.001):
                pass
            time.sleep(self.chance.uniform(0, 0.005))
            self.service.process.kill()
            self.service.process.wait()
            self.killed += 1
            self.service = Service(self.state, *self.options)
        self.over.wait()

    def is_gone(self):
        return not self.thread.is_alive()

    def log(self):
        return self.service.log()

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.over.set()
        self.thread.join()
        self.service.__exit__(*why)


def read_log(folder, days):
    """The lines of so many days, with of a client what the gateway will see of it."""
    lines, first = [], None
    with open(folder / "log.jsonl") as file:
        for text in file:
            line = json.loads(text)
            seconds = time.mktime(time.strptime(line["time"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
            line["ms"] = int(seconds) * 1000 + int(line["time"][20:23])
            first = line["ms"] if first is None else first
            if line["ms"] - first > days * 86400000:
                break
            if line.get("event", "exchange") in ("exchange", "account"):
                line["client"] = {name: line["client"][name] for name in ("ip", "user_agent") if name in line.get("client", {})}
                line["client"]["header_order"] = ORDER + (["x-forwarded-for"] if "ip" in line["client"] else [])
                lines.append(line)
    return lines


def write_log(path, lines):
    with open(path, "w") as file:
        for line in lines:
            file.write(json.dumps({name: value for name, value in line.items() if name != "ms"}) + "\n")


def replayed(folder, lines, secret):
    """Ids of exchanges that a replay would have let pass in full."""
    write_log(folder / "cut.jsonl", lines)
    subprocess.run([BUILD / "stillwatch", "replay", folder / "cut.jsonl", "--out", folder / "replay", "--key-file", secret, "--quiet"],
                   check=True)
    since = {}
    for text in (folder / "replay/decisions.jsonl").read_text().splitlines():
        decision = json.loads(text)
        if decision["action"] in STOPPING:
            since.setdefault(decision["account"], decision["time"])
    return {line["id"] for line in lines if "id" in line and line["time"] <= since.get(line["account"], "9")}


def send(client, line, key, answers):
    body = json.dumps(line["request"]).encode()
    answers.expect(body, line)
    headers = {"authorization": f"Bearer {key}", "x-time": str(line["ms"]), "user-agent": line["client"].get("user_agent", "-")}
    if "ip" in line["client"]:
        headers["x-forwarded-for"] = line["client"]["ip"]
    answer = client.ask("POST", PATHS[line["api"]], body, headers)
    return answer.status == line["status"] and answers.whole


def play(lines, state, service, client, answers, keys):
    """Ids of exchanges that were served in full."""
    passed, tick, facts = set(), None, []
    for n, line in enumerate(lines):
        service.played = n
        if line["ms"] // TICK_MS != tick:
            wait_for_service(state, service)
            tick = line["ms"] // TICK_MS
        if line.get("event") == "account":
            facts.append({name: value for name, value in line.items() if name not in ("ms", "client")})
            if n + 1 < len(lines) and lines[n + 1].get("event") == "account":
                continue
            state.run("account", "import", "-", text="".join(json.dumps(fact) + "\n" for fact in facts))
            facts = []
        elif "request" in line and send(client, line, keys[line["account"]], answers):
            passed.add(line["id"])
        if n % 5000 == 0:
            print(f"  {n} of {len(lines)} lines", file=sys.stderr)
    wait_for_service(state, service)
    return passed


DIRECTIVES = "stillwatch_time $http_x_time; stillwatch_trusted_proxy 127.0.0.1; stillwatch_text_per_hour 0;"


def play_live(lines, dry_run=False, kills=0):
    """Ids of what was served in full, the decisions, and seconds."""
    with State() as state:
        keys = {account: state.key(account) for account in sorted({line["account"] for line in lines})}
        options, answers = ("--round-ms", 1), Answers()
        run = Mortal(state, *options, lines=len(lines), kills=kills) if kills else Running(state, *options)
        directives = DIRECTIVES + ("stillwatch dry_run on;" if dry_run else "")
        with run as service, gated(answers, state, directives=directives, log_level="error") as nginx, Client(nginx.port) as client:
            wait_until(lambda: rings(state), what="a ring")
            began = time.monotonic()
            passed = play(lines, state, service, client, answers, keys)
            seconds = time.monotonic() - began
            if kills:
                wait_until(lambda: service.killed == kills, what="the last kill")
                wait_for_service(state, service)
        decisions = state.run("decision", "list")
        return passed, decisions, seconds


def compare_leaks(folder, lines, wanted, secret, name):
    live, _, seconds = play_live(lines)
    live &= wanted
    dry = replayed(folder, lines, secret) & wanted
    apart = abs(len(live) - len(dry)) / max(1, len(wanted))
    print(f"{name}: {len(lines)} lines in {seconds:.0f} s, {len(wanted)} of them extraction")
    print(f"leaked live {len(live)} ({100 * len(live) / len(wanted):.2f} %), in a replay {len(dry)} ({100 * len(dry) / len(wanted):.2f} %), "
          f"{100 * apart:.2f} % of the extraction apart")
    return apart <= 0.01


def compare_kills(lines, kills, name):
    asked = {line["id"] for line in lines if "request" in line}
    passed, calm, seconds = play_live(lines, dry_run=True)
    passed_again, killed, _ = play_live(lines, dry_run=True, kills=kills)
    same = calm == killed
    print(f"{name}: {len(lines)} lines in {seconds:.0f} s; not served {len(asked - passed)}, and {len(asked - passed_again)} with {kills} kills; "
          f"{len(calm.splitlines()) - 1} decisions, {'the same' if same else 'OTHERS'} after the kills")
    if not same:
        for line in difflib.unified_diff(calm.splitlines(), killed.splitlines(), "undisturbed", "killed", lineterm="", n=0):
            print(line, file=sys.stderr)
    return same and passed == asked == passed_again


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="l1")
    parser.add_argument("--scale", default="0.05")
    parser.add_argument("--seed", default="5")
    parser.add_argument("--days", type=float, default=2)
    parser.add_argument("--kills", type=int, default=0)
    options = parser.parse_args()
    name = f"{options.scenario}, scale {options.scale}, seed {options.seed}, {options.days:g} days, composed"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "secret").write_text(SECRET)
        subprocess.run([BUILD / "stillwatch", "simulate", "--scenario", options.scenario, "--scale", options.scale, "--seed", options.seed,
                        "--out", folder, "--key-file", folder / "secret", "--quiet"], check=True)
        lines = read_log(folder, options.days)
        wanted = set((folder / "extraction.ids").read_text().split()) & {line["id"] for line in lines if "id" in line}
        if options.kills:
            fine = compare_kills(lines, options.kills, name)
        else:
            fine = compare_leaks(folder, lines, wanted, folder / "secret", name)
    sys.exit(not fine)


if __name__ == "__main__":
    main()
