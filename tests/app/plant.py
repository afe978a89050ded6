#!/usr/bin/env python3
"""Plants strings in a log that occur nowhere else, and searches files for them.

  plant.py plant LOG PLANTED STRINGS      writes the log with a string added to every text and id, and a list of them
  plant.py search STRINGS FILE...         names what is found: 12 bytes of a string, or its hex or base64 form
  plant.py cards LOG TRUTH SHARED         writes SHARED: LOG, in which the accounts of TRUTH's campaign share cards
  plant.py accounts LOG FILE...           prints "FILE COUNT" of the log's account ids found in each file

search ends with status 1 when something is found.
"""

import base64
import json
import random
import sys

WINDOW = 12
HEX_WINDOW = 16                 # 12 hexadecimal digits are too few to be no accident among hashes
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
PER_KIND = 40
# Fields whose values are words of an API and not anybody's: planted, they would only make bad lines.
WORDS = {"type", "role", "object", "finish_reason", "stop_reason", "status", "media_type", "api", "event", "time",
         "created", "tier", "programme", "verified", "country", "phone_country", "action", "code", "param"}
# The same value must stay the same: the strings below are drawn by the value they are added to.
JOINED = {"system", "instructions", "model", "name", "description", "id", "call_id", "tool_call_id", "tool_use_id",
          "account", "organization", "key", "session", "end_user", "payment", "device", "email_domain", "ip",
          "signup_ip", "user_agent", "ja4", "header_order", "signature", "encrypted_content"}
# Where texts and ids lie; each must have been planted.
KINDS = {"system", "instructions", "content", "text", "thinking", "signature", "encrypted_content", "arguments", "input",
         "output", "description", "input_schema", "parameters", "url", "image_url", "data", "name", "model", "id",
         "call_id", "tool_call_id", "tool_use_id", "organization", "key", "session", "end_user", "payment", "device",
         "email_domain", "ip", "signup_ip", "user_agent", "source", "message", "reasoning_content", "refusal", "cited_text"}


class Planter:
    def __init__(self):
        self.rng = random.Random(11)
        self.strings = {}       # kind -> strings
        self.given = {}         # (kind, value) -> string

    def string(self, kind, value):
        if kind in JOINED and (kind, value) in self.given:
            return self.given[kind, value]
        pool = self.strings.setdefault(kind, [])
        if len(pool) < PER_KIND:
            pool.append("".join(self.rng.choices(LETTERS, k=24)))
            chosen = pool[-1]
        else:
            chosen = self.rng.choice(pool)
        self.given[kind, value] = chosen
        return chosen

    def text(self, kind, value):
        if kind in ("ip", "signup_ip"):          # any address, written in full, is a string of its own
            digits = self.string(kind, value)[:14].encode().hex()
            address = ":".join(["fd00", *(digits[i:i + 4] for i in range(0, 28, 4))])
            self.strings.setdefault("address", {})[address] = True
            return address
        if kind == "email_domain":
            return self.string(kind, value).lower() + "." + value
        if kind == "arguments":
            return json.dumps({**json.loads(value), "more": self.string(kind, value)})
        joint = " " if kind in ("system", "instructions", "content", "text", "thinking") else ""
        return value + joint + self.string(kind, value)

    def walk(self, value, kind):
        """A copy in which every text has its string; `kind` is the nearest key."""
        if isinstance(value, str):
            return value if kind in WORDS else self.text(kind, value)
        if isinstance(value, list):
            return [self.walk(item, "system" if self.is_system(item) else kind) for item in value]
        if not isinstance(value, dict):
            return value
        if kind in ("input_schema", "parameters"):
            return {**value, "title": self.string(kind, json.dumps(value))}
        system = kind == "system"
        return {key: self.walk(item, "system" if system and key in ("text", "content") else key)
                for key, item in value.items()}

    @staticmethod
    def is_system(item):
        return isinstance(item, dict) and item.get("role") in ("system", "developer")


