"""Reads the development data sets and hands out their texts, each once.

Nothing here is committed: the sets are unpacked into the build folder and read from there. Marks of the corpora (answer
brackets, end-of-text tokens, issue tags) are taken off, so that no label can be read from the file a text came from.
"""

import collections
import csv
import glob
import json
import os
import random
import re
import subprocess

SETS = [
    "servegen_clients", "azure_llm_2023", "agentic_coding", "alpaca_52k", "codealpaca", "gorilla_apibench",
    "zeroshot_cot_logs", "arena_hard", "hh_rlhf_harmless_test", "sgd_dialogues", "polyai_banking77", "t0_templates",
    "bfcl_v4", "reasoning_eval_sets", "system_prompts", "self_instruct_seed", "x4b_vpn_dc", "disposable_email", "ja4",
]
LONG_TEXT = 3000   # characters kept of a long prompt
AGENT_TEXT = 1100  # characters kept of one message of a coding agent


def shared_data(root):
    """The folder that holds unpack.sh, or None. STILLWATCH_SHARED may name it or its parent."""
    base = os.path.join(root, os.environ.get("STILLWATCH_SHARED", "../shared"))
    for path in (base, os.path.join(base, "data")):
        if os.path.isfile(os.path.join(path, "unpack.sh")):
            return path
    return None


def ensure_unpacked(root, dest):
    """Unpacks the sets once; a stamp says that all of them were verified."""
    stamp = os.path.join(dest, ".unpacked")
    if os.path.exists(stamp):
        return True
    data = shared_data(root)
    if data is None:
        return False
    subprocess.run([os.path.join(data, "unpack.sh"), dest] + SETS, check=True, stdout=subprocess.DEVNULL)
    with open(stamp, "w", encoding="ascii") as f:
        f.write("\n".join(SETS) + "\n")
    return True


def clean(text, limit=LONG_TEXT):
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").strip()
    return text if len(text) <= limit else text[:limit].rstrip()


