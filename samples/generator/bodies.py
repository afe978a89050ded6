"""Request and response bodies in the three dialects, from one neutral form of a conversation.

A conversation is a list of turns:
  {"role": "user", "text": str, "image": bytes-as-base64 or None}
  {"role": "assistant", "text": str, "thinking": str or None, "signature": str or None,
   "calls": [(id, name, arguments)]}
  {"role": "result", "call": id, "text": str}
A tool is (name, description, JSON schema).
"""

import json

CHAT, RESPONSES, MESSAGES = "openai.chat", "openai.responses", "anthropic.messages"


def tokens(text):
    return len(text) // 4 + 1


def turn_tokens(turn):
    size = tokens(turn["text"]) + tokens(turn.get("thinking") or "")
    size += sum(tokens(json.dumps(arguments)) + 4 for _, _, arguments in turn.get("calls", ()))
    return size + (300 if turn.get("image") else 0)


def request(api, model, system, tools, turns, max_tokens, temperature=None):
    body = {"model": model}
    if api == CHAT:
        head = [{"role": "system", "content": system}] if system else []
        body["messages"] = head + [m for turn in turns for m in _chat_messages(turn)]
        if tools:
            body["tools"] = [{"type": "function", "function": {"name": n, "description": d, "parameters": s}}
                             for n, d, s in tools]
        body["max_completion_tokens"] = max_tokens
    elif api == RESPONSES:
        if system:
            body["instructions"] = system
        body["input"] = [item for turn in turns for item in _response_items(turn)]
        if tools:
            body["tools"] = [{"type": "function", "name": n, "description": d, "parameters": s} for n, d, s in tools]
        body["max_output_tokens"] = max_tokens
    else:
        if system:
            body["system"] = [{"type": "text", "text": system}] if tools else system
        body["messages"] = [_anthropic_message(turn) for turn in turns]
        if tools:
            body["tools"] = [{"name": n, "description": d, "input_schema": s} for n, d, s in tools]
        body["max_tokens"] = max_tokens
        if any(turn.get("thinking") for turn in turns):
            body["thinking"] = {"type": "enabled", "budget_tokens": 2048}
    if temperature is not None:
        body["temperature"] = temperature
    return body


def response(api, model, ident, turn, input_tokens):
    output_tokens = turn_tokens(turn)
    calls = turn["calls"]
    if api == CHAT:
        message = _chat_messages(turn)[0]
        usage = {"prompt_tokens": input_tokens, "completion_tokens": output_tokens,
                 "total_tokens": input_tokens + output_tokens}
        return {"id": "chatcmpl-" + ident, "object": "chat.completion", "model": model, "usage": usage,
                "choices": [{"index": 0, "finish_reason": "tool_calls" if calls else "stop", "message": message}]}
    if api == RESPONSES:
        usage = {"input_tokens": input_tokens, "output_tokens": output_tokens,
                 "total_tokens": input_tokens + output_tokens}
        return {"id": "resp_" + ident, "object": "response", "status": "completed", "model": model,
                "output": _response_items(turn), "usage": usage}
    return {"id": "msg_" + ident, "type": "message", "role": "assistant", "model": model,
            "content": _anthropic_message(turn)["content"], "stop_reason": "tool_use" if calls else "end_turn",
            "stop_sequence": None, "usage": {"input_tokens": input_tokens, "output_tokens": output_tokens}}


def limited(api):
    """The body of a 429 in the dialect's own envelope."""
    if api == MESSAGES:
        return {"type": "error", "error": {"type": "rate_limit_error", "message": "Too many requests."}}
    return {"error": {"message": "Too many requests.", "type": "requests", "param": None,
                      "code": "rate_limit_exceeded"}}


def _chat_messages(turn):
    if turn["role"] == "result":
        return [{"role": "tool", "tool_call_id": turn["call"], "content": turn["text"]}]
    if turn["role"] == "user":
        if not turn.get("image"):
            return [{"role": "user", "content": turn["text"]}]
        url = {"url": "data:image/png;base64," + turn["image"]}
        return [{"role": "user", "content": [{"type": "text", "text": turn["text"]},
                                             {"type": "image_url", "image_url": url}]}]
    message = {"role": "assistant", "content": turn["text"] or None}
    if turn["calls"]:
        message["tool_calls"] = [{"id": i, "type": "function", "function": {"name": n, "arguments": json.dumps(a)}}
                                 for i, n, a in turn["calls"]]
    return [message]


def _response_items(turn):
    if turn["role"] == "result":
        return [{"type": "function_call_output", "call_id": turn["call"], "output": turn["text"]}]
    if turn["role"] == "user":
        content = [{"type": "input_text", "text": turn["text"]}]
        if turn.get("image"):
            content.append({"type": "input_image", "image_url": "data:image/png;base64," + turn["image"]})
        return [{"role": "user", "content": content}]
    items = []
    if turn["signature"]:
        items.append({"type": "reasoning", "id": "rs_" + turn["signature"][:12], "summary": [],
                      "encrypted_content": turn["signature"]})
    if turn["text"]:
        items.append({"type": "message", "role": "assistant",
                      "content": [{"type": "output_text", "text": turn["text"], "annotations": []}]})
    for ident, name, arguments in turn["calls"]:
        items.append({"type": "function_call", "call_id": ident, "name": name, "arguments": json.dumps(arguments)})
    return items


def _anthropic_message(turn):
    if turn["role"] == "result":
        result = {"type": "tool_result", "tool_use_id": turn["call"], "content": turn["text"]}
        return {"role": "user", "content": [result]}
    if turn["role"] == "user":
        if not turn.get("image"):
            return {"role": "user", "content": turn["text"]}
        source = {"type": "base64", "media_type": "image/png", "data": turn["image"]}
        parts = [{"type": "image", "source": source}, {"type": "text", "text": turn["text"]}]
        return {"role": "user", "content": parts}
    content = []
    if turn["thinking"]:
        content.append({"type": "thinking", "thinking": turn["thinking"], "signature": turn["signature"]})
    if turn["text"]:
        content.append({"type": "text", "text": turn["text"]})
    content += [{"type": "tool_use", "id": i, "name": n, "input": a} for i, n, a in turn["calls"]]
    return {"role": "assistant", "content": content}
