/*
 * dialogue.h: what is said in an exchange: question, history, answer, tool calls, reasoning, parameters, token counts.
 *
 * Model: see speak.h. Seeds: the answer of turn k is (pool, task, hash of conversation and k); its length follows from
 *   the talk's median alone, so that it is the same whoever repeats it. Agents call a tool in every turn but the last.
 *   Reasoning is returned where the style asks for it and the API has it (anthropic.messages), and comes back with
 *   its signature in the history.
 * Memory: as speak.h, and TURN_CACHE texts of up to KEPT_MAX bytes.
 */
#ifndef LAB_DIALOGUE_H
#define LAB_DIALOGUE_H

#include "lab/ask.h"
#include "lab/phrases.h"

enum { TEXT_CACHE = 256, TOOLS_MAX = 32 };

/* A text kept by its number: system prompts and tool sets, which many exchanges share. */
struct cached {
    uint64_t number;
    struct buffer text;
    struct tool tools[TOOLS_MAX];
    uint32_t n_tools;
};

/* A question or an answer of a conversation that may go on. */
enum { TURN_CACHE = 2048, KEPT_MAX = 8192 };
struct kept {
    uint64_t number;
    struct buffer text;
};

struct dialogue {
    const struct corpus *corpus;
    struct phrases phrases;
    struct buffer after, name, description, schema; /* scratch */
    struct cached *systems, *toolsets;              /* TEXT_CACHE each */
    struct kept *kept;                              /* TURN_CACHE questions and answers */
};

MUST_CHECK enum status dialogue_init(struct dialogue *dialogue, const struct corpus *corpus);
void dialogue_fini(struct dialogue *dialogue);
/* Fills parts, tools, params, usage, finish and duration of the exchange. */
MUST_CHECK enum status dialogue_speak(
    struct dialogue *dialogue, const struct ask *ask, const struct style *style, struct exchange *exchange);
/* Tokens of the answer in a turn. */
unsigned talk_tokens(uint64_t conversation, unsigned turn, unsigned median);

#endif
