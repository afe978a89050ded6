/*
 * anchors.h: does a text contain what the provider issued, and which whole turns come back?
 *
 * Model: words and numbers only, case folded, so that markdown, quoting and line breaks do not matter. A turn's id
 *   is a keyed hash of all of them; turns shorter than ANCHOR_TURN_MIN have none. Anchors of a text: hashes of
 *   5 neighbouring words, winnowed (sketch/winnow.h), of these the least few. Both sides choose alike, so an output
 *   that comes back whole among at most as much other text meets itself; a piece of it does so by luck.
 * Source: Schleimer, Wilkerson, Aiken, "Winnowing", 2003; Broder, "On the resemblance and containment of
 *   documents", 1997 (the least few as a sample).
 *   Only grams below a bound are looked at, as the least of all winnowed ones are among them: the result is the same.
 * Cost: about 1.5 ns a word and 60 ns.
 * Privacy: keyed by KEY_ANCHOR; without the key no text can be tried against an anchor.
 * Benign: quoted public text gives equal anchors; later stages subtract what many accounts show.
 * Evasion: rewording every fifth word.
 */
#ifndef RECORD_ANCHORS_H
#define RECORD_ANCHORS_H

#include "base/key.h"

#include <stddef.h>
#include <stdint.h>

enum { ANCHOR_TURN_MIN = 16, ANCHOR_GRAM = 5 };

struct anchor_key {
    struct key key;
    uint64_t mix[4];
};

void anchor_key_init(struct anchor_key *anchor_key, const struct key *key);

/* Of the words of a text, in its order (tokens.h). 0 for fewer than ANCHOR_TURN_MIN. */
uint64_t anchor_turn(const struct anchor_key *key, const uint32_t *words, size_t n);
/* The least n (ascending, distinct, the rest 0) of the text's sampled anchors. hashes: room for n_words. */
void anchors_of(const struct anchor_key *key, const uint32_t *words, size_t n_words, uint64_t *hashes,
    uint64_t *ret_least, size_t n);

#endif
