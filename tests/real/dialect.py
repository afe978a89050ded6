"""Writes an exchange in the dialect that its account speaks."""

import json
from datetime import datetime, timezone

import arrivals
import identity

START = int(datetime(2026, 5, 4, tzinfo=timezone.utc).timestamp())
_days = {}


def stamp(ms):
    """RFC 3339 with milliseconds; ms counts from the start of the log and may be negative."""
    day, rest = divmod(ms, arrivals.DAY_MS)
    if day not in _days:
        _days[day] = datetime.fromtimestamp(START + day * 86400, timezone.utc).strftime("%Y-%m-%dT")
    seconds, ms = divmod(rest, 1000)
    return f"{_days[day]}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}Z"


class Ask:
    """One planned exchange: the first n turns of a conversation, and what came back."""

    __slots__ = ("t", "account", "system", "turns", "n", "output", "tools", "status", "extraction", "session", "end_user",
                 "tokens")

    def __init__(self, t, account, turns, output, n=None, system=None, tools=None):
        self.t, self.account = t, account
        self.turns, self.n = turns, n or len(turns)
        self.output, self.system, self.tools = output, system, tools
        self.status = 200
        self.extraction = False
        self.session = self.end_user = self.tokens = None

    def copy(self, t, status):
        other = Ask(t, self.account, self.turns, None, self.n, self.system, self.tools)
        other.session, other.end_user, other.tokens = self.session, self.end_user, self.tokens
        other.status = status
        return other


ERRORS = {
    400: ("invalid_request_error", "The request body could not be processed."),
    413: ("request_too_large", "The request exceeds the maximum size."),
    429: ("rate_limit_error", "Rate limit reached. Retry after a short wait."),
    500: ("api_error", "Internal server error."),
    503: ("overloaded_error", "The service is overloaded."),
}


def error_body(api, status):
    kind, text = ERRORS[status]
    if api == "anthropic.messages":
        return {"type": "error", "error": {"type": kind, "message": text}}
    code = "rate_limit_exceeded" if status == 429 else None
    return {"error": {"message": text, "type": kind, "param": None, "code": code}}


def request_body(ask, model, ids):
    a, api, p = ask.account, ask.account.api, ask.account.params
    body = {"model": model}
    turns = [{"role": r, "content": c} for r, c in ask.turns[: ask.n]]
    system = ask.system or ""
    if turns and turns[0]["role"] == "system":
        system = (system + "\n\n" + turns.pop(0)["content"]).strip()
    if api == "openai.chat":
        body["messages"] = ([{"role": "system", "content": system}] if system else []) + turns
    elif api == "openai.responses":
        if system:
            body["instructions"] = system
        body["input"] = turns[0]["content"] if len(turns) == 1 and p.get("stream") is None else turns
    else:
        if system:
            body["system"] = system
        body["messages"] = turns
    if ask.tools:
        if api == "openai.chat":
            body["tools"] = [{"type": "function", "function": t} for t in ask.tools]
        elif api == "openai.responses":
            body["tools"] = [dict(t, type="function") for t in ask.tools]
        else:
            body["tools"] = [{"name": t["name"], "description": t["description"], "input_schema": t["parameters"]}
                             for t in ask.tools]
    limit = p.get("max_tokens")
    if api == "openai.chat" and limit:
        body["max_tokens"] = limit
    elif api == "openai.responses" and limit:
        body["max_output_tokens"] = limit
    elif api == "anthropic.messages":
        body["max_tokens"] = limit or 1024
    for name in ("temperature", "top_p", "stream"):
        if name in p:
            body[name] = p[name]
    if ask.end_user:
        if api == "anthropic.messages":
            body["metadata"] = {"user_id": ask.end_user}
        else:
            body["safety_identifier"] = ask.end_user
    return body


