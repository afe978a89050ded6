"""Who calls, when, and what one exchange looks like in the log."""

import base64
import heapq
import math

from . import bodies
from .identity import DAY_MS, ZONES

OLD_MODEL, NEW_MODEL, SMALL_MODEL = "m-large-1", "m-large-2", "m-small-1"


class Traffic:
    """One run's shared pieces: generator, grammar, world, schedule."""

    def __init__(self, rng, grammar, world, days, release_ms):
        self.rng, self.grammar, self.world = rng, grammar, world
        self.days, self.release_ms = days, release_ms
        self.schedule = []    # heap of (time, order, step): step(time) returns an exchange and may schedule more
        self.n_scheduled = self.n_exchanges = 0

    def at(self, time_ms, step):
        heapq.heappush(self.schedule, (int(time_ms), self.n_scheduled, step))
        self.n_scheduled += 1

    def poisson(self, mean):
        if mean > 30:
            return max(0, round(self.rng.gauss(mean, math.sqrt(mean))))
        limit, n, product = math.exp(-mean), 0, self.rng.random()
        while product > limit:
            n += 1
            product *= self.rng.random()
        return n

    def human_times(self, per_day, country, workdays_only=False):
        """Session starts between morning and midnight of the country's own clock."""
        rng, times = self.rng, []
        for _ in range(self.poisson(per_day * self.days)):
            day = int(rng.random() * self.days)
            if workdays_only and day % 7 >= 5 and rng.random() < 0.9:
                continue
            hour = rng.triangular(9, 19, 14) if workdays_only else rng.triangular(7, 25, 17)
            offset = (day + ((hour - ZONES[country]) % 24) / 24) * DAY_MS
            times.append(self.world.start_ms + int(offset))
        return times

    def steady_times(self, per_day):
        """Machine traffic: all hours alike."""
        n = self.poisson(per_day * self.days)
        return [self.world.start_ms + int(self.rng.random() * self.days * DAY_MS) for _ in range(n)]

    def signature(self):
        return base64.b64encode(self.rng.randbytes(60)).decode()

    def image(self):
        """Not a picture anybody took: the magic of a PNG and noise."""
        return base64.b64encode(b"\x89PNG\r\n\x1a\n" + self.rng.randbytes(self.rng.randint(120, 400))).decode()

    def user(self, text, image=None):
        return {"role": "user", "text": text, "image": image}

    def assistant(self, text, thinking_chars=0, calls=()):
        thinking = self.grammar.text("say", thinking_chars) if thinking_chars else None
        return {"role": "assistant", "text": text, "thinking": thinking,
                "signature": self.signature() if thinking else None, "calls": list(calls)}


class Caller:
    """An account together with the client and dialect it calls with."""

    def __init__(self, traffic, account, client, api, model=OLD_MODEL, moves_after_ms=None, **fixed):
        self.traffic, self.account, self.client, self.api, self.model = traffic, account, client, api, model
        self.moves_at_ms = None if moves_after_ms is None else traffic.release_ms + moves_after_ms
        self.fixed = fixed                  # organization, key, ...: copied to every line
        self.metadata_only = False

    def exchange(self, time_ms, turns, reply, system=None, tools=None, max_tokens=2048, temperature=None,
                 **asserted):
        """The log line for one request; reply None stands for a 429."""
        traffic = self.traffic
        model = NEW_MODEL if self.moves_at_ms is not None and time_ms >= self.moves_at_ms else self.model
        traffic.n_exchanges += 1
        ident = f"req_{traffic.n_exchanges:08d}"
        line = {"event": "exchange", "time": time_ms, "id": ident, "account": self.account}
        line.update(self.fixed)
        line.update(asserted)
        line["client"] = self.client
        line["api"] = self.api
        if not self.metadata_only:
            line["request"] = bodies.request(self.api, model, system, tools, turns, max_tokens, temperature)
        if reply is None:
            line["status"] = 429
            if not self.metadata_only:
                line["response"] = bodies.limited(self.api)
            line["duration_ms"] = traffic.rng.randint(2, 30)
            return line
        n_in = sum(map(bodies.turn_tokens, turns)) + bodies.tokens(system or "") + 120 * len(tools or ())
        n_out = bodies.turn_tokens(reply)
        line["status"] = 200
        if self.metadata_only:
            line["usage"] = {"input_tokens": n_in, "output_tokens": n_out}
        else:
            line["response"] = bodies.response(self.api, model, traffic.world.hex(20), reply, n_in)
        line["duration_ms"] = int(300 + n_out * traffic.rng.uniform(8, 25))
        return line


class Conversation:
    """Turns of one session. Each step is one request that carries everything said so far."""

    def __init__(self, caller, ask, answer, limited_share=0.004, **request):
        self.caller, self.ask, self.answer = caller, ask, answer
        self.limited_share, self.request = limited_share, request
        self.turns = []

    def step(self, time_ms):
        if not self.turns or self.turns[-1]["role"] == "assistant":
            self.turns.extend(self.ask(self.turns))
        if self.caller.traffic.rng.random() < self.limited_share:
            return self.caller.exchange(time_ms, self.turns, None, **self.request)
        reply = self.answer(self.turns)
        line = self.caller.exchange(time_ms, self.turns, reply, **self.request)
        self.turns = self.turns + [reply]
        return line
