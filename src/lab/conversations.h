/*
 * conversations.h: what was said so far in conversations that may go on, so that a history is said once.
 *
 * Model: direct mapped by conversation: a newcomer replaces whoever is there, and what is not kept is said again from its
 *   seeds (dialogue.h): what comes out is the same. A conversation that goes on in another style (another
 *   API, other tools) is said again too, as it is written otherwise.
 * Memory: CONVERSATIONS of up to CONVERSATION_BYTES of text; longer ones are not kept.
 * Ownership: what is returned is borrowed until the next call.
 */
#ifndef LAB_CONVERSATIONS_H
#define LAB_CONVERSATIONS_H

#include "lab/ask.h"
#include "lab/phrases.h"

enum { CONVERSATIONS = 512, CONVERSATION_BYTES = 64 * 1024 };

struct conversation {
    struct phrases phrases;
    struct phrases_mark asked; /* where the request of its last exchange ends */
    uint64_t number, task;
    struct style style;
    uint16_t turn;
    bool known;    /* what is here is whole */
    bool answered; /* the answer of the turn is behind the request */
};

struct conversations {
    struct conversation single; /* for those that do not go on */
    struct conversation *items;
};

MUST_CHECK enum status conversations_init(struct conversations *conversations);
void conversations_fini(struct conversations *conversations);
/* The place of an ask's conversation; known is false where nothing of it is kept that the ask could go on from. */
struct conversation *conversations_at(
    struct conversations *conversations, const struct ask *ask, const struct style *style);
/* The ask was said, its answer too if `answered`. */
void conversation_keep(
    struct conversation *conversation, const struct ask *ask, const struct style *style, bool answered);

#endif
