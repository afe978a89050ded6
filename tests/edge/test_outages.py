#!/usr/bin/env python3
"""What the gate itself stands on is taken away under load: workers, rings, disks, the table, the configuration."""

import ctypes
import http.client
import json
import mmap
import os
import pathlib
import random
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest

import records
import tap
from client import Client, exchange, request_bytes
from gated import State, gated
from mmdb import database
from harness import SANITIZED, Model, module, wait_until

CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"
ASK = {"model": "standin-large", "messages": [{"role": "user", "content": "Say something."}]}
STREAM = {**ASK, "stream": True}
RING_HEAD_BYTES = 1 << 16  # src/store/ring.h
LEFT = (ConnectionError, http.client.HTTPException, socket.timeout)


class Load:
    """Clients that ask without a pause, each request on a connection of its own; with Load(...): the rest goes on beside it."""

    def __init__(self, port, key, body=ASK, n_clients=4, **headers):
        self.port, self.key, self.body, self.headers = port, key, body, headers
        self.answers, self.lost, self.over = [], [], False
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(n_clients)]

    def run(self):
        while not self.over:
            try:
                with Client(self.port, self.key) as client:
                    answer = client.post(CHAT, self.body, **self.headers)
                whole = not self.body.get("stream") or answer.body.endswith(b"data: [DONE]\n\n")
                self.answers.append(answer.status if whole else 0)
            except LEFT as error:
                self.lost.append(repr(error))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        for thread in self.threads:
            thread.join(30)

    def wait_for(self, n):
        """Until so many more answers came."""
        before = len(self.answers)
        wait_until(lambda: len(self.answers) >= before + n, seconds=60, what=f"{n} answers")


