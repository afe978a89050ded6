#!/usr/bin/env python3
"""What the module records of an exchange is what `stillwatch replay` makes of a log line with the same facts and bodies."""

import http.client
import json
import pathlib
import re
import tempfile
import time
import unittest
from datetime import datetime, timezone

import records
import tap
from client import Answer, Client
from gated import State, gated
from harness import Model, wait_until

CHAT, RESPONSES, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/messages"
API = {CHAT: "openai.chat", RESPONSES: "openai.responses", MESSAGES: "anthropic.messages"}
SYSTEM = "You are the keeper of Zyzzogeton, a lighthouse. Grade each answer by the rubric and say why, step by step."
TASK = ("Write a Python function that merges two sorted lists of quixotry and returns the longer one; answer in JSON with the keys "
        "\"code\" and \"reason\". Größe 日本 🙂 matter.")
TURN = ("The lamp turns once in seven seconds, as the keeper of the log wrote in the winter of that year, and nobody has seen "
        "it stand still since the storm took the old gallery away.")
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}
HISTORY = [{"role": "user", "content": "How often does the lamp turn?"}, {"role": "assistant", "content": TURN},
           {"role": "user", "content": TASK}]
ASK = {"model": "standin-large", "messages": [{"role": "system", "content": SYSTEM}, *HISTORY]}
BODIES = {
    CHAT: {
        "text": ASK,
        "everything": {**ASK, "temperature": 0.7, "top_p": 0.9, "max_completion_tokens": 300, "logprobs": True, "top_logprobs": 3,
                       "seed": 7, "stop": ["zzz"], "user": "end-user-1", "presence_penalty": 0.5,
                       "reasoning_effort": "low"},
        "tools": {**ASK, "tools": [{"type": "function", "function": {"name": "weather", "description": "The weather.",
                                                                     "parameters": PARAMETERS}}]},
        "choices": {**ASK, "n": 2},
        "schema": {**ASK, "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": PARAMETERS}}},
        "length": {**ASK, "max_tokens": 5},
    },
    RESPONSES: {
        "text": {"model": "standin-large", "instructions": SYSTEM, "input": TASK},
        "turns": {"model": "standin-large", "instructions": SYSTEM, "input": HISTORY, "max_output_tokens": 20},
        "reasoning": {"model": "standin-large", "input": TASK, "reasoning": {"effort": "high", "summary": "auto"},
                      "include": ["reasoning.encrypted_content"]},
        "tools": {"model": "standin-large", "input": TASK,
                  "tools": [{"type": "function", "name": "weather", "description": "The weather.", "parameters": PARAMETERS}]},
    },
    MESSAGES: {
        "text": {"model": "standin-large", "system": SYSTEM, "messages": HISTORY, "max_tokens": 400},
        "thinking": {"model": "standin-large", "messages": HISTORY, "max_tokens": 4000,
                     "thinking": {"type": "enabled", "budget_tokens": 1024}, "metadata": {"user_id": "end-user-2"}},
        "tools": {"model": "standin-large", "messages": HISTORY, "max_tokens": 400,
                  "tools": [{"name": "weather", "description": "The weather.", "input_schema": PARAMETERS}]},
        "prefill": {"model": "standin-large", "system": [{"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral"}}],
                    "messages": [*HISTORY, {"role": "assistant", "content": "{"}], "max_tokens": 40, "stop_sequences": ["}"]},
    },
}
USER_AGENT = "records-test/1.0"
# The edge gives its own ids and has its own clock; they are looked at apart.
APART = {"exchange", "time_ms", "duration_ms"}
WORD = re.compile(rb"[A-Za-z]{6,}")


def cut_body(path, answer):
    """The message assembled from the events of a stream that ended too early, as docs/formats.md asks for."""
    events = answer.data()
    if path == CHAT:
        said = "".join(choice["delta"].get("content") or "" for event in events for choice in event["choices"])
        return {"id": events[0]["id"], "model": events[0]["model"],
                "choices": [{"index": 0, "finish_reason": None, "message": {"role": "assistant", "content": said}}]}
    if path == RESPONSES:
        said = "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta")
        first = events[0]["response"]
        return {"id": first["id"], "model": first["model"],
                "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": said}]}]}
    said = "".join(event["delta"]["text"] for event in events if event["type"] == "content_block_delta")
    usage = {name: n for name, n in events[0]["message"]["usage"].items() if name != "output_tokens"}  # of the first token
    return {**events[0]["message"], "content": [{"type": "text", "text": said}], "usage": usage}


