"""POST /v1/responses of OpenAI's API."""

import answers
from dialect import CREATED, Refused, at_most, checked, chosen_tool, compact, named_event, need


class Response:
    """One request understood, and the items of its answer."""

    def __init__(self, body):
        self.body = body
        self.model = need(body, "model", str, "a string")
        self.input = need(body, "input", (str, list), "a string or an array")
        self.seed = answers.seed_of("responses", self.model, body.get("instructions"), self.input)
        self.most = at_most(body, "max_output_tokens", 16, 1 << 20)
        self.n_top = at_most(body, "top_logprobs", 0, 20, 0)
        self.include = checked(body, "include", list, "an array", [])
        self.reasoning = checked(body, "reasoning", dict, "an object", {})
        if body.get("conversation") is not None and body.get("previous_response_id") is not None:
            raise Refused(400, "'conversation' and 'previous_response_id' exclude each other.", "previous_response_id")
        last = self.input[-1] if isinstance(self.input, list) and self.input else {}
        returned = isinstance(last, dict) and last.get("type") == "function_call_output"
        self.tools = checked(body, "tools", list, "an array", [])
        self.tool = None if returned else chosen_tool(self.tools, body.get("tool_choice"),
                                                      lambda tool: tool.get("type") == "function" and tool.get("name"))
        self.n_input = answers.n_tokens_of([body.get("instructions"), self.input, self.tools])
        self.n_output, self.n_reasoning, self.full = 0, 0, False
        self.items = list(self.output())
        self.number = 0

    def name(self, prefix):
        return prefix + "_" + self.seed.hex()[:32]

    def output(self):
        """Pairs of an item and the pieces that a stream brings its text in."""
        if self.reasoning:
            yield self.thought()
        if self.tool:
            arguments = compact(answers.value_of(self.tool.get("parameters"), answers.rolls(self.seed, "tool")))
            self.n_output += answers.n_tokens_of(arguments)
            yield ({"id": self.name("fc"), "type": "function_call", "status": "completed", "call_id": self.name("call"),
                    "name": self.tool["name"], "arguments": arguments}, answers.fragments(arguments))
            return
        pieces = answers.tokens(self.seed, "text", 24, 160)
        if self.most and self.n_reasoning + len(pieces) > self.most:
            pieces, self.full = pieces[:max(0, self.most - self.n_reasoning)], True
        self.n_output += len(pieces)
        yield ({"id": self.name("msg"), "type": "message", "status": "incomplete" if self.full else "completed",
                "role": "assistant", "content": [self.part(pieces)]}, pieces)

    def thought(self):
        pieces = answers.tokens(self.seed, "reasoning", 16, 60)[:self.most]
        text = "".join(pieces)
        self.n_reasoning = len(pieces)
        self.n_output += len(pieces)
        item = {"id": self.name("rs"), "type": "reasoning", "summary": []}
        if self.reasoning.get("summary"):
            item["summary"] = [{"type": "summary_text", "text": text}]
        if "reasoning.encrypted_content" in self.include:
            item["encrypted_content"] = "gAAAAA" + answers.signature(text)
        return item, pieces if item["summary"] else []

    def part(self, pieces):
        part = {"type": "output_text", "text": "".join(pieces), "annotations": [], "logprobs": []}
        if "message.output_text.logprobs" in self.include:
            roll = answers.rolls(self.seed, "logprobs")
            part["logprobs"] = [answers.logprob(piece, roll, self.n_top) for piece in pieces]
        return part

    def whole(self, done=True):
        usage = {"input_tokens": self.n_input, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": self.n_output,
                 "output_tokens_details": {"reasoning_tokens": self.n_reasoning}, "total_tokens": self.n_input + self.n_output}
        status = "in_progress" if not done else "incomplete" if self.full else "completed"
        given = self.body.get
        return {"id": self.name("resp"), "object": "response", "created_at": CREATED, "status": status, "error": None,
                "incomplete_details": {"reason": "max_output_tokens"} if done and self.full else None,
                "instructions": given("instructions"), "max_output_tokens": self.most, "model": self.model,
                "output": [item for item, _ in self.items] if done else [], "parallel_tool_calls": True,
                "previous_response_id": given("previous_response_id"),
                "reasoning": {"effort": self.reasoning.get("effort"), "summary": self.reasoning.get("summary")},
                "store": given("store", True), "temperature": 1.0, "text": {"format": {"type": "text"}},
                "tool_choice": given("tool_choice", "auto"), "tools": self.tools, "top_p": 1.0, "truncation": "disabled",
                "usage": usage if done else None, "user": given("user"), "metadata": given("metadata") or {}}

    def event(self, kind, **fields):
        made = named_event({"type": kind, "sequence_number": self.number, **fields})
        self.number += 1
        return made

    def text_events(self, index, item, pieces):
        part = item["content"][0]
        at = {"item_id": item["id"], "output_index": index, "content_index": 0}
        yield self.event("response.content_part.added", **at, part={**part, "text": "", "logprobs": []})
        for i, piece in enumerate(pieces):
            yield self.event("response.output_text.delta", **at, delta=piece, logprobs=part["logprobs"][i:i + 1])
        yield self.event("response.output_text.done", **at, text=part["text"], logprobs=part["logprobs"])
        yield self.event("response.content_part.done", **at, part=part)

    def call_events(self, index, item, pieces):
        at = {"item_id": item["id"], "output_index": index}
        for piece in pieces:
            yield self.event("response.function_call_arguments.delta", **at, delta=piece)
        yield self.event("response.function_call_arguments.done", **at, name=item["name"], arguments=item["arguments"])

    def thought_events(self, index, item, pieces):
        at = {"item_id": item["id"], "output_index": index, "summary_index": 0}
        for part in item["summary"]:
            yield self.event("response.reasoning_summary_part.added", **at, part={"type": "summary_text", "text": ""})
            for piece in pieces:
                yield self.event("response.reasoning_summary_text.delta", **at, delta=piece)
            yield self.event("response.reasoning_summary_text.done", **at, text=part["text"])
            yield self.event("response.reasoning_summary_part.done", **at, part=part)

    def events(self):
        streams = {"message": (self.text_events, {"content": [], "status": "in_progress"}),
                   "function_call": (self.call_events, {"arguments": "", "status": "in_progress"}),
                   "reasoning": (self.thought_events, {"summary": []})}
        yield self.event("response.created", response=self.whole(done=False))
        yield self.event("response.in_progress", response=self.whole(done=False))
        for index, (item, pieces) in enumerate(self.items):
            stream, opening = streams[item["type"]]
            yield self.event("response.output_item.added", output_index=index, item={**item, **opening})
            yield from stream(index, item, pieces)
            yield self.event("response.output_item.done", output_index=index, item=item)
        yield self.event("response.incomplete" if self.full else "response.completed", response=self.whole())
