"""Four campaigns over many accounts. What they send is real; how they spread it is dispatched here.

Each has a job queue that its accounts share: no job twice (but k samples of one task where the campaign wants k), about
even load, never more than the daily limit, jobs that meet a rate limit mostly handed to another account.
"""

import frames
from arrivals import DAY_MS, END_MS, pause
from dialect import Ask
from identity import hexes
from populations import chat_asks, single_question, task_text

DAILY = 30
SAMPLES = 5  # answers wanted for each code task
DONORS = ("individual_single", "individual_multi", "support_bot", "batch", "evaluation", "judge", "cot_research", "start_up")


class Campaign:
    def __init__(self, world, name, accounts, start_day, end_day, per_day):
        self.world, self.name = world, name
        self.rng = world.rng("campaign:" + name)
        self.per_day = per_day
        self.start = int((start_day + self.rng.uniform(0, 0.8)) * DAY_MS)
        self.end = int(min(13.95, end_day + self.rng.uniform(0, 0.6)) * DAY_MS)
        donors = [a for a in world.registry.accounts if a.population in DONORS]
        self.accounts = [world.registry.operated(self.rng, name, donors, self.end - DAY_MS)
                         for _ in range(world.count(accounts, 12))]
        self.weight = {a.id: self.rng.lognormvariate(0.0, 0.3) for a in self.accounts}
        self.burst = {a.id: self.rng.choice((1, 1, 2, 3, 4, 6)) for a in self.accounts}  # jobs that a worker claims at once
        self.used = {}
        self.out = {}  # account -> when something outside suspended it
        self.stay = {a.id: self._stay(a) for a in self.accounts}
        self._share_payments()
        self._lose_some()
        self._past_lives()

    def _stay(self, a):
        """When the account works: some join late, some are retired early."""
        room = self.end - self.start
        join = self.start + (int(self.rng.uniform(0, 0.6) * room) if self.rng.random() < 0.3 else 0)
        leave = self.end - (int(self.rng.uniform(0, 0.6) * room) if self.rng.random() < 0.35 else 0)
        join = max(join, a.born + 3_600_000)
        return join, max(leave, min(END_MS, join + DAY_MS))

    def _share_payments(self):
        """A third pay from a small pool of instruments, each used by three to eight accounts."""
        able = [a for a in self.accounts if a.payment]
        some = self.rng.sample(able, min(len(able), len(self.accounts) // 3))
        while len(some) >= 3:
            group = [some.pop() for _ in range(min(len(some), self.rng.randrange(3, 9)))]
            for a in group[1:]:
                a.payment = group[0].payment

    def _lose_some(self):
        for a in self.rng.sample(self.accounts, max(0, len(self.accounts) // 60)):
            join, leave = self.stay[a.id]
            at = self.rng.randrange(join, leave)
            self.out[a.id] = at
            event = {"account": a.id, "action": "suspended", "source": self.rng.choice(SOURCES)}
            self.world.events.append((at, event))

    def _past_lives(self):
        """A fifth of the accounts had an ordinary life before: a few questions and chats."""
        for a in self.rng.sample(self.accounts, len(self.accounts) // 5):
            if a.born < self.start - DAY_MS:
                for t in self.world.arrivals.people(self.rng, self.rng.randrange(2, 9), a.zone, a.born, self.start):
                    self.world.asks.append(cover_question(self, a, t))

    def alive(self, a, t):
        return self.stay[a.id][0] <= t < min(self.stay[a.id][1], self.out.get(a.id, END_MS))

    def room(self, a, t):
        return self.used.get((a.id, t // DAY_MS), 0) < DAILY

    def other(self, t, than):
        for _ in range(60):
            a = self.rng.choice(self.accounts)
            if a is not than and self.alive(a, t) and self.room(a, t):
                return a
        return None

    def place(self, a, t, turns, output, system, n=None):
        ask = Ask(t, a, turns, output, n=n, system=system)
        ask.extraction = True
        ask.session = hexes(self.rng, 12) if a.session_on else None
        ask.end_user = a.end_user
        key = a.id, t // DAY_MS
        self.used[key] = self.used.get(key, 0) + 1
        self.world.asks.append(ask)
        return ask

    def slots(self):
        """(time, account) for every job, day by day: each account gets its share, in claims of a few jobs, at flat-ish hours."""
        out = []
        day = self.start // DAY_MS
        while day * DAY_MS < self.end:
            low, high = max(self.start, day * DAY_MS), min(self.end, (day + 1) * DAY_MS)
            line = []
            for a in self.accounts:
                start, stop = max(low, self.stay[a.id][0]), min(high, self.stay[a.id][1])
                if start >= stop:
                    continue
                share = self.per_day * self.weight[a.id] * (stop - start) / DAY_MS
                quota = min(DAILY - 3, int(share * self.rng.uniform(0.75, 1.25) + self.rng.random()))
                while quota > 0:
                    t = self.hour(start, stop)
                    for _ in range(min(quota, 1 + self.rng.randrange(2 * self.burst[a.id] - 1))):
                        line.append((min(stop - 1, t), a))
                        t += pause(self.rng, 45, 0.9)
                        quota -= 1
            out += line
            day += 1
        out.sort(key=lambda s: (s[0], s[1].id))
        return [(t, a) for t, a in out if self.alive(a, t)]

    def hour(self, low, high):
        """A time in [low, high): flat, a little fuller in the second half of the UTC day."""
        while True:
            t = self.rng.randrange(low, high)
            if self.rng.random() < (1.0 if t % DAY_MS > DAY_MS // 2 else 0.8):
                return t

    def send(self, a, t, text, answer, system=None, follow=0.0):
        """One job: tried, handed over when it meets a limit, now and then followed up."""
        if not self.room(a, t):
            a = self.other(t, a)
            if a is None:
                return
        if self.rng.random() < 0.02:  # rate limit
            self.place(a, t, [("user", text)], None, system).status = 429
            t += pause(self.rng, 7, 0.6)
            if self.rng.random() < 0.65:
                a = self.other(t, a) or a
        if t >= END_MS or not self.room(a, t):
            return
        self.place(a, t, [("user", text)], answer, system)
        if self.rng.random() < follow and self.room(a, t):
            turns = [("user", text), ("assistant", answer), ("user", self.rng.choice(frames.FOLLOW_UPS))]
            t += pause(self.rng, 40)
            if self.rng.random() < 0.15 and t < END_MS:  # the conversation moves, with what it was given
                self.place(a, t, turns, None, system).status = 429
                t += pause(self.rng, 7, 0.6)
                a = self.other(t, a) or a
            if t < END_MS and self.room(a, t):
                self.place(a, t, turns, answer.split("\n")[0] + " " + self.world.sources.filler(self.rng), system)


SOURCES = ["trust-desk", "billing review", "card dispute", "abuse report"]


def cover_question(campaign, a, t):
    x = campaign.rng.random()
    if x < 0.45:
        q, choices, right = campaign.world.sources.take("trivia_cover")
        text = task_text(q, ", ".join(choices[:-1]) + " or " + choices[-1] + "?")
        answer = right + ". " + campaign.world.sources.filler(campaign.rng)
    else:
        text, answer = single_question(campaign.world, campaign.rng)
    ask = Ask(t, a, [("user", text)], answer, system=a.system)
    ask.session = hexes(campaign.rng, 12) if a.session_on else None
    ask.end_user = a.end_user
    return ask


def collect(world):
    """(a) Responses to a large instruction list, one fixed frame."""
    c = Campaign(world, "collect", 200, 2.6, 13.3, 16.5)
    for t, a in c.slots():
        task, given, answer = world.sources.take("alpaca_framed")
        material = frames.COLLECT_MATERIAL.format(given=given) if given else ""
        c.send(a, t, frames.COLLECT.format(task=task, material=material), answer, follow=0.05)


def reference(world):
    """(b) Worked code solutions, several samples of each task, a system prompt of its own."""
    c = Campaign(world, "reference", 120, 2.0, 13.2, 17.5)
    slots = c.slots()
    tasks = list(world.sources.code_tasks)
    c.rng.shuffle(tasks)
    k = max(SAMPLES, -(-len(slots) // len(tasks)))
    queue = [task for task in tasks[: -(-len(slots) // k)] for _ in range(k)]
    c.rng.shuffle(queue)
    for (t, a), (task, given, answer) in zip(slots, queue):
        material = frames.REFERENCE_MATERIAL.format(given=given) if given else ""
        plan = world.sources.filler(c.rng)
        text = f"Plan\n{plan}\n\nCode\n{answer}" if c.rng.random() < 0.7 else answer
        c.send(a, t, frames.REFERENCE.format(task=task, material=material), text, frames.REFERENCE_SYSTEM, follow=0.05)


def generate(world):
    """(c) Self-instruct: the published generator prompt with three random seeds, answered by a numbered list of tasks."""
    c = Campaign(world, "generate", 60, 4.2, 13.4, 15.5)
    made = set()
    for t, a in c.slots():
        three = tuple(c.rng.sample(range(len(world.sources.seed_tasks)), 3))
        while three in made:
            three = tuple(c.rng.sample(range(len(world.sources.seed_tasks)), 3))
        made.add(three)
        text = world.sources.generator_prompt + "\n"
        for i, k in enumerate(three):
            task, given, answer = world.sources.seed_tasks[k]
            text += f"###\n{i + 1}. Instruction: {task}\n{i + 1}. Input:\n{given or '<noinput>'}\n{i + 1}. Output:\n{answer}\n"
        text += "###\n4. Instruction:"
        rows = []
        for i in range(c.rng.randrange(6, 14)):
            task, given, answer = c.rng.choice(world.sources.pools["alpaca_generated"].items)
            head = f" {task}" if i == 0 else f"###\n{i + 4}. Instruction: {task}"
            rows.append(f"{head}\n{i + 4}. Input:\n{given or '<noinput>'}\n{i + 4}. Output:\n{answer}")
        c.send(a, t, text, "\n".join(rows))


def bare(world):
    """(d) The hard one: raw instructions without a frame, half of each account's traffic is ordinary chat."""
    c = Campaign(world, "bare", 60, 1.6, 13.4, 11.0)
    for t, a in c.slots():
        task, given, answer = world.sources.take("alpaca_raw")
        c.send(a, t, task_text(task, given), answer, a.system)
    mixed = sum(1 for ask in world.asks if ask.extraction and ask.account.campaign == "bare")
    while mixed > 0:
        a = c.rng.choice(c.accounts)
        t = world.arrivals.people(c.rng, 1, a.zone, *c.stay[a.id])[0]
        if not c.alive(a, t):
            mixed -= 1
            continue
        if c.rng.random() < 0.16:
            asks = chat_asks(c.rng, a, world.sources.take("chats_cover"), t, END_MS, a.system)
        else:
            asks = [cover_question(c, a, t + pause(c.rng, 60) * k) for k in range(1 + int(c.rng.expovariate(0.6)))]
        asks = [ask for ask in asks if ask.t < min(END_MS, c.out.get(a.id, END_MS))]
        world.asks.extend(asks)
        mixed -= max(1, len(asks))


ALL = [collect, reference, generate, bare]
GATED = ["collect", "reference", "generate"]
