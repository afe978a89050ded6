"""One distillation campaign of the simplest patient kind: many accounts at a light user's rate, one frame.

What ties the accounts is what such campaigns have been seen to leave: a frame of their own, a list of tasks
dealt out so that hardly any is asked twice, work that moves on within seconds when an account is limited or
suspended, answers of one account checked by another, and a third of the accounts on a few cards. Names,
addresses, devices and mail domains are as diverse as those of customers.
"""

from . import bodies
from .identity import DAY_MS
from .traffic import Caller

SYSTEM = """You write worked solutions for a reference collection.
Number every step. State each intermediate result and why it follows. Leave nothing to the reader."""
FRAME = """Work on the problem below.

Problem:
{}

Put the complete chain of steps between <work> and </work> and the outcome between <outcome> and </outcome>."""
CHECK = """Below is a problem and a solution by a colleague. Grade the solution from 1 to 10 for rigour and
completeness, then rewrite it without its flaws.

Problem:
{}

Solution:
{}"""

SUSPENDED = 0.12                # this share of the accounts is caught early; as many wait in reserve
CHECKED, LIMITED = 0.06, 0.03   # share of requests that grade another account's answer, that meet a 429


class Campaign:
    def __init__(self, traffic, n_accounts, per_account_day, start_ms, end_ms, name="c1"):
        self.traffic, self.name = traffic, name
        self.extraction = []            # ids of the answered exchanges
        self.finished = []              # (account, task, answer), for the checker
        self.retry = None               # a task that met a limit and goes to another account
        rng = traffic.rng
        cards = ["pi_" + traffic.world.hex(10) for _ in range(max(2, n_accounts // 15))]
        callers = [self._join(cards, start_ms) for _ in range(n_accounts)]
        n_reserve = int(n_accounts * SUSPENDED)
        self.active, self.reserve = callers[n_reserve:], callers[:n_reserve]
        self.suspended_ms = {}
        self._plan_suspensions(n_reserve, start_ms, end_ms)
        n = int(len(self.active) * per_account_day * (end_ms - start_ms) / DAY_MS)
        for _ in range(n):
            traffic.at(start_ms + int(rng.random() * (end_ms - start_ms)), self.step)

    def _join(self, cards, start_ms):
        traffic = self.traffic
        rng, world = traffic.rng, traffic.world
        client = world.client(hosting=rng.random() < 0.3, software=rng.choice(world.software[:3]))
        joined = start_ms - int(rng.uniform(0.05, 20) * DAY_MS)
        known = {"payment": rng.choice(cards)} if rng.random() < 1 / 3 else {}
        account = world.account("campaign", client, 0, campaign=self.name, joined_ms=joined, **known)
        api = rng.choice((bodies.CHAT, bodies.CHAT, bodies.MESSAGES))
        return Caller(traffic, account, client, api, moves_after_ms=int(rng.uniform(0.1, 0.9) * DAY_MS))

    def _plan_suspensions(self, n, start_ms, end_ms):
        """The provider's billing checks catch a few; accounts from the reserve take their place at once."""
        rng = self.traffic.rng
        for caller in rng.sample(self.active, n):
            time = int(start_ms + rng.uniform(0.3, 0.9) * (end_ms - start_ms))
            self.traffic.world.events.append({"event": "enforcement", "time": time, "account": caller.account,
                                              "action": "suspended", "source": "billing review"})
            self.suspended_ms[caller.account] = time

    def _pick(self, time_ms):
        for i, caller in enumerate(self.active):
            if self.suspended_ms.get(caller.account, time_ms) < time_ms:
                self.active[i] = self.reserve.pop()
        return self.traffic.rng.choice(self.active)

    def step(self, time_ms):
        traffic = self.traffic
        rng, grammar = traffic.rng, traffic.grammar
        caller = self._pick(time_ms)
        if self.retry is None and self.finished and rng.random() < CHECKED:
            account, task, answer = rng.choice(self.finished)
            if account != caller.account:
                return self._send(caller, time_ms, None, CHECK.format(task, answer),
                                  f"Grade {rng.randint(5, 9)}. {grammar.answer(500)}")
        task = self.retry or grammar.text("task", rng.choice((60, 60, 160)))
        self.retry = None
        if rng.random() < LIMITED:
            self.retry = task
            traffic.at(time_ms + rng.randint(800, 6_000), self.step)
            turns = [traffic.user(FRAME.format(task))]
            return caller.exchange(time_ms, turns, None, system=SYSTEM, max_tokens=8192)
        answer = f"<work>\n{grammar.answer(rng.randint(400, 1100))}\n</work>\n<outcome>{grammar.word('n')}</outcome>"
        self.finished.append((caller.account, task, answer))
        del self.finished[:-50]
        return self._send(caller, time_ms, SYSTEM, FRAME.format(task), answer)

    def _send(self, caller, time_ms, system, text, answer):
        traffic = self.traffic
        line = caller.exchange(time_ms, [traffic.user(text)], traffic.assistant(answer), system=system,
                               max_tokens=8192, temperature=1.0)
        self.extraction.append(line["id"])
        return line
