#!/usr/bin/env python3
"""The stand-in model server, tested as a process: what the tests of the edge lean on."""

import json
import socket
import time
import unittest

import tap
from client import Client, exchange, request_bytes
from harness import Model, answers_at

CHAT, RESPONSES, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/messages"
TOOL = {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"},
                                         "unit": {"type": "string", "enum": ["C", "F"]}}}
SAY = [{"role": "user", "content": "Say something."}]


def chat(**fields):
    return {"model": "standin-large", "messages": SAY, **fields}


def message(**fields):
    return {"model": "standin-large", "max_tokens": 4096, "messages": SAY, **fields}


class Standin(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = Model()
        cls.addClassCleanup(cls.model.stop)

    def setUp(self):
        self.client = Client(self.model.port)
        self.addCleanup(self.client.connection.close)

    def ok(self, path, body, **headers):
        answer = self.client.post(path, body, **headers)
        self.assertEqual(answer.status, 200, answer.body[:500])
        return answer


class Chats(Standin):
    def streamed(self, **fields):
        return self.ok(CHAT, chat(stream=True, **fields))

    def test_the_same_prompt_gets_the_same_bytes_and_another_prompt_others(self):
        first, second = self.ok(CHAT, chat()).body, self.ok(CHAT, chat()).body
        other = self.ok(CHAT, chat(messages=[{"role": "user", "content": "Say something!"}])).body
        self.assertEqual(first, second)
        self.assertNotEqual(json.loads(first)["choices"][0]["message"], json.loads(other)["choices"][0]["message"])

    def test_a_streamed_chat_says_what_the_whole_answer_says(self):
        for fields in ({}, {"n": 3}, {"logprobs": True, "top_logprobs": 2}, {"max_tokens": 5}, {"stop": "."},
                       {"tools": [{"type": "function", "function": {"name": "weather", "parameters": TOOL}}]},
                       {"response_format": {"type": "json_object"}}):
            with self.subTest(fields):
                whole = self.ok(CHAT, chat(**fields)).json()
                texts, calls, ends, logprobs = {}, {}, {}, {}
                for data in self.streamed(**fields).data():
                    for part in data["choices"]:
                        i, delta = part["index"], part["delta"]
                        texts[i] = texts.get(i, "") + (delta.get("content") or "")
                        for call in delta.get("tool_calls", []):
                            calls[i] = calls.get(i, "") + call["function"]["arguments"]
                        if part["logprobs"]:
                            logprobs.setdefault(i, []).extend(part["logprobs"]["content"])
                        ends[i] = part["finish_reason"] or ends.get(i)
                for choice in whole["choices"]:
                    i, said = choice["index"], choice["message"]
                    self.assertEqual(texts[i], said["content"] or "")
                    called = said["tool_calls"][0]["function"]["arguments"] if "tool_calls" in said else None
                    self.assertEqual(calls.get(i), called)
                    self.assertEqual(logprobs.get(i), choice["logprobs"]["content"] if choice["logprobs"] else None)
                    self.assertEqual(ends[i], choice["finish_reason"])
                self.assertEqual(len(ends), len(whole["choices"]))

    def test_usage_is_streamed_only_when_asked_for_in_a_last_chunk_without_choices(self):
        asked = self.streamed(stream_options={"include_usage": True}).data()
        self.assertEqual((asked[-1]["choices"], asked[-1]["usage"]), ([], self.ok(CHAT, chat()).json()["usage"]))
        self.assertTrue(all(data["usage"] is None for data in asked[:-1]))
        self.assertTrue(all("usage" not in data for data in self.streamed().data()))

    def test_a_stream_ends_with_done(self):
        self.assertEqual(self.streamed().events()[-1], (None, "[DONE]"))

    def test_usage_counts_the_tokens_of_all_choices(self):
        answer = self.ok(CHAT, chat(n=2, logprobs=True)).json()
        n_tokens = sum(len(choice["logprobs"]["content"]) for choice in answer["choices"])
        self.assertEqual(answer["usage"]["completion_tokens"], n_tokens)
        self.assertEqual(answer["usage"]["total_tokens"], n_tokens + answer["usage"]["prompt_tokens"])

    def test_tokens_joined_are_the_text_and_each_is_its_own_likeliest(self):
        choice = self.ok(CHAT, chat(logprobs=True, top_logprobs=3)).json()["choices"][0]
        entries = choice["logprobs"]["content"]
        self.assertEqual("".join(entry["token"] for entry in entries), choice["message"]["content"])
        self.assertTrue(all(bytes(entry["bytes"]).decode() == entry["token"] == entry["top_logprobs"][0]["token"] and
                            len(entry["top_logprobs"]) == 3 for entry in entries))

    def test_a_cap_is_kept_and_named_as_the_reason_of_the_end(self):
        for name in ("max_tokens", "max_completion_tokens"):
            answer = self.ok(CHAT, chat(**{name: 7})).json()
            self.assertEqual((answer["usage"]["completion_tokens"], answer["choices"][0]["finish_reason"]), (7, "length"))

    def test_reasoning_counts_in_the_usage_and_shows_no_text(self):
        answer = self.ok(CHAT, chat(reasoning_effort="low")).json()
        hidden = answer["usage"]["completion_tokens_details"]["reasoning_tokens"]
        self.assertGreaterEqual(hidden, 64)
        self.assertGreater(answer["usage"]["completion_tokens"], hidden)

    def test_a_tool_is_called_with_arguments_that_its_schema_accepts_and_its_result_is_answered_in_text(self):
        tools = [{"type": "function", "function": {"name": name, "parameters": TOOL}} for name in ("other", "weather")]
        wanted = {"type": "function", "function": {"name": "weather"}}
        choice = self.ok(CHAT, chat(tools=tools, tool_choice=wanted)).json()["choices"][0]
        call = choice["message"]["tool_calls"][0]
        given = json.loads(call["function"]["arguments"])
        self.assertEqual((choice["finish_reason"], call["function"]["name"]), ("tool_calls", "weather"))
        self.assertIsInstance(given["days"], int)
        self.assertIn(given["unit"], ("C", "F"))
        after = SAY + [choice["message"], {"role": "tool", "tool_call_id": call["id"], "content": "3 C"}]
        self.assertTrue(self.ok(CHAT, chat(tools=tools, messages=after)).json()["choices"][0]["message"]["content"])
        self.assertNotIn("tool_calls", self.ok(CHAT, chat(tools=tools, tool_choice="none")).json()["choices"][0]["message"])

    def test_a_request_that_is_none_gets_a_400_in_the_api_s_own_form(self):
        for body in ("{", "[]", {}, {"model": "m"}, chat(n=0), chat(n="2"), chat(top_logprobs=2), chat(messages=[]),
                     chat(stop=1)):
            with self.subTest(body):
                answer = self.client.post(CHAT, body)
                self.assertEqual((answer.status, answer.json()["error"]["type"]), (400, "invalid_request_error"))


class Messages(Standin):
    def test_a_streamed_message_says_what_the_whole_answer_says(self):
        for fields in ({}, {"thinking": {"type": "enabled", "budget_tokens": 1024}}, {"max_tokens": 5},
                       {"stop_sequences": ["."]}, {"tools": [{"name": "weather", "input_schema": TOOL}]}):
            with self.subTest(fields):
                whole, blocks, ended = self.ok(MESSAGES, message(**fields)).json(), [], None
                for data in self.ok(MESSAGES, message(stream=True, **fields)).data():
                    if data["type"] == "content_block_start":
                        blocks.append({**data["content_block"], "pieces": ""})
                    elif data["type"] == "content_block_delta":
                        kind = data["delta"]["type"]
                        if kind == "signature_delta":
                            blocks[-1]["signature"] = data["delta"]["signature"]
                        else:
                            blocks[-1]["pieces"] += data["delta"][{"text_delta": "text", "thinking_delta": "thinking",
                                                                   "input_json_delta": "partial_json"}[kind]]
                    elif data["type"] == "message_delta":
                        ended = (data["delta"]["stop_reason"], data["delta"]["stop_sequence"], data["usage"])
                for block in blocks:
                    pieces, field = block.pop("pieces"), {"tool_use": "input"}.get(block["type"], block["type"])
                    block[field] = json.loads(pieces) if field == "input" else pieces
                self.assertEqual(blocks, whole["content"])
                self.assertEqual(ended, (whole["stop_reason"], whole["stop_sequence"], whole["usage"]))

    def test_events_come_in_the_order_of_the_api_under_their_types_as_names(self):
        events = self.ok(MESSAGES, message(stream=True)).events()
        names = [name for name, _ in events]
        self.assertEqual(names[:3], ["message_start", "content_block_start", "ping"])
        self.assertEqual(names[-3:], ["content_block_stop", "message_delta", "message_stop"])
        self.assertTrue(all(json.loads(data)["type"] == name for name, data in events))

    def test_a_thinking_block_comes_back_unchanged_or_not_at_all(self):
        thinks = {"thinking": {"type": "enabled", "budget_tokens": 1024}}
        content = self.ok(MESSAGES, message(**thinks)).json()["content"]
        again = SAY + [{"role": "assistant", "content": content}, {"role": "user", "content": "Go on."}]
        self.ok(MESSAGES, message(messages=again, **thinks))
        content[0]["thinking"] += "!"
        refused = self.client.post(MESSAGES, message(messages=again, **thinks))
        self.assertEqual((refused.status, refused.json()["error"]["type"]), (400, "invalid_request_error"))

    def test_errors_have_anthropic_s_envelope_and_types(self):
        for status, kind in ((401, "authentication_error"), (403, "permission_error"), (404, "not_found_error"),
                             (413, "request_too_large"), (429, "rate_limit_error"), (500, "api_error"),
                             (529, "overloaded_error")):
            answer = self.client.post(MESSAGES, message(), x_standin_fault=f"error:{status}")
            self.assertEqual((answer.status, answer.json()["type"], answer.json()["error"]["type"]), (status, "error", kind))

    def test_max_tokens_is_required_and_0_only_warms(self):
        self.assertEqual(self.client.post(MESSAGES, {"model": "m", "messages": SAY}).status, 400)
        warm = self.ok(MESSAGES, message(max_tokens=0)).json()
        self.assertEqual((warm["content"], warm["usage"]["output_tokens"]), ([], 0))

    def test_tokens_can_be_counted(self):
        counted = self.ok(MESSAGES + "/count_tokens", {"model": "m", "messages": SAY}).json()["input_tokens"]
        self.assertEqual(counted, self.ok(MESSAGES, message()).json()["usage"]["input_tokens"])


class Responses(Standin):
    def test_a_streamed_response_ends_with_the_whole_one_and_its_deltas_are_its_text(self):
        for fields in ({}, {"max_output_tokens": 16}, {"reasoning": {"effort": "low", "summary": "auto"}},
                       {"include": ["message.output_text.logprobs"]}):
            with self.subTest(fields):
                body = {"model": "standin-large", "input": "Say something.", **fields}
                whole, events = self.ok(RESPONSES, body).json(), self.ok(RESPONSES, {**body, "stream": True}).data()
                self.assertEqual(events[-1]["response"], whole)
                self.assertEqual([event["sequence_number"] for event in events], list(range(len(events))))
                text = "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta")
                self.assertEqual(text, whole["output"][-1]["content"][0]["text"])

    def test_log_probabilities_and_encrypted_reasoning_come_only_when_included(self):
        body = {"model": "m", "input": "x", "reasoning": {"effort": "high"}}
        bare = self.ok(RESPONSES, body).json()["output"]
        body["include"] = ["reasoning.encrypted_content", "message.output_text.logprobs"]
        full = self.ok(RESPONSES, body).json()["output"]
        self.assertEqual(("encrypted_content" in bare[0], bare[1]["content"][0]["logprobs"]), (False, []))
        self.assertTrue(full[0]["encrypted_content"] and full[1]["content"][0]["logprobs"])

    def test_a_function_is_called_and_a_full_answer_is_incomplete(self):
        tools = [{"type": "function", "name": "weather", "parameters": TOOL}]
        item = self.ok(RESPONSES, {"model": "m", "input": "x", "tools": tools}).json()["output"][0]
        self.assertEqual((item["type"], item["name"], sorted(json.loads(item["arguments"]))),
                         ("function_call", "weather", ["city", "days", "unit"]))
        full = self.ok(RESPONSES, {"model": "m", "input": "x", "max_output_tokens": 16}).json()
        self.assertEqual((full["status"], full["incomplete_details"]["reason"], full["usage"]["output_tokens"]),
                         ("incomplete", "max_output_tokens", 16))


