"""The sample's own text: a small grammar, so that the log quotes nobody.

A sentence is a skeleton with slots. Skeletons for what users write and for what the model answers are kept
apart: otherwise an unrelated account's input would contain runs of another account's output, which in real
traffic is rare and is exactly what provenance evidence looks for. Each skeleton has at least four slots with
few words between them, so that two independent sentences seldom share a long run.
"""

import re

SYLLABLES = ("ar bel cor dun el fen gra hol in jor kel lum mar nor ol pen quin ros sal tor ul van wen "
             "xan yor zem bri cas dor fal gil har lin mon").split()

WORDS = {
    "noun": """ledger valve orchard turbine beacon archive lattice harbour furnace pipeline glacier reservoir
        compass scheduler membrane catalogue pendulum warehouse antenna tributary parser kiln corridor manifold
        almanac gearbox voucher sampler trellis cursor breaker quarry seedling dispatcher causeway filament
        roster tariff sextant condenser notebook satellite invoice matrix bakery tram buffer canal theorem
        mosaic rotor estuary batch kettle segment monastery timetable vector bridge index plankton""",
    "adj": """brittle dense hollow sparse lukewarm uneven silent granular narrow seasonal tidy opaque steep
        elastic dormant porous cautious rigid weathered circular modest frozen stray nested fragile patient
        mutable ragged parallel shallow northern delayed faded linear humid compact salty lenient recursive
        amber idle naïve sturdy remote partial coastal quarterly""",
    "verb": """balance archive reroute compress calibrate merge drain label forecast split rotate index patch
        audit weigh replay sort thaw anchor sample translate stretch trim export clamp rank verify seal probe
        restore mirror group partition inspect shrink tally decode align""",
    "adv": """quietly, twice, nightly, upstream, by hand, in pairs, at dawn, per shift, without warning, in order,
        backwards, before lunch, on demand, once a week, under load, in bulk, locally""",
    "place": """Zürich Lagos Hanoi Tartu Porto Leeds Quito Accra Turku Malmö Osaka Perth Kyiv Cork Rabat Lima
        Dakar Pune Graz Bergen Split Izmir Cusco Hobart""",
    "topic": """photosynthesis, queueing, compound interest, plate tectonics, hash tables, fermentation,
        irrigation, rhyme schemes, prime gaps, tenancy law, sleep cycles, tram maintenance, rate limits,
        bread baking, star charts, tide tables, cash flow, soil chemistry, unit testing, map projections,
        choir practice, bicycle gears""",
}

ASK = """Could you {verb} the {adj} {noun} near {place} so that {id} stays under {n}?
I have one {adj} {noun} called {id} and must {verb} it {adv} for {n} people in {place}.
What changes if the {noun} in {place} is {adj} rather than {adj}, say at {n} units of {id}?
My {noun} keeps failing {adv}; the log says {id}-{n} whenever I {verb} the {adj} {noun}.
Please compare {id} with {id} for one {adj} {noun}, with {n} rows and some {adj} {noun}.
Write me a note to {id} in {place} about the {adj} {noun} we {verb} {adv}, item {n}.
How would you {verb} {n} {adj} records of {id} {adv} without touching the {noun} in {place}?
We moved the {noun} {id} to {place}, and now {n} {adj} entries of the {noun} look wrong.
Is it sensible to {verb} any {adj} {noun} {adv} when {id} already holds {n} of them?
Show a short function {id} that can {verb} every {adj} {noun} of size {n} {adv}."""

SAY = """The {adj} {noun} at {id} settles near {n}, because each {noun} must {verb} {adv} there.
Start with {id}: {verb} its {noun} {adv}, then note that {n} of the {adj} ones remain.
In {place} each {adj} {noun} costs {n} per {noun}, so {id} would {verb} it {adv}.
If {id} exceeds {n}, {verb} the {adj} {noun} {adv} and keep the {noun} untouched.
One {adj} {noun} is enough for {id}; the other {n} only {verb} what the {noun} holds.
Between {n} and {n} the {noun} of {id} turns {adj}, and it helps to {verb} it {adv}.
Any {noun} that is {adj} {adv} tends to {verb} faster than {id}, by about {n} in {place}.
Set {id} to {n}, since the {adj} {noun} will {verb} {adv} once the {noun} is gone.
That leaves {n} {adj} cases for {id}: {verb} the {noun} {adv} or {verb} the {noun} instead.
Compare with {place}, where {id} let the {noun} {verb} {adv} and lost {n} {adj} items.
The check is short: {n} minus {n} gives the {adj} {noun} that {id} had to {verb} {adv}.
Where {id} and {id} disagree by {n}, trust the {adj} {noun} and {verb} it {adv}."""

