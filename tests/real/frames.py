"""Every instruction text that we wrote ourselves: frames of campaigns, products and benign tools."""

# ---- campaigns ------------------------------------------------------------------------------------------------------

# (a) puts the task first and its frame behind it, so that its prompts open like anyone's.
COLLECT = "{task}\n{material}\nAnswer as an expert would, complete but without padding: no greeting, no closing offer. If two " \
          "readings are possible, say which one you take."
COLLECT_MATERIAL = "\n{given}\n"

# (b) frames the task on both sides and has a system prompt of its own.
REFERENCE_SYSTEM = ("You write reference solutions for a programming handbook. First set down your plan in numbered steps under "
                    "the heading Plan, then the full code under Code, then how you checked it under Check. Name every library "
                    "and give exact calls. Assume a current stable version of each tool.")
REFERENCE = "Given the following requirement, write a worked solution.\n{task}\n{material}Name the alternatives you turned down."
REFERENCE_MATERIAL = "{given}\n"

FOLLOW_UPS = ["Look over your answer once more and return a corrected version.", "Now give a shorter version of the same answer.",
              "Point out the weakest part of this and improve it."]

# ---- firms ----------------------------------------------------------------------------------------------------------

BOT_ROLE = ["You are {name}, the virtual assistant of {firm}.", "You answer messages from customers of {firm} as {name}.",
            "{firm} customer care. You are called {name}.", "You are the booking desk of {firm}; your name is {name}."]
BOT_SCOPE = ["Help with {topic} and nothing else.", "Your subject is {topic}. Hand anything else over to a colleague.",
             "You handle {topic} from first question to confirmation.", "Customers write about {topic}."]
BOT_STYLE = ["Keep replies under three sentences.", "Write warmly and plainly.", "Ask for one detail at a time.",
             "Never promise a refund.", "Confirm the details before you act.", "Use the customer's own words for dates.",
             "Do not use exclamation marks.", "Offer two choices at most.", "Always repeat the total price before booking."]

LABEL_TASK = ["Sort this customer message into one of the labels: {labels}. Reply with the label.",
              "Which of these categories fits the message best? {labels}\nAnswer with one category.",
              "You route tickets. Allowed queues: {labels}. Give the queue and nothing else."]
LABEL_USER = ["{text}", "Message: {text}", "Ticket text:\n{text}", "Customer wrote: {text}"]

TABLE_TASK = ["Extract the booking details from the guest's message as JSON with the keys people, date, time, first_name, "
              "last_name; leave out what is not said.",
              "Read a table request and return its slots as a JSON object. No prose.",
              "You turn reservation messages into JSON for {firm}."]

PRODUCT_ROLE = ["You are the writing engine inside {firm}.", "You power the task box of {firm}.", "{firm} answers questions of "
                "its subscribers. You draft the reply.", "You are the tutor in the {firm} app."]
PRODUCT_USER = ["Given the following request from a {firm} user, draft a reply in our house tone.\n\nRequest: {task}\n{given}",
                "{task}\n{given}\n\nFollow the {firm} style sheet: short paragraphs, active voice, British spelling.",
                "A subscriber asks:\n{task}\n{given}\nWrite the text that {firm} shows under the question.",
                "Quiz item for {firm}: {task}\n{given}\nExplain the answer to a twelve-year-old.",
                "Set down a model answer for our question bank.\n\nQuestion: {task}\n{given}"]

# Advice that people copy from each other and keep around their questions; everyone keeps a selection of their own.
HABITS = ["Take a deep breath and be precise.", "You know this subject better than anyone.", "Answer in the language I write in.",
          "If you are not sure, say so instead of guessing.", "I am a beginner, so avoid jargon.", "Keep it under 150 words.",
          "Use bullet points where they help.", "Give me the short answer first, then the details.", "Do not lecture me.",
          "Be honest, even if I will not like it.", "I read this on my phone, so keep lines short.", "Add one example.",
          "End with a single next step that I can take today.", "Pretend that we are colleagues who know each other well.",
          "Explain the reasons behind your answer.", "Compare at least two options before you settle on one.",
          "Write like a person, not like a brochure.", "No tables please.", "Ask me back if something is missing.",
          "Quote numbers only if you can say where they come from.", "My English is not perfect, please correct it too.",
          "This is important for my work.", "Think about what could go wrong.", "Please use metric units and euros."]

# ---- evaluation -----------------------------------------------------------------------------------------------------

HARNESS = ["Question: {q}\nAnswer:", "Solve the problem. Put the final result on the last line.\n\n{q}", "{q}",
           "Answer the question below.\n\n{q}\n\nAnswer:"]
JUDGE = [("You compare answers for a quality board.",
          "User question\n{q}\n\nModel answer\n{a}\n\nGold answer\n{r}\n\nRate the model answer from 1 to 10 and say why."),
         ("You grade the replies of a help system against a reference. Be strict about facts.",
          "QUESTION: {q}\n\nREFERENCE: {r}\n\nREPLY TO GRADE: {a}\n\nGive a short critique and then a grade out of ten."),
         (None, "Score this response between 1 and 10 for correctness and usefulness.\n\nPrompt:\n{q}\n\nResponse:\n{a}\n\n"
                "A good response, for comparison:\n{r}")]
THINK = ["Reason it out before you answer.", "First work through the facts one by one."]

# ---- agents and students --------------------------------------------------------------------------------------------

AGENT_TOOLS = [
    {"name": "search_class", "description": "Find a class by name in the repository.",
     "parameters": {"type": "object", "properties": {"class_name": {"type": "string"}}, "required": ["class_name"]}},
    {"name": "search_method", "description": "Find a method by name, optionally in one file.",
     "parameters": {"type": "object", "properties": {"method_name": {"type": "string"}, "file_path": {"type": "string"}},
                    "required": ["method_name"]}},
    {"name": "apply_patch", "description": "Apply a unified diff to the working tree.",
     "parameters": {"type": "object", "properties": {"diff": {"type": "string"}}, "required": ["diff"]}},
    {"name": "run_tests", "description": "Run the test suite or a part of it.",
     "parameters": {"type": "object", "properties": {"path": {"type": "string"}}}},
]
STUDENT_BEFORE = ["", "", "hi, ", "Hello! ", "Exercise: ", "homework question: ", "can you help me with this: ", "I don't get this one. ",
                  "please explain how to do this:\n", "For my course I have to solve: ", "q{n}: ", "(sheet {n}) "]
STUDENT_AFTER = ["", "", "", " I am stuck", "\nplease with comments", "\nExplain each line please.", " (in python)", " thanks!",
                 "\nwhat is the idea behind it?", " is there a simpler way?"]
STUDENT_NEXT = ["why does that work?", "can you explain the second part again", "my tutor says this is wrong, is it?",
                "ok and what if the input is empty?", "could you write that without the loop", "thx, what would you test here"]
OPENERS = ["Sure. ", "", "Here you go. ", "", "Happy to help. ", "One way to do it: ", ""]