class Faults(Standin):
    def raw(self, fault, body=None, shut=False, timeout=5):
        body = body or chat(stream=True)
        return exchange(self.model.port, request_bytes(CHAT, body, f"x-standin-fault: {fault}"), shut=shut, timeout=timeout)

    def test_a_status_is_answered_as_asked_by_header_or_by_the_model_s_name(self):
        for answer in (self.client.post(CHAT, chat(), x_standin_fault="error:503"),
                       self.client.post(CHAT, chat(model="fault-error-503"))):
            self.assertEqual((answer.status, answer.json()["error"]["type"]), (503, "server_error"))

    def test_an_unknown_fault_is_refused_and_not_passed_over(self):
        for asked in ({"x_standin_fault": "eror"}, {"x_standin_fault": "error:200"}, {"x_standin_fault": "cut:x"}):
            self.assertEqual(self.client.post(CHAT, chat(), **asked).status, 400)
        self.assertEqual(self.client.post(CHAT, chat(model="fault-nothing")).status, 400)

    def test_retry_turns_the_first_of_two_equal_requests_away(self):
        body = chat(seed=time.monotonic_ns())
        answers = [self.client.post(CHAT, body, x_standin_fault="retry:3") for _ in range(4)]
        self.assertEqual([answer.status for answer in answers], [429, 200, 429, 200])
        self.assertEqual((answers[0].headers["retry-after"], answers[1].headers["retry-after"]), ("3", None))

    def test_a_cut_stream_has_the_events_asked_for_and_no_end(self):
        got = self.raw("cut:3")
        self.assertEqual((got.count(b"data: "), got.endswith(b"0\r\n\r\n"), b"[DONE]" in got), (3, False, False))

    def test_a_short_stream_ends_well_formed_without_its_last_events(self):
        answer = self.ok(CHAT, chat(stream=True), x_standin_fault="short:3")
        self.assertEqual((len(answer.events()), b"[DONE]" in answer.body), (3, False))

    def test_a_reset_is_a_reset_and_no_end(self):
        with socket.create_connection(("127.0.0.1", self.model.port), timeout=5) as connection:
            connection.sendall(request_bytes(CHAT, chat(stream=True), "x-standin-fault: reset:1"))
            with self.assertRaises(ConnectionResetError):
                while connection.recv(65536):
                    pass

    def test_garbage_is_no_json_and_in_a_stream_one_event_among_good_ones(self):
        whole = self.ok(CHAT, chat(), x_standin_fault="garbage")
        with self.assertRaises(ValueError):
            whole.json()
        streamed = self.ok(CHAT, chat(stream=True), x_standin_fault="garbage")
        self.assertTrue(b"not JSON" in streamed.body and b"[DONE]" in streamed.body)

    def test_slow_waits_between_events(self):
        began = time.monotonic()
        self.ok(CHAT, chat(stream=True, max_tokens=5), x_standin_fault="slow:30")
        self.assertGreater(time.monotonic() - began, 0.03 * 6)

    def test_a_stream_in_single_bytes_is_the_same_stream(self):
        split = self.ok(CHAT, chat(stream=True), x_standin_fault="split:1")
        self.assertEqual(split.body, self.ok(CHAT, chat(stream=True)).body)

    def test_hanging_and_stalling_send_nothing_more_and_see_the_client_leave(self):
        before = self.model.about("counts").get("left by the client", 0)
        self.assertEqual(self.raw("hang", timeout=0.2), b"")
        self.assertEqual(self.raw("stall:2", timeout=0.3).count(b"data: "), 2)
        time.sleep(0.1)
        self.assertEqual(self.model.about("counts")["left by the client"], before + 2)


