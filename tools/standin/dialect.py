"""What the three APIs share: a refusal, error envelopes, events of a stream, and reading of common fields."""

import json

CREATED = 1_760_000_000  # every answer was made at this second: the same request gives the same bytes
MODELS = ("standin-large", "standin-small")
OPENAI_ERRORS = {400: ("invalid_request_error", None), 401: ("invalid_request_error", "invalid_api_key"),
                 403: ("invalid_request_error", "unsupported_country_region_territory"),
                 404: ("invalid_request_error", "model_not_found"), 413: ("invalid_request_error", "request_too_large"),
                 429: ("requests", "rate_limit_exceeded"), 503: ("server_error", "overloaded")}
ANTHROPIC_ERRORS = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error",
                    404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error", 529: "overloaded_error"}


class Refused(Exception):
    """The request is answered with an error: status, text, and the field that is at fault."""

    def __init__(self, status, message, param=None):
        super().__init__(message)
        self.status, self.message, self.param = status, message, param


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def error_body(anthropic, status, message, param=None):
    if anthropic:
        kind = ANTHROPIC_ERRORS.get(status, "invalid_request_error" if status < 500 else "api_error")
        return {"type": "error", "error": {"type": kind, "message": message}}
    kind, code = OPENAI_ERRORS.get(status, ("server_error" if status >= 500 else "invalid_request_error", None))
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def data_event(value):
    """An event without a name, as chat completions streams them."""
    return f"data: {compact(value)}\n\n".encode("utf-8", "surrogatepass")


def named_event(value):
    """An event whose name is its type, as the Responses and Messages APIs stream them."""
    return f"event: {value['type']}\ndata: {compact(value)}\n\n".encode("utf-8", "surrogatepass")


def need(body, name, kind, what):
    """A field that must be there and of its type (Refused 400)."""
    if name not in body:
        raise Refused(400, f"Missing required parameter: '{name}'.", name)
    return checked(body, name, kind, what)


def checked(body, name, kind, what, default=None):
    """An optional field; null counts as absent. True and False are no integers here."""
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise Refused(400, f"Invalid type for '{name}': expected {what}.", name)
    return value


def at_most(body, name, least, most, default=None):
    """An optional integer within its range."""
    value = checked(body, name, int, "an integer", default)
    if value is not None and not least <= value <= most:
        raise Refused(400, f"Invalid '{name}': integer out of range, expected {least} to {most}.", name)
    return value


def chosen_tool(tools, choice, name_of):
    """The tool to call: the one that `choice` names, else the first; None where there is none or none is wanted."""
    if choice == "none" or (isinstance(choice, dict) and choice.get("type") == "none"):
        return None
    known = [tool for tool in tools if isinstance(tool, dict) and name_of(tool)]
    wanted = isinstance(choice, dict) and (choice.get("name") or (choice.get("function") or {}).get("name"))
    if not wanted:
        return known[0] if known else None
    for tool in known:
        if name_of(tool) == wanted:
            return tool
    raise Refused(400, f"Tool choice '{wanted}' not found in 'tools'.", "tool_choice")
