"""Benign customers, the look-alikes of a campaign among them.

Every function registers its accounts, puts their steps on the schedule and returns nothing. `rate` scales the
number of sessions, so that a log of any size keeps the same mixture.
"""

from . import bodies
from .identity import DAY_MS
from .traffic import Caller, Conversation, SMALL_MODEL

APIS = (bodies.CHAT, bodies.CHAT, bodies.MESSAGES, bodies.MESSAGES, bodies.RESPONSES)


def _tool(name, description, **fields):
    properties = {key: {"type": kind, "description": f"the {key}"} for key, kind in fields.items()}
    return name, description, {"type": "object", "properties": properties, "required": list(fields)[:1]}


AGENT_SYSTEM = """You are Fernlight, a coding agent that works in the user's checkout through tools.
Look before you change: list the folder, read the file, then propose the smallest edit that does the job.
After each edit run the tests that cover it. If a test fails twice for the same reason, stop and say what you know.
Never touch files outside the checkout, never print secrets, and ask before anything that cannot be undone.
Answer in short paragraphs. Quote paths and line numbers. Prefer the style that the surrounding code already has.
When the user asks a question about the code, answer it from what you have read, not from memory."""
AGENT_TOOLS = [
    _tool("list_folder", "Names of the files below a folder, sorted.", path="string", depth="integer"),
    _tool("read_file", "Text of one file, or of some of its lines.", path="string", first="integer", last="integer"),
    _tool("edit_file", "Replaces one passage, which must occur exactly once.",
          path="string", old="string", new="string"),
    _tool("run", "Runs a command in the checkout and returns what it prints.", command="string", seconds="integer"),
]


def _gap_ms(rng):
    return int(rng.lognormvariate(4.3, 0.8) * 1000)     # people: a minute or two between turns


def _talk(traffic, caller, starts, n_turns, ask_chars, answer_chars, system=None, image_share=0.0, **request):
    """Plain conversations: questions and answers with the history carried along."""
    rng, grammar = traffic.rng, traffic.grammar

    def ask(turns):
        with_image = not turns and rng.random() < image_share
        return [traffic.user(grammar.text("ask", rng.randint(*ask_chars)), traffic.image() if with_image else None)]

    def answer(_turns):
        thinking = rng.randint(80, 500) if caller.api != bodies.CHAT and rng.random() < 0.2 else 0
        return traffic.assistant(grammar.answer(rng.randint(*answer_chars)), thinking)

    for start in starts:
        talk = Conversation(caller, ask, answer, system=system, session="s_" + traffic.world.hex(8), **request)
        time = start
        for _ in range(rng.randint(*n_turns)):
            traffic.at(time, talk.step)
            time += _gap_ms(rng)


def _limited_and_restored(traffic, account):
    """The provider's other systems err too: a customer is limited and let go again."""
    time = traffic.world.start_ms + int(traffic.rng.random() * traffic.days * DAY_MS * 0.8)
    for action, source in (("limited", "spend alert"), ("restored", "support")):
        traffic.world.events.append({"event": "enforcement", "time": time, "account": account, "action": action,
                                     "source": source})
        time += traffic.rng.randint(600_000, 40_000_000)


def _ages(rng):
    return min(1400, 20 + rng.expovariate(1 / 260))


def individuals(traffic, n_accounts, rate):
    rng = traffic.rng
    for _ in range(n_accounts):
        client = traffic.world.client()
        joins = rng.random() < 0.06
        joined = traffic.world.start_ms + int(rng.random() * traffic.days * DAY_MS) if joins else None
        account = traffic.world.account("individual", client, _ages(rng), joined_ms=joined,
                                        tier="free" if rng.random() < 0.3 else "paid",
                                        payment=None if rng.random() < 0.25 else "pi_" + traffic.world.hex(10))
        caller = Caller(traffic, account, client, rng.choice(APIS),
                        moves_after_ms=int(rng.expovariate(1 / (2.5 * DAY_MS))))
        caller.metadata_only = rng.random() < 0.04
        starts = traffic.human_times(rate * 0.75 * rng.lognormvariate(-0.3, 0.8), client["country"])
        starts = [t for t in starts if joined is None or t > joined]
        if rng.random() < 0.02:
            _limited_and_restored(traffic, account)
        _talk(traffic, caller, starts, (1, 4), (60, 240), (120, 800), image_share=0.04)


