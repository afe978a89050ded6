/*
 * anchors.h: does a text contain what the provider issued, and which whole turns come back?
 *
 * Model: words and numbers only, case folded, so that markdown, quoting and line breaks do not matter. A turn's id
 *   is a keyed hash of all of them; turns shorter than ANCHOR_TURN_MIN have none. Anchors of a text: hashes of
 *   5 neighbouring words, winnowed (sketch/winnow.h), of these the least few. Both sides choose alike, so an output
 *   that comes back whole among at most as much other text meets itself; a piece of it does so by luck.
 * Source: Schleimer, Wilkerson, Aiken, "Winnowing", 2003; Broder, "On the resemblance and containment of
 *   documents", 1997 (the least few as a sample).
 * Cost: about 4 ns a token.
 * Privacy: keyed by KEY_ANCHOR; without the key no text can be tried against an anchor.
 * Benign: quoted public text gives equal anchors; later stages subtract what many accounts show.
 * Evasion: rewording every fifth word.
 */
#ifndef RECORD_ANCHORS_H
#define RECORD_ANCHORS_H

#include "base/key.h"
#include "record/tokens.h"

enum { ANCHOR_TURN_MIN = 16, ANCHOR_GRAM = 5 };

struct anchor_key {
    struct key key;
    uint64_t mix[4];
};

void anchor_key_init(struct anchor_key *anchor_key, const struct key *key);

/* 0 for fewer than ANCHOR_TURN_MIN words. */
uint64_t anchor_turn(
    const struct anchor_key *key, const struct tokens *tokens, struct token_scratch *scratch);
/* The least n (ascending, distinct, the rest 0) of the text's sampled anchors. */
void anchors_of(const struct anchor_key *key, const struct tokens *tokens, struct token_scratch *scratch,
    uint64_t *ret_least, size_t n);

#endif
