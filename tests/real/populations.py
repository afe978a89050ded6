"""The benign accounts: people, products, batch jobs, evaluations, agents, a course, families.

Each function adds the accounts of one population and plans their exchanges. Volumes are per account; `scale` changes the
number of accounts only.
"""

import random

import frames
from arrivals import DAY_MS, END_MS, pause
from dialect import Ask
from identity import hexes
from sources import fill_call

CAP = 3200  # exchanges of the largest benign tenant


class World:
    def __init__(self, sources, arrivals, registry, seed, scale):
        self.sources, self.arrivals, self.registry = sources, arrivals, registry
        self.seed, self.scale = seed, scale
        self.asks = []
        self.events = []  # (time, event)

    def rng(self, name):
        return random.Random(f"{self.seed}:{name}")

    def count(self, n, least=1):
        return max(least, round(n * self.scale))

    def size(self, rng, median, sigma=0.9, least=1):
        return max(least, min(CAP, int(median * rng.lognormvariate(0.0, sigma))))

    def add(self, asks):
        self.asks.extend(asks)


def task_text(task, given):
    return task + "\n\n" + given if given else task


def public_prompt(world, rng):
    """A published system prompt; each serves dozens of unrelated accounts, some many more than others."""
    prompts = world.sources.public_prompts
    return rng.choices(prompts, [1 / (i + 4) for i in range(len(prompts))])[0]


def span(rng, a):
    """When a person is active: from sign-up or from anywhere, often to the end."""
    if rng.random() < 0.6:
        return a.born, END_MS
    start = rng.randrange(a.born, max(a.born + 1, END_MS - DAY_MS))
    return start, min(END_MS, start + int(rng.uniform(1, 9) * DAY_MS))


def habit(rng):
    """What a person always writes around a question: (before, after)."""
    some = rng.sample(frames.HABITS, rng.randrange(2, 9))
    k = rng.choice((0, 0, len(some), rng.randrange(len(some))))
    return " ".join(some[:k]) + ("\n\n" if k else ""), ("\n\n" if k < len(some) else "") + " ".join(some[k:])


def single_question(world, rng):
    """Something that one person asks once, with the real answer where there is one."""
    s = world.sources
    x = rng.random()
    if x < 0.33:
        task, given, answer = s.take("alpaca_people")
    elif x < 0.44:
        task, given, answer = s.take("asked")
    elif x < 0.455:
        task, given, answer = s.take("code_people")
    elif x < 0.605:
        task, given, answer = s.take("bank_people")[0], "", None
    elif x < 0.815:
        q, choices, right = s.take("trivia_people")
        task, given, answer = q, ", ".join(choices[:-1]) + " or " + choices[-1] + "?", right + ". " + s.filler(rng)
    else:
        (task, answer), given = s.take("openers"), ""
    return task_text(task, given), answer or s.filler(rng)


def chat_asks(rng, a, turns, t, end, system=None, first=0, gap_s=45):
    """One exchange per answer of a dialogue, the history carried along."""
    asks, session = [], hexes(rng, 12) if a.session_on else None
    for n in range(first + 1, len(turns), 2):
        if turns[n - 1][0] != "user" or turns[n][0] != "assistant":
            break
        if t >= end:
            break
        ask = Ask(t, a, turns, turns[n][1], n=n, system=system)
        ask.session, ask.end_user = session, a.end_user
        asks.append(ask)
        t += pause(rng, gap_s)
    return asks


