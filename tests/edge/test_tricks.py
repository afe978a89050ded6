#!/usr/bin/env python3
"""Bodies, paths and headers by which a client might try to get what its account may not use: none reaches the model.

The account may use standin-small, without log-probabilities, with two choices and 50 tokens at most. A trick asks for more in
a way that a gate might read otherwise than a model server would.
"""

import gzip
import json
import re
import unittest

import tap
from client import exchange, request_bytes
from gated import State, gated
from harness import Model

CHAT, RESPONSES, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/messages"
RULES = """
version: 1
tiers:
  free: {models: [standin-small], deny: [logprobs, reasoning, models], choices: 2, output_tokens: 50}
"""
SAY = [{"role": "user", "content": "Say something."}]
GOOD = {"model": "standin-small", "messages": SAY, "max_tokens": 20}
LARGE = {**GOOD, "model": "standin-large"}
JSON = "Content-Type: application/json"


def also(more):
    """A good body with more members behind its own."""
    return json.dumps(GOOD)[:-1].encode() + b", " + more + b"}"


def before(more):
    return b"{" + more + b", " + json.dumps(GOOD)[1:].encode()


def large(**fields):
    return json.dumps({**LARGE, **fields}).encode()


def good(**fields):
    return json.dumps({**GOOD, **fields}).encode()


def chunked(body, size, ending=b"0\r\n\r\n", extension=b""):
    return b"".join(b"%x%s\r\n%s\r\n" % (len(body[at:at + size]), extension, body[at:at + size])
                    for at in range(0, len(body), size)) + ending


# Name: what is sent as the body of a chat request.
BODIES = {
    "a model beyond the tier": large(),
    "a model said twice, the good one first": also(b'"model": "standin-large"'),
    "a model said twice, the good one last": before(b'"model": "standin-large"'),
    "a model said twice, once with an escaped key": also(b'"\\u006dodel": "standin-large"'),
    "a model said twice in other cases": also(b'"MODEL": "standin-large"'),
    "log-probabilities in capitals": also(b'"LogProbs": true'),
    "a model under an escaped key": large().replace(b'"model"', b'"m\\u006fdel"'),
    "a model with an escape in its name": large().replace(b"standin-large", b"standin-l\\u0061rge"),
    "a model with a NUL behind a good name": good(model="standin-small\0-large"),
    "a model in capitals": good(model="STANDIN-SMALL"),
    "a model with a letter of another alphabet": good(model="st\u0430ndin-small"),
    "a model with a space behind it": good(model="standin-small "),
    "a model in an array": good(model=["standin-large"]),
    "a model in an object": good(model={"id": "standin-large"}),
    "no model": json.dumps({"messages": SAY}).encode(),
    "a second document behind the first": good() + large(),
    "a second document in a line of its own": good() + b"\n" + large(),
    "a byte order mark": b"\xef\xbb\xbf" + large(),
    "UTF-16": large().decode().encode("utf-16"),
    "UTF-32": large().decode().encode("utf-32-le"),
    "single quotes": large().replace(b'"', b"'"),
    "a comment": b"/* x */" + large(),
    "a trailing comma": large()[:-1] + b",}",
    "an array around it": b"[" + large() + b"]",
    "a body that is cut": large()[:-1],
    "an empty object": b"{}",
    "a form": b"model=standin-large&messages=x",
    "depth without end": b'{"model": "standin-large", "messages": ' + b"[" * 200000 + b"]" * 200000 + b"}",
    "a million members": b"{" + b"".join(b'"k%d":0,' % i for i in range(200000)) + large()[1:],
    "a body that goes to a file": large(padding="x" * 3_000_000),
    "a body beyond the limit": large(padding="x" * 9_000_000),
    "log-probabilities": good(logprobs=True),
    "log-probabilities as a number": good(logprobs=1),
    "log-probabilities as a word": good(logprobs="true"),
    "only the number of log-probabilities": good(top_logprobs=5),
    "the number of log-probabilities as a word": good(top_logprobs="5"),
    "log-probabilities behind a false one": also(b'"logprobs": false, "logprobs": true'),
    "three choices": good(n=3),
    "three choices as a fraction": good(n=3.0),
    "three choices as a word": good(n="3"),
    "three choices with an exponent": also(b'"n": 0.3e1'),
    "more tokens": good(max_tokens=51),
    "more tokens with an exponent": json.dumps(GOOD).replace("20", "9e3").encode(),
    "more tokens as a word": good(max_tokens="9000"),
    "more tokens under the newer name": good(max_completion_tokens=9000),
    "more tokens than a number holds": json.dumps(GOOD).replace("20", "99999999999999999999999").encode(),
}

