#!/usr/bin/env python3
"""Paths that no API of the gate has: what their bodies look like is judged, charged and recorded so."""

import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import records
import tap
from client import Client
from gated import State, gated

SAY = [{"role": "user", "content": "Say something."}]
PER_MINUTE = "version: 1\ntiers: {free: {output_tokens_per_minute: %d, burst_seconds: 60}}\n"


class Upstream(ThreadingHTTPServer):
    """Answers every request with the same JSON."""

    def __init__(self, answer):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers.get("content-length", 0)))
                text = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *error):
        self.shutdown()
        super().__exit__(*error)


def chat_answer(**usage):
    return {"id": "x", "object": "chat.completion", "model": "m", "usage": usage,
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Something."}}]}


class OtherPaths(unittest.TestCase):
    def setUp(self):
        self.state = self.enterContext(State())
        self.state.account("acct_free", tier="free")

    def open(self, answer, rules, **options):
        upstream = self.enterContext(Upstream(answer))
        nginx = self.enterContext(gated(upstream, self.state, rules, **options))
        return self.enterContext(Client(nginx.port, self.state.key("acct_free")))

    def test_what_an_alias_of_chat_used_is_charged_as_it_is_told(self):
        client = self.open(chat_answer(prompt_tokens=5, completion_tokens=30000), PER_MINUTE % 20000)
        statuses = [client.post("/invocations", {"model": "m", "messages": SAY}).status for _ in range(3)]
        self.assertEqual(statuses, [200, 429, 429])

    def test_an_alias_of_chat_is_recorded_with_its_text(self):
        client = self.open(chat_answer(prompt_tokens=5, completion_tokens=3), "version: 1\n")
        client.post("/invocations", {"model": "m", "messages": SAY})
        client.post("/v1/completions", {"model": "m", "prompt": "Say something.", "logprobs": 5})
        told = [record for record in records.read_rings(self.state).records if record["kind"] == 0]
        self.assertEqual([(record["user_bytes"] > 0, record["output_tok"]) for record in told], [(True, 3), (False, 3)])

    def test_counts_that_cannot_be_lose_no_text_and_are_not_charged(self):
        client = self.open(chat_answer(prompt_tokens=-1, completion_tokens=1e30), PER_MINUTE % 5000)
        self.assertEqual([client.post("/invocations", {"model": "m", "messages": SAY}).status for _ in range(3)], [200] * 3)
        told = [record for record in records.read_rings(self.state).records if record["kind"] == 0]
        self.assertEqual([record["output_bytes"] for record in told], [len("Something.")] * 3)
        self.assertTrue(all(record["output_tok"] < 99 for record in told), told)

    def test_each_prompt_of_a_list_is_reserved(self):
        client = self.open({}, PER_MINUTE % 5000)
        body = {"model": "m", "max_tokens": 50}
        self.assertEqual([client.post("/v1/completions", {**body, "prompt": ["x"] * 99}).status for _ in range(3)], [200, 429, 429])

    def test_embeddings_cost_no_output(self):
        answer = {"object": "list", "data": [{"embedding": [0.5] * 4000}], "usage": {"prompt_tokens": 5, "total_tokens": 5}}
        client = self.open(answer, PER_MINUTE % 1500)
        self.assertEqual([client.post("/v1/embeddings", {"model": "m", "input": "x"}).status for _ in range(8)], [200] * 8)

    def test_the_list_of_models_is_denied_whichever_api_is_set(self):
        client = self.open({}, "version: 1\ntiers: {free: {deny: [models]}}\n", directives="stillwatch_api openai.chat;")
        self.assertEqual(client.get("/v1/models").status, 403)

    def test_messages_of_a_thread_are_not_anthropics(self):
        client = self.open({}, "version: 1\ntiers: {free: {models: [m]}}\n")
        self.assertEqual(client.post("/v1/threads/thread_1/messages", {"role": "user", "content": "x"}).status, 200)

    def test_a_refusal_names_its_request_as_the_api_does(self):
        client = self.open({}, "version: 1\n")
        client.key = None
        for path, name in (("/v1/messages", "request-id"), ("/v1/chat/completions", "x-request-id")):
            self.assertTrue(client.post(path, {}).headers[name].startswith("req_"), path)


if __name__ == "__main__":
    tap.main()
