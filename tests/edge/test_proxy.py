#!/usr/bin/env python3
"""nginx without the module in front of the stand-in: that the harness itself tells the truth."""

import os
import signal
import time
import unittest

import tap
from client import Client
from harness import PROXY, Model, Nginx, answers_at, wait_until

CHAT = "/v1/chat/completions"
BODY = {"model": "standin-large", "messages": [{"role": "user", "content": "Say something."}]}


class Proxy(unittest.TestCase):
    def test_a_plain_proxy_changes_neither_request_nor_answer(self):
        with Model() as model, Nginx(PROXY, model=model) as nginx, Client(nginx.port) as client, Client(model.port) as direct:
            for body in (BODY, {**BODY, "stream": True}):
                self.assertEqual(client.post(CHAT, body).body, direct.post(CHAT, body).body)
            serial = model.last()["serial"]
            self.assertEqual((serial, model.last()["json"]), (4, {**BODY, "stream": True}))

    def test_events_pass_one_by_one_and_not_at_the_end(self):
        with Model() as model, Nginx(PROXY, model=model) as nginx, Client(nginx.port) as client:
            began = time.monotonic()
            response = client.send("POST", CHAT, {**BODY, "stream": True, "max_tokens": 10}, {"x-standin-fault": "slow:50"})
            response.readline()
            first = time.monotonic() - began
            response.read()
            self.assertLess(first, (time.monotonic() - began) / 3)

    def test_nginx_runs_without_the_rights_of_root(self):
        with Nginx("return 204;") as nginx:
            for pid in [nginx.process.pid, *nginx.workers()]:
                self.assertNotEqual(os.stat(f"/proc/{pid}").st_uid, 0)

    def test_a_crash_of_a_worker_fails_the_test_that_saw_it(self):
        with self.assertRaisesRegex(AssertionError, "exited on signal 11"):
            with Nginx("return 204;") as nginx:
                os.kill(nginx.workers()[0], signal.SIGSEGV)
                wait_until(lambda: "exited on signal" in nginx.error_log())

    def test_a_configuration_that_is_wrong_is_shown(self):
        with self.assertRaisesRegex(AssertionError, 'unknown directive "frobnicate"'):
            Nginx("frobnicate on;")

    def test_a_reload_serves_the_new_configuration(self):
        with Nginx("return 204;") as nginx:
            nginx.reload(server="return 205;")
            with Client(nginx.port) as client:
                self.assertEqual(client.get("/").status, 205)

    def test_nothing_is_left_of_a_test_that_failed(self):
        with self.assertRaises(ZeroDivisionError):
            with Model() as model, Nginx(PROXY, model=model) as nginx:
                pids = [model.process.pid, nginx.process.pid, *nginx.workers()]
                1 / 0
        self.assertFalse(any(os.path.exists(f"/proc/{pid}") for pid in pids))
        self.assertFalse(answers_at(nginx.port) or nginx.folder.exists())


if __name__ == "__main__":
    tap.main()
