"""Faults that a request asks for: header `x-standin-fault: NAME[:NUMBER][, ...]`, or a model named `fault-NAME[-NUMBER]`.

  error:STATUS   the provider's own error (500)
  retry:N        429 with Retry-After N to the first of two equal requests, the answer to the second (1)
  hang:SECONDS   no answer until then, or until the client leaves (3600)
  slow:MS        so long before an answer, and between the events of a stream (20)
  garbage        a body that is no JSON; in a stream, one event that is none among the others
  split:BYTES    a stream in pieces of so many bytes (1)
  stall:N        N events of a stream, then silence (2)
  cut:N          N events of a stream, or half a plain answer, then the connection ends (2)
  reset:N        N events of a stream, or half a plain answer, then a reset (2)
  short:N        N events of a stream, then a well-formed end without the others (2)
"""

import re

DEFAULTS = {"error": 500, "retry": 1, "garbage": 0, "hang": 3600, "slow": 20, "stall": 2, "cut": 2, "short": 2, "reset": 2,
            "split": 1}
ENDINGS = ("stall", "cut", "short", "reset")
GARBAGE = b'{"id": "x", "choices": [{"index": 0, \xff\xfe \x00 not JSON'
WORD = re.compile(r"^([a-z]+)(?::(\d{1,9}))?$")
MODEL = re.compile(r"^fault-([a-z]+)(?:-(\d{1,9}))?$")


class Unknown(Exception):
    """A fault that is not in the table; the request gets a 400, so that no test asks in vain."""


def parse(header, model):
    """{name: number} of the faults that are asked for."""
    words = [word.strip() for word in header.split(",") if word.strip()]
    matches = [(word, WORD.match(word)) for word in words]
    if isinstance(model, str) and model.startswith("fault-"):
        matches.append((model, MODEL.match(model)))
    asked = {}
    for word, match in matches:
        if match is None or match.group(1) not in DEFAULTS:
            raise Unknown(f"no such fault: {word}")
        asked[match.group(1)] = DEFAULTS[match.group(1)] if match.group(2) is None else int(match.group(2))
    if not 400 <= asked.get("error", 500) <= 599:
        raise Unknown(f"no status of an error: {asked['error']}")
    return asked


def pieces(events, asked):
    """The pieces that a stream is sent in, an event each, fewer or smaller as asked; how it ends: one of ENDINGS or None."""
    ending = next((name for name in ENDINGS if name in asked), None)
    parts = list(events)
    if "garbage" in asked:
        parts.insert(1, b"data: " + GARBAGE.replace(b"\n", b" ") + b"\n\n")
    if ending:
        parts = parts[:asked[ending]]
    if "split" in asked:
        size, whole = max(1, asked["split"]), b"".join(parts)
        parts = [whole[at:at + size] for at in range(0, len(whole), size)]
    return parts, ending