class Record(unittest.TestCase):
    RULES = "version: 1\nstep_up_url: https://example.com/verify\ntiers:\n  free: {choices: 2}\n"

    def setUp(self):
        self.model = self.enterContext(Model())
        self.state = self.enterContext(State())
        self.out = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.lines, self.answered = [], []
        self.began_ms = int(time.time() * 1000)

    def open(self, account="acct_1", rules=RULES, **options):
        self.account = account
        self.nginx = self.enterContext(gated(self.model, self.state, rules, **options))
        self.client = self.enterContext(Client(self.nginx.port, self.state.key(account, id=f"id_of_{account}")))
        self.straight = self.enterContext(Client(self.model.port))

    def send(self, path, body, method="POST", **headers):
        """Sends a request through the edge; returns the answer and the names of the headers in their order."""
        self.names, put = [], self.client.connection.putheader
        self.client.connection.putheader = lambda name, *values: (self.names.append(name.lower()), put(name, *values))[1]
        try:
            given = {"user-agent": USER_AGENT, **{name.replace("_", "-"): value for name, value in headers.items()}}
            return self.client.ask(method, path, body, given), self.names
        finally:
            self.client.connection.putheader = put

    def line(self, answer, names, path=None, request=None, response=None, **facts):
        """Notes the line that a log would have of an exchange; bodies are values, or JSON text as it was sent."""
        known = {"event": "exchange", "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
                 "id": f"req_{len(self.lines)}", "account": self.account, "key": f"id_of_{self.account}",
                 "client": {"ip": "127.0.0.1", "user_agent": USER_AGENT, "header_order": names}, "status": answer.status,
                 **({"api": API[path]} if path else {}), **facts}
        text = json.dumps(known)[:-1]
        for name, value in (("request", request), ("response", response)):
            if value is not None:
                text += f',"{name}":{value if isinstance(value, str) else json.dumps(value)}'
        self.lines.append(text + "}")
        self.answered.append((len(self.lines), path, answer.status, answer.body[:200]))

    def plain(self, path, body, status=200, **headers):
        """An exchange whose log line has both bodies as they were sent."""
        answer, names = self.send(path, body, **headers)
        self.assertEqual(answer.status, status, answer.body)
        self.line(answer, names, path, body, answer.body.decode())
        return answer

    def whole(self, path, body):
        """What the events of an answer add up to; a chat stream that was not asked for usage has none."""
        whole = self.straight.post(path, body).json()
        if path == CHAT:
            del whole["usage"]
        return whole

    def exchanges(self):
        """The ring's records, those of imported accounts left out, and the rest that it has."""
        ring = records.read_rings(self.state)
        ring.records = [record for record in ring.records if record["kind"] == 0]
        return ring

    def compare(self):
        """The ring's records against the replay's of the noted lines; returns the former."""
        log = self.out / "log.jsonl"
        log.write_text("".join(line + "\n" for line in self.lines))
        wait_until(lambda: len(self.exchanges().records) >= len(self.lines), what="the last record")
        ring, wanted = self.exchanges(), records.replay(self.state, log, self.out / "replay")
        self.assertEqual((len(ring.records), len(wanted.records)), (len(self.lines), len(self.lines)))
        self.assertEqual((ring.damaged, ring.ring["dropped"]), ([], 0))
        self.assertEqual(ring.names, wanted.names)
        for got, want, about in zip(ring.records, wanted.records, self.answered):
            differ = {name: (got[name], want[name]) for name in want if got.get(name) != want[name] and name not in APART}
            self.assertEqual((differ, got.keys()), ({}, want.keys()), about)
        self.assertEqual(len({record["exchange"] for record in ring.records} - {records.NOTHING}), len(ring.records))
        now_ms, last = time.time() * 1000, self.began_ms - 1000
        for record in ring.records:
            self.assertTrue(last <= record["time_ms"] and record["time_ms"] + record["duration_ms"] <= now_ms + 1000)
            last = record["time_ms"]
        return ring.records

    # What passes

    def test_a_plain_exchange_is_the_record_of_its_log_line(self):
        self.open()
        for path, bodies in BODIES.items():
            for body in bodies.values():
                self.plain(path, body)
        kept = self.compare()
        self.assertEqual([record["api"] for record in kept], [1] * 6 + [2] * 4 + [3] * 4)
        for record in kept:
            self.assertGreater(record["output_bytes"] + record["n_tool_calls"], 0)
            self.assertGreater(record["output_tok"], 0)
            self.assertNotEqual(record["user.id"], records.NOTHING)

    def test_a_streamed_exchange_is_the_record_of_the_message_that_was_assembled(self):
        """The stand-in says the same to the same prompt, streamed or not: the plain answer is what the events add up to."""
        self.open()
        for path, bodies in BODIES.items():
            for body in bodies.values():
                streamed = {**body, "stream": True}
                if path == CHAT:
                    streamed["stream_options"] = {"include_usage": True}
                for fault in ({}, {"x_standin_fault": "split:7"}):
                    answer, names = self.send(path, streamed, **fault)
                    self.assertEqual((answer.status, answer.headers["content-type"][:17]), (200, "text/event-stream"))
                    self.line(answer, names, path, streamed, self.straight.post(path, body).body.decode())
        self.assertTrue(all(record["output_tok"] > 0 for record in self.compare()))

    def test_a_stream_without_usage_has_none(self):
        self.open()
        answer, names = self.send(CHAT, {**ASK, "stream": True})
        self.line(answer, names, CHAT, {**ASK, "stream": True}, self.whole(CHAT, ASK))
        self.compare()

    def test_a_stream_that_was_cut_or_fell_silent_has_what_came(self):
        self.open(directives="proxy_read_timeout 1s;")
        self.nginx.allow("upstream")
        for path in API:
            streamed = {**BODIES[path]["text"], "stream": True}
            for fault in ("cut:9", "reset:9", "stall:9", "short:9"):
                try:
                    answer, names = self.send(path, streamed, x_standin_fault=fault)
                except http.client.IncompleteRead as error:  # the edge ends the connection as the model server did
                    self.client.connection.close()
                    answer, names = Answer(200, {}, error.partial), self.names
                self.line(answer, names, path, streamed, cut_body(path, answer))
        self.assertTrue(all(record["output_bytes"] > 0 for record in self.compare()))

    def test_a_stream_with_events_that_are_no_json_is_read_without_them(self):
        self.open()
        for path in API:
            body = BODIES[path]["text"]
            answer, names = self.send(path, {**body, "stream": True}, x_standin_fault="garbage")
            self.line(answer, names, path, {**body, "stream": True}, self.whole(path, body))
        self.compare()

    def test_an_answer_that_is_no_json_leaves_the_request(self):
        self.open()
        for path in API:
            answer, names = self.send(path, BODIES[path]["text"], x_standin_fault="garbage")
            self.assertEqual(answer.status, 200)
            self.line(answer, names, path, BODIES[path]["text"])
        for record in self.compare():
            self.assertEqual((record["output_bytes"], record["user.id"] != records.NOTHING), (0, True))

    def test_an_answer_beyond_the_limit_leaves_the_request(self):
        self.open(directives="stillwatch_response_max 300;")
        answer, names = self.send(CHAT, ASK)
        self.line(answer, names, CHAT, ASK)
        self.compare()

    def test_errors_of_the_model_server_are_recorded_with_their_status(self):
        self.open()
        for path, statuses in ((CHAT, (400, 429, 500, 503)), (RESPONSES, (500,)), (MESSAGES, (400, 429, 529))):
            for status in statuses:
                self.plain(path, BODIES[path]["text"], status, x_standin_fault=f"error:{status}")
        self.plain(CHAT, {"model": "standin-large", "messages": []}, 400)
        self.assertEqual([record["status"] for record in self.compare()], [400, 429, 500, 503, 500, 400, 429, 529, 400])

    def test_a_model_server_that_is_gone_is_recorded_as_502(self):
        self.open()
        self.nginx.allow("upstream")
        self.model.stop()
        answer, names = self.send(CHAT, ASK)
        self.assertEqual(answer.status, 502)
        self.line(answer, names, CHAT, ASK)
        self.compare()

    def test_paths_without_bodies_that_are_read_are_metadata(self):
        self.open()
        self.line(*self.send("/v1/models", None, method="GET"))
        self.line(*self.send("/v1/embeddings", {"model": "standin-large", "input": TASK}))
        kept = self.compare()
        self.assertEqual([record["status"] for record in kept], [200, 404])
        self.assertTrue(all(record["flags"] & 1 for record in kept))

    def test_what_a_restriction_took_out_was_asked_for_all_the_same(self):
        self.open()
        self.state.decide("acct_1", "restrict")
        self.plain(CHAT, {**BODIES[CHAT]["everything"], "n": 2})
        self.plain(MESSAGES, BODIES[MESSAGES]["thinking"])
        kept = self.compare()
        self.assertEqual((kept[0]["n"], kept[0]["top_logprobs"], kept[1]["max_tokens"]), (2, 3, 4000))

    def test_beyond_an_accounts_texts_an_hour_as_many_of_one_in_eight_are_whole_and_the_rest_metadata_with_usage(self):
        self.open(directives="stillwatch_text_per_hour 8;")
        answers = [self.plain(CHAT, ASK) for _ in range(208)]
        kept = self.exchanges().records
        bare = [record for record in kept if record["flags"] & 1]
        self.assertEqual((len(kept), [record in bare for record in kept[:8]]), (208, [False] * 8))
        # Eight of one in eight, then one in 64: 11 of the 200 expected; outside once in 100,000 runs.
        self.assertTrue(8 <= 200 - len(bare) <= 22, len(bare))
        for record in bare:
            self.assertEqual((record["user.id"], record["output_bytes"], record["output_tok"]),
                             (records.NOTHING, 0, answers[0].json()["usage"]["completion_tokens"]))

    def test_the_facts_of_an_account_and_of_its_place_are_those_of_the_log(self):
        self.state.account("acct_2", organization="org_2", tier="free")
        self.open("acct_2", directives="stillwatch_trusted_proxy 127.0.0.1;")
        answer, names = self.send(CHAT, ASK, x_forwarded_for="2001:db8:77::9", user_agent="other/3")
        self.line(answer, names, CHAT, ASK, answer.json(), organization="org_2",
                  client={"ip": "2001:db8:77::9", "user_agent": "other/3", "header_order": names})
        self.compare()

    # What is refused

    def test_nobodys_requests_are_not_recorded(self):
        self.open()
        for key in (None, "sk-nothing-like-it-at-all"):
            with Client(self.nginx.port, key) as client:
                self.assertEqual(client.post(CHAT, ASK).status, 401)
        self.plain(CHAT, ASK)
        self.assertEqual(len(self.compare()), 1)

    def test_a_refusal_before_the_body_is_metadata_with_its_status(self):
        self.open(rules="version: 1\nlimits: {key: {requests_per_minute: 1, burst_seconds: 60}}\n")
        self.plain(CHAT, ASK)
        answer, names = self.send(CHAT, ASK)
        self.line(answer, names)
        self.assertEqual([record["status"] for record in self.compare()], [200, 429])

    def test_whom_a_decision_refuses_is_recorded_with_what_it_asked(self):
        self.open()
        for action in ("suspend", "verify"):
            self.state.decide("acct_1", action)
            self.plain(MESSAGES, BODIES[MESSAGES]["text"], 403)
        self.assertEqual([record["status"] for record in self.compare()], [403, 403])
        self.assertEqual(self.model.n_requests(), 0)

    def test_whom_a_decision_refuses_is_metadata_beyond_what_is_read_of_a_body(self):
        self.open(directives="stillwatch_body_max 1k;")
        self.state.decide("acct_1", "suspend")
        large = {**ASK, "metadata": {"padding": "x" * 2000}}
        answer, names = self.send(CHAT, large)
        self.assertEqual(answer.status, 403)
        self.line(answer, names)
        self.compare()

    def test_a_refusal_for_what_was_asked_is_recorded_with_the_request(self):
        self.state.account("acct_1", tier="free")
        self.open(rules=self.RULES + "limits: {key: {output_tokens_per_minute: 10}}\n")
        self.plain(CHAT, {**ASK, "n": 3}, 403)
        self.plain(CHAT, ASK)  # leaves a debt of more than a minute
        self.plain(CHAT, ASK, 429)
        self.assertEqual([record["status"] for record in self.compare()], [403, 200, 429])

    def test_a_body_that_is_no_json_is_recorded_as_the_request_of_a_400(self):
        self.open()
        answer, names = self.send(CHAT, '{"model": "standin-large", "messages": [')
        self.assertEqual(answer.status, 400)
        self.line(answer, names, CHAT, {})
        self.compare()

    # Privacy

    def test_no_text_is_in_the_ring(self):
        self.state.account("acct_1", organization="org_secretive")
        self.open()
        said = b""
        for path, bodies in BODIES.items():
            for body in bodies.values():
                for stream in (False, True):
                    said += self.send(path, {**body, "stream": stream})[0].body
        said += json.dumps(BODIES).encode()
        kept = b"".join(path.read_bytes() for path in records.rings(self.state))
        words = set(WORD.findall(said)) | {b"Zyzzogeton", b"records-test", b"org_secretive", b"id_of_acct_1"}
        self.assertGreater(len(words), 100)
        self.assertEqual([word for word in words if word in kept], [])
        self.assertIn(b"acct_1", kept)  # the one name that is kept


if __name__ == "__main__":
    tap.main()