def cut_middle(text, limit):
    """Keeps head and tail: what follows a long text is often the question."""
    if len(text) <= limit:
        return text
    return text[: limit * 2 // 3].rstrip() + "\n[...]\n" + text[-limit // 3 :].lstrip()


class Pool:
    """Items in seeded order, each given out once; starts over (and counts that) when it runs dry."""

    def __init__(self, name, items, seed):
        self.name = name
        self.items = list(items)
        self.rng = random.Random(f"{seed}:pool:{name}")
        self.rng.shuffle(self.items)
        self.next = 0
        self.rounds = 0

    def left(self):
        return len(self.items) - self.next

    def take(self):
        if self.next == len(self.items):
            self.rng.shuffle(self.items)
            self.next = 0
            self.rounds += 1
        self.next += 1
        return self.items[self.next - 1]


class Sources:
    """All texts, split by use so that no text serves two purposes by accident."""

    def __init__(self, data, seed):
        self.data = data
        self.seed = seed
        self.rng = random.Random(f"{seed}:sources")
        self.pools = {}
        self._alpaca()
        self._code()
        self._people()
        self._services()
        self._batch()
        self._evaluation()
        self._agents()
        self._system_prompts()
        self._filler()

    def path(self, *parts):
        return os.path.join(self.data, *parts)

    def lines(self, *parts):
        with open(self.path(*parts), encoding="utf-8") as f:
            return [json.loads(line) for line in f if line.strip()]

    def whole(self, *parts):
        with open(self.path(*parts), encoding="utf-8") as f:
            return json.load(f)

    def pool(self, name, items):
        self.pools[name] = Pool(name, items, self.seed)
        return self.pools[name]

    def take(self, name):
        return self.pools[name].take()

    # ---- campaigns and their twins -----------------------------------------------------------------------------

    def _alpaca(self):
        rows = []
        for row in self.lines("alpaca_52k", "alpaca_data.jsonl"):
            given = row["input"].strip()
            given = "" if "noinput" in given.lower() else clean(given)
            if row["output"].strip():
                rows.append((clean(row["instruction"]), given, clean(row["output"])))
        self.rng.shuffle(rows)
        sizes = [("alpaca_framed", 30000), ("alpaca_generated", 8000), ("alpaca_raw", 6500), ("alpaca_people", 5400)]
        at = 0
        for name, size in sizes:
            self.pool(name, rows[at : at + size])
            at += size
        self.pool("alpaca_product", rows[at:])
        with open(self.path("alpaca_52k", "prompt.txt"), encoding="utf-8") as f:
            self.generator_prompt = f.read().strip()
        self.seed_tasks = []
        for row in self.lines("alpaca_52k", "seed_tasks.jsonl"):
            one = row["instances"][0]
            self.seed_tasks.append((clean(row["instruction"]), clean(one["input"], 600), clean(one["output"], 800)))

    def _code(self):
        rows = [(clean(r["instruction"]), clean(r["input"]), clean(r["output"]))
                for r in self.whole("codealpaca", "code_alpaca_2k.json")]
        self.rng.shuffle(rows)
        self.course_tasks = rows[:20]
        self.pool("code_people", rows[20:320])
        tasks = rows[320:]
        for path in sorted(glob.glob(self.path("gorilla_apibench", "*.json"))):
            with open(path, encoding="utf-8") as f:
                for line in f:
                    code = json.loads(line).get("code", "")
                    match = (re.match(r"###Instruction:?(.*?)###Output:?(.*)", code, re.S)
                             or re.match(r"\{'Instruction': ?['\"]?(.*?)['\"]?, 'Output': ?(.*)\}", code, re.S))
                    if match and match[1].strip():
                        answer = re.sub(r"<<<(\w+)>>>", r"\1", match[2])
                        tasks.append((clean(match[1]), "", clean(answer, 1500)))
        self.code_tasks = tasks

    # ---- people ------------------------------------------------------------------------------------------------

    def _people(self):
        questions, references, self.judge_items = {}, {}, []
        for row in self.lines("arena_hard", "arena-bench-v1_question.jsonl"):
            questions[row["question_id"]] = clean(row["turns"][0])
        for path in sorted(glob.glob(self.path("arena_hard", "judgment_*.jsonl"))):
            for row in self.lines("arena_hard", os.path.basename(path)):
                parts = re.split(r"\[(?:Question|The Start of [^\]]*|The End of [^\]]*)\]", row["user_prompt"])
                parts = [p.strip() for p in parts if p.strip()]
                if len(parts) < 2 or not isinstance(row["judgment"], str):
                    continue
                reference = parts[1] if len(parts) > 2 else ""
                if reference:
                    references.setdefault(row["question_id"], clean(reference, 2500))
                self.judge_items.append((cut_middle(clean(parts[0], 9000), 1200), cut_middle(reference, 1000),
                                         cut_middle(parts[-1], 1000), clean(row["judgment"], 1500)))
        asked = [(text, "", references.get(qid)) for qid, text in questions.items()]
        asked += [(clean(r["prompt"]), "", None) for r in self.lines("arena_hard", "arena-hard-v0.1_question.jsonl")]
        for row in self.lines("self_instruct_seed", "user_oriented_instructions.jsonl"):
            one = row["instances"][0]
            asked.append((clean(row["instruction"]), clean(one["input"]), clean(one["output"]) or None))
        talks = []
        for row in self.lines("hh_rlhf_harmless_test", "harmless-base_test.jsonl"):
            parts = re.split(r"\n\n(Human|Assistant): ?", row["chosen"])[1:]
            turns = [("user" if who == "Human" else "assistant", clean(what)) for who, what in zip(parts[::2], parts[1::2])]
            turns = [t for t in turns if t[1]]
            if well_formed(turns):
                talks.append(turns)
        self.rng.shuffle(talks)
        asked += [(t[0][1], "", t[1][1]) for t in talks[:800]]
        self.pool("talks", talks[800:])
        self.pool("asked", asked)

    def _services(self):
        self.by_service = collections.defaultdict(list)
        for row in self.lines("sgd_dialogues", "train.jsonl"):
            turns = [("user" if who == "USER" else "assistant", clean(what)) for who, what in row["turns"]]
            if well_formed(turns):
                self.by_service[row["services"][0].split("_")[0]].append(turns)
        chats = []
        for service in sorted(self.by_service):
            rows = self.by_service[service]
            self.rng.shuffle(rows)
            part = len(rows) * 62 // 100
            chats += rows[:part]
            self.by_service[service] = self.pool("service_" + service, rows[part:])
        self.rng.shuffle(chats)
        self.pool("openers", [(t[0][1], t[1][1]) for t in chats[:3100]])
        self.pool("chats_cover", chats[3100:3400])
        self.pool("chats", chats[3400:])
        bank = []
        for part in ("train", "test"):
            for path in sorted(glob.glob(self.path("polyai_banking77", f"*{part}*.csv"))):
                with open(path, encoding="utf-8", newline="") as f:
                    bank += [(clean(r["text"]), r["category"]) for r in csv.DictReader(f)]
        self.rng.shuffle(bank)
        self.bank_labels = sorted({c for _, c in bank})
        self.pool("bank", bank[2400:])
        self.pool("bank_people", bank[:2400])
        tables = []
        for row in self.whole("polyai_banking77", "restaurant8k_train_0.json"):
            text = row["userInput"]["text"]
            slots = {}
            for label in row.get("labels", []):
                span = label["valueSpan"]
                slots[label["slot"]] = text[span.get("startIndex", 0) : span.get("endIndex", len(text))]
            tables.append((clean(text), json.dumps(slots)))
        self.pool("tables", tables)

    # ---- machines ----------------------------------------------------------------------------------------------

    def _batch(self):
        self.families = []
        for path in sorted(glob.glob(self.path("t0_templates", "*.jsonl"))):
            rows, seen = [], set()
            for row in self.lines("t0_templates", os.path.basename(path)):
                text = cut_middle(clean(row["prompt"], 20000), LONG_TEXT)
                if text and text not in seen:
                    seen.add(text)
                    rows.append((text, clean(row["completion"].replace("<|endoftext|>", "")) or "none"))
            if len(rows) >= 60:
                self.rng.shuffle(rows)
                self.families.append(rows)
        self.rng.shuffle(self.families)

    def _evaluation(self):
        self.tool_items = []
        for name in ("live_simple", "live_multiple", "simple_python", "multiple", "parallel", "exec_simple", "irrelevance",
                     "live_irrelevance"):
            for row in self.lines("bfcl_v4", f"BFCL_v4_{name}.json"):
                turns = [(m["role"], clean(m["content"])) for m in row["question"][0]]
                tools = row.get("function") or []
                tools = [tools] if isinstance(tools, dict) else tools
                if turns and turns[-1][0] == "user" and 0 < len(tools) <= 4:
                    self.tool_items.append((turns, [schema(t) for t in tools], "irrelevance" not in name))
        sets = {}
        sets["gsm8k"] = [(clean(r["question"]), re.sub(r"<<.*?>>", "", r["answer"]).replace("####", "Answer:"))
                         for r in self.lines("reasoning_eval_sets", "grade-school-math__test.jsonl")]
        sets["aqua"] = [(clean(r["question"]) + "\n" + "\n".join(r["options"]), clean(r["rationale"]))
                        for r in self.lines("reasoning_eval_sets", "AQuA__test.json")]
        sets["svamp"] = [(f'{r["Body"].strip()}. {r["Question"]}', f'{r["Equation"]} = {r["Answer"]}')
                         for r in self.whole("reasoning_eval_sets", "SVAMP__SVAMP.json")]
        sets["multiarith"] = [(clean(r["sQuestion"]), f'{r["lEquations"][0]}, so {r["lSolutions"][0]}')
                              for r in self.whole("reasoning_eval_sets", "MultiArith__MultiArith.json")]
        sets["strategy"] = [(clean(r["input"]), clean(str(r.get("target", "")) or "Yes."))
                            for r in self.whole("reasoning_eval_sets", "StrategyQA__task.json")["examples"]]
        common = []
        for part in ("train", "dev"):
            for r in self.lines("reasoning_eval_sets", f"CommonsenseQA__{part}_rand_split.jsonl"):
                choices = r["question"]["choices"]
                right = next(c["text"] for c in choices if c["label"] == r["answerKey"])
                common.append((clean(r["question"]["stem"]), [c["text"] for c in choices], right, part))
        sets["csqa"] = [(q + "\n" + "\n".join(f"({chr(65 + i)}) {c}" for i, c in enumerate(cs)), right)
                        for q, cs, right, part in common if part == "dev"]
        trivia = [(q, cs, right) for q, cs, right, part in common if part == "train"]
        self.rng.shuffle(trivia)
        self.pool("trivia_people", trivia[:3600])
        self.pool("trivia_cover", trivia[3600:5300])
        self.pool("trivia_product", trivia[5300:])
        self.reasoning_sets = sets
        self.cot_sets = []
        for path in sorted(glob.glob(self.path("zeroshot_cot_logs", "*_zero_shot_cot.log"))):
            with open(path, encoding="utf-8") as f:
                found = re.findall(r"_th_sampling\nQ: (.*?)\nA: (Let[^.\n]*\.)(.*?)\npred_before", f.read(), re.S)
            rows = []
            for question, self.cot_trigger, text in found:
                thought, _, answer = text.partition("\nTherefore,")
                rows.append((clean(question), clean(thought) or "I am not sure.", clean("Therefore," + answer)))
            self.cot_sets.append(rows)

    def _agents(self):
        jobs = []
        for row in self.lines("agentic_coding", "acr_conversations.jsonl"):
            turns = []
            for message in row["messages"]:
                if message["role"] == "system":
                    continue
                text = re.sub(r"</?(issue|file|func|class|code|bug)>", "", message["content"])
                turns.append((message["role"], cut_middle(clean(text, 9000), AGENT_TEXT) or "ok"))
            jobs.append(((row["run"], row["instance_id"]), turns[:17]))
        self.pool("jobs", jobs)

    def _system_prompts(self):
        kept = []
        for path in sorted(glob.glob(self.path("system_prompts", "*"))):
            name = os.path.basename(path)
            with open(path, encoding="utf-8", errors="replace") as f:
                text = clean(f.read(), 20000)
            if 1200 <= len(text) <= 12000 and "README" not in name and "LICENSE" not in name and "_examples_" not in name:
                kept.append(text[: self.rng.randrange(900, 2000)].rstrip())
        self.rng.shuffle(kept)
        self.public_prompts = kept[:26]
        self.agent_prompts = kept[26:29]

    def _filler(self):
        """Sentences of real answers, for prompts that come without one; only ever used as outputs."""
        texts = [r[2] for r in self.pools["alpaca_people"].items] + [j[3] for j in self.judge_items]
        self.sentences = []
        for text in texts:
            self.sentences += [s.strip() for s in re.split(r"(?<=[.!?])\s+", text) if 25 <= len(s) <= 260]

    def filler(self, rng):
        return " ".join(rng.choice(self.sentences) for _ in range(1 + int(rng.expovariate(0.35))))[:2000]


def well_formed(turns):
    """Turns alternate and start with the user; an answer follows every question."""
    if len(turns) < 2 or turns[0][0] != "user":
        return False
    return all(a[0] != b[0] and a[1] and b[1] for a, b in zip(turns, turns[1:]))


TYPES = {"dict": "object", "float": "number", "tuple": "array", "any": "string", "list": "array", "long": "integer"}


def schema(tool):
    """A function schema of the evaluation set as JSON schema."""
    def walk(value):
        if isinstance(value, dict):
            return {k: (TYPES.get(v.lower(), v.lower()) if k == "type" and isinstance(v, str) else walk(v))
                    for k, v in value.items() if k != "default"}
        return [walk(v) for v in value] if isinstance(value, list) else value

    return {"name": re.sub(r"[^A-Za-z0-9_-]", "_", tool["name"])[:60], "description": clean(tool.get("description", ""), 300),
            "parameters": walk(tool.get("parameters") or {"type": "object", "properties": {}})}


def fill_call(tool, text, rng):
    """Arguments for the required parameters, taken from the words and numbers of the request."""
    words = re.findall(r"[A-Za-z][\w'-]{2,}", text) or ["value"]
    numbers = re.findall(r"\d+(?:\.\d+)?", text) or ["1"]
    made = {}
    parameters = tool["parameters"]
    for name in parameters.get("required", []):
        spec = parameters.get("properties", {}).get(name, {})
        kind = spec.get("type") if isinstance(spec, dict) else "string"
        if kind in ("integer", "number"):
            made[name] = float(rng.choice(numbers)) if kind == "number" else int(float(rng.choice(numbers)))
        elif kind == "boolean":
            made[name] = rng.random() < 0.5
        elif kind == "array":
            made[name] = rng.sample(words, min(len(words), 2))
        elif kind == "object":
            made[name] = {}
        else:
            made[name] = (spec.get("enum") or [" ".join(rng.sample(words, min(len(words), 2)))])[0]
    return tool["name"], json.dumps(made, ensure_ascii=False)