def response_body(ask, model, ids, tokens):
    api = ask.account.api
    text, calls = (ask.output, None) if isinstance(ask.output, str) else (None, ask.output)
    into, out = tokens
    if api == "openai.chat":
        message = {"role": "assistant", "content": text}
        if calls:
            message["tool_calls"] = [{"id": "call_" + identity.hexes(ids, 16), "type": "function",
                                      "function": {"name": n, "arguments": v}} for n, v in calls]
        return {"id": "chatcmpl-" + identity.hexes(ids, 20), "object": "chat.completion", "created": START + ask.t // 1000,
                "model": model,
                "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}],
                "usage": {"prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out}}
    if api == "openai.responses":
        if calls:
            output = [{"type": "function_call", "id": "fc_" + identity.hexes(ids, 16), "call_id": "call_" + identity.hexes(ids, 16),
                       "name": n, "arguments": v, "status": "completed"} for n, v in calls]
        else:
            output = [{"type": "message", "id": "msg_" + identity.hexes(ids, 20), "status": "completed", "role": "assistant",
                       "content": [{"type": "output_text", "text": text, "annotations": []}]}]
        return {"id": "resp_" + identity.hexes(ids, 24), "object": "response", "created_at": START + ask.t // 1000,
                "status": "completed", "model": model, "output": output,
                "usage": {"input_tokens": into, "output_tokens": out, "total_tokens": into + out}}
    if calls:
        content = [{"type": "tool_use", "id": "toolu_" + identity.hexes(ids, 16), "name": n, "input": json.loads(v)}
                   for n, v in calls]
    else:
        content = [{"type": "text", "text": text}]
    return {"id": "msg_" + identity.hexes(ids, 20), "type": "message", "role": "assistant", "model": model, "content": content,
            "stop_reason": "tool_use" if calls else "end_turn", "stop_sequence": None,
            "usage": {"input_tokens": into, "output_tokens": out}}


def count_tokens(ask):
    into = len(ask.system or "") + sum(len(c) + 14 for _, c in ask.turns[: ask.n]) + 250 * len(ask.tools or ())
    if ask.output is None:
        return into // 4 + 3, 0
    out = len(ask.output) if isinstance(ask.output, str) else sum(len(n) + len(v) for n, v in ask.output)
    return into // 4 + 3, out // 4 + 2


def exchange_line(ask, rng, ids):
    """The event of one planned exchange, and its id."""
    a = ask.account
    made = "req_" + identity.hexes(ids, 16)
    line = {"event": "exchange", "time": stamp(ask.t), "id": made, "account": a.id}
    if a.org:
        line["organization"] = a.org
    line["key"] = a.keys[0] if len(a.keys) == 1 or rng.random() < 0.8 else a.keys[1]
    if ask.end_user:
        line["end_user"] = ask.end_user
    if ask.session:
        line["session"] = ask.session
    i = 0
    if len(a.ips) > 1:
        i = rng.randrange(len(a.ips)) if a.roaming or rng.random() < 0.1 else (ask.t // arrivals.DAY_MS // 3) % len(a.ips)
    ip, asn, country = a.ips[i]
    client = {"ip": ip, "user_agent": a.user_agent}
    if a.ja4:
        client["ja4"] = a.ja4
    if a.headers:
        client["header_order"] = a.headers
    client["country"] = country
    client["asn"] = asn
    line["client"] = client
    model = identity.model_at(a, ask.t)
    tokens = ask.tokens or count_tokens(ask)
    bare = ask.tokens is not None or a.metadata or rng.random() < 0.004
    if not bare:
        line["api"] = a.api
        line["request"] = request_body(ask, model, ids)
    line["status"] = ask.status
    if ask.status == 200:
        if bare:
            line["usage"] = {"input_tokens": tokens[0], "output_tokens": tokens[1]}
        else:
            line["response"] = response_body(ask, model, ids, tokens)
        line["duration_ms"] = int(180 + rng.expovariate(1 / 250) + tokens[1] * rng.uniform(9, 26))
    else:
        if not bare:
            line["response"] = error_body(a.api, ask.status)
        line["duration_ms"] = int(8 + rng.expovariate(1 / (20 if ask.status < 500 else 900)))
    return made, line


def account_line(a, t):
    line = {"event": "account", "time": stamp(t), "account": a.id}
    if a.org:
        line["organization"] = a.org
    line.update(created=stamp(a.created), tier=a.tier, programme=a.programme, verified=a.verified, email_domain=a.email,
                country=a.country)
    if "phone" in a.verified:
        line["phone_country"] = a.country
    if a.payment:
        line["payment"] = a.payment
    line["signup_ip"] = a.signup_ip
    if a.device:
        line["device"] = a.device
    return line
