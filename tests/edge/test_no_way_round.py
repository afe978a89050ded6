#!/usr/bin/env python3
"""What a client may try in order to be judged by one request and served another."""

import gzip
import json
import socket
import unittest

import tap
from client import Client
from gated import State, gated
from harness import Model, free_port

CHAT, RESPONSES, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/messages"
SMALL = {"model": "standin-small", "messages": [{"role": "user", "content": "Say something."}]}
LARGE = {**SMALL, "model": "standin-large"}
RULES = """
version: 1
tiers:
  free: {models: [standin-small], deny: [logprobs, reasoning, choices, batch, models], output_tokens: 500}
"""


def http2_statuses(port, asked):
    """Sends all requests at once over one HTTP/2 connection (RFC 9113; header fields as literals, RFC 7541)."""
    def frame(kind, flags, stream, payload):
        return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload

    def field(name, value):
        return b"\x00" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()

    sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"")
    for i, (key, body) in enumerate(asked):
        fields = {":method": "POST", ":scheme": "http", ":path": CHAT, ":authority": "edge", "authorization": f"Bearer {key}",
                  "content-type": "application/json"}
        sent += frame(1, 4, 2 * i + 1, b"".join(field(*pair) for pair in fields.items()))
        sent += frame(0, 1, 2 * i + 1, json.dumps(body).encode())
    statuses, got = {}, b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        sock.sendall(sent)
        while len(statuses) < len(asked):
            while len(got) < 9 or len(got) < 9 + int.from_bytes(got[:3], "big"):
                got += sock.recv(65536)
            size, kind, stream = int.from_bytes(got[:3], "big"), got[3], int.from_bytes(got[5:9], "big")
            payload, got = got[9:9 + size], got[9 + size:]
            if kind == 1:  # the status is the first field: indexed, or a literal after its index
                statuses[stream] = {0x88: 200, 0x8c: 400}.get(payload[0]) or int(payload[2:5])
    return [statuses[2 * i + 1] for i in range(len(asked))]