# Name: path that a lenient server might take for one of an API.
PATHS = {
    "doubled slashes": "//v1///chat/completions",
    "a slash at the end": "/v1/chat/completions/",
    "capitals": "/V1/Chat/Completions",
    "a dot": "/v1/./chat/completions",
    "dots that lead back": "/v1/models/../chat/completions",
    "an encoded slash": "/v1/chat%2Fcompletions",
    "an encoded letter": "/v1/chat/complet%69ons",
    "an encoded dot": "/v1/%2e/chat/completions",
    "a question": "/v1/chat/completions?model=standin-small",
    "a parameter": "/v1/chat/completions;v=1",
    "an encoded space at the end": "/v1/chat/completions%20",
    "an encoded line end": "/v1/chat/completions%0a",
    "another prefix": "/proxy/openai/v1/chat/completions",
    "no prefix": "/chat/completions",
    "legacy completions": "/v1/completions",
    "embeddings": "/v1/embeddings",
    "a whole address": "http://edge/v1/chat/completions",
    "a deployment with a good name": "/openai/deployments/standin-small/chat/completions",
}


class Tricks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = cls.enterClassContext(Model())
        cls.state = cls.enterClassContext(State())
        cls.state.account("acct_free", tier="free")
        cls.key = cls.state.key("acct_free")
        cls.nginx = cls.enterClassContext(gated(cls.model, cls.state, RULES))

    def setUp(self):
        self.before = self.model.n_requests()

    def send(self, data, timeout=5):
        """Bytes, and the statuses of what came back."""
        got = exchange(self.nginx.port, data, timeout=timeout)
        return [int(match.group(1)) for match in re.finditer(rb"HTTP/1\.1 (\d{3}) ", got)]

    def ask(self, body, *headers, path=CHAT, auth=True, kind=JSON, close="Connection: close"):
        own = [f"Authorization: Bearer {self.key}"] if auth else []
        return self.send(request_bytes(path, body, *own, *([kind] if kind else []), close, *headers))

    def holds(self, statuses):
        """All were refused by the gate, none reached the model, and the worker is alive and well."""
        self.assertTrue(statuses and all(400 <= status < 500 for status in statuses), statuses)
        reached = self.model.last().get("body", "")[:300] if self.model.n_requests() != self.before else None
        self.assertIsNone(reached, "it reached the model")

    def test_what_is_allowed_passes(self):
        self.assertEqual(self.ask(good()), [200])
        self.assertEqual(self.ask(good(n=2, temperature=0.5)), [200])
        self.assertEqual(self.model.last()["json"], {**GOOD, "n": 2, "temperature": 0.5})

    def test_a_negative_number_of_tokens_counts_as_none(self):
        self.assertEqual(self.ask(good(max_tokens=-1)), [200])
        self.assertEqual(self.model.last()["json"], {**GOOD, "max_tokens": 50})

    # The connection

    def test_a_refused_body_is_not_read_as_the_next_request(self):
        hidden = request_bytes(CHAT, good(), f"Authorization: Bearer {self.key}", JSON)
        for headers, status in ((["Authorization: Bearer sk-unknown-to-all"], 401), ([], 401)):
            self.assertEqual(self.send(request_bytes(CHAT, hidden, *headers, JSON, "Connection: close")), [status])
        self.holds([400])

    def test_extensions_of_chunks_and_trailers_say_nothing(self):
        head = f"POST {CHAT} HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {self.key}\r\n{JSON}\r\n" \
               "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
        for size in (1, 100, 10000):
            self.holds(self.send(head + chunked(large(), size, extension=b";model=standin-small")))
        self.holds(self.send(head + chunked(large(), 50, ending=b"0\r\nmodel: standin-small\r\n\r\n")))

    def test_two_lengths_and_unknown_codings_are_refused(self):
        body, own = large(), f"Authorization: Bearer {self.key}\r\n{JSON}\r\nConnection: close\r\n"
        for lines in ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nContent-Length: 900\r\n",
                      "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n",
                      "Transfer-Encoding: xchunked\r\n"):
            statuses = self.send(f"POST {CHAT} HTTP/1.1\r\nHost: edge\r\n{own}{lines}\r\n".encode() + chunked(body, 100))
            self.assertTrue(statuses and all(status >= 400 for status in statuses), (lines, statuses))
            self.assertEqual(self.model.n_requests(), self.before)

    def test_http_1_0_is_judged_alike(self):
        data = request_bytes(CHAT, large(), f"Authorization: Bearer {self.key}", JSON).replace(b"HTTP/1.1", b"HTTP/1.0")
        self.holds(self.send(data))

    def test_other_methods_with_a_body_are_judged_alike(self):
        for method in ("PUT", "PATCH", "GET", "DELETE", "FOO"):
            data = request_bytes(CHAT, large(), f"Authorization: Bearer {self.key}", JSON, "Connection: close", method=method)
            statuses = self.send(data)
            self.assertTrue(statuses and statuses[0] >= 400, (method, statuses))
            self.assertEqual(self.model.n_requests(), self.before, method)

    # The headers

    def test_a_type_that_is_none_or_another_hides_no_body(self):
        for word in (None, "text/plain", "application/octet-stream", "APPLICATION/JSON", "application/x-www-form-urlencoded",
                     "multipart/form-data; boundary=x"):
            kind = word and f"Content-Type: {word}"
            self.holds(self.ask(large(), kind=kind))
            self.holds(self.ask(large(), kind=kind, path="/v1/completions"))
            self.holds(self.ask(b"\r\n\t " + large(), kind=kind, path="/v1/completions"))

    def test_an_encoded_body_is_refused(self):
        packed = gzip.compress(large())
        for coding in ("gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "identity, gzip"):
            self.holds(self.ask(packed, f"Content-Encoding: {coding}"))
            self.holds(self.ask(large(), f"Content-Encoding: {coding}"))
        self.holds(self.ask(packed, "Content-Encoding: identity", "Content-Encoding: gzip"))
        self.holds(self.ask(packed))

    def test_two_keys_are_refused_in_whatever_headers_they_come(self):
        own, other = f"Bearer {self.key}", "Bearer sk-unknown-to-all-of-us"
        for first, second in (("Authorization: " + own, "Authorization: " + other),
                              ("Authorization: " + other, "authorization: " + own),
                              ("Authorization: " + own, "X-Api-Key: sk-unknown-to-all-of-us"),
                              ("x-api-key: " + self.key, "X-API-KEY: sk-unknown-to-all-of-us"),
                              ("api-key: " + self.key, "Authorization: " + other)):
            self.holds(self.ask(good(), first, second, auth=False))

    def test_a_key_elsewhere_or_in_another_shape_is_no_key(self):
        self.assertEqual(self.ask(good(), auth=False, path=CHAT + "?api_key=" + self.key), [401])
        for header in ("Cookie: key=" + self.key, "Authorization: " + self.key, "Authorization: Basic " + self.key,
                       "X_Api_Key: " + self.key, "Proxy-Authorization: Bearer " + self.key,
                       "Authorization: Bearer " + self.key[:-1], "Authorization: Bearer " + self.key + "x",
                       "Authorization: Bearer " + self.key.swapcase()):
            self.assertEqual(self.ask(good(), header, auth=False), [401], header)
        self.holds([401])

    # The paths

    def test_a_model_in_the_path_counts_too(self):
        for path in ("/openai/deployments/standin-large/chat/completions", "/v1/models/standin-large:generate",
                     "/V1/MODELS/standin-large/chat/completions", "/v1/models/standin%2Dlarge:generate"):
            for body in (good(), json.dumps({"messages": SAY}).encode()):
                self.holds(self.ask(body, path=path))

    def test_models_may_not_be_listed_under_any_spelling(self):
        for path in ("/v1/models", "/v1/models/", "//v1//models", "/v1/./models", "/v1/model%73", "/v1/models?x=1",
                     "/V1/Models"):
            data = f"GET {path} HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {self.key}\r\nConnection: close\r\n\r\n"
            self.holds(self.send(data.encode()))

    # The other APIs

    def test_responses_and_messages_are_held_to_the_same(self):
        asked = {"model": "standin-small", "input": "x"}
        for more in ({"model": "standin-large"}, {"include": ["message.output_text.logprobs"]}, {"top_logprobs": 3},
                     {"max_output_tokens": 51}, {"reasoning": {"effort": "high"}}, {"include": ["reasoning.encrypted_content"]}):
            self.holds(self.ask(json.dumps({**asked, **more}).encode(), path=RESPONSES))
        for more in ({"model": "standin-large"}, {"max_tokens": 51}, {"thinking": {"type": "enabled", "budget_tokens": 1024}},
                     {"thinking": {"type": "adaptive"}}):
            self.holds(self.ask(json.dumps({**GOOD, **more}).encode(), path=MESSAGES))


def add(name, run):
    setattr(Tricks, "test_" + re.sub(r"\W+", "_", name), run)


for _name, _body in BODIES.items():
    add(f"{_name} gets nowhere", lambda self, body=_body: self.holds(self.ask(body)))
for _name, _path in PATHS.items():
    add(f"a path with {_name} is judged alike", lambda self, path=_path: self.holds(self.ask(large(), path=path)))


if __name__ == "__main__":
    tap.main()
