#include "lab/conversations.h"

#include <stdlib.h>

enum status conversations_init(struct conversations *conversations)
{
    *conversations = (struct conversations){ .items = calloc(CONVERSATIONS, sizeof *conversations->items) };
    return conversations->items ? STATUS_OK : STATUS_NOMEM;
}

void conversations_fini(struct conversations *conversations)
{
    for (unsigned i = 0; conversations->items && i < CONVERSATIONS; i++)
        phrases_fini(&conversations->items[i].phrases);
    free(conversations->items);
    phrases_fini(&conversations->single.phrases);
    *conversations = (struct conversations){ 0 };
}

/* Whether they say the same words. */
static bool same_style(const struct style *a, const struct style *b)
{
    return a->api == b->api && a->flags == b->flags && a->tools == b->tools &&
           (a->system == STYLE_ABSENT) == (b->system == STYLE_ABSENT);
}

static bool goes_on(const struct conversation *conversation, const struct ask *ask, const struct style *style)
{
    const struct talk *talk = &ask->talk;
    return conversation->known && conversation->number == talk->conversation &&
           conversation->task == talk->task && same_style(&conversation->style, style) &&
           (talk->turn == conversation->turn || talk->turn == conversation->turn + 1);
}

struct conversation *conversations_at(
    struct conversations *conversations, const struct ask *ask, const struct style *style)
{
    struct conversation *conversation = &conversations->single;
    if (ask->talk.turns > 1)
        conversation = &conversations->items[ask->talk.conversation % CONVERSATIONS];
    /* A long one gives its memory back before the place is used again. */
    if (conversation->phrases.text.capacity > 2 * CONVERSATION_BYTES && !conversation->known) {
        phrases_fini(&conversation->phrases);
        conversation->phrases = (struct phrases){ 0 };
    }
    conversation->known = goes_on(conversation, ask, style);
    return conversation;
}

void conversation_keep(
    struct conversation *conversation, const struct ask *ask, const struct style *style, bool answered)
{
    conversation->number = ask->talk.conversation;
    conversation->task = ask->talk.task;
    conversation->style = *style;
    conversation->turn = ask->talk.turn;
    conversation->answered = answered;
    conversation->known = ask->talk.turns > 1 && conversation->phrases.text.n <= CONVERSATION_BYTES;
}