class Outages(unittest.TestCase):
    def setUp(self):
        module()  # or a skip, before a test breaks anything
        self.model = self.enterContext(Model())
        self.state = self.enterContext(State())
        self.key = self.state.key("acct_1")
        self.spool = self.state.folder / "spool"

    def open(self, rules="version: 1\n", **options):
        self.nginx = self.enterContext(gated(self.model, self.state, rules, **options))
        self.worker = self.nginx.workers()
        return self.enterContext(Client(self.nginx.port, self.key))

    def ask(self, body=ASK, key=None, **headers):
        """Status of a request on a connection of its own."""
        with Client(self.nginx.port, key or self.key) as client:
            return client.post(CHAT, body, **headers).status

    def another_worker(self):
        """Waits for one, and takes it for the one that is to live."""
        wait_until(lambda: (now := self.nginx.workers()) and now != self.worker, what="another worker")
        self.worker = self.nginx.workers()

    def n_recorded(self):
        return len(records.read_rings(self.state).records)

    def is_recorded(self):
        """Whether there is a ring that can be read, with a record in it."""
        try:
            return records.rings(self.state) != [] and self.n_recorded() > 0
        except AssertionError:
            return False

    def rss_kib(self):
        status = pathlib.Path(f"/proc/{self.worker[0]}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    # Workers

    def test_workers_killed_under_load_lose_what_they_had_in_hand_and_tear_no_entry(self):
        n_kills, seed = 12, int.from_bytes(os.urandom(4), "big")
        roll = random.Random(seed)
        self.open(workers=2, spool="4m")
        self.nginx.allow("exited on signal 9")
        with Load(self.nginx.port, self.key) as load:
            for _ in range(n_kills):
                time.sleep(roll.random() * 0.2)
                os.kill(roll.choice(wait_until(self.nginx.workers)), signal.SIGKILL)
            load.wait_for(20)
        self.assertEqual(set(load.answers), {200}, f"seed {seed}")
        kept, in_hand = records.read_rings(self.state), n_kills * len(load.threads)
        self.assertLessEqual(len(load.lost), in_hand, f"seed {seed}: {load.lost[:5]}")
        self.assertEqual((kept.damaged, kept.ring["dropped"]), ([], 0), f"seed {seed}")
        self.assertEqual(len(kept.records), kept.ring["written"])
        self.assertEqual(len({record["exchange"] for record in kept.records}), len(kept.records))
        wrong = f"seed {seed}: {len(kept.records)} records of {len(load.answers)} answers and {len(load.lost)} lost"
        self.assertTrue(len(load.answers) - in_hand <= len(kept.records) <= len(load.answers) + len(load.lost), wrong)

    def test_counters_outlive_workers_and_reloads(self):
        self.open("version: 1\nlimits: {key: {requests_per_minute: 3, burst_seconds: 60}}\n")
        self.nginx.allow("exited on signal 9")
        self.assertEqual(self.ask(), 200)
        os.kill(self.worker[0], signal.SIGKILL)
        self.another_worker()
        self.assertEqual(self.ask(), 200)
        self.nginx.reload()
        self.assertEqual([self.ask() for _ in range(2)], [200, 429])

    def test_reloads_under_load_lose_no_request_and_no_record(self):
        self.open(workers=2, spool="4m")
        with Load(self.nginx.port, self.key, STREAM, x_standin_fault="slow:3") as streams, \
                Load(self.nginx.port, self.key, n_clients=2) as load:
            for _ in range(3):
                streams.wait_for(2)
                self.nginx.reload()
            streams.wait_for(4)
        self.assertEqual((set(streams.answers), streams.lost, set(load.answers), load.lost), ({200}, [], {200}, []))
        wait_until(lambda: self.n_recorded() == len(streams.answers) + len(load.answers), what="all records")

    # Rings

    def test_a_full_ring_counts_what_it_drops_and_goes_on_once_it_was_read(self):
        client = self.open(spool="128k")
        n, ring = 500, records.rings(self.state)[0]
        self.assertEqual({client.post(CHAT, ASK).status for _ in range(n)}, {200})
        full = wait_until(lambda: (now := records.read_rings(self.state)).ring["written"] + now.ring["dropped"] == n and now)
        self.assertTrue(0 < full.ring["dropped"] < n, full.ring)
        self.assertEqual((len(full.records), full.damaged), (full.ring["written"], []))
        with open(ring, "r+b") as file, mmap.mmap(file.fileno(), RING_HEAD_BYTES) as head:  # what the service does
            struct.pack_into("<Q", head, records.RING_TAIL_AT, records.read(ring, self.state.folder / "secret").ring["head"])
        self.assertEqual(self.ask(), 200)
        wait_until(lambda: self.n_recorded() == 1, what="the record")
        self.assertEqual(records.read_rings(self.state).ring["dropped"], full.ring["dropped"])

    def test_a_spool_that_cannot_be_written_to_costs_records_until_it_can(self):
        for name, break_it, mend_it in (
                ("missing", lambda: shutil.rmtree(self.spool), lambda: (self.spool.mkdir(), self.state.own())),
                ("read-only", lambda: (shutil.rmtree(self.spool), self.spool.mkdir(0o555)),
                 lambda: (self.spool.chmod(0o755), self.state.own())),
                ("a file", lambda: (shutil.rmtree(self.spool), self.spool.write_text("")),
                 lambda: (self.spool.unlink(), self.spool.mkdir(), self.state.own()))):
            with self.subTest(name):
                break_it()
                self.open()
                self.assertEqual([self.ask() for _ in range(3)], [200] * 3)
                self.assertIn("stillwatch: ring", self.nginx.error_log())
                mend_it()
                wait_until(lambda: self.ask() == 200 and self.n_recorded() > 0, what="a record")
                for _ in range(2):
                    self.assertEqual(self.nginx.workers(), self.worker)

    def test_a_full_disk_costs_records_until_there_is_room(self):
        libc = ctypes.CDLL(None, use_errno=True)
        if os.geteuid() != 0 or libc.mount(b"none", bytes(self.spool), b"tmpfs", 0, b"size=96k,mode=777") != 0:
            self.skipTest("mounting needs the rights of root")
        self.addCleanup(libc.umount2, bytes(self.spool), 2)  # MNT_DETACH
        self.open()
        self.assertEqual([self.ask() for _ in range(3)], [200] * 3)
        self.assertIn("No space left", self.nginx.error_log())
        self.assertEqual(libc.mount(b"none", bytes(self.spool), b"tmpfs", 32, b"size=8m,mode=777"), 0)  # MS_REMOUNT
        wait_until(lambda: self.ask() == 200 and self.n_recorded() > 0, what="a record")
        self.assertEqual(self.nginx.workers(), self.worker)

    def test_a_corrupt_ring_is_moved_aside(self):
        """The next worker's process id is not known, so that all names it may get are taken."""
        now = int(pathlib.Path("/proc/sys/kernel/ns_last_pid").read_text())
        for pid in range(now, now + 3000):
            with open(self.spool / f"worker-{pid}.ring", "wb") as file:
                file.write(b"garbage " * 8)
                file.truncate(RING_HEAD_BYTES + (1 << 17))
        self.state.own()
        self.open()
        self.assertEqual(self.ask(), 200)
        ring = self.spool / f"worker-{self.worker[0]}.ring"
        if not ring.with_suffix(".ring.corrupt").exists():
            self.skipTest("process ids wrapped")
        wait_until(lambda: len(records.read(ring, self.state.folder / "secret").records) == 1, what="the record")
        self.assertTrue(ring.with_suffix(".ring.corrupt").read_bytes().startswith(b"garbage"))

    def test_garbage_in_a_ring_that_is_in_use_costs_what_it_covers(self):
        client = self.open()
        self.assertEqual([client.post(CHAT, ASK).status for _ in range(20)], [200] * 20)
        ring = records.rings(self.state)[0]
        wait_until(lambda: self.n_recorded() == 20)
        with open(ring, "r+b") as file:
            file.seek(RING_HEAD_BYTES + 1000)
            file.write(os.urandom(300))
        self.assertEqual(len(records.read_rings(self.state).damaged), 1)
        with open(ring, "r+b") as file:  # a tail beyond the head, and anything
            for tail in (1 << 62, 2 ** 64 - 8, int.from_bytes(os.urandom(8), "little")):
                file.seek(records.RING_TAIL_AT)
                file.write(struct.pack("<Q", tail))
                file.flush()
                self.assertEqual([client.post(CHAT, ASK).status for _ in range(700)], [200] * 700)
        self.assertEqual(self.nginx.workers(), self.worker)

    def test_a_ring_that_is_cut_off_is_made_anew(self):
        self.open()
        for bytes_left in (0, 100, RING_HEAD_BYTES, RING_HEAD_BYTES + 4096):
            with self.subTest(bytes_left):
                os.truncate(records.rings(self.state)[0], bytes_left)
                self.assertEqual([self.ask() for _ in range(30)], [200] * 30)
                wait_until(lambda: self.ask() == 200 and self.is_recorded(), what="a record")
                self.assertEqual(self.nginx.workers(), self.worker)

    def test_controls_that_do_not_work_refuse_if_they_were_told_to(self):
        self.state.account("acct_1", tier="free")
        rules = "version: 1\ntiers: {free: {deny_countries: [KP]}}\n"
        elsewhere = {"http": "stillwatch_country_db places.mmdb;",  # it does not know the loopback
                     "files": {"places.mmdb": database({"198.51.100.0/24": {"country": {"iso_code": "XX"}}})}}
        for control, status in (("none", 200), ("geography", 503)):
            self.open(rules, directives=f"stillwatch_fail_closed {control};", **elsewhere)
            self.assertEqual(self.ask(), status, control)
        self.open(directives="stillwatch_fail_closed geography;")  # nobody's country is asked for
        self.assertEqual(self.ask(), 200)
        shutil.rmtree(self.spool)
        self.open(directives="stillwatch_fail_closed identity record;",
                  locations="location = /check { stillwatch_check; }")
        self.assertEqual(self.ask(), 503)
        with Client(self.nginx.port, self.key) as client:  # which records nothing
            self.assertEqual(client.get("/check").status, 200)
        self.spool.mkdir()
        self.state.own()
        wait_until(lambda: self.ask() == 200, what="a ring")

    # The table

    def test_a_table_of_garbage_is_taken_again_once_it_is_whole(self):
        path = self.state.folder / "table/data.mdb"
        whole = path.read_bytes()
        path.write_bytes(os.urandom(len(whole)))
        self.open()
        self.assertEqual(self.ask(), 503)
        path.write_bytes(whole)
        wait_until(lambda: self.ask() == 200, what="the table")
        self.assertEqual(self.nginx.workers(), self.worker)

    def test_garbage_over_a_table_that_is_in_use_lets_nobody_in_who_has_no_key(self):
        path, seed = self.state.folder / "table/data.mdb", int.from_bytes(os.urandom(4), "big")
        whole, roll = path.read_bytes(), random.Random(seed)
        self.open()
        for _ in range(12):
            with open(path, "r+b") as file:
                file.seek(roll.randrange(0, len(whole), 4096))
                file.write(roll.randbytes(4096))
            for key in (self.key, "sk-nothing-like-it-at-all"):
                self.assertIn(self.ask(key=key), (200, 401, 503) if key == self.key else (401, 503), f"seed {seed}")
        with open(path, "r+b") as file:
            file.write(whole)
        wait_until(lambda: self.ask() == 200, what="the table")
        self.assertEqual(self.nginx.workers(), self.worker, f"seed {seed}")
        self.assertEqual(self.ask(key=self.state.key("acct_2")), 200)  # what failed keeps no writer waiting

    def test_a_table_that_is_cut_off_closes_the_gate_until_it_is_whole(self):
        path = self.state.folder / "table/data.mdb"
        whole = path.read_bytes()
        self.open()
        for bytes_left in (0, 100, 4096, 3 * 4096):
            os.truncate(path, bytes_left)
            self.assertEqual(self.ask(), 503, bytes_left)
            path.write_bytes(whole)
            wait_until(lambda: self.ask() == 200, what="the table")
        self.assertEqual(self.nginx.workers(), self.worker)

    def test_another_table_in_its_place_counts_within_a_second(self):
        self.open()
        self.assertEqual(self.ask(), 200)
        with State() as other:
            key = other.key("acct_2")
            shutil.rmtree(self.state.folder / "table")
            shutil.copytree(other.folder / "table", self.state.folder / "table")
            self.state.own()
        wait_until(lambda: self.ask() == 401, seconds=3, what="the other table")
        self.assertEqual(self.ask(key=key), 200)
        self.assertEqual(self.nginx.workers(), self.worker)

    # Configuration

    def test_a_reload_that_fails_leaves_the_old_configuration(self):
        for name, junk, says in (("rules.yaml", "version: 1\ntiers: {free: yes}\n", "tiers.free must be a group"),
                                 ("rules.yaml", "\0\xff", "stillwatch_rules"), ("secret", "short", "stillwatch_key_file")):
            with self.subTest(name):
                self.open("version: 1\nlimits: {key: {requests_per_minute: 2, burst_seconds: 60}}\n")
                self.nginx.allow("emerg")
                path = (self.state if name == "secret" else self.nginx).folder / name
                whole = path.read_bytes()
                path.write_text(junk)
                self.assertEqual(self.ask(), 200)
                self.nginx.process.send_signal(signal.SIGHUP)
                wait_until(lambda: says in self.nginx.error_log(), what=says)
                self.assertEqual([self.ask() for _ in range(2)], [200, 429])
                self.assertEqual(self.nginx.workers(), self.worker)
                path.write_bytes(whole)
                self.nginx.reload()
                self.assertEqual(self.ask(), 429)

    # Clients

    def leave(self, n_events):
        """Opens a stream, reads some of it and leaves."""
        with socket.create_connection(("127.0.0.1", self.nginx.port), timeout=10) as connection:
            connection.sendall(request_bytes(CHAT, {**STREAM, "max_tokens": 500}, f"Authorization: Bearer {self.key}",
                                             f"x-standin-fault: stall:{n_events}"))
            got = b""
            while got.count(b"data: ") < n_events and b" 429 " not in got:
                got += connection.recv(1 << 16)
        return int(got.split()[1])

    def test_a_client_that_leaves_a_stream_pays_for_what_it_was_sent_and_no_more(self):
        self.open("version: 1\nlimits: {key: {output_tokens_per_minute: 6, burst_seconds: 10000}}\n")  # 1000 at once
        for n in range(3):  # 500 are reserved each time
            self.assertEqual(self.leave(20), 200)
            wait_until(lambda: self.n_recorded() == n + 1, what="the record")
        statuses = []
        while 429 not in statuses and len(statuses) < 60:
            statuses.append(self.leave(20))
            wait_until(lambda: self.n_recorded() == 3 + len(statuses), what="the record")
        self.assertEqual(statuses[-1], 429)
        kept = records.read_rings(self.state).records
        self.assertTrue(all(record["output_bytes"] > 0 for record in kept if record["status"] == 200))

    def test_a_body_that_ends_too_early_is_metadata_with_a_status(self):
        self.open(directives="client_body_timeout 300ms;")
        whole = request_bytes(CHAT, ASK, f"Authorization: Bearer {self.key}")
        for shut in (True, False):
            exchange(self.nginx.port, whole[:-5], shut=shut, timeout=5)
        wait_until(lambda: self.n_recorded() == 2, what="the records")
        for record in records.read_rings(self.state).records:
            self.assertTrue(record["flags"] & 1 and record["status"] in (400, 408, 499), record["status"])

    def test_a_hundred_thousand_unknown_keys_leave_memory_and_known_keys_alone(self):
        if not shutil.which("wrk"):
            self.skipTest("wrk is not installed")
        self.open()
        n_wanted, got = 100_000, 0
        script = self.nginx.folder / "keys.lua"
        script.write_text("""
            local n = 0
            request = function()
                n = n + 1
                local key = string.format("Bearer sk-unknown-%d-%d", n, math.random(1, 1000000000))
                return wrk.format("POST", "/v1/chat/completions", {["Authorization"] = key}, '{"model":"standin-large"}')
            end
            done = function(summary) print(string.format("{%q: %d, %q: %d, %q: %d}", "requests", summary.requests,
                "refused", summary.errors.status, "failed", summary.errors.connect + summary.errors.read + summary.errors.timeout)) end
        """)
        self.burst(script, 1)  # buffers and pools grow to what they will be
        before = self.rss_kib()
        while got < n_wanted:
            tally, known = self.burst(script, 2)
            self.assertEqual((tally["refused"], tally["failed"]), (tally["requests"], 0))
            self.assertTrue(known and set(known) == {200})
            got += tally["requests"]
        if not SANITIZED:  # a sanitizer keeps what was freed
            self.assertLess(self.rss_kib() - before, 512)
        self.assertEqual(self.nginx.workers(), self.worker)
        self.assertEqual(len({record["account"] for record in records.read_rings(self.state).records}), 1)

    def burst(self, script, seconds):
        """wrk's tally, and what a known key got meanwhile."""
        address = f"http://127.0.0.1:{self.nginx.port}/"
        with subprocess.Popen(["wrk", "-t", "1", "-c", "32", "-d", f"{seconds}s", "-s", script, address],
                              stdout=subprocess.PIPE, text=True) as wrk:
            known = []
            while wrk.poll() is None:
                known.append(self.ask())
                time.sleep(0.05)
            return json.loads(wrk.stdout.read().splitlines()[-1]), known


if __name__ == "__main__":
    tap.main()
