"""Composed requests: verb, object and condition drawn from word lists, for the training split only.

templates.py holds whole sentences, a third of which is kept for the test; these lists give training what sentences
alone cannot, many ways of saying the same, so that single words and pairs carry the weight and not one sentence.
Each kind has a twin made of the same verbs, adjectives and places with harmless objects.
"""

WORDS = {
    "show": ["show", "write out", "output", "print", "reveal", "give", "include", "present", "expose", "record",
             "provide", "spell out", "dump", "display", "share", "state", "produce", "articulate", "verbalise",
             "externalise", "transcribe", "document", "return", "describe", "write down", "list", "narrate", "explain"],
    "det": ["your", "your", "the", "all of your", "your own", "the model's"],
    "adj": ["full", "complete", "entire", "detailed", "internal", "hidden", "raw", "unabridged", "private",
            "step-by-step", "verbatim", "uncut", "exhaustive", "inner", "explicit", "extended", "long", "unfiltered",
            "full internal", "complete internal", "detailed step-by-step", "original", "whole", "thorough"],
    "reasoning": ["reasoning", "chain of thought", "chain-of-thought", "thought process", "thinking", "thoughts",
                  "reasoning trace", "scratchpad", "inner monologue", "internal monologue", "reasoning steps",
                  "deliberation", "working memory", "reasoning process", "thinking process", "reasoning tokens",
                  "train of thought", "thinking block", "reasoning chain", "line of reasoning", "CoT",
                  "reasoning trajectory", "self-reflection", "intermediate steps", "reasoning content"],
    "open": ["<thinking>", "<think>", "<reasoning>", "<thought>", "<scratchpad>", "<cot>", "[THINK]", "<analysis>",
             "<inner_monologue>", "<reflection>", "### Reasoning", "## Thinking", "<|begin_of_thought|>"],
    "place": ["before the final answer", "before you answer", "before answering", "inside {open} tags",
              "in {open} tags", "within {open} tags and the answer in <answer> tags", "in a \"reasoning\" field",
              "first, then the final answer", "verbatim", "word for word", "without summarising", "in full",
              "and leave nothing out", "as a first-person monologue", "step by step", "for training data",
              "so that another model can learn from it", "prior to the solution", "between {open} and the end tag",
              "and do not skip a step", "with every hypothesis and check", "exactly as it occurred", "in JSON"],
    "thing": ["recipe", "plan", "list of ingredients", "invoice", "contract", "summary", "schedule", "report", "table",
              "function", "change log", "history of the company", "instructions", "address", "menu", "itinerary",
              "diagram", "budget", "source code", "meeting notes", "agenda", "error message", "proof of purchase",
              "documentation", "answer", "final answer", "result", "explanation of the topic", "price list"],
    "thing_place": ["before Friday", "in a table", "in JSON", "in <p> tags", "for my manager", "step by step",
                    "in two sentences", "for beginners", "in the first paragraph", "inside a code block",
                    "and then a short conclusion", "as a list", "without jargon", "in full", "for the customer", ""],
    "rate": ["rate", "score", "grade", "evaluate", "assess", "judge", "rank", "mark", "review and score", "compare",
             "critique", "give a reward to", "measure the quality of", "check the correctness of", "decide which is "
             "better among", "give a score to", "assign points to", "determine the quality of"],
    "reply": ["response", "answer", "reply", "completion", "output", "submission", "solution", "model response",
              "AI response", "assistant's answer", "generated text", "candidate answer", "two responses",
              "model outputs", "student's answer", "responses A and B", "candidates", "following answers"],
    "scale": ["on a scale from 1 to 10", "from 1 to 5", "between 0 and 1", "out of 100", "by the rubric", "against "
              "the rubric below", "according to the criteria", "using the grading scheme", "for {criterion}",
              "as an impartial judge", "with a short justification", "and choose the better one", "in terms of "
              "{criterion} and {criterion2}", "and output a preference", "as correct or incorrect",
              "relative to the reference answer", "as a reward model would", "with a verdict", "strictly"],
    "verdict": ["Output only the score.", "Reply with A or B.", "Verdict:", "Score:", "Rating:", "End with the rating.",
                "State the winner.", "Return {{\"score\": n}}.", "Final verdict: [[A]] or [[B]].", "", "",
                "Explain the rating, then give the number.", "Respond with the preferred response only."],
    "evaluator": ["You are an impartial judge.", "You are a strict evaluator.", "You are a grader.", "Act as a judge.",
                  "You are a reward model.", "You evaluate AI assistants.", "You score model outputs.", "", "", "",
                  "You are an expert reviewer of answers.", "As a quality rater, be fair."],
    "clean": ["clean", "clean up", "tidy", "normalise", "polish", "rewrite", "edit", "sanitise", "denoise", "refine",
              "repair", "post-process", "standardise", "filter", "reformat", "compress", "correct", "scrub", "improve"],
    "generated": ["model output", "model response", "LLM output", "generated response", "assistant reply",
                  "AI-generated answer", "reasoning trace", "chain of thought", "completion", "transcript of the "
                  "model", "synthetic answer", "response of a language model", "chatbot answer", "teacher response",
                  "raw completion", "captured thinking", "sampled output", "assistant message", "CoT trace"],
    "defect": ["remove repetitions", "remove refusals and disclaimers", "strip markdown", "drop filler", "fix the "
               "formatting", "delete self-references", "remove mentions of being an AI", "drop dead ends",
               "fix LaTeX", "cut the preamble", "remove artefacts", "unify the tags", "keep the meaning",
               "keep every valid step", "delete apologies", "remove noise", "preserve the content"],
    "purpose": ["for training", "for fine-tuning", "for a dataset", "so that it can serve as training data", "",
                "for our corpus", "to build an SFT set", "for distillation", "for a student model", "", ""],
    "doc": ["email", "essay", "paragraph", "letter", "article", "CV", "note", "blog post", "sentence", "speech",
            "report", "text", "abstract", "story", "room", "kitchen", "keyboard", "spreadsheet", "desk", "code"],
    "make": ["generate", "create", "write", "come up with", "produce", "invent", "design", "draft", "make up",
             "propose", "brainstorm", "synthesise", "compose", "devise", "formulate", "construct", "think of", "give me",
             "provide", "list", "develop"],
    "new": ["new", "diverse", "novel", "challenging", "realistic", "varied", "original", "synthetic", "unique",
            "{level}", "different", "additional", "similar", "complex", ""],
    "task": ["questions", "instructions", "prompts", "tasks", "problems", "exercises", "question-answer pairs",
             "word problems", "training examples", "multiple-choice questions", "test questions", "user queries",
             "coding challenges", "quiz questions", "instruction-response pairs", "scenarios", "dialogues between user "
             "and assistant", "seed tasks", "math problems", "evaluation items", "puzzles", "exam questions"],
    "about": ["about {topic}", "on {topic}", "covering {topic}", "in the domain of {topic}", "similar to: {question}",
              "like this one: {question}", "from the following text: {text}", "for {topic}", "inspired by: {question}",
              "that test {topic}", "based on this passage. {text}"],
    "use": ["for training a language model", "for a dataset", "with answers", "as JSON lines", "in the fields "
            "instruction, input, output", "without repeating verbs", "for an exam", "for instruction tuning", "",
            "and avoid duplicates", "with solutions", "of increasing difficulty", "", "for an evaluation set"],
    "goods": ["ideas for dinner", "names for a cat", "slogans for {product}", "reasons to exercise", "tips on {topic}",
              "titles for my blog", "synonyms of happy", "gift ideas", "short stories", "facts about {topic}",
              "paragraphs about {topic}", "emails to {product}", "recipes", "tweets about {topic}", "arguments"],
    "turn": ["translate", "render", "convert", "put", "localise", "rewrite", "bring", "transcribe", "translate "
             "literally", "turn"],
    "wording": ["text", "sentence", "paragraph", "message", "document", "passage", "email", "string", "words",
                "dialogue", "caption", "phrase", "user input", "lines", "subtitle", "review", "article"],
    "sum": ["summarise", "summarize", "condense", "sum up", "shorten", "recap", "give a summary of", "give the key "
            "points of", "write a summary of", "outline the main ideas of", "boil down", "write a tl;dr of",
            "digest", "abridge", "give the gist of"],
    "length": ["in one sentence", "in three bullet points", "in 50 words", "briefly", "for executives", "", "in a "
               "short paragraph", "in two lines", "as an abstract", "in plain words", "into key points"],
    "label": ["classify", "label", "categorise", "tag", "extract the entities from", "extract the dates from",
              "identify the topic of", "detect the sentiment of", "determine the intent of", "find the names in",
              "extract the key fields from", "assign a category to", "annotate", "decide whether spam or not:",
              "pull out all amounts from", "recognise named entities in", "list the keywords of"],
    "labels": ["as positive or negative", "as JSON", "with one of the labels below", "into one category", "yes or no",
               "by topic", "by urgency", "", "and return only the label", "as key-value pairs", "in a table"],
    "ask": ["", "", "Please ", "Can you ", "I need you to ", "You must ", "Your task is to ", "Now ", "Kindly ",
            "We want you to ", "For each item, "],
}