# Bodies with what the generated log has not: the fields in which text can lie, in each dialect.
RICH = (
    ("openai.chat", {
        "model": "m", "user": "u", "metadata": {"a": "b"}, "stop": ["stop"],
        "messages": [
            {"role": "developer", "content": "be brief", "name": "n"},
            {"role": "user", "content": [{"type": "text", "text": "hear"},
                                         {"type": "input_audio", "input_audio": {"data": "UklG", "format": "wav"}},
                                         {"type": "file", "file": {"file_data": "JVBERi0", "filename": "f"}}]},
            {"role": "assistant", "content": None, "refusal": "no",
             "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "result"}]}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": {"title": "t"}}},
        "prediction": {"type": "content", "content": "guess"}}, {
        "id": "i", "model": "m", "choices": [{
            "index": 0, "finish_reason": "stop",
            "message": {"role": "assistant", "content": "fine", "reasoning_content": "hm", "refusal": "no",
                        "annotations": [{"type": "url_citation", "url_citation": {"title": "t", "url": "u"}}]},
            "logprobs": {"content": [{"token": "fine", "logprob": -0.1, "top_logprobs": []}]}}]}),
    ("openai.responses", {
        "model": "m", "instructions": "be brief", "safety_identifier": "u", "previous_response_id": "r",
        "input": [{"role": "user", "content": "plain"},
                  {"type": "reasoning", "id": "rs", "summary": [{"type": "summary_text", "text": "sum"}],
                   "encrypted_content": "gAAA"},
                  {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
                  {"type": "function_call_output", "call_id": "c", "output": "result"},
                  {"type": "custom_tool_call_output", "call_id": "d", "output": "result"}],
        "tools": [{"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}},
                  {"type": "web_search", "filters": {"allowed_domains": ["d"]}}],
        "text": {"format": {"type": "json_schema", "name": "n", "schema": {"title": "t"}}}}, {
        "id": "i", "model": "m", "output": [
            {"type": "reasoning", "id": "rs", "summary": [{"type": "summary_text", "text": "sum"}],
             "content": [{"type": "reasoning_text", "text": "hm"}], "encrypted_content": "gAAA"},
            {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "no"},
                                                                 {"type": "output_text", "text": "fine"}]}]}),
    ("openai.responses", {"model": "m", "input": "plain"}, {"id": "i", "model": "m", "output": [], "output_text": "fine"}),
    ("anthropic.messages", {
        "model": "m", "max_tokens": 9, "metadata": {"user_id": "u"}, "stop_sequences": ["stop"],
        "system": [{"type": "text", "text": "be brief", "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": [
                {"type": "document", "title": "t", "context": "c",
                 "source": {"type": "text", "media_type": "text/plain", "data": "words"}}]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "hm", "signature": "EqQB"},
                {"type": "redacted_thinking", "data": "EmwK"},
                {"type": "tool_use", "id": "t", "name": "f", "input": {"deep": {"er": "x"}}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "result"}]}]}],
        "tools": [{"name": "f", "description": "d", "input_schema": {"type": "object"}}]}, {
        "id": "i", "model": "m", "role": "assistant", "stop_sequence": "stop", "content": [
            {"type": "text", "text": "fine", "citations": [{"type": "char_location", "cited_text": "c"}]}]}))

# What makes a line bad, and where its text then lies.
BAD = (
    ("wrong_type", lambda s: {"status": s}),
    ("wrong_type", lambda s: {"id": [s]}),
    ("wrong_type", lambda s: {"client": s}),
    ("wrong_type", lambda s: {"api": "openai.chat", "request": {"messages": s}}),
    ("wrong_type", lambda s: {"api": "openai.responses", "request": {"input": {s: s}}}),
    ("wrong_type", lambda s: {"api": "anthropic.messages", "request": {"messages": [{"role": "user", "content": {s: s}}]}}),
    ("bad_value", lambda s: {"time": s}),
    ("bad_value", lambda s: {"api": s, "request": {}}),
    ("bad_value", lambda s: {"event": s}),
    ("bad_value", lambda s: {"event": "enforcement", "action": s}),
    ("bad_value", lambda s: {"event": "account", "tier": s}),
    ("bad_value", lambda s: {"id": s * 20}),
    ("bad_value", lambda s: {"account": s * 20}),
    ("missing_key", lambda s: {"id": None, "session": s}),
)