def people_single(world):
    rng = world.rng("people_single")
    for _ in range(world.count(960, 12)):
        a = world.registry.benign(rng, "individual_single", machine=False)
        a.system = public_prompt(world, rng) if rng.random() < 0.45 else None
        start, end = span(rng, a)
        n = world.size(rng, 8, 1.15)
        before, after = habit(rng) if rng.random() < 0.3 else ("", "")
        for t in world.arrivals.people(rng, max(1, n // 3), a.zone, start, end):
            session = hexes(rng, 12) if a.session_on else None
            for _ in range(1 + int(rng.expovariate(0.5))):
                text, answer = single_question(world, rng)
                ask = Ask(t, a, [("user", before + text + after)], answer, system=a.system)
                ask.session, ask.end_user = session, a.end_user
                world.asks.append(ask)
                t += pause(rng, 90)
                if t >= END_MS:
                    break


def dialogue(world, rng):
    return world.sources.take("talks" if rng.random() < 0.24 else "chats")


def people_multi(world):
    rng = world.rng("people_multi")
    for _ in range(world.count(560, 8)):
        a = world.registry.benign(rng, "individual_multi", machine=False)
        a.system = public_prompt(world, rng) if rng.random() < 0.45 else None
        start, end = span(rng, a)
        before, after = habit(rng) if rng.random() < 0.3 else ("", "")
        for t in world.arrivals.people(rng, world.size(rng, 7, 0.95), a.zone, start, end):
            if rng.random() < 0.3:
                text, answer = single_question(world, rng)
                world.add(chat_asks(rng, a, [("user", before + text + after), ("assistant", answer)], t, END_MS, a.system))
            else:
                turns = dialogue(world, rng)
                turns = [("user", before + turns[0][1] + after)] + turns[1:]
                world.add(chat_asks(rng, a, turns, t, END_MS, a.system))


def people_twice(world):
    """One person, two accounts: conversations begun on one go on, with their history, on the other."""
    rng = world.rng("people_twice")
    for _ in range(world.count(26)):
        pair = [world.registry.benign(rng, "two_accounts", machine=False) for _ in range(2)]
        pair[1].country, pair[1].zone, pair[1].device = pair[0].country, pair[0].zone, pair[0].device
        pair[1].ips[0] = pair[0].ips[0]
        if rng.random() < 0.5:
            pair[1].user_agent, pair[1].client = pair[0].user_agent, pair[0].client
            pair[1].headers, pair[1].ja4, pair[1].api = pair[0].headers, pair[0].ja4, pair[0].api
        born = max(a.born for a in pair)
        for t in world.arrivals.people(rng, world.size(rng, 9, 0.5, 3), pair[0].zone, min(born, 10 * DAY_MS), END_MS):
            t = max(t, born)
            turns = dialogue(world, rng)
            one = rng.randrange(2)
            asks = chat_asks(rng, pair[one], turns, t, END_MS)
            if len(asks) > 2 and rng.random() < 0.35:
                k = rng.randrange(1, len(asks))
                later = asks[k - 1].t + pause(rng, 400, 1.0)
                asks = asks[:k] + chat_asks(rng, pair[1 - one], turns, later, END_MS, first=2 * k)
            world.add(asks)


def bot_prompt(world, rng, firm, topic):
    fill = {"name": world.registry.word(rng).title(), "firm": firm, "topic": topic}
    parts = [rng.choice(frames.BOT_ROLE), rng.choice(frames.BOT_SCOPE)] + rng.sample(frames.BOT_STYLE, rng.randrange(2, 6))
    return " ".join(parts).format(**fill)


def service_bots(world):
    """Customer dialogues: firms of one trade share flows and phrases, not prompts."""
    rng = world.rng("service_bots")
    services = sorted(world.sources.by_service)
    for _ in range(world.count(64, 3)):
        service = rng.choices(services, [world.sources.by_service[s].left() + 1 for s in services])[0]
        pool = world.sources.by_service[service]
        firm = world.registry.word(rng).title()
        a = world.registry.benign(rng, "support_bot", machine=True)
        a.email = firm.lower() + ".com"
        system = public_prompt(world, rng) if rng.random() < 0.15 else bot_prompt(world, rng, firm, service.lower())
        for t in world.arrivals.tenant(rng, min(max(5, pool.left() * 2 // 3), world.size(rng, 46, 0.7, 5)), a.born):
            asks = chat_asks(rng, a, pool.take(), t, END_MS, system, gap_s=22)
            user = hexes(rng, 12) if rng.random() < 0.5 else None
            for ask in asks:
                ask.end_user = user
            world.add(asks)


def label_bots(world):
    """One-purpose tenants: sort a message, read a table request."""
    rng = world.rng("label_bots")
    for i in range(world.count(52, 3)):
        firm = world.registry.word(rng).title()
        a = world.registry.benign(rng, "support_bot", machine=True)
        a.email = firm.lower() + ".io"
        labels = rng.sample(world.sources.bank_labels, rng.randrange(20, 60))
        if i % 3:
            system = f"{firm}. " + rng.choice(frames.LABEL_TASK).format(labels=", ".join(labels))
            user = rng.choice(frames.LABEL_USER)
        else:
            system = rng.choice(frames.TABLE_TASK).format(firm=firm)
            user = "{text}"
        for t in world.arrivals.tenant(rng, world.size(rng, 210, 0.8, 20), a.born):
            text, answer = world.sources.take("bank" if i % 3 else "tables")
            ask = Ask(t, a, [("user", user.format(text=text))], answer, system=system)
            ask.end_user = hexes(rng, 12) if a.end_user else None
            world.asks.append(ask)


def batch_tenants(world):
    """One template, many inputs. Some families are run by two unrelated firms, each on inputs of its own."""
    rng = world.rng("batch_tenants")
    families = list(world.sources.families)
    n = world.count(150, 4)
    shared = families[: max(1, n // 12)]
    jobs = [[] for _ in range(n)]
    for rows in shared:
        one, two = rng.sample(range(n), 2)
        jobs[one].append(rows[: len(rows) // 2])
        jobs[two].append(rows[len(rows) // 2 :])
    big = max(1, n // 20)
    rest = families[len(shared) : len(shared) + int(n * 1.6)]
    for i, rows in enumerate(rest):
        jobs[i if i < n else rng.choice([rng.randrange(n), rng.randrange(big)])].append(rows)
    for mine in jobs:
        mine = mine[:14]
        a = world.registry.benign(rng, "batch", machine=True)
        system = public_prompt(world, rng) if rng.random() < 0.12 else None
        todo = [row for rows in mine for row in rows][:CAP]
        if not todo:
            todo = rng.choice(families)[:80]
        keep = max(30, int(len(todo) * rng.uniform(0.55, 1.0)))
        todo = todo[:keep]
        if rng.random() < 0.2:  # a nightly job
            hour, days = rng.randrange(24), max(1, (END_MS - a.born) // DAY_MS)
            first = a.born // DAY_MS
            times, at = [], 0
            for k in range(len(todo)):
                day = first + k * days // len(todo)
                at = at + rng.randrange(900, 4000) if k and times[-1] // DAY_MS == day else hour * 3_600_000
                times.append(min(END_MS - 1, day * DAY_MS + at))
            times = [max(t, a.born) for t in times]
        else:
            times = world.arrivals.tenant(rng, len(todo), a.born)
        for t, (text, answer) in zip(times, todo):
            world.asks.append(Ask(t, a, [("user", text)], answer, system=system))


def tool_harness(world):
    """Unrelated firms that send the same public function-calling items, once per model they compare."""
    rng = world.rng("tool_harness")
    for _ in range(world.count(11, 2)):
        a = world.registry.benign(rng, "evaluation", machine=True)
        first = rng.randrange(max(1, len(world.sources.tool_items) - 400))
        items = world.sources.tool_items[first : first + rng.randrange(200, 900)]
        add_run(world, rng, a, items, tool_ask)


def tool_ask(world, rng, a, t, item):
    turns, tools, wanted = item
    text = turns[-1][1]
    if wanted:
        fixed = random.Random(text)  # a deterministic model: the same call every time
        output = [fill_call(fixed.choice(tools), text, fixed)]
    else:
        output = "None of the functions fits this request. " + world.sources.filler(rng)
    return Ask(t, a, turns, output, tools=tools)


def add_run(world, rng, a, items, make):
    """A run sends items back to back; runs start at human hours, some within a day of a release."""
    runs = rng.choice((1, 1, 2))
    rate_s = rng.choice((0.8, 2.0, 6.0, 20.0))
    room = END_MS - int(len(items) * rate_s * 1100)
    for k in range(runs):
        if k == 0 and rng.random() < 0.3:
            at = 4 * DAY_MS + 16 * 3_600_000 + rng.randrange(DAY_MS)
        else:
            at = world.arrivals.people(rng, 1, a.zone, min(a.born, 12 * DAY_MS), END_MS)[0]
        t = max(a.born, min(at, room))
        for item in items:
            t += int(rng.expovariate(1 / rate_s) * 1000) + 200
            if t >= END_MS:
                break
            world.asks.append(make(world, rng, a, t, item))


def reasoning_harness(world):
    rng = world.rng("reasoning_harness")
    names = sorted(world.sources.reasoning_sets)
    for _ in range(world.count(22, 2)):
        a = world.registry.benign(rng, "evaluation", machine=True)
        items = world.sources.reasoning_sets[rng.choice(names)][: rng.choice((100, 250, 500, 1319))]
        frame = rng.choice(frames.HARNESS)

        def make(world, rng, a, t, item, frame=frame):
            return Ask(t, a, [("user", frame.format(q=item[0]))], item[1] or "No answer.")

        add_run(world, rng, a, items, make)


def judges(world):
    rng = world.rng("judges")
    items = world.sources.judge_items
    for _ in range(world.count(13, 1)):
        a = world.registry.benign(rng, "judge", machine=True)
        system, frame = rng.choice(frames.JUDGE)
        first = rng.randrange(len(items))
        some = (items[first:] + items[:first])[: rng.randrange(80, 420)]

        def make(world, rng, a, t, item, frame=frame, system=system):
            q, r, answer, verdict = item
            return Ask(t, a, [("user", frame.format(q=q, r=r or "none", a=answer))], verdict, system=system)

        add_run(world, rng, a, some, make)


def researchers(world):
    """Elicit reasoning over public question sets, in one or two stages."""
    rng = world.rng("researchers")
    for _ in range(world.count(11, 1)):
        a = world.registry.benign(rng, "cot_research", machine=True)
        a.programme = "research" if rng.random() < 0.7 else a.programme
        a.email = world.registry.word(rng) + ".edu"
        rows = rng.choice(world.sources.cot_sets)[: rng.choice((100, 250, 500, 700))]
        trigger, two = rng.choice([world.sources.cot_trigger] + frames.THINK), rng.random() < 0.4

        def make(world, rng, a, t, row, trigger=trigger, two=two):
            question, thought, answer = row
            text = f"Q: {question}\nA: {trigger}"
            if two and rng.random() < 0.9:
                extra = Ask(min(END_MS - 1, t + pause(rng, 6)), a,
                            [("user", f"{text} {thought}\nSo the final answer is")], answer)
                world.asks.append(extra)
            return Ask(t, a, [("user", text)], thought)

        add_run(world, rng, a, rows, make)


def coding_agents(world):
    """Three tools; the users of a tool share its system prompt and tool set."""
    rng = world.rng("coding_agents")
    tools = []
    for prompt in world.sources.agent_prompts:
        names = [t for t in frames.AGENT_TOOLS]
        rng.shuffle(names)
        tools.append((prompt, names[: rng.randrange(3, 5)], f"{world.registry.word(rng)}-cli/{rng.randrange(1, 4)}.{{}}.{{}}"))
    for _ in range(world.count(130, 4)):
        prompt, schemas, agent = rng.choices(tools, (5, 3, 2))[0]
        a = world.registry.benign(rng, "coding_agent", machine=False)
        a.user_agent = agent.format(rng.randrange(6, 9), rng.randrange(4))
        a.client, a.ja4 = "httpx", None
        jobs = world.size(rng, 8, 0.7)
        done = 0
        for at in world.arrivals.people(rng, max(1, jobs // 3), a.zone, a.born, END_MS):
            some = min(jobs - done, 1 + rng.randrange(5))
            done += some
            for t in world.arrivals.job_starts(rng, some, at, END_MS):
                name, turns = world.sources.take("jobs")
                gap = max(3.0, world.arrivals.elapsed.get(name, 90.0) / max(1, len(turns) // 2))
                session = hexes(rng, 12) if a.session_on else None
                for n, (role, text) in enumerate(turns):
                    if role != "assistant" or t >= END_MS:
                        continue
                    ask = Ask(t, a, turns, text, n=n, system=prompt, tools=schemas)
                    ask.session = session
                    world.asks.append(ask)
                    t += pause(rng, gap, 0.4)


def course(world):
    """Eighty students, twenty tasks, one campus address block, one sign-up afternoon."""
    rng = world.rng("course")
    office = world.registry.network.office(rng, "GB")
    domain = world.registry.word(rng) + ".edu"
    opened = 2 * DAY_MS + 13 * 3_600_000
    due = [opened + int((1.5 + 2.6 * k) * DAY_MS) for k in range(4)]
    for _ in range(world.count(80, 6)):
        a = world.registry.benign(rng, "course", machine=False)
        a.created = a.born = opened + int(rng.expovariate(1 / 40.0) * 60_000)
        a.email, a.programme, a.payment, a.tier, a.verified = domain, "education", None, "free", ["email"]
        a.country, a.zone = "GB", 0
        a.ips = [world.registry.network.in_office(rng, office), world.registry.network.draw(rng, "home", "GB")]
        a.signup_ip, a.roaming = a.ips[0][0], True
        for i, (task, given, answer) in enumerate(world.sources.course_tasks):
            if rng.random() < 0.15:
                continue
            t = int(due[i // 5] - min(60.0, rng.expovariate(1 / 16.0)) * 3_600_000)
            t = max(a.born + 60_000, min(END_MS - 1, t))
            before = rng.choice(frames.STUDENT_BEFORE).format(n=i + 1)
            text = before + task_text(task, given) + rng.choice(frames.STUDENT_AFTER)
            said = rng.choice(frames.OPENERS) + answer
            turns = [("user", text), ("assistant", said)]
            while rng.random() < 0.4 and len(turns) < 6:
                turns += [("user", rng.choice(frames.STUDENT_NEXT)), ("assistant", world.sources.filler(rng))]
            world.add(chat_asks(rng, a, turns, t, END_MS, gap_s=120))


def start_ups(world):
    """One organisation, several accounts: a product frame over tasks of its own, and people who try things out."""
    rng = world.rng("start_ups")
    for _ in range(world.count(26, 1)):
        firm = world.registry.word(rng).title()
        org, domain = world.registry.fresh("org_", 8), firm.lower() + ".io"
        office = world.registry.network.office(rng)
        payment = world.registry.fresh("pi_", 12)
        system = rng.choice(frames.PRODUCT_ROLE).format(firm=firm) + " " + " ".join(rng.sample(frames.BOT_STYLE, 3))
        user = rng.choice(frames.PRODUCT_USER)
        apis = rng.choice(("openai.chat", "openai.responses", "anthropic.messages"))
        team = rng.randrange(3, 7)
        for k in range(team):
            a = world.registry.benign(rng, "start_up", machine=k < 2, api=apis)
            a.org, a.email, a.payment = org, domain, payment
            a.verified = sorted(set(a.verified) | {"card", "business"})
            a.programme = "startup" if rng.random() < 0.5 else a.programme
            if k >= 2:
                a.ips = [world.registry.network.in_office(rng, office)] + a.ips[:1]
            n = world.size(rng, 92, 0.8, 10)
            if k < 3:
                for t in world.arrivals.tenant(rng, n, a.born):
                    x = rng.random()
                    if x < 0.21:
                        task, given, answer = world.sources.take("alpaca_product")
                    elif x < 0.545:
                        (task, _), given, answer = world.sources.take("tables"), "", world.sources.filler(rng)
                    else:
                        q, choices, right = world.sources.take("trivia_product")
                        task, given, answer = q, "; ".join(choices), right + ". " + world.sources.filler(rng)
                    text = user.format(firm=firm, task=task, given=given).strip()
                    world.asks.append(Ask(t, a, [("user", text)], answer, system=system))
            else:
                for t in world.arrivals.people(rng, max(2, n // 12), a.zone, a.born, END_MS):
                    turns = dialogue(world, rng)
                    world.add(chat_asks(rng, a, turns, t, END_MS, system if rng.random() < 0.5 else None))


def silent_tenants(world):
    """Tenants whose text is not kept: real arrivals and lengths, metadata only."""
    rng = world.rng("silent_tenants")
    for _ in range(world.count(26, 1)):
        a = world.registry.benign(rng, "metadata_only", machine=True)
        a.metadata = True
        kind = rng.choice(("chat", "chat", "code"))
        for t, into, out in world.arrivals.stream(rng, kind, world.size(rng, 420, 0.9, 50), a.born, END_MS):
            ask = Ask(t, a, [], None)
            ask.tokens = (into, out)
            world.asks.append(ask)


def shared_payments(world):
    """Families and company cards: about 4 % of benign accounts pay in pairs or threes."""
    rng = world.rng("shared_payments")
    able = [a for a in world.registry.accounts
            if a.campaign is None and a.payment and not a.org and a.population in
            ("individual_single", "individual_multi", "batch", "support_bot", "coding_agent")]
    rng.shuffle(able)
    left = int(0.04 * len(world.registry.accounts))
    while left > 0 and len(able) > 3:
        group = [able.pop() for _ in range(rng.choice((2, 2, 2, 3)))]
        family = rng.random() < 0.6
        for a in group[1:]:
            a.payment = group[0].payment
            if family:
                a.country, a.zone, a.ips[0] = group[0].country, group[0].zone, group[0].ips[0]
        left -= len(group)


ALL = [people_single, people_multi, people_twice, service_bots, label_bots, batch_tenants, tool_harness, reasoning_harness,
       judges, researchers, coding_agents, course, start_ups, silent_tenants, shared_payments]
