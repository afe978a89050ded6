#!/usr/bin/env python3
"""Labelled prompts from the unpacked data sets and the grammar of templates.py, one a line, to standard output.

Usage: prepare.py DATA [--permissive]
A line holds, between tabs: split (train, test), set, capability (number, -1 unknown), elicitation (four of 0 1 h ?),
system prompt, user text; backslash, tab and line ends are escaped. The output is text of the data sets: it belongs in
a temporary file and never in the repository. Same data, same output.
"""

import random
import re
import sys

import compose
import sources
import templates
from sources import CAPS, Row

TRAIN_CAP, TEST_CAP = 2500, 600  # rows of one set and capability
FRAME_ROWS = 60                  # texts made of one frame of the grammar
FIELDS = re.compile(r"\{(\w+)\}")


def payload_pools(rows, data):
    """Texts that fill the slots, by split. Fed to every label alike."""
    pools = {s: {"question": [], "text": [], "answer": [], "utterance": [], "codeq": [], "mathq": []}
             for s in ("train", "test")}
    for row in rows:
        pool = pools[row.split]
        if row.name in ("gsm8k", "aqua", "svamp", "multiarith", "coin_flip"):
            pool["mathq"].append(row.user)
        if row.name in ("gsm8k", "aqua", "svamp", "csqa_train", "csqa_dev", "hh_rlhf"):
            pool["question"].append(row.user)
        if row.name in ("codealpaca", "gorilla_huggingface", "gorilla_tensorflow"):
            pool["codeq"].append(row.user)
            pool["question"].append(row.user)
        if row.name == "alpaca" and row.cap in ("KNOWLEDGE", "WRITING", "MATH") and not row.system:
            pool["question"].append(row.user)
        if row.cap == "SUPPORT":
            pool["utterance"].append(row.user)
        if row.name in ("t0_rotten", "t0_dream", "t0_cosmos", "t0_samsum") and len(row.user) < 900:
            pool["text"].append(row.user.split("\n")[0])
    for path, field, key in (("alpaca_52k/alpaca_data.jsonl", "output", "instruction"),
                             ("reasoning_eval_sets/grade-school-math__test.jsonl", "answer", "question")):
        if "alpaca" in path and "alpaca" in sources.dropped:
            continue
        for row in sources.lines(f"{data}/{path}"):
            key_text = row[key]
            split = sources.split_of(" ".join(key_text.lower().split()[:3]) if "alpaca" in path else key_text)
            text = re.sub(r"<<[^>]*>>|####.*", "", row[field]).strip()
            if 20 < len(text) < 1500:
                pools[split]["answer"].append(text)
                pools[split]["text"].append(text)
    for row in sources.lines(f"{data}/arena_hard/judgment_vicuna-33b.jsonl"):
        for text in re.findall(r"Assistant's Answer\]\n(.*?)\n\[The End", row["user_prompt"], re.S):
            split = sources.split_of(row["question_id"])
            pools[split]["answer"].append(text[:1500])
            pools[split]["text"].append(text[:700])
    for row in sources.lines(f"{data}/hh_rlhf_harmless_test/harmless-base_test.jsonl"):
        turns = row["chosen"].split("\n\nAssistant:")
        split = sources.split_of(turns[0].replace("\n\nHuman:", "").strip())
        for text in turns[1:2]:
            pools[split]["text"].append(text.split("\n\nHuman:")[0].strip())
    return pools


