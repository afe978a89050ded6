/*
 * reply.h: the response of a stream as far as it was told, in bounded memory.
 *
 * Model: items in the order of their places (a choice, block or output item; below it tool calls or content parts),
 *   each with the texts that deltas add to. Texts are kept as they are written in JSON, escapes and all, so that
 *   nothing is unescaped and escaped again.
 * Memory: texts of at most max_bytes in all, twice that in buffers that double; REPLY_ITEMS_MAX items of 340 bytes;
 *   short texts (ids, names, reasons) of at most REPLY_SHORT_BYTES are not counted and longer ones not kept.
 * Shapes: beyond the limit the text that comes is cut at a whole character, `truncated` is set, and no text is added
 *   any more, so that what is kept is a beginning; short texts and usage still are.
 * Ownership: the caller's struct.
 * Errors: remembered in status, as in buffer.h.
 */
#ifndef EXCHANGE_REPLY_H
#define EXCHANGE_REPLY_H

#include "base/buffer.h"
#include "exchange/dialect.h"

enum { REPLY_ITEMS_MAX = 512, REPLY_SHORT_BYTES = 256 };

enum reply_text {
    REPLY_HEAD, /* members as the stream gave them, or a whole object */
    REPLY_SAID,
    REPLY_REASONING, /* thinking, or a summary of it */
    REPLY_THOUGHT,   /* reasoning text beside its summary */
    REPLY_REFUSAL,
    REPLY_ARGUMENTS, /* or input */
    REPLY_INPUT,     /* the input that a block began with, any JSON */
    REPLY_SIGNATURE,
    REPLY_LONG, /* those before are counted */
    REPLY_ID = REPLY_LONG,
    REPLY_NAME,
    REPLY_FINISH,
    REPLY_TEXT_COUNT
};

struct reply_item {
    uint32_t place, below; /* below 0: the item itself */
    bool whole;            /* the head is the whole item */
    bool lost;             /* it had no room */
    const char *key;       /* under which arguments are written; NULL: "arguments" */
    struct buffer texts[REPLY_TEXT_COUNT];
};

struct reply {
    size_t max_bytes, held;
    bool truncated;
    enum status status;
    uint32_t n_items, cap;
    struct reply_item *items;
    struct buffer id, model, finish, detail; /* as JSON strings without quotes */
    struct buffer output;                    /* all items as one array of JSON; empty: the items */
    struct raw_usage usage;
};

void reply_init(struct reply *reply, size_t max_bytes);
void reply_fini(struct reply *reply);

/* The item at that place, made if it is not there; NULL: no room, or no memory. Valid until the next is made. */
struct reply_item *reply_at(struct reply *reply, uint32_t place, uint32_t below);
/* The last item at that place, NULL: none. */
struct reply_item *reply_last(struct reply *reply, uint32_t place);
/* Behind the last item; NULL as the items are, if there is none. */
static inline const struct reply_item *reply_end(const struct reply *reply)
{
    return reply->n_items > 0 ? reply->items + reply->n_items : reply->items;
}
/* Adds to a long text. A head is added whole or not at all. */
void reply_add(struct reply *reply, struct reply_item *item, enum reply_text which, struct span text);
/* Sets a short text. Empty text changes nothing. */
void reply_set(struct reply *reply, struct buffer *buffer, struct span text);
/* Empties an item's texts. */
void reply_clear_item(struct reply *reply, struct reply_item *item);
/* Removes what is below an item. */
void reply_drop_below(struct reply *reply, uint32_t place);
/* Replaces all items by that array; false: it has no room, and nothing changed. */
bool reply_set_output(struct reply *reply, struct span array);

#endif