def apps(traffic, n_accounts, rate):
    """Small products: an own system prompt, one request a visitor, a visitor id in end_user."""
    rng, grammar = traffic.rng, traffic.grammar
    for _ in range(n_accounts):
        client = traffic.world.client(hosting=rng.random() < 0.6)
        account = traffic.world.account("app", client, _ages(rng), verified=["email", "card", "business"])
        topic = grammar.word("topic")
        system = f"You answer questions about {topic} for visitors of {grammar.word('id')}. "
        system += grammar.text("ask", 300)
        frame = f"Visitor in {grammar.word('place')} asks about {topic}:\n"
        caller = Caller(traffic, account, client, rng.choice(APIS), SMALL_MODEL, key="key_" + traffic.world.hex(6))

        def ask(_turns, frame=frame):
            return [traffic.user(frame + grammar.text("ask", rng.randint(80, 300)))]

        def answer(_turns):
            return traffic.assistant(grammar.answer(rng.randint(200, 900)))

        for start in traffic.human_times(rate * 4 * rng.lognormvariate(-0.3, 0.8), client["country"]):
            once = Conversation(caller, ask, answer, system=system, end_user="visitor_" + traffic.world.hex(5),
                                temperature=0.3)
            traffic.at(start, once.step)


def agent_users(traffic, n_accounts, rate):
    """A public coding agent: one system prompt and tool set shared by many old, diverse payers."""
    rng, grammar, world = traffic.rng, traffic.grammar, traffic.world
    for _ in range(n_accounts):
        client = world.client(software=rng.choice(world.software[7:9]))
        account = world.account("agent_user", client, _ages(rng))
        api = rng.choice((bodies.MESSAGES, bodies.MESSAGES, bodies.RESPONSES, bodies.CHAT))
        caller = Caller(traffic, account, client, api, moves_after_ms=int(rng.expovariate(1 / (1.5 * DAY_MS))))

        def ask(turns):
            if turns and turns[-1]["role"] == "assistant" and turns[-1]["calls"]:
                ident = turns[-1]["calls"][0][0]
                return [{"role": "result", "call": ident, "text": grammar.text("record", rng.randint(60, 420))}]
            return [traffic.user(grammar.text("ask", rng.randint(80, 260)))]

        def answer(turns, api=api):
            thinking = rng.randint(60, 300) if api != bodies.CHAT and len(turns) == 1 else 0
            if rng.random() < 0.3:
                return traffic.assistant(grammar.answer(rng.randint(100, 500)), thinking)
            path = f"src/{grammar.word('noun')}/{grammar.word('id')}.c"
            name = rng.choice(("read_file", "run", "list_folder"))
            arguments = {"command": "make " + grammar.word("id")} if name == "run" else {"path": path}
            return traffic.assistant(grammar.one("say"), thinking, [("call_" + world.hex(10), name, arguments)])

        for start in traffic.human_times(rate * 0.9 * rng.lognormvariate(-0.3, 0.8), client["country"], True):
            work = Conversation(caller, ask, answer, system=AGENT_SYSTEM, tools=AGENT_TOOLS,
                                session="s_" + world.hex(8))
            time = start
            for _ in range(rng.randint(2, 5)):
                traffic.at(time, work.step)
                time += rng.randint(3_000, 40_000)


def course(traffic, n_students, rate):
    """A university class: new accounts in a burst, one NAT, everyone on the same few tasks, nearer the deadline."""
    rng, grammar, world = traffic.rng, traffic.grammar, traffic.world
    gate, term_days = world.client(country="DE"), rng.uniform(25, 40)
    tasks = [grammar.one("task") for _ in range(6)]
    domain = f"{grammar.word('id')}.edu.example"
    for _ in range(n_students):
        address = world.neighbour(gate["ip"]) if rng.random() < 0.1 else gate["ip"]
        client = dict(world.client(country="DE", address=address), asn=gate["asn"])
        account = world.account("course", client, term_days + rng.uniform(0, 2), programme="education",
                                tier="verified", email_domain=domain, payment=None, verified=["email"])
        caller = Caller(traffic, account, client, bodies.CHAT)

        def ask(turns):
            exercise = "" if turns else f"Exercise: {rng.choice(tasks)}\n"
            return [traffic.user(exercise + grammar.one("ask"))]

        def answer(_turns):
            return traffic.assistant(grammar.answer(rng.randint(200, 900)))

        for _ in range(traffic.poisson(rate * 5)):
            day = int(traffic.days * (1 - rng.random() ** 2))
            time = world.start_ms + int((day + rng.triangular(8, 22, 19) / 24) * DAY_MS)
            talk = Conversation(caller, ask, answer)
            for _ in range(rng.randint(1, 4)):
                traffic.at(time, talk.step)
                time += _gap_ms(rng)


