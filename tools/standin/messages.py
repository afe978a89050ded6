"""POST /v1/messages of Anthropic's API, and its count of tokens."""

import answers
from dialect import Refused, at_most, checked, chosen_tool, compact, named_event, need


def blocks_of(message):
    content = message.get("content") if isinstance(message, dict) else None
    return [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []


def check_signatures(messages):
    """A thinking block must come back as it was issued."""
    for i, message in enumerate(messages):
        for k, block in enumerate(blocks_of(message)):
            if block.get("type") == "thinking" and block.get("signature") != answers.signature(str(block.get("thinking"))):
                raise Refused(400, f"messages.{i}.content.{k}: Invalid `signature` in `thinking` block")


def n_input_tokens(body):
    return answers.n_tokens_of([body.get("system"), body.get("messages"), body.get("tools")])


def count_tokens(body):
    need(body, "model", str, "a string")
    need(body, "messages", list, "an array")
    return {"input_tokens": n_input_tokens(body)}


class Message:
    """One request understood, and the content blocks of its answer."""

    def __init__(self, body):
        self.model = need(body, "model", str, "a string")
        self.messages = need(body, "messages", list, "an array")
        if not self.messages:
            raise Refused(400, "messages: at least one message is required")
        self.most = at_most(body, "max_tokens", 0, 1 << 20) if "max_tokens" in body else None
        if self.most is None:
            raise Refused(400, "max_tokens: Field required")
        check_signatures(self.messages)
        self.seed = answers.seed_of("messages", self.model, body.get("system"), self.messages)
        self.id = "msg_" + self.seed.hex()[:24]
        self.stops = [text for text in checked(body, "stop_sequences", list, "an array", []) if isinstance(text, str)]
        self.thinks = self.wants_thinking(checked(body, "thinking", dict, "an object", {}))
        self.n_input = n_input_tokens(body)
        returned = any(block.get("type") == "tool_result" for block in blocks_of(self.messages[-1]))
        tools = checked(body, "tools", list, "an array", [])
        self.tool = None if returned else chosen_tool(tools, body.get("tool_choice"), lambda tool: tool.get("name"))
        self.n_output, self.stop_reason, self.stop_sequence = 0, "end_turn", None
        self.blocks = list(self.content()) if self.most else []
        if not self.most:
            self.stop_reason = "max_tokens"

    def wants_thinking(self, thinking):
        if thinking.get("type") == "enabled":
            budget = at_most(thinking, "budget_tokens", 1024, 1 << 20)
            if budget is None or budget >= self.most:
                raise Refused(400, "`max_tokens` must be greater than `thinking.budget_tokens`")
        return thinking.get("type") in ("enabled", "adaptive")

    def content(self):
        """Pairs of a content block and the pieces that a stream brings it in."""
        if self.thinks:
            pieces = answers.tokens(self.seed, "thinking", 16, 60)
            self.n_output += len(pieces)
            yield {"type": "thinking", "thinking": "".join(pieces), "signature": answers.signature("".join(pieces))}, pieces
        if self.tool:
            given = answers.value_of(self.tool.get("input_schema"), answers.rolls(self.seed, "tool"))
            given = given if isinstance(given, dict) else {}
            self.n_output += answers.n_tokens_of(given)
            self.stop_reason = "tool_use"
            yield ({"type": "tool_use", "id": "toolu_" + self.seed.hex()[:24], "name": self.tool["name"], "input": given},
                   answers.fragments(compact(given)))
            return
        pieces, self.stop_sequence = answers.stopped(answers.tokens(self.seed, "text", 24, 160), self.stops)
        if self.stop_sequence is not None:
            self.stop_reason = "stop_sequence"
        if self.n_output + len(pieces) > self.most:
            pieces, self.stop_reason, self.stop_sequence = pieces[:max(0, self.most - self.n_output)], "max_tokens", None
        self.n_output += len(pieces)
        yield {"type": "text", "text": "".join(pieces)}, pieces

    def usage(self, n_output):
        return {"input_tokens": self.n_input, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
                "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
                "output_tokens": n_output, "service_tier": "standard"}

    def envelope(self, content, stop_reason, stop_sequence, n_output):
        return {"id": self.id, "type": "message", "role": "assistant", "model": self.model, "content": content,
                "stop_reason": stop_reason, "stop_sequence": stop_sequence, "usage": self.usage(n_output)}

    def whole(self):
        return self.envelope([block for block, _ in self.blocks], self.stop_reason, self.stop_sequence, self.n_output)

    def block_events(self, index, block, pieces):
        empty = {"thinking": {"type": "thinking", "thinking": "", "signature": ""}, "text": {"type": "text", "text": ""},
                 "tool_use": {**block, "input": {}}}[block["type"]]
        kind, field = {"thinking": ("thinking_delta", "thinking"), "text": ("text_delta", "text"),
                       "tool_use": ("input_json_delta", "partial_json")}[block["type"]]
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        if index == 0:
            yield {"type": "ping"}
        deltas = [{"type": kind, field: piece} for piece in pieces]
        if block["type"] == "thinking":
            deltas.append({"type": "signature_delta", "signature": block["signature"]})
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}

    def events(self):
        yield named_event({"type": "message_start", "message": self.envelope([], None, None, 1)})
        for index, (block, pieces) in enumerate(self.blocks):
            for event in self.block_events(index, block, pieces):
                yield named_event(event)
        yield named_event({"type": "message_delta",
                           "delta": {"stop_reason": self.stop_reason, "stop_sequence": self.stop_sequence},
                           "usage": self.usage(self.n_output)})
        yield named_event({"type": "message_stop"})
