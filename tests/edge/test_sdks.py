#!/usr/bin/env python3
"""The official SDKs of both providers: against the stand-in, through nginx as a plain proxy, and through the gate.

They are installed from the lock file into the build folder the first time. A route that cannot run (no npm, no network, no
nginx) is skipped with its reason.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import tap  # noqa: F401  writes no byte code beside the sources
from client import Client
from gated import State, gated
from harness import BUILD, PROXY, Model, Nginx

SOURCES = pathlib.Path(__file__).resolve().parent / "sdk"
FOLDER = BUILD / "edge-sdk"
NAMES = ("openai", "anthropic")
RUN_S = 120


def install():
    """The folder in which the SDKs lie, or a skip."""
    if not shutil.which("npm") or not shutil.which("node"):
        raise unittest.SkipTest("npm is not installed")
    FOLDER.mkdir(parents=True, exist_ok=True)
    lock, stamp = (SOURCES / "package-lock.json").read_bytes(), FOLDER / "installed.lock"
    for path in SOURCES.iterdir():
        shutil.copy(path, FOLDER)
    if not stamp.exists() or stamp.read_bytes() != lock:
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=FOLDER, capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            raise unittest.SkipTest("npm could not install the SDKs: " + " ".join(done.stderr.split())[:200])
        stamp.write_bytes(lock)


def by_fault(status):
    return {"headers": {"x-standin-fault": f"error:{status}"}}


def plan_for(port):
    """Where the gate is not in between, the stand-in itself turns requests away."""
    return {"base_url": f"http://127.0.0.1:{port}", "key": "sk-test",
            "errors": {status: by_fault(status) for status in (401, 403, 429)},
            "backoff": {"headers": {"x-standin-fault": "retry:1"}, "before": 0, "least_ms": 1000}}


def run(route, plan):
    """Runs both SDKs' scripts and prints their lines under the route's name. False where one failed."""
    good = True
    for name in NAMES:
        done = subprocess.run(["node", FOLDER / f"{name}.mjs"], capture_output=True, text=True, check=False, timeout=RUN_S,
                              env={**os.environ, "STILLWATCH_SDK_PLAN": json.dumps(plan)})
        lines = [re.sub("^(ok|not ok) - ", rf"\1 - {name}, {route}: ", line) for line in done.stdout.splitlines()]
        if done.returncode != 0 or not lines:
            lines.append(f"not ok - {name}, {route}: the script ran to its end\n#   {done.stderr[-2000:]}")
        print("\n".join(lines), flush=True)
        good = good and not any(line.startswith("not ok") for line in lines)
    return good


def direct():
    with Model() as model:
        return run("direct", plan_for(model.port))


def proxied():
    with Model() as model, Nginx(PROXY, model=model) as nginx:
        return run("through nginx", plan_for(nginx.port))


# One account for each way to be turned away.
RULES = """
version: 1
tiers:
  free: {models: [standin-small]}
  paid: {requests_per_minute: 1}
  verified: {requests_per_minute: 30, burst_seconds: 2}
"""


def through_the_gate():
    with Model() as model, State() as state:
        keys = {}
        for tier in ("free", "paid", "verified", "enterprise"):
            state.account(f"acct_{tier}", tier=tier)
            keys[tier] = state.key(f"acct_{tier}")
        with gated(model, state, RULES) as nginx, Client(nginx.port, keys["paid"]) as client:
            client.get("/v1/models")  # the one request of this minute
            errors = {401: {"key": "sk-unknown-to-the-gate"}, 403: {"key": keys["free"]}, 429: {"key": keys["paid"]}}
            backoff = {"key": keys["verified"], "before": 1, "least_ms": 1000}
            return run("through the gate", {"base_url": f"http://127.0.0.1:{nginx.port}", "key": keys["enterprise"],
                                            "errors": errors, "backoff": backoff})


def main():
    try:
        install()
    except unittest.SkipTest as why:
        print(f"ok - the SDKs work # SKIP {why}")
        return 0
    good = True
    for route in (direct, proxied, through_the_gate):
        try:
            good = route() and good
        except unittest.SkipTest as why:
            print(f"ok - the SDKs, {route.__name__} # SKIP {why}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
