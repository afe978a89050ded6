/*
 * phrases.h: texts laid one behind the other in memory that may move, and parts that point into it.
 *
 * Model: a part's text is noted as an offset while texts are appended; phrases_settle turns offsets into spans.
 * Ownership: the caller's struct; parts are borrowed until the next reset.
 */
#ifndef LAB_PHRASES_H
#define LAB_PHRASES_H

#include "base/buffer.h"
#include "exchange/exchange.h"

struct phrases {
    struct buffer text;
    struct part *parts;
    uint32_t n_parts, capacity;
    uint32_t message; /* index of the message being built */
    size_t begin;     /* of the text being built */
};

void phrases_fini(struct phrases *phrases);
void phrases_reset(struct phrases *phrases);
/* Texts appended from here on belong to the next part. */
void phrases_begin(struct phrases *phrases);
/* The text since phrases_begin as an offset and a length, to be settled. */
struct span phrases_taken(const struct phrases *phrases);
/* Adds a part whose text is what was appended since phrases_begin; empty text is no part, unless kept. */
MUST_CHECK enum status phrases_part(struct phrases *phrases, enum role role, enum part_kind kind);
void phrases_settle(struct phrases *phrases);
/* A span that was noted as an offset, as it stands now. */
struct span phrases_at(const struct phrases *phrases, struct span taken);

#endif
