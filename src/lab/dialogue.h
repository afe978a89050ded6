/*
 * dialogue.h: what is said in an exchange: question, history, answer, tool calls, reasoning, parameters, token counts.
 *
 * Model: see speak.h. Seeds: the answer of turn k is (pool, task, hash of conversation and k); its length follows from
 *   the talk's median alone, so that it is the same whoever repeats it. Agents call a tool in every turn but the last.
 *   Reasoning is returned where the style asks for it and the API has it (anthropic.messages), and comes back with
 *   its signature in the history.
 *   A conversation that goes on is not said again from its beginning (conversations.h).
 * Memory: the texts of one exchange, conversations.h and texts.h.
 */
#ifndef LAB_DIALOGUE_H
#define LAB_DIALOGUE_H

#include "lab/conversations.h"
#include "lab/texts.h"

struct dialogue {
    const struct corpus *corpus;
    struct texts texts;
    struct conversations conversations;
    struct phrases *phrases;       /* of the conversation that is being said */
    struct buffer name, arguments; /* scratch */
};

MUST_CHECK enum status dialogue_init(struct dialogue *dialogue, const struct corpus *corpus);
void dialogue_fini(struct dialogue *dialogue);
/* Fills parts, tools, params, usage, finish and duration of the exchange. */
MUST_CHECK enum status dialogue_speak(
    struct dialogue *dialogue, const struct ask *ask, const struct style *style, struct exchange *exchange);
/* Tokens of the answer in a turn. */
unsigned talk_tokens(uint64_t conversation, unsigned turn, unsigned median);

#endif
