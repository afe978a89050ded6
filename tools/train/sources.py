"""Readers of the data sets and the weak labels given to them. Each reader yields Row objects.

No set carries our labels: what a row is taken to be follows from the set, the template family or the verb of the
instruction, by the rules in this file. docs/classifiers.md lists them in words.
"""

import csv
import glob
import json
import os
import re
import zlib

CAPS = ["CODING", "AGENTIC", "MATH", "KNOWLEDGE", "WRITING", "SUMMARY", "EXTRACTION", "TRANSLATION", "JUDGING",
        "SYNTHESIS", "SUPPORT"]
# Sets whose licence forbids commercial use, or that state none; --permissive leaves them out of training.
RESTRICTED = {"alpaca", "codealpaca", "acr", "mea_boolq", "mea_agnews", "cot_logs", "coin_flip", "last_letters",
              "addsub", "singleeq", "multiarith", "sgd"}


class Row:
    """One prompt. elicit: one of 0, 1, h (one half), ? (not known) for reasoning, rubric, cleaning, tasks."""

    def __init__(self, name, split, cap, user, system="", elicit="0000"):
        self.name, self.split, self.cap, self.elicit = name, split, cap, elicit
        self.user, self.system = user.strip(), system.strip()


def share(key):
    """A stable number 0..99 for a key; splits are made of it."""
    return zlib.crc32(key.encode("utf-8")) % 100


def split_of(key, test_percent=20):
    return "test" if share(key) < test_percent else "train"


