"""What the stand-in says: text, tokens, log-probabilities and JSON values, all of them functions of the prompt alone.

A token is a piece of text, most often a word with the space before it; joined, the tokens are the text. The words hold
what breaks careless readers: letters beyond ASCII, quotes, backslashes, line ends, characters of four bytes.
"""

import base64
import hashlib
import hmac
import json
import random

WORDS = ("a able about account after all an and answer any are as at axle back be bearing because been belt before between "
         "bolt both bottom bridge by café can case change check choose clean coil cold come could count current cut data day "
         "do door down drive each edge either end engine even every example fall fast few field file find first fit flow for "
         "form found from gear get go good ground half hand hard has have heat here hold how if in instead into it its just "
         "keep kind last late least left less let level light like line long look loose lower made make many may mean measure "
         "meter more most move much must naïve near need never new next no noise normal not note now number of off often old "
         "on once one only open or other out over own part pass piece place plate point power press proof pump quite rate "
         "read right rise round rule run safe same second see set shaft short should side simple since size slow small so "
         "some soon spring start state step still stop such sure table take test than that the their then there these they "
         "thing this those through time to together too tool top try turn two under up use valve very was water way we weight "
         "well were what when where which while who why will with without word work would yes yet you zone Größe 日本 🙂").split()
TAILS = (".", ".", ".", ".", "?", ":", ".\n", ".\n\n", ' "so".', " (C:\\\\x).")
SIGNING_KEY = b"the stand-in signs its thinking with this"


def seed_of(*parts):
    """The seed that a prompt gives: equal prompts, equal answers."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")).digest()


def rolls(seed, what):
    """A sequence of numbers from 0 to 1 for one purpose. random() is the same in every Python 3."""
    return random.Random(int.from_bytes(hashlib.sha256(seed + what.encode()).digest(), "big")).random


def pick(roll, items):
    return items[int(roll() * len(items))]


def tokens(seed, what, n_least, n_most):
    """n_least to n_most tokens of sentences that mean nothing."""
    roll = rolls(seed, what)
    n_tokens, left, made = n_least + int(roll() * (n_most - n_least + 1)), 0, []
    while len(made) < n_tokens:
        if left == 0 and made:
            made.append(pick(roll, TAILS))
        word = pick(roll, WORDS)
        if left == 0:
            left, word = 4 + int(roll() * 10), word.capitalize()
        made.append(word if not made or made[-1].endswith("\n") else " " + word)
        left -= 1
    return made[:n_tokens]


def stopped(pieces, stops):
    """The tokens up to the first stop sequence, and that sequence; None where none occurs."""
    text = "".join(pieces)
    found = sorted((text.index(stop), stop) for stop in stops if stop and stop in text)
    if not found:
        return pieces, None
    kept, room = [], found[0][0]
    for piece in pieces:
        if room <= 0:
            break
        kept.append(piece[:room])
        room -= len(piece)
    return kept, found[0][1]


def n_tokens_of(value):
    """Tokens that a prompt counts as: four bytes each."""
    return max(1, len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")) // 4)


def logprob(token, roll, n_top):
    """One token's entry, in the form that both OpenAI APIs use; the token itself comes first among the likely ones."""
    def entry(text, value):
        return {"token": text, "logprob": round(value, 6), "bytes": list(text.encode())}
    own = -roll() * 2
    others = [entry(" " + pick(roll, WORDS), own - 1 - i - roll()) for i in range(max(0, n_top - 1))]
    return {**entry(token, own), "top_logprobs": ([entry(token, own)] + others) if n_top else []}


def value_of(schema, roll, depth=0):
    """A value that a JSON schema of the plain kind accepts."""
    if not isinstance(schema, dict) or depth > 8:
        return pick(roll, WORDS)
    if schema.get("enum"):
        return pick(roll, schema["enum"])
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    if kind == "object":
        return {name: value_of(inner, roll, depth + 1) for name, inner in (schema.get("properties") or {}).items()}
    if kind == "array":
        return [value_of(schema.get("items", {}), roll, depth + 1) for _ in range(1 + int(roll() * 2))]
    plain = {"integer": lambda: int(roll() * 100), "number": lambda: round(roll() * 100, 2), "boolean": lambda: roll() < 0.5,
             "null": lambda: None}
    return plain.get(kind, lambda: pick(roll, WORDS) + " " + pick(roll, WORDS))()


def fragments(text, size=12):
    """A text in the pieces that a stream brings it in."""
    return [text[at:at + size] for at in range(0, len(text), size)]


def signature(thinking):
    """What an issued thinking block carries; anything else is a block that this model did not write."""
    return base64.b64encode(hmac.digest(SIGNING_KEY, thinking.encode("utf-8", "surrogatepass"), "sha256")).decode()