CODE = """def {id}_{verb}(rows, limit={n}):\\n    {id} = [r for r in rows if r.{noun} < limit]\\n    return {id}[:{n}]
for {id} in {verb}_{noun}s({n}):\\n    if {id}.{noun} > {n}:\\n        {verb}({id}, "{id}")
SELECT {noun}, count(*) AS {id} FROM {id}_{noun} WHERE {noun}_no > {n} GROUP BY {noun} LIMIT {n};
let {id} = {verb}({noun}, {n}); // {adj} {noun}\\nif ({id} === {n}) {{ throw new Error("{id}"); }}
class {id}:\\n    {noun} = {n}\\n    def {verb}(self, {id}):\\n        return self.{noun} + {id} * {n}"""

TASK = """One {adj} {noun} in {place} loses {n} units a day while {id} adds {n}. After how many days is it {adj}?
Prove or refute: every {adj} {noun} of order {n} that can {verb} {id} is also {adj}.
Implement {id}, which must {verb} any {adj} {noun} of up to {n} entries in one pass.
{id} and {id} {verb} the {noun} together in {n} hours; alone {id} needs {n}. How long does the other take?
Given {n} {adj} {noun}s and one {adj} {noun}, count the ways in which {id} can {verb} {n} of them.
Find the defect: {id} should {verb} the {adj} {noun} {adv}, yet for {n} it returns the {noun} twice."""

RECORD = """{id}/{n}; {place}; {adj} {noun}; qty {n}; net {n}; consignee {id} {id}; ref {n}-{n}
Received {adv}: {n} x {noun} ({adj}), lot {id}-{n}, from {place}, signed {id}, dock {n}"""


class Grammar:
    """Renders skeletons with one generator; the caller's seed decides every word."""

    def __init__(self, rng):
        self.rng = rng
        self.random = rng.random
        pools = {name: re.split(r",\s*" if "," in text else r"\s+", text) for name, text in WORDS.items()}
        pools["id"] = sorted({self._name() for _ in range(9000)})
        pools["n"] = [str(n) for n in range(2, 10000)]
        self.pools = pools
        self.kinds = {kind: [self._compile(line) for line in text.replace("\\n", "\x00").split("\n")]
                      for kind, text in dict(ask=ASK, say=SAY, code=CODE, task=TASK, record=RECORD).items()}

    def _name(self):
        return "".join(self.rng.choice(SYLLABLES) for _ in range(self.rng.randint(2, 4)))

    def _compile(self, line):
        parts = re.split(r"\{(\w+)\}", line.replace("\x00", "\n").replace("{{", "\x01").replace("}}", "\x02"))
        literals = [p.replace("\x01", "{").replace("\x02", "}") for p in parts[0::2]]
        pools = [self.pools[p] for p in parts[1::2]]
        return list(zip(literals, pools)), literals[-1]

    def one(self, kind):
        random = self.random
        skeletons = self.kinds[kind]
        pairs, tail = skeletons[int(random() * len(skeletons))]
        out = []
        for literal, pool in pairs:
            out.append(literal)
            out.append(pool[int(random() * len(pool))])
        out.append(tail)
        return "".join(out)

    def word(self, pool):
        words = self.pools[pool]
        return words[int(self.random() * len(words))]

    def text(self, kind, n_chars):
        """Sentences of one kind until about n_chars, with a paragraph break now and then."""
        out, size = [], 0
        while size < n_chars:
            sentence = self.one(kind)
            out.append(sentence)
            size += len(sentence) + 1
            out.append("\n\n" if self.random() < 0.15 else "\n" if kind in ("code", "record") else " ")
        return "".join(out[:-1])

    def answer(self, n_chars):
        """What the model says: prose, in a third of the cases with code in the middle."""
        if n_chars > 300 and self.random() < 0.33:
            half = n_chars // 3
            return f"{self.text('say', half)}\n\n```\n{self.text('code', half)}\n```\n\n{self.text('say', half)}"
        return self.text("say", n_chars)