def lines_of(planter, log):
    with open(log, encoding="utf-8") as source:
        for line in source:
            event = json.loads(line)
            account = event.pop("account", None)
            event = planter.walk(event, "")
            if account is not None:
                event["account"] = account
            event["note"] = planter.string("unknown", line)
            yield event
    last = {"time": event["time"], "account": "acct_rich", "status": 200}
    for i, (api, request, response) in enumerate(RICH):
        yield {**last, "id": f"rich_{i}", "api": api, "request": planter.walk(request, ""),
               "response": planter.walk(response, "")}
    yield {**last, "event": "enforcement", "action": "limited", "source": planter.string("source", "")}
    for reason, change in BAD:
        yield {**last, "id": "bad", **change(planter.string(reason, ""))}


def share_cards(log, truth, shared):
    """What is planted breaks conversations and retried tasks: each ten accounts of the campaign get a card of their own."""
    with open(truth, encoding="utf-8") as source:
        members = [row["account"] for row in map(json.loads, source) if row.get("campaign")]
    with open(log, encoding="utf-8") as source, open(shared, "w", encoding="utf-8") as out:
        for event in map(json.loads, source):
            if event.get("event") == "account" and event["account"] in members:
                event["payment"] = f"pi_{members.index(event['account']) // 10}"
            out.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")


def plant(log, planted, strings):
    planter = Planter()
    with open(planted, "w", encoding="utf-8") as out:
        for event in lines_of(planter, log):
            out.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
        out.write(f"not JSON {planter.string('not_json', '')}\n")
        out.write(f'{{"long":"{planter.string("too_long", "") * 40000}"}}\n')
        out.write(f'{{"time":"{event["time"]}","id":"{planter.string("truncated", "")}')
    missing = KINDS - set(planter.strings)
    if missing:
        sys.exit(f"nothing was planted in {sorted(missing)}")
    with open(strings, "w", encoding="utf-8") as out:
        for kind, values in sorted(planter.strings.items()):
            out.writelines(f"{kind} {value}\n" for value in values)
            if kind == "email_domain":
                out.writelines(f"{kind} {value.lower()}\n" for value in values)


def windows(data, n):
    return (data[i:i + n] for i in range(len(data) - n + 1))


def forms(value):
    """(window size, bytes) under which a string could lie in a file."""
    raw = value.encode()
    yield WINDOW, raw
    yield HEX_WINDOW, raw.hex().encode()
    yield HEX_WINDOW, raw.hex().upper().encode()
    for shift in range(3):
        packed = base64.b64encode(b"\0" * shift + raw)
        inside = packed[4 if shift else 0:len(packed) // 4 * 4 - 4]
        yield WINDOW, inside
        yield WINDOW, inside.translate(bytes.maketrans(b"+/", b"-_"))


def search(strings, files):
    wanted = {WINDOW: {}, HEX_WINDOW: {}}
    with open(strings, encoding="utf-8") as source:
        for line in source:
            kind, value = line.split()
            for n, data in forms(value):
                for window in windows(data, n):
                    wanted[n].setdefault(window, kind)
    found = set()
    for path in files:
        with open(path, "rb") as file:
            data = file.read()
        for n, known in wanted.items():
            found.update((path, known[window]) for window in windows(data, n) if window in known)
    for path, kind in sorted(found):
        print(f"{path}: {kind}")
    return bool(found)


def accounts(log, files):
    ids = set()
    with open(log, encoding="utf-8") as source:
        for line in source:
            start = line.find('"account":"')
            if start >= 0:
                ids.add(line[start + 11:line.index('"', start + 11)].encode())
    for path in files:
        with open(path, "rb") as file:
            data = file.read()
        print(path.rsplit("/", 1)[1], sum(account in data for account in ids))


def main():
    command, words = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 3 else sys.exit(__doc__)
    if command == "plant":
        plant(*words)
    elif command == "cards":
        share_cards(*words)
    elif command == "search":
        sys.exit(search(words[0], words[1:]))
    else:
        accounts(words[0], words[1:])


main()