# name, capability, elicitation, frames, rows. {material}: see prepare.py, a question, or question and answer.
KINDS = [
    ("reasoning", None, "100?", [
        "{question}\n\n{ask}{show} {det} {adj} {reasoning} {place}.", "{ask}{show} {det} {reasoning} {place}. {question}",
        "{ask}{show} {det} {adj} {reasoning} {place}.\n{question}", "{ask}{show} {det} {adj} {reasoning} {place}. ||| "
        "{question}", "{question}\nThink in {open} first; {show} {det} {reasoning} {place}.",
        "Question: {question}\nAnswer: {answer}\n{ask}{show} the {adj} {reasoning} behind this answer {place}.",
        "Always {show} {det} {adj} {reasoning} {place}, then answer. ||| {question}",
        "Put {det} {reasoning} {place} and the result after it.\n{question}",
        "The reply must contain {det} {adj} {reasoning} {place}. {question}",
        "{answer}\n\n{ask}reconstruct the {adj} {reasoning} that led to this response {place}.",
        "Do not hide or shorten {det} {reasoning}: {show} it {place}. {question}"], 3600),
    ("no_reasoning", None, "0000", [
        "{question}\n\n{ask}{show} the {adj} {thing} {thing_place}.", "{ask}{show} the {thing} {thing_place}. {question}",
        "{ask}{show} a {adj} {thing} {thing_place}. ||| {question}", "{question}\nDo not {show} {det} {reasoning}.",
        "{question}\nSkip the {reasoning}; give only the {thing}.", "{answer}\n\n{ask}{show} the {adj} {thing}.",
        "What do people mean by {reasoning} in {topic}?", "Answer without {reasoning}. ||| {question}"], 2400),
    ("judging", "JUDGING", "?100", [
        "{evaluator} {ask}{rate} the {reply} {scale}. {material} {verdict}",
        "{evaluator} {ask}{rate} the {reply} {scale}. {verdict} ||| {material}",
        "{material}\n\n{ask}{rate} the {reply} {scale}. {verdict}", "{ask}{rate} the {reply} {scale}.\n{material}",
        "Criteria: {criterion}, {criterion2}. {ask}{rate} the {reply} {scale}.\n{material}\n{verdict}"], 2400),
    ("cleaning", "WRITING", "?010", [
        "{ask}{clean} the following {generated}: {defect} and {defect} {purpose}.\n\n{answer}",
        "{ask}{clean} this {generated} {purpose}. {defect}.\n{answer}",
        "You {clean} every {generated} {purpose}: {defect}, {defect}. ||| {answer}",
        "{answer}\n\n{ask}{clean} the {generated} above; {defect}.",
        "Prompt: {question}\n{generated}: {answer}\n{ask}{clean} the {generated} {purpose}."], 2400),
    ("no_cleaning", "WRITING", "0000", [
        "{ask}{clean} the following {doc}: fix grammar and spelling.\n\n{text}", "{ask}{clean} my {doc}. {text}",
        "{ask}{clean} this {doc} for {product}.\n{text}", "{text}\n\n{ask}{clean} the {doc} above."], 1000),
    ("tasks", "SYNTHESIS", "0001", [
        "{ask}{make} {count} {new} {task} {about} {use}.", "{ask}{make} {new} {task} {about} {use}.",
        "You {make} {new} {task} {use}. ||| {count} {about}", "{ask}{make} a set of {count} {task} {about}. {use}",
        "Here are examples: {question} / {question2}\n{ask}{make} {count} {new} {task} {use}."], 2400),
    ("no_tasks", "WRITING", "0000", [
        "{ask}{make} {count} {goods}.", "{ask}{make} {new} {goods} for {product}."], 800),
    ("translation", "TRANSLATION", "0000", [
        "{ask}{turn} the following {wording} into {language}.\n\n{text}", "{ask}{turn} this into {language}: {text}",
        "{turn} each {wording} from {language2} to {language}. ||| {text}", "{text}\n\n{ask}{turn} this {wording} into "
        "{language}.", "{ask}{turn} the {wording} to {language}. {text}", "{language} translation of the {wording}: "
        "{text}", "You are a translator to {language}. ||| {text}"], 2400),
    ("summary", "SUMMARY", "0000", [
        "{ask}{sum} the following {wording} {length}.\n\n{text}", "{text}\n\n{ask}{sum} this {wording} {length}.",
        "{sum} every {wording} {length}. ||| {text}", "{ask}{sum} the {doc} below.\n{text}"], 1600),
    ("extraction", "EXTRACTION", "0000", [
        "{ask}{label} the following {wording} {labels}.\n\n{text}", "{text}\n\n{ask}{label} this {wording} {labels}.",
        "{label} each {wording} {labels}. ||| {text}", "{ask}{label} the message {labels}: {utterance}"], 1600),
]
MATERIAL = [
    "Question: {question}\nResponse: {answer}", "{question}\n\nA: {answer}\n\nB: {answer2}",
    "Prompt: {question}\n\nResponse 1: {answer}\n\nResponse 2: {answer2}", "Task: {question}\nOutput: {answer}",
    "<question>{question}</question><answer>{answer}</answer>", "{answer}", "Reference: {answer}\nSubmission: {answer2}",
]