class Grammar:
    def __init__(self, pools, split, rng):
        self.pools, self.split, self.rng = pools[split], split, rng

    def part(self, pool):
        """The entries of a pool that belong to this split."""
        return [entry for i, entry in enumerate(pool) if (i % 3 == 2) == (self.split == "test")]

    def slot(self, name):
        name = name.rstrip("23")
        lists = {"language": templates.LANGUAGES, "topic": templates.TOPICS, "level": templates.LEVELS,
                 "count": templates.COUNTS, "criterion": templates.CRITERIA, "product": templates.PRODUCTS,
                 "tool": templates.TOOLS, "goal": templates.GOALS}
        if name in lists:
            return self.rng.choice(lists[name])
        if name in compose.WORDS:
            return self.slots(self.rng.choice(compose.WORDS[name]))
        if name == "material":
            return self.slots(self.rng.choice(compose.MATERIAL))
        return self.rng.choice(self.pools[name])

    def slots(self, frame):
        text = FIELDS.sub(lambda m: self.slot(m.group(1)), frame.replace("{{", "\1").replace("}}", "\2"))
        return text.replace("\1", "{").replace("\2", "}")

    def fill(self, frame):
        """System prompt and user text. A frame without a system prompt gets a generic one at times."""
        if " ||| " in frame:
            system, _, user = frame.partition(" ||| ")
            return self.slots(system), self.slots(user)
        generic = self.rng.choice(templates.GENERIC_SYSTEM) if self.rng.randrange(4) == 0 else ""
        return self.slots(generic), self.slots(frame)

    def name(self, name, i):
        """Training frames go by two names, so that one half can be held out when options are chosen."""
        return name if self.split == "test" else f"{name}_{i % 2}"

    def rows(self, name, cap, elicit, pool, count=FRAME_ROWS):
        for i, frame in enumerate(self.part(pool)):
            for _ in range(count):
                system, user = self.fill(frame)
                yield Row(self.name(name, i), self.split, cap, user, system, elicit)

    def judging(self, count):
        for _ in range(count):
            pick = lambda pool: self.rng.choice(self.part(pool))
            frame = (pick(templates.JUDGE_ROLE) + pick(templates.JUDGE_TASK) + pick(templates.JUDGE_CRITERIA)
                     + pick(templates.JUDGE_MATERIAL))
            verdict = pick(templates.JUDGE_VERDICT)
            frame = frame.replace(" ||| ", verdict + " ||| ") if " ||| " in frame else frame + verdict
            system, user = self.fill(frame)
            yield Row("own_judging", self.split, "JUDGING", user, system, "?100")

    def reasoning(self):
        """The same questions with and without a trigger; the capability is left to the question."""
        for name, pool, label, count in (("own_reasoning", templates.REASONING_EXPLICIT, "1", 90),
                                         ("own_plain_cot", templates.REASONING_PLAIN, "h", 60),
                                         ("own_no_reasoning", templates.REASONING_NEGATIVE, "0", 160)):
            for j, frame in enumerate(self.part(pool)):
                for i in range(count):
                    kind = ("mathq", "codeq", "question")[i % 3]
                    kind = kind if self.pools[kind] else "question"
                    cap = {"mathq": "MATH", "codeq": "CODING", "question": None}[kind]
                    system, user = self.fill(frame.replace("{question}", "{" + kind + "}"))
                    yield Row(self.name(name, j), self.split, cap, user, system, label + "00?")

    def composed(self):
        """Only for training; see compose.py. The capability of a question is that of its pool."""
        for name, cap, elicit, frames, count in compose.KINDS:
            for i in range(count):
                kind = ("mathq", "codeq", "question")[i % 3]
                frame, label = self.rng.choice(frames), cap
                if cap is None and "{question}" in frame and self.pools[kind]:
                    frame = frame.replace("{question}", "{" + kind + "}")
                    label = {"mathq": "MATH", "codeq": "CODING", "question": None}[kind]
                system, user = self.fill(frame)
                user = user[:1].upper() + user[1:] if self.rng.randrange(2) else user
                yield Row(f"composed_{name}", self.split, label, user, system, elicit)

    def all(self):
        t = templates
        if self.split == "train":
            yield from self.composed()
        yield from self.reasoning()
        yield from self.judging(2400 if self.split == "train" else 600)
        yield from self.rows("own_cleaning", "WRITING", "?010", t.CLEANING, 100)
        yield from self.rows("own_tasks", "SYNTHESIS", "0001", t.TASKS, 100)
        for name in ("TRANSLATION", "SUMMARY", "EXTRACTION", "WRITING", "KNOWLEDGE", "CODING", "AGENTIC", "SUPPORT",
                     "MATH"):
            count = 100 if name == "TRANSLATION" else FRAME_ROWS
            yield from self.rows(f"own_{name.lower()}", name, "0000", getattr(t, name), count)
        for cap, frame in self.part(t.HARD_NEGATIVES):
            yield from self.rows("own_hard_negative", cap, "0000", [frame] * 3, 40)


def capped(rows, rng):
    """At most TRAIN_CAP (TEST_CAP) rows of one set and capability, chosen evenly."""
    groups = {}
    for row in rows:
        groups.setdefault((row.split, row.name, row.cap), []).append(row)
    for (split, _, _), group in groups.items():
        limit = TRAIN_CAP if split == "train" else TEST_CAP
        yield from group if len(group) <= limit else rng.sample(group, limit)


def folded(row):
    return re.sub(r"\W+", " ", row.user.lower()).strip()


def escape(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "")


def main(data, permissive):
    sources.dropped = sources.RESTRICTED if permissive else set()
    rng = random.Random(20)
    rows = [row for reader in sources.READERS for row in reader(data, rng) if row.user]
    rows = [row for row in rows if not (row.split == "train" and row.name in sources.dropped)]
    held_out = {folded(row) for row in rows if row.split == "test"}
    rows = [row for row in rows if row.split == "test" or folded(row) not in held_out]
    pools = payload_pools(rows, data)
    own = [row for split in ("train", "test") for row in Grammar(pools, split, rng).all()]
    for row in list(capped(rows + own, rng)):
        system = row.system
        if not system and row.split == "train" and rng.randrange(8) == 0:
            system = rng.choice(templates.GENERIC_SYSTEM).replace("{product}", "a company").replace("{topic}", "this")
        cap = CAPS.index(row.cap) if row.cap else -1
        print(row.split, row.name, cap, row.elicit, escape(system[:8000]), escape(row.user[:8000]), sep="\t")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    main(sys.argv[1], "--permissive" in sys.argv[2:])
