/*
 * phrases.h: texts laid one behind the other in memory that may move, and parts that point into it.
 *
 * Model: a part's text is noted as an offset while texts are appended; phrases_settle turns offsets into spans. More may
 *   be appended afterwards, or the end be taken back (phrases_cut): what was settled is settled again if the memory moved.
 * Ownership: the caller's struct; parts are borrowed until the next change.
 */
#ifndef LAB_PHRASES_H
#define LAB_PHRASES_H

#include "base/buffer.h"
#include "exchange/exchange.h"

struct phrases {
    struct buffer text;
    struct part *parts;
    uint32_t n_parts, capacity;
    uint32_t n_settled; /* parts that hold spans; those behind hold offsets */
    uint32_t message;   /* index of the message being built */
    size_t begin;       /* of the text being built */
    uintptr_t base;     /* where the text lay when it was settled */
};

/* A place that can be gone back to. */
struct phrases_mark {
    size_t text;
    uint32_t n_parts, message;
};

void phrases_fini(struct phrases *phrases);
void phrases_reset(struct phrases *phrases);
struct phrases_mark phrases_here(const struct phrases *phrases);
void phrases_cut(struct phrases *phrases, const struct phrases_mark *mark);
/* Texts appended from here on belong to the next part. */
void phrases_begin(struct phrases *phrases);
/* The text since phrases_begin as an offset and a length, to be settled. */
struct span phrases_taken(const struct phrases *phrases);
/* Adds a part whose text is what was appended since phrases_begin; empty text is no part, unless it is of a call, or of
 * a system prompt, whose text lies elsewhere and is put in after each phrases_settle. */
MUST_CHECK enum status phrases_part(struct phrases *phrases, enum role role, enum part_kind kind);
void phrases_settle(struct phrases *phrases);

#endif
