/*
 * provenance.h: what does an exchange issue, and what of it may have been issued before?
 *
 * Model: the model's turns in the request (what it said and the calls it made, message by message, newest first), the
 *   turn and anchors that this exchange issues, and the tokens that the provider made up at random: reasoning
 *   signatures, and ids of calls and reasoning items of at least 16 bytes. Reasoning itself is not anchored: clients
 *   drop it from the history. With several answers the turn is the first, the anchors are of all.
 * Cost: the output, and at most 32 turns of the history until 8 with an id are found.
 * Benign: one user with two accounts; keys of one organisation; published transcripts.
 * Evasion: rewriting the history, renaming the ids, or never sending a history at all.
 */
#ifndef RECORD_PROVENANCE_H
#define RECORD_PROVENANCE_H

#include "record/anchors.h"
#include "record/record.h"
#include "record/tokens.h"
#include "record/turncache.h"
#include "record/turns.h"

/* What it takes to read one turn; tokens and scratch are overwritten. */
struct turn_reader {
    const struct anchor_key *key;
    struct tokens *tokens;
    struct token_scratch *scratch;
    struct turn_cache *cache; /* of turns in histories */
};

/* Fills all anchors but echo. */
void provenance_read(const struct turn_reader *reader, const struct exchange *exchange,
    const struct turns *turns, struct anchors *anchors);

#endif