def etl_tenant(traffic, rate):
    """One enterprise payer with three accounts: a constant frame, long private inputs, short outputs, all hours."""
    rng, grammar, world = traffic.rng, traffic.grammar, traffic.world
    organization = "org_" + world.hex(8)
    system = f"Extract the fields of a delivery note of {grammar.word('id')} as JSON with keys lot, place, quantity."
    payment, domain = "pi_" + world.hex(10), f"{grammar.word('id')}.example"
    for _ in range(3):
        client = world.client(country="US", hosting=True, software=world.software[0])
        account = world.account("etl", client, 400, organization=organization, tier="enterprise", payment=payment,
                                verified=["email", "card", "business"], email_domain=domain)
        caller = Caller(traffic, account, client, bodies.CHAT, SMALL_MODEL, organization=organization)

        def ask(_turns):
            return [traffic.user("Delivery note follows.\n" + grammar.text("record", rng.randint(700, 1900)))]

        def answer(_turns):
            fields = f'{{"lot":"{grammar.word("id")}-{grammar.word("n")}","quantity":{grammar.word("n")}}}'
            return traffic.assistant(fields)

        for time in traffic.steady_times(rate * 60):
            traffic.at(time, Conversation(caller, ask, answer, limited_share=0.01, system=system, max_tokens=200,
                                          temperature=0).step)


def family(traffic, n_members, rate):
    """People who share a card and a home, and nothing of what they ask."""
    world, rng = traffic.world, traffic.rng
    home, payment = world.client(), "pi_" + world.hex(10)
    for _ in range(n_members):
        client = world.client(country=home["country"], address=home["ip"])
        account = world.account("family", client, _ages(rng), payment=payment,
                                email_domain=f"mail{rng.randint(0, 40)}.example")
        caller = Caller(traffic, account, client, rng.choice(APIS))
        _talk(traffic, caller, traffic.human_times(rate * 0.6, home["country"]), (1, 4), (60, 300), (150, 1000))


def evaluation(traffic, n_firms, rate):
    """One public harness at several firms: the same finite task set, asked again for every model and run."""
    rng, grammar, world = traffic.rng, traffic.grammar, traffic.world
    items = [grammar.one("task") for _ in range(110)]
    frame = "Solve the item. Think it through, then give the result on a line that begins with RESULT.\n\nItem: {}"
    for _ in range(n_firms):
        organization, payment = "org_" + world.hex(8), "pi_" + world.hex(10)
        domain, client = f"{grammar.word('id')}.example", world.client(hosting=True)
        for _ in range(2):
            account = world.account("evaluation", client, _ages(rng) + 60, organization=organization, payment=payment,
                                    email_domain=domain, verified=["email", "card", "business"])
            caller = Caller(traffic, account, client, rng.choice(APIS), moves_after_ms=0, organization=organization)
            for run in range(max(1, round(2 * rate))):
                # one run the day before the release, one an hour after it
                time = traffic.release_ms + (-DAY_MS if run % 2 == 0 else 3_600_000) + rng.randint(0, 7_200_000)
                for item in items:
                    def ask(_turns, item=item):
                        return [traffic.user(frame.format(item))]

                    def answer(_turns):
                        return traffic.assistant(f"{grammar.answer(rng.randint(200, 900))}\nRESULT {grammar.word('n')}")

                    traffic.at(time, Conversation(caller, ask, answer, temperature=0).step)
                    time += rng.randint(2_000, 15_000)


def startup(traffic, n_people, rate):
    """An office behind one address: one domain, business hours, mixed work with follow-ups."""
    world, rng = traffic.world, traffic.rng
    office, organization, domain = world.client(), "org_" + world.hex(8), f"{traffic.grammar.word('id')}.example"
    for _ in range(n_people):
        client = world.client(country=office["country"], address=office["ip"])
        account = world.account("startup", client, rng.uniform(30, 300), organization=organization,
                                email_domain=domain)
        caller = Caller(traffic, account, client, rng.choice(APIS), organization=organization)
        starts = traffic.human_times(rate * 1.8, office["country"], True)
        _talk(traffic, caller, starts, (1, 5), (80, 400), (200, 1200))


def reseller(traffic, rate):
    """A registered aggregator: one account, many end users, no frame of its own."""
    world, rng = traffic.world, traffic.rng
    client = world.client(hosting=True)
    account = world.account("reseller", client, 500, tier="enterprise", reseller=True,
                            verified=["email", "card", "business"])
    caller = Caller(traffic, account, client, bodies.CHAT)
    for time in traffic.steady_times(rate * 25):
        _talk(traffic, caller, [time], (1, 3), (60, 300), (150, 1100), end_user=f"u_{rng.randint(0, 400)}")


def populate(traffic, n_accounts, rate):
    """The whole benign mixture; groups come once per 600 accounts."""
    rest = n_accounts
    for _ in range(max(1, round(n_accounts / 600))):
        course(traffic, 36, rate)
        etl_tenant(traffic, rate)
        for _ in range(3):
            family(traffic, 4, rate)
        evaluation(traffic, 2, rate)
        startup(traffic, 8, rate)
        reseller(traffic, rate)
        rest -= 36 + 3 + 12 + 4 + 8 + 1
    agents, small = max(0, rest * 22 // 100), max(0, rest * 14 // 100)
    agent_users(traffic, agents, rate)
    apps(traffic, small, rate)
    individuals(traffic, max(0, rest - agents - small), rate)