def lines(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        for line in f:
            if line.strip():
                yield json.loads(line)


def load(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return json.load(f)


# --- Alpaca: by the wording of the instruction, first rule that matches. ---
ALPACA_RULES = [(cap, re.compile(pattern, re.I)) for cap, pattern in [
    ("TRANSLATION", r"\btranslat|\bin(to)? (french|spanish|german|italian|japanese|chinese|russian|latin|hindi)\b"),
    ("CODING", r"\b(python|java|javascript|html|css|sql|c\+\+|code|regex|regular expression|algorithm|bash|php|"
               r"computer program|pseudocode|function (that|to|which))\b"),
    ("SUMMARY", r"\bsummar|\btl;?dr|\bcondense|\bmain (idea|point|argument)s? of the|\bkey points? (of|from) the|"
                r"\b(headline|title) for (the|this) (article|text|passage|story|news)"),
    ("SYNTHESIS", r"^(generate|create|come up with|write|make|formulate|construct|design|compose|suggest|brainstorm|"
                  r"develop|produce|provide|give|list|propose|form)\b.{0,60}\b(questions?|quiz|trivia|word problems?|"
                  r"math problems?|exercises?|prompts?|dataset|survey|test cases?|riddles?|puzzles?)\b"),
    ("JUDGING", r"^(rate|grade|evaluate|judge|critique|assess|score|rank)\b.{0,60}\b(answer|response|essay|summary|"
                r"argument|sentence|paragraph|story|statement|claim|text|performance)"),
    ("MATH", r"\b(calculate|compute|solve|equation|probability|perimeter|multiply|square root|prime number|"
             r"percentage of|the sum of|average of|derivative|factorial|how many|arithmetic|simplify the)\b"),
    ("EXTRACTION", r"^(classify|categori[sz]e|identify|extract|detect|label|assign|tag|sort|select|determine|find the|"
                   r"pick|choose|group|separate|spot|recogni[sz]e|highlight|underline)\b|\bclassify\b|\bcategori[sz]e\b"),
    ("WRITING", r"^(write|compose|rewrite|re-write|reword|paraphrase|edit|draft|rephrase|craft|tell a|tell me a "
                r"(story|joke)|imagine|change the|improve|add|continue|complete the|revise|proofread|create an? (story|"
                r"poem|slogan|tagline|tweet|metaphor|sentence|dialogue|advertis|email|letter|haiku|script|blog)|"
                r"generate an? (story|poem|slogan|tagline|tweet|metaphor|sentence|dialogue|advertis|email|letter|"
                r"haiku|script|blog|creative|paragraph|short))"),
    ("KNOWLEDGE", r"^(what|who|whom|when|where|why|how|which|name|explain|describe|define|is|are|does|do|did|can|"
                  r"state|discuss|compare|tell me|give an? (example|overview|definition|explanation)|list|provide|"
                  r"outline|give)\b"),
]]
# Where a rule could be wrong about elicitation, the label is left open.
VAGUE_REASONING = re.compile(r"step[- ]by[- ]step|reasoning|show your work|explain (how|why) you|thought process", re.I)
VAGUE_TASKS = re.compile(r"\bquestions?\b|\bquiz|\bprompts?\b|\bexercises?\b|\bproblems?\b|\bdata ?set|\btasks?\b"
                         r"|\btest\b|\bexamples?\b", re.I)
VAGUE_RUBRIC = re.compile(r"\b(rate|grade|score|rank|evaluate|judge|assess|critique)\b", re.I)


def instruction_label(text):
    for cap, rule in ALPACA_RULES:
        if rule.search(text):
            return cap
    return None


def instruction_elicit(cap, text):
    return (("?" if VAGUE_REASONING.search(text) else "0") + ("?" if VAGUE_RUBRIC.search(text) else "0") + "0"
            + ("1" if cap == "SYNTHESIS" else "?" if VAGUE_TASKS.search(text) else "0"))


def joined(instruction, text, rng):
    """Instruction and input in one of several forms, so that no label follows from the form."""
    if not text or text.lower() in ("<noinput>", "noinput"):
        return instruction, ""
    form = rng.randrange(6)
    if form == 0:
        return text, instruction
    return [None, f"{instruction}\n\n{text}", f"{instruction}\n{text}", f"{instruction} {text}",
            f"{instruction}\nInput: {text}", f"{text}\n\n{instruction}"][form], ""


def alpaca(data, rng):
    for row in lines(f"{data}/alpaca_52k/alpaca_data.jsonl"):
        instruction = row["instruction"]
        cap = instruction_label(instruction)
        family = " ".join(instruction.lower().split()[:3])
        user, system = joined(instruction, row["input"], rng)
        yield Row("alpaca", split_of(family), cap, user, system, instruction_elicit(cap, instruction))


def codealpaca(data, rng):
    for row in load(f"{data}/codealpaca/code_alpaca_2k.json"):
        family = " ".join(row["instruction"].lower().split()[:3])
        user, system = joined(row["instruction"], row["input"], rng)
        yield Row("codealpaca", split_of(family), "CODING", user, system)


def gorilla(data, rng):
    """Hugging Face and Torch Hub to train on, TensorFlow held out whole."""
    for name in ("huggingface_eval", "torchhub_eval", "torchhub_train", "tensorflow_eval"):
        for row in lines(f"{data}/gorilla_apibench/{name}.json"):
            code = row["code"] if isinstance(row["code"], str) else ""
            found = (re.search(r"###\s*Instruction:(.*?)###\s*Output", code, re.S)
                     or re.search(r"'Instruction': (.*?), 'Output'", code, re.S))
            if found:
                split = "test" if name == "tensorflow_eval" else "train"
                yield Row(f"gorilla_{name.split('_')[0]}", split, "CODING", found.group(1).strip(" '\"\n"))


def user_oriented(data, rng):
    """Held out whole: tasks written for well-known applications, labelled by the same rules as Alpaca."""
    for row in lines(f"{data}/self_instruct_seed/user_oriented_instructions.jsonl"):
        cap = instruction_label(row["instruction"])
        user, system = joined(row["instruction"], row["instances"][0]["input"], rng)
        yield Row("user_oriented", "test", cap, user, system, instruction_elicit(cap, row["instruction"]))


def campaign_prompts(data, rng):
    """The two generator prompts that were really sent: held out, never trained on."""
    for name, path in (("alpaca", "alpaca_52k/prompt.txt"), ("codealpaca", "codealpaca/prompt.txt")):
        with open(f"{data}/{path}", encoding="utf-8") as f:
            yield Row(f"generator_{name}", "test", "SYNTHESIS", f.read(), "", "0001")


# --- T0: by the name of the family. Whole tasks are held out. ---
T0_TEST = ("yelp", "dbpedia", "paws", "xsum", "samsum", "sciq", "ropes", "duorc")
T0_RULES = [(cap, re.compile(pattern)) for cap, pattern in [
    ("SYNTHESIS", r"generate_question|Generate_the_question|Generate_Question|Jeopardy"),
    ("JUDGING", r"automatic_system|wiki_qa_exercise|found_on_google|Decide_good_answer|Is_This_True|qasc_is_correct|"
                r"Check_if_a_random_answer"),
    ("EXTRACTION", r"^(ag_news|amazon|imdb|rotten|yelp|dbpedia|trec|wiki_hop|app_reviews_con|app_reviews_cat)|"
                   r"wiki_bio_(comp|key|what)|sentence_to_concepts|topics_from|news_stock|Read_And_Extract|"
                   r"extract_answer|Topic_Prediction"),
    ("WRITING", r"generate_story|spice_up|reverse_writing|write_an_article|expand_reverse|Write_a_dialogue|common_gen|"
                r"build_story|dream_generate|wiki_bio_who|generate_paraphrase|generate_sentence|paraphrase_task|"
                r"generate_review"),
    ("EXTRACTION", r"^(glue|paws)"),
    ("SUMMARY", r"^(cnn|gigaword|multi_news|samsum|xsum)|title_generation|Guess_Title"),
    ("KNOWLEDGE", r""),
]]


def t0(data, rng):
    for path in sorted(glob.glob(f"{data}/t0_templates/*.jsonl")):
        family = os.path.basename(path)[:-6]
        cap = next(cap for cap, rule in T0_RULES if rule.search(family))
        split = "test" if family.startswith(T0_TEST) else "train"
        elicit = {"SYNTHESIS": "0001", "JUDGING": "0?00"}.get(cap, "0000")
        for row in lines(path):
            yield Row("t0_" + family.split("_")[0], split, cap, row["prompt"], "", elicit)


# --- Reasoning evaluation sets. ---
def reasoning_sets(data, rng):
    """Held out whole: SVAMP, MultiArith, last letters. The three BIG-bench files carry a canary that asks not to be
    trained on; they are only ever measured."""
    base = f"{data}/reasoning_eval_sets/"
    for row in lines(base + "grade-school-math__test.jsonl"):
        yield Row("gsm8k", split_of(row["question"]), "MATH", row["question"])
    for row in lines(base + "AQuA__test.json"):
        text = row["question"] + ("\n" + "\n".join(row["options"]) if rng.randrange(2) else "")
        yield Row("aqua", split_of(row["question"]), "MATH", text)
    for name, path, split in (("addsub", "AddSub__AddSub.json", "train"), ("singleeq", "SingleEq__questions.json",
                              "train"), ("multiarith", "MultiArith__MultiArith.json", "test")):
        for row in load(base + path):
            yield Row(name, split, "MATH", row["sQuestion"])
    for row in load(base + "SVAMP__SVAMP.json"):
        yield Row("svamp", "test", "MATH", row["Body"].rstrip(". ") + ". " + row["Question"])
    for name, split in (("coin_flip", "train"), ("last_letters", "test")):
        for row in load(f"{base}{name}__{name}.json")["examples"]:
            yield Row(name, split, "MATH", row["question"])
    for name, path, cap in (("bb_date", "Bigbench_Date__task.json", "MATH"), ("bb_object_tracking",
                            "Bigbench_object_tracking__task.json", "MATH"), ("bb_strategyqa", "StrategyQA__task.json",
                            "KNOWLEDGE")):
        for row in load(base + path)["examples"]:
            yield Row(name, "test", cap, row["input"])
    for name, part, split in (("csqa_train", "train_rand_split", "train"), ("csqa_dev", "dev_rand_split", "test")):
        for row in lines(f"{base}CommonsenseQA__{part}.jsonl"):
            stem = row["question"]["stem"]
            options = "".join(f"\n({c['label']}) {c['text']}" for c in row["question"]["choices"])
            yield Row(name, split, "KNOWLEDGE", stem + (options if rng.randrange(2) else ""))


def cot_logs(data, rng):
    """Measured only: researchers who elicit reasoning, and the same questions asked without the trigger. Only logs
    whose questions are not trained on."""
    for path in sorted(glob.glob(f"{data}/zeroshot_cot_logs/*.log")):
        if os.path.basename(path).split("_")[0] in ("addsub", "aqua", "coin", "gsm8k", "singleeq"):
            continue
        cot = path.endswith("_zero_shot_cot.log")
        with open(path, encoding="utf-8", errors="replace") as f:
            for text in re.findall(r"^Q: (.*?)\nA:", f.read(), re.S | re.M):
                yield Row("cot_logs_trigger" if cot else "cot_logs_plain", "test", None,
                          text + ("\nLet's think step by step." if cot else ""), "", ("h" if cot else "0") + "000")


# --- People, support, agents. ---
def sgd(data, rng):
    for row in lines(f"{data}/sgd_dialogues/train.jsonl"):
        split = split_of(row["services"][0].split("_")[0], 25)
        turns = [text for who, text in row["turns"] if who == "USER"]
        yield Row("sgd", split, "SUPPORT", rng.choice(turns))


def polyai(data, rng):
    """Restaurant8k is held out whole."""
    with open(f"{data}/polyai_banking77/train.csv", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            yield Row("banking77", split_of(row["category"]), "SUPPORT", row["text"])
    for row in load(f"{data}/polyai_banking77/restaurant8k_train_0.json"):
        yield Row("restaurant8k", "test", "SUPPORT", row["userInput"]["text"])


def hh(data, rng):
    """People who talk to an assistant. No capability is claimed; they ask for no trace, verdict, cleaning or task."""
    for row in lines(f"{data}/hh_rlhf_harmless_test/harmless-base_test.jsonl"):
        first = row["chosen"].split("\n\nAssistant:")[0].replace("\n\nHuman:", "").strip()
        yield Row("hh_rlhf", split_of(first), None, first)


def arena(data, rng):
    """People, held out: the capability of v0.1 follows from the name of its cluster where that is plain."""
    coding = re.compile(r"python|rust|react|sql|docker|kubernetes|code|coding|script|django|flask|laravel|typescript|"
                        r"javascript|css|regex|aws|git|linux|android|web |programming|pytorch|kotlin|swift|vba|wpf|"
                        r"algorithm|cuda|php|symfony|odoo|nix|shiny|tkinter|matplotlib|pandas|streamlit|hdl|hlsl", re.I)
    maths = re.compile(r"algebra|mathemati|probability|geometry|math problems|irrational|number calculations|real "
                       r"analysis|train time|investment growth|money and|consecutive draws", re.I)
    for row in lines(f"{data}/arena_hard/arena-hard-v0.1_question.jsonl"):
        cap = "CODING" if coding.search(row["cluster"]) else "MATH" if maths.search(row["cluster"]) else None
        yield Row("arena_v0.1", "test", cap, row["prompt"], "", "??0?")


JUDGE_MARKS = re.compile(r"\[(Question|The (Start|End) of (the )?(Reference|Assistant)[^\]]*)\]")


def judge_logs(data, rng):
    """Split by question. The logs' own marks are removed or put into other words."""
    heads = ["", "", "Rate the response.", "Evaluate the answer.", "Grade this."]
    for path in sorted(glob.glob(f"{data}/arena_hard/judgment_*.jsonl")):
        for row in lines(path):
            text = row["user_prompt"]
            style = rng.randrange(3)
            names = {"Question": "Prompt", "Reference": "Reference answer", "Assistant": "Response"}
            text = JUDGE_MARKS.sub(lambda m: "" if style == 0 or m.group(2) == "End" else
                                   f"{names[m.group(4) or 'Question']}:" if style == 1 else
                                   f"### {names[m.group(4) or 'Question']}", text)
            split = split_of(row["question_id"])
            yield Row("judge_logs", split, "JUDGING", text, rng.choice(heads) if split == "train" else "", "?100")


def bfcl(data, rng):
    """live_* (contributed by users) and the multi-turn items are held out whole."""
    skip = ("format_sensitivity", "memory", "irrelevance", "chatable", "relevance")
    for path in sorted(glob.glob(f"{data}/bfcl_v4/*.json")):
        name = os.path.basename(path)[8:-5]
        if name.endswith(skip):
            continue
        test = name.startswith(("live", "multi_turn", "web_search"))
        kind = "live" if name.startswith("live") else "multi_turn" if name.startswith("multi_turn") else "single"
        kind = "web_search" if name.startswith("web") else kind
        for row in lines(path):
            turn = row["question"][0]
            turns = turn if isinstance(turn, list) else [turn]
            user = [m["content"] for m in turns if m["role"] == "user"]
            system = [m["content"] for m in turns if m["role"] == "system"]
            if user:
                yield Row(f"bfcl_{kind}", "test" if test else "train", "AGENTIC", user[-1],
                          system[0] if system else "")


def acr(data, rng):
    """Coding agents, split by repository; the <issue> tags are removed."""
    for row in lines(f"{data}/agentic_coding/acr_conversations.jsonl"):
        messages = row["messages"]
        users = [m["content"] for m in messages if m["role"] == "user"]
        split = split_of(row["instance_id"].split("__")[0], 30)
        system = next((m["content"] for m in messages if m["role"] == "system"), "")
        for text in rng.sample(users, min(3, len(users))):
            yield Row("acr", split, "AGENTIC", re.sub(r"</?issue>", "", text),
                      re.sub(r"</?issue>", "", system) if rng.randrange(3) == 0 else "")


def boolq(data, rng):
    """The give-away names of the two parts are dropped or replaced."""
    for row in lines(f"{data}/mea_llm_queries/ME_BERT_boolq_wiki__benign.jsonl"):
        found = re.match(r"Passage: (.*)\nQuestion: (.*)", row["query"], re.S)
        if found:
            passage, question = found.groups()
            text = rng.choice([f"{passage}\n\n{question}", f"{question}\n{passage}", f"{question}?"])
            yield Row("mea_boolq", split_of(passage), "KNOWLEDGE", text)


def products(data, rng):
    """Published system prompts: hard negatives for elicitation, split by vendor. Prompts that speak of thinking keep
    the reasoning label open."""
    for path in sorted(glob.glob(f"{data}/system_prompts/*.md")):
        with open(path, encoding="utf-8", errors="replace") as f:
            text = f.read(20000)
        vendor = os.path.basename(path).split("_")[0]
        vague = "?" if re.search(r"thinking|step.by.step|reasoning|scratchpad", text[:4000], re.I) else "0"
        yield Row("system_prompts", split_of(vendor, 35), None, "Hello", text, vague + "000")


READERS = [alpaca, codealpaca, gorilla, user_oriented, campaign_prompts, t0, reasoning_sets, cot_logs, sgd, polyai, hh,
           arena, judge_logs, bfcl, acr, boolq, products]
