#!/usr/bin/env python3
"""Model servers, clients and disks that misbehave: traffic goes on as it would without the gate, and the worker lives."""

import os
import shutil
import signal
import socket
import time
import unittest

import tap
from client import Client, exchange, request_bytes
from gated import State, gated
from harness import Model, free_port, wait_until

CHAT, RESPONSES, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/messages"
ASK = {"model": "standin-large", "messages": [{"role": "user", "content": "Say something."}]}
ASK_OF = {CHAT: ASK, RESPONSES: {"model": "standin-large", "input": "Say something."}, MESSAGES: {**ASK, "max_tokens": 100}}


class Port:
    """What gated() needs to know of a model server."""

    def __init__(self, port):
        self.port = port


class Faults(unittest.TestCase):
    def setUp(self):
        self.model = self.enterContext(Model())
        self.state = self.enterContext(State())
        self.key = self.state.key("acct_1")

    def open(self, rules="version: 1\n", **options):
        self.nginx = self.enterContext(gated(self.model, self.state, rules, **options))
        self.worker = self.nginx.workers()
        return self.enterContext(Client(self.nginx.port, self.key))

    def goes_on(self):
        """The same worker answers the next request."""
        with Client(self.nginx.port, self.key) as client:
            self.assertEqual(client.post(CHAT, ASK).status, 200)
        self.assertEqual(self.nginx.workers(), self.worker)

    def raw(self, body=None, *headers):
        return request_bytes(CHAT, body or ASK, f"Authorization: Bearer {self.key}", *headers)

    # The model server

    def test_a_model_server_that_hangs_is_given_up_after_nginx_s_own_time(self):
        client = self.open(directives="proxy_read_timeout 500ms;")
        self.assertEqual(client.post(CHAT, ASK, x_standin_fault="hang").status, 504)
        self.goes_on()

    def test_errors_of_the_model_server_pass_as_they_are(self):
        client = self.open()
        with Client(self.model.port) as direct:
            for path, body in ASK_OF.items():
                for fault in ("error:500", "error:529", "error:404", "error:429"):
                    through, own = (to.post(path, body, x_standin_fault=fault) for to in (client, direct))
                    self.assertEqual((through.status, through.body), (own.status, own.body))
        self.goes_on()

    def test_garbage_and_streams_in_any_pieces_pass_byte_for_byte(self):
        client = self.open()
        with Client(self.model.port) as direct:
            for path, body in ASK_OF.items():
                for stream in (False, True):
                    for fault in ("garbage", "split:1", "split:7", "split:4096", "short:3", "short:0", "slow:1"):
                        asked = {**body, "stream": stream}
                        through, own = (to.post(path, asked, x_standin_fault=fault) for to in (client, direct))
                        self.assertEqual((through.status, through.body), (own.status, own.body), (path, fault))
        self.goes_on()

    def test_a_stream_that_is_cut_or_reset_is_passed_as_far_as_it_came(self):
        self.open()
        for body in (ASK, {**ASK, "stream": True}):
            for fault in ("cut:5", "reset:5"):
                got = exchange(self.nginx.port, self.raw(body, f"x-standin-fault: {fault}"), timeout=5)
                self.assertTrue(got.startswith(b"HTTP/1.1 200") or got.startswith(b"HTTP/1.1 502"), got[:100])
                self.assertFalse(got.endswith(b"0\r\n\r\n"))
                if body.get("stream") and fault == "cut:5":
                    self.assertEqual(got.count(b"data: "), 5)
        self.goes_on()

    def test_streams_that_are_cut_before_they_tell_their_usage_count_all_the_same(self):
        self.state.account("acct_1", tier="free")
        client = self.open("version: 1\ntiers: {free: {output_tokens_per_minute: 60, burst_seconds: 1000}}\n")
        statuses = []
        while 429 not in statuses and len(statuses) < 100:
            body = {**ASK, "stream": True, "max_tokens": 900, "seed": len(statuses)}
            statuses.append(client.post(CHAT, body, x_standin_fault="short:24").status)
        self.assertEqual(statuses[:2] + statuses[-1:], [200, 200, 429])

    def test_what_a_stream_told_when_it_began_is_not_what_it_used(self):
        self.state.account("acct_1", tier="free")
        client = self.open("version: 1\ntiers: {free: {output_tokens_per_minute: 60, burst_seconds: 1000}}\n")
        body = {**ASK, "stream": True, "max_tokens": 900}
        statuses = [client.post("/v1/messages", {**body, "metadata": {"user_id": str(i)}}, x_standin_fault="short:60").status for i in range(8)]
        self.assertEqual((statuses[0], statuses[-1]), (200, 429), statuses)

    def test_an_answer_that_cannot_be_read_costs_what_was_reserved(self):
        self.state.account("acct_1", tier="free")
        rules = "version: 1\ntiers: {free: {output_tokens_per_minute: 60, burst_seconds: 1000}}\n"
        packing = free_port()
        http = f"""
            upstream unpacked {{ server 127.0.0.1:{self.model.port}; }}
            server {{
                listen 127.0.0.1:{packing};
                gzip on; gzip_types application/json text/event-stream; gzip_min_length 0; gzip_proxied any;
                location / {{ proxy_pass http://unpacked; proxy_http_version 1.1; proxy_set_header Connection ""; }}
            }}"""
        ways = {"packed": {"http": http, "model": Port(packing)}, "long": {"directives": "stillwatch_response_max 256;"}}
        for way, options in ways.items():
            for stream in (False, True):
                options = {"model": self.model, "state": self.state, "rules": rules, **options}
                with self.subTest(way, stream=stream), gated(**options) as nginx, Client(nginx.port, self.key) as client:
                    body = {**ASK, "max_tokens": 900, "stream": stream}
                    answers = [client.post(CHAT, body, accept_encoding="gzip") for _ in range(2)]
                    self.assertEqual(answers[0].headers["content-encoding"], "gzip" if way == "packed" else None)
                    self.assertEqual([answer.status for answer in answers], [200, 429])

    # Clients

    def test_a_client_that_leaves_in_mid_stream_frees_the_model_server(self):
        self.open()
        before = self.model.about("counts").get("left by the client", 0)
        for fault in ("stall:2", "hang"):
            with socket.create_connection(("127.0.0.1", self.nginx.port), timeout=5) as connection:
                connection.sendall(self.raw({**ASK, "stream": True}, f"x-standin-fault: {fault}"))
                if fault != "hang":
                    self.assertIn(b"200", connection.recv(4096))
                time.sleep(0.2)
        wait_until(lambda: self.model.about("counts").get("left by the client", 0) == before + 2, what="the end upstream")
        self.goes_on()

    def test_a_body_that_does_not_come_to_its_end_reaches_nobody(self):
        self.open(directives="client_body_timeout 300ms;")
        before = self.model.n_requests()
        whole = self.raw()
        exchange(self.nginx.port, whole[:-5], shut=True, timeout=2)
        got = exchange(self.nginx.port, whole[:-5], timeout=2)
        self.assertTrue(got == b"" or got.startswith(b"HTTP/1.1 408"), got[:100])
        self.assertEqual(self.model.n_requests(), before)
        self.goes_on()

    def test_a_body_that_comes_byte_by_byte_is_one_body(self):
        self.open()
        data = self.raw(ASK, "Connection: close")
        with socket.create_connection(("127.0.0.1", self.nginx.port), timeout=5) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for i in range(len(data)):
                connection.sendall(data[i:i + 1])
                time.sleep(0.001)
            self.assertIn(b"200 OK", connection.recv(4096))
        self.assertEqual(self.model.last()["json"], ASK)

    def test_a_client_that_reads_slowly_gets_all_of_a_long_stream(self):
        client = self.open()
        body = {**ASK, "stream": True, "n": 40, "logprobs": True, "top_logprobs": 20}
        with Client(self.model.port) as direct:
            own = direct.post(CHAT, body).body
        response = client.send("POST", CHAT, body)
        time.sleep(0.5)
        parts = []
        while part := response.read(65536):
            parts.append(part)
            time.sleep(0.002)
        self.assertGreater(len(own), 1 << 20)
        self.assertEqual(b"".join(parts), own)
        self.goes_on()

    def test_a_flood_of_unknown_keys_moves_no_counter_of_a_known_one(self):
        self.state.account("acct_1", tier="free")
        client = self.open("version: 1\ntiers: {free: {requests_per_minute: 2}}\n", zone="128k")
        self.assertEqual([client.post(CHAT, ASK).status for _ in range(3)], [200, 200, 429])
        n = 20000
        data = b"".join(b"GET /v1/models HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer sk-unknown-%08d\r\n\r\n" % i
                        for i in range(n - 1))
        data += b"GET /v1/models HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer sk-unknown\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.nginx.port), timeout=20) as connection:
            pid = os.fork()
            if pid == 0:  # one writes while the other reads
                connection.sendall(data)
                os._exit(0)
            got = 0
            while part := connection.recv(1 << 16):
                got += part.count(b"HTTP/1.1 401 ")
            os.waitpid(pid, 0)
        self.assertGreater(got, n * 0.99)  # one that two reads share is not seen
        self.assertEqual(client.post(CHAT, ASK).status, 429)
        self.assertEqual(self.nginx.workers(), self.worker)

    # Processes and disks

    def test_a_worker_that_is_killed_is_replaced_and_requests_go_on(self):
        self.open()
        self.nginx.allow("exited on signal 9")
        os.kill(self.worker[0], signal.SIGKILL)
        wait_until(lambda: self.nginx.workers() not in ([], self.worker), what="another worker")
        self.worker = self.nginx.workers()
        self.goes_on()
        self.assertEqual(len(list((self.state.folder / "spool").glob("worker-*.ring"))), 2)

    def test_a_full_ring_drops_records_and_no_requests(self):
        client = self.open(spool="128k")
        self.assertEqual({client.post(CHAT, ASK).status for _ in range(600)}, {200})
        self.assertEqual(self.nginx.workers(), self.worker)

    def test_without_a_place_for_the_ring_requests_go_on_unrecorded(self):
        shutil.rmtree(self.state.folder / "spool")
        client = self.open()
        self.assertEqual(client.post(CHAT, ASK).status, 200)
        self.assertIn("stillwatch: ring", self.nginx.error_log())

    def test_a_table_of_garbage_closes_the_gate_and_is_said(self):
        path = self.state.folder / "table" / "data.mdb"
        for junk in (b"", os.urandom(65536), path.read_bytes()[:4096] + os.urandom(1 << 20)):
            with self.subTest(len(junk)):
                path.write_bytes(junk)
                client = self.open()
                self.assertIn(client.post(CHAT, ASK).status, (401, 503))
                self.assertEqual(self.nginx.workers(), self.worker)
                self.assertEqual(self.model.n_requests(), 0)


if __name__ == "__main__":
    tap.main()
