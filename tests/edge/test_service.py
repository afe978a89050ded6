#!/usr/bin/env python3
"""The service behind the gateway: what was acknowledged is counted once, whatever happens to it, and traffic never waits for it."""

import os
import random
import signal
import threading
import time
import unittest

import records
import tap
from client import Client
from gated import Service, State, gated
from harness import Model, wait_until

CHAT = "/v1/chat/completions"
ASK = {"model": "standin-large", "messages": [{"role": "user", "content": "Say something."}]}
KILLS = int(os.environ.get("STILLWATCH_KILLS", "25"))


def metric(service, name):
    """0 too while it listens and has not written its first page yet."""
    with Client(service.port) as client:
        answer = client.get("/metrics")
        if answer.status == 503:
            return 0
        for line in answer.body.decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
    raise AssertionError(f"there is no metric {name}")


class Load(threading.Thread):
    """Asks one request after the other until it is stopped."""

    def __init__(self, port, key):
        super().__init__(daemon=True)
        self.port, self.key, self.statuses, self.going, self.slowest = port, key, [], True, 0
        self.start()

    def run(self):
        with Client(self.port, self.key) as client:
            while self.going:
                began = time.monotonic()
                self.statuses.append(client.post(CHAT, ASK).status)
                self.slowest = max(self.slowest, time.monotonic() - began)

    def end(self):
        self.going = False
        self.join(20)


class Behind(unittest.TestCase):
    def setUp(self):
        self.model = self.enterContext(Model())
        self.state = self.enterContext(State())
        self.state.account("acct_1", tier="paid")
        self.key = self.state.key("acct_1")

    def test_a_service_that_is_killed_again_and_again_counts_every_record_once(self):
        dice = random.Random(4)
        nginx = self.enterContext(gated(self.model, self.state, log_level="error"))
        load = Load(nginx.port, self.key)
        for _ in range(KILLS):
            service = Service(self.state, "--round-ms", 5)
            time.sleep(dice.random() * 0.3)
            service.process.send_signal(signal.SIGKILL)
            service.process.wait()
            service.stop()
        load.end()
        self.assertEqual(set(load.statuses), {200})
        self.assertGreater(len(load.statuses), 10 * KILLS)
        last = Service(self.state)
        wait_until(lambda: metric(last, "stillwatch_ready") == 1, what="the service")
        last.process.terminate()  # it takes what waits
        self.assertEqual(last.process.wait(20), 0)
        last.stop()
        with Service(self.state) as service:  # whose start replays all that was ever taken
            wait_until(lambda: metric(service, "stillwatch_ready") == 1, what="the service")
            facts = 1  # of the account
            self.assertEqual(metric(service, "stillwatch_replayed_records"), len(load.statuses) + facts)

    def test_what_the_service_decides_the_gate_does(self):
        nginx = self.enterContext(gated(self.model, self.state))
        with Service(self.state, "--round-ms", 5) as service, Client(nginx.port, self.key) as client:
            self.assertEqual(client.post(CHAT, ASK).status, 200)
            wait_until(lambda: metric(service, "stillwatch_entries_total") >= 2, what="the record")
            self.state.decide("acct_1", "suspend")  # while the service has the table open
            self.assertEqual(client.post(CHAT, ASK).status, 403)

    def test_a_ring_that_is_cut_off_between_them_costs_what_was_in_it(self):
        nginx = self.enterContext(gated(self.model, self.state))
        with Service(self.state, "--round-ms", 5) as service, Client(nginx.port, self.key) as client:
            for bytes_left in (0, 1 << 16):
                with self.subTest(bytes_left):
                    self.assertEqual(client.post(CHAT, ASK).status, 200)
                    wait_until(lambda: metric(service, "stillwatch_rings") == 1, what="the ring")
                    before = metric(service, "stillwatch_entries_total")
                    os.truncate(records.rings(self.state)[0], bytes_left)
                    wait_until(lambda: client.post(CHAT, ASK).status == 200 and
                               metric(service, "stillwatch_entries_total") >= before + 3, what="records in the next ring")
            self.assertIsNone(service.process.poll())

    def test_it_ends_when_it_is_asked_to_with_nothing_left_behind(self):
        nginx = self.enterContext(gated(self.model, self.state, locations="location /open { stillwatch off; return 204; }"))
        service = Service(self.state)
        with Client(nginx.port, self.key) as client:
            for _ in range(50):
                self.assertEqual(client.post(CHAT, ASK).status, 200)
            # An exchange is recorded after its answer has gone, but before the next request of its connection is read.
            self.assertEqual(client.get("/open").status, 204)
        service.process.terminate()
        self.assertEqual(service.process.wait(20), 0)
        self.assertEqual({head - tail for head, tail in map(records.places, records.rings(self.state))}, {0})
        service.stop()


if __name__ == "__main__":
    tap.main()
