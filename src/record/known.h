/*
 * known.h: which words of a text does the record layer know by heart, and where do they stand?
 *
 * Model: one table of the words of language.h and format.h, one look-up a token. A value is what language.h keeps in its
 *   low KNOWN_SHIFT bits and what format.h keeps above.
 * Shapes: of the first KNOWN_HEAD and the last KNOWN_TAIL tokens those that are in the table, in their order.
 * Cost: about 15 operations a token; no branch, as whether a word is known cannot be foreseen.
 */
#ifndef RECORD_KNOWN_H
#define RECORD_KNOWN_H

#include "record/tokens.h"
#include "record/wordtable.h"

enum { KNOWN_HEAD = 256, KNOWN_TAIL = 128, KNOWN_SHIFT = 8 };

struct known {
    size_t n_head, n; /* of the head, and of both */
    uint32_t value[KNOWN_HEAD + KNOWN_TAIL];
    uint32_t at[KNOWN_HEAD + KNOWN_TAIL]; /* index of the token */
};

void known_find(const struct wordtable *table, const struct tokens *tokens, struct known *ret_known);

#endif
