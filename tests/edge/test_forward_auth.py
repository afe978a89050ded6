#!/usr/bin/env python3
"""The forward-auth endpoint as real proxies use it: nginx by auth_request, HAProxy by edge/haproxy/stillwatch.lua."""

import pathlib
import shutil
import tempfile
import unittest

import tap
from client import Client
from gated import State, gated
from harness import ROOT, Model, Nginx, Process, answers_at, free_port, unprivileged, wait_until

CHAT = "/v1/chat/completions"
ASK = {"model": "standin-large", "messages": [{"role": "user", "content": "Say something."}]}
RULES = """
version: 1
tiers: {free: {deny_networks: [anonymiser]}, paid: {requests_per_minute: 2, burst_seconds: 60}}
"""
CHECK = "location = /check { stillwatch_check; stillwatch_trusted_proxy 127.0.0.1; }"
NETWORKS = "anonymiser 198.51.100.0/24;\n"

# docs/edge.md has the same.
AUTH_REQUEST = """
    location / {{
        auth_request /stillwatch;
        auth_request_set $stillwatch_status $upstream_http_x_stillwatch_status;
        auth_request_set $stillwatch_retry $upstream_http_retry_after;
        auth_request_set $stillwatch_account $upstream_http_x_stillwatch_account;
        error_page 403 = @refused;
        proxy_set_header X-Account $stillwatch_account;
        proxy_pass http://model;
        proxy_buffering off;
    }}
    location = /stillwatch {{
        internal;
        proxy_pass http://127.0.0.1:{port}/check;
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
    location @refused {{
        if ($stillwatch_status = 429) {{
            add_header Retry-After $stillwatch_retry always;
            return 429;
        }}
        return 403;
    }}
"""

HAPROXY = """
global
    lua-load {lua}
defaults
    mode http
    timeout client 10s
    timeout server 10s
    timeout connect 2s
frontend api
    bind 127.0.0.1:{port}
    http-request lua.stillwatch http://127.0.0.1:{gate}/check
    http-request set-header X-Account %[var(txn.stillwatch_account)]
    default_backend model
backend model
    server model 127.0.0.1:{model}
"""


class HAProxy(Process):
    def __init__(self, gate, model):
        program = shutil.which("haproxy", path="/usr/local/sbin:/usr/sbin:/sbin:/usr/bin")
        if not program:
            raise unittest.SkipTest("haproxy is not installed")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stillwatch-haproxy-"))
        self.folder.chmod(0o755)
        self.port = free_port()
        shutil.copy(ROOT / "edge/haproxy/stillwatch.lua", self.folder)
        (self.folder / "haproxy.cfg").write_text(
            HAPROXY.format(lua=self.folder / "stillwatch.lua", port=self.port, gate=gate, model=model))
        for path in self.folder.iterdir():
            path.chmod(0o644)  # HAProxy is not root, whose files nobody else may read perhaps
        with open(self.folder / "output", "wb") as output:
            self.start([program, "-db", "-f", self.folder / "haproxy.cfg"], stdout=output, stderr=output, cwd=self.folder,
                       **unprivileged())
        wait_until(lambda: self.process.poll() is not None or answers_at(self.port), what="HAProxy")
        if self.process.poll() is not None:
            raise AssertionError((self.folder / "output").read_text())

    def stop(self):
        super().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class ForwardAuth:
    """What every proxy in front must do; a class below says which proxy."""

    def setUp(self):
        self.model = self.enterContext(Model())
        self.state = self.enterContext(State())
        self.gate = self.enterContext(gated(self.model, self.state, RULES, locations=CHECK, http="stillwatch_networks networks.conf;",
                                            files={"networks.conf": NETWORKS}))
        self.client = self.enterContext(Client(self.in_front(), self.state.key("acct_1")))

    def test_who_may_pass_does_and_the_model_server_learns_the_account(self):
        for body in (ASK, {**ASK, "stream": True}):
            answer = self.client.post(CHAT, body, x_account="somebody-else")
            self.assertEqual((answer.status, self.model.last()["json"], self.model.header("x-account")), (200, body, ["acct_1"]))
        self.client.key, key = None, self.client.key
        self.assertEqual(self.client.post(CHAT, ASK, x_api_key=key).status, 200)

    def test_401_passes_with_its_challenge(self):
        for key in (None, "sk-nothing-like-it-at-all"):
            self.client.key = key
            answer = self.client.post(CHAT, ASK)
            self.assertEqual((answer.status, answer.headers["www-authenticate"]), (401, "Bearer"))
        self.assertEqual(self.model.n_requests(), 0)

    def test_403_passes(self):
        self.state.decide("acct_1", "suspend")
        self.assertEqual(self.client.post(CHAT, ASK).status, 403)
        self.assertEqual(self.model.n_requests(), 0)

    def test_429_passes_with_its_wait(self):
        self.state.account("acct_1", tier="paid")
        answers = [self.client.post(CHAT, ASK) for _ in range(3)]
        self.assertEqual([answer.status for answer in answers], [200, 200, 429])
        self.assertEqual(answers[2].headers["retry-after"], "30")

    def test_the_address_is_the_clients(self):
        self.state.account("acct_1", tier="free")
        self.assertEqual(self.client.post(CHAT, ASK, x_forwarded_for="192.0.2.1").status, 200)
        # 127.0.0.1 is trusted here, so that what the client says stands for where it is.
        self.assertEqual(self.client.post(CHAT, ASK, x_forwarded_for="198.51.100.7").status, 403)

    def test_without_the_gate_nobody_passes(self):
        self.gate.stop()
        self.assertEqual(self.client.post(CHAT, ASK).status, self.CLOSED)
        self.assertEqual(self.model.n_requests(), 0)


class AuthRequest(ForwardAuth, unittest.TestCase):
    CLOSED = 500  # of auth_request for whatever is neither 2xx nor 401 nor 403

    def in_front(self):
        return self.enterContext(Nginx(AUTH_REQUEST.format(port=self.gate.port), model=self.model)).port


class HAProxyLua(ForwardAuth, unittest.TestCase):
    CLOSED = 503

    def in_front(self):
        return self.enterContext(HAProxy(self.gate.port, self.model.port)).port

    def test_a_refusal_has_the_gates_own_words(self):
        self.client.key = None
        answer = self.client.post(CHAT, ASK)
        self.assertEqual((answer.headers["content-type"], answer.json()["status"]), ("application/problem+json", 401))
        self.assertTrue(answer.headers["x-request-id"].startswith("req_"))


if __name__ == "__main__":
    tap.main()
