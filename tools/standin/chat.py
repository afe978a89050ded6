"""POST /v1/chat/completions of OpenAI's API."""

import answers
from dialect import CREATED, Refused, at_most, checked, chosen_tool, compact, data_event, need

FINGERPRINT = "fp_standin"


def function_of(tool):
    return tool.get("function") if isinstance(tool.get("function"), dict) else {}


class Chat:
    """One request understood: what all its choices have in common."""

    def __init__(self, body):
        self.model = need(body, "model", str, "a string")
        self.messages = need(body, "messages", list, "an array")
        if not self.messages:
            raise Refused(400, "Invalid 'messages': empty array.", "messages")
        self.seed = answers.seed_of("chat", self.model, self.messages)
        self.id = "chatcmpl-" + self.seed.hex()[:29]
        self.n = at_most(body, "n", 1, 128, 1)
        self.most = at_most(body, "max_completion_tokens", 1, 1 << 20) or at_most(body, "max_tokens", 1, 1 << 20)
        self.n_top = at_most(body, "top_logprobs", 0, 20, 0)
        self.logprobs = checked(body, "logprobs", bool, "a boolean", False)
        if self.n_top and not self.logprobs:
            raise Refused(400, "'top_logprobs' needs 'logprobs' to be true.", "top_logprobs")
        stop = checked(body, "stop", (str, list), "a string or an array", [])
        self.stops = [stop] if isinstance(stop, str) else [text for text in stop if isinstance(text, str)]
        self.format = checked(body, "response_format", dict, "an object", {})
        self.include_usage = bool(checked(body, "stream_options", dict, "an object", {}).get("include_usage"))
        self.n_reasoning = self.reasoning_tokens(checked(body, "reasoning_effort", str, "a string"))
        last = self.messages[-1] if isinstance(self.messages[-1], dict) else {}
        tools = checked(body, "tools", list, "an array", [])
        self.tool = None if last.get("role") == "tool" else chosen_tool(tools, body.get("tool_choice"),
                                                                        lambda tool: function_of(tool).get("name"))
        self.n_input = answers.n_tokens_of([self.messages, tools])
        self.choices = [self.choice(i) for i in range(self.n)]

    def reasoning_tokens(self, effort):
        least = {None: 0, "none": 0, "minimal": 8, "low": 64, "medium": 256, "high": 1024}.get(effort, 1024)
        wanted = least + int(answers.rolls(self.seed, "reasoning")() * least)
        return min(wanted, self.most or wanted)

    def choice(self, i):
        """One choice: its tokens, or its tool call, and why it ended."""
        roll = answers.rolls(self.seed, f"choice {i}")
        if self.tool:
            function = function_of(self.tool)
            arguments = compact(answers.value_of(function.get("parameters"), roll))
            call = {"id": f"call_{self.seed.hex()[:20]}{i:04x}", "type": "function",
                    "function": {"name": function["name"], "arguments": arguments}}
            return {"tokens": [], "call": call, "finish": "tool_calls", "n_output": answers.n_tokens_of(call["function"]),
                    "logprobs": []}
        pieces, finish = self.text(roll, i), "stop"
        pieces, _ = answers.stopped(pieces, self.stops)
        if self.most and len(pieces) + self.n_reasoning > self.most:
            pieces, finish = pieces[:self.most - self.n_reasoning], "length"
        return {"tokens": pieces, "call": None, "finish": finish, "n_output": len(pieces),
                "logprobs": [answers.logprob(piece, roll, self.n_top) for piece in pieces]}

    def text(self, roll, i):
        kind = self.format.get("type", "text")
        if kind == "json_schema":
            schema = (self.format.get("json_schema") or {}).get("schema")
            return answers.fragments(compact(answers.value_of(schema, roll)), 4)
        pieces = answers.tokens(self.seed, f"text {i}", 24, 160)
        return answers.fragments(compact({"answer": "".join(pieces)}), 4) if kind == "json_object" else pieces

    def usage(self):
        n_output = sum(choice["n_output"] for choice in self.choices) + self.n_reasoning
        return {"prompt_tokens": self.n_input, "completion_tokens": n_output, "total_tokens": self.n_input + n_output,
                "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": self.n_reasoning, "audio_tokens": 0,
                                              "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}}

    def logprobs_of(self, entries):
        return {"content": entries, "refusal": None} if self.logprobs and entries else None

    def whole(self):
        choices = []
        for i, choice in enumerate(self.choices):
            message = {"role": "assistant", "content": None if choice["call"] else "".join(choice["tokens"]), "refusal": None,
                       "annotations": []}
            if choice["call"]:
                message["tool_calls"] = [choice["call"]]
            choices.append({"index": i, "message": message, "logprobs": self.logprobs_of(choice["logprobs"]),
                            "finish_reason": choice["finish"]})
        return {"id": self.id, "object": "chat.completion", "created": CREATED, "model": self.model, "choices": choices,
                "usage": self.usage(), "service_tier": "default", "system_fingerprint": FINGERPRINT}

    def chunk(self, choices, usage=None):
        made = {"id": self.id, "object": "chat.completion.chunk", "created": CREATED, "model": self.model,
                "service_tier": "default", "system_fingerprint": FINGERPRINT, "choices": choices}
        return data_event({**made, "usage": usage} if self.include_usage else made)

    def deltas(self, i):
        """What one choice streams: pairs of a delta and the log-probabilities of the token that it brings."""
        call, entries = self.choices[i]["call"], self.choices[i]["logprobs"]
        if call is None:
            yield {"role": "assistant", "content": "", "refusal": None}, []
            for piece, entry in zip(self.choices[i]["tokens"], entries):
                yield {"content": piece}, [entry]
            return
        function = call["function"]
        opening = {"index": 0, **call, "function": {"name": function["name"], "arguments": ""}}
        yield {"role": "assistant", "content": None, "tool_calls": [opening]}, []
        for part in answers.fragments(function["arguments"]):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": part}}]}, []

    def events(self):
        """The stream; the choices take turns, as they do where several are asked for."""
        running = [(i, self.deltas(i)) for i in range(self.n)]
        while running:
            for i, deltas in list(running):
                delta, entries = next(deltas, (None, []))
                if delta is None:
                    running.remove((i, deltas))
                    yield self.chunk([{"index": i, "delta": {}, "logprobs": None, "finish_reason": self.choices[i]["finish"]}])
                    continue
                yield self.chunk([{"index": i, "delta": delta, "logprobs": self.logprobs_of(entries), "finish_reason": None}])
        if self.include_usage:
            yield self.chunk([], self.usage())
        yield b"data: [DONE]\n\n"