class Wire(Standin):
    def test_pipelined_requests_are_answered_in_order_on_one_connection(self):
        bodies = [chat(messages=[{"role": "user", "content": str(i)}]) for i in range(5)]
        last = request_bytes(CHAT, bodies[-1], "Connection: close")
        data = b"".join(request_bytes(CHAT, body) for body in bodies[:-1]) + last
        ids = [json.loads(line)["id"] for line in exchange(self.model.port, data).split(b"\r\n\r\n")[1:]
               for line in [line.partition(b"HTTP/1.1 ")[0]]]
        self.assertEqual(ids, [self.ok(CHAT, body).json()["id"] for body in bodies])

    def test_a_body_in_chunks_is_the_same_body(self):
        body = json.dumps(chat()).encode()
        chunks = b"".join(b"%x;x=y\r\n%s\r\n" % (len(body[i:i + 7]), body[i:i + 7]) for i in range(0, len(body), 7))
        got = exchange(self.model.port, b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                       b"Connection: close\r\n\r\n" + chunks + b"0\r\n\r\n")
        self.assertEqual(got.partition(b"\r\n\r\n")[2], self.ok(CHAT, chat()).body)

    def test_http_1_0_gets_a_stream_that_ends_with_the_connection(self):
        request = request_bytes(CHAT, chat(stream=True)).replace(b"HTTP/1.1", b"HTTP/1.0")
        self.assertEqual(exchange(self.model.port, request).partition(b"\r\n\r\n")[2], self.ok(CHAT, chat(stream=True)).body)

    def test_what_is_no_request_ends_the_connection_with_a_400(self):
        for data in (b"hello\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
                     b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
                     b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                     b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
            self.assertEqual(exchange(self.model.port, data)[:12], b"HTTP/1.1 400", data)
        self.assertTrue(answers_at(self.model.port))

    def test_what_is_too_large_is_refused_unread(self):
        for data, status in ((b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b"413"),
                             (b"GET / HTTP/1.1\r\nx: " + b"a" * 70000 + b"\r\n\r\n", b"431")):
            self.assertEqual(exchange(self.model.port, data)[:12], b"HTTP/1.1 " + status)

    def test_what_reached_the_model_can_be_asked_for(self):
        answer = self.ok(CHAT, chat(user="é"), x_team="7")
        last = self.model.last()
        self.assertEqual((last["json"]["user"], last["method"], last["target"]), ("é", "POST", CHAT))
        self.assertEqual(self.model.header("X-Team"), ["7"])
        self.assertEqual((answer.headers["x-standin-request-sha"], int(answer.headers["x-standin-serial"])),
                         (last["body_sha256"], last["serial"]))

    def test_models_are_listed_in_the_form_of_either_api(self):
        openai = self.client.get("/v1/models").json()
        anthropic = self.client.get("/v1/models", anthropic_version="2023-06-01").json()
        self.assertEqual((openai["object"], anthropic["has_more"]), ("list", False))
        self.assertEqual([entry["id"] for entry in openai["data"]], [entry["id"] for entry in anthropic["data"]])
        self.assertEqual(self.client.get("/v1/nothing").status, 404)
        self.assertEqual(self.client.get(CHAT).status, 405)


if __name__ == "__main__":
    tap.main()