class NoWayRound(unittest.TestCase):
    def setUp(self):
        self.model = self.enterContext(Model())
        self.state = self.enterContext(State())
        self.state.account("acct_free", tier="free")
        self.key = self.state.key("acct_free")
        self.nginx = None

    def open(self, key=True, rules=RULES, **options):
        self.nginx = self.enterContext(gated(self.model, self.state, rules, **options))
        return self.enterContext(Client(self.nginx.port, self.key if key is True else key or None))

    def raw(self, text, until=None):
        """Sends bytes as they are on a bare connection; the answer until it is closed, or holds `until` so many times."""
        with socket.create_connection(("127.0.0.1", self.nginx.port), timeout=10) as sock:
            sock.sendall(text if isinstance(text, bytes) else text.encode())
            answer = b""
            while part := sock.recv(65536):
                answer += part
                if until and answer.count(until[0]) >= until[1]:
                    break
            return answer

    def request(self, body, path=CHAT, headers="", close=True):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return (f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.key}\r\nContent-Type: application/json\r\n"
                f"{headers}Content-Length: {len(body)}\r\n{'Connection: close' if close else 'X-Y: z'}\r\n\r\n").encode() + body

    def statuses(self, answer):
        return [int(line.split()[1]) for line in answer.replace(b"HTTP/1.1 ", b"\nHTTP/1.1 ").split(b"\n")
                if line.startswith(b"HTTP/1.1 ")]

    def test_every_request_of_a_connection_is_judged(self):
        client = self.open()
        statuses = [client.post(CHAT, body).status for body in (SMALL, LARGE, SMALL, LARGE)]
        self.assertEqual(statuses, [200, 403, 200, 403])
        client.key = None
        self.assertEqual(client.post(CHAT, SMALL).status, 401)

    def test_every_pipelined_request_is_judged(self):
        self.open()
        answer = self.raw(self.request(SMALL, close=False) + self.request(LARGE, close=False) +
                          self.request(SMALL).replace(self.key.encode(), b"sk-another-key-altogether"))
        self.assertEqual(self.statuses(answer), [200, 403, 401])
        self.assertEqual(self.model.n_requests(), 1)

    def test_every_stream_of_an_http2_connection_is_judged(self):
        port = free_port()
        self.open(directives=f"listen 127.0.0.1:{port} http2;")
        asked = [(self.key, SMALL), (self.key, LARGE), ("sk-another-key-altogether", SMALL), (self.key, SMALL)]
        self.assertEqual(http2_statuses(port, asked), [200, 403, 401, 200])

    def test_a_chunked_body_is_judged_whole(self):
        self.open()
        for body, status in ((SMALL, 200), (LARGE, 403)):
            text = json.dumps(body).encode()
            chunks = b"".join(b"%x\r\n%s\r\n" % (len(text[i:i + 3]), text[i:i + 3]) for i in range(0, len(text), 3))
            head = (f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.key}\r\nTransfer-Encoding: chunked\r\n"
                    "Content-Type: application/json\r\nConnection: close\r\n\r\n").encode()
            self.assertEqual(self.statuses(self.raw(head + chunks + b"0\r\n\r\n")), [status])

    def test_a_length_beside_chunks_never_smuggles_a_second_request(self):
        self.open()
        inner = self.request(LARGE)
        outer = (f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.key}\r\nContent-Type: application/json\r\n"
                 f"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").encode()
        self.raw(outer + inner)
        self.assertFalse(self.model.n_requests() and (self.model.last()["json"] or {}).get("model") == "standin-large")

    def test_a_key_said_twice_is_refused_however_it_is_written(self):
        client = self.open()
        for body in ('{"model":"standin-small","model":"standin-large","messages":[]}',
                     '{"model":"standin-large","messages":[],"\\u006dodel":"standin-small"}',
                     '{"messages":[],"model":"standin-small","messages":[{"role":"user","content":"x"}]}',
                     '{"model":"standin-small","messages":[],"logprobs":false,"logprobs":true}'):
            self.assertEqual(client.post(CHAT, body).status, 400, body)
        self.assertEqual(client.post(CHAT, '{"\\u006dodel":"standin-large","messages":[]}').status, 403)
        self.assertEqual(self.model.n_requests(), 0)

    def test_two_authorization_headers_are_not_judged_by_the_first(self):
        self.open()
        for first, second in ((self.key, "sk-another-key-altogether"), ("sk-another-key-altogether", self.key)):
            request = self.request(SMALL).replace(b"Host: x\r\n", f"Host: x\r\nAuthorization: Bearer {first}\r\n".encode())
            request = request.replace(f"Bearer {self.key}\r\nContent".encode(), f"Bearer {second}\r\nContent".encode())
            self.assertIn(self.statuses(self.raw(request)), ([400], [401]))
        self.assertEqual(self.model.n_requests(), 0)

    def test_an_encoded_body_is_refused(self):
        client = self.open()
        body = gzip.compress(json.dumps(LARGE).encode())
        self.assertEqual(client.post(CHAT, body, content_encoding="gzip").status, 400)
        self.assertEqual(client.post(CHAT, json.dumps(LARGE), content_encoding="deflate").status, 400)
        self.assertEqual(client.post(CHAT, json.dumps(SMALL), content_encoding="identity").status, 200)

    def test_what_is_not_json_in_utf_8_is_refused(self):
        client = self.open()
        for encoding in ("utf-16", "utf-16-le", "utf-32"):
            self.assertEqual(client.post(CHAT, json.dumps(LARGE).encode(encoding)).status, 400, encoding)
        for body in (b"\xef\xbb\xbf" + json.dumps(LARGE).encode(), b"[]", b"null", b"{", b'{"model":"standin-small"}x', b"{'a':1}"):
            self.assertIn(client.post(CHAT, body).status, (400, 403), body)
        self.assertEqual(self.model.n_requests(), 0)

    def test_a_type_that_denies_being_json_does_not_help(self):
        client = self.open()
        for kind in ("text/plain", "application/octet-stream", "", "multipart/form-data; boundary=x"):
            self.assertEqual(client.post(CHAT, json.dumps(LARGE), content_type=kind).status, 403, kind)

    def test_other_spellings_of_the_path_are_judged_alike(self):
        client = self.open()
        for path in ("/V1/Chat/Completions", "/v1/chat/completions/", "/v1//chat/completions", "/v1/./chat/completions",
                     "/v1/x/../chat/completions", "/v1/chat/%63ompletions", "/v1/chat/completions?x=1", "/proxy/v1/chat/completions"):
            self.assertEqual(client.post(path, LARGE).status, 403, path)
            self.assertEqual(client.post(path, {**SMALL, "logprobs": True}).status, 403, path)

    def test_an_unknown_path_is_judged_by_what_its_body_asks_for(self):
        client = self.open()
        for path in ("/v2/new/endpoint", "/v1/chat/completions/extra", "/v1/completions", "/v1/embeddings"):
            self.assertEqual(client.post(path, LARGE).status, 403, path)
            self.assertEqual(client.post(path, {**SMALL, "n": 5}).status, 403, path)

    def test_batches_and_the_list_of_models_are_known_by_their_paths(self):
        client = self.open()
        self.assertEqual(client.get("/v1/models").status, 403)
        self.assertEqual(client.post("/v1/batches", {"input_file_id": "f"}).status, 403)
        self.assertEqual(client.post("/v1/messages/batches", {"requests": []}).status, 403)

    def test_a_model_in_the_path_must_be_that_of_the_body(self):
        client = self.open()
        path = "/openai/deployments/standin-small/chat/completions"
        self.assertEqual(client.post(path, LARGE).status, 400)
        self.assertEqual(client.post("/openai/deployments/standin-large/chat/completions", SMALL).status, 400)
        self.assertEqual(client.post("/openai/deployments/standin-large/chat/completions",
                                     {"messages": SMALL["messages"]}).status, 403)
        self.assertNotIn(client.post(path, SMALL).status, (400, 401, 403))

    def test_a_body_beyond_the_limit_is_413_and_never_passes_unread(self):
        client = self.open(directives="stillwatch_body_max 64k;")
        self.assertEqual(client.post(CHAT, {**LARGE, "padding": "x" * 70000}).status, 413)
        self.assertEqual(client.post(CHAT, {"padding": "x" * 60000, **LARGE}).status, 403)
        self.assertEqual(self.model.n_requests(), 0)

    def test_a_body_that_nginx_keeps_in_a_file_is_judged(self):
        client = self.open(directives="client_body_in_file_only clean;")
        self.assertEqual(client.post(CHAT, LARGE).status, 403)
        self.assertEqual(client.post(CHAT, SMALL).status, 200)

    def test_deep_and_wide_json_ends_in_an_answer(self):
        client = self.open()
        deep = '{"model":"standin-large","messages":' + "[" * 5000 + "]" * 5000 + "}"
        wide = "{" + ",".join(f'"k{i}":{i}' for i in range(5000)) + ',"model":"standin-large"}'
        for body in (deep, wide):
            self.assertIn(client.post(CHAT, body).status, (400, 403))
        self.assertEqual(self.model.n_requests(), 0)

    def test_a_rewritten_request_has_one_length_and_one_framing(self):
        client = self.open()
        self.state.decide("acct_free", "restrict")
        text = json.dumps({**SMALL, "max_tokens": 400, "logprobs": True}).encode()
        head = (f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.key}\r\nTransfer-Encoding: chunked\r\n"
                "Content-Type: application/json\r\nConnection: close\r\n\r\n").encode()
        self.assertEqual(self.statuses(self.raw(head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(text), text))), [200])
        last = self.model.last()
        self.assertNotIn("logprobs", last["json"])
        self.assertEqual(self.model.header("transfer-encoding"), [])
        self.assertEqual(self.model.header("content-length"), [str(len(last["body"]))])
        self.assertEqual(client.post(CHAT, {**SMALL, "n": 3}).status, 200)
        self.assertNotIn("n", self.model.last()["json"])

    def test_reasoning_is_known_by_all_its_names(self):
        client = self.open()
        for path, more in ((RESPONSES, {"reasoning": {"summary": "detailed"}}),
                           (RESPONSES, {"reasoning": {"effort": "none", "summary": "auto"}}),
                           (RESPONSES, {"reasoning": {"effort": "high", "type": "disabled"}}),
                           (RESPONSES, {"include": ["reasoning.encrypted_content"]}),
                           (RESPONSES, {"reasoning": {"effort": "\u0068igh"}}),
                           (CHAT, {"reasoning_effort": "high", "thinking": {"type": "disabled"}}),
                           (CHAT, {"reasoning": {"effort": "high"}, "thinking": {"type": "disabled"}}),
                           (CHAT, {"reasoning": {"enabled": True}}), (CHAT, {"include_reasoning": True}),
                           (CHAT, {"include_reasoning": 1}), (CHAT, {"enable_thinking": 1}), (CHAT, {"think": True}),
                           (CHAT, {"thinking_budget": 4096}), (CHAT, {"reasoning_budget": -1}),
                           (CHAT, {"chat_template_kwargs": {"thinking": 1}}), (CHAT, {"chat_template_kwargs": {"reasoning_effort": "high"}}),
                           (MESSAGES, {"max_tokens": 300, "reasoning_effort": "minimal"}), (RESPONSES, {"reasoning_effort": "minimal"}),
                           (CHAT, {"chat_template_kwargs": {"enable_thinking": True}}),
                           (MESSAGES, {"max_tokens": 300, "thinking": {"type": "enabled", "budget_tokens": 200}})):
            self.assertEqual(client.post(path, {**SMALL, **more}).status, 403, more)
        for more in ({"reasoning_effort": "none"}, {"thinking": {"type": "disabled"}}, {"reasoning": None}, {"think": False},
                     {"chat_template_kwargs": {"enable_thinking": False}}, {"reasoning": {"effort": "none"}}):
            self.assertEqual(client.post(CHAT, {**SMALL, **more}).status, 200, more)

    def test_log_probabilities_choices_and_sizes_are_known_by_other_names(self):
        client = self.open()
        for more in ({"prompt_logprobs": 1}, {"n_probs": 5}, {"best_of": 20}, {"n_predict": 9000}, {"max_tokens": 10, "n_predict": 9000},
                     {"max_tokens": 10, "n_predict": 9e3}):
            self.assertEqual(client.post(CHAT, {**SMALL, **more}).status, 403, more)
        for any_size in (-1, "9000"):  # what a server makes of them nobody knows
            self.assertEqual(client.post(CHAT, {**SMALL, "max_tokens": 10, "n_predict": any_size}).status, 200)
            self.assertEqual(self.model.last()["json"], {**SMALL, "max_tokens": 10, "n_predict": 10})
        self.state.decide("acct_free", "restrict")
        self.assertEqual(client.post(CHAT, {**SMALL, "n_probs": 5, "n_predict": 9000, "reasoning_effort": "high"}).status, 200)
        self.assertEqual(self.model.last()["json"], {**SMALL, "n_predict": 512, "max_completion_tokens": 512})

    def test_a_size_by_another_apis_name_is_none(self):
        client = self.open()
        small = {"model": "standin-small", "messages": SMALL["messages"]}
        for path, more, due in ((CHAT, {"n_predict": 5}, "max_completion_tokens"), (CHAT, {"max_output_tokens": 5}, "max_completion_tokens"),
                                (MESSAGES, {"max_output_tokens": 5}, "max_tokens"), ("/v1/alias", {"max_output_tokens": 5}, "max_completion_tokens"),
                                ("/v1/completions", {"prompt": "x", "n_predict": 5}, "max_tokens")):
            client.post(path, {**small, **more})
            self.assertEqual(self.model.last()["json"][due], 500, (path, more))
        client.post(RESPONSES, {"model": "standin-small", "input": "x", "max_tokens": 5})
        self.assertEqual(self.model.last()["json"], {"model": "standin-small", "input": "x", "max_tokens": 5, "max_output_tokens": 500})
        client.post(CHAT, {**small, "max_tokens": None, "n_predict": 5})
        self.assertEqual(self.model.last()["json"], {**small, "max_tokens": 5, "n_predict": 5})

    def test_nothing_is_added_where_no_text_is_made(self):
        client = self.open()
        for path, body in (("/v1/embeddings", {"model": "standin-small", "input": "x"}), ("/v1/responses/resp_1/cancel", {}),
                           ("/v1/messages/count_tokens", {"model": "standin-small", "messages": SMALL["messages"]})):
            client.post(path, body)
            self.assertEqual(self.model.last()["json"], body, path)

    def test_another_charset_than_utf_8_is_refused(self):
        client = self.open()
        for charset in ("utf-7", '"utf-7"', "UTF-16", "utf-8x", "iso-8859-1; charset=utf-8", ""):
            self.assertEqual(client.post(CHAT, SMALL, content_type=f"application/json; charset={charset}").status, 400, charset)
        for charset in ("utf-8", "UTF-8", '"utf-8"', "us-ascii"):
            self.assertEqual(client.post(CHAT, SMALL, content_type=f"application/json; charset={charset}").status, 200, charset)

    def test_an_encoding_is_refused_whatever_the_type_says(self):
        body = gzip.compress(json.dumps(LARGE).encode())
        self.assertEqual(self.open().post("/v1/completions", body, content_type="text/plain", content_encoding="gzip").status, 400)

    def test_who_names_no_model_on_a_path_that_is_not_known_is_not_passed_by(self):
        client = self.open()
        for body in ({"messages": SMALL["messages"]}, {"prompt": "x"}):
            self.assertEqual(client.post("/invocations", body).status, 403, body)
        for kind, body in (("multipart/form-data; boundary=x", b"--x\r\n"), ("application/x-www-form-urlencoded", b"model=standin-large")):
            self.assertEqual(client.post("/v1/audio/transcriptions", body, content_type=kind).status, 403, kind)
            self.assertNotEqual(client.post("/v1/files", body, content_type=kind).status, 403, kind)
        self.assertEqual(client.get("/v1/realtime?x=1&model=standin-large").status, 403)
        self.assertNotEqual(client.get("/v1/realtime?model=standin-small").status, 403)
        self.assertEqual(client.get("/v1/realtime?model=standin%2Dlarge").status, 403)

    def test_a_text_completion_may_have_types_of_its_own(self):
        client = self.open(rules="version: 1\n")
        self.assertNotEqual(client.post("/v1/completions", {"model": "m", "prompt": "x", "logprobs": 5}).status, 400)
        client = self.open()
        for n in (0, 5):
            self.assertEqual(client.post("/v1/completions", {"model": "standin-small", "prompt": "x", "logprobs": n}).status, 403)
        self.assertEqual(client.post(CHAT, {**SMALL, "prompt_logprobs": 0}).status, 403)

    def test_batches_of_who_is_restricted_are_refused_as_they_cannot_be_rewritten(self):
        self.state.account("acct_paid", tier="paid")
        client = self.open(key=self.state.key("acct_paid"))
        self.assertNotEqual(client.post("/v1/messages/batches", {"requests": []}).status, 403)
        self.state.decide("acct_paid", "restrict")
        self.assertEqual(client.post("/v1/messages/batches", {"requests": []}).status, 403)

    def test_whom_an_error_leads_elsewhere_reaches_no_model(self):
        page = "location @fallback { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ''; }"
        self.open(directives="error_page 400 = @fallback;", locations=page)
        self.raw(b"GET /v1/responses/resp_1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n")
        self.assertEqual(self.model.n_requests(), 0)

    def test_letters_that_some_servers_fold_are_refused(self):
        client = self.open()
        for key in ("max_to\u212aens", "logprob\u017f", "top_logprob\u017f"):
            self.assertEqual(client.post(CHAT, json.dumps({**SMALL, key: 9000}, ensure_ascii=False)).status, 400, key)

    def test_marks_and_arrays_do_not_hide_a_body_on_an_unknown_path(self):
        client = self.open()
        text = json.dumps(LARGE)
        for body in (b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16"), text.encode("utf-16-be"), f"[{text}]".encode()):
            for kind in ("text/plain", "", "application/octet-stream"):
                self.assertEqual(client.post("/v1/completions", body, content_type=kind).status, 400, (body[:9], kind))
        self.assertEqual(client.post("/v1/completions", text, content_type="").status, 403)
        self.assertEqual(self.model.n_requests(), 0)

    def test_asserted_identities_are_no_identity(self):
        client = self.open(key=False)
        for name in ("X-User", "X-Account", "X-Stillwatch-Account", "OpenAI-Organization", "X-Real-IP"):
            answer = client.ask("POST", CHAT, SMALL, {name: "acct_free"})
            self.assertEqual(answer.status, 401, name)


if __name__ == "__main__":
    tap.main()
